"""What goes wrong: in the network, at the exchange, on the machine."""

from __future__ import annotations

import math
import os
import time
from typing import TYPE_CHECKING, Any

from twisted.internet import reactor

from binance.sansio.account.keyed import CHECK_SECONDS
from simulation.actions.registry import Draft, Operation, fault
from simulation.exchange import frames
from simulation.exchange.link import ExchangeLink
from simulation.exchange.market import STEADY

if TYPE_CHECKING:
    from simulation.run import Run

#: How long a fault that lasts may last, in seconds.
SPANS = (0.5, 5.0, 20.0, 60.0)
#: Frames that are no event, and texts that are odd.
NONSENSE = (b"{not json", b"\xff\xfe", b"[1,2]", b'{"data":1,"stream":[]}', b"null", b"5", b'"a"')
ODD = ("[1]", '{"error":"x","id":1}', '{"result":null,"id":999}', '{"code":1,"msg":"m"}')


def draw_span(draft: Draft) -> Operation:
    return {"span": draft.dice.choice(SPANS)}


def draw_links(draft: Draft) -> Operation:
    """All links, or one of them."""
    dice = draft.dice
    return {"which": None if dice.random() < 0.4 else round(dice.random(), 3)}


def draw_dials(draft: Draft) -> Operation:
    return {**draw_span(draft), "cut": draft.dice.random() < 0.5}


def _links(run: Run, which: float | None) -> list[ExchangeLink]:
    links = list(run.exchange.links)
    if which is None or not links:
        return links
    return [links[min(int(which * len(links)), len(links) - 1)]]


def _cut(run: Run) -> None:
    for link in list(run.exchange.links):
        link.reset()


# Machine


@fault(draw_span)
def full_disk(run: Run, span: float) -> None:
    """No file can be written."""
    run.lasting(span, run.reactor, "disk_is_full", True, False)


# Links


@fault(draw_links, weight=2.0)
def cut(run: Run, which: float | None) -> None:
    """A TCP reset."""
    run.disturb(0.0)
    for link in _links(run, which):
        link.reset()


@fault(draw_links, weight=2.0)
def half_open(run: Run, which: float | None) -> None:
    """Nothing passes any more, and nobody is told."""
    run.disturb(45.0)
    run.silenced_at = run.now
    for link in _links(run, which):
        link.go_silent()


def draw_closing(draft: Draft) -> Operation:
    return {**draw_links(draft), "code": draft.dice.choice((1000, 1001, 1006 + 2, 1011))}


@fault(draw_closing)
def server_close(run: Run, which: float | None, code: int) -> None:
    """The exchange begins a closing handshake."""
    run.disturb(3.0)
    for link in _links(run, which):
        link.close(code)


@fault(draw_links)
def server_shutdown(run: Run, which: float | None) -> None:
    """`serverShutdown`, and the end of the link ten seconds later: also what the 24 h cut is."""
    run.disturb(12.0)
    run.may_rotate = True
    for link in _links(run, which):
        run.exchange.announce_shutdown(link)


def draw_stall(draft: Draft) -> Operation:
    streams = [*draft.streams("raw"), *draft.streams("futures")]
    streams += draft.streams("coinm") if "coinm" in draft.features else []
    steady = [name for name in streams if name.partition("@")[2] in STEADY]
    return {"stream": draft.dice.choice(steady)}


@fault(draw_stall)
def stall_stream(run: Run, stream: str) -> None:
    """A machine forgets a stream, and its links live on."""
    run.disturb(0.0)
    run.exchange.stall(stream)


def draw_nonsense(draft: Draft) -> Operation:
    dice = draft.dice
    return {"which": round(dice.random(), 3), "octets": dice.choice(NONSENSE).decode("latin-1")}


@fault(draw_nonsense)
def nonsense(run: Run, which: float, octets: str) -> None:
    """A frame that is no event."""
    run.spoke_nonsense = True
    for link in _links(run, which):
        link.send(frames.frame(frames.TEXT, octets.encode("latin-1")))
    run.disturb(0.0)


def draw_odd(draft: Draft) -> Operation:
    return {"which": round(draft.dice.random(), 3), "text": draft.dice.choice(ODD)}


@fault(draw_odd)
def odd_reply(run: Run, which: float, text: str) -> None:
    """An answer to nothing, or none that is known."""
    run.spoke_nonsense = True
    for link in _links(run, which):
        link.send(frames.frame(frames.TEXT, text.encode()))


# Dials


@fault(draw_dials)
def refuse_dials(run: Run, span: float, cut: bool) -> None:
    """Connections are refused."""
    run.lasting(span, run.network, "mode", "refuse", "ok")
    if cut:
        _cut(run)


@fault(draw_dials)
def swallow_dials(run: Run, span: float, cut: bool) -> None:
    """Dials are never answered."""
    run.lasting(span, run.network, "mode", "hole", "ok")
    if cut:
        _cut(run)


@fault(draw_dials)
def no_names(run: Run, span: float, cut: bool) -> None:
    """Names are not resolved."""
    run.lasting(span, run.network, "no_dns", True, False)
    if cut:
        _cut(run)


@fault(draw_dials)
def mute_handshakes(run: Run, span: float, cut: bool) -> None:
    """Handshakes are never answered."""
    run.lasting(span, run.exchange, "is_mute", True, False)
    if cut:
        _cut(run)


def draw_refusal(draft: Draft) -> Operation:
    return {**draw_dials(draft), "status": draft.dice.choice((403, 451, 500, 503, 404))}


@fault(draw_refusal)
def refuse_handshakes(run: Run, span: float, cut: bool, status: int) -> None:
    """Handshakes are refused by HTTP."""
    run.lasting(span, run.exchange, "handshake_refusal", (status, None), None)
    if cut:
        _cut(run)


def draw_ban(draft: Draft) -> Operation:
    return {"span": draft.dice.choice(SPANS), "status": draft.dice.choice((429, 429, 418))}


@fault(draw_ban, weight=1.5)
def ban(run: Run, span: float, status: int) -> None:
    """All links are cut, and handshakes are refused with Retry-After."""
    run.lasting(span, run.exchange, "handshake_refusal", (status, int(span) + 1), None)
    run.disturb(span + 1.0 + int(span))
    _cut(run)


@fault(draw_span)
def bad_proxy(run: Run, span: float) -> None:
    """The environment names a proxy of a scheme that is not supported."""
    os.environ["ALL_PROXY"] = "socks4://127.0.0.1:9"
    run.disturb(span)
    run.later(span, lambda: os.environ.pop("ALL_PROXY", None))
    _cut(run)


# The exchange


def draw_restart(draft: Draft) -> Operation:
    dice = draft.dice
    ids = dice.choice(("same", "lower", "lower", "higher"))
    return {"span": dice.choice(SPANS[:3]), "ids": ids}


@fault(draw_restart, weight=1.5)
def restart(run: Run, span: float, ids: str) -> None:
    """The exchange restarts; ids may begin anew."""
    _cut(run)
    if ids != "same":
        run.exchange.renew_ids(ids == "higher")
    run.lasting(span, run.network, "mode", "refuse", "ok")


def draw_subscription_refusal(draft: Draft) -> Operation:
    dice = draft.dice
    return {"count": dice.randrange(1, 4), "bare": dice.random() < 0.5, **draw_span(draft)}


@fault(draw_subscription_refusal)
def refuse_subscriptions(run: Run, span: float, count: int, bare: bool) -> None:
    """The next SUBSCRIBE requests are refused."""
    run.exchange.refuses_bare = bare
    run.lasting(span, run.exchange, "refuse_next", count, 0)


@fault(draw_span)
def no_answers(run: Run, span: float) -> None:
    """Requests over links are not answered."""
    run.lasting(span, run.exchange, "answers_nothing", True, False)


def draw_rest(draft: Draft) -> Operation:
    dice = draft.dice
    kinds: tuple[list[Any], ...] = (
        ["refused"],
        ["lost"],
        ["lost"],
        ["unknown"],
        ["status", 429, 5],
        ["status", 418, 20],
        ["status", 503, None],
        ["status", 400, None],
    )
    return {"span": dice.choice(SPANS), "kind": dice.choice(kinds)}


@fault(draw_rest, weight=1.5)
def rest_fails(run: Run, span: float, kind: list[Any]) -> None:
    """REST calls are refused, or lose their answers."""
    run.lasting(span, run.exchange, "rest_fault", tuple(kind), None)
    if kind[0] == "status" and kind[2]:
        run.disturb(span + kind[2])


@fault(draw_span)
def expire_keys(run: Run, span: float) -> None:
    """Listen keys die, and subscriptions of accounts end."""
    run.exchange.accounts.expire_keys()
    run.exchange.accounts.terminate()
    run.disturb(0.0)


@fault(draw_span)
def delete_keys(run: Run, span: float) -> None:
    """Another program deletes the listen keys of the futures accounts, which nobody reports."""
    run.exchange.accounts.delete_keys()
    run.disturb(CHECK_SECONDS + 30.0)  # a keepalive shows it


@fault(weight=3.0)
def forget_order(run: Run) -> None:
    """REST no longer knows an order of which every socket has been told."""
    told = [s.last.get("user", 0) for s in run.sockets.values() if s.is_reconciled]
    run.exchange.accounts.forget(min(told, default=math.inf))


@fault(draw_span, weight=3.0)
def trade_busily(run: Run, span: float) -> None:
    """The account has some events in the time of a REST call."""
    run.lasting(span, run.exchange, "is_busy", True, False)


# The machine


def draw_hold(draft: Draft) -> Operation:
    return {"seconds": draft.dice.choice((0.5, 3.0, 8.0, 20.0))}


@fault(draw_hold, weight=1.5)
def hold_reactor(run: Run, seconds: float) -> None:
    """Something holds the reactor thread."""

    def hold() -> None:
        run.holding(seconds)
        time.sleep(seconds)

    reactor.callFromThread(hold)  # type: ignore[attr-defined]


def draw_jump(draft: Draft) -> Operation:
    return {"seconds": draft.dice.choice((-3600.0, -300.0, -5.0, 5.0, 300.0, 3600.0))}


@fault(draw_jump)
def set_clock(run: Run, seconds: float) -> None:
    """Somebody sets the system's clock."""
    run.reactor.jump(seconds)
    run.clock_was_set = True
    run.disturb(0.0)


@fault(draw_span)
def slow_network(run: Run, span: float) -> None:
    """Everything takes longer, and comes in bunches."""
    run.network_is_slow = True  # from here on it may bunch what was spaced out
    run.network.base, run.network.jitter = span / 20, span / 10
    run.disturb(span + span / 5)

    def mend() -> None:
        run.network.base, run.network.jitter = run.healthy_network

    run.later(span, mend)


@fault(draw_span, weight=1.5)
def busy_network(run: Run, span: float) -> None:
    """Each way takes up to 150 ms, which the margin of the client's budgets has to allow for."""
    run.network.base, run.network.jitter = 0.01, 0.14
    run.disturb(span)

    def mend() -> None:
        run.network.base, run.network.jitter = run.healthy_network

    run.later(span, mend)


def draw_lag(draft: Draft) -> Operation:
    return {**draw_span(draft), "seconds": draft.dice.choice((0.0, 3.0, 6.0))}


@fault(draw_lag)
def lagging_machines(run: Run, span: float, seconds: float) -> None:
    """New links lead to machines that lag behind."""
    run.lasting(span, run.exchange, "lag", seconds, None)
