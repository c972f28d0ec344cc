"""`user`: events of the account, and a key that shows nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from binance.cli import main
from binance.cli import user as user_module
from binance.cli.account.credentials import client_of
from binance.cli.account.picture import AccountPicture
from binance.cli.errors import CommandError, safe_line
from binance.cli.event_text import ConnectionLog, account_text
from binance.cli.screen.terminal import Stop
from binance.client import Client
from tests.cli.rig import DEADLINE, finished, running

KEY, SECRET = "K" * 64, "S" * 64
KEYS = {"BINANCE_API_KEY": KEY, "BINANCE_API_SECRET": SECRET}


def order(**more: Any) -> dict[str, Any]:
    event = {"e": "executionReport", "i": 7, "S": "BUY", "s": "BNBBTC", "o": "LIMIT", "x": "NEW"}
    event |= {"X": "NEW", "q": "1.50000000", "p": "0.00250000", "l": "0.0", "z": "0.0", "L": "0.0"}
    return event | {"n": "0", "N": None, "r": "NONE"} | more


EVENTS = [
    (order(), "order 7: buy 1.5 BNBBTC, limit at 0.0025: NEW"),
    (order(o="MARKET", p="0.00000000"), "order 7: buy 1.5 BNBBTC, market: NEW"),
    (
        order(x="TRADE", X="PARTIALLY_FILLED", l="0.5", L="0.0024", z="1.00", n="0.1", N="BNB"),
        (
            "order 7: buy 1.5 BNBBTC, limit at 0.0025: PARTIALLY_FILLED, 0.5 at 0.0024, 1 in "
            "total, fee 0.1 BNB"
        ),
    ),
    (
        order(x="REJECTED", X="REJECTED", r="INSUFFICIENT_BALANCES"),
        "order 7: buy 1.5 BNBBTC, limit at 0.0025: REJECTED (INSUFFICIENT_BALANCES)",
    ),
    (
        {
            "e": "outboundAccountPosition",
            "B": [{"a": "BTC", "f": "1.20", "l": "0.00"}, {"a": "BNB", "f": "0.0", "l": "3.00"}],
        },
        "balance BTC 1.2, BNB 0 and 3 locked",
    ),
    ({"e": "balanceUpdate", "a": "BTC", "d": "-100.0"}, "balance BTC -100 by a transfer"),
    (
        {"e": "balanceUpdate", "a": "USDT", "d": "1234567.89000000"},
        "balance USDT +1,234,567.89 by a transfer",
    ),
    ({"e": "balanceUpdate", "a": "BTC", "d": "-0.0"}, "balance BTC +0 by a transfer"),
    (
        {"e": "listStatus", "g": 2, "s": "ETHBTC", "l": "EXEC_STARTED", "L": "EXECUTING"},
        "order list 2 of ETHBTC: EXEC_STARTED, EXECUTING",
    ),
    (
        {"e": "externalLockUpdate", "a": "NEO", "d": "10.0"},
        "balance NEO +10 locked by another system",
    ),
    ({"e": "eventStreamTerminated"}, "the exchange has ended the stream of events"),
    (
        {
            "e": "ORDER_TRADE_UPDATE",
            "o": order(X="FILLED", x="TRADE", l="1.5", z="1.5", L="2.00")
            | {"rp": "0.50", "s": "BTCUSDT"},
        },
        "order 7: buy 1.5 BTCUSDT, limit at 0.0025: FILLED, 1.5 at 2, profit 0.5",
    ),
    (
        {
            "e": "ALGO_UPDATE",
            "o": {
                "aid": 9,
                "S": "SELL",
                "q": "0.010",
                "s": "BTCUSDT",
                "o": "STOP_MARKET",
                "tp": "90.0",
                "X": "REJECTED",
                "rm": "no position",
            },
        },
        "conditional order 9: sell 0.01 BTCUSDT, stop market at 90: REJECTED (no position)",
    ),
    (
        {
            "e": "ACCOUNT_UPDATE",
            "a": {
                "m": "ORDER",
                "B": [{"a": "USDT", "wb": "9.50"}],
                "P": [{"s": "BTCUSDT", "pa": "-0.010", "ep": "90.0"}],
            },
        },
        "balance USDT 9.5, position BTCUSDT -0.01 at 90",
    ),
    ({"e": "ACCOUNT_UPDATE", "eq": "1", "b": "2"}, "ACCOUNT_UPDATE"),  # of options
    ({"e": "ACCOUNT_CONFIG_UPDATE", "ac": {"s": "BTCUSDT", "l": 25}}, "leverage of BTCUSDT: 25"),
    (
        {"e": "MARGIN_CALL", "p": [{"s": "BTCUSDT", "pa": "1.0"}]},
        "margin call: the margin of BTCUSDT 1 is too small",
    ),
    (
        {
            "e": "BALANCE_POSITION_UPDATE",
            "B": [{"a": "USDT", "b": "1.0"}],
            "P": [{"s": "BTC-260925-90000-C", "c": "2.0"}],
        },
        "balance USDT 1, position BTC-260925-90000-C 2",
    ),
    ({"e": "PM_PRO_ACCOUNT_UPDATE", "eq": "10.50"}, "equity 10.5 USD"),
    (
        {"e": "MARGIN_LEVEL_STATUS_CHANGE", "l": "1.50", "s": "MARGIN_LEVEL_2"},
        "margin level 1.5: MARGIN_LEVEL_2",
    ),
    (
        {"e": "USER_LIABILITY_CHANGE", "a": "BTC", "t": "BORROW", "p": "0.1"},
        "liability BTC: BORROW 0.1",
    ),
    ({"e": "newKind", "x": 1}, "newKind"),
    ({"e": "executionReport"}, "executionReport"),
    ({}, "?"),
]


@pytest.mark.parametrize(("event", "words"), EVENTS)
def test_events_account_text(event: dict[str, Any], words: str) -> None:
    assert account_text(event) == words


@pytest.fixture
def place_order(market: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Buys at the market price."""
    for name, value in market.env.items():
        monkeypatch.setenv(name, value)

    def buy() -> None:
        with Client(KEY, SECRET) as client:
            client.create_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.001")

    return buy


@pytest.mark.process
@pytest.mark.loopback
def test_in_a_pipe_the_events_are_lines(market: Any, place_order: Callable[[], None]) -> None:
    with running(["user", "--json"], market, **KEYS) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline().endswith(b" connected\n")
        place_order()
        seen = [json.loads(process.stdout.readline())]
        while seen[-1].get("X") != "FILLED":
            seen.append(json.loads(process.stdout.readline()))
        assert seen[0]["X"] == "NEW"
        process.terminate()
        assert process.wait(DEADLINE) == 0


@pytest.mark.process
@pytest.mark.loopback
def test_in_a_terminal_the_key_is_asked_for_and_never_shown(
    market: Any, terminal: Callable[..., Any], place_order: Callable[[], None]
) -> None:
    shown = terminal(["user"], market, columns=120)
    shown.wait_for("API key: ")
    shown.press(f"{KEY}\n")
    shown.wait_for("API secret: ")
    shown.press(f"{SECRET}\n")
    shown.wait_for(r"\d\d:\d\d:\d\d connected")
    shown.wait_for(r"asset +free +locked")
    shown.wait_for(r"USDT +[\d,]+\.?\d* +0")
    place_order()
    shown.wait_for(r"BTCUSDT +BUY +MARKET +[\d,]+\.?\d* +0.001 +0.001 +FILLED")
    shown.wait_for(r"order \d+: buy 0.001 BTCUSDT, market: FILLED, [\d.]+ at [\d,.]+")
    shown.press("\x03")
    assert shown.ends() == 0
    assert "KKKK" not in shown.printed
    assert "SSSS" not in shown.printed


def test_a_command_that_is_stopped_before_its_first_picture_prints_its_totals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(user_module.terminal, "open_screen", nullcontext)
    nothing: Any = None
    user_module._draw(Stop(0.0), ConnectionLog(), nothing, AccountPicture(), "simulator")
    assert capsys.readouterr().out == "0 orders, 0 reconnects, 0 s\n"


@pytest.mark.process
@pytest.mark.loopback
def test_a_key_that_the_exchange_does_not_know_is_reported_in_one_line(market: Any) -> None:
    done = finished(["user", "--json"], market, BINANCE_API_KEY="X" * 64, BINANCE_API_SECRET=SECRET)
    assert (done.returncode, done.stdout) == (1, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith("binance-sockets: the account cannot be followed: ")
    assert "-2015" in last
    assert "XXXX" not in done.stderr


@pytest.mark.process
@pytest.mark.loopback
def test_a_wrong_secret_ends_a_screen_too(market: Any, terminal: Callable[..., Any]) -> None:
    env = KEYS | {"BINANCE_API_SECRET": "T" * 64}
    shown = terminal(["user", "--account", "usdm"], market, env=env)
    assert shown.ends() == 1
    assert "the account cannot be followed: cannot fill the tables: Signature for" in shown.text
    assert "-1022" in shown.text


def test_without_a_terminal_nothing_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "binance-sockets: there is no API key; set BINANCE_API_KEY\n"


def test_what_is_missing_is_named_also_where_secrets_are_removed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BINANCE_API_KEY", KEY)
    monkeypatch.delenv("BINANCE_API_SECRET", raising=False)
    nothing: Any = SimpleNamespace(simulator=None)
    with pytest.raises(CommandError) as raised:
        client_of(nothing, can_ask=False)
    assert safe_line(raised.value.message) == "there is no API secret; set BINANCE_API_SECRET"


def test_the_command_line_takes_no_key() -> None:
    from binance.cli.user import user

    assert not any("key" in name or "secret" in name for name in (p.name for p in user.params))
