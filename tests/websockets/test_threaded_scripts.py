"""Scripts as people wrote them for the threaded managers of python-binance 1.0.

Each function has the shape of a public script; where the script waits for ever, it waits here until
it has seen what it is about.
"""

import threading

import pytest

from binance import (
    BinanceAPIException,
    Client,
    FuturesType,
    ThreadedDepthCacheManager,
    ThreadedWebsocketManager,
)
from binance.enums import KLINE_INTERVAL_1MINUTE, SIDE_BUY, ContractType
from binance.ws import streams as inner
from tests.websockets.heard import DEADLINE, Heard
from tests.websockets.surroundings import simulated

pytestmark = [pytest.mark.loopback, pytest.mark.process]

KEY, SECRET = "K" * 64, "S" * 64


@pytest.fixture(scope="module", autouse=True)
def exchange():
    """The environment of these scripts leads to a simulated exchange."""
    with simulated(seed=4, symbols=["BTCUSDT", "ETHUSDT", "BNBBTC"], rate=50) as process:
        yield process


def ended(twm):
    twm.stop()
    twm.join(DEADLINE)
    return not twm.is_alive()


def test_a_price_printer():
    twm = ThreadedWebsocketManager(api_key=KEY, api_secret=SECRET)
    twm.start()
    handle_socket_message = Heard()
    name = twm.start_kline_socket(callback=handle_socket_message, symbol="BNBBTC")
    assert name == "bnbbtc@kline_1m"
    msg = handle_socket_message.next()
    assert (msg["e"], msg["s"], msg["k"]["i"]) == ("kline", "BNBBTC", "1m")
    assert ended(twm)


def test_a_bot_that_keeps_a_table_of_prices():
    prices = {"error": False}
    updated = threading.Event()

    def btc_pairs_trade(msg):
        if msg["e"] != "error":
            prices[msg["s"]] = (msg["c"], msg["E"])
            updated.set()
        else:
            prices["error"] = True

    bsm = ThreadedWebsocketManager()
    bsm.start()
    bsm.start_symbol_ticker_socket(callback=btc_pairs_trade, symbol="ETHUSDT")
    assert updated.wait(DEADLINE)
    assert float(prices["ETHUSDT"][0]) > 0
    assert prices["error"] is False
    assert ended(bsm)


def test_a_multiplex_socket_of_many_symbols():
    seen = Heard()
    twm = ThreadedWebsocketManager()
    twm.start()
    streams = [
        f"{symbol.lower()}@{kind}"
        for symbol in ("BTCUSDT", "BNBBTC")
        for kind in ("miniTicker", "bookTicker")
    ]
    name = twm.start_multiplex_socket(callback=seen, streams=streams)
    assert name == f"streams={'/'.join(streams)}"
    assert {seen.next()["stream"] for _ in range(300)} == set(streams)
    twm.stop_socket(name)
    assert ended(twm)


def test_a_socket_that_stops_itself_in_its_callback():
    twm = ThreadedWebsocketManager()
    twm.start()
    trades, names, stopped = Heard(), [], threading.Event()

    def on_trade(msg):
        trades(msg)
        if trades.qsize() == 3:
            twm.stop_socket(names[0])
            stopped.set()

    names.append(twm.start_trade_socket(on_trade, "BTCUSDT"))
    assert stopped.wait(DEADLINE)
    assert [trades.next()["e"] for _ in range(3)] == ["trade"] * 3
    assert trades.empty()
    again = twm.start_trade_socket(trades, "BTCUSDT")
    assert again == names[0]
    assert trades.next()["s"] == "BTCUSDT"
    assert ended(twm)


def test_a_market_maker_that_is_a_class():
    class Maker:
        def __init__(self):
            self.client = Client(KEY, SECRET)
            self.twm = ThreadedWebsocketManager(KEY, SECRET)
            self.orders, self.book = Heard(), Heard()

        def run(self):
            self.twm.start()
            self.twm.start_symbol_book_ticker_socket(callback=self.book, symbol="BTCUSDT")
            self.twm.start_user_socket(callback=self.orders)
            assert self.twm._manager.wait_open("user", DEADLINE)
            self.client.order_market_buy(symbol="BTCUSDT", quantity="0.002")
            return self.orders.until(lambda msg: msg["e"] == "executionReport")

        def stop(self):
            assert ended(self.twm)

    maker = Maker()
    report = maker.run()
    assert (report["s"], report["S"]) == ("BTCUSDT", SIDE_BUY)
    assert float(maker.book.next()["b"]) > 0
    maker.stop()


def test_a_futures_bot_that_watches_its_orders():
    client = Client(KEY, SECRET)
    events = Heard()
    twm = ThreadedWebsocketManager(KEY, SECRET)
    twm.start()
    name = twm.start_futures_user_socket(callback=events)
    assert name == "usdm:user"
    assert twm._manager.wait_open(name, DEADLINE)
    client.futures_create_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01")
    order = events.until(lambda msg: msg["e"] == "ORDER_TRADE_UPDATE")["o"]
    assert (order["s"], order["S"]) == ("BTCUSDT", "BUY")
    assert ended(twm)


@pytest.mark.parametrize(
    ("futures_type", "symbol"), [(FuturesType.USD_M, "BTCUSDT"), (FuturesType.COIN_M, "BTCUSD")]
)
def test_candles_of_futures_have_no_envelope(futures_type, symbol):
    candles = Heard()
    twm = ThreadedWebsocketManager()
    twm.start()
    name = twm.start_kline_futures_socket(
        callback=candles,
        symbol=symbol,
        interval=KLINE_INTERVAL_1MINUTE,
        futures_type=futures_type,
        contract_type=ContractType.PERPETUAL,
    )
    assert name == f"{symbol.lower()}_perpetual@continuousKline_1m"
    msg = candles.next()
    assert (msg["e"], msg["ps"], msg["ct"]) == ("continuous_kline", symbol, "PERPETUAL")
    assert ended(twm)


def test_the_same_stream_on_spot_and_futures():
    spot, futures = Heard(), Heard()
    twm = ThreadedWebsocketManager()
    twm.start()
    first = twm.start_aggtrade_socket(callback=spot, symbol="BTCUSDT")
    second = twm.start_aggtrade_futures_socket(callback=futures, symbol="BTCUSDT")
    assert (first, second) == ("btcusdt@aggTrade", "usdm:btcusdt@aggTrade")
    assert spot.next()["e"] == "aggTrade"
    assert futures.next()["stream"] == "btcusdt@aggTrade"
    twm.stop_socket(second)
    assert spot.next()["e"] == "aggTrade"
    assert ended(twm)


def test_the_same_stream_on_futures_and_spot():
    spot, futures = Heard(), Heard()
    twm = ThreadedWebsocketManager()
    twm.start()
    first = twm.start_aggtrade_futures_socket(callback=futures, symbol="BTCUSDT")
    second = twm.start_aggtrade_socket(callback=spot, symbol="BTCUSDT")
    assert (first, second) == ("btcusdt@aggTrade", "spot:btcusdt@aggTrade")
    twm.stop_socket(first)
    assert twm.start_aggtrade_futures_socket(callback=futures, symbol="BTCUSDT") == first
    assert spot.next()["e"] == "aggTrade"
    assert ended(twm)


def test_a_multiplex_of_futures():
    seen = Heard()
    twm = ThreadedWebsocketManager()
    twm.start()
    streams = ["btcusdt@aggTrade", "btcusdt@depth5@100ms", "ethusdt@markPrice@1s"]
    twm.start_futures_multiplex_socket(callback=seen, streams=streams)
    wanted = set(streams)
    while wanted:  # of both addresses of the exchange
        wanted.discard(seen.next()["stream"])
    assert ended(twm)


def test_a_watcher_of_all_mark_prices():
    seen = Heard()
    twm = ThreadedWebsocketManager()
    twm.start()
    twm.start_all_mark_price_socket(callback=seen, fast=True)
    msg = seen.next()
    assert {"BTCUSDT", "ETHUSDT"} <= {each["s"] for each in msg["data"]}
    assert ended(twm)


def test_a_coroutine_callback():
    seen = Heard()

    async def on_message(msg):
        seen(msg)

    twm = ThreadedWebsocketManager(max_queue_size=1000)
    twm.start()
    twm.start_depth_socket(callback=on_message, symbol="BNBBTC", depth="5", interval=100)
    assert len(seen.next()["bids"]) == 5
    assert ended(twm)


def test_sockets_in_a_loop_over_symbols():
    seen = Heard()
    with ThreadedWebsocketManager() as twm:
        names = [
            twm.start_symbol_miniticker_socket(callback=seen, symbol=symbol)
            for symbol in ("BTCUSDT", "ETHUSDT", "BNBBTC")
        ]
        assert {seen.next()["s"] for _ in range(12)} == {"BTCUSDT", "ETHUSDT", "BNBBTC"}
        for name in names:
            twm.stop_socket(name)
    twm.join(DEADLINE)
    assert not twm.is_alive()


def test_a_handler_of_errors_that_starts_its_socket_anew(exchange):
    errors, klines = Heard(), Heard()
    twm = ThreadedWebsocketManager()
    twm.start()

    def handle(msg):
        if msg.get("e") == "error":
            errors(msg)
            twm.stop_socket(names.pop())
            start()
        else:
            klines(msg)

    names = []

    def start():
        names.append(twm.start_kline_socket(callback=handle, symbol="BTCUSDT"))

    start()
    klines.next()
    exchange.fault("drop")
    assert errors.next()["type"] == "ConnectionClosedError"
    while not klines.empty():
        klines.get_nowait()
    assert klines.next()["e"] == "kline"
    assert ended(twm)


def test_a_manager_that_is_stopped_and_started_again():
    seen = Heard()
    twm = ThreadedWebsocketManager()
    for _ in range(2):
        twm.start()
        twm.start_symbol_ticker_socket(callback=seen, symbol="BTCUSDT")
        assert seen.next()["e"] == "24hrTicker"
        assert ended(twm)


def test_a_depth_cache():
    books = Heard()
    dcm = ThreadedDepthCacheManager()
    dcm.start()
    name = dcm.start_depth_cache(books, symbol="BTCUSDT", limit=100)
    assert name == "btcusdt@depth100"
    depth_cache = books.until(lambda cache: cache.synced)
    (bid, _), (ask, _) = depth_cache.get_bids()[0], depth_cache.get_asks()[0]
    assert bid < ask
    assert depth_cache.symbol == "BTCUSDT"
    dcm.stop_socket(name)
    assert ended(dcm)


def test_depth_caches_of_two_markets():
    spot, futures = Heard(), Heard()
    dcm = ThreadedDepthCacheManager()
    dcm.start()
    first = dcm.start_depth_cache(callback=spot, symbol="BTCUSDT")
    second = dcm.start_futures_depth_socket(callback=futures, symbol="BTCUSDT")
    assert first != second
    for heard in (spot, futures):
        assert heard.until(lambda cache: cache.synced).get_bids()
    assert ended(dcm)


def test_the_inner_modules():
    inner.ReconnectingWebsocket.MAX_QUEUE_SIZE = 10000
    seen = Heard()
    twm = inner.ThreadedWebsocketManager()
    twm.start()
    twm.start_miniticker_socket(callback=seen)
    assert {"BTCUSDT", "ETHUSDT"} <= {each["s"] for each in seen.next()}
    assert ended(twm)


def test_keys_that_are_wrong():
    errors = Heard()
    twm = ThreadedWebsocketManager("x" * 64, "y" * 64)
    twm.start()
    twm.start_user_socket(callback=errors)
    msg = errors.next()
    assert (msg["e"], msg["type"]) == ("error", "BinanceWebsocketUnableToConnect")
    with pytest.raises(BinanceAPIException):
        Client("x" * 64, "y" * 64).get_account()
    assert ended(twm)


def test_the_margin_account():
    client, events = Client(KEY, SECRET), Heard()
    twm = ThreadedWebsocketManager(KEY, SECRET)
    twm.start()
    name = twm.start_margin_socket(callback=events)
    assert twm._manager.wait_open(name, DEADLINE)
    client.create_margin_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.001")
    assert events.until(lambda msg: msg["e"] == "executionReport")["s"] == "BTCUSDT"
    assert ended(twm)


def test_a_program_that_joins_in_its_main_thread():
    seen = Heard()
    twm = ThreadedWebsocketManager()
    twm.daemon = True
    twm.start()
    twm.start_rolling_window = None  # an attribute of the script's own
    twm.start_book_ticker_socket(callback=seen)
    waiting = threading.Thread(target=twm.join)
    waiting.start()
    assert seen.next()["s"]
    twm.stop()
    waiting.join(DEADLINE)
    assert not waiting.is_alive()
