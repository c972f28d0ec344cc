"""Every script of the guide runs, unchanged, against the simulated exchange."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest

from binance.simulator import ExchangeProcess

GUIDE = Path(__file__).parent.parent.parent / "examples/guide"

pytestmark = [pytest.mark.process, pytest.mark.loopback]

NUMBER = r"\d+\.\d+"

STREAMING: dict[str, list[str]] = {
    "first_stream.py": [rf"BNBBTC {NUMBER} {NUMBER}"],
    "coroutine.py": [r"trade \d+"],
    "testnet.py": [rf"BNBBTC {NUMBER}"],
    "ticker.py": [rf"\d+ symbols changed, the best: [A-Z]+ -?{NUMBER} %"],
    "futures.py": [
        rf"spot {NUMBER}",
        rf"btcusdt@aggTrade {NUMBER}",
        rf"btcusdt@markPrice@1s {NUMBER}",
    ],
    "coin_futures.py": [
        rf"btcusd_perp@aggTrade {NUMBER}",
        rf"btcusd@indexPrice {NUMBER}",
        rf"mark price BTCUSD_PERP {NUMBER}",
        rf"mark price BTCUSD_\d+ {NUMBER}",
    ],
    "mini_ticker.py": [rf"[A-Z]+ last {NUMBER} low {NUMBER} high {NUMBER}"],
    "redundancy.py": [rf"trade \d+ at {NUMBER}"],
    "status.py": [r"see http://127\.0\.0\.1:\d+/"],
    "book_ticker.py": [rf"BNBBTC bid {NUMBER} ask {NUMBER}"],
}
ENDING: dict[str, list[str]] = {
    "slow_callback.py": [
        r"written \d+",
        rf"price {NUMBER}",
        r"bnbbtc@trade dropped \d+",
        r"dropped so far: [1-9]\d*",
    ],
    "asyncio_program.py": [rf"trade \d+ at {NUMBER}"],
    "iterate.py": [
        r"bnbbtc@trade#\d+ Connected",
        rf"bnbbtc@trade {NUMBER}",
        rf"usdm:btcusdt@aggTrade {NUMBER}",
    ],
    "orders.py": [r"\d+ NEW", r"\d+ CANCELED"],
    "latency.py": [r"made at \d{13} received at \d{13}", r"half of them within -?\d+ ms"],
    "twisted_loop.py": [rf"the first price is {NUMBER}"],
    "twisted_program.py": [rf"the first price is {NUMBER}"],
}
OTHERS = {"events.py", "gapless.py", "two_accounts.py", "test_small_bot.py", "conftest.py"}
#: Those whose output the tutorial shows: `test_outputs.py` runs them.
SHOWN = {
    *("futures_book.py", "live_changes.py", "order_book.py", "order_life.py", "small_bot.py"),
    "user_stream.py",
}


def test_every_script_has_its_test() -> None:
    assert {path.name for path in GUIDE.glob("*.py")} == {*STREAMING, *ENDING, *OTHERS, *SHOWN}


@pytest.fixture(scope="module")
def scripts(
    start: Callable[..., AbstractContextManager[Any]],
) -> Iterator[dict[str, Any]]:
    """All of them at work at once, on one exchange: most of their time is spent waiting."""
    with ExchangeProcess(rate=40) as exchange, ExitStack() as stack:
        yield {
            name: stack.enter_context(start(exchange, str(GUIDE / name)))
            for name in (*STREAMING, *ENDING)
        }


@pytest.mark.parametrize("name", STREAMING)
def test_it_streams_until_interrupted(name: str, scripts: dict[str, Any]) -> None:
    scripts[name].expect(*STREAMING[name])
    scripts[name].interrupt()


@pytest.mark.parametrize("name", ENDING)
def test_it_ends_by_itself(name: str, scripts: dict[str, Any]) -> None:
    scripts[name].expect(*ENDING[name])
    assert scripts[name].ends() == 0


def test_lost_connections_are_reported(exchange: Any, script: Callable[..., Any]) -> None:
    running = script(str(GUIDE / "events.py"))
    running.expect("bnbbtc@trade is open")
    while not exchange.stats()["connections"]["open"]:
        time.sleep(0.02)
    exchange.fault("drop")
    running.expect(
        "bnbbtc@trade is down: .+",
        "bnbbtc@trade retry 1 follows",
        "bnbbtc@trade receives again",
    )
    running.interrupt()


@pytest.mark.exchange(rate=100)  # so that trades are missed in an outage of a second
def test_what_was_missed_is_fetched(
    exchange: Any, script: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    running = script(str(GUIDE / "gapless.py"))
    running.expect(r"\d+ live")
    exchange.fault("drop")
    running.expect(r"bnbbtc@trade fetched \d+ to \d+", r"\d+ fetched")
    while not (tmp_path / "trades.json").exists():
        running.expect(r"\d+ live")
    running.interrupt()


def test_each_account_has_a_key_of_its_own(script: Callable[..., Any]) -> None:
    running = script(str(GUIDE / "two_accounts.py"))
    running.expect("user", "user:2", "margin:ETHBTC", "second error")  # which has no such account
    running.interrupt()


def test_the_bots_own_tests_pass(script: Callable[..., Any], tmp_path: Path) -> None:
    empty = tmp_path / "pytest.ini"
    empty.write_text("[pytest]\n", encoding="utf-8")
    running = script(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", str(empty)),
        *("--rootdir", str(GUIDE), str(GUIDE)),
    )
    running.expect(r"2 passed in .*")
    assert running.ends() == 0
