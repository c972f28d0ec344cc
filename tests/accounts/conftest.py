"""Scripts in processes of their own, with accounts on a simulated exchange."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from binance.simulator.accounts import api_keys
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced

ROOT = Path(__file__).parents[2]
WAIT = paced(30.0)
"""Seconds that anything awaited may take on a machine that is busy with other things."""

PRELUDE = """
import json, logging, os, sys, threading, time
from binance.client import Client
from binance.websockets import BinanceSocketManager
from binance.simulator.accounts import api_keys  # the documented keys of its accounts
from tests.pace import paced

def say(kind, **fields):
    "One write for each line: several threads say something."
    os.write(1, json.dumps({"kind": kind, **fields}).encode() + b"\\n")

def clients():
    return {
        "HMAC": Client(api_keys.HMAC_KEY, api_keys.HMAC_SECRET),
        "RSA": Client(api_keys.RSA_KEY, private_key=api_keys.RSA_PRIVATE_KEY),
        "Ed25519": Client(api_keys.ED25519_KEY, private_key=api_keys.ED25519_PRIVATE_KEY),
    }

def hear(name):
    return lambda msg: say("message", of=name, message=msg)

def tell(event):
    fields = {n: str(getattr(event, n)) for n in event.__dataclass_fields__}
    say("event", event=type(event).__name__, **fields)

def obey(**commands):
    "Carries out what the test writes, a line each: a name and JSON arguments."
    for line in sys.stdin:
        name, _, arguments = line.strip().partition(" ")
        try:
            answer = commands[name](**json.loads(arguments or "{}"))
            say("done", name=name, answer=answer)
        except Exception as error:
            say("raised", name=name, error=repr(error))

def market(client, side="BUY", quantity="0.002", **more):
    return client.create_order(
        symbol="BTCUSDT", side=side, type="MARKET", quantity=quantity, **more
    )
"""


class Script:
    """A running script; what it says is kept, and can be waited for."""

    def __init__(self, exchange: ExchangeProcess, code: str, **environment: str) -> None:
        ours = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        env = os.environ | exchange.env | ours | environment
        self.process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(code)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        self.said: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self.errors: list[str] = []
        self._looked = 0  # up to where `message` has looked at what was said
        self._lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        for target in (self._read, self._read_errors):
            threading.Thread(target=target, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.raw.append(line)
            with contextlib.suppress(ValueError):
                self._lines.put(json.loads(line))
        self._lines.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self.errors.extend(self.process.stderr)

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next thing said that is wanted; everything on the way is kept in `said`."""
        end = time.monotonic() + WAIT
        while True:
            try:
                said = self._lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"nothing wanted in {WAIT} s; said: {self.said[-5:]}\n{self.stderr}")
            if said is None:
                pytest.fail(f"the script has ended; said: {self.said[-5:]}\n{self.stderr}")
            self.said.append(said)
            if wanted(said):
                return said

    def saying(self, kind: str, **fields: Any) -> dict[str, Any]:
        return self.until(
            lambda said: (
                said["kind"] == kind
                and all(said.get(name) == value for name, value in fields.items())
            )
        )

    def message(self, e: str, of: str | None = None, **fields: Any) -> dict[str, Any]:
        """The message of a kind, with these fields, that came next to the callback after the one
        of the last call, whatever was waited for meanwhile."""

        def wanted(said: dict[str, Any]) -> bool:
            message = said.get("message")
            return (
                said["kind"] == "message"
                and of in (None, said["of"])
                and message["e"] == e
                and all(message.get(name) == value for name, value in fields.items())
            )

        while True:
            for said in self.said[self._looked :]:
                self._looked += 1
                if wanted(said):
                    found: dict[str, Any] = said["message"]
                    return found
            self.until(lambda said: True)

    def command(self, name: str, **arguments: Any) -> Any:
        """Have the script do something, and wait until it is done."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name} {json.dumps(arguments)}\n")
        self.process.stdin.flush()
        said = self.until(lambda said: said["kind"] in ("done", "raised") and said["name"] == name)
        if said["kind"] == "raised":
            pytest.fail(f"{name} raised {said['error']}")
        return said["answer"]

    def messages(self, of: str | None = None) -> list[dict[str, Any]]:
        """All messages said so far."""
        return [
            said["message"]
            for said in self.said
            if said["kind"] == "message" and of in (None, said["of"])
        ]

    def end(self) -> int:
        """Let it come to its end, by closing its input."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        code = self.process.wait(WAIT)
        while (said := self._lines.get(timeout=WAIT)) is not None:
            self.said.append(said)
        return code

    @property
    def stderr(self) -> str:
        return "".join(self.errors)


@pytest.fixture
def script() -> Iterator[Callable[..., Script]]:
    """Starts scripts; kills what a failed test leaves."""
    started: list[Script] = []

    def start(exchange: ExchangeProcess, code: str, **environment: str) -> Script:
        started.append(Script(exchange, code, **environment))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


@pytest.fixture(scope="module")
def shared_venue() -> Iterator[ExchangeProcess]:
    """One exchange, over TLS, for the tests of a file: it costs also while nobody listens."""
    with ExchangeProcess(seed=5, symbols=["BTCUSDT", "BNBBTC"], rate=40, levels=50) as running:
        yield running
        assert running.errors() == ""


@pytest.fixture
def venue(shared_venue: ExchangeProcess) -> Iterator[ExchangeProcess]:
    """That exchange, without the faults of the test before."""
    shared_venue.clear()
    yield shared_venue
    shared_venue.clear()
    assert shared_venue.running


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Waits until something holds, looking often; there is nobody who could tell."""

    def wait(holds: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT
        while not holds():
            if time.monotonic() > end:
                pytest.fail(f"does not hold after {WAIT} s")
            time.sleep(0.02)

    return wait


@pytest.fixture
def users() -> Callable[[ExchangeProcess], Counter[str]]:
    """What the exchange counts of its accounts."""
    return lambda exchange: Counter(exchange.stats()["connections"]["users"])


SECRETS = {
    "API key": api_keys.HMAC_KEY,
    "secret": api_keys.HMAC_SECRET,
    "RSA API key": api_keys.RSA_KEY,
    "Ed25519 API key": api_keys.ED25519_KEY,
    "RSA private key": api_keys.RSA_PRIVATE_KEY.splitlines()[1],
    "Ed25519 private key": api_keys.ED25519_PRIVATE_KEY.splitlines()[1],
}


@pytest.fixture(scope="module")
def shared_region() -> Iterator[ExchangeProcess]:
    """An exchange whose spot accounts still have listen keys, which end after 4 s unless kept."""
    with ExchangeProcess(
        seed=6, symbols=["BTCUSDT"], rate=40, spot_listen_keys="live", listen_key_life=4
    ) as running:
        yield running
        assert running.errors() == ""


@pytest.fixture
def region(shared_region: ExchangeProcess) -> Iterator[ExchangeProcess]:
    """That exchange, without the faults of the test before."""
    shared_region.clear()
    yield shared_region
    shared_region.clear()
