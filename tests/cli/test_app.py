"""The command line as a whole: help, errors in one line, options before and behind the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from binance import __version__
from binance.cli import main
from binance.cli.app import commands
from binance.sansio.names.endpoints import VARIABLES
from tests.cli.rig import environment, finished
from tests.pace import paced

COMMANDS = sorted(commands.commands)
CAPTURE = Path(__file__).parents[1] / "data/captures/spot.frames"


def test_there_are_these_commands() -> None:
    assert {"watch", "book", "record", "replay", "doctor"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_shows_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    printed = capsys.readouterr().out
    assert f"Usage: binance-sockets {name} " in printed
    assert printed.count(f"    binance-sockets {name}") >= 3


@pytest.mark.parametrize("argv", [[], ["--help"], ["-h"]])
def test_the_help_of_all(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 0
    printed = capsys.readouterr().out
    assert "binance-sockets doctor\n" in printed
    assert all(f"\n  {name} " in printed for name in COMMANDS)


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"binance-sockets {__version__}\n"


WRONG = [
    (["wacth"], 2, "No such command 'wacth'"),
    (["watch"], 2, "Missing argument 'STREAM...'; see binance-sockets watch --help"),
    (
        ["watch", "btcusdt@trades"],
        2,
        "unknown spot stream 'btcusdt@trades'; did you mean 'btcusdt@trade'?",
    ),
    (["watch", "btcusdt@trade", "--for", "soon"], 2, "give 90, 90s, 15m, 2h or 1d"),
    (["watch", "btcusdt@trade", "--env", "moon"], 2, "'moon' is not one of 'production'"),
    (["watch", "btcusdt@trade", "--env", "us", "--demo"], 2, "exclude each other"),
    (["record", "btcusdt@trade"], 2, "Missing option '-o'"),
    (["record", "btcusdt@trade", "-o", "x.gz"], 2, "must end in .frames.gz, or in .frames"),
    (["record", "a@trade", "usdm:a@aggTrade", "-o", "x.frames"], 2, "one market, not spot, usdm"),
    (["record", "a@trade", "-o", "/no/folder/x.frames"], 1, "cannot be written: No such file"),
    (["replay", "/no/such.frames"], 1, "/no/such.frames cannot be read: No such file"),
    (["replay", __file__], 1, "the first line is not 'URL <-> connect time'"),
    (["replay", __file__, "--speed", "-1"], 2, "-1.0 is not in the range x>=0"),
    (["replay", str(CAPTURE), "--speed", "nan"], 1, "speed must be 0 or more, not nan"),
    (["replay", str(CAPTURE), "--speed", "inf", "--serve"], 1, "not inf"),
    (["book", "BTCUSDT", "--levels", "0"], 2, "0 is not in the range 1<=x<=5000"),
    (["book", "usdm:BTCUSDT", "--levels", "1001"], 2, "has at most 1000 levels a side"),
    (["book", "um:BTCUSDT"], 2, "unknown market 'um'; allowed are spot, usdm, coinm, options"),
    (["book", ""], 2, "it is empty; give a symbol such as BTCUSDT or usdm:BTCUSDT"),
    (["book", "usdm:"], 2, "it is empty; give a symbol such as BTCUSDT or usdm:BTCUSDT"),
    (["user", "--account", "um"], 2, "'um' is none of spot, margin, margin:SYMBOL, margin:risk"),
]


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a command does to the environment is undone."""
    for name in (*VARIABLES.values(), "BINANCE_ENV"):
        monkeypatch.setenv(name, "")


def test_a_market_that_an_exchange_lacks_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.frames"
    assert main(["record", "usdm:a@aggTrade", "-o", str(path), "--env", "us"]) == 1
    assert capsys.readouterr().err.startswith("binance-sockets: cannot record: us has no")
    assert not path.exists()


@pytest.mark.parametrize(("argv", "code", "words"), WRONG, ids=[" ".join(row[0]) for row in WRONG])
def test_errors_are_one_line(
    argv: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("binance-sockets: ")
    assert printed.err.count("\n") == 1
    assert words in printed.err


def test_a_recording_without_frames_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.frames"
    path.write_text("wss://localhost/stream?streams=a@trade <-> 1000\n")
    assert main(["replay", str(path)]) == 1
    assert capsys.readouterr().err == f"binance-sockets: {path} holds no frame\n"


@pytest.mark.process
@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_it_says_how_to_install_it(missing: str) -> None:
    code = (
        "import sys, runpy\n"
        f"sys.modules[{missing!r}] = None\n"  # an import of it fails now
        "sys.argv = ['binance', 'watch']\n"
        "runpy.run_module('binance', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(None),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        f"binance-sockets: the command line needs {missing}; "
        'install it with: pip install "binance-socket-manager[cli]"\n'
    )


@pytest.mark.process
@pytest.mark.loopback
def test_a_symbol_that_there_is_not_is_reported_in_one_line(market: Any) -> None:
    done = finished(["book", "nosuch"], market)
    assert (done.returncode, done.stdout) == (1, "")
    last = done.stderr.splitlines()[-1]
    assert last == (
        "binance-sockets: no order book of NOSUCH: Invalid symbol. (HTTP 400, code -1121)"
    )


@pytest.mark.process
@pytest.mark.loopback
def test_demo_brings_its_own_exchange_whatever_the_shell_holds() -> None:
    arguments = ["--demo", "watch", "btcusdt@trade", "--for", f"{paced(2):.1f}s"]
    nowhere = {"BINANCE_STREAM_URL": "wss://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1"}
    done = finished(arguments, None, **nowhere)
    assert done.returncode == 0, done.stderr
    assert '{"stream":"btcusdt@trade","data":{"e":"trade",' in done.stdout


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        ([], 0, ""),  # the usage
        (["user"], 1, "there is no API key; set BINANCE_API_KEY\n"),
        (["order", "cancel", "BTCUSDT", "5"], 1, "give --yes to cancel BTCUSDT 5 on production\n"),
    ],
)
def test_a_closed_input_is_no_terminal(
    argv: list[str],
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    monkeypatch.setenv("BINANCE_API_KEY", "")
    assert main(argv) == code
    assert capsys.readouterr().err.endswith(words)
