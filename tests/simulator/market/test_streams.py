import pytest

from binance.simulator.market import streams
from binance.simulator.market.candles import MINUTE
from binance.simulator.market.stream_names import parse
from binance.simulator.market.symbol_market import Market
from binance.simulator.market.symbols import listing

ORIGIN = 1_790_000_040_000 // MINUTE * MINUTE


@pytest.fixture
def market():
    return Market(
        listing(1)[0], seed=1, origin=ORIGIN, start=ORIGIN, rate=20.0, levels=100, kept=1_000
    )


def run(market, stream, period, ticks):
    got = []
    for tick in range(1, ticks + 1):
        market.advance(ORIGIN + tick * period)
        got.append(stream(ORIGIN + tick * period))
    return got


def test_always_says_something():
    stream = streams.Timed(lambda time: {"t": time})
    assert [stream(1), stream(2)] == [{"t": 1}, {"t": 2}]


def test_changed_speaks_at_first_and_after_changes():
    key = [1]
    stream = streams.Timed(lambda time: time, lambda: key[0])
    got = [stream(1), stream(2)]
    key[0] = 2
    assert [*got, stream(3), stream(4)] == [1, None, 3, None]


def test_a_kline_has_an_event_when_it_changed_and_when_it_closes(market):
    stream = streams.KlineStream(market, parse("btcusdt@kline_1m"))
    got = run(market, stream, 2_000, 60)
    closed = [each["k"] for each in got if each and each["k"]["x"]]
    assert [each["t"] for each in closed] == [ORIGIN, ORIGIN + MINUTE]
    assert all(each["k"]["t"] <= ORIGIN + MINUTE for each in got)


def test_a_quiet_kline_is_silent_until_it_closes():
    quiet = Market(
        listing(1)[0], seed=1, origin=ORIGIN, start=ORIGIN, rate=0.001, levels=50, kept=100
    )
    got = run(quiet, streams.KlineStream(quiet, parse("btcusdt@kline_1m")), 2_000, 30)
    assert got[0] is not None
    assert got[1:-1] == [None] * 28
    assert got[-1]["k"]["x"]
    assert (got[-1]["k"]["f"], got[-1]["k"]["n"], got[-1]["k"]["v"]) == (
        -1,
        0,
        "0.00000000",
    )


def test_depth_is_silent_when_nothing_changed(market):
    stream = streams.DepthStream(market, parse("btcusdt@depth"))
    assert stream(ORIGIN) is None
    market.advance(ORIGIN + 1_000)
    got = stream(ORIGIN + 1_000)
    assert got["u"] == market.book.update_id
    assert stream(ORIGIN + 1_000) is None
    stream.close()
    assert market.book.diffs == []


def test_a_list_holds_those_that_traded(market):
    spec = parse("!miniTicker@arr")
    each = streams.when_traded(lambda market, time: (market.symbol.name, time))(market, spec)
    stream = streams.EverySymbol([(market, each)])
    assert stream(ORIGIN) == [("BTCUSDT", ORIGIN)]
    assert stream(ORIGIN + 1) is None
    assert stream(ORIGIN + 9_000) == [("BTCUSDT", ORIGIN + 9_000)]


@pytest.mark.parametrize("kind", ["trade", "aggTrade", "bookTicker"])
def test_instant_streams_hang_on_the_market_while_somebody_listens(market, kind):
    heard = []
    callback, payload = streams.INSTANT[kind]
    streams.attach(market, callback, payload, lambda time, sent: heard.append((time, sent)))
    market.advance(ORIGIN + 1_000)
    assert heard
    assert all(ORIGIN <= time < ORIGIN + 1_000 for time, _ in heard)
    setattr(market.callbacks, callback, None)
    before = len(heard)
    market.advance(ORIGIN + 2_000)
    assert len(heard) == before
    assert market.callbacks.idle()


@pytest.mark.parametrize(
    "name",
    ["depth", "depth5", "kline_1m", "miniTicker", "ticker", "ticker_1h", "avgPrice"],
)
def test_every_timed_stream_is_made_and_speaks(market, name):
    spec = parse(f"btcusdt@{name}")
    stream = streams.TIMED[spec.kind](market, spec)
    got = [each for each in run(market, stream, 1_000, 3) if each]
    assert got
    stream.close()
