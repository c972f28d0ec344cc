"""A stream server for the process tests: `feed.py [PORT]` prints its port, then serves.

Every path gets a trade about every 20 ms.  `/ws/silent..` opens and says nothing.  A line on the
standard input is a command: `drop` drops all links, `down` stops listening as well, `up` listens
again.  The end of the input ends the server, so that it never outlives its test.
"""

import json
import sys

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet import reactor, stdio
from twisted.protocols.basic import LineReceiver


class Feed(WebSocketServerProtocol):
    def connectionMade(self):
        super().connectionMade()
        self.factory.links.add(self)

    def onConnect(self, request):
        self.is_silent = "silent" in request.path
        self.stream = request.path.rpartition("/")[2]

    def onOpen(self):
        self.number = 0
        if not self.is_silent:
            self.say()

    def say(self):
        if self.state != self.STATE_OPEN:
            return
        self.number += 1
        trade = {"e": "trade", "E": 1, "s": self.stream, "t": self.number}
        self.sendMessage(json.dumps(trade).encode())
        reactor.callLater(0.02, self.say)

    def onClose(self, was_clean, code, reason):
        self.factory.links.discard(self)
        report("closed", was_clean, code)


class Control(LineReceiver):
    delimiter = b"\n"

    def __init__(self, factory, port):
        self.factory, self.port, self.number = factory, port, port.getHost().port

    def lineReceived(self, line):
        if line == b"down":
            self.port.stopListening()
        if line in (b"down", b"drop"):
            for link in list(self.factory.links):
                link.transport.abortConnection()
        elif line == b"up":
            self.port = listen(self.number, self.factory)
        report(line.decode())

    def connectionLost(self, reason):
        reactor.stop()


def report(*words):
    print(*words, flush=True)


def listen(number, factory):
    return reactor.listenTCP(number, factory, interface="127.0.0.1")


factory = WebSocketServerFactory()
factory.protocol = Feed
factory.links = set()
port = listen(int(sys.argv[1]) if len(sys.argv) > 1 else 0, factory)
report(port.getHost().port)
stdio.StandardIO(Control(factory, port))
reactor.run()
