"""Orders of accounts in the simulated book: checks, matches, queues, and money that adds up."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance.simulator.accounts.order_entry import OrderEntry
from binance.simulator.accounts.order_request import read_order, read_units
from binance.simulator.accounts.wallets import COMMISSION, Wallet
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.symbols import UNIT
from binance.simulator.rules.errors import ApiError

START = 1_700_000_000_000
SYMBOL = "BTCUSDT"


class Floor:
    """An exchange with a desk and two wallets; what they are told is kept."""

    def __init__(self, rate=0.000001, levels=20, seed=3):
        self.exchange = Exchange(
            seed=seed, symbols=[SYMBOL, "BNBBTC"], start=START, rate=rate, levels=levels
        )
        self.now = START
        self.order_entry = OrderEntry(self.exchange)
        self.reported_status = []
        self.wallets = [self.wallet(0), self.wallet(1)]

    def wallet(self, number):
        made = Wallet(number, lambda: self.now)
        made.fund(("BTC", "USDT", "BNB"))
        made.listeners.append(lambda event: self.reported_status.append((number, event)))
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
        request = read_order(params, self.exchange, self.order_entry.new_client_id)
        params.reject_unread()
        return self.order_entry.place(self.wallets[wallet], request, self.now)

    def kinds(self, wallet=0):
        return [
            (event["x"], event["X"])
            for number, event in self.reported_status
            if number == wallet and event["e"] == "executionReport"
        ]


@pytest.fixture
def floor():
    return Floor()


def test_a_limit_order_that_crosses_is_filled_and_told(floor):
    ask = floor.book.best_ask
    before = floor.book.asks[ask]
    order = floor.order(quantity="0.001", price=floor.price(ask), newClientOrderId="mine")
    assert order.status == "FILLED"
    steps = 10**8 // 1000 // floor.symbol.step
    assert floor.book.asks.get(ask, 0) == before - steps
    assert floor.kinds()[0] == ("NEW", "NEW")
    assert floor.kinds()[-1] == ("TRADE", "FILLED")
    reports = [event for _, event in floor.reported_status if event["e"] == "executionReport"]
    assert {report["c"] for report in reports} == {"mine"}
    assert reports[-1]["z"] == reports[-1]["q"] == "0.00100000"
    assert sum(Decimal(report["l"]) for report in reports) == Decimal("0.001")
    market = floor.exchange.market(SYMBOL, floor.now)
    public = {trade.id: trade for trade in market.trades}
    for report in reports[1:]:
        assert floor.symbol.price(public[report["t"]].price) == report["L"]
        assert floor.symbol.quantity(public[report["t"]].quantity) == report["l"]


def test_events_come_in_order_report_then_position(floor):
    floor.order(quantity="0.001", price=floor.price(floor.book.best_ask))
    kinds = [event["e"] for _, event in floor.reported_status]
    assert kinds == ["executionReport", "outboundAccountPosition"] * (len(kinds) // 2)


def test_money_is_locked_moved_and_charged(floor):
    wallet = floor.wallets[0]
    usdt, btc = wallet.balance("USDT").free, wallet.balance("BTC").free
    low = floor.book.best_bid - 1000
    order = floor.order(quantity="0.01", price=floor.price(low))
    cost = order.lock_for(order.quantity)
    assert (wallet.balance("USDT").free, wallet.balance("USDT").locked) == (usdt - cost, cost)
    floor.order_entry.cancel(order, "c")
    assert (wallet.balance("USDT").free, wallet.balance("USDT").locked) == (usdt, 0)
    order = floor.order(quantity="0.01", price=floor.price(floor.book.best_ask + 10_000))
    got = 10**6
    assert wallet.balance("BTC").free == btc + got - sum(f.commission for f in order.fills)
    assert sum(f.commission for f in order.fills) == pytest.approx(got * COMMISSION / 10_000, abs=9)
    assert wallet.balance("USDT").free == usdt - order.spent
    assert wallet.balance("USDT").locked == 0


def test_what_rests_is_in_the_book_until_it_is_cancelled(floor):
    price = floor.book.best_bid + 1
    order = floor.order(quantity="0.002", price=floor.price(price))
    assert order.status == "NEW"
    assert floor.book.best_bid == price
    assert floor.book.bids[price] == order.quantity
    floor.order_entry.cancel(order, "c")
    assert price not in floor.book.bids
    assert floor.kinds() == [("NEW", "NEW"), ("CANCELED", "CANCELED")]
    report = floor.reported_status[-2][1]
    assert (report["c"], report["C"]) == ("c", order.client_id)


@pytest.mark.parametrize(
    ("type", "more", "status", "filled"),
    [
        ("LIMIT", {"timeInForce": "IOC"}, "EXPIRED", "some"),
        ("LIMIT", {"timeInForce": "FOK"}, "EXPIRED", "none"),
        ("LIMIT", {"timeInForce": "GTC"}, "PARTIALLY_FILLED", "some"),
    ],
)
def test_times_in_force(floor, type, more, status, filled):
    ask = floor.book.best_ask
    there = floor.book.asks[ask]
    quantity = floor.symbol.quantity(there + 5)
    order = floor.order(type=type, quantity=quantity, price=floor.price(ask), **more)
    assert order.status == status
    assert order.executed == (there if filled == "some" else 0)
    resting = floor.book.bids.get(ask, 0)
    assert resting == (5 if more["timeInForce"] == "GTC" else 0)
    assert floor.wallets[0].balance("USDT").locked == order.locked
    assert bool(order.locked) == (more["timeInForce"] == "GTC")


def test_fill_or_kill_that_fits(floor):
    order = floor.order(
        timeInForce="FOK", quantity="0.0001", price=floor.price(floor.book.best_ask)
    )
    assert order.status == "FILLED"


def test_market_orders_by_quantity_and_by_quote(floor):
    order = floor.order(type="MARKET", side="SELL", quantity="0.01")
    assert order.status == "FILLED"
    spent = floor.order(type="MARKET", quoteOrderQty="1000")
    assert spent.status == "FILLED"
    least = floor.symbol.tick * floor.symbol.step * floor.book.best_ask // UNIT
    assert 1000 * UNIT - 2 * least <= spent.spent <= 1000 * UNIT
    got = floor.order(type="MARKET", side="SELL", quoteOrderQty="1000")
    assert 1000 * UNIT - 2 * least <= got.spent <= 1000 * UNIT


def test_an_order_for_many_levels_takes_them_all(floor):
    levels = floor.book.top(12)[1]
    request = sum(there for _, there in levels)
    order = floor.order(
        quantity=floor.symbol.quantity(request), price=floor.price(levels[-1][0] + 5)
    )
    assert order.executed == request
    assert len({fill.trade.price for fill in order.fills}) == 12


def test_a_maker_is_filled_when_its_turn_comes(floor):
    """First the crowd that was there before it, then it, then the crowd that came later."""
    market = floor.exchange.market(SYMBOL, floor.now)
    price = floor.book.best_bid
    before = floor.book.bids[price]
    order = floor.order(quantity="0.01", price=floor.price(price))
    floor.book.set_bid(price, floor.book.bids[price] + 7)
    market.take(floor.now, False, before, price)
    assert order.executed == 0
    market.take(floor.now, False, 3, price)
    assert order.executed == 3
    assert floor.kinds()[-1] == ("TRADE", "PARTIALLY_FILLED")
    assert floor.reported_status[-2][1]["m"] is True
    market.take(floor.now, False, order.remaining, price)
    assert order.status == "FILLED"
    assert floor.book.bids[price] == 7
    assert not market.account_orders


def test_what_the_crowd_cancels_is_never_an_accounts(floor):
    market = floor.exchange.market(SYMBOL, floor.now)
    price = floor.book.best_bid
    order = floor.order(quantity="0.01", price=floor.price(price))
    floor.book.set_bid(price, order.quantity)  # the crowd before it has gone
    market.take(floor.now, False, 4, price)
    assert order.executed == 4
    assert market.account_orders.held(True, price) == order.remaining


def test_two_accounts_meet(floor):
    price = floor.book.best_bid + 1
    maker = floor.order(wallet=0, quantity="0.01", price=floor.price(price))
    taker = floor.order(
        wallet=1, side="SELL", timeInForce="IOC", quantity="0.004", price=floor.price(price)
    )
    assert (taker.status, maker.status) == ("FILLED", "PARTIALLY_FILLED")
    assert maker.fills[0].trade.id == taker.fills[0].trade.id
    assert floor.kinds(1)[-1] == ("TRADE", "FILLED")
    assert floor.wallets[1].balance("BTC").free == 10 * UNIT - 4 * 10**5


def test_the_market_goes_on_where_orders_rest():
    floor = Floor(rate=50)
    price = floor.book.best_bid
    order = floor.order(quantity="0.0002", price=floor.price(price))
    for _ in range(600):
        floor.now += 100
        floor.order_entry.tick(floor.now)
        if not order.is_open:
            break
        assert floor.book.bids.get(price, 0) >= order.remaining
    assert order.status == "FILLED"
    assert floor.kinds()[-1] == ("TRADE", "FILLED")


@pytest.mark.parametrize(
    ("raw", "code", "words"),
    [
        ({"symbol": "NOPE"}, -1121, "Invalid symbol"),
        ({"side": "HOLD"}, -1130, "side"),
        ({"type": "TRAILING"}, -1116, "orderType"),
        ({"trailingDelta": "1"}, -1116, "orderType"),
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
        ({"quantity": "99"}, -2010, "insufficient balance"),
        ({"quantity": "0.00001", "price": "1"}, -1013, "NOTIONAL"),
    ],
)
def test_what_is_refused(floor, raw, code, words):
    usual = {"quantity": "0.001", "price": floor.price(floor.book.best_bid - 500)}
    given = {k: v for k, v in (usual | raw).items() if v is not None}
    with pytest.raises(ApiError, match=words) as caught:
        floor.order(**given)
    assert caught.value.code == code
    assert floor.reported_status == []


def test_a_maker_only_order_and_a_doubled_id_are_refused(floor):
    ask, low = floor.price(floor.book.best_ask), floor.price(floor.book.best_bid - 500)
    with pytest.raises(ApiError, match="immediately match"):
        floor.order(type="LIMIT_MAKER", quantity="0.001", price=ask)
    order = floor.order(type="LIMIT_MAKER", quantity="0.001", price=low, newClientOrderId="one")
    assert order.status == "NEW"
    with pytest.raises(ApiError, match="Duplicate"):
        floor.order(quantity="0.001", price=low, newClientOrderId="one")


@pytest.mark.parametrize(
    ("text", "found"),
    [("1", UNIT), ("0.5", UNIT // 2), ("0.10000000", UNIT // 10), ("0.100000000", UNIT // 10)],
)
def test_plain_numbers(text, found):
    assert read_units(Params({"x": text}), "x") == found
    assert read_units(Params({}), "x") is None


@settings(max_examples=25)
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
    floor = Floor(rate=20)
    placed = []
    for wallet, buys, away, quantity, what in steps:
        if what == "crowd":
            floor.now += quantity * 10
            floor.order_entry.tick(floor.now)
        elif what == "cancel":
            for order in [one for one in placed if one.is_open][:1]:
                floor.order_entry.cancel(order, "c")
        else:
            limit = what != "MARKET"
            price = (floor.book.best_ask if buys else floor.book.best_bid) + away * 10
            raw = {"timeInForce": what, "price": floor.price(price)} if limit else {}
            try:
                placed.append(
                    floor.order(
                        wallet,
                        side="BUY" if buys else "SELL",
                        type="LIMIT" if limit else "MARKET",
                        quantity=floor.symbol.quantity(quantity),
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
        held = sum(w.balance(asset).free + w.balance(asset).locked for w in floor.wallets)
        begun = sum(floor.wallet(9).balance(asset).free for _ in floor.wallets)
        assert held == begun + net[asset] - fees[asset]
    for wallet in floor.wallets:
        locks = {"BTC": 0, "USDT": 0}
        for order in wallet.open_orders():
            locks["USDT" if order.buys else "BTC"] += order.locked
            levels = floor.book.bids if order.buys else floor.book.asks
            assert levels[order.price] >= order.remaining
        for asset, locked in locks.items():
            assert wallet.balance(asset).locked == locked
            assert wallet.balance(asset).free >= 0


def test_the_least_notional_is_what_the_filters_say(floor):
    from binance.simulator.api import exchange_info

    (rule,) = [
        each
        for each in exchange_info._listed(floor.symbol)["filters"]
        if each["filterType"] == "NOTIONAL"
    ]
    assert Decimal(rule["minNotional"]) == Decimal(floor.symbol.least_notional) / UNIT
