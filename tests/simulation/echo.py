"""The least of an exchange: accepts WebSockets and sends each a trade a second."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from simulation.world.install import reactor

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Echo:
    """Keeps its links, and what was dialled and asked."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.syns: list[tuple[float, str]] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.answers: list[Any] = []

    def syn(self, host: str) -> None:
        self.syns.append((reactor.now, host))

    def accept(self, end: Any) -> Link:
        self.links.append(Link(end))
        return self.links[-1]

    def rest(
        self, method: str, path: str, params: dict[str, str], headers: object
    ) -> tuple[int, dict[str, str], bytes]:
        self.asked.append((method, path, params))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    def cut(self) -> None:
        for link in self.links:
            link.end.server_rst()


class Link:
    """The server's end of a connection."""

    lag = 0.0

    def __init__(self, end: Any) -> None:
        self.end = end
        self.got = b""
        self.is_lost = self.is_open = False
        self.count = 0

    def received(self, data: bytes) -> None:
        self.got += data
        head, found, _ = self.got.partition(b"\r\n\r\n")
        if found and not self.is_open:
            self.is_open = True
            key = next(
                line.partition(b":")[2].strip()
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"sec-websocket-key:")
            )
            accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
            self.end.down.send(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            )
            self.trade()
        elif data[:1] == b"\x88":
            self.end.down.send(b"\x88\x02\x03\xe8")
            self.end.server_fin()

    def trade(self) -> None:
        if not self.is_lost:
            self.count += 1
            text = b'{"e":"trade","E":1,"s":"BNBBTC","t":%d,"T":1}' % self.count
            self.end.down.send(bytes((0x81, len(text))) + text)
            reactor.at(1.0, self.trade)

    def lost(self) -> None:
        self.is_lost = True
