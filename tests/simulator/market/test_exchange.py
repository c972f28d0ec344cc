from itertools import pairwise

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance.simulator import Exchange
from binance.simulator.market.candles import DAY, MINUTE
from tests.profiles import examples

START = 1_790_000_042_500
ALL = (
    "btcusdt@trade",
    "btcusdt@aggTrade",
    "btcusdt@blockTrade",
    "btcusdt@bookTicker",
    "btcusdt@referencePrice",
    "btcusdt@avgPrice",
    "btcusdt@kline_1s",
    "btcusdt@kline_1m",
    "btcusdt@kline_1d@+08:00",
    "btcusdt@miniTicker",
    "btcusdt@ticker",
    "btcusdt@ticker_1h",
    "btcusdt@depth",
    "btcusdt@depth@100ms",
    "btcusdt@depth5",
    "ethusdt@depth20@100ms",
    "ethusdt@trade",
    "!miniTicker@arr",
    "!ticker_4h@arr",
)


def make(**options):
    return Exchange(**{"symbols": 3, "start": START, "rate": 20.0, **options})


def run(exchange, streams, ms, step=10):
    """All events of some streams over ``ms``, in order."""
    for name in streams:
        assert exchange.subscribe(name, START)
    events = []
    for now in range(START + step, START + ms + 1, step):
        events += exchange.advance(now)
    return events


def by_stream(events):
    found = {}
    for event in events:
        found.setdefault(event.stream, []).append(event.payload)
    return found


@pytest.fixture(scope="module")
def got():
    """What all streams said in 130 s, and the exchange that said it."""
    exchange = make()
    return exchange, run(exchange, ALL, 130_000)


@pytest.mark.slow
def test_every_stream_has_events(got):
    assert set(by_stream(got[1])) == set(ALL)


def test_events_come_in_order_of_time_and_none_from_the_future(got):
    times = [event.time for event in got[1]]
    assert times == sorted(times)
    assert times[0] > START
    assert times[-1] <= START + 130_000
    for event in got[1]:
        if isinstance(event.payload, dict) and "E" in event.payload:
            assert event.payload["E"] == event.time


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_however_time_is_cut(got):
    again = run(make(), ALL, 130_000, step=6_500)
    assert [orjson.dumps(list(each)) for each in again] == [
        orjson.dumps(list(each)) for each in got[1]
    ]


def test_another_seed_gives_others():
    one, other = (run(make(seed=seed), ["btcusdt@trade"], 5_000) for seed in (1, 2))
    assert [event.payload["q"] for event in one] != [event.payload["q"] for event in other]


def test_what_others_listen_to_changes_nothing(got):
    alone = run(make(), ["btcusdt@trade"], 130_000, step=1_000)
    assert [event.payload for event in alone] == by_stream(got[1])["btcusdt@trade"]


def test_trades_and_aggregates_agree(got):
    found = by_stream(got[1])
    trades = found["btcusdt@trade"]
    for before, after in pairwise(trades):
        assert after["t"] == before["t"] + 1
    by_id = {trade["t"]: trade for trade in trades}
    for before, after in pairwise(found["btcusdt@aggTrade"]):
        assert (after["a"], after["f"]) == (before["a"] + 1, before["l"] + 1)
    for each in found["btcusdt@aggTrade"]:
        parts = [by_id[id] for id in range(each["f"], each["l"] + 1)]
        assert {part["p"] for part in parts} == {each["p"]}
        assert sum(round(float(part["q"]) * 1e8) for part in parts) == round(float(each["q"]) * 1e8)
        assert {(part["m"], part["T"]) for part in parts} == {(each["m"], each["T"])}


def apply(book, changes):
    for price, quantity in changes:
        if float(quantity):
            book[price] = quantity
        else:
            book.pop(price, None)


@pytest.mark.slow
@pytest.mark.parametrize("stream", ["btcusdt@depth", "btcusdt@depth@100ms"])
def test_diffs_join_and_reproduce_partial_depth_and_tickers(stream):
    exchange = make()
    market = exchange.market("BTCUSDT", START)
    last = market.book.update_id
    symbol = market.symbol
    bids = {symbol.price(p): symbol.quantity(q) for p, q in market.book.bids.items()}
    asks = {symbol.price(p): symbol.quantity(q) for p, q in market.book.asks.items()}
    events = run(exchange, [stream, "btcusdt@depth10@100ms", "btcusdt@bookTicker"], 60_000)
    tickers = {e.payload["u"]: e.payload for e in events if e.stream.endswith("bookTicker")}
    partial = {e.payload["lastUpdateId"]: e.payload for e in events if "depth10" in e.stream}
    compared = [0, 0]
    for event in events:
        if event.stream != stream:
            continue
        got = event.payload
        assert got["U"] == last + 1
        assert got["u"] >= got["U"]
        last = got["u"]
        apply(bids, got["b"])
        apply(asks, got["a"])
        best_bid, best_ask = max(bids, key=float), min(asks, key=float)
        assert float(best_bid) < float(best_ask)
        if last in tickers:
            ticker = tickers[last]
            assert (ticker["b"], ticker["B"]) == (best_bid, bids[best_bid])
            assert (ticker["a"], ticker["A"]) == (best_ask, asks[best_ask])
            compared[0] += 1
        if last in partial:
            top = sorted(bids, key=float, reverse=True)[:10]
            assert partial[last]["bids"] == [[price, bids[price]] for price in top]
            top = sorted(asks, key=float)[:10]
            assert partial[last]["asks"] == [[price, asks[price]] for price in top]
            compared[1] += 1
    assert min(compared) > 10
    assert {symbol.price(p): symbol.quantity(q) for p, q in market.book.bids.items()} != {}


def test_a_closed_kline_comes_once_and_sums_its_trades(got):
    found = by_stream(got[1])
    closed = [each["k"] for each in found["btcusdt@kline_1m"] if each["k"]["x"]]
    assert [each["t"] % MINUTE for each in closed] == [0] * len(closed)
    assert len(closed) >= 2
    trades = found["btcusdt@trade"]
    for kline in closed[1:]:  # the first began before we listened
        inside = [each for each in trades if kline["t"] <= each["T"] <= kline["T"]]
        assert (kline["f"], kline["L"]) == (inside[0]["t"], inside[-1]["t"])
        assert (kline["o"], kline["c"]) == (inside[0]["p"], inside[-1]["p"])
        assert kline["h"] == max((each["p"] for each in inside), key=float)
        assert kline["l"] == min((each["p"] for each in inside), key=float)
        assert kline["n"] == len(inside)
        assert round(float(kline["v"]) * 1e8) == sum(round(float(e["q"]) * 1e8) for e in inside)
        bought = [each for each in inside if not each["m"]]
        assert round(float(kline["V"]) * 1e8) == sum(round(float(e["q"]) * 1e8) for e in bought)
    present = [each for each in found["btcusdt@kline_1m"] if not each["k"]["x"]]
    assert present
    assert all(each["k"]["t"] <= each["E"] <= each["k"]["T"] + 1 for each in present)


def test_every_second_has_one_closed_kline(got):
    klines = [each["k"] for each in by_stream(got[1])["btcusdt@kline_1s"]]
    assert all(each["x"] for each in klines)
    for before, after in pairwise(klines):
        assert after["t"] == before["t"] + 1000


def test_tickers_agree_with_trades_and_with_each_other(got):
    found = by_stream(got[1])
    last = {each["t"]: each for each in found["btcusdt@trade"]}
    minis = {each["E"]: each for each in found["btcusdt@miniTicker"]}
    for ticker in found["btcusdt@ticker"]:
        assert ticker["n"] == ticker["L"] - ticker["F"] + 1
        assert ticker["C"] - ticker["O"] <= DAY
        assert float(ticker["b"]) < float(ticker["a"])
        if ticker["L"] in last:
            assert ticker["c"] == last[ticker["L"]]["p"]
            assert ticker["Q"] == last[ticker["L"]]["q"]
        change = float(ticker["c"]) - float(ticker["o"])
        assert float(ticker["p"]) == pytest.approx(change, abs=1e-6)
        assert float(ticker["P"]) == pytest.approx(change / float(ticker["o"]) * 100, abs=6e-4)
        assert float(ticker["l"]) <= float(ticker["w"]) <= float(ticker["h"])
        if ticker["E"] in minis:
            assert {key: minis[ticker["E"]][key] for key in "scohlvq"} == {
                key: ticker[key] for key in "scohlvq"
            }


def test_all_market_streams_have_only_what_changed_and_agree_with_single_ones(got):
    found = by_stream(got[1])
    for tickers in found["!miniTicker@arr"]:
        assert isinstance(tickers, list)
        assert len({each["s"] for each in tickers}) == len(tickers) > 0
    quiet = make(rate=0.05, rates={"BTCUSDT": 5.0})
    said_quietly = by_stream(run(quiet, ["!miniTicker@arr"], 20_000))["!miniTicker@arr"]
    assert len(said_quietly[0]) == 3
    assert any(len(each) == 1 for each in said_quietly[1:])


def test_cadences(got):
    found = by_stream(got[1])
    assert len(found["btcusdt@depth5"]) == 130
    assert len(found["ethusdt@depth20@100ms"]) == 1300
    assert len(found["btcusdt@avgPrice"]) == 130
    assert len(found["btcusdt@referencePrice"]) == 130
    assert 60 <= len(found["btcusdt@kline_1m"]) <= 66


def test_streams_that_nobody_knows_are_not_subscribed():
    exchange = make()
    for name in ("BTCUSDT@trade", "xyzusdt@trade", "!bookTicker", "btcusdt@kline_7m"):
        assert not exchange.subscribe(name, START)
    assert exchange.subscribed == frozenset()
    assert exchange.advance(START + 5_000) == []


def test_a_stream_speaks_until_its_last_listener_has_gone():
    exchange = make()
    for name in ("btcusdt@trade", "btcusdt@depth@100ms", "btcusdt@kline_1m"):
        assert exchange.subscribe(name, START)
        assert exchange.subscribe(name, START)
        exchange.unsubscribe(name)
    assert len(by_stream(exchange.advance(START + 5_000))) == 3
    for name in ("btcusdt@trade", "btcusdt@depth@100ms", "btcusdt@kline_1m"):
        exchange.unsubscribe(name)
    assert exchange.advance(START + 10_000) == []
    market = exchange.market("BTCUSDT", START + 10_000)
    assert market.book.diffs == []
    assert market.callbacks.idle()


def test_no_event_is_older_than_its_subscription():
    exchange = make()
    exchange.advance(START + 60_000)
    assert exchange.subscribe("btcusdt@bookTicker", START + 60_000)
    assert exchange.subscribe("btcusdt@trade", START + 60_000)
    events = exchange.advance(START + 61_000)
    assert events
    assert all(event.time >= START + 60_000 for event in events)


def test_markets_are_made_when_they_are_needed():
    exchange = make(symbols=1500, rate=10.0)
    assert exchange.made == []
    exchange.subscribe("ethusdt@trade", START)
    assert exchange.made == ["ETHUSDT"]
    exchange.tend(START + 1000, 3)
    assert exchange.made == ["ETHUSDT"]  # programs seldom need all of them, and short ones never
    exchange.tend(START + 31_000, 3)
    exchange.tend(START + 31_000, 3)
    assert exchange.made == ["ETHUSDT", "BNBBTC", "LTCUSDT"]
    with pytest.raises(KeyError):
        exchange.market("XYZUSDT", START)


def test_busy_markets_are_made_sooner_so_that_the_first_use_has_little_to_make_up_for():
    exchange = make(symbols=40, rate=100.0)
    exchange.tend(START + 2000)
    assert exchange.made == []
    for second in range(4, 14):
        exchange.tend(START + 1000 * second)
    assert len(exchange.made) == 40


def test_markets_without_subscribers_do_not_take_all_of_the_time():
    exchange, plain = (make(symbols=["BTCUSDT"], rate=10_000.0) for _ in range(2))
    first = exchange.market("BTCUSDT", START).last_trade
    for seconds in range(1, 4):
        exchange.tend(START + 1000 * seconds)
        assert 500 < exchange._markets["BTCUSDT"].last_trade - first < 2500
        first = exchange._markets["BTCUSDT"].last_trade
    assert exchange.market("BTCUSDT", START + 3000).last_trade > first + 10_000
    markets = [each.market("BTCUSDT", START + 3000) for each in (exchange, plain)]
    assert list(markets[0].trades) == list(markets[1].trades)


@pytest.mark.parametrize(("rate", "seconds"), [(5.0, 600), (500.0, 600), (20_000.0, 15)])
def test_trades_of_ten_minutes_are_kept(rate, seconds):
    market = make(rates={"BTCUSDT": rate}).market("BTCUSDT", START)
    for kept in (market.trades, market.aggregates):
        assert kept.maxlen >= rate * seconds
        assert kept.maxlen <= 300_000


def test_rates_fall_off_by_rank_and_can_be_set():
    even = make(rate=5.0, falloff=0.0, rates={"ethusdt": 50.0})
    takers = []
    for name in even.symbols:
        trades = even.market(name, START + 60_000).trades
        takers.append(len({each.time for each in trades if each.time >= START}))
    assert takers[1] == pytest.approx(10 * takers[0], rel=0.4)
    assert takers[2] == pytest.approx(takers[0], rel=0.4)


@pytest.mark.parametrize(
    "options",
    [
        {"rate": 0},
        {"rates": {"BTCUSDT": -1}},
        {"rates": {"XYZUSDT": 1}},
        {"levels": 2},
        {"symbols": 0},
    ],
)
def test_what_is_out_of_range_is_refused(options):
    with pytest.raises(ValueError, match=r"must|not listed"):
        make(**options)


@settings(max_examples=examples(15))
@given(
    st.lists(st.tuples(st.sampled_from(ALL[:13]), st.booleans(), st.integers(1, 900)), max_size=25)
)
def test_coming_and_going_leaves_no_hole_while_somebody_stays(changes):
    exchange, now, users = make(), START, {}
    assert exchange.subscribe("btcusdt@trade", now)
    heard = []
    for name, comes, pause in changes:
        if comes:
            exchange.subscribe(name, now)
            users[name] = users.get(name, 0) + 1
        elif users.get(name):
            exchange.unsubscribe(name)
            users[name] -= 1
        now += pause
        heard += [e.payload["t"] for e in exchange.advance(now) if e.stream == "btcusdt@trade"]
    assert all(after == before + 1 for before, after in pairwise(heard))
    assert exchange.subscribed == {n for n, count in users.items() if count} | {"btcusdt@trade"}
