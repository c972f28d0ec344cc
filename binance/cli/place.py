"""Which exchange a command speaks to: what ``--env`` and ``--demo`` make of the environment.

The library reads the addresses from the process's environment, so that is where the command line
puts what it was told. What is said on the command line is stronger than what the shell holds: who
says ``--env testnet`` shall not reach real money by way of a forgotten ``BINANCE_STREAM_URL``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from binance.cli.trouble import Trouble
from binance.sansio.names.endpoints import ENVIRONMENTS, VARIABLES, Endpoints, resolve

if TYPE_CHECKING:
    from binance.simulator.run.exchange_process import ExchangeProcess

__all__ = ["Place", "exchange_options"]

_F = TypeVar("_F", bound=Callable[..., Any])


def exchange_options(command: _F) -> _F:
    """``--env`` and ``--demo``, for a command."""
    env = click.option(
        "--env",
        "environment",
        type=click.Choice(ENVIRONMENTS, case_sensitive=False),
        help="Which exchange; without it BINANCE_ENV and the BINANCE_.._URL variables decide, "
        "and else it is production.",
    )
    demo = click.option(
        "--demo", is_flag=True, help="A simulated exchange on this machine, started for you."
    )
    return env(demo(command))


class Place:
    """The exchange that a command speaks to, while it runs."""

    def __init__(self, environment: str | None = None, demo: bool = False) -> None:
        if environment and demo:
            raise click.UsageError(
                "--env and --demo exclude each other; the exchange's own demo is --env demo"
            )
        self._environment = environment
        self._demo = demo
        self.simulator: ExchangeProcess | None = None

    @contextmanager
    def entered(self, **options: Any) -> Iterator[Place]:
        """Point this process at it; ``options`` are those of the simulator, where it is one."""
        if self._demo:
            from binance.simulator.run.exchange_process import ExchangeProcess, SimulatorError

            try:
                simulator = ExchangeProcess(**options)
            except SimulatorError as error:
                raise Trouble(str(error)) from None
            with simulator:
                self.simulator = simulator
                _forget_addresses()
                os.environ.update(simulator.env)
                os.environ["NO_PROXY"] = os.environ["no_proxy"] = _and_loopback()
                yield self
            return
        if self._environment:
            _forget_addresses()
            os.environ["BINANCE_ENV"] = self._environment
        yield self

    @property
    def addresses(self) -> Endpoints:
        try:
            return resolve(os.environ)
        except ValueError as error:
            raise Trouble(str(error)) from None

    @property
    def name(self) -> str:
        """For a title."""
        if self._demo:
            return "simulator"
        addresses = self.addresses
        return "own addresses" if "stream" in addresses.given else addresses.environment


def _forget_addresses() -> None:
    for variable in (*VARIABLES.values(), "BINANCE_ENV"):
        os.environ.pop(variable, None)


def _and_loopback() -> str:
    """No proxy may come between this process and its own machine."""
    before = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    return ",".join(filter(None, [before, "localhost,127.0.0.1,::1"]))
