"""Scripts as people wrote them from 2018 to 2021 for `binance.websockets`.

Each function has the shape of a public script, bot or example of a book; where the script waits for
ever, it waits here until it has seen what it is about.
"""

import csv
import functools
import json
import queue
import subprocess
import sys
import textwrap
import threading
from collections import deque
from datetime import UTC, datetime

import pytest

from binance.client import Client
from binance.depthcache import DepthCacheManager
from binance.enums import (
    KLINE_INTERVAL_1MINUTE,
    ORDER_TYPE_LIMIT,
    SIDE_SELL,
    TIME_IN_FORCE_GTC,
)
from binance.exceptions import BinanceAPIException, BinanceOrderException
from binance.websockets import (
    BinanceClientFactory,
    BinanceClientProtocol,
    BinanceSocketManager,
    reactor,
)
from tests.websockets.heard import DEADLINE, Heard
from tests.websockets.surroundings import simulated

pytestmark = [pytest.mark.loopback, pytest.mark.process]

KEY, SECRET = "K" * 64, "S" * 64


@pytest.fixture(scope="module", autouse=True)
def exchange():
    """The environment of these scripts leads to a simulated exchange."""
    symbols = ["BTCUSDT", "ETHUSDT", "BNBBTC", "ETHBTC"]
    with simulated(seed=5, symbols=symbols, rate=60) as process:
        yield process


def ended(bm):
    bm.close()
    bm.join(DEADLINE)
    return not bm.is_alive()


def test_the_first_example_of_every_tutorial():
    process_message = Heard()
    client = Client("", "")
    bm = BinanceSocketManager(client, user_timeout=60)
    conn_key = bm.start_trade_socket("BNBBTC", process_message)
    bm.start()
    msg = process_message.next()
    assert conn_key == "bnbbtc@trade"
    assert (msg["e"], msg["s"]) == ("trade", "BNBBTC")
    assert datetime.fromtimestamp(msg["T"] / 1000, UTC).year > 2020
    assert bm.stop_socket(conn_key) is None
    assert ended(bm)


def test_start_before_the_sockets():
    seen = Heard()
    bm = BinanceSocketManager(Client("", ""))
    bm.start()
    bm.start_aggtrade_socket("BTCUSDT", seen)
    assert seen.next()["e"] == "aggTrade"
    assert ended(bm)


def test_a_global_dictionary_of_the_best_prices():
    btc_price = {"error": False}
    updated = threading.Event()

    def btc_trade_history(msg):
        """Keep what comes, as globals of the script."""
        if msg["e"] != "error":
            btc_price["last"], btc_price["bid"], btc_price["ask"] = msg["c"], msg["b"], msg["a"]
            updated.set()
        else:
            btc_price["error"] = True

    bsm = BinanceSocketManager(Client(KEY, SECRET))
    bsm.start_symbol_ticker_socket("BTCUSDT", btc_trade_history)
    bsm.start()
    assert updated.wait(DEADLINE)
    assert float(btc_price["bid"]) < float(btc_price["ask"])
    assert btc_price["error"] is False
    assert ended(bsm)


def test_closes_of_candles_for_an_indicator():
    client = Client(KEY, SECRET)
    rows = client.get_historical_klines("BTCUSDT", Client.KLINE_INTERVAL_1MINUTE, "30 min ago UTC")
    closes = [float(row[4]) for row in rows]
    before, averages = len(closes), Heard()

    def on_candle(msg):
        candle = msg["k"]
        assert candle["x"] in (True, False)
        closes.append(float(candle["c"]))
        averages(sum(closes[-14:]) / len(closes[-14:]))

    bm = BinanceSocketManager(client)
    bm.start_kline_socket("BTCUSDT", on_candle, interval=KLINE_INTERVAL_1MINUTE)
    bm.start()
    assert averages.next() > 0
    assert before >= 14
    assert ended(bm)


def test_a_multiplex_of_candles_into_lists_by_symbol():
    candles = {"BTCUSDT": [], "ETHUSDT": []}
    seen = Heard()

    def process_m_message(msg):
        data = msg["data"]
        candles[data["s"]].append([data["k"][name] for name in "tohlcv"])
        seen(msg["stream"])

    bm = BinanceSocketManager(Client("", ""))
    streams = ["btcusdt@kline_1m", "ethusdt@kline_1m"]
    conn_key = bm.start_multiplex_socket(streams, process_m_message)
    bm.start()
    wanted = set(streams)
    while wanted:
        wanted.discard(seen.next())
    assert conn_key == "streams=btcusdt@kline_1m/ethusdt@kline_1m"
    assert all(len(rows[0]) == 6 for rows in candles.values())
    assert ended(bm)


def test_streams_for_all_symbols_of_a_quote():
    client, seen = Client("", ""), Heard()
    info = client.get_exchange_info()
    pairs = [each["symbol"] for each in info["symbols"] if each["quoteAsset"] == "USDT"]
    streams = [pair.lower() + "@bookTicker" for pair in pairs]
    bm = BinanceSocketManager(client)
    bm.start_multiplex_socket(streams, seen)
    bm.start()
    wanted = set(pairs)
    while wanted:
        wanted.discard(seen.next()["data"]["s"])
    assert ended(bm)


def test_a_triangle_of_prices():
    client, books, profit = Client("", ""), {}, Heard()

    def on_book(msg):
        data = msg["data"]
        books[data["s"]] = float(data["b"]), float(data["a"])
        if len(books) == 3:
            buy, cross, sell = books["BTCUSDT"][1], books["ETHBTC"][1], books["ETHUSDT"][0]
            profit(sell / (buy * cross) - 1)

    bm = BinanceSocketManager(client)
    bm.start_multiplex_socket(
        ["btcusdt@bookTicker", "ethbtc@bookTicker", "ethusdt@bookTicker"], on_book
    )
    bm.start()
    assert isinstance(profit.next(), float)
    assert ended(bm)


def test_a_bot_that_is_a_class_with_methods_as_callbacks():
    class Bot:
        def __init__(self, symbol):
            self.symbol, self.trades, self.depth = symbol, Heard(), Heard()
            self.client = Client(KEY, SECRET)
            self.bm = BinanceSocketManager(self.client)
            self.keys = []

        def run(self):
            self.keys.append(self.bm.start_trade_socket(self.symbol, self.on_trade))
            self.keys.append(
                self.bm.start_depth_socket(
                    self.symbol, self.on_depth, depth=BinanceSocketManager.WEBSOCKET_DEPTH_5
                )
            )
            self.bm.start()

        def on_trade(self, msg):
            self.trades(float(msg["p"]))

        def on_depth(self, msg):
            self.depth(msg)

        def stop(self):
            for key in self.keys:
                self.bm.stop_socket(key)
            return ended(self.bm)

    bot = Bot("ETHUSDT")
    bot.run()
    assert bot.trades.next() > 0
    assert len(bot.depth.next()["bids"]) == 5
    assert bot.keys == ["ethusdt@trade", "ethusdt@depth5"]
    assert bot.stop()


def test_partials_and_lambdas_as_callbacks():
    seen = Heard()

    def handle(label, factor, msg):
        seen((label, float(msg["c"]) * factor))

    bm = BinanceSocketManager(Client("", ""))
    for symbol in ("BTCUSDT", "ETHUSDT"):
        bm.start_symbol_ticker_socket(symbol, functools.partial(handle, symbol, 2))
    bm.start_symbol_ticker_socket("BNBBTC", lambda msg: handle("BNBBTC", factor=1, msg=msg))
    bm.start()
    wanted = {"BTCUSDT", "ETHUSDT", "BNBBTC"}
    while wanted:
        wanted.discard(seen.next()[0])
    assert ended(bm)


def test_a_worker_thread_that_reads_a_queue():
    trades, results = queue.Queue(), Heard()

    def worker():
        window = deque(maxlen=5)
        while (msg := trades.get()) is not None:
            window.append(float(msg["q"]))
            if len(window) == 5:
                results(sum(window))

    thread = threading.Thread(target=worker)
    thread.start()
    bm = BinanceSocketManager(Client("", ""))
    bm.start_trade_socket("BTCUSDT", trades.put)
    bm.start()
    assert results.next() > 0
    assert ended(bm)
    trades.put(None)
    thread.join(DEADLINE)
    assert not thread.is_alive()


def test_a_thread_of_the_user_around_the_manager():
    class Watcher(threading.Thread):
        def __init__(self, symbol):
            threading.Thread.__init__(self, daemon=True)
            self.symbol, self.seen, self.leave = symbol, Heard(), threading.Event()

        def run(self):
            bm = BinanceSocketManager(Client("", ""))
            bm.start_aggtrade_socket(self.symbol, self.seen)
            bm.start()
            self.leave.wait(DEADLINE)
            bm.close()

    watchers = [Watcher(symbol) for symbol in ("BTCUSDT", "BNBBTC")]
    for watcher in watchers:
        watcher.start()
    assert [watcher.seen.next()["s"] for watcher in watchers] == ["BTCUSDT", "BNBBTC"]
    for watcher in watchers:
        watcher.leave.set()
        watcher.join(DEADLINE)
        assert not watcher.is_alive()


def test_a_socket_that_is_stopped_at_a_price():
    sold = threading.Event()

    def on_trade(msg):
        if float(msg["p"]) > 0 and not sold.is_set():
            bm.stop_socket(conn_key)
            sold.set()

    bm = BinanceSocketManager(Client("", ""))
    conn_key = bm.start_trade_socket("BTCUSDT", on_trade)
    bm.start()
    assert sold.wait(DEADLINE)
    assert conn_key not in bm._conns
    assert bm.start_trade_socket("BTCUSDT", on_trade) == conn_key
    assert ended(bm)


def test_a_writer_of_a_table(tmp_path):
    rows, path = Heard(), tmp_path / "trades.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)

        def write(msg):
            writer.writerow([msg["T"], msg["p"], msg["q"], "SELL" if msg["m"] else "BUY"])
            rows(msg)

        bm = BinanceSocketManager(Client("", ""))
        bm.start_trade_socket("BTCUSDT", write)
        bm.start()
        expected = [rows.next() for _ in range(3)]
        assert ended(bm)
    with path.open(newline="") as file:
        written = list(csv.reader(file))
    assert [row[1] for row in written[:3]] == [msg["p"] for msg in expected]


def test_all_mini_tickers_sorted_by_their_change():
    seen = Heard()

    def on_tickers(msg):
        changes = {each["s"]: float(each["c"]) / float(each["o"]) - 1 for each in msg}
        seen(sorted(changes, key=changes.get))

    bm = BinanceSocketManager(Client("", ""))
    assert bm.start_miniticker_socket(on_tickers)
    bm.start()
    assert set(seen.next()) <= {"BTCUSDT", "ETHUSDT", "BNBBTC", "ETHBTC"}
    assert ended(bm)


def test_an_order_and_the_account_that_reports_it():
    client, reports = Client(KEY, SECRET), Heard()

    def process_message(msg):
        if msg["e"] == "executionReport":
            reports(msg)

    bm = BinanceSocketManager(client)
    bm.start()
    conn_key = bm.start_user_socket(process_message)
    assert bm.wait_open(conn_key, DEADLINE)
    try:
        order = client.order_market_buy(symbol="BTCUSDT", quantity=0.002)
    except (BinanceAPIException, BinanceOrderException) as error:
        pytest.fail(error.message)
    report = reports.until(lambda msg: msg["i"] == order["orderId"] and msg["X"] == "FILLED")
    assert (report["s"], report["S"], report["q"]) == ("BTCUSDT", "BUY", "0.00200000")
    assert ended(bm)


def test_a_limit_order_that_is_cancelled_when_the_price_has_moved():
    client, moves = Client(KEY, SECRET), Heard()
    bm = BinanceSocketManager(client)
    bm.start_symbol_ticker_socket("BTCUSDT", moves)
    bm.start()
    price = round(float(moves.next()["c"]) * 1.05, 2)
    order = client.create_order(
        symbol="BTCUSDT",
        side=SIDE_SELL,
        type=ORDER_TYPE_LIMIT,
        timeInForce=TIME_IN_FORCE_GTC,
        quantity=0.001,
        price=str(price),
    )
    moves.next()
    cancelled = client.cancel_order(symbol="BTCUSDT", orderId=order["orderId"])
    assert cancelled["status"] == "CANCELED"
    assert ended(bm)


def test_accounts_of_margin():
    client, seen = Client(KEY, SECRET), Heard()
    bm = BinanceSocketManager(client)
    keys = [bm.start_margin_socket(seen), bm.start_isolated_margin_socket("BTCUSDT", seen)]
    bm.start()
    assert all(bm.wait_open(key, DEADLINE) for key in keys)
    client.create_margin_order(symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.001")
    assert seen.until(lambda msg: msg["e"] == "executionReport")["s"] == "BTCUSDT"
    assert ended(bm)


def test_an_error_in_the_callback_starts_the_socket_anew(exchange):
    errors, trades = Heard(), Heard()

    def process_message(msg):
        if msg["e"] == "error":
            errors(msg)
            bm.stop_socket("ethbtc@trade")  # it may fail before its key is returned
            bm.start_trade_socket("ETHBTC", process_message)
        else:
            trades(msg)

    bm = BinanceSocketManager(Client("", ""))
    exchange.fault("http_status", status=404, on="handshake", count=1)
    bm.start_trade_socket("ETHBTC", process_message)
    bm.start()
    assert errors.next()["m"].startswith("Max reconnect retries reached")
    assert trades.next()["s"] == "ETHBTC"
    assert ended(bm)


def test_an_error_of_the_account_makes_another_manager(exchange):
    client, events = Client(KEY, SECRET), Heard()
    managers, lost = [], threading.Event()

    def begin():
        managers.append(BinanceSocketManager(client))
        key = managers[-1].start_user_socket(on_event)
        managers[-1].start()
        return key

    def on_event(msg):
        if msg["e"] == "error":
            lost.set()
        else:
            events(msg)

    exchange.fault("http_status", status=404, on="handshake", count=1)
    begin()
    assert lost.wait(DEADLINE)
    managers[0].close()
    assert managers[0].stop_socket("user") is None
    key = begin()
    assert managers[1].wait_open(key, DEADLINE)
    client.order_market_buy(symbol="ETHUSDT", quantity="0.01")
    assert events.until(lambda msg: msg["e"] == "executionReport")["s"] == "ETHUSDT"
    assert all(ended(bm) for bm in managers)


def test_a_watchdog_that_replaces_a_silent_manager():
    client, last = Client("", ""), {"at": None}
    arrived = threading.Event()

    def on_trade(msg):
        last["at"] = msg["E"]
        arrived.set()

    def connect():
        bm = BinanceSocketManager(client)
        bm.start_trade_socket("BTCUSDT", on_trade)
        bm.start()
        return bm

    for _ in range(3):
        bm = connect()
        assert arrived.wait(DEADLINE)
        arrived.clear()
        bm.close()
    assert last["at"] > 0
    assert ended(bm)


def test_a_depth_cache_that_is_refreshed_each_hour():
    books = Heard()

    def process_depth(depth_cache):
        if depth_cache is not None:
            books((depth_cache.symbol, depth_cache.get_bids()[:5], depth_cache.get_asks()[:5]))

    client = Client("", "")
    dcm = DepthCacheManager(client, "BNBBTC", callback=process_depth, refresh_interval=60 * 60)
    symbol, bids, asks = books.next()
    assert symbol == "BNBBTC"
    assert bids == sorted(bids, reverse=True)
    assert bids[0][0] < asks[0][0]
    assert dcm.get_depth_cache().update_time > 0
    dcm.close(close_socket=True)


def test_depth_caches_that_share_a_manager():
    client, books = Client("", ""), Heard()
    bm = BinanceSocketManager(client)
    caches = [
        DepthCacheManager(client, symbol, callback=books, bm=bm, refresh_interval=0)
        for symbol in ("BTCUSDT", "ETHUSDT")
    ]
    wanted = {"BTCUSDT", "ETHUSDT"}
    while wanted:
        wanted.discard(books.next().symbol)
    for cache in caches:
        cache.close()
    assert ended(bm)


def test_marks_and_tickers_of_futures():
    marks, tickers, every = Heard(), Heard(), Heard()
    bm = BinanceSocketManager(Client("", ""))
    bm.start_symbol_mark_price_socket("BTCUSDT", marks, fast=True)
    bm.start_symbol_ticker_futures_socket("BTCUSDT", tickers)
    bm.start_all_mark_price_socket(every)
    bm.start()
    assert marks.next()["data"]["e"] == "markPriceUpdate"
    assert float(tickers.next()["data"]["b"]) > 0
    assert {"BTCUSDT", "ETHUSDT"} <= {each["s"] for each in every.next()["data"]}
    assert ended(bm)


def test_another_address_by_a_subclass(exchange):
    class UsManager(BinanceSocketManager):
        STREAM_URL = exchange.urls["ws"] + "/"

        def start_two_tickers_socket(self, first, second, callback):
            path = f"streams={first.lower()}@ticker/{second.lower()}@ticker"
            return self._start_socket(path, callback, "stream?")

    seen = Heard()
    bm = UsManager(None)
    key = bm.start_two_tickers_socket("BTCUSDT", "ETHBTC", seen)
    bm.start()
    assert key in bm._conns
    wanted = {"btcusdt@ticker", "ethbtc@ticker"}
    while wanted:
        wanted.discard(seen.next()["stream"])
    assert ended(bm)


def test_a_protocol_and_a_factory_of_the_user(exchange):
    counted = {"octets": 0, "connects": 0}

    class Protocol(BinanceClientProtocol):
        def onConnect(self, response):
            counted["connects"] += 1
            super().onConnect(response)

        def onMessage(self, payload, isBinary):
            counted["octets"] += len(payload)
            self.factory.callback(json.loads(payload.decode("utf8")))

    class Manager(BinanceSocketManager):
        def _start_socket(self, path, callback, prefix="ws/"):
            if path in self._conns:
                return False
            factory = BinanceClientFactory(self.STREAM_URL + prefix + path)
            factory.protocol = Protocol
            factory.callback = callback
            factory.reconnect = True
            from autobahn.twisted.websocket import connectWS
            from twisted.internet import ssl

            self._conns[path] = connectWS(factory, ssl.ClientContextFactory())
            return path

    seen = Heard()
    bm = Manager(None)
    bm.STREAM_URL = exchange.urls["ws"] + "/"
    assert bm.start_trade_socket("BTCUSDT", seen) == "btcusdt@trade"
    assert bm.start_trade_socket("BTCUSDT", seen) is False
    bm.start()
    assert seen.next()["e"] == "trade"
    assert counted["connects"] == 1
    assert counted["octets"] > 0
    assert ended(bm)


def test_a_call_on_the_reactor_of_the_script():
    seen, called = Heard(), threading.Event()
    bm = BinanceSocketManager(Client("", ""))
    bm.start_trade_socket("BTCUSDT", lambda msg: reactor.callLater(0, seen, msg))
    bm.start()
    reactor.callFromThread(called.set)
    assert called.wait(DEADLINE)
    assert seen.next()["e"] == "trade"
    assert ended(bm)


def test_keys_from_a_file_that_nobody_has_filled_in(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text('{"key": "insert your key here\\n", "secret": "insert your secret here"}')
    keys, seen = json.loads(path.read_text()), Heard()
    client = Client(keys["key"], keys["secret"])
    bm = BinanceSocketManager(client)
    bm.start_aggtrade_socket("BNBBTC", seen)
    bm.start()
    assert seen.next()["s"] == "BNBBTC"
    with pytest.raises(ValueError, match="key"):
        client.get_account()
    assert ended(bm)


def test_close_and_reactor_stop_end_the_program(exchange):
    """The last lines of most scripts; the reactor of this process must go on, so it is another."""
    script = """
        import time
        from binance.client import Client
        from binance.websockets import BinanceSocketManager
        from twisted.internet import reactor

        seen = []
        bm = BinanceSocketManager(Client("", ""))
        conn_key = bm.start_trade_socket("BTCUSDT", seen.append)
        bm.start()
        while len(seen) < 3:
            time.sleep(0.01)
        bm.stop_socket(conn_key)
        bm.close()
        reactor.stop()
        print("done", seen[0]["e"])
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=True,
    )
    assert run.stdout == "done trade\n"
    assert run.stderr == ""
