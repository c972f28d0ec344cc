"""The option ``--status`` of the commands that run for long."""

import json
import re
import socket
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.cli.rig import eventually, finished, running

pytestmark = [pytest.mark.loopback, pytest.mark.process, pytest.mark.slow]
KEYS = {"BINANCE_API_KEY": "K" * 64, "BINANCE_API_SECRET": "S" * 64}


def url_of(process: subprocess.Popen[bytes]) -> str:
    """The address that a command prints on standard error."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.fullmatch(rb"status page: (http://127\.0\.0\.1:\d+/)\n", line):
            return found[1].decode()
    raise AssertionError("no address was printed")


def keys(url: str) -> list[str]:
    """The keys of the sockets that are open."""
    with urllib.request.urlopen(f"{url}data") as answer:
        rows: list[tuple[list[str], dict[str, Any]]] = json.load(answer)["socket"]
    return [labels[0] for labels, figures in rows if figures["connected"]]


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["watch", "btcusdt@trade", "--json"], "streams=btcusdt@trade"),
        (["record", "usdm:btcusdt@aggTrade", "-o", "{}/a.frames"], "usdm:streams=btcusdt@aggTrade"),
        (["book", "BTCUSDT", "--json"], "btcusdt@depth@100ms"),
        (["user", "--json"], "user"),
    ],
)
def test_a_command_serves_its_state(
    market: Any, tmp_path: Path, arguments: list[str], key: str
) -> None:
    command = [*(text.format(tmp_path) for text in arguments), "--status", "0"]
    with running(command, market, **KEYS) as process:
        url = url_of(process)
        eventually("the socket is open", lambda: keys(url) == [key])


def test_a_port_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = finished(["watch", "btcusdt@trade", "--status", str(port), "--demo"])
    assert done.returncode == 1
    assert re.fullmatch(
        rf"binance-sockets: .*127\.0\.0\.1:{port}.*already in use\n", done.stderr, re.IGNORECASE
    )
