"""Fails a unit test that opens a socket, or starts a thread or a process."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest

#: What does so, and the marker of a test that may call it.
STARTS: tuple[tuple[Any, str, str], ...] = (
    (socket.socket, "__init__", "loopback"),
    (threading.Thread, "start", "thread"),
    (subprocess.Popen, "__init__", "process"),
    *((os, name, "process") for name in ("fork", "forkpty", "posix_spawn") if hasattr(os, name)),
)


_watched = False


def guard() -> None:
    """Put a guard before each of these, which lets everybody through until a test is watched."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # of the test that has started this run
    for owner, name, marker in STARTS:
        setattr(owner, name, _guarded(owner, name, marker))


@contextlib.contextmanager
def watched(is_unit_test: bool) -> Iterator[None]:
    """Have a unit test fail that calls any of these.

    What pytest itself starts may start, and so may what threads of earlier tests start meanwhile.
    """
    global _watched  # noqa: PLW0603 - one test is at work at a time
    _watched = is_unit_test
    try:
        yield
    finally:
        _watched = False


def _guarded(owner: Any, name: str, marker: str) -> Any:
    function = getattr(owner, name)

    @functools.wraps(function)
    def guarded(*args: Any, **options: Any) -> Any:
        here = threading.current_thread() is threading.main_thread()
        if _watched and here and "PYTEST_CURRENT_TEST" in os.environ:
            what = f"{owner.__name__}.{name}"
            pytest.fail(f"a unit test calls {what}: mark it with pytest.mark.{marker}")
        return function(*args, **options)

    return guarded
