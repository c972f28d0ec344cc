"""Generated from `methods.txt` by `docs/threaded_methods.py`: change it there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from binance.enums import ContractType, FuturesType
from binance.ws.reconnecting_websocket import ReconnectingWebsocket

Callback = Callable[[Any], object]


class ThreadedMethods:
    """The methods of a `ThreadedWebsocketManager` that start one socket each."""

    def _start(
        self, method: str, callback: Callback, is_bare: bool = False, **arguments: Any
    ) -> str:
        raise NotImplementedError

    def start_depth_socket(
        self,
        callback: Callback,
        symbol: str,
        depth: str | int | None = None,
        interval: str | int | None = None,
    ) -> str:
        """The order book: its changes, or its best levels."""
        return self._start(
            "start_depth_socket", callback, symbol=symbol, depth=depth, interval=interval
        )

    def start_kline_socket(
        self, callback: Callback, symbol: str, interval: str | int | None = "1m"
    ) -> str:
        """Candles while they change (`kline`, with the candle in `k`)."""
        return self._start("start_kline_socket", callback, symbol=symbol, interval=interval)

    def start_kline_futures_socket(
        self,
        callback: Callback,
        symbol: str,
        interval: str | int | None = "1m",
        futures_type: FuturesType = FuturesType.USD_M,
        contract_type: ContractType = ContractType.PERPETUAL,
    ) -> str:
        """Candles of a pair's contract (`continuous_kline`); the symbol is a pair, `BTCUSD`."""
        return self._start(
            "start_kline_futures_socket",
            callback,
            is_bare=True,
            symbol=symbol,
            interval=interval,
            futures_type=futures_type,
            contract_type=contract_type,
        )

    def start_miniticker_socket(self, callback: Callback, update_time: int = 1000) -> str:
        """24 h prices and volume of every symbol that changed: a list, every second."""
        return self._start("start_miniticker_socket", callback, update_time=update_time)

    def start_trade_socket(self, callback: Callback, symbol: str) -> str:
        """Every single trade of a symbol (`trade`)."""
        return self._start("start_trade_socket", callback, symbol=symbol)

    def start_aggtrade_socket(self, callback: Callback, symbol: str) -> str:
        """Trades that one order made at the same price, combined (`aggTrade`)."""
        return self._start("start_aggtrade_socket", callback, symbol=symbol)

    def start_aggtrade_futures_socket(
        self, callback: Callback, symbol: str, futures_type: FuturesType = FuturesType.USD_M
    ) -> str:
        """Trades that one order made at the same price, combined (`aggTrade`)."""
        return self._start(
            "start_aggtrade_futures_socket", callback, symbol=symbol, futures_type=futures_type
        )

    def start_symbol_miniticker_socket(self, callback: Callback, symbol: str) -> str:
        """24 h prices and volume of a symbol (`24hrMiniTicker`), every second."""
        return self._start("start_symbol_miniticker_socket", callback, symbol=symbol)

    def start_symbol_ticker_socket(self, callback: Callback, symbol: str) -> str:
        """24 h statistics of a symbol (`24hrTicker`), every second."""
        return self._start("start_symbol_ticker_socket", callback, symbol=symbol)

    def start_ticker_socket(self, callback: Callback) -> str:
        """24 h statistics of every symbol that changed: a list of `24hrTicker`, every second."""
        return self._start("start_ticker_socket", callback)

    def start_symbol_book_ticker_socket(self, callback: Callback, symbol: str) -> str:
        """Best bid and ask of a symbol, whenever they change."""
        return self._start("start_symbol_book_ticker_socket", callback, symbol=symbol)

    def start_book_ticker_socket(self, callback: Callback) -> str:
        """Best bid and ask of every symbol, whenever they change."""
        return self._start("start_book_ticker_socket", callback)

    def start_index_price_socket(self, callback: Callback, symbol: str, fast: bool = True) -> str:
        """The index price of a pair of COIN-M futures, `BTCUSD`, every second."""
        return self._start("start_index_price_socket", callback, symbol=symbol, fast=fast)

    def start_symbol_mark_price_socket(
        self,
        callback: Callback,
        symbol: str,
        fast: bool = True,
        futures_type: FuturesType = FuturesType.USD_M,
    ) -> str:
        """Mark price and funding rate of a contract, every second; every 3 s with `fast=False`."""
        return self._start(
            "start_symbol_mark_price_socket",
            callback,
            symbol=symbol,
            fast=fast,
            futures_type=futures_type,
        )

    def start_all_mark_price_socket(
        self, callback: Callback, fast: bool = True, futures_type: FuturesType = FuturesType.USD_M
    ) -> str:
        """Mark price and funding rate of every contract: a list in `data`."""
        return self._start(
            "start_all_mark_price_socket", callback, fast=fast, futures_type=futures_type
        )

    def start_symbol_ticker_futures_socket(
        self, callback: Callback, symbol: str, futures_type: FuturesType = FuturesType.USD_M
    ) -> str:
        """Best bid and ask of a contract (`bookTicker`)."""
        return self._start(
            "start_symbol_ticker_futures_socket", callback, symbol=symbol, futures_type=futures_type
        )

    def start_individual_symbol_ticker_futures_socket(
        self, callback: Callback, symbol: str, futures_type: FuturesType = FuturesType.USD_M
    ) -> str:
        """24 h statistics of a contract (`24hrTicker`)."""
        return self._start(
            "start_individual_symbol_ticker_futures_socket",
            callback,
            symbol=symbol,
            futures_type=futures_type,
        )

    def start_all_ticker_futures_socket(
        self, callback: Callback, futures_type: FuturesType = FuturesType.USD_M
    ) -> str:
        """Best bid and ask of every contract (`!bookTicker`)."""
        return self._start("start_all_ticker_futures_socket", callback, futures_type=futures_type)

    def start_futures_depth_socket(
        self,
        callback: Callback,
        symbol: str,
        depth: str | int | None = "10",
        futures_type: FuturesType = FuturesType.USD_M,
    ) -> str:
        """The best 5, 10 or 20 levels of a contract's order book, or its changes."""
        return self._start(
            "start_futures_depth_socket",
            callback,
            symbol=symbol,
            depth=depth,
            futures_type=futures_type,
        )

    def start_multiplex_socket(self, callback: Callback, streams: Iterable[str]) -> str:
        """Several market streams on one socket."""
        return self._start("start_multiplex_socket", callback, streams=streams)

    def start_futures_multiplex_socket(
        self,
        callback: Callback,
        streams: Iterable[str],
        futures_type: FuturesType = FuturesType.USD_M,
    ) -> str:
        """Several streams of a futures market on one socket, of any kinds."""
        return self._start(
            "start_futures_multiplex_socket", callback, streams=streams, futures_type=futures_type
        )

    def start_user_socket(self, callback: Callback) -> str:
        """Events of a spot account, such as `executionReport` and `outboundAccountPosition`."""
        return self._start("start_user_socket", callback)

    def start_margin_socket(self, callback: Callback) -> str:
        """Events of the cross margin account, like `start_user_socket`; its key is `'margin'`."""
        return self._start("start_margin_socket", callback)

    def start_isolated_margin_socket(self, callback: Callback, symbol: str) -> str:
        """Events of an isolated margin account; its key is `'margin:ETHBTC'` for that pair."""
        return self._start("start_isolated_margin_socket", callback, symbol=symbol)

    def start_futures_user_socket(self, callback: Callback) -> str:
        """Events of the USD-M futures account: `ORDER_TRADE_UPDATE`, `ACCOUNT_UPDATE`, .."""
        return self._start("start_futures_user_socket", callback)

    def start_futures_socket(self, callback: Callback) -> str:
        """Events of the USD-M futures account: `ORDER_TRADE_UPDATE`, `ACCOUNT_UPDATE`, .."""
        return self._start("start_futures_socket", callback)

    def start_coin_futures_user_socket(self, callback: Callback) -> str:
        """Events of the COIN-M futures account; as above, key `'coinm:user'`."""
        return self._start("start_coin_futures_user_socket", callback)

    def start_coin_futures_socket(self, callback: Callback) -> str:
        """Events of the COIN-M futures account; as above, key `'coinm:user'`."""
        return self._start("start_coin_futures_socket", callback)

    def start_options_multiplex_socket(self, callback: Callback, streams: Iterable[str]) -> str:
        """Several streams of options on one socket; names exactly as the exchange spells them."""
        return self._start("start_options_multiplex_socket", callback, streams=streams)

    def start_options_ticker_socket(self, callback: Callback, symbol: str) -> str:
        """24 h statistics of an option (`optionTicker`)."""
        return self._start("start_options_ticker_socket", callback, is_bare=True, symbol=symbol)

    def start_options_ticker_by_expiration_socket(
        self, callback: Callback, symbol: str, expiration_date: str
    ) -> str:
        """24 h statistics of an underlying's options that expire on a day, such as `'261225'`."""
        return self._start(
            "start_options_ticker_by_expiration_socket",
            callback,
            is_bare=True,
            symbol=symbol,
            expiration_date=expiration_date,
        )

    def start_options_recent_trades_socket(self, callback: Callback, symbol: str) -> str:
        """Every single trade of an option, or of all options of an underlying (`optionTrade`)."""
        return self._start(
            "start_options_recent_trades_socket", callback, is_bare=True, symbol=symbol
        )

    def start_options_kline_socket(
        self, callback: Callback, symbol: str, interval: str | int | None = "1m"
    ) -> str:
        """Candles of an option while they change."""
        return self._start(
            "start_options_kline_socket", callback, is_bare=True, symbol=symbol, interval=interval
        )

    def start_options_depth_socket(
        self, callback: Callback, symbol: str, depth: str | int | None = "10"
    ) -> str:
        """The best 5, 10 or 20 levels of an option's order book; with `depth=None` its changes."""
        return self._start(
            "start_options_depth_socket", callback, is_bare=True, symbol=symbol, depth=depth
        )


class AwaitedMethods:
    """The methods of a `BinanceSocketManager` that return a socket to be awaited."""

    def depth_socket(
        self, symbol: str, depth: str | int | None = None, interval: str | int | None = None
    ) -> ReconnectingWebsocket:
        """The order book: its changes, or its best levels."""
        return ReconnectingWebsocket(
            self, "start_depth_socket", symbol=symbol, depth=depth, interval=interval
        )

    def kline_socket(self, symbol: str, interval: str | int | None = "1m") -> ReconnectingWebsocket:
        """Candles while they change (`kline`, with the candle in `k`)."""
        return ReconnectingWebsocket(self, "start_kline_socket", symbol=symbol, interval=interval)

    def kline_futures_socket(
        self,
        symbol: str,
        interval: str | int | None = "1m",
        futures_type: FuturesType = FuturesType.USD_M,
        contract_type: ContractType = ContractType.PERPETUAL,
    ) -> ReconnectingWebsocket:
        """Candles of a pair's contract (`continuous_kline`); the symbol is a pair, `BTCUSD`."""
        return ReconnectingWebsocket(
            self,
            "start_kline_futures_socket",
            is_bare=True,
            symbol=symbol,
            interval=interval,
            futures_type=futures_type,
            contract_type=contract_type,
        )

    def miniticker_socket(self, update_time: int = 1000) -> ReconnectingWebsocket:
        """24 h prices and volume of every symbol that changed: a list, every second."""
        return ReconnectingWebsocket(self, "start_miniticker_socket", update_time=update_time)

    def trade_socket(self, symbol: str) -> ReconnectingWebsocket:
        """Every single trade of a symbol (`trade`)."""
        return ReconnectingWebsocket(self, "start_trade_socket", symbol=symbol)

    def aggtrade_socket(self, symbol: str) -> ReconnectingWebsocket:
        """Trades that one order made at the same price, combined (`aggTrade`)."""
        return ReconnectingWebsocket(self, "start_aggtrade_socket", symbol=symbol)

    def aggtrade_futures_socket(
        self, symbol: str, futures_type: FuturesType = FuturesType.USD_M
    ) -> ReconnectingWebsocket:
        """Trades that one order made at the same price, combined (`aggTrade`)."""
        return ReconnectingWebsocket(
            self, "start_aggtrade_futures_socket", symbol=symbol, futures_type=futures_type
        )

    def symbol_miniticker_socket(self, symbol: str) -> ReconnectingWebsocket:
        """24 h prices and volume of a symbol (`24hrMiniTicker`), every second."""
        return ReconnectingWebsocket(self, "start_symbol_miniticker_socket", symbol=symbol)

    def symbol_ticker_socket(self, symbol: str) -> ReconnectingWebsocket:
        """24 h statistics of a symbol (`24hrTicker`), every second."""
        return ReconnectingWebsocket(self, "start_symbol_ticker_socket", symbol=symbol)

    def ticker_socket(self) -> ReconnectingWebsocket:
        """24 h statistics of every symbol that changed: a list of `24hrTicker`, every second."""
        return ReconnectingWebsocket(self, "start_ticker_socket")

    def symbol_book_ticker_socket(self, symbol: str) -> ReconnectingWebsocket:
        """Best bid and ask of a symbol, whenever they change."""
        return ReconnectingWebsocket(self, "start_symbol_book_ticker_socket", symbol=symbol)

    def book_ticker_socket(self) -> ReconnectingWebsocket:
        """Best bid and ask of every symbol, whenever they change."""
        return ReconnectingWebsocket(self, "start_book_ticker_socket")

    def index_price_socket(self, symbol: str, fast: bool = True) -> ReconnectingWebsocket:
        """The index price of a pair of COIN-M futures, `BTCUSD`, every second."""
        return ReconnectingWebsocket(self, "start_index_price_socket", symbol=symbol, fast=fast)

    def symbol_mark_price_socket(
        self, symbol: str, fast: bool = True, futures_type: FuturesType = FuturesType.USD_M
    ) -> ReconnectingWebsocket:
        """Mark price and funding rate of a contract, every second; every 3 s with `fast=False`."""
        return ReconnectingWebsocket(
            self,
            "start_symbol_mark_price_socket",
            symbol=symbol,
            fast=fast,
            futures_type=futures_type,
        )

    def all_mark_price_socket(
        self, fast: bool = True, futures_type: FuturesType = FuturesType.USD_M
    ) -> ReconnectingWebsocket:
        """Mark price and funding rate of every contract: a list in `data`."""
        return ReconnectingWebsocket(
            self, "start_all_mark_price_socket", fast=fast, futures_type=futures_type
        )

    def symbol_ticker_futures_socket(
        self, symbol: str, futures_type: FuturesType = FuturesType.USD_M
    ) -> ReconnectingWebsocket:
        """Best bid and ask of a contract (`bookTicker`)."""
        return ReconnectingWebsocket(
            self, "start_symbol_ticker_futures_socket", symbol=symbol, futures_type=futures_type
        )

    def individual_symbol_ticker_futures_socket(
        self, symbol: str, futures_type: FuturesType = FuturesType.USD_M
    ) -> ReconnectingWebsocket:
        """24 h statistics of a contract (`24hrTicker`)."""
        return ReconnectingWebsocket(
            self,
            "start_individual_symbol_ticker_futures_socket",
            symbol=symbol,
            futures_type=futures_type,
        )

    def all_ticker_futures_socket(
        self, channel: str = "!bookTicker", futures_type: FuturesType = FuturesType.USD_M
    ) -> ReconnectingWebsocket:
        """A stream of every contract: best bid and ask, or what `channel` names."""
        return ReconnectingWebsocket(
            self, "start_futures_multiplex_socket", futures_type=futures_type, streams=[channel]
        )

    def futures_depth_socket(
        self,
        symbol: str,
        depth: str | int | None = "10",
        futures_type: FuturesType = FuturesType.USD_M,
    ) -> ReconnectingWebsocket:
        """The best 5, 10 or 20 levels of a contract's order book, or its changes."""
        return ReconnectingWebsocket(
            self,
            "start_futures_depth_socket",
            symbol=symbol,
            depth=depth,
            futures_type=futures_type,
        )

    def multiplex_socket(self, streams: Iterable[str]) -> ReconnectingWebsocket:
        """Several market streams on one socket."""
        return ReconnectingWebsocket(self, "start_multiplex_socket", streams=streams)

    def futures_multiplex_socket(
        self, streams: Iterable[str], futures_type: FuturesType = FuturesType.USD_M
    ) -> ReconnectingWebsocket:
        """Several streams of a futures market on one socket, of any kinds."""
        return ReconnectingWebsocket(
            self, "start_futures_multiplex_socket", streams=streams, futures_type=futures_type
        )

    def user_socket(self) -> ReconnectingWebsocket:
        """Events of a spot account, such as `executionReport` and `outboundAccountPosition`."""
        return ReconnectingWebsocket(self, "start_user_socket")

    def margin_socket(self) -> ReconnectingWebsocket:
        """Events of the cross margin account, like `start_user_socket`; its key is `'margin'`."""
        return ReconnectingWebsocket(self, "start_margin_socket")

    def isolated_margin_socket(self, symbol: str) -> ReconnectingWebsocket:
        """Events of an isolated margin account; its key is `'margin:ETHBTC'` for that pair."""
        return ReconnectingWebsocket(self, "start_isolated_margin_socket", symbol=symbol)

    def futures_user_socket(self) -> ReconnectingWebsocket:
        """Events of the USD-M futures account: `ORDER_TRADE_UPDATE`, `ACCOUNT_UPDATE`, .."""
        return ReconnectingWebsocket(self, "start_futures_user_socket")

    def futures_socket(self) -> ReconnectingWebsocket:
        """Events of the USD-M futures account: `ORDER_TRADE_UPDATE`, `ACCOUNT_UPDATE`, .."""
        return ReconnectingWebsocket(self, "start_futures_socket")

    def coin_futures_user_socket(self) -> ReconnectingWebsocket:
        """Events of the COIN-M futures account; as above, key `'coinm:user'`."""
        return ReconnectingWebsocket(self, "start_coin_futures_user_socket")

    def coin_futures_socket(self) -> ReconnectingWebsocket:
        """Events of the COIN-M futures account; as above, key `'coinm:user'`."""
        return ReconnectingWebsocket(self, "start_coin_futures_socket")

    def options_multiplex_socket(self, streams: Iterable[str]) -> ReconnectingWebsocket:
        """Several streams of options on one socket; names exactly as the exchange spells them."""
        return ReconnectingWebsocket(self, "start_options_multiplex_socket", streams=streams)

    def options_ticker_socket(self, symbol: str) -> ReconnectingWebsocket:
        """24 h statistics of an option (`optionTicker`)."""
        return ReconnectingWebsocket(
            self, "start_options_ticker_socket", is_bare=True, symbol=symbol
        )

    def options_ticker_by_expiration_socket(
        self, symbol: str, expiration_date: str
    ) -> ReconnectingWebsocket:
        """24 h statistics of an underlying's options that expire on a day, such as `'261225'`."""
        return ReconnectingWebsocket(
            self,
            "start_options_ticker_by_expiration_socket",
            is_bare=True,
            symbol=symbol,
            expiration_date=expiration_date,
        )

    def options_recent_trades_socket(self, symbol: str) -> ReconnectingWebsocket:
        """Every single trade of an option, or of all options of an underlying (`optionTrade`)."""
        return ReconnectingWebsocket(
            self, "start_options_recent_trades_socket", is_bare=True, symbol=symbol
        )

    def options_kline_socket(
        self, symbol: str, interval: str | int | None = "1m"
    ) -> ReconnectingWebsocket:
        """Candles of an option while they change."""
        return ReconnectingWebsocket(
            self, "start_options_kline_socket", is_bare=True, symbol=symbol, interval=interval
        )

    def options_depth_socket(
        self, symbol: str, depth: str | int | None = "10"
    ) -> ReconnectingWebsocket:
        """The best 5, 10 or 20 levels of an option's order book; with `depth=None` its changes."""
        return ReconnectingWebsocket(
            self, "start_options_depth_socket", is_bare=True, symbol=symbol, depth=depth
        )

    def options_new_symbol_socket(self) -> ReconnectingWebsocket:
        """Options that are listed, or whose state changes (`optionSymbol`)."""
        return ReconnectingWebsocket(
            self, "start_options_multiplex_socket", is_bare=True, streams=["!optionSymbol"]
        )

    def options_book_ticker_socket(self, symbol: str) -> ReconnectingWebsocket:
        """Best bid and ask of an option, whenever they change."""
        return ReconnectingWebsocket(
            self,
            "start_options_multiplex_socket",
            is_bare=True,
            streams=[f"{symbol.lower()}@bookTicker"],
        )

    def options_open_interest_socket(
        self, symbol: str, expiration_date: str
    ) -> ReconnectingWebsocket:
        """Open interest of an underlying's options that expire on a day: a list."""
        return ReconnectingWebsocket(
            self,
            "start_options_multiplex_socket",
            is_bare=True,
            streams=[f"{symbol.lower()}@openInterest@{expiration_date}"],
        )

    def options_mark_price_socket(self, symbol: str) -> ReconnectingWebsocket:
        """Mark prices of all options of an underlying, such as `'BTCUSDT'`: a list."""
        return ReconnectingWebsocket(
            self,
            "start_options_multiplex_socket",
            is_bare=True,
            streams=[f"{symbol.lower()}@optionMarkPrice"],
        )

    def futures_rpi_depth_socket(self, symbol: str) -> ReconnectingWebsocket:
        """Changes of a USD-M order book with its orders of retail price improvement."""
        return ReconnectingWebsocket(self, "start_futures_rpi_depth_socket", symbol=symbol)

    def portfolio_margin_socket(self) -> ReconnectingWebsocket:
        """Events of the portfolio margin account: orders and positions of all its markets."""
        return ReconnectingWebsocket(self, "start_portfolio_margin_user_socket")

    def futures_ticker_socket(self) -> ReconnectingWebsocket:
        """Statistics of 24 hours of all contracts of USD-M futures that changed, each second."""
        return ReconnectingWebsocket(
            self, "start_futures_multiplex_socket", streams=["!ticker@arr"]
        )

    def futures_coin_ticker_socket(self) -> ReconnectingWebsocket:
        """Statistics of 24 hours of all contracts of COIN-M futures that changed, each second."""
        return ReconnectingWebsocket(
            self,
            "start_futures_multiplex_socket",
            streams=["!ticker@arr"],
            futures_type=FuturesType.COIN_M,
        )
