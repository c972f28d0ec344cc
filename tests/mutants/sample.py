"""Draws mutants: places of the code, each with one small change."""

from __future__ import annotations

import ast
import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

#: They need to be told of names.
NAMED = ("core/VariableReplacer", "core/VariableInserter")
#: `==` for `is` changes nothing between members of an enum, and `<` is no Python between them: of
#: the comparisons' replacements these are left.
COMPARISONS = {
    ("Eq", "NotEq"),
    ("NotEq", "Eq"),
    ("Is", "IsNot"),
    ("IsNot", "Is"),
    ("Lt", "LtE"),
    ("Lt", "GtE"),
    ("LtE", "Lt"),
    ("LtE", "Gt"),
    ("Gt", "GtE"),
    ("Gt", "LtE"),
    ("GtE", "Gt"),
    ("GtE", "Lt"),
}
#: The meaning of what is no Python any more, and so no mutant: the star of keyword-only arguments
#: as a plus.
NO_CODE = ""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed module."""

    path: Path
    number: int
    before: str
    after: str
    code: str

    @property
    def sign(self) -> tuple[str, str, str]:
        """What tells it from others, wherever its line has moved to."""
        return (self.path.as_posix(), self.before, self.after)

    def __str__(self) -> str:
        return f"{self.path}:{self.number}\n    - {self.before}\n    + {self.after}"


def sample(root: Path, paths: Sequence[Path], count: int, seed: int) -> list[Mutant]:
    """Different mutants of these modules, always the same ones for a seed.

    A place is drawn first and one of its changes then, or comparisons, which can be replaced in
    seven ways, would be most of what is tried.  Each place has dice of its own, so that a change
    of one module leaves the places of the others as they are.
    """
    sources = {path: (root / path).read_text(encoding="utf-8") for path in paths}
    places = [
        (Random(f"{seed} {path} {family} {number}"), path, family, number)
        for path, source in sources.items()
        for family, positions in _families(source).items()
        for number in range(positions)
    ]
    drawn: dict[tuple[str, str, str], Mutant] = {}
    for dice, path, family, number in sorted(places, key=lambda place: place[0].random()):
        if len(drawn) == count:
            break
        mutant = _mutant(path, sources[path], dice.choice(_operators(family)), number)
        if mutant is not None:
            drawn.setdefault(mutant.sign, mutant)
    return list(drawn.values())


def _families(source: str) -> dict[str, int]:
    """How many places there are for each kind of change."""
    nodes = list(ast_nodes(get_ast(source)))
    found: dict[str, int] = defaultdict(int)
    seen = set()
    for name in filter(_is_used, plugins.operator_names()):
        if (family := _family(name)) not in seen:
            seen.add(family)
            operator = plugins.get_operator(name)()
            found[family] = sum(1 for node in nodes for _ in operator.mutation_positions(node))
    return found


def _family(name: str) -> str:
    """The name without what it is replaced by: `core/ReplaceBinaryOperator_Add`."""
    return name.rpartition("_")[0] if name.count("_") > 1 else name


def _operators(family: str) -> list[str]:
    return [name for name in plugins.operator_names() if _is_used(name) and _family(name) == family]


def _is_used(name: str) -> bool:
    kind, *operators = name.split("_")
    if kind == "core/ReplaceComparisonOperator":
        return tuple(operators) in COMPARISONS
    return name not in NAMED


def _mutant(path: Path, source: str, operator: str, number: int) -> Mutant | None:
    code = mutate_code(source, plugins.get_operator(operator)(), number)
    if code is None or _meaning(code) in (NO_CODE, _meaning(source)):
        return None
    line, before, after = next(_changes(source, code))
    if before == "*,":
        return None  # the mark of keyword-only arguments, taken for a product
    return Mutant(path, line, before, after, code)


def _meaning(code: str) -> str:
    """The code without what does not run: annotations, and branches for type checkers."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return NO_CODE
    return ast.dump(_WithoutAnnotations().visit(tree))


class _WithoutAnnotations(ast.NodeTransformer):
    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """`frozen` and `slots` guard a dataclass against mistakes, and do nothing in right code."""
        self.generic_visit(node)
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call):
                kept = [one for one in decorator.keywords if one.arg not in ("frozen", "slots")]
                decorator.keywords = kept
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        node.annotation = ast.Constant(None)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_If(self, node: ast.If) -> ast.AST | None:
        self.generic_visit(node)
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        return node


def _changes(source: str, code: str) -> Iterator[tuple[int, str, str]]:
    """Each change: number of its first line, and what stood there before and after."""
    before, after = source.splitlines(), code.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            old = " ".join(line.strip() for line in before[start:end])
            new = " ".join(line.strip() for line in after[new_start:new_end])
            yield start + 1, old, new
