"""The sockets of python-binance 1.0 return its names, and their messages have its shapes."""

import asyncio

import pytest

from binance import BinanceSocketManager, Client, ThreadedWebsocketManager
from tests.test_exports import listed
from tests.websockets.heard import DEADLINE, Heard
from tests.websockets.surroundings import simulated

pytestmark = [pytest.mark.loopback, pytest.mark.process]

ROWS = [[part.strip() for part in line.split("|")] for line in listed("messages_1.0.txt")]


@pytest.fixture(scope="module")
def option():
    """Serves an exchange to this module; the name of one of its options."""
    with simulated(symbols=["BTCUSDT", "ETHUSDT"], rate=60, limits="off"), Client() as client:
        yield client.eapi_exchange_info()["optionSymbols"][0]["symbol"]


def call(text, option):
    """The method and the arguments of a row."""
    name, *words = text.replace("BTC-..", option).split()
    return name, [
        word[1:-1].split(",") if word[0] == "[" else int(word) if word.isdecimal() else word
        for word in words
    ]


def shape(message):
    """As a row has it."""
    if isinstance(message, dict) and list(message) == ["stream", "data"]:
        return f"wrapped {shape(message['data'])}"
    first = message[0] if isinstance(message, list) else message
    what = f"e={first['e']}" if "e" in first else " ".join(first)
    return f"{type(message).__name__} {what}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_callback_gets_what_python_binance_gives(row, option):
    name, arguments = call(row[0], option)
    heard = Heard()
    with ThreadedWebsocketManager() as twm:
        expected = row[1].replace("btc-..", option.lower())
        assert getattr(twm, f"start_{name}")(heard, *arguments) == expected
        assert shape(heard.next()) == row[2]


def test_recv_returns_the_same(option):
    async def received(bm, row):
        name, arguments = call(row[0], option)
        async with getattr(bm, name)(*arguments) as socket:
            return shape(await asyncio.wait_for(socket.recv(), DEADLINE))

    async def main():
        bm = BinanceSocketManager(None)
        found = await asyncio.gather(*(received(bm, row) for row in ROWS))
        bm.close()
        return found

    assert asyncio.run(main()) == [row[2] for row in ROWS]


def test_every_socket_is_here_or_needs_an_account():
    """Or, of options, a trade or a date."""
    every = {line.split()[0].removeprefix("start_") for line in listed("threaded.txt")}
    others = {
        name
        for name in every - {row[0].split()[0] for row in ROWS}
        if "user_socket" not in name and "margin" not in name
    }
    assert others == {
        *("coin_futures_socket", "futures_socket"),
        *("options_multiplex_socket", "options_recent_trades_socket"),
        "options_ticker_by_expiration_socket",
    }
