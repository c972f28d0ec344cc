"""Checks that what may run in the reactor thread only does not run in any other.

Sockets, connections and links have no locks: other threads post their calls to the reactor. A call
that is not posted works most of the time. The checks find it. They are on in the tests and the
simulations, which set `BINANCE_CHECK_THREADS`, and under `python -X dev`. Elsewhere the methods
stay as they were written.
"""

import functools
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

#: Read once: classes are decorated when their modules are imported.
IS_ON = sys.flags.dev_mode or bool(os.environ.get("BINANCE_CHECK_THREADS"))

Class = TypeVar("Class", bound=type)


def reactor_thread_only(may_act: Callable[[Any], bool], *methods: str) -> Callable[[Class], Class]:
    """Have these methods of a class raise AssertionError in any thread but the reactor's.

    Not for methods that are called with each message.

    :param may_act: whether the calling thread may call them, for an object of the class.
    """

    def decorate(cls: Class) -> Class:
        for name in methods if IS_ON else ():
            setattr(cls, name, _checked(getattr(cls, name), may_act))
        return cls

    return decorate


def _checked(method: Callable[..., Any], may_act: Callable[[Any], bool]) -> Callable[..., Any]:
    @functools.wraps(method)
    def checked(self: Any, *args: Any, **options: Any) -> Any:
        if not may_act(self):
            raise AssertionError(
                f"{method.__qualname__} may run in the reactor thread only, and was called in the "
                f"thread {threading.current_thread().name}"
            )
        return method(self, *args, **options)

    return checked
