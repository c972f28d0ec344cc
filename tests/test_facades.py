"""The façades stay thin: what a method does is in a module behind it."""

import ast
from pathlib import Path

import pytest

import binance

PACKAGE = Path(binance.__path__[0])
MOST_LINES = 10


def lines_of_methods(source: str) -> dict[str, int]:
    """How many lines of code the body of each method has, without its docstring."""
    lines = source.splitlines()
    found = {}
    for parent in ast.walk(ast.parse(source)):
        if isinstance(parent, ast.ClassDef):
            for method in parent.body:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                    body = method.body[ast.get_docstring(method) is not None :]
                    last = body[-1].end_lineno if body else None
                    text = lines[body[0].lineno - 1 : last] if body else []
                    code = [line for line in text if line.strip() and line.strip()[0] != "#"]
                    found[f"{parent.name}.{method.name}"] = len(code)
    return found


@pytest.mark.parametrize("facade", ["websockets.py", "client.py", "depthcache.py"])
def test_no_method_of_a_facade_is_long(facade: str) -> None:
    methods = lines_of_methods((PACKAGE / facade).read_text(encoding="utf-8"))
    assert len(methods) > 10
    assert {name: lines for name, lines in methods.items() if lines > MOST_LINES} == {}


def test_the_count_is_of_lines_of_code() -> None:
    source = '''
class A:
    def short(self):
        """Its docstring,
        of two lines."""
        # a comment

        return [
            1,
        ]

    def empty(self):
        """Nothing."""
'''
    assert lines_of_methods(source) == {"A.short": 3, "A.empty": 0}
