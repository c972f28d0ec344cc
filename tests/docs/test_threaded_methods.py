"""The names of python-binance 1.0 for sockets are made from one text, and are all there."""

import inspect
from collections.abc import Callable
from types import SimpleNamespace

import pytest

import binance
from binance.threaded import ThreadedWebsocketManager
from binance.websockets import BinanceSocketManager
from tests.test_exports import listed


def test_the_module_is_that_of_the_text(modules: SimpleNamespace) -> None:
    made = modules.threaded_methods
    text = made.SOURCE.read_text(encoding="utf-8")
    expected = "run: python docs/threaded_methods.py"
    assert made.TARGET.read_text(encoding="utf-8") == made.generated(text), expected


@pytest.mark.parametrize("line", listed("threaded.txt"), ids=lambda line: line.split()[0])
def test_a_method_has_the_parameters_of_python_binance_in_its_order(line: str) -> None:
    name, *parameters = line.split()
    mine = inspect.signature(getattr(ThreadedWebsocketManager, name)).parameters
    assert list(mine) == ["self", *parameters]
    awaited = inspect.signature(getattr(BinanceSocketManager, name.removeprefix("start_")))
    assert list(awaited.parameters) == ["self", *parameters[1:]]
    threaded, behind = getattr(ThreadedWebsocketManager, name), getattr(BinanceSocketManager, name)
    assert defaults(threaded).items() <= defaults(behind).items()


def defaults(function: Callable[..., object]) -> dict[str, object]:
    """What Sphinx does not rewrite in a process that has read the pages."""
    code, given = function.__code__, function.__defaults__ or ()
    positional = code.co_varnames[code.co_argcount - len(given) : code.co_argcount]
    return dict(zip(positional, given, strict=True))


@pytest.mark.parametrize("name", sorted({*binance._NAMES, *binance._MODULES}))
def test_each_lazy_name_of_the_package_is_there(name: str) -> None:
    assert getattr(binance, name) is not None
