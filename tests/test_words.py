"""Words that the package does not use any more, in its names or in its text.

A name says what the thing is or does, and a sentence says it in the usual word: report, notify,
deliver, pass, drop, replace, retry. A certificate *authority* is fine in a text, and so is "in
turn"; as names of our own both would be riddles. An option has a strike price; nothing else does.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports import ROOT

IN_TEXT = re.compile(
    r"\b(?:tells?|told|retold|whoever|lest|beside|aside|plumbing|owe[sd]?|strikes?"
    r"|hurry|hurried|complaints?|adopt(?:s|ed|ing)?|speak(?:s|ing)?|spoken?"
    r"|hand(?:s|ed|ing)?[ _]over|g[ia]ve[sn]? up on|of (?:no )?use)\b",
    re.IGNORECASE,
)
IN_NAMES = frozenset(
    {
        *("adopt", "adopted", "aside", "complaint", "home", "homes", "hurried", "hurry", "leak"),
        *("owe", "plumbing", "shortened", "speaking", "strike", "tell", "tells", "told", "trouble"),
        *("turn", "turns", "world"),
    }
)
SOURCES = sorted((ROOT / "binance").rglob("*.py"))


def bound(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of whatever a module names itself."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr
            case ast.alias(asname=str(name)):
                yield node.lineno, name


def words(name: str) -> set[str]:
    """The parts of a name: `tell_holes`, `tellHoles` and `TellHoles` have two."""
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


OF_OPTIONS = re.compile(r"\bstrikes?\b", re.IGNORECASE)


def retired(source: str, of_options: bool = False) -> list[str]:
    """What a module says in retired words, with its line numbers."""
    texts = enumerate((OF_OPTIONS.sub("", source) if of_options else source).splitlines(), 1)
    return [
        *(f"{number}: {line.strip()}" for number, line in texts if IN_TEXT.search(line)),
        *(
            f"{n}: the name {name}"
            for n, name in bound(ast.parse(source))
            if words(name) & (IN_NAMES - {"strike"} if of_options else IN_NAMES)
        ),
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_uses_a_retired_word(path: Path) -> None:
    assert retired(path.read_text("utf-8"), path.name == "options.py") == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f():\n    '''It is told.'''", ["2: '''It is told.'''"]),
        (
            "x = 1  # Whoever asks\ny = 'of no use'",
            ["1: x = 1  # Whoever asks", "2: y = 'of no use'"],
        ),
        ("class HomeOf: pass", ["1: the name HomeOf"]),
        ("def f(turn, *, is_adopted): self.world = told_of = 1", 4),
        ("import a as plumbing_of", ["1: the name plumbing_of"]),
        ("x.home(); in_turn.place  # besides, its authority; stellar, toldo, of_used", []),
    ],
)
def test_retired_words_are_found_in_names_and_text(source: str, found: list[str] | int) -> None:
    lines = retired(source)
    assert (lines if isinstance(found, list) else len(lines)) == found
