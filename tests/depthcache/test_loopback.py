"""Depth caches against the simulated exchange: real sockets, TLS, threads, its own order books.

The truth that the books are held against comes over another stream: a `bookTicker` names the update
id `u` whose best prices it holds.
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from binance.client import Client
from binance.depthcache import (
    BaseDepthCacheManager,
    DepthCache,
    DepthCacheManager,
    FuturesDepthCacheManager,
    OptionsDepthCacheManager,
)
from binance.enums import FuturesType
from binance.events import Disconnected, Event, RedundancyChanged
from binance.exceptions import BinanceAPIException
from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceSocketManager
from tests.pace import paced

pytestmark = pytest.mark.loopback

DEADLINE = paced(60.0)
CACHES = 200


@pytest.fixture
def client(exchange: ExchangeProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    for name, value in exchange.env.items():
        monkeypatch.setenv(name, value)
    with Client() as client:
        yield client


@pytest.fixture
def bm(client: Client) -> Iterator[BinanceSocketManager]:
    manager = BinanceSocketManager(client)
    yield manager
    manager.close()
    manager.join(DEADLINE)


class Until:
    """Something counted in other threads, that a test waits for."""

    def __init__(self) -> None:
        self.changed = threading.Condition()

    def tell(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def wait(self, is_reached: Callable[[], bool], what: str) -> None:
        with self.changed:
            assert self.changed.wait_for(is_reached, DEADLINE), what


class Truth(Until):
    """Compares a cache with the tickers, whichever reaches an update id first."""

    def __init__(self) -> None:
        super().__init__()
        self.books: dict[int, tuple[str, ...]] = {}
        self.tickers: dict[int, tuple[str, ...]] = {}
        self.agreed = 0
        self.wrong: list[tuple[int, tuple[str, ...], tuple[str, ...]]] = []
        self.resyncs: list[bool] = []

    def ticker(self, message: dict[str, Any]) -> None:
        message = message.get("data", message)
        self.tickers[message["u"]] = tuple(message[name] for name in "bBaA")
        self.compare(message["u"])

    def cache(self, cache: DepthCache) -> None:
        best = cache.snapshot(1)
        if best.synced:
            assert best.bids[0].price < best.asks[0].price
            assert best.update_id is not None
            self.books[best.update_id] = tuple(str(x) for x in (*best.bids[0], *best.asks[0]))
            self.compare(best.update_id)

    def resync(self, cache: DepthCache) -> None:
        self.resyncs.append(cache.synced)

    def compare(self, update_id: int) -> None:
        if update_id in self.books and update_id in self.tickers:
            book, ticker = self.books.pop(update_id), self.tickers.pop(update_id)
            if book == ticker:
                self.agreed += 1
            else:
                self.wrong.append((update_id, book, ticker))
        self.tell()


FAULTS: dict[str, list[dict[str, Any]]] = {
    "no fault": [],
    "lose": [{"kind": "lose", "count": 2}, {"kind": "lose", "probability": 0.3}],
    "duplicate": [{"kind": "duplicate", "probability": 0.5}],
    "reorder": [{"kind": "reorder", "probability": 0.3, "by": 2}],
    "stall": [{"kind": "stall", "seconds": 1.0}],
    "drop": [{"kind": "drop", "count": 1}],
    "stale": [{"kind": "lose", "count": 2}, {"kind": "stale_snapshot"}],
    "slow": [{"kind": "lose", "count": 2}, {"kind": "slow_reply", "by": 0.7}],
    "429": [
        {"kind": "lose", "count": 2},
        {"kind": "http_status", "status": 429, "retry_after": 1, "on": "rest", "count": 1},
    ],
    "503": [
        {"kind": "lose", "count": 2},
        {"kind": "http_status", "status": 503, "on": "rest", "count": 2},
    ],
    "all": [
        {"kind": "lose", "count": 1},
        {"kind": "lose", "probability": 0.2},
        {"kind": "duplicate", "probability": 0.2},
        {"kind": "reorder", "probability": 0.2},
        {"kind": "stale_snapshot", "seconds": 1.0},
        {"kind": "slow_reply", "by": 0.3},
        {"kind": "http_status", "status": 429, "retry_after": 1, "on": "rest", "count": 1},
    ],
}


def an_option(bm: BinanceSocketManager) -> str:
    """One that is listed."""
    until, names = Until(), list[str]()

    def heard(message: dict[str, Any]) -> None:
        names.append(message["data"]["s"])
        until.tell()

    key = str(bm.start_options_multiplex_socket(["!optionSymbol"], heard))
    bm.start()
    until.wait(lambda: bool(names), "no option was listed")
    bm.stop_socket(key)
    return names[0]


def open_book(
    market: str, client: Client, bm: BinanceSocketManager, truth: Truth
) -> BaseDepthCacheManager:
    """A book of the market that has an event each 100 ms, and the tickers beside it."""
    told: dict[str, Any] = {"bm": bm, "ws_interval": 100, "on_resync": truth.resync}
    if market == "spot":
        bm.start_symbol_book_ticker_socket("BTCUSDT", truth.ticker)
        return DepthCacheManager(client, "BTCUSDT", truth.cache, **told)
    if market == "options":
        symbol = an_option(bm)
        bm.start_options_multiplex_socket([f"{symbol.lower()}@bookTicker"], truth.ticker)
        return OptionsDepthCacheManager(client, symbol, truth.cache, limit=1000, **told)
    of = FuturesType.COIN_M if market == "coinm" else FuturesType.USD_M
    symbol = "BTCUSD_PERP" if market == "coinm" else "BTCUSDT"
    bm.start_symbol_ticker_futures_socket(symbol, truth.ticker, futures_type=of)
    return FuturesDepthCacheManager(client, symbol, truth.cache, futures_type=of, **told)


CASES = [(market, name) for market in ("spot", "usdm", "coinm", "options") for name in FAULTS]


@pytest.mark.exchange(seed=11, symbols=["BTCUSDT"], rate=200)
@pytest.mark.parametrize(("market", "name"), CASES)
def test_a_book_in_step_agrees_with_the_tickers(
    exchange: ExchangeProcess, client: Client, bm: BinanceSocketManager, market: str, name: str
) -> None:
    truth = Truth()
    dcm = open_book(market, client, bm, truth)
    assert dcm.synced
    truth.wait(lambda: truth.agreed >= 3, "the book never met a ticker")
    ordered = time.monotonic()
    for _ in range(5):  # an exchange without processor time has nothing to lose in a second
        for fault in FAULTS[name]:
            scope = {} if "on" in fault or fault["kind"] == "slow_reply" else {"stream": "*@depth*"}
            exchange.fault(**{"seconds": 1.0} | scope | fault)
        truth.wait(lambda: not exchange.stats()["faults"], "the faults never ended")
        if truth.resyncs or name in ("no fault", "duplicate", "reorder", "drop"):
            break
    if name == "drop":  # noticed once all that came before it has been read
        truth.wait(lambda: bool(truth.resyncs), "nobody was told of the loss")
    before = truth.agreed
    truth.wait(lambda: dcm.synced and truth.agreed >= before + 3, f"{name}: not in step again")
    assert truth.wrong == []
    assert time.monotonic() - ordered < DEADLINE
    if name in ("no fault", "duplicate"):
        assert truth.resyncs == []
    elif name != "reorder":  # which may let all of a second pass by chance
        # Told of the loss, and of being in step again; unless the next loss was quicker.
        assert truth.resyncs[0] is False
        assert True in truth.resyncs


@pytest.mark.exchange(seed=12, symbols=CACHES, rate=20, falloff=0.5, connects=1000)
def test_many_caches_dropped_together_come_back_within_the_weight(
    exchange: ExchangeProcess, client: Client, bm: BinanceSocketManager
) -> None:
    """None may be refused: the simulator bans, and counts every violation."""
    until = Until()
    lost: set[str] = set()

    def on_resync(cache: DepthCache) -> None:
        if not cache.synced:
            lost.add(cache.symbol)

    symbols = [row["symbol"] for row in client.get_exchange_info()["symbols"]]
    assert len(symbols) == CACHES
    caches = [
        DepthCacheManager(
            client,
            symbol,
            lambda cache: until.tell(),
            bm=bm,
            limit=100,
            timeout=0,
            on_resync=on_resync,
        )
        for symbol in symbols
    ]
    until.wait(lambda: all(dcm.synced for dcm in caches), "never all in step")
    exchange.fault("drop", link="stream")
    until.wait(lambda: len(lost) == CACHES, "not all were told of the loss")
    until.wait(lambda: all(dcm.synced for dcm in caches), "never all in step again")

    stats = exchange.stats()
    assert stats["violations"] == {}
    assert set(stats["statuses"]) == {"200"}
    assert stats["requests"]["/api/v3/depth"] >= 2 * CACHES
    for dcm in caches:
        taken = dcm.snapshot(1)
        assert taken.bids[0].price < taken.asks[0].price


@pytest.mark.exchange(seed=18, symbols=40, rate=20, falloff=0.5, connects=1000)
def test_books_of_both_futures_markets_come_back_within_their_one_weight(
    exchange: ExchangeProcess, client: Client, bm: BinanceSocketManager
) -> None:
    until, lost = Until(), set[str]()

    def on_resync(cache: DepthCache) -> None:
        if not cache.synced:
            lost.add(cache.symbol)

    usdm = [row["symbol"] for row in client.futures_exchange_info()["symbols"]]
    coinm = [row["symbol"] for row in client.futures_coin_exchange_info()["symbols"]]
    markets = [(FuturesType.USD_M, one) for one in usdm[:40]]
    markets += [(FuturesType.COIN_M, one) for one in coinm[:40]]
    caches = [
        FuturesDepthCacheManager(
            client,
            symbol,
            lambda cache: until.tell(),
            bm=bm,
            limit=100,
            futures_type=of,
            timeout=0,
            on_resync=on_resync,
        )
        for of, symbol in markets
    ]
    until.wait(lambda: all(dcm.synced for dcm in caches), "never all in step")
    exchange.fault("drop", link="stream")
    until.wait(lambda: len(lost) == len(markets), "not all were told of the loss")
    until.wait(lambda: all(dcm.synced for dcm in caches), "never all in step again")
    stats = exchange.stats()
    assert stats["violations"] == {}
    assert set(stats["statuses"]) == {"200"}
    fetched = [stats["requests"][f"/{api}/v1/depth"] for api in ("fapi", "dapi")]
    assert sum(fetched) >= 2 * len(markets)


@pytest.mark.exchange(seed=19, symbols=["BTCUSDT"], rate=50)
@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"ws_interval": 0}, "usdm:btcusdt@depth@0ms"),
        ({"ws_interval": 500, "limit": 5}, "usdm:btcusdt@depth@500ms"),
        ({}, "usdm:btcusdt@depth"),
        ({"rpi": True}, "usdm:btcusdt@rpiDepth@500ms"),
    ],
)
def test_each_speed_of_usdm_is_served(
    exchange: ExchangeProcess,
    client: Client,
    bm: BinanceSocketManager,
    options: dict[str, Any],
    key: str,
) -> None:
    until, heard = Until(), list[int]()

    def callback(cache: DepthCache) -> None:
        heard.append(cache.update_id)
        until.tell()

    dcm = FuturesDepthCacheManager(client, "BTCUSDT", callback, bm=bm, **options)
    assert dcm.synced
    assert list(bm._conns) == [key]
    until.wait(lambda: len(set(heard)) > 3, "no event came")
    assert dcm.synced


@pytest.mark.exchange(seed=13, symbols=["BTCUSDT"], rate=1)
def test_an_unknown_symbol_is_told_in_the_exchanges_words(
    exchange: ExchangeProcess, client: Client
) -> None:
    before = set(threading.enumerate())
    with pytest.raises(BinanceAPIException, match="Invalid symbol"):
        DepthCacheManager(client, "NOSUCHPAIR")
    for thread in set(threading.enumerate()) - before:
        if isinstance(thread, BinanceSocketManager):
            thread.join(DEADLINE)
            assert not thread.is_alive()


@pytest.mark.exchange(seed=15, symbols=["BTCUSDT"], rates={"BTCUSDT": 0.001})  # `rate` has a floor
def test_a_quiet_market_is_followed_all_the_same(
    exchange: ExchangeProcess, client: Client, bm: BinanceSocketManager
) -> None:
    """Not one event comes; the link alone says when the book may be trusted."""
    until, told, events = Until(), list[bool](), list[object]()

    def on_resync(cache: DepthCache) -> None:
        told.append(cache.synced)
        until.tell()

    dcm = DepthCacheManager(client, "BTCUSDT", events.append, bm=bm, on_resync=on_resync)
    before = dcm.get_depth_cache()
    assert before is not None
    exchange.fault("drop", link="stream")
    until.wait(lambda: told == [False, True], f"told {told}")
    assert dcm.synced
    assert dcm.get_depth_cache() is before
    assert events == []


@pytest.mark.exchange(seed=14, symbols=["BTCUSDT", "ETHUSDT"], rate=20)
def test_a_cache_of_its_own_ends_with_its_manager(
    exchange: ExchangeProcess, client: Client
) -> None:
    dcm = DepthCacheManager(client, "ethusdt", limit=5000, refresh_interval=0)
    cache = dcm.get_depth_cache()
    assert cache is not None
    assert cache.synced
    assert len(cache.get_bids()) > 100
    dcm.close()
    dcm._bm.join(DEADLINE)
    assert not dcm._bm.is_alive()
    assert not cache.synced
    assert cache.get_asks()


@pytest.mark.exchange(seed=16, symbols=["BTCUSDT"], rate=20)
@pytest.mark.parametrize("dispatch", ["reactor", "thread"])
@pytest.mark.parametrize("how", ["close", "stop_socket"])
def test_a_cache_on_a_shared_manager_ends_with_it(
    exchange: ExchangeProcess, client: Client, dispatch: str, how: str
) -> None:
    until, heard = Until(), list[DepthCache | None]()

    def callback(cache: DepthCache | None) -> None:
        heard.append(cache)
        until.tell()

    with BinanceSocketManager(client, dispatch=dispatch, overflow="drop_oldest") as bm:
        dcm = DepthCacheManager(client, "BTCUSDT", callback, bm=bm)
        cache = dcm.get_depth_cache()
        assert cache is not None
        assert cache.synced
        if how == "close":
            bm.close()
        else:
            bm.stop_socket("btcusdt@depth")
        assert not cache.synced
        until.wait(lambda: None in heard, "the callback hears of the end")
        assert heard.count(None) == 1
        assert dcm.get_depth_cache() is None
        dcm.close()


@pytest.mark.exchange(seed=17, symbols=["BTCUSDT"], rate=20)
def test_a_queue_that_keeps_the_newest_alone_is_not_for_books(
    exchange: ExchangeProcess, client: Client
) -> None:
    with BinanceSocketManager(client, dispatch="thread", overflow="latest") as bm:
        dcm = DepthCacheManager(client, "BTCUSDT", bm=bm)
        assert bm._conns["btcusdt@depth"].options.overflow == "block"
        assert dcm.synced


@pytest.mark.exchange(seed=15, symbols=["BTCUSDT"], rate=200)
@pytest.mark.parametrize("market", ["spot", "usdm"])
def test_a_book_on_two_links_stays_in_step_without_a_snapshot(
    exchange: ExchangeProcess, client: Client, market: str
) -> None:
    links, told = Until(), list[RedundancyChanged | Disconnected]()

    def on_event(event: Event) -> None:
        if isinstance(event, RedundancyChanged | Disconnected):
            told.append(event)
            links.tell()

    with BinanceSocketManager(client, redundancy=2, on_event=on_event) as bm:
        truth = Truth()
        dcm = open_book(market, client, bm, truth)
        truth.wait(lambda: truth.agreed >= 3, "the book never met a ticker")

        def both() -> bool:
            return all(one["links"] == 2 for one in bm.stats().values())

        def asked() -> int:
            return sum(n for path, n in exchange.stats()["requests"].items() if "depth" in path)

        snapshots = asked()
        for number in range(4):
            links.wait(both, "the second link did not come back")
            agreed = truth.agreed  # a link that ends before it was heard beside the other is unsure
            truth.wait(lambda agreed=agreed: truth.agreed >= agreed + 3, "the book stood still")
            before, agreed = len(told), truth.agreed
            exchange.fault("drop", link="stream", count=1)
            links.wait(lambda before=before: len(told) > before, f"cut {number} was not reported")
            truth.wait(lambda agreed=agreed: truth.agreed >= agreed + 3, "the book stood still")
        assert dcm.synced
        dcm.close()
    assert truth.wrong == []
    assert truth.resyncs == []
    assert not [event for event in told if isinstance(event, Disconnected)]
    assert asked() == snapshots > 0
