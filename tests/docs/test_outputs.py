"""What the tutorial shows below a script is what the script prints, but for the numbers."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest

from binance.client import Client
from binance.simulator import ExchangeProcess

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
OUTPUTS = {path.stem: path for path in (EXAMPLES / "guide/output").glob("*.txt")}
TUTORIAL = EXAMPLES.parent / "docs/tutorial"
#: Scripts whose output depends on more than the simulator: another test runs them.
ELSEWHERE = {"user_stream", "test_small_bot"}
#: Scripts that run until Ctrl-C.
STREAMING = {"first_stream", "futures_book", "multiplex", "order_book", "small_bot"}

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def pattern(line: str) -> str:
    """A pattern for a line that has other numbers; a line that ends in `` ..`` is cut there."""
    whole = line.removesuffix(" ..")
    form = r"-?\d+(?:\.\d+)?".join(re.escape(part) for part in NUMBER.split(whole))
    return form if whole == line else f"{form}.*"


def patterns(name: str) -> set[str]:
    lines = OUTPUTS[name].read_text(encoding="utf-8").splitlines()
    return {pattern(line) for line in lines if not line.startswith("$ ")}


def script_of(name: str) -> Path:
    return next(EXAMPLES.rglob(f"{name}.py"))


def test_a_pattern_fits_other_numbers_only() -> None:
    form = pattern("bnbbtc@depth5 at 0.00967 (-1.5 %)")
    assert re.fullmatch(form, "bnbbtc@depth10 at 12 (0.25 %)")
    assert not re.fullmatch(form, "bnbbtc@depth5 at 0.00967 (none %)")
    assert re.fullmatch(pattern("data: {'e': 1, .."), "data: {'e': 2, 'p': 'x'}")


def test_every_script_of_the_tutorial_shows_its_output() -> None:
    for page in TUTORIAL.glob("*.rst"):
        text = page.read_text(encoding="utf-8")
        scripts = set(re.findall(r"literalinclude:: \S+?(\w+)\.py", text)) - {"conftest"}
        shown = set(re.findall(r"literalinclude:: \S+?output/(\w+)\.txt", text))
        parts = {"error_branch"}  # a function of a script that its own page shows
        assert scripts - parts == shown, page


def test_each_output_begins_with_its_command() -> None:
    for name, path in OUTPUTS.items():
        lines = path.read_text(encoding="utf-8").splitlines()
        commands = [line for line in lines if line.startswith("$ ")]
        assert commands, path
        assert any(f"{name}.py" in command for command in commands), path


@pytest.fixture(scope="module")
def scripts(
    start: Callable[..., AbstractContextManager[Any]],
) -> Iterator[dict[str, Any]]:
    """All of them on one exchange at the same time: most of the time they wait."""
    with ExchangeProcess(rate=40) as exchange, ExitStack() as stack:
        yield {
            name: stack.enter_context(start(exchange, str(script_of(name))))
            for name in sorted(OUTPUTS.keys() - ELSEWHERE)
        }


@pytest.mark.process
@pytest.mark.loopback
@pytest.mark.parametrize("name", sorted(OUTPUTS.keys() - ELSEWHERE))
def test_the_script_prints_it(name: str, scripts: dict[str, Any]) -> None:
    scripts[name].expect(*patterns(name))
    if name in STREAMING:
        scripts[name].interrupt()
    else:
        assert scripts[name].ends() == 0


@pytest.mark.process
@pytest.mark.loopback
def test_an_account_is_followed_while_another_script_trades(
    exchange: Any, script: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in exchange.env.items():
        monkeypatch.setenv(variable, value)
    following = script(str(script_of("user_stream")))
    with Client("K" * 64, "S" * 64) as client:
        while following.line(timeout=2.0) is None:  # until the script has subscribed
            client.order_market_buy(symbol="BNBBTC", quantity="1")
    assert script(str(script_of("order_life"))).ends() == 0
    following.expect(*patterns("user_stream"))
    following.interrupt()
