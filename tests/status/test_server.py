"""The status server on loopback, beside a simulated exchange."""

import http.client
import json
import logging
import re
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from binance import status
from binance.client import Client
from binance.depthcache import DepthCacheManager
from binance.threaded import ThreadedWebsocketManager
from binance.tx.loop import reactor
from binance.websockets import BinanceSocketManager
from tests.pace import paced

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.exchange(seed=5, symbols=["BTCUSDT", "ETHUSDT"], rate=100),
]
TOKEN = "0123456789abcdef-token"
DEADLINE = paced(20.0)


def wait_for(condition: Any, what: str) -> Any:
    deadline = time.monotonic() + DEADLINE
    while not (found := condition()):
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
    return found


def ask(
    server: Any, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> SimpleNamespace:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        text = answer.read().decode()
        return SimpleNamespace(status=answer.status, headers=answer.headers, body=text)
    finally:
        connection.close()


def metrics(server: Any) -> dict[str, dict[tuple[str, ...], float]]:
    """Name -> values of the labels -> value."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(ask(server, "/metrics").body):
        for one in family.samples:
            found.setdefault(one.name, {})[tuple(one.labels.values())] = one.value
    return found


def health(server: Any) -> tuple[int, list[tuple[str, str]]]:
    answer = ask(server, "/health")
    return answer.status, [
        (one["reason"], one["key"]) for one in json.loads(answer.body)["reasons"]
    ]


@pytest.fixture
def bm(exchange: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[BinanceSocketManager]:
    for name, value in exchange.env.items():
        monkeypatch.setenv(name, value)
    manager = BinanceSocketManager(None, max_retries=None)
    reactor.ensure_running()  # it may be the first test
    yield manager
    manager.close()


@pytest.fixture
def server(bm: BinanceSocketManager) -> Iterator[Any]:
    with status.serve(bm, port=0) as running:
        yield running


def ignore(message: object) -> None:
    """A callback."""


COUNTERS = (
    *("messages", "bytes", "reconnects", "rotations", "gaps", "backfilled", "dropped"),
    "callback_errors",
)


def test_the_counters_agree_with_stats(bm, server) -> None:
    keys = [bm.start_trade_socket("BTCUSDT", ignore)]
    keys.append(bm.start_futures_multiplex_socket(["btcusdt@aggTrade"], ignore))
    bm.start()
    wait_for(lambda: all(bm.stats()[key].messages > 20 for key in keys), "messages")
    halted = threading.Event()
    held = threading.Event()
    bm._open_sockets.get(keys[0]).dependencies.call(lambda: (halted.set(), held.wait(DEADLINE)))
    # While the reactor stands still, stats() and the metrics are of one moment.
    assert halted.wait(DEADLINE)
    try:
        stats = bm.stats()
        families = {one.name: one for one in server._pages.collect()}
    finally:
        held.set()
    for name in COUNTERS:
        values = {
            one.labels["key"]: one.value for one in families[f"binance_socket_{name}"].samples
        }
        assert values == {key: stats[key][name] for key in keys}
    markets = {one.labels["market"] for one in families["binance_socket_messages"].samples}
    assert markets == {"spot", "usdm"}


def test_prometheus_can_read_the_metrics(bm, server) -> None:
    key = bm.start_trade_socket("BTCUSDT", ignore)
    bm.start()
    wait_for(lambda: bm.stats()[key].messages > 5, "messages")
    before = bm.stats()[key].messages
    found = metrics(server)
    assert before <= found["binance_socket_messages_total"][key, "spot"] <= bm.stats()[key].messages
    assert found["binance_socket_connected"][key, "spot"] == 1
    assert 0 <= found["binance_socket_last_message_age_seconds"][key, "spot"] < DEADLINE
    assert found["binance_socket_latency_p50_seconds"][key, "spot"] < DEADLINE
    assert found["binance_socket_callback_seconds_total"][key, "spot"] > 0
    answer = ask(server, "/metrics", Accept="application/openmetrics-text; version=1.0.0")
    names = {family.name for family in openmetrics(answer.body)}
    assert {"binance_socket_messages", "binance_socket_queued"} <= names


def test_a_cut_is_unhealthy_until_the_socket_is_back(bm, server, exchange) -> None:
    assert health(server) == (200, [])
    exchange.fault("refuse")
    key = bm.start_trade_socket("BTCUSDT", ignore)
    assert health(server) == (503, [("down", key)])
    bm.start()
    exchange.clear()
    wait_for(lambda: health(server) == (200, []), "the connection")
    wait_for(lambda: bm.stats()[key].messages, "a message")
    before = bm.stats()[key].reconnects
    exchange.fault("refuse")
    exchange.fault("drop")
    wait_for(lambda: health(server) == (503, [("down", key)]), "the cut")
    exchange.clear(kind="refuse")
    wait_for(lambda: health(server) == (200, []), "the next connection")
    wait_for(lambda: bm.stats()[key].reconnects > before, "a message of the next connection")
    found = metrics(server)["binance_socket_reconnects_total"][key, "spot"]
    assert before < found <= bm.stats()[key].reconnects
    kinds = {one["kind"] for one in json.loads(ask(server, "/data").body)["events"]}
    assert kinds >= {"Connected", "Disconnected", "Retrying"}


def test_a_socket_that_gave_up_is_named_until_it_is_started_again(exchange, bm, server) -> None:
    exchange.fault("http_status", status=451, seconds=3600)
    key = bm.start_trade_socket("BTCUSDT", ignore, max_retries=0)
    bm.start()
    wait_for(lambda: health(server) == (503, [("gave_up", key)]), "the end of the retries")
    exchange.clear()
    bm.start_trade_socket("BTCUSDT", ignore)
    wait_for(lambda: health(server) == (200, []), "the connection")


def test_a_book_is_shown(bm, server, exchange) -> None:
    bm.start()
    with Client(None, None) as client:
        dcm = DepthCacheManager(client, "BTCUSDT", bm=bm, ws_interval=100, timeout=DEADLINE)
        key = "btcusdt@depth@100ms"
        wait_for(lambda: health(server) == (200, []), "the book")
        found = metrics(server)
        assert found["binance_book_synced"] == {(key, "spot", "BTCUSDT"): 1}
        assert any(value > 0 for value in found["binance_request_weight_used"].values())
        data = json.loads(ask(server, "/data").body)
        best = dcm.best_bid
        assert best is not None
        (price, _), *_ = data["charts"][key]["bids"]
        assert abs(price - float(best.price)) / price < 0.05
        exchange.fault("refuse")
        exchange.fault("drop")
        wait_for(lambda: ("book_out_of_sync", key) in health(server)[1], "a book out of sync")
        exchange.clear()
        wait_for(lambda: health(server) == (200, []), "the book again")


def test_events_are_sent_once(bm, server) -> None:
    bm.start_trade_socket("BTCUSDT", ignore)
    bm.start()
    wait_for(lambda: health(server) == (200, []), "the connection")

    def numbers(after: object) -> list[int]:
        answer = json.loads(ask(server, f"/data?after={after}").body)
        return [one["number"] for one in answer["events"]]

    found = numbers("x")
    assert found == sorted(set(found))
    assert all(number > found[-1] for number in numbers(found[-1]))  # more may happen
    assert numbers(found[-1] - 1)[0] == found[-1]


def test_the_text_of_an_exception_is_not_shown(bm, server) -> None:
    def fail(message: object) -> None:
        raise RuntimeError("my secret")

    bm.start_trade_socket("BTCUSDT", fail)
    bm.start()
    wait_for(lambda: "CallbackFailed" in ask(server, "/data").body, "the exception")
    body = ask(server, "/data").body
    assert "RuntimeError" in body
    assert "my secret" not in body


def test_every_answer_has_the_headers(server) -> None:
    for path in ("/", "/metrics", "/health", "/data", "/nothing"):
        answer = ask(server, path)
        assert answer.status == (404 if path == "/nothing" else 200)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; connect-src 'self'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Server"] == "binance.status"
        assert "Set-Cookie" not in answer.headers
        head = ask(server, path, method="HEAD")
        assert (head.status, head.body) == (answer.status, "")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "localhost:1"}, 200),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_strangers_pages_get_nothing(server, headers, code) -> None:
    for path in ("/", "/metrics", "/health", "/data"):
        answer = ask(server, path, **headers)
        assert answer.status == code
        assert ("binance_" in answer.body) == (code == 200 and path == "/metrics")
    assert ask(server, "/data", method="POST").status == 405
    assert ask(server, "/data", method="POST", body=b"x" * 10**6).status == 405


def test_a_token_is_needed_once(bm, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    with status.serve(bm, port=0, host="0.0.0.0", token=TOKEN) as server:
        assert TOKEN not in repr(server) + server.url
        for path in ("/", "/metrics", "/health", "/data", "/nothing"):
            refused = ask(server, path)
            assert refused.status == 401
            assert refused.headers["WWW-Authenticate"] == "Bearer"
        assert ask(server, "/metrics", Authorization=f"Bearer {TOKEN}").status == 200
        page = ask(server, f"/?token={TOKEN}", Host="bot.example")
        assert page.status == 200
        cookie = page.headers["Set-Cookie"]
        assert re.fullmatch(
            r"binance_status_\d+=[\w-]+; Path=/; HttpOnly; SameSite=strict", cookie, re.IGNORECASE
        )
        assert TOKEN not in cookie
        pair = cookie.partition(";")[0]
        again = ask(server, "/data", Cookie=pair)
        assert again.status == 200
        assert "Set-Cookie" not in again.headers
    assert TOKEN not in caplog.text


def test_where_it_may_listen(bm) -> None:
    with pytest.raises(ValueError, match="token"):
        status.serve(bm, port=0, host="0.0.0.0")
    with pytest.raises(ValueError, match="port must be a whole number"):
        status.serve(bm, port=70000)
    with pytest.raises(TypeError, match="bm must be a socket manager or a relay"):
        status.serve(object(), port=0)
    with status.serve(bm, port=0) as first, pytest.raises(OSError, match=str(first.port)):
        status.serve(bm, port=first.port)
    assert bm._open_sockets.observers == ()


def test_a_closed_server_answers_no_more(bm) -> None:
    bm.start()
    server = status.serve(bm, port=0)
    where = "127.0.0.1", server.port
    idle = socket.create_connection(where, DEADLINE)  # as browsers open them, and ask later
    connection = http.client.HTTPConnection(*where, timeout=DEADLINE)
    connection.request("GET", "/health")
    assert connection.getresponse().read()
    server.close()
    server.close()
    own = connection.sock
    own.settimeout(DEADLINE)
    assert [one.recv(1) for one in (own, idle)] == [b"", b""]  # open connections end too
    connection.close()
    idle.close()

    def is_gone() -> bool:
        try:
            ask(server, "/health")
        except OSError:
            return True
        return False

    wait_for(is_gone, "the end of the server")


def test_other_managers_are_taken_too(bm) -> None:
    twm = ThreadedWebsocketManager()
    with status.serve(twm, port=0) as one, status.serve(bm, port=0) as other:
        bm.start()
        key = bm.start_trade_socket("BTCUSDT", ignore)
        wait_for(lambda: health(other) == (200, []), "the connection")
        assert (key, "spot") in metrics(other)["binance_socket_messages_total"]
        assert "binance_socket_messages_total" not in metrics(one)
    twm.stop()
