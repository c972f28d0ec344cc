"""The façades stay thin: what a method does is in a module behind it."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import binance
from binance.client import Client
from binance.depthcache import DepthCacheManager
from binance.websockets import BinanceSocketManager

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


CLASSES = [BinanceSocketManager, Client, DepthCacheManager]


@pytest.mark.parametrize("facade", CLASSES, ids=lambda facade: facade.__name__)
def test_help_shows_types_that_a_reader_knows(facade: type) -> None:
    """No private alias, whose meaning `help()` does not show."""
    for name, method in inspect.getmembers(facade, inspect.isfunction):
        if not name.startswith("_") or name == "__init__":
            signature = inspect.signature(method)
            kinds = [each.annotation for each in signature.parameters.values()]
            shown = " ".join(map(inspect.formatannotation, [*kinds, signature.return_annotation]))
            assert not re.search(r"(?<![.\w])_\w+", shown), name


@pytest.mark.parametrize("facade", CLASSES, ids=lambda facade: facade.__name__)
def test_help_of_a_constructor_leads_to_the_class(facade: type) -> None:
    text = inspect.getdoc(vars(facade)["__init__"]) or inspect.getdoc(facade.__init__)
    assert text is not None
    assert "The arguments are described at the class." in text
    assert facade.__doc__ is not None
    assert ":param" in facade.__doc__


def test_a_callback_is_shown_as_what_it_is() -> None:
    signature = str(inspect.signature(BinanceSocketManager.start_trade_socket))
    assert "symbol: 'str', callback: 'Callback[Trade]', **options:" in signature


def test_the_package_says_where_things_are() -> None:
    assert binance.__doc__ is not None
    named = set(re.findall(r"``binance\.(\w+)``", binance.__doc__))
    public = {path.stem for path in PACKAGE.glob("[!_]*.py")}
    assert named - {"simulator"} == public
