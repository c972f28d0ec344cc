"""Whatever is wrong with the exchange, a program that is told to end ends."""

import time

import pytest

from tests.chaos.rig import MULTIPLEX

pytestmark = [pytest.mark.loopback, pytest.mark.process]

#: Python ends itself by the signal, once what we registered has closed the sockets.
INTERRUPTED = -2


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ("close", {"kind": "halfopen"}),
        ("interrupt", {"kind": "halfopen"}),
        ("close", {"kind": "refuse"}),
        ("stop_reactor", {"kind": "stall"}),
        ("interrupt", {"kind": "slow_link", "rate": 500.0}),
        ("close", {"kind": "server_shutdown"}),
        ("stop_reactor", {"kind": "slow_handshake", "by": 30.0}),
    ],
    ids=lambda value: value if isinstance(value, str) else value["kind"],
)
def test_it_ends(venue, program, how, fault):
    keys = ["btcusdt@trade", "btcusdt@ticker", MULTIPLEX]
    running = program(venue)
    running.start(*keys)
    venue.fault(**fault)
    if fault["kind"] in ("refuse", "slow_handshake"):
        venue.fault("drop")
        running.wait_for("Retrying", keys)
    if fault["kind"] == "slow_handshake":
        waiting(venue)
    assert running.end(how) == (INTERRUPTED if how == "interrupt" else 0)


def waiting(venue):
    """Wait until a handshake is being kept waiting."""
    while venue.stats()["faults"][0]["struck"] == 0:
        assert venue.running
        time.sleep(0.02)
