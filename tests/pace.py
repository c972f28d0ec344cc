"""How patient tests are: every deadline of theirs grows with how slow the machine is now.

Measured once by the first process of a run; the processes that it starts inherit ``TEST_PACE``,
which may be set by hand as well: ``TEST_PACE=8 make test``.
"""

import os
import time

LOOPS = 100_000
QUIET = 0.0025  # seconds that LOOPS take on the machine that the deadlines were written for
LOOK = 0.3  # seconds to look at what else the machine does
MOST = 20.0


def measured() -> float:
    """How many times slower than a quiet machine of the usual speed this one is; 1 at least."""
    began, spent, rounds = time.perf_counter(), time.thread_time(), 0
    while time.perf_counter() - began < LOOK:
        for _ in range(LOOPS):
            pass
        rounds += 1
    return min(
        MOST, max(1.0, pace(time.perf_counter() - began, time.thread_time() - spent, rounds))
    )


def pace(passed: float, worked: float, rounds: int) -> float:
    """From seconds on the clock, seconds at work, and rounds of work done in them."""
    is_shared = passed / max(worked, 1e-9)
    return is_shared * max(1.0, worked / rounds / QUIET)


IS_GIVEN = "TEST_PACE" in os.environ
PACE = float(os.environ.setdefault("TEST_PACE", f"{measured():.2f}"))


def share(processes: int) -> None:
    """Have the processes that a run is about to start be patient with each other."""
    if not IS_GIVEN:
        pace = PACE * max(1.0, processes / (os.cpu_count() or 1))
        os.environ["TEST_PACE"] = f"{pace:.2f}"


def paced(seconds: float) -> float:
    """The seconds that something may take here which takes less than so many on a quiet machine."""
    return seconds * PACE


def in_time(took: float, within: float) -> bool:
    """Whether what took so long takes less than `within` on a quiet machine.

    This one may be slower now than it was at the start.
    """
    return took < paced(within) or took < within * measured()
