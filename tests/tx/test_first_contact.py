"""What the log says about a key that has never worked, and about names that cannot work."""

import logging
import re

import pytest

from binance.sansio.link.reconnect import RetryPolicy
from tests.logs import ours
from tests.tx.rig import Rig

DOCTOR = "the command `binance-sockets doctor` finds out why"


def warnings(caplog):
    return [one.getMessage() for one in ours(caplog) if one.levelno >= logging.WARNING]


@pytest.mark.parametrize("names", [None, ["a@trade", "b@trade"]])
def test_the_first_failure_of_a_key_is_a_warning_at_once_with_its_cause_and_the_cure(caplog, names):
    rig = Rig(names=names).start()
    rig.wire.fail("DNS lookup failed")
    assert warnings(caplog) == [
        f"bnbbtc@trade: retry 1 in 1.0 s, because of: DNS lookup failed; {DOCTOR}"
    ]
    rig.pass_time_until_dial()
    rig.wire.fail("DNS lookup failed")
    assert len(warnings(caplog)) == 1


def test_a_key_of_many_connections_warns_once(caplog):
    rig = Rig(names=[f"s{n}@trade" for n in range(4)], limit=1).start()
    assert len(rig.wire.dials) == 4
    for _, dialing in rig.wire.dials:
        dialing.errback(OSError("no route"))
    assert len([line for line in warnings(caplog) if "retry 1" in line]) == 1


def test_a_key_that_has_worked_is_retried_without_a_warning(caplog):
    rig = Rig()
    rig.up().lose()
    rig.pass_time_until_dial()
    rig.wire.fail()
    assert warnings(caplog) == []


def test_a_key_that_was_open_for_long_has_worked_without_a_message(caplog):
    rig = Rig().start()
    protocol = rig.wire.open()
    rig.clock.advance(11)
    protocol.lose()
    assert warnings(caplog) == []


def test_a_key_that_opened_and_proved_nothing_has_not_worked(caplog):
    rig = Rig().start()
    rig.wire.open().lose(reason="policy")
    assert len(warnings(caplog)) == 1
    assert "policy" in warnings(caplog)[0]


def test_the_end_of_a_key_that_has_never_worked_names_the_cure_too(caplog):
    rig = Rig(policy=RetryPolicy(max_retries=0)).start()
    rig.wire.fail("HTTP 451")
    (line,) = warnings(caplog)
    assert line == f"bnbbtc@trade has failed and is given up: HTTP 451; {DOCTOR}"
    caplog.clear()
    rig = Rig(policy=RetryPolicy(max_retries=0))
    rig.up().lose(reason="over")
    (line,) = warnings(caplog)
    assert line == "bnbbtc@trade has failed and is given up: over, code 1006"


NAMES = [
    ("BNBBTC@ticker", "upper case in a stream name: the exchange uses 'bnbbtc@ticker'"),
    ("bnbbtc@tickerr", "unknown stream: .* \\(did you mean 'bnbbtc@ticker'\\?\\)"),
    ("!ticker@arr", "retired stream: retired on 2026-03-26; use <symbol>@ticker"),
    ("bnb-btc@trade", "no symbol of spot contains '-' \\(did you mean 'bnbbtc@trade'\\?\\)"),
]


@pytest.mark.parametrize(("name", "cause"), NAMES)
@pytest.mark.parametrize("is_multiplex", [False, True])
def test_a_name_that_cannot_work_is_warned_of_at_the_start_and_stays_verbatim(
    caplog, name, cause, is_multiplex
):
    rig = Rig(stream=name, names=["a@trade", name] if is_multiplex else None).start()
    (line,) = warnings(caplog)
    assert line.startswith(f"bnbbtc@trade will get no messages of {name!r}: ")
    assert re.search(cause, line)
    assert name in rig.wire.urls[0]


def test_a_name_that_is_subscribed_later_is_warned_of_as_well(caplog):
    rig = Rig(names=["a@trade"])
    rig.up()
    rig.socket.change("SUBSCRIBE", ["b@trade"])
    assert warnings(caplog) == []
    rig.socket.change("SUBSCRIBE", ["B@trade"])
    (line,) = warnings(caplog)
    assert "the exchange uses 'b@trade'" in line
    rig.socket.change("UNSUBSCRIBE", ["B@trade"])
    assert len(warnings(caplog)) == 1


def test_many_names_take_one_line(caplog):
    Rig(names=[f"S{n}@trade" for n in range(200)]).start()
    (line,) = warnings(caplog)
    assert line.count("upper case") == 3
    assert line.endswith("; and more")


def test_where_retired_streams_live_they_are_not_doubted(caplog):
    Rig(names=["!ticker@arr", "!bookTicker"], has_retired_streams=True).start()
    assert warnings(caplog) == []
