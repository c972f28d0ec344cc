"""What one more TLS socket costs: memory, CPU time to open it, and CPU time of its handshake.

    python benchmarks/bench_sockets.py [--sockets 500] [--rounds 5] [--quick]

Each round opens the sockets twice, in a process of its own each time: once every connection makes
a full handshake, once it resumes the session of an earlier one, as the library does. The server is
the load process, idle. The first 50 sockets warm up and are not counted. A socket's memory is the
growth of the resident set, and the part of it that Python's objects take. Its CPU time covers all
that the client does, from `start_trade_socket` to the open link.

The handshake alone is measured too, in memory, without sockets and without the server's share.
Ratios are paired, round by round.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench_peers import certificates
from OpenSSL import SSL
from twisted.internet.protocol import Factory, Protocol

from binance.tx.wire import tls

HERE = Path(__file__).parent
WARM = 50
BATCH = 10  # the load process accepts one connection after the other
PATIENCE = 60.0
MODES = ("full", "resumed")
Result = dict[str, float]


def only_full_handshakes() -> None:
    """Let no connection of this process resume a session."""
    tls.KeptSession.offer = lambda session, connection: None  # type: ignore[method-assign]


def resident() -> int:
    """Resident memory of this process, in bytes (Linux)."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


# -- sockets


def open_sockets(url: str, ca_file: str, sockets: int, is_traced: bool) -> Result:
    """Open sockets by the public face; what each of them costs after the first ones."""
    os.environ["BINANCE_STREAM_URL"], os.environ["BINANCE_CA_FILE"] = url, ca_file
    from binance import events
    from binance.websockets import BinanceSocketManager

    opened: list[object] = []

    def on_event(event: events.Event) -> None:
        if isinstance(event, events.Connected):
            opened.append(event.when)

    manager = BinanceSocketManager(None, on_event=on_event)
    manager.daemon = True
    manager.start()

    def open_up_to(number: int) -> None:
        end = time.monotonic() + PATIENCE
        for start in range(len(opened), number, BATCH):
            for i in range(start, min(start + BATCH, number)):
                manager.start_trade_socket(f"S{i}", lambda message: None)
            while len(opened) < min(start + BATCH, number):
                if time.monotonic() > end:
                    raise SystemExit(f"{len(opened)} of {number} sockets are open")
                time.sleep(0.002)

    open_up_to(WARM)
    if is_traced:
        tracemalloc.start()
    memory, cpu, traced = resident(), time.process_time(), tracemalloc.get_traced_memory()[0]
    open_up_to(sockets)
    return {
        "cpu ms": (time.process_time() - cpu) / (sockets - WARM) * 1e3,
        "KB": (resident() - memory) / (sockets - WARM) / 1024,
        "KB of Python": (tracemalloc.get_traced_memory()[0] - traced) / (sockets - WARM) / 1024,
    }


def in_child(mode: str, sockets: int, is_traced: bool, ca: str, certificate: str) -> Result:
    """Open sockets in a process of its own, against a load process of its own."""
    order = {"kind": "trade", "messages": 0, "connections": sockets, "rate": 0, "core": -1}
    load = subprocess.Popen(
        [sys.executable, HERE / "load.py", json.dumps(order | {"certificate": certificate})],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert load.stdout is not None
        port = json.loads(load.stdout.readline())["port"]
        given = json.dumps([mode, f"wss://127.0.0.1:{port}", ca, sockets, is_traced])
        ended = subprocess.run(
            [sys.executable, __file__, "--child", given],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=10 * PATIENCE,
        )
    finally:
        load.kill()
        load.wait()
    result: Result = json.loads(ended.stdout)
    return result


# -- handshakes


class Wire:
    """The transport of a client in memory."""

    disconnecting = False

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.write = self.written.append

    def loseConnection(self) -> None:
        """Nothing is left to close."""

    abortConnection = loseConnection


class Handshakes:
    """A client and a server of TLS in one process; only the client's CPU time counts."""

    def __init__(self, ca: str, certificate: str) -> None:
        self.creator = tls.context("127.0.0.1", ca)
        self.server = SSL.Context(SSL.TLS_SERVER_METHOD)
        self.server.use_certificate_chain_file(certificate)
        self.server.use_privatekey_file(certificate)
        self.server.set_session_id(b"benchmark")
        self.spent = 0.0
        self.newest: Any = deque(maxlen=2)  # OpenSSL resumes no session of a freed connection

    def timed(self, call: Callable[..., object], *args: object) -> None:
        """Call, and count the CPU time of this thread."""
        began = time.thread_time()
        call(*args)
        self.spent += time.thread_time() - began

    def once(self, is_resumed: bool) -> float:
        """One handshake, up to the server's tickets: CPU µs of the client."""
        server, wire, self.spent = SSL.Connection(self.server), Wire(), 0.0
        server.set_accept_state()
        factory = tls.LeanTLSFactory(self.creator, True, Factory.forProtocol(Protocol))
        if not is_resumed:
            factory.session.drop()
        client: Any = factory.buildProtocol(None)
        self.newest.append(client)
        self.timed(client.makeConnection, wire)
        while wire.written:
            server.bio_write(b"".join(wire.written))
            wire.written.clear()
            for step in (
                server.do_handshake,
                lambda: client.dataReceived(server.bio_read(1 << 16)),
            ):
                try:
                    if step is server.do_handshake:
                        step()
                    else:
                        self.timed(step)
                except SSL.WantReadError:
                    pass
        if bool(SSL._lib.SSL_session_reused(client._tlsConnection._ssl)) != is_resumed:
            raise SystemExit(f"a handshake was {'not ' * is_resumed}resumed")
        return self.spent * 1e6

    def rounds(self, number: int, each: int = 20) -> dict[str, list[float]]:
        """Median CPU µs of full and resumed handshakes, in turns."""
        self.once(False)
        found: dict[str, list[float]] = {mode: [] for mode in MODES}
        for _ in range(number):
            for mode in MODES:
                some = [self.once(mode == "resumed") for _ in range(each)]
                found[mode].append(statistics.median(some))
        return found


# -- report


def ratio(found: dict[str, list[float]]) -> str:
    """Resumed by full, round by round: the median, the least and the greatest."""
    ratios = [after / before for before, after in zip(found["full"], found["resumed"], strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} .. {max(ratios):.2f})"


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round of 80 sockets")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        mode, url, ca, sockets, is_traced = json.loads(given.child)
        if mode == "full":
            only_full_handshakes()
        print(json.dumps(open_sockets(url, ca, sockets, is_traced)), flush=True)
        os._exit(0)
    sockets, rounds = (80, 1) if given.quick else (given.sockets, given.rounds)
    with tempfile.TemporaryDirectory() as folder:
        ca, certificate = certificates(Path(folder))
        handshakes = Handshakes(ca, certificate).rounds(rounds)
        found: dict[str, list[Result]] = {mode: [] for mode in MODES}
        for _ in range(rounds):
            for mode in MODES:
                found[mode].append(in_child(mode, sockets, False, ca, certificate))
        traced = in_child("resumed", sockets, True, ca, certificate)["KB of Python"]
    for mode in MODES:
        memory, cpu = (
            statistics.median(one[key] for one in found[mode]) for key in ("KB", "cpu ms")
        )
        print(
            f"{mode:8} {memory:6.1f} KB a socket, {cpu:5.2f} ms CPU to open it, "
            f"{statistics.median(handshakes[mode]):5.0f} µs for the handshake"
        )
    cpu_ms = {mode: [one["cpu ms"] for one in found[mode]] for mode in MODES}
    print(f"resumed by full: {ratio(cpu_ms)} to open a socket, {ratio(handshakes)} the handshake")
    print(f"Python's objects: {traced:.1f} KB a socket")


if __name__ == "__main__":
    main()
