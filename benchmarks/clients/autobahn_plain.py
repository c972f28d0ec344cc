"""Autobahn on Twisted as it is, with orjson in onMessage."""

import meter
import orjson
from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol, connectWS
from twisted.internet import reactor, ssl

callback = meter.callback()
opened: list[object] = []


class Client(WebSocketClientProtocol):
    """One dict a message to the callback."""

    def onOpen(self) -> None:
        opened.append(True)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        callback(orjson.loads(payload))


context = None
if meter.CA_FILE:
    with open(meter.CA_FILE, "rb") as file:
        context = ssl.optionsForClientTLS("127.0.0.1", ssl.Certificate.loadPEM(file.read()))
if meter.ORDER["messages"] == 0:
    meter.idle(opened)
for i in range(meter.CONNECTIONS):
    factory = WebSocketClientFactory(f"{meter.URL}ws/s{i}@trade")
    factory.protocol = Client
    connectWS(factory, context)
reactor.run()
