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

from binance.sansio.book.bookrules import FUTURES, SPOT, Rules
from binance.sansio.book.booksync import BookSync, Command
from binance.sansio.book.orderbook import OrderBook

DATA = Path(__file__).parent.parent / "data" / "captures"
#: Beside the repository, or beside the folder of its worktrees.
WHOLES = [above / "shared" / "captures" for above in Path(__file__).parents[3:5]]
WHOLE = next((folder for folder in WHOLES if folder.is_dir()), WHOLES[0])


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
            self.note(symbol, self.sync(symbol, rules).event(data))

    def sync(self, symbol: str, rules: Rules) -> BookSync:
        """The symbol's, whose stream is open."""
        if symbol not in self.syncs:
            self.syncs[symbol] = BookSync(rules)
            self.note(symbol, self.syncs[symbol].opened())
        return self.syncs[symbol]

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


def replay(name: Path, rules: Rules, limit: int, lag: float = 0.0) -> Replayed:
    """Frames and snapshots in the order in which they were received, but for the stream's lag."""
    frames = ((at + lag, url, body) for at, url, body in lines(name.with_suffix(".frames"), "\0"))
    snapshots = lines(name.with_suffix(".rest"), " -> ")
    done = Replayed()
    for _, url, body in sorted((*frames, *snapshots), key=lambda line: line[0]):
        if not url:
            done.message(body["stream"], body["data"], rules)
            continue
        symbol = url.partition("symbol=")[2].partition("&")[0]
        sync = done.sync(symbol, rules)
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


@pytest.mark.parametrize("lag", [0.5, 2.5, 10.0])
@pytest.mark.parametrize(("name", "rules", "symbols"), [("spot", SPOT, 4), ("usdm", FUTURES, 1)])
def test_a_stream_that_lags_behind_its_snapshots(
    name: str, rules: Rules, symbols: int, lag: float
) -> None:
    done = replay(DATA / name, rules, limit=100, lag=lag)
    assert (done.lost, done.asked) == ([], symbols)
    assert all(sync.is_live and sync.applied for sync in done.syncs.values())
    assert done.compared > 0


def far_behind(name: Path, rules: Rules, limit: int) -> dict[str, int]:
    """Give each book the snapshot of the capture's end, then the events of the 25 s before."""
    end = replay(name, rules, limit)
    events: dict[str, int] = dict.fromkeys(end.syncs, 0)
    syncs = {symbol: BookSync(rules) for symbol in end.syncs}
    for symbol, sync in syncs.items():
        book = end.syncs[symbol].book
        assert book is not None
        sides = {"bids": book.bids.top(limit), "asks": book.asks.top(limit)}
        answer = {"lastUpdateId": book.update_id, **sides}
        sync.opened()
        assert sync.snapshot(OrderBook.from_snapshot(answer)) == (Command.REPLACED,)
    frames = list(lines(name.with_suffix(".frames"), "\0"))
    for at, _, body in frames:
        if "@depth" in body["stream"] and at > frames[-1][0] - 25.0:
            sync = syncs[body["data"]["s"]]
            sync.event(body["data"])
            events[body["data"]["s"]] += 1
            assert sync.is_live, "an event that the snapshot holds"
    return events


def test_a_stream_that_is_far_behind_its_snapshot() -> None:
    events = far_behind(DATA / "usdm", FUTURES, 100)
    assert max(events.values()) > 20
    far_behind(DATA / "spot", SPOT, 100)


@pytest.mark.skipif(not WHOLE.is_dir(), reason="the whole captures are not here")
@pytest.mark.parametrize(
    ("name", "rules"), [("spot-2021-10-12", SPOT), ("usdm-2021-07-22", FUTURES)]
)
def test_the_whole_is_far_behind(name: str, rules: Rules) -> None:
    assert max(far_behind(WHOLE / name, rules, 1000).values()) > 20


def test_the_event_of_the_snapshots_own_id_is_applied() -> None:
    """The first event that a futures snapshot joins may end at the snapshot's very id."""
    first: dict[str, Any] | None = None
    for _, url, body in lines((DATA / "usdm").with_suffix(".frames"), "\0"):
        if "@depth" in body["stream"] and not url:
            first = body["data"]
            break
    assert first is not None
    _, _, answer = next(lines((DATA / "usdm").with_suffix(".rest"), " -> "))
    answer = answer | {"lastUpdateId": first["u"]}
    sync = BookSync(FUTURES)
    sync.event(first)
    assert Command.APPLIED in sync.snapshot(OrderBook.from_snapshot(answer, 1000))
    assert sync.applied == 1


Side = dict[str, str]


class Plain:
    """A USD-M book as the exchange's page tells to keep one, in the plainest way."""

    def __init__(self, answer: dict[str, Any], events: list[dict[str, Any]]) -> None:
        self.bids: Side = dict(answer["bids"])
        self.asks: Side = dict(answer["asks"])
        self.update_id: int = answer["lastUpdateId"]
        self.left = [event for event in events if event["u"] >= self.update_id]
        assert self.left[0]["U"] <= self.update_id <= self.left[0]["u"]

    def step(self) -> dict[str, Any]:
        """Apply the next event, and return it."""
        event = self.left.pop(0)
        for side, changes in ((self.bids, event["b"]), (self.asks, event["a"])):
            for price, quantity in changes:
                side[price] = quantity
                if float(quantity) == 0:
                    del side[price]
        self.update_id = event["u"]
        assert not self.left or self.left[0]["pu"] == self.update_id, "the frames have no gap"
        return event


def usdm(name: Path) -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """Symbol, snapshot and depth events of each book of a capture."""
    frames = list(lines(name.with_suffix(".frames"), "\0"))
    for _, url, answer in lines(name.with_suffix(".rest"), " -> "):
        symbol = url.partition("symbol=")[2].partition("&")[0]
        stream = f"{symbol.lower()}@depth@100ms"
        yield symbol, answer, [body["data"] for _, _, body in frames if body["stream"] == stream]


CAPTURES = [
    pytest.param(DATA / "usdm-boundaries", 4, 150, id="excerpt"),
    pytest.param(
        WHOLE / "usdm-2021-07-22",
        4,
        1000,
        id="whole",
        marks=pytest.mark.skipif(not WHOLE.is_dir(), reason="the whole captures are not here"),
    ),
]


@pytest.mark.parametrize(("name", "books", "limit"), CAPTURES)
def test_each_level_at_each_step(name: Path, books: int, limit: int) -> None:
    """After whichever event the snapshot comes, the book is the plain one from there on."""
    compared = 0
    for symbol, answer, events in usdm(name):
        books -= 1
        for before in range(min(len(events), 12)):
            plain = Plain(answer, events)
            sync = BookSync(FUTURES)
            sync.opened()
            for event in events[:before]:
                sync.event(event)
            sync.snapshot(OrderBook.from_snapshot(answer, limit))
            if before and events[before - 1]["u"] >= answer["lastUpdateId"]:
                while plain.step() is not events[before - 1]:
                    pass
            compared += compare_steps(symbol, sync, plain, events[before:])
        assert not plain.left
    assert books == 0
    assert compared > 300


def compare_steps(symbol: str, sync: BookSync, plain: Plain, events: list[dict[str, Any]]) -> int:
    """Apply each event to both, and compare all levels; how many times."""
    compared = 0
    for event in (None, *events):
        if event is not None:
            sync.event(event)
            if event in plain.left:
                plain.step()
        assert sync.is_live, f"{symbol} at {event and event['u']}: {sync.reason}"
        assert sync.book is not None
        assert sync.book.update_id == plain.update_id
        assert dict(sync.book.bids.copy().top()) == plain.bids
        assert dict(sync.book.asks.copy().top()) == plain.asks
        compared += 1
    return compared


@pytest.mark.parametrize(("name", "books", "limit"), CAPTURES)
def test_what_a_snapshot_holds(name: Path, books: int, limit: int) -> None:
    """All events up to its id; of an event that begins there, no more than the first change."""
    found = {}
    for symbol, answer, events in usdm(name):
        at, sides = answer["lastUpdateId"], {"b": dict(answer["bids"]), "a": dict(answer["asks"])}
        (across,) = [event for event in events if event["U"] <= at <= event["u"]]
        held = {
            (side, price): quantity
            for event in events
            if event["u"] <= at
            for side in "ba"
            for price, quantity in event[side]
        }
        for (side, price), quantity in held.items():
            assert float(sides[side].get(price, "0")) == float(quantity), (symbol, side, price)
        differing = sum(
            float(sides[side].get(price, "0")) != float(quantity)
            for side in "ba"
            for price, quantity in across[side]
        )
        found[symbol] = (at == across["U"], at == across["u"], differing)
    assert found == {
        "SUSHIUSDT": (True, False, 9),
        "AKROUSDT": (False, True, 0),
        "KEEPUSDT": (False, True, 0),
        "CTKUSDT": (False, True, 0),
    }
