"""Every constant of the old surface and today's additions, with its exact text."""

from typing import Any

import pytest

from binance import enums

# name prefix -> {rest of the name: value}; None: the value is the rest of the name itself.
FAMILIES: dict[str, dict[str, str] | list[str]] = {
    "SYMBOL_TYPE_": ["SPOT"],
    "ORDER_STATUS_": [
        "NEW",
        "PENDING_NEW",
        "PARTIALLY_FILLED",
        "FILLED",
        "CANCELED",
        "PENDING_CANCEL",
        "REJECTED",
        "EXPIRED",
        "EXPIRED_IN_MATCH",
        "ACCEPTED",
        "TRIGGERING",
        "TRIGGERED",
        "FINISHED",
    ],
    "KLINE_INTERVAL_": {
        "1SECOND": "1s",
        "1MINUTE": "1m",
        "3MINUTE": "3m",
        "5MINUTE": "5m",
        "15MINUTE": "15m",
        "30MINUTE": "30m",
        "1HOUR": "1h",
        "2HOUR": "2h",
        "4HOUR": "4h",
        "6HOUR": "6h",
        "8HOUR": "8h",
        "12HOUR": "12h",
        "1DAY": "1d",
        "3DAY": "3d",
        "1WEEK": "1w",
        "1MONTH": "1M",
    },
    "NO_SIDE_EFFECT_": {"TYPE": "NO_SIDE_EFFECT"},
    "MARGIN_BUY_": {"TYPE": "MARGIN_BUY"},
    "AUTO_REPAY_": {"TYPE": "AUTO_REPAY"},
    "SIDE_": ["BUY", "SELL"],
    "ORDER_TYPE_": [
        "LIMIT",
        "MARKET",
        "STOP_LOSS",
        "STOP_LOSS_LIMIT",
        "TAKE_PROFIT",
        "TAKE_PROFIT_LIMIT",
        "LIMIT_MAKER",
    ],
    "FUTURE_ORDER_TYPE_": [
        "LIMIT",
        "MARKET",
        "STOP",
        "STOP_MARKET",
        "TAKE_PROFIT",
        "TAKE_PROFIT_MARKET",
        "LIMIT_MAKER",
        "TRAILING_STOP_MARKET",
    ],
    "TIME_IN_FORCE_": ["GTC", "IOC", "FOK", "GTX", "GTD", "RPI"],
    "ORDER_RESP_TYPE_": ["ACK", "RESULT", "FULL"],
    "WEBSOCKET_DEPTH_": ["5", "10", "20"],
    "ROLLING_WINDOW_": {"1HOUR": "1h", "4HOUR": "4h", "1DAY": "1d"},
}
EXPECTED = {
    prefix + rest: value
    for prefix, family in FAMILIES.items()
    for rest, value in (
        family.items() if isinstance(family, dict) else ((name, name) for name in family)
    )
}


def star_import() -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec("from binance.enums import *", namespace)
    del namespace["__builtins__"]
    return namespace


@pytest.mark.parametrize("name", EXPECTED)
def test_value(name: str) -> None:
    assert getattr(enums, name) == EXPECTED[name]


def test_a_star_import_brings_the_constants_and_nothing_else() -> None:
    names = ("BinanceSocketType", "ContractType", "FuturesType", "HistoricalKlinesType")
    kinds = {name: getattr(enums, name) for name in names}
    assert star_import() == EXPECTED | kinds


def test_values_are_plain_text() -> None:
    assert {type(star_import()[name]) for name in EXPECTED} == {str}
