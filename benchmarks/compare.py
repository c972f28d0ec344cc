"""Commits of this library beside each other: did a change make it slower?

    python benchmarks/compare.py HEAD~20 HEAD [--rounds 7] [--cases 'burst;paced, TLS'] [--thread]

Each commit gets a checkout and an environment of its own under `benchmarks/.envs`, and the same
frames from the same separate load process as in `bench_peers.py`; the rounds are interleaved. What
is printed is the ratio to the first commit, round by round: the median, and the second lowest and
the second highest of the rounds, between which the truth is likely to be. A ratio of rates above 1
is faster, one of CPU time above 1 is slower.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench_peers import ENVS, Bench, Result, build, certificates, rows
from contenders import CASES, ENVIRONMENTS, ROOT, Contender


def checkout(commit: str) -> str:
    """Lay out a commit, once; the name of its environment."""
    named = ["git", "-C", ROOT, "rev-parse", "--short", f"{commit}^{{commit}}"]
    short = subprocess.run(named, check=True, capture_output=True, text=True).stdout.strip()
    folder = ENVS / f"tree-{short}"
    if not folder.exists():
        folder.mkdir(parents=True)
        archive = subprocess.Popen(["git", "-C", ROOT, "archive", short], stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=True)
        if archive.wait():
            raise SystemExit(f"{commit} could not be laid out")
    environment = f"commit-{short}"
    ENVIRONMENTS[environment] = ["-e", str(folder)]
    build(environment)
    return environment


def interval(numbers: list[float]) -> str:
    """The median of some ratios, and those between which nearly all of them are."""
    ordered = sorted(numbers)
    inner = ordered[1:-1] if len(ordered) > 4 else ordered
    return f"{statistics.median(ordered):.3f} ({inner[0]:.3f} .. {inner[-1]:.3f})"


def lines(found: dict[str, dict[str, list[Result]]], names: list[str]) -> Iterator[str]:
    """A line for each case, commit and figure."""
    for case, row in found.items():
        for name in names[1:]:
            for key in ("rate", "cpu", "p50", "p99"):
                pairs = list(zip(row[name], row[names[0]], strict=True))
                if all(key in after and before.get(key) for after, before in pairs):
                    ratios = [after[key] / before[key] for after, before in pairs]
                    yield f"{case:22} {name:20} {key:5} {interval(ratios)}"


def main() -> None:
    """Build, run, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commits", nargs="+", help="the first is what the others are compared to")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cases", help="names, separated by semicolons; default: all")
    parser.add_argument("--thread", action="store_true", help="with dispatch='thread'")
    parser.add_argument("--quick", action="store_true", help="a tenth of the messages")
    given = parser.parse_args()
    cases = [case for case in CASES if not given.cases or case.name in given.cases.split(";")]
    cases = [replace(case, who=()) for case in cases]
    if given.quick:
        cases = [replace(case, messages=case.messages // 10) for case in cases]
    order = {"dispatch": "thread" if given.thread else "reactor"}
    contenders = [
        Contender(f"{number}: {commit}", checkout(commit), "ours.py", order=order)
        for number, commit in enumerate(given.commits)
    ]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(*certificates(Path(folder)))
        found = rows(bench, given.rounds, cases, contenders)
    print("\n".join(lines(found, [contender.name for contender in contenders])))


if __name__ == "__main__":
    main()
