"""Each fault alone, against running sockets of every kind; what holds is looked at from outside.

Whatever the fault: of streams with ids each id comes once and in order or is named by a `Gap`, a
socket that claims to be connected delivers, and the process ends when told.
"""

import itertools
import time

import pytest

from tests.chaos.rig import KEYS, MULTIPLEX, NAMES, PATIENCE, RAW, check, check_complete, missing
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

OUTAGE = ("Connected", "Disconnected", "Retrying", "Connected", "Resumed")
STREAMS = [*RAW, *NAMES]
WITH_IDS = ["btcusdt@trade", "btcusdt@aggTrade", "ethusdt@trade", "ethusdt@aggTrade"]
DIFFS = ["btcusdt@depth@100ms", "ethusdt@depth@100ms"]


def told(running):
    """What was told of the keys, each life once; without gaps, which the market decides."""
    events = [event for event in running.events if event["event"] != "Gap"]
    return {tuple(each["event"] for each in events if each["key"] == key) for key in KEYS}


def finish(running, messages=1, **options):
    """The invariants; the gaps that were told: of each stream where so many messages bring all."""
    running.deliver()
    running.deliver([MULTIPLEX], messages=messages)
    gaps = check(running.report(), **options)
    assert "Traceback" not in running.log
    assert running.end() == 0
    return gaps


def numbers(exchange):
    """The numbers of the open connections."""
    return {each["id"] for each in exchange.stats()["connections"]["open"]}


def check_all_that_was_said(running, seen):
    """Of each stream, what was delivered is what a witness heard."""
    record = running.report()
    for stream in seen.said:
        entries = record[stream if stream in RAW else MULTIPLEX]
        own = [entry[1:] for entry in entries if entry[0] == stream]
        check_complete(stream, own, seen)


def test_none(venue, program, witness):
    """Without a fault nothing is told, and what is delivered is what was said."""
    seen = witness(venue, *STREAMS)
    running = program(venue)
    running.start()
    running.deliver(messages=2)
    assert told(running) == {("Connected",)}
    check_all_that_was_said(running, seen)
    assert not any(finish(running).values())


def test_drop(venue, program):
    running = program(venue)
    running.start()
    venue.fault("drop")
    running.wait_for("Resumed")
    assert told(running) == {OUTAGE}
    gaps = finish(running, messages=100)
    assert all(gaps[stream] for stream in WITH_IDS)  # a second at 60 trades a second


def test_half_open(venue, program):
    """No FIN and nothing read: found out by silence, and dropped, not closed."""
    timing = {"pong": paced(1.5), "first": paced(10.0)}  # a slow machine reports no `Silent` first
    running = program(venue, idle_timeout=paced(1.0), timing=timing)
    running.start()
    venue.fault("halfopen")
    running.wait_for("Resumed")
    assert told(running) == {OUTAGE}
    assert all("half open" in event["reason"] for event in running.of("Disconnected"))
    gaps = finish(running, messages=100)
    assert all(gaps[stream] for stream in WITH_IDS)


def test_refuse_for_a_while(venue, program):
    running = program(venue)
    running.start()
    refusal = venue.fault("refuse")
    venue.fault("drop")
    running.wait_for("Retrying", times=2)
    venue.clear(refusal)
    running.wait_for("Resumed")
    assert all(running.count("Retrying", key) >= 2 for key in KEYS)
    assert all(running.count("Disconnected", key) == 1 for key in KEYS)
    running.deliver()
    lines = [line for line in running.log.splitlines() if " missing: " not in line]
    for key in KEYS:  # one line for each change of state
        told_of = [line.split(key)[1] for line in lines if f" {key} " in line]
        assert [line.startswith(" is down: ") for line in told_of[-2:]] == [True, False]
        assert len(told_of) <= 3, told_of  # the first tells that it receives
    finish(running)


def test_refuse_for_good(venue, program):
    """Each callback is told once, by its dict; each key is free, and works again."""
    running = program(venue, max_retries=1)
    running.start()
    venue.fault("refuse")
    venue.fault("drop")
    running.wait_for("GaveUp")
    record = running.report()
    for key in KEYS:
        dicts = [entry[2] for entry in record[key] if entry[1] == "error"]
        assert dicts == [{"e": "error", "m": "Max reconnect retries reached"}]
        assert record[key][-1][1] == "error"
    assert running.do("stats") == {}
    venue.clear()
    running.start()
    finish(running)


def test_stall(venue, program):
    """One stream stops while its link lives: its neighbours go on, and what it missed is named."""
    running = program(venue)
    running.start()
    stalled = ["btcusdt@trade", "ethusdt@trade"]
    for stream in stalled:
        venue.fault("stall", stream=stream)
    struck(venue, times=5)
    running.deliver([key for key in KEYS if key not in stalled])
    venue.clear()
    running.wait_for("Gap", [stalled[0], MULTIPLEX])
    gaps = finish(running)
    assert all(gaps[stream] for stream in stalled)
    assert not any(gaps[stream] for stream in gaps if stream not in stalled)
    assert told(running) == {("Connected",)}


def test_lose(venue, program):
    """Every id that was lost is named, and no other."""
    running = program(venue)
    running.start()
    for stream in WITH_IDS + DIFFS:
        venue.fault("lose", stream=stream, count=5, probability=0.5)
    spent(venue)
    gaps = finish(running, messages=100)
    assert [missing(gaps[stream]) for stream in WITH_IDS] == [5] * 4
    assert all(1 <= len(gaps[stream]) <= 5 for stream in DIFFS)
    assert told(running) == {("Connected",)}


def test_duplicate(venue, program):
    """What has ids comes once; of what has none nobody can tell a double from a repetition."""
    running = program(venue)
    running.start()
    venue.fault("duplicate", probability=0.5)
    running.deliver(messages=2)
    assert not any(finish(running, times=False).values())
    assert told(running) == {("Connected",)}


def test_reorder(venue, program):
    """What comes late comes not at all: it was named when its successor was delivered."""
    running = program(venue)
    running.start()
    for stream in WITH_IDS + DIFFS:
        venue.fault("reorder", stream=stream, count=5, probability=0.5, by=2)
    spent(venue)
    gaps = finish(running, messages=100)
    assert [missing(gaps[stream]) for stream in WITH_IDS] == [5] * 4
    assert all(1 <= len(gaps[stream]) <= 5 for stream in DIFFS)
    assert told(running) == {("Connected",)}


@pytest.mark.parametrize("lead", [0.5, 6.0], ids=["the client is quicker", "the server is quicker"])
def test_server_shutdown(venue, program, witness, lead):
    """Announced in the shape of each kind of link: a successor takes over, and nothing is lost.

    The server closes later after the successor's opening than its machines may lag.
    """
    seen = witness(venue, *STREAMS)
    witnesses = numbers(venue)
    running = program(venue, timing={"lead": paced(lead)})
    running.start()
    for number in numbers(venue) - witnesses:
        venue.fault("server_shutdown", connection=number, close_after=paced(5.0))
    running.wait_for("Rotated")
    running.deliver()
    assert told(running) == {("Connected", "Rotated")}
    check_all_that_was_said(running, seen)
    assert not any(finish(running).values())


def test_late_pong(venue, program):
    """A pong that comes late is a pong: a silent link that sends it is alive."""
    running = program(venue, idle_timeout=0.5, timing={"pong": 8.0})
    running.start()
    venue.fault("late_pong", by=0.5)
    venue.fault("stall")
    pinged(venue, KEYS, times=2)
    assert running.of("Disconnected") == []
    venue.clear()
    assert told(running) == {("Connected",)}
    finish(running)


def test_no_pong(venue, program):
    """Where nothing is said and no ping answered, the link is dropped."""
    running = program(venue, idle_timeout=0.5, timing={"pong": 0.5})
    running.start()
    venue.fault("late_pong")
    venue.fault("stall")
    running.wait_for("Disconnected")
    assert all("half open" in event["reason"] for event in running.of("Disconnected"))
    venue.clear()
    running.wait_for("Resumed")
    finish(running)


def test_slow_link(venue, program):
    """Nothing is lost, and no slow link is taken for a dead one."""
    running = program(venue, idle_timeout=1.0, timing={"pong": 8.0})
    running.start()
    venue.fault("slow_link", stream="btcusdt@*", latency=0.4)
    venue.fault("slow_link", rate=40_000.0)
    running.deliver(messages=2)
    assert not any(finish(running).values())
    assert told(running) == {("Connected",)}


def test_http_status(venue, program):
    """Refused handshakes are failed tries; Retry-After is kept to, and 451 not final any more."""
    running = program(venue)
    running.start()
    banned, barred = "btcusdt@trade", "btcusdt@depth@100ms"
    others = [f"/ws/*{key.lstrip('!')}" for key in RAW if key not in (banned, barred)]
    for path, status, more in (  # each link is refused once
        (f"/ws/{banned}", 429, {"retry_after": 4}),
        (f"/ws/{barred}", 451, {}),
        *((path, 503, {}) for path in [*others, "/stream*"]),
    ):
        venue.fault("http_status", path=path, status=status, on="handshake", count=1, **more)
    venue.fault("drop")
    running.wait_for("Resumed")
    delays = {key: [event["delay"] for event in running.of("Retrying", key)] for key in KEYS}
    assert all(len(each) == 2 for each in delays.values())
    assert delays[banned][1] >= 4
    finish(running)


def test_http_status_at_the_first_try(venue, program):
    """What no retry cures ends the socket at once, with the reason beside the old dict."""
    venue.fault("http_status", status=451, on="handshake")
    running = program(venue)
    key = "btcusdt@trade"
    running.do("start", method="trade", args=["BTCUSDT"], key=key)
    running.wait_for("GaveUp", [key])
    assert [event["event"] for event in running.events] == ["Disconnected", "GaveUp"]
    assert running.events[0]["http_status"] == running.events[1]["code"] == 451
    assert [entry[2] for entry in running.report()[key]] == [
        {"e": "error", "m": "Max reconnect retries reached"}
    ]
    assert running.end() == 0


def test_malformed_messages(venue, program):
    """A message that is no JSON is logged, for each key at most once in ten seconds."""
    running = program(venue)
    running.start()
    for shape in ("json", "text"):
        venue.fault("malformed", shape=shape)
    running.deliver()
    assert told(running) == {("Connected",)}
    words, end = "is no JSON object or list", time.monotonic() + PATIENCE
    while (lines := running.log.count(words)) < len(KEYS):  # read by a thread of its own
        assert time.monotonic() < end, lines
        time.sleep(0.02)
    assert lines <= 2 * len(KEYS)
    assert not any(finish(running).values())


def test_malformed_frames(venue, program):
    """What breaks the protocol ends the link, in each of five ways; the next one goes on."""
    running = program(venue)
    running.start()
    shapes = itertools.cycle(["utf8", "reserved", "opcode", "masked", "ping"])
    for number, shape in zip(numbers(venue), shapes, strict=False):
        venue.fault("malformed", connection=number, shape=shape)
    running.wait_for("Resumed")
    assert told(running) == {OUTAGE}
    codes = {event["code"] for event in running.of("Disconnected")}
    assert codes == {1002, 1007}
    finish(running)


def test_cut_after(venue, program):
    running = program(venue)
    running.start()
    time.sleep(paced(1.0))  # so old is each link
    # The links of retries come 0.8 s after a cut at the earliest: too late to be cut too.
    limits = {"after": paced(1.5), "seconds": paced(1.5) + 0.5}
    venue.fault("cut_after", stream="btcusdt@*", how="close", code=1008, **limits)
    venue.fault("cut_after", how="drop", **limits)
    running.wait_for("Resumed")
    for event in running.of("Disconnected"):
        assert event["code"] == (1008 if event["key"].startswith("btcusdt@") else 1006)
    finish(running)


def spent(venue):
    """Wait until the faults have struck as often as they may, and hold nothing back."""
    end = time.monotonic() + PATIENCE
    while left := venue.stats()["faults"]:
        assert time.monotonic() < end, left
        time.sleep(0.02)


def struck(venue, times):
    """Wait until each of the faults has struck so often."""
    end = time.monotonic() + PATIENCE
    while not all(fault["struck"] >= times for fault in venue.stats()["faults"]):
        assert time.monotonic() < end
        time.sleep(0.02)


def pinged(venue, keys, times):
    """Wait until the exchange has had so many pings on each of so many links."""
    end = time.monotonic() + PATIENCE
    while True:
        counts = [each["pings_in"] for each in venue.stats()["connections"]["open"]]
        if sum(count >= times for count in counts) >= len(keys):
            return
        assert time.monotonic() < end, counts
        time.sleep(0.05)
