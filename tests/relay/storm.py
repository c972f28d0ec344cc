"""Two relays and an engine that are killed, stopped, frozen and cut at random, never two at once.

    python -m tests.relay.storm --operations 50

Three consumers in processes of their own must get each trade once and in order across all of it.
They must get no double of a stream without ids.  What they miss of it at once is at most the time
of a lease, and reported.  After each trouble the next one waits until that stream goes on: a relay
that dies before the lease of the other one has ended leaves nobody who may publish it.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from itertools import pairwise
from pathlib import Path
from typing import Any

from binance.sansio.relay.lease import LEASE_SECONDS, RENEW_SECONDS
from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced
from tests.relay.rig import Consumer, NatsServer, RelayProcess, wait_for

STREAMS = ("btcusdt@trade", "!miniTicker@arr")
LISTENER = str(Path(__file__).with_name("listener.py"))
#: Seconds from one message of the stream without ids to the next.
CADENCE = 1.0


class Storm:
    """The relays, the engine, the consumers, and what is done to them."""

    def __init__(self, stack: ExitStack, folder: Path, seed: int, rate: float) -> None:
        self.chance = random.Random(seed)
        self.exchange = stack.enter_context(
            closing(ExchangeProcess(seed=seed, symbols=["BTCUSDT"], rate=rate, tls=False))
        )
        self.engine = NatsServer(folder)
        stack.callback(self.engine.kill)
        self.relays: list[RelayProcess] = []
        self.links = [0, 0]  # the number of each relay's connection to the exchange
        for which in (0, 1):
            self.relays.append(self._relay())
            self._note_link(which)
        stack.callback(lambda: [one.kill() for one in self.relays])
        self.consumers = [Consumer(self.exchange, self.engine, LISTENER) for _ in range(3)]
        stack.callback(lambda: [one.kill() for one in self.consumers])
        wait_for(lambda: all("\nm " in one.printed for one in self.consumers), "messages")

    def _relay(self) -> RelayProcess:
        return RelayProcess(self.exchange, self.engine, *STREAMS, "--gapless").ready()

    def _newest_link(self) -> int:
        return int(self.exchange.stats()["connections"]["total"])

    def _note_link(self, which: int) -> None:
        self.links[which] = self._newest_link()

    # what is done

    def trouble(self, name: str, which: int) -> None:
        """Do this to a relay, and wait until the feed is whole again."""
        getattr(self, name)(which)
        self._go_on()

    def kill(self, which: int) -> None:
        self.relays[which].kill()
        self._pause()
        self._begin_again(which)

    def stop(self, which: int) -> None:
        self.relays[which].stop()
        self.relays[which].kill()
        self._pause()
        self._begin_again(which)

    def freeze(self, which: int) -> None:
        self.relays[which].freeze()
        self._pause(4.5)  # longer than a lease
        self.relays[which].thaw()
        self._pause()

    def cut(self, which: int) -> None:
        before = self._newest_link()
        self.exchange.fault("drop", connection=self.links[which])
        wait_for(lambda: self._newest_link() > before, "another link")
        self._note_link(which)
        self._pause()

    def restart_engine(self) -> None:
        before = [one.lines.count("link True\n") for one in self.consumers]
        self.engine.kill()
        self._pause()
        self.engine.start()
        for one, count in zip(self.consumers, before, strict=True):
            wait_for(
                lambda one=one, count=count: one.lines.count("link True\n") > count, "its links"
            )
        self._go_on()

    def _begin_again(self, which: int) -> None:
        self.relays[which] = self._relay()
        self._note_link(which)

    def _go_on(self) -> None:
        """Wait until all consumers get the stream without ids."""
        before = self._messages
        wait_for(
            lambda: all(now > then for now, then in zip(self._messages, before, strict=True)),
            "messages after the trouble",
        )

    @property
    def _messages(self) -> list[int]:
        return [one.printed.count("\nm ") for one in self.consumers]

    def _pause(self, longest: float = 1.5) -> None:
        """Let it go on like this for a while."""
        end = time.monotonic() + paced(self.chance.uniform(longest / 2, longest)) ** 0.5
        wait_for(lambda: time.monotonic() > end, "the time")

    def run(self, operations: int, restarts: int, is_shown: bool = False) -> None:
        at = set(self.chance.sample(range(operations), restarts))
        for number in range(operations):
            began = time.time()
            if number in at:
                self.restart_engine()
            which = self.chance.choice((0, 1))
            name = self.chance.choice(("kill", "stop", "freeze", "cut"))
            self.trouble(name, which)
            if is_shown:
                words = "engine restarted" * (number in at)
                print(f"{number + 1:3} from {began:.1f} {name} {which} {words}", flush=True)

    # what came of it

    def verdicts(self) -> list[dict[str, Any]]:
        """What each consumer got, once all have got as far."""
        last = max(int(line.split()[1]) for line in self.consumers[0].lines if line[:2] == "t ")
        for one in self.consumers:
            wait_for(
                lambda one=one: any(f"t {last + 50}\n" in line for line in one.lines), "trades"
            )
        return [verdict([line.split() for line in one.lines]) for one in self.consumers]


def verdict(lines: list[list[str]]) -> dict[str, Any]:
    """Whether the trades are whole, and what is missing of the stream without ids."""
    lines = [line for line in lines if line]
    trades = [int(line[1]) for line in lines if line[0] == "t"]
    times = [int(line[1]) / 1000 for line in lines if line[0] == "m"]
    holes = [later - before for before, later in pairwise(times)]
    gaps = [line[1] for line in lines if line[0] == "gap"]
    return {
        "trades": len(trades),
        "whole": trades == list(range(trades[0], trades[0] + len(trades))),
        "doubles": len(trades) - len(set(trades)) + len(times) - len(set(times)),
        "ordered": times == sorted(times),
        "messages": len(times),
        "longest_hole": (times[holes.index(max(holes))], max(holes)),
        "holes": sum(hole > 1.9 * CADENCE for hole in holes),
        "gaps_of_trades": sum("trade" in gap for gap in gaps),
        "gaps": sum("trade" not in gap for gap in gaps),
    }


#: Seconds that may be missing of a stream without ids: the lease, the next question, two messages.
LONGEST_HOLE = LEASE_SECONDS + RENEW_SECONDS + 2 * CADENCE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=50)
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=200.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        storm = Storm(stack, Path(folder), given.seed, given.rate)
        storm.run(given.operations, given.restarts, is_shown=True)
        found = storm.verdicts()
    for one in found:
        print(one)
    is_right = all(
        one["whole"]
        and one["ordered"]
        and not one["doubles"]
        and one["holes"] <= one["gaps"]
        and one["longest_hole"][1] <= paced(LONGEST_HOLE)
        for one in found
    )
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
