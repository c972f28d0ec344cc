"""`user --account`: the accounts of all markets, as rows, and in a terminal."""

from __future__ import annotations

import json
import queue
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import click
import pytest

from binance import events
from binance.cli.account.filling import Filling
from binance.cli.account.kinds import KINDS, Account, read_account
from binance.cli.account.picture import AccountPicture
from binance.cli.account.rows import changes, read_answer, read_answers, state_text
from binance.client import Client
from binance.exceptions import BinanceAPIException
from tests.cli.rig import DEADLINE, running

KEY, SECRET = "K" * 64, "S" * 64
KEYS = {"BINANCE_API_KEY": KEY, "BINANCE_API_SECRET": SECRET}
ORDER = {
    "symbol": "BTCUSDT", "orderId": 1, "side": "BUY", "status": "NEW", "type": "LIMIT",
    "origQty": "2", "executedQty": "1", "price": "10.5", "stopPrice": "0", "time": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("spot", Account("spot")),
        ("margin", Account("margin")),
        ("margin:ethbtc", Account("margin:SYMBOL", "ETHBTC")),
        ("margin:risk", Account("margin:risk")),
        ("pm:pro", Account("pm:pro")),
    ],
)
def test_an_account_is_named_as_its_socket_key_is(text: str, account: Account) -> None:
    assert read_account(text) == account
    assert str(account).lower() == text


@pytest.mark.parametrize("text", ["", "usd", "usdm:user", "margin:", "margin:SYMBOL", "margin:a b"])
def test_another_account_is_refused_with_those_that_there_are(text: str) -> None:
    with pytest.raises(click.BadParameter) as refused:
        read_account(text)
    assert str(refused.value) == f"{text!r} is none of {', '.join(KINDS)}"


@pytest.mark.parametrize(
    ("table", "answer", "key", "cells"),
    [
        ("balances", {"balances": [{"asset": "BTC", "free": "1", "locked": "0"}]},
         "BTC", {"asset": "BTC", "free": "1", "locked": "0"}),
        ("balances", {"userAssets": [{"asset": "BTC", "free": "1", "locked": "0", "net": "1"}]},
         "BTC", {"asset": "BTC", "free": "1", "locked": "0"}),
        ("balances", [{"asset": "USDT", "balance": "1", "crossWalletBalance": "2"}],
         "USDT", {"asset": "USDT", "balance": "1"}),
        ("balances", {"asset": [{"asset": "USDT", "marginBalance": "1", "equity": "2"}]},
         "USDT", {"asset": "USDT", "balance": "1"}),
        ("balances", [{"asset": "BTC", "crossMarginFree": "1", "crossMarginLocked": "2",
                       "umWalletBalance": "3", "cmWalletBalance": "4"}],
         "BTC", {"asset": "BTC", "free": "1", "locked": "2", "USD-M": "3", "COIN-M": "4"}),
        ("positions", [{"symbol": "BTCUSDT", "positionAmt": "-1", "positionSide": "BOTH",
                        "entryPrice": "9"}],
         "BTCUSDT", {"symbol": "BTCUSDT", "side": "SHORT", "amount": "-1", "entry": "9"}),
        ("positions", [{"symbol": "BTCUSDT", "positionAmt": "1", "positionSide": "LONG",
                        "entryPrice": "9"}],
         "BTCUSDT LONG", {"symbol": "BTCUSDT", "side": "LONG", "amount": "1", "entry": "9"}),
        ("positions", [{"symbol": "BTC-1-C", "quantity": "-1", "side": "SHORT", "entryPrice": "9"}],
         "BTC-1-C", {"symbol": "BTC-1-C", "side": "SHORT", "amount": "-1", "entry": "9"}),
        ("positions", [{"symbol": "BTCUSDT", "positionAmt": "0.000", "entryPrice": "0"}],
         "BTCUSDT", {}),
        ("orders", [ORDER], "BTCUSDT 1",
         {"symbol": "BTCUSDT", "side": "BUY", "status": "NEW", "type": "LIMIT", "quantity": "2",
          "filled": "1", "price": "10.5"}),
        ("orders", [{"algoId": 2, "symbol": "BTCUSDT", "side": "SELL", "algoStatus": "NEW",
                     "orderType": "STOP_MARKET", "quantity": "3", "price": "0",
                     "triggerPrice": "8", "createTime": 0}], "conditional BTCUSDT 2",
         {"symbol": "BTCUSDT", "side": "SELL", "status": "NEW", "type": "STOP_MARKET",
          "quantity": "3", "filled": "0", "price": "8"}),
    ],
)  # fmt: skip
def test_the_answers_of_all_markets_are_read(
    table: str, answer: Any, key: str, cells: dict[str, str]
) -> None:
    [(found, row, read)] = read_answer(table, answer)
    read.pop("time", None)
    assert (found, row, read) == (table, key, cells)


def test_an_isolated_account_has_two_assets() -> None:
    sides = {"baseAsset": {"asset": "ETH", "free": "1"}, "quoteAsset": {"asset": "BTC"}}
    found = read_answer("balances", {"assets": [{"symbol": "ETHBTC", **sides}]})
    assert [key for _, key, _ in found] == ["ETH", "BTC"]


@pytest.mark.parametrize("answer", [None, [None], ["?"], [{}], [ORDER | {"price": "?"}]])
def test_answers_of_another_form_are_an_error_that_a_command_reports(answer: Any) -> None:
    with pytest.raises(ValueError, match=r"\Aan answer for the orders has another form: .+"):
        read_answers({"balances": [], "orders": [[ORDER], answer]})


FUTURES_ORDER = {
    "i": 1, "s": "BTCUSDT", "S": "BUY", "X": "FILLED", "o": "MARKET", "q": "2", "z": "2", "p": "0",
    "L": "10.5", "T": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("event", "key", "cells"),
    [
        ({"e": "ORDER_TRADE_UPDATE", "T": 0, "o": FUTURES_ORDER}, "BTCUSDT 1",
         {"status": "FILLED", "filled": "2", "price": "10.5"}),
        ({"e": "ALGO_UPDATE", "T": 0, "ao": {
            "aid": 2, "s": "BTCUSDT", "S": "SELL", "X": "NEW", "o": "STOP", "q": "1", "p": "7",
            "tp": "8"}}, "conditional BTCUSDT 2", {"status": "NEW", "filled": "0", "price": "7"}),
        ({"e": "ACCOUNT_UPDATE", "a": {"B": [{"a": "USDT", "wb": "5"}]}},
         "USDT", {"asset": "USDT", "balance": "5"}),
        ({"e": "ACCOUNT_UPDATE", "fs": "CM", "a": {"B": [{"a": "BTC", "wb": "5"}]}},
         "BTC", {"asset": "BTC", "COIN-M": "5"}),
        ({"e": "BALANCE_POSITION_UPDATE", "B": [],
          "P": [{"s": "BTC-1-C", "c": "-2", "p": "4", "a": "3"}]},
         "BTC-1-C", {"side": "SHORT", "amount": "-2", "entry": "3"}),
        ({"e": "USER_LIABILITY_CHANGE", "E": 0, "a": "BTC", "t": "BORROW", "p": "1", "i": "0"},
         "BTC", {"change": "BORROW", "principal": "1", "interest": "0"}),
    ],
)  # fmt: skip
def test_the_events_of_all_markets_are_read(
    event: dict[str, Any], key: str, cells: dict[str, str]
) -> None:
    [(_, row, read)] = changes(event)
    assert row == key
    assert cells.items() <= read.items()


@pytest.mark.parametrize("event", [{}, {"e": "?"}, {"e": "ACCOUNT_UPDATE", "eq": "1"}])
def test_an_event_of_another_form_changes_nothing(event: dict[str, Any]) -> None:
    assert changes(event) == []
    assert state_text(event) == ""


def test_a_closed_position_is_gone_and_cells_of_other_parts_stay() -> None:
    held = [{"asset": "BTC", "crossMarginFree": "1", "umWalletBalance": "3"}]
    position = {"symbol": "BTCUSDT", "positionAmt": "1", "entryPrice": "9"}
    picture = AccountPicture({"balances": [held], "positions": [[position]]})
    assert [one["symbol"] for one in picture.rows("positions")] == ["BTCUSDT"]
    change = {"B": [{"a": "BTC", "wb": "4"}], "P": [{"s": "BTCUSDT", "pa": "0", "ep": "0"}]}
    picture.add({"e": "ACCOUNT_UPDATE", "fs": "UM", "a": change})
    assert picture.rows("positions") == []
    assert picture.rows("balances") == [{"asset": "BTC", "free": "1", "USD-M": "4"}]
    assert picture.balances_text(1) == "balance BTC 1 and 4 USD-M"
    picture.add({"e": "PM_PRO_ACCOUNT_UPDATE", "eq": "10"})
    assert picture.state == "equity 10 USD"


class GivenAccount:
    """Stands for an account, whose calls fail as the test orders."""

    kind = KINDS["spot"]

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.bodies: list[Any] = []

    def answers(self, client: Any, tables: Any) -> dict[str, Any]:
        if self.failures:
            raise self.failures.pop()
        return self.bodies.pop() if self.bodies else {"orders": [[ORDER]]}


class Filled:
    """The tables of such an account, which a thread fills."""

    def __init__(self) -> None:
        self.account, self.tables = GivenAccount(), AccountPicture()
        self.changes, self.ends = queue.SimpleQueue[Any](), queue.SimpleQueue[str]()
        self.reports: list[str] = []
        given: Any = self.account
        put, report = self.changes.put, self.reports.append
        self.filling = Filling(given, given, self.tables, put, report, self.ends.put)

    def add(self, event: events.Event, changes: int) -> None:
        """Report an event, and make as many changes to the tables as follow."""
        self.filling.add_event(event)
        for _ in range(changes):
            self.changes.get(timeout=DEADLINE)()


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> Iterator[Filled]:
    monkeypatch.setattr("binance.cli.account.filling.RETRY_SECONDS", 0.01)
    made = Filled()
    with closing(made.filling):
        yield made


CONNECTED = events.Connected(key="", when=0.0)


@pytest.mark.thread
def test_tables_are_filled_after_each_loss_of_events(filled: Filled) -> None:
    filled.add(events.Disconnected(key="", when=0.0, code=None, reason="lost"), changes=0)
    for event in CONNECTED, events.Gap(key="", when=0.0, stream="", first=None, last=None):
        filled.tables.answered({"orders": []})
        filled.account.failures = [ConnectionError("lost"), ConnectionError("away")]
        filled.add(event, changes=4)  # it asks three times, and is answered once
        assert filled.tables.count == 1
    filled.filling.close()
    assert filled.changes.empty()
    assert filled.ends.empty()
    why = [f"cannot fill the tables: {why}" for why in ("away", "lost")]
    assert filled.reports == why * 2


@pytest.mark.thread
def test_an_answer_of_another_form_is_reported_and_asked_for_again(filled: Filled) -> None:
    filled.account.bodies = [{"orders": [[{}]]}]
    filled.add(CONNECTED, changes=3)  # it asks twice, and shows the second answer
    assert filled.tables.count == 1
    assert filled.ends.empty()
    (report,) = filled.reports
    assert "an answer for the orders has another form" in report


REFUSED = '{"code": -1022, "msg": "Signature for this request is not valid."}'


def refusal(status: int) -> BinanceAPIException:
    return BinanceAPIException(SimpleNamespace(status_code=status), text=REFUSED)


@pytest.mark.thread
def test_an_account_whose_first_calls_are_refused_for_good_is_given_up(filled: Filled) -> None:
    filled.account.failures = [refusal(401), refusal(503)]
    filled.add(CONNECTED, changes=0)
    assert "(HTTP 401, code -1022)" in filled.ends.get(timeout=DEADLINE)
    assert len(filled.reports) == 1, "of the first call, which may succeed later"


@pytest.mark.thread
def test_a_refusal_ends_no_account_whose_tables_are_filled(filled: Filled) -> None:
    for count in (2, 3):  # it asks, and then again, and is answered once
        filled.add(CONNECTED, changes=count)
        filled.account.failures = [refusal(400)]
    assert len(filled.reports) == 1
    assert filled.ends.empty()


@pytest.fixture
def client(market: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in market.env.items():
        monkeypatch.setenv(name, value)
    with Client(KEY, SECRET) as made:
        yield made


TRADED = ["margin", "margin:BTCUSDT", "usdm", "coinm", "options", "pm"]


@pytest.mark.process
@pytest.mark.loopback
@pytest.mark.parametrize("name", TRADED)
def test_the_tables_of_an_account_follow_its_orders(
    market: Any, terminal: Callable[..., Any], client: Client, name: str
) -> None:
    shown = terminal(["user", "--account", name], market, columns=120, rows=40, env=KEYS)
    shown.wait_for(rf"● connected  own addresses {name} ")
    shown.wait_for(r"asset +(free|balance)")
    before = len(shown.text)
    read_account(name).trade(client, "BUY")
    symbol = {"coinm": "BTCUSD_PERP", "options": r"BTC-\d+-\d+-[CP]"}.get(name, "BTCUSDT")
    shown.wait_for(rf"{symbol} +BUY +LIMIT +[\d,.]+ +[\d.,]+ +[\d.]+ +CANCELED", before)
    if not name.startswith("margin"):
        shown.wait_for(rf"{symbol} +LONG +[\d.]+ +[\d,.]+", before)
    shown.press("q")
    assert shown.ends() == 0
    assert re.search(r"\d orders, 0 reconnects, \d+ s", shown.text)


@pytest.mark.process
@pytest.mark.loopback
def test_the_tables_have_what_happened_while_the_link_was_lost(
    calm: Any, terminal: Callable[..., Any], client: Client
) -> None:
    shown = terminal(["user"], calm, columns=120, rows=40, env=KEYS)
    shown.wait_for(r"asset +free +locked")
    price = client.get_order_book(symbol="BTCUSDT", limit=100)["bids"][-1][0]
    terms = {"symbol": "BTCUSDT", "quantity": "0.001", "type": "LIMIT", "timeInForce": "GTC"}
    missed = client.create_order(**terms, side="BUY", price=price)["orderId"]
    shown.wait_for(r"BTCUSDT +BUY +LIMIT .*NEW")
    calm.fault("http_status", status=503, on="handshake")
    calm.fault("drop")
    shown.wait_for("● not connected", len(shown.text))
    client.cancel_order(symbol="BTCUSDT", orderId=missed)
    other = client.create_order(**terms | {"quantity": "0.002"}, side="BUY", price=price)["orderId"]
    calm.clear()
    shown.wait_for("● connected", len(shown.text))
    shown.wait_for(r"BTCUSDT +BUY +LIMIT .* 0.002 .*NEW", len(shown.text))
    lines = shown.wait_for_pictures(1)[-1]
    assert not any(re.search(r"BTCUSDT +BUY .* 0\.001 ", line) for line in lines)
    client.cancel_order(symbol="BTCUSDT", orderId=other)
    shown.press("q")
    assert shown.ends() == 0
    assert re.search(r"1 orders, [01] reconnects, \d+ s", shown.text)  # or not proven yet


@pytest.mark.process
@pytest.mark.loopback
def test_the_risk_of_margin_shows_loans(
    market: Any, terminal: Callable[..., Any], client: Client
) -> None:
    shown = terminal(["user", "--account", "margin:risk"], market, env=KEYS)
    shown.wait_for("● connected")
    shown.wait_for("no loan taken or repaid yet")
    client.margin_borrow_repay(asset="BTC", amount="0.5", type="BORROW", isIsolated="FALSE")
    shown.wait_for(r"BTC +BORROW +0.5 +0 +\d\d:\d\d:\d\d")
    shown.wait_for("liability BTC: BORROW 0.5")
    shown.press("q")
    assert shown.ends() == 0


@pytest.mark.process
@pytest.mark.loopback
@pytest.mark.parametrize(("name", "kind"), [("usdm", "ORDER_TRADE_UPDATE"), ("pm:pro", "PM_PRO")])
def test_in_a_pipe_the_events_are_those_of_the_account(
    market: Any, client: Client, name: str, kind: str
) -> None:
    with running(["user", "--account", name, "--json"], market, **KEYS) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline().endswith(b" connected\n")
        if name == "usdm":
            read_account(name).trade(client, "BUY")
        assert json.loads(process.stdout.readline())["e"].startswith(kind)
