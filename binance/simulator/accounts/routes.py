"""Which calls about accounts REST and the WebSocket API serve, and what each weighs. Pure.

Sources: the exchange's pages about accounts and trading, of REST and of the WebSocket API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from binance.simulator.accounts.account_calls import AccountCalls, Answer
from binance.simulator.accounts.accounts import FUTURES, MARGIN, SPOT, Account, Accounts
from binance.simulator.accounts.futures_calls import FuturesCalls
from binance.simulator.accounts.order_list_calls import OrderListCalls
from binance.simulator.api.call import Call, Route
from binance.simulator.api.history import historical_trades
from binance.simulator.api.weights import LIGHT, Weigh, flat, one_or_all
from binance.simulator.rules.errors import not_simulated

# In a row: the REST call, the function that answers, its weight (6-80: 80 without a symbol), and
# the method of the WebSocket API, if there is one.
_SPOT = """
POST   order                    place             1     order.place
POST   order/test               test              1     order.test
GET    order                    order             4     order.status
DELETE order                    cancel            1     order.cancel
POST   order/cancelReplace      cancel_replace    1     order.cancelReplace
PUT    order/amend/keepPriority amend             4     order.amend.keepPriority
GET    order/amendments         amendments        4     order.amendments
GET    openOrders               open_orders       6-80  openOrders.status
DELETE openOrders               cancel_all        1     openOrders.cancelAll
GET    allOrders                all_orders        20    allOrders
POST   order/oco                old_oco           1     orderList.place
POST   orderList/oco            oco               1     orderList.place.oco
POST   orderList/oto            oto               1     orderList.place.oto
POST   orderList/otoco          otoco             1     orderList.place.otoco
POST   orderList/opo            opo               1     orderList.place.opo
POST   orderList/opoco          opoco             1     orderList.place.opoco
DELETE orderList                cancel_list       1     orderList.cancel
GET    orderList                order_list        4     orderList.status
GET    openOrderList            open_lists        6     openOrderLists.status
GET    allOrderList             all_lists         20    allOrderLists
POST   sor/order                place_by_sor      1     sor.order.place
POST   sor/order/test           test              1     sor.order.test
GET    account                  account           20    account.status
GET    rateLimit/order          order_counts      40    account.rateLimits.orders
GET    account/commission       commission        20    account.commission
GET    myFilters                filters           40    myFilters
GET    myTrades                 my_trades         20    myTrades
GET    myAllocations            nothing_of_symbol 20    myAllocations
GET    myPreventedMatches       nothing_of_symbol 20    myPreventedMatches
"""
_MARGIN = """
POST   order                    place             1
GET    order                    order             1
DELETE order                    cancel            1
GET    openOrders               open_orders       10
GET    allOrders                all_orders        200
GET    myTrades                 my_trades         10
GET    account                  margin_account    10
POST   order/oco                old_oco           1
DELETE orderList                cancel_list       1
GET    orderList                order_list        10
GET    openOrderList            open_lists        10
GET    allOrderList             all_lists         200
"""
_PM_MARGIN = """
GET    order                    order             10
GET    openOrders               open_orders       5
GET    allOrders                all_orders        200
GET    myTrades                 my_trades         10
"""
_ACCOUNT = """
POST   asset/transfer           transfer          1
POST   margin/borrow-repay      borrow_or_repay   1
GET    margin/isolated/account  isolated_account  10
POST   userListenToken          make_listen_token 1
"""
_ORDERS = """
POST   order                    place             0     order.place
PUT    order                    modify            1     order.modify
GET    order                    order             1     order.status
DELETE order                    cancel            1     order.cancel
GET    openOrders               open_orders       1-40
DELETE allOpenOrders            cancel_all        1
GET    allOrders                all_orders        5
GET    userTrades               my_trades         5
POST   leverage                 set_leverage      1
"""
_BALANCES = """
GET    balance                  balance           5     account.balance
GET    account                  account           5     account.status
GET    positionRisk             positions         5     account.position
"""
_ALGOS = """
POST   algoOrder                place             0     algoOrder.place
GET    algoOrder                algo              1
DELETE algoOrder                cancel_algo       1     algoOrder.cancel
DELETE algoOpenOrders           cancel_all_algos  1
GET    openAlgoOrders           open_algos        1-40
GET    allAlgoOrders            all_algos         5
"""
_PM_ALGOS = """
POST   algo/order               place             0
GET    algo/algoOrder           algo              1
DELETE algo/order               cancel_algo       1
DELETE algo/allOpenOrders       cancel_all_algos  1
GET    algo/openAlgoOrders      open_algos        1-40
GET    algo/allAlgoOrders       all_algos         5
"""
_OPTIONS = """
GET    historyOrders            all_orders        3
GET    marginAccount            options_account   3
GET    position                 option_positions  5
"""
_OF_ACCOUNT = "account"
_TABLES: tuple[tuple[str, str, str, str | None], ...] = (
    ("/api/v3", SPOT, _SPOT, ""),
    ("/sapi/v1/margin", MARGIN, _MARGIN, None),
    ("/papi/v1/margin", MARGIN, _PM_MARGIN, None),
    ("/sapi/v1", _OF_ACCOUNT, _ACCOUNT, None),
    ("/fapi/v1", "usdm", _ORDERS + _BALANCES + _ALGOS, ""),
    ("/fapi/v2", "usdm", _BALANCES, "v2/"),
    ("/fapi/v3", "usdm", _BALANCES, None),
    ("/dapi/v1", "coinm", _ORDERS + _BALANCES, ""),
    ("/dapi/v1", "coinm", _ALGOS, None),
    ("/eapi/v1", "options", _ORDERS + _BALANCES + _ALGOS + _OPTIONS, None),
    ("/papi/v1/um", "pm:um", _ORDERS + _BALANCES + _PM_ALGOS, None),
    ("/papi/v1/cm", "pm:cm", _ORDERS + _BALANCES + _ALGOS, None),
)
"""Base of the paths, wallet, rows, and how their methods begin; None: there are no methods."""

LISTEN_KEYS = {
    "usdm": "/fapi/v1/listenKey",
    "coinm": "/dapi/v1/listenKey",
    "options": "/eapi/v1/listenKey",
    "pm": "/papi/v1/listenKey",
    "risk": "/sapi/v1/margin/listen-key",
}
"""Market -> the path for its listen keys."""
ABOUT_KEYS = (
    ("POST", "userDataStream.start", AccountCalls.make_listen_key),
    ("PUT", "userDataStream.ping", AccountCalls.extend_listen_key),
    ("DELETE", "userDataStream.stop", AccountCalls.delete_listen_key),
)
"""REST verb, method of the WebSocket APIs of futures, and the function that answers."""


def _rows(accounts: Accounts) -> Iterator[tuple[str, str, str, str, Answer, Weigh]]:
    """REST method, path, wallet, method of the WebSocket API, answer and weight of each call."""
    calls: dict[str, AccountCalls] = {SPOT: OrderListCalls(accounts)}
    calls |= {market: FuturesCalls(accounts, market) for market in accounts.futures}
    for base, wallet, text, begin in _TABLES:
        market, _ = FUTURES.get(wallet, (SPOT, ""))
        for line in filter(None, text.splitlines()) if market in calls else ():
            verb, path, function, weight, *methods = line.split()
            least, _, most = weight.partition("-")
            weigh = one_or_all(int(least), int(most)) if most else flat(int(least))
            method = "" if begin is None else "".join(f"{begin}{each}" for each in methods)
            yield verb, f"{base}/{path}", wallet, method, getattr(calls[market], function), weigh


def methods(accounts: Accounts) -> list[Route]:
    """The methods of all markets' WebSocket APIs."""
    calls = AccountCalls(accounts)
    about_keys = [
        Route("WS", method, _keyed(accounts, partial(answer, calls, market=market)), LIGHT, market)
        for _, method, answer in ABOUT_KEYS
        for market in ("usdm", "coinm")
    ]
    return about_keys + [
        Route("WS", method, _signed(accounts, wallet, answer), weigh, wallet)
        for _, _, wallet, method, answer, weigh in _rows(accounts)
        if method
    ]


def routes(accounts: Accounts, *, spot_listen_keys: bool) -> list[Route]:
    """The routes of all calls. ``spot_listen_keys``: also serve those that answer 410 today."""
    found = [
        Route(verb, path, _signed(accounts, wallet, answer), weigh, FUTURES.get(wallet, (SPOT,))[0])
        for verb, path, wallet, _, answer, weigh in _rows(accounts)
    ]
    calls = AccountCalls(accounts)
    if accounts.futures:
        pm_balance = _signed(accounts, _OF_ACCOUNT, calls.pm_balance)
        found.append(Route("GET", "/papi/v1/balance", pm_balance, flat(20)))

    past = _keyed(accounts, lambda account, call: historical_trades(call))
    for base, market in (("/fapi/v1", "usdm"), ("/dapi/v1", "coinm")):
        found.append(Route("GET", f"{base}/historicalTrades", past, flat(200), market))
    paths = LISTEN_KEYS | ({SPOT: "/api/v3/userDataStream"} if spot_listen_keys else {})
    for market, path in paths.items():
        for verb, _, answer in ABOUT_KEYS:
            about = partial(answer, calls, market=market)
            found.append(Route(verb, path, _keyed(accounts, about)))
    return found


def _keyed(accounts: Accounts, answer: Callable[[Account, Call], Any]) -> Callable[[Call], Any]:
    """Answers who sends an API key; nothing is signed."""
    return lambda call: answer(accounts.authenticate_by_key(call), call)


def _signed(
    accounts: Accounts, wallet: str, answer: Callable[[Any, Call], Any]
) -> Callable[[Call], Any]:
    """Answers a request from a wallet of the account that signed it, or of the account."""

    def asked(call: Call) -> Any:
        account, params, name = accounts.authenticate(call), call.params, wallet
        if wallet == _OF_ACCOUNT:
            return answer(account, call)
        if wallet == MARGIN:
            effect = params.text("sideEffectType", "NO_SIDE_EFFECT")
            if effect != "NO_SIDE_EFFECT":
                raise not_simulated(f"orders with sideEffectType={effect}")
            params.flag("autoRepayAtCancel")  # of loans that such an order takes
            if params.flag("isIsolated"):
                name = f"{MARGIN}:{params.symbol()}"
        elif wallet in FUTURES and "clientOrderId" in params:  # the name on options
            known = "newClientOrderId" if call.verb == "POST" else "origClientOrderId"
            params.raw[known] = params.raw.pop("clientOrderId")
        return answer(account.wallet(name), call)

    return asked
