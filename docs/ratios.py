"""Write the measured ratios into README.rst and README.ja.rst.

    python docs/ratios.py

The ratios come from ``benchmarks/results/peers.json``, which ``make bench`` writes. If the run had
fewer than seven rounds, the section is left out.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks/results/peers.json"
ROUNDS = 7
OURS = "ours"
CASES = ("burst", "burst, TLS", "depth", "array")
BETWEEN = re.compile(r"(?<=^\.\. ratios\n\n).*?(?=^\.\. end of ratios$)", re.M | re.S)

ENGLISH = (
    "Measured",
    (
        "The table shows messages per second and CPU time per message, as multiples of our own "
        "figures. They are from one run of ``make bench`` (medians of {rounds} interleaved rounds, "
        "{cpu}, {python})."
    ),
    "CPU",
)
JAPANESE = (
    "測定結果",
    (
        "1 秒あたりのメッセージ数とメッセージ 1 件あたりの CPU 時間を、このパッケージを 1 として"
        "示します。 ``make bench`` を 1 回実行した結果です"
        "（交互に行った {rounds} 回の中央値、{cpu}、{python}）。"  # noqa: RUF001
    ),
    "CPU",
)
READMES = {ROOT / "README.rst": ENGLISH, ROOT / "README.ja.rst": JAPANESE}


def results() -> dict[str, Any] | None:
    """The last run, or None if it had too few rounds."""
    if not RESULTS.exists():
        return None
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found if found["rounds"] >= ROUNDS else None


def section(found: dict[str, Any] | None, words: tuple[str, str, str]) -> str:
    """The section in reST; empty if there is no run to show."""
    if found is None:
        return ""
    title, lead, cpu = words
    cases = [case for case in CASES if case in found["cases"]]
    names = list(dict.fromkeys(name for case in cases for name in found["cases"][case]))
    machine = found["machine"]
    width = max(len(title), 2 * len(title) if not title.isascii() else 0)
    lines = [
        title,
        "-" * width,
        "",
        lead.format(rounds=found["rounds"], cpu=machine["cpu"], python=machine["python"]),
        "",
        ".. list-table::",
        "   :header-rows: 1",
        "",
    ]
    lines += _row(["", *(f"{case}{more}" for case in cases for more in ("", f", {cpu}"))])
    for name in names:
        cells = [name]
        for case in cases:
            ours, theirs = found["cases"][case][OURS], found["cases"][case].get(name)
            cells += [
                "" if theirs is None else f"{theirs[key] / ours[key]:.2f}"
                for key in ("rate", "cpu")
            ]
        lines += _row(cells)
    plot = "benchmarks/results/burst.png"
    if (ROOT / plot).exists():
        lines += ["", f".. image:: {plot}", f"   :alt: {title}"]
    return "\n".join([*lines, "", ""])


def _row(cells: list[str]) -> list[str]:
    return [
        f"   {'* -' if number == 0 else '  -'} {cell}".rstrip() for number, cell in enumerate(cells)
    ]


def main() -> None:
    found = results()
    for path, words in READMES.items():
        text = path.read_text(encoding="utf-8")
        made = section(found, words)
        path.write_text(BETWEEN.sub(lambda _: made, text), encoding="utf-8")  # noqa: B023


if __name__ == "__main__":
    main()
