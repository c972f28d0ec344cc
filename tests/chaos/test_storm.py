"""Faults on faults, by a seed: whatever comes together, the invariants hold.

python -m pytest -m long tests/chaos/test_storm.py
"""

import random
import time

import pytest

from tests.chaos.rig import KEYS, check
from tests.pace import paced

pytestmark = pytest.mark.long

SECONDS = 60.0
LINKS = [
    {"kind": "drop"},
    {"kind": "halfopen", "count": 3},
    {"kind": "server_shutdown", "close_after": 0.7},
    {"kind": "server_shutdown", "close_after": 3.0},
    {"kind": "slow_link", "latency": 0.6, "seconds": 3.0},
    {"kind": "slow_link", "rate": 30_000.0, "seconds": 2.0},
    {"kind": "slow_handshake", "by": 0.8, "seconds": 3.0},
    {"kind": "http_status", "status": 503, "on": "handshake", "seconds": 1.0},
    {"kind": "http_status", "status": 429, "retry_after": 1, "on": "handshake", "count": 4},
    {"kind": "refuse", "seconds": 0.5},
    {"kind": "refuse", "count": 3},
    {"kind": "cut_after", "after": 1.0, "how": "drop", "count": 5},
    {"kind": "late_pong", "by": 0.5, "seconds": 5.0},
    {"kind": "malformed", "shape": "json"},
    {"kind": "malformed", "shape": "opcode"},
    {"kind": "malformed", "shape": "utf8"},
]
EVENTS = [
    {"kind": "stall", "seconds": 1.0},
    {"kind": "lose", "probability": 0.3, "seconds": 2.0},
    {"kind": "duplicate", "probability": 0.3, "seconds": 2.0},
    {"kind": "reorder", "probability": 0.2, "by": 3, "seconds": 2.0},
]


@pytest.mark.timeout(paced(300))
@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_together(venue, program, seed):
    dice = random.Random(seed)
    running = program(
        venue, max_retries=None, idle_timeout=1.0, timing={"pong": 1.0, "lead": 0.5, "overlap": 1.0}
    )
    running.start()
    end, ordered = time.monotonic() + SECONDS, []
    while time.monotonic() < end:
        fault = dict(dice.choice(LINKS if dice.random() < 0.7 else EVENTS))
        if fault["kind"] not in ("refuse", "http_status", "slow_handshake") and dice.random() < 0.6:
            fault["stream"] = dice.choice(["btcusdt@*", "ethusdt@*", "!*", "*@trade", "*@depth*"])
        venue.fault(**fault)
        ordered.append(fault)
        if dice.random() < 0.5:
            running.do("rotate", key=dice.choice(KEYS))
        running.do("more", keys=KEYS, messages=10**9, seconds=dice.uniform(0.1, 1.5))
    venue.clear()
    running.deliver(within=paced(60))
    running.deliver()
    assert all(each["connected"] for each in running.do("stats").values())
    record = running.report()
    check(record, times=False)
    assert running.of("GaveUp") == []
    assert "Traceback" not in running.log, running.log
    figures = running.do("figures")
    print(f"seed {seed}: {len(ordered)} faults; {figures}")
    for kind in ("Connected", "Disconnected", "Resumed", "Rotated", "Gap"):
        print(f"  {kind}: {running.count(kind)}")
    served = {each["id"] for each in venue.stats()["connections"]["open"]}
    assert len(served) == len(KEYS), "links are left over"
    assert running.end(within=5) == 0
