"""Names of dependencies that may be renamed: taken away one by one, and messages still flow.

Each is renamed throughout the dependency's own source, in a process that has imported none of it
yet; there a client talks to a server in memory, over TLS.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from binance.tx.wire import compat

ROOT = Path(__file__).parents[2]

#: The modules whose source has the names of each way.
SOURCES = {
    "fast lane": ("autobahn.websocket.protocol", "autobahn.twisted.websocket", "autobahn.util"),
    "Autobahn's timers": ("autobahn.websocket.protocol", "autobahn.twisted.websocket"),
    "lean TLS": ("twisted.protocols.tls",),
    "OpenSSL by hand": ("OpenSSL.SSL",),
    "roots": ("twisted.internet._sslverify",),
    "no wrapper": ("twisted.internet.endpoints",),
    "stopped reactor": ("twisted.internet.base",),
}
#: Names that are public, so that users and Autobahn's callers may have them as well.
PUBLIC = {name for name in compat.FRAME_HOOKS if not name.startswith("_")}
#: OpenSSL's own, by which pyOpenSSL lives too.
OPENSSL = {"SSL_read", "BIO_write"}

PROGRAM = r"""
import importlib.abc, importlib.machinery, os, re, sys

def child(way, name, sources):
    pattern = re.compile(rf"\b{re.escape(name)}\b")

    class Loader(importlib.machinery.SourceFileLoader):
        def get_code(self, fullname):
            source = pattern.sub(name + "_renamed", self.get_source(fullname))
            return compile(source, self.path, "exec", dont_inherit=True)

    class Finder(importlib.abc.MetaPathFinder):
        def find_spec(self, fullname, path, target=None):
            if fullname not in sources:
                return None
            spec = importlib.machinery.PathFinder.find_spec(fullname, path)
            spec.loader = Loader(fullname, spec.origin)
            return spec

    sys.meta_path.insert(0, Finder())
    import logging
    lines = []
    log = logging.getLogger("binance")
    log.setLevel(logging.INFO)
    log.addHandler(type("Lines", (logging.Handler,), {"emit": lambda self, record: lines.append(
        record.getMessage())})())
    from pathlib import Path
    import tempfile
    from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
    from twisted.internet.task import Clock
    from twisted.internet.endpoints import TCP4ClientEndpoint
    from twisted.protocols.tls import TLSMemoryBIOFactory
    from tests.tx.conftest import Wires, _authority
    import binance.websockets
    from binance.tx.wire import compat; from binance.tx.loop import reactor
    from binance.tx.wire.dial import dial
    from binance.tx.wire.protocol import BinanceClientFactory
    from twisted.internet.defer import Deferred

    reactor.is_stopped()
    authority = _authority(Path(tempfile.mkdtemp()))
    clock = Clock()
    servers = WebSocketServerFactory("ws://stream.example:9443", reactor=clock)
    made = []

    class Server(WebSocketServerProtocol):
        def onOpen(self):
            made.append(self)
            self.sendMessage(b'{"n": 1}')
            self.sendMessage(b'{"n": 2}')
            self.sendPing(b"p")

    servers.protocol = Server
    got = []

    class Link:
        def link_opened(self, protocol): got.append("open"); self.protocol = protocol
        def link_message(self, message): got.append(message["n"])
        def link_read(self, octets, messages, seconds): self.read = messages
        def link_ping(self, protocol, payload): protocol.sendPong(payload); got.append("ping")
        def link_pong(self, payload): pass
        def link_malformed(self, payload): got.append("malformed")
        def link_untaken(self, error): got.append(error)
        def link_error(self, error): got.append(error)
        def link_closed(self, protocol, was_clean, code, *rest): got.append(code)

    factory = BinanceClientFactory("wss://stream.example:9443/ws/x", reactor=clock)
    factory.link = Link()

    class Endpoint:
        def connect(self, inner):
            self.inner, self.done = inner, Deferred()
            return self.done

    endpoint = Endpoint()
    dialled = dial(clock, factory.url, factory, ca_file=authority.ca_file, proxy="",
                   endpoint=lambda host, port: endpoint)
    near = endpoint.inner.buildProtocol(None)
    far = TLSMemoryBIOFactory(
        authority.server("stream.example"), False, servers, clock).buildProtocol(None)
    wires = Wires(near, far, clock)
    endpoint.done.callback(near)
    wires.pump()
    for number in (3, 4):
        made[0].sendMessage(b'{"n": %d}' % number)
        wires.pump()
    factory.link.protocol.sendClose(1000)
    wires.pump()
    from twisted.internet.error import ConnectionDone
    from twisted.python.failure import Failure
    near.connectionLost(Failure(ConnectionDone()))
    assert got == ["open", 1, 2, "ping", 3, 4, 1000], got
    assert not compat.has(way), "it is not missed"
    told = [line for line in lines if line.startswith(way + ": no ")]
    assert len(told) == 1 and name in told[0], lines

if sys.argv[1:]:  # what has none of the names is imported once for all
    import cryptography.x509, orjson, requests, tests.tx.conftest, twisted.internet.endpoints
    import twisted.protocols.tls, twisted.internet.testing, hyperlink
for line in sys.stdin:
    way, name, *sources = line.rstrip("\n").split("\t")
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            child(way, name, sources)
        except BaseException:
            import traceback
            text = traceback.format_exc()
            os.write(1, f"FAILED {way}: {name}: {text}\n".encode())
            os._exit(1)
        os.write(1, f"OK {name}\n".encode())
        os._exit(0)
    os.waitpid(pid, 0)
"""


def names(way):
    return [
        name
        for _, needed in compat.WAYS[way].needs
        for name in needed
        if name not in PUBLIC | OPENSSL
    ]


@pytest.mark.parametrize("way", SOURCES)
def test_without_any_one_of_its_names_messages_flow_the_plain_way(way):
    asked = names(way)
    orders = "".join("\t".join([way, name, *SOURCES[way]]) + "\n" for name in asked)
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *(["early"] if "autobahn" in SOURCES[way][0] else [])],
        input=orders,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=240,
        check=False,
    )
    assert run.stdout.splitlines() == [f"OK {name}" for name in asked], run.stdout + run.stderr
