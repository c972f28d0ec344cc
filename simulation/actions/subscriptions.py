"""Subscribing to further streams on a socket, and taking them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.actions.registry import Draft, Operation, action
from simulation.actions.sockets import COMBINED, wait_open
from simulation.records import Promise

if TYPE_CHECKING:
    from simulation.run import Run


def draw_names(draft: Draft) -> Operation | None:
    socket = draft.socket(*COMBINED)
    if socket is None:
        return None
    dice = draft.dice
    streams = draft.streams(draft.sockets[socket])
    return {"socket": socket, "streams": sorted(dice.sample(streams, dice.choice((1, 1, 1, 2, 3))))}


def change(run: Run, socket: str, method: str, streams: list[str]) -> None:
    """Call the method with those of the streams for which it is a change."""
    record = run.live(socket)
    if record is None:
        return
    is_wanted = method == "subscribe"
    names = [name for name in streams if (name in record.names) != is_wanted]
    if not names or (not is_wanted and record.names <= set(names)):
        return
    # Noted before: the call may be a callback's, and the answer may come at once.
    for name in names:
        record.change(name, is_wanted)
    future = getattr(run.managers[record.manager], method)(record.key, names)
    promise = Promise(run.now, future, method, record, names)
    run.promises.append(promise)
    if is_wanted:
        future.add_done_callback(lambda _: run.answered(promise))


@action(draw_names, feature="subscribe", weight=3.0)
def subscribe(run: Run, socket: str, streams: list[str]) -> None:
    """Subscribe to further streams."""
    change(run, socket, "subscribe", streams)


@action(draw_names, feature="subscribe", weight=2.0)
def unsubscribe(run: Run, socket: str, streams: list[str]) -> None:
    """Take streams away."""
    change(run, socket, "unsubscribe", streams)


def draw_stutter(draft: Draft) -> Operation | None:
    drawn = draw_names(draft)
    times, gap = draft.dice.randrange(2, 5), draft.dice.choice((0.0, 0.01))
    return drawn and {**drawn, "times": times, "gap": gap}


@action(draw_stutter, feature="subscribe", weight=2.0)
def change_mind(run: Run, socket: str, streams: list[str], times: int, gap: float) -> None:
    """Subscribe, unsubscribe, subscribe.. before the first is acknowledged."""
    record = run.live(socket)
    if record is None:
        return
    first = 0 if streams[0] not in record.names else 1
    for number in range(times):
        method = ("subscribe", "unsubscribe")[(first + number) % 2]
        run.later(gap * number, lambda method=method: change(run, socket, method, streams))


@action(draw_names, feature="subscribe")
def subscribe_often(run: Run, socket: str, streams: list[str]) -> None:
    """More requests at once than a link may carry in a second."""
    record = run.live(socket)
    if record is not None:
        for name in run.exchange.names(record.kind):
            if name not in record.names:
                change(run, socket, "subscribe", [name])


@action(draw_names, feature="subscribe", weight=2.0)
def subscribe_and_wait(run: Run, socket: str, streams: list[str]) -> None:
    """Subscribe, and wait in a thread until every connection is open."""
    change(run, socket, "subscribe", streams)
    wait_open(run, socket)
