"""Every event of an account, in every test of this folder, is held against the table of fields."""

import pytest

from binance.simulator.accounts.futures_wallet import FuturesWallet
from binance.simulator.accounts.wallets import Wallet
from tests.payloads import problems_of_event


def market_of(wallet):
    if not isinstance(wallet, FuturesWallet):
        return "spot"
    return "pm" if wallet.part else "coinm" if "BTC" in wallet.balances else "usdm"


@pytest.fixture(autouse=True)
def events_held_against_the_table(monkeypatch):
    publish = Wallet.publish

    def checked(self, event):
        assert problems_of_event(event, market_of(self)) == []
        publish(self, event)

    monkeypatch.setattr(Wallet, "publish", checked)
