"""Scripts in processes of their own, against a feed in another."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.pace import in_time, paced

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
START_SECONDS = paced(20.0)

#: For scripts that start a thread of their own when their main thread has come to its end, which
#: the first releases of Python 3.12 forbid: https://github.com/python/cpython/issues/113964
starts_late_thread = pytest.mark.skipif(
    (3, 12) <= sys.version_info < (3, 12, 3), reason="Python starts no thread so late"
)

PRELUDE = """
import os, signal, sys, threading, time
from binance.websockets import BinanceSocketManager
from tests.pace import paced
BinanceSocketManager.STREAM_URL = os.environ["FEED_URL"]
def say(*words):
    print(*words, flush=True)
def manager(**options):
    return BinanceSocketManager(None, **options)
class Count:
    "Counts messages; `first` is set by the first, `errors` keeps the error dicts."
    def __init__(self):
        self.number, self.first, self.errors = 0, threading.Event(), []
    def __call__(self, message):
        if message["e"] == "error":
            self.errors.append(message)
            return
        self.number += 1
        self.first.set()
    def wait(self, seconds=5):
        assert self.first.wait(paced(seconds)), "no message"
def announce(count):
    "Tells the test when messages come."
    count.wait()
    say("streaming")
"""


class Feed:
    """The server's process."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "feed.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self.process.stdout.readline())
        self.url = f"ws://127.0.0.1:{self.port}/"

    def command(self, word):
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        while self.process.stdout.readline().strip() != word:
            pass

    def close(self):
        self.process.stdin.close()
        self.process.wait(START_SECONDS)
        self.process.stdout.close()


class Script:
    """A script's process; its lines are read as they come."""

    def __init__(self, body, feed):
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-X", "faulthandler", "-c", PRELUDE + textwrap.dedent(body)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "FEED_URL": feed.url, "PYTHONPATH": str(ROOT)},
        )

    def expect(self, line):
        """Wait for a line of its output, which must be this one."""
        said = self.process.stdout.readline().strip()
        if said != line:
            self.process.kill()
            pytest.fail(f"said {said!r}, not {line!r}; {self.process.stderr.read()}")

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def end(self, within=2.0):
        """Wait for its end; return its exit code, the rest of its output, and what it took."""
        began = time.monotonic()
        try:
            out, err = self.process.communicate(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # faulthandler tells where it hangs
            pytest.fail("still alive: " + self.process.communicate()[1])
        took = time.monotonic() - began
        assert in_time(took, within), f"ended after {took:.1f} s: {out}{err}"
        return self.process.returncode, out, err


@pytest.fixture(scope="session")
def feed():
    with contextlib.closing(Feed()) as running:
        yield running


@pytest.fixture
def own_feed():
    """A feed that the test may take down."""
    with contextlib.closing(Feed()) as running:
        yield running


@pytest.fixture
def script():
    """Starts scripts; kills what a failed test leaves."""
    scripts = []

    def start(body, feed):
        scripts.append(Script(body, feed))
        return scripts[-1]

    yield start
    for one in scripts:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()
