"""The awaited client: which threads its calls have, and what becomes of a cancelled one."""

import asyncio
import copy
import itertools
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partialmethod
from unittest.mock import AsyncMock, patch

import pytest
from requests.exceptions import ConnectTimeout

from binance import AsyncClient, BinanceAPIException, Client, async_client
from binance.rest.calls import UrlAttribute
from binance.rest.sessions import VerifyingAdapter
from tests.pace import paced
from tests.programs import exit_code

DEADLINE = paced(30)
KEYS = ("K" * 64, "S" * 64)
URLS = [name for name, kind in vars(Client).items() if isinstance(kind, UrlAttribute)]


@pytest.fixture
def client(script):
    made = AsyncClient(*KEYS)
    made.session.mount("https://", script)
    return made


def run(main):
    return asyncio.run(asyncio.wait_for(main, DEADLINE))


@pytest.mark.thread
def test_its_calls_about_conditional_orders_take_the_path_of_those(client, script):
    run(client.futures_cancel_all_open_orders(symbol="A", conditional=True))
    assert (script.last.method, script.last.path) == ("DELETE", "/fapi/v1/algoOpenOrders")
    assert "conditional" not in script.last.params


@pytest.mark.thread
def test_settings_of_its_session_hold_after_the_first_call_too(script, monkeypatch):
    """The first call runs in another thread, as all do."""
    given = {"verify": "/a/corp.pem", "proxies": {"https": "http://proxy:1"}, "cert": "/a/c.pem"}
    monkeypatch.setattr(
        VerifyingAdapter, "send", lambda _, *args, **opts: script.send(*args, **opts)
    )
    later = type(script)()

    async def main():
        threads = ThreadPoolExecutor(1)
        asyncio.get_running_loop().set_default_executor(threads)
        client = await AsyncClient.create(*KEYS)
        for name, value in given.items():
            setattr(client.session, name, value)
        await client.ping()
        client.session.mount("https://", later)
        await client.ping()

    run(main())
    assert {name: script.last.options[name] for name in given} == given
    assert (len(script.asked), len(later.asked)) == (2, 1)


class Held:
    """A step that waits in its thread until it is released."""

    def __init__(self):
        self.reached, self.released = threading.Event(), threading.Event()

    def __call__(self, *_, **__):
        self.reached.set()
        assert self.released.wait(DEADLINE)
        return 1_700_000_000_000


SIGNED = {"signed": True, "data": {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET"}}
PLUMBING = {
    "_request": {"method": "post", "uri": "https://fapi.binance.com/fapi/v1/order"} | SIGNED,
    "_request_futures_api": {"method": "post", "path": "order"} | SIGNED,
    "_request_api": {"method": "post", "path": "order"} | SIGNED,
    "_post": {"path": "order"} | SIGNED,
}
CALLS = PLUMBING | {
    "create_order": {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": 1},
    "futures_create_order": {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": 1},
    "capital_withdraw": {"coin": "BTC", "address": "a", "amount": 1},
    "make_universal_transfer": {"type": "MAIN_UMFUTURE", "asset": "BTC", "amount": 1},
    "ws_create_order": {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": 1},
}


async def cancelled(call, held, pool):
    """Cancels a call while it is held, and lets its thread go on to its end."""
    task = asyncio.ensure_future(call)
    await asyncio.to_thread(held.reached.wait, DEADLINE)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    held.released.set()
    await asyncio.to_thread(pool.shutdown)


@pytest.mark.thread
@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_is_cancelled_while_the_clock_is_measured_is_not_sent(client, script, name):
    script.clock = held = Held()

    async def main():
        await cancelled(getattr(client, name)(**CALLS[name]), held, client._threads())

    run(main())
    assert len(script.clock_asked) == 1
    assert script.asked == []
    assert len(client.blocking_client._ws_of("spot")._ledger) == 0


ORDER = {"symbol": "BTCUSDT", "quantity": 1}
CANDLES = {"symbol": "BTCUSDT", "interval": "1m"}
#: method, its parameters, the method that it calls, what that one answers, and the answer
CALLERS = [
    ("order_limit_sell", ORDER | {"price": 1}, "create_order", {"orderId": 7}, {"orderId": 7}),
    ("order_market_buy", ORDER, "create_order", {"orderId": 7}, {"orderId": 7}),
    ("order_market_buy", ORDER, "order_market", {"orderId": 7}, {"orderId": 7}),
    ("order_oco_buy", ORDER | {"aboveType": "A"}, "create_oco_order", {}, {}),
    ("order_oco_sell", ORDER | {"aboveType": "A"}, "create_oco_order", {}, {}),
    ("futures_limit_buy_order", ORDER, "futures_create_order", {}, {}),
    ("futures_market_order", ORDER, "futures_create_order", {}, {}),
    ("ws_order_market_buy", ORDER, "ws_create_order", {}, {}),
    ("get_asset_balance", {"asset": "bnb"}, "get_account", {"balances": [{"asset": "BNB"}]}, None),
    ("get_symbol_info", {"symbol": "a"}, "get_exchange_info", {"symbols": [{"symbol": "A"}]}, None),
    ("_get_earliest_valid_timestamp", CANDLES, "get_klines", [[5, "1"]], 5),
    ("get_historical_klines", CANDLES, "get_klines", [[5, "1"]], [[5, "1"]]),
    ("get_historical_klines", CANDLES, "get_historical_klines_generator", [[5]], [[5]]),
    ("futures_historical_klines", CANDLES, "futures_klines", [[5, "1"]], [[5, "1"]]),
    ("_request_futures_api", {"method": "post", "path": "order"}, "_request", {}, {}),
    ("_post", {"path": "order", "signed": True}, "_request_api", {}, {}),
]


@pytest.mark.thread
@pytest.mark.filterwarnings("ignore:no public method calls .*_request in this library")
@pytest.mark.parametrize("way", ["subclass", "class", "instance"])
@pytest.mark.parametrize(("name", "params", "called", "answer", "expected"), CALLERS)
def test_an_override_holds_in_the_methods_that_call_it(
    script, monkeypatch, way, name, params, called, answer, expected
):
    override, kind = AsyncMock(return_value=answer), AsyncClient
    if way == "subclass":
        kind = type("Mine", (AsyncClient,), {called: override})
    mine = kind(*KEYS)
    mine.session.mount("https://", script)
    if way != "subclass":
        monkeypatch.setattr(mine if way == "instance" else AsyncClient, called, override)
    if expected is None:
        expected = next(iter(answer.values()))[0]
    assert run(getattr(mine, name)(**params)) == expected
    override.assert_awaited()
    assert script.everything == []
    monkeypatch.undo()
    assert getattr(kind(*KEYS), called) is not override or way == "subclass"


def test_every_method_that_calls_another_awaits_it():
    """None runs in a thread: there it would call that of the blocking client."""
    mine = {name for name in vars(AsyncClient) if callable(getattr(Client, name, None))}
    public, of_others = {name for name in mine if name[0] != "_"}, set()
    for base in Client.__mro__:
        for name, method in vars(base).items():
            is_part = isinstance(method, partialmethod)
            code = getattr(method, "__code__", None)
            if name in mine and (is_part or (code and public & {*code.co_names})):
                of_others.add(name)
    assert "order_market_buy" in of_others
    known = (async_client._OF_OTHERS, async_client._AT_ONCE)
    missing = {name for name in of_others if not any(each.fullmatch(name) for each in known)}
    # Names of other objects' attributes.
    assert missing == {"close", "close_connection", "order_counts"}


class Paper(AsyncClient):
    """Its orders go one after the other through its own method, to the exchange."""

    def __init__(self, *keys):
        super().__init__(*keys)
        self.seen, self.lock = [], asyncio.Lock()

    async def create_order(self, **params):
        async with self.lock:
            self.seen.append(params)
            return await super().create_order(**params)


@pytest.fixture
def paper(script):
    made = Paper(*KEYS)
    made.session.mount("https://", script)
    return made


@pytest.mark.thread
def test_an_override_calls_super_though_all_threads_are_in_use(paper, script, monkeypatch):
    monkeypatch.setattr(async_client, "MOST_AT_ONCE", 1)
    script.rule = lambda asked: (200, {"orderId": 7})

    async def main():
        orders = [paper.order_market_buy(**ORDER) for _ in range(5)]
        return await asyncio.gather(paper.create_order(**CALLS["create_order"]), *orders)

    assert run(main()) == [{"orderId": 7}] * 6
    assert [asked.path for asked in script.asked] == ["/api/v3/order"] * 6
    assert [each["type"] for each in paper.seen] == ["MARKET"] * 6


@pytest.mark.thread
def test_an_order_that_is_cancelled_in_an_override_is_not_sent(paper, script):
    async def main():
        await paper.lock.acquire()
        task = asyncio.ensure_future(paper.order_market_buy(**ORDER))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        paper.lock.release()
        assert paper.seen == []
        script.clock = held = Held()
        await cancelled(paper.order_market_buy(**ORDER), held, paper._threads())
        assert len(paper.seen) == 1

    run(main())
    assert script.asked == []


@pytest.mark.thread
def test_methods_of_the_class_are_patched_as_coroutines(client, script):
    with patch.object(AsyncClient, "get_klines", autospec=True) as mock:
        mock.return_value = [[5, "1"]]
        assert run(client.get_klines(**CANDLES)) == [[5, "1"]]
        mock.assert_awaited_once_with(client, **CANDLES)
    script.replies = [(200, [[6, "1"]])]
    assert run(client.get_klines(**CANDLES)) == [[6, "1"]]


@pytest.mark.thread
@pytest.mark.parametrize("name", PLUMBING)
def test_plumbing_is_awaited_and_does_not_block_the_loop(client, script, name):
    threads = []

    def rule(asked):
        threads.append(threading.current_thread().name)
        return (200, {"orderId": 7})

    script.rule = rule
    assert run(getattr(client, name)(**PLUMBING[name])) == {"orderId": 7}
    assert script.last.params["symbol"] == "BTCUSDT"
    assert threads[0].startswith("binance-calls")


def test_what_would_block_the_loop_is_no_attribute(client):
    for name in ("_perform", "_by_name", "_place_of"):
        with pytest.raises(AttributeError, match=name):
            getattr(client, name)
    client._mine = held = Held()
    assert client._mine is held
    assert client._create_futures_api_uri("order") == "https://fapi.binance.com/fapi/v1/order"


@pytest.mark.thread
def test_an_address_of_a_subclass_is_asked(script):
    with pytest.warns(RuntimeWarning, match="_create_futures_api_uri"):

        class Mine(AsyncClient):
            def _create_futures_api_uri(self, path):
                return f"https://mine.example/fapi/v1/{path}"

    mine = Mine(*KEYS)
    mine.session.mount("https://", script)
    run(mine._request_futures_api("get", "time2"))
    assert script.last.url == "https://mine.example/fapi/v1/time2"


@pytest.mark.thread
def test_an_order_that_is_cancelled_before_another_try_is_not_sent_again(client, script):
    script.replies = [ConnectTimeout("connect timed out")]
    client._sleep = held = Held()
    run(cancelled(client.create_order(**CALLS["create_order"]), held, client._threads()))
    assert len(script.asked) == 1


@pytest.mark.thread
def test_the_next_call_of_the_thread_is_sent(client, script):
    async def main():
        client._sleep = held = Held()
        script.replies = [ConnectTimeout("connect timed out")]
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        task = asyncio.ensure_future(client.ping())
        while not held.reached.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        held.released.set()
        await client.get_exchange_info()
        return [asked.path for asked in script.asked]

    assert run(main()) == ["/api/v3/ping", "/api/v3/exchangeInfo"]


@pytest.mark.thread
def test_an_order_has_a_thread_though_reads_hold_all_of_theirs(client, script, monkeypatch):
    held = Held()
    monkeypatch.setattr(Client, "get_order_book", held)

    async def main():
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        reads = [asyncio.ensure_future(client.get_order_book()) for _ in range(3)]
        script.replies = [(200, {"orderId": 7})]
        order = await client.create_order(**CALLS["create_order"])
        is_held = not any(read.done() for read in reads)
        held.released.set()
        await asyncio.gather(*reads)
        return order["orderId"], is_held

    assert run(main()) == (7, True)


@pytest.mark.thread
@pytest.mark.parametrize("start", [None, 0])
def test_candles_that_are_yielded_are_fetched_in_a_thread(client, script, start):
    threads = set()

    def rule(asked):
        threads.add(threading.current_thread())
        return (200, [[1, "1.0"]])

    async def main():
        candles = client.get_historical_klines_generator("BTCUSDT", "1m", start)
        return [candle async for candle in candles]

    script.rule = rule
    assert run(main()) == [[1, "1.0"]]
    assert threading.main_thread() not in threads


@pytest.mark.thread
def test_a_closed_client_has_no_threads_and_opens_again(client, script):
    before = set(threading.enumerate())

    async def main():
        cancel = client.cancel_order
        for _ in range(2):
            await cancel(symbol="BTCUSDT", orderId=1)
            new = set(threading.enumerate()) - before  # other clients may still have theirs
            mine = [each for each in new if each.name.startswith("binance-calls")]
            await client.close_connection()
            for each in mine:
                await asyncio.to_thread(each.join, DEADLINE)
            assert mine
            assert not any(each.is_alive() for each in mine)
        return len(script.asked)

    assert run(main()) == 2


PROGRAM = """
import asyncio, os
from binance import AsyncClient, Client

Client.create_order = lambda self: {"pid": os.getpid()}

async def order():
    return (await client.create_order())["pid"]

client = AsyncClient()
assert asyncio.run(order()) == os.getpid()
child = os.fork()
if not child:
    os._exit(7 if asyncio.run(order()) == os.getpid() else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.process
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_program_ends_without_closing_and_a_forked_child_makes_calls():
    assert exit_code(PROGRAM) == 7


@pytest.mark.parametrize("name", URLS)
def test_a_url_of_the_class_or_a_subclass_is_that_of_the_calls(monkeypatch, name):
    url = "https://testnet.example/api"
    subclass = type("Mine", (AsyncClient,), {name: url})()
    monkeypatch.setattr(AsyncClient, name, url, raising=False)
    of_class = AsyncClient()
    monkeypatch.undo()
    for client in (subclass, of_class):
        assert getattr(client, name) == getattr(client.blocking_client, name) == url
        setattr(client, name, "https://other.example")
        assert getattr(client, name) == getattr(client.blocking_client, name)
    assert getattr(AsyncClient(), name) == getattr(Client(), name)


@pytest.mark.thread
def test_a_url_of_the_class_is_asked(client, script):
    class Testnet(AsyncClient):
        API_URL = "https://testnet.binance.vision/api"

    mine = Testnet()
    mine.session.mount("https://", script)
    run(mine.ping())
    assert script.last.url == "https://testnet.binance.vision/api/v3/ping"


@pytest.mark.thread
def test_the_last_response_is_kept(client, script):
    async def main():
        script.replies = [(200, {}, {"X-A": "1"}), (400, {"code": -1121, "msg": "Invalid symbol."})]
        assert client.response is None
        await client.ping()
        assert client.response.headers["X-A"] == "1"
        with pytest.raises(BinanceAPIException):
            await client.get_ticker(symbol="none")
        assert client.response.status_code == 400
        with pytest.raises(ValueError, match="PATCH"):
            await client.request(method="PATCH", path="/api/v3/ping")
        assert client.response.status_code == 400

    run(main())


@pytest.mark.thread
def test_the_settings_of_1_0_hold(script, monkeypatch):
    class Mine(AsyncClient):
        REQUEST_TIMEOUT = 3

    monkeypatch.setattr(AsyncClient, "REQUEST_RECVWINDOW", 10_000, raising=False)
    mine = Mine(*KEYS)
    mine.session.mount("https://", script)
    run(mine.get_account())
    assert script.last.params["recvWindow"] == "10000"
    assert script.last.options["timeout"] == mine.REQUEST_TIMEOUT == mine.timeout == 3
    mine.REQUEST_TIMEOUT = 4
    run(mine.get_account())
    assert script.last.options["timeout"] == mine.REQUEST_TIMEOUT == 4
    Mine.REQUEST_TIMEOUT = 0
    with pytest.raises(ValueError, match="timeout must be more than 0"):
        Mine()


def test_the_parameters_of_client_are_taken():
    class Mine(AsyncClient):
        REQUEST_TIMEOUT = 3

    options = {"recv_window": 7000, "max_wait": 1.0, "proxies": {"https": "http://b.example:1"}}
    blocking = Mine(*KEYS, timeout=5, **options).blocking_client
    assert (blocking.timeout, blocking.recv_window, blocking.max_wait) == (5, 7000, 1.0)
    assert blocking.session.proxies["https"] == "http://b.example:1"
    for name, other in itertools.permutations(("proxy", "https_proxy")):
        given = {name: "http://a.example:1", other: None}
        sessions = AsyncClient(*KEYS, **given).blocking_client._sessions
        assert sessions.proxy_of("https://b.example", {}) == "http://a.example:1"
    with pytest.raises(TypeError):
        AsyncClient(*KEYS, tiemout=5)


def test_an_attribute_may_be_set_before_init_and_a_client_copied():
    class Bot(AsyncClient):
        def __init__(self):
            self.positions = {}
            self.API_URL = "https://mine.example/api"
            with pytest.raises(AttributeError, match="'session'"):
                _ = self.session
            super().__init__()

    bot = Bot()
    assert (bot.positions, bot.API_URL) == ({}, "https://mine.example/api")
    assert bot.blocking_client.API_URL == bot.API_URL
    assert copy.copy(bot).blocking_client is bot.blocking_client


def test_an_attribute_of_a_subclass_is_its_own_and_any_other_the_clients():
    class Bot(AsyncClient):
        position = 0

        def __init__(self):
            self.orders = {}
            super().__init__()

        @property
        def size(self):
            return self.position

        @size.setter
        def size(self, value):
            self.position = value * 2

    bot = Bot()
    bot.position += 1
    bot.orders = {"a": 1}
    assert (bot.position, bot.orders) == (1, {"a": 1})
    bot.size = 2
    assert (bot.size, Bot.position) == (4, 0)
    bot.API_KEY = "K" * 64
    bot.API_URL = "https://mine.example/api"
    assert bot.blocking_client.API_KEY == "K" * 64
    assert bot.API_URL == bot.blocking_client.API_URL == "https://mine.example/api"
