"""One relay: what it publishes in a second, what it adds to the latency, and what it needs.

    python benchmarks/bench_relay.py [--rounds 7] [--consumers 1,10,100] [--quick]

The engine is the NATS server of the extra `test`, with its files on disk. Load process, relay and
engine are processes; each consumer is a manager with its own connection to the engine, and all
consumers share four processes. Each run begins with a new engine, and everything is on loopback.
The runs take turns, and medians of the rounds are reported:

* A burst through the relay until the engine has acknowledged all of it, and the same burst to the
  callback of a trade socket: their ratio.
* A burst to 1, 10 and 100 consumers, until the last one has got its last message. Here all
  processes share this machine, so look at the CPU time per message.
* A paced run to as many consumers: the time from the load process to the callback, less the same
  time without a relay.

Writes `relay.json` and `relay.txt` into `benchmarks/results`, or where `--results` says, and prints
the table; `--quick` writes only where `--results` says. `python docs/capacity.py` computes from the
figures what the whole exchange needs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE / "clients")]

import nats  # noqa: E402 - of the extra `test`

from binance.relay.publishing import Retention  # noqa: E402 - of this folder's own project
from tests.pace import paced  # noqa: E402
from tests.relay.rig import SERVER, NatsServer  # noqa: E402

RESULTS = HERE / "results"
LIMIT = paced(60.0)  # seconds for one run
TARGET = 0.4  # of the plain callback's rate in a burst
PROCESSES = 4
KINDS = ("trade", "depth")
#: Messages of a burst to no consumer, and deliveries of a burst to all consumers together.
BURST, DELIVERIES = 100_000, 200_000
#: Messages a second of a paced run, and deliveries a second to all consumers together.
RATE, PACED_DELIVERIES = 1000, 20_000
SECONDS = 4

Result = dict[str, Any]
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
RELAY_CORE, LOAD_CORE = CORES[:2] if len(CORES) > 1 else (-1, -1)


# -- processes


@contextmanager
def process(script: str, **order: Any) -> Iterator[subprocess.Popen[str]]:
    """A script of this folder with its orders; it is ended with the block."""
    environ = os.environ | {"PYTHONPATH": str(HERE.parent)}
    order["patience"] = LIMIT - 5
    command = [sys.executable, str(HERE / script), json.dumps(order)]
    with subprocess.Popen(
        command, cwd=HERE / "clients", env=environ, stdout=subprocess.PIPE, text=True
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def first_line(started: subprocess.Popen[str]) -> str:
    """What a process prints first."""
    assert started.stdout is not None
    return started.stdout.readline().strip()


def result(started: subprocess.Popen[str], messages: int) -> Result:
    """What a process has measured."""
    printed, _ = started.communicate(timeout=LIMIT)
    try:
        found: Result = json.loads(printed.splitlines()[-1])
    except (IndexError, ValueError):
        raise SystemExit("a process has ended; its error is above") from None
    if found.get("error") or found["messages"] != messages or found["last"] != messages:
        raise SystemExit(f"not all of {messages} messages have come: {found}")
    return found


def load(stack: ExitStack, kind: str, messages: int, rate: int) -> str:
    """Start the load process; its URL."""
    order = {"kind": kind, "messages": messages, "rate": rate, "connections": 1}
    started = stack.enter_context(
        process("load.py", **order, certificate="", core=-1 if rate else LOAD_CORE)
    )
    return f"ws://127.0.0.1:{json.loads(first_line(started))['port']}/"


def cpu_of(pid: int) -> float:
    """Seconds of CPU time that a process has used; 0 where the system does not say it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_of(pid: int) -> int:
    """The most memory in kB that a process has had; 0 where the system does not say it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


async def prepare(url: str) -> None:
    """Create the engine's stream: consumers may begin before the relay."""
    async with await nats.connect(url) as client:
        await client.jetstream().add_stream(Retention().config())


async def stored(url: str) -> float:
    """Octets that the engine has stored for each message."""
    async with await nats.connect(url) as client:
        state = (await client.jetstream().stream_info("BINANCE")).state
        return state.bytes / state.messages


# -- runs


def plain(kind: str, messages: int, rate: int = 0) -> Result:
    """The callback of a socket, without a relay."""
    with ExitStack() as stack:
        url = load(stack, kind, messages, rate)
        order = {"kind": kind, "messages": messages, "rate": rate, "connections": 1}
        client = process(
            "clients/ours.py", url=url, ca_file="", core=RELAY_CORE, dispatch="reactor", **order
        )
        return result(stack.enter_context(client), messages)


def relayed(kind: str, messages: int, rate: int = 0, consumers: int = 0) -> dict[str, Result]:
    """A relay with so many consumers: what it, the engine and the consumers needed."""
    with ExitStack() as stack:
        engine = NatsServer(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(engine.kill)
        asyncio.run(prepare(engine.url))
        order = {"messages": messages, "rate": rate, "connections": 1, "kind": kind, "ca_file": ""}
        order |= {"nats": engine.url, "core": -1}
        reading = [
            stack.enter_context(
                process("clients/consumers.py", url="", consumers=len(share), **order)
            )
            for share in shares(consumers)
        ]
        for each in reading:
            if (line := first_line(each)) != "open":
                raise SystemExit(f"consumers do not open: {line}")
        url = load(stack, f"combined {kind}", messages, rate)
        before = cpu_of(engine.process.pid)
        order |= {"url": url, "core": -1 if consumers else RELAY_CORE}
        relay = stack.enter_context(process("clients/relay.py", **order))
        found = {"relay": result(relay, messages)}
        if reading:
            found["consumers"] = together([result(each, messages) for each in reading])
        found["engine"] = {
            "cpu": (cpu_of(engine.process.pid) - before) / messages * 1e6,
            "peak": peak_of(engine.process.pid),
            "stored": asyncio.run(stored(engine.url)),
        }
        return found


def shares(consumers: int) -> list[range]:
    """The consumers of each process."""
    number = min(consumers, PROCESSES)
    return [range(which, consumers, number) for which in range(number)]


def together(results: list[Result]) -> Result:
    """The figures of several processes: the slowest rate, and the worst latency of each rank."""
    found: Result = {"rate": min(one["rate"] for one in results)}
    found |= {name: statistics.mean(one[name] for one in results) for name in ("cpu", "peak")}
    for name in ("p50", "p99"):
        if name in results[0]:
            found[name] = max(one[name] for one in results)
    return found


def medians(rounds: list[Result]) -> Result:
    """The median of each figure, also of figures within figures."""
    return {
        name: medians([one[name] for one in rounds])
        if isinstance(value, dict)
        else statistics.median(one[name] for one in rounds)
        for name, value in rounds[0].items()
    }


def one_round(number: int, counts: list[int], part: float) -> Result:
    """Each run once; the plain callback is measured before the relay and after it, in turns."""
    found: Result = {"plain": {}, "relay": {}, "burst": {}, "paced": {}}
    for kind in KINDS:
        messages = int(BURST * part)
        turns = [
            ("plain", lambda kind=kind, messages=messages: plain(kind, messages)),
            ("relay", lambda kind=kind, messages=messages: relayed(kind, messages)),
        ]
        for name, run in turns if number % 2 else reversed(turns):
            found[name][kind] = run()
        published, straight = found["relay"][kind]["relay"], found["plain"][kind]
        found["relay"][kind]["ratio"] = published["rate"] / straight["rate"]
        found["relay"][kind]["cpu ratio"] = straight["cpu"] / published["cpu"]
    seconds = max(1.0, SECONDS * part)
    found["paced"]["0"] = {"consumers": plain("trade", int(RATE * seconds), RATE)}
    for count in counts:
        messages = min(BURST, DELIVERIES // count)
        found["burst"][str(count)] = relayed("trade", int(messages * part), consumers=count)
        rate = min(RATE, PACED_DELIVERIES // count)
        found["paced"][str(count)] = relayed("trade", int(rate * seconds), rate, count)
    return found


# -- the report


def table(report: Result) -> Iterator[str]:
    """The report as text."""
    machine = report["machine"]
    yield f"{machine['cores']} cores, Python {machine['python']}; medians of {report['rounds']}"
    yield ""
    yield f"{'a burst, acknowledged':34}{'messages/s':>12}{'CPU µs/msg':>12}{'engine µs':>11}"
    for kind in KINDS:
        straight, run = report["plain"][kind], report["relay"][kind]
        published, engine = run["relay"], run["engine"]
        yield f"  {kind + ', plain callback':32}{straight['rate']:12,.0f}{straight['cpu']:12.2f}"
        yield (
            f"  {kind + ', relay':32}{published['rate']:12,.0f}{published['cpu']:12.2f}"
            f"{engine['cpu']:11.2f}"
        )
        yield f"  {'the second, of the first':32}{run['ratio']:12.2f}{run['cpu ratio']:12.2f}"
    yield ""
    yield (
        f"{'consumers':10}{'messages/s':>12}{'deliveries/s':>14}{'relay µs':>10}{'engine µs':>11}"
        f"{'consumer µs':>13}{'relay MB':>10}{'engine MB':>11}"
    )
    for count, run in report["burst"].items():
        relay, engine, consumers = run["relay"], run["engine"], run["consumers"]
        yield (
            f"{count:>9} {consumers['rate']:12,.0f}{consumers['rate'] * int(count):14,.0f}"
            f"{relay['cpu']:10.1f}{engine['cpu']:11.1f}{consumers['cpu']:13.1f}"
            f"{relay['peak'] / 1024:10.0f}{engine['peak'] / 1024:11.0f}"
        )
    yield ""
    yield f"{'consumers':10}{'latency p50 ms':>16}{'p99 ms':>9}{'added p50 ms':>15}{'p99 ms':>9}"
    straight = report["paced"]["0"]["consumers"]
    for count, run in report["paced"].items():
        p50, p99 = run["consumers"]["p50"], run["consumers"]["p99"]
        added = (p50 - straight["p50"], p99 - straight["p99"])
        shown = f"{added[0] / 1e3:15.2f}{added[1] / 1e3:9.2f}" if count != "0" else "  (no relay)"
        yield f"{count:>9} {p50 / 1e3:16.2f}{p99 / 1e3:9.2f}{shown}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="a tenth of the messages")
    parser.add_argument("--consumers", help="their numbers; 1,10,100, or 1,10 with --quick")
    parser.add_argument("--results", type=Path)
    given = parser.parse_args()
    if SERVER is None:
        print("nats-server is not installed: its package has no wheel for this platform")
        return 1
    counts = list(map(int, (given.consumers or ("1,10" if given.quick else "1,10,100")).split(",")))
    rounds = []
    for number in range(given.rounds):
        rounds.append(one_round(number, counts, 0.1 if given.quick else 1.0))
        ratios = ", ".join(f"{kind} {rounds[-1]['relay'][kind]['ratio']:.2f}" for kind in KINDS)
        print(f"round {number + 1} of {given.rounds}: {ratios} of the plain callback", flush=True)
    machine = {"cores": len(CORES) or os.cpu_count(), "python": sys.version.split()[0]}
    report = {"rounds": given.rounds, "machine": machine, **medians(rounds)}
    text = "\n".join(table(report)) + "\n"
    print(text)
    ratio = report["relay"]["trade"]["ratio"]
    print(f"{'kept' if ratio >= TARGET else 'MISSED'}   at least {TARGET} of it: {ratio:.2f}")
    folder = given.results or (None if given.quick else RESULTS)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "relay.json").write_text(json.dumps(report, indent=1) + "\n")
        (folder / "relay.txt").write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
