"""A trading program, driven from outside: orders come as lines of JSON, tidings go out as lines.

    program.py '{"manager": {"idle_timeout": 1}, "timing": {"pong": 2, "lead": 0.3}}'

It opens what it is told to open and keeps, for each key and in the order of delivery, what its
callback and its `on_event` were told.  Lifecycle events are told at once; the record is handed out
when asked for.  Nothing here judges: the tests do, who also see the exchange's side.
"""

import functools
import json
import logging
import os
import signal
import sys
import threading
import time
import zlib

from binance.enums import FuturesType
from binance.websockets import BinanceSocketManager
from tests.pace import paced

#: How an event of each kind is recorded: by its ids, where it has any.
IDS = {"trade": ("t",), "aggTrade": ("a",), "depthUpdate": ("U", "u")}
#: Methods that take no symbol.
OF_ALL = {"miniticker", "ticker", "book_ticker"}
POLL_SECONDS = 0.005


def digest(payload):
    """A payload in short: its kind, its ids, and what tells it from any other."""
    if isinstance(payload, list):
        return ["list", max(each["E"] for each in payload), checksum(payload)]
    kind = payload.get("e")
    if kind in IDS:
        return [kind, *(payload[field] for field in IDS[kind])]
    if kind == "error":
        return ["error", payload]
    if kind is None:
        return ["top", payload["u"]] if "u" in payload else ["levels", payload["lastUpdateId"]]
    return [kind, payload["E"], checksum(payload)]


def checksum(payload):
    return zlib.crc32(json.dumps(payload, sort_keys=True).encode())


class Program:
    """The manager, its record, and the orders that it takes."""

    def __init__(self, out, manager=None, timing=None):
        self.out, self.lock = out, threading.Lock()
        self.record, self.counts, self.woken = {}, {}, {}
        self.streams = set()
        shorten(**timing or {})
        self.bm = BinanceSocketManager(None, on_event=self.on_event, **manager or {})
        self.bm.start()

    # from the manager

    def on_event(self, event):
        fields = {name: getattr(event, name) for name in type(event).__slots__}
        told = {"event": type(event).__name__, "key": event.key, "when": event.when}
        told |= {name: repr(v) if isinstance(v, Exception) else v for name, v in fields.items()}
        if told["event"] == "Gap":
            self.record[event.key].append(["Gap", event.stream, event.first, event.last])
        self.say(told)

    def callback(self, key, entries, stream, nap):
        """What is called with each message of a key; it naps each time, until it is woken."""
        woken = self.woken[key]

        def take(message):
            self.counts[key] += 1
            if nap is not None:
                woken.wait(nap)
            if isinstance(message, dict) and "stream" in message and "data" in message:
                name, payload = message["stream"], message["data"]
            else:
                name, payload = stream, message
            entries.append([name, *digest(payload)])
            self.streams.add(name)

        return take

    # orders

    def start(self, method, args=(), key=None, nap=None, **options):
        """Call `start_<method>_socket`; each call of the callback takes `nap` seconds."""
        entries = []
        name = key or ""
        self.woken[name] = threading.Event()
        take = self.callback(name, entries, name, nap)
        self.record[name], self.counts[name] = entries, 0
        if "futures_type" in options:
            options["futures_type"] = FuturesType[options["futures_type"]]
        function = getattr(self.bm, f"start_{method}_socket")
        where = 0 if method in OF_ALL else 1
        found = function(*args[:where], take, *args[where:], **options)
        if found != key:
            raise ValueError(f"{method} answered {found!r}, not {key!r}")
        return found

    def more(self, keys, messages, seconds):
        """Wait until each of these keys has had so many further messages; those that have not."""
        goals = {key: self.counts[key] + messages for key in keys}
        return self.until(
            lambda: [key for key, goal in goals.items() if self.counts[key] < goal], seconds
        )

    def spoken(self, streams, seconds):
        """Wait until each of these streams has spoken; those that have not."""
        return self.until(lambda: [name for name in streams if name not in self.streams], seconds)

    def open(self, keys, seconds):
        """Wait until these are open; those that are not."""
        end = time.monotonic() + seconds
        return [key for key in keys if not self.bm.wait_open(key, end - time.monotonic())]

    def until(self, lacking, seconds):
        end = time.monotonic() + seconds
        while lacking() and time.monotonic() < end:
            time.sleep(POLL_SECONDS)
        return lacking()

    def rotate(self, key):
        self.bm.rotate(key)

    def subscribe(self, key, streams):
        return self.bm.subscribe(key, streams).result(paced(10))

    def subscribe_each(self, key, streams):
        """One request for each, all at once, as a loop over symbols would."""
        return [
            each.result(paced(20)) for each in [self.bm.subscribe(key, [name]) for name in streams]
        ]

    def unsubscribe(self, key, streams):
        return self.bm.unsubscribe(key, streams).result(paced(10))

    def stop(self, key):
        self.bm.stop_socket(key)

    def wake(self, key):
        """Have its callback take no time any more, from now on."""
        self.woken[key].set()

    def stats(self):
        return self.bm.stats()

    def called(self):
        """How often each callback was called."""
        return self.counts

    def report(self):
        """All that was delivered and all gaps that were told, by key."""
        from binance.tx.loop import reactor

        turn = threading.Event()
        reactor.call(turn.set)  # GaveUp is told before its dict: let both be
        assert turn.wait(paced(10))
        return self.record

    def figures(self):
        """What of the machine the process uses."""
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[1])
        return {
            "rss": pages * os.sysconf("SC_PAGE_SIZE"),
            # Twisted's pool, which looks names up, grows to ten threads when lookups come together.
            "threads": sum(not t.name.startswith("PoolThread-") for t in threading.enumerate()),
            "descriptors": len(os.listdir("/proc/self/fd")),
            "cpu": sum(os.times()[:2]),
        }

    def close(self):
        self.bm.close()

    def stop_reactor(self):
        from twisted.internet import reactor

        reactor.stop()

    # the lines

    def say(self, line):
        with self.lock:
            self.out.write(json.dumps(line, default=dict) + "\n")
            self.out.flush()

    def obey(self, line):
        order = json.loads(line)
        name = order.pop("do")
        self.say({"answer": getattr(self, name)(**order)})
        return name not in ("close", "stop_reactor")


def shorten(pong=None, lead=None, overlap=None, first=None):
    """Shorter waits than the exchange makes sensible; on loopback nothing lags by seconds."""
    from binance.sansio.link import liveness, rotation
    from binance.tx import link

    def put(module, name, value):
        assert hasattr(module, name), f"{module.__name__} has no {name}: nothing would be shorter"
        setattr(module, name, value)

    if pong is not None:
        put(link, "Liveness", functools.partial(liveness.Liveness, pong=pong))
    if first is not None:
        put(liveness, "CADENCE_DEADLINE", first)
        put(liveness, "FIRST_DEADLINE", first)
    if lead is not None:
        put(rotation, "LEAD_SECONDS", lead)
    if overlap is not None:
        put(rotation, "OVERLAP_SECONDS", overlap)


def main():
    # A shell's background jobs ignore Ctrl-C, and so would we: started by hand, nobody does.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")  # to stderr
    program = Program(sys.stdout, **json.loads(sys.argv[1]))
    program.say({"answer": "ready"})
    for line in sys.stdin:
        if not program.obey(line):
            break


if __name__ == "__main__":
    main()
