"""Options of the first two symbols, and their streams. Pure.

Each option has a market of its own, of the same class as spot's, whose price opens at that of the
Black-Scholes model and moves with its underlying's. Source: the exchange's page "Websocket Market
Streams" of options.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from statistics import NormalDist
from typing import Any

from binance.simulator.market import futures_payloads, payloads, stream_names, streams
from binance.simulator.market.candles import DAY, MINUTE
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.history import History, Trade
from binance.simulator.market.payloads import Payload
from binance.simulator.market.stream_names import StreamSpec
from binance.simulator.market.symbol_market import Market
from binance.simulator.market.symbols import UNIT, Symbol, listing, perpetuals, quarters

UNDERLYINGS = 2
VOLATILITY = 0.6
_STRIKES = (0.9, 1.0, 1.1)  # of the price at the start
_NORMAL = NormalDist()


def model(index: float, strike: float, years: float, call: bool) -> dict[str, float]:
    """Price and Greeks by Black and Scholes, without interest."""
    root = math.sqrt(max(years, 1 / 365))
    first = math.log(index / strike) / (VOLATILITY * root) + VOLATILITY * root / 2
    sign, density = (1 if call else -1), _NORMAL.pdf(first)
    inside = _NORMAL.cdf(sign * first)
    return {
        "price": sign * (index * inside - strike * _NORMAL.cdf(sign * (first - VOLATILITY * root))),
        "d": sign * inside,
        "t": -index * density * VOLATILITY / (2 * root * 365),
        "g": density / (index * VOLATILITY * root),
        "v": index * density * root / 100,
    }


def _terms(symbol: Symbol) -> tuple[float, bool]:
    """Strike, and whether it is a call."""
    _, _, strike, side = symbol.name.split("-")
    return float(strike), side == "C"


def _trade(symbol: Symbol, what: Trade) -> Payload:
    payload = payloads.trade(symbol, what) | {"X": "MARKET", "S": "-1" if what.maker else "1"}
    del payload["M"]
    return payload


def _kline(*what: Any) -> Payload:
    payload = payloads.kline(*what)
    del payload["k"]["B"]
    return payload


def _mark_price(market: Market, time: int) -> Payload:
    symbol, index = market.symbol, futures_payloads.prices(market)[1]
    strike, call = _terms(symbol)
    found = model(float(index), strike, (symbol.ends - time) / (365 * DAY), call)
    bid, bid_quantity, ask, ask_quantity = market.book.best()
    prices = {"mp": (bid + ask) // 2, "P": (bid + ask) // 2, "hl": ask * 2, "ll": bid // 2}
    prices |= {"bo": bid, "ao": ask}
    return {
        "e": "markPrice",
        "E": time,
        "s": symbol.name,
        "i": index,
        "rf": "0.0",
        **{key: symbol.price(price) for key, price in prices.items()},
        "bq": symbol.quantity(bid_quantity),
        "aq": symbol.quantity(ask_quantity),
        **dict.fromkeys(("vo", "b", "a"), f"{VOLATILITY:.8f}"),
        **{key: f"{found[key]:.8f}" for key in "dtgv"},
    }


def _open_interest(market: Market, time: int) -> Payload:
    symbol = market.symbol
    contracts = symbol.lot * (market.last_trade % 1000 + 1000)
    worth = contracts * symbol.step / UNIT * float(futures_payloads.prices(market)[1])
    names = {"e": "openInterest", "E": time, "s": symbol.name}
    return {**names, "o": symbol.quantity(contracts), "h": f"{worth:.2f}"}


def _index(market: Market, time: int) -> Payload:
    return futures_payloads.index_price(market, time) | {"e": "indexPrice"}


def _listed(market: Market, time: int) -> Payload:
    symbol = market.symbol
    strike, call = _terms(symbol)
    names = {"e": "optionSymbol", "E": time, "s": symbol.name, "ps": symbol.pair, "u": 1}
    terms = {"d": "CALL" if call else "PUT", "sp": f"{strike:.8f}", "qa": symbol.quote}
    return {**names, **terms, "dt": symbol.ends, "ot": 1_568_102_400_000, "cs": "TRADING"}


_TIMED: Mapping[str, streams.Make] = {
    "depth": partial(streams.DepthStream, payload=futures_payloads.depth_update),
    "partialDepth": streams.every_tick(futures_payloads.partial_depth, "levels"),
    "kline": partial(streams.KlineStream, payload=_kline),
    **dict.fromkeys(
        ("optionTicker", "optionTickers", "optionMarkPrice", "openInterest"),
        streams.every_tick(futures_payloads.ticker),
    ),
}
_TIMED_OF_MANY: streams.OfMany = {
    "optionMarkPrice": (streams.EverySymbol, streams.every_tick(_mark_price)),
    "openInterest": (streams.EverySymbol, streams.every_tick(_open_interest)),
    "allIndexPrices": (streams.EverySymbol, streams.every_tick(_index)),
    "optionTickers": (streams.OneAtATime, _TIMED["optionTicker"]),
    # On the exchange when an option is listed; here one a second.
    "optionSymbol": (streams.OneAtATime, streams.every_tick(_listed)),
}


class OptionsExchange(Exchange):
    """The simulated options exchange; arguments are those of :class:`Exchange`."""

    _name = "options"
    _seed_step = 13
    _timed = _TIMED
    _timed_of_many = _TIMED_OF_MANY
    _instant_payloads = {
        "optionTrade": ("on_trade", _trade),
        "bookTicker": ("on_best_price", futures_payloads.book_ticker),
    }

    def _listing(self, symbols: int | Iterable[str]) -> tuple[Symbol, ...]:
        found: list[Symbol] = []
        for of in perpetuals(listing(symbols))[:UNDERLYINGS]:
            opens = History(of, self._past, 1.0).minute(self.start // MINUTE - 2).close
            price = opens * of.tick / UNIT
            digits = 1 - math.floor(math.log10(price))
            for end in quarters(self.start):
                ends = int(end.timestamp()) * 1000
                for strike in (round(price * part, digits) for part in _STRIKES):
                    for side in "CP":
                        name = f"{of.base}-{end:%y%m%d}-{strike:.10g}-{side}"
                        made = model(price, strike, (ends - self.start) / (365 * DAY), side == "C")
                        anchor = max(200, round(made["price"] / price * of.anchor))
                        option = replace(of, name=name, pair=of.name, ends=ends, rank=len(found))
                        gap = max(1, anchor // 400)
                        found.append(replace(option, anchor=anchor, gap=gap, contract=""))
        return tuple(found)

    def parse(self, name: str) -> StreamSpec | None:
        spec = stream_names.parse(name, self._name)
        if spec is None or not spec.symbol or spec.symbol in self.symbols:
            return spec
        of_many = spec.kind == "optionTrade" or spec.kind in _TIMED_OF_MANY
        if not of_many or spec.symbol not in {each.pair for each in self.listed}:
            return None
        return replace(spec, symbol="", pair=spec.symbol)

    def _markets_of(self, spec: StreamSpec, now: int) -> list[Market]:
        found = super()._markets_of(spec, now)
        if spec.kind == "allIndexPrices":
            found = list({each.symbol.pair: each for each in found}.values())
        day = spec.expiry
        return [each for each in found if day in ("", each.symbol.name.split("-")[1])]
