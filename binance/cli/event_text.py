"""Events as text, and the log of what happens to a command's connections.

Fields of account events: https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import click

from binance import events
from binance.cli.errors import CommandError, safe_line
from binance.cli.screen.stream_stats import NumberColumn

#: How many lines a log keeps for a screen.
KEPT_LINES = 50
DOCTOR = "`binance-sockets doctor` finds out why"


def connection_text(event: events.Event) -> str:
    """A lifecycle event as text; empty for an event that a reader need not know."""
    match event:
        case events.Connected():
            return "connected"
        case events.Disconnected(code=code, reason=reason, http_status=status):
            number = f"HTTP {status}" if status else f"code {code}" if code else ""
            return f"disconnected: {reason or 'closed'}{number and f' ({number})'}"
        case events.Retrying(attempt=attempt, delay=delay):
            return f"reconnects in {delay:.1f} s (attempt {attempt})"
        case events.Delayed(until=until, when=when, reason=reason):
            return f"connects in {until - when:.0f} s: {reason}"
        case events.Resumed(downtime=downtime):
            return f"receiving again after {downtime:.1f} s"
        case events.Rotated():
            return "moved to a new connection without a gap"
        case events.GaveUp(reason=reason):
            return f"stopped reconnecting: {reason}"
        case events.RedundancyChanged(links=links, reason=reason):
            return f"{links} of 2 links{f': {reason}' if reason else ''}"
        case events.Silent(stream=stream, cause=cause):
            return f"{stream} is silent: {cause}"
        case events.Gap(stream=stream, first=first, last=last, reason=reason):
            missing = "some events" if first is None else f"events {first} to {last}"
            return f"{stream}: {missing} are missing{reason and f': {reason}'}"
        case events.Backfilled(stream=stream, first=first, last=last):
            return f"{stream}: events {first} to {last} were fetched"
        case events.Overflowed(dropped=dropped):
            return f"{dropped} messages were dropped"
        case events.CallbackFailed(error=error):
            return f"an error in this program: {error!r}"
    return ""


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
        """Why a connection stopped reconnecting, if one did."""
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
                self.failure = safe_line(reason if code is None else f"{reason} ({code})")
            case events.Silent(cause=cause):
                self._cause = safe_line(cause)
        if text := connection_text(event):
            self.add(text, event.when)
        if is_first_failure and self._cause:
            self.add(DOCTOR, event.when)

    def add(self, text: str, when: float | None = None) -> None:
        """Add a line, at UNIX seconds or now."""
        when, text = time.time() if when is None else when, safe_line(text)
        self.lines.append((when, text))
        if self._on_stderr:
            click.echo(f"{time_of_day(when)} {text}", err=True)

    def check(self, failed: str) -> None:
        """:raises CommandError: a connection stopped reconnecting; `failed` begins the text."""
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
        return _ACCOUNT_TEXTS[kind](event)
    except (KeyError, ValueError, TypeError):  # a new event, or one that the exchange has changed
        return kind


def _short(number: object) -> str:
    """A number without zeros at its end."""
    return NumberColumn().format(number)


def _signed(number: object) -> str:
    text = _short(number)
    return text if text.startswith("-") else f"+{text}"


def _order(event: Mapping[str, Any]) -> str:
    kind = str(event["o"]).replace("_", " ").lower()
    price = f" at {_short(event['p'])}" if float(event["p"]) else ""
    text = (
        f"order {event['i']}: {str(event['S']).lower()} {_short(event['q'])} {event['s']}, "
        f"{kind}{price}: {event['X']}"
    )
    if event["x"] == "TRADE":
        text += f", {_short(event['l'])} at {_short(event['L'])}"
        if float(event["z"]) != float(event["l"]):
            text += f", {_short(event['z'])} in total"
        if float(event.get("n") or 0):
            text += f", fee {_short(event['n'])} {event['N']}"
    elif event.get("r", "NONE") != "NONE":
        text += f" ({event['r']})"
    return text


def _balances(event: Mapping[str, Any]) -> str:
    return "balance " + ", ".join(
        f"{each['a']} {_short(each['f'])}"
        + (f" and {_short(each['l'])} locked" if float(each["l"]) else "")
        for each in event["B"]
    )


def _transfer(event: Mapping[str, Any]) -> str:
    return f"balance {event['a']} {_signed(event['d'])} by a transfer"


def _order_list(event: Mapping[str, Any]) -> str:
    return f"order list {event['g']} of {event['s']}: {event['l']}, {event['L']}"


def _external_lock(event: Mapping[str, Any]) -> str:
    return f"balance {event['a']} {_signed(event['d'])} locked by another system"


_ACCOUNT_TEXTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "executionReport": _order,
    "outboundAccountPosition": _balances,
    "balanceUpdate": _transfer,
    "listStatus": _order_list,
    "externalLockUpdate": _external_lock,
    "eventStreamTerminated": lambda event: "the exchange has ended the stream of events",
}


# Accounts of futures, options and portfolio margin, and the risk of margin accounts


def _futures_order(event: Mapping[str, Any]) -> str:
    order, profit = event["o"], float(event["o"]["rp"])
    if isinstance(order["i"], str):  # of options, whose fees are negative
        order = order | {"n": str(order.get("n", "")).removeprefix("-")}
    return _order(order) + (f", profit {_short(order['rp'])}" if profit else "")


def _trade(event: Mapping[str, Any]) -> str:
    side = str(event["S"]).lower()
    return (
        f"trade of order {event['i']}: {side} {_short(event['l'])} {event['s']} "
        f"at {_short(event['L'])}"
    )


def _conditional(event: Mapping[str, Any]) -> str:
    algo = event["o"] if "o" in event else event["ao"]
    kind = str(algo["o"]).replace("_", " ").lower()
    text = f"conditional order {algo['aid']}: {str(algo['S']).lower()} {_short(algo['q'])} "
    reason = f" ({algo['rm']})" if algo.get("rm") else ""
    return f"{text}{algo['s']}, {kind} at {_short(algo['tp'])}: {algo['X']}{reason}"


def _futures_account(event: Mapping[str, Any]) -> str:
    change = event["a"]
    parts = [f"balance {each['a']} {_short(each['wb'])}" for each in change["B"]]
    for each in change.get("P", ()):
        at = f" at {_short(each['ep'])}" if float(each["pa"]) else ""
        parts.append(f"position {each['s']} {_short(each['pa'])}{at}")
    return ", ".join(parts)


def _margin_call(event: Mapping[str, Any]) -> str:
    risky = (f"{each['s']} {_short(each['pa'])}" for each in event["p"])
    return f"margin call: the margin of {', '.join(risky)} is too small"


_ACCOUNT_TEXTS |= {
    "ORDER_TRADE_UPDATE": _futures_order,
    "TRADE_LITE": _trade,
    "ALGO_UPDATE": _conditional,
    "ACCOUNT_UPDATE": _futures_account,
    "ACCOUNT_CONFIG_UPDATE": lambda event: f"leverage of {event['ac']['s']}: {event['ac']['l']}",
    "MARGIN_CALL": _margin_call,
    "BALANCE_POSITION_UPDATE": lambda event: ", ".join(
        [f"balance {each['a']} {_short(each['b'])}" for each in event["B"]]
        + [f"position {each['s']} {_short(each['c'])}" for each in event["P"]]
    ),
    "PM_PRO_ACCOUNT_UPDATE": lambda event: f"equity {_short(event['eq'])} USD",
    "MARGIN_LEVEL_STATUS_CHANGE": lambda event: f"margin level {_short(event['l'])}: {event['s']}",
    "USER_LIABILITY_CHANGE": lambda event: f"liability {event['a']}: {event['t']} {event['p']}",
}
