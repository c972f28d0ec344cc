"""The round trip of an order: over the WebSocket API, and by REST on a connection that is kept.

    python benchmarks/bench_orders.py [--orders 2000] [--only ours] [--simulator]

Beside this library: python-binance 1.0 and the exchange's own SDK, each in an environment of its
own. Each client is a process; the exchange is another one, over TLS on loopback, and does as little
as possible, the same for both ways (`quiet_exchange.py`). `--simulator` takes the simulator in its
place. The two ways take turns, order by order, and so do the clients, fifty orders at a time: so
whatever else the machine does slows all of them down. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench_peers import build, certificates, python_of

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from binance.simulator import ExchangeProcess  # noqa: E402 - of this folder's own project
from binance.simulator.accounts import api_keys  # noqa: E402

ROUND = 50  # orders of each client before the next one's turn
WARM_UP = 2 * ROUND
TARGET = 0.25  # of the time by REST
#: name -> environment, None for this one; and the script
CLIENTS = {
    "ours": (None, "orders_ours.py"),
    "python-binance 1.0": ("python-binance", "orders_python_binance.py"),
    "the exchange's SDK": ("binance-sdk", "orders_sdk.py"),
}
WAYS = {"websocket": "WebSocket API", "rest": "REST, kept alive"}


@contextmanager
def quiet_exchange() -> Iterator[dict[str, str]]:
    """Runs the exchange that does nothing; gives the environment variables of its clients."""
    with tempfile.TemporaryDirectory() as folder:
        ca_file, own = certificates(Path(folder))
        command = [sys.executable, str(HERE / "quiet_exchange.py"), own]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            host = f"127.0.0.1:{process.stdout.readline().strip()}"
            rest, ws_api = f"https://{host}", f"wss://{host}/ws-api/v3"
            yield {
                "BINANCE_API_URL": rest,
                "BINANCE_WS_API_URL": ws_api,
                "BINANCE_CA_FILE": ca_file,
            }
            process.terminate()


@contextmanager
def simulator() -> Iterator[dict[str, str]]:
    """Runs the simulator, with a market that hardly moves."""
    options = {"symbols": ["BTCUSDT"], "rate": 1, "levels": 50, "limits": "off"}
    with ExchangeProcess(**options) as exchange:
        yield exchange.env


@dataclass
class Client:
    """A client in a process of its own, and the seconds of its orders."""

    process: subprocess.Popen[str]
    times: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def place(self, orders: int) -> dict[str, list[float]]:
        """Let it place so many orders by each way."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{orders}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("a client has ended; its error is above")
        taken: dict[str, list[float]] = json.loads(line)
        return taken

    def measure(self, orders: int) -> None:
        for way, taken in self.place(orders).items():
            self.times[way] += taken

    def ms(self, way: str, part: float) -> float:
        """The time in ms within which that part of the orders was answered."""
        return sorted(self.times[way])[int(part * (len(self.times[way]) - 1))] * 1000


def start(environment: str | None, script: str, variables: dict[str, str]) -> Client:
    """Start a client."""
    if environment is not None:
        build(environment)
    command = [sys.executable if environment is None else python_of(environment), script]
    ca_file = variables["BINANCE_CA_FILE"]
    further = {
        "BENCH_URL": variables["BINANCE_API_URL"],
        "BENCH_WS_API": variables["BINANCE_WS_API_URL"],
        "BENCH_KEY": api_keys.HMAC_KEY,
        "BENCH_SECRET": api_keys.HMAC_SECRET,
        "SSL_CERT_FILE": ca_file,  # of the peers
        "REQUESTS_CA_BUNDLE": ca_file,
    }
    if environment is None:
        further["PYTHONPATH"] = str(HERE.parent)
    process = subprocess.Popen(
        command,
        cwd=HERE / "clients",
        env=os.environ | variables | further,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Client(process)


def report(clients: dict[str, Client], orders: int) -> None:
    print(f"{orders} orders each{'':25}p50 ms   p99 ms")
    for name, client in clients.items():
        print(name)
        for way, called in WAYS.items():
            print(f"  {called:32} {client.ms(way, 0.5):7.2f}  {client.ms(way, 0.99):7.2f}")
        p50, p99 = (client.ms("websocket", p) / client.ms("rest", p) for p in (0.5, 0.99))
        print(f"  {'the first, of the second':32} {p50:7.2f}  {p99:7.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--only", default="", help="names of clients, separated by ;")
    parser.add_argument("--simulator", action="store_true")
    options = parser.parse_args()
    only = options.only.split(";") if options.only else list(CLIENTS)
    with ExitStack() as stack:
        exchange = simulator if options.simulator else quiet_exchange
        variables = stack.enter_context(exchange())
        clients = {name: start(*CLIENTS[name], variables) for name in only}
        for client in clients.values():
            stack.callback(client.process.terminate)
        for client in clients.values():
            client.place(WARM_UP)
        for _ in range(options.orders // ROUND):
            for client in clients.values():
                client.measure(ROUND)
        report(clients, options.orders)
        if "ours" in clients:
            ours = clients["ours"]
            worst = max(ours.ms("websocket", p) / ours.ms("rest", p) for p in (0.5, 0.99))
            print(
                f"{'kept' if worst <= TARGET else 'MISSED'}   at most {TARGET} of REST: {worst:.2f}"
            )


if __name__ == "__main__":
    main()
