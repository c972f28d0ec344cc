"""Opens the socket of a source of `BinanceSocketManager.messages`."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from binance.sansio.account.keyed import ACCOUNTS
from binance.sansio.names.endpoints import URL_ATTRIBUTES
from binance.sansio.names.named import Source
from binance.tx.sockets import Feed


def open_source(
    manager: Any,
    source: Source,
    key: str,
    callback: Callable[[Any], object],
    client: Any,
    options: Mapping[str, Any],
    is_single: bool,
) -> str:
    """Open a source under a key of its own; returns the key that it has got."""
    opened: str
    if not source.is_account:
        site = manager._site(URL_ATTRIBUTES[source.market])
        checked = manager._open_sockets.checked(callback, options)
        feed = _feed(manager, source, site, is_single)
        opened = manager._open_sockets.open(site, key, callback, checked, feed)
        return opened
    if source.name in ACCOUNTS:
        opened = manager._keyed(source.name, callback, client, options, key)
        return opened
    account: Any = manager._spot_account
    if source.name != "user":
        from binance.tx.sessions import client_accounts

        symbol = source.name.partition(":")[2] or None
        account = partial(client_accounts.margin, symbol=symbol)
    opened = manager._account(key, callback, client, options, account)
    return opened


def _feed(manager: Any, source: Source, site: Any, is_single: bool) -> Feed:
    if source.whole_market and not site.has_retired_streams:
        feed: Feed = manager._whole_market_feed(source.whole_market, site)
        return feed
    if source.whole_market or (is_single and source.market == "spot"):
        return Feed.spot(source.streams[0], "ws/")
    return Feed.multiplex(source.streams, source.market)
