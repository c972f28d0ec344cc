"""What a command cannot do, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from binance.exceptions import BinanceAPIException, BinanceError, redact

__all__ = ["Trouble", "explained", "in_one_line"]


class Trouble(click.ClickException):
    """Ends a command with exit code 1 and one line of words."""

    exit_code = 1


def in_one_line(text: object) -> str:
    """Words of whatever origin, fit for one line of a terminal and free of secrets."""
    line = " ".join(redact(text).split())
    return "".join(letter for letter in line if letter.isprintable()) or type(text).__name__


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn what the library or the system refuses into :class:`Trouble`, begun with ``doing``."""
    try:
        yield
    except BinanceAPIException as error:
        words = f"{error.message} (HTTP {error.status_code}, code {error.code})"
        raise Trouble(in_one_line(f"{doing}: {words}")) from error
    except OSError as error:  # those of requests are OSErrors too
        words = error.strerror if error.strerror and error.filename else str(error)
        raise Trouble(in_one_line(f"{doing}: {words}")) from error
    except (BinanceError, ValueError) as error:
        raise Trouble(in_one_line(f"{doing}: {error}")) from error
