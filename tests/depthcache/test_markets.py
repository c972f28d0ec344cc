"""The depth cache managers of futures and options: how they differ from the one of spot."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from binance.client import Client
from binance.depth import following
from binance.depth.snapshots import fetcher_of
from binance.depthcache import (
    BaseDepthCacheManager,
    DepthCache,
    DepthCacheManager,
    FuturesDepthCacheManager,
    OptionsDepthCacheManager,
)
from binance.enums import FuturesType
from binance.sansio.book.bookmarkets import BOOKS, BookMarket
from binance.sansio.book.bookrules import FUTURES
from binance.sansio.link.budget import POOLS
from binance.websockets import BinanceSocketManager
from tests.depthcache.test_manager import Pump, Seen

ROOT = Path(__file__).parents[2]
USD_M, COIN_M = FuturesType.USD_M, FuturesType.COIN_M


class Exchange:
    """A client and a socket manager at once; it remembers what was asked of it."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.send: Callable[[Any], object] = print
        self.answer: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("start_"):
            return lambda symbol, callback, **options: self._start(name, symbol, callback, options)
        if name.endswith(("_order_book", "_rpi_depth")):
            return lambda **params: self._fetch(name, params)
        raise AttributeError(name)

    def _start(
        self, name: str, symbol: str, callback: Callable[[Any], object], options: dict[str, Any]
    ) -> str:
        self.calls.append((name, symbol, options))
        self.send = callback
        return f"key of {symbol}"

    def _fetch(self, name: str, params: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((name, params))
        return self.answer

    def stop_socket(self, key: str) -> None:
        self.calls.append(("stop_socket", key))

    def is_alive(self) -> bool:
        return True


@pytest.fixture
def pump(monkeypatch: pytest.MonkeyPatch) -> Pump:
    pump = Pump()
    monkeypatch.setattr(following, "fetcher_of", lambda client, pool: pump)
    return pump


def event(first: int, last: int, previous: int, **sides: list[list[str]]) -> dict[str, Any]:
    """As futures and options send it: wrapped."""
    ids = {"U": first, "u": last, "pu": previous}
    data = {"e": "depthUpdate", "E": last * 10, "T": last * 10, "s": "BTCUSDT", **ids}
    return {"stream": "btcusdt@depth", "data": data | {"b": [], "a": []} | sides}


def answer(update_id: int, bid: str = "1.0", ask: str = "1.1") -> dict[str, Any]:
    times = {"E": update_id * 10, "T": update_id * 10}
    return {"lastUpdateId": update_id, **times, "bids": [[bid, "1.50"]], "asks": [[ask, "2.5"]]}


#: market -> its manager, a symbol; the socket that it starts, the snapshot that it fetches
Row = tuple[Callable[..., BaseDepthCacheManager], str, tuple[Any, ...], tuple[Any, ...], int]
MARKETS: dict[str, Row] = {
    "usdm": (
        FuturesDepthCacheManager,
        "BTCUSDT",
        ("start_futures_depth_socket", {"depth": None, "speed": "", "futures_type": USD_M}),
        ("futures_order_book", {"symbol": "BTCUSDT", "limit": 1000}),
        20,
    ),
    "usdm, each change": (
        lambda *args, **options: FuturesDepthCacheManager(*args, ws_interval=0, **options),
        "btcusdt",
        ("start_futures_depth_socket", {"depth": None, "speed": "0ms", "futures_type": USD_M}),
        ("futures_order_book", {"symbol": "BTCUSDT", "limit": 1000}),
        20,
    ),
    "usdm, ten levels": (
        lambda *args, **options: FuturesDepthCacheManager(
            *args, limit=10, ws_interval=250, **options
        ),
        "btcusdt",
        ("start_futures_depth_socket", {"depth": None, "speed": "", "futures_type": USD_M}),
        ("futures_order_book", {"symbol": "BTCUSDT", "limit": 10}),
        2,
    ),
    "coinm": (
        lambda *args, **options: FuturesDepthCacheManager(
            *args, limit=500, ws_interval=100, futures_type=COIN_M, **options
        ),
        "btcusd_perp",
        ("start_futures_depth_socket", {"depth": None, "speed": "100ms", "futures_type": COIN_M}),
        ("futures_coin_order_book", {"symbol": "BTCUSD_PERP", "limit": 500}),
        10,
    ),
    "rpi": (
        lambda *args, **options: FuturesDepthCacheManager(*args, rpi=True, **options),
        "BTCUSDT",
        ("start_futures_rpi_depth_socket", {}),
        ("futures_rpi_depth", {"symbol": "BTCUSDT", "limit": 1000}),
        20,
    ),
    "options": (
        OptionsDepthCacheManager,
        "btc-260925-90000-c",
        ("start_options_depth_socket", {"depth": None, "speed": "500ms"}),
        ("eapi_order_book", {"symbol": "BTC-260925-90000-C", "limit": 10}),
        1,
    ),
}


@pytest.mark.parametrize("market", MARKETS)
def test_a_market_has_its_own_stream_snapshot_and_weight(market: str, pump: Pump) -> None:
    manager, symbol, (start, options), snapshot, weight = MARKETS[market]
    exchange, seen, resyncs = Exchange(), Seen(), Seen()
    dcm = manager(exchange, symbol, seen, bm=exchange, timeout=0, on_resync=resyncs)
    assert exchange.calls == [(start, symbol, options)]
    exchange.send(event(95, 105, 80))
    assert pump.jobs[0][1] == weight
    exchange.answer = answer(100)
    pump.fetch()
    assert exchange.calls[1:] == [snapshot]
    exchange.send(event(150, 160, 105, b=[["1.05", "7"]]))  # ids jump; `pu` is what counts
    assert (dcm.synced, seen) == (True, [(160, True), (160, True)])
    assert dcm.best_bid is not None
    assert [str(number) for number in dcm.best_bid] == ["1.05", "7"]
    exchange.send(event(161, 170, 159))  # contiguous, and yet one event is missing
    assert (dcm.synced, resyncs) == (False, [(160, False)])
    dcm.close()
    assert exchange.calls[-1] == ("stop_socket", f"key of {symbol}")


def test_a_books_table_names_what_exists() -> None:
    for market in BOOKS.values():
        assert callable(getattr(BinanceSocketManager, market.start))
        assert callable(getattr(Client, market.snapshot))
        assert market.pool in POOLS
        assert None in market.speeds, "each has a default"


@pytest.mark.parametrize(
    ("market", "weights"),
    [
        ("spot", {1: 5, 100: 5, 500: 25, 1000: 50, 5000: 250, 9000: 250}),
        ("usdm", {5: 2, 10: 2, 20: 2, 50: 2, 100: 5, 500: 10, 1000: 20}),
        ("coinm", {5: 2, 10: 2, 20: 2, 50: 2, 100: 5, 500: 10, 1000: 20}),
        ("options", {10: 1, 20: 1, 50: 1, 100: 5, 500: 10, 1000: 20}),
        ("rpi", {1000: 20}),
    ],
)
def test_the_weight_of_each_snapshot_that_a_market_allows(
    market: str, weights: dict[int, int]
) -> None:
    book: BookMarket = BOOKS[market]
    assert {limit: book.weight(limit) for limit in weights} == weights
    for limit in range(1, 1200):
        if book.limits and limit not in weights:
            with pytest.raises(ValueError, match="limit must be one of"):
                book.check_limit(limit)
        else:
            book.check_limit(limit)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"limit": 300}, "one of 5, 10, 20, 50, 100, 500, 1000 levels on this market, not 300"),
        ({"limit": 0}, "limit must be"),
        ({"ws_interval": 1000}, r"ws_interval must be one of None, 500, 250, 100, 0 \(ms\)"),
        ({"ws_interval": [100]}, "ws_interval must be one of"),
        ({"ws_interval": 0, "futures_type": COIN_M}, "one of None, 500, 250, 100"),
        ({"futures_type": "USD_M"}, "futures_type 'USD_M' not allowed"),
        ({"rpi": True, "futures_type": COIN_M}, "rpi=True needs FuturesType.USD_M"),
        ({"rpi": True, "limit": 500}, "one of 1000 levels"),
        ({"rpi": True, "ws_interval": 100}, "one of None, 500"),
        ({"client": object()}, r"client must have futures_order_book\(symbol=, limit=\)"),
        ({"conv_type": 5}, "conv_type must be a plain function"),
        ({"callback": 5}, "callback must be"),
    ],
)
def test_wrong_arguments_are_refused_in_words(
    pump: Pump, arguments: dict[str, Any], told: str
) -> None:
    exchange = Exchange()
    given = {"client": exchange, "symbol": "BTCUSDT", "bm": exchange, "timeout": 0} | arguments
    with pytest.raises((TypeError, ValueError), match=told):
        FuturesDepthCacheManager(**given)
    assert (exchange.calls, pump.members) == ([], [])


def test_options_allow_their_own_limits_and_speeds(pump: Pump) -> None:
    exchange, symbol = Exchange(), "BTC-260925-90000-C"
    with pytest.raises(ValueError, match="limit must be one of 10, 20, 50, 100, 500, 1000 levels"):
        OptionsDepthCacheManager(exchange, symbol, bm=exchange, limit=5)
    with pytest.raises(ValueError, match=r"ws_interval must be one of None, 500, 100 \(ms\)"):
        OptionsDepthCacheManager(exchange, symbol, bm=exchange, ws_interval=0)
    dcm = OptionsDepthCacheManager(exchange, symbol, bm=exchange, ws_interval=100, timeout=0)
    assert exchange.calls[-1][2] == {"depth": None, "speed": "100ms"}
    assert dcm._refresh_interval == BaseDepthCacheManager.DEFAULT_REFRESH
    assert (
        OptionsDepthCacheManager(
            exchange, symbol, None, 0, exchange, 20, timeout=0
        )._refresh_interval
        == 0
    )


def test_a_spot_book_refuses_an_interval_that_spot_lacks() -> None:
    exchange = Exchange()
    with pytest.raises(ValueError, match=r"ws_interval must be one of None, 0, 100 \(ms\)"):
        DepthCacheManager(exchange, "BNBBTC", bm=exchange, ws_interval=250)


def test_the_positions_are_those_of_python_binance(pump: Pump) -> None:
    exchange = Exchange()
    dcm = FuturesDepthCacheManager(
        exchange, "BTCUSDT", None, 60, exchange, 20, str, 100, USD_M, timeout=0
    )
    exchange.answer = answer(100)
    exchange.send(event(95, 105, 80))
    pump.fetch()
    cache = dcm.get_depth_cache()
    assert cache is not None
    assert (cache.get_bids(), cache.get_asks()) == ([["1.0", "1.50"]], [["1.1", "2.5"]])


def test_conv_type_makes_what_the_lists_hold() -> None:
    for conv_type, bids in ((float, [[2.0, 1.5], [1.0, 7.0]]), (Decimal, None), (str, None)):
        cache = DepthCache("BTCUSDT", conv_type)
        cache.add_bid(["1.0", "7"])
        cache.add_bid(["2.0", "1.5"])
        wanted = bids or [[conv_type("2.0"), conv_type("1.5")], [conv_type("1.0"), conv_type("7")]]
        assert cache.get_bids() == wanted
        assert cache.get_asks() == []
    assert DepthCache.sort_depth({"9": "1", "10": "2"}, conv_type=Decimal) == [
        [Decimal(9), Decimal(1)],
        [Decimal(10), Decimal(2)],
    ]


def test_books_share_a_fetcher_where_they_share_a_limit() -> None:
    client = Exchange()
    futures = fetcher_of(client, BOOKS["usdm"].pool)
    assert fetcher_of(client, BOOKS["coinm"].pool) is futures
    assert fetcher_of(client, BOOKS["rpi"].pool) is futures
    spot, options = fetcher_of(client), fetcher_of(client, "options")
    assert len({id(futures), id(spot), id(options)}) == 3
    limits = [one._budget.limit for one in (spot, futures, options) if one._budget is not None]
    assert limits == [6000, 2400, 400]


def test_the_table_of_the_tutorial_says_what_the_markets_allow() -> None:
    text = (ROOT / "docs/tutorial/order-book.rst").read_text(encoding="utf-8")
    table = text.partition(".. list-table::")[2].partition("\n\nThe ids")[0]
    rows = [
        [cell.strip() for cell in row.replace("     - ", "   * - ").split("   * - ")[1:]]
        for row in re.split(r"\n(?=   \* - )", table)[1:]
    ]
    names = {"USD-M": "usdm", "USD-M with RPI orders": "rpi", "COIN-M": "coinm"}
    seen = set()
    for name, speeds, limits, weights, rule in rows[1:]:
        market = names.get(name, name.lower())
        seen.add(market)
        book = BOOKS["usdm" if limits == "as USD-M" else market]
        allowed = {ms for ms in BOOKS[market].speeds if ms is not None}
        assert {int(ms) for ms in re.findall(r"\d+", speeds)} == allowed
        if limits == "1 to 5000":
            assert (book.limits, book.most) == ((), 5000)
        elif limits != "as USD-M":
            assert tuple(map(int, limits.split(", "))) == book.limits
        of_limits = {book.weight(limit) for limit in book.limits or (100, 500, 1000, 5000)}
        if "as USD-M" not in weights:
            told = {int(one) for one in re.findall(r"(?:^|, )(\d+)", weights)}
            assert told == of_limits
        assert ("pu" in rule) == (BOOKS[market].rules is FUTURES)
    assert seen == set(BOOKS)


@pytest.mark.parametrize(
    "manager", [DepthCacheManager, FuturesDepthCacheManager, OptionsDepthCacheManager]
)
def test_the_loop_of_python_binance_has_no_effect(manager: Any, pump: Pump) -> None:
    exchange = Exchange()
    with pytest.warns(UserWarning, match="loop has no effect in this library") as caught:
        manager(exchange, "BTCUSDT", bm=exchange, timeout=0, loop=object())
    (warned,) = [one for one in caught if "has no effect" in str(one.message)]
    assert warned.filename == __file__


@pytest.mark.parametrize("manager", [DepthCacheManager, FuturesDepthCacheManager])
@pytest.mark.parametrize(("given", "used"), [(60, 60), (0, 0), (None, 0)])
def test_a_book_takes_a_new_snapshot_as_often_as_it_is_told(
    manager: Any, given: float | None, used: float, pump: Pump
) -> None:
    exchange = Exchange()
    dcm = manager(exchange, "BTCUSDT", bm=exchange, refresh_interval=given, timeout=0)
    assert dcm._refresh_interval == used


@pytest.mark.parametrize(
    ("manager", "opener"),
    [
        (DepthCacheManager, "_start_socket"),
        (FuturesDepthCacheManager, "_start_futures_socket"),
        (MARKETS["rpi"][0], "_start_futures_socket"),
    ],
)
def test_an_override_of_old_gets_only_the_options_that_it_knows(
    manager: Any, opener: str, pump: Pump
) -> None:
    opened = []

    def old(self: object, path: str, callback: object, prefix: str = "ws/") -> str:
        opened.append(path)
        return path

    kind = type("Old", (BinanceSocketManager,), {opener: old, "is_alive": lambda self: True})
    manager(Exchange(), "BTCUSDT", bm=kind(None, dispatch="thread"), timeout=0).close()
    assert len(opened) == 1
