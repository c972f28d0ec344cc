"""Hunt for plans in which an invariant does not hold; or run one of them and show it.

python -m simulation --seeds 10000          # one process a core
python -m simulation --seed 123 --trace
python -m simulation --plan build/simulation/123.json --trace
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

FAILURES = Path("build/simulation")
#: So many findings are shrunk; more say little.
MOST_SHRUNK = 10
Answers = queue.Queue[dict[str, Any] | None]
WORKER = (sys.executable, "-m", "simulation.worker")


def main() -> int:
    """The command line; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m simulation", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seeds", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (default: 0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--no-shrink", action="store_true", help="leave plans as long as they are")
    parser.add_argument("--without", default="", help="features to leave out: old,book")
    parser.add_argument("--seed", type=int, help="run this one only")
    parser.add_argument("--plan", type=Path, help="run the plan in this file only")
    parser.add_argument("--trace", action="store_true", help="show what happens in it")
    args = parser.parse_args()
    if args.plan is not None:
        return show(json.loads(args.plan.read_text()), args.trace)
    if args.seed is not None:
        return show(args.seed, args.trace, args.without)
    return hunt(args.first, args.seeds, args.jobs, not args.no_shrink, args.without)


def show(what: Any, is_traced: bool, without: str = "") -> int:
    """Run one plan, or a seed's."""
    import simulation.world.install  # noqa: F401 - before the client
    from simulation import plans
    from simulation.run import run

    plan = plans.draw(what, without.split(",")) if isinstance(what, int) else what
    result = run(plan, trace=is_traced)
    for when, kind, words in result.trace:
        print(f"{when:12.6f} {kind:6} {words}")
    _describe(plan)
    for finding in result.findings:
        print(finding)
    print(f"{result.seconds:.0f} simulated seconds, {result.events} events")
    return bool(result.findings)


def _describe(plan: dict[str, Any]) -> None:
    print(f"seed {plan['seed']}: {', '.join(plan['features'])}")
    for operation in plan["operations"]:
        rest = " ".join(f"{k}={v}" for k, v in operation.items() if k not in ("at", "do"))
        print(f"  {operation['at']:9.3f}  {operation['do']} {rest}")


def hunt(first: int, count: int, jobs: int, is_shrinking: bool, without: str) -> int:
    """Run many seeds; what was found, once each, with the shortest plan that shows it."""
    began = time.monotonic()
    answers: Answers = queue.Queue()
    for job in range(jobs):
        threading.Thread(
            target=_work, args=(without, first + job, jobs, first + count, answers)
        ).start()
    seeds, seconds, events = 0, 0.0, 0
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    while jobs:
        answer = answers.get()
        if answer is None:
            jobs -= 1
            continue
        seeds += 1
        seconds += answer["seconds"]
        events += answer["events"]
        for when, invariant, words, sign in answer["findings"]:
            known = found.setdefault((invariant, sign), [])
            known.append((answer["seed"], words))
            if len(known) == 1:
                print(f"seed {answer['seed']} at {when:.3f} s: {invariant}: {words}", flush=True)
    took = time.monotonic() - began
    print(
        f"{seeds} seeds, {seconds / 3600:.1f} simulated hours, {events} events in {took:.0f} s: "
        f"{seeds / took * 60:.0f} seeds a minute"
    )
    if found:
        print(f"{len(found)} findings:")
    for number, (key, where) in enumerate(sorted(found.items(), key=lambda row: -len(row[1]))):
        numbers = ", ".join(str(seed) for seed, _ in where[:5])
        print(f"\n{len(where):5} seeds, {numbers} ..: {key[0]}: {where[0][1]}")
        if is_shrinking and number < MOST_SHRUNK and key[0] != "0 Ends":
            _shrink(without, min(seed for seed, _ in where), key)
    return bool(found)


def _work(without: str, first: int, step: int, end: int, answers: Answers) -> None:
    """Have a process run each `step`-th seed; another goes on where one ends with a hang."""
    seed = first
    while seed < end:
        count = -(-(end - seed) // step)
        command = [*WORKER, without, str(seed), str(step), str(count)]
        before = seed
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                answer = json.loads(line)
                seed = answer["seed"] + step
                answers.put(answer)
        if seed == before:
            finding = [0.0, "0 Ends", f"the process ended with {process.returncode}", "hangs"]
            answers.put({"seed": seed, "seconds": 0, "events": 0, "findings": [finding]})
            break
    answers.put(None)


def _shrink(without: str, seed: int, key: tuple[str, str]) -> None:
    command = [*WORKER, "shrink", without, str(seed), *key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  not shrunk: {done.stderr.strip()[-300:]}")
        return
    FAILURES.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", key[1])[:40]
    path = FAILURES / f"{seed}-{name}.json"
    path.write_text(done.stdout)
    _describe(json.loads(done.stdout))
    print(f'  again: make simulate ARGS="--plan {path} --trace"')


if __name__ == "__main__":
    sys.exit(main())
