"""Faults as clients meet them: each alone, against a running simulator."""

import socket
import ssl
import time
from http.client import IncompleteRead
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from tests.pace import paced

pytestmark = pytest.mark.loopback

TRADES = "/ws/btcusdt@trade"


def ids(client, count):
    return [client.json()["t"] for _ in range(count)]


def lost(client):
    """Wait until a connection is cut, passing over events; how."""
    try:
        while True:
            client.text()
    except ConnectionError as error:
        return str(error)


def test_drop_cuts_connections_without_a_word(simulator, connect):
    client = connect(simulator, TRADES)
    client.json()
    simulator.fault("drop")
    assert not lost(client).startswith("closed")
    assert connect(simulator, TRADES).json()  # it acted once


def test_drop_with_seconds_cuts_those_that_come_too(simulator, connect):
    simulator.fault("drop", seconds=30)
    client = connect(simulator, TRADES)
    assert not lost(client).startswith("closed")
    simulator.clear()
    assert connect(simulator, TRADES).json()


def test_drop_in_scope_only(simulator, connect):
    one, other = connect(simulator, TRADES), connect(simulator, "/ws/ethusdt@trade")
    one.json(), other.json()
    simulator.fault("drop", stream="ethusdt@*")
    lost(other)
    assert ids(one, 5)


def test_halfopen_reads_and_writes_nothing_but_stays_connected(simulator, connect, eventually):
    client = connect(simulator, TRADES)
    client.json()
    simulator.fault("halfopen")
    client.socket.settimeout(0.5)
    with pytest.raises(TimeoutError):
        lost(client)
    client.send_frame(b"anybody there?", 0x89)
    with pytest.raises(TimeoutError):
        client.frame()
    assert [each["frozen"] for each in simulator.stats()["connections"]["open"]] == [True]
    simulator.clear()
    eventually(lambda: simulator.stats()["connections"]["now"] == 0)


@pytest.mark.parametrize(
    ("target", "shape"),
    [
        ("/ws/btcusdt@depth5", {"e": "serverShutdown"}),
        ("/stream?streams=btcusdt@depth5", {"stream": "!serverShutdown"}),
        ("/ws-api/v3", {"event": {}}),
    ],
)
def test_server_shutdown_in_three_shapes(simulator, connect, target, shape):
    client = connect(simulator, target)
    simulator.fault("server_shutdown", close_after=0.2)
    key = next(iter(shape))
    got = client.until(lambda each: "serverShutdown" in str(each))
    event = {"e": got, "stream": got.get("data"), "event": got.get("event")}[key]
    assert event["e"] == "serverShutdown"
    assert abs(event["E"] - time.time() * 1000) < 5_000
    if key == "stream":
        assert got == {"stream": "!serverShutdown", "data": event}
    else:
        assert got == (event if key == "e" else {"event": event})
    assert lost(client) == "closed 1001 server shutdown"


@pytest.mark.parametrize("how", ["close", "drop"])
def test_cut_after_some_time(simulator, connect, how):
    simulator.fault("cut_after", after=0.3, how=how, code=1000)
    began = time.monotonic()
    client = connect(simulator, TRADES)
    got = lost(client)
    assert got.startswith("closed 1000") == (how == "close")
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(
    ("shape", "first"),
    [("json", 0x81), ("text", 0x81), ("utf8", 0x81), ("reserved", 0xC1), ("opcode", 0x83)],
)
def test_malformed_frames(simulator, connect, shape, first):
    client = connect(simulator, "/ws")
    simulator.fault("malformed", shape=shape)
    found, payload = client.frame()
    assert found == first
    if shape == "utf8":
        with pytest.raises(UnicodeDecodeError):
            payload.decode()


def test_late_pong_and_none(simulator, connect):
    client = connect(simulator, "/ws")
    number = simulator.fault("late_pong", by=0.3)
    began = time.monotonic()
    client.send_frame(b"x", 0x89)
    assert client.frame() == (0x8A, b"x")
    assert time.monotonic() - began >= 0.3
    simulator.clear(number)
    simulator.fault("late_pong")
    client.send_frame(b"y", 0x89)
    client.socket.settimeout(0.4)
    with pytest.raises(TimeoutError):
        client.frame()


def test_stall_one_stream_and_not_its_neighbour(simulator, connect):
    client = connect(simulator, "/ws/btcusdt@trade/ethusdt@trade")
    simulator.fault("stall", stream="btcusdt@trade")
    ordered = time.time() * 1000
    later = [client.until(lambda each: each["T"] > ordered + 100)["s"] for _ in range(40)]
    assert set(later) == {"ETHUSDT"}
    simulator.clear(kind="stall")
    assert client.until(lambda each: each["s"] == "BTCUSDT")


def missing(seen):
    return sum(max(0, after - before - 1) for before, after in pairwise(seen))


def hear_until(client, seen, enough):
    """Hear trades after those ``seen`` until ``enough(ids)``, and twenty more: all their ids."""
    seen, end = list(seen), time.monotonic() + paced(30)
    while not enough(seen):
        assert time.monotonic() < end, seen
        seen += ids(client, 1)
    return seen + ids(client, 20)


def test_lose_three_events(simulator, connect):
    client = connect(simulator, TRADES)
    first = ids(client, 1)
    simulator.fault("lose", count=3)
    seen = hear_until(client, first, lambda seen: missing(seen) >= 3)
    assert missing(seen) == 3
    assert seen == sorted(seen)


def test_duplicate_three_events(simulator, connect):
    client = connect(simulator, TRADES)
    first = ids(client, 1)
    simulator.fault("duplicate", count=3)
    seen = hear_until(client, first, lambda seen: len(seen) - len(set(seen)) >= 3)
    assert len(seen) - len(set(seen)) == 3
    assert sorted(set(seen)) == list(range(min(seen), max(seen) + 1))


def test_reorder_three_events(simulator, connect):
    def swaps(seen):
        return sum(after < before for before, after in pairwise(seen))

    client = connect(simulator, TRADES)
    first = ids(client, 1)
    simulator.fault("reorder", count=3)
    seen = hear_until(client, first, lambda seen: swaps(seen) >= 3)
    assert swaps(seen) == 3
    assert sorted(seen) == list(range(min(seen), max(seen) + 1))


def test_faults_of_one_connection_leave_the_other_alone(simulator, connect):
    one, other = connect(simulator, TRADES), connect(simulator, TRADES)
    first, others_first = ids(one, 1), ids(other, 1)
    number = sorted(each["id"] for each in simulator.stats()["connections"]["open"])[-2]
    simulator.fault("lose", connection=number, count=5)
    seen = hear_until(one, first, lambda seen: missing(seen) >= 5)
    assert missing(seen) == 5
    heard = hear_until(other, others_first, lambda heard: heard[-1] >= seen[-1])
    assert missing(heard) == 0


def test_slow_link_delivers_everything_late(simulator, connect):
    client = connect(simulator, TRADES)
    simulator.fault("slow_link", latency=0.5)
    client.until(lambda each: time.time() * 1000 - each["E"] > 450)
    seen = ids(client, 20)
    simulator.clear()
    seen += ids(client, 60)
    assert all(after == before + 1 for before, after in pairwise(seen))


def test_slow_link_by_rate(simulator, connect):
    simulator.fault("slow_link", rate=2_000)
    client = connect(simulator, "/ws")
    names = [f"s{number}usdt@trade" for number in range(250)]
    client.ask({"method": "SUBSCRIBE", "params": names, "id": 1})
    began = time.monotonic()
    client.ask({"method": "LIST_SUBSCRIPTIONS", "id": 2})  # about 4 kB
    assert time.monotonic() - began > 1


# the door


def comes_back(connect, simulator):
    """A connection, if the simulator listens again."""
    try:
        return connect(simulator, TRADES)
    except ConnectionRefusedError:
        return None


def test_refuse_is_connection_refused_until_it_ends(start, connect, eventually):
    simulator = start(symbols=2, rate=50)
    client = connect(simulator, TRADES)
    simulator.fault("refuse")
    with pytest.raises(ConnectionRefusedError):
        connect(simulator, TRADES)
    assert client.json()  # who is in stays in
    simulator.clear()
    assert eventually(lambda: comes_back(connect, simulator)).json()


def test_refuse_for_some_time(start, connect, eventually):
    simulator = start(symbols=2, faults=[f"refuse:seconds={paced(2.0)}"])
    with pytest.raises(ConnectionRefusedError):
        connect(simulator, TRADES)
    assert eventually(lambda: comes_back(connect, simulator)).json()


def test_refuse_the_next_two(simulator, connect):
    simulator.fault("refuse", count=2)
    for _ in range(2):
        with pytest.raises((ConnectionError, ssl.SSLError)):
            connect(simulator, TRADES)
    assert connect(simulator, TRADES).json()


@pytest.mark.parametrize("status", [429, 418, 451, 403, 404, 503])
def test_http_status_for_handshakes(simulator, connect, get, status):
    simulator.fault("http_status", status=status, retry_after=7, on="handshake", count=1)
    with pytest.raises(connect.refused) as caught:
        connect(simulator, TRADES)
    assert caught.value.status == status
    assert caught.value.headers["retry-after"] == "7"
    assert get(simulator, "/api/v3/ping")[0] == 200
    assert connect(simulator, TRADES).json()


def test_http_status_for_one_path(simulator, connect, get):
    simulator.fault("http_status", status=429, retry_after=3, path="/api/v3/depth")
    status, headers, body = get(simulator, "/api/v3/depth?symbol=BTCUSDT")
    assert (status, headers["Retry-After"], body["code"]) == (429, "3", -1003)
    assert get(simulator, "/api/v3/ping")[0] == 200
    simulator.fault("http_status", status=418, path="time", on="ws_api")
    client = connect(simulator, "/ws-api/v3")
    reply = client.ask({"id": 1, "method": "time"})
    assert (reply["status"], reply["error"]["code"]) == (418, -1003)
    assert "retryAfter" in reply["error"]["data"]
    assert client.ask({"id": 2, "method": "ping"})["status"] == 200


def test_slow_handshake(simulator, connect, eventually):
    simulator.fault("slow_handshake", by=0.4, count=1)
    began = time.monotonic()
    connect(simulator, TRADES)
    assert time.monotonic() - began >= 0.4
    eventually(lambda: simulator.stats()["faults"] == [])  # it struck once, and is over
    assert connect(simulator, TRADES).json()


@pytest.mark.parametrize(
    ("certificate", "says"),
    [
        ("wrong_host", "Hostname mismatch"),
        ("untrusted", "unable to get local issuer|self-signed"),
        ("expired", "expired"),
    ],
)
def test_bad_certificates(simulator, connect, certificate, says):
    simulator.fault("bad_certificate", certificate=certificate, count=1)
    with pytest.raises(ssl.SSLCertVerificationError, match=says):
        connect(simulator, TRADES)
    assert connect(simulator, TRADES).json()


def test_a_plain_simulator_has_no_certificate_to_spoil(start):
    simulator = start(tls=False, symbols=2)
    with pytest.raises(ValueError, match="plain"):
        simulator.fault("bad_certificate")
    assert simulator.stats()["faults"] == []


# REST


def test_slow_and_dropped_replies(simulator, get):
    simulator.fault("slow_reply", by=0.4, path="/api/v3/time")
    began = time.monotonic()
    assert get(simulator, "/api/v3/time")[0] == 200
    assert time.monotonic() - began >= 0.4
    simulator.fault("drop_reply", path="/api/v3/depth", count=1)
    with pytest.raises((ConnectionError, ssl.SSLError)):
        get(simulator, "/api/v3/depth?symbol=BTCUSDT")
    assert get(simulator, "/api/v3/depth?symbol=BTCUSDT")[0] == 200


def test_a_page_can_be_wrong(simulator, get):
    path = "/api/v3/aggTrades"
    target = f"{path}?symbol=BTCUSDT&fromId=1000000000&limit=10"
    right = get(simulator, target)[2]
    for shape, wrong in (("shifted", right[5:]), ("short", right[:5]), ("empty", [])):
        simulator.fault("wrong_page", path=path, shape=shape, count=1)
        assert get(simulator, "/api/v3/time")[0] == 200
        assert get(simulator, target)[2] == wrong
    simulator.fault("wrong_page", path=path, shape="cut", count=1)
    with pytest.raises(IncompleteRead):
        get(simulator, target)
    assert get(simulator, target)[2] == right


def test_replies_of_the_websocket_api_can_be_slow_and_dropped(simulator, connect):
    client = connect(simulator, "/ws-api/v3")
    simulator.fault("slow_reply", by=0.3, path="time")
    began = time.monotonic()
    assert client.ask({"id": 1, "method": "time"})["status"] == 200
    assert time.monotonic() - began >= 0.3
    simulator.fault("drop_reply", path="ping")
    client.send({"id": 2, "method": "ping"})
    assert not lost(client).startswith("closed")


def test_the_clock_drifts(simulator, get):
    simulator.fault("clock_drift", ms=-60_000)
    told = get(simulator, "/api/v3/time")[2]["serverTime"]
    assert -65_000 < told - time.time() * 1000 < -55_000


def test_stale_snapshots(simulator, connect, get):
    client = connect(simulator, "/ws/btcusdt@depth@100ms")
    target = "/api/v3/depth?symbol=BTCUSDT&limit=20"
    simulator.fault("stale_snapshot", stream="btcusdt@*")
    first = get(simulator, target)[2]
    client.until(lambda each: each["U"] > first["lastUpdateId"] + 5)
    assert get(simulator, target)[2] == first
    simulator.clear()
    assert get(simulator, target)[2]["lastUpdateId"] > first["lastUpdateId"]


# ordering


def test_orders_over_the_exchange_s_own_port(simulator, get):
    status, _, body = get(simulator, "/_sim/fault", "POST", b'{"kind": "lose", "count": 1}')
    assert status == 200
    assert get(simulator, "/_sim/stats")[2]["faults"][0]["id"] == body["id"]
    assert get(simulator, "/_sim/clear", "POST", b"{}")[2] == {"ended": 1}
    status, _, body = get(simulator, "/_sim/fault", "POST", b'{"kind": "explode"}')
    assert status == 400
    assert "allowed: refuse" in body["error"]
    assert get(simulator, "/_sim/fault", "POST", b"[]")[0] == 400
    assert get(simulator, "/_sim/fault", "POST", b"{")[0] == 400
    assert get(simulator, "/_sim/clear", "POST", b'{"who": 1}')[0] == 400
    assert get(simulator, "/_sim/clear", "POST", b'{"kind": "explode"}')[0] == 400
    assert get(simulator, "/_sim/nothing")[0] == 404
    kinds = get(simulator, "/_sim/faults")[2]
    assert kinds["http_status"]["arguments"]["on"]["allowed"][0] == "all"


def test_a_delayed_fault_comes_later(simulator, connect):
    client = connect(simulator, TRADES)
    began = time.monotonic()
    simulator.fault("drop", delay=0.4)
    lost(client)
    assert time.monotonic() - began > 0.3


def test_the_port_of_the_orders_is_always_open(start):
    simulator = start(symbols=2)
    simulator.fault("refuse")
    simulator.fault("http_status", status=503)
    port = urlsplit(simulator.urls["http"]).port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), paced(5))
    assert len(simulator.stats()["faults"]) == 2
    assert simulator.clear() == 2


REFUSALS = {
    "wrapped": lambda error, id: {"error": error, "id": id},
    "bare": lambda error, id: error,
    "bare_with_id": lambda error, id: {**error, "id": id},
}


@pytest.mark.parametrize("shape", REFUSALS)
def test_streams_are_refused_in_each_shape(simulator, connect, shape):
    client = connect(simulator, "/ws")
    simulator.fault("refuse_streams", stream="bad*", shape=shape)
    error = {"code": 2, "msg": "Invalid request: stream refused"}
    asked = {"method": "SUBSCRIBE", "params": ["ethusdt@trade", "bad@trade"], "id": 7}
    assert client.ask(asked) == REFUSALS[shape](error, 7)
    assert client.ask({"method": "LIST_SUBSCRIPTIONS", "id": 8}) == {"result": [], "id": 8}
    asked = {"method": "SUBSCRIBE", "params": ["ethusdt@kline_1M"], "id": 9}
    assert client.ask(asked) == {"result": None, "id": 9}


def test_late_answers_and_none(simulator, connect):
    client = connect(simulator, "/ws")
    simulator.fault("late_answer", by=0.3, count=1)
    began = time.monotonic()
    asked = {"method": "SUBSCRIBE", "params": ["ethusdt@kline_1M"], "id": 1}
    assert client.ask(asked) == {"result": None, "id": 1}
    assert time.monotonic() - began >= 0.3
    simulator.fault("late_answer", count=1)
    client.send({"method": "UNSUBSCRIBE", "params": ["ethusdt@kline_1M"], "id": 2})
    listed = client.ask({"method": "LIST_SUBSCRIPTIONS", "id": 3})
    assert listed == {"result": [], "id": 3}
