"""Streams, WebSocket API requests and REST calls through a SOCKS5 proxy with a password."""

import contextlib
import logging
import queue
import select
import socket
import socketserver
import threading

import pytest
import requests

from binance.client import Client
from binance.events import Disconnected, GaveUp, Resumed
from binance.rest import sessions
from binance.simulator.accounts import api_keys
from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceSocketManager
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

DEADLINE = paced(20.0)
USER, PASSWORD = b"ann", b"p@ss/word"


class Tunnel(socketserver.StreamRequestHandler):
    """One connection: RFC 1928 with the password of RFC 1929."""

    def handle(self):
        with contextlib.suppress(OSError):
            self.answer()

    def answer(self):
        _, count = self.rfile.read(2)
        assert 2 in self.rfile.read(count)
        self.wfile.write(b"\x05\x02")
        self.rfile.read(1)
        login = [self.counted(), self.counted()]
        if login != [USER, PASSWORD]:
            self.server.refused.append(login[0])
            self.wfile.write(b"\x01\x01")
            return
        self.wfile.write(b"\x01\x00")
        _, _, _, kind = self.rfile.read(4)
        name = self.counted() if kind == 3 else self.rfile.read({1: 4, 4: 16}[kind])
        port = int.from_bytes(self.rfile.read(2), "big")
        self.server.asked.append((kind, name))
        with socket.create_connection(("127.0.0.1", port)) as there:
            self.wfile.write(b"\x05\x00\x00\x01" + bytes(6))
            self.pass_on(there)

    def counted(self):
        return self.rfile.read(self.rfile.read(1)[0])

    def pass_on(self, there):
        ends = {self.connection: there, there: self.connection}
        while True:
            for end in select.select(list(ends), [], [])[0]:
                data = end.recv(65536)
                ends[end].sendall(data)
                if not data:
                    return


class Socks(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.asked, self.refused = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, password="p%40ss%2Fword"):
        return f"socks5h://ann:{password}@127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.shutdown()
        self.server_close()


@pytest.fixture
def proxy():
    with contextlib.closing(Socks()) as running:
        yield running


@pytest.fixture(scope="module")
def running_exchange():
    with ExchangeProcess(seed=2, symbols=["BTCUSDT"], rate=50) as running:
        yield running
        assert running.errors() == ""


@pytest.fixture
def exchange(running_exchange, monkeypatch):
    for name, value in running_exchange.env.items():
        monkeypatch.setenv(name, value)
    return running_exchange


def test_a_stream_and_its_reconnect(exchange, proxy):
    events = queue.Queue()
    bm = BinanceSocketManager(None, proxy=proxy.url(), on_event=events.put)
    with bm.messages("btcusdt@trade") as messages:
        next(iter(messages))
        exchange.fault("drop")
        while not isinstance(events.get(timeout=DEADLINE), Resumed):
            pass
        next(iter(messages))
    assert proxy.asked == [(3, b"localhost")] * 2  # the proxy resolves the name


def test_a_wrong_password_is_a_failed_try(exchange, proxy, caplog):
    caplog.set_level(logging.DEBUG)
    events, errors = queue.Queue(), queue.Queue()
    options = {"proxy": proxy.url("s3cret"), "max_retries": 0, "on_event": events.put}
    with BinanceSocketManager(None, **options) as bm:
        bm.start_trade_socket("BTCUSDT", errors.put)
        assert errors.get(timeout=DEADLINE)["e"] == "error"
    lost, gave_up = events.get_nowait(), events.get_nowait()
    assert (type(lost), type(gave_up)) == (Disconnected, GaveUp)
    assert "refused: it does not accept the user and the password" in gave_up.reason
    assert lost.http_status is None
    assert "s3cret" not in caplog.text + repr(gave_up)


def test_requests_and_rest_calls(exchange, proxy):
    keys = {"api_key": api_keys.HMAC_KEY, "api_secret": api_keys.HMAC_SECRET}
    with Client(**keys, proxy=proxy.url()) as client:
        assert client.ping() == {}
        assert client.ws_get_order_book(symbol="BTCUSDT")["bids"]
    assert proxy.asked == [(3, b"localhost")] * 2


def test_a_rest_call_with_a_wrong_password(exchange, proxy, caplog):
    caplog.set_level(logging.DEBUG)
    with Client(proxy=proxy.url("s3cret"), timeout=paced(5)) as client:
        client._sleep = lambda seconds: None
        with pytest.raises(requests.exceptions.ConnectionError) as refused:
            client.ping()
    assert "authentication failed" in str(refused.value)
    assert "s3cret" not in caplog.text + repr(refused.value)
    assert proxy.asked == []


def test_without_the_extra_the_error_names_it(exchange, proxy, monkeypatch):
    monkeypatch.setattr(sessions, "find_spec", {}.get)
    with pytest.raises(ValueError, match=r'pip install "binance-socket-manager\[socks\]"'):
        Client(proxy=proxy.url())

    def missing(*args, **kwargs):
        raise requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")

    monkeypatch.setattr("requests.adapters.SOCKSProxyManager", missing)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTPS_PROXY", proxy.url())
    with Client() as client:
        client.API_URL = "https://exchange.test/api"
        with pytest.raises(requests.exceptions.InvalidSchema, match=r"\[socks\]"):
            client.ping()
