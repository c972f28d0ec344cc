import pytest

from binance.simulator import Exchange
from binance.simulator.api import futures_market_data, history
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.futures import CoinmExchange, UsdmExchange
from binance.simulator.market.futures_payloads import UPDATE_ID_STEP
from binance.simulator.market.options import OptionsExchange
from binance.simulator.market.symbols import CONDITIONAL
from binance.simulator.rules.errors import ApiError
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
    snapshot = futures_market_data.depth(call)
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


@pytest.mark.parametrize("route", futures_market_data.ROUTES, ids=lambda route: route.path)
def test_market_data_on_request(route):
    coinm = CoinmExchange(symbols=3, start=START, rate=20.0)
    spot = Exchange(symbols=1, start=START)
    others = {"coinm": coinm, "options": OptionsExchange(symbols=1, start=START, spot=spot)}
    state = SimulatorState(spot, lambda: START, futures=make(), others=others)
    option = others["options"].listed[0].name
    names = {"coinm": ("BTCUSD_PERP", "BTCUSD"), "options": (option, option)}
    symbol, pair = names.get(route.market, ("BTCUSDT", "BTCUSDT"))
    needs = {
        "klines": {"symbol": symbol, "interval": "1m"},
        "indexPriceKlines": {"pair": pair, "interval": "1m"},
        "markPriceKlines": {"symbol": symbol, "interval": "1m"},
        "continuousKlines": {"pair": pair, "contractType": "PERPETUAL", "interval": "1m"},
        "ping": {},
        "time": {},
        "exchangeInfo": {},
    }
    raw = needs.get(route.path.partition("/v1/")[2], {"symbol": symbol})
    call = Call(state, Params(raw), START, path=route.path, market=route.market)
    assert route.weigh(call.params) >= 1
    found = route.answer(call)
    if "optionSymbols" in found:
        first, name = found["optionSymbols"][0], option.split("-")
        assert first["symbol"] == option
        assert (first["strikePrice"], first["side"]) == (name[2], "CALL")
        assert first["underlying"] == "BTCUSDT"
        assert first["expiryDate"] > START
    elif route.path.endswith("exchangeInfo"):
        first = found["symbols"][0]
        filters = {each.pop("filterType"): each for each in first["filters"]}
        checked = ["PRICE_FILTER", "LOT_SIZE", "MARKET_LOT_SIZE", "MIN_NOTIONAL"]
        assert list(filters) == checked[: 4 if route.market == "usdm" else 3]
        assert filters["MARKET_LOT_SIZE"] == filters["LOT_SIZE"]
        assert set(first["orderTypes"]) == {"LIMIT", "MARKET", *CONDITIONAL}
        assert not first["quoteOrderQtyMarketAllowed"]
        assert (first["contractType"], first["pricePrecision"]) == ("PERPETUAL", 2)
        assert (first["symbol"], first["pair"]) == (symbol, pair)
        assert ("contractStatus" in first, "status" in first) == (pair != symbol, pair == symbol)
    elif route.path.endswith("premiumIndex"):
        (one,) = found if pair != symbol else [found]
        assert float(one["markPrice"]) > 0
    elif route.path.endswith("depth"):
        assert found["lastUpdateId"] % UPDATE_ID_STEP == 0
        assert found["T"] == START
        assert ("E" in found) == (route.market != "options")
        assert found.get("pair") == (pair if pair != symbol else None)
    elif not route.path.endswith("ping"):
        assert found


def test_a_contract_that_is_not_listed_has_no_candles():
    state = SimulatorState(Exchange(symbols=1, start=START), lambda: START, futures=make())
    raw = {"pair": "BTCUSDT", "contractType": "CURRENT_QUARTER", "interval": "1m"}
    with pytest.raises(ApiError):
        history.continuous_klines(Call(state, Params(raw), START, market="usdm"))


@pytest.mark.parametrize(
    ("path", "usual", "limits", "refused"),
    [
        ("/fapi/v1/depth", 500, (5, 10, 20, 50, 100, 500, 1000), (1, 300, 5000)),
        ("/fapi/v1/rpiDepth", 1000, (1000,), (5, 500)),
        ("/dapi/v1/depth", 500, (5, 10, 20, 50, 100, 500, 1000), (1, 300, 5000)),
        ("/eapi/v1/depth", 100, (10, 20, 50, 100, 500, 1000), (5, 5000)),
    ],
)
def test_a_snapshot_has_a_number_of_levels_that_futures_allow(path, usual, limits, refused):
    route = next(one for one in futures_market_data.ROUTES if one.path == path)
    spot = Exchange(symbols=1, start=START)
    others = {
        "coinm": CoinmExchange(symbols=1, start=START),
        "options": OptionsExchange(symbols=1, start=START, spot=spot),
    }
    state = SimulatorState(spot, lambda: START, futures=make(), others=others)
    symbol = state.market(route.market).listed[0].name

    def ask(**params):
        raw = {"symbol": symbol} | params
        return route.answer(Call(state, Params(raw), START, path=path, market=route.market))

    assert ask()["bids"] == ask(limit="1000")["bids"][:usual]
    for limit in limits:
        assert len(ask(limit=str(limit))["asks"]) <= limit
    for limit in refused:
        with pytest.raises(ApiError, match=f"{limit} is not valid depth limit") as raised:
            ask(limit=str(limit))
        assert raised.value.code == -4021


TICKER = (
    "symbol priceChange priceChangePercent weightedAvgPrice lastPrice lastQty openPrice highPrice "
    "lowPrice volume openTime closeTime firstId lastId count"
)
BOOK = "symbol bidPrice bidQty askPrice askQty time"


@pytest.mark.parametrize(
    ("path", "fields", "of_usdm", "of_coinm"),
    [
        ("ticker/24hr", TICKER, "quoteVolume", "baseVolume pair"),
        ("ticker/price", "symbol price time", "", "ps"),
        ("ticker/bookTicker", BOOK, "", "pair"),
    ],
)
def test_tickers_are_those_of_futures_and_on_coinm_lists(path, fields, of_usdm, of_coinm):
    coinm = CoinmExchange(symbols=3, start=START, rate=20.0)
    spot = Exchange(symbols=1, start=START)
    state = SimulatorState(spot, lambda: START, futures=make(), others={"coinm": coinm})
    routes = {route.path: route for route in futures_market_data.ROUTES}
    for base, market, symbol in (("fapi", "usdm", "BTCUSDT"), ("dapi", "coinm", "BTCUSD_PERP")):
        call = Call(state, Params({"symbol": symbol}), START, market=market)
        found = routes[f"/{base}/v1/{path}"].answer(call)
        assert isinstance(found, list) == (market == "coinm")
        (one,) = found if market == "coinm" else [found]
        more = of_coinm if market == "coinm" else of_usdm
        assert sorted(one) == sorted(f"{fields} {more}".split())
        assert one["symbol"] == symbol
