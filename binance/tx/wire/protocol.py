"""The WebSocket client protocol with its fast lane for frames, and its factories.

Autobahn parses each frame in several calls and slices its buffer each time. But nearly all frames
of market data have the same shape: text, final, not fragmented, not masked, not compressed. The
fast lane processes all complete frames of this shape of a read in one loop. Autobahn processes
everything else, so it enforces every rule of RFC 6455.

The protocol reports everything to its `Link` and decides nothing.
"""

from __future__ import annotations

import logging
import os
import re
import time
import zlib
from collections.abc import Callable
from struct import Struct
from sys import intern
from time import monotonic
from typing import Any, Protocol

import orjson
from autobahn.twisted.util import create_transport_details, peer2str
from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from autobahn.wamp.types import TransportDetails
from twisted.internet.protocol import ReconnectingClientFactory
from twisted.python.failure import Failure

from binance.sansio.wire import bans
from binance.sansio.wire.frames import OPCODE_BINARY, masked
from binance.sansio.wire.log_text import excerpt
from binance.sansio.wire.reads import LEAST_ROOM, next_room
from binance.tx.repeated_log import RepeatedLog
from binance.tx.wire import compat
from binance.tx.wire.dial import AnyThreadReactor, Deadline, verified_for
from binance.tx.wire.redacted_log import RedactedLog

logger = logging.getLogger("binance")

#: Maximum size of a message in octets; a longer one closes the link with 1009.
MAX_MESSAGE = 16 * 1024 * 1024
#: Maximum size of a frame that is held until it is complete; Autobahn streams a longer one.
MAX_HELD = 256 * 1024
#: Maximum size of the answer to the opening handshake, in octets.
MAX_HANDSHAKE = 64 * 1024
#: Maximum number of octets that are read of a refusal's text.
MAX_REFUSAL = 8 * 1024

# In seconds.
OPEN_HANDSHAKE_TIMEOUT = 10
CLOSE_HANDSHAKE_TIMEOUT = 1
SERVER_DROP_TIMEOUT = 1

# The first 16 bits of a final, unmasked text frame without reserved bits: plus a length up to 125,
# or with the length in the following 16 or 64 bits.
_TEXT = 0x8100
_TEXT_16 = 0x817E
_TEXT_64 = 0x817F
_GZIP = b"\x1f\x8b"
_LIMITED = re.compile(rb"HTTP/\d\.\d (?:418|429)\b")
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,9})", re.IGNORECASE)
_two_shorts = Struct("!HH").unpack_from
_long = Struct("!Q").unpack_from


class Link(Protocol):
    """What a protocol calls. `factory.link` holds it; every call is in the reactor thread.

    Only `link_message` may raise: `link_unprocessed` gets the exception, and the next message is
    delivered.
    """

    @property
    def may_read_ahead(self) -> bool:
        """Whether the messages of a read are delivered at once, however many they are."""
        return False

    def link_opened(self, protocol: BinanceClientProtocol) -> None: ...  # the handshake is done
    def link_message(self, message: Any) -> None: ...  # one decoded text message
    def link_malformed(self, payload: bytes) -> None: ...  # valid UTF-8 but not JSON
    def link_unprocessed(self, error: Exception) -> None: ...  # `link_message` raised
    def link_error(self, error: BaseException) -> None: ...  # an overridden hook raised
    def link_pong(self, payload: bytes) -> None: ...

    def link_read(self, octets: int, messages: int, seconds: float) -> None:
        """One read: its messages have been delivered, which took `seconds`."""

    def link_ping(self, protocol: BinanceClientProtocol, payload: bytes) -> None:
        """The server's ping; answer it with `protocol.sendPong(payload)`."""

    def link_closed(
        self,
        protocol: BinanceClientProtocol,
        was_clean: bool,
        code: int | None,
        reason: str | None,
        http_status: int | None,
        retry_after: float | None,
    ) -> None:
        """The connection has ended. Called exactly once for each protocol that was connected.

        :param http_status: the status of a refused opening handshake.
        :param retry_after: the seconds to wait after it.
        """


# The options that a connection copies from its factory, if they were changed there.
_OPTIONS = frozenset(WebSocketClientProtocol.CONFIG_ATTRS if compat.has("short details") else ())
_log: Any = None
if compat.has("Autobahn's log"):
    _log = RedactedLog(WebSocketClientProtocol.log)


class _SendQueue(list[Any]):
    """What Autobahn has to send in pieces, instead of a deque: an empty one takes 760 octets."""

    __slots__ = ()

    def popleft(self) -> Any:
        return self.pop(0)


class BinanceClientProtocol(WebSocketClientProtocol):
    """One WebSocket connection to the exchange.

    A subclass may override `onMessage(payload, isBinary)`, which then gets every message as bytes.
    Its exceptions are logged, and the connection stays open. A subclass may also override
    Autobahn's methods for single frames, but then messages are processed more slowly.
    """

    log = _log
    if _OPTIONS:
        CONFIG_ATTRS: list[str] = []

    # Attributes that Autobahn does not declare, or declares too narrowly.
    factory: Any
    transport: Any
    state: Any
    current_frame: Any
    localCloseCode: Any
    localCloseReason: Any
    closeHandshakeTimeout: float
    autoPingTimeoutCall: Any
    closeHandshakeTimeoutCall: Any
    trackedTimings: Any
    logOctets: bool
    logFrames: bool
    send_queue: Any
    maskClientFrames: bool
    applyMask: bool
    tcpNoDelay: bool
    maxMessagePayloadSize: int
    maxFramePayloadSize: int
    serverConnectionDropTimeout: int

    #: decodes a message; a link that another one doubles sets its own
    decode_payload: Callable[[bytes], Any] = staticmethod(orjson.loads)

    # Set in `_onOpen`; before that Autobahn processes every frame.
    _plain = False  # no hook of single frames is overridden
    _direct = False  # nor is `onMessage`: payloads may be decoded at once
    _longest = 0  # the longest payload, in octets, that Autobahn accepts
    _sends_whole = False  # frames may be written with one call

    _waits = False  # whether it waits for the rest of a refusal
    _ends = False  # whether that wait has ended
    _is_recoded = False
    _opened = False
    _closed = False
    _spoken = False
    last_message: object = None  # the last delivered message, after each read
    _walking = False
    _messages = 0  # number of messages in this read
    _room = LEAST_ROOM  # size of a read, in octets
    _missing = 0  # missing octets of the held frame
    _pieces: list[bytes]
    _late = b""  # octets that arrived during a read
    _linger: Any = None  # the delayed call of `_cut`

    # to the transport

    def sendFrame(
        self, opcode: int, payload: bytes = b"", fin: bool = True, *unusual: Any, **more: Any
    ) -> None:
        """Send a frame. Whole frames of an open link are written with one call.

        The other parameters are those of Autobahn's method, which sends every other frame.
        """
        if (
            self._sends_whole
            and fin
            and not (unusual or any(more.values()) or self.send_queue)
            and self.state == self.STATE_OPEN
            and not self.logFrames
            and not self.logOctets
        ):
            frame = masked(opcode, payload, os.urandom(4))
            self.transport.write(frame)
            self.trafficStats.outgoingWebSocketFrames += opcode <= OPCODE_BINARY
            self.trafficStats.outgoingOctetsWireLevel += len(frame)
        else:
            super().sendFrame(opcode, payload, fin, *unusual, **more)

    # from the transport

    def dataReceived(self, data: bytes) -> None:
        if self._walking:
            self._late += data  # a callback caused this read: process it after the present one
            return
        if self._late:
            data, self._late = self._late + data, b""
        began = monotonic()
        octets = len(data)
        if self.state == self.STATE_OPEN:
            self.trafficStats.incomingOctetsWireLevel += octets
        elif self.state == self.STATE_CLOSED:
            return
        elif self.state != self.STATE_CLOSING:
            self.trafficStats.preopenIncomingOctetsWireLevel += octets
        if self.logOctets:
            self.logRxOctets(data)
        self._messages = 0
        if self._missing:
            self._complete(data, octets)
        else:
            self.data = self.data + data if self.data else data
            self.consumeData()
        link = self.factory.link
        seconds = monotonic() - began
        if link is not None:
            link.link_read(octets, self._messages, seconds)
            if octets >= LEAST_ROOM or self._room > LEAST_ROOM:
                self._fit_room(link, octets, seconds)
        elif self._messages and not self._spoken:
            self._spoken = True
            self.factory.proven()
        if self._late:
            self.dataReceived(b"")

    def _fit_room(self, link: Link, octets: int, seconds: float) -> None:
        """Set the size of the next read, if Twisted reads from the socket for this protocol."""
        room = next_room(self._room, octets, seconds) if link.may_read_ahead else LEAST_ROOM
        if room != self._room and hasattr(type(self.transport), "bufferSize"):
            self._room = self.transport.bufferSize = room

    def _complete(self, data: bytes, octets: int) -> None:
        """Add data to the held frame; once it is complete, process it and the rest of the data.

        Only the octets of this frame are joined: to copy the whole read would cost more than the
        walk.
        """
        missing = self._missing
        if octets < missing and self.state == self.STATE_OPEN:
            self._pieces.append(data)
            self._missing -= octets
            return
        self._pieces.append(data[:missing])
        self.data = b"".join(self._pieces)
        self._pieces = []
        self._missing = 0
        self.consumeData()
        if missing >= octets:
            return
        if self.data:
            self.data += data[missing:]
            self.consumeData()
        else:
            self.data = data
            self._consume(missing)

    def connectionMade(self) -> None:
        """Begin the opening handshake.

        Autobahn parses the server's certificate, twice, and prints it and all options for its debug
        log: a third of the CPU time of opening a socket. So it gets details without certificate.
        """
        classes, options = type(self).__mro__, vars(self.factory)
        for option in _OPTIONS & options.keys():  # the others are in the class
            owner = next((each for each in classes if option in vars(each)), FastProtocol)
            if owner is FastProtocol:
                vars(self).setdefault(option, options[option])
        if not _OPTIONS or self._overrides("onConnecting"):
            super().connectionMade()
            return
        self.peer = peer2str(self.transport)
        self._transport_details = TransportDetails(peer=self.peer, is_server=False)
        self._connectionMade()
        if compat.has("whole frames") and not self.send_queue:
            self.send_queue = _SendQueue()

    @property
    def transport_details(self) -> Any:
        """Autobahn's details of the connection, with the server's certificate while it is up."""
        if not _OPTIONS:
            return super().transport_details
        if self.state == self.STATE_CLOSED:
            return self._transport_details
        return create_transport_details(self.transport, False)

    def _connectionMade(self) -> None:
        self._pieces = []
        super()._connectionMade()
        # Autobahn does this too, but too early, when it does not have the option yet.
        if hasattr(self.transport, "setTcpNoDelay"):
            self.transport.setTcpNoDelay(self.tcpNoDelay)

    def _connectionLost(self, reason: Any) -> None:
        self._pieces = []
        self._missing = 0
        for timer in (self._linger, self.closeHandshakeTimeoutCall):
            if timer is not None:  # Autobahn does not cancel the second one
                timer.cancel()
        self._linger = self.closeHandshakeTimeoutCall = None
        self._end_wait()
        super()._connectionLost(reason)

    def onOpenHandshakeTimeout(self) -> None:
        """Process a refusal whose text has not come, or end a handshake without answer."""
        self._end_wait()
        super().onOpenHandshakeTimeout()

    # the walk

    def consumeData(self) -> None:
        """Process the buffer. Autobahn calls this too, for the data after the 101 response."""
        self._consume(0)

    def _consume(self, position: int) -> None:
        """Process the buffer from a position on."""
        if self.state not in (self.STATE_OPEN, self.STATE_CLOSING):
            self.data = self.data[position:]
            super().consumeData()
            return
        self._walking = True
        try:
            while True:
                # The fast lane needs an open link between two messages, without hooks or listeners.
                if (
                    self.state == self.STATE_OPEN
                    and self.current_frame is None
                    and not self.inside_message
                    and self._plain
                    and not self.logFrames
                    and self.trackedTimings is None
                    and not self._listeners
                    and self.autoPingTimeoutCall is None
                ):
                    if self._walk(position):
                        return
                elif position:
                    self.data = self.data[position:]
                position = 0
                if self.state == self.STATE_CLOSED or not self.processData():
                    return
        finally:
            self._walking = False

    def _walk(self, position: int) -> bool:
        """Deliver the complete plain text frames in the buffer, from a position on.

        Returns True if the buffer is done: it is empty, or a partial frame is held.  Returns False
        if Autobahn has to process the rest: another kind of frame, a bad one, an incomplete header,
        or anything after the state OPEN.
        """
        take: Callable[[bytes], Any]
        deliver: Callable[[Any], object]
        if self._direct:
            link = self.factory.link
            take = self.decode_payload
            deliver = self.factory.deliver if link is None else link.link_message
        else:
            take, deliver = _checked, self._give_payload
        data, self.data = self.data, b""
        end = len(data)
        last = end - 4  # the last position at which two shorts can be read
        messages = octets = 0
        message = self.last_message
        before: bytes | None = None  # the last good payload
        is_open = self.STATE_OPEN
        try:
            while position <= last:
                head, length = _two_shorts(data, position)
                if head == _TEXT_16:
                    if length < 126:
                        break  # not the shortest form: Autobahn closes with 1002
                    start = position + 4
                elif _TEXT <= head < _TEXT_16:
                    length = head - _TEXT
                    start = position + 2
                elif head == _TEXT_64 and end - position >= 10:
                    (length,) = _long(data, position + 2)
                    if not 0xFFFF < length <= self._longest:
                        break
                    start = position + 10
                else:
                    break
                stop = start + length
                if stop > end:
                    if length <= MAX_HELD:
                        self._pieces = [data[position:]]
                        self._missing = stop - end
                        position = end
                    break
                payload = data[start:stop]
                message = None  # a list that is freed now is still in the processor's cache
                try:
                    message = take(payload)
                except ValueError:
                    if self._direct:
                        message = self.last_message if before is None else orjson.loads(before)
                    if not _is_utf8(payload):
                        break  # Autobahn closes with 1007
                    # Written twice: a shared step would make each good message slower.
                    position = stop
                    messages += 1
                    octets += length
                    self._malformed(payload)
                else:
                    position = stop
                    messages += 1
                    octets += length
                    before = payload
                    deliver(message)
                if self.state != is_open:
                    break
        except Exception as error:  # noqa: BLE001 - one message must not drop the link
            self._unprocessed(error)  # the position is after this message: the walk continues
        finally:
            if position < end:
                self.data = data[position:]
            self._messages += messages
            if self._direct:  # else `onMessage` has set it
                self.last_message = message
            stats = self.trafficStats
            stats.incomingOctetsWebSocketLevel += octets
            stats.incomingOctetsAppLevel += octets
            stats.incomingWebSocketFrames += messages
            stats.incomingWebSocketMessages += messages
        return position == end

    # from Autobahn

    def _onOpen(self) -> None:
        self._plain = not any(self._overrides(name) for name in compat.FRAME_HOOKS)
        self._direct = not self._overrides("onMessage")
        self._longest = min(
            self.maxMessagePayloadSize or 1 << 63, self.maxFramePayloadSize or 1 << 63
        )
        self._plain = self._plain and self._longest > 0xFFFF
        self._sends_whole = (
            compat.has("whole frames")
            and self.maskClientFrames
            and self.applyMask
            and not self._overrides("sendData")
        )
        self._opened = True
        self._guarded(super()._onOpen)
        if compat.has("refusals"):
            self._forget_handshake()
        if self.factory.link is not None:
            self.factory.link.link_opened(self)

    def _forget_handshake(self) -> None:
        """Save 1 KB: nobody needs its octets now, and the headers of all links have the same words.

        The request may contain a listen key, too.
        """
        self.http_request_data = self.http_response_data = b""
        self.http_headers = {intern(name): intern(line) for name, line in self.http_headers.items()}
        self.http_status_line = intern(self.http_status_line)

    def _overrides(self, name: str) -> bool:
        return name in self.__dict__ or getattr(type(self), name) is not _OWN_HOOKS[name]

    def _onMessage(self, payload: bytes, isBinary: bool) -> None:
        self._messages += 1
        self._guarded(self.onMessage, payload, isBinary)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Decode one message and deliver it.

        The exchange sends text. A binary message contains JSON too, or gzipped JSON, as in the old
        options streams.
        """
        try:
            is_gzip = isBinary and payload.startswith(_GZIP)
            message = self.decode_payload(_unzipped(payload) if is_gzip else payload)
        except ValueError:
            self._malformed(payload)
            return
        self.last_message = message
        link = self.factory.link
        try:
            (self.factory.deliver if link is None else link.link_message)(message)
        except Exception as error:  # noqa: BLE001 - one message must not drop the link
            self._unprocessed(error)

    def _onPing(self, payload: bytes) -> None:
        self._guarded(self.onPing, payload)

    def onPing(self, payload: bytes) -> None:
        """Pass the server's ping to the link, or answer it."""
        if self.factory.link is None:
            self.sendPong(payload)
        else:
            self.factory.link.link_ping(self, payload)

    def _onPong(self, payload: bytes) -> None:
        self._guarded(self.onPong, payload)

    def onPong(self, payload: bytes) -> None:
        """Report the server's pong."""
        if self.factory.link is not None:
            self.factory.link.link_pong(payload)

    def onCloseFrame(self, code: Any, reasonRaw: Any) -> bool | None:
        """Answer a close frame, and drop the connection after `serverConnectionDropTimeout`.

        Autobahn would wait for ever if the server closes first and does not drop the connection,
        and its timers use another reactor.
        """
        timeout, self.serverConnectionDropTimeout = self.serverConnectionDropTimeout, 0
        try:
            stop: bool | None = super().onCloseFrame(code, reasonRaw)
        finally:
            self.serverConnectionDropTimeout = timeout
        if (
            self.state == self.STATE_CLOSING
            and timeout > 0
            and self.serverConnectionDropTimeoutCall is None
        ):
            self.serverConnectionDropTimeoutCall = self.factory.clock.callLater(
                timeout, self.onServerConnectionDropTimeout
            )
        return stop

    def processHandshake(self) -> None:
        """Read the answer to the opening handshake; any answer is possible."""
        if len(self.data) > MAX_HANDSHAKE:
            self.failHandshake(f"the answer to the handshake is longer than {MAX_HANDSHAKE} octets")
            return
        try:
            if self._awaits_text():
                return
            self._read_as_latin1()
            super().processHandshake()
        except (ValueError, LookupError) as error:
            self.failHandshake(f"the answer to the handshake is not valid: {error}")

    def _closeConnection(self, abort: bool = False) -> None:
        super()._closeConnection(abort)
        if not abort and self._linger is None:
            # A TLS peer that never answers the closing alert would keep the socket open for ever.
            self._linger = self.factory.clock.callLater(SERVER_DROP_TIMEOUT, self._cut)

    def _cut(self) -> None:
        self._linger = None
        self.transport.abortConnection()

    def _onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self._guarded(super()._onClose, wasClean, code, reason)
        if self._closed:
            return
        self._closed = True
        if self.factory.link is not None:
            status, retry_after = self._refusal()
            code, reason = self._why(wasClean, code, reason)
            self.factory.link.link_closed(self, wasClean, code, reason, status, retry_after)

    # inside

    def _why(
        self, was_clean: bool, code: int | None, reason: str | None
    ) -> tuple[int | None, str | None]:
        """Close code and reason. If we failed the link, those that we sent to the server."""
        if self.failedByMe and self.localCloseCode is not None:
            ours = self.localCloseReason
            return self.localCloseCode, None if ours is None else ours.decode(errors="replace")
        if was_clean:
            return code, reason
        reason = self.wasNotCleanReason or reason
        if reason is not None and self._is_recoded:
            reason = reason.encode("iso-8859-1", "replace").decode(errors="replace")
        return (code if self._opened else None), reason

    def _awaits_text(self) -> bool:
        """Whether to wait for the text of a refusal, which may contain the end of a ban."""
        head, found, text = self.data.partition(b"\r\n\r\n")
        if not found or not _LIMITED.match(head) or b"\nretry-after:" in head.lower():
            return False
        length = _LENGTH.search(head)
        whole = length is None or len(text) >= min(int(length[1]), MAX_REFUSAL)
        if self._ends or whole:
            return False
        self._waits = True
        return True

    def _end_wait(self) -> None:
        """Process what there is of a refusal: there will be no more of its text."""
        if self._waits and self.state == self.STATE_CONNECTING:
            self._ends = True
            self.processHandshake()

    def _read_as_latin1(self) -> None:
        """Convert a head with octets beyond ASCII, so that Autobahn can read it (RFC 9110 §5.5).

        Autobahn decodes the head as UTF-8; it may be ISO-8859-1.
        """
        head, found, rest = self.data.partition(b"\r\n\r\n")
        if found and not self._is_recoded and not head.isascii():
            self._is_recoded = True
            self.data = head.decode("iso-8859-1").encode() + found + rest

    def _refusal(self: Any) -> tuple[int | None, float | None]:
        """HTTP status of a refused opening handshake, and its Retry-After in seconds."""
        if not compat.has("refusals"):
            return None, None
        words = str(getattr(self, "http_status_line", "")).split(None, 2)
        if self._opened or len(words) < 2 or not words[0].startswith("HTTP/"):
            return None, None
        if not words[1].isdecimal() or words[1] == "101":
            return None, None
        status, header = int(words[1]), getattr(self, "http_headers", {}).get("retry-after")
        data = getattr(self, "data", b"")
        head = getattr(self, "http_response_data", data)
        text = data[len(head) :].decode(errors="replace")
        return status, bans.stay_away(status, header, text, time.time())

    def _malformed(self, payload: bytes) -> None:
        if self.factory.link is not None:
            self.factory.link.link_malformed(payload)
        else:
            logger.warning("a message is no JSON object or list: %s", excerpt(payload))

    def _unprocessed(self, error: Exception) -> None:
        if self.factory.link is not None:
            self.factory.link.link_unprocessed(error)
        else:
            self.factory.failed(error)

    def _give_payload(self, payload: bytes) -> None:
        self._guarded(self.onMessage, payload, False)

    def _guarded(self, hook: Callable[..., object], *args: object) -> None:
        """Call a hook that a subclass may override; its exception does not drop the link."""
        try:
            hook(*args)
        except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001
            if self.factory.link is not None:
                self.factory.link.link_error(error)
            else:
                self.factory.failed(error)


_OWN_HOOKS = {
    name: getattr(BinanceClientProtocol, name, None)
    for name in (*compat.FRAME_HOOKS, "onConnecting", "onMessage", "sendData")
}


class PlainProtocol(WebSocketClientProtocol):
    """The same protocol by Autobahn's public names alone, without the fast lane.

    It is used if the installed Autobahn lacks a name that the fast lane needs.
    """

    log = _log

    factory: Any
    transport: Any

    _opened = False
    _messages = 0  # number of messages in this read
    _spoken = False
    last_message: object = None

    decode_payload = BinanceClientProtocol.decode_payload
    _malformed = BinanceClientProtocol._malformed
    _unprocessed = BinanceClientProtocol._unprocessed
    _refusal = BinanceClientProtocol._refusal
    onPing = BinanceClientProtocol.onPing
    onPong = BinanceClientProtocol.onPong

    def dataReceived(self, data: bytes) -> None:
        """Pass a read to Autobahn, and report it."""
        began, self._messages = monotonic(), 0
        super().dataReceived(data)
        link = self.factory.link
        if link is not None:
            link.link_read(len(data), self._messages, monotonic() - began)
        elif self._messages and not self._spoken:
            self._spoken = True
            self.factory.proven()

    def onOpen(self) -> None:
        """Report that the handshake is done."""
        self._opened = True
        if self.factory.link is not None:
            self.factory.link.link_opened(self)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Decode one message and deliver it."""
        self._messages += 1
        FastProtocol.onMessage(self, payload, isBinary)  # type: ignore[arg-type]

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Report the end, once."""
        link, self.factory.link = self.factory.link, None
        if link is not None:
            status, retry_after = self._refusal()
            code = code if self._opened else None
            link.link_closed(self, wasClean, code, reason, status, retry_after)


FastProtocol = BinanceClientProtocol
if not compat.has("fast lane"):
    BinanceClientProtocol = PlainProtocol  # type: ignore[assignment,misc]


def _checked(payload: bytes) -> bytes:
    """The payload itself; raises UnicodeDecodeError, a ValueError, if it is not UTF-8."""
    if not payload.isascii():
        payload.decode()
    return payload


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unzipped(payload: bytes) -> bytes:
    """The content of a gzip message, at most `MAX_MESSAGE` octets; else ValueError."""
    gunzip = zlib.decompressobj(wbits=31)
    try:
        content = gunzip.decompress(payload, MAX_MESSAGE)
    except zlib.error as error:
        raise ValueError("not gzip") from error
    if not gunzip.eof:
        raise ValueError("cut short, or too long")
    return content


class BinanceReconnectingClientFactory(ReconnectingClientFactory):
    """Twisted's reconnecting factory with this library's delays, in seconds."""

    initialDelay = 0.1
    maxDelay = 10
    maxRetries: int | None = 5  # type: ignore[assignment]
    noisy = False


class _Timers:
    """Autobahn's timers, on the factory's clock instead of txaio's reactor."""

    def __init__(self, factory: BinanceClientFactory) -> None:
        self._factory = factory

    def call_later(self, delay: float, call: Callable[..., object], *args: object) -> Deadline:
        return Deadline(self._factory.clock, delay, call, *args)


class BinanceClientFactory(WebSocketClientFactory, BinanceReconnectingClientFactory):
    """Builds the connections of one URL: `BinanceClientFactory(url)`, as Autobahn's factory.

    Set `callback`, which gets each parsed message, and `protocol` for a subclass of
    `BinanceClientProtocol`. Then pass the factory to `connectWS`. A connection that fails or is
    lost is retried `maxRetries` times. Then the callback gets `_reconnect_error_payload`, once.
    """

    protocol: type[BinanceClientProtocol] = BinanceClientProtocol
    reactor: Any
    clock: Any
    callback: Callable[[Any], object] | None = None
    reconnect = True
    link: Link | None = None
    #: Plain `ws://` to another machine is refused unless this is set.
    allow_plain = False
    _reconnect_error_payload: dict[str, str] = {
        "e": "error",
        "m": "Max reconnect retries reached",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._error_log = RepeatedLog()
        # Makes Autobahn's own connectWS safe in any thread.
        self.reactor = self.clock = AnyThreadReactor(self.reactor)

    @property
    def contextFactory(self) -> Any:
        """The TLS context for Autobahn's own proxy support; it always verifies."""
        return self._context

    @contextFactory.setter
    def contextFactory(self, given: Any) -> None:
        self._context = verified_for(self, given)

    def resetProtocolOptions(self) -> None:
        """Set this library's defaults of Autobahn's options; compression stays off."""
        options = vars(self)
        for option, default in _DEFAULTS.items():
            options.pop(option, None)
            if isinstance(default, list):  # a script may append to it
                options[option] = list(default)
        if compat.has("Autobahn's timers"):
            self._batched_timer = _Timers(self)

    # from the protocol, while no link is set

    def deliver(self, message: Any) -> None:
        """Deliver a message to `callback`; its exceptions are logged."""
        if self.callback is None:
            return
        try:
            self.callback(message)
        except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001
            self.failed(error)

    def failed(self, error: BaseException) -> None:
        """Log an exception of user code; SystemExit and KeyboardInterrupt stop the reactor."""
        self._error_log.raised("a callback", error, time.monotonic())
        if not isinstance(error, Exception):
            self.reactor.callFromThread(self.reactor.stop)

    def proven(self) -> None:
        """A first message came: reset the number of retries."""
        if self.continueTrying:
            self.resetDelay()

    # from a connector of user code

    def manage(self, connector: Any) -> bool:
        """Whether an owner takes this connector over and connects it.  Any thread."""
        return False

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        """The connection failed: try again."""
        self._try_again(connector)

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
        """The connection was lost: try again."""
        self._try_again(connector)

    def _try_again(self, connector: Any) -> None:
        if not self.reconnect:
            return
        self.retry(connector)
        if self.maxRetries is not None and self.retries == self.maxRetries + 1:
            self.deliver(dict(self._reconnect_error_payload))


def _default_options() -> dict[str, Any]:
    """The options of a new factory."""
    new: Any = object.__new__(WebSocketClientFactory)
    new.resetProtocolOptions()
    new.setProtocolOptions(
        failByDrop=False,
        maxMessagePayloadSize=MAX_MESSAGE,
        openHandshakeTimeout=OPEN_HANDSHAKE_TIMEOUT,
        closeHandshakeTimeout=CLOSE_HANDSHAKE_TIMEOUT,
        serverConnectionDropTimeout=SERVER_DROP_TIMEOUT,
        tcpNoDelay=True,
    )
    options: dict[str, Any] = vars(new)
    return options


# Attributes of the classes: for each socket in its own factory and protocol they take 3 KB.
_DEFAULTS = _default_options()
for _name, _value in _DEFAULTS.items():
    _default = staticmethod(_value) if callable(_value) else _value
    setattr(BinanceClientFactory, _name, _default)
    if _name in _OPTIONS:
        setattr(FastProtocol, _name, _default)
