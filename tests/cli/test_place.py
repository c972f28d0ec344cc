"""Which exchange a command speaks to."""

from __future__ import annotations

import os

import click
import pytest

from binance.cli.place import Place
from binance.cli.trouble import Trouble


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Whatever a command does to the environment is undone."""
    for name in ("BINANCE_ENV", "BINANCE_STREAM_URL", "BINANCE_CA_FILE"):
        monkeypatch.setenv(name, "")
    return monkeypatch


def test_without_options_the_shell_decides(shell: pytest.MonkeyPatch) -> None:
    with Place().entered() as place:
        assert place.addresses.stream == "wss://stream.binance.com:9443"
        assert place.name == "production"
    shell.setenv("BINANCE_ENV", "testnet")
    with Place().entered() as place:
        assert place.name == "testnet"
    shell.setenv("BINANCE_STREAM_URL", "wss://localhost:1")
    with Place().entered() as place:
        assert place.name == "own addresses"


def test_an_environment_that_is_named_is_stronger_than_the_shell(
    shell: pytest.MonkeyPatch,
) -> None:
    shell.setenv("BINANCE_STREAM_URL", "wss://stream.binance.com:9443")
    shell.setenv("BINANCE_ENV", "production")
    shell.setenv("BINANCE_CA_FILE", "/kept.pem")
    with Place("testnet").entered() as place:
        assert place.addresses.stream == "wss://stream.testnet.binance.vision"
        assert place.addresses.rest == "https://testnet.binance.vision"
        assert os.environ["BINANCE_CA_FILE"] == "/kept.pem"


def test_env_and_demo_exclude_each_other() -> None:
    with pytest.raises(click.UsageError, match="exclude each other"):
        Place("us", demo=True)


def test_what_the_shell_says_wrongly_is_told_of(shell: pytest.MonkeyPatch) -> None:
    shell.setenv("BINANCE_ENV", "moon")
    with Place().entered() as place, pytest.raises(Trouble, match="BINANCE_ENV is 'moon'"):
        _ = place.addresses
