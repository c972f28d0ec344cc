"""Events as text, and the log of what happens to a command's connections.

Fields of account events: https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream
"""

from __future__ import annotations

import string
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

from binance import events
from binance.cli.errors import CommandError, safe_line
from binance.cli.screen.stream_stats import NumberColumn
from binance.sansio.status.report import market_of

#: How many lines a log keeps for a screen.
KEPT_LINES = 50
DOCTOR = "`binance-sockets doctor` finds out why"


_CONNECTION_TEXTS: dict[type[events.Event], str] = {
    events.Connected: "connected",
    events.Retrying: "reconnects in {0.delay:.1f} s (attempt {0.attempt})",
    events.Resumed: "receiving again after {0.downtime:.1f} s",
    events.Rotated: "moved to a new connection without a gap",
    events.GaveUp: "stopped reconnecting: {0.reason}",
    events.Silent: "{0.stream} is silent: {0.cause}",
    events.Backfilled: "{0.stream}: events {0.first} to {0.last} were fetched",
    events.Overflowed: "{0.dropped} messages were dropped",
    events.CallbackFailed: "an error in this program: {0.error!r}",
}


def connection_text(event: events.Event) -> str:
    """A lifecycle event as text; empty for an event that a reader need not know."""
    match event:
        case events.Disconnected(code=code, reason=reason, http_status=status):
            number = f"HTTP {status}" if status else f"code {code}" if code else ""
            return f"disconnected: {reason or 'closed'}{number and f' ({number})'}"
        case events.Delayed(until=until, when=when, reason=reason):
            return f"connects in {until - when:.0f} s: {reason}"
        case events.RedundancyChanged(links=links, reason=reason):
            return f"{links} of 2 links{f': {reason}' if reason else ''}"
        case events.Gap(stream=stream, first=first, last=last, reason=reason):
            missing = "some events" if first is None else f"events {first} to {last}"
            return f"{stream}: {missing} are missing{reason and f': {reason}'}"
    return _CONNECTION_TEXTS.get(type(event), "").format(event)


class ConnectionLog:
    """The state of a command's connections and the last lines about them, newest last.

    :param on_stderr: also print each line on standard error, for a command without a screen.
    """

    def __init__(self, on_stderr: bool = False) -> None:
        self.lines: deque[tuple[float, str]] = deque(maxlen=KEPT_LINES)
        self.is_connected = False
        self.reconnects = 0
        self.gaps = self.fills = 0
        self.failure = ""
        """Why a connection stopped reconnecting, or why else the command must end; or empty."""
        self.failures = 0
        """How many connections stopped reconnecting."""
        self._cause = ""
        self.was_connected = False
        self._on_stderr = on_stderr

    def add_event(self, event: events.Event) -> None:
        """Called in the reactor thread."""
        is_first_failure = not (self._cause or self.was_connected)
        match event:
            case events.Connected():
                self.is_connected = self.was_connected = True
            case events.Disconnected(reason=reason):
                self.is_connected = False
                self._cause = safe_line(reason)
            case events.Resumed():
                self.reconnects += 1
            case events.Gap():
                self.gaps += 1
            case events.Backfilled():
                self.fills += 1
            case events.GaveUp(reason=reason, code=code):
                self.failures += 1
                self.failure = safe_line(reason if code is None else f"{reason} ({code})")
            case events.Silent(cause=cause):
                self._cause = safe_line(cause)
        if text := connection_text(event):
            market = market_of(event.key)
            self.add(text if market == "spot" else f"{market}: {text}", event.when)
        if is_first_failure and self._cause:
            self.add(DOCTOR, event.when)

    def add(self, text: str, when: float | None = None) -> None:
        """Add a line, at UNIX seconds or now."""
        when, text = time.time() if when is None else when, safe_line(text)
        self.lines.append((when, text))
        if self._on_stderr:
            click.echo(f"{time_of_day(when)} {text}", err=True)

    def fail(self, reason: str) -> None:
        """Nothing more can be followed: `check` raises."""
        self.failure = reason

    def check(self, failed: str) -> None:
        """:raises CommandError: there is a `failure`; `failed` begins the text."""
        if self.failure:
            hint = "" if self.was_connected else f"; {DOCTOR}"
            raise CommandError(f"{failed}: {self.failure}{hint}")

    def check_any(self, messages: int) -> None:
        """:raises CommandError: the command ends, and no message has come."""
        if not messages:
            cause = f": {self._cause}" if self._cause else ""
            raise CommandError(f"no message has come{cause}; {DOCTOR}")


def time_of_day(when: float) -> str:
    """UNIX seconds as local time."""
    return time.strftime("%H:%M:%S", time.localtime(when))


def account_text(event: Mapping[str, Any]) -> str:
    """An account event in one line; its type alone if the type or a field is not known."""
    kind = str(event.get("e", "?"))
    try:
        text = _ACCOUNT_TEXTS[kind]
        return _filled(text, event) if isinstance(text, str) else text(event)
    except (KeyError, ValueError, TypeError):  # a new event, or one that the exchange has changed
        return kind


class _Formatter(string.Formatter):
    """``{q:n}``: a number without zeros at its end, ``{d:+}``: with its sign, ``{S:l}``: a word."""

    def format_field(self, value: Any, spec: str) -> str:
        if spec == "l":
            return str(value).replace("_", " ").lower()
        text = NumberColumn().format(value) if spec else str(value)
        return f"+{text}" if spec == "+" and not text.startswith("-") else text


def _filled(text: str, fields: Mapping[str, Any]) -> str:
    return _Formatter().vformat(text, (), fields)


def _joined(*parts: tuple[str, Iterable[Mapping[str, Any]]]) -> str:
    return ", ".join(_filled(text, row) for text, rows in parts for row in rows)


def _order(event: Mapping[str, Any]) -> str:
    text = "order {i}: {S:l} {q:n} {s}, {o:l}"
    text += " at {p:n}: {X}" if float(event["p"]) else ": {X}"
    if event["x"] == "TRADE":
        text += ", {l:n} at {L:n}"
        text += ", {z:n} in total" if float(event["z"]) != float(event["l"]) else ""
        text += ", fee {n:n} {N}" if float(event.get("n") or 0) else ""
    elif event.get("r", "NONE") != "NONE":
        text += " ({r})"
    return _filled(text, event)


def _balances(event: Mapping[str, Any]) -> str:
    texts = (
        ("{a} {f:n} and {l:n} locked" if float(each["l"]) else "{a} {f:n}", [each])
        for each in event["B"]
    )
    return f"balance {_joined(*texts)}"


# Of accounts of futures, options and portfolio margin


def _futures_order(event: Mapping[str, Any]) -> str:
    order, profit = event["o"], float(event["o"]["rp"])
    if isinstance(order["i"], str):  # of options, whose fees are negative
        order = order | {"n": str(order.get("n", "")).removeprefix("-")}
    return _order(order) + (_filled(", profit {rp:n}", order) if profit else "")


def _conditional(event: Mapping[str, Any]) -> str:
    algo = event["o"] if "o" in event else event["ao"]
    reason = " ({rm})" if algo.get("rm") else ""
    text = "conditional order {aid}: {S:l} {q:n} {s}, {o:l} at {tp:n}: {X}"
    return _filled(text + reason, algo)


def _futures_account(event: Mapping[str, Any]) -> str:
    change, short = event["a"], "position {s} {pa:n}"
    positions = (
        (f"{short} at {{ep:n}}" if float(each["pa"]) else short, [each])
        for each in change.get("P", ())
    )
    return _joined(("balance {a} {wb:n}", change["B"]), *positions)


_ACCOUNT_TEXTS: dict[str, str | Callable[[Mapping[str, Any]], str]] = {
    "executionReport": _order,
    "outboundAccountPosition": _balances,
    "balanceUpdate": "balance {a} {d:+} by a transfer",
    "listStatus": "order list {g} of {s}: {l}, {L}",
    "externalLockUpdate": "balance {a} {d:+} locked by another system",
    "eventStreamTerminated": "the exchange has ended the stream of events",
    "ORDER_TRADE_UPDATE": _futures_order,
    "TRADE_LITE": "trade of order {i}: {S:l} {l:n} {s} at {L:n}",
    "ALGO_UPDATE": _conditional,
    "ACCOUNT_UPDATE": _futures_account,
    "ACCOUNT_CONFIG_UPDATE": "leverage of {ac[s]}: {ac[l]}",
    "MARGIN_CALL": lambda event: (
        f"margin call: the margin of {_joined(('{s} {pa:n}', event['p']))} is too small"
    ),
    "BALANCE_POSITION_UPDATE": lambda event: _joined(
        ("balance {a} {b:n}", event["B"]), ("position {s} {c:n}", event["P"])
    ),
    "PM_PRO_ACCOUNT_UPDATE": "equity {eq:n} USD",
    "MARGIN_LEVEL_STATUS_CHANGE": "margin level {l:n}: {s}",
    "USER_LIABILITY_CHANGE": "liability {a}: {t} {p}",
}
