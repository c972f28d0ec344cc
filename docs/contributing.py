"""Draw the map of the packages, and write the walks into CONTRIBUTING.rst.

    python docs/contributing.py

Run this if the imports between packages have changed, or a function of ``tests/data/walks.toml``.
"""

from __future__ import annotations

import re
import sys
import textwrap
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import package_map  # noqa: E402

from tests.imports import MODULES, imported_modules  # noqa: E402

PICTURE = ROOT / "docs/package_map.svg"
PAGE = ROOT / "CONTRIBUTING.rst"
WALKS = ROOT / "tests/data/walks.toml"
BETWEEN = re.compile(r"(?<=^\.\. walks\n\n).*?(?=^\.\. end of walks$)", re.M | re.S)


def picture() -> str:
    """The map of the package as it is now."""
    return package_map.drawing(
        {
            name: imported_modules(path.read_text(encoding="utf-8"), MODULES)
            for name, path in MODULES.items()
        }
    )


def walks() -> str:
    """The walks in reST, from `WALKS`."""
    found: dict[str, dict[str, Any]] = tomllib.loads(WALKS.read_text(encoding="utf-8"))
    return "".join(f"{_section(**walk)}\n" for walk in found.values())


def _section(title: str, steps: Iterable[tuple[str, str, str]]) -> str:
    lines = [title, "~" * len(title), ""]
    for number, (file, function, words) in enumerate(steps, 1):
        words = re.sub("`(.+?)`", r"``\1``", words)
        step = f"{number}. ``{file}`` ``{function}`` {words}"
        indent = " " * len(f"{number}. ")
        lines.append(textwrap.fill(step, 100, subsequent_indent=indent, break_on_hyphens=False))
    return "\n".join([*lines, ""])


def main() -> None:
    PICTURE.write_text(picture(), encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BETWEEN.sub(lambda _: walks(), text), encoding="utf-8")


if __name__ == "__main__":
    main()
