"""Depth caches: with a manager of their own, or on a shared one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from binance.depthcache import (
    BaseDepthCacheManager,
    DepthCacheManager,
    FuturesDepthCacheManager,
    OptionsDepthCacheManager,
)
from binance.enums import FuturesType
from simulation.actions.registry import Draft, Operation, action
from simulation.records import BookRecord

if TYPE_CHECKING:
    from simulation.run import Run


def draw_book(draft: Draft) -> Operation:
    symbols = [*draft.symbols, "fastbtc"] if "fast" in draft.features else draft.symbols
    return _draw(draft, symbols)


def draw_futures_book(draft: Draft) -> Operation | None:
    return _draw(draft, draft.contracts) if "futures" in draft.features else None


def _draw(draft: Draft, symbols: list[str]) -> Operation:
    dice = draft.dice
    name = draft.new_name("b")
    draft.books.append(name)
    manager = None if dice.random() < 0.3 else dice.choice(draft.managers)
    refresh = dice.choice((0, 0, 45))
    return {"name": name, "symbol": dice.choice(symbols), "manager": manager, "refresh": refresh}


def draw_coin_book(draft: Draft) -> Operation:
    return _draw(draft, draft.coin_contracts)


def draw_option_book(draft: Draft) -> Operation:
    return _draw(draft, draft.options)


@action(draw_book, feature="book", weight=3.0)
def open_book(run: Run, **options: Any) -> None:
    """Start a depth cache; its constructor waits for nothing."""
    _open(run, DepthCacheManager, "{symbol}@depth", **options)


@action(draw_futures_book, feature="futures book", weight=3.0)
def open_futures_book(run: Run, **options: Any) -> None:
    """The same of a USD-M contract."""
    _open(run, FuturesDepthCacheManager, "usdm:{symbol}@depth", **options)


@action(draw_coin_book, feature="coin book", weight=3.0)
def open_coin_book(run: Run, **options: Any) -> None:
    """The same of a COIN-M contract."""
    kind = partial(FuturesDepthCacheManager, futures_type=FuturesType.COIN_M)
    _open(run, kind, "coinm:{symbol}@depth", **options)


@action(draw_option_book, feature="option book", weight=3.0)
def open_option_book(run: Run, **options: Any) -> None:
    """The same of an option."""
    _open(run, OptionsDepthCacheManager, "options:{symbol}@depth@500ms", **options)


def _open(
    run: Run,
    kind: Callable[..., BaseDepthCacheManager],
    key: str,
    name: str,
    symbol: str,
    manager: str | None,
    refresh: int,
) -> None:
    key = key.format(symbol=symbol)
    if manager is None:
        manager = f"of {name}"
        run.new_manager(manager, {"dispatch": "reactor", "overflow": "drop_oldest"})
    shared = run.managers[manager]
    if key in shared._conns:
        return
    calls: list[object] = []
    try:
        cache_manager = kind(
            run.client,
            symbol,
            calls.append,
            refresh_interval=refresh,
            bm=shared,
            limit=100,
            timeout=0,
            on_resync=calls.append,
        )
    except ValueError as error:  # a manager that drops messages is refused, in words
        run.raised.append(error)
        return
    cache = cache_manager.get_depth_cache()
    assert cache_manager._conn_key == key
    socket = shared._conns.get(key)
    run.books[name] = BookRecord(name, symbol, cache_manager, cache, manager, key, socket, calls)


def draw_one(draft: Draft) -> Operation | None:
    return {"book": draft.dice.choice(draft.books)} if draft.books else None


@action(draw_one, feature="book", weight=1.5)
def close_book(run: Run, book: str) -> None:
    """Close a depth cache, perhaps for the second time."""
    if (record := run.books.get(book)) is not None:
        record.cache_manager.close()
        record.is_closed = True


@action(draw_one, feature="book")
def stop_book_socket(run: Run, book: str) -> None:
    """Stop the socket of a depth cache by its key."""
    record = run.books.get(book)
    if record is not None and not record.is_closed and record.ended is None:
        manager = run.managers[record.manager]
        if manager._conns.get(record.key) is record.socket:
            manager.stop_socket(record.key)
            record.ended = (run.now, "stop_socket")


@action(draw_one, feature="book")
def replace_book(run: Run, book: str) -> None:
    """Close a depth cache, start its stream as a socket (on spot), and close it once more."""
    from simulation.actions.sockets import start

    record = run.books.get(book)
    if record is None or record.manager not in run.plan["managers"]:
        return
    close_book(run, book)
    if ":" in record.key:
        return
    name = f"{book}.socket"
    run.later(1.0, lambda: start(run, name, "raw", record.manager, [f"{record.symbol}@depth"]))
    run.later(9.0, record.cache_manager.close)
