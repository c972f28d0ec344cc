"""Where a socket connects: base URLs to try, and what an account's client changes about it."""

import pytest

from binance.sansio.names.endpoints import of_client, resolve
from binance.sansio.names.sites import Site, site

PRODUCTION = resolve({})
DATA_ONLY = "wss://data-stream.binance.vision:9443"


@pytest.mark.parametrize(
    ("table", "market", "own", "bases", "is_given"),
    [
        (
            PRODUCTION,
            "spot",
            None,
            ("wss://stream.binance.com:9443/", "wss://stream.binance.com:443/"),
            False,
        ),
        (PRODUCTION, "usdm", None, ("wss://fstream.binance.com/",), False),
        (PRODUCTION, "spot", "wss://mine:1", ("wss://mine:1/",), True),
        (
            resolve({"BINANCE_STREAM_URL": "wss://localhost:8443/"}),
            "spot",
            None,
            ("wss://localhost:8443/",),
            True,
        ),
    ],
)
def test_the_base_urls_of_a_market(table, market, own, bases, is_given):
    found = site(table, market, own)
    assert (found.table, found.bases, found.is_given) == (table, bases, is_given)
    assert site(table, market, own) is found


def test_a_market_that_an_environment_lacks_is_refused_again_and_again():
    for _ in range(2):
        with pytest.raises(ValueError, match="demo has no estream address"):
            site(resolve({}, demo=True), "options")


def test_a_client_of_the_same_environment_keeps_the_base_url_and_one_of_another_does_not():
    own = site(PRODUCTION, "spot", "wss://mine:1")
    api = resolve({"BINANCE_WS_API_URL": "wss://api:1/ws-api/v3"})
    assert own.with_account_of(api) == Site(api, ("wss://mine:1/",), is_given=True)
    american = resolve({}, tld="us")
    assert own.with_account_of(american) == Site(american, ("wss://stream.binance.us:9443/",))


@pytest.mark.parametrize(
    ("tld", "own", "has"),
    [
        ("com", None, False),
        ("us", None, True),
        ("com", "wss://stream.binance.us:9443", True),
        ("us", "wss://stream.binance.com:9443", False),
        ("us", "wss://localhost:1", True),
    ],
)
def test_the_host_says_whether_retired_streams_live_or_else_the_environment(tld, own, has):
    assert site(resolve({}, tld=tld), "spot", own).has_retired_streams is has


def test_symbols_are_listed_by_rest_where_the_web_socket_api_is_refused():
    assert site(PRODUCTION, "spot").listing is None
    assert site(PRODUCTION, "spot", DATA_ONLY).listing == "https://data-api.binance.vision"
    data = resolve({"BINANCE_ENV": "data"})
    for own in (None, "wss://mine:1"):
        assert site(data, "spot", own).listing == "https://data-api.binance.vision"
    given = resolve({"BINANCE_WS_API_URL": "wss://api:1/ws-api/v3"})
    assert site(given, "spot", DATA_ONLY).listing is None
    assert site(given, "spot").ws_apis == ("wss://api:1/ws-api/v3",)
    assert len(site(PRODUCTION, "spot").ws_apis) == 2


@pytest.mark.parametrize(
    ("client", "environment"),
    [
        (None, "production"),
        (object(), "production"),
        (type("Client", (), {"tld": "us"}), "us"),
        (type("Client", (), {"tld": 7, "testnet": "yes"}), "production"),
        (type("Client", (), {"testnet": True}), "testnet"),
        (type("Client", (), {"demo": True}), "demo"),
    ],
)
def test_any_object_may_be_a_client(client, environment):
    assert of_client({}, client).environment == environment
