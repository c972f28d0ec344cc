"""The pictures fit every terminal, and say what they should."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from rich.console import Console, RenderableType

from binance import events
from binance.cli.account.picture import MOST_ORDERS, AccountPicture
from binance.cli.account.rows import read_answers
from binance.cli.errors import CommandError
from binance.cli.event_text import ConnectionLog, connection_text
from binance.cli.record import size_text
from binance.cli.screen.pictures import (
    BookPicture,
    Heading,
    clock_text,
    levels_that_fit,
    spread_text,
    streams_picture,
)
from binance.cli.screen.stream_stats import StreamStats, percent
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


def log() -> ConnectionLog:
    filled = ConnectionLog()
    for number in range(9):
        filled.add(f"note {number} " + "long " * 30, 1000.0 + number)
    return filled


def stats() -> list[StreamStats]:
    rows = []
    for name in STREAMS:
        row = StreamStats(name)
        row.add({"e": "trade", "p": "64000.12", "E": 999_000}, 990.0)
        row.add({"e": "trade", "p": "64010.12", "E": 999_000}, 999.5)
        rows.append(row)
    return rows


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_the_table_is_no_wider_than_the_terminal_and_names_what_it_leaves_out(
    columns: int, rows: int
) -> None:
    lines = drawn(streams_picture(heading(), stats(), log(), (columns, rows)), columns, rows)
    assert max(map(len, lines)) <= columns
    if rows >= 8 and columns >= 40:
        assert len(lines) - 1 <= rows
        shown = sum(line.startswith(("btc", "eth", "!mini", "bnb")) for line in lines)
        assert shown >= 1
        if shown < len(STREAMS):
            assert any(line.startswith(f"… and {len(STREAMS) - shown} more") for line in lines)


def test_a_wide_table_tells_everything() -> None:
    lines = drawn(streams_picture(heading(reconnects=2), stats()[:1], log(), (110, 24)), 110, 24)
    assert lines[0] == "● connected  simulator  1:01:01  q ends"
    titles = "stream last change age latency reconnects messages msg/s"
    assert " ".join(lines[2].split()) == titles
    # latency: smoothed towards the last one, which is far below the first
    assert lines[3].split()[:6] == ["btcusdt@trade", "64,010.12", "+0.02%", "0.5", "s", "-7100"]
    assert lines[3].split()[6:] == ["ms", "2", "2", "0.0"]
    assert [line.split()[1:3] for line in lines[5:9]] == [["note", str(n)] for n in range(5, 9)]


def test_a_narrow_table_keeps_what_matters_most() -> None:
    lines = drawn(
        streams_picture(heading(connected=False), stats()[:1], ConnectionLog(), (44, 9)), 44, 9
    )
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
    shown = book(min(30, levels_that_fit(rows)))
    lines = drawn(BookPicture().draw(heading(), shown, log(), (columns, rows)), columns, rows)
    assert max(map(len, lines)) <= columns
    if rows >= 8:
        assert len(lines) - 1 <= rows


def test_the_ladder_has_bids_on_the_left_and_bars_outwards() -> None:
    lines = drawn(BookPicture().draw(heading(), book(2), ConnectionLog(), (80, 24)), 80, 24)
    assert lines[1] == "● in sync"
    best, second = lines[2:4]
    assert best.split()[1:5] == ["0.125", "64,000", "64,001", "0.250"]
    assert second.split()[1:5] == ["0.250", "63,999", "64,002", "0.500"]
    longest = second.count("█") - second.split()[0].count("█")
    assert [len(line.split()[place]) for line in (best, second) for place in (0, -1)] == [
        pytest.approx(longest * share, abs=1) for share in (0.25, 0.5, 0.5, 1)
    ]
    assert best.index("0.125") == second.index("0.250")
    assert lines[5] == "spread 1 (0.16 basis points)   bids 33 % of the quantity shown"


def test_the_ladder_says_when_it_is_out_of_step_or_empty() -> None:
    lines = drawn(
        BookPicture().draw(heading(), book(1, synced=False), ConnectionLog(), (80, 24)), 80, 24
    )
    assert lines[1] == "● out of sync"
    lines = drawn(BookPicture().draw(heading(), book(0), ConnectionLog(), (80, 24)), 80, 24)
    assert "one side is empty" in lines
    assert spread_text(book(0)) == "one side is empty"


def test_spans_and_sizes() -> None:
    assert [clock_text(seconds) for seconds in (0, 59.9, 3600, 90061)] == [
        *("0:00:00", "0:00:59", "1:00:00", "25:01:01"),
    ]
    assert [size_text(octets) for octets in (0, 999, 1000, 12_345_678, 5 * 10**9)] == [
        *("0 B", "999 B", "1.0 kB", "12.3 MB", "5.0 GB"),
    ]


WHAT = {"key": "k", "when": 1.0}
EVENTS = [
    (events.Connected(**WHAT), "connected"),
    (events.Disconnected(**WHAT, code=1006, reason="cut"), "disconnected: cut (code 1006)"),
    (events.Disconnected(**WHAT, reason="no", http_status=451), "disconnected: no (HTTP 451)"),
    (events.Disconnected(**WHAT), "disconnected: closed"),
    (events.Retrying(**WHAT, attempt=2, delay=1.25), "reconnects in 1.2 s (attempt 2)"),
    (events.Delayed(**WHAT, until=61.0, reason="a ban"), "connects in 60 s: a ban"),
    (events.Resumed(**WHAT, downtime=3.0), "receiving again after 3.0 s"),
    (events.Rotated(**WHAT), "moved to a new connection without a gap"),
    (events.GaveUp(**WHAT, reason="region"), "stopped reconnecting: region"),
    (events.Silent(**WHAT, stream="a@trade", cause="quiet"), "a@trade is silent: quiet"),
    (events.Gap(**WHAT, stream="a@trade"), "a@trade: some events are missing"),
    (events.Gap(**WHAT, stream="a", first=1, last=2), "a: events 1 to 2 are missing"),
    (events.Overflowed(**WHAT, dropped=3), "3 messages were dropped"),
    (events.CallbackFailed(**WHAT, error=KeyError("x")), "an error in this program: KeyError('x')"),
    (
        events.Gap(**WHAT, stream="a", first=1, last=2, reason="HTTP 503"),
        "a: events 1 to 2 are missing: HTTP 503",
    ),
    (
        events.Backfilled(**WHAT, stream="a", first=1, last=2),
        "a: events 1 to 2 were fetched",
    ),
]


@pytest.mark.parametrize(("event", "text"), EVENTS)
def test_events_in_words(event: events.Event, text: str) -> None:
    assert connection_text(event) == text


def test_lines_of_the_log_hold_no_secrets_and_gaps_are_counted() -> None:
    log = ConnectionLog()
    log.add_event(events.Gap(**WHAT, stream="a", first=1, last=2))
    log.add_event(events.Disconnected(**WHAT, reason="two\nlines token=abc\x1b[31m"))
    log.add_event(events.Backfilled(**WHAT, stream="a", first=1, last=2))
    assert log.gaps == 1
    assert [text for _, text in log.lines][1] == "disconnected: two lines token=***"


def test_lines_of_the_log_name_the_market_but_for_spot() -> None:
    log = ConnectionLog()
    log.add_event(events.Connected(key="streams=btcusdt@kline_1d@+08:00", when=0.0))
    log.add_event(events.Connected(key="usdm:streams=btcusdt@aggTrade", when=0.0))
    assert [text for _, text in log.lines] == ["connected", "usdm: connected"]


def test_the_log_keeps_the_state_of_the_connections_and_prints_lines_if_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = ConnectionLog(on_stderr=True)
    log.add_event(events.Connected(**WHAT))
    assert log.is_connected
    log.add_event(events.Disconnected(**WHAT))
    log.add_event(events.Resumed(**WHAT, downtime=3.0))
    assert (log.is_connected, log.reconnects) == (False, 1)
    log.check("it failed")  # it goes on trying
    log.add_event(events.GaveUp(**WHAT, reason="refused", code=-2015))
    with pytest.raises(CommandError, match=r"^it failed: refused \(-2015\)$"):
        log.check("it failed")
    printed = capsys.readouterr().err.splitlines()
    assert [line.split(" ", 1)[1] for line in printed] == [text for _, text in log.lines]
    assert len(printed) == 4


ACCOUNT = {
    "balances": [
        {"asset": "BNB", "free": "0.00000000", "locked": "0.00000000"},
        {"asset": "USDT", "free": "1234567.89000000", "locked": "0.50000000"},
        {"asset": "BTC", "free": "0.00012345", "locked": "0.00000000"},
    ]
}
OPEN_ORDER = {
    "orderId": 1,
    "symbol": "BTCUSDT",
    "side": "BUY",
    "status": "NEW",
    "type": "LIMIT",
    "origQty": "1500.00000000",
    "executedQty": "0.00000000",
    "price": "64000.50000000",
    "time": 0,
}
FILLED = {
    "e": "executionReport",
    "i": 2,
    "s": "ETHUSDT",
    "S": "SELL",
    "X": "FILLED",
    "o": "MARKET",
    "q": "0.10000000",
    "z": "0.10000000",
    "p": "0.00000000",
    "L": "3244.60000000",
    "T": 0,
}


def test_the_account_shows_balances_and_orders_as_tables() -> None:
    picture = AccountPicture({"balances": [ACCOUNT], "orders": [[OPEN_ORDER]]})
    picture.add(FILLED)
    picture.add({"e": "outboundAccountPosition", "B": [{"a": "ETH", "f": "2.0", "l": "0.0"}]})
    for odd in ({"e": "executionReport"}, {"e": "error"}, {}):
        picture.add(odd)
    lines = drawn(picture.draw(heading(), ConnectionLog(), (90, 24)), 90, 24)
    assert [line.split() for line in lines[2:6]] == [
        ["asset", "free", "locked"],
        ["ETH", "2", "0"],
        ["USDT", "1,234,567.89", "0.5"],
        ["BTC", "0.00012345", "0"],
    ]
    points = [line.index(".") for line in lines[4:6]]
    assert points[0] == points[1]
    assert [line.split()[1:] for line in lines[7:10]] == [
        ["symbol", "side", "type", "price", "quantity", "filled", "status"],
        ["ETHUSDT", "SELL", "MARKET", "3,244.6", "0.1", "0.1", "FILLED"],
        ["BTCUSDT", "BUY", "LIMIT", "64,000.5", "1,500", "0", "NEW"],
    ]
    assert picture.count == 2
    picture.add({**FILLED, "i": 1, "s": "BTCUSDT", "X": "CANCELED", "p": "64000.5"})
    assert picture.count == 2


def test_new_answers_have_what_was_missed_but_change_nothing_newer() -> None:
    loan = {"e": "USER_LIABILITY_CHANGE", "E": 0, "a": "BTC", "t": "BORROW", "p": "1", "i": "0"}
    picture = AccountPicture()
    picture.asked()
    picture.add(FILLED)  # before there are tables
    empty = {"balances": [ACCOUNT], "orders": [[OPEN_ORDER]], "liabilities": []}
    picture.answered(read_answers(empty))
    picture.add(loan)
    assert [row["status"] for row in picture.rows("orders")] == ["FILLED", "NEW"]

    late = OPEN_ORDER | {"orderId": 4, "symbol": "BNBUSDT"}
    held = [{"asset": "BTC", "free": "8", "locked": "0"}, {"asset": "ETH", "free": "7"}]
    picture.asked()  # what comes from here on may be newer than the answers
    picture.add({"e": "outboundAccountPosition", "B": [{"a": "BTC", "f": "9.0", "l": "0.0"}]})
    picture.add({**FILLED, "i": 4, "s": "BNBUSDT"})
    assert [row["free"] for row in picture.rows("balances")] == ["9.0", "1234567.89000000"]
    picture.answered(
        read_answers({"balances": [{"balances": held}], "orders": [[late]], "liabilities": []})
    )
    rows = [(row["symbol"], row["status"]) for row in picture.rows("orders")]
    assert rows == [("BNBUSDT", "FILLED"), ("ETHUSDT", "FILLED")]  # an end was missed: BTCUSDT's
    free = {row["asset"]: row["free"] for row in picture.rows("balances")}
    assert free == {"BTC": "9.0", "ETH": "7"}
    assert [row["asset"] for row in picture.rows("liabilities")] == ["BTC"]

    picture.asked()
    picture.answered(read_answers({"orders": [[late]]}))
    assert [row["status"] for row in picture.rows("orders")] == ["FILLED"] * 2  # for ever


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_the_tables_of_an_account_fit_and_cut_no_number(columns: int, rows: int) -> None:
    orders = [OPEN_ORDER | {"orderId": n} for n in range(30)]
    picture = AccountPicture({"balances": [ACCOUNT], "orders": [orders]})
    lines = drawn(picture.draw(heading(), log(), (columns, rows)), columns, rows)
    assert max(map(len, lines)) <= columns
    if rows >= 12:
        assert len(lines) - 1 <= rows
    body = "\n".join(line for line in lines if "note" not in line and "connected" not in line)
    numbers = set(re.findall(r"[\d,]*\d\.\d+|\d+,\d+", body))
    assert numbers <= {"1,234,567.89", "0.5", "0.00012345", "64,000.5", "1,500"}


def test_only_so_many_orders_are_kept_and_the_open_ones_longest() -> None:
    picture = AccountPicture({"balances": [ACCOUNT], "orders": [[OPEN_ORDER]]})
    for number in range(2, 300):
        picture.add(FILLED | {"i": number})
    assert picture.count == MOST_ORDERS
    lines = drawn(picture.draw(heading(), ConnectionLog(), (90, 200)), 90, 200)
    assert sum("64,000.5" in line for line in lines) == 1


@pytest.mark.parametrize(
    ("share", "text"), [(-0.00001, "+0.00%"), (0.5, "+50.00%"), (-1, "-100.00%")]
)
def test_a_change_is_never_a_negative_zero(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_latency_is_never_a_negative_zero() -> None:
    row = StreamStats("a@trade")
    row.add({"e": "trade", "p": "1", "E": 1000}, 0.9999)
    lines = drawn(streams_picture(heading(wall=1.0), [row], log(), (110, 24)), 110, 24)
    assert " 0 ms " in lines[3]
