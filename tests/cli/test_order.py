"""`order`: places, cancels and shows spot orders, and sends nothing that was not confirmed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from binance.cli import main
from binance.cli.account.order import _text as order_text
from binance.cli.account.order import order
from binance.client import Client
from binance.exceptions import OrderStatusUnknown
from binance.sansio.names.endpoints import VARIABLES, resolve
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.cli.rig import finished

KEYS = {"BINANCE_API_KEY": "K" * 64, "BINANCE_API_SECRET": "S" * 64}
PLACE = ["order", "place", "BTCUSDT", "buy", "0.001"]


@pytest.mark.process
@pytest.mark.loopback
def test_an_order_is_placed_shown_and_cancelled(market: ExchangeProcess) -> None:
    done = finished([*PLACE, "--price", "20000", "--yes"], market, **KEYS)
    assert "buy 0.001 BTCUSDT, limit at 20,000: NEW, 0 executed" in done.stdout, done.stderr
    id = done.stdout.split()[1].rstrip(":")
    shown = finished(["order", "status", "BTCUSDT", id], market, **KEYS)
    assert ": NEW" in shown.stdout
    ended = finished(["order", "cancel", "BTCUSDT", id, "--yes"], market, **KEYS)
    assert ": CANCELED" in ended.stdout
    again = finished(["order", "cancel", "BTCUSDT", id, "--yes"], market, **KEYS)
    assert again.returncode == 1
    assert "Unknown order sent." in again.stderr


@pytest.mark.process
@pytest.mark.loopback
def test_an_order_of_a_list_is_cancelled_and_all_of_the_list_shown(
    market: ExchangeProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exchange answers with the list: no order is left of it."""
    terms = {"symbol": "BTCUSDT", "side": "BUY", "quantity": "0.001", "belowType": "LIMIT_MAKER"}
    above = {"aboveType": "STOP_LOSS", "aboveStopPrice": 300000}
    for name, value in market.env.items():
        monkeypatch.setenv(name, value)
    with Client(*KEYS.values()) as client:
        placed = client.create_order_list_oco(**terms, **above, belowPrice=20000)
    id = str(placed["orders"][0]["orderId"])
    ended = finished(["order", "cancel", "BTCUSDT", id, "--yes"], market, **KEYS)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count(": CANCELED") == len(ended.stdout.splitlines()) == 2


@pytest.mark.process
@pytest.mark.loopback
def test_a_test_places_nothing_and_needs_no_answer(market: ExchangeProcess) -> None:
    before = market.stats()["requests"].get("order.place", 0)
    done = finished([*PLACE, "--test"], market, **KEYS)
    assert done.stdout == "place BTCUSDT buy 0.001: accepted as a test, not placed\n"
    assert market.stats()["requests"].get("order.place", 0) == before


@pytest.mark.process
@pytest.mark.loopback
def test_without_a_terminal_nothing_is_sent_unless_confirmed(market: ExchangeProcess) -> None:
    done = finished(PLACE, market, **KEYS)
    assert done.returncode == 1
    assert "not sent: nobody can be asked; give --yes to place BTCUSDT buy 0.001" in done.stderr


@pytest.mark.process
@pytest.mark.loopback
def test_in_a_terminal_it_asks(terminal: Callable[..., Any], market: ExchangeProcess) -> None:
    asked = terminal(PLACE, market, env=KEYS)
    asked.wait_for(r"place BTCUSDT buy 0\.001 on .*\? \[y/N\]")
    asked.press("n\r")
    assert asked.ends() == 130
    assert "FILLED" not in asked.text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["place", "BTCUSDT", "buy"], "order place takes SYMBOL, buy or sell, and QUANTITY"),
        (["place", "BTCUSDT", "hold", "1"], "order place takes SYMBOL, buy or sell"),
        (["place", "BTCUSDT", "buy", "x"], "'x' is not a number"),
        (["place", "BTCUSDT", "buy", "1", "--price", "-5"], "'-5' is not a number"),
        (["status", "BTCUSDT"], "order status takes SYMBOL and ID"),
        (["place", "BTCUSDT", "buy", "1", "--price", ""], "'' is not a number"),
        (["place", "BTCUSDT", "buy", ""], "'' is not a number"),
        (["cancel", "BTCUSDT", "7", "--price", "5"], "order cancel takes SYMBOL and ID"),
        (["cancel", "BTCUSDT", "7", "--price", ""], "order cancel takes SYMBOL and ID"),
        (["cancel", "BTCUSDT", "7", "--test", "--yes"], "order cancel cannot be tested"),
        (["status", "BTCUSDT", "7", "--test"], "order status cannot be tested"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["order", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_an_answer_shows_whole_numbers() -> None:
    answer = dict.fromkeys(("origQty", "executedQty"), "12345678.00") | {
        **dict.fromkeys(("orderId", "side", "symbol", "type", "status"), "X"),
        "price": "0.00000000",
    }
    assert order_text(answer).endswith("x 12,345,678 X, x: X, 12,345,678 executed")


UNKNOWN = OrderStatusUnknown("BTCUSDT", "x-7", "the connection was lost")
MAY_BE = "no answer, but the exchange may have done it: place BTCUSDT buy 0.001"


@pytest.mark.parametrize(
    ("raised", "more", "code", "words"),
    [
        (UNKNOWN, "--no-test", 1, "binance-sockets: The status of order x-7 on BTCUSDT is unknown"),
        (KeyboardInterrupt(), "--no-test", 130, MAY_BE),
        (KeyboardInterrupt(), "--test", 130, ""),
        (ValueError("no"), "--no-test", 1, "binance-sockets: order place failed: no"),
    ],
)
def test_an_order_that_may_be_live_is_not_called_none(
    raised: BaseException,
    more: str,
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def perform(*_: object) -> None:
        raise raised

    monkeypatch.setattr("binance.cli.account.order._perform", perform)
    for name, value in (KEYS | {"BINANCE_ENV": "production"}).items():
        monkeypatch.setenv(name, value)
    assert main([*PLACE, more, "--yes"]) == code
    printed = capsys.readouterr().err.strip()
    assert printed.startswith(words)
    assert bool(words) == bool(printed)


def test_production_only_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    performed: list[bool] = []
    monkeypatch.setattr(
        "binance.cli.account.order._perform", lambda *arguments: performed.append(arguments[-1])
    )
    for name, value in (KEYS | {"BINANCE_ENV": "production"}).items():
        monkeypatch.setenv(name, value)  # `--env` sets it anew
    for arguments in ([], ["--no-test", "--yes"], ["--env", "testnet", "--yes"]):
        assert main([*PLACE, *arguments]) == 0
    assert performed == [True, False, False]
    assert order.name == "order"


DATA_STREAM = {"BINANCE_STREAM_URL": "wss://data-stream.binance.vision"}
WS_API, REST, PRODUCTION = "BINANCE_WS_API_URL", "BINANCE_API_URL", resolve({}).ws_api


@pytest.mark.parametrize(
    ("arguments", "env", "is_test", "where"),
    [
        ([], DATA_STREAM, True, "production"),
        (["--env", "us"], {}, True, "us"),
        ([], {WS_API: "wss://exchange.example:8443/ws-api/v3"}, True, "exchange.example:8443"),
        ([], {"BINANCE_ENV": "testnet", WS_API: PRODUCTION}, True, "production"),
        ([], DATA_STREAM | {"BINANCE_ENV": "demo"}, False, "demo"),
        ([], {WS_API: "wss://localhost:8443/ws-api/v3"}, False, "localhost:8443"),
        # orders follow the address of REST
        ([], {"BINANCE_ENV": "testnet", REST: "https://api1.binance.com"}, True, "production"),
        ([], {REST: "https://testnet.binance.vision"}, False, "testnet"),
    ],
)
def test_the_address_of_the_order_decides_whether_it_is_real(
    arguments: list[str],
    env: dict[str, str],
    is_test: bool,
    where: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    performed: list[bool] = []
    monkeypatch.setattr(
        "binance.cli.account.order._perform", lambda *arguments: performed.append(arguments[-1])
    )
    monkeypatch.setattr("sys.stdin", io.StringIO())
    for name in (*VARIABLES.values(), "BINANCE_ENV"):  # `--env` unsets them
        monkeypatch.setenv(name, env.get(name, ""))
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    assert main([*PLACE, "--yes", *arguments]) == 0
    assert performed == [is_test]
    assert main([*PLACE, "--no-test", *arguments]) == 1
    assert f"buy 0.001 on {where}\n" in capsys.readouterr().err


def test_an_exchange_that_takes_no_orders(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (*VARIABLES.values(), "BINANCE_ENV"):
        monkeypatch.setenv(name, "")
    assert main([*PLACE, "--env", "data"]) == 1
    assert "order place failed: data has no ws_api address" in capsys.readouterr().err
