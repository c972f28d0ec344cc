"""The past that REST gives agrees with what the streams sent, on every market."""

from decimal import Decimal

import pytest

from binance.simulator import Exchange
from binance.simulator.accounts.accounts import Accounts
from binance.simulator.accounts.api_keys import HMAC_KEY
from binance.simulator.accounts.routes import routes
from binance.simulator.api import futures_market_data, market_data
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.candles import DAY, HOUR, MINUTE
from binance.simulator.market.futures import CoinmExchange, UsdmExchange
from binance.simulator.market.history import PastTrades
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState

START = 1_790_000_042_500
NOW = START + 130_000
MARKETS = {
    "spot": ("/api/v3/", "BTCUSDT", "BTCUSDT"),
    "usdm": ("/fapi/v1/", "BTCUSDT", "BTCUSDT"),
    "coinm": ("/dapi/v1/", "BTCUSD_PERP", "BTCUSD"),
}


@pytest.fixture(scope="module")
def state():
    spot = Exchange(symbols=2, start=START, rate=20.0)
    futures = {
        "usdm": UsdmExchange(symbols=2, start=START, rate=20.0, spot=spot),
        "coinm": CoinmExchange(symbols=2, start=START, rate=20.0, spot=spot),
    }
    state = SimulatorState(spot, lambda: NOW, others=futures)
    for market, (_, symbol, pair) in MARKETS.items():
        exchange = state.market(market)
        for name in ("trade", "aggTrade", "kline_1m"):
            exchange.subscribe(f"{symbol.lower()}@{name}", START)
        if market != "spot":
            exchange.subscribe(f"{pair.lower()}_perpetual@continuousKline_1m", START)
            exchange.subscribe(f"{symbol.lower()}@markPriceKline_1m", START)
        if market == "coinm":
            exchange.subscribe(f"{pair.lower()}@indexPriceKline_1m", START)
    state.streamed = {
        market: [event.payload for event in state.market(market).advance(NOW)] for market in MARKETS
    }
    return state


@pytest.fixture
def ask(state):
    """Asks by path: ``ask("usdm", "klines", interval="1m")``."""
    accounts = Accounts(state.exchange, lambda: NOW, futures=state.others)
    every = [
        *market_data.ROUTES,
        *futures_market_data.ROUTES,
        *routes(accounts, spot_listen_keys=False),
    ]
    by_path = {route.path: route for route in every if route.verb == "GET"}

    def one(market, path, key=HMAC_KEY, **params):
        prefix, symbol, pair = MARKETS[market]
        route = by_path[prefix + path]
        name = {"pair": pair} if path.startswith(("continuous", "index")) else {"symbol": symbol}
        raw = Params({name: str(value) for name, value in (name | params).items()})
        headers = {"x-mbx-apikey": key}
        call = Call(state, raw, NOW, path=route.path, market=market, headers=headers)
        one.weight = route.weigh(raw)
        return route.answer(call)

    return one


def refused(code, ask, *args, **params):
    with pytest.raises(ApiError) as caught:
        ask(*args, **params)
    assert caught.value.code == code, caught.value


@pytest.mark.parametrize("market", ["spot", "usdm"])  # COIN-M has no stream of trades
def test_trades_agree_with_the_streams(state, ask, market):
    trades = [each for each in state.streamed[market] if each["e"] == "trade"][:100]
    got = ask(market, "historicalTrades", fromId=trades[0]["t"], limit=100)
    assert len(trades) == 100
    assert [(each["id"], each["price"], each["qty"], each["time"]) for each in got] == [
        (each["t"], each["p"], each["q"], each["T"]) for each in trades
    ]


@pytest.mark.parametrize(
    ("market", "worth", "only"),
    [("spot", "quoteQty", ["isBestMatch"]), ("usdm", "quoteQty", []), ("coinm", "baseQty", [])],
)
def test_trades_have_the_form_of_their_market(ask, market, worth, only):
    trade = ask(market, "trades", limit=1)[0]
    assert set(trade) == {"id", "price", "qty", worth, "time", "isBuyerMaker", *only}
    price, quantity = Decimal(trade["price"]), Decimal(trade["qty"])
    is_inverse = market == "coinm"
    product = quantity * 100 / price if is_inverse else price * quantity
    assert abs(Decimal(trade[worth]) - product) < Decimal("1e-7")
    assert ask(market, "historicalTrades", fromId=trade["id"], limit=1) == [trade]


@pytest.mark.parametrize(("market", "only"), [("spot", {"M"}), ("usdm", {"nq"}), ("coinm", set())])
def test_aggregates_have_the_form_of_their_market(ask, market, only):
    aggregate = ask(market, "aggTrades", limit=1)[0]
    assert set(aggregate) == {*"apqflTm"} | only
    assert aggregate.get("nq", aggregate["q"]) == aggregate["q"]


@pytest.mark.parametrize("market", MARKETS)
def test_aggregates_agree_with_the_streams_and_with_the_trades(state, ask, market):
    aggregates = [each for each in state.streamed[market] if each["e"] == "aggTrade"][:1000]
    got = ask(market, "aggTrades", fromId=aggregates[0]["a"], limit=1000)
    assert len(aggregates) == 1000
    assert [[each[key] for key in "apqflTm"] for each in got] == [
        [each[key] for key in "apqflTm"] for each in aggregates
    ]
    begin, end = aggregates[5]["T"], aggregates[20]["T"]
    between = ask(market, "aggTrades", startTime=begin, endTime=end)
    assert [each["a"] for each in between] == [
        each["a"] for each in aggregates if begin <= each["T"] <= end
    ]
    trades = ask(market, "historicalTrades", fromId=aggregates[0]["f"], limit=500)
    for each in aggregates[:50]:
        parts = [one for one in trades if each["f"] <= one["id"] <= each["l"]]
        assert sum(Decimal(one["qty"]) for one in parts) == Decimal(each["q"])
        assert {one["price"] for one in parts} == {each["p"]}


@pytest.mark.parametrize(
    ("market", "path", "kind"),
    [
        ("spot", "klines", "kline"),
        ("usdm", "klines", "kline"),
        ("coinm", "klines", "kline"),
        ("usdm", "continuousKlines", "continuous_kline"),
        ("coinm", "continuousKlines", "continuous_kline"),
        ("usdm", "markPriceKlines", "markPrice_kline"),
        ("coinm", "markPriceKlines", "markPrice_kline"),
        ("coinm", "indexPriceKlines", "indexPrice_kline"),
    ],
)
def test_candles_agree_with_the_streams(state, ask, market, path, kind):
    streamed = [each["k"] for each in state.streamed[market] if each["e"] == kind]
    closed = [each for each in streamed if each["x"]]
    more = {"contractType": "PERPETUAL"} if path.startswith("continuous") else {}
    begin = closed[0]["t"]
    got = ask(market, path, interval="1m", startTime=begin, **more)
    assert len(closed) == 2
    assert [each[:11] for each in got[:2]] == [
        [each[key] for key in "tohlcvTqnVQ"] for each in closed
    ]
    assert [each[0] for each in got] == [begin, begin + MINUTE, begin + 2 * MINUTE]


@pytest.mark.parametrize("market", MARKETS)
def test_25000_trades_before_the_streams_began_have_no_seam(state, ask, market):
    last = next(each["f"] for each in state.streamed[market] if each["e"] == "aggTrade")
    most, weight = (1000, 25) if market == "spot" else (500, 200)
    ids, times, first = [], [], last - 25_000
    while len(ids) < 25_000:
        page = ask(market, "historicalTrades", fromId=first, limit=most)
        assert ask.weight == weight
        ids += [each["id"] for each in page]
        times += [each["time"] for each in page]
        first = ids[-1] + 1
    assert ids == list(range(last - 25_000, last - 25_000 + len(ids)))
    assert times == sorted(times)
    aggregates = ask(market, "aggTrades", fromId=10**9, limit=1) if market == "spot" else []
    assert len(aggregates) == (market == "spot")


def test_past_trades_add_up_to_their_candle(state):
    market = state.exchange.market("BTCUSDT", NOW)
    past = PastTrades(market.history, market.origin)
    for minute in range(market.origin // MINUTE - 30, market.origin // MINUTE):
        candle, trades = market.history.minute(minute), past.minute(minute)
        prices = [each.price for each in trades]
        assert [each.id for each in trades] == list(range(candle.first, candle.last + 1))
        assert (prices[0], max(prices), min(prices), prices[-1]) == (
            candle.open,
            candle.high,
            candle.low,
            candle.close,
        )
        assert sum(each.quantity for each in trades) == candle.volume
        assert all(each.quantity > 0 and each.time // MINUTE == minute for each in trades)
        quote = sum(each.price * each.quantity for each in trades)
        assert quote == pytest.approx(candle.quote, rel=1e-2)


@pytest.mark.parametrize("market", MARKETS)
def test_aggregates_of_the_past_are_found_by_time(state, ask, market):
    begin = NOW - 3 * HOUR
    page = ask(market, "aggTrades", startTime=begin, endTime=begin + HOUR, limit=1000)
    assert len(page) == 1000
    assert page[0]["T"] >= begin
    before = ask(market, "aggTrades", fromId=page[0]["a"] - 1, limit=2)
    assert before[0]["T"] < begin
    assert before[1] == page[0]
    last = ask(market, "aggTrades", endTime=begin, limit=3)
    assert [each["a"] for each in last][-1] == before[0]["a"] + (page[0]["T"] == begin)


def test_spot_takes_any_age_span_and_limit(ask):
    assert ask("spot", "historicalTrades", key="", fromId=10**9, limit=1)
    assert len(ask("spot", "klines", interval="1m", limit=5000)) == 1000
    old = NOW - 400 * DAY
    assert ask("spot", "aggTrades", startTime=old, endTime=NOW)[0]["T"] >= old
    assert ask.weight == 4


@pytest.mark.parametrize(("market", "days"), [("usdm", 2), ("coinm", 1)])
def test_futures_have_limits_ages_spans_and_a_key(ask, market, days):
    refused(-2014, ask, market, "historicalTrades", key="")
    refused(-2015, ask, market, "historicalTrades", key="X" * 64)
    refused(-1130, ask, market, "historicalTrades", limit=501)
    refused(-1130, ask, market, "aggTrades", limit=1001)
    refused(-1130, ask, market, "klines", interval="1m", limit=1501)
    refused(-1120, ask, market, "klines", interval="1s")
    refused(-4166, ask, market, "historicalTrades", fromId=10**9)
    refused(-4166, ask, market, "aggTrades", fromId=10**9)
    old = NOW - days * DAY
    refused(-4166, ask, market, "aggTrades", startTime=old - 1)
    refused(-1127, ask, market, "aggTrades", startTime=old, endTime=old + HOUR + 1)
    refused(-1128, ask, market, "aggTrades", fromId=1, startTime=old)
    assert ask(market, "aggTrades", startTime=old, limit=1)[0]["T"] >= old
    assert ask.weight == 20
    assert len(ask(market, "historicalTrades")) == 100
    for limit, weight in ((99, 1), (100, 2), (500, 5), (1500, 10)):
        assert len(ask(market, "klines", interval="1m", limit=limit)) == limit
        assert ask.weight == weight


def test_coin_m_gives_the_newest_candles_of_a_window_of_200_days(ask):
    begin, window = NOW - 400 * DAY, 200 * DAY
    got = ask("coinm", "klines", interval="1d", startTime=begin, limit=3)
    assert begin + window - DAY <= got[-1][0] <= begin + window
    usual = ask("usdm", "klines", interval="1d", startTime=begin, limit=3)
    assert usual[0][0] < begin + 2 * DAY
    refused(-1127, ask, "coinm", "klines", interval="1d", startTime=begin, endTime=NOW)


def test_the_trades_kept_are_the_last_ones(ask):
    trades = ask("spot", "trades", limit=1000)
    assert len(trades) == 1000
    assert trades == ask("spot", "historicalTrades", fromId=trades[0]["id"], limit=1000)
    assert ask("spot", "aggTrades", limit=2)[-1]["l"] == trades[-1]["id"]
