"""Random numbers that depend on a name and not on what was drawn before.

A plan shrinks by dropping operations.  What is left has to go on as it did, so that each link,
thread and operation has dice of its own, named after what it is and when it began.
"""

from __future__ import annotations

import hashlib
from random import Random

__all__ = ["Dice"]


class Dice:
    """The dice of one run."""

    def __init__(self, seed: object) -> None:
        self._seed = seed

    def named(self, *name: object) -> Random:
        """Dice for whatever has this name: always the same."""
        return Random("/".join(map(str, (self._seed, *name))))

    def octets(self, count: int, *name: object) -> bytes:
        """`count` octets for this name."""
        words = "/".join(map(str, (self._seed, *name)))
        return hashlib.shake_128(words.encode()).digest(count)
