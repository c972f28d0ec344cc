"""Performs a machine's commands, in the order of the inputs that led to them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

__all__ = ["Performer"]

Command = TypeVar("Command")


class Performer(Generic[Command]):
    """The commands that are still to be performed.

    To perform a command may lead to another input of the same machine, in the middle of a list.
    What that one leads to is performed after all that earlier inputs led to.

    :param perform: performs one command.
    """

    def __init__(self, perform: Callable[[Command], None]) -> None:
        self._perform = perform
        self._waiting: deque[Command] = deque()
        self._is_performing = False

    def add(self, commands: Iterable[Command]) -> bool:
        """Perform these after all earlier ones; False if the call that performs those will."""
        self._waiting.extend(commands)
        if self._is_performing:
            return False
        self._is_performing = True
        try:
            while self._waiting:
                self._perform(self._waiting.popleft())
        finally:
            self._is_performing = False
        return True
