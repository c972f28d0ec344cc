"""What a signal's handler does, it may do between any two steps of the main thread."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from tests.pace import paced

PATIENCE = paced(10)


def strike(action: Callable[[], object], handler: Callable[[], object], at: int) -> bool:
    """Carry out an action, and call a handler before its step number `at`; whether there was one.

    A step is one instruction of the interpreter, in whatever function. Fails if it hangs.
    """
    steps = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal steps
        frame.f_trace_opcodes = True
        if event == "opcode":
            steps += 1
            if steps == at:
                handler()
        return trace

    def run() -> None:
        sys.settrace(trace)
        try:
            action()
        finally:
            sys.settrace(None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive(), f"it hangs where a signal comes before step {at}"
    return steps >= at
