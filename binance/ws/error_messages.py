"""The error messages of python-binance 1.0, which callbacks get between their messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from binance.events import Disconnected, Event
from binance.tx.dispatch import (
    Callback,
    Consumer,
    Dispatch,
    Owner,
    check_callable,
    is_coroutine_function,
    make,
)

#: The type of the last message, when all retries have failed.
LOST: Final = "BinanceWebsocketUnableToConnect"
# RFC 6455, 7.4.1; other codes are refusals, which end the socket at once.
_NORMAL_CLOSURE, _LEAST_CODE = 1000, 1000


def error_message(kind: str, text: str) -> dict[str, str]:
    """An error message as python-binance 1.0 has it."""
    return {"e": "error", "type": kind, "m": text}


def of_event(event: Event) -> dict[str, str] | None:
    """The error message for an event of a socket; None if 1.0 has none for it."""
    if not isinstance(event, Disconnected) or (event.code or 0) < _LEAST_CODE:
        return None
    is_normal = event.code == _NORMAL_CLOSURE
    kind = "ConnectionClosedOK" if is_normal else "ConnectionClosedError"
    return error_message(kind, f"{event.reason} (code {event.code}); it is retried")


class ErrorMessages(Consumer):
    """In place of a callback: calls it with the messages, and with error messages between them.

    :param dispatch: as for a socket.
    :param is_bare: the messages are `{"stream", "data"}`, and the callback gets the data.
    """

    def __init__(self, callback: Callback, dispatch: str, is_bare: bool = False) -> None:
        check_callable("callback", callback, "message")
        self._callback = _of_data(callback) if is_bare else callback
        self._dispatch = dispatch

    def __call__(self, message: object) -> None:
        self._callback(message)

    def dispatch(self, owner: Owner, queue_size: int, overflow: str) -> Dispatch:
        made = make(owner, self._callback, self._dispatch, queue_size, overflow)
        own_give_up = made.give_up

        def report(event: Event) -> None:
            if (message := of_event(event)) is not None:
                made.deliver(message)
                made.end_of_read()

        def give_up(error: dict[str, str], reason: str) -> None:
            own_give_up(error | {"type": LOST}, reason)

        made.report, made.give_up = report, give_up  # type: ignore[method-assign]
        return made


def data_of(message: Any) -> Any:
    """The data of a message without its envelope; error messages have none."""
    return message.get("data", message) if isinstance(message, dict) else message


def _of_data(callback: Callable[[Any], Any]) -> Callback:
    """A callback for the data of the messages."""
    if is_coroutine_function(callback):

        async def of_data(message: Any) -> None:
            await callback(data_of(message))

        return of_data
    return lambda message: callback(data_of(message))
