"""Real frames, and the snapshots that were fetched beside them: the book agrees with the tickers.

Captured by the cryptofeed project, see tests/data/captures/README.rst.  A `bookTicker` names the
update id `u` whose best prices it holds, and often arrives before the diff that brings the book
there: each is remembered and compared as soon as the book reaches that very id.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from binance.sansio.bookrules import FUTURES, SPOT, Rules
from binance.sansio.booksync import BookSync, Command
from binance.sansio.orderbook import OrderBook

DATA = Path(__file__).parent.parent / "data" / "captures"
WHOLE = Path(__file__).parents[3] / "shared" / "captures"


@dataclass
class Replayed:
    """What came of one capture."""

    syncs: dict[str, BookSync] = field(default_factory=dict)
    compared: int = 0
    applied: int = 0
    lost: list[str] = field(default_factory=list)
    asked: int = 0
    tickers: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    def message(self, stream: str, data: dict[str, Any], rules: Rules) -> None:
        symbol = data.get("s", "")
        if stream.endswith("@bookTicker"):
            self.tickers[symbol, data["u"]] = (data["b"], data["B"], data["a"], data["A"])
            self.compare(symbol)
        elif "@depth" in stream:
            sync = self.syncs.setdefault(symbol, BookSync(rules))
            self.note(symbol, sync.event(data))

    def note(self, symbol: str, commands: tuple[Command, ...]) -> None:
        self.asked += commands.count(Command.ASK)
        self.applied += commands.count(Command.APPLIED)
        if Command.LOST in commands:
            self.lost.append(symbol)
        if Command.APPLIED in commands or Command.REPLACED in commands:
            self.compare(symbol)

    def compare(self, symbol: str) -> None:
        sync = self.syncs.get(symbol)
        if sync is None or not sync.is_live or sync.book is None:
            return
        ticker = self.tickers.pop((symbol, sync.book.update_id), None)
        if ticker is not None:
            assert (*(sync.book.bids.best() or ()), *(sync.book.asks.best() or ())) == ticker
            self.compared += 1


def lines(path: Path, separator: str) -> Iterator[tuple[float, str, Any]]:
    """Receive time, URL (of snapshots) and body of each line but the first of `*.frames`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        head, found, body = line.partition(": ")
        if found and " <-> " not in head:
            url, _, when = head.rpartition(separator)
            yield float(when), url, json.loads(body)


def replay(name: Path, rules: Rules, limit: int) -> Replayed:
    """Frames and snapshots in the order in which they were received."""
    frames = lines(name.with_suffix(".frames"), "\0")
    snapshots = lines(name.with_suffix(".rest"), " -> ")
    done = Replayed()
    for _, url, body in sorted((*frames, *snapshots), key=lambda line: line[0]):
        if not url:
            done.message(body["stream"], body["data"], rules)
            continue
        symbol = url.partition("symbol=")[2].partition("&")[0]
        sync = done.syncs.setdefault(symbol, BookSync(rules))
        done.note(symbol, sync.snapshot(OrderBook.from_snapshot(body, limit)))
    return done


@pytest.mark.parametrize(
    ("name", "rules", "symbols", "compared"), [("spot", SPOT, 4, 26), ("usdm", FUTURES, 1, 7)]
)
def test_the_excerpts(name: str, rules: Rules, symbols: int, compared: int) -> None:
    check(replay(DATA / name, rules, limit=100), symbols, compared)


@pytest.mark.skipif(not WHOLE.is_dir(), reason="the whole captures are not here")
@pytest.mark.parametrize(
    ("name", "rules", "compared"),
    [("spot-2021-10-12", SPOT, 26), ("usdm-2021-07-22", FUTURES, 50)],
)
def test_the_whole(name: str, rules: Rules, compared: int) -> None:
    check(replay(WHOLE / name, rules, limit=1000), 4, compared)


def check(done: Replayed, symbols: int, compared: int) -> None:
    assert len(done.syncs) == symbols
    assert all(sync.is_live for sync in done.syncs.values())
    assert (done.lost, done.asked) == ([], symbols), "one snapshot each, and no loss"
    assert done.compared == compared
