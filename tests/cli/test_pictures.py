"""The pictures fit every terminal, and say what they should."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from rich.console import Console, RenderableType

from binance import events
from binance.cli.figures import Figures
from binance.cli.ladder import Ladder, rows_for, spread_in_words
from binance.cli.notes import Notes, words
from binance.cli.record import sized
from binance.cli.tables import Heading, span, streams_table
from binance.sansio.book.orderbook import BookSnapshot, Level

SIZES = [(columns, rows) for columns in (20, 40, 60, 80, 100, 160) for rows in (4, 8, 12, 24, 50)]
STREAMS = ["btcusdt@trade", "ethusdt@kline_1m", "!miniTicker@arr", "bnbbtc@depth20@100ms"] * 3


def drawn(picture: RenderableType, columns: int, rows: int) -> list[str]:
    console = Console(file=io.StringIO(), width=columns, height=rows, force_terminal=False)
    console.print(picture)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return [line.rstrip() for line in text.split("\n")]


def heading(**more: object) -> Heading:
    given: dict[str, object] = {"connected": True, "seconds": 3661.0}
    given |= {"wall": 1000.0, "steady": 1000.0, **more}
    return Heading("simulator", **given)  # type: ignore[arg-type]


def notes() -> Notes:
    told = Notes()
    for number in range(9):
        told.add(1000.0 + number, f"note {number} " + "long " * 30)
    return told


def figures() -> list[Figures]:
    rows = []
    for name in STREAMS:
        row = Figures(name)
        row.heard({"e": "trade", "p": "64000.12", "E": 999_000}, 990.0)
        row.heard({"e": "trade", "p": "64010.12", "E": 999_000}, 999.5)
        rows.append(row)
    return rows


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_the_table_is_no_wider_than_the_terminal_and_names_what_it_leaves_out(
    columns: int, rows: int
) -> None:
    lines = drawn(streams_table(heading(), figures(), notes(), (columns, rows)), columns, rows)
    assert max(map(len, lines)) <= columns
    if rows >= 8 and columns >= 40:
        assert len(lines) - 1 <= rows
        shown = sum(line.startswith(("btc", "eth", "!mini", "bnb")) for line in lines)
        assert shown >= 1
        if shown < len(STREAMS):
            assert any(line.startswith(f"… and {len(STREAMS) - shown} more") for line in lines)


def test_a_wide_table_tells_everything() -> None:
    lines = drawn(streams_table(heading(reconnects=2), figures()[:1], notes(), (110, 24)), 110, 24)
    assert lines[0] == "● connected  simulator  1:01:01  Ctrl-C ends"
    titles = "stream last change age latency reconnects messages msg/s"
    assert " ".join(lines[2].split()) == titles
    # latency: smoothed towards the last one, which is far below the first
    assert lines[3].split()[:6] == ["btcusdt@trade", "64010.12", "+0.02%", "0.5", "s", "-7100"]
    assert lines[3].split()[6:] == ["ms", "2", "2", "0.0"]
    assert [line.split()[1:3] for line in lines[5:9]] == [["note", str(n)] for n in range(5, 9)]


def test_a_narrow_table_keeps_what_matters_most() -> None:
    lines = drawn(streams_table(heading(connected=False), figures()[:1], Notes(), (44, 9)), 44, 9)
    assert lines[0].startswith("● not connected")
    assert lines[2].split() == ["stream", "last", "change", "msg/s"]


def book(levels: int = 30, synced: bool = True) -> BookSnapshot:
    return BookSnapshot(
        symbol="BTCUSDT",
        update_id=7,
        update_time=1,
        synced=synced,
        bids=tuple(Level(Decimal(64000 - n), Decimal(n + 1) / 8) for n in range(levels)),
        asks=tuple(Level(Decimal(64001 + n), Decimal(n + 1) / 4) for n in range(levels)),
    )


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_the_ladder_fits_the_terminal(columns: int, rows: int) -> None:
    shown = book(min(30, rows_for(rows)))
    lines = drawn(Ladder().draw(heading(), shown, notes(), (columns, rows)), columns, rows)
    assert max(map(len, lines)) <= columns
    if rows >= 8:
        assert len(lines) - 1 <= rows


def test_the_ladder_has_bids_on_the_left_and_bars_outwards() -> None:
    lines = drawn(Ladder().draw(heading(), book(2), Notes(), (80, 24)), 80, 24)
    assert lines[1] == "● in step"
    best, second = lines[2:4]
    assert best.split()[1:5] == ["0.125", "64000", "64001", "0.250"]
    assert second.split()[1:5] == ["0.250", "63999", "64002", "0.500"]
    longest = second.count("█") - second.split()[0].count("█")
    assert [len(line.split()[place]) for line in (best, second) for place in (0, -1)] == [
        pytest.approx(longest * share, abs=1) for share in (0.25, 0.5, 0.5, 1)
    ]
    assert best.index("0.125") == second.index("0.250")
    assert lines[5] == "spread 1 (0.16 basis points)   bids 33 % of what is shown"


def test_the_ladder_says_when_it_is_out_of_step_or_empty() -> None:
    lines = drawn(Ladder().draw(heading(), book(1, synced=False), Notes(), (80, 24)), 80, 24)
    assert lines[1] == "● out of step"
    lines = drawn(Ladder().draw(heading(), book(0), Notes(), (80, 24)), 80, 24)
    assert "one side is empty" in lines
    assert spread_in_words(book(0)) == "one side is empty"


def test_spans_and_sizes() -> None:
    assert [span(seconds) for seconds in (0, 59.9, 3600, 90061)] == [
        *("0:00:00", "0:00:59", "1:00:00", "25:01:01"),
    ]
    assert [sized(octets) for octets in (0, 999, 1000, 12_345_678, 5 * 10**9)] == [
        *("0 B", "999 B", "1.0 kB", "12.3 MB", "5.0 GB"),
    ]


WHAT = {"key": "k", "when": 1.0}
EVENTS = [
    (events.Connected(**WHAT), "connected"),
    (events.Disconnected(**WHAT, code=1006, reason="cut"), "lost: cut (code 1006)"),
    (events.Disconnected(**WHAT, reason="no", http_status=451), "lost: no (HTTP 451)"),
    (events.Disconnected(**WHAT), "lost: closed"),
    (events.Retrying(**WHAT, attempt=2, delay=1.25), "try 2 in 1.2 s"),
    (events.Delayed(**WHAT, until=61.0, reason="a ban"), "connects in 60 s: a ban"),
    (events.Resumed(**WHAT, downtime=3.0), "receiving again after 3.0 s"),
    (events.Rotated(**WHAT), "moved to a new link without a gap"),
    (events.GaveUp(**WHAT, reason="region"), "given up: region"),
    (events.Silent(**WHAT, stream="a@trade", cause="quiet"), "a@trade is silent: quiet"),
    (events.Gap(**WHAT, stream="a@trade"), "a@trade: some events are missing"),
    (events.Gap(**WHAT, stream="a", first=1, last=2), "a: events 1 to 2 are missing"),
    (events.Overflowed(**WHAT, dropped=3), "3 messages were dropped"),
    (events.CallbackFailed(**WHAT, error=KeyError("x")), "a fault in this program: KeyError('x')"),
    (events.Backfilled(**WHAT, stream="a", first=1, last=2), ""),
]


@pytest.mark.parametrize(("event", "text"), EVENTS)
def test_events_in_words(event: events.Event, text: str) -> None:
    assert words(event) == text


def test_notes_are_one_line_each_without_secrets_and_count_gaps() -> None:
    told = Notes()
    told.tell(events.Gap(**WHAT, stream="a", first=1, last=2))
    told.tell(events.Disconnected(**WHAT, reason="two\nlines token=abc\x1b[31m"))
    told.tell(events.Backfilled(**WHAT, stream="a", first=1, last=2))
    assert told.gaps == 1
    assert [text for _, text in told.lines][1] == "lost: two lines token=***"
