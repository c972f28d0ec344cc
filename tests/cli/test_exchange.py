"""Which exchange a command speaks to."""

from __future__ import annotations

import os

import click
import pytest

from binance.cli.errors import CommandError
from binance.cli.exchange import Exchange


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Whatever a command does to the environment is undone."""
    for name in ("BINANCE_ENV", "BINANCE_STREAM_URL", "BINANCE_CA_FILE"):
        monkeypatch.setenv(name, "")
    return monkeypatch


def test_without_options_the_shell_decides(shell: pytest.MonkeyPatch) -> None:
    with Exchange().selected() as exchange:
        assert exchange.addresses.stream == "wss://stream.binance.com:9443"
        assert exchange.name == "production"
    shell.setenv("BINANCE_ENV", "testnet")
    with Exchange().selected() as exchange:
        assert exchange.name == "testnet"
    shell.setenv("BINANCE_STREAM_URL", "wss://localhost:1")
    with Exchange().selected() as exchange:
        assert exchange.name == "own addresses"


def test_an_environment_that_is_named_is_stronger_than_the_shell(
    shell: pytest.MonkeyPatch,
) -> None:
    shell.setenv("BINANCE_STREAM_URL", "wss://stream.binance.com:9443")
    shell.setenv("BINANCE_ENV", "production")
    shell.setenv("BINANCE_CA_FILE", "/kept.pem")
    assert Exchange("testnet").name == "testnet"  # of the dashboard's heading, before
    with Exchange("testnet").selected() as exchange:
        assert exchange.addresses.stream == "wss://stream.testnet.binance.vision"
        assert exchange.addresses.rest == "https://testnet.binance.vision"
        assert exchange.name == "testnet"
        assert os.environ["BINANCE_CA_FILE"] == "/kept.pem"


def test_env_and_demo_exclude_each_other() -> None:
    with pytest.raises(click.UsageError, match="exclude each other"):
        Exchange("us", demo=True)


def test_a_wrong_variable_is_reported(shell: pytest.MonkeyPatch) -> None:
    shell.setenv("BINANCE_ENV", "moon")
    with (
        Exchange().selected() as exchange,
        pytest.raises(CommandError, match="BINANCE_ENV is 'moon'"),
    ):
        _ = exchange.addresses
