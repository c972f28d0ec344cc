"""Where an operation is performed: in a callback, in an event, in a thread, in the reactor."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from twisted.internet import reactor

from simulation.actions import registry
from simulation.actions.registry import Draft, Operation, action

if TYPE_CHECKING:
    from simulation.run import Run

#: What may be called from within a callback.
_WITHIN = (
    *("start", "stop", "start_and_stop", "subscribe", "unsubscribe", "rotate"),
    *("close", "close_book"),
)


def _draw_inner(draft: Draft) -> Operation | None:
    names = [
        name
        for name in _WITHIN
        if (of := registry.ACTIONS[name].feature) is None or of in draft.features
    ]
    inner = registry.ACTIONS[draft.dice.choice(names)]
    arguments = inner.draw(draft)
    return arguments and {"do": inner.name, **arguments}


def draw_in_callback(draft: Draft) -> Operation | None:
    inner, socket = _draw_inner(draft), draft.socket()
    return {"socket": socket, "what": inner} if inner and socket else None


@action(draw_in_callback, feature="callbacks", weight=2.0)
def in_callback(run: Run, socket: str, what: Operation) -> None:
    """Do something within the socket's next callback."""
    if (record := run.sockets.get(socket)) is not None:
        record.within.append(what)


@action(draw_in_callback, feature="events", weight=2.0)
def in_event(run: Run, socket: str, what: Operation) -> None:
    """Do something within the socket's next lifecycle event."""
    if (record := run.sockets.get(socket)) is not None:
        record.at_event.append(what)


def draw_in_thread(draft: Draft) -> Operation | None:
    inner = _draw_inner(draft)
    return {"what": inner, "where": draft.dice.choice(("thread", "reactor"))} if inner else None


@action(draw_in_thread, feature="threads", weight=2.0)
def elsewhere(run: Run, what: Operation, where: str) -> None:
    """Do something in a thread of the user's, or in the reactor thread."""
    if where == "reactor":
        reactor.callFromThread(run.perform, what)  # type: ignore[attr-defined]
    else:
        threading.Thread(target=run.perform, args=(what,), name="user").start()
