"""What subclasses of the old depth cache managers and socket managers do by themselves."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


class NoSnapshot(TypeError):
    """An override of `_init_cache` has neither asked for a snapshot nor built a book."""

    def __init__(self, manager: object) -> None:
        super().__init__(
            f"{type(manager).__name__}._init_cache must call the base class' method, or fetch a "
            "snapshot, add its levels by self._depth_cache.add_bid and add_ask, and set "
            "self._last_update_id"
        )


def fills_by_itself(manager: type, base: type) -> bool:
    """Whether a class between these has an `_init_cache` of old, which blocks and builds the book.

    Known by its code before it is called: it must not be called where it would hold up others.
    """
    between = manager.__mro__[: manager.__mro__.index(base)]
    bodies = [vars(one)["_init_cache"] for one in between if "_init_cache" in vars(one)]
    codes = [getattr(inspect.unwrap(body), "__code__", None) for body in bodies]
    return any(code is not None and "add_bid" in code.co_names for code in codes)


def takes_option(function: Callable[..., Any], name: str) -> bool:
    """Whether a socket manager's method, perhaps an old override, takes a keyword of today."""
    parameters = inspect.signature(function).parameters
    return name in parameters or any(one.kind is one.VAR_KEYWORD for one in parameters.values())
