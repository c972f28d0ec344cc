"""New orders as requests ask for them: read, and checked against the filters of their symbol. Pure.

Order types LIMIT, LIMIT_MAKER, MARKET, and those with a stop price; GTC, IOC and FOK. Iceberg,
trailing and pegged orders and the ids of strategies are refused. Sources: the exchange's pages
"Trading endpoints", "Filters" and "Error codes".
"""

from __future__ import annotations

import re

from binance.simulator.accounts.wallets import Order, Wallet
from binance.simulator.api.params import Params
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.symbols import ORDER_TYPES, STP_MODES, UNIT, Symbol
from binance.simulator.rules.errors import ApiError, illegal, invalid, missing, not_simulated

FILTER_FAILURE = -1013
BAD_COMBINATION = -1106
UNSUPPORTED_TYPE = -1116

_AMOUNTS = ("quantity", "quoteOrderQty")
"""A market order has one of these."""
_OPTIONAL = ("timeInForce", "price", "stopPrice")
_NEEDS = {
    "LIMIT": "timeInForce quantity price",
    "LIMIT_MAKER": "quantity price",
    "MARKET": "",
    **dict.fromkeys(("STOP_LOSS", "TAKE_PROFIT"), "quantity stopPrice"),
    **dict.fromkeys(
        ("STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"), "timeInForce quantity price stopPrice"
    ),
}
"""Type of order -> what it needs; it may have no other of the optional ones."""
TIMES_IN_FORCE = ("GTC", "IOC", "FOK")
_CLIENT_ID = re.compile(r"[a-zA-Z0-9\-_]{1,36}\Z")
_LEGAL_CLIENT_ID = "^[a-zA-Z0-9-_]{1,36}$"
_DECIMAL = re.compile(r"([0-9]{1,20})(?:\.([0-9]{1,20}))?\Z")
_LEGAL_DECIMAL = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"
NOT_SIMULATED = (
    *("icebergQty", "strategyId", "strategyType"),
    *("trailingDelta", "pegPriceType", "pegOffsetType", "pegOffsetValue"),
)


def read_units(params: Params, name: str) -> int | None:
    """A plain decimal number in units of 1e-8; None when it is absent.

    :raises ApiError: -1100 for anything else, scientific notation included; -1111 for more than
        eight places.
    """
    text = params.optional(name)
    if text is None:
        return None
    found = _DECIMAL.match(text)
    if not found:
        raise illegal(name, _LEGAL_DECIMAL)
    places = (found[2] or "").rstrip("0")
    if len(places) > 8:
        raise ApiError(-1111, f"Parameter '{name}' has too much precision.")
    return int(found[1]) * UNIT + int(places.ljust(8, "0"))


def read_order(params: Params, exchange: Exchange, wallet: Wallet, id: int, now: int) -> Order:
    """The order that a request asks for; it is not placed yet.

    :raises ApiError: for what is missing, malformed, or breaks a filter of the symbol.
    """
    symbol = params.listed(exchange.symbols)
    params.text("side")  # it is mandatory
    side = params.choice("side", "", ("BUY", "SELL"))
    type = params.text("type")
    if type not in ORDER_TYPES:
        raise ApiError(UNSUPPORTED_TYPE, "Invalid orderType.")
    if refused := [name for name in NOT_SIMULATED if params.optional(name)]:
        raise not_simulated(f"orders with {refused[0]}")
    time_in_force = params.optional("timeInForce")
    price, quantity = read_units(params, "price"), read_units(params, "quantity")
    stop = read_units(params, "stopPrice")
    quote = read_units(params, "quoteOrderQty")
    client_id = params.optional("newClientOrderId") or f"simulated-{id}"
    if not _CLIENT_ID.match(client_id):
        raise illegal("newClientOrderId", _LEGAL_CLIENT_ID)
    usual = "FULL" if type in ("LIMIT", "MARKET") else "ACK"
    answer = params.choice("newOrderRespType", usual, ("ACK", "RESULT", "FULL"))
    mode = read_stp_mode(params)
    _check_terms(type, params)
    if time_in_force not in (None, *TIMES_IN_FORCE):
        raise ApiError(-1115, "Invalid timeInForce.")
    head = (wallet, symbol, id, client_id, side == "BUY", type, time_in_force or "GTC")
    amounts = (ticks_of(symbol, price), steps_of(symbol, quantity))
    made = Order(*head, *amounts, now, quote=quote or 0, updated=now, answer=answer)
    made.stop, made.stp_mode = ticks_of(symbol, stop), mode
    return made


def read_stp_mode(params: Params) -> str:
    return params.choice("selfTradePreventionMode", STP_MODES[0], STP_MODES)


def unneeded(name: str) -> ApiError:
    return ApiError(BAD_COMBINATION, f"Parameter '{name}' sent when not required.")


def _check_terms(type: str, params: Params) -> None:
    given = {name for name in (*_AMOUNTS, *_OPTIONAL) if params.optional(name)}
    needs = _NEEDS[type].split()
    if type == "MARKET" and len(given & {*_AMOUNTS}) != 1:
        raise invalid("quoteOrderQty") if "quantity" in given else missing("quantity")
    useless = _OPTIONAL if type == "MARKET" else (*_OPTIONAL, "quoteOrderQty")
    for name in useless:
        if name in given and name not in needs:
            raise unneeded(name)
    if lacking := [name for name in needs if name not in given]:
        raise missing(lacking[0])


_FUTURES_FAILURES = {
    "PRICE_FILTER": (
        (-4013, "Price less than min price."),
        (-4014, "Price not increased by tick size."),
        (-4002, "Price greater than max price."),
    ),
    "LOT_SIZE": (
        (-4003, "Quantity less than or equal to zero."),
        (-1111, "Precision is over the maximum defined for this asset."),
        (-4005, "Quantity greater than max quantity."),
    ),
}
"""What futures answer for 0, for what is between two ticks or steps, and for too much."""


def ticks_of(symbol: Symbol, price: int | None) -> int:
    return _counted(symbol, price, symbol.tick, symbol.max_price, "PRICE_FILTER")


def steps_of(symbol: Symbol, quantity: int | None) -> int:
    return _counted(symbol, quantity, symbol.step, symbol.max_quantity, "LOT_SIZE")


def _counted(symbol: Symbol, units: int | None, unit: int, most: int, filter: str) -> int:
    if units is None:
        return 0
    wrong = [not units, units % unit > 0, units > most * unit]
    if not any(wrong):
        return units // unit
    if symbol.short:
        raise ApiError(*_FUTURES_FAILURES[filter][wrong.index(True)])
    raise ApiError(FILTER_FAILURE, f"Filter failure: {filter}")
