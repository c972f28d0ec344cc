"""The server as clients meet it: real sockets, one simulator for all tests of the module."""

import json
import socket
import ssl
import sys
import time
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from twisted.internet.testing import MemoryReactorClock

from binance.simulator.market.exchange import Exchange
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.server import SimulatorServer
from tests.pace import paced

DEADLINE = paced(30.0)
START = 1_700_000_000_000

pytestmark = pytest.mark.loopback


def closed_with(client):
    """How the server closes a connection: events before that are passed over."""
    try:
        while True:
            client.text()
    except ConnectionError as error:
        return str(error)


# where it listens


def test_it_listens_on_loopback_alone_also_after_it_refused():
    """A stranger's machine, and another address of this one, never reach it."""
    reactor = MemoryReactorClock()
    state = SimulatorState(
        Exchange(symbols=1, start=START), lambda: START + int(reactor.seconds() * 1000)
    )
    server = SimulatorServer(reactor, state)
    server.start()
    main = {"127.0.0.1", "::1"}
    assert [each[3] for each in reactor.tcpServers] == ["127.0.0.1", "::1", "127.0.0.1"]
    server.order_fault({"kind": "refuse", "seconds": 1.0})
    for _ in range(60):
        reactor.advance(0.02)
    assert len(reactor.tcpServers) == 5
    assert {each[3] for each in reactor.tcpServers} == main
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only there is all of 127/8 this machine")
def test_another_address_of_this_machine_does_not_reach_it(simulator):
    ports = [urlsplit(simulator.urls[name]).port for name in ("http", "control")]
    for port in ports:
        socket.create_connection(("127.0.0.1", port), DEADLINE).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), DEADLINE)


# streams


def test_a_raw_connection_gets_payloads(simulator, connect):
    got = connect(simulator, "/ws/btcusdt@trade").json()
    assert (got["e"], got["s"]) == ("trade", "BTCUSDT")
    assert abs(got["T"] - time.time() * 1000) < 5_000


def test_a_combined_connection_gets_envelopes(simulator, connect):
    client = connect(simulator, "/stream?streams=btcusdt@trade/ethusdt@bookTicker")
    seen = {client.json()["stream"] for _ in range(40)}
    assert seen == {"btcusdt@trade", "ethusdt@bookTicker"}


def test_names_beyond_ascii_and_with_a_plus(start, connect):
    simulator = start(symbols=["币安人生USDT"], rate=50)
    name = "币安人生usdt@kline_1m@+08:00"
    client = connect(
        simulator, "/stream?streams=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9Fusdt@kline_1m@+08:00"
    )
    got = client.json()
    assert (got["stream"], got["data"]["s"]) == (name, "币安人生USDT")


def test_microseconds_on_request(simulator, connect):
    got = connect(simulator, "/ws/btcusdt@trade?timeUnit=MICROSECOND").json()
    assert abs(got["T"] / 1e6 - time.time()) < 5


def test_live_subscriptions(simulator, connect):
    client = connect(simulator, "/ws")
    names = ["btcusdt@trade", "nosuchusdt@trade"]
    assert client.ask({"method": "SUBSCRIBE", "params": names, "id": 1}) == {
        "result": None,
        "id": 1,
    }
    assert client.until(lambda each: each.get("e") == "trade")["s"] == "BTCUSDT"
    listed = client.ask({"method": "LIST_SUBSCRIPTIONS", "id": "two"})
    assert listed == {"result": names, "id": "two"}
    assert (
        client.ask({"method": "GET_PROPERTY", "params": ["combined"], "id": 3})["result"] is False
    )
    asked = {"method": "SET_PROPERTY", "params": ["combined", True], "id": 4}
    assert client.ask(asked) == {"result": None, "id": 4}
    assert client.json()["stream"] == "btcusdt@trade"


def test_after_unsubscribe_nothing_comes(simulator, connect):
    client = connect(simulator, "/ws/btcusdt@trade/ethusdt@trade")
    client.json()
    client.ask({"method": "UNSUBSCRIBE", "params": ["btcusdt@trade"], "id": 1})
    assert {client.json()["s"] for _ in range(10)} == {"ETHUSDT"}


@pytest.mark.parametrize("shape", ["wrapped", "bare"])
def test_errors_leave_the_socket_open(start, connect, shape):
    client = connect(start(symbols=2, error_shape=shape), "/ws")
    got = client.ask({"method": "FOO", "id": 7})
    error = got if shape == "bare" else got["error"]
    assert error["code"] == 2
    assert ("id" in got) == (shape == "wrapped")
    assert client.ask({"method": "LIST_SUBSCRIPTIONS", "id": 8}) == {"result": [], "id": 8}


def test_unknown_streams_are_acknowledged_and_silent(simulator, connect):
    client = connect(simulator, "/stream?streams=BTCUSDT@trade/!ticker@arr/btcusdt@depth5")
    assert {client.json()["stream"] for _ in range(2)} == {"btcusdt@depth5"}
    assert len(client.ask({"method": "LIST_SUBSCRIPTIONS", "id": 1})["result"]) == 3


def test_usdm_streams_have_events_on_their_own_path_only(simulator, connect):
    right = connect(simulator, "/market/stream?streams=btcusdt@aggTrade")
    assert right.json()["data"]["st"] == 1
    wrong = connect(simulator, "/public/ws/btcusdt@aggTrade/btcusdt@depth@100ms")
    assert {wrong.json()["e"] for _ in range(5)} == {"depthUpdate"}
    old = connect(simulator, "/ws/btcusdt@markPrice")
    assert old.ask({"method": "LIST_SUBSCRIPTIONS", "id": 1})["result"] == ["btcusdt@markPrice"]


def test_coin_m_streams_have_an_address_without_paths(simulator, connect):
    right = connect(simulator, "/coinm/stream?streams=btcusd_perp@aggTrade")
    assert right.json()["data"]["st"] == 2
    depth = connect(simulator, "/coinm/ws/btcusd_perp@depth@100ms")
    assert {(each["e"], each["ps"]) for each in (depth.json() for _ in range(3))} == {
        ("depthUpdate", "BTCUSD")
    }
    moved = connect(simulator, "/market/ws/btcusd@markPrice@1s")
    assert {each["s"] for each in moved.json()} >= {"BTCUSD_PERP"}


def test_two_connections_get_the_same_events(simulator, connect):
    one = connect(simulator, "/ws/btcusdt@trade")
    other = connect(simulator, "/stream?streams=btcusdt@trade")
    first = other.json()["data"]
    heard = one.until(lambda each: each["t"] == first["t"])
    assert heard == first
    assert one.json() == other.json()["data"]


# REST and the WebSocket API


def test_the_snapshot_and_the_diffs_are_one_book(simulator, connect, get):
    client = connect(simulator, "/ws/btcusdt@depth@100ms")
    first = client.json()
    _, _, snapshot = get(simulator, "/api/v3/depth?symbol=BTCUSDT&limit=5000")
    events = [first]
    while events[-1]["u"] <= snapshot["lastUpdateId"]:
        events.append(client.json())
    left = [each for each in events if each["u"] > snapshot["lastUpdateId"]]
    assert left[0]["U"] <= snapshot["lastUpdateId"] + 1 <= left[0]["u"]
    assert all(after["U"] == before["u"] + 1 for before, after in pairwise(events))


def test_trades_by_rest_and_by_stream_are_the_same(simulator, connect, get):
    client = connect(simulator, "/ws/ethusdt@trade")
    streamed = [client.json() for _ in range(10)]
    target = f"/api/v3/historicalTrades?symbol=ETHUSDT&fromId={streamed[0]['t']}&limit=10"
    _, _, asked = get(simulator, target)
    assert [(each["t"], each["p"], each["q"], each["T"], each["m"]) for each in streamed] == [
        (each["id"], each["price"], each["qty"], each["time"], each["isBuyerMaker"])
        for each in asked
    ]


def go_too_far(simulator, get):
    """Use up the minute's weight and go on until the answer is another; that answer."""
    status = 200
    while status == 200:
        status, headers, body = get(simulator, "/api/v3/depth?symbol=BTCUSDT&limit=500")
    assert (status, body["code"]) == (429, -1003)
    assert 0 < int(headers["Retry-After"]) <= 60
    while status == 429:
        status, headers, body = get(simulator, "/api/v3/ping")
    return status, headers, body


def test_headers_contain_the_used_weight(start, get):
    simulator = start(symbols=2, weight=100)
    status, headers, body = get(simulator, "/api/v3/depth?symbol=BTCUSDT&limit=500")
    assert (status, headers["X-MBX-USED-WEIGHT-1M"]) == (200, "25")
    assert len(body["bids"]) == 500
    status, headers, body = go_too_far(simulator, get)
    if status == 200:  # a minute has just begun
        status, headers, body = go_too_far(simulator, get)
    assert (status, body["code"]) == (418, -1003)
    assert int(headers["Retry-After"]) > 60
    assert simulator.stats()["violations"]["weight"] >= 1


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("/api/v3/depth", 400, -1102),
        ("/api/v3/depth?symbol=XYZ", 400, -1121),
        ("/api/v3/depth?symbol=btcusdt", 400, -1100),
        ("/api/v3/depth?symbol=BTCUSDT&limit=x", 400, -1100),
        ("/api/v3/depth?symbol=BTCUSDT&foo=1", 400, -1104),
        ("/api/v3/klines?symbol=BTCUSDT&interval=7m", 400, -1120),
    ],
)
def test_errors_have_the_exchange_s_codes(simulator, get, target, status, code):
    found, _, body = get(simulator, target)
    assert (found, body["code"]) == (status, code)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/api/v3/userDataStream"),
        ("PUT", "/api/v3/userDataStream"),
        ("GET", "/api/v1/ping"),
        ("POST", "/sapi/v1/userDataStream/isolated"),
    ],
)
def test_retired_calls_are_gone(simulator, get, method, target):
    status, headers, body = get(simulator, target, method)
    assert (status, headers.get_content_type()) == (410, "text/html")
    assert b"<html>" in body


def test_what_there_never_was(simulator, get):
    assert get(simulator, "/api/v3/nothing")[0] == 404
    assert get(simulator, "/api/v3/ping", "POST")[0] == 405


def test_the_websocket_api_answers_as_rest_does(simulator, connect, get):
    client = connect(simulator, "/ws-api/v3")
    reply = client.ask({"id": "a-1", "method": "time"})
    assert (reply["id"], reply["status"]) == ("a-1", 200)
    assert reply["rateLimits"][0]["limit"] == 6000
    params = {"symbol": "BTCUSDT", "interval": "1h", "limit": 3, "endTime": 1_700_000_000_000}
    reply = client.ask({"id": 2, "method": "klines", "params": params})
    query = "&".join(f"{name}={value}" for name, value in params.items())
    assert reply["result"] == get(simulator, f"/api/v3/klines?{query}")[2]
    reply = client.ask({"id": 3, "method": "depth", "params": {"symbol": "XYZ"}})
    assert (reply["status"], reply["error"]["code"]) == (400, -1121)
    assert client.ask({"id": 4, "method": "no.such"})["status"] == 404
    client.send_frame(b"{")
    assert client.until(lambda each: each["id"] is None)["status"] == 400


def test_the_websocket_api_can_hush_its_limits(simulator, connect):
    client = connect(simulator, "/ws-api/v3?returnRateLimits=false")
    assert client.ask({"id": 1, "method": "ping"}) == {"id": 1, "status": 200, "result": {}}


# limits


def test_a_sixth_message_in_a_second_ends_the_connection(start, connect):
    simulator = start(symbols=2)
    client = connect(simulator, "/ws")
    for number in range(5):
        client.send({"method": "LIST_SUBSCRIPTIONS", "id": number})
    client.send_frame(b"", 0x8A)  # a pong counts too
    assert closed_with(client) == "closed 1008 Too many requests"
    assert simulator.stats()["violations"] == {"messages_per_second": 1}


def test_counting_without_enforcing(start, connect):
    simulator = start(symbols=2, limits="count")
    client = connect(simulator, "/ws")
    for number in range(8):
        client.send({"method": "LIST_SUBSCRIPTIONS", "id": number})
    assert client.until(lambda each: each["id"] == 7)
    assert simulator.stats()["violations"] == {"messages_per_second": 3}


def test_too_many_streams_end_the_connection(start, connect):
    simulator = start(symbols=2, streams=3)
    client = connect(simulator, "/ws/a@trade/b@trade")
    client.ask({"method": "SUBSCRIBE", "params": ["c@trade"], "id": 1})
    client.send({"method": "SUBSCRIBE", "params": ["d@trade"], "id": 2})
    assert closed_with(client) == "closed 1008 Too many streams"


def test_too_many_connections_are_refused_and_then_banned(start, connect):
    simulator = start(symbols=2, connects=3)
    for _ in range(3):
        connect(simulator, "/ws")
    statuses = set()
    for _ in range(12):
        with pytest.raises(connect.refused) as caught:
            connect(simulator, "/ws")
        statuses.add(caught.value.status)
        assert int(caught.value.headers["retry-after"]) > 200
    assert statuses == {429, 418}


def test_a_very_long_url_is_refused(simulator, connect):
    with pytest.raises(connect.refused) as caught:
        connect(simulator, "/stream?streams=" + "/".join(f"s{n}usdt@trade" for n in range(700)))
    assert caught.value.status == 414


def test_other_paths_have_no_streams(simulator, connect):
    with pytest.raises(connect.refused) as caught:
        connect(simulator, "/nothing/here")
    assert caught.value.status == 404


def test_pings_must_be_answered_with_their_payload(start, connect):
    simulator = start(symbols=2, ping_interval=0.2, pong_timeout=paced(2.0))
    good, bad = connect(simulator, "/ws"), connect(simulator, "/ws")
    bad.send_frame(b"", 0x8A)  # unsolicited: allowed, and no sign of life
    for _ in range(5):
        first, payload = good.frame()
        assert first == 0x89
        assert abs(int(payload) - time.time() * 1000) < 5_000
        good.send_frame(payload, 0x8A)
    good.close()  # nobody answers for it any more
    assert closed_with(bad) == "closed 1008 Pong timeout"
    assert simulator.stats()["violations"] == {"pong_timeout": 1}


def test_pings_of_the_client_are_answered(simulator, connect):
    client = connect(simulator, "/ws")
    client.send_frame(b"hello", 0x89)
    assert client.frame() == (0x8A, b"hello")


def test_a_connection_lives_as_long_as_it_may(start, connect):
    client = connect(start(symbols=2, lifetime=0.5), "/ws/btcusdt@depth5")
    assert closed_with(client) == "closed 1001 24 hours"


# the door


def test_plain_on_request(start, connect, get):
    simulator = start(tls=False, symbols=2)
    assert simulator.urls["ws"].startswith("ws://")
    assert simulator.ca_file is None
    assert connect(simulator, "/ws/btcusdt@depth5@100ms").json()["bids"]
    assert get(simulator, "/api/v3/ping")[2] == {}


def test_nobody_trusts_the_simulator_without_its_authority(simulator):
    parts = urlsplit(simulator.urls["http"])
    raw = socket.create_connection(("127.0.0.1", parts.port), DEADLINE)
    with pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(raw, server_hostname="localhost")


def test_localhost_is_listened_to_by_either_protocol(simulator):
    port = urlsplit(simulator.urls["http"]).port
    for host in ("127.0.0.1", "::1"):
        try:
            socket.create_connection((host, port), DEADLINE).close()
        except OSError:
            assert host == "::1"  # a machine without IPv6


@pytest.mark.parametrize("junk", [b"\x16\x03\x01 no request\r\n\r\n", b"x" * 100_000])
def test_junk_as_a_first_request_does_no_harm(start, get, junk):
    simulator = start(tls=False, symbols=2)
    port = urlsplit(simulator.urls["http"]).port
    with socket.create_connection(("127.0.0.1", port), DEADLINE) as raw:
        raw.sendall(junk)
        try:
            assert raw.recv(100).startswith((b"HTTP/1.1 400", b""))
        except ConnectionError:
            assert len(junk) > 1000  # cut
    assert get(simulator, "/api/v3/ping")[0] == 200


def test_statistics_show_what_happened(start, connect, get):
    simulator = start(symbols=2)
    client = connect(simulator, "/stream?streams=btcusdt@depth5@100ms")
    client.json()
    client.ask({"method": "LIST_SUBSCRIPTIONS", "id": 1})
    get(simulator, "/api/v3/time")
    stats = simulator.stats()
    assert (stats["connections"]["now"], stats["connections"]["total"]) == (1, 1)
    (link,) = stats["connections"]["open"]
    assert (link["id"], link["link"], link["path"]) == (1, "stream", "/stream")
    assert link["streams"] == ["btcusdt@depth5@100ms"]
    assert link["messages_in"] == 1
    assert link["events_out"] >= 1
    assert stats["requests"] == {"/api/v3/time": 1}
    assert stats["handshakes"] == {"101": 1}
    assert stats["weights"]["127.0.0.1"] == 1
    assert stats["violations"] == {}
    assert json.dumps(stats)
