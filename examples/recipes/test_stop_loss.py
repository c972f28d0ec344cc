"""Test of a bot: what does it do when the market falls, or its connection is lost?

Run it without a network and without an account::

    python -m pytest -p binance.simulator.pytest_plugin test_stop_loss.py
"""

import threading
import time
from decimal import Decimal

import pytest

from binance.client import Client
from binance.exceptions import OrderStatusUnknown
from binance.websockets import BinanceSocketManager


class StopLoss:
    """The bot sells once, when the price has fallen by a part of its maximum."""

    def __init__(self, client, bm, symbol, quantity, fall):
        self.client, self.symbol = client, symbol
        self.quantity, self.fall = quantity, fall
        self.highest, self.sold = Decimal(0), threading.Event()
        bm.start_trade_socket(symbol, self.process_message, dispatch="thread")

    def process_message(self, msg):
        if msg["e"] != "trade" or self.sold.is_set():
            return
        price = Decimal(msg["p"])
        self.highest = max(self.highest, price)
        if price >= self.highest * (1 - self.fall):
            return
        try:
            self.client.order_market_sell(symbol=self.symbol, quantity=self.quantity)
        except OrderStatusUnknown as error:  # it may be sold: do not sell again
            print(error)
        self.sold.set()


LOST = {"kind": "drop_reply", "path": "/api/v3/order"}  # the order is executed


@pytest.fixture
def account(exchange, monkeypatch):
    """The exchange's test account."""
    for name, value in exchange.env.items():
        monkeypatch.setenv(name, value)
    with Client("K" * 64, "S" * 64) as client:
        yield client


@pytest.mark.exchange(seed=7, symbols=["BTCUSDT"], rate=100)
@pytest.mark.parametrize("fault", [{}, {"kind": "drop", "count": 1}, LOST])
def test_it_sells_once_whatever_the_connection_does(exchange, account, fault):
    before = Decimal(account.get_asset_balance(asset="BTC")["free"])
    with BinanceSocketManager(account) as bm:
        bot = StopLoss(account, bm, "BTCUSDT", "0.5", Decimal("0.00005"))
        if fault:
            exchange.fault(**fault)
        assert bot.sold.wait(30)
        time.sleep(0.5)  # trades continue, but the bot must not sell again
    after = Decimal(account.get_asset_balance(asset="BTC")["free"])
    assert before - after == Decimal("0.5")
