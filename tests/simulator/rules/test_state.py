import pytest

from binance.simulator import Exchange
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.settings import Settings
from binance.simulator.rules.state import SimulatorState

START = 1_790_000_042_500


class FakeClock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return FakeClock()


def make(clock, **settings):
    return SimulatorState(Exchange(symbols=2, start=START), clock, settings=Settings(**settings))


def test_weight_is_charged_by_address(clock):
    state = make(clock, weight=10)
    state.charge("a", 10)
    state.charge("b", 4)
    assert state.weights() == {"a": 10, "b": 4}
    with pytest.raises(ApiError) as caught:
        state.charge("a", 1)
    assert (caught.value.status, caught.value.code) == (429, -1003)
    assert 0 < caught.value.retry_after <= 60
    assert state.violations == {"weight": 1}
    clock.now += 60_000
    assert state.weights() == {"a": 0, "b": 0}


def test_usdm_and_coinm_share_a_weight_and_the_other_markets_have_their_own(clock):
    state = make(clock, futures_weight=10)
    state.charge("a", 6, "usdm")
    state.charge("a", 4, "coinm")
    state.charge("a", 9, "options")
    state.charge("a", 5)
    assert state.weights() == {"a usdm": 10, "a options": 9, "a": 5}
    for market in ("usdm", "coinm"):
        with pytest.raises(ApiError, match="current limit is 10 request weight"):
            state.charge("a", 1, market)


def test_usdm_and_coinm_share_the_orders_of_an_account(clock):
    state = make(clock)
    headers = {}
    for market in ("usdm", "coinm") * 150:
        state.count_orders(1, headers, market=market)
    assert headers == {"X-MBX-ORDER-COUNT-10S": "300", "X-MBX-ORDER-COUNT-1M": "300"}
    state.count_orders(2, {}, market="usdm")
    state.count_orders(1, {}, market="options")
    with pytest.raises(ApiError, match="current limit is 300 orders per 10 SECOND") as caught:
        state.count_orders(1, headers, market="coinm")
    assert (caught.value.status, caught.value.code) == (429, -1015)
    for _ in range(3):
        clock.now += 10_001
        state.count_orders(1, headers, 299, "usdm")
    clock.now += 10_001
    with pytest.raises(ApiError, match="current limit is 1200 orders per 1 MINUTE"):
        state.count_orders(1, headers, 3, "usdm")
    assert state.violations == {"orders": 2}


def test_counted_limits_refuse_nothing_and_none_are_not_counted(clock):
    counting = make(clock, weight=1, connects=1, limits="count")
    idle = make(clock, weight=1, connects=1, limits="off")
    for state in (counting, idle):
        for _ in range(3):
            state.charge("a", 1)
            assert state.count_connect("a") == 0
    assert counting.violations == {"weight": 2, "connects": 2}
    assert idle.violations == {}


def test_connects_are_limited_in_a_rolling_window(clock):
    state = make(clock, connects=2, connects_window=300)
    assert [state.count_connect("a") for _ in range(2)] == [0, 0]
    clock.now += 100_000
    assert state.count_connect("a") == 200
    assert state.count_connect("b") == 0
    clock.now += 200_001
    assert state.count_connect("a") == 0


def test_drift_moves_the_exchange_s_clock_and_not_the_market(clock):
    state = make(clock)
    state.faults.add({"kind": "clock_drift", "ms": 1_500}, START)
    assert (state.now(), state.exchange_time()) == (START, START + 1_500)
    assert Call(state, Params({}), START).exchange_time == START + 1_500


def test_a_book_that_nobody_has_asked_for_is_stale_too(clock):
    state = make(clock)
    fault = state.faults.add({"kind": "stale_snapshot"}, START)
    state.keep_depth(fault)
    clock.now += 60_000
    late = state.exchange.market("ETHUSDT", clock.now)
    assert state.stale_depth("spot", "ETHUSDT")[0] < late.book.update_id


def test_stale_books_are_those_of_the_moment(clock):
    state = make(clock)
    market = state.exchange.market("BTCUSDT", START)
    before = market.book.update_id
    fault = state.faults.add({"kind": "stale_snapshot", "stream": "btcusdt@*"}, START)
    state.keep_depth(fault)
    clock.now += 60_000
    state.exchange.market("BTCUSDT", clock.now)
    assert state.stale_depth("spot", "BTCUSDT")[0] == before < market.book.update_id
    assert state.stale_depth("spot", "ETHUSDT") is None
    assert fault.uses == 1
    state.faults.clear()
    assert state.stale_depth("spot", "BTCUSDT") is None


def test_a_second_stale_snapshot_leaves_the_first(clock):
    state = make(clock)
    first = state.faults.add({"kind": "stale_snapshot", "stream": "btcusdt@*"}, START)
    state.keep_depth(first)
    kept = state.stale_depth("spot", "BTCUSDT")
    clock.now += 60_000
    second = state.faults.add({"kind": "stale_snapshot"}, clock.now)
    state.keep_depth(second)
    assert state.stale_depth("spot", "BTCUSDT") == kept
    assert state.stale_depth("spot", "ETHUSDT") is not None
    assert (first.uses, second.uses) == (2, 1)
    state.faults.clear(number=first.number)
    assert state.stale_depth("spot", "BTCUSDT")[0] > kept[0]


def test_an_http_status_for_one_kind_of_request_leaves_the_others_their_own(clock):
    state = make(clock)
    for on, status in (("handshake", 503), ("rest", 418), ("all", 500)):
        state.faults.add({"kind": "http_status", "on": on, "status": status, "count": 1}, START)
    for on, statuses in (("rest", [418, 500]), ("handshake", [503, None]), ("ws_api", [None])):
        found = [state.http_error(on, "/x") for _ in statuses]
        assert [fault and fault["status"] for fault in found] == statuses


def test_an_answer_that_cannot_come_twice_spends_no_double_reply(clock):
    state = make(clock)
    state.faults.add({"kind": "double_reply", "count": 1}, START)
    assert state.reply_fault("/api/v3/time") is None
    assert state.reply_fault("time", "double_reply").uses == 1


def test_a_call_knows_its_exchange(clock):
    state = make(clock)
    assert Call(state, Params({}), START).exchange is state.exchange
    assert [name for name, _ in state.markets()] == ["spot"]
    assert state.market("usdm") is None
