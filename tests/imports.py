"""Which modules the sources of the package import, read from their syntax trees."""

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import binance

PACKAGE = Path(binance.__path__[0])
ROOT = PACKAGE.parent


@dataclass(frozen=True)
class Import:
    name: str
    line: int
    inside: bool
    """In a function, so that it happens when that is called."""


@functools.cache
def imports(source: str) -> list[Import]:
    """Every import, by statement or by call, with the names taken from a package spelled out."""
    tree = ast.parse(source)
    inside = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.walk(node)
    }
    borrowed = _borrowed(tree) or ["<computed>"]
    return [
        Import(name, getattr(node, "lineno", 0), id(node) in inside)
        for node in ast.walk(tree)
        for name in _names(node, borrowed)
    ]


def _borrowed(tree: ast.AST) -> list[str]:
    """The modules in a table ``_BORROWED = {name: (module, attribute)}``, for a lazy import."""
    tables = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_BORROWED"
    ]
    return [module for table in tables for module, _ in ast.literal_eval(table).values()]


def _names(node: ast.AST, borrowed: list[str]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        if node.level:
            return ["<relative>"]
        # `from binance import websockets` imports a module, `from binance.enums import X` a name:
        # spelling both out is right for the first and harmless for the second.
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        called = ast.unparse(node.func)
        if called in ("__import__", "import_module", "importlib.import_module"):
            first = node.args[0] if node.args else None
            known = isinstance(first, ast.Constant) and isinstance(first.value, str)
            return [str(first.value)] if known else borrowed  # type: ignore[union-attr]
    return []


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported_modules(source: str, modules: Mapping[str, object]) -> set[str]:
    """Which of these modules a source names.  That Python runs their packages first is left out."""
    found = set()
    for imported in imports(source):
        name = imported.name
        while name and name not in modules:
            name = name.rpartition(".")[0]
        if name:
            found.add(name)
    return found
