"""Orders of accounts in the simulated book: checks, matches, queues, and money that adds up."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance.simulator.accounts.order_entry import OrderEntry
from binance.simulator.accounts.order_request import read_units
from binance.simulator.accounts.wallets import COMMISSION, Wallet
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.symbols import UNIT, make
from binance.simulator.rules.errors import ApiError
from tests.profiles import examples

START = 1_700_000_000_000
SYMBOL = "BTCUSDT"


class Trading:
    """An exchange with order entry and two wallets; keeps the events that they report."""

    def __init__(self, rate=0.000001, levels=20, seed=3):
        self.exchange = Exchange(
            seed=seed, symbols=[SYMBOL, "BNBBTC"], start=START, rate=rate, levels=levels
        )
        self.now = START
        self.order_entry = OrderEntry(self.exchange)
        self.reported = []
        self.wallets = [self.wallet(0), self.wallet(1)]

    def wallet(self, number):
        made = Wallet(number, lambda: self.now)
        made.fund(("BTC", "USDT", "BNB"))
        made.listeners.append(lambda event: self.reported.append((number, event)))
        return made

    @property
    def book(self):
        return self.exchange.market(SYMBOL, self.now).book

    @property
    def symbol(self):
        return self.exchange.symbols[SYMBOL]

    def price(self, ticks):
        return self.symbol.price(ticks)

    def order(self, wallet=0, **raw):
        raw = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT"} | raw
        if raw["type"] == "LIMIT":
            raw.setdefault("timeInForce", "GTC")
        params = Params({k: str(v) for k, v in raw.items()})
        order = self.order_entry.read(self.wallets[wallet], params, self.now)
        params.reject_unread()
        return self.order_entry.place(order, self.now)

    def kinds(self, wallet=0):
        return [
            (event["x"], event["X"])
            for number, event in self.reported
            if number == wallet and event["e"] == "executionReport"
        ]


@pytest.fixture
def trading():
    return Trading()


def test_a_limit_order_that_crosses_is_filled_and_reported(trading):
    ask = trading.book.best_ask
    before = trading.book.asks[ask]
    order = trading.order(quantity="0.001", price=trading.price(ask), newClientOrderId="mine")
    assert order.status == "FILLED"
    steps = 10**8 // 1000 // trading.symbol.step
    assert trading.book.asks.get(ask, 0) == before - steps
    assert trading.kinds()[0] == ("NEW", "NEW")
    assert trading.kinds()[-1] == ("TRADE", "FILLED")
    reports = [event for _, event in trading.reported if event["e"] == "executionReport"]
    assert {report["c"] for report in reports} == {"mine"}
    assert reports[-1]["z"] == reports[-1]["q"] == "0.00100000"
    assert sum(Decimal(report["l"]) for report in reports) == Decimal("0.001")
    market = trading.exchange.market(SYMBOL, trading.now)
    public = {trade.id: trade for trade in market.trades}
    for report in reports[1:]:
        assert trading.symbol.price(public[report["t"]].price) == report["L"]
        assert trading.symbol.quantity(public[report["t"]].quantity) == report["l"]


def test_events_come_in_order_report_then_position(trading):
    trading.order(quantity="0.001", price=trading.price(trading.book.best_ask))
    kinds = [event["e"] for _, event in trading.reported]
    assert kinds == ["executionReport", "outboundAccountPosition"] * (len(kinds) // 2)


def test_money_is_locked_moved_and_charged(trading):
    wallet = trading.wallets[0]
    usdt, btc = wallet.balance("USDT").free, wallet.balance("BTC").free
    low = trading.book.best_bid - 1000
    order = trading.order(quantity="0.01", price=trading.price(low))
    cost = order.lock_for(order.quantity)
    assert (wallet.balance("USDT").free, wallet.balance("USDT").locked) == (usdt - cost, cost)
    trading.order_entry.cancel(order, "c")
    assert (wallet.balance("USDT").free, wallet.balance("USDT").locked) == (usdt, 0)
    order = trading.order(quantity="0.01", price=trading.price(trading.book.best_ask + 10_000))
    got = 10**6
    assert wallet.balance("BTC").free == btc + got - sum(f.commission for f in order.fills)
    assert sum(f.commission for f in order.fills) == pytest.approx(got * COMMISSION / 10_000, abs=9)
    assert wallet.balance("USDT").free == usdt - order.spent
    assert wallet.balance("USDT").locked == 0


def test_what_rests_is_in_the_book_until_it_is_cancelled(trading):
    price = trading.book.best_bid + 1
    order = trading.order(quantity="0.002", price=trading.price(price))
    assert order.status == "NEW"
    assert trading.book.best_bid == price
    assert trading.book.bids[price] == order.quantity
    trading.order_entry.cancel(order, "c")
    assert price not in trading.book.bids
    assert trading.kinds() == [("NEW", "NEW"), ("CANCELED", "CANCELED")]
    report = trading.reported[-2][1]
    assert (report["c"], report["C"]) == ("c", order.client_id)


@pytest.mark.parametrize(
    ("type", "more", "status", "filled"),
    [
        ("LIMIT", {"timeInForce": "IOC"}, "EXPIRED", "some"),
        ("LIMIT", {"timeInForce": "FOK"}, "EXPIRED", "none"),
        ("LIMIT", {"timeInForce": "GTC"}, "PARTIALLY_FILLED", "some"),
    ],
)
def test_times_in_force(trading, type, more, status, filled):
    ask = trading.book.best_ask
    there = trading.book.asks[ask]
    quantity = trading.symbol.quantity(there + 5)
    order = trading.order(type=type, quantity=quantity, price=trading.price(ask), **more)
    assert order.status == status
    assert order.executed == (there if filled == "some" else 0)
    resting = trading.book.bids.get(ask, 0)
    assert resting == (5 if more["timeInForce"] == "GTC" else 0)
    assert trading.wallets[0].balance("USDT").locked == order.locked
    assert bool(order.locked) == (more["timeInForce"] == "GTC")


def test_fill_or_kill_that_fits(trading):
    order = trading.order(
        timeInForce="FOK", quantity="0.0001", price=trading.price(trading.book.best_ask)
    )
    assert order.status == "FILLED"


def test_market_orders_by_quantity_and_by_quote(trading):
    order = trading.order(type="MARKET", side="SELL", quantity="0.01")
    assert order.status == "FILLED"
    spent = trading.order(type="MARKET", quoteOrderQty="1000")
    assert spent.status == "FILLED"
    least = trading.symbol.tick * trading.symbol.step * trading.book.best_ask // UNIT
    assert 1000 * UNIT - 2 * least <= spent.spent <= 1000 * UNIT
    got = trading.order(type="MARKET", side="SELL", quoteOrderQty="1000")
    assert 1000 * UNIT - 2 * least <= got.spent <= 1000 * UNIT


def test_an_order_for_many_levels_takes_them_all(trading):
    levels = trading.book.top(12)[1]
    request = sum(there for _, there in levels)
    order = trading.order(
        quantity=trading.symbol.quantity(request), price=trading.price(levels[-1][0] + 5)
    )
    assert order.executed == request
    assert len({fill.trade.price for fill in order.fills}) == 12


def test_a_maker_is_filled_when_its_turn_comes(trading):
    """First the crowd that was there before it, then it, then the crowd that came later."""
    market = trading.exchange.market(SYMBOL, trading.now)
    price = trading.book.best_bid
    before = trading.book.bids[price]
    order = trading.order(quantity="0.01", price=trading.price(price))
    trading.book.set(True, price, trading.book.bids[price] + 7)
    market.take(trading.now, False, before, price)
    assert order.executed == 0
    market.take(trading.now, False, 3, price)
    assert order.executed == 3
    assert trading.kinds()[-1] == ("TRADE", "PARTIALLY_FILLED")
    assert trading.reported[-2][1]["m"] is True
    market.take(trading.now, False, order.remaining, price)
    assert order.status == "FILLED"
    assert trading.book.bids[price] == 7
    assert not market.account_orders


def test_what_the_crowd_cancels_is_never_an_accounts(trading):
    market = trading.exchange.market(SYMBOL, trading.now)
    price = trading.book.best_bid
    order = trading.order(quantity="0.01", price=trading.price(price))
    trading.book.set(True, price, order.quantity)  # the crowd before it has gone
    market.take(trading.now, False, 4, price)
    assert order.executed == 4
    assert market.account_orders.held(True, price) == order.remaining


def test_two_accounts_meet(trading):
    price = trading.book.best_bid + 1
    maker = trading.order(wallet=0, quantity="0.01", price=trading.price(price))
    taker = trading.order(
        wallet=1, side="SELL", timeInForce="IOC", quantity="0.004", price=trading.price(price)
    )
    assert (taker.status, maker.status) == ("FILLED", "PARTIALLY_FILLED")
    assert maker.fills[0].trade.id == taker.fills[0].trade.id
    assert trading.kinds(1)[-1] == ("TRADE", "FILLED")
    assert trading.wallets[1].balance("BTC").free == 10 * UNIT - 4 * 10**5


def test_the_market_goes_on_where_orders_rest():
    trading = Trading(rate=50)
    price = trading.book.best_bid
    order = trading.order(quantity="0.0002", price=trading.price(price))
    for _ in range(600):
        trading.now += 100
        trading.order_entry.tick(trading.now)
        if not order.is_open:
            break
        assert trading.book.bids.get(price, 0) >= order.remaining
    assert order.status == "FILLED"
    assert trading.kinds()[-1] == ("TRADE", "FILLED")


@pytest.mark.parametrize(
    ("raw", "code", "words"),
    [
        ({"symbol": "NOPE"}, -1121, "Invalid symbol"),
        ({"side": "HOLD"}, -1130, "side"),
        ({"type": "TRAILING"}, -1116, "orderType"),
        ({"trailingDelta": "1"}, -1, "does not have orders with trailingDelta"),
        ({"strategyType": "1000000"}, -1, "does not have orders with strategyType"),
        ({"stopPrice": "1"}, -1106, "stopPrice"),
        ({"type": "STOP_LOSS"}, -1106, "price"),
        ({"type": "STOP_LOSS_LIMIT", "timeInForce": "GTC"}, -1102, "stopPrice"),
        ({"timeInForce": "GTX"}, -1115, "timeInForce"),
        ({"quantity": None}, -1102, "quantity"),
        ({"price": None}, -1102, "price"),
        ({"quantity": "1e-3"}, -1100, "quantity"),
        ({"quantity": "-1"}, -1100, "quantity"),
        ({"quantity": "0.000000001"}, -1111, "precision"),
        ({"quantity": "0"}, -1013, "LOT_SIZE"),
        ({"quantity": "0.00000001"}, -1013, "LOT_SIZE"),
        ({"price": "0.00000001"}, -1013, "PRICE_FILTER"),
        ({"quoteOrderQty": "1"}, -1106, "quoteOrderQty"),
        ({"type": "MARKET"}, -1106, "price"),
        ({"type": "MARKET", "price": None, "timeInForce": "GTC"}, -1106, "timeInForce"),
        ({"type": "MARKET", "price": None, "quoteOrderQty": "5"}, -1130, "quoteOrderQty"),
        ({"newClientOrderId": "with space"}, -1100, "newClientOrderId"),
        ({"newClientOrderId": "x" * 37}, -1100, "newClientOrderId"),
        ({"newOrderRespType": "SOME"}, -1130, "newOrderRespType"),
        ({"unheard": "of"}, -1104, "Not all sent parameters"),
        ({"quantity": "50"}, -2010, "insufficient balance"),
        ({"quantity": "99"}, -1013, "NOTIONAL"),
        ({"quantity": "0.00001", "price": "1"}, -1013, "NOTIONAL"),
        ({"quantity": "20000"}, -1013, "LOT_SIZE"),
        ({"price": "900000"}, -1013, "PERCENT_PRICE_BY_SIDE"),
        ({"quantity": "0.1", "price": "9000"}, -1013, "PERCENT_PRICE_BY_SIDE"),
    ],
)
def test_what_is_refused(trading, raw, code, words):
    usual = {"quantity": "0.001", "price": trading.price(trading.book.best_bid - 500)}
    given = {k: v for k, v in (usual | raw).items() if v is not None}
    with pytest.raises(ApiError, match=words) as caught:
        trading.order(**given)
    assert caught.value.code == code
    assert trading.reported == []


def test_a_maker_only_order_and_a_doubled_id_are_refused(trading):
    ask, low = trading.price(trading.book.best_ask), trading.price(trading.book.best_bid - 500)
    with pytest.raises(ApiError, match="immediately match"):
        trading.order(type="LIMIT_MAKER", quantity="0.001", price=ask)
    order = trading.order(type="LIMIT_MAKER", quantity="0.001", price=low, newClientOrderId="one")
    assert order.status == "NEW"
    with pytest.raises(ApiError, match="Duplicate"):
        trading.order(quantity="0.001", price=low, newClientOrderId="one")


@pytest.mark.parametrize(
    ("text", "found"),
    [("1", UNIT), ("0.5", UNIT // 2), ("0.10000000", UNIT // 10), ("0.100000000", UNIT // 10)],
)
def test_plain_numbers(text, found):
    assert read_units(Params({"x": text}), "x") == found
    assert read_units(Params({}), "x") is None


@settings(max_examples=examples(25))
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1),
            st.booleans(),
            st.integers(-40, 40),
            st.integers(1, 400),
            st.sampled_from(["GTC", "IOC", "FOK", "MARKET", "cancel", "crowd"]),
        ),
        max_size=30,
    )
)
def test_money_and_the_book_always_add_up(steps):
    """Whatever is ordered, nothing is made from nothing: every unit is somewhere."""
    trading = Trading(rate=20)
    placed = []
    for wallet, buys, away, quantity, what in steps:
        if what == "crowd":
            trading.now += quantity * 10
            trading.order_entry.tick(trading.now)
        elif what == "cancel":
            for order in [one for one in placed if one.is_open][:1]:
                trading.order_entry.cancel(order, "c")
        else:
            limit = what != "MARKET"
            price = (trading.book.best_ask if buys else trading.book.best_bid) + away * 10
            raw = {"timeInForce": what, "price": trading.price(price)} if limit else {}
            try:
                placed.append(
                    trading.order(
                        wallet,
                        side="BUY" if buys else "SELL",
                        type="LIMIT" if limit else "MARKET",
                        quantity=trading.symbol.quantity(quantity),
                        **raw,
                    )
                )
            except ApiError as error:
                if error.code not in (-1013, -2010):
                    raise
    fees = {"BTC": 0, "USDT": 0}
    net = {"BTC": 0, "USDT": 0}
    for order in placed:
        assert order.executed == sum(fill.trade.quantity for fill in order.fills)
        for fill in order.fills:
            fees[fill.commission_asset] += fill.commission
            sign = 1 if order.buys else -1
            net["BTC"] += sign * order.units(fill.trade.quantity)
            net["USDT"] -= sign * fill.quote
    for asset in ("BTC", "USDT"):
        held = sum(w.balance(asset).free + w.balance(asset).locked for w in trading.wallets)
        begun = sum(trading.wallet(9).balance(asset).free for _ in trading.wallets)
        assert held == begun + net[asset] - fees[asset]
    for wallet in trading.wallets:
        locks = {"BTC": 0, "USDT": 0}
        for order in wallet.open_orders():
            locks["USDT" if order.buys else "BTC"] += order.locked
            levels = trading.book.bids if order.buys else trading.book.asks
            assert levels[order.price] >= order.remaining
        for asset, locked in locks.items():
            assert wallet.balance(asset).locked == locked
            assert wallet.balance(asset).free >= 0


def test_the_notional_limits_are_what_the_filters_say(trading):
    from binance.simulator.api import exchange_info

    symbol = make("BTC", "JPY", 0)
    listed = exchange_info._listed(symbol)
    (rule,) = [each for each in listed["filters"] if each["filterType"] == "NOTIONAL"]
    assert Decimal(rule["minNotional"]) == Decimal(symbol.least_notional) / UNIT
    assert Decimal(rule["maxNotional"]) == Decimal(symbol.most_notional) / UNIT
    assert symbol.cost(symbol.anchor, UNIT // symbol.step) < symbol.most_notional  # one coin
    assert trading.order(type="MARKET", quantity="99").executed  # it has no upper limit


def sweep(trading, **order):
    """Buy more than all asks offer; returns the order."""
    offered = sum(trading.book.asks.values())
    return trading.order(quantity=trading.symbol.quantity(2 * offered), **order)


def test_what_is_left_of_an_order_that_swept_a_side_does_not_cross_the_book():
    trading = Trading(levels=5)
    order = sweep(trading, price=trading.price(trading.book.worst_of(bids=False) + 1))
    assert (order.status, order.executed > 0, order.locked) == ("EXPIRED", True, 0)
    assert trading.book.best_bid < trading.book.best_ask


def test_a_cancelled_order_does_not_leave_a_side_empty():
    trading = Trading(levels=5)
    behind = trading.price(trading.book.worst_of(bids=False) + 100)
    order = trading.order(1, side="SELL", quantity="0.01", price=behind)
    sweep(trading, type="MARKET")
    assert list(trading.book.asks) == [order.price]
    trading.order_entry.cancel(order, "c")
    assert trading.book.asks == {order.price: trading.symbol.lot}
    trading.now += 10**6  # the crowd goes on
    assert len(trading.exchange.market(SYMBOL, trading.now).book.asks) > 1
