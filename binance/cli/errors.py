"""Errors that end a command with one line of text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from binance.exceptions import BinanceAPIException, BinanceError, redact


class CommandError(click.ClickException):
    """Ends a command with exit code 1 and one line of text."""

    exit_code = 1


def one_line(text: object) -> str:
    """The text without line breaks and control characters."""
    line = " ".join(str(text).split())
    return "".join(letter for letter in line if letter.isprintable())


def safe_line(text: object) -> str:
    """The text of an error or an event in one line, without secrets."""
    return one_line(redact(text)) or type(text).__name__


@contextmanager
def command_errors(failed: str) -> Iterator[None]:
    """Turn errors of the library and the system into :class:`CommandError`.

    :param failed: what failed; the text begins with it.
    """
    try:
        yield
    except BinanceAPIException as error:
        text = f"{error.message} (HTTP {error.status_code}, code {error.code})"
        raise CommandError(f"{failed}: {safe_line(text)}") from error
    except OSError as error:  # errors of requests are OSErrors too
        text = error.strerror if error.strerror and error.filename else str(error)
        raise CommandError(f"{failed}: {safe_line(text or type(error).__name__)}") from error
    except (BinanceError, ValueError) as error:
        raise CommandError(f"{failed}: {safe_line(error)}") from error
