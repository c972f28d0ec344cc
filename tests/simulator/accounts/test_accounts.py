"""Accounts, listen keys and listen tokens: whose they are, and how long they live."""

import pytest

from binance.simulator.accounts import api_keys
from binance.simulator.accounts.accounts import TOKEN_LIFE, Accounts
from binance.simulator.market.exchange import Exchange
from binance.simulator.rules.errors import ApiError

START = 1_700_000_000_000


class Clock:
    now = START

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def revoked():
    return set()


@pytest.fixture
def accounts(clock, revoked):
    exchange = Exchange(symbols=["BTCUSDT", "BNBBTC"], start=START)
    return Accounts(exchange, clock, is_revoked=revoked.__contains__, key_life=60.0)


@pytest.fixture
def account(accounts):
    return accounts.account_of_key(api_keys.HMAC_KEY)


def test_every_documented_key_has_an_account_of_its_own(accounts):
    found = [accounts.account_of_key(key) for key in api_keys.documented_keys()]
    assert len({account.uid for account in found}) == 3
    assert found[0].wallet() is not found[1].wallet()
    assert found[0].wallet() is found[0].wallet()
    assert found[0].wallet() is not found[0].wallet("margin")
    assert found[0].wallet().balance("USDT").free == 1_000_000 * 10**8
    assert set(found[0].wallet().balances) == {"BNB", "BTC", "USDT"}


@pytest.mark.parametrize(
    ("key", "code"), [("", -2014), ("short", -2014), ("!" * 64, -2014), ("X" * 64, -2015)]
)
def test_keys_that_are_none(accounts, key, code):
    with pytest.raises(ApiError) as caught:
        accounts.account_of_key(key)
    assert (caught.value.code, caught.value.status) == (code, 401)


def test_a_key_can_be_revoked(accounts, revoked):
    revoked.add(api_keys.HMAC_KEY)
    with pytest.raises(ApiError) as caught:
        accounts.account_of_key(api_keys.HMAC_KEY)
    assert caught.value.code == -2015
    assert accounts.account_of_key(api_keys.RSA_KEY)


def test_requests_get_one_listen_key_that_lives_while_it_is_extended(accounts, account, clock):
    first = accounts.make_listen_key(account, "spot")
    clock.now += 50_000
    assert accounts.make_listen_key(account, "spot") is first
    clock.now += 50_000
    assert accounts.extend_listen_key(account, "spot", first.text) is first
    clock.now += 60_000
    for call in (accounts.extend_listen_key, accounts.delete_listen_key):
        with pytest.raises(ApiError) as caught:
            call(account, "spot", first.text)
        assert caught.value.code == -1125
    second = accounts.make_listen_key(account, "spot")
    assert second.text != first.text
    assert accounts.find_listen_key(first.text) is first  # it opens, and stays silent
    assert accounts.find_listen_key("btcusdt@trade") is None
    assert accounts.counts["listen_keys_made"] == 2


def test_somebody_elses_listen_key_is_unknown(accounts, account):
    mine = accounts.make_listen_key(account, "spot")
    other = accounts.account_of_key(api_keys.RSA_KEY)
    with pytest.raises(ApiError):
        accounts.extend_listen_key(other, "spot", mine.text)
    with pytest.raises(ApiError):
        accounts.extend_listen_key(account, "usdm", mine.text)


def test_a_listen_key_that_is_deleted_is_gone_for_all(accounts, account):
    key = accounts.make_listen_key(account, "spot")
    accounts.delete_listen_key(account, "spot", key.text)
    assert accounts.make_listen_key(account, "spot") is not key
    assert accounts.counts["listen_keys_deleted"] == 1


def test_all_listen_keys_can_end(accounts, account):
    key = accounts.make_listen_key(account, "usdm")
    accounts.end_listen_keys()
    with pytest.raises(ApiError):
        accounts.extend_listen_key(account, "usdm", None)
    assert accounts.make_listen_key(account, "usdm") is not key


def test_tokens_live_for_as_long_as_was_asked(accounts, account, clock):
    token = accounts.make_listen_token(account.wallet("margin"), 5_000)
    assert token.expires == clock.now + 5_000
    assert accounts.live_token(token.text).wallet is account.wallet("margin")
    clock.now += 5_000
    with pytest.raises(ApiError) as caught:
        accounts.live_token(token.text)
    assert caught.value.code == -1209
    assert accounts.make_listen_token(account.wallet(), None).expires == clock.now + TOKEN_LIFE
    assert (
        accounts.make_listen_token(account.wallet(), 10 * TOKEN_LIFE).expires
        == clock.now + TOKEN_LIFE
    )
    with pytest.raises(ApiError):
        accounts.live_token("unheard of")


def test_the_same_seed_gives_the_same_keys(clock):
    def first(seed):
        exchange = Exchange(symbols=["BTCUSDT"], start=START)
        accounts = Accounts(exchange, clock, seed=seed)
        return accounts.make_listen_key(accounts.account_of_key(api_keys.HMAC_KEY), "spot").text

    assert first(1) == first(1) != first(2)
    assert len(first(1)) == 64
