"""A WebSocket client that shares nothing with the package: a socket, and RFC 6455 by hand."""

import base64
import http.client
import json
import os
import socket
import ssl
import struct
import time
from urllib.parse import urlsplit

import pytest

from binance.simulator import ExchangeProcess
from tests.pace import paced

DEADLINE = paced(30.0)


class Refused(Exception):
    """The handshake was answered with another status than 101."""

    def __init__(self, status, headers, body):
        super().__init__(status)
        self.status = status
        self.headers = headers
        self.body = body


class PlainClient:
    """One connection. Every wait has a deadline."""

    def __init__(self, url, ca_file=None):
        parts = urlsplit(url)
        raw = socket.create_connection(("127.0.0.1", parts.port), DEADLINE)
        if parts.scheme == "wss":
            raw = ssl.create_default_context(cafile=ca_file).wrap_socket(
                raw, server_hostname=parts.hostname
            )
        self.socket = raw
        self.socket.settimeout(DEADLINE)
        self._data = b""
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = self._until(b"\r\n\r\n").decode().split("\r\n")
        status = int(head[0].split()[1])
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head[1:] if line)}
        if status != 101:
            body = self._exactly(int(headers.get("content-length", 0)))
            self.socket.close()
            raise Refused(status, headers, body)

    def _more(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server ended the connection")
        self._data += data

    def _until(self, end):
        while end not in self._data:
            self._more()
        found, _, self._data = self._data.partition(end)
        return found

    def _exactly(self, length):
        while len(self._data) < length:
            self._more()
        found, self._data = self._data[:length], self._data[length:]
        return found

    def frame(self):
        """First byte and payload of the next frame."""
        first, length = self._exactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", self._exactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._exactly(8))
        return first, self._exactly(length)

    def text(self):
        """The next text; pings are passed over unanswered."""
        while True:
            first, payload = self.frame()
            if first == 0x81:
                return payload
            if first == 0x88:
                code = struct.unpack("!H", payload[:2])[0] if payload else None
                raise ConnectionError(f"closed {code} {payload[2:].decode()}")

    def json(self):
        return json.loads(self.text())

    def until(self, wanted):
        """The next message for which ``wanted`` is true."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            message = self.json()
            if wanted(message):
                return message
        raise TimeoutError

    def send_frame(self, payload, first=0x81):
        mask = b"\x01\x02\x03\x04"
        masked = bytes(each ^ mask[i % 4] for i, each in enumerate(payload))
        if len(payload) < 126:
            head = bytes((first, 0x80 | len(payload)))
        else:
            head = struct.pack("!BBH", first, 0x80 | 126, len(payload))
        self.socket.sendall(head + mask + masked)

    def send(self, message):
        self.send_frame(json.dumps(message).encode())

    def ask(self, message):
        """Send a request and wait for its reply, passing over events."""
        self.send(message)
        return self.until(lambda each: "id" in each or "code" in each)

    def close(self):
        self.socket.close()


@pytest.fixture
def connect():
    """Opens connections: ``connect(exchange, "/ws/btcusdt@trade")``."""
    clients = []

    def open_one(exchange, target):
        client = PlainClient(exchange.urls["ws"] + target, exchange.ca_file)
        clients.append(client)
        return client

    open_one.refused = Refused
    yield open_one
    for client in clients:
        client.close()


@pytest.fixture
def start():
    """Starts simulators: ``start(tls=False, symbols=5)``; each must end without a complaint."""
    running = []

    def one(**options):
        running.append(ExchangeProcess(**options))
        return running[-1]

    yield one
    for each in running:
        each.close()
    complaints = [each.errors() for each in running if each.errors()]
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="module")
def _running():
    with ExchangeProcess(symbols=5, rate=50, falloff=0) as running:
        yield running
    assert not running.errors()


@pytest.fixture
def eventually():
    """Waits until a function returns something true: ``eventually(lambda: ...)``."""

    def wait(function):
        end = time.monotonic() + DEADLINE
        while True:
            found = function()
            if found:
                return found
            if time.monotonic() > end:
                raise TimeoutError
            time.sleep(0.01)

    return wait


@pytest.fixture
def simulator(_running, eventually):
    """A simulator that the module's tests share: without connections or faults of other tests."""
    eventually(lambda: _running.stats()["connections"]["now"] == 0)
    yield _running
    _running.clear()


@pytest.fixture
def get():
    """A REST request: ``get(exchange, "/api/v3/time")`` gives status, headers and body."""

    def one(exchange, target, method="GET", body=None, **headers):
        parts = urlsplit(exchange.urls["http"])
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=exchange.ca_file)
            connection = http.client.HTTPSConnection(
                "localhost", parts.port, timeout=DEADLINE, context=context
            )
        else:
            connection = http.client.HTTPConnection("localhost", parts.port, timeout=DEADLINE)
        try:
            connection.request(method, target, body, headers)
            reply = connection.getresponse()
            text = reply.read()
            is_json = reply.headers.get_content_type() == "application/json"
            return reply.status, reply.headers, json.loads(text) if is_json else text
        finally:
            connection.close()

    return one
