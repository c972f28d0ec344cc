"""The exchange that a command uses: its addresses, and how far its clock is from this computer's.

The library reads the addresses from the environment variables of the process, so ``--env`` and
``--demo`` change these. They override what the shell has set: with ``--env testnet`` a forgotten
``BINANCE_STREAM_URL`` must not lead to real money.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from binance.cli.errors import CommandError
from binance.client import Client
from binance.exceptions import BinanceError
from binance.sansio.names.endpoints import VARIABLES, Endpoints, environment_of, resolve

if TYPE_CHECKING:
    from binance.simulator.run.exchange_process import ExchangeProcess

#: Seconds between two measurements: a computer's clock drifts by some ms in that time.
MEASURE_SECONDS = 300.0


class Exchange:
    """The exchange that ``--env`` and ``--demo`` choose.

    :raises click.UsageError: both are given.
    """

    def __init__(self, environment: str | None = None, demo: bool = False) -> None:
        if environment and demo:
            raise click.UsageError(
                "--env and --demo exclude each other; the exchange's own demo is --env demo"
            )
        self.environment = environment
        self.demo = demo
        self.simulator: ExchangeProcess | None = None

    @contextmanager
    def selected(self) -> Iterator[Exchange]:
        """Set the environment variables; with ``--demo`` run a simulator meanwhile."""
        if self.demo:
            from binance.simulator.run import exchange_process

            try:
                simulator = exchange_process.ExchangeProcess()
            except exchange_process.SimulatorError as error:
                raise CommandError(str(error)) from None
            with simulator:
                self.simulator = simulator
                _unset_addresses()
                os.environ.update(simulator.env | exchange_process.without_proxy())
                yield self
            return
        if self.environment:
            _unset_addresses()
            os.environ["BINANCE_ENV"] = self.environment
        yield self

    @property
    def addresses(self) -> Endpoints:
        try:
            return resolve(os.environ)
        except ValueError as error:
            raise CommandError(str(error)) from None

    @property
    def name(self) -> str:
        """For a heading."""
        if self.demo:
            return "simulator"
        if self.environment:  # whatever the shell has set
            return self.environment
        addresses = self.addresses
        return "own addresses" if "stream" in addresses.given else addresses.environment

    @property
    def rest_name(self) -> str:
        """The environment, or the host of the user's own, that answers REST."""
        if self.demo or self.environment:
            return self.name
        url = self.addresses.rest
        return environment_of(url) or urlsplit(url).hostname or ""


def _unset_addresses() -> None:
    for variable in (*VARIABLES.values(), "BINANCE_ENV"):
        os.environ.pop(variable, None)


def measure_clock(client: Client) -> tuple[float, float]:
    """Milliseconds that the exchange's clock is ahead of this computer's, and of the round trip.

    It assumes that the exchange reads its clock halfway, so the first number is wrong by half of
    the second at most.
    """
    client.ping()  # so that the next call finds its connection open
    began, steady = time.time(), time.perf_counter()
    answer = client.get_server_time()
    took = (time.perf_counter() - steady) * 1000
    return answer["serverTime"] - (began * 1000 + took / 2), took


class ClockOffset:
    """The clock offset in milliseconds, measured every few minutes in a thread of its own.

    A context manager: it begins and ends the measurements.
    """

    def __init__(self) -> None:
        self.milliseconds = 0.0
        """The last offset measured; 0 before the first."""
        self.known = False
        """Whether the last measurement succeeded."""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock-offset", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while True:
            try:
                with Client(timeout=5) as client:
                    self.milliseconds, _ = measure_clock(client)
                    self.known = True
            except (BinanceError, OSError, ValueError):
                self.known = False  # the heading then shows no offset
            if self._stopped.wait(MEASURE_SECONDS):
                return
