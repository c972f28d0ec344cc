"""Write what the whole exchange needs of relays into ``howto/months.rst``.

    python docs/capacity.py

The figures come from ``benchmarks/results/relay.json``, which ``benchmarks/bench_relay.py`` writes.
What is computed from them, and how, stands in `figures`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks/results/relay.json"
PAGE = ROOT / "docs/howto/months.rst"
BETWEEN = re.compile(r"(?<=^\.\. capacity\n\n).*?(?=^\.\. end of capacity$)", re.M | re.S)

#: Messages a second of all trades and all changes of books, and the part of each.
RATE = 20_000
PARTS = {"trade": 0.5, "depth": 0.5}
#: Part of a core that a process may use in the mean: the rest is for bursts.
LOAD = 0.5
BUFFER = 256 * 10**6  # octets of --buffer
OVERHEAD = 400  # octets of a message in the buffer besides its payload
STORED = 100  # octets of a stored message besides its payload, about
CONSUMERS = 10


def figures(found: dict[str, Any]) -> dict[str, float]:
    """What the rate needs: cores, processes, octets and seconds.

    A relay and a consumer are processes with one core each.  The time of the engine for a message
    grows by as much for each consumer of it.
    """

    def mean(of: Any) -> float:
        return sum(part * float(of(found["relay"][kind])) for kind, part in PARTS.items())

    relay = mean(lambda run: run["relay"]["cpu"]) * RATE / 1e6
    few, many = (found["burst"][str(count)]["engine"]["cpu"] for count in (1, CONSUMERS))
    each = max(0.0, (many - few) / (CONSUMERS - 1))
    engine = mean(lambda run: run["engine"]["cpu"]) * RATE / 1e6
    consumer = found["burst"]["1"]["consumers"]["cpu"] * RATE / 1e6
    stored = mean(lambda run: run["engine"]["stored"])
    return {
        "relay cores": relay,
        "relays": math.ceil(relay / LOAD),
        "engine cores": engine,
        "engine cores of a consumer": each * RATE / 1e6,
        "consumer cores": consumer,
        "stored octets": stored,
        "gigabytes an hour": stored * RATE * 3600 / 1e9,
        "megabits": stored * RATE * 8 / 1e6,
        "outage": BUFFER * math.ceil(relay / LOAD) / ((stored - STORED + OVERHEAD) * RATE),
    }


def section(found: dict[str, Any] | None) -> str:
    """What the page shows of a run; empty if there is no run to show."""
    return "" if found is None else "\n".join([*lines(found), "", ""])


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The tables, in reST.  What changes with each run is marked as code and is not translated."""
    machine = found["machine"]
    yield f"``{found['rounds']} x, {machine['cores']} CPU, Python {machine['python']}``"
    yield from ("", "Measured with one relay, in a burst:", "")
    published = found["relay"]["trade"]
    yield from _table(
        [
            ("Trades published and acknowledged per second", f"{published['relay']['rate']:,.0f}"),
            ("CPU time of the relay per trade", f"{published['relay']['cpu']:.1f} µs"),
            (
                "CPU time of the relay per change of a book",
                f"{found['relay']['depth']['relay']['cpu']:.1f} µs",
            ),
            ("CPU time of the NATS server per trade", f"{published['engine']['cpu']:.1f} µs"),
            (
                "CPU time of a consumer per trade",
                f"{found['burst']['1']['consumers']['cpu']:.1f} µs",
            ),
            ("Memory of the relay", f"{published['relay']['peak'] / 1024:.0f} MB"),
            ("Memory of the NATS server", f"{published['engine']['peak'] / 1024:.0f} MB"),
            ("Latency added, p50 and p99, by the number of consumers", _latencies(found)),
        ]
    )
    need = figures(found)
    yield from ("", f"Computed for ``{RATE:,}`` messages per second, half of them trades:", "")
    yield from _table(
        [
            ("Cores for the relays", f"{need['relay cores']:.2f}"),
            ("Relays that share the streams, at half of a core each", f"{need['relays']:.0f}"),
            ("The same again, for the second set", f"{need['relays']:.0f}"),
            ("Cores for the NATS server", f"{2 * need['engine cores']:.2f}"),
            (
                "Further cores of it for each consumer of everything",
                f"{need['engine cores of a consumer']:.2f}",
            ),
            ("Cores for a consumer of everything", f"{need['consumer cores']:.2f}"),
            ("Disk for each hour that is kept", f"{need['gigabytes an hour']:.0f} GB"),
            (
                "Network from the relays, and to each consumer of everything",
                f"{need['megabits']:.0f} Mbit/s",
            ),
            ("Outage of the NATS server that the buffers cover", f"{need['outage']:.0f} s"),
        ]
    )


def _latencies(found: dict[str, Any]) -> str:
    """What a relay adds to the latency, for each number of consumers."""
    straight, shown = found["paced"]["0"]["consumers"], []
    for count, run in found["paced"].items():
        p50, p99 = ((run["consumers"][one] - straight[one]) / 1e3 for one in ("p50", "p99"))
        shown.append(f"{count}: {p50:.1f} ms, {p99:.1f} ms")
    return "; ".join(shown[1:])


def _table(rows: list[tuple[str, str]]) -> Iterator[str]:
    yield from (".. list-table::", "   :widths: 70 30", "")
    for name, value in rows:
        yield from (f"   * - {name}", f"     - ``{value}``")


def results() -> dict[str, Any] | None:
    """The last run, or None if there is none."""
    if not RESULTS.exists():
        return None
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def main() -> None:
    found = results()
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BETWEEN.sub(lambda _: section(found), text), encoding="utf-8")


if __name__ == "__main__":
    main()
