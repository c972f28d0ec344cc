"""One process of a hunt: runs seeds, one after the other, and writes a line of JSON for each.

    python -m simulation.worker WITHOUT FIRST STEP COUNT
    python -m simulation.worker shrink WITHOUT SEED INVARIANT SIGN

WITHOUT names the features that are left out, with commas between them.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import signal
import sys
import traceback
from dataclasses import astuple
from typing import Any

import simulation.world.install  # noqa: F401 - before the client
from simulation import plans
from simulation.run import run
from simulation.shrink import shrink

__all__ = ["key_of", "main"]

#: Seconds of computing, and of real time, after which a run is taken for one that never ends.
LONGEST_RUN, LONGEST_WAIT = 60, 1200


def key_of(finding: Any) -> tuple[str, str]:
    """What tells findings apart."""
    return (finding.invariant, finding.sign)


def _say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def hunt(without: list[str], first: int, step: int, count: int) -> None:
    """Run so many seeds from `first` on, each `step` further."""
    seed = first
    gc.collect()
    gc.freeze()  # each run collects garbage; what was imported need not be looked at

    def hangs(signal_number: int, frame: Any) -> None:
        finding = [0.0, "0 Ends", f"not done after {LONGEST_RUN} s of computing", "hangs"]
        _say(seed=seed, seconds=0, events=0, findings=[finding])
        faulthandler.dump_traceback()
        os._exit(1)

    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, hangs)
    for seed in range(first, first + step * count, step):
        signal.setitimer(signal.ITIMER_PROF, LONGEST_RUN)
        signal.alarm(LONGEST_WAIT)
        try:
            result = run(plans.draw(seed, without))
        except Exception as error:  # noqa: BLE001 - of the simulation's own: others are findings
            traceback.print_exc()
            raised = [0.0, "0 Ends", f"the simulation raised {error!r}", "raises"]
            _say(seed=seed, seconds=0, events=0, findings=[raised])
            continue
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.alarm(0)
        findings = [astuple(finding) for finding in result.findings]
        _say(seed=seed, seconds=result.seconds, events=result.events, findings=findings)


def shortest(plan: plans.Plan, key: tuple[str, str]) -> plans.Plan:
    """The shortest plan that shows the same."""
    return shrink(plan, lambda tried: key in map(key_of, run(tried).findings))


def main(args: list[str]) -> None:
    if args[0] == "shrink":
        _, without, seed, invariant, sign = args
        plan = plans.draw(int(seed), without.split(","))
        print(json.dumps(shortest(plan, (invariant, sign)), indent=1))
    else:
        first, step, count = map(int, args[1:])
        hunt(args[0].split(","), first, step, count)


if __name__ == "__main__":
    main(sys.argv[1:])
