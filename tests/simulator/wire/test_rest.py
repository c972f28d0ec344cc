import pytest
from twisted.internet.task import Clock

from binance.simulator import Exchange
from binance.simulator.api.call import Raw, Route
from binance.simulator.api.market_data import ROUTES
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.rest import GONE, RETIRED, Rest

START = 1_790_000_042_500


@pytest.fixture
def rest():
    return Rest(SimulatorState(Exchange(symbols=1, start=START), lambda: START), Clock())


def test_routes_are_found_by_method_and_path(rest):
    for route in ROUTES:
        assert rest.route(route.verb, route.path) is route
    with pytest.raises(ApiError) as caught:
        rest.route("POST", "/api/v3/ping")
    assert caught.value.status == 405


def test_a_call_that_is_not_simulated_is_named(rest):
    with pytest.raises(ApiError, match="the simulator does not have GET /api/v3/nothing") as caught:
        rest.route("GET", "/api/v3/nothing")
    assert caught.value.status == 404


def test_a_later_route_takes_the_place_of_an_earlier_one(rest):
    mine = Route("GET", "/api/v3/ping", lambda call: "mine")
    rest.add([mine])
    assert rest.route("GET", "/api/v3/ping") is mine


@pytest.mark.parametrize("path", [*RETIRED, "/api/v1/klines"])
def test_retired_paths_answer_html(rest, path):
    route = rest.route("POST", path)
    assert route.answer(None) == Raw(GONE, 410, "text/html")


def test_a_route_can_bring_retired_calls_back(rest):
    mine = Route("POST", "/api/v3/userDataStream", lambda call: {"listenKey": "x"})
    rest.add([mine])
    assert rest.route("POST", "/api/v3/userDataStream") is mine


@pytest.mark.loopback
def test_parameters_may_come_in_the_query_and_in_the_body(simulator, get):
    status, _, body = get(simulator, "/api/v3/depth?symbol=BTCUSDT", body=b"limit=3")
    assert (status, len(body["bids"])) == (200, 3)


@pytest.mark.loopback
def test_a_parameter_counts_once_and_of_query_and_body_the_query_s(simulator, get):
    status, _, body = get(simulator, "/api/v3/depth?symbol=BTCUSDT&limit=3&limit=5")
    assert (status, body["code"]) == (400, -1101)
    assert "Duplicate values" in body["msg"]
    status, _, body = get(simulator, "/api/v3/depth?symbol=BTCUSDT", body=b"limit=3&limit=3")
    assert (status, body["code"]) == (400, -1101)
    status, _, body = get(simulator, "/api/v3/depth?symbol=BTCUSDT&limit=3", body=b"limit=5")
    assert (status, len(body["bids"])) == (200, 3)


@pytest.mark.loopback
def test_times_are_in_the_unit_that_a_header_asks_for(simulator, get):
    wanted = {"X-MBX-TIME-UNIT": "MICROSECOND"}
    target = "/api/v3/aggTrades?symbol=BTCUSDT&fromId=1000000000&limit=3"
    plain, micro = get(simulator, target)[2], get(simulator, target, **wanted)[2]
    assert micro == [{**each, "T": each["T"] * 1000} for each in plain]
    coarse = get(simulator, target, **wanted | {"X-MBX-TIME-UNIT": "millisecond"})[2]
    assert coarse == plain
    assert get(simulator, "/fapi/v1/time", **wanted)[2]["serverTime"] < 10**14
    for path in ("/api/v3/time", "/api/v3/klines"):
        status, _, body = get(simulator, path, **{"X-MBX-TIME-UNIT": "SECOND"})
        assert (status, body["code"]) == (400, -1194)


@pytest.mark.loopback
def test_answers_are_counted_by_path_and_status(start, get):
    simulator = start(symbols=2)
    get(simulator, "/api/v3/ping")
    get(simulator, "/api/v3/depth?symbol=X")
    stats = simulator.stats()
    assert stats["requests"] == {"/api/v3/ping": 1, "/api/v3/depth": 1}
    assert stats["statuses"] == {"200": 1, "400": 1}


@pytest.mark.loopback
def test_usdm_market_data_is_served_beside_spot_s(simulator, get):
    status, _, body = get(simulator, "/fapi/v1/depth?symbol=BTCUSDT&limit=5")
    assert (status, len(body["bids"])) == (200, 5)
    assert {"lastUpdateId", "E", "T", "bids", "asks"} == set(body)
    assert get(simulator, "/fapi/v1/depth?symbol=BNBBTC")[0] == 400
