"""Locks that a forked child finds free."""

import os
import threading
import weakref


class ForkSafeLock:
    """A mutex for ``with``, reentrant: a signal handler may call the client at any step.

    A child of ``fork`` has one thread, whatever the others of its parent held at that moment: the
    lock is made anew there. `multiprocessing` forks by default on older Pythons.
    """

    __slots__ = ("__weakref__", "_lock")

    def __init__(self) -> None:
        self._renew()
        _all.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *exc_info: object) -> None:
        self._lock.release()

    def _renew(self) -> None:
        self._lock = threading.RLock()


_all: weakref.WeakSet[ForkSafeLock] = weakref.WeakSet()


def _renew_all() -> None:
    for lock in list(_all):
        lock._renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
