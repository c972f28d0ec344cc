"""Order lists, stop prices, cancel-and-replace, amendments: as the routes answer, in memory."""

from decimal import Decimal

import pytest

from binance.simulator.accounts import api_keys
from binance.simulator.accounts.account_calls import AccountCalls
from binance.simulator.accounts.accounts import Accounts
from binance.simulator.accounts.order_list_calls import OrderListCalls
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.symbols import UNIT
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState

START = 1_700_000_000_000
SYMBOL = "BTCUSDT"
OPEN, DONE = "EXECUTING", "ALL_DONE"


class Case:
    def __init__(self, symbols=(SYMBOL,)):
        self.now = START
        self.exchange = Exchange(symbols=symbols, start=START, rate=0.00001)
        self.state = SimulatorState(self.exchange, lambda: self.now)
        self.accounts = Accounts(self.exchange, self.state.exchange_time)
        self.calls = OrderListCalls(self.accounts)
        self.wallet = self.accounts.by_api_key[api_keys.HMAC_KEY].wallet()
        self.reported = []
        self.wallet.listeners.append(self.reported.append)

    def ask(self, name, **params):
        raw = {"symbol": SYMBOL, **{k: str(v) for k, v in params.items()}}
        return getattr(self.calls, name)(self.wallet, Call(self.state, Params(raw), self.now))

    @property
    def market(self):
        return self.exchange.market(SYMBOL, self.now)

    def price(self, gaps):
        """A price so many levels above the best bid (negative: below)."""
        symbol = self.exchange.symbols[SYMBOL]
        return symbol.price(self.bid + gaps * symbol.gap)

    def open_at(self, now):
        self.now = now
        self.bid = self.market.book.best_bid
        self.market.take(now, False, 1)  # the last price is the bid

    def trade(self, gaps):
        """Somebody trades through the book up (or down) to a price; then time passes."""
        buys = gaps > 0
        limit = self.bid + gaps * self.exchange.symbols[SYMBOL].gap
        self.market.take(self.now, buys, 10**12, limit)
        self.now += 100
        self.accounts.order_entry.tick(self.now)

    def states(self, answer):
        ids = [each["orderId"] for each in answer["orders"]]
        return [self.wallet.orders[id].status for id in ids]

    def adds_up(self):
        for balance in self.wallet.balances.values():
            assert balance.free >= 0
            assert balance.locked >= 0
        locked = {"BTC": 0, "USDT": 0}
        for order in self.wallet.open_orders():
            locked["USDT" if order.buys else "BTC"] += order.locked
        for asset, amount in locked.items():
            assert self.wallet.balance(asset).locked == amount


@pytest.fixture
def case():
    made = Case()
    made.open_at(START)
    yield made
    made.adds_up()


def oco(case, **more):
    """Sell: take a profit above, stop a loss below."""
    usual = {
        "side": "SELL",
        "quantity": "0.01",
        "aboveType": "LIMIT_MAKER",
        "abovePrice": case.price(5),
        "belowType": "STOP_LOSS_LIMIT",
        "belowStopPrice": case.price(-2),
        "belowPrice": case.price(-9),
        "belowTimeInForce": "GTC",
        "listClientOrderId": "mine",
    }
    return case.ask("oco", **(usual | more))


def test_an_oco_is_answered_and_found(case):
    free = case.wallet.balance("BTC").free
    got = oco(case, aboveClientOrderId="up", belowClientOrderId="down")
    assert (got["contingencyType"], got["listOrderStatus"]) == ("OCO", OPEN)
    assert [each["clientOrderId"] for each in got["orders"]] == ["up", "down"]
    up, down = got["orderReports"]
    assert (up["type"], down["type"]) == ("LIMIT_MAKER", "STOP_LOSS_LIMIT")
    assert up["orderListId"] == down["orderListId"] == got["orderListId"]
    assert down["stopPrice"] == case.price(-2)
    assert free - case.wallet.balance("BTC").free == 10**6  # once for both
    assert case.reported[-1]["e"] == "listStatus"
    assert (case.reported[-1]["L"], case.reported[-1]["C"]) == (OPEN, "mine")
    for name in ({"orderListId": got["orderListId"]}, {"origClientOrderId": "mine"}):
        assert case.ask("order_list", **name)["orders"] == got["orders"]
    assert [each["listClientOrderId"] for each in case.ask("open_lists")] == ["mine"]
    assert [each["listClientOrderId"] for each in case.ask("all_lists")] == ["mine"]
    asked = case.ask("order", orderId=down["orderId"])
    assert (asked["isWorking"], asked["orderListId"]) == (False, got["orderListId"])


def test_the_profit_taken_expires_the_stop(case):
    got = oco(case)
    case.trade(6)
    assert case.states(got) == ["FILLED", "EXPIRED"]
    assert case.ask("order_list", origClientOrderId="mine")["listOrderStatus"] == DONE
    assert case.ask("open_lists") == []
    assert [each["L"] for each in case.reported if each["e"] == "listStatus"] == [
        OPEN,
        DONE,
    ]


def test_a_stop_price_that_is_reached_expires_the_other_and_sells(case):
    got = oco(case)
    case.trade(-1)
    assert case.states(got) == ["NEW", "NEW"]
    case.trade(-3)
    assert case.states(got) == ["EXPIRED", "FILLED"]
    assert case.wallet.balance("BTC").locked == 0


def test_a_stop_without_a_price_sells_at_any(case):
    got = oco(case, belowType="STOP_LOSS", belowPrice="", belowTimeInForce="")
    case.trade(-3)
    assert case.states(got) == ["EXPIRED", "FILLED"]


def test_an_oco_that_buys(case):
    got = case.ask(
        "oco",
        side="BUY",
        quantity="0.01",
        aboveType="STOP_LOSS_LIMIT",
        aboveStopPrice=case.price(5),
        abovePrice=case.price(20),
        aboveTimeInForce="GTC",
        belowType="LIMIT_MAKER",
        belowPrice=case.price(-2),
    )
    case.trade(6)
    assert case.states(got) == ["FILLED", "EXPIRED"]


@pytest.mark.parametrize("by", ["list", "leg", "all"])
def test_a_list_is_cancelled_whole(case, by):
    got = oco(case)
    if by == "all":
        single = resting(case)
        one, done = sorted(case.ask("cancel_all"), key=lambda each: "orderReports" in each)
        assert one["orderId"] == single["orderId"]
    elif by == "list":
        done = case.ask("cancel_list", listClientOrderId="mine")
    else:
        done = case.ask("cancel", orderId=got["orders"][1]["orderId"])
    assert [each["status"] for each in done["orderReports"]] == ["CANCELED"] * 2
    assert done["listOrderStatus"] == DONE
    assert case.states(got) == ["CANCELED", "CANCELED"]
    case.trade(-3)
    assert case.states(got) == ["CANCELED", "CANCELED"]
    with pytest.raises(ApiError, match="Unknown order list"):
        case.ask("cancel_list", listClientOrderId="mine")


def test_a_list_is_refused_by_the_name_of_what_is_not_simulated(case):
    with pytest.raises(ApiError, match="does not have orders with icebergQty"):
        oco(case, aboveIcebergQty="0.001")


def two_stops(case, **more):
    """Sell: take a profit above, stop a loss below, and neither rests in the book."""
    above = {"StopPrice": case.price(5), "Price": case.price(4), "TimeInForce": "GTC"}
    profit = {f"above{name}": value for name, value in above.items()}
    return oco(case, aboveType="TAKE_PROFIT_LIMIT", **profit, quantity="10", **more)


@pytest.mark.parametrize(("gaps", "expires"), [(-3, 0), (6, 1)])
def test_two_stops_lock_once_for_both(case, gaps, expires):
    got, held = two_stops(case), case.wallet.balance("BTC")
    assert (held.free, held.locked) == (0, 10 * UNIT)
    case.adds_up()
    with pytest.raises(ApiError, match="insufficient balance"):
        two_stops(case, listClientOrderId="other")
    with pytest.raises(ApiError, match="insufficient balance"):
        case.ask("place", side="SELL", type="MARKET", quantity="0.01")
    case.trade(gaps)
    orders = [case.wallet.orders[each["orderId"]] for each in got["orders"]]
    assert orders[expires].status == "EXPIRED"
    other = orders[1 - expires]
    assert not other.is_waiting
    assert (held.free, held.locked) == (0, other.units(other.remaining))


@pytest.mark.parametrize("which", [0, 1])
def test_two_stops_that_are_made_smaller_or_cancelled_unlock_once(case, which):
    orders, held = two_stops(case)["orders"], case.wallet.balance("BTC")
    case.ask("amend", orderId=orders[which]["orderId"], newQty="4")
    assert (held.free, held.locked) == (6 * UNIT, 4 * UNIT)
    case.ask("cancel", orderId=orders[which]["orderId"])
    assert (held.free, held.locked) == (10 * UNIT, 0)


@pytest.mark.parametrize(("symbol", "code"), [("ETHUSDT", -2011), ("NOPE", -1121)])
def test_a_list_is_not_cancelled_under_another_symbol(symbol, code):
    case = Case(symbols=[SYMBOL, "ETHUSDT"])
    case.open_at(START)
    got = oco(case)
    with pytest.raises(ApiError) as caught:
        case.ask("cancel_list", symbol=symbol, orderListId=got["orderListId"])
    assert caught.value.code == code
    assert case.states(got) == ["NEW", "NEW"]


def test_the_old_form_of_an_oco(case):
    got = case.ask(
        "old_oco",
        side="SELL",
        quantity="0.01",
        price=case.price(3),
        stopPrice=case.price(-2),
        stopLimitPrice=case.price(-4),
        stopLimitTimeInForce="GTC",
        limitClientOrderId="up",
        stopClientOrderId="down",
    )
    assert [each["clientOrderId"] for each in got["orders"]] == ["up", "down"]
    assert [each["type"] for each in got["orderReports"]] == ["LIMIT_MAKER", "STOP_LOSS_LIMIT"]


def working(case, gaps=-2):
    return {
        "workingType": "LIMIT",
        "workingSide": "BUY",
        "workingPrice": case.price(gaps),
        "workingQuantity": "0.01",
        "workingTimeInForce": "GTC",
        "pendingSide": "SELL",
    }


def test_what_follows_is_placed_when_the_first_is_filled(case):
    got = case.ask(
        "oto",
        **working(case),
        pendingType="LIMIT",
        pendingPrice=case.price(50),
        pendingQuantity="0.01",
        pendingTimeInForce="GTC",
    )
    assert got["contingencyType"] == "OTO"
    assert case.states(got) == ["NEW", "PENDING_NEW"]
    case.trade(-3)
    assert case.states(got) == ["FILLED", "NEW"]
    assert case.ask("order_list", orderListId=got["orderListId"])["listOrderStatus"] == OPEN


def test_an_order_works_from_when_it_is_in_the_book(case):
    got = bracket(case)
    assert [each["workingTime"] for each in got["orderReports"]] == [case.now, -1, -1]

    def working_times():
        found = [case.ask("order", orderId=each["orderId"]) for each in got["orders"]]
        return [each["workingTime"] for each in found]

    begin = case.now
    case.trade(-3)
    followed = case.now
    assert begin < followed
    assert working_times() == [begin, followed, -1]
    case.trade(-6)
    assert working_times()[2] == case.now
    stop = got["orders"][2]["orderId"]
    reports = [each for each in case.reported if each.get("i") == stop]
    assert [each.get("W") for each in reports] == [None, *[case.now] * (len(reports) - 1)]


@pytest.mark.parametrize("type", ["STOP_LOSS", "STOP_LOSS_LIMIT"])
def test_a_stop_that_follows_locks_what_it_sells(case, type):
    limit = {"pendingPrice": case.price(-90), "pendingTimeInForce": "GTC"}
    stop = {"pendingType": type, "pendingStopPrice": case.price(-9), "pendingQuantity": "10"}
    got = case.ask("oto", **working(case), **stop, **(limit if type.endswith("LIMIT") else {}))
    held = case.wallet.balance("BTC")
    assert held.locked == 0
    case.trade(-3)
    assert case.states(got) == ["FILLED", "NEW"]
    assert held.locked == 10 * UNIT
    with pytest.raises(ApiError, match="insufficient balance"):
        case.ask("place", side="SELL", type="MARKET", quantity="10")
    case.trade(-10)
    assert case.states(got)[1] != "NEW"
    case.adds_up()


def test_a_stop_that_follows_expires_if_too_little_is_free(case):
    stop = {"pendingType": "STOP_LOSS", "pendingStopPrice": case.price(-9), "pendingQuantity": "11"}
    got = case.ask("oto", **working(case), **stop)
    case.trade(-3)
    assert case.states(got) == ["FILLED", "EXPIRED"]


def test_what_follows_a_filled_order_is_placed_at_once(case):
    got = case.ask("oto", **working(case, gaps=5), pendingType="MARKET", pendingQuantity="0.005")
    assert case.states(got) == ["FILLED", "FILLED"]


def test_what_follows_goes_with_the_first(case):
    got = case.ask("oto", **working(case), pendingType="MARKET", pendingQuantity="0.01")
    case.ask("cancel", orderId=got["orders"][0]["orderId"])
    assert case.states(got) == ["CANCELED", "CANCELED"]
    unfilled = working(case, gaps=-20) | {"workingTimeInForce": "IOC"}
    got = case.ask("oto", **unfilled, pendingType="MARKET", pendingQuantity="0.01")
    assert case.states(got) == ["EXPIRED", "EXPIRED"]


def bracket(case, name="otoco", **more):
    """Buy; then sell: take a profit above, stop a loss below."""
    usual = {
        **working(case),
        "pendingQuantity": "0.005",
        "pendingAboveType": "LIMIT_MAKER",
        "pendingAbovePrice": case.price(9),
        "pendingBelowType": "STOP_LOSS",
        "pendingBelowStopPrice": case.price(-5),
    }
    asked = (usual | more).items()
    return case.ask(name, **{key: value for key, value in asked if value is not None})


@pytest.mark.parametrize(("name", "uses_proceeds"), [("otoco", False), ("opoco", True)])
def test_a_pair_follows(case, name, uses_proceeds):
    got = bracket(case, name, **({"pendingQuantity": None} if uses_proceeds else {}))
    assert case.states(got) == ["NEW", "PENDING_NEW", "PENDING_NEW"]
    case.trade(-3)
    assert case.states(got) == ["FILLED", "NEW", "NEW"]
    quantities = [case.wallet.orders[each["orderId"]].quantity for each in got["orders"][1:]]
    symbol = case.exchange.symbols[SYMBOL]
    bought = Decimal("0.01") * Decimal("0.999") if uses_proceeds else Decimal("0.005")
    assert quantities == [int(bought * 10**8) // symbol.step] * 2
    case.trade(-6)
    assert case.states(got) == ["FILLED", "EXPIRED", "FILLED"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pendingQuantity": "0.00001"}, "NOTIONAL"),
        ({"pendingAbovePrice": "900000"}, "PERCENT_PRICE_BY_SIDE"),
    ],
)
def test_what_follows_breaks_no_filter_either(case, change, words):
    with pytest.raises(ApiError, match=words) as caught:
        bracket(case, **change)
    assert caught.value.code == -1013
    assert case.wallet.orders == {}
    assert case.ask("all_lists") == []


def test_a_maker_that_would_take_when_it_is_placed_expires(case):
    got = bracket(case, pendingAbovePrice=case.price(-9), pendingBelowStopPrice=case.price(-30))
    case.trade(-3)
    assert case.states(got) == ["FILLED", "EXPIRED", "NEW"]
    assert case.wallet.orders[got["orders"][1]["orderId"]].fills == []
    assert case.wallet.balance("BTC").locked == 5 * 10**5  # by the one that is left


def test_the_stop_pays_of_a_pair_that_buys_if_its_maker_expires(case):
    first = {"workingSide": "SELL", "workingPrice": case.price(4), "pendingSide": "BUY"}
    above = {"Type": "STOP_LOSS_LIMIT", "StopPrice": case.price(30), "Price": case.price(40)}
    above["TimeInForce"] = "GTC"
    below = {"Type": "LIMIT_MAKER", "Price": case.price(20), "StopPrice": None}
    pair = {f"pendingAbove{name}": value for name, value in above.items()}
    got = bracket(case, **first, **pair, **{f"pendingBelow{n}": each for n, each in below.items()})
    case.trade(5)
    assert case.states(got) == ["FILLED", "NEW", "EXPIRED"]
    cost = Decimal(case.price(40)) * Decimal("0.005")
    assert case.wallet.balance("USDT").locked == cost * UNIT
    case.adds_up()


def test_an_order_paid_by_another(case):
    got = case.ask("opo", **working(case, gaps=5), pendingType="MARKET")
    assert case.states(got) == ["FILLED", "FILLED"]
    assert case.wallet.balance("BTC").free > 10 * 10**8 - 10**5


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"belowType": "LIMIT_MAKER"}, -1106, "timeInForce"),
        ({"belowType": ""}, -1102, "belowType"),
        ({"quantity": ""}, -1102, "quantity"),
        ({"quantity": "50"}, -2010, "insufficient balance"),
        ({"abovePrice": "50000"}, -2010, "immediately match"),
        ({"belowStopPrice": "200000"}, -2010, "trigger immediately"),
        ({"belowStopPrice": "ten"}, -1100, "stopPrice"),
        ({"other": "1"}, -1104, "Not all sent parameters"),
    ],
)
def test_a_list_that_is_refused_leaves_nothing(case, change, code, words):
    with pytest.raises(ApiError, match=words) as caught:
        oco(case, **change)
    assert caught.value.code == code
    assert case.wallet.orders == {}
    assert case.ask("all_lists") == []


def test_five_stops_may_be_open(case):
    stop = {"symbol": "BTCUSDT", "side": "SELL", "type": "STOP_LOSS", "quantity": "0.001"}
    for _ in range(5):
        case.ask("place", **stop, stopPrice=case.price(-2))
    with pytest.raises(ApiError, match="MAX_NUM_ALGO_ORDERS") as caught:
        case.ask("place", **stop, stopPrice=case.price(-2))
    assert caught.value.code == -1013


def test_a_list_of_the_same_id_is_refused_while_the_first_is_open(case):
    oco(case)
    with pytest.raises(ApiError, match="Duplicate order sent"):
        oco(case)
    with pytest.raises(ApiError, match="does not exist"):
        case.ask("order_list", origClientOrderId="other")


# orders with a stop price, alone


@pytest.mark.parametrize(
    ("side", "type", "stop", "trade"),
    [
        ("SELL", "STOP_LOSS", -2, -3),
        ("SELL", "TAKE_PROFIT", 5, 6),
        ("BUY", "STOP_LOSS", 5, 6),
        ("BUY", "TAKE_PROFIT", -2, -3),
        ("SELL", "STOP_LOSS_LIMIT", -2, -3),
        ("BUY", "TAKE_PROFIT_LIMIT", -2, -3),
    ],
)
def test_an_order_waits_for_its_stop_price(case, side, type, stop, trade):
    limit = {"price": case.price(-9 if side == "SELL" else 20), "timeInForce": "GTC"}
    got = case.ask(
        "place",
        side=side,
        type=type,
        quantity="0.01",
        stopPrice=case.price(stop),
        **(limit if type.endswith("LIMIT") else {}),
    )
    status = lambda: case.ask("order", orderId=got["orderId"])["status"]  # noqa: E731
    case.trade(-1 if trade < 0 else 4)
    assert status() == "NEW"
    case.trade(trade)
    assert status() == "FILLED"


@pytest.mark.parametrize(("type", "stop"), [("STOP_LOSS", -2), ("TAKE_PROFIT", 5)])
def test_a_sell_that_waits_locks_what_it_sells(case, type, stop):
    more = {"side": "SELL", "quantity": "6", "stopPrice": case.price(stop)}
    order, held = case.ask("place", type=type, **more), case.wallet.balance("BTC")
    assert (held.free, held.locked) == (4 * UNIT, 6 * UNIT)
    with pytest.raises(ApiError, match="insufficient balance"):
        case.ask("place", type=type, **more)
    case.ask("cancel", orderId=order["orderId"])
    assert (held.free, held.locked) == (10 * UNIT, 0)
    case.ask("place", type=type, **more)
    case.trade(6 if stop > 0 else -3)
    assert (held.free, held.locked) == (4 * UNIT, 0)


@pytest.mark.parametrize("is_at_once", [False, True])
def test_what_follows_another_order_hides_no_trade_from_those_that_wait(case, is_at_once):
    ask = case.exchange.symbols[SYMBOL].price(case.market.book.best_ask)
    type, stop = ("TAKE_PROFIT", ask) if is_at_once else ("STOP_LOSS", case.price(-2))
    more = {"side": "SELL", "quantity": "0.01", "stopPrice": stop}
    waiting = case.ask("place", type=type, **more)
    later = stop if is_at_once else case.price(-30)
    follows = {"pendingType": type, "pendingStopPrice": later, "pendingQuantity": "0.01"}
    got = case.ask("oto", **working(case, 5 if is_at_once else -2), **follows)
    if not is_at_once:
        case.trade(-3)
    assert case.ask("order", orderId=waiting["orderId"])["status"] == "FILLED"
    assert case.states(got) == ["FILLED", "NEW"]  # the trades came before what follows them


# cancel and replace


def resting(case, gaps=-20):
    return case.ask(
        "place",
        side="BUY",
        type="LIMIT",
        timeInForce="GTC",
        quantity="0.01",
        price=case.price(gaps),
        newClientOrderId="first",
    )


def replace(case, mode="STOP_ON_FAILURE", **params):
    usual = {
        "cancelReplaceMode": mode,
        "cancelOrigClientOrderId": "first",
        "side": "BUY",
        "type": "LIMIT",
        "timeInForce": "GTC",
        "quantity": "0.01",
        "price": case.price(-30),
        "newClientOrderId": "second",
    }
    return case.ask("cancel_replace", **(usual | params))


def test_an_order_in_place_of_another(case):
    first = resting(case)
    got = replace(case)
    assert (got["cancelResult"], got["newOrderResult"]) == ("SUCCESS", "SUCCESS")
    assert got["cancelResponse"]["origClientOrderId"] == "first"
    assert got["newOrderResponse"]["clientOrderId"] == "second"
    assert case.ask("order", orderId=first["orderId"])["status"] == "CANCELED"
    assert [each["clientOrderId"] for each in case.ask("open_orders")] == ["second"]


@pytest.mark.parametrize(
    ("mode", "stands", "price", "code", "status", "results"),
    [
        ("STOP_ON_FAILURE", False, -30, -2022, 400, ("FAILURE", "NOT_ATTEMPTED")),
        ("ALLOW_FAILURE", False, -30, -2021, 409, ("FAILURE", "SUCCESS")),
        ("STOP_ON_FAILURE", True, 9, -2021, 409, ("SUCCESS", "FAILURE")),
        ("ALLOW_FAILURE", False, 9, -2022, 400, ("FAILURE", "FAILURE")),
    ],
)
def test_a_replacement_that_fails_says_which_half(case, mode, stands, price, code, status, results):
    if stands:
        resting(case)
    maker = {"type": "LIMIT_MAKER", "timeInForce": "", "price": case.price(price)}
    with pytest.raises(ApiError) as caught:
        replace(case, mode, **maker)
    assert (caught.value.code, caught.value.status) == (code, status)
    got = caught.value.body()["data"]
    assert (got["cancelResult"], got["newOrderResult"]) == results
    if results[1] == "FAILURE":
        assert got["newOrderResponse"]["code"] == -2010


@pytest.mark.parametrize("mode", ["STOP_ON_FAILURE", "ALLOW_FAILURE"])
def test_a_replacement_that_breaks_a_filter_leaves_the_order(case, mode):
    resting(case)
    with pytest.raises(ApiError, match="NOTIONAL") as caught:
        replace(case, mode, quantity="0.00001")
    assert (caught.value.code, caught.value.status) == (-1013, 400)
    assert [each["clientOrderId"] for each in case.ask("open_orders")] == ["first"]


@pytest.mark.parametrize(
    ("mode", "stands", "code", "status", "results"),
    [
        ("STOP_ON_FAILURE", True, -2021, 429, ("SUCCESS", "FAILURE")),
        ("STOP_ON_FAILURE", False, -2022, 429, ("FAILURE", "NOT_ATTEMPTED")),
        ("ALLOW_FAILURE", True, -2021, 409, ("SUCCESS", "FAILURE")),
        ("ALLOW_FAILURE", False, -2022, 400, ("FAILURE", "FAILURE")),
    ],
)
def test_a_replacement_beyond_the_limit_of_orders(case, mode, stands, code, status, results):
    """Source: the table of the page "Cancel an Existing Order and Send a New Order"."""
    if stands:
        resting(case)
    uid, most = case.wallet.uid, case.state.order_limits("spot")[0][3]
    case.state.count_orders(uid, {}, most - stands)
    with pytest.raises(ApiError) as caught:
        replace(case, mode)
    assert (caught.value.code, caught.value.status) == (-1015, 429)
    assert len(case.ask("open_orders")) == stands
    with pytest.raises(ApiError) as caught:
        replace(case, mode, orderRateLimitExceededMode="CANCEL_ONLY")
    assert (caught.value.code, caught.value.status) == (code, status)
    got = caught.value.body()["data"]
    assert (got["cancelResult"], got["newOrderResult"]) == results
    assert (got["newOrderResponse"] or {"code": -1015})["code"] == -1015
    assert case.ask("open_orders") == []


def test_a_mode_that_is_none(case):
    with pytest.raises(ApiError, match="cancelReplaceMode"):
        replace(case, "MAYBE")
    with pytest.raises(ApiError, match="orderRateLimitExceededMode"):
        replace(case, orderRateLimitExceededMode="MAYBE")


# amendments


def test_an_order_is_made_smaller_and_keeps_its_place(case):
    first = resting(case, gaps=-2)
    place = case.ask("order", orderId=first["orderId"])
    book, level = case.market.book, case.wallet.orders[first["orderId"]].price
    there = book.bids[level]
    got = case.ask("amend", orderId=first["orderId"], newQty="0.004", newClientOrderId="less")
    amended = got["amendedOrder"]
    assert (amended["qty"], amended["origClientOrderId"], amended["clientOrderId"]) == (
        "0.00400000",
        "first",
        "less",
    )
    steps = 600_000 // case.exchange.symbols[SYMBOL].step
    assert there - book.bids[level] == steps
    (amendment,) = case.ask("amendments", orderId=first["orderId"])
    assert (amendment["origQty"], amendment["newQty"]) == (
        place["origQty"],
        "0.00400000",
    )
    case.adds_up()
    case.trade(-3)
    assert case.ask("order", orderId=first["orderId"])["executedQty"] == "0.00400000"


def test_each_execution_has_an_id_of_its_own(case):
    first, kept = resting(case), case.reported
    answer = case.ask("amend", orderId=first["orderId"], newQty="0.004")
    case.ask("amend", orderId=first["orderId"], newQty="0.003")
    case.ask("cancel", orderId=first["orderId"])
    reports = [each for each in kept if each["e"] == "executionReport"]
    assert [each["x"] for each in reports] == ["NEW", "REPLACED", "REPLACED", "CANCELED"]
    ids = [each["I"] for each in reports]
    assert ids == sorted(set(ids))
    amended = case.ask("amendments", orderId=first["orderId"])
    assert [each["executionId"] for each in amended] == ids[1:3]
    assert answer["executionId"] == ids[1]
    assert "listStatus" not in answer


def test_an_amended_list_is_reported_with_the_new_client_id(case):
    orders = oco(case)["orders"]
    del case.reported[:]
    wanted = {"newQty": "0.004", "newClientOrderId": "less"}
    answer = case.ask("amend", orderId=orders[0]["orderId"], **wanted)
    (event,) = [each for each in case.reported if each["e"] == "listStatus"]
    assert (event["l"], event["L"], event["O"][0]["c"]) == ("UPDATED", OPEN, "less")
    assert answer["listStatus"].keys() == {
        *("orderListId", "contingencyType", "listOrderStatus", "listClientOrderId"),
        *("symbol", "orders"),
    }
    assert answer["listStatus"]["orders"][0]["clientOrderId"] == "less"
    case.ask("amend", orderId=orders[0]["orderId"], newQty="0.003", newClientOrderId="less")
    assert len([each for each in case.reported if each["e"] == "listStatus"]) == 1


@pytest.mark.parametrize("which", [0, 1])
def test_both_orders_of_a_pair_are_made_smaller_and_locked_once(case, which):
    free = case.wallet.balance("BTC").free
    orders = oco(case)["orders"]
    case.ask("amend", orderId=orders[which]["orderId"], newQty="0.004", newClientOrderId="less")
    found = [case.ask("order", orderId=each["orderId"]) for each in orders]
    assert [each["origQty"] for each in found] == ["0.00400000"] * 2
    assert found[which]["clientOrderId"] == "less"
    assert found[1 - which]["clientOrderId"] == orders[1 - which]["clientOrderId"]
    assert free - case.wallet.balance("BTC").free == 4 * 10**5
    case.adds_up()


def test_what_follows_another_order_is_made_smaller_without_a_lock(case):
    free = case.wallet.balance("BTC").free
    follows = {"pendingType": "LIMIT", "pendingTimeInForce": "GTC", "pendingQuantity": "0.01"}
    follows["pendingPrice"] = case.price(50)
    first, pending = case.ask("oto", **working(case, gaps=-20), **follows)["orders"]
    amended = case.ask("amend", orderId=pending["orderId"], newQty="0.004")["amendedOrder"]
    assert (amended["status"], "workingTime" in amended) == ("PENDING_NEW", False)
    assert case.ask("order", orderId=first["orderId"])["origQty"] == "0.01000000"
    assert case.ask("order", orderId=pending["orderId"])["origQty"] == "0.00400000"
    assert case.wallet.balance("BTC").free == free


@pytest.mark.parametrize(
    ("quantity", "code"), [("0.01", -2038), ("0.02", -2038), ("0", -1013), ("0.000000001", -1111)]
)
def test_it_cannot_be_made_larger_or_nothing(case, quantity, code):
    resting(case)
    with pytest.raises(ApiError) as caught:
        case.ask("amend", origClientOrderId="first", newQty=quantity)
    assert caught.value.code == code


def test_all_of_it_is_about_accounts():
    assert issubclass(OrderListCalls, AccountCalls)
