"""Every example runs, unchanged, against the simulated exchange and prints what it promises.

Each runs in a process of its own. The test reads what it prints and waits for the lines that it
expects; then the script ends by itself or, where it would stream for ever, by Ctrl-C.
"""

import queue
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from binance.simulator.run.exchange_process import ExchangeProcess
from tests.pace import paced
from tests.programs import started

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
DEADLINE = paced(60.0)  # seconds: for lines to come, and for a script to end by itself
INTERRUPTED = paced(5.0)  # seconds that Ctrl-C may take to end a script

pytestmark = [pytest.mark.process, pytest.mark.loopback]


@pytest.fixture(scope="module")
def market() -> Iterator[ExchangeProcess]:
    """One exchange for all."""
    with ExchangeProcess() as running:
        yield running
        assert running.errors() == ""


@pytest.fixture
def exchange(market: ExchangeProcess) -> Iterator[ExchangeProcess]:
    """That exchange; a fault ends with its test."""
    yield market
    market.clear()


class Script:
    """A running example: its lines as they come."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.printed: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def expect(self, *patterns: str) -> None:
        """Wait until every pattern has matched a whole line, in any order."""
        end = time.monotonic() + DEADLINE  # of all lines: some scripts print without an end
        wanted = {pattern: re.compile(pattern) for pattern in patterns}
        for line in self.printed:
            wanted = {text: form for text, form in wanted.items() if not form.fullmatch(line)}
        while wanted:
            line = self._next(f"no line like {list(wanted)}", end - time.monotonic())
            wanted = {text: form for text, form in wanted.items() if not form.fullmatch(line)}

    def _next(self, trouble: str, timeout: float = DEADLINE) -> str:
        try:
            line = self._lines.get(timeout=max(0.0, timeout))
        except queue.Empty:
            line = None
        if line is None:
            pytest.fail(f"{trouble} in:\n" + "\n".join(self.printed), pytrace=False)
        self.printed.append(line)
        return line

    def ends(self, timeout: float = DEADLINE) -> int:
        """Wait for the end; the exit code. What was printed until then is in `printed`."""
        code = self.process.wait(timeout)
        self._reader.join(timeout)
        while (line := self._lines.get(timeout=timeout)) is not None:
            self.printed.append(line)
        return code

    def interrupt(self) -> int:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.ends(INTERRUPTED)


@contextmanager
def running(name: str, exchange: Any, *args: str) -> Iterator[Script]:
    with started(exchange, str(EXAMPLES / name), *args) as process:
        yield Script(process)


NUMBER = r"\d+\.\d{8}"

STREAMING: dict[str, list[str]] = {
    "manager.py": ["started bnbbtc@trade", rf"trade BNBBTC {NUMBER} {NUMBER}"],
    "callback.py": ["message type: aggTrade", r"\{'e': 'aggTrade', .*'s': 'BNBBTC', .*\}"],
    "multiplex.py": [
        r"stream: bnbbtc@aggTrade data: \{'e': 'aggTrade', .*\}",
        r"stream: ethbtc@ticker data: \{'e': '24hrTicker', .*\}",
    ],
    "depth.py": [
        r"changes up to \d+ - \d+ bids \d+ asks",
        rf"best of 5 levels: {NUMBER} {NUMBER}",
    ],
    "kline.py": [rf"30m open {NUMBER} close {NUMBER} final False"],
    "aggtrade.py": [rf"\d+ trades \d+ to \d+ {NUMBER} at {NUMBER}"],
    "trade.py": [rf"\d+ (sold|bought) {NUMBER} at {NUMBER}"],
    "depth_cache_polling.py": [
        r"symbol BNBBTC updated at \d{13}",
        "top 5 bids",
        r"\[(\[[\de.-]+, [\de.-]+\](, )?){5}\]",
        "top 5 asks",
    ],
    "triangular.py": [r"there \d\.\d{6} and back \d\.\d{6}"],
    "typed.py": [
        rf"BNBBTC {NUMBER}\d*",
        r"\d+ symbols changed",
        r"btcusdt@aggTrade \d+\.\d+",
    ],
    "symbol_ticker.py": [rf"BNBBTC last {NUMBER} change -?[\d.]+ % volume {NUMBER}"],
}
ENDING = {"close.py", "error_branch.py", "exit.py", "quickstart.py", "stop_socket.py"}
DEMONSTRATION = {"demo.py", "script_of_2018.py"}  # see test_demo.py


def test_every_example_has_its_test() -> None:
    found = {path.name for path in EXAMPLES.glob("*.py")}
    assert found == set(STREAMING) | ENDING | DEMONSTRATION


@pytest.mark.parametrize("name", STREAMING)
def test_it_streams_until_interrupted(name: str, exchange: Any) -> None:
    with running(name, exchange) as script:
        script.expect(*STREAMING[name])
        script.interrupt()
    assert "Error" not in "\n".join(script.printed)


def test_a_socket_that_is_refused_is_started_again(exchange: Any) -> None:
    exchange.fault("http_status", status=451, count=1)
    with running("error_branch.py", exchange) as script:
        script.expect("lost: Max reconnect retries reached", r"trade \d+ of BNBBTC at [\d.]+")
        script.interrupt()
    lost = [line for line in script.printed if line.startswith("lost")]
    assert len(lost) == 1


def test_a_stopped_socket_is_silent_and_the_other_goes_on(exchange: Any) -> None:
    with running("stop_socket.py", exchange) as script:
        script.expect("stopped bnbbtc@trade")
        before = len(script.printed)
        while len([line for line in script.printed[before:] if line.startswith("ticker")]) < 3:
            script._next("no three tickers after the stop")
        script.interrupt()
    assert len([line for line in script.printed if line.startswith("trade")]) == 1


def test_close_lets_the_process_end(exchange: Any) -> None:
    with running("close.py", exchange) as script:
        assert script.ends() == 0
    assert re.fullmatch(r"trade \d+", script.printed[0])
    assert script.printed[-1] == "closed"


def test_stopping_the_reactor_ends_the_process(exchange: Any) -> None:
    with running("exit.py", exchange) as script:
        assert script.ends() == 0
    assert [line.split()[0] for line in script.printed] == ["trade", "trade", "trade", "done"]


def test_the_triangle_waits_for_all_books(exchange: Any) -> None:
    """While one book is out of step no round trip is computed; then all go on."""
    with running("triangular.py", exchange) as script:
        script.expect(r"there .*")
        exchange.fault("lose", stream="bnbeth@depth", count=1)
        script.expect("BNBETH is out of step", "BNBETH is in step again")
        before = len(script.printed)
        while len(script.printed) < before + 3:
            script._next("no round trip after the resync")
        out = script.printed.index("BNBETH is out of step")
        assert script.printed[out + 1] == "BNBETH is in step again"
        assert script.printed[-1].startswith("there ")
        script.interrupt()


KINDS: dict[str, Callable[[str], bool]] = {
    "bnbbtc@trade": lambda text: text.startswith('{"e":"trade",'),
    "bnbbtc@aggTrade": lambda text: text.startswith('{"e":"aggTrade",'),
    "bnbbtc@depth": lambda text: text.startswith('{"e":"depthUpdate",'),
    "bnbbtc@depth5": lambda text: text.startswith('{"lastUpdateId":'),
    "bnbbtc@kline_30m": lambda text: text.startswith('{"e":"kline",') and '"s":"BNBBTC"' in text,
    "bnbbtc@ticker": lambda text: text.startswith('{"e":"24hrTicker",'),
    "!miniTicker@arr": lambda text: text.startswith('[{"e":"24hrMiniTicker",'),
    "ethbtc@bookTicker": lambda text: text.startswith('{"u":'),
    "ethbtc@kline_1m": lambda text: text.startswith('{"e":"kline",') and '"s":"ETHBTC"' in text,
}


def test_the_quickstart_shows_every_kind_of_stream_and_ends(exchange: Any) -> None:
    with running("quickstart.py", exchange, f"{paced(5.0):.1f}") as script:
        assert script.ends() == 0
    shown, _, summary = "\n".join(script.printed).partition("\n\n")
    seen = dict.fromkeys(KINDS, 0)
    for line in shown.splitlines():
        stream, _, text = line.partition(" ")
        assert KINDS[stream](text.strip()), line
        seen[stream] += 1
    assert min(seen.values()) > 0, seen
    assert summary.splitlines() == [
        f"{count:6} messages of {stream}" for stream, count in sorted(seen.items())
    ]


def test_the_quickstart_says_so_when_nothing_arrives(exchange: Any) -> None:
    exchange.fault("http_status", status=451)
    with running("quickstart.py", exchange, f"{paced(2.0):.1f}") as script:
        assert script.ends() == 1
    assert script.printed[-1] == "nothing arrived: is the exchange within reach?"
    assert "bnbbtc@trade           is lost: Max reconnect retries reached" in script.printed
