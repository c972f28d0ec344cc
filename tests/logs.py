"""What the library has logged, where `caplog` also has what asyncio and Twisted say of garbage that
any test has left.
"""

from __future__ import annotations

import logging

import pytest


def ours(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """The records of the library's own loggers."""
    return [one for one in caplog.records if one.name.partition(".")[0] == "binance"]


def our_text(caplog: pytest.LogCaptureFixture) -> str:
    """The part of `caplog.text` that the library has logged."""
    return "\n".join(caplog.handler.format(one) for one in ours(caplog))
