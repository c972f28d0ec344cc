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
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState

START = 1_700_000_000_000
SYMBOL = "BTCUSDT"
OPEN, DONE = "EXECUTING", "ALL_DONE"


class World:
    def __init__(self):
        self.now = START
        self.exchange = Exchange(symbols=[SYMBOL], start=START, rate=0.00001)
        self.state = SimulatorState(self.exchange, lambda: self.now)
        self.accounts = Accounts(self.exchange, self.state.exchange_time)
        self.calls = OrderListCalls(self.accounts)
        self.wallet = self.accounts.by_api_key[api_keys.HMAC_KEY].wallet()
        self.reported_status = []
        self.wallet.listeners.append(self.reported_status.append)

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
def world():
    made = World()
    made.open_at(START)
    yield made
    made.adds_up()


def oco(world, **more):
    """Sell: take a profit above, stop a loss below."""
    usual = {
        "side": "SELL",
        "quantity": "0.01",
        "aboveType": "LIMIT_MAKER",
        "abovePrice": world.price(5),
        "belowType": "STOP_LOSS_LIMIT",
        "belowStopPrice": world.price(-2),
        "belowPrice": world.price(-9),
        "belowTimeInForce": "GTC",
        "listClientOrderId": "mine",
    }
    return world.ask("oco", **(usual | more))


def test_an_oco_is_answered_and_found(world):
    free = world.wallet.balance("BTC").free
    said = oco(world, aboveClientOrderId="up", belowClientOrderId="down")
    assert (said["contingencyType"], said["listOrderStatus"]) == ("OCO", OPEN)
    assert [each["clientOrderId"] for each in said["orders"]] == ["up", "down"]
    up, down = said["orderReports"]
    assert (up["type"], down["type"]) == ("LIMIT_MAKER", "STOP_LOSS_LIMIT")
    assert up["orderListId"] == down["orderListId"] == said["orderListId"]
    assert down["stopPrice"] == world.price(-2)
    assert free - world.wallet.balance("BTC").free == 10**6  # once for both
    assert world.reported_status[-1]["e"] == "listStatus"
    assert (world.reported_status[-1]["L"], world.reported_status[-1]["C"]) == (OPEN, "mine")
    for name in ({"orderListId": said["orderListId"]}, {"origClientOrderId": "mine"}):
        assert world.ask("order_list", **name)["orders"] == said["orders"]
    assert [each["listClientOrderId"] for each in world.ask("open_lists")] == ["mine"]
    assert [each["listClientOrderId"] for each in world.ask("all_lists")] == ["mine"]
    asked = world.ask("order", orderId=down["orderId"])
    assert (asked["isWorking"], asked["orderListId"]) == (False, said["orderListId"])


def test_the_profit_taken_expires_the_stop(world):
    said = oco(world)
    world.trade(6)
    assert world.states(said) == ["FILLED", "EXPIRED"]
    assert world.ask("order_list", origClientOrderId="mine")["listOrderStatus"] == DONE
    assert world.ask("open_lists") == []
    assert [each["L"] for each in world.reported_status if each["e"] == "listStatus"] == [
        OPEN,
        DONE,
    ]


def test_a_stop_price_that_is_reached_expires_the_other_and_sells(world):
    said = oco(world)
    world.trade(-1)
    assert world.states(said) == ["NEW", "NEW"]
    world.trade(-3)
    assert world.states(said) == ["EXPIRED", "FILLED"]
    assert world.wallet.balance("BTC").locked == 0


def test_a_stop_without_a_price_sells_at_any(world):
    said = oco(world, belowType="STOP_LOSS", belowPrice="", belowTimeInForce="")
    world.trade(-3)
    assert world.states(said) == ["EXPIRED", "FILLED"]


def test_an_oco_that_buys(world):
    said = world.ask(
        "oco",
        side="BUY",
        quantity="0.01",
        aboveType="STOP_LOSS_LIMIT",
        aboveStopPrice=world.price(5),
        abovePrice=world.price(20),
        aboveTimeInForce="GTC",
        belowType="LIMIT_MAKER",
        belowPrice=world.price(-2),
    )
    world.trade(6)
    assert world.states(said) == ["FILLED", "EXPIRED"]


@pytest.mark.parametrize("by", ["list", "leg", "all"])
def test_a_list_is_cancelled_whole(world, by):
    said = oco(world)
    if by == "list":
        done = world.ask("cancel_list", listClientOrderId="mine")
        assert [each["status"] for each in done["orderReports"]] == ["CANCELED"] * 2
        assert done["listOrderStatus"] == DONE
    elif by == "leg":
        world.ask("cancel", orderId=said["orders"][1]["orderId"])
    else:
        world.ask("cancel_all")
    assert world.states(said) == ["CANCELED", "CANCELED"]
    world.trade(-3)
    assert world.states(said) == ["CANCELED", "CANCELED"]
    with pytest.raises(ApiError, match="Unknown order list"):
        world.ask("cancel_list", listClientOrderId="mine")


def test_the_old_form_of_an_oco(world):
    said = world.ask(
        "old_oco",
        side="SELL",
        quantity="0.01",
        price=world.price(3),
        stopPrice=world.price(-2),
        stopLimitPrice=world.price(-4),
        stopLimitTimeInForce="GTC",
        limitClientOrderId="up",
        stopClientOrderId="down",
    )
    assert [each["clientOrderId"] for each in said["orders"]] == ["up", "down"]
    assert [each["type"] for each in said["orderReports"]] == ["LIMIT_MAKER", "STOP_LOSS_LIMIT"]


def working(world, gaps=-2):
    return {
        "workingType": "LIMIT",
        "workingSide": "BUY",
        "workingPrice": world.price(gaps),
        "workingQuantity": "0.01",
        "workingTimeInForce": "GTC",
        "pendingSide": "SELL",
    }


def test_what_follows_is_placed_when_the_first_is_filled(world):
    said = world.ask(
        "oto",
        **working(world),
        pendingType="LIMIT",
        pendingPrice=world.price(50),
        pendingQuantity="0.01",
        pendingTimeInForce="GTC",
    )
    assert said["contingencyType"] == "OTO"
    assert world.states(said) == ["NEW", "PENDING_NEW"]
    world.trade(-3)
    assert world.states(said) == ["FILLED", "NEW"]
    assert world.ask("order_list", orderListId=said["orderListId"])["listOrderStatus"] == OPEN


def test_what_follows_a_filled_order_is_placed_at_once(world):
    said = world.ask("oto", **working(world, gaps=5), pendingType="MARKET", pendingQuantity="0.005")
    assert world.states(said) == ["FILLED", "FILLED"]


def test_what_follows_goes_with_the_first(world):
    said = world.ask("oto", **working(world), pendingType="MARKET", pendingQuantity="0.01")
    world.ask("cancel", orderId=said["orders"][0]["orderId"])
    assert world.states(said) == ["CANCELED", "CANCELED"]
    unfilled = working(world, gaps=-20) | {"workingTimeInForce": "IOC"}
    said = world.ask("oto", **unfilled, pendingType="MARKET", pendingQuantity="0.01")
    assert world.states(said) == ["EXPIRED", "EXPIRED"]


@pytest.mark.parametrize(("name", "uses_proceeds"), [("otoco", False), ("opoco", True)])
def test_a_pair_follows(world, name, uses_proceeds):
    quantity = {} if uses_proceeds else {"pendingQuantity": "0.005"}
    said = world.ask(
        name,
        **working(world),
        **quantity,
        pendingAboveType="LIMIT_MAKER",
        pendingAbovePrice=world.price(9),
        pendingBelowType="STOP_LOSS",
        pendingBelowStopPrice=world.price(-5),
    )
    assert world.states(said) == ["NEW", "PENDING_NEW", "PENDING_NEW"]
    world.trade(-3)
    assert world.states(said) == ["FILLED", "NEW", "NEW"]
    quantities = [world.wallet.orders[each["orderId"]].quantity for each in said["orders"][1:]]
    symbol = world.exchange.symbols[SYMBOL]
    got = Decimal("0.01") * Decimal("0.999") if uses_proceeds else Decimal("0.005")
    assert quantities == [int(got * 10**8) // symbol.step] * 2
    world.trade(-6)
    assert world.states(said) == ["FILLED", "EXPIRED", "FILLED"]


def test_an_order_paid_by_another(world):
    said = world.ask("opo", **working(world, gaps=5), pendingType="MARKET")
    assert world.states(said) == ["FILLED", "FILLED"]
    assert world.wallet.balance("BTC").free > 10 * 10**8 - 10**5


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"belowType": "LIMIT_MAKER"}, -1106, "timeInForce"),
        ({"belowType": ""}, -1102, "belowType"),
        ({"quantity": ""}, -1102, "quantity"),
        ({"quantity": "10000"}, -2010, "insufficient balance"),
        ({"abovePrice": "50000"}, -2010, "immediately match"),
        ({"belowStopPrice": "200000"}, -2010, "trigger immediately"),
        ({"belowStopPrice": "ten"}, -1100, "stopPrice"),
        ({"other": "1"}, -1104, "Not all sent parameters"),
    ],
)
def test_a_list_that_is_refused_leaves_nothing(world, change, code, words):
    with pytest.raises(ApiError, match=words) as caught:
        oco(world, **change)
    assert caught.value.code == code
    assert world.wallet.orders == {}
    assert world.ask("all_lists") == []


def test_a_list_of_the_same_id_is_refused_while_the_first_is_open(world):
    oco(world)
    with pytest.raises(ApiError, match="Duplicate order sent"):
        oco(world)
    with pytest.raises(ApiError, match="does not exist"):
        world.ask("order_list", origClientOrderId="other")


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
def test_an_order_waits_for_its_stop_price(world, side, type, stop, trade):
    limit = {"price": world.price(-9 if side == "SELL" else 20), "timeInForce": "GTC"}
    said = world.ask(
        "place",
        side=side,
        type=type,
        quantity="0.01",
        stopPrice=world.price(stop),
        **(limit if type.endswith("LIMIT") else {}),
    )
    status = lambda: world.ask("order", orderId=said["orderId"])["status"]  # noqa: E731
    world.trade(-1 if trade < 0 else 4)
    assert status() == "NEW"
    world.trade(trade)
    assert status() == "FILLED"


# cancel and replace


def resting(world, gaps=-20):
    return world.ask(
        "place",
        side="BUY",
        type="LIMIT",
        timeInForce="GTC",
        quantity="0.01",
        price=world.price(gaps),
        newClientOrderId="first",
    )


def replace(world, mode="STOP_ON_FAILURE", **params):
    usual = {
        "cancelReplaceMode": mode,
        "cancelOrigClientOrderId": "first",
        "side": "BUY",
        "type": "LIMIT",
        "timeInForce": "GTC",
        "quantity": "0.01",
        "price": world.price(-30),
        "newClientOrderId": "second",
    }
    return world.ask("cancel_replace", **(usual | params))


def test_an_order_in_place_of_another(world):
    first = resting(world)
    said = replace(world)
    assert (said["cancelResult"], said["newOrderResult"]) == ("SUCCESS", "SUCCESS")
    assert said["cancelResponse"]["origClientOrderId"] == "first"
    assert said["newOrderResponse"]["clientOrderId"] == "second"
    assert world.ask("order", orderId=first["orderId"])["status"] == "CANCELED"
    assert [each["clientOrderId"] for each in world.ask("open_orders")] == ["second"]


@pytest.mark.parametrize(
    ("mode", "stands", "price", "code", "status", "results"),
    [
        ("STOP_ON_FAILURE", False, -30, -2022, 400, ("FAILURE", "NOT_ATTEMPTED")),
        ("ALLOW_FAILURE", False, -30, -2021, 409, ("FAILURE", "SUCCESS")),
        ("STOP_ON_FAILURE", True, 9, -2021, 409, ("SUCCESS", "FAILURE")),
        ("ALLOW_FAILURE", False, 9, -2022, 400, ("FAILURE", "FAILURE")),
    ],
)
def test_a_replacement_that_fails_says_which_half(
    world, mode, stands, price, code, status, results
):
    if stands:
        resting(world)
    maker = {"type": "LIMIT_MAKER", "timeInForce": "", "price": world.price(price)}
    with pytest.raises(ApiError) as caught:
        replace(world, mode, **maker)
    assert (caught.value.code, caught.value.status) == (code, status)
    said = caught.value.body()["data"]
    assert (said["cancelResult"], said["newOrderResult"]) == results
    if results[1] == "FAILURE":
        assert said["newOrderResponse"]["code"] == -2010


def test_a_mode_that_is_none(world):
    with pytest.raises(ApiError, match="cancelReplaceMode"):
        replace(world, "MAYBE")


# amendments


def test_an_order_is_made_smaller_and_keeps_its_place(world):
    first = resting(world, gaps=-2)
    place = world.ask("order", orderId=first["orderId"])
    book, level = world.market.book, world.wallet.orders[first["orderId"]].price
    there = book.bids[level]
    said = world.ask("amend", orderId=first["orderId"], newQty="0.004", newClientOrderId="less")
    amended = said["amendedOrder"]
    assert (amended["qty"], amended["origClientOrderId"], amended["clientOrderId"]) == (
        "0.00400000",
        "first",
        "less",
    )
    steps = 600_000 // world.exchange.symbols[SYMBOL].step
    assert there - book.bids[level] == steps
    (reported_status,) = world.ask("amendments", orderId=first["orderId"])
    assert (reported_status["origQty"], reported_status["newQty"]) == (
        place["origQty"],
        "0.00400000",
    )
    world.adds_up()
    world.trade(-3)
    assert world.ask("order", orderId=first["orderId"])["executedQty"] == "0.00400000"


@pytest.mark.parametrize(
    ("quantity", "code"), [("0.01", -2038), ("0.02", -2038), ("0", -1013), ("0.000000001", -1111)]
)
def test_it_cannot_be_made_larger_or_nothing(world, quantity, code):
    resting(world)
    with pytest.raises(ApiError) as caught:
        world.ask("amend", origClientOrderId="first", newQty=quantity)
    assert caught.value.code == code


def test_all_of_it_is_about_accounts():
    assert issubclass(OrderListCalls, AccountCalls)
