"""Performs the commands of a machine, in the order of its inputs."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Command = TypeVar("Command")


class Performer(Generic[Command]):
    """A queue of the commands that are still to be performed.

    A command may cause another input of the same machine while it is performed.  The commands of
    that input are performed after all commands of the earlier inputs.

    :param perform: performs one command.
    """

    def __init__(self, perform: Callable[[Command], None]) -> None:
        self._perform = perform
        self._waiting: list[Command] = []  # mostly empty; an empty deque takes 0.8 KB
        self._is_performing = False

    def add(self, commands: Iterable[Command]) -> bool:
        """Perform these after all earlier commands.

        Returns False during such a call: then the outer call performs them.
        """
        self._waiting.extend(commands)
        if self._is_performing:
            return False
        self._is_performing = True
        try:
            while self._waiting:
                self._perform(self._waiting.pop(0))
        finally:
            self._is_performing = False
        return True
