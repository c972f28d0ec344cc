"""Simulators that are forked from one process, where they are imported already.

To start Python and to import a simulator takes longer than most tests that use one.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection, Pipe
from typing import IO, Any

from binance.simulator.run import exchange_process
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced

# No module that imports `twisted.internet.reactor`: processes cannot share one.
IMPORTED = (
    "binance.simulator.__main__",
    "binance.simulator.run.from_options",
    "binance.simulator.wire.server",
    "twisted.internet.epollreactor",
)


def _serve(
    argv: Sequence[str], folder: str, variables: Mapping[str, str], *ends: Connection
) -> None:
    """What `python -m binance.simulator` does, in a child that has just been forked."""
    from binance.simulator.__main__ import main

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for number, end in enumerate(ends):
        os.dup2(end.fileno(), number)
        end.close()
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    sys.exit(main(argv))


class Forked:
    """A child with the methods of `subprocess.Popen` that `ExchangeProcess` calls."""

    def __init__(self, context: Any, argv: Sequence[str]) -> None:
        theirs, mine = zip(Pipe(False), *(Pipe(False)[::-1] for _ in range(2)), strict=True)
        self._process = context.Process(
            target=_serve, args=(argv, os.getcwd(), dict(os.environ), *theirs), daemon=True
        )
        self._process.start()
        for end in theirs:
            end.close()
        self.stdin, self.stdout, self.stderr = map(_opened, mine, ("wb", "rb", "rb"))

    def poll(self) -> int | None:
        code: int | None = self._process.exitcode
        return code

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("the simulator", timeout or 0.0)
        return code

    def kill(self) -> None:
        self._process.kill()


def _opened(end: Connection, mode: str) -> IO[bytes]:
    with end:
        return os.fdopen(os.dup(end.fileno()), mode)


#: How users start simulators.
plain = ExchangeProcess._launch


def use() -> None:
    """Have each `ExchangeProcess` fork, where there are forks; the first one prepares that.

    All of them are waited for as patiently as tests wait.
    """
    for name in ("START_TIMEOUT", "STOP_TIMEOUT", "CALL_TIMEOUT"):
        setattr(exchange_process, name, paced(getattr(exchange_process, name)))
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(IMPORTED))
        launch: Any = staticmethod(functools.partial(Forked, context))
        ExchangeProcess._launch = launch  # type: ignore[method-assign]
