"""The dashboard's pictures fit every size, and say what they should."""

from __future__ import annotations

import io

import pytest
from rich.console import Console, RenderableType

from binance import events
from binance.cli.dashboard.board import Board, Candle, Row
from binance.cli.dashboard.pictures import (
    ASCII,
    PANELS,
    candle_chart,
    gauge,
    heading,
    sparkline,
)

SIZES = [(width, height) for width in (20, 30, 48, 60, 80, 120) for height in (1, 2, 3, 8, 30)]
KEY = {"key": "k", "when": 1000.0}
SYMBOLS = ["BTCUSDT", "ETHUSDT", "BNBBTC", "XRPUSDT", "SOLUSDT"]


def full() -> Board:
    """A board that has received something of everything."""
    board = Board()
    board.restore({"symbols": SYMBOLS})
    board.add_event(events.Connected(**KEY))
    for number, symbol in enumerate(SYMBOLS):
        row = board.rows[symbol]
        price = round(64000.5 / (number * 9 + 1), 1)
        for second in range(30):
            event = {"e": "aggTrade", "E": 1_000_000, "T": second * 1000, "p": str(price + second)}
            event |= {"q": "0.125", "m": second % 2 == 0}
            board.add_frame(f"{symbol.lower()}@aggTrade", event, 1000.0)
        ticker = {"E": 1_000_000, "P": str(number - 2), "c": str(price)}
        row.read("ticker", ticker | {"h": f"{price * 1.1:.1f}", "l": f"{price * 0.9:.1f}"})
        minutes = [[n * 60_000, price, price + n, price - n, price - n / 2] for n in range(200)]
        board.add_history(symbol, "1m", minutes)
        hours = [[n * 3_600_000, price, price, price, price + n % 5] for n in range(25)]
        board.add_history(symbol, "1h", hours)
        sides = {"bids": [(price - n, n + 1.0) for n in range(20)]}
        row.book = sides | {"asks": [(price + 1 + n, 2.0) for n in range(20)]}
        row.is_synced = True
    board.tick(1.0, 1000.0)
    board.tick(3.0, 1002.5)
    return board


def drawn(picture: RenderableType, width: int, wraps: bool = False) -> list[str]:
    console = Console(file=io.StringIO(), width=width if wraps else 500, color_system=None)
    console.print(picture)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return [line.rstrip() for line in text.rstrip("\n").split("\n")]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("name", ["watchlist", "candles", "book", "trades"])
def test_a_panel_is_no_larger_than_its_place(name: str, width: int, height: int) -> None:
    lines = drawn(PANELS[name](full(), width, height), width)
    least = {"watchlist": 40, "trades": 20, "book": 20, "candles": 20}[name]  # cut by the screen
    assert max(map(len, lines)) <= max(width, least)
    assert len(lines) <= max(height, 3 if name == "book" else 2)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PANELS)
def test_an_empty_board_can_be_drawn(name: str, size: tuple[int, int]) -> None:
    empty, fresh = Board(), Board()
    fresh.restore({"symbols": ["BTCUSDT"]})
    for board in (empty, fresh):
        lines = drawn(PANELS[name](board, *size), size[0])
        assert max(map(len, lines)) <= max(size[0], 40)


@pytest.mark.parametrize(
    ("width", "titles"),
    [
        (120, ["symbol", "last", "24 h", "day", "msg/s", "latency", "age", "24 h range"]),
        (80, ["symbol", "last", "24 h", "day", "msg/s", "latency", "age", "24 h range"]),
        (60, ["symbol", "last", "24 h", "day", "msg/s", "latency", "age"]),
        (40, ["symbol", "last", "24 h", "day"]),
    ],
)
def test_a_narrow_watchlist_keeps_what_matters_most(width: int, titles: list[str]) -> None:
    lines = drawn(PANELS["watchlist"](full(), width, 9), width)
    assert " ".join(lines[0].split()) == " ".join(titles)


def test_a_row_of_the_watchlist() -> None:
    board = full()
    board.alert(">70000")
    cells = drawn(PANELS["watchlist"](board, 120, 9), 120)[1].split()
    assert cells[:4] == [">BTCUSDT", "!", "64,000.5▼", "-2.00%"]
    assert len(cells[4]) == 25
    assert cells[5:] == [
        *("0.0", "0", "ms", "2.5", "s", "57,600.5", "───────────●────────────", "70,400.6"),
    ]


def test_the_watchlist_scrolls_to_the_selected_row() -> None:
    board = full()
    board.move(4)
    lines = drawn(PANELS["watchlist"](board, 80, 3), 80)
    assert [line.split()[0] for line in lines[1:]] == ["XRPUSDT", ">SOLUSDT"]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        *(([], ""), ([5.0], "▁"), ([1.0, 1.0], "▁▁"), ([0.0, 7.0], "▁█")),
        (list(range(8)), "▁▂▃▄▅▆▇█"),
    ],
)
def test_sparklines(values: list[float], text: str) -> None:
    assert sparkline(values) == text


@pytest.mark.parametrize(
    ("last", "width", "text"),
    [
        (None, 9, ""),
        (90.0, 5, "●────"),
        (110.0, 5, "────●"),
        (120.0, 5, "────●"),
        (100.0, 5, "──●──"),
        (100.0, 14, "90 ───●─── 110"),
    ],
)
def test_gauges(last: float | None, width: int, text: str) -> None:
    row = Row("A")
    row.last, row.low, row.high = last, 90.0, 110.0
    assert gauge(row, width) == text


@pytest.mark.parametrize(
    ("candles", "lines"),
    [
        # open, high, low, close; two rows have four halves: prices 0 to 3
        ([(0, 3, 0, 3)], ["┃", "┃"]),
        ([(1, 3, 0, 2)], ["╽", "╿"]),
        ([(0, 3, 0, 0)], ["│", "╽"]),
        ([(3, 3, 3, 3), (0, 0, 0, 0)], ["╹ ", " ╻"]),
        ([(2, 2, 1, 2), (3, 3, 3, 3), (0, 1, 0, 0)], ["╻╹ ", "╵ ╽"]),
        ([(5, 5, 5, 5)], [" ", "╻"]),
    ],
)
def test_candle_charts(candles: list[tuple[float, ...]], lines: list[str]) -> None:
    chart = candle_chart([Candle(0, *prices) for prices in candles], 2)
    assert [line.plain for line in chart] == lines


def test_the_candles_have_a_price_and_a_time_axis() -> None:
    lines = drawn(PANELS["candles"](full(), 60, 8), 60)
    assert lines[0].endswith(" 64,199.5")
    assert lines[6].endswith(" 63,801.5")
    assert [len(line.split(":")) for line in lines[7].split()] == [2, 2]


def test_the_book_has_its_best_levels_in_the_middle() -> None:
    lines = drawn(PANELS["book"](full(), 40, 6), 40)
    assert [line.split()[0] for line in lines] == [
        *("64,002.5", "64,001.5", "spread", "64,000.5", "63,999.5"),
    ]
    assert lines[2].split() == ["spread", "1.0", "0.16", "bp"]
    assert [lines[number].count("█") for number in (0, 3, 4)] == [29, 14, 29]
    board = full()
    board.rows[board.selected].is_synced = False
    assert drawn(PANELS["book"](board, 40, 6), 40)[2].strip() == "out of sync"


def test_the_tape_is_newest_first_and_has_a_time_where_there_is_room() -> None:
    wide, narrow = (drawn(PANELS["trades"](full(), width, 2), width) for width in (40, 24))
    assert [line.split()[1:] for line in wide] == [["64,029.5▲", "0.125"], ["64,028.5▼", "0.125"]]
    assert narrow == [" ".join(line.split(" ")[1:]) for line in wide]


@pytest.mark.parametrize(
    ("happened", "paused", "text"),
    [
        ([], False, "● not connected: connecting  x  0:00:02  0 msg/s"),
        ([events.Connected(**KEY)], False, "● connected  x  0:00:02  0 msg/s"),
        ([events.Connected(**KEY)], True, "PAUSED  ● connected  x  0:00:02  0 msg/s"),
        (
            [events.Disconnected(**KEY, reason="cut")],
            False,
            "● not connected: cut  x  0:00:02  0 msg/s",
        ),
    ],
)
def test_the_heading(happened: list[events.Event], paused: bool, text: str) -> None:
    board = Board()
    for event in happened:
        board.add_event(event)
    board.tick(1.0, 1000.0)
    board.tick(3.0, 1002.0)
    assert heading(board, "x", paused).plain == text


def test_an_empty_panel_says_why() -> None:
    board = Board()
    assert drawn(PANELS["book"](board, 40, 5), 40) == ["the key a adds a symbol"]
    board.add("BTCUSDT")
    assert drawn(PANELS["book"](board, 40, 5), 40) == ["waiting for data"]
    board.add_event(events.Disconnected(**KEY, reason="DNS lookup failed"))
    lines = drawn(PANELS["candles"](board, 30, 5), 30)
    assert lines == ["DNS lookup failed (for more:", "binance-sockets doctor)"]


def test_every_character_has_a_fallback() -> None:
    board = full()
    board.alert(">70000")
    texts = [heading(board, "x", True).plain]
    texts += ["\n".join(drawn(picture(board, 120, 30), 120)) for picture in PANELS.values()]
    assert not "".join(texts).isascii()
    assert "".join(texts).translate(ASCII).isascii()
