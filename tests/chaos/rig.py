"""What the tests hold a program against: its own words, and the exchange's side of the matter."""

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.pace import in_time, paced

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: A machine that many share may take long; a result that is there is never waited for.
PATIENCE = paced(20.0)

RAW = {
    "btcusdt@trade": ("trade", ["BTCUSDT"]),
    "btcusdt@aggTrade": ("aggtrade", ["BTCUSDT"]),
    "btcusdt@depth@100ms": ("depth", ["BTCUSDT", None, 100]),
    "btcusdt@depth5@100ms": ("depth", ["BTCUSDT", 5, 100]),
    "btcusdt@kline_1s": ("kline", ["BTCUSDT", "1s"]),
    "btcusdt@bookTicker": ("symbol_book_ticker", ["BTCUSDT"]),
    "btcusdt@ticker": ("symbol_ticker", ["BTCUSDT"]),
    "!miniTicker@arr": ("miniticker", []),
}
NAMES = [
    "ethusdt@trade",
    "ethusdt@aggTrade",
    "ethusdt@depth@100ms",
    "ethusdt@kline_1s",
    "ethusdt@bookTicker",
]
#: What speaks once a second, however busy the market is.
SLOW = {"btcusdt@kline_1s", "btcusdt@ticker", "!miniTicker@arr"}
MULTIPLEX = "streams=" + "/".join(NAMES)
KEYS = [*RAW, MULTIPLEX]
#: Kinds whose ids have no holes: what is missing can be named.
CONTIGUOUS = ("trade", "aggTrade", "depthUpdate")


#: First octets of whole frames, and a mask that changes nothing.
TEXT, PING, PONG, NO_MASK = 0x81, 0x89, 0x8A, bytes(4)


class Program:
    """A program with sockets in a process of its own (program.py)."""

    def __init__(self, exchange, timing=None, environment=None, **manager):
        options = json.dumps({"manager": manager, "timing": timing or {}})
        env = {**os.environ, **exchange.env, "PYTHONPATH": str(ROOT), **(environment or {})}
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-X", "faulthandler", str(HERE / "program.py"), options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        self.events = []
        self._answers, self._lines = queue.SimpleQueue(), []
        self._told = threading.Condition()
        self._errors = []
        self._threads = [
            threading.Thread(target=reading, daemon=True) for reading in (self._read, self._grumble)
        ]
        for thread in self._threads:
            thread.start()
        assert self._answer() == "ready"

    # orders

    def do(self, order, **arguments):
        """Give an order; its answer."""
        self.process.stdin.write(json.dumps({"do": order, **arguments}) + "\n")
        self.process.stdin.flush()
        return self._answer(arguments.get("seconds", 0.0))

    def start(self, *keys, **options):
        """Open sockets; wait until each is open, and the quick ones have had a message."""
        for key in keys or KEYS:
            method, args = RAW.get(key) or ("multiplex", [key.removeprefix("streams=").split("/")])
            self.do("start", method=method, args=args, key=key, **options)
        self.deliver([key for key in keys or KEYS if key not in SLOW])
        if MULTIPLEX in (keys or KEYS):  # no gap can be told of a stream that never spoke
            quick = [name for name in NAMES if "kline" not in name]
            assert self.do("spoken", streams=quick, seconds=PATIENCE) == []
        assert self.do("open", keys=list(keys or KEYS), seconds=PATIENCE) == []

    def deliver(self, keys=KEYS, messages=1, within=PATIENCE):
        """What claims to be connected delivers: wait for messages on each of these keys."""
        lacking = self.do("more", keys=list(keys), messages=messages, seconds=within)
        assert lacking == [], f"silent for {within} s: {lacking}; {self.events[-20:]}; {self.log}"

    def wait_for(self, kind, keys=KEYS, times=1, within=PATIENCE):
        """Wait until each of these keys has told so many events of a kind."""
        with self._told:
            there = self._told.wait_for(
                lambda: all(self.count(kind, key) >= times for key in keys), within
            )
        lacking = [key for key in keys if self.count(kind, key) < times]
        assert there, f"no {kind} within {within} s: {lacking}; {self.events[-20:]}; {self.log}"

    def count(self, kind, key=None):
        return len(self.of(kind, key))

    def of(self, kind, key=None):
        """The lifecycle events of a kind."""
        return [
            event
            for event in self.events
            if event["event"] == kind and (key is None or event["key"] == key)
        ]

    def report(self):
        """What was delivered and told, by key."""
        return self.do("report")

    @property
    def log(self):
        return "".join(self._errors)

    # its end

    def end(self, how="close", within=10.0):
        """Tell it to end: `close`, `stop_reactor` or `interrupt`; its exit code.

        How soon it ends is measured elsewhere (tests/process); a crowded machine may take long to
        clear a process away.
        """
        began = time.monotonic()
        if how == "interrupt":
            self.process.send_signal(signal.SIGINT)
        else:
            self.do(how)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # faulthandler tells where it hangs
            self.process.wait(PATIENCE)
        took = time.monotonic() - began
        assert in_time(took, within), f"told to {how}, ended after {took:.1f} s: {self.log}"
        return self.process.returncode

    def kill(self):
        """Leave nothing of it behind."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for thread in self._threads:
            thread.join(PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                continue

    # inside

    def _answer(self, seconds=0.0):
        try:
            said = self._answers.get(timeout=PATIENCE + seconds)
        except queue.Empty:
            self.process.send_signal(signal.SIGABRT)
            self.process.wait(PATIENCE)
            raise AssertionError(f"no answer: {self.log}") from None
        assert "ended" not in said, f"the program has ended: {self.log}"
        return said["answer"]

    def _read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            if "event" in said:
                with self._told:
                    self.events.append(said)
                    self._told.notify_all()
            else:
                self._answers.put(said)
        self._answers.put({"ended": True})

    def _grumble(self):
        for line in self.process.stderr:
            self._errors.append(line)


class Witness:
    """An independent listener to some streams, on a plain socket: what the exchange really said."""

    def __init__(self, exchange, *streams):
        from tests.chaos.program import digest

        self._digest = digest
        self._heard = threading.Condition()
        self.said = {stream: [] for stream in streams}
        address = urlsplit(exchange.urls["ws"])
        self._socket = socket.create_connection((address.hostname, address.port), PATIENCE)
        names = quote("/".join(streams), safe="/@!_:")
        self._socket.sendall(
            f"GET /stream?streams={names} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        self._file = self._socket.makefile("rb")
        while self._file.readline() not in (b"\r\n", b""):
            pass
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        while (frame := self._frame()) is not None:
            first, payload = frame
            if first == PING:
                try:
                    self._socket.sendall(bytes((PONG, 0x80 | len(payload))) + NO_MASK + payload)
                except OSError:  # closed meanwhile, from whichever side
                    return
            elif first == TEXT:
                message = json.loads(payload)
                if message["stream"] in self.said:
                    with self._heard:
                        self.said[message["stream"]].append(self._digest(message["data"]))
                        self._heard.notify_all()

    def _frame(self):
        """The next whole frame: first octet and payload; None where the connection ends."""
        try:
            head = self._file.read(2)
            if len(head) < 2:
                return None
            length = head[1]
            if length > 125:
                size = 2 if length == 126 else 8
                more = self._file.read(size)
                if len(more) < size:
                    return None
                length = int.from_bytes(more, "big")
            payload = self._file.read(length)
        except OSError:
            return None
        return (head[0], payload) if len(payload) == length else None

    def hears(self, stream, entries):
        """Whether these are said one directly after the other; others may hear them earlier."""
        said, (first, *_), size = self.said[stream], entries, len(entries)

        def there():
            starts = (at for at in range(len(said) - size + 1) if said[at] == first)
            return any(said[at : at + size] == entries for at in starts)

        with self._heard:
            return self._heard.wait_for(there, PATIENCE)

    def close(self):
        with contextlib.suppress(OSError):  # the exchange was quicker
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE)
        self._file.close()
        self._socket.close()


# judgements


def by_stream(entries):
    """A key's record, taken apart by stream."""
    found = {}
    for entry in entries:
        stream = entry[1] if entry[0] == "Gap" else entry[0]
        found.setdefault(stream, []).append(entry if entry[0] == "Gap" else entry[1:])
    return found


def check_ids(stream, entries):
    """Every id once and in order, or in a gap that was told before the next event; the gaps."""
    following, gaps = None, []
    for entry in entries:
        if entry[0] == "Gap":
            _, _, first, last = entry
            assert first == following, f"{stream}: gap from {first}, but {following} was next"
            assert last >= first, f"{stream}: gap from {first} to {last}"
            gaps.append((first, last))
            following = last + 1
        elif entry[0] in CONTIGUOUS:
            first, last = entry[1], entry[-1]
            assert following in (None, first), f"{stream}: {first} came where {following} was next"
            following = last + 1
    return gaps


def check_rising(stream, entries):
    """Ids or times that rise from event to event, where they need not be contiguous."""
    marks = [entry[1] for entry in entries if entry[0] not in CONTIGUOUS]
    levels = all(entry[0] == "levels" for entry in entries)  # a book that rests is told again
    late = [pair for pair in pairwise(marks) if pair[0] >= pair[1] + levels]
    assert not late, f"{stream}: {late[0][1]} came after {late[0][0]}"


def check_complete(stream, entries, seen):
    """Between the first and the last that was delivered, nothing is missing that was said."""
    assert seen.hears(stream, entries), f"{stream}: not what was said"


def check(record, times=True):
    """The invariants that hold whatever happened; the gaps of each stream.

    :param times: whether what has no ids came once and in order too: nothing that we do could
        tell a doubled ticker from one that was said twice.
    """
    gaps = {}
    for entries in record.values():
        for stream, own in by_stream(entries).items():
            assert all(entry[0] != "error" for entry in own)
            gaps[stream] = check_ids(stream, own)
            if times or own[0][0] in ("top", "levels"):
                check_rising(stream, [entry for entry in own if entry[0] != "Gap"])
    return gaps


def missing(gaps):
    """How many ids the gaps of a stream name."""
    return sum(last - first + 1 for first, last in gaps)
