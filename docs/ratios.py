"""Write the measured figures into the READMEs and into ``topics/performance.rst``.

    python docs/ratios.py

The figures come from ``benchmarks/results/peers.json``, which ``make bench`` writes. The READMEs
get one small table, the page gets the ratios of all clients. If the run had fewer than seven
rounds, nothing is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks/results/peers.json"
ROUNDS = 7
OURS = "ours"
CASES = ("burst", "burst, TLS", "depth", "array")
#: The rows of the small table, and the name that each has there.
ROWS = {
    OURS: "binance-socket-manager",
    "websockets": "websockets",
    "unicorn": "unicorn-binance-websocket-api",
    "python-binance 0.7": "python-binance 0.7",
    "python-binance 1.0": "python-binance 1.0",
}
BETWEEN = re.compile(r"(?<=^\.\. ratios\n\n).*?(?=^\.\. end of ratios$)", re.M | re.S)

#: Title, sentence and head of the small table.
ENGLISH = (
    "Speed",
    (
        "In a burst of trades, one core delivers {times} times as many messages to a callback as "
        "with python-binance 1.0. `All figures <docs/topics/performance.rst>`__, also those of "
        "clients that are faster in some cases."
    ),
    "messages a second",
)
JAPANESE = (
    "速度",
    (
        "約定が大量に届く場合、1 つのコアでコールバックに渡せるメッセージの数は、python-binance "
        "1.0 の {times} 倍です。 `すべての測定結果 <docs/topics/performance.rst>`__ "
        "には、このライブラリより速いクライアントの結果もあります。"
    ),
    "1 秒あたりのメッセージ数",
)
#: The tables of the page: what they show, and the field of the results.
TABLES = {
    "Messages per second, as multiples of our own rate (more is better):": "rate",
    "CPU time per message, as multiples of our own time (less is better):": "cpu",
}


def results() -> dict[str, Any] | None:
    """The last run, or None if it had too few rounds."""
    if not RESULTS.exists():
        return None
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found if found["rounds"] >= ROUNDS else None


def small(found: dict[str, Any], words: tuple[str, str, str]) -> Iterator[str]:
    """The section of a README, in reST."""
    title, sentence, head = words
    burst = found["cases"]["burst"]
    times = burst[OURS]["rate"] / burst["python-binance 1.0"]["rate"]
    width = len(title) if title.isascii() else 2 * len(title)
    yield from (title, "-" * width, "", sentence.format(times=round(times)), "")
    yield from _table([["", head], *_rates(burst)])


def _rates(burst: dict[str, Any]) -> Iterator[list[str]]:
    for name, shown in ROWS.items():
        if name in burst:
            yield [shown, f"{round(burst[name]['rate'], -3):,.0f}"]


def full(found: dict[str, Any]) -> Iterator[str]:
    """The tables of the page, in reST.

    Names and what changes with each run are marked as code, which needs no translation.
    """
    cases = [case for case in CASES if case in found["cases"]]
    names = list(dict.fromkeys(name for case in cases for name in found["cases"][case]))
    machine = found["machine"]
    yield from ("The last run, medians of interleaved rounds:", "")
    yield f"``{found['rounds']} x, {machine['cpu']}, {machine['python']}``"
    for title, key in TABLES.items():
        yield from ("", title, "")
        rows = [
            [f"``{name}``", *(_ratio(found["cases"][case], name, key) for case in cases)]
            for name in names
        ]
        yield from _table([["", *cases], *rows])


def _ratio(case: dict[str, Any], name: str, key: str) -> str:
    return f"{case[name][key] / case[OURS][key]:.2f}" if name in case else ""


def _table(rows: list[list[str]]) -> Iterator[str]:
    yield from (".. list-table::", "   :header-rows: 1", "")
    for row in rows:
        for number, cell in enumerate(row):
            yield f"   {'  -' if number else '* -'} {cell}".rstrip()


#: Each file, and what is written into it.
FILES: dict[Path, Callable[[dict[str, Any]], Iterator[str]]] = {
    ROOT / "README.rst": lambda found: small(found, ENGLISH),
    ROOT / "README.ja.rst": lambda found: small(found, JAPANESE),
    ROOT / "docs/topics/performance.rst": full,
}


def section(found: dict[str, Any] | None, path: Path) -> str:
    """What a file shows of a run; empty if there is no run to show."""
    return "\n".join([*FILES[path](found), "", ""]) if found is not None else ""


def main() -> None:
    found = results()
    for path in FILES:
        text, made = path.read_text(encoding="utf-8"), section(found, path)
        path.write_text(BETWEEN.sub(lambda _, made=made: made, text), encoding="utf-8")


if __name__ == "__main__":
    main()
