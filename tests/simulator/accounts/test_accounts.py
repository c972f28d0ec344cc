"""Accounts, listen keys and listen tokens: whose they are, and how long they live."""

import pytest

from binance.simulator.accounts import api_keys
from binance.simulator.accounts.accounts import TOKEN_LIFE, Registry
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
def registry(clock, revoked):
    exchange = Exchange(symbols=["BTCUSDT", "BNBBTC"], start=START)
    return Registry(exchange, clock, refused=revoked.__contains__, key_life=60.0)


@pytest.fixture
def account(registry):
    return registry.of_key(api_keys.HMAC_KEY)


def test_every_documented_key_has_an_account_of_its_own(registry):
    found = [registry.of_key(key) for key in api_keys.documented()]
    assert len({account.uid for account in found}) == 3
    assert found[0].wallet() is not found[1].wallet()
    assert found[0].wallet() is found[0].wallet()
    assert found[0].wallet() is not found[0].wallet("margin")
    assert found[0].wallet().balance("USDT").free == 1_000_000 * 10**8
    assert set(found[0].wallet().balances) == {"BNB", "BTC", "USDT"}


@pytest.mark.parametrize(
    ("key", "code"), [("", -2014), ("short", -2014), ("!" * 64, -2014), ("X" * 64, -2015)]
)
def test_keys_that_are_none(registry, key, code):
    with pytest.raises(ApiError) as caught:
        registry.of_key(key)
    assert (caught.value.code, caught.value.status) == (code, 401)


def test_a_key_can_be_revoked(registry, revoked):
    revoked.add(api_keys.HMAC_KEY)
    with pytest.raises(ApiError) as caught:
        registry.of_key(api_keys.HMAC_KEY)
    assert caught.value.code == -2015
    assert registry.of_key(api_keys.RSA_KEY)


def test_a_listen_key_is_one_for_all_who_ask_and_lives_while_it_is_kept(registry, account, clock):
    first = registry.make_key(account, "spot")
    clock.now += 50_000
    assert registry.make_key(account, "spot") is first
    clock.now += 50_000
    assert registry.prolong_key(account, "spot", first.text) is first
    clock.now += 60_000
    for call in (registry.prolong_key, registry.delete_key):
        with pytest.raises(ApiError) as caught:
            call(account, "spot", first.text)
        assert caught.value.code == -1125
    second = registry.make_key(account, "spot")
    assert second.text != first.text
    assert registry.find_key(first.text, "spot") is first  # it opens, and stays silent
    assert registry.find_key("btcusdt@trade", "spot") is None
    assert registry.find_key(first.text, "usdm") is None
    assert registry.counts["listen_keys_made"] == 2


def test_somebody_elses_listen_key_is_unknown(registry, account):
    mine = registry.make_key(account, "spot")
    other = registry.of_key(api_keys.RSA_KEY)
    with pytest.raises(ApiError):
        registry.prolong_key(other, "spot", mine.text)
    with pytest.raises(ApiError):
        registry.prolong_key(account, "usdm", mine.text)


def test_a_listen_key_that_is_deleted_is_gone_for_all(registry, account):
    key = registry.make_key(account, "spot")
    registry.delete_key(account, "spot", key.text)
    assert registry.make_key(account, "spot") is not key
    assert registry.counts["listen_keys_deleted"] == 1


def test_all_listen_keys_can_end(registry, account):
    key = registry.make_key(account, "usdm")
    registry.end_keys()
    with pytest.raises(ApiError):
        registry.prolong_key(account, "usdm", None)
    assert registry.make_key(account, "usdm") is not key


def test_tokens_live_for_as_long_as_was_asked(registry, account, clock):
    token = registry.make_token(account.wallet("margin"), 5_000)
    assert token.ends == clock.now + 5_000
    assert registry.token(token.text).wallet is account.wallet("margin")
    clock.now += 5_000
    with pytest.raises(ApiError) as caught:
        registry.token(token.text)
    assert caught.value.code == -1209
    assert registry.make_token(account.wallet(), None).ends == clock.now + TOKEN_LIFE
    assert registry.make_token(account.wallet(), 10 * TOKEN_LIFE).ends == clock.now + TOKEN_LIFE
    with pytest.raises(ApiError):
        registry.token("unheard of")


def test_the_same_seed_gives_the_same_keys(clock):
    def first(seed):
        exchange = Exchange(symbols=["BTCUSDT"], start=START)
        registry = Registry(exchange, clock, seed=seed)
        return registry.make_key(registry.of_key(api_keys.HMAC_KEY), "spot").text

    assert first(1) == first(1) != first(2)
    assert len(first(1)) == 64
