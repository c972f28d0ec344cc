"""A simulator in a child process, for tests and programs: standard library only.

.. code-block:: python

    with ExchangeProcess(seed=7, symbols=10) as exchange:
        subprocess.run([sys.executable, "bot.py"], env=os.environ | exchange.env)
        exchange.fault("drop")
        print(exchange.stats()["connections"])

The child ends when this process ends, however it ends: its standard input is a pipe that closes.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import IO, Any

from binance.simulator.run.options import arguments

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy

START_TIMEOUT = 30.0
"""Seconds within which the child must print its addresses."""

STOP_TIMEOUT = 5.0
"""Seconds that it has to end, before it is killed."""

CALL_TIMEOUT = 10.0
"""Seconds that it has to answer a call."""


def environment(urls: Mapping[str, Any]) -> dict[str, str]:
    """The environment variables with which programs connect to a simulator.

    They name it for the markets that it does not have, too: it refuses their connections.
    """
    http, ws = urls["http"], urls["ws"]
    of_rest = (f"BINANCE_{name}_URL" for name in ("API", "FAPI", "DAPI", "EAPI", "PAPI", "WEBSITE"))
    found = dict.fromkeys(of_rest, http) | {
        "BINANCE_STREAM_URL": ws,
        "BINANCE_WS_API_URL": urls["ws_api"],
        "BINANCE_FSTREAM_URL": f"{ws}/usdm",
        "BINANCE_WS_FAPI_URL": f"{ws}/ws-fapi/v1",
        "BINANCE_DSTREAM_URL": f"{ws}/coinm",
        "BINANCE_WS_DAPI_URL": f"{ws}/ws-dapi/v1",
        "BINANCE_ESTREAM_URL": f"{ws}/options",
        "BINANCE_MARGIN_STREAM_URL": f"{ws}/margin",
        "BINANCE_PM_STREAM_URL": f"{ws}/pm",
    }
    if urls.get("ca_file"):
        found["BINANCE_CA_FILE"] = urls["ca_file"]
    return found


def without_proxy() -> dict[str, str]:
    """The environment variables that keep proxies away from loopback."""
    before = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    hosts = ",".join(filter(None, [before, "localhost,127.0.0.1,::1"]))
    return {"NO_PROXY": hosts, "no_proxy": hosts}


def export_lines(variables: Mapping[str, str]) -> str:
    """The lines with which a shell sets these variables."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


class SimulatorError(Exception):
    """The simulator did not start; the message says why."""


class ExchangeProcess:
    """A simulator in a child process. It starts when the object is created.

    :param options: as on the command line: ``seed=7, symbols=["BTCUSDT"], rate=100, tls=False,
        limits="count", replay="x.frames", speed=0, faults=["lose:count=3"] ..``.
    :raises TypeError: for an unknown option.
    :raises SimulatorError: when it does not start.

    ``urls`` holds the base URLs ``http``, ``ws``, ``ws_api`` and ``control``, ``ca_file`` the file
    of the certificate authority to trust (None without TLS), and ``env`` the environment variables
    with which a program connects to the simulator.
    """

    def __init__(self, **options: Any) -> None:
        self._start(arguments(options))

    @classmethod
    def of_arguments(cls, argv: Sequence[str]) -> ExchangeProcess:
        """Start a simulator with the arguments of the command line."""
        made = cls.__new__(cls)
        made._start(argv)
        return made

    @staticmethod
    def _launch(argv: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start a child with arguments of the command line; its three streams are pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "binance.simulator", *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            start_new_session=True,  # Ctrl-C is for the program that is being tested
        )

    def _start(self, argv: Sequence[str]) -> None:
        self._process = self._launch([*argv, "--until-stdin-closes"])
        self._errors: list[bytes] = []
        assert self._process.stderr is not None
        self._reader = threading.Thread(
            target=self._collect, args=(self._process.stderr,), daemon=True
        )
        self._reader.start()
        first = self._first_line()
        self.urls: dict[str, str] = {
            name: first[name] for name in ("http", "ws", "ws_api", "control")
        }
        self.ca_file: str | None = first["ca_file"]
        self.pid: int = first["pid"]

    def _collect(self, errors: IO[bytes]) -> None:
        for line in errors:
            self._errors.append(line)
            del self._errors[:-200]

    def _first_line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        timer = threading.Timer(START_TIMEOUT, self._process.kill)
        timer.daemon = True
        timer.start()
        line = self._process.stdout.readline()
        timer.cancel()
        if not line:
            self.close()
            reason = self.errors() or "no reason given"
            raise SimulatorError(f"the simulator did not start: {reason}")
        found: dict[str, Any] = json.loads(line)
        return found

    @property
    def env(self) -> dict[str, str]:
        """The environment variables with which a program connects to this simulator."""
        return environment({**self.urls, "ca_file": self.ca_file})

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def fault(self, kind: str, **arguments: Any) -> int:
        """Start a fault. Returns its number.

        :raises ValueError: for an unknown kind or argument; the message says what is allowed.
        """
        return int(self._call("fault", {"kind": kind, **arguments})["id"])

    def clear(self, number: int | None = None, *, kind: str | None = None) -> int:
        """End all faults, one by its number, or those of a kind. Returns how many ended."""
        given = {"id": number, "kind": kind}
        return int(self._call("clear", {k: v for k, v in given.items() if v is not None})["ended"])

    def stats(self) -> dict[str, Any]:
        """Connections, streams, violations, requests, weights, faults: see ``GET /_sim/stats``."""
        return self._call("stats")

    def _call(self, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.urls['control']}/_sim/{name}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with _DIRECT.open(request, timeout=CALL_TIMEOUT) as reply:
                found: dict[str, Any] = json.load(reply)
                return found
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error)["error"]) from None

    def errors(self) -> str:
        """The text that the simulator wrote to its standard error; normally it is empty."""
        if not self.running:
            self._reader.join(STOP_TIMEOUT)
        return b"".join(self._errors).decode(errors="replace").strip()

    def close(self) -> None:
        """End the simulator. Does nothing when it has already ended."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        if not process.stdin.closed:
            process.stdin.close()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._reader.join(STOP_TIMEOUT)
        process.stdout.close()

    def __enter__(self) -> ExchangeProcess:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = self.urls["http"] if self.running else "ended"
        return f"<ExchangeProcess {state}>"
