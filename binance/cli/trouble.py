"""What a command cannot do, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from binance.exceptions import BinanceAPIException, BinanceError, redact

__all__ = ["Trouble", "explained", "in_one_line", "one_line"]


class Trouble(click.ClickException):
    """Ends a command with exit code 1 and one line of words."""

    exit_code = 1


def one_line(text: object) -> str:
    """Words of our own, fit for one line of a terminal."""
    line = " ".join(str(text).split())
    return "".join(letter for letter in line if letter.isprintable())


def in_one_line(text: object) -> str:
    """Words of whatever origin, fit for one line of a terminal and free of secrets."""
    return one_line(redact(text)) or type(text).__name__


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn what the library or the system refuses into :class:`Trouble`, begun with ``doing``."""
    try:
        yield
    except BinanceAPIException as error:
        words = f"{error.message} (HTTP {error.status_code}, code {error.code})"
        raise Trouble(f"{doing}: {in_one_line(words)}") from error
    except OSError as error:  # those of requests are OSErrors too
        words = error.strerror if error.strerror and error.filename else str(error)
        raise Trouble(f"{doing}: {in_one_line(words or type(error).__name__)}") from error
    except (BinanceError, ValueError) as error:
        raise Trouble(f"{doing}: {in_one_line(error)}") from error
