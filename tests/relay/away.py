"""The engine is away for a while: a relay keeps what arrives, in bounded memory, and goes on.

python -m tests.relay.away --seconds 60
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from binance.simulator.run.exchange_process import ExchangeProcess
from tests.relay.rig import DEADLINE, NatsServer, RelayProcess, wait_for

SUBJECT = "binance.spot.btcusdt.trade"


def memory(relay: RelayProcess) -> int:
    """Octets of memory that a relay uses; 0 where the system does not say it."""
    status = Path(f"/proc/{relay.process.pid}/status")
    if not status.exists():
        return 0
    [line] = [one for one in status.read_text().splitlines() if one.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


def is_counted(found: dict[str, Any]) -> bool:
    """Whether the relay has told how much is lost.

    Messages that had been sent, and were not acknowledged when the engine went away, may be stored.
    """
    return bool(found["dropped"] - found["unsure"] <= found["lost"] <= found["dropped"])


def away(
    stack: ExitStack, folder: Path, seconds: float, rate: float, *options: str
) -> dict[str, Any]:
    """What is stored after the engine was away, and what the relay says of it."""
    exchange = stack.enter_context(
        closing(ExchangeProcess(seed=4, symbols=["BTCUSDT"], rate=rate, tls=False))
    )
    engine = NatsServer(folder)
    stack.callback(engine.kill)
    relay = RelayProcess(exchange, engine, "btcusdt@trade", "--no-demand", *options).ready()
    stack.callback(relay.kill)
    wait_for(lambda: engine.count(SUBJECT) > 50, "trades")
    before = memory(relay)
    engine.kill()
    end = time.monotonic() + seconds
    wait_for(lambda: time.monotonic() > end, "the end of the outage", seconds + 1.0)
    kept = memory(relay) - before
    engine.start()
    count = wait_for(lambda: engine.count(SUBJECT), "the stored trades")
    wait_for(lambda: engine.count(SUBJECT) > count + rate, "more trades", DEADLINE + seconds)
    printed = relay.stop()
    ids = [json.loads(one.data)["data"]["t"] for one in engine.messages(SUBJECT)]
    lost = ids[-1] - ids[0] + 1 - len(ids)
    last_line = printed.splitlines()[-1]
    dropped, unsure = (
        int(one[1].replace(",", "")) if (one := re.search(pattern, last_line)) else 0
        for pattern in (r"; ([\d,]+) dropped", r", ([\d,]+) of them perhaps stored")
    )
    return {
        "stored": len(ids),
        "in_order": ids == sorted(set(ids)),
        "lost": lost,
        "dropped": dropped,
        "unsure": unsure,
        "memory": kept,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=1000.0)
    given = parser.parse_args()
    results = []
    for options in ((), ("--buffer", "2M")):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            found = away(stack, Path(folder), given.seconds, given.rate, *options)
        print(*options, found, flush=True)
        results.append(
            found["in_order"] and is_counted(found) and bool(found["lost"]) == bool(options)
        )
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
