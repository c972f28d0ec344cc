"""The benchmark of a relay, at a small size."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pace import paced
from tests.relay.rig import SERVER

BENCH = Path(__file__).parents[2] / "benchmarks/bench_relay.py"


@pytest.mark.loopback
@pytest.mark.process
@pytest.mark.slow
@pytest.mark.skipif(
    SERVER is None, reason="nats-server is not installed: no wheel for this platform"
)
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="it reads memory from /proc")
@pytest.mark.timeout(paced(120))
def test_it_reports_each_figure() -> None:
    run = subprocess.run(
        [sys.executable, str(BENCH), "--rounds", "1", "--quick", "--consumers", "2"],
        capture_output=True,
        text=True,
        timeout=paced(100),
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    figures = {}
    for line in run.stdout.splitlines():
        name, *numbers = re.split(r"  +", line.strip())
        figures.setdefault(name, numbers)
    assert all(float(figures[f"{kind}, relay"][2]) > 0 for kind in ("trade", "depth"))
    rate, deliveries, *needs = (float(text.replace(",", "")) for text in figures["2"])
    assert deliveries == pytest.approx(2 * rate, abs=1)
    assert len(needs) == 5
    assert all(need > 0 for need in needs)
    assert "at least 0.4" in run.stdout
