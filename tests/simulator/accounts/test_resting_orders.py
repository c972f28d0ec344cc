"""The queue at one price: the crowd's quantities and the accounts' orders between them."""

from itertools import count

import pytest

from binance.simulator.accounts.resting_orders import RestingOrders
from binance.simulator.accounts.wallets import Order, Wallet
from binance.simulator.market.exchange import Exchange

START = 1_700_000_000_000


class Level:
    """One bid level of a market, with the orders that rest there."""

    def __init__(self, crowd):
        exchange = Exchange(symbols=["BTCUSDT"], start=START, rate=0.00001, levels=10)
        self.market = exchange.market("BTCUSDT", START)
        self.price = self.market.book.best_bid
        self.market.book.set(True, self.price, crowd)
        self.filled = []
        self.resting = RestingOrders(self.market, self._trade)
        self.ids = count(1)

    def _trade(self, order, trade):
        order.executed += trade.quantity
        self.filled.append((order.id, trade.quantity))

    def rest(self, quantity):
        wallet = Wallet(1, lambda: START)
        order = Order(
            wallet, self.market.symbol, next(self.ids), "c", True, "LIMIT", "GTC",
            self.price, quantity, START,
        )  # fmt: skip
        self.resting.rest(order)
        return order

    def crowd(self, change):
        book = self.market.book
        book.set(True, self.price, book.bids[self.price] + change)

    def sell(self, quantity):
        self.filled.clear()
        self.market.take(START, False, quantity, self.price)
        return self.filled

    @property
    def there(self):
        return self.market.book.bids.get(self.price, 0)


def test_first_come_first_served():
    level = Level(crowd=10)
    level.rest(5)
    level.crowd(+20)
    level.rest(7)
    level.crowd(+30)
    assert level.there == 10 + 5 + 20 + 7 + 30
    assert level.sell(9) == []
    assert level.sell(3) == [(1, 2)]
    assert level.sell(10) == [(1, 3)]
    assert level.sell(13 + 7) == [(2, 7)]
    assert level.there == 30
    assert not level.resting
    assert level.sell(1) == []


def test_one_taker_meets_several_makers_and_each_trade_is_public():
    level = Level(crowd=4)
    level.rest(5)
    level.rest(6)
    before = level.market.last_trade
    assert level.sell(15) == [(1, 5), (2, 6)]
    public = [(trade.id - before, trade.quantity) for trade in list(level.market.trades)[-3:]]
    assert public == [(1, 4), (2, 5), (3, 6)]


@pytest.mark.parametrize(
    ("gone", "before_first", "before_second"), [(0, 10, 20), (15, 10, 5), (20, 10, 0), (27, 3, 0)]
)
def test_the_crowd_cancels_from_behind(gone, before_first, before_second):
    level = Level(crowd=10)
    level.rest(5)
    level.crowd(+20)
    level.rest(7)
    level.crowd(-gone)
    assert level.sell(before_first) == []
    assert level.sell(5) == [(1, 5)]
    assert level.sell(before_second) == []
    assert level.sell(7) == [(2, 7)]
    assert level.there == 0


def test_a_cancelled_order_leaves_the_crowd_in_its_place():
    level = Level(crowd=10)
    first = level.rest(5)
    level.crowd(+20)
    level.rest(7)
    level.resting.cancel(first)
    assert level.there == 10 + 20 + 7
    assert level.resting.held(True, level.price) == 7
    assert level.sell(30) == []
    assert level.sell(7) == [(2, 7)]


def test_the_last_order_to_go_frees_the_level():
    level = Level(crowd=10)
    order = level.rest(5)
    assert level.resting.held(True, level.price) == 5
    assert level.resting.held(False, level.price) == 0
    level.resting.cancel(order)
    assert not level.resting
    assert level.there == 10
    assert level.resting.split(True, level.price, 10, 5) is None
