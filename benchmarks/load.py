"""The load process: a WebSocket server of few lines that sends the same frames to any client.

Standard library alone, so that it runs in every environment. It takes its orders as one JSON
argument, prints its port as one JSON line, waits until all connections are open, sends, and ends
when the client has gone.

    kind         which frames (frames.py)
    messages     how many in all, shared out among the connections
    connections  how many to wait for
    rate         messages a second, one write each, stamped with the clock's nanoseconds; 0: burst
    certificate  PEM file of certificate and key for TLS, or ""
    core         the CPU to stay on, or -1
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import select
import socket
import ssl
import sys
import time

import frames

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PATIENCE = 60


def handshake(connection: socket.socket) -> None:
    """Answer the opening handshake, whatever the path is."""
    connection.settimeout(PATIENCE)
    request = b""
    while b"\r\n\r\n" not in request:
        octets = connection.recv(65536)
        if not octets:
            sys.exit("a client hung up in its handshake")
        request += octets
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(b":") for line in request.split(b"\r\n")[1:])
    }
    accept = base64.b64encode(hashlib.sha1(headers[b"sec-websocket-key"] + GUID).digest())
    connection.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def accept_all(listener: socket.socket, number: int, certificate: str) -> list[socket.socket]:
    """Wait for the connections."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    connections = []
    for _ in range(number):
        connection, _ = listener.accept()
        connection.settimeout(PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        handshake(connection)
        connections.append(connection)
    return connections


def burst(connections: list[socket.socket], data: bytes) -> None:
    """Send the same octets to each connection, as fast as the clients take them."""
    if len(connections) == 1:
        connections[0].sendall(data)
        return
    # A piece to each in turn, so that all of them are busy at the same time.
    sent = dict.fromkeys(connections, 0)
    for connection in connections:
        connection.setblocking(False)
    view = memoryview(data)
    while sent:
        _, ready, _ = select.select([], list(sent), [], PATIENCE)
        if not ready:
            sys.exit("no client takes anything any more")
        for connection in ready:
            begin = sent[connection]
            try:
                sent[connection] += connection.send(view[begin : begin + 16384])
            except (BlockingIOError, ssl.SSLWantWriteError):
                continue
            if sent[connection] == len(data):
                del sent[connection]


def paced(connections: list[socket.socket], kind: str, messages: int, rate: float) -> None:
    """Send one frame at a time, by the clock."""
    make, number = frames.KINDS[kind], len(connections)
    begin = time.perf_counter()
    for i in range(messages):
        wait = begin + i / rate - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        # A client's callback subtracts this from its own reading of the same clock.
        connections[i % number].sendall(frames.frame(make(i + 1, time.monotonic_ns())))


def main() -> None:
    """Serve once."""
    order = json.loads(sys.argv[1])
    if order["core"] >= 0 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {order["core"]})
    data = b""
    if not order["rate"]:
        each = order["messages"] // order["connections"]
        data = b"".join(frames.frames(order["kind"], each))
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    listener.settimeout(PATIENCE)
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    connections = accept_all(listener, order["connections"], order["certificate"])
    if order["messages"]:
        time.sleep(0.2)  # the clients' own doings after the handshake are not measured
        if order["rate"]:
            paced(connections, order["kind"], order["messages"], order["rate"])
        else:
            burst(connections, data)
    for connection in connections:
        connection.setblocking(True)
        connection.settimeout(PATIENCE)
        try:
            while connection.recv(65536):
                pass
        except OSError:
            pass  # gone, in whatever way


if __name__ == "__main__":
    main()
