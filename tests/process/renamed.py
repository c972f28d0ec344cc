"""Run by `test_renamed.py`: rename a name of a dependency, and see whether messages flow.

Each line of the standard input is an order: the way, the name, how messages are to flow, and the
modules whose source has the name (`module:Class`: only that class). A child does it, which was
forked before any of them was imported, and a line of output says how it went.
"""

import ast
import asyncio
import concurrent.futures.thread  # noqa: F401 - it registers what is to end with the main thread
import importlib.abc
import importlib.machinery
import importlib.util
import logging
import os
import sys
import tempfile
import threading
import traceback
from pathlib import Path


class Renaming(ast.NodeTransformer):
    """Renames a private name wherever it is, and a plain word where it is an attribute's."""

    def __init__(self, name, owner, source):
        self.name, self.owner = name, owner
        self.lines = [at for at, line in enumerate(source.splitlines(), 1) if name in line]
        self.is_private = name.startswith("_") or not name[0].islower()
        self.is_inside = not owner

    def renamed(self, found):
        return f"{found}_renamed" if found == self.name and self.is_inside else found

    def visit(self, node):
        """Leaves out what does not have the name."""
        parts = [node, *getattr(node, "decorator_list", ())]
        if all(hasattr(part, "lineno") for part in parts):
            begin = min(part.lineno for part in parts)
            if not any(begin <= at <= node.end_lineno for at in self.lines):
                return node
        return super().visit(node)

    def visit_ClassDef(self, node):
        was, self.is_inside = self.is_inside, self.is_inside or node.name == self.owner
        self.generic_visit(node)
        for statement in node.body:
            targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
            for target in targets:
                if isinstance(target, ast.Name) and not self.is_private:
                    target.id = self.renamed(target.id)
        node.name = self.renamed(node.name)
        self.is_inside = was
        return node

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.name = self.renamed(node.name)
        return node

    def visit_Attribute(self, node):
        self.generic_visit(node)
        new = self.renamed(node.attr)
        if new != node.attr and ast.unparse(node.value) != node.attr:  # time.time, socket.socket
            node.attr = new
        return node

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            node.value = self.renamed(node.value)
        return node

    def visit_Name(self, node):
        if self.is_private:
            node.id = self.renamed(node.id)
        return node

    def visit_arg(self, node):
        self.generic_visit(node)
        if self.is_private:
            node.arg = self.renamed(node.arg)
        return node

    visit_keyword = visit_arg

    def visit_alias(self, node):
        if self.is_private:
            node.asname = self.renamed(node.asname)
            node.name = self.renamed(node.name)
        return node


class Finder(importlib.abc.MetaPathFinder):
    """Finds the modules whose source is to be changed."""

    def __init__(self, name, sources):
        self.name = name
        self.owners = dict((*source.split(":"), "")[:2] for source in sources)

    def find_spec(self, fullname, path, target=None):
        if fullname not in self.owners:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        spec.loader = Loader(fullname, spec.origin)
        spec.loader.name_and_owner = self.name, self.owners[fullname]
        return spec


class Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        source = self.get_source(fullname)
        renaming = Renaming(*self.name_and_owner, source)
        if not renaming.lines:
            return super().get_code(fullname)
        tree = renaming.visit(ast.parse(source))
        return compile(tree, self.path, "exec", dont_inherit=True)


class Lines(logging.Handler):
    """Keeps the lines of the log."""

    def __init__(self):
        super().__init__()
        self.lines = []
        logger = logging.getLogger("binance")
        logger.setLevel(logging.INFO)
        logger.addHandler(self)

    def emit(self, record):
        self.lines.append(record.getMessage())


def try_without(way, name, flow, sources):
    """Raise where messages do not flow, or where it is not said what is missing."""
    if sources == ["threading"]:
        delattr(threading, name)
    else:
        sys.meta_path.insert(0, Finder(name, sources))
    log = Lines()
    FLOWS[flow]()
    from binance.tx.wire import compat

    assert not compat.has(way), "it is not missed"
    told = [line for line in log.lines if line.startswith(f"{way}: missing ")]
    assert len(told) == 1, log.lines
    assert f".{name}; " in told[0], told


def in_memory():
    """A client talks to a server in memory, over TLS."""
    from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
    from twisted.internet.defer import Deferred
    from twisted.internet.error import ConnectionDone
    from twisted.internet.task import Clock
    from twisted.protocols.tls import TLSMemoryBIOFactory
    from twisted.python.failure import Failure

    import binance.websockets  # noqa: F401 - it can be imported
    from binance.tx.loop import reactor
    from binance.tx.wire.dial import dial
    from binance.tx.wire.protocol import BinanceClientFactory
    from tests.tx.conftest import Wires, _authority

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
        def link_opened(self, protocol):
            got.append("open")
            self.protocol = protocol

        def link_message(self, message):
            got.append(message["n"])

        def link_read(self, octets, messages, seconds):
            self.read = messages

        def link_ping(self, protocol, payload):
            protocol.sendPong(payload)
            got.append("ping")

        def link_pong(self, payload):
            got.append("pong")

        def link_malformed(self, payload):
            got.append("malformed")

        def link_unprocessed(self, error):
            got.append(error)

        def link_error(self, error):
            got.append(error)

        def link_closed(self, protocol, was_clean, code, *rest):
            got.append(code)

    factory = BinanceClientFactory("wss://stream.example:9443/ws/x", reactor=clock)
    factory.link = Link()
    factory.setProtocolOptions(autoPingSize=99)

    class Endpoint:
        def connect(self, inner):
            self.inner, self.done = inner, Deferred()
            return self.done

    endpoint = Endpoint()
    dial(
        clock,
        factory.url,
        factory,
        ca_file=authority.ca_file,
        proxy="",
        endpoint=lambda host, port: endpoint,
    )
    near = endpoint.inner.buildProtocol(None)
    far = TLSMemoryBIOFactory(
        authority.server("stream.example"), False, servers, clock
    ).buildProtocol(None)
    wires = Wires(near, far, clock)
    endpoint.done.callback(near)
    wires.pump()
    for number in (3, 4):
        made[0].sendMessage(b'{"n": %d}' % number)
        wires.pump()
    assert factory.link.protocol.autoPingSize == 99
    factory.link.protocol.sendClose(1000)
    wires.pump()
    near.connectionLost(Failure(ConnectionDone()))
    assert got == ["open", 1, 2, "ping", 3, 4, 1000], got


class Messages:
    """Counts what a callback gets."""

    def __init__(self):
        self.number, self.enough, self.threads = 0, threading.Event(), set()

    def __call__(self, message):
        assert message["e"] == "trade", message
        self.threads.add(threading.current_thread())
        self.number += 1
        if self.number == 3:
            self.enough.set()


def over_loopback():
    """A manager on a reactor of ours streams from the feed, and ends."""
    from binance.websockets import BinanceSocketManager
    from tests.pace import paced

    BinanceSocketManager.STREAM_URL = os.environ["FEED_URL"]
    messages, bm = Messages(), BinanceSocketManager(None)
    bm.start_trade_socket("BNBBTC", messages)
    bm.start()
    assert messages.enough.wait(paced(10)), messages.number
    bm.close()
    bm.join(paced(5))
    assert not bm.is_alive()


def by_a_connector():
    """A script drives Autobahn itself, and stops what it has started."""
    from binance.websockets import BinanceClientFactory, BinanceSocketManager, connectWS
    from tests.pace import paced

    messages, bm = Messages(), BinanceSocketManager(None)
    bm.start()
    factory = BinanceClientFactory(os.environ["FEED_URL"] + "ws/bnbbtc@trade")
    factory.callback = messages
    bm._conns["own"] = connectWS(factory)
    assert messages.enough.wait(paced(10)), messages.number
    bm.stop_socket("own")
    bm.close()
    bm.join(paced(5))
    assert not bm.is_alive()


def on_an_idle_loop():
    """The program installed Twisted's asyncio reactor, and leaves it to us to run it."""
    from twisted.internet import asyncioreactor

    asyncioreactor.install()
    over_loopback()


def in_a_loop(is_started_there=True):
    """The program installed Twisted's asyncio reactor on its loop, and runs that."""
    from tests.pace import paced

    async def stream():
        from twisted.internet import asyncioreactor

        asyncioreactor.install(asyncio.get_running_loop())
        from binance.websockets import BinanceSocketManager

        BinanceSocketManager.STREAM_URL = os.environ["FEED_URL"]
        messages, bm = Messages(), BinanceSocketManager(None)
        bm.start_trade_socket("BNBBTC", messages)
        if is_started_there:
            bm.start()
        else:
            await asyncio.to_thread(bm.start)
        assert await asyncio.to_thread(messages.enough.wait, paced(10)), messages.number
        assert messages.threads == {threading.main_thread()}
        bm.close()
        await asyncio.to_thread(bm.join, paced(5))
        assert not bm.is_alive()

    asyncio.run(stream())


def beside_a_loop():
    """The same, and another thread of the program starts the manager."""
    in_a_loop(is_started_there=False)


FLOWS = {
    flow.__name__: flow
    for flow in (
        in_memory,
        over_loopback,
        by_a_connector,
        on_an_idle_loop,
        in_a_loop,
        beside_a_loop,
    )
}


#: How many children may be at work: a child that talks to the feed waits for most of its time.
MOST_CHILDREN = 3


def main():
    # What has none of the names is imported once for all.
    for early in sys.argv[1:]:
        importlib.import_module(early)
    children = 0
    for order in sys.stdin:
        way, name, flow, *sources = order.rstrip("\n").split("\t")
        if children == MOST_CHILDREN:
            os.wait()
            children -= 1
        children += 1
        if os.fork() == 0:
            said = f"OK {name} {flow}"
            try:
                try_without(way, name, flow, sources)
            except BaseException:  # noqa: BLE001 - whatever it is, the test is to read it
                said = f"FAILED {name} {flow}: {traceback.format_exc()}"
            os.write(1, f"{said}\n".encode())
            os._exit(0)
    for _ in range(children):
        os.wait()


main()
