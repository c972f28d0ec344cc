"""USD-M and COIN-M futures: contracts of spot symbols, and their streams. Pure.

Each contract has a market of its own, of the same class as spot's; only the payloads differ. Update
ids jump, as the real ones do; ``pu`` is the last update id of the event before. Since 2026-06-30
some streams bring the contracts of both exchanges, and each exchange has some streams of the other.
Sources: the exchange's pages "Websocket Market Streams" of USD-M and COIN-M futures, and its notice
"COIN-M / USD-M Architecture Integration".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from binance.simulator.market import futures_payloads, stream_names, streams
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.stream_names import StreamSpec
from binance.simulator.market.symbol_market import Market
from binance.simulator.market.symbols import Symbol, contracts, listing, perpetuals

_AGGREGATES_PER_LIQUIDATION = 40


class Liquidations(streams.TimedStream):
    """The last liquidation since the last tick: every fortieth aggregate is one."""

    def __init__(self, market: Market, spec: StreamSpec) -> None:
        self._market = market
        self._seen = market.last_aggregate

    def __call__(self, time: int) -> Any:
        seen, self._seen = self._seen, self._market.last_aggregate
        for what in reversed(self._market.aggregates):
            if what.id <= seen:
                break
            if what.id % _AGGREGATES_PER_LIQUIDATION == 0:
                return futures_payloads.liquidation(self._market.symbol, time, what)
        return None


_MERGED = {
    *("allMiniTickers", "allTickers", "allBookTickers", "allForceOrders", "contractInfo"),
    "pairMarkPrices",
}
"""Streams with the contracts of both exchanges."""

_SHARED = {"kline", "continuousKline", "markPrice", "indexPriceKline", "markPriceKline"}
"""Streams that either exchange has of the other's contracts as well."""

_OF_ANOTHER_NAME = {
    *("continuousKline", "indexPrice", "indexPriceKline", "assetIndex", "compositeIndex"),
}
"""Streams whose symbol is no contract."""

_TIMED: Mapping[str, streams.Make] = {
    "depth": partial(streams.DepthStream, payload=futures_payloads.depth_update),
    "partialDepth": streams.every_tick(futures_payloads.partial_depth, "levels"),
    "kline": streams.KlineStream,
    "continuousKline": partial(streams.KlineStream, payload=futures_payloads.continuous_kline),
    "markPriceKline": lambda market, spec: streams.KlineStream(
        market, spec, futures_payloads.price_kline("markPrice_kline", market.symbol, "name")
    ),
    "indexPriceKline": lambda market, spec: streams.KlineStream(
        market.underlying or market,
        spec,
        futures_payloads.price_kline("indexPrice_kline", market.symbol, "pair"),
    ),
    "ticker": streams.when_traded(futures_payloads.ticker),
    "miniTicker": streams.when_traded(futures_payloads.mini_ticker),
    "forceOrder": Liquidations,
    "markPrice": streams.every_tick(futures_payloads.mark_price),
    "indexPrice": streams.every_tick(futures_payloads.index_price),
    "assetIndex": streams.every_tick(futures_payloads.asset_index),
    "compositeIndex": streams.every_tick(futures_payloads.composite_index),
}
_TIMED_OF_MANY: streams.OfMany = {
    "allMiniTickers": (streams.EverySymbol, _TIMED["miniTicker"]),
    "allTickers": (streams.EverySymbol, _TIMED["ticker"]),
    "allMarkPrices": (streams.EverySymbol, _TIMED["markPrice"]),
    "pairMarkPrices": (streams.EverySymbol, _TIMED["markPrice"]),
    "allForceOrders": (streams.FirstSymbol, _TIMED["forceOrder"]),
    "allAssetIndexes": (streams.EverySymbol, _TIMED["assetIndex"]),
    # On the exchange when something changes; here one a second.
    "contractInfo": (streams.OneAtATime, streams.every_tick(futures_payloads.contract_info)),
    "tradingSession": (streams.FirstSymbol, streams.every_tick(futures_payloads.trading_session)),
}


class UsdmExchange(Exchange):
    """The simulated USD-M futures exchange; arguments are those of :class:`Exchange`."""

    _name = "usdm"
    _instant_payloads = {
        "trade": ("on_trade", futures_payloads.trade),
        "aggTrade": ("on_aggregate", futures_payloads.aggregate),
        **dict.fromkeys(
            ("bookTicker", "allBookTickers"), ("on_best_price", futures_payloads.book_ticker)
        ),
    }
    _timed = _TIMED
    _timed_of_many = _TIMED_OF_MANY
    _seed_step = 7

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.other: UsdmExchange | None = None
        self._aliases = dict(self._other_names())

    def merge(self, other: UsdmExchange) -> None:
        """Have the streams that the two futures exchanges share."""
        self.other, other.other = other, self
        other.listeners = self.listeners

    def _listing(self, symbols: int | Iterable[str]) -> tuple[Symbol, ...]:
        return perpetuals(listing(symbols))

    def _other_names(self) -> Iterable[tuple[tuple[str, str], str]]:
        """(kind of stream, name in it) -> the contract that is meant."""
        for each in reversed(self.listed):
            yield ("continuousKline", f"{each.pair}_{each.contract}"), each.name
            yield ("assetIndex", f"{each.base}USD"), each.name
            yield ("compositeIndex", futures_payloads.COMPOSITE), each.name

    def market(self, symbol: str, now: int) -> Market:
        if self.other is not None and symbol in self.other.symbols:
            return self.other.market(symbol, now)
        return super().market(symbol, now)

    def parse(self, name: str) -> StreamSpec | None:
        spec = stream_names.parse(name, self._name)
        if spec is None or not spec.symbol:
            return spec
        others = [self.other] if self.other is not None and spec.kind in _SHARED else []
        for exchange in (self, *others):
            if symbol := exchange._aliases.get((spec.kind, spec.symbol)):
                if spec.kind == "markPrice":
                    return replace(spec, kind="pairMarkPrices", symbol="", pair=spec.symbol)
                return replace(spec, symbol=symbol)
            if spec.symbol in exchange.symbols and spec.kind not in _OF_ANOTHER_NAME:
                return spec
        return None

    def _markets_of(self, spec: StreamSpec, now: int) -> list[Market]:
        other = self.other if spec.kind in _MERGED else None
        found = super()._markets_of(spec, now)
        return found if other is None else [*found, *Exchange._markets_of(other, spec, now)]


class CoinmExchange(UsdmExchange):
    """The simulated COIN-M futures exchange: perpetual contracts, and quarterly ones too."""

    _name = "coinm"
    _seed_step = 11

    def _listing(self, symbols: int | Iterable[str]) -> tuple[Symbol, ...]:
        return contracts(listing(symbols), self.start)

    def _other_names(self) -> Iterable[tuple[tuple[str, str], str]]:
        for each in reversed(self.listed):  # the perpetual contract of a pair comes last, and stays
            yield ("continuousKline", f"{each.pair}_{each.contract}"), each.name
            for kind in ("indexPrice", "indexPriceKline", "markPrice"):
                yield (kind, each.pair), each.name
