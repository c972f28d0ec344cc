"""An exchange that does next to nothing, for `bench_orders.py`: what is measured are the clients.

    python benchmarks/quiet_exchange.py SERVER.PEM

It accepts every order, by `POST /api/v3/order` and by `order.place`, with the same few lines for
both, and answers with the fields of an ACK and with the limits. A connection has a thread with
blocking reads. It checks no signature and has no market: the simulator, which has both, spends
more on an order than the client does. It prints its port.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import socket
import ssl
import struct
import sys
import threading
import time
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING = 1, 8, 9
NUMBERS = itertools.count(1)
LIMITS = [
    {
        "rateLimitType": "REQUEST_WEIGHT",
        "interval": "MINUTE",
        "intervalNum": 1,
        "limit": 6000,
        "count": 1,
    }
]


def accepted(params: dict[str, Any]) -> dict[str, Any]:
    """The answer to an order."""
    return {
        "symbol": params["symbol"],
        "orderId": next(NUMBERS),
        "orderListId": -1,
        "clientOrderId": params.get("newClientOrderId", ""),
        "transactTime": int(time.time() * 1000),
    }


def answer_to(path: str, text: str) -> dict[str, Any]:
    """The answer to a REST call."""
    if path == "/api/v3/order":
        return accepted(dict(parse_qsl(text)))
    return {"serverTime": int(time.time() * 1000)} if path == "/api/v3/time" else {}


def serve(connection: ssl.SSLSocket) -> None:
    """Answer the calls of one connection, which may become a WebSocket."""
    incoming = connection.makefile("rb")
    while line := incoming.readline():
        target = line.decode().split(" ")[1]
        headers = {}
        while (line := incoming.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if "sec-websocket-key" in headers:
            talk(connection, incoming, headers["sec-websocket-key"])
            return
        body = incoming.read(int(headers.get("content-length", 0))).decode()
        path, _, query = target.partition("?")
        answer = json.dumps(answer_to(path, body or query)).encode()
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            f"X-MBX-USED-WEIGHT-1M: 1\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        connection.sendall(head.encode() + answer)


def talk(connection: ssl.SSLSocket, incoming: BinaryIO, key: str) -> None:
    """Answer the requests of a WebSocket."""
    accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
    connection.sendall(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
    )
    while head := incoming.read(2):
        opcode, length = head[0] & 15, head[1] & 127
        if length > 125:
            (length,) = struct.unpack("!H", incoming.read(2))  # no request is longer
        mask, masked = incoming.read(4), incoming.read(length)
        keys = (mask * (length // 4 + 1))[:length]
        payload = (int.from_bytes(masked) ^ int.from_bytes(keys)).to_bytes(length)
        if opcode == CLOSE:
            connection.sendall(frame(CLOSE, payload))
            return
        if opcode == PING:
            connection.sendall(frame(10, payload))
        if opcode == TEXT:
            request = json.loads(payload)
            result = accepted(request["params"]) if request["method"] == "order.place" else {}
            reply = {"id": request["id"], "status": 200, "result": result, "rateLimits": LIMITS}
            connection.sendall(frame(TEXT, json.dumps(reply).encode()))


def frame(opcode: int, payload: bytes) -> bytes:
    """A frame of a server, of less than 64 kB."""
    length = len(payload)
    head = (
        bytes((128 | opcode, length))
        if length < 126
        else struct.pack("!BBH", 128 | opcode, 126, length)
    )
    return head + payload


def serve_safely(connection: socket.socket, context: ssl.SSLContext) -> None:
    try:
        with context.wrap_socket(connection, server_side=True) as secure:
            serve(secure)
    except OSError:
        return  # the client has gone


def main() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        while True:
            connection, _ = listening.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve_safely, args=(connection, context), daemon=True).start()


if __name__ == "__main__":
    main()
