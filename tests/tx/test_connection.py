"""Connection and socket on a fake clock and a fake wire: what is told, dialled and left behind."""

import logging
import threading

import pytest

from binance.events import (
    CallbackFailed,
    Connected,
    Delayed,
    Disconnected,
    Gap,
    GaveUp,
    Resumed,
    Retrying,
)
from binance.sansio.link.budget import ConnectBudget
from binance.sansio.link.reconnect import RetryPolicy, State
from binance.tx.socket import ERROR_PAYLOAD
from tests.logs import our_text, ours
from tests.pace import paced
from tests.tx.rig import KEY, Rig


def test_from_start_to_stop():
    rig = Rig()
    protocol = rig.up()
    assert rig.wire.urls == ["wss://a:9443/ws/bnbbtc@trade"]
    assert rig.kinds == [Connected]
    assert rig.socket.is_open
    rig.socket.stop()
    assert protocol.closing
    protocol.lose(True, 1000, "bye")
    rig.assert_nothing_left()
    assert rig.kinds == [Connected]  # a stop is told of by nobody
    assert rig.got == [{"n": 0, "x": 1, "y": 2}]
    assert rig.wire.urls == ["wss://a:9443/ws/bnbbtc@trade"]


def test_after_stop_the_callback_is_not_called_though_messages_still_come():
    rig = Rig()
    protocol = rig.up()
    rig.socket.stop()
    protocol.say({"n": 1, "x": 1, "y": 2})
    assert len(rig.got) == 1


def test_a_closing_handshake_that_is_not_answered_is_cut_short():
    rig = Rig()
    rig.up()
    rig.socket.stop()
    rig.clock.advance(0.7)
    rig.assert_nothing_left()


def test_stop_while_dialling_cancels_the_dial():
    rig = Rig().start()
    rig.socket.stop()
    assert rig.wire.cancelled == 1
    rig.assert_nothing_left()


@pytest.mark.parametrize("delayed", [False, True])
def test_a_dial_that_cannot_begin_ends_the_key_and_says_why(delayed):
    """For a proxy's URL in the environment, say, that no retry makes usable."""
    rig = Rig(connects=ConnectBudget(limit=1, period=50.0))
    rig.wire.refusals.append(ValueError("proxies of scheme 'socks4' are not supported"))
    if delayed:
        rig.socket.dependencies.connects.ask("a", 0.0)
    rig.start()
    rig.clock.advance(51)
    assert rig.kinds == [Delayed] * delayed + [Disconnected, GaveUp]
    assert rig.owner.events[1].reason == "proxies of scheme 'socks4' are not supported"
    assert rig.got == [ERROR_PAYLOAD]
    rig.assert_nothing_left()


def test_a_dial_that_the_system_refuses_is_tried_again():
    rig = Rig()
    rig.wire.refusals.append(OSError(24, "Too many open files"))
    rig.start()
    rig.pass_time(1.5)
    rig.wire.open().say({"n": 0, "x": 1, "y": 2})
    assert "Too many open files" in rig.owner.events[0].reason
    assert rig.kinds == [Disconnected, Retrying, Connected, Resumed]


def test_stop_during_the_handshake_aborts_it():
    rig = Rig().start()
    rig.wire.connect()
    rig.socket.stop()
    rig.assert_nothing_left()


def test_stop_before_start_and_start_after_it():
    rig = Rig()
    rig.socket.stop()
    rig.socket.start()
    rig.assert_nothing_left()
    assert rig.wire.urls == []


def test_stop_while_waiting_for_the_retry():
    rig = Rig().start()
    rig.wire.fail()
    rig.socket.stop()
    rig.assert_nothing_left()


def test_a_lost_link_is_resumed_and_told_once_each():
    rig = Rig()
    rig.up().lose(False, 1006, "peer dropped")
    rig.clock.advance(1.0)
    rig.wire.open().say({"n": 1, "x": 1, "y": 2})
    assert rig.owner.events == [
        Connected(key=KEY, when=1_700_000_000.0),
        Disconnected(key=KEY, when=1_700_000_000.0, code=1006, reason="peer dropped"),
        Retrying(key=KEY, when=1_700_000_000.0, attempt=1, delay=1.0),
        Connected(key=KEY, when=1_700_000_001.0),
        Resumed(key=KEY, when=1_700_000_001.0, downtime=1.0),
    ]
    assert [message["n"] for message in rig.got] == [0, 1]
    assert rig.socket.stats()["reconnects"] == 1


def fail_all_tries(rig):
    while rig.socket.connections[0].state is not State.GIVEN_UP:
        rig.wire.fail()
        rig.pass_time_until_dial()


def test_the_error_dict_comes_once_after_five_failed_retries_from_a_cold_start():
    rig = Rig().start()
    fail_all_tries(rig)
    assert rig.got == [{"e": "error", "m": "Max reconnect retries reached"}]
    assert len(rig.wire.urls) == 6
    assert rig.kinds == [Disconnected, *[Retrying] * 5, GaveUp]
    assert 70 < rig.clock.seconds() < 80
    rig.clock.advance(3600)
    assert rig.got == [ERROR_PAYLOAD]
    rig.assert_nothing_left()


def test_the_error_dict_comes_once_after_a_link_that_worked():
    rig = Rig()
    rig.up().lose()
    rig.clock.advance(1.0)
    fail_all_tries(rig)
    assert rig.got[1:] == [ERROR_PAYLOAD]
    assert len(rig.wire.urls) == 1 + 5


def test_the_key_is_released_before_the_callback_is_told():
    order = []
    rig = Rig(
        callback=lambda message: order.append(list(rig.owner.released)), policy=RetryPolicy(0)
    )
    rig.start()
    rig.wire.fail()
    assert order == [[rig.socket]]


def test_each_error_dict_is_a_dict_of_its_own():
    spoilt = Rig(callback=lambda message: message.clear(), policy=RetryPolicy(0)).start()
    spoilt.wire.fail()
    fresh = Rig(policy=RetryPolicy(0)).start()
    fresh.wire.fail()
    assert fresh.got == [{"e": "error", "m": "Max reconnect retries reached"}]


def test_both_ports_are_tried_in_turn():
    rig = Rig().start()
    fail_all_tries(rig)
    assert [url.split(":")[2][:4] for url in rig.wire.urls] == ["9443", "443/"] * 3


def test_a_server_that_accepts_and_drops_at_once_is_left_after_five_retries():
    rig = Rig().start()
    for _ in range(6):
        rig.wire.open().lose()
        rig.pass_time_until_dial()
    assert rig.got == [ERROR_PAYLOAD]
    rig.assert_nothing_left()


def test_a_quiet_link_is_proven_by_ten_seconds():
    rig = Rig().start()
    protocol = rig.wire.open()
    rig.clock.advance(9.9)
    assert rig.socket.connections[0].state is State.OPEN
    rig.clock.advance(0.1)
    assert rig.socket.connections[0].state is State.PROVEN
    rig.socket.stop()
    protocol.lose()
    rig.assert_nothing_left()


@pytest.mark.parametrize("status", [400, 404, 451])
def test_a_hopeless_refusal_gives_up_at_once_and_says_why(status, caplog):
    rig = Rig().start()
    rig.wire.connect().lose(False, None, "refused", http_status=status)
    assert rig.got == [ERROR_PAYLOAD]
    assert rig.owner.events[0].http_status == status
    assert rig.owner.events[-1] == GaveUp(
        key=KEY, when=1_700_000_000.0, reason="refused", code=status
    )
    assert f"HTTP {status}" in caplog.text


def test_retry_after_is_waited_for():
    rig = Rig().start()
    rig.wire.connect().lose(False, None, "slow down", http_status=429, retry_after=30.0)
    rig.clock.advance(29.9)
    assert len(rig.wire.urls) == 1
    rig.clock.advance(0.1)
    assert len(rig.wire.urls) == 2


def test_a_certificate_that_is_refused_ends_a_cold_start_at_once():
    rig = Rig().start()
    rig.wire.fail("wrong host", certificate=True)
    assert rig.got == [ERROR_PAYLOAD]


def test_an_outage_of_two_minutes_by_default_ends_in_the_dict_and_silence(caplog):
    caplog.set_level(logging.INFO, "binance")
    rig = Rig()
    rig.up().lose()
    caplog.clear()
    for _ in range(120):
        rig.clock.advance(1.0)
        if len(rig.wire.dials) and not rig.wire.dials[-1][1].called:
            rig.wire.fail()
    assert rig.got[1:] == [ERROR_PAYLOAD]
    assert len([record for record in ours(caplog) if record.levelno >= logging.INFO]) <= 3
    rig.assert_nothing_left()


def test_an_outage_of_two_minutes_is_survived_where_retries_have_no_end(caplog):
    caplog.set_level(logging.INFO, "binance")
    rig = Rig(policy=RetryPolicy(max_retries=None))
    rig.up().lose()
    down = 0
    while rig.clock.seconds() < 120:
        rig.clock.advance(1.0)
        if not rig.wire.dials[-1][1].called:
            rig.wire.fail()
            down += 1
    while rig.wire.dials[-1][1].called:
        rig.clock.advance(1.0)
    rig.wire.open().say({"n": 1, "x": 1, "y": 2})
    assert down == 5  # the sixth retry is the one that finds it up
    assert [message.get("n") for message in rig.got] == [0, 1]
    assert rig.kinds[-1] is Resumed
    assert len([record for record in ours(caplog) if record.levelno >= logging.INFO]) <= 3


def test_a_callback_that_raises_on_every_third_message_costs_no_message_and_no_link(caplog):
    got = []

    def callback(message):
        got.append(message["n"])
        if message["n"] % 3 == 0:
            raise KeyError("e")

    rig = Rig(callback).start()
    protocol = rig.wire.open()
    protocol.say(*({"n": n, "x": 1, "y": 2} for n in range(9)))
    assert got == list(range(9))
    assert rig.kinds.count(CallbackFailed) == 3
    assert len(rig.wire.urls) == 1
    assert not protocol.closing
    assert sum("raised" in record.getMessage() for record in caplog.records) == 1
    assert rig.socket.stats()["callback_errors"] == 3


def test_stop_within_the_callback_of_the_first_message():
    rig = Rig(callback=lambda message: rig.socket.stop()).start()
    protocol = rig.wire.open()
    protocol.say({"n": 0, "x": 1, "y": 2})
    protocol.lose(True, 1000)
    rig.assert_nothing_left()


def test_stop_within_an_event_leaves_no_timer():
    rig = Rig()
    rig.owner.report = lambda event: rig.socket.stop() if isinstance(event, Disconnected) else None
    rig.up().lose()
    rig.assert_nothing_left()


def test_what_an_old_link_says_late_is_nothing_to_the_new_one():
    rig = Rig()
    old = rig.up()
    old.lose()
    rig.clock.advance(1.0)
    rig.wire.open()
    old.lose()  # once more
    old.link.link_ready = None  # and it has no way to open anything
    assert rig.socket.connections[0].state is State.OPEN
    assert rig.kinds.count(Disconnected) == 1


def test_a_slow_callback_is_warned_of_once(caplog):
    rig = Rig().start()
    protocol = rig.wire.open()
    protocol.say({"n": 0, "x": 1, "y": 2}, seconds=1.5)
    protocol.say({"n": 1, "x": 1, "y": 2}, seconds=1.5)
    assert caplog.text.count("blocked the reactor for 1.5 s") == 1


def test_a_message_that_is_no_json_is_logged_in_part_and_the_link_lives_on(caplog):
    rig = Rig()
    protocol = rig.up()
    protocol.link.link_malformed(b"Ab1" * 21 + b" x" * 1000)
    assert "x x x" in caplog.text
    assert our_text(caplog).count("x") < 120
    assert "Ab1" not in caplog.text
    assert rig.socket.is_open
    assert rig.socket.stats()["callback_errors"] == 0


@pytest.mark.parametrize("names", [None, ["bnbbtc@trade"]])
@pytest.mark.parametrize("message", [None, 123, 1.5, "text", True])
def test_what_is_neither_object_nor_list_is_malformed(message, names, caplog):
    rig = Rig(names=names)
    protocol = rig.up()
    rig.got.clear()
    protocol.say(message, [])
    rig.socket.rotate()
    protocol.say(message)
    assert rig.got == [[]]
    assert caplog.text.count("no JSON object or list: b") == 1  # what follows is counted
    assert rig.socket.malformed_messages == 2


def test_a_message_that_cannot_be_taken_is_logged_and_counted(caplog):
    rig = Rig()
    protocol = rig.up()
    protocol.link.link_unprocessed(KeyError("data"))
    assert "processing a message raised" in caplog.text
    assert "KeyError" in caplog.text
    assert rig.socket.malformed_messages == 1
    assert rig.socket.stats()["callback_errors"] == 0


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_a_callback_that_exits_stops_the_reactor_and_takes_one_line(caplog, error):
    def callback(message):
        raise error

    rig = Rig(callback).start()
    rig.wire.open().say({"n": 0, "x": 1, "y": 2})
    assert rig.owner.stopped_reactor
    (record,) = [record for record in ours(caplog) if record.levelno >= logging.WARNING]
    assert record.exc_info is None
    assert error.__name__ in record.getMessage()


def test_a_callback_that_always_raises_takes_a_line_in_ten_seconds_with_a_count(caplog):
    def callback(message):
        return message["price"]

    rig = Rig(callback).start()
    protocol = rig.wire.open()
    for _ in range(40):
        protocol.say(*({"n": 0, "x": 1, "y": 2},) * 50)
        rig.clock.advance(1)
    lines = [record for record in caplog.records if "raised" in record.getMessage()]
    assert [record.exc_info is not None for record in lines] == [True, False, False, False]
    assert all("500 more times" in record.getMessage() or record.exc_info for record in lines[2:])
    assert "KeyError: 'price'" in lines[1].getMessage()
    assert rig.socket.stats()["callback_errors"] == 2000
    assert rig.kinds.count(CallbackFailed) == 2000


def test_gaps_are_all_told_and_written_of_once_in_ten_seconds(caplog):
    rig = Rig().start()
    protocol = rig.wire.open()
    for number in range(0, 400, 2):
        protocol.say({"e": "trade", "E": number, "s": "BNBBTC", "t": number})
        rig.clock.advance(0.1)
    lines = [record.getMessage() for record in caplog.records if "missing" in record.getMessage()]
    assert rig.kinds.count(Gap) == 199
    assert len(lines) == 2
    assert "events of bnbbtc@trade are missing: ids 1 to 1" in lines[0]
    assert "since the last such line" in lines[1]


def test_a_key_of_a_thousand_streams_is_short_in_the_log(caplog):
    caplog.set_level(logging.DEBUG)
    rig = Rig()
    rig.socket.key = "streams=" + "/".join(f"s{number}usdt@trade" for number in range(1000))
    rig.up().lose()
    rig.pass_time(90)
    assert "1000 streams" in caplog.text
    assert max(map(len, our_text(caplog).splitlines())) < 400


def test_a_listen_key_in_a_sockets_key_is_neither_logged_nor_told(caplog):
    caplog.set_level(logging.DEBUG)
    rig = Rig()
    rig.socket.key = "usdm:" + "Ab1" * 20
    protocol = rig.up()
    rig.socket.rotate()
    rig.pass_time(5)
    rig.wire.fail()
    protocol.lose()
    rig.pass_time(90)
    assert "is connected" in caplog.text
    assert "the replacement connection failed" in caplog.text
    assert "Ab1Ab1" not in caplog.text + repr(rig.owner.events)


def test_stats():
    rig = Rig().start()
    assert rig.socket.stats()["connected"] is False
    assert rig.socket.stats()["last_message_age"] is None
    protocol = rig.wire.open()
    protocol.say({"n": 0, "x": 1, "y": 2}, {"n": 1, "x": 1, "y": 2})
    rig.clock.advance(3.0)
    assert rig.socket.stats() == {
        "messages": 2,
        "bytes": 200,
        "reconnects": 0,
        "connected": True,
        "last_message_age": 3.0,
        "dropped": 0,
        "callback_errors": 0,
        "links": 1,
        "rotations": 0,
        "queued": 0,
        "callback_seconds": 0.0,
        "redundancy": None,
        "gaps": 0,
        "backfilled": 0,
        "latency": None,
    }


@pytest.mark.thread
@pytest.mark.parametrize("step", ["note", "change"])
def test_a_signals_handler_may_stop_it_in_the_midst_of_another_call(step):
    """It runs in the thread that it interrupts."""
    rig = Rig(names=["a@trade"]).start()
    answers = []

    class Interrupted(frozenset):
        def __or__(self, more):
            rig.socket.stop()
            return super().__or__(more)

    def interrupted():
        if step == "change":
            rig.socket._changes = Interrupted()
            answers.append(rig.socket.change("SUBSCRIBE", ["b@trade"]))
        else:
            with rig.socket._changing:
                rig.socket.stop()

    thread = threading.Thread(target=interrupted, daemon=True)
    thread.start()
    thread.join(paced(10.0))
    assert not thread.is_alive()
    assert all(answer.cancelled() for answer in answers)
    assert not rig.socket.wait_open(0)


def test_control_messages_are_not_counted_and_not_delivered():
    rig = Rig().start()
    protocol = rig.wire.open()
    protocol.say({"result": None, "id": 1}, {"n": 0, "x": 1, "y": 2})
    assert len(rig.got) == 1
    assert rig.socket.stats()["messages"] == 1


def test_a_reply_is_no_message_of_the_stream():
    """A server that answers and drops at once is no server that works."""
    rig = Rig().start()
    for _ in range(6):
        protocol = rig.wire.open()
        protocol.say({"result": None, "id": 1})
        assert rig.socket.stats()["last_message_age"] is None
        protocol.lose()
        rig.pass_time_until_dial()
    assert rig.got == [ERROR_PAYLOAD]


def test_wait_open_and_its_end():
    rig = Rig()
    assert rig.socket.wait_open(0) is False
    rig.up()
    assert rig.socket.wait_open(0) is True
    rig.socket.stop()
    assert rig.socket.wait_open(0) is False
