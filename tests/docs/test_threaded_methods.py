"""The names of python-binance 1.0 for sockets are made from one text, and are all there."""

import inspect
from collections.abc import Callable
from types import SimpleNamespace

import pytest

import binance
from binance.enums import FuturesType
from binance.sansio.names.streams import parse
from binance.threaded import ThreadedWebsocketManager
from binance.websockets import BinanceSocketManager
from binance.ws.reconnecting_websocket import ReconnectingWebsocket
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
    if name != "start_all_ticker_futures_socket":  # it has a channel too
        assert list(awaited.parameters) == ["self", *parameters[1:]]
    threaded, behind = getattr(ThreadedWebsocketManager, name), getattr(BinanceSocketManager, name)
    assert defaults(threaded).items() <= defaults(behind).items()


def arguments(socket: ReconnectingWebsocket) -> dict[str, object]:
    return socket._start.keywords


def test_a_channel_or_a_name_is_a_stream_of_the_method_behind_it() -> None:
    bm = BinanceSocketManager(None)
    assert arguments(bm.all_ticker_futures_socket()) == {
        "streams": ["!bookTicker"],
        "futures_type": FuturesType.USD_M,
    }
    assert arguments(bm.all_ticker_futures_socket("!ticker@arr"))["streams"] == ["!ticker@arr"]
    for socket, stream in (
        (bm.options_new_symbol_socket(), "!optionSymbol"),
        (bm.options_open_interest_socket("BTCUSDT", "261225"), "btcusdt@openInterest@261225"),
        (bm.options_book_ticker_socket("BTC-261225-1-C"), "btc-261225-1-c@bookTicker"),
        (bm.options_mark_price_socket("BTCUSDT"), "btcusdt@optionMarkPrice"),
    ):
        assert arguments(socket) == {"streams": [stream]}
        assert parse(stream, "options") is not None


def defaults(function: Callable[..., object]) -> dict[str, object]:
    """What Sphinx does not rewrite in a process that has read the pages."""
    code, given = function.__code__, function.__defaults__ or ()
    positional = code.co_varnames[code.co_argcount - len(given) : code.co_argcount]
    return dict(zip(positional, given, strict=True))


@pytest.mark.parametrize("name", sorted({*binance._NAMES, *binance._MODULES}))
def test_each_lazy_name_of_the_package_is_there(name: str) -> None:
    assert getattr(binance, name) is not None
