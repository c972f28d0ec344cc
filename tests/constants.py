"""Which numbers a package has given names to: `tests/*/test_constants.py` hold tables of them."""

import ast
import inspect
from types import ModuleType
from typing import Any


def named_numbers(module: ModuleType) -> dict[str, Any]:
    """The module's own constants that are numbers, or collections of numbers."""
    tree = ast.parse(inspect.getsource(module))
    names = [name for node in tree.body for name in _assigned(node)]
    values = {name: getattr(module, name) for name in names if name.isupper()}
    return {name: value for name, value in values.items() if _has_numbers(value)}


def _assigned(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets += [node.target] if isinstance(node, ast.AnnAssign) else []
    return [one.id for one in targets if isinstance(one, ast.Name)]


def _has_numbers(value: Any) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple | frozenset):
        return bool(value) and all(_has_numbers(one) for one in value)
    return isinstance(value, int | float) and not isinstance(value, bool)
