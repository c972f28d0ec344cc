"""The routes against the list of the old client's methods, and what they say of weights."""

import inspect
import re
from pathlib import Path

import pytest

from binance.client import Client
from binance.sansio.names import routes
from binance.sansio.names.routes import shape
from binance.sansio.names.routes.shape import Route, Security, State

DATA = Path(__file__).parent.parent / "data" / "client_methods.txt"
OLD = [
    tuple(part.strip() for part in line.split(" | "))
    for line in DATA.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
TABLE = routes.table()
LIVING = [route for route in TABLE.values() if route.state is not State.RETIRED]
RETIRED = [route for route in TABLE.values() if route.state is State.RETIRED]

# Where they live today, of those that the list has as gone: same parameters, same answer.
MOVED = {
    "get_recent_trades": "GET /api/v3/trades",
    "get_system_status": "GET /sapi/v1/system/status",
    "disable_fast_withdraw_switch": "POST /sapi/v1/account/disableFastWithdrawSwitch",
    "enable_fast_withdraw_switch": "POST /sapi/v1/account/enableFastWithdrawSwitch",
    "futures_open_interest": "GET /fapi/v1/openInterest",
    "futures_account_balance": "GET /fapi/v2/balance",
    "futures_account": "GET /fapi/v2/account",
    "futures_position_information": "GET /fapi/v2/positionRisk",
}
# Still served, but to be left for a call that takes other parameters: never a silent remap.
DEPRECATED_AND_RETIRED = {"create_oco_order", "order_oco_buy", "order_oco_sell"}


def test_the_list_is_whole() -> None:
    assert len({row[0] for row in OLD}) == len(OLD) == 230


@pytest.mark.parametrize("row", OLD, ids=lambda row: row[0])
def test_every_old_method_has_a_route_with_its_endpoint_and_state(row) -> None:
    name, _, endpoint, state, *_ = row
    route = TABLE[name]
    if name in DEPRECATED_AND_RETIRED:
        assert route.state is State.RETIRED
    elif state == "gone":
        assert route.state is (State.MOVED if name in MOVED else State.RETIRED)
    else:
        assert route.state is State.SAME
    if endpoint.startswith("via "):
        return
    method, _, path = endpoint.partition(" ")
    for host in ("fapi host ", "dapi host ", "https://www.binance.com"):
        path = path.removeprefix(host)
    if route.state is State.MOVED:
        assert route.was == f"{method} {path}"
        assert route.endpoint == MOVED[name]
    else:
        assert route.endpoint == f"{method} {path}"


@pytest.mark.parametrize("row", OLD, ids=lambda row: row[0])
def test_every_old_method_is_there_and_takes_what_it_took(row) -> None:
    name, signature, *_ = row
    function = getattr(Client, name)
    assert inspect.getdoc(function)
    old = [part.partition("=")[0].strip() for part in signature.strip("()").split(",") if part]
    new = list(inspect.signature(function).parameters)[1:]
    assert [part for part in new if part in old or part == "params"][: len(old)] == [
        part.removeprefix("**") for part in old
    ]


def test_every_route_has_a_method_and_every_method_a_route() -> None:
    methods = {
        name
        for name in dir(Client)
        if not name.startswith("_") and inspect.isfunction(getattr(Client, name))
    }
    own = {name for name in methods - set(TABLE) if not name.startswith("ws_")}
    assert own == {"request", "close", "close_connection", "budget_of", "order_counts"}
    assert set(TABLE) - methods == set()


def test_names_are_there_once() -> None:
    names = [route.name for group in routes.GROUPS.values() for route in group]
    assert len(set(names)) == len(names) == len(TABLE)


@pytest.mark.parametrize("route", RETIRED, ids=lambda route: route.name)
def test_a_replacement_exists_under_its_own_name(route: Route) -> None:
    if not route.replacement:
        assert route.name in {"enable_subaccount_margin", "options_historical_trades"}
        return
    words = set(re.findall(r"\w+", route.replacement))
    named = words & set(TABLE)
    assert named or "BinanceSocketManager" in words
    assert all(TABLE[name].state is not State.RETIRED for name in named)
    assert route.name not in words


@pytest.mark.parametrize("route", LIVING, ids=lambda route: route.name)
def test_a_living_route_is_well_formed(route: Route) -> None:
    assert route.method in ("GET", "POST", "PUT", "DELETE")
    assert route.family in set(shape.FAMILIES) - {"wapi", "vapi"}
    assert route.weight >= 0
    assert not route.replacement
    if route.method != "GET" and route.security.signed:
        assert route.security is Security.TRADE or "/asset/" in route.path or "Token" in route.path
    if route.security.signed:
        assert route.family in routes.TIME_PATHS
    assert bool(route.order_id) is bool(route.ask or route.unasked)
    if route.ask:
        asked = [TABLE[name] for name in re.findall(r"\w+", route.ask)]
        question = asked[0]
        assert {(one.method, one.security) for one in asked} == {("GET", Security.USER_DATA)}
        assert question.path.split("/")[1] == route.path.split("/")[1]


def test_everything_that_places_an_order_can_be_asked_for() -> None:
    """But for batches, which have no single order to ask for, and block trades of two sides."""
    placing = {
        route.name
        for route in LIVING
        if route.method == "POST" and re.search(r"(?i)/(order|algoOrder)(List)?(/|$)", route.path)
    }
    exempt = {name for name in placing if "test" in name or "block_trade" in name}
    assert {name for name in placing - exempt if not TABLE[name].order_id} == set()


def test_what_is_sent_once_is_a_get_and_what_makes_a_download_is() -> None:
    once = {route.path for route in LIVING if route.once}
    assert once == {route.path for route in LIVING if route.path.endswith("/asyn")} | {
        "/sapi/v1/giftcard/verify"  # wrong numbers are counted
    }
    assert {route.method for route in TABLE.values() if route.once} == {"GET"}


def test_a_path_whose_version_can_be_chosen_has_one() -> None:
    """But for those of ``/futures/data``: there python-binance 1.0 ignores the version."""
    for route in TABLE.values():
        if shape.FAMILIES[route.family].takes_version and route.family != "ddata":
            path, params = routes.versioned(route, {"version": 9, "a": 1})
            assert path.split("/")[2] == "v9"
            assert route.path.split("/")[3:] == path.split("/")[3:]
            assert params == {"a": 1}


def test_find_knows_the_living_only() -> None:
    found = routes.find("GET", "/api/v3/depth")
    assert found is not None
    assert found.name == "get_order_book"
    assert routes.find("POST", "/wapi/v3/withdraw.html") is None
    for path, name in (("/api/v3", "create_order"), ("/fapi/v1", "futures_create_order")):
        assert routes.find("POST", f"{path}/order") is TABLE[name]


@pytest.mark.parametrize(
    ("name", "params", "weight"),
    [
        ("ping", {}, 1),
        ("get_exchange_info", {}, 20),
        ("get_order_book", {}, 5),
        ("get_order_book", {"limit": 100}, 5),
        ("get_order_book", {"limit": 101}, 25),
        ("get_order_book", {"limit": 500}, 25),
        ("get_order_book", {"limit": "1000"}, 50),
        ("get_order_book", {"limit": 5000}, 250),
        ("get_order_book", {"limit": 9999}, 250),
        ("get_ticker", {}, 80),
        ("get_ticker", {"symbol": "A"}, 2),
        ("get_ticker", {"symbols": ["A"] * 20}, 2),
        ("get_ticker", {"symbols": '["A","B"]'}, 2),
        ("get_ticker", {"symbols": ["A"] * 21}, 40),
        ("get_ticker", {"symbols": ["A"] * 101}, 80),
        ("get_symbol_ticker", {"symbol": "A"}, 2),
        ("get_symbol_ticker", {}, 4),
        ("get_orderbook_ticker", {"symbols": ["A"]}, 4),
        ("get_rolling_ticker", {"symbols": ["A"] * 3}, 12),
        ("get_rolling_ticker", {"symbols": ["A"] * 60}, 200),
        ("get_open_orders", {"symbol": "A"}, 6),
        ("get_open_orders", {}, 80),
        ("cancel_all_open_orders", {"symbol": "A"}, 1),
        ("get_my_trades", {"symbol": "A"}, 20),
        ("get_my_trades", {"symbol": "A", "orderId": 1}, 5),
        ("futures_order_book", {"limit": 50}, 2),
        ("futures_order_book", {}, 10),
        ("futures_order_book", {"limit": 1000}, 20),
        ("futures_klines", {"limit": 99}, 1),
        ("futures_klines", {}, 5),
        ("futures_klines", {"limit": 1500}, 10),
        ("futures_ticker", {}, 40),
        ("futures_ticker", {"symbol": "A"}, 1),
        ("futures_get_open_orders", {}, 40),
        ("futures_coin_order_book", {"limit": 100}, 5),
        ("futures_continuous_klines", {"limit": 499}, 2),
        ("futures_index_price_klines", {}, 5),
        ("futures_mark_price_klines", {"limit": 1500}, 10),
        ("futures_premium_index_klines", {"limit": 99}, 1),
        ("futures_coin_mark_price_klines", {"limit": 1500}, 10),
        ("futures_force_orders", {"symbol": "A"}, 20),
        ("futures_force_orders", {}, 50),
    ],
)
def test_weights(name, params, weight) -> None:
    assert routes.weight(TABLE[name], params) == weight


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("/api/v3/x", "api"),
        ("/sapi/v1/x", "sapi"),
        ("/fapi/v1/x", "fapi"),
        ("/futures/data/x", "fdata"),
        ("/papi/v1/x", "papi"),
    ],
)
def test_families(path, family) -> None:
    assert shape.family_of(path) == family


@pytest.mark.parametrize("path", ["", "/", "/api", "api/v3/x", "/xapi/v1/x", "https://evil/api/"])
def test_a_path_of_no_family(path) -> None:
    with pytest.raises(ValueError, match="must begin with one of"):
        shape.family_of(path)


def test_security() -> None:
    assert [s.name for s in Security if s.signed] == ["USER_DATA", "TRADE"]
    assert [s.name for s in Security if not s.keyed] == ["NONE"]
