"""Sockets through an HTTP proxy that demands Basic authentication, on reconnects too."""

import base64
import contextlib
import select
import socket
import socketserver
import threading

import pytest

from binance.simulator.run.exchange_process import ExchangeProcess
from tests.chaos.rig import check

pytestmark = [pytest.mark.loopback, pytest.mark.process]

USER, PASSWORD = "ann", "p@ss/word"
CREDENTIALS = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
#: No name server knows it: only the proxy can lead there.
ELSEWHERE = "exchange.test"
RAW, MULTIPLEX = "btcusdt@trade", "streams=ethusdt@trade/ethusdt@depth@100ms"
KEYS = [RAW, MULTIPLEX]


class Tunnel(socketserver.StreamRequestHandler):
    """One CONNECT."""

    def handle(self):
        verb, target, _ = self.rfile.readline().decode().split()
        headers = {}
        while line := self.rfile.readline().strip().decode():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("proxy-authorization") != CREDENTIALS:
            self.server.refused += 1
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return
        assert verb == "CONNECT"
        self.server.targets.append(target)
        with socket.create_connection(("127.0.0.1", int(target.rpartition(":")[2]))) as there:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self.pass_on(there)

    def pass_on(self, there):
        ends = {self.connection: there, there: self.connection}
        while True:
            for end in select.select(list(ends), [], [])[0]:
                try:
                    data = end.recv(65536)
                    ends[end].sendall(data)
                except OSError:
                    return
                if not data:
                    return


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.targets, self.refused = [], 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, user=USER, password="p%40ss%2Fword"):
        return f"http://{user}:{password}@127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.shutdown()
        self.server_close()


@pytest.fixture
def proxy():
    with contextlib.closing(Proxy()) as running:
        yield running


@pytest.fixture(scope="module")
def exchange():
    with ExchangeProcess(seed=2, symbols=["BTCUSDT", "ETHUSDT"], rate=50, levels=50) as running:
        yield running
        assert running.errors() == ""


def port_of(exchange):
    return exchange.urls["ws"].rpartition(":")[2]


def test_streams_over_tls_and_their_reconnects_dial_the_proxy_only(exchange, program, proxy):
    before = exchange.stats()["connections"]["total"]
    running = program(exchange, proxy=proxy.url())
    running.start(*KEYS)
    exchange.fault("drop")
    running.wait_for("Resumed", KEYS)
    running.deliver(KEYS)
    assert proxy.targets == [f"localhost:{port_of(exchange)}"] * 4
    assert exchange.stats()["connections"]["total"] - before == 4  # none came by another way
    check(running.report())
    assert running.end() == 0


def test_a_proxy_of_the_environment_resolves_the_name(program, proxy):
    with ExchangeProcess(seed=2, symbols=["BTCUSDT", "ETHUSDT"], rate=50, tls=False) as plain:
        environment = {
            "http_proxy": proxy.url(),
            "BINANCE_STREAM_URL": f"ws://{ELSEWHERE}:{port_of(plain)}",
        }
        running = program(plain, environment=environment, allow_plain=True)
        running.start(*KEYS)
        plain.fault("drop")
        running.wait_for("Resumed", KEYS)
        assert proxy.targets == [f"{ELSEWHERE}:{port_of(plain)}"] * 4
        assert plain.stats()["connections"]["total"] == 4
        assert running.end() == 0


def test_a_proxy_that_refuses_is_a_failed_try_and_named_in_the_reason(exchange, program, proxy):
    before = exchange.stats()["connections"]["total"]
    running = program(exchange, proxy=proxy.url(password="wrong"), max_retries=1)
    running.do("start", method="trade", args=["BTCUSDT"], key=RAW)
    running.wait_for("GaveUp", [RAW])
    # A status in the events is the exchange's: a proxy's 404 must not end a key.
    assert {event["http_status"] for event in running.of("Disconnected")} == {None}
    (gave_up,) = running.of("GaveUp")
    assert gave_up["code"] is None
    assert "refused: 407 Proxy Authentication Required" in gave_up["reason"]
    assert proxy.refused == 2
    assert exchange.stats()["connections"]["total"] == before
    assert "wrong" not in running.log
    assert running.end() == 0
