import pytest

from binance.simulator import Exchange
from binance.simulator.api import usdm_market_data
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.usdm import UPDATE_ID_STEP, UsdmExchange
from binance.simulator.rules.state import SimulatorState

START = 1_790_000_042_500


def make():
    return UsdmExchange(symbols=3, start=START, rate=20.0)


def test_the_documented_procedure_joins_snapshot_and_events():
    exchange = make()
    assert exchange.subscribe("btcusdt@depth@100ms", START)
    events = [event.payload for event in exchange.advance(START + 1_050)]
    state = SimulatorState(
        Exchange(symbols=1, start=START), lambda: START + 1_050, futures=exchange
    )
    call = Call(state, Params({"symbol": "BTCUSDT"}), START + 1_050, market="usdm")
    snapshot = usdm_market_data.depth(call)
    events += [event.payload for event in exchange.advance(START + 3_000)]
    left = [each for each in events if each["u"] >= snapshot["lastUpdateId"]]
    assert left[0]["U"] <= snapshot["lastUpdateId"] <= left[0]["u"]
    bids = dict(snapshot["bids"])
    for each in left:
        for price, quantity in each["b"]:
            bids.pop(price, None) if not float(quantity) else bids.update({price: quantity})
    book = exchange.market("BTCUSDT", START + 3_000).book
    assert left[-1]["u"] <= book.update_id * UPDATE_ID_STEP
    assert len(bids) >= 90


@pytest.mark.parametrize("route", usdm_market_data.ROUTES, ids=lambda route: route.path)
def test_market_data_on_request(route):
    exchange = make()
    state = SimulatorState(Exchange(symbols=1, start=START), lambda: START, futures=exchange)
    needs = {
        "klines": {"symbol": "BTCUSDT", "interval": "1m"},
        "continuousKlines": {"pair": "BTCUSDT", "contractType": "PERPETUAL", "interval": "1m"},
        "ping": {},
        "time": {},
        "exchangeInfo": {},
    }
    raw = needs.get(route.path.removeprefix("/fapi/v1/"), {"symbol": "BTCUSDT"})
    call = Call(state, Params(raw), START, path=route.path, market=route.market)
    assert route.weigh(call.params) >= 1
    found = route.answer(call)
    if route.path.endswith("exchangeInfo"):
        first = found["symbols"][0]
        assert (first["contractType"], first["pricePrecision"]) == ("PERPETUAL", 2)
    elif route.path.endswith("premiumIndex"):
        assert float(found["markPrice"]) > 0
    elif route.path.endswith("depth"):
        assert found["lastUpdateId"] % UPDATE_ID_STEP == 0
        assert found["E"] == START
    elif not route.path.endswith("ping"):
        assert found
