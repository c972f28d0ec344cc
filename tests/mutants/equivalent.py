"""Mutants that no test can tell from the code, and why: `equivalent.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")


def load() -> dict[tuple[str, str, str], str]:
    """(path, line before, line after) -> the reason."""
    if not FILE.exists():
        return {}
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {(one["path"], one["before"], one["after"]): one["reason"] for one in table["mutant"]}
