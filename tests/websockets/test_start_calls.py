"""What a start costs the thread that asks for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.start_calls import MOST_CALLS, MOST_FILES, calls_of
from binance.enums import SIDE_BUY
from binance.helpers import interval_to_milliseconds
from tests.pace import paced

SCRIPT = Path(__file__).parents[2] / "benchmarks/start_calls.py"


@pytest.mark.loopback
@pytest.mark.process
def test_a_start_takes_few_calls_in_few_files() -> None:
    # In a process of its own: with Twisted's asyncio reactor imported, a start takes more calls.
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--list"],
        capture_output=True,
        text=True,
        timeout=paced(60),
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    calls = [line.strip() for line in done.stdout.splitlines() if line.startswith("  ")]
    assert calls[0] == "tx/generated/__init__.py: StartMethods.start_trade_socket"
    assert 1 < len(calls) <= MOST_CALLS
    assert len({call.split(":")[0] for call in calls}) <= MOST_FILES


def test_the_count_sees_calls_of_ours_alone() -> None:
    calls = calls_of(lambda: [interval_to_milliseconds("1m"), sorted(SIDE_BUY, key=ord)])
    assert calls.made == [("helpers.py", "interval_to_milliseconds")]
