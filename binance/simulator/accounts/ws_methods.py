"""The methods of the WebSocket API about accounts: they answer as REST does. Pure.

Sources: the exchange's pages "Trading requests" and "Account requests" of the WebSocket API, and
"Websocket API" of USD-M and COIN-M futures.
"""

from __future__ import annotations

from collections.abc import Iterator

from binance.simulator.accounts.account_calls import AccountCalls, Answer
from binance.simulator.accounts.accounts import Accounts
from binance.simulator.accounts.futures_calls import FuturesCalls
from binance.simulator.accounts.order_list_calls import OrderListCalls
from binance.simulator.api.weights import Weigh, flat, one_or_all

# Method, the function of the calls that answers, its weight (without a symbol: the second one).
_SPOT = """
order.place place 1
order.test test 1
order.status order 4
order.cancel cancel 1
order.cancelReplace cancel_replace 1
order.amend.keepPriority amend 4
order.amendments amendments 4
openOrders.status open_orders 6 80
openOrders.cancelAll cancel_all 1
allOrders all_orders 20
orderList.place old_oco 1
orderList.place.oco oco 1
orderList.place.oto oto 1
orderList.place.otoco otoco 1
orderList.place.opo opo 1
orderList.place.opoco opoco 1
orderList.cancel cancel_list 1
orderList.status order_list 4
openOrderLists.status open_lists 6
allOrderLists all_lists 20
sor.order.place place_by_sor 1
sor.order.test test 1
account.status account 20
account.rateLimits.orders order_counts 40
account.commission commission 20
myTrades my_trades 20
myAllocations nothing_of_symbol 20
myPreventedMatches nothing_of_symbol 20
"""
_FUTURES = """
order.place place 0
order.cancel cancel 1
order.status order 1
account.position positions 5
account.balance balance 5
account.status account 5
"""
_USDM = """
algoOrder.place place 0
algoOrder.cancel cancel_algo 1
v2/account.position positions 5
v2/account.balance balance 5
v2/account.status account 5
"""


def methods(accounts: Accounts, market: str) -> Iterator[tuple[str, Answer, Weigh]]:
    """Name, answer and weight of each method."""
    calls: AccountCalls
    if market == "spot":
        calls, text = OrderListCalls(accounts), _SPOT
    else:
        calls, text = FuturesCalls(accounts, market), _FUTURES + _USDM * (market == "usdm")
    for line in filter(None, text.splitlines()):
        name, function, *weights = line.split()
        least, most = int(weights[0]), int(weights[-1])
        weigh = one_or_all(least, most) if most > least else flat(least)
        yield name, getattr(calls, function), weigh
