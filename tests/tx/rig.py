"""A socket with everything around it faked: the wire, the clock, the dice, the manager."""

import json
from urllib.parse import unquote

import pytest
from autobahn.exception import Disconnected
from twisted.internet.defer import CancelledError, Deferred, maybeDeferred
from twisted.internet.task import Clock

from binance.sansio.link.budget import ConnectBudget
from binance.sansio.link.reconnect import RetryPolicy
from binance.sansio.names.streams import encoded
from binance.tx.dependencies import Dependencies
from binance.tx.sessions.market import Multiplex, RawSession
from binance.tx.socket import Options, Socket
from binance.tx.wire.dial import DialError

KEY = "bnbbtc@trade"
WALL = 1_700_000_000.0  # the UNIX time at the start of the clock
#: where a callback may be called
DISPATCHES = ["reactor", pytest.param("thread", marks=pytest.mark.thread)]


class FakeTransport:
    def __init__(self, protocol):
        self.protocol = protocol

        self.is_paused = False

    def abortConnection(self):
        self.protocol.lose(False, 1006, "aborted")

    def pauseProducing(self):
        self.is_paused = True

    def resumeProducing(self):
        self.is_paused = False


class FakeProtocol:
    """A protocol that is told what to say, and closes when the test says so."""

    def __init__(self, link):
        self.link = link
        self.transport = FakeTransport(self)
        self.closing = False
        #: the exchange has begun the closing handshake
        self.is_being_closed = False
        self.sent = []
        self.pings = 0
        self.pongs = []
        self.is_lost = False
        self.last_message = None
        self.decode_payload = None

    def sendClose(self, code):
        self.closing = True

    def sendMessage(self, payload):
        if self.is_being_closed or self.is_lost:
            raise Disconnected("Attempt to send on a closed protocol")  # as Autobahn's does
        self.sent.append(json.loads(payload))

    def sendPing(self, payload):
        self.pings += 1

    def sendPong(self, payload):
        self.pongs.append(payload)

    def open(self):
        self.link.link_opened(self)

    def say(self, *messages, seconds=0.0):
        """One read; as the protocol's walk does, all that it brought goes to one sink."""
        deliver = self.link.link_message
        for message in messages:
            if self.decode_payload is not None:
                message = self.decode_payload(json.dumps(message).encode())
            deliver(message)
            self.last_message = message
        self.link.link_read(100 * len(messages), len(messages), seconds)

    def acknowledge(self):
        """Answer all that was asked, as the exchange does."""
        streams = list(self.carries)
        for request in self.sent:
            if request["method"] == "SUBSCRIBE":
                streams += request["params"]
            elif request["method"] == "UNSUBSCRIBE":
                streams = [name for name in streams if name not in request["params"]]
            listing = request["method"] == "LIST_SUBSCRIPTIONS"
            self.say({"result": streams if listing else None, "id": request["id"]})
        self.carries, self.sent = streams, []

    def lose(self, clean=False, code=1006, reason=None, http_status=None, retry_after=None):
        if self.is_lost:
            return
        self.is_lost = True
        self.link.link_closed(self, clean, code, reason, http_status, retry_after)


class Wire:
    """Hands out dials for the test to decide."""

    def __init__(self):
        self.dials = []
        self.urls = []
        self.cancelled = 0
        #: what dials raise before they begin
        self.refusals = []

    def __call__(self, url, factory):
        if self.refusals:
            raise self.refusals.pop()
        self.urls.append(url)
        dialing = Deferred(self._cancel)
        self.dials.append((factory, dialing))
        return dialing

    def _cancel(self, dialing):
        self.cancelled += 1
        dialing.errback(CancelledError())

    def connect(self):
        """Let the last dial succeed; the WebSocket handshake is still to come."""
        factory, dialing = self.dials[-1]
        protocol = FakeProtocol(factory.link)
        _, _, streams = self.urls[-1].partition("?streams=")
        protocol.carries = unquote(streams.partition("&")[0]).split("/") if streams else []
        dialing.callback(protocol)
        return protocol

    def open(self):
        protocol = self.connect()
        protocol.open()
        return protocol

    def fail(self, reason="connection refused", **details):
        self.dials[-1][1].errback(DialError(reason, **details))


class FakeOwner:
    def __init__(self):
        self.events = []
        self.released = []
        self.gone_sockets = []
        self.stopped_reactor = False

    def release(self, socket):
        self.released.append(socket)

    def gone(self, socket):
        self.gone_sockets.append(socket)

    def report(self, event):
        self.events.append(event)

    def stop_reactor(self):
        self.stopped_reactor = True


class Rig:
    """A socket with everything around it faked, and one list of all that happens."""

    def __init__(
        self,
        callback=None,
        policy=None,
        bases=("wss://a:9443/", "wss://a:443/"),
        stream=KEY,
        names=None,
        limit=None,
        market="spot",
        query="",
        options=None,
        sessions=None,
        clock=None,
        steady=None,
        may_act=None,
        **world_options,
    ):
        self.clock, self.wire, self.owner, self.got = clock or Clock(), Wire(), FakeOwner(), []
        usual = {
            "connects": ConnectBudget(),
            "messages": lambda market, host: None,
            "in_thread": maybeDeferred,
            "wall": lambda: WALL + self.clock.seconds(),
        }
        dependencies = Dependencies(
            clock=steady or self.clock,
            dial=self.wire,
            call=lambda function, *args: function(*args),
            may_act=may_act or (lambda: True),
            chance=lambda: 0.5,
            **(usual | world_options),
        )

        def usual_sessions(socket):
            if names is None:
                return [RawSession(socket, bases, encoded(f"ws/{stream}"), stream)]
            socket.multiplex = Multiplex(socket, bases, names, market, limit, query)
            return socket.multiplex.sessions

        self.socket = Socket(
            self.owner,
            KEY,
            callback or self.got.append,
            dependencies,
            Options(policy=policy or RetryPolicy(), **(options or {})),
            sessions or usual_sessions,
            takes_changes=names is not None,
        )

    def start(self):
        self.socket.start()
        return self

    def up(self):
        self.start()
        protocol = self.wire.open()
        protocol.say({"n": 0, "x": 1, "y": 2})
        return protocol

    @property
    def kinds(self):
        return [type(event) for event in self.owner.events]

    def assert_nothing_left(self):
        assert self.clock.getDelayedCalls() == []
        assert self.owner.gone_sockets == [self.socket]

    def pass_time(self, seconds, step=0.5):
        """Let the clock run as a reactor does: in steps."""
        for _ in range(round(seconds / step)):
            self.clock.advance(step)

    def pass_time_until_dial(self):
        """Let the clock run until the next try, or its absence for two minutes."""
        dials, end = len(self.wire.dials), self.clock.seconds() + 120
        while len(self.wire.dials) == dials and self.clock.seconds() < end:
            if not self.clock.getDelayedCalls():
                return
            self.clock.advance(0.1)
