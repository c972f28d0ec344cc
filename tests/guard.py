"""Fails a unit test that opens a socket, or starts a thread or a process."""

from __future__ import annotations

import functools
import os
import socket
import subprocess
import threading
from typing import Any

import pytest

#: What does so, and the marker of a test that may call it.
STARTS: tuple[tuple[Any, str, str], ...] = (
    (socket.socket, "__init__", "loopback"),
    (threading.Thread, "start", "thread"),
    (subprocess.Popen, "__init__", "process"),
    *((os, name, "process") for name in ("fork", "forkpty", "posix_spawn") if hasattr(os, name)),
)


def guard() -> None:
    """Have a test fail that calls any of these. What pytest itself starts may start."""
    for owner, name, marker in STARTS:
        setattr(owner, name, _guarded(owner, name, marker))


def _guarded(owner: Any, name: str, marker: str) -> Any:
    function = getattr(owner, name)

    @functools.wraps(function)
    def guarded(*args: Any, **options: Any) -> Any:
        if "PYTEST_CURRENT_TEST" in os.environ:
            what = f"{owner.__name__}.{name}"
            pytest.fail(f"a unit test calls {what}: mark it with pytest.mark.{marker}")
        return function(*args, **options)

    return guarded
