"""Standard output: closed, full, without a reader; and a command to which nothing came."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from binance.cli.event_text import ConnectionLog
from binance.cli.screen.terminal import use_ascii
from binance.events import Connected, Disconnected, GaveUp
from tests.cli.rig import DEADLINE, environment
from tests.cli.test_pictures import WHAT

KEYS = {"BINANCE_API_KEY": "K" * 64, "BINANCE_API_SECRET": "S" * 64}
FULL = "binance-sockets: cannot write the output: No space left on device"
NOTHING = "binance-sockets: no message has come; `binance-sockets doctor` finds out why"


def run(
    arguments: list[str], exchange: Any = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "binance", *arguments],
        env=environment(exchange, **KEYS),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=DEADLINE,
        check=False,
        **options,
    )


LONG = [
    ["watch", "btcusdt@trade"],
    ["book", "BTCUSDT", "--json"],
    ["user", "--for", "1s"],
    ["doctor", "--json"],
    ["--help"],
]


@pytest.mark.process
@pytest.mark.loopback
@pytest.mark.parametrize("arguments", LONG, ids=lambda one: one[0])
def test_a_full_disk_ends_a_command_in_one_line(market: Any, arguments: list[str]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = run(arguments, market, stdout=full)
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if not line.endswith(" connected")]
    assert lines == [FULL]


@pytest.mark.process
@pytest.mark.loopback
@pytest.mark.parametrize("arguments", LONG[:3], ids=lambda one: one[0])
def test_a_reader_that_goes_ends_a_command_quietly(market: Any, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as gone:
        done = run(arguments, market, stdout=gone)
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if not line.endswith(" connected")] == []


@pytest.mark.process
def test_an_output_that_is_closed_is_reported() -> None:
    done = run(["watch", "btcusdt@trade"], preexec_fn=lambda: os.close(1))
    assert (done.returncode, done.stderr) == (1, "binance-sockets: standard output is closed\n")


@pytest.mark.process
@pytest.mark.loopback
@pytest.mark.parametrize("command", [["watch"], ["record", "-o", "x.frames"]])
def test_a_command_that_nothing_came_to_exits_with_1_and_names_doctor(
    market: Any, tmp_path: Any, command: list[str]
) -> None:
    done = run([*command, "nosuch@trade", "--for", "1s"], market, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == NOTHING


def test_the_cause_of_the_last_failure_is_named_once_with_the_cure() -> None:
    log = ConnectionLog()
    for reason in ("no route", "no such host"):
        log.add_event(Disconnected(**WHAT, reason=reason))
    assert [text for _, text in log.lines] == [
        "disconnected: no route",
        "`binance-sockets doctor` finds out why",
        "disconnected: no such host",
    ]
    with pytest.raises(
        Exception, match=r"^no message has come: no such host; `binance-sockets doc"
    ):
        log.check_any(0)
    log.check_any(1)
    log.add_event(GaveUp(**WHAT, reason="region", code=451))
    with pytest.raises(Exception, match=r"^it failed: region \(451\); `binance-sockets doctor`"):
        log.check("it failed")


def test_a_connection_that_has_worked_needs_no_doctor() -> None:
    log = ConnectionLog()
    log.add_event(Connected(**WHAT))
    log.add_event(Disconnected(**WHAT, reason="cut"))
    assert "doctor" not in "".join(text for _, text in log.lines)


def test_characters_that_an_output_lacks_have_a_substitute_of_their_width() -> None:
    text = "● in sync █▏ … 币é"
    error = UnicodeEncodeError("ascii", text, 0, len(text), "")
    assert use_ascii(error) == ("* in sync #| ~ \\u5e01\\u00e9", len(text))
    assert text.encode("ascii", "binance-ascii") == b"* in sync #| ~ \\u5e01\\u00e9"


ENCODING = "import sys; from binance.cli import main; main(['-V']); print(sys.stdout.encoding)"


@pytest.mark.process
@pytest.mark.parametrize(
    ("locale", "encoding"),
    [
        ({"LC_ALL": "C"}, "ascii"),
        ({"LANG": "C"}, "ascii"),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8"),
        ({"LANG": "C.UTF-8", "LC_CTYPE": "C.UTF-8"}, "utf-8"),
        ({"LANG": "xx_XX.UTF-8"}, "utf-8"),  # which no computer has
    ],
    ids=str,
)
def test_the_locale_decides_between_utf_8_and_ascii(locale: dict[str, str], encoding: str) -> None:
    variables = ("PYTHONIOENCODING", "PYTHONUTF8", "LC_ALL", "LC_CTYPE", "LANG")
    env = environment(None) | dict.fromkeys(variables, "")
    for name in variables[:2]:
        del env[name]
    done = subprocess.run(
        [sys.executable, "-c", ENCODING], env=env | locale, capture_output=True, check=True
    )
    assert done.stdout.split()[-1].decode() == encoding
