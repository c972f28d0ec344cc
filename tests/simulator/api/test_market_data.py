import pytest

from binance.simulator import Exchange
from binance.simulator.api import history, market_data
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.candles import DAY, HOUR, MINUTE
from binance.simulator.market.history import LISTED
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState

START = 1_790_000_042_500
NOW = START + 130_000


@pytest.fixture(scope="module")
def state():
    return SimulatorState(Exchange(symbols=4, start=START, rate=20.0), lambda: NOW)


@pytest.fixture
def ask(state):
    """Asks a query: ``ask(market_data.depth, symbol="BTCUSDT")``."""

    def one(query, **params):
        return query(Call(state, Params({k: str(v) for k, v in params.items()}), NOW))

    return one


@pytest.fixture
def market(state):
    return state.exchange.market("BTCUSDT", NOW)


def fails(ask, code, query, **params):
    with pytest.raises(ApiError) as caught:
        ask(query, **params)
    assert caught.value.code == code


def test_time(ask):
    assert ask(market_data.ping) == {}
    assert ask(market_data.time) == {"serverTime": NOW}
    fails(ask, -1104, market_data.ping, x=1)


def test_depth(ask, market):
    got = ask(market_data.depth, symbol="BTCUSDT", limit=3)
    assert got["lastUpdateId"] == market.book.update_id
    bid, quantity, ask_price, _ = market.book.best()
    assert got["bids"][0] == [market.symbol.price(bid), market.symbol.quantity(quantity)]
    assert got["asks"][0][0] == market.symbol.price(ask_price)
    assert (len(got["bids"]), len(ask(market_data.depth, symbol="BTCUSDT")["asks"])) == (
        3,
        100,
    )
    assert len(ask(market_data.depth, symbol="BTCUSDT", limit=99_999)["bids"]) > 900
    fails(ask, -1121, market_data.depth, symbol="XYZUSDT")
    fails(ask, -1102, market_data.depth)
    fails(ask, -1130, market_data.depth, symbol="BTCUSDT", limit=0)


def test_trades(ask, market):
    got = ask(history.trades, symbol="BTCUSDT", limit=5)
    assert [each["id"] for each in got] == [each.id for each in list(market.trades)[-5:]]
    assert set(got[0]) == {
        "id", "price", "qty", "quoteQty", "time", "isBuyerMaker", "isBestMatch",
    }  # fmt: skip
    for each in got:
        product = float(each["price"]) * float(each["qty"])
        assert float(each["quoteQty"]) == pytest.approx(product, abs=1e-7)


def test_historical_trades_begin_at_the_id_that_is_asked_for(ask, market):
    first = market.trades[100].id
    got = ask(history.historical_trades, symbol="BTCUSDT", fromId=first, limit=10)
    assert [each["id"] for each in got] == list(range(first, first + 10))
    got = ask(history.historical_trades, symbol="BTCUSDT", fromId=1, limit=1)
    assert got[0]["id"] == market.history.day(LISTED).first  # nothing was traded before
    assert ask(history.historical_trades, symbol="BTCUSDT", fromId=10**15) == []
    newest = ask(history.historical_trades, symbol="BTCUSDT", limit=1)
    assert newest[0]["id"] == market.last_trade


def test_aggregate_trades(ask, market):
    known = list(market.aggregates)
    newest = ask(history.aggregate_trades, symbol="BTCUSDT", limit=3)
    assert [each["a"] for each in newest] == [each.id for each in known[-3:]]
    got = ask(history.aggregate_trades, symbol="BTCUSDT", fromId=known[7].id, limit=2)
    assert [each["a"] for each in got] == [known[7].id, known[8].id]
    begin, end = known[10].time, known[40].time
    inside = [each.id for each in known if begin <= each.time <= end]
    between = {"symbol": "BTCUSDT", "startTime": begin, "endTime": end}
    assert [each["a"] for each in ask(history.aggregate_trades, **between)] == inside
    last = ask(history.aggregate_trades, symbol="BTCUSDT", endTime=end, limit=2)
    assert [each["a"] for each in last] == inside[-2:]
    fails(ask, -1128, history.aggregate_trades, symbol="BTCUSDT", fromId=1, startTime=1)


def test_klines_are_the_market_s(ask, market):
    got = ask(history.klines, symbol="BTCUSDT", interval="1m", limit=4)
    assert [each[0] for each in got] == [
        NOW // MINUTE * MINUTE - back * MINUTE for back in (3, 2, 1, 0)
    ]
    candle = market.candle("1m", got[-2][0], got[-2][0] + MINUTE)
    assert got[-2] == [
        got[-2][0],
        market.symbol.price(candle.open),
        market.symbol.price(candle.high),
        market.symbol.price(candle.low),
        market.symbol.price(candle.close),
        market.symbol.quantity(candle.volume),
        got[-2][0] + MINUTE - 1,
        market.symbol.amount(candle.quote),
        candle.trades,
        market.symbol.quantity(candle.buy_volume),
        market.symbol.amount(candle.buy_quote),
        "0",
    ]


def test_klines_between_two_times(ask):
    begin = NOW - 10 * DAY
    got = ask(history.klines, symbol="BTCUSDT", interval="1h", startTime=begin, limit=5)
    opened = begin // HOUR * HOUR + HOUR
    assert [each[0] for each in got] == [opened + hour * HOUR for hour in range(5)]
    ends = {"startTime": begin, "endTime": begin + 3 * HOUR}
    got = ask(history.klines, symbol="BTCUSDT", interval="1h", **ends)
    assert [each[0] for each in got] == [opened + hour * HOUR for hour in range(3)]
    ends = {"endTime": begin, "limit": 2}
    got = ask(history.klines, symbol="BTCUSDT", interval="1h", **ends)
    assert [each[0] for each in got] == [opened - 2 * HOUR, opened - HOUR]
    future = {"startTime": NOW + DAY}
    assert ask(history.klines, symbol="BTCUSDT", interval="1h", **future) == []


def test_paging_through_klines_meets_each_once(ask):
    begin, seen = NOW - 3 * DAY, []
    while True:
        page = ask(history.klines, symbol="BTCUSDT", interval="1h", startTime=begin, limit=7)
        seen += [each[0] for each in page]
        if len(page) < 7:
            break
        begin = page[-1][6] + 1
    assert seen == list(range(seen[0], seen[-1] + 1, HOUR))
    assert seen[-1] == NOW // HOUR * HOUR


@pytest.mark.parametrize(
    ("zone", "hour"), [("0", 0), ("8", 16), ("+08:00", 16), ("-1:30", 1.5), ("05:45", 18.25)]
)
def test_klines_in_another_time_zone(ask, zone, hour):
    (got,) = ask(history.klines, symbol="BTCUSDT", interval="1d", limit=1, timeZone=zone)
    assert got[0] % DAY == hour * HOUR


def test_klines_refuse_what_they_do_not_know(ask):
    fails(ask, -1120, history.klines, symbol="BTCUSDT", interval="7m")
    fails(ask, -1102, history.klines, symbol="BTCUSDT")
    fails(ask, -1100, history.klines, symbol="BTCUSDT", interval="1m", timeZone="x")
    fails(ask, -1130, history.klines, symbol="BTCUSDT", interval="1m", timeZone="15")
    fails(ask, -1100, history.klines, symbol="BTCUSDT", interval="1m", timeZone="²")


def test_prices(ask, market):
    symbol = market.symbol
    one = ask(market_data.ticker_price, symbol="BTCUSDT")
    assert one == {"symbol": "BTCUSDT", "price": symbol.price(market.last_price)}
    assert len(ask(market_data.ticker_price)) == 4
    two = ask(market_data.ticker_price, symbols='["BTCUSDT","ETHUSDT"]')
    assert [each["symbol"] for each in two] == ["BTCUSDT", "ETHUSDT"]
    assert two[0] == one
    book = ask(market_data.ticker_book, symbol="BTCUSDT")
    assert book["bidPrice"] == symbol.price(market.book.best_bid)
    assert len(ask(market_data.ticker_book)) == 4
    fails(ask, -1128, market_data.ticker_price, symbol="BTCUSDT", symbols='["BTCUSDT"]')
    fails(ask, -1121, market_data.ticker_price, symbols='["XYZ"]')


def test_the_average_price_is_within_the_last_minutes(ask, market):
    got = ask(market_data.average_price, symbol="BTCUSDT")
    assert got["mins"] == 5
    minutes = [NOW // MINUTE * MINUTE - back * MINUTE for back in range(5)]
    candles = [market.candle("1m", each, each + MINUTE) for each in minutes]
    quote = sum(each.quote for each in candles) / sum(each.volume for each in candles)
    assert float(got["price"]) == pytest.approx(quote * 0.01)


@pytest.mark.parametrize("interval", ["1M", "1w", "3d"])
def test_long_klines_begin_at_the_time_that_is_asked_for(ask, interval):
    first = ask(history.klines, symbol="BTCUSDT", interval=interval, startTime=0, limit=1000)
    begin = first[3][0]
    got = ask(history.klines, symbol="BTCUSDT", interval=interval, startTime=begin, limit=90)
    assert got == first[3:93]


def test_tickers(ask, market):
    got = ask(market_data.ticker_24hr, symbol="BTCUSDT")
    assert got["lastId"] - got["firstId"] + 1 == got["count"]
    assert got["lastPrice"] == market.symbol.price(market.last_price)
    assert got["closeTime"] == NOW
    assert DAY - MINUTE < got["closeTime"] - got["openTime"] <= DAY
    assert len(ask(market_data.ticker_24hr)) == 4
    mini = ask(market_data.ticker_24hr, symbol="BTCUSDT", type="MINI")
    assert mini.items() <= got.items()
    assert "bidPrice" not in mini
    fails(ask, -1130, market_data.ticker_24hr, symbol="BTCUSDT", type="HUGE")


@pytest.mark.parametrize(
    ("size", "length"), [("1m", MINUTE), ("59m", 59 * MINUTE), ("4h", 4 * HOUR), ("7d", 7 * DAY)]
)
def test_rolling_windows(ask, size, length):
    got = ask(market_data.ticker, symbol="BTCUSDT", windowSize=size)
    assert length - MINUTE < got["closeTime"] - got["openTime"] <= length
    assert got["openTime"] % MINUTE == 0
    assert float(got["lowPrice"]) <= float(got["weightedAvgPrice"]) <= float(got["highPrice"])


def test_rolling_windows_have_limits(ask):
    for size in ("60m", "24h", "8d", "0h", "h", "x", "1w", "²h"):
        fails(ask, -1130, market_data.ticker, symbol="BTCUSDT", windowSize=size)
    fails(ask, -1102, market_data.ticker)
    assert len(ask(market_data.ticker, symbols='["BTCUSDT","ETHUSDT"]')) == 2


def test_the_trading_day(ask):
    got = ask(market_data.ticker_trading_day, symbol="BTCUSDT")
    assert (got["openTime"], got["closeTime"]) == (
        NOW // DAY * DAY,
        NOW // DAY * DAY + DAY - 1,
    )
    fails(ask, -1102, market_data.ticker_trading_day)


def test_reference_prices_may_be_null(state, ask):
    got = ask(market_data.reference_price, symbol="BTCUSDT")
    assert (got["symbol"], got["timestamp"]) == ("BTCUSDT", NOW)
    assert float(got["referencePrice"]) > 0
