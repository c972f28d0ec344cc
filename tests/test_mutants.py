"""The named mutants: each is a line that is still there, and has a reason."""

from __future__ import annotations

from pathlib import Path

from tests.mutants import equivalent

ROOT = Path(__file__).parents[1]


def test_each_named_mutant_is_of_a_line_that_is_there() -> None:
    for path, before, after in equivalent.load():
        lines = [line.strip() for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]
        code = " ".join(lines)
        assert before in code, f"{path} has no line {before!r} any more: take its name out"
        assert before != after


def test_each_named_mutant_has_a_reason() -> None:
    assert [key for key, reason in equivalent.load().items() if len(reason.split()) < 4] == []
