"""Whenever a book says `synced`, it equals the exchange's, level by level, under every fault.

The exchange is the simulator's, without sockets, on a clock of the test: each step of it sends the
events that are due and fetches the snapshots that are due.  The market goes on between two events,
so that snapshots come anywhere.  The exchange's whole book is kept for each id that a client sees.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from binance.depth import following
from binance.depthcache import (
    BaseDepthCacheManager,
    DepthCache,
    DepthCacheManager,
    FuturesDepthCacheManager,
    OptionsDepthCacheManager,
)
from binance.enums import FuturesType
from binance.events import Connected, Disconnected
from binance.simulator.api import futures_market_data, market_data
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.futures import CoinmExchange, UsdmExchange
from binance.simulator.market.options import OptionsExchange
from binance.simulator.market.payloads import levels
from binance.simulator.rules.state import SimulatorState
from tests.depthcache.test_manager import refusal

START = 1_790_000_042_500
ROUTES = {route.path: route for route in (*market_data.ROUTES, *futures_market_data.ROUTES)}
STEPS = 160
SETTLING = 40_000
"""Milliseconds after the last fault: more than the longest delay of a snapshot."""
SETTLED = 40
"""Steps in sync, at the end."""
UP = Connected(key="k", when=1.0)
DOWN = Disconnected(key="k", when=1.0, code=1006, reason="", http_status=None)


class Market:
    """The exchange of one market: it does the same in each test, so that all of them share it."""

    def __init__(self, name: str, exchange: Exchange, symbol: str, stream: str, path: str) -> None:
        spot = Exchange(symbols=1, start=START) if name != "spot" else exchange
        self.state = SimulatorState(spot, lambda: self.now, others={name: exchange})
        self.name, self.exchange, self.symbol = name, exchange, symbol
        self.stream, self.path = stream, path
        self.now = START
        #: id -> both sides of the exchange's book, as text
        self.truth: dict[int, bytes] = {}
        #: snapshots as they were, as text
        self.snapshots: list[bytes] = []
        #: of each step: its messages, as text, and how many snapshots there were then
        self.steps: list[tuple[bytes, int]] = []
        assert exchange.subscribe(stream, START)
        self._between(0)

    def _between(self, ms: int) -> None:
        """Let the market go on, to a moment between two events; keep its book and snapshot."""
        self.now += ms
        route = ROUTES[self.path]
        raw = {"symbol": self.symbol, "limit": "1000"}
        market = self.exchange.market(self.symbol, self.now)
        snapshot = route.answer(
            Call(self.state, Params(raw), self.now, path=self.path, market=self.name)
        )
        bids, asks = market.book.top(10_000)
        sides = levels(market.symbol, bids), levels(market.symbol, asks)
        self.truth[snapshot["lastUpdateId"]] = orjson.dumps(sides)
        self.snapshots.append(orjson.dumps(snapshot))

    def step(self, number: int, ms: int) -> tuple[bytes, int]:
        """A step that lasts so many ms, the same number in each test of the market."""
        if number == len(self.steps):
            self._between(ms // 2)
            self.now += ms - ms // 2
            found = self.exchange.advance(self.now)
            self._between(0)
            wrap = self.name != "spot"
            messages = [
                {"stream": one.stream, "data": one.payload} if wrap else one.payload
                for one in found
            ]
            self.steps.append((orjson.dumps(messages), len(self.snapshots)))
        return self.steps[number]


class Venue:
    """A market from its first step on, and a user's client and socket manager on it."""

    def __init__(self, market: Market) -> None:
        self.market, self.symbol, self.stream = market, market.symbol, market.stream
        self.now, self.number = START, 0
        self.snapshots = 1
        self.jobs: list[tuple[float, Callable[[], None]]] = []
        self.callback: Callable[[Any], object] = print
        self.refusals: list[Exception] = []
        self.snapshot_age = 0
        self.fetched = 0
        self.dispatch = SimpleNamespace(drops_messages=False)

    def events(self, ms: int) -> list[Any]:
        """The messages of the next so many ms."""
        messages, self.snapshots = self.market.step(self.number, ms)
        self.number += 1
        self.now += ms
        found: list[Any] = orjson.loads(messages)
        return found

    def snapshot(self, age: int = 0) -> dict[str, Any]:
        """The newest one, or one that is older by so many moments."""
        found: dict[str, Any] = orjson.loads(
            self.market.snapshots[max(0, self.snapshots - 1 - age)]
        )
        return found

    # the client

    def __getattr__(self, name: str) -> Any:
        if name.startswith("start_"):
            return self._start
        if name.endswith(("order_book", "rpi_depth")):
            return self._snapshot
        raise AttributeError(name)

    def _start(self, symbol: str, callback: Callable[[Any], object], **options: Any) -> str:
        self.callback = callback
        return self.stream

    def _snapshot(self, symbol: str, limit: int) -> dict[str, Any]:
        assert (symbol, limit) == (self.symbol, 1000)
        self.fetched += 1
        if self.refusals:
            raise self.refusals.pop()
        return self.snapshot(self.snapshot_age)

    # the socket manager and its connector

    def is_alive(self) -> bool:
        return True

    def stop_socket(self, key: str) -> None:
        self.callback = lambda message: None

    def _when_stopped(self, key: str, stopped: Callable[[], None]) -> Venue:
        return self

    def _stop_own(self, key: str, conn: object) -> None:
        self.stop_socket(key)

    def follow(self) -> None:
        """It tells of its link."""

    def inject(self, message: object) -> None:
        self.callback(message)

    def restart_ids(self) -> None:
        raise AssertionError("the ids never restart")

    # the fetcher

    def join(self, member: object) -> None:
        """Snapshots are fetched by `fetch`."""

    def leave(self, member: object) -> None:
        self.jobs.clear()

    def ask(self, member: object, job: Callable[[], None], weight: int, delay: float) -> None:
        self.jobs.append((self.now + delay * 1000, job))

    def hold(self, seconds: float) -> None:
        self.jobs = [(due + seconds * 1000, job) for due, job in self.jobs]

    def fetch(self) -> None:
        due = [job for at, job in self.jobs if at <= self.now]
        self.jobs = [(at, job) for at, job in self.jobs if at > self.now]
        for job in due:
            job()


def spot() -> tuple[Market, Callable[..., BaseDepthCacheManager]]:
    exchange = Exchange(symbols=["BTCUSDT"], start=START, rate=40.0, levels=40)
    stream = "btcusdt@depth@100ms"
    return Market("spot", exchange, "BTCUSDT", stream, "/api/v3/depth"), DepthCacheManager


def usdm(
    stream: str = "btcusdt@depth", path: str = "/fapi/v1/depth", **options: Any
) -> tuple[Market, Callable[..., BaseDepthCacheManager]]:
    exchange = UsdmExchange(symbols=["BTCUSDT"], start=START, rate=120.0, levels=40)
    market = Market("usdm", exchange, "BTCUSDT", stream, path)
    return market, lambda *args, **more: FuturesDepthCacheManager(*args, **options, **more)


def coinm() -> tuple[Market, Callable[..., BaseDepthCacheManager]]:
    exchange = CoinmExchange(symbols=["BTCUSDT"], start=START, rate=40.0, levels=40)
    market = Market("coinm", exchange, "BTCUSD_PERP", "btcusd_perp@depth@100ms", "/dapi/v1/depth")
    return market, lambda *args, **more: FuturesDepthCacheManager(
        *args, futures_type=FuturesType.COIN_M, **more
    )


def options() -> tuple[Market, Callable[..., BaseDepthCacheManager]]:
    of = Exchange(symbols=["BTCUSDT"], start=START)
    exchange = OptionsExchange(symbols=["BTCUSDT"], start=START, rate=40.0, levels=40, spot=of)
    symbol = exchange.listed[0].name
    stream = f"{symbol.lower()}@depth@500ms"
    market = Market("options", exchange, symbol, stream, "/eapi/v1/depth")
    return market, OptionsDepthCacheManager


Made = tuple[Market, Callable[..., BaseDepthCacheManager]]
#: market -> milliseconds of a step, and what makes the exchange and the manager
MARKETS: dict[str, tuple[int, Callable[[], Made]]] = {
    "spot": (100, spot),
    "usdm": (250, usdm),
    "usdm, each change": (10, lambda: usdm("btcusdt@depth@0ms", ws_interval=0)),
    "usdm, rpi": (500, lambda: usdm("btcusdt@rpiDepth@500ms", "/fapi/v1/rpiDepth", rpi=True)),
    "coinm": (100, coinm),
    "options": (500, options),
}


@pytest.fixture(scope="module", params=MARKETS)
def market(request: pytest.FixtureRequest) -> tuple[str, Made]:
    return request.param, MARKETS[request.param][1]()


class Faults:
    """What goes wrong between the exchange and the client, by chance."""

    def __init__(self, kinds: set[str], dice: random.Random) -> None:
        self.kinds, self.dice = kinds, dice
        self.late: deque[Any] = deque()
        self.is_down = False

    def disturb(self, venue: Venue, messages: list[Any]) -> list[Any]:
        """The messages that arrive now."""
        kinds, dice = self.kinds, self.dice
        venue.snapshot_age = dice.randrange(30) if "stale" in kinds else 0
        venue.refusals = venue.refusals if "refuse" in kinds else []
        if "refuse" in kinds and dice.random() < 0.2:
            status = dice.choice((429, 503))
            venue.refusals = [refusal(status, retry_after="1")]
        if "drop" in kinds and dice.random() < 0.03:
            self.late.clear()
            self.is_down = True
            venue.callback({"e": "link", "event": DOWN})
        if self.is_down:
            self.is_down = dice.random() < 0.8
            if not self.is_down:
                venue.callback({"e": "link", "event": UP})
            return []
        self.late.extend(messages)
        if "lag" in kinds and len(self.late) < 25:
            return []
        if "stall" in kinds and dice.random() < 0.7 and len(self.late) < 25:
            return []
        arrived = [self.late.popleft()] if "lag" in kinds else list(self.late)
        if "lag" not in kinds:
            self.late.clear()
        if "lose" in kinds:
            arrived = [one for one in arrived if dice.random() > 0.1]
        if "duplicate" in kinds:
            arrived = [one for one in arrived for _ in range(dice.choice((1, 1, 1, 2)))]
        if "reorder" in kinds and dice.random() < 0.2:
            self.late.extend(arrived)
            return []
        return arrived[::-1] if "reorder" in kinds else arrived


FAULTS = {
    "none": set[str](),
    **{
        one: {one}
        for one in ("lose", "duplicate", "reorder", "lag", "stall", "drop", "stale", "refuse")
    },
    "lost and refused": {"lose", "refuse"},
    "lost and stale": {"lose", "stale"},
    "all": {"lose", "duplicate", "reorder", "stall", "drop", "stale", "refuse"},
}


class Watched:
    """A book that is compared with the exchange's whenever it may have changed."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.compared: set[int] = set()
        self.resyncs: list[bool] = []

    def look(self, cache: DepthCache) -> None:
        if cache.synced:
            bids, asks = orjson.loads(self.venue.market.truth[cache.update_id])
            assert cache.get_bids() == bids
            assert cache.get_asks() == asks
            self.compared.add(cache.update_id)

    def resync(self, cache: DepthCache) -> None:
        self.resyncs.append(cache.synced)


@pytest.mark.slow
@pytest.mark.parametrize("faults", FAULTS)
def test_a_synced_book_equals_the_exchanges(
    market: tuple[str, Made], faults: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, (exchange, manager) = market
    step, venue = MARKETS[name][0], Venue(exchange)
    monkeypatch.setattr(following, "fetcher_of", lambda client, pool: venue)
    watched = Watched(venue)
    dcm = manager(
        venue,
        venue.symbol,
        watched.look,
        0,
        venue,
        1000,
        timeout=0,
        on_resync=watched.resync,
        conv_type=str,
    )
    cache = dcm.get_depth_cache()
    assert cache is not None
    venue.callback({"e": "link", "event": UP})
    disturbed = Faults(FAULTS[faults], random.Random(f"{name}/{faults}"))
    number, end = 0, STEPS
    while number < end:
        number += 1
        for message in disturbed.disturb(venue, venue.events(step)):
            venue.callback(message)
            watched.look(cache)
        venue.fetch()
        watched.look(cache)
        if number == end and disturbed.kinds:
            disturbed.kinds, end = set(), STEPS + SETTLING // step
        elif not disturbed.kinds and dcm.synced and not disturbed.late:
            end = min(end, number + SETTLED)
    assert dcm.synced, dcm._sync.state
    last = venue.snapshot()["lastUpdateId"]
    assert cache.update_id == last, "nothing is late any more"
    assert len(watched.compared) > 15
    if faults in ("none", "duplicate", "stall", "stale", "refuse"):
        assert watched.resyncs == []
    elif faults != "lag":
        assert watched.resyncs[:2] == [False, True]
    dcm.close()
    assert not cache.synced
