"""Starting, stopping, closing, rotating: what scripts do with sockets."""

from __future__ import annotations

import itertools
import json
import threading
from typing import TYPE_CHECKING, Any

from binance.client import Client
from binance.enums import FuturesType
from binance.sansio.names.streams import key as key_of
from binance.tx.past.checkpoint import Checkpoint
from binance.tx.wire.dial import connectWS
from binance.websockets import BinanceClientFactory, BinanceSocketManager
from simulation.actions.registry import Draft, Operation, action
from simulation.exchange.market import PAST, PUBLIC
from simulation.records import SocketRecord, Waiter

if TYPE_CHECKING:
    from simulation.run import Run

#: Kinds of sockets, and the feature of a plan that has them.
SOCKET_KINDS = (
    *("raw", "multi", "old", "api", "key", "margin", "tickers", "futures", "coinm"),
    *("usdm user", "coinm user"),
)
ACCOUNTS = ("api", "key", "margin", "usdm user", "coinm user")
#: Those whose callbacks get `{"stream", "data"}`.
COMBINED = ("multi", "futures", "coinm")
#: A checkpoint that is further ahead of the exchange than this has ids of before they began anew.
AHEAD = 100


class ScriptManager(BinanceSocketManager):
    """A manager of old scripts: a subclass that can drive Autobahn by itself."""

    is_old_style = False

    def _public_client(self, rest: str | None = None) -> Client:
        return Client()

    def _start_socket(
        self, path: str, callback: Any, prefix: str = "ws/", **options: Any
    ) -> str | bool:
        if not self.is_old_style:
            return super()._start_socket(path, callback, prefix, **options)
        if path in self._conns:
            return False
        factory = BinanceClientFactory(self.STREAM_URL + prefix + path)
        factory.callback = callback
        factory.reconnect = True
        factory.allow_plain = True
        self._conns[path] = connectWS(factory, None)
        return path


def _is_kept(stream: str) -> bool:
    """Whether the past of a stream is served, so that a checkpoint can have it."""
    return stream.partition("@")[2] in (*PAST, "kline_1m")


def draw_start(draft: Draft) -> Operation:
    dice = draft.dice
    kinds = [kind for kind in SOCKET_KINDS if kind in draft.features] or ["raw"]
    kind, name = dice.choice(kinds), draft.new_name("s")
    drawn: Operation = {"name": name, "kind": kind, "manager": dice.choice(draft.managers)}
    streams = draft.streams(kind)
    if kind == "futures" and dice.random() < 0.4:  # those of one path: others open a further link
        is_public = dice.random() < 0.5
        streams = [name for name in streams if (name.partition("@")[2] in PUBLIC) == is_public]
    if kind in COMBINED:
        drawn["streams"] = sorted(dice.sample(streams, dice.randrange(1, min(6, len(streams)))))
    elif kind in ("raw", "old"):
        drawn["streams"] = [dice.choice(streams)]
    else:
        drawn["streams"] = []
    draft.sockets[name] = kind
    if "gapless" in draft.features and kind in ("raw", *COMBINED) and dice.random() < 0.4:
        drawn["since"] = dice.choice((3.0, 20.0, 100.0))
    elif "checkpoint" in draft.features and kind != "old" and any(map(_is_kept, drawn["streams"])):
        drawn["checkpoint"] = name
        draft.kept[name] = drawn
    if "thread" in draft.features and dice.random() < 0.6:
        drawn["options"] = {
            "dispatch": dice.choice(("thread", "thread", "coroutine")),
            "overflow": dice.choice(("drop_oldest", "latest", "block")),
            "queue_size": dice.choice((3, 10, 30)),
        }
    return drawn


@action(draw_start, weight=4.0)
def start(
    run: Run,
    name: str,
    kind: str,
    manager: str,
    streams: list[str],
    options: dict[str, Any] | None = None,
    since: float | None = None,
    checkpoint: str | None = None,
) -> None:
    """Start a socket; aggregate trades begin `since` seconds ago, and trades by their ids.

    With a `checkpoint` it goes on where the one before it with the same name had stopped.
    """
    chosen = {**run.plan["managers"][manager], **(options or {})}
    names = set(streams) or {"user"}
    if kind == "tickers":
        names = {f"{symbol}@bookTicker" for symbol in run.exchange.spot_symbols}
    if kind == "old":
        chosen = {"dispatch": "reactor", "overflow": ""}  # its connector calls as it likes
    socket = SocketRecord(run, name, kind, manager, names, chosen)
    given = dict(options or {})
    if given.get("dispatch") == "coroutine":
        given["dispatch"] = "thread"
    if since is not None and (begins := _begins(run, socket, since)):
        given["since"] = begins
    if checkpoint is not None:
        given["checkpoint"] = _resume(run, socket, checkpoint)
    run.starting(socket)
    key = _start(run, socket, given)
    if key is False:
        run.not_started(socket)
    else:
        run.started(socket, key)


def _begins(run: Run, socket: SocketRecord, since: float) -> dict[str, int]:
    """Where its streams are to begin; notes the first event of each that has to come."""
    begins, moment = {}, run.exchange.ms - round(since * 1000)
    for name in sorted(socket.names):
        symbol, _, kind = name.partition("@")
        market = run.exchange.markets[symbol]
        past = market.past.get(kind, {})
        wanted = [number for number, one in past.items() if one["T"] >= moment]
        if wanted and kind in PAST:
            begins[name] = moment if kind == "aggTrade" else wanted[0]
            socket.begins[name] = past[wanted[0]]["n"], market.epoch
    return begins


def _resume(run: Run, socket: SocketRecord, checkpoint: str) -> str:
    """The path of a checkpoint; notes with which event each of its streams has to begin."""
    path = run.file(checkpoint)
    if (former := Checkpoint._open.pop(str(path), None)) is not None:
        former.release()  # another process reads what is in the file
    socket.checkpoint = checkpoint
    if not path.exists():
        return str(path)
    cursors = json.loads(path.read_bytes())["cursors"]
    before = [one for one in run.sockets.values() if one.checkpoint == checkpoint]
    socket.former = before[-1] if before else None
    for name in sorted(socket.names):
        symbol, _, kind = name.partition("@")
        market = run.exchange.markets[symbol]
        cursor = cursors.get(key_of(name, market.address(kind)[0]))
        if cursor is not None:
            socket.resumed.add(name)
            past = market.past.get(kind, {})
            newest = max(past, default=0)
            if cursor in past:
                socket.begins[name] = past[cursor]["n"], market.epoch
            elif past and newest < cursor < newest + AHEAD:
                socket.begins[name] = past[newest]["n"] + cursor - newest, market.epoch
    return str(path)


def _start(run: Run, socket: SocketRecord, options: dict[str, Any]) -> Any:
    manager, callback = run.managers[socket.manager], socket.callback
    match socket.kind:
        case "multi":
            return manager.start_multiplex_socket(sorted(socket.names), callback, **options)
        case "futures":
            return manager.start_futures_multiplex_socket(sorted(socket.names), callback, **options)
        case "coinm":
            options["futures_type"] = FuturesType.COIN_M
            return manager.start_futures_multiplex_socket(sorted(socket.names), callback, **options)
        case "tickers":
            return manager.start_book_ticker_socket(callback, **options)
        case kind if kind in ACCOUNTS and run.has_account(socket):
            return False  # it would take another callback
        case "api":
            return manager.start_user_socket(callback, client=run.client, **options)
        case "key":
            return manager.start_user_socket(callback, client=run.key_client, **options)
        case "margin":
            return manager.start_margin_socket(callback, client=run.client, **options)
        case "usdm user":
            return manager.start_futures_user_socket(callback, client=run.client, **options)
        case "coinm user":
            return manager.start_coin_futures_user_socket(callback, client=run.client, **options)
    if socket.kind == "old":
        manager.is_old_style, options = True, {}
    try:
        if len(socket.names) > 1:
            return manager.start_multiplex_socket(sorted(socket.names), callback, **options)
        (name,) = socket.names
        symbol, _, stream = name.partition("@")
        match stream:
            case "trade":
                return manager.start_trade_socket(symbol, callback, **options)
            case "aggTrade":
                return manager.start_aggtrade_socket(symbol, callback, **options)
            case "depth":
                return manager.start_depth_socket(symbol, callback, **options)
            case "depth5":
                return manager.start_depth_socket(symbol, callback, 5, **options)
            case "bookTicker":
                return manager.start_symbol_book_ticker_socket(symbol, callback, **options)
            case "kline_1m":
                return manager.start_kline_socket(symbol, callback, **options)
    finally:
        manager.is_old_style = False
    raise ValueError(f"no method starts {name!r}")


def draw_socket(draft: Draft) -> Operation | None:
    name = draft.socket()
    return None if name is None else {"socket": name}


@action(draw_socket, weight=3.0)
def stop(run: Run, socket: str) -> None:
    """Stop a socket."""
    if (record := run.live(socket)) is not None:
        run.managers[record.manager].stop_socket(record.key)
        run.stopped(record)


def draw_again(draft: Draft) -> Operation | None:
    if not draft.kept:
        return None
    dice, name = draft.dice, draft.new_name("s")
    begun = {**dice.choice(list(draft.kept.values())), "name": name}
    draft.sockets[name] = begun["kind"]
    return {"after": dice.choice((0.0, 1.0, 20.0)), "begun": begun}


@action(draw_again, feature="checkpoint", weight=8.0)
def begin_again(run: Run, after: float, begun: Operation) -> None:
    """Stop the socket with a checkpoint, and start it again as a restarted process does."""
    for name, record in run.sockets.items():
        if record.checkpoint == begun["checkpoint"] and run.live(name) is not None:
            stop(run, name)
            run.later(after, lambda: start(run, **begun))


def draw_brief(draft: Draft) -> Operation:
    return {**draw_start(draft), "after": draft.dice.choice((0.0, 0.001, 0.003, 0.03, 0.1, 0.5))}


@action(draw_brief, feature="brief", weight=2.0)
def start_and_stop(run: Run, name: str, after: float, **arguments: Any) -> None:
    """Stop a socket within milliseconds of its start."""
    start(run, name, **arguments)
    if after:
        run.later(after, lambda: stop(run, name))
    else:
        stop(run, name)


def draw_manager(draft: Draft) -> Operation:
    dice = draft.dice
    again = dice.choice((0.0, 0.0, 0.1, 3.0, 20.0))
    return {"manager": dice.choice(draft.managers), "again": again}


@action(draw_manager, feature="close")
def close(run: Run, manager: str, again: float) -> None:
    """Close a manager, and start it again after `again` seconds."""
    run.managers[manager].close()
    run.closed(manager)
    if again:
        run.later(again, run.managers[manager].start)
    else:
        run.managers[manager].start()


@action(draw_socket, feature="rotate", weight=2.0)
def rotate(run: Run, socket: str) -> None:
    """Ask for a new link."""
    record = run.live(socket)
    if record is not None and record.kind != "old":
        run.may_rotate = True
        run.managers[record.manager].rotate(record.key)


@action(draw_socket, feature="redundancy", weight=3.0)
def cut_one(run: Run, socket: str) -> None:
    """Cut one of the two links of a socket; nothing may be lost, so this is no fault."""
    record = run.live(socket)
    if record is not None and record.options.get("redundancy") == 2:
        links = [link for link in run.exchange.links if set(link.names) == record.names]
        if len(links) > 1:
            links[0].reset()


@action(draw_socket, feature="wait")
def wait_open(run: Run, socket: str) -> None:
    """Wait in a thread for the socket to be open."""
    record = run.live(socket)
    if record is None or record.kind == "old":
        return
    waiter = Waiter(run.now, record)

    def wait() -> None:
        try:
            waiter.answer = run.managers[record.manager].wait_open(record.key, 60.0)
        except KeyError:  # it has ended meanwhile
            waiter.answer = False
        waiter.is_short = bool(waiter.answer) and not run.exchange.has_links_for(record.names)

    run.waiters.append(waiter)
    threading.Thread(target=wait, name="user waits").start()


def draw_mode(draft: Draft) -> Operation | None:
    modes = [mode for mode in ("slow", "raise") if mode in draft.features]
    drawn = draw_socket(draft)
    return drawn and {**drawn, "mode": draft.dice.choice([*modes, "plain"])}


@action(draw_mode, feature="slow", weight=2.0)
def behave(run: Run, socket: str, mode: str) -> None:
    """Let a callback be slow, or raise, from now on."""
    if (record := run.sockets.get(socket)) is not None:
        record.mode = mode


@action(draw_mode, feature="raise", weight=1.0)
def misbehave(run: Run, socket: str, mode: str) -> None:
    """As `behave`, in plans whose callbacks raise."""
    behave(run, socket, mode)


def draw_fill(draft: Draft) -> Operation | None:
    drawn = draw_socket(draft)
    return drawn and {**drawn, "after": draft.dice.choice((0.0, 5.0, 15.0, 30.0))}


@action(draw_fill, feature="fill", weight=2.0)
def fill_and_rotate(run: Run, socket: str, after: float) -> None:
    """Let the callback be so slow that its queue is full, and ask for a new link meanwhile."""
    record = run.live(socket)
    if record is None or not record.is_threaded:
        return
    record.mode = "slower"
    run.later(after, lambda: rotate(run, socket))
    run.later(after + 40.0, lambda: behave(run, socket, "plain"))


def draw_crowd(draft: Draft) -> Operation:
    dice = draft.dice
    drawn: Operation = {"prefix": draft.new_name("c"), "manager": dice.choice(draft.managers)}
    old = "old" in draft.features and dice.random() < 0.5
    return {**drawn, "old": old, "count": dice.choice((40, 66)), "cuts": dice.randrange(3, 7)}


@action(draw_crowd, feature="crowd")
def crowd(run: Run, prefix: str, manager: str, old: bool, count: int, cuts: int) -> None:
    """Start many sockets, and cut them all again and again."""
    names = run.exchange.names("multi")
    for number, pair in enumerate(itertools.combinations(sorted(names), 2)):
        if number < count:
            start(run, f"{prefix}.{number}", "old" if old else "multi", manager, list(pair))

    def cut() -> None:
        for link in list(run.exchange.links):
            link.reset()
        run.disturb(0.0)

    for number in range(cuts):
        run.later(15.0 + 25.0 * number, cut)
    run.disturb(15.0 + 25.0 * cuts)
