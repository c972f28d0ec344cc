"""Relays, consumers and books under trouble: the programs of this folder, at a small size."""

from contextlib import ExitStack

import pytest

from tests.pace import paced
from tests.relay import away, books, storm
from tests.relay.rig import SERVER

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(
        SERVER is None, reason="nats-server is not installed: no wheel for this platform"
    ),
    pytest.mark.timeout(paced(240)),
]


def test_each_event_comes_once_in_a_storm(tmp_path):
    with ExitStack() as stack:
        running = storm.Storm(stack, tmp_path, seed=3, rate=100.0)
        for name, which in (("kill", 0), ("freeze", 1), ("cut", 0), ("stop", 1)):
            running.trouble(name, which)
        running.restart_engine()
        found = running.verdicts()
    for one in found:
        assert one["whole"]
        assert one["ordered"]
        assert one["doubles"] == one["gaps_of_trades"] == 0
        assert one["trades"] > 100
        assert one["gaps"] >= one["holes"]
        assert one["longest_hole"][1] <= paced(storm.LONGEST_HOLE)


def test_books_are_in_step_and_those_of_the_exchange(tmp_path):
    with ExitStack() as stack:
        found = books.Books(stack, tmp_path, 10, 2).check()
    assert found["books"] == 10
    assert found["snapshots"] == 1
    assert found["common states"] > 3
    assert found["equal to the exchange"] > 0
    assert found["different"] == found["unlike the exchange"] == 0


@pytest.mark.parametrize("options", [(), ("--buffer", "60k")])
def test_what_arrives_while_the_engine_is_away_is_kept_or_counted(tmp_path, options):
    with ExitStack() as stack:
        found = away.away(stack, tmp_path, 2.0, 200.0, *options)
    assert found["in_order"]
    assert away.is_counted(found), found
    assert (found["lost"] > 0) is bool(options)


def test_what_a_consumer_got_is_judged():
    lines = "t 1|t 2|m 1000|m 2000|link True|gap !miniTicker@arr None None|m 6000|t 3"
    found = storm.verdict([line.split() for line in lines.split("|")])
    assert found["whole"]
    assert (found["doubles"], found["holes"], found["longest_hole"], found["gaps"]) == (
        0,
        1,
        (2.0, 4.0),
        1,
    )
    for bad in ("t 1|t 3|m 1|m 2", "t 1|t 1|t 2|m 1|m 2", "t 2|t 1|m 1|m 2"):
        assert not storm.verdict([line.split() for line in bad.split("|")])["whole"]
