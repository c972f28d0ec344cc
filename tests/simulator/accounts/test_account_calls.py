"""REST calls about accounts, as the routes answer them, without a socket."""

import hashlib
import hmac
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from binance.simulator.accounts import api_keys
from binance.simulator.accounts.accounts import Accounts
from binance.simulator.accounts.routes import routes
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState

START = 1_700_000_000_000


class Case:
    def __init__(self, spot_listen_keys=False):
        self.now = START
        exchange = Exchange(symbols=["BTCUSDT", "BNBBTC"], start=START, rate=0.00001)
        self.state = SimulatorState(exchange, lambda: self.now)
        self.accounts = Accounts(exchange, self.state.exchange_time)
        found = routes(self.accounts, spot_listen_keys=spot_listen_keys)
        self.routes = {(route.verb, route.path): route for route in found}

    def ask(self, verb, path, key=api_keys.HMAC_KEY, signed=True, **params):
        if signed:
            params["timestamp"] = self.now
            text = urlencode(params)
            signature = hmac.new(api_keys.HMAC_SECRET.encode(), text.encode(), hashlib.sha256)
            params["signature"] = signature.hexdigest()
        query = urlencode(params)
        call = Call(
            self.state,
            Params({k: str(v) for k, v in params.items()}),
            self.now,
            path,
            verb,
            query,
            headers={api_keys.HEADER: key} if key else {},
        )
        assert self.routes[verb, path].weigh(call.params) >= 1
        return self.routes[verb, path].answer(call)

    def order(self, **params):
        usual = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.001"}
        return self.ask("POST", "/api/v3/order", **usual | params)

    def low(self, times=1):
        book = self.state.exchange.market("BTCUSDT", self.now).book
        return self.state.exchange.symbols["BTCUSDT"].price(book.best_bid * times - 1000)


@pytest.fixture
def case():
    return Case()


def limit(case, **more):
    return case.order(type="LIMIT", timeInForce="GTC", price=case.low(), **more)


def test_answers_to_an_order(case):
    full = case.order()
    assert full["status"] == "FILLED"
    assert sum(Decimal(fill["qty"]) for fill in full["fills"]) == Decimal("0.001")
    result = case.order(newOrderRespType="RESULT")
    assert result.keys() == full.keys() - {"fills"}
    ack = case.order(newOrderRespType="ACK", newClientOrderId="mine")
    assert ack.keys() == {
        "symbol", "orderId", "orderListId", "clientOrderId", "transactTime"
    }  # fmt: skip
    assert ack["clientOrderId"] == "mine"


def test_the_mode_of_self_trade_prevention_is_kept(case):
    name = "selfTradePreventionMode"
    assert limit(case)[name] == "NONE"
    mine = limit(case, selfTradePreventionMode="EXPIRE_BOTH")
    order = {"symbol": "BTCUSDT", "orderId": mine["orderId"]}
    found = [mine, case.ask("GET", "/api/v3/order", **order)]
    found.append(case.ask("DELETE", "/api/v3/order", **order))
    assert [each[name] for each in found] == ["EXPIRE_BOTH"] * 3
    pair = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.001", name: "EXPIRE_TAKER"}
    pair |= {"aboveType": "LIMIT_MAKER", "abovePrice": case.low(2)}
    pair |= {"belowType": "STOP_LOSS", "belowStopPrice": case.low()}
    reports = case.ask("POST", "/api/v3/orderList/oco", **pair)["orderReports"]
    assert [each[name] for each in reports] == ["EXPIRE_TAKER"] * 2
    with pytest.raises(ApiError, match=name) as caught:
        limit(case, selfTradePreventionMode="ODD")
    assert caught.value.code == -1130


def test_an_order_that_is_only_tested(case):
    usual = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.001"}
    assert case.ask("POST", "/api/v3/order/test", **usual) == {}
    with pytest.raises(ApiError, match="insufficient"):
        case.ask("POST", "/api/v3/order/test", **usual | {"side": "SELL", "quantity": "11"})
    assert case.ask("GET", "/api/v3/allOrders", symbol="BTCUSDT") == []


def test_orders_are_found_listed_and_cancelled(case):
    first, second = limit(case, newClientOrderId="one"), limit(case)
    by_id = case.ask("GET", "/api/v3/order", symbol="BTCUSDT", orderId=first["orderId"])
    by_name = case.ask("GET", "/api/v3/order", symbol="BTCUSDT", origClientOrderId="one")
    assert by_id == by_name
    assert by_id["status"] == "NEW"
    opened = case.ask("GET", "/api/v3/openOrders", symbol="BTCUSDT")
    assert [order["orderId"] for order in opened] == [first["orderId"], second["orderId"]]
    gone = case.ask("DELETE", "/api/v3/order", symbol="BTCUSDT", origClientOrderId="one")
    assert (gone["status"], gone["origClientOrderId"]) == ("CANCELED", "one")
    rest = case.ask("DELETE", "/api/v3/openOrders", symbol="BTCUSDT")
    assert [order["orderId"] for order in rest] == [second["orderId"]]
    assert case.ask("GET", "/api/v3/openOrders") == []
    listed = case.ask("GET", "/api/v3/allOrders", symbol="BTCUSDT", orderId=second["orderId"])
    assert [order["status"] for order in listed] == ["CANCELED"]


@pytest.mark.parametrize(
    ("is_partly_filled", "right", "wrong"),
    [(False, "ONLY_NEW", "ONLY_PARTIALLY_FILLED"), (True, "ONLY_PARTIALLY_FILLED", "ONLY_NEW")],
)
def test_a_cancel_may_be_restricted_to_a_status(case, is_partly_filled, right, wrong):
    market = case.state.exchange.market("BTCUSDT", case.now)
    price = market.symbol.price(market.book.best_ask) if is_partly_filled else case.low()
    placed = case.order(type="LIMIT", timeInForce="GTC", price=price, quantity=5)
    assert placed["status"] == ("PARTIALLY_FILLED" if is_partly_filled else "NEW")
    order = {"symbol": "BTCUSDT", "orderId": placed["orderId"]}
    message = "Order was not canceled due to cancel restrictions."
    with pytest.raises(ApiError, match=message) as caught:
        case.ask("DELETE", "/api/v3/order", **order, cancelRestrictions=wrong)
    assert caught.value.code == -2011
    replacement = {"side": "BUY", "type": "MARKET", "quantity": "0.001", "symbol": "BTCUSDT"}
    replacement |= {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": placed["orderId"]}
    with pytest.raises(ApiError) as caught:
        case.ask("POST", "/api/v3/order/cancelReplace", **replacement, cancelRestrictions=wrong)
    assert caught.value.code == -2022
    assert caught.value.data["cancelResponse"] == {"code": -2011, "msg": message}
    with pytest.raises(ApiError) as caught:
        case.ask("DELETE", "/api/v3/order", **order, cancelRestrictions="ODD")
    assert caught.value.code == -1130
    gone = case.ask("DELETE", "/api/v3/order", **order, cancelRestrictions=right)
    assert gone["status"] == "CANCELED"


@pytest.mark.parametrize(
    ("verb", "path", "params", "code"),
    [
        ("GET", "/api/v3/order", {"symbol": "BTCUSDT", "orderId": 9}, -2013),
        ("GET", "/api/v3/order", {"symbol": "BTCUSDT"}, -1102),
        ("GET", "/api/v3/order", {"symbol": "NOPE", "orderId": 9}, -1121),
        ("DELETE", "/api/v3/openOrders", {"symbol": "NOPE"}, -1121),
        ("GET", "/api/v3/openOrders", {"symbol": "NOPE"}, -1121),
        ("GET", "/api/v3/allOrders", {"symbol": "NOPE"}, -1121),
        ("GET", "/api/v3/myTrades", {"symbol": "NOPE"}, -1121),
        ("GET", "/api/v3/account/commission", {"symbol": "NOPE"}, -1121),
        ("GET", "/api/v3/myFilters", {"symbol": "NOPE"}, -1121),
        ("GET", "/api/v3/myAllocations", {"symbol": "NOPE"}, -1121),
        ("DELETE", "/api/v3/order", {"symbol": "BTCUSDT", "orderId": 9}, -2011),
        ("DELETE", "/api/v3/openOrders", {"symbol": "BTCUSDT"}, -2011),
        ("GET", "/api/v3/account", {"odd": 1}, -1104),
        ("PUT", "/fapi/v1/listenKey", {}, -1125),
        ("POST", "/sapi/v1/userListenToken", {"isIsolated": "true"}, -1102),
        (
            "POST",
            "/sapi/v1/asset/transfer",
            {"type": "MAIN_MARGIN", "asset": "BTC", "amount": "11"},
            -5013,
        ),
        (
            "POST",
            "/sapi/v1/asset/transfer",
            {"type": "SIDEWAYS", "asset": "BTC", "amount": "1"},
            -1,
        ),
        ("POST", "/sapi/v1/asset/transfer", {"type": "MAIN_MARGIN", "asset": "BTC"}, -1102),
    ],
)
def test_what_is_refused(case, verb, path, params, code):
    with pytest.raises(ApiError) as caught:
        case.ask(verb, path, signed="listenKey" not in path, **params)
    assert caught.value.code == code


def test_an_order_of_another_account_does_not_exist(case):
    mine = limit(case)
    other = case.accounts.account_of_key(api_keys.RSA_KEY).wallet()
    assert other.find("BTCUSDT", mine["orderId"], None) is None


def test_the_account_and_its_trades(case):
    order = case.order()
    account = case.ask("GET", "/api/v3/account")
    held = {each["asset"]: each for each in account["balances"]}
    assert held["BTC"]["free"] > "10.0"
    trades = case.ask("GET", "/api/v3/myTrades", symbol="BTCUSDT", orderId=order["orderId"])
    assert [trade["id"] for trade in trades] == [fill["tradeId"] for fill in order["fills"]]
    later = case.ask("GET", "/api/v3/myTrades", symbol="BTCUSDT", fromId=trades[-1]["id"] + 1)
    assert later == []
    brief = case.ask("GET", "/api/v3/account", omitZeroBalances="true")
    assert {each["asset"] for each in brief["balances"]} == {"BTC", "USDT", "BNB"}


@pytest.mark.parametrize("path", ["myTrades", "allOrders", "allOrderList"])
def test_a_window_is_at_most_a_day(case, path):
    day = 24 * 3_600_000
    times = {"symbol": "BTCUSDT", "startTime": START - day}
    assert case.ask("GET", f"/api/v3/{path}", **times, endTime=START) == []
    assert case.ask("GET", f"/api/v3/{path}", symbol="BTCUSDT", startTime=0) == []
    with pytest.raises(ApiError, match="More than 24 hours") as caught:
        case.ask("GET", f"/api/v3/{path}", **times, endTime=START + 1)
    assert caught.value.code == -1127


def transfer(case, kind, amount, **more):
    path = "/sapi/v1/asset/transfer"
    return case.ask("POST", path, type=kind, asset="BNB", amount=amount, **more)


def held(case, *wallets):
    account = case.accounts.account_of_key(api_keys.HMAC_KEY)
    return [account.wallet(each).balance("BNB").free // 10**7 for each in wallets]


def test_a_transfer_moves_the_balance(case):
    account = case.accounts.account_of_key(api_keys.HMAC_KEY)
    events = []
    for name in ("spot", "margin"):
        account.wallet(name).listeners.append(events.append)
    transfer(case, "MAIN_MARGIN", "1.5")
    transfer(case, "MARGIN_MAIN", "0.5")
    assert held(case, "spot", "margin") == [9_990, 10_010]
    both = ["balanceUpdate", "outboundAccountPosition"]
    assert [each["e"] for each in events] == both * 4
    with pytest.raises(ApiError) as caught:
        transfer(case, "MARGIN_MAIN", "1001.1")
    assert caught.value.code == -5013
    assert held(case, "spot", "margin") == [9_990, 10_010]


def test_a_transfer_between_other_wallets(case):
    transfer(case, "MARGIN_ISOLATEDMARGIN", "2", toSymbol="BNBBTC")
    more = {"fromSymbol": "BNBBTC", "toSymbol": "BTCUSDT"}
    transfer(case, "ISOLATEDMARGIN_ISOLATEDMARGIN", "3", **more)
    assert held(case, "margin", "margin:BNBBTC", "margin:BTCUSDT") == [9_980, 9_990, 10_030]
    transfer(case, "MARGIN_FUNDING", "1")
    transfer(case, "FUNDING_MAIN", "1.1")
    assert held(case, "margin", "funding", "spot") == [9_970, 9_999, 10_011]


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        ("MAIN", {}, -1),
        ("MAIN_MAIN", {}, -1),
        ("MAIN_PORTFOLIO_MARGIN", {}, -1),
        ("MARGIN_ISOLATEDMARGIN", {}, -1102),
        ("MARGIN_ISOLATEDMARGIN", {"toSymbol": "ETHBTC"}, -1121),
    ],
)
def test_a_transfer_that_is_refused_names_what_is_wrong(case, kind, more, code):
    with pytest.raises(ApiError, match=rf"Symbol|symbol|have transfers of the type {kind}$") as got:
        transfer(case, kind, "1", **more)
    assert got.value.code == code


def loan(case, kind, amount, **more):
    path = "/sapi/v1/margin/borrow-repay"
    return case.ask("POST", path, type=kind, asset="BTC", amount=amount, **more)


def test_a_loan_can_be_spent_and_is_owed_until_it_is_repaid(case):
    def owed(path="/sapi/v1/margin/account", **asked):
        found = case.ask("GET", path, **asked)
        rows = found["userAssets"] if "userAssets" in found else [found["assets"][0]["baseAsset"]]
        return [float(r[n]) for r in rows if r["asset"] == "BTC" for n in ("borrowed", "netAsset")]

    sale = {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "quantity": "11"}
    with pytest.raises(ApiError, match="insufficient balance"):
        case.ask("POST", "/sapi/v1/margin/order", **sale)
    loan(case, "BORROW", "2")
    assert owed() == [2.0, 10.0]
    assert case.ask("POST", "/sapi/v1/margin/order", **sale)["status"] == "FILLED"
    assert owed() == [2.0, -1.0]
    for amount, code in (("2.1", -3015), ("1.1", -3041)):
        with pytest.raises(ApiError) as caught:
            loan(case, "REPAY", amount)
        assert caught.value.code == code
    loan(case, "REPAY", "0.9")
    assert owed() == [1.1, -1.0]
    loan(case, "BORROW", "3", isIsolated="TRUE", symbol="BTCUSDT")
    assert owed() == [1.1, -1.0]
    assert owed("/sapi/v1/margin/isolated/account", symbols="BTCUSDT") == [3.0, 10.0]


def test_margin_has_wallets_of_its_own(case):
    usual = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "0.001"}
    plain = {"sideEffectType": "NO_SIDE_EFFECT", "autoRepayAtCancel": "TRUE"}
    cross = case.ask("POST", "/sapi/v1/margin/order", **usual, **plain)
    with pytest.raises(ApiError, match="does not have orders with sideEffectType=MARGIN_BUY"):
        case.ask("POST", "/sapi/v1/margin/order", **usual, sideEffectType="MARGIN_BUY")
    isolated = case.ask("POST", "/sapi/v1/margin/order", isIsolated="True", **usual)
    account = case.accounts.account_of_key(api_keys.HMAC_KEY)
    assert list(account.wallet("margin").orders) == [cross["orderId"]]
    assert list(account.wallet("margin:BTCUSDT").orders) == [isolated["orderId"]]
    assert account.wallet().orders == {}
    found = case.ask("GET", "/sapi/v1/margin/order", symbol="BTCUSDT", orderId=cross["orderId"])
    assert found["status"] == "FILLED"


def test_listen_keys_are_gone_unless_they_live(case):
    assert ("POST", "/api/v3/userDataStream") not in case.routes
    live = Case(spot_listen_keys=True)
    path = "/api/v3/userDataStream"
    key = live.ask("POST", path, signed=False)["listenKey"]
    assert live.ask("PUT", path, signed=False, listenKey=key) == {}
    assert live.ask("DELETE", path, signed=False, listenKey=key) == {}
    with pytest.raises(ApiError):
        live.ask("PUT", path, signed=False, listenKey=key)
    futures = "/fapi/v1/listenKey"
    mine = live.ask("POST", futures, signed=False)
    assert live.ask("PUT", futures, signed=False) == mine
    assert mine["listenKey"] != key


def test_keys_are_needed(case):
    for key, code in (("", -2014), ("X" * 64, -2015)):
        with pytest.raises(ApiError) as caught:
            case.ask("GET", "/api/v3/account", key=key)
        assert caught.value.code == code
