"""The benchmark of many sockets runs, at a small size; it checks what it resumes by itself."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pace import paced

SCRIPT = Path(__file__).parent.parent.parent / "benchmarks" / "bench_sockets.py"


@pytest.mark.loopback
@pytest.mark.process
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_what_a_socket_costs() -> None:
    command = [sys.executable, SCRIPT, "--quick"]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, timeout=paced(100))
    kilobytes = [float(found) for found in re.findall(r"([\d.]+) KB a socket, ", ended.stdout)]
    assert len(kilobytes) == 2
    assert max(kilobytes) < 120
    times = [float(found) for found in re.findall(r"([\d.]+) µs for the handshake", ended.stdout)]
    assert len(times) == 2
    assert min(times) > 0
    assert re.search(r"[\d.]+ \([\d. ]+\) the handshake$", ended.stdout, re.MULTILINE)
