import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.simulator.rules.fault_kinds import KINDS, SCOPE, check, parse
from binance.simulator.rules.faults import Faults

FRAMES = [bytes([65 + n]) for n in range(20)]


def shaped(faults, frames=FRAMES, *, connection=1, stream="a@trade", now=0.0):
    return b"".join(
        each for frame in frames for each in faults.change(now, connection, stream, frame)
    )


ALL = b"".join(FRAMES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_ordered_with_its_defaults(kind):
    spec = {"kind": kind, "rate": 100} if kind == "slow_link" else {"kind": kind}
    fault = Faults().add(spec, 0)
    assert fault.active(0)
    assert fault.category in ("connect", "state", "action", "event")
    assert fault.describe()["kind"] == kind
    for name in KINDS[kind].scope:
        assert fault[name] == SCOPE[name].default


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({"kind": "explode"}, "unknown fault kind 'explode'; allowed: refuse, slow_handshake"),
        ({}, "unknown fault kind None"),
        ({"kind": "drop", "who": 1}, "drop has no argument who; allowed: stream, connection"),
        ({"kind": "refuse", "stream": "a"}, "refuse has no argument stream; allowed: count"),
        ({"kind": "drop", "count": "many"}, r"count \(how many times, at most\) must be int"),
        ({"kind": "drop", "count": 0}, "count must be more than 0"),
        ({"kind": "drop", "count": True}, "count .* must be int"),
        ({"kind": "drop", "delay": -1}, "delay must not be negative"),
        ({"kind": "lose", "probability": 1.5}, "probability must be 0 to 1"),
        ({"kind": "http_status", "status": 200}, "status must be 400 to 599"),
        ({"kind": "http_status", "on": "ftp"}, "on must be one of all, handshake, rest, ws_api"),
        ({"kind": "bad_certificate", "certificate": "x"}, "one of wrong_host, untrusted, expired"),
        ({"kind": "slow_link"}, "slow_link needs rate or latency"),
        ({"kind": "slow_link", "rate": 9, "count": 1}, "slow_link has no argument count"),
    ],
)
def test_what_cannot_be_ordered_is_refused_and_says_what_can(spec, says):
    faults = Faults()
    with pytest.raises(ValueError, match=says):
        faults.add(spec, 0)
    assert faults.describe() == []


def test_a_command_line_orders_faults():
    assert check(parse("lose:count=3,stream=btcusdt@*")) == check(
        {"kind": "lose", "count": 3, "stream": "btcusdt@*"}
    )
    assert check(parse("drop"))[1]["count"] is None
    with pytest.raises(ValueError, match="not name=value"):
        parse("drop:count")
    with pytest.raises(ValueError, match="allowed"):
        parse("nothing:count=1")


def test_probability_is_certain_with_a_count_and_small_without():
    assert check({"kind": "lose", "count": 2})[1]["probability"] == 1.0
    assert check({"kind": "lose"})[1]["probability"] == 0.1


def test_without_faults_nothing_is_shaped():
    faults = Faults()
    assert not faults.changes_events
    assert shaped(faults) == ALL


def test_lose_the_next_three():
    faults = Faults()
    faults.add({"kind": "lose", "count": 3}, 0)
    assert faults.changes_events
    assert shaped(faults) == ALL[3:]


def test_duplicate_the_next_two():
    faults = Faults()
    faults.add({"kind": "duplicate", "count": 2}, 0)
    assert shaped(faults) == b"AABB" + ALL[2:]


@pytest.mark.parametrize(
    ("by", "count", "text"),
    [(1, 1, b"BACDEFG"), (1, 2, b"BADCEFG"), (3, 1, b"BCDAEFG"), (2, 2, b"BCAEFDG")],
)
def test_reorder(by, count, text):
    faults = Faults()
    faults.add({"kind": "reorder", "by": by, "count": count}, 0)
    assert shaped(faults, FRAMES[:7]) == text


def test_what_a_reorder_holds_is_delivered_after_it_has_ended():
    faults = Faults()
    faults.add({"kind": "reorder", "seconds": 1, "probability": 1.0}, 0)
    assert shaped(faults, FRAMES[:1]) == b""
    faults.take_begun(2_000)
    assert shaped(faults, FRAMES[1:4], now=2_000) == b"BACD"
    faults.take_begun(2_001)
    assert faults.describe() == []
    assert not faults.changes_events


def test_what_is_held_for_a_lost_connection_is_forgotten():
    faults = Faults()
    faults.add({"kind": "reorder", "count": 1}, 0)
    assert shaped(faults, FRAMES[:1]) == b""
    faults.forget_connection(1)
    assert shaped(faults, FRAMES[1:3]) == b"BC"


def test_stall_one_stream_of_one_connection():
    faults = Faults()
    fault = faults.add({"kind": "stall", "stream": "a@*", "connection": 2}, 0)
    assert shaped(faults, connection=1) == ALL
    assert shaped(faults, connection=2) == b""
    assert shaped(faults, connection=2, stream="b@trade") == ALL
    assert fault.uses == len(FRAMES)


def test_a_fault_begins_after_its_delay_and_ends_after_its_seconds():
    faults = Faults()
    fault = faults.add({"kind": "stall", "delay": 2, "seconds": 3}, 10_000)
    assert [fault.active(now) for now in (11_999, 12_000, 14_999, 15_000)] == [
        False,
        True,
        True,
        False,
    ]
    assert faults.take_begun(11_999) == []
    assert faults.take_begun(12_000) == [fault]
    assert faults.take_begun(12_001) == []
    faults.take_begun(15_000)
    assert faults.describe() == []


@given(st.integers(0, 5), st.floats(0.05, 0.95))
def test_lost_and_doubled_events_are_seeded_and_keep_their_order(seed, probability):
    def run():
        faults = Faults(seed)
        faults.add({"kind": "lose", "probability": probability}, 0)
        faults.add({"kind": "duplicate", "probability": probability}, 0)
        return shaped(faults, [bytes([n]) for n in range(100)])

    text = run()
    assert run() == text
    assert sorted(text) == list(text)
    assert max(text.count(n) for n in range(100)) <= 2


@given(st.integers(0, 9), st.integers(1, 4))
def test_reordering_loses_and_doubles_nothing(seed, by):
    faults = Faults(seed)
    faults.add({"kind": "reorder", "probability": 0.4, "by": by, "seconds": 1}, 0)
    frames = [bytes([n]) for n in range(100)]
    text = shaped(faults, frames)
    text += shaped(faults, [bytes([n]) for n in range(100, 110)], now=5_000)
    assert sorted(text) == list(range(110))


def test_states_are_found_by_what_they_concern():
    faults = Faults()
    faults.add({"kind": "http_status", "path": "/api/*", "status": 503}, 0)
    faults.add({"kind": "late_pong", "link": "ws_api"}, 0)
    assert faults.find("http_status", 0, path="/api/v3/ping")["status"] == 503
    assert faults.find("http_status", 0, path="/ws/a") is None
    assert faults.find("late_pong", 0, connection=1, link="ws_api", streams=[]) is not None
    assert faults.find("late_pong", 0, connection=1, link="stream", streams=["a"]) is None


def test_a_connection_is_in_scope_when_one_of_its_streams_is():
    fault = Faults().add({"kind": "drop", "stream": "*@depth*"}, 0)
    assert fault.covers(connection=1, link="stream", streams=["a@trade", "a@depth5"])
    assert not fault.covers(connection=1, link="stream", streams=["a@trade"])
    assert not fault.covers(connection=1, link="stream", streams=[])


def test_acts_concern_later_connections_only_when_they_last():
    faults = Faults()
    faults.add({"kind": "drop"}, 0)
    assert faults.actions_on_open(0, connection=1, link="stream", streams=["a"]) == []
    lasting = faults.add({"kind": "drop", "seconds": 5}, 0)
    assert faults.actions_on_open(0, connection=1, link="stream", streams=["a"]) == [lasting]
    assert faults.actions_on_open(5_000, connection=1, link="stream", streams=["a"]) == []


def test_a_count_is_used_up():
    faults = Faults()
    fault = faults.add({"kind": "drop", "count": 2}, 0)
    for _ in range(2):
        assert fault.active(0)
        fault.count_use()
    assert not fault.active(0)
    assert fault.over(0)


def test_clearing_all_one_or_a_kind():
    faults = Faults()
    one = faults.add({"kind": "lose"}, 0)
    faults.add({"kind": "stall"}, 0)
    faults.add({"kind": "drop", "seconds": 1}, 0)
    assert faults.clear(number=one.number) == 1
    assert [each["kind"] for each in faults.describe()] == ["stall", "drop"]
    assert faults.clear(kind="stall") == 1
    assert not faults.changes_events
    assert faults.clear() == 1
    assert faults.clear() == 0


def test_the_clock_drifts_while_the_fault_lasts():
    faults = Faults()
    faults.add({"kind": "clock_drift", "ms": -2_000, "seconds": 1}, 0)
    assert [faults.drift(now) for now in (0, 999, 1_000)] == [-2_000, -2_000, 0]
