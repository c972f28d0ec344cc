"""Futures accounts by their REST calls, without a socket: orders, positions, events."""

import hashlib
import hmac
from decimal import Decimal
from functools import partial
from urllib.parse import urlencode

import pytest

from binance.simulator.accounts import api_keys
from binance.simulator.accounts.accounts import Accounts
from binance.simulator.accounts.routes import routes
from binance.simulator.api.call import Call
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.futures import CoinmExchange, UsdmExchange
from binance.simulator.market.options import OptionsExchange
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState

START = 1_790_000_042_500
SYMBOLS = {"/fapi/v1": "BTCUSDT", "/dapi/v1": "BTCUSD_PERP"}
SYMBOLS |= {"/papi/v1/um": "BTCUSDT", "/papi/v1/cm": "BTCUSD_PERP"}
WALLETS = {"/fapi/v1": "usdm", "/dapi/v1": "coinm", "/eapi/v1": "options"}
WALLETS |= {"/papi/v1/um": "pm:um", "/papi/v1/cm": "pm:cm"}
VENUES = pytest.mark.parametrize("prefix", list(SYMBOLS))
SYMBOLS["/eapi/v1"] = OPTION = "BTC-260925-110000-C"
QUANTITY = {"BTCUSDT": "0.010000", "BTCUSD_PERP": "10", OPTION: "0.100000"}


class Case:
    """One account of one market, and the events that it had."""

    def __init__(self, prefix="/fapi/v1", rate=0.00001):
        self.now, self.prefix, self.symbol = START, prefix, SYMBOLS[prefix]
        options = {"symbols": ["BTCUSDT", "ETHUSDT"], "start": START, "rate": rate}
        spot = Exchange(**options)
        usdm, coinm = UsdmExchange(spot=spot, **options), CoinmExchange(spot=spot, **options)
        others = {"coinm": coinm, "options": OptionsExchange(spot=spot, **options)}
        self.state = SimulatorState(spot, lambda: self.now, futures=usdm, others=others)
        self.accounts = Accounts(
            spot, self.state.exchange_time, futures=dict(self.state.markets()[1:])
        )
        found = routes(self.accounts, spot_listen_keys=False)
        self.routes = {(route.verb, route.path): route for route in found}
        name = WALLETS[prefix]
        self.wallet = self.accounts.account_of_key(api_keys.HMAC_KEY).wallet(name)
        self.events = []
        self.wallet.listeners.append(self.events.append)
        self.exchange = self.state.market(self.routes["POST", f"{prefix}/order"].market)

    def ask(self, verb, path, **params):
        params["timestamp"] = self.now
        text = urlencode(params)
        signature = hmac.new(api_keys.HMAC_SECRET.encode(), text.encode(), hashlib.sha256)
        params["signature"] = signature.hexdigest()
        route = self.routes[verb, path]
        self.call = Call(
            self.state,
            Params({name: str(value) for name, value in params.items()}),
            self.now,
            path,
            verb,
            urlencode(params),
            headers={api_keys.HEADER: api_keys.HMAC_KEY},
            market=route.market,
        )
        return route.answer(self.call)

    def order(self, **params):
        usual = {"symbol": self.symbol, "side": "BUY", "type": "MARKET"}
        return self.ask(
            "POST", f"{self.prefix}/order", **usual | {"quantity": QUANTITY[self.symbol]} | params
        )

    def algo(self, **params):
        usual = {"symbol": self.symbol, "side": "SELL", "type": "STOP_MARKET"}
        usual |= {"algoType": "CONDITIONAL", "quantity": QUANTITY[self.symbol]}
        path = "/papi/v1/um/algo/order" if "um" in self.prefix else f"{self.prefix}/algoOrder"
        return self.ask("POST", path, **usual | params)

    @property
    def market(self):
        return self.exchange.market(self.symbol, self.now)

    def price(self, percent):
        """The best bid, moved by so many percent."""
        symbol = self.market.symbol
        return symbol.price(self.market.book.best_bid * (100 + percent) // 100)

    def until(self, holds):
        """Let the market move, for an hour at most."""
        for _ in range(36_000):
            self.now += 100
            self.accounts.tick(self.now)
            if holds():
                return
        pytest.fail("it never held")

    def kinds(self):
        return [event["e"] for event in self.events]

    def position(self):
        found = self.ask("GET", f"{self.prefix}/positionRisk", symbol=self.symbol)
        return [each for each in found if Decimal(each["positionAmt"])]


@VENUES
def test_a_market_order_opens_a_position_and_the_events_add_up(prefix):
    case = Case(prefix)
    (asset,) = {"BTC", "USDT"} & case.wallet.balances.keys()
    before = Decimal(case.ask("GET", f"{prefix}/balance")[0]["balance"])
    placed = case.order(newClientOrderId="mine", newOrderRespType="RESULT")
    assert (placed["status"], placed["clientOrderId"]) == ("FILLED", "mine")
    reports = [event["o"] for event in case.events if event["e"] == "ORDER_TRADE_UPDATE"]
    assert [report["x"] for report in reports] == ["NEW"] + ["TRADE"] * (len(reports) - 1)
    assert {report["i"] for report in reports} == {placed["orderId"]}
    fills = reports[1:]
    assert sum(Decimal(each["l"]) for each in fills) == Decimal(QUANTITY[case.symbol])
    fees = sum(Decimal(each["n"]) for each in fills)
    assert {each["N"] for each in fills} == {asset}
    last = [event["a"] for event in case.events if event["e"] == "ACCOUNT_UPDATE"][-1]
    assert Decimal(last["B"][0]["wb"]) == before - fees
    assert last["P"][0]["pa"] == QUANTITY[case.symbol]
    (position,) = case.position()
    assert position["positionAmt"] == QUANTITY[case.symbol]
    assert position["entryPrice"] == last["P"][0]["ep"]
    entry, average = Decimal(position["entryPrice"]), Decimal(fills[-1]["ap"])
    assert abs(entry / average - 1) < Decimal("1e-6")
    trades = case.ask("GET", f"{prefix}/userTrades", symbol=case.symbol)
    assert [trade["id"] for trade in trades] == [each["t"] for each in fills]
    assert ("TRADE_LITE" in case.kinds()) is (prefix == "/fapi/v1")
    assert {event.get("fs") for event in case.events} == {
        {"/papi/v1/um": "UM", "/papi/v1/cm": "CM"}.get(prefix)
    }


@pytest.mark.parametrize("more", [{}, {"newOrderRespType": "ACK"}])
@pytest.mark.parametrize("prefix", list(SYMBOLS))
def test_an_order_is_acknowledged_before_it_is_matched_unless_the_result_is_asked(prefix, more):
    case = Case(prefix)
    placed = case.order(**more)
    assert (placed["status"], float(placed["executedQty"])) == ("NEW", 0)
    id = {"symbol": case.symbol, "orderId": placed["orderId"]}
    assert case.ask("GET", f"{prefix}/order", **id)["status"] == "FILLED"


@VENUES
def test_closing_a_position_takes_its_profit_in_the_right_direction(prefix):
    case = Case(prefix)
    case.order()
    bought = Decimal(case.events[-1]["o"]["ap"])
    case.order(side="SELL", reduceOnly="true")
    sold, report = Decimal(case.events[-1]["o"]["ap"]), case.events[-1]["o"]
    profit = sum(
        Decimal(event["o"]["rp"]) for event in case.events if event["e"] == "ORDER_TRADE_UPDATE"
    )
    size = Decimal(QUANTITY[case.symbol])
    inverse = "USD_" in case.symbol
    expected = size * 100 * (1 / bought - 1 / sold) if inverse else size * (sold - bought)
    assert report["R"] is True
    assert abs(profit - expected) < Decimal("0.000001")
    assert case.position() == []
    for text, code in (("true", -2022), ("True", -2022), ("yes", -1130)):
        with pytest.raises(ApiError) as caught:
            case.order(side="SELL", reduceOnly=text)
        assert caught.value.code == code


@VENUES
def test_a_position_can_be_turned_round(prefix):
    case = Case(prefix)
    case.order()
    double = str(2 * Decimal(QUANTITY[case.symbol]))
    case.order(side="SELL", quantity=double)
    (position,) = case.position()
    assert Decimal(position["positionAmt"]) == -Decimal(QUANTITY[case.symbol])
    assert Decimal(position["entryPrice"]) == Decimal(case.events[-2]["a"]["P"][0]["ep"])


@VENUES
def test_a_limit_order_rests_is_found_and_is_cancelled(prefix):
    case = Case(prefix)
    limit = {"type": "LIMIT", "timeInForce": "GTX", "price": case.price(-5)}
    placed = case.order(**limit, newClientOrderId="low")
    assert placed["status"] == "NEW"
    with pytest.raises(ApiError) as caught:
        case.order(**limit, newClientOrderId="low")
    assert caught.value.code == -4116
    (found,) = case.ask("GET", f"{prefix}/openOrders", symbol=case.symbol)
    assert found["clientOrderId"] == "low"
    assert found["cumBase" if "USD_" in case.symbol else "cumQuote"] == "0.00000000"
    ids = {"symbol": case.symbol, "origClientOrderId": "low"}
    assert case.ask("GET", f"{prefix}/order", **ids)["orderId"] == placed["orderId"]
    assert case.ask("DELETE", f"{prefix}/order", **ids)["status"] == "CANCELED"
    assert [event["o"]["x"] for event in case.events] == ["NEW", "CANCELED"]
    assert case.events[-1]["o"]["c"] == "low"
    case.order(**limit)
    assert case.ask("DELETE", f"{prefix}/allOpenOrders", symbol=case.symbol)["code"] == 200
    assert case.ask("GET", f"{prefix}/openOrders") == []
    statuses = [one["status"] for one in case.ask("GET", f"{prefix}/allOrders", symbol=case.symbol)]
    assert statuses == ["CANCELED", "CANCELED"]


def test_a_resting_order_is_filled_as_a_maker_when_the_market_comes():
    case = Case(rate=20.0)
    case.order(type="LIMIT", timeInForce="GTC", price=case.price(0), quantity="0.002")
    case.until(lambda: not case.wallet.open_orders())
    fills = [event["o"] for event in case.events if event["e"] == "ORDER_TRADE_UPDATE"][1:]
    assert fills[-1]["X"] == "FILLED"
    assert all(fill["m"] for fill in fills)


@pytest.mark.parametrize(
    ("code", "order"),
    [
        (-4120, {"type": "STOP_MARKET", "stopPrice": "1"}),
        (-1116, {"type": "OCO"}),
        (-1102, {"type": "LIMIT", "price": "100"}),
        (-1121, {"symbol": "NOSUCH"}),
        (-2019, {"quantity": "5000"}),
        (-5022, {"type": "LIMIT", "timeInForce": "GTX", "price": "999999"}),
        (-1104, {"unknown": "1"}),
        (-1130, {"newOrderRespType": "FULL"}),
        (-4164, {"quantity": "0.00001"}),
        (-1106, {"timeInForce": "GTC"}),
        (-1106, {"price": "100"}),
        (-1100, {"newClientOrderId": "two words"}),
        (-1100, {"newClientOrderId": "x" * 37}),
        (-1130, {"workingType": "MARK_PRICE"}),
        (-1130, {"priceMatch": "QUEUE"}),
        (-1, {"priceProtect": "TRUE"}),
        (-1, {"type": "LIMIT", "timeInForce": "GTD", "price": "100"}),
        (-1130, {"positionSide": "UP"}),
        (-4061, {"positionSide": "LONG"}),
        (-4014, {"type": "LIMIT", "timeInForce": "GTC", "price": "100.0000001"}),
        (-4013, {"type": "LIMIT", "timeInForce": "GTC", "price": "0"}),
        (-4002, {"type": "LIMIT", "timeInForce": "GTC", "price": "999999999"}),
        (-1111, {"quantity": "0.0100001"}),
        (-4003, {"quantity": "0"}),
        (-4005, {"quantity": "999999999"}),
    ],
)
def test_orders_that_are_refused_have_no_effect(code, order):
    case = Case()
    with pytest.raises(ApiError) as caught:
        case.order(**order)
    assert caught.value.code == code
    assert case.events == []


# Orders that only reduce a position


def reducing(case, percent=2, **params):
    limit = {"type": "LIMIT", "timeInForce": "GTC", "price": case.price(percent)}
    return case.order(**{"side": "SELL", "reduceOnly": "true", **limit, **params})["orderId"]


@VENUES
def test_what_reduces_expires_when_the_position_is_closed_by_another_order(prefix):
    case = Case(prefix)
    case.order()
    id = reducing(case)
    assert case.wallet.orders[id].status == "NEW"
    case.order(side="SELL")
    report = case.events[-1]["o"]
    assert (report["i"], report["X"]) == (id, "EXPIRED")
    assert report.get("er") == (None if "papi" in prefix else "4")
    case.market.take(case.now, True, 10**12)
    assert case.position() == []


def test_the_best_prices_stay_of_what_reduces_more_than_the_position():
    case = Case()
    case.order()
    best, worst = reducing(case, 1, quantity="0.006"), reducing(case, 3, quantity="0.004")
    middle = reducing(case, 2, quantity="0.004")
    states = [case.wallet.orders[id].status for id in (best, middle, worst)]
    assert states == ["NEW", "NEW", "EXPIRED"]
    assert case.wallet.orders[reducing(case, 4, quantity="0.001")].status == "EXPIRED"


def test_one_taker_who_reaches_two_orders_does_not_turn_the_position_round():
    case = Case()
    case.order()
    gap, ask = case.market.symbol.gap, case.market.book.best_ask
    near, far = (case.market.symbol.price(ask + each) for each in (1, gap + 1))
    case.order(side="SELL", type="LIMIT", timeInForce="GTC", price=near)
    id = reducing(case, price=far)
    case.market.take(case.now, True, 10**12, ask + 2 * gap)
    assert case.wallet.orders[id].status == "EXPIRED"
    assert case.position() == []


def test_a_short_position_is_not_turned_round_either():
    case = Case()
    case.order(side="SELL")
    id = reducing(case, -2, side="BUY")
    case.order(quantity="0.005")
    assert case.wallet.orders[id].status == "EXPIRED"
    assert case.position()[0]["positionAmt"] == "-0.005000"


def test_what_reduces_cannot_be_made_larger_than_the_position():
    case = Case()
    case.order()
    id, price = reducing(case), case.price(3)
    change = {"symbol": case.symbol, "side": "SELL", "quantity": "0.5", "orderId": id}
    assert case.ask("PUT", "/fapi/v1/order", **change, price=price)["origQty"] == "0.010000"


@pytest.mark.parametrize(
    ("prefix", "more"), [("/fapi/v1", {"reduceOnly": "true"}), ("/dapi/v1", {}), ("/eapi/v1", {})]
)
def test_what_reduces_and_other_markets_have_no_least_notional(prefix, more):
    case = Case(prefix)
    case.order()
    least = case.market.symbol.quantity(1)
    case.order(side="SELL", quantity=least, **more)
    assert case.position()[0]["positionAmt"] != QUANTITY[case.symbol]


# Conditional orders


@pytest.mark.parametrize("prefix", ["/fapi/v1", "/dapi/v1", "/papi/v1/um"])
def test_a_stop_order_becomes_an_order_when_its_price_is_reached(prefix):
    case = Case(prefix, rate=20.0)
    case.order()
    del case.events[:]
    trigger = case.market.symbol.price(case.market.last_price - 1)
    more = {"closePosition": "True", "clientAlgoId": "stop", "priceProtect": "FALSE"}
    placed = case.algo(triggerPrice=trigger, **more)
    assert (placed["algoStatus"], placed["actualOrderId"]) == ("NEW", "")
    path = f"{prefix}/algo" if "um" in prefix else prefix
    (waiting,) = case.ask("GET", f"{path}/openAlgoOrders", symbol=case.symbol)
    assert waiting["algoId"] == placed["algoId"]
    assert case.ask("GET", f"{prefix}/openOrders") == []
    case.until(lambda: case.position() == [])
    reports = [event["o"] for event in case.events if event["e"] == "ORDER_TRADE_UPDATE"]
    assert reports[-1]["X"] == "FILLED"
    if prefix == "/fapi/v1":
        assert {report["ot"] for report in reports} == {"STOP_MARKET"}
    found = case.ask("GET", f"{path}/algoOrder", clientAlgoId="stop")
    assert (found["algoStatus"], found["actualOrderId"]) == ("FINISHED", str(reports[-1]["i"]))
    algos = [e.get("o") or e.get("ao") for e in case.events if e["e"] == "ALGO_UPDATE"]
    expected = ["NEW", "TRIGGERING", "TRIGGERED", "FINISHED"]
    assert [algo["X"] for algo in algos] == ([] if prefix == "/dapi/v1" else expected)


def test_conditional_orders_are_cancelled_and_refused():
    case = Case()
    price, trailing = case.price(-3), {"type": "TRAILING_STOP_MARKET"}
    first = case.algo(triggerPrice=price, clientAlgoId="one")
    for code, order in (
        (-4116, {"triggerPrice": price, "clientAlgoId": "one"}),
        (-2021, {"triggerPrice": case.price(3)}),
        (-1102, {}),
        (-1116, {"type": "LIMIT", "triggerPrice": price}),
        (-1106, {"triggerPrice": price, "price": price}),
        (-1106, {"triggerPrice": price, "callbackRate": "1"}),
        (-1100, {"triggerPrice": price, "clientAlgoId": "#"}),
        (-1130, {"triggerPrice": price, "workingType": "MARK_PRICE"}),
        (-1102, trailing),
        (-1100, trailing | {"callbackRate": "abc"}),
        (-1130, trailing | {"callbackRate": "0.09"}),
        (-1130, trailing | {"callbackRate": "20.1"}),
        (-1106, trailing | {"callbackRate": "1", "triggerPrice": price}),
    ):
        with pytest.raises(ApiError) as caught:
            case.algo(**order)
        assert caught.value.code == code
    gone = case.ask("DELETE", "/fapi/v1/algoOrder", algoId=first["algoId"])
    assert gone["clientAlgoId"] == "one"
    with pytest.raises(ApiError) as caught:
        case.ask("DELETE", "/fapi/v1/algoOrder", clientAlgoId="one")
    assert caught.value.code == -2011
    case.algo(triggerPrice=price)
    assert case.ask("DELETE", "/fapi/v1/algoOpenOrders", symbol=case.symbol)["code"] == 200
    assert case.ask("GET", "/fapi/v1/openAlgoOrders") == []
    assert [one["algoStatus"] for one in case.ask("GET", "/fapi/v1/allAlgoOrders")] == [
        "CANCELED",
        "CANCELED",
    ]


def test_a_conditional_order_is_finished_when_the_order_that_it_became_is_cancelled():
    case = Case(rate=20.0)
    trigger = case.market.symbol.price(case.market.last_price - 1)
    limit = {"type": "STOP", "timeInForce": "GTC", "price": case.price(5)}
    waiting = case.wallet.algos[case.algo(triggerPrice=trigger, **limit)["algoId"]]
    case.until(lambda: waiting.placed)
    assert waiting.status == "TRIGGERED"
    case.ask("DELETE", "/fapi/v1/order", symbol=case.symbol, orderId=waiting.placed.id)
    assert [event["o"]["X"] for event in case.events[-2:]] == ["CANCELED", "FINISHED"]


def test_a_trailing_stop_reports_its_activation_and_follows_the_price():
    case = Case(rate=20.0)
    case.order()
    del case.events[:]
    case.algo(
        type="TRAILING_STOP_MARKET",
        callbackRate="0.1",
        activatePrice=case.market.symbol.price(case.market.last_price + 1),
        reduceOnly="true",
    )
    case.until(lambda: case.position() == [])
    algos = [event["o"] for event in case.events if event["e"] == "ALGO_UPDATE"]
    assert [(algo["X"], algo["ia"]) for algo in algos[:3]] == [
        ("NEW", False),
        ("NEW", True),
        ("TRIGGERING", True),
    ]


def test_a_reduce_only_stop_without_a_position_is_rejected_at_its_trigger():
    case = Case(rate=20.0)
    trigger = case.market.symbol.price(case.market.last_price - 1)
    case.algo(triggerPrice=trigger, reduceOnly="true")
    case.until(lambda: case.events[-1]["o"]["X"] == "REJECTED")
    assert case.events[-1]["o"]["rm"] == "ReduceOnly Order is rejected."


# The account


@VENUES
def test_leverage_is_reported_and_limits_what_can_be_bought(prefix):
    case = Case(prefix)
    case.ask("POST", f"{prefix}/leverage", symbol=case.symbol, leverage=2)
    assert case.events[-1]["ac"] == {"s": case.symbol, "l": 2}
    account = case.ask("GET", f"{prefix}/account")
    room = Decimal(account["assets"][0]["availableBalance"])
    case.order()
    after = case.ask("GET", f"{prefix}/account")
    margin = Decimal(after["positions"][0]["notional"]) / 2
    assert abs(room - margin - Decimal(after["assets"][0]["availableBalance"])) < room / 1000
    with pytest.raises(ApiError):
        case.ask("POST", f"{prefix}/leverage", symbol=case.symbol, leverage=126)


@pytest.mark.parametrize("prefix", ["/fapi/v1", "/fapi/v2", "/fapi/v3", "/dapi/v1", "/papi/v1/um"])
def test_older_calls_list_positions_of_size_0_too(prefix):
    case = Case("/fapi/v1" if "fapi" in prefix else prefix)
    listed = [each.name for each in case.exchange.listed]
    held = [] if prefix in ("/fapi/v3", "/papi/v1/um") else listed
    positions = case.ask("GET", f"{prefix}/positionRisk")
    assert [each["symbol"] for each in positions] == held
    account = case.ask("GET", f"{prefix}/account")["positions"]
    assert [(each["symbol"], float(each["unrealizedProfit"])) for each in account] == [
        (name, 0) for name in held
    ]
    of_one = case.ask("GET", f"{prefix}/positionRisk", symbol=case.symbol)
    assert [each["symbol"] for each in of_one] == held[:1]
    for each in of_one:
        assert (float(each["positionAmt"]), float(each["markPrice"]) > 0) == (0, True)
    with pytest.raises(ApiError) as caught:
        case.ask("GET", f"{prefix}/positionRisk", symbol="NOSUCH")
    assert caught.value.code == -1121


def test_the_totals_of_a_usdm_account_add_up():
    case = Case()
    case.order()
    found = case.ask("GET", "/fapi/v2/account")
    total = {name: Decimal(value) for name, value in found.items() if isinstance(value, str)}
    (held,) = case.position()
    worth = Decimal(held["entryPrice"]) * Decimal(held["positionAmt"])
    balance = Decimal(case.ask("GET", "/fapi/v2/balance")[0]["balance"])
    assert total["totalWalletBalance"] == total["totalCrossWalletBalance"] == balance
    assert total["totalUnrealizedProfit"] == Decimal(held["unRealizedProfit"])
    assert total["totalMarginBalance"] == balance + total["totalUnrealizedProfit"]
    assert abs(total["totalInitialMargin"] - worth / 20) < Decimal("0.000001")
    assert abs(total["totalMaintMargin"] - worth / 200) < Decimal("0.000001")
    assert total["availableBalance"] == total["totalMarginBalance"] - total["totalInitialMargin"]
    assert "totalWalletBalance" not in Case("/dapi/v1").ask("GET", "/dapi/v1/account")


def available(case):
    return Decimal(case.ask("GET", f"{case.prefix}/balance")[0]["availableBalance"])


@VENUES
def test_open_orders_reserve_margin_until_they_end(prefix):
    case = Case(prefix)
    room, price = available(case), case.price(-5)
    limit = {"type": "LIMIT", "timeInForce": "GTC", "price": price}
    id = case.order(**limit)["orderId"]
    size, cost = Decimal(QUANTITY[case.symbol]), Decimal(price)
    worth = size * 100 / cost if "USD_" in case.symbol else size * cost
    assert abs(room - available(case) - worth / 20) < Decimal("0.00000002")
    most = str(int(room * 20 / worth) * size)
    with pytest.raises(ApiError) as caught:
        case.order(**limit, quantity=most)
    assert caught.value.code == -2019
    change = {"symbol": case.symbol, "side": "BUY", "orderId": id, "quantity": most}
    case.ask("PUT", f"{prefix}/order", **change, price=price)  # in place of itself
    assert available(case) < worth
    case.ask("DELETE", f"{prefix}/order", symbol=case.symbol, orderId=id)
    assert available(case) == room


def test_orders_against_a_position_reserve_margin_only_beyond_it():
    case = Case()
    case.order()
    room, limit = available(case), {"type": "LIMIT", "timeInForce": "GTC", "price": case.price(2)}
    reducing(case)
    case.order(**limit, side="SELL")
    assert available(case) == room
    case.order(**limit, side="SELL", quantity="0.02")
    assert available(case) < room


@pytest.mark.parametrize("prefix", ["/fapi/v1", "/dapi/v1"])
def test_a_margin_call_comes_once_when_the_margin_is_too_small(prefix):
    case = Case(prefix)
    asset = "BTC" if "dapi" in prefix else "USDT"
    case.ask("POST", f"{prefix}/leverage", symbol=case.symbol, leverage=125)
    case.order()
    case.accounts.tick(case.now)
    assert "MARGIN_CALL" not in case.kinds()
    room = case.ask("GET", f"{prefix}/account")["assets"][0]["availableBalance"]
    kind = "CMFUTURE_MAIN" if "dapi" in prefix else "UMFUTURE_MAIN"
    case.ask("POST", "/sapi/v1/asset/transfer", type=kind, asset=asset, amount=room)
    assert case.events[-1]["a"]["m"] == "WITHDRAW"
    for _ in range(3):
        case.accounts.tick(case.now)
    assert case.kinds().count("MARGIN_CALL") == 1
    (risky,) = case.events[-1]["p"]
    assert (risky["s"], risky["pa"]) == (case.symbol, QUANTITY[case.symbol])
    kind = "MAIN_CMFUTURE" if "dapi" in prefix else "MAIN_UMFUTURE"
    case.ask("POST", "/sapi/v1/asset/transfer", type=kind, asset=asset, amount="1")
    assert (case.events[-1]["a"]["m"], case.events[-1]["a"]["B"][0]["bc"]) == (
        "DEPOSIT",
        "1.00000000",
    )


@pytest.mark.parametrize(("prefix", "asset"), [("/fapi/v1", "USDT"), ("/dapi/v1", "BTC")])
def test_a_transfer_out_takes_no_more_than_is_available(prefix, asset):
    case, kind = Case(prefix), "CMFUTURE_MAIN" if "dapi" in prefix else "UMFUTURE_MAIN"
    case.order()
    spot, more = case.accounts.account_of_key(api_keys.HMAC_KEY).wallet(), Decimal("0.00000001")
    before = case.wallet.balance(asset).free, spot.balance(asset).free, len(case.events)
    room = Decimal(case.ask("GET", f"{prefix}/account")["assets"][0]["availableBalance"])
    for wrong in ({"asset": asset, "amount": f"{room + more:f}"}, {"asset": "NEW", "amount": 1}):
        with pytest.raises(ApiError, match="insufficient balance") as caught:
            case.ask("POST", "/sapi/v1/asset/transfer", type=kind, **wrong)
        assert caught.value.code == -5013
    assert (case.wallet.balance(asset).free, spot.balance(asset).free, len(case.events)) == before
    assert spot.balance("NEW").free == 0


def test_the_answer_to_an_order_counts_the_orders_of_the_account():
    case = Case()
    case.order()
    case.now += 11_000
    case.order()
    assert case.call.headers_out == {"X-MBX-ORDER-COUNT-10S": "1", "X-MBX-ORDER-COUNT-1M": "2"}


def test_the_mode_of_self_trade_prevention_is_kept():
    case = Case(rate=20.0)
    name = "selfTradePreventionMode"
    assert case.order()[name] == "NONE"
    assert case.order(selfTradePreventionMode="EXPIRE_TAKER")[name] == "EXPIRE_TAKER"
    trigger = case.market.symbol.price(case.market.last_price - 1)
    waiting = case.algo(triggerPrice=trigger, selfTradePreventionMode="EXPIRE_BOTH")
    assert waiting[name] == "EXPIRE_BOTH"
    case.until(lambda: case.wallet.algos[waiting["algoId"]].placed)
    reports = [event["o"] for event in case.events if event["e"] == "ORDER_TRADE_UPDATE"]
    assert reports[-1]["V"] == "EXPIRE_BOTH"
    with pytest.raises(ApiError, match=name) as caught:
        case.order(selfTradePreventionMode="ODD")
    assert caught.value.code == -1130


@pytest.mark.parametrize("prefix", ["/fapi/v1", "/dapi/v1"])
@pytest.mark.parametrize(
    ("verb", "path"),
    [
        *(("DELETE", path) for path in ("allOpenOrders", "algoOpenOrders")),
        *(("GET", path) for path in ("openOrders", "allOrders", "userTrades")),
        *(("GET", path) for path in ("openAlgoOrders", "allAlgoOrders")),
    ],
)
def test_a_symbol_must_be_listed(prefix, verb, path):
    with pytest.raises(ApiError) as caught:
        Case(prefix).ask(verb, f"{prefix}/{path}", symbol="NOPE")
    assert caught.value.code == -1121


@pytest.mark.parametrize("prefix", ["/fapi/v1", "/dapi/v1"])
@pytest.mark.parametrize("path", ["userTrades", "allOrders"])
def test_a_window_is_at_most_seven_days(prefix, path):
    case = Case(prefix)
    times = {"symbol": case.symbol, "startTime": START - 7 * 24 * 3_600_000}
    assert case.ask("GET", f"{prefix}/{path}", **times, endTime=START) == []
    with pytest.raises(ApiError, match="More than 168 hours") as caught:
        case.ask("GET", f"{prefix}/{path}", **times, endTime=START + 1)
    assert caught.value.code == -1127


def test_orders_and_their_changes_are_limited():
    case = Case()
    low, lower = case.price(-50), case.price(-51)
    id = case.order(type="LIMIT", timeInForce="GTC", price=low)["orderId"]
    change = {"symbol": case.symbol, "side": "BUY", "quantity": "0.010000", "orderId": id}
    for number in range(299):
        price = low if number % 2 else lower
        case.ask("PUT", "/fapi/v1/order", **change, price=price)
    modify = partial(case.ask, "PUT", "/fapi/v1/order", **change, price=low)
    for refused in (modify, partial(case.algo, triggerPrice=lower)):
        with pytest.raises(ApiError) as caught:
            refused()
        assert (caught.value.status, caught.value.code) == (429, -1015)


# Other accounts


def test_an_options_account_reports_orders_and_positions_in_its_own_form():
    case = Case("/eapi/v1")
    low = case.price(-50)
    placed = case.order(type="LIMIT", timeInForce="GTC", price=low, clientOrderId="mine")
    assert (placed["status"], placed["clientOrderId"]) == ("NEW", "mine")
    found = case.ask("GET", "/eapi/v1/order", symbol=OPTION, clientOrderId="mine")
    assert found["orderId"] == placed["orderId"]
    case.ask("DELETE", "/eapi/v1/order", symbol=OPTION, orderId=placed["orderId"])
    case.order()
    reports = [event["o"] for event in case.events if event["e"] == "ORDER_TRADE_UPDATE"]
    assert [report["x"] for report in reports[:4]] == ["NEW", "CANCELED", "NEW", "TRADE"]
    assert {report["i"] for report in reports[:2]} == {str(placed["orderId"])}
    assert reports[-1]["n"].startswith("-")
    changes = [event for event in case.events if event["e"] == "BALANCE_POSITION_UPDATE"]
    assert changes[-1]["P"][0]["c"] == QUANTITY[OPTION]
    assert set(case.kinds()) == {"ORDER_TRADE_UPDATE", "BALANCE_POSITION_UPDATE"}


def test_portfolio_margin_pro_reports_its_state_each_five_seconds():
    case = Case()
    account, events = case.accounts.account_of_key(api_keys.HMAC_KEY), []
    account.wallet("pm-classic").listeners.append(events.append)
    for _ in range(101):
        case.accounts.tick(case.now)
        case.now += 100
    assert [event["e"] for event in events] == ["PM_PRO_ACCOUNT_UPDATE"] * 3
    assert events[-1]["eq"] == "1000000.00000000"


def test_a_loan_is_reported_on_the_risk_stream():
    case = Case()
    account, events = case.accounts.account_of_key(api_keys.HMAC_KEY), []
    account.wallet("risk").listeners.append(events.append)
    loan = {"asset": "BTC", "amount": "0.5", "type": "BORROW", "isIsolated": "FALSE"}
    case.ask("POST", "/sapi/v1/margin/borrow-repay", **loan)
    assert [(e["e"], e["a"], e["t"], e["p"]) for e in events] == [
        ("USER_LIABILITY_CHANGE", "BTC", "BORROW", "0.50000000")
    ]


@VENUES
def test_a_resting_order_is_modified(prefix):
    case = Case(prefix)
    price, lower = case.price(-5), case.price(-9)
    case.order(type="LIMIT", timeInForce="GTX", price=price, newClientOrderId="low")
    fields = {"symbol": case.symbol, "side": "BUY", "origClientOrderId": "low"}
    quantity = QUANTITY[case.symbol]

    def modified(**changes):
        return case.ask("PUT", f"{prefix}/order", **{**fields, "quantity": quantity, **changes})

    answer = modified(price=lower)
    assert (answer["status"], Decimal(answer["price"])) == ("NEW", Decimal(lower))
    (found,) = case.ask("GET", f"{prefix}/openOrders", symbol=case.symbol)
    assert Decimal(found["price"]) == Decimal(lower)
    assert [event["o"]["x"] for event in case.events] == ["NEW", "AMENDMENT"]
    for code, changes in (
        (-5027, {"price": lower}),
        (-2013, {"price": price, "side": "SELL"}),
        (-2013, {"price": price, "origClientOrderId": "other"}),
        (-1102, {}),
        (-1130, {"price": price, "priceMatch": "QUEUE"}),
    ):
        with pytest.raises(ApiError) as caught:
            modified(**changes)
        assert caught.value.code == code
    assert modified(price=case.price(+1))["status"] == "CANCELED"  # it would not be a maker
    assert case.ask("GET", f"{prefix}/openOrders") == []
