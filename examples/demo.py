"""Twenty seconds of what this library does, on a simulated exchange.

    python examples/demo.py

It needs no account and no network. On a terminal it keeps one screen up to date. Elsewhere it
prints what has happened, as plain lines. ``make demo`` runs it.
"""

import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from binance.client import Client
from binance.depthcache import DepthCacheManager
from binance.events import Disconnected, Gap, Resumed, Retrying, Rotated
from binance.simulator import ExchangeProcess
from binance.websockets import BinanceSocketManager

HERE = Path(__file__).parent
OLD_SCRIPT = HERE / "script_of_2018.py"
STREAMS = ["btcusdt@trade", "ethusdt@kline_1m", "bnbusdt@bookTicker", "!miniTicker@arr"]
LEAST = 18.0  # seconds, so that everything can be read
MOST = 150.0  # seconds for all parts together, on a slow machine
BEAT = 2.0  # seconds from the beginning of one part to the next
REDRAW = 0.2  # seconds between two drawings


class Part:
    """A part of the demonstration: its title, and what is to be seen now."""

    def __init__(self, title):
        self.title = title
        self.state = "waiting"
        self.lines = list

    def show(self, *lines):
        self.state = "running"
        self.lines = lambda: lines

    def heading(self):
        return self.title

    def done(self, *lines):
        if lines:
            self.lines = lambda: lines
        self.state = "done"


class Streams(Part):
    """Several kinds of streams on one socket."""

    def __init__(self):
        super().__init__("Streams arrive on one connection")
        self.counts, self.last, self.began = Counter(), {}, None

    def run(self, stage):
        self.began = time.monotonic()
        self.state, self.lines = "running", self.summary
        stage.bm.start_multiplex_socket(STREAMS, self.process)
        stage.until(lambda: len(self.last) == len(STREAMS), "a message of each stream")
        self.done()

    def process(self, msg):
        if "stream" in msg:
            self.counts[msg["stream"]] += 1
            self.last[msg["stream"]] = msg["data"]

    def heading(self):
        if self.began is None:
            return self.title
        rate = self.counts.total() / max(time.monotonic() - self.began, 0.1)
        return f"{self.title}: {self.counts.total():,} messages, {rate:.0f} a second"

    def summary(self):
        prices = [f"{name} {price_of(data)}" for name, data in sorted(self.last.items())]
        return ("   ".join(prices[1:3]), "   ".join([*prices[3:], *prices[:1]]))


def price_of(data):
    """The price in a message, or what else it says."""
    if isinstance(data, list):
        return f"of {len(data)} symbols"
    return short(data["k"]["c"] if "k" in data else data.get("p") or data["b"])


def short(number):
    """A number of the exchange with at least two decimals, without the zeros at its end."""
    whole, _, decimals = str(number).partition(".")
    return f"{int(whole):,}.{decimals.rstrip('0').ljust(2, '0')}"


class Rotation(Part):
    """A connection that is replaced, as before the exchange's cut after 24 hours."""

    def __init__(self):
        super().__init__("A connection is replaced in time, and nothing is missing")
        self.ids, self.twice, self.step = [], 0, "both connections deliver"

    def run(self, stage):
        key = stage.bm.start_trade_socket("SOLUSDT", self.process)
        stage.until(lambda: len(self.ids) > 3, "trades of SOLUSDT")
        stage.bm.rotate(key)
        self.state, self.lines = "running", self.summary
        stage.first(Rotated, key)
        self.step = "replaced"
        seen = len(self.ids)
        stage.until(lambda: len(self.ids) > seen + 3, "trades of the new connection")
        self.done()

    def process(self, msg):
        if "t" in msg:
            self.twice += bool(self.ids) and msg["t"] <= self.ids[-1]
            self.ids.append(msg["t"])

    def summary(self):
        first, last, count = self.ids[0], self.ids[-1], len(self.ids)
        missing = last - first + 1 - count + self.twice
        return (
            f"{self.step}: trades {first} to {last} of SOLUSDT",
            f"{count} received, {missing} missing, {self.twice} twice",
        )


class Book(Part):
    """An order book that follows the exchange."""

    def __init__(self):
        super().__init__("An order book is in sync with the exchange")
        self.changes = 0

    def run(self, stage):
        self.show("fetches the first snapshot")
        self.cache = DepthCacheManager(
            stage.client, "BTCUSDT", self.count, bm=stage.bm, ws_interval=100, timeout=MOST
        )
        self.lines = self.summary
        stage.until(lambda: self.cache.synced and self.changes > 5, "changes of the book")
        self.done()

    def count(self, book):
        self.changes += 1

    def summary(self):
        bid, ask = self.cache.best_bid, self.cache.best_ask
        state = "in sync" if self.cache.synced else "out of sync"
        if bid is None or ask is None:
            return (state,)
        best = "   ".join(
            f"{side} {short(level.price)} x {level.quantity.normalize():f}"
            for side, level in (("bid", bid), ("ask", ask))
        )
        return (f"BTCUSDT  {best}", f"{state}, {self.changes:,} changes applied")


class Order(Part):
    """An order of the simulator's account, and its events."""

    def __init__(self):
        super().__init__("An order is followed")
        self.states, self.balances = [], {}

    def run(self, stage):
        self.show("subscribes to the events of the account")
        key = stage.bm.start_user_socket(self.process)
        stage.until(lambda: stage.bm.wait_open(key, timeout=1), "the account's events")
        ask = stage.client.get_order_book(symbol="BNBUSDT", limit=5)["asks"][-1][0]
        self.asked = f"limit buy of 3 BNB at {short(ask)}"
        self.lines = self.summary
        stage.client.order_limit_buy(symbol="BNBUSDT", quantity="3", price=ask)
        stage.until(lambda: "FILLED" in self.states and self.balances, "the order's last event")
        self.done()

    def process(self, msg):
        if msg["e"] == "executionReport":
            self.states.append(msg["X"])
        elif msg["e"] == "outboundAccountPosition":
            self.balances = {each["a"]: each["f"] for each in msg["B"]}

    def summary(self):
        balances = [f"{name} {short(free)}" for name, free in self.balances.items()]
        steps = dict.fromkeys(self.states)
        return (
            f"{self.asked}: {', '.join(steps) or 'sent'}",
            f"balance now: {', '.join(balances) or '-'}",
        )


class Cut(Part):
    """A connection that is cut: how soon it is noticed, how it recovers, and what was missed."""

    def __init__(self):
        super().__init__("A connection is cut: noticed, recovered, and the gap is named")
        self.trades = 0

    def run(self, stage):
        key = stage.bm.start_trade_socket("ETHUSDT", self.process)
        stage.until(lambda: self.trades > 3, "trades of ETHUSDT")
        # The first retry is refused, so that the loss lasts long enough to miss something.
        stage.exchange.fault("http_status", status=503, path=f"*{key}*", count=1)
        cut = time.time()
        stage.exchange.fault("drop", stream=key)
        lost = stage.first(Disconnected, key)
        first = f"cut: noticed after {max(0, lost.when - cut) * 1000:.0f} ms"
        self.show(first)
        stage.first(Retrying, key)
        self.show(f"{first}; reconnects")
        resumed = stage.first(Resumed, key)
        first += f"; a retry is refused; receiving again after {resumed.downtime:.1f} s"
        self.show(first)
        gap = stage.first(Gap, key)
        self.done(first, f"missing: trades {gap.first} to {gap.last} of {gap.stream}")

    def process(self, msg):
        self.trades += "t" in msg


class OldScript(Part):
    """A script of 2018, in a process of its own."""

    def __init__(self):
        super().__init__(f"A script of 2018 runs unmodified: examples/{OLD_SCRIPT.name}")
        self.count, self.last = 0, ""
        self.process = None

    def start(self, stage):
        self.process = subprocess.Popen(
            [sys.executable, "-u", str(OLD_SCRIPT)],
            env=os.environ | stage.exchange.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self.read, daemon=True).start()

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def read(self):
        for line in self.process.stdout:
            self.count, self.last = self.count + 1, line.strip()

    def run(self, stage):
        self.state, self.lines = "running", self.summary
        stage.until(lambda: self.process.poll() is not None, "the end of the old script")
        if self.process.returncode != 0:
            raise Failure(f"{OLD_SCRIPT.name} ended with {self.process.returncode}: {self.last}")
        self.done()

    def summary(self):
        return (f"{self.count} lines, the last: {self.last}",)


class Failure(Exception):
    """A part did not succeed; the text says what is missing."""


class Stage:
    """The exchange, the manager, and the waits of the parts."""

    def __init__(self, exchange):
        self.exchange = exchange
        os.environ.update(exchange.env)  # which leads the library to the simulator
        self.client = Client("K" * 64, "S" * 64)  # the simulator's account
        logging.getLogger("binance").addHandler(logging.NullHandler())  # the parts show it
        self.events = []
        self.bm = BinanceSocketManager(self.client, on_event=self.events.append)
        self.bm.daemon = True
        self.deadline = time.monotonic() + MOST

    def until(self, holds, what):
        while not holds():
            if time.monotonic() > self.deadline:
                raise Failure(f"{what} did not come in time")
            time.sleep(0.02)

    def first(self, kind, key):
        """Wait for the first event of this kind of a socket."""
        found = []

        def came():
            found.extend(each for each in self.events if type(each) is kind and each.key == key)
            return found

        self.until(came, f"{kind.__name__} of {key}")
        return found[0]


class Lines:
    """Prints each part when it is done: for pipes and files."""

    def __init__(self, parts):
        self.left = list(parts)
        self.began = time.monotonic()

    def draw(self, footer=()):
        for part in [part for part in self.left if part.state == "done"]:
            self.left.remove(part)
            print(f"{time.monotonic() - self.began:5.1f} s  {part.heading()}")
            for line in part.lines():
                print(f"         {line}")
        for line in footer:
            print(line)
        sys.stdout.flush()


class Screen:
    """Draws all parts again and again in the same place of a terminal."""

    MARKS = {"waiting": "\N{MIDDLE DOT}", "running": "\N{HORIZONTAL ELLIPSIS}", "done": "\u2713"}
    ASCII = {"waiting": ".", "running": "~", "done": "+"}
    COLOURS = {"waiting": "2", "running": "33", "done": "32"}

    def __init__(self, parts):
        self.parts = parts
        self.began = time.monotonic()
        self.height = 0
        self.colours = "NO_COLOR" not in os.environ
        try:
            "".join(self.MARKS.values()).encode(sys.stdout.encoding or "ascii")
            self.marks = self.MARKS
        except UnicodeEncodeError:
            self.marks = self.ASCII

    def draw(self, footer=()):
        width, height = shutil.get_terminal_size()
        lines = [(self.heading(), "1"), ("", "")]
        for part in self.parts:
            colour = self.COLOURS[part.state]
            lines.append((f"{self.marks[part.state]} {part.heading()}", colour))
            lines += [(f"    {line}", "") for line in part.lines()]
        lines += [("", ""), *((line, "1") for line in footer)] if footer else []
        if len(lines) >= height:  # what has scrolled away cannot be drawn again
            lines = [(text, style) for text, style in lines if text][: height - 1]
        up = f"\x1b[{self.height}F" if self.height else ""
        body = "\n".join(f"{self.styled(text[: width - 1], style)}\x1b[K" for text, style in lines)
        sys.stdout.write(f"{up}{body}\n\x1b[J")
        sys.stdout.flush()
        self.height = len(lines)

    def heading(self):
        seconds = time.monotonic() - self.began
        return f"binance-socket-manager on a simulated exchange, {seconds:.0f} s of about 20"

    def styled(self, text, style):
        return f"\x1b[{style}m{text}\x1b[0m" if style and self.colours else text


@contextmanager
def without_cursor(on):
    """Hide the cursor, and show it again however the block ends."""
    if on:
        sys.stdout.write("\x1b[?25l")
    try:
        yield
    finally:
        if on:
            sys.stdout.write("\x1b[?25h")
            sys.stdout.flush()


def play(stage, parts, old_script, failures):
    """Begin one part after the other. Those that take longer go on at the same time."""

    def run(part):
        try:
            part.run(stage)
        except Exception as error:  # noqa: BLE001 - reported at the end of the demonstration
            failures.append(f"{part.title}: {error}")

    old_script.start(stage)
    stage.bm.start()
    for part in parts:
        threading.Thread(target=run, args=[part], daemon=True).start()
        time.sleep(BEAT)


def here(name):
    """How to call a program of this environment from the current folder."""
    program = Path(sys.executable).with_name(name)
    return name if shutil.which(name) == str(program) else os.path.relpath(program)


def next_steps():
    python = here(Path(sys.executable).name)
    return [
        f"next: {here('binance-sockets')} --demo",
        f"      {python} -m binance.simulator run -- {python} bot.py",
        "      make docs, or docs/tutorial/index.rst",
    ]


def main():
    on_screen = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    print("starting a simulated exchange on this computer ...", flush=True)
    old_script = OldScript()
    parts = [Streams(), Rotation(), Book(), Order(), Cut(), old_script]
    shown = [parts[number] for number in (0, 2, 3, 4, 1, 5)]
    failures = []
    with ExchangeProcess(seed=2018, rate=30, symbols=20) as exchange, without_cursor(on_screen):
        stage = Stage(exchange)
        display = (Screen if on_screen else Lines)(shown)
        began = time.monotonic()
        threading.Thread(
            target=play, args=[stage, parts, old_script, failures], daemon=True
        ).start()
        try:
            while not failures and not (
                time.monotonic() - began > LEAST and all(part.state == "done" for part in parts)
            ):
                display.draw()
                time.sleep(REDRAW)
            display.draw([] if failures else next_steps())
        finally:
            old_script.end()
            stage.bm.close()
            stage.bm.join(5)
    return "\n".join(failures) or 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # nobody reads any more; the interpreter flushes the rest at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
