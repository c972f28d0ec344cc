"""Tests for small_bot.py: its decisions alone, then the whole bot."""

import queue
from decimal import Decimal

import pytest
from small_bot import Bot, Crossing

from binance.simulator import ExchangeProcess


def test_it_buys_above_the_average_and_sells_below() -> None:
    crossing = Crossing(3)
    prices = [Decimal(price) for price in (10, 10, 13, 14, 9)]
    orders = [crossing.price(price) for price in prices]
    assert orders == [None, None, "buy", None, "sell"]


@pytest.mark.exchange(seed=7, symbols=["BNBBTC"], rate=100)
def test_it_starts_a_new_average_after_an_outage(
    exchange: ExchangeProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in exchange.env.items():
        monkeypatch.setenv(name, value)
    orders: queue.Queue[str] = queue.Queue()
    bot = Bot("BNBBTC", lambda order, price: orders.put(order), length=5)
    bot.start()
    try:
        assert orders.get(timeout=20) in ("buy", "sell")
        before = bot.crossing
        exchange.fault("drop")
        while bot.crossing is before:
            orders.get(timeout=20)
        while exchange.stats()["connections"]["total"] < 2:
            orders.get(timeout=20)
        orders.get(timeout=20)
    finally:
        bot.stop()
