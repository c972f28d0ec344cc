"""Every event of an account, in every test of this folder, is held against the table of fields."""

import pytest

from binance.simulator.accounts.futures_wallet import FuturesWallet, OptionsWallet
from binance.simulator.accounts.wallets import Wallet
from tests.payloads import problems_of_event

OTHERS = {"PM_PRO_ACCOUNT_UPDATE": "pm-pro", "USER_LIABILITY_CHANGE": "margin"}


def market_of(wallet):
    if isinstance(wallet, OptionsWallet):
        return "options"
    if not isinstance(wallet, FuturesWallet):
        return "spot"
    return "pm" if wallet.part else "coinm" if "BTC" in wallet.balances else "usdm"


@pytest.fixture(autouse=True)
def events_held_against_the_table(monkeypatch):
    publish = Wallet.publish

    def checked(self, event):
        market = OTHERS.get(event["e"]) or market_of(self)
        assert problems_of_event(event, market) == []
        publish(self, event)

    monkeypatch.setattr(Wallet, "publish", checked)
