"""Which of the project's modules a file imports, itself or through others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGES = ("binance", "tests")


class Imports:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._direct = cache(self._read)

    @cache  # noqa: B019 - there is one for each process
    def of(self, file: Path) -> frozenset[Path]:
        """Paths below the root, of the file's own imports and of its folder's conftest."""
        found: set[Path] = set()
        waiting = [file, file.with_name("conftest.py")]
        while waiting:
            path = waiting.pop()
            if path not in found and path.exists():
                found.add(path)
                waiting += self._direct(path)
        return frozenset(path.relative_to(self._root) for path in found)

    def _read(self, file: Path) -> list[Path]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        return [
            path for node in ast.walk(tree) for name in _names(node) for path in self._files(name)
        ]

    def _files(self, name: str) -> Iterator[Path]:
        """The module, and the packages that are run before it."""
        parts = name.split(".")
        if parts[0] in PACKAGES:
            yield self._root.joinpath(*parts).with_suffix(".py")
            for number in range(1, len(parts) + 1):
                yield self._root.joinpath(*parts[:number], "__init__.py")


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
    return []
