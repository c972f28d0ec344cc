"""The exchange's end of one connection."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import orjson

from simulation.exchange import frames
from simulation.exchange.accounts import market_of

if TYPE_CHECKING:
    from simulation.exchange.server import Exchange

#: https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams#general-wss-information
PING_SECONDS = 20.0
PONG_SECONDS = 60.0
MESSAGES_PER_SECOND = {"spot": 5, "usdm": 10, "coinm": 10}
#: How long the exchange waits for the answer to its own close frame.
CLOSING_SECONDS = 2.0


class ExchangeLink:
    """A handshake, then frames: streams, requests, pings."""

    def __init__(self, exchange: Exchange, end: Any, lag: float) -> None:
        self.exchange, self.end, self.lag = exchange, end, lag
        self.path = ""
        self.is_open = self.is_over = False
        #: when the client read that it is open
        self.opened_at: float | None = None
        self.is_combined = False
        #: names that the client asked for, known or not, and those that the machine has lost
        self.names: dict[str, None] = {}
        self.stalled: set[str] = set()
        #: what the client asked of it in the URL
        self.account: str | None = None
        self.subscription: int | None = None
        self.listen_key: str | None = None
        self.client_said_goodbye = self.we_said_goodbye = False
        self.empty_since: float | None = None
        self._data = b""
        self._is_deaf = False
        self._counted: deque[float] = deque()
        self._pinged = exchange.now
        self._pong_due: float | None = None
        self._paused_before_ping = 0.0

    @property
    def market(self) -> str:
        return {"f": "usdm", "d": "coinm"}.get(self.end.host[0], "spot")

    @property
    def category(self) -> str:
        """`public`, `market` or `private` on futures, empty elsewhere."""
        return self.path.split("/")[1] if self.market == "usdm" else ""

    # to the client

    def send(self, data: bytes) -> None:
        if not self.is_over and not self.we_said_goodbye:
            self.end.down.send(data)

    def text(self, message: object) -> None:
        self.send(frames.frame(frames.TEXT, orjson.dumps(message)))

    def close(self, code: int) -> None:
        """Begin a closing handshake."""
        if self.is_open and not self.is_over and not self.we_said_goodbye:
            self.send(frames.close(code))
            self.we_said_goodbye = True
            self.exchange.later(CLOSING_SECONDS, self.hang_up)

    def hang_up(self) -> None:
        """End the connection in order."""
        if not self.is_over:
            self._forget()
            self.end.server_fin()

    def reset(self) -> None:
        """End the connection with a TCP reset."""
        if not self.is_over:
            self._forget()
            self.end.server_rst()

    def go_silent(self) -> None:
        """Become half-open: nothing passes in either direction, and nobody is told."""
        if not self.is_over:
            self._forget()
            self.end.half_open()

    # from the client's end

    def lost(self) -> None:
        """The client has ended the connection."""
        if not self.is_over:
            if self.is_open and not self.client_said_goodbye and not self.we_said_goodbye:
                self.exchange.watcher.ended_rudely(self)
            self._forget()

    def received(self, data: bytes) -> None:
        if self.is_over or self._is_deaf:
            return
        self._data += data
        if not self.is_open:
            if b"\r\n\r\n" in self._data:
                head, _, self._data = self._data.partition(b"\r\n\r\n")
                self._shake_hands(head)
            return
        while not self.is_over and (found := frames.read(self._data)) is not None:
            opcode, payload, self._data = found
            self._take(opcode, payload)

    # from the clock

    def each_second(self) -> None:
        now = self.exchange.now
        if self.is_over or not self.is_open:
            return
        if now - self._pinged >= PING_SECONDS:
            self._pinged = now
            if self._pong_due is None:
                self._pong_due = now + PONG_SECONDS
                self._paused_before_ping = self.end.paused_seconds
            self.send(frames.frame(frames.PING, b"%d" % int(now)))
        if self._pong_due is not None and now > self._pong_due:
            self.exchange.watcher.no_pong(self, self.end.paused_seconds - self._paused_before_ping)
            self.close(1008)

    # inside

    def _forget(self) -> None:
        self.is_over = True
        self.exchange.forget(self)

    def _shake_hands(self, head: bytes) -> None:
        exchange = self.exchange
        request, *lines = head.split(b"\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(b":")
            headers[name.strip().lower()] = value.strip()
        self.path = request.split(b" ")[1].decode()
        if exchange.is_mute:
            self._is_deaf = True
            return
        if exchange.handshake_refusal is not None:
            status, retry_after = exchange.handshake_refusal
            self.end.down.send(frames.refusal(status, retry_after))
            if retry_after is not None:
                until = exchange.now + retry_after
                self.end.when_read(lambda: exchange.banned(self.end.host, until))
            self.hang_up()
            return
        self.end.down.send(frames.switching(headers[b"sec-websocket-key"]))
        self.is_open = True
        self.end.when_read(self._is_known)
        self._pinged = exchange.now
        exchange.opened(self)
        self._read_url()

    def _is_known(self) -> None:
        self.opened_at = self.exchange.now

    def _read_url(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/public").removeprefix("/market").removeprefix("/private")
        if path.startswith("/ws-api"):
            self.account = ""  # until it subscribes
        elif key := self._key(path, parts.query):
            self.account, self.listen_key = "key", key
        elif path.startswith("/ws/"):
            self.add([unquote(path[4:])])
        else:
            self.is_combined = True
            streams = dict(p.partition("=")[::2] for p in parts.query.split("&")).get("streams", "")
            self.add([unquote(name) for name in streams.split("/") if name])

    def _key(self, path: str, query: str) -> str | None:
        """The listen key of a URL: in the query on USD-M, where a key in the path is silent."""
        given = dict(part.partition("=")[::2] for part in query.split("&"))
        key = given.get("listenKey") if self.market == "usdm" else path.removeprefix("/ws/")
        is_mine = key in self.exchange.accounts.keys_made and market_of(key) == self.market
        return key if is_mine and self.category in ("", "private") else None

    def add(self, names: list[str]) -> None:
        for name in names:
            self.names[name] = None
            self.exchange.join(self, name)
        self._note_emptiness()

    def remove(self, names: list[str]) -> None:
        for name in names:
            if name in self.names:
                del self.names[name]
                self.exchange.leave(self, name)
                self.exchange.left_at[name] = self.exchange.now
        self._note_emptiness()

    def _note_emptiness(self) -> None:
        self.empty_since = None if self.names else self.exchange.now

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == frames.CLOSE:
            self.client_said_goodbye = True
            if not self.we_said_goodbye:
                self.end.down.send(frames.frame(frames.CLOSE, payload[:2]))
            self.hang_up()
            return
        self._count()
        if opcode == frames.PING:
            self.send(frames.frame(frames.PONG, payload))
        elif opcode == frames.PONG:
            self._pong_due = None
        elif opcode == frames.TEXT:
            self._request(orjson.loads(payload))

    def _count(self) -> None:
        now, counted = self.exchange.now, self._counted
        counted.append(now)
        while counted[0] <= now - 1.0:
            counted.popleft()
        if len(counted) > MESSAGES_PER_SECOND[self.market]:
            self.exchange.watcher.too_many_messages(self, len(counted))

    def _request(self, message: dict[str, Any]) -> None:
        exchange = self.exchange
        exchange.watcher.requested(self, message)
        if exchange.answers_nothing:
            return
        if self.account is not None and self.listen_key is None:
            exchange.accounts.request(self, message)
            return
        method, number, names = message.get("method"), message.get("id"), message.get("params")
        if method == "SUBSCRIBE":
            if exchange.refuses(names or []):
                self.text(exchange.refusal_of(number))
                return
            self.add(names or [])
        elif method == "UNSUBSCRIBE":
            self.remove(names or [])
        listed = list(self.names) if method == "LIST_SUBSCRIPTIONS" else None
        self.text({"result": listed, "id": number})
