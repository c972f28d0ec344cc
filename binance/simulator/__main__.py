"""``python -m binance.simulator``: serve a simulated exchange on loopback.

It prints one line of JSON (``http``, ``ws``, ``ws_api``, ``ca_file``, ``pid``, ``control``), or on
a terminal the ``export`` lines for a shell, and serves until SIGINT or SIGTERM. ``python -m
binance.simulator run [options] -- COMMAND ..`` starts a simulator, sets the environment variables
with which a program connects to it and those with the keys of the test account, runs the command
and exits with its code.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from binance.simulator.run import options
from binance.simulator.run.exchange_process import (
    ExchangeProcess,
    SimulatorError,
    environment,
    export_lines,
    without_proxy,
)

if TYPE_CHECKING:
    from binance.simulator.wire.server import SimulatorServer

PROGRAM = "python -m binance.simulator"


def _parser(run: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} run" if run else PROGRAM,
        usage=f"{PROGRAM} run [options] -- COMMAND .." if run else f"{PROGRAM} [options]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add(parser)
    if not run:
        parser.add_argument(
            "--until-stdin-closes", action="store_true", help="end when standard input ends"
        )
    return parser


def serve(argv: Sequence[str]) -> int:
    """Serve until SIGINT or SIGTERM. Returns 1 if the simulator failed, else 0."""
    parser = _parser(run=False)
    given = parser.parse_args(argv)
    from twisted.internet import reactor

    from binance.simulator.run.from_options import make_state
    from binance.simulator.wire.server import SimulatorServer, wall_clock

    try:
        state = make_state(given, wall_clock)
        server = SimulatorServer(reactor, state, port=given.port, tls=given.tls)
        for spec in given.fault:
            server.order_fault(spec)
        addresses = server.start()
    except (ValueError, OSError) as error:
        parser.error(str(error))
    _run(reactor, server, addresses, given.until_stdin_closes)
    return int(server.hub.has_failed)


def _run(reactor: Any, server: SimulatorServer, addresses: dict[str, Any], watch: bool) -> None:
    def wait() -> None:
        while os.read(0, 4096):  # a thread that reads sys.stdin would break the exit
            pass
        reactor.callFromThread(lambda: reactor.running and reactor.stop())

    def begin() -> None:
        if watch:
            threading.Thread(target=wait, daemon=True).start()
        # A fault may have closed the port at once: the reactor does that in its next iteration.
        reactor.callLater(0, _announce, addresses)

    reactor.addSystemEventTrigger("before", "shutdown", server.stop)
    reactor.callWhenRunning(begin)
    reactor.run()


def _announce(addresses: dict[str, Any]) -> None:
    """Print the addresses: as JSON for programs, on a terminal as lines for a shell."""
    if sys.stdout.isatty():
        print(export_lines(environment(addresses) | _account()))
        print("# serving until Ctrl-C; paste these lines into another terminal", flush=True)
    else:
        print(json.dumps(addresses), flush=True)


def _account() -> dict[str, str]:
    """The variables with the keys of the test account."""
    from binance.simulator.accounts.api_keys import HMAC_KEY, HMAC_SECRET

    return {"BINANCE_API_KEY": HMAC_KEY, "BINANCE_API_SECRET": HMAC_SECRET}


def run(argv: Sequence[str]) -> int:
    """Run a command with a simulator of its own. Returns the command's exit code."""
    parser = _parser(run=True)
    words = list(argv)
    end = words.index("--") if "--" in words else len(words)
    mine, command = words[:end], words[end + 1 :]
    parser.parse_args(mine)  # for its errors: the child process parses them again
    if not command:
        parser.error("no command: give it after --")
    try:
        with ExchangeProcess.of_arguments(mine) as exchange:
            theirs = {k: v for k, v in os.environ.items() if k != "BINANCE_PRIVATE_KEY_FILE"}
            code = _call(command, theirs | exchange.env | _account() | without_proxy())
            if errors := exchange.errors():
                print(errors, file=sys.stderr)
            return code
    except SimulatorError as error:
        print(error, file=sys.stderr)
        return 2


def _call(command: list[str], environment: dict[str, str]) -> int:
    """Run a command. Ctrl-C reaches it directly; SIGTERM is sent on to it."""
    running: list[subprocess.Popen[bytes]] = []
    terminated: list[int] = []

    def terminate(number: int, frame: object) -> None:
        terminated.append(number)
        for process in running:
            process.terminate()

    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, terminate),
    }
    try:
        running.append(subprocess.Popen(command, env=environment))
        if terminated:
            running[0].terminate()
        code = running[0].wait()
    except OSError as error:
        print(f"{PROGRAM} run: {error}", file=sys.stderr)
        return 127
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] == ["run"]:
            return run(arguments[1:])
        return serve(arguments)
    except KeyboardInterrupt:  # before the reactor or the command ran
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main())
