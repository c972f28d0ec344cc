"""The dashboard's screen: every key, sizes, files, and what goes wrong; then real terminals."""

from __future__ import annotations

import asyncio
import html
import json
import re
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyte
import pytest
from textual.pilot import Pilot

from binance import events
from binance.cli.account.kinds import Account
from binance.cli.account.picture import AccountPicture
from binance.cli.account.rows import read_answers
from binance.cli.dashboard import app as app_module
from binance.cli.dashboard.app import Dashboard
from binance.cli.dashboard.board import Board
from binance.cli.exchange import Exchange
from binance.cli.screen.terminal import Stop
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.cli.rig import Terminal, environment
from tests.cli.test_dashboard_pictures import KEY, full
from tests.pace import in_time

pytestmark = [pytest.mark.process, pytest.mark.loopback]  # asyncio opens a pair of sockets

CTRL_C = "\x03"
WIDE, MIDDLE, NARROW = (120, 40), (80, 24), (60, 20)
SIZES = [WIDE, MIDDLE, NARROW]
CELL = re.compile(r'<text [^>]*x="([\d.]+)"[^>]*-line-(\d+)\)">([^<]*)<')


class GivenFeed:
    """Stands for the feed: gives what the test puts in, and keeps what is asked for."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[Board], object]] = []
        self.streams: set[str] = set()
        self.symbol = ""
        self.fetched: list[tuple[str, str]] = []
        self.account: Account | None = None
        self.is_started = False

    def start(self) -> None:
        self.is_started = True

    def changes(self) -> Iterator[Callable[[Board], object]]:
        while self.waiting:
            yield self.waiting.pop(0)

    def follow(self, streams: set[str], symbol: str) -> None:
        self.streams, self.symbol = streams, symbol

    def fetch(self, symbol: str, interval: str) -> None:
        self.fetched.append((symbol, interval))

    def follow_account(self, account: Account | None) -> None:
        self.account = account


class Shown:
    """A dashboard in a terminal of the test's size."""

    def __init__(self, pilot: Pilot[None], app: Dashboard, board: Board, feed: GivenFeed) -> None:
        self.pilot, self.app, self.board, self.feed = pilot, app, board, feed
        self.bells = 0
        app.bell = self._bell  # type: ignore[method-assign]

    def _bell(self) -> None:
        self.bells += 1

    async def press(self, *keys: str) -> list[str]:
        await self.pilot.press(*keys)
        return await self.lines()

    async def lines(self) -> list[str]:
        """The screen as text, once what was asked for has been drawn."""
        self.app.tick()
        await self.pilot.pause()
        lines: dict[int, str] = {}
        picture = self.app.export_screenshot()
        for x, number, text in CELL.findall(picture):
            before = lines.get(int(number), "")
            lines[int(number)] = before.ljust(round(float(x) / 12.2))
            lines[int(number)] += html.unescape(text).replace("\xa0", " ")
        return [lines.get(number, "").rstrip() for number in range(max(lines) + 1)]


def shows(
    test: Callable[[Shown], Any],
    size: tuple[int, int] = MIDDLE,
    path: Path | None = None,
    board: Board | None = None,
) -> Dashboard:
    """Run a test's coroutine with a dashboard whose board has received something."""
    feed = GivenFeed()
    board = board or Board()
    app = Dashboard(board, feed, "simulator", path, Stop())  # type: ignore[arg-type]

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            shown = Shown(pilot, app, board, feed)
            if path is None:
                received = full()
                for name, value in vars(received).items():
                    setattr(board, name, value)
            await test(shown)

    asyncio.run(run())
    return app


@pytest.fixture(autouse=True)
def _drawn_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn but by `lines`, and by keys."""
    monkeypatch.setattr(app_module, "DRAW_SECONDS", 1000.0)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_it_fills_each_size(size: tuple[int, int]) -> None:
    async def test(shown: Shown) -> None:
        lines = await shown.lines()
        assert len(lines) == size[1]
        assert max(map(len, lines)) <= size[0]
        assert lines[0].startswith("● connected  simulator  ")
        assert lines[-1] == "q quit ? help / go a add d del s sort p pause b bell u user"
        titles = [line for line in lines if line.startswith("─")]
        lower = "candles" if size == NARROW else "candles book trades"
        assert [" ".join(re.findall(r"[a-z]{3,}", title)) for title in titles] == [
            *("watchlist added", lower, "log"),
        ]
        assert shown.feed.is_started
        assert len(shown.feed.streams) == 11
        assert shown.feed.symbol == "BTCUSDT"

    shows(test, size)


# keys


def first_words(lines: list[str], title: str = "watchlist") -> list[str]:
    """The first word of each row of the watchlist."""
    begin = next(number for number, line in enumerate(lines) if title in line) + 2
    end = next(n for n, line in enumerate(lines[begin:], begin) if line.startswith("─"))
    return [line.split()[0] for line in lines[begin:end]]


ALL = ["BTCUSDT", "ETHUSDT", "BNBBTC", "XRPUSDT", "SOLUSDT"]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_arrows_select_a_symbol_and_what_is_shown_of_it(size: tuple[int, int]) -> None:
    async def test(shown: Shown) -> None:
        lines = await shown.press("down", "down", "down", "up")
        assert first_words(lines) == ["BTCUSDT", "ETHUSDT", ">BNBBTC", "XRPUSDT", "SOLUSDT"]
        assert any(line.startswith("─candles BNBBTC─") for line in lines)
        assert "bnbbtc@kline_1m" in shown.feed.streams
        assert "btcusdt@kline_1m" not in shown.feed.streams
        assert ("BNBBTC", "1m") in shown.feed.fetched

    shows(test, size)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_help_opens_and_closes(size: tuple[int, int]) -> None:
    async def test(shown: Shown) -> None:
        lines = await shown.press("question_mark")
        assert [line[2:10].strip() for line in lines[1:13]] == [
            *("q", "?", "/", "a", "d", "s", "p", "b", "u", "up", "down", "tab"),
        ]
        assert max(map(len, lines)) < size[0]
        assert not any("watchlist," in line for line in lines)
        for key in ("question_mark", "escape", "down"):
            assert (await shown.press(key))[1].startswith("─watchlist")
            await shown.press("question_mark")

    shows(test, size)


def test_a_adds_and_d_deletes_a_symbol() -> None:
    async def test(shown: Shown) -> None:
        lines = await shown.press("a")
        assert lines[-2] == "symbol to add, such as ETHBTC"
        lines = await shown.press(*"ltcq", "backspace", *"btc", "enter")  # q is a letter here
        assert first_words(lines)[-1] == ">LTCBTC"
        assert {"ltcbtc@ticker", "ltcbtc@kline_1m"} <= shown.feed.streams
        assert shown.feed.symbol == "LTCBTC"
        assert ("LTCBTC", "1h") in shown.feed.fetched
        lines = await shown.press("d")
        assert first_words(lines) == [*ALL[:4], ">SOLUSDT"]
        assert "ltcbtc@ticker" not in shown.feed.streams
        assert shown.bells == 0

    shows(test, WIDE)


def test_a_wrong_symbol_rings_and_is_reported() -> None:
    async def test(shown: Shown) -> None:
        lines = await shown.press("a", *"bt/c", "enter")
        assert any("symbol 'bt/c' contains '/'; give one such as" in line for line in lines)
        assert shown.bells == 1
        lines = await shown.press("a", *"xyz", "escape")
        assert first_words(lines) == [f">{ALL[0]}", *ALL[1:]]
        shown.board.reject("ETHUSDT")
        assert any("the exchange has no symbol ETHUSDT" in line for line in await shown.lines())

    shows(test)


def test_slash_filters_and_goes_to_a_symbol() -> None:
    async def test(shown: Shown) -> None:
        assert first_words(await shown.press("slash", *"b")) == [">BTCUSDT", "BNBBTC"]
        assert first_words(await shown.press("n")) == ["BNBBTC"]
        assert first_words(await shown.press("enter")) == [*ALL[:2], ">BNBBTC", *ALL[3:]]
        assert first_words(await shown.press("slash", *"xrp", "escape"))[2] == ">BNBBTC"
        assert first_words(await shown.press("slash", *"dotusdt", "enter"))[-1] == ">DOTUSDT"

    shows(test, WIDE)


def test_s_sorts() -> None:
    async def test(shown: Shown) -> None:
        lines = await shown.press("s")
        assert lines[1].startswith("─watchlist, by name─")
        assert first_words(lines) == ["BNBBTC", ">BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"]
        assert first_words(await shown.press("s")) == [*ALL[:0:-1], f">{ALL[0]}"]

    shows(test)


def trade(price: str) -> dict[str, Any]:
    return {"e": "aggTrade", "E": 1, "T": 1, "p": price, "q": "1", "m": True}


def test_p_pauses_the_pictures_but_not_the_messages() -> None:
    async def test(shown: Shown) -> None:
        lines = await shown.press("p")
        assert lines[0].startswith("PAUSED  ● connected")
        shown.feed.waiting.append(
            lambda board: board.add_frame("btcusdt@aggTrade", trade("7.5"), 1000.0)
        )
        assert (await shown.lines())[3:] == lines[3:]
        assert shown.board.rows["BTCUSDT"].last == 7.5
        lines = await shown.press("p")
        assert lines[0].startswith("● connected")
        assert any("7.5▼" in line for line in lines)

    shows(test)


def test_b_rings_once_when_a_price_is_reached() -> None:
    async def test(shown: Shown) -> None:
        lines = await shown.press("b", *"70000", "enter")
        assert lines[3].startswith(">BTCUSDT !")
        for price in ("69999", "70000", "70001"):
            frame = trade(price)
            shown.feed.waiting.append(
                lambda board, frame=frame: board.add_frame("btcusdt@aggTrade", frame, 1000.0)
            )
        lines = await shown.lines()
        assert shown.bells == 1
        assert any("alert: BTCUSDT >70000" in line for line in lines)
        assert lines[3].startswith(">BTCUSDT  7")
        await shown.press("b", *"soon", "enter")
        assert shown.bells == 2

    shows(test)


FILLED = {
    "e": "executionReport",
    "E": 1000,
    "s": "BTCUSDT",
    "i": 7,
    "c": "mine",
    "S": "BUY",
    "o": "LIMIT",
    "f": "GTC",
    "q": "2.0",
    "p": "70000.0",
    "x": "TRADE",
    "X": "FILLED",
    "z": "2.0",
    "l": "2.0",
    "L": "70000.0",
    "T": 1000,
    "Z": "140000.0",
    "P": "0.0",
}
HELD = {"balances": [{"balances": [{"asset": "BTC", "free": "3.5", "locked": "0"}]}], "orders": []}


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_u_shows_an_account_instead_of_a_symbol(size: tuple[int, int]) -> None:
    async def test(shown: Shown) -> None:
        lines = await shown.press("u")
        assert lines[-2].startswith("spot, margin, margin:SYMBOL, margin:risk, usdm")
        lines = await shown.press(*"spot", "enter")
        account = shown.feed.account
        assert account == Account("spot")
        assert any(line.startswith("─account spot─") for line in lines)
        assert any("waiting for the account" in line for line in lines)
        assert not any("candles" in line for line in lines)
        tables = AccountPicture()
        shown.feed.waiting = [
            lambda board: board.set_account(account, tables),
            lambda board: tables.asked(),
            lambda board: board.add_account_message(account, FILLED),  # before the answers
            lambda board: tables.answered(read_answers(HELD)),
            lambda board: board.add_account_message(Account("usdm"), FILLED | {"i": 8}),
        ]
        lines = await shown.lines()
        assert any(re.match(r"BTC +3.5", line) for line in lines)
        assert sum("FILLED" in line and "BUY" in line for line in lines) == 1
        assert any("order 7: buy 2 BTCUSDT, limit at 70,000: FILLED" in line for line in lines)
        lines = await shown.press("u", *"spot", "enter")  # which it is already
        assert any(re.match(r"BTC +3.5", line) for line in lines)
        lines = await shown.press("u", "enter")
        assert shown.feed.account is None
        assert any("candles BTCUSDT" in line for line in lines)

    shows(test, size)


def test_an_account_that_is_none_or_cannot_be_followed() -> None:
    async def test(shown: Shown) -> None:
        lines = await shown.press("u", *"stocks", "enter")
        assert any("'stocks' is none of spot, margin, margin:SYMBOL" in line for line in lines)
        assert (shown.bells, shown.feed.account) == (1, None)
        await shown.press("u", *"usdm", "enter")
        shown.feed.waiting.append(lambda board: board.set_account(Account("usdm"), None))
        assert any("candles BTCUSDT" in line for line in await shown.lines())
        assert shown.board.account is None

    shows(test, WIDE)


def test_tab_shows_the_next_panel_where_one_alone_fits() -> None:
    async def test(shown: Shown) -> None:
        seen = []
        for _ in range(4):
            titles = [line for line in await shown.lines() if line.startswith("─")]
            seen.append(titles[1].strip("─"))
            await shown.press("tab")
        assert seen == ["candles BTCUSDT", "book BTCUSDT", "trades BTCUSDT", "candles BTCUSDT"]

    shows(test, NARROW)


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
@pytest.mark.parametrize("before", [[], ["question_mark"], ["p"]], ids=str)
def test_it_can_be_left_at_any_time(key: str, before: list[str]) -> None:
    async def test(shown: Shown) -> None:
        await shown.press(*before)
        await shown.pilot.press(key)

    assert shows(test).return_code == 0


def test_ctrl_c_ends_it_in_a_question_too() -> None:
    async def test(shown: Shown) -> None:
        await shown.press("a", "x")
        await shown.pilot.press("ctrl+c")

    assert shows(test).return_code == 0


def test_a_signal_ends_it() -> None:
    async def test(shown: Shown) -> None:
        shown.app._stop.set()
        await shown.lines()

    assert shows(test).return_code == 0


def test_the_layout_follows_the_size() -> None:
    async def test(shown: Shown) -> None:
        for width, height in (NARROW, WIDE, (60, 12), MIDDLE):
            await shown.pilot.resize_terminal(width, height)
            lines = await shown.lines()
            assert len(lines) == height
            assert max(map(len, lines)) <= width
            assert lines[-1].startswith("q quit")
            assert any("book BTCUSDT" in line for line in lines) == (width > 60)

    shows(test)


# what goes wrong


def test_a_cut_is_shown_with_its_cause_and_gaps() -> None:
    async def test(shown: Shown) -> None:
        board = shown.board
        board.add_event(events.Disconnected(**KEY, reason="the peer has gone", code=1006))
        assert (await shown.lines())[0].startswith("● not connected: the peer has gone  simulator")
        board.add_event(events.Connected(**KEY))
        board.add_event(events.Resumed(**KEY, downtime=1.5))
        board.add_event(events.Gap(**KEY, stream="btcusdt@aggTrade", first=3, last=9))
        board.add_event(events.Rotated(**KEY))
        lines = await shown.lines()
        assert lines[0].startswith("● connected")
        assert [re.sub(r"^\S+ ", "", line) for line in lines[-5:-1] if line][-3:] == [
            "receiving again after 1.5 s",
            "missing events: btcusdt@aggTrade 7",
            "moved to a new connection without a gap",
        ]

    shows(test)


@pytest.mark.parametrize(("colour", "encoding"), [(True, "ascii"), (False, "utf-8")])
def test_without_colour_or_utf8(
    colour: bool, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stream:
        pass

    Stream.encoding = encoding  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "__stderr__", Stream())
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")

    async def test(shown: Shown) -> None:
        await shown.press("b", *"70000", "enter")
        lines = await shown.lines()
        assert "".join(lines).isascii() == (encoding == "ascii")
        colours = set(re.findall(r"fill: (#\w+)", shown.app.export_screenshot()))
        assert ("#2ebd85" in colours) == colour

    shows(test)


# the file of the watchlist


def test_the_watchlist_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "watchlist.json"

    async def change(shown: Shown) -> None:
        assert first_words(await shown.lines())[0] == ">BTCUSDT"
        assert not path.exists()
        await shown.press("d", "s", "a", *"ltcbtc", "enter", "b", *">5")
        await shown.press("enter")

    async def look(shown: Shown) -> None:
        lines = await shown.lines()
        assert lines[1].startswith("─watchlist, by name")
        assert "LTCBTC" in first_words(lines)
        assert "BTCUSDT" not in first_words(lines)

    shows(change, path=path)
    saved = json.loads(path.read_text())
    assert saved["alerts"] == {"LTCBTC": [">5"]}
    assert list(path.parent.iterdir()) == [path]
    shows(look, path=path)
    assert json.loads(path.read_text()) == saved


@pytest.mark.parametrize("text", ["", "{", "[]", '{"symbols": 7}', "\x00"])
def test_a_broken_watchlist_is_reported_and_does_not_stop_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / "watchlist.json"
    path.write_text(text)

    async def test(shown: Shown) -> None:
        lines = await shown.lines()
        assert first_words(lines)[0] == ">BTCUSDT"
        assert any("cannot be read: " in line for line in lines)

    shows(test, WIDE, path)
    assert path.read_text() == text


def test_a_watchlist_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    async def test(shown: Shown) -> None:
        lines = await shown.press("s")
        assert any("cannot be written: " in line for line in lines)

    shows(test, WIDE, tmp_path / "file" / "watchlist.json")


@pytest.mark.parametrize(
    ("exchange", "variables", "name"),
    [
        (Exchange(), {}, "watchlist.json"),
        (Exchange("production"), {"BINANCE_ENV": "us"}, "watchlist.json"),
        (Exchange("testnet"), {}, "watchlist-testnet.json"),
        (Exchange(), {"BINANCE_ENV": "us"}, "watchlist-us.json"),
        (Exchange(), {"BINANCE_STREAM_URL": "nats://127.0.0.1"}, "watchlist.json"),
        (Exchange(), {"BINANCE_API_URL": "http://[::1]:1"}, "watchlist-..1.json"),
        (Exchange(demo=True), {"BINANCE_ENV": "moon"}, None),
    ],
)
def test_each_exchange_has_a_watchlist_of_its_own(
    exchange: Exchange,
    variables: dict[str, str],
    name: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("BINANCE_ENV", "BINANCE_STREAM_URL", "BINANCE_API_URL"):
        monkeypatch.setenv(variable, variables.get(variable, ""))
    path = app_module.watchlist_path(exchange)
    assert (path and path.name) == name


# in a terminal of its own


class Screen(Terminal):
    """A terminal whose text is what its screen shows now."""

    def __init__(self, *arguments: Any, columns: int) -> None:
        self.screen = pyte.Screen(columns, 24)
        self._stream = pyte.Stream(self.screen)
        self._fed = 0
        super().__init__(*arguments, columns)

    @property
    def text(self) -> str:
        # pyte knows no private answers and modes of keyboards
        new = re.sub(r"\x1b\[[<>=][\d;]*u|\x1b\[\?\d+\$p", "", self.printed[self._fed :])
        self._fed = len(self.printed)
        self._stream.feed(new)
        return "\n".join(self.screen.display)

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        super().resize(columns, rows)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Screen]]:
    """Starts the dashboard: `opened(exchange, "--demo", columns=80, NAME="value")`."""
    running: list[Screen] = []

    def start(
        exchange: ExchangeProcess | None, *arguments: str, columns: int = 80, **more: str
    ) -> Screen:
        env = environment(exchange, XDG_CONFIG_HOME=str(tmp_path), **more)
        running.append(Screen([*arguments], env, columns=columns))
        return running[-1]

    yield start
    for one in running:
        one.close()


def test_a_terminal_shows_a_cut_and_a_resize_and_is_left_as_it_was(
    opened: Callable[..., Screen], calm: ExchangeProcess
) -> None:
    shown = opened(calm)
    shown.wait_for(r"● connected  own addresses  0:00:\d\d")
    shown.wait_for(r">BTCUSDT +[\d,]+\.\d\d[▲▼ ] +[+-]\d+\.\d\d% [▁▂▃▄▅▆▇█]+ +\d+\.\d +-?\d+ ms")
    shown.wait_for(r"spread [\d.]+  [\d.]+ bp")
    shown.wait_for(r"\d\d:\d\d +\d\d:\d\d")  # the axis of the candles
    calm.fault("drop")
    shown.wait_for(r"not connected: ")
    shown.wait_for(r"receiving again after \d+\.\d s")
    shown.wait_for(r"fetched events: \w+@aggTrade \d")
    shown.resize(60, 20)
    shown.wait_for(r"symbol +last +24 h +day +msg/s +latency( +age)? *\n")
    shown.wait_for(r"─candles BTCUSDT─+\n(.*\n)+─log─+\n(.*\n)+q quit .* u user")
    shown.press("d")
    shown.wait_for(r">ETHUSDT")
    shown.press(CTRL_C)
    assert shown.ends() == 0
    assert shown.is_as_it_was()
    shown = opened(calm)
    shown.wait_for(r">ETHUSDT")
    assert "BTCUSDT" not in shown.text
    shown.press("q")
    assert shown.ends() == 0


@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_without_utf8_gets_ascii(
    colour: bool, opened: Callable[..., Screen], market: ExchangeProcess
) -> None:
    more = {} if colour else {"NO_COLOR": "1"}
    shown = opened(market, PYTHONIOENCODING="ascii", **more)
    shown.wait_for(r"\* connected")
    shown.wait_for(r"-candles BTCUSDT-+ -book BTCUSDT-+ -trades BTCUSDT-")
    shown.wait_for(r"spread")
    shown.press("q")
    assert shown.ends() == 0
    assert shown.printed.isascii()
    coloured = re.search(r"\x1b\[[\d;]*[34]8;[25];", shown.printed)
    assert (coloured is not None) == colour


def test_without_a_network_the_cause_is_there_within_three_seconds(
    opened: Callable[..., Screen],
) -> None:
    shown = opened(
        None, BINANCE_STREAM_URL="wss://127.0.0.1:1", BINANCE_API_URL="https://127.0.0.1:1"
    )
    shown.wait_for(r"q quit")
    began = time.monotonic()
    shown.wait_for(r"not connected: connecting to 127\.0\.0\.1:1: ")
    assert in_time(time.monotonic() - began, 3)
    shown.wait_for(r"for more: binance-sockets")
    shown.press("q")
    assert shown.ends() == 0


def test_demo_brings_its_own_exchange_and_keeps_no_watchlist(
    opened: Callable[..., Screen], tmp_path: Path
) -> None:
    shown = opened(None, "--demo", BINANCE_STREAM_URL="wss://127.0.0.1:1")
    shown.wait_for(r"● connected  simulator")
    shown.wait_for(r">BTCUSDT +[\d,]+\.\d\d")
    shown.press("d")
    shown.wait_for(r">ETHUSDT")
    shown.press("q")
    assert shown.ends() == 0
    assert list(tmp_path.iterdir()) == []


def test_it_serves_its_state(opened: Callable[..., Screen], market: ExchangeProcess) -> None:
    shown = opened(market, "--status", "0")
    found = shown.wait_for(r"status page: (http://127\.0\.0\.1:\d+/)")  # later lines push it out
    shown.wait_for(r"● connected")
    with urllib.request.urlopen(f"{found[1]}metrics") as answer:
        assert b"binance_socket_messages_total{" in answer.read()
    shown.press("q")
    assert shown.ends() == 0


def show_account(shown: Screen, name: str) -> None:
    shown.press("u")
    shown.wait_for(r"spot, margin, margin:SYMBOL")
    shown.press(name)
    shown.wait_for(rf"\n{name} ")
    shown.press("\r")


def test_accounts_are_shown_and_left(opened: Callable[..., Screen]) -> None:
    shown = opened(None, "--demo", BINANCE_API_KEY="")
    shown.wait_for(r">BTCUSDT +[\d,]+\.\d\d")
    for account, table in (("usdm", r"time +symbol +side"), ("spot", r"asset +free +locked *\n")):
        show_account(shown, account)
        shown.wait_for(rf"─account {account}─+\n(.*\n)*{table}")
        shown.wait_for(r"order \d+: buy [\d.]+ BTCUSDT, limit at")
    show_account(shown, "")
    shown.wait_for(r"─candles BTCUSDT─")
    shown.press("q")
    assert shown.ends() == 0


@pytest.mark.parametrize(
    ("account", "key", "secret", "cause"),
    [
        ("spot", "", "", "there is no API key; set BINANCE_API_KEY"),
        ("spot", "X" * 64, "S" * 64, "account: stopped reconnecting: "),
        ("usdm", "K" * 64, "T" * 64, "cannot fill the tables: Signature for this request"),
    ],
    ids=["missing", "unknown", "wrong-secret"],
)
def test_an_account_needs_a_key(
    opened: Callable[..., Screen],
    market: ExchangeProcess,
    account: str,
    key: str,
    secret: str,
    cause: str,
) -> None:
    shown = opened(market, BINANCE_API_KEY=key, BINANCE_API_SECRET=secret)
    shown.wait_for(r"● connected")
    show_account(shown, account)
    shown.wait_for(cause)
    shown.wait_for(r"─candles BTCUSDT─")
    shown.press("q")
    assert shown.ends() == 0


def test_it_ends_with_its_terminal(opened: Callable[..., Screen], market: ExchangeProcess) -> None:
    shown = opened(market)
    shown.wait_for(r"● connected")
    shown.send(signal.SIGHUP)
    assert shown.ends() == -signal.SIGHUP


CALL = "from binance.cli import main; main([])"


@pytest.mark.parametrize(
    ("before", "missing"),
    [
        ("import sys; sys.modules['textual'] = None", True),
        ("import os; os.environ['TERM'] = 'dumb'", False),
        ("import sys; sys.stdin = open('/dev/null')", False),
    ],
)
def test_where_it_cannot_be_shown_the_usage_is(before: str, missing: bool) -> None:
    shown = Terminal(
        [], environment(None), program=f"{before}; from binance.cli import main; main([])"
    )
    try:
        assert shown.ends() == 0
    finally:
        shown.close()
    hint = (
        "binance-sockets: the dashboard needs textual; install it with: "
        'pip install "binance-socket-manager[dashboard]"'
    )
    printed = " ".join(shown.text.split())
    assert printed.startswith(f"{hint} Usage: " if missing else "Usage: ")
    assert "binance-sockets doctor" in printed
