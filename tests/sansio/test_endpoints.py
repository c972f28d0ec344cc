"""The address table and what overrides it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.names import endpoints
from binance.sansio.names.endpoints import MARKETS, VARIABLES, alternatives, resolve

PRODUCTION = {
    "rest": "https://api.binance.com",
    "stream": "wss://stream.binance.com:9443",
    "ws_api": "wss://ws-api.binance.com:443/ws-api/v3",
    "fapi": "https://fapi.binance.com",
    "fstream": "wss://fstream.binance.com",
    "dapi": "https://dapi.binance.com",
    "dstream": "wss://dstream.binance.com",
    "ws_dapi": "wss://ws-dapi.binance.com/ws-dapi/v1",
    "eapi": "https://eapi.binance.com",
    "estream": "wss://fstream.binance.com",
    "margin_stream": "wss://margin-stream.binance.com",
    "papi": "https://papi.binance.com",
}


def test_production_is_the_default():
    found = resolve({})
    assert {field: getattr(found, field) for field in PRODUCTION} == PRODUCTION
    assert found.environment == "production"
    assert found.ca_file is None
    assert found.given == frozenset()


@pytest.mark.parametrize(
    ("env", "arguments", "environment", "rest", "stream"),
    [
        (
            {},
            {"testnet": True},
            "testnet",
            "https://testnet.binance.vision",
            "wss://stream.testnet.binance.vision",
        ),
        (
            {},
            {"demo": True},
            "demo",
            "https://demo-api.binance.com",
            "wss://demo-stream.binance.com",
        ),
        ({}, {"tld": "us"}, "us", "https://api.binance.us", "wss://stream.binance.us:9443"),
        ({}, {"tld": "US"}, "us", "https://api.binance.us", "wss://stream.binance.us:9443"),
        ({}, {"tld": "tr"}, "tr", "https://www.binance.tr", "wss://stream-cloud.binance.tr"),
        ({}, {"tld": "je"}, "je", "https://api.binance.je", "wss://stream.binance.je:9443"),
        (
            {"BINANCE_ENV": "testnet"},
            {},
            "testnet",
            "https://testnet.binance.vision",
            "wss://stream.testnet.binance.vision",
        ),
        (
            {"BINANCE_ENV": " US "},
            {},
            "us",
            "https://api.binance.us",
            "wss://stream.binance.us:9443",
        ),
        (
            {"BINANCE_ENV": "demo"},
            {"testnet": True},
            "demo",
            "https://demo-api.binance.com",
            "wss://demo-stream.binance.com",
        ),
        (
            {"BINANCE_ENV": "production"},
            {"tld": "us"},
            "production",
            "https://api.binance.com",
            "wss://stream.binance.com:9443",
        ),
        (
            {"BINANCE_ENV": ""},
            {"demo": True},
            "demo",
            "https://demo-api.binance.com",
            "wss://demo-stream.binance.com",
        ),
        (
            {"BINANCE_ENV": "us", "BINANCE_STREAM_URL": "wss://localhost:8443/"},
            {},
            "us",
            "https://api.binance.us",
            "wss://localhost:8443",
        ),
        (
            {
                "BINANCE_API_URL": "https://localhost:8443",
                "BINANCE_STREAM_URL": "wss://localhost:8443",
            },
            {"testnet": True},
            "testnet",
            "https://localhost:8443",
            "wss://localhost:8443",
        ),
    ],
)
def test_order_of_precedence(env, arguments, environment, rest, stream):
    found = resolve(env, **arguments)
    assert (found.environment, found.rest, found.stream) == (environment, rest, stream)


@pytest.mark.parametrize("field", VARIABLES)
def test_each_variable_overrides_its_address_alone(field: str):
    socket = "stream" in field or field.startswith("ws_")
    url = (
        ("wss" if socket else "https")
        + "://localhost:8443"
        + ("/path/v3" if "ws_" in field else "")
    )
    found, usual = resolve({VARIABLES[field]: url + "/"}), resolve({})
    assert getattr(found, field) == url
    assert field in found.given
    others = set(VARIABLES) - found.given
    assert {name: getattr(found, name) for name in others} == {
        name: getattr(usual, name) for name in others
    }


def test_spots_rest_has_further_addresses():
    table = resolve({}, base="2")
    assert (table.rest, table.fapi) == ("https://api2.binance.com", "https://fapi.binance.com")


@pytest.mark.parametrize(
    ("env", "arguments"),
    [
        ({}, {"base": "5"}),
        ({}, {"base": "1", "tld": "us"}),
        ({}, {"base": "1", "testnet": True}),
        ({"BINANCE_API_URL": "https://localhost:8443"}, {"base": "1"}),
    ],
)
def test_nothing_else_has_them(env, arguments):
    with pytest.raises(ValueError, match=r"only https://api\.binance\.com has further addresses"):
        resolve(env, **arguments)


def test_streams_of_the_same_host_move_together():
    found = resolve({"BINANCE_FSTREAM_URL": "wss://localhost:1"})
    assert (found.estream, found.pm_stream) == ("wss://localhost:1", "wss://localhost:1/pm")
    found = resolve(
        {"BINANCE_FSTREAM_URL": "wss://localhost:1", "BINANCE_ESTREAM_URL": "wss://localhost:2"}
    )
    assert (found.fstream, found.estream) == ("wss://localhost:1", "wss://localhost:2")


def test_ca_file():
    assert resolve({"BINANCE_CA_FILE": "/tmp/ca.pem"}).ca_file == "/tmp/ca.pem"
    assert resolve({"BINANCE_CA_FILE": " "}).ca_file is None


def test_no_environment_reaches_production():
    for environment, field in itertools.product(("testnet", "demo", "us", "data"), VARIABLES):
        assert getattr(resolve({"BINANCE_ENV": environment}), field) != getattr(resolve({}), field)


def test_what_an_environment_lacks_is_said():
    demo = resolve({}, demo=True)
    assert demo.eapi == ""
    with pytest.raises(
        ValueError, match="demo has no eapi address; set BINANCE_EAPI_URL to use one"
    ):
        demo.require("eapi")
    assert demo.require("rest") == "https://demo-api.binance.com"


@pytest.mark.parametrize(
    ("environment", "rest", "stream", "ws_api"),
    [
        ("production", "dapi", "dstream", "ws-dapi.binance.com"),
        ("testnet", "testnet", "dstream", "testnet.binancefuture.com"),
        ("demo", "demo-dapi", "demo-dstream", "testnet.binancefuture.com"),
    ],
)
def test_coin_m_has_addresses_in_each_environment_that_has_it(environment, rest, stream, ws_api):
    found = resolve({"BINANCE_ENV": environment})
    assert found.dapi.startswith(f"https://{rest}.binance")
    assert found.dstream.startswith(f"wss://{stream}.binance")
    assert found.ws_dapi == f"wss://{ws_api}/ws-dapi/v1"


def test_the_environment_of_market_data_has_streams_and_rest_of_spot_alone():
    data = resolve({"BINANCE_ENV": "data"})
    assert data.require("rest") == "https://data-api.binance.vision"
    assert data.stream_of("spot") == "wss://data-stream.binance.vision"
    assert {field for field in VARIABLES if getattr(data, field)} == {"rest", "stream"}
    with pytest.raises(ValueError, match="data has no ws_api address"):
        data.require("ws_api")


def test_streams_by_market():
    found = resolve({})
    assert [found.stream_of(market) for market in MARKETS] == [
        "wss://stream.binance.com:9443",
        "wss://fstream.binance.com",
        "wss://dstream.binance.com",
        "wss://fstream.binance.com",
    ]
    with pytest.raises(ValueError, match="unknown market 'margin'; allowed are spot, usdm"):
        found.stream_of("margin")
    with pytest.raises(ValueError, match="us has no fstream address; set BINANCE_FSTREAM_URL"):
        resolve({}, tld="us").stream_of("usdm")


def test_only_us_still_serves_what_production_retired():
    for env, legacy in {"production": False, "testnet": False, "demo": False, "us": True}.items():
        found = resolve({"BINANCE_ENV": env})
        assert found.serves_listen_keys == legacy


@pytest.mark.parametrize(
    ("variable", "url", "message"),
    [
        (
            "BINANCE_API_URL",
            "localhost:8443",
            "does not begin with https:// or http://; give a URL such as https://localhost:8443",
        ),
        ("BINANCE_API_URL", "wss://localhost:8443", "does not begin with https:// or http://"),
        ("BINANCE_STREAM_URL", "https://localhost:8443", "does not begin with wss:// or ws://"),
        ("BINANCE_STREAM_URL", "wss://", "has no valid host"),
        ("BINANCE_FSTREAM_URL", "nats://relay:4222", "does not begin with wss:// or ws://"),
        ("BINANCE_API_URL", "nats://relay:4222", "does not begin with https:// or http://"),
        ("BINANCE_STREAM_URL", "wss://:8443", "has no valid host"),
        ("BINANCE_STREAM_URL", "wss://local host:8443", "has no valid host"),
        ("BINANCE_STREAM_URL", "wss://localhost:0", "has no valid host"),
        ("BINANCE_STREAM_URL", "wss://localhost:port", "is no URL (bad host or port)"),
        ("BINANCE_STREAM_URL", "wss://localhost:99999", "is no URL"),
        ("BINANCE_STREAM_URL", "wss://[::1", "is no URL"),
        (
            "BINANCE_STREAM_URL",
            "wss://localhost:8443/ws",
            "ends in '/ws', which the library adds itself",
        ),
        ("BINANCE_STREAM_URL", "wss://localhost:8443/stream/", "ends in '/stream'"),
        ("BINANCE_STREAM_URL", "wss://localhost:8443?a=b", "contains a query or fragment"),
        (
            "BINANCE_API_URL",
            "https://localhost:8443/api",
            "ends in '/api', which the library adds itself",
        ),
        ("BINANCE_API_URL", "https://localhost:8443/api/v3", "ends in '/api/v3'"),
        ("BINANCE_FAPI_URL", "https://localhost:8443/fapi", "ends in '/fapi'"),
        ("BINANCE_FSTREAM_URL", "wss://localhost:8443/market", "ends in '/market'"),
        (
            "BINANCE_WS_API_URL",
            "wss://localhost:8443",
            "has no path; give a URL such as wss://localhost:8443/ws-api/v3",
        ),
    ],
)
def test_unusable_urls_are_refused_with_what_is_wrong(variable, url, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        resolve({variable: url})
    assert str(caught.value).startswith(variable)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["https://me:hunter2@localhost", "me:hunter2@localhost:1", "https://me:1#hunter2@localhost"],
)
def test_a_password_in_a_url_is_refused_and_not_repeated(url):
    with pytest.raises(ValueError, match="contains a user name or password") as caught:
        resolve({"BINANCE_API_URL": url})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("env", "arguments", "message"),
    [
        (
            {"BINANCE_ENV": "mainnet"},
            {},
            "BINANCE_ENV is 'mainnet'; allowed are production, testnet, demo, us, data",
        ),
        ({}, {"testnet": True, "demo": True}, "testnet and demo exclude each other"),
        ({}, {"tld": ""}, "tld '' is no domain ending"),
        ({}, {"tld": "com/evil"}, "tld 'com/evil' is no domain ending"),
        ({}, {"tld": "com\n"}, "is no domain ending"),
        ({}, {"tld": None}, "tld None is no domain ending"),
    ],
)
def test_bad_choices_are_refused(env, arguments, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        resolve(env, **arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("url", "both"),
    [
        (
            "wss://stream.binance.com:9443",
            ("wss://stream.binance.com:9443", "wss://stream.binance.com:443"),
        ),
        (
            "wss://stream.binance.com:9443/ws/a@trade",
            ("wss://stream.binance.com:9443/ws/a@trade", "wss://stream.binance.com:443/ws/a@trade"),
        ),
        (
            "wss://stream.binance.com:443/stream?streams=a/b",
            (
                "wss://stream.binance.com:443/stream?streams=a/b",
                "wss://stream.binance.com:9443/stream?streams=a/b",
            ),
        ),
        (
            "wss://stream.testnet.binance.vision",
            ("wss://stream.testnet.binance.vision", "wss://stream.testnet.binance.vision:9443"),
        ),
        (
            "wss://demo-stream.binance.com/",
            ("wss://demo-stream.binance.com/", "wss://demo-stream.binance.com:9443/"),
        ),
        (
            "wss://ws-api.binance.com:443/ws-api/v3",
            ("wss://ws-api.binance.com:443/ws-api/v3", "wss://ws-api.binance.com:9443/ws-api/v3"),
        ),
    ],
)
def test_built_in_spot_addresses_are_tried_on_both_ports(url, both):
    assert alternatives(url) == both
    assert alternatives(url, given=True) == (url,)


@pytest.mark.parametrize(
    "url",
    [
        "wss://localhost:9443",
        "ws://stream.binance.com:9443",
        "wss://stream.binance.com:8443",
        "wss://stream.binance.us:9443",
        "wss://fstream.binance.com",
        "wss://my-proxy.example:443/ws/a@trade",
    ],
)
def test_other_addresses_are_tried_as_they_are(url: str):
    assert alternatives(url) == (url,)


def test_the_environment_of_an_address():
    assert endpoints.environment_of("wss://stream.binance.us:9443/") == "us"
    assert endpoints.environment_of("wss://stream.binance.com:443") == "production"
    assert endpoints.environment_of("wss://stream.testnet.binance.vision/ws/") == "testnet"
    assert endpoints.environment_of("wss://localhost:1") is None
    assert endpoints.environment_of("nonsense") is None


@pytest.mark.parametrize(
    ("env", "fields", "rest_url", "found"),
    [
        ({}, ("ws_api", "rest"), "https://api.binance.com/api", "production"),
        ({}, ("ws_api", "rest"), "https://api1.binance.com/api", "production"),
        ({}, ("ws_api", "rest"), "https://api-gcp.binance.com/api", "production"),
        ({}, ("ws_api", "rest"), "https://testnet.binance.vision/api/", "testnet"),
        ({}, ("ws_api", "rest"), "https://api.binance.us/api", "us"),
        ({}, ("ws_api", "rest"), "https://data-api.binance.vision/api", "BINANCE_WS_API_URL"),
        ({}, ("ws_api", "rest"), "http://u:hidden@localhost:8000/api", "BINANCE_WS_API_URL"),
        ({}, ("ws_fapi", "fapi"), "https://demo-fapi.binance.com/fapi", "demo"),
        ({}, ("ws_fapi", "fapi"), "http://localhost:8000/fapi", "BINANCE_WS_FAPI_URL"),
        ({}, ("ws_dapi", "dapi"), "https://testnet.binancefuture.com/dapi", "testnet"),
        ({}, ("ws_dapi", "dapi"), "http://localhost:8000/dapi", "BINANCE_WS_DAPI_URL"),
        ({"BINANCE_ENV": "testnet"}, ("ws_api", "rest"), "https://api.binance.com", "production"),
        (
            {"BINANCE_API_URL": "https://localhost:1"},
            ("ws_api", "rest"),
            "https://localhost:1/api",
            "BINANCE_WS_API_URL",
        ),
    ],
)
def test_the_web_socket_api_beside_a_rest_address(env, fields, rest_url, found):
    table, (field, _) = resolve(env), fields
    if found in endpoints.ENVIRONMENTS:
        known = resolve({"BINANCE_ENV": found}).require(field)
        assert endpoints.ws_api_of(table, *fields, rest_url) == known
    else:
        with pytest.raises(ValueError, match=found) as refused:
            endpoints.ws_api_of(table, *fields, rest_url)
        assert "hidden" not in str(refused.value)
    given = resolve(env | {"BINANCE_WS_API_URL": "wss://a/b", "BINANCE_WS_FAPI_URL": "wss://a/b"})
    if field != "ws_dapi":
        assert endpoints.ws_api_of(given, *fields, rest_url) == "wss://a/b"


def test_the_web_socket_api_of_another_region_is_its_own():
    table = resolve({}, tld="jp")
    url = endpoints.ws_api_of(table, "ws_api", "rest", "https://api.binance.jp/api")
    assert url == "wss://ws-api.binance.jp:443/ws-api/v3"


def test_the_rest_address_beside_a_host_of_market_data_alone():
    rest = "https://data-api.binance.vision"
    assert endpoints.market_data_rest("wss://data-stream.binance.vision:9443/") == rest
    assert endpoints.market_data_rest("wss://stream.binance.com:9443/") is None
    assert endpoints.market_data_rest("nonsense") is None


def test_prefixes():
    assert endpoints.prefix() == "ws/"
    assert endpoints.prefix(combined=True) == "stream?"
    assert endpoints.prefix("coinm") == "ws/"
    assert endpoints.prefix("usdm", category="market") == "market/ws/"
    assert endpoints.prefix("options", category="public", combined=True) == "public/stream?"
    with pytest.raises(
        ValueError, match="category '' not allowed on usdm; allowed: 'public' or 'market'"
    ):
        endpoints.prefix("usdm")
    with pytest.raises(ValueError, match="category 'public' not allowed on spot; allowed: none"):
        endpoints.prefix("spot", category="public")


def test_with_slash():
    assert endpoints.with_slash("wss://a") == "wss://a/"
    assert endpoints.with_slash("wss://a/") == "wss://a/"


@given(st.sampled_from(sorted(VARIABLES)), st.text(max_size=30))
def test_any_text_in_a_variable_is_used_or_refused_by_name(field: str, text: str):
    try:
        found = resolve({VARIABLES[field]: text})
    except ValueError as error:
        assert str(error).startswith(VARIABLES[field])  # noqa: PT017
    else:
        assert not text.strip() or "://" in getattr(found, field)
