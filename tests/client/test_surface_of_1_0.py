"""The client has the methods of python-binance 1.0: names, parameters, and what they return."""

import asyncio
import importlib
import inspect
import logging
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import binance
from binance import (
    AsyncClient,
    BinanceSocketManager,
    Client,
    ThreadedDepthCacheManager,
    ThreadedWebsocketManager,
)
from binance.sansio.names import endpoints, routes
from binance.sansio.names.routes.shape import State
from binance.simulator.run.exchange_process import ExchangeProcess

TABLE = Path(__file__).parent.parent / "data" / "client_1.0.txt"
KEY, SECRET = "K" * 64, "S" * 64
#: What an annotation promises -> the word of the table.
PROMISES = {
    "Object": "dict",
    "Array": "list",
    "Object | None": "dict",
    "str": "str",
    "None": "None",
}


class Row(NamedTuple):
    name: str
    returns: str
    parameters: list[str]
    sample: list[str] | None


def row(line: str) -> Row:
    told, bar, sample = line.partition("|")
    name, returns, *parameters = told.split()
    return Row(name, returns, parameters, sample.split() if bar else None)


LINES = TABLE.read_text(encoding="utf-8").splitlines()
ROWS = [row(line) for line in LINES if not line.startswith("#")]
SAMPLED = [each for each in ROWS if each.sample is not None]


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("binance.client", "AsyncClient Client"),
        ("binance.depthcache", "BinanceSocketManager ThreadedDepthCacheManager"),
        ("binance.streams", "AsyncClient BinanceSocketType ContractType FuturesType"),
        ("binance.ws.streams", "AsyncClient BinanceSocketType KEEPALIVE_TIMEOUT"),
    ],
)
def test_a_name_is_where_scripts_import_it_from(module: str, names: str) -> None:
    found = importlib.import_module(module)
    for name in names.split():
        assert getattr(found, name) is getattr(binance, name)
        assert name in dir(binance)


def test_what_only_modules_offer() -> None:
    from binance.client import BaseClient
    from binance.ws.depthcache import DEFAULT_REFRESH, BaseDepthCacheManager

    assert {isinstance(kind(), BaseClient) for kind in (Client, AsyncClient)} == {True}
    assert BaseDepthCacheManager.DEFAULT_REFRESH == DEFAULT_REFRESH
    with pytest.raises(ImportError, match="no_name"):
        from binance.client import no_name  # noqa: F401


GONE = {"OPTIONS_TESTNET_URL", "VSTREAM_TESTNET_URL"}
OTHER_EXCHANGES = [
    (owner, name, environment.lower())
    for owner in (Client, AsyncClient, BinanceSocketManager)
    for name in dir(owner)
    for environment in ("TESTNET", "DEMO")
    if name.endswith(f"_{environment}_URL") and name not in GONE
]


@pytest.mark.parametrize(("owner", "name", "environment"), OTHER_EXCHANGES)
def test_an_address_of_another_exchange_leads_there(
    owner: type, name: str, environment: str
) -> None:
    assert endpoints.environment_of(getattr(owner, name)) == environment


def test_such_an_address_may_be_assigned() -> None:
    assert len(OTHER_EXCHANGES) == 26
    client, manager = Client(), BinanceSocketManager(None)
    client.FUTURES_URL = client.FUTURES_TESTNET_URL
    assert client._create_futures_api_uri("ping").endswith("binancefuture.com/fapi/v1/ping")
    manager.FSTREAM_URL = manager.FSTREAM_TESTNET_URL
    assert manager.FSTREAM_URL == "wss://fstream.binancefuture.com/"


IN_VAIN = [
    (ThreadedWebsocketManager, "start_listener", "use the callback"),
    (ThreadedWebsocketManager, "_before_socket_listener_start", "use the callback"),
    (ThreadedDepthCacheManager, "run", "use the callback"),
    (BinanceSocketManager, "_get_socket", "assign STREAM_URL"),
    (BinanceSocketManager, "_get_stream_url", "assign STREAM_URL"),
    (Client, "_create_futures_api_uri", "assign FUTURES_URL"),
    (Client, "_create_website_uri", "assign FUTURES_URL"),
    (Client, "_create_futures_coin_data_api_url", "assign FUTURES_URL"),
    (Client, "_request", "override the public method"),
    (AsyncClient, "_create_api_uri", "assign FUTURES_URL"),
]


@pytest.mark.parametrize(("base", "name", "instead"), IN_VAIN)
def test_an_override_without_effect_is_warned_of(base: Any, name: str, instead: str) -> None:
    with pytest.warns(RuntimeWarning, match=f"calls Mine.{name} in this library: .*{instead}"):
        type("Mine", (base,), {name: print})
    with pytest.warns(RuntimeWarning, match=rf"calls {base.__name__}.{name} .*{instead}"):
        setattr(base(), name, print)


@pytest.mark.parametrize("base", [ThreadedWebsocketManager, BinanceSocketManager, Client])
def test_an_override_of_a_public_method_or_none_at_all_is_not(base: Any, recwarn: Any) -> None:
    made = dict.fromkeys(("start", "create_order", "_create_entry_order", "_create_url"), print)
    type("Mine", (base,), made)().start = print
    # Sockets that an earlier test has left are collected at any time.
    assert not [one for one in recwarn if one.category is not ResourceWarning]


def test_the_table_is_whole() -> None:
    assert len({each.name for each in ROWS}) == len(ROWS) == 816
    assert len(SAMPLED) == 80


@pytest.mark.parametrize("one", ROWS, ids=lambda one: one.name)
def test_a_method_is_there_with_its_parameters_and_promises_its_answer(one: Row) -> None:
    method = getattr(Client, one.name)
    assert list(inspect.signature(method).parameters)[1:][: len(one.parameters)] == one.parameters
    promise = str(method.__annotations__.get("return", "Any"))
    if promise != "Any":
        assert one.returns == ("iterator" if "Iterator" in promise else PROMISES[promise])


@pytest.mark.parametrize("one", ROWS, ids=lambda one: one.name)
def test_the_awaited_method_has_the_same_name(one: Row) -> None:
    method = getattr(AsyncClient(), one.name)
    assert inspect.iscoroutinefunction(method) is (one.returns != "iterator")


@pytest.mark.thread
@pytest.mark.parametrize("name", [each.name for each in ROWS if each.returns == "iterator"])
def test_what_yields_is_iterated_with_and_without_await(monkeypatch, name: str) -> None:
    async def page(self: AsyncClient, *, fromId: int = 0, **params: object) -> list[dict[str, int]]:
        return [] if fromId else [{"a": 1}, {"a": 2}]

    for each in ("get_klines", "futures_klines", "get_aggregate_trades"):
        monkeypatch.setattr(AsyncClient, each, page)
    given = ["BTCUSDT", "1m"][: 1 if "trade" in name else 2]

    async def main() -> None:
        yielding = getattr(AsyncClient(), name)
        assert [each["a"] async for each in yielding(*given)] == [1, 2]
        items = await yielding(*given)
        assert [each["a"] async for each in items] == [1, 2]
        await items.aclose()

    asyncio.run(main())


def test_what_is_retired_names_what_took_its_place() -> None:
    """But for two that nothing has replaced."""
    found = (routes.table().get(each.name) for each in ROWS)
    retired = [route for route in found if route is not None and route.state is State.RETIRED]
    bare = {route.name for route in retired if not route.replacement}
    assert bare == {"enable_subaccount_margin", "options_historical_trades"}
    assert len(retired) > len(bare)


@pytest.mark.loopback
@pytest.mark.process
def test_answers_have_their_types(monkeypatch: pytest.MonkeyPatch) -> None:
    with ExchangeProcess(symbols=["BTCUSDT", "ETHUSDT"], limits="off") as exchange:
        for name, value in exchange.env.items():
            monkeypatch.setenv(name, value)
        with Client(KEY, SECRET) as client:
            order = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.01"}
            spot, futures = client.create_order(**order), client.futures_create_order(**order)
            found = {
                each.name: answered(client, each, futures if "futures" in each.name else spot)
                for each in SAMPLED
            }
        assert found == {each.name: each.returns for each in SAMPLED}

        async def awaited() -> list[str]:
            async with AsyncClient(KEY, SECRET) as client:
                answers = [await client.get_klines(symbol="BTCUSDT", interval="1m")]
                answers.append(await client.futures_account())
                return [type(each).__name__ for each in answers]

        assert asyncio.run(awaited()) == ["list", "dict"]


def answered(client: Client, one: Row, order: dict[str, Any]) -> str:
    """The type of the answer to the call of a row."""
    assert one.sample is not None
    words = (word.partition("=") for word in one.sample)
    params = {name: value if equals else order[name] for name, equals, value in words}
    return type(getattr(client, one.name)(**params)).__name__


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_the_constructors_options_hold_or_say_why_not(kind, caplog) -> None:
    caplog.set_level("WARNING", logger="binance")  # and set back at the end
    assert kind(base_endpoint="3").API_URL == "https://api3.binance.com/api"
    assert kind(time_unit="MILLISECOND", verbose=True).API_URL == "https://api.binance.com/api"
    assert logging.getLogger("binance").level == logging.DEBUG
    with pytest.raises(ValueError, match="X-MBX-TIME-UNIT"):
        kind(time_unit="MICROSECOND")
    with pytest.raises(ValueError, match="for one call"):
        kind(requests_params={"headers": {"x-mbx-time-unit": "MICROSECOND"}})
    with pytest.raises(ValueError, match="further addresses"):
        kind(base_endpoint="1", testnet=True)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_flag_that_is_no_flag_is_refused_and_a_number_means_the_same_everywhere(kind) -> None:
    client = kind(testnet=1)
    assert client.API_URL == "https://testnet.binance.vision/api"
    assert BinanceSocketManager(client).STREAM_URL == "wss://stream.testnet.binance.vision/"
    assert kind(demo=0, testnet=None).API_URL == "https://api.binance.com/api"
    for name in ("testnet", "demo"):
        with pytest.raises(ValueError, match=f"{name} is '1'; allowed are True and False"):
            kind(**{name: "1"})


def test_the_base_endpoint_of_1_0_by_its_place_is_no_flag() -> None:
    with pytest.raises(ValueError, match="testnet is '2'; allowed are True and False"):
        Client("key", "secret", None, "com", "2")


@pytest.mark.parametrize("kind", [AsyncClient, ThreadedWebsocketManager, ThreadedDepthCacheManager])
def test_an_argument_without_effect_is_warned_of_at_the_users_line(kind) -> None:
    with pytest.warns(UserWarning, match="loop has no effect in this library") as caught:
        kind(loop=object())
    (warned,) = [one for one in caught if "has no effect" in str(one.message)]
    assert warned.filename == __file__


@pytest.mark.parametrize("kind", [ThreadedWebsocketManager, ThreadedDepthCacheManager])
def test_a_threaded_manager_has_the_attributes_of_its_thread(kind) -> None:
    manager = kind()
    assert manager.name == manager._manager.name
    assert manager.ident is None
    assert not hasattr(manager, "no_such_name")


def test_ping_asks_at_once(monkeypatch) -> None:
    asked = []

    def ping(self) -> None:
        asked.append(self)

    monkeypatch.setattr(Client, "ping", ping)
    Client(ping=False)
    assert asked == []
    assert [Client(ping=True)] == asked


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("futures_limit_order", {"type": "LIMIT"}),
        ("futures_limit_buy_order", {"type": "LIMIT", "side": "BUY"}),
        ("futures_limit_sell_order", {"type": "LIMIT", "side": "SELL"}),
        ("futures_market_order", {"type": "MARKET"}),
        ("futures_market_buy_order", {"type": "MARKET", "side": "BUY"}),
        ("futures_market_sell_order", {"type": "MARKET", "side": "SELL"}),
    ],
)
def test_orders_of_futures_by_their_kind(monkeypatch, name, order) -> None:
    monkeypatch.setattr(Client, "futures_create_order", lambda self, **params: params)
    assert getattr(Client(), name)(symbol="BTCUSDT") == {"symbol": "BTCUSDT"} | order


def test_the_managers_options_hold(caplog) -> None:
    caplog.set_level("WARNING", logger="binance")  # and set back at the end
    manager = BinanceSocketManager(Client(), user_timeout=300, max_queue_size=7, verbose=True)
    assert manager._recv_queue_size == 7
    assert logging.getLogger("binance").level == logging.DEBUG
