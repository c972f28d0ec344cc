"""Generated from `methods.txt` by `docs/start_methods.py`: change it there.

The annotations are for readers and type checkers: nothing evaluates them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from binance.enums import ContractType, FuturesType
from binance.sansio.names import streams as names
from binance.tx.sockets import Opening

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal, Unpack

    from binance.messages import (
        AccountEvent,
        AggTrade,
        AvgPrice,
        BlockTrade,
        BookTicker,
        Callback,
        CoinmAccountEvent,
        CoinmAggTrade,
        CoinmContinuousKline,
        CoinmMarkPrice,
        CoinmMarkPrices,
        CoinmTicker,
        Combined,
        ContinuousKline,
        Depth,
        DepthLevels,
        FuturesKlineInterval,
        IndexPrice,
        Kline,
        KlineInterval,
        ListCallback,
        MarginAccountEvent,
        MarkPrice,
        MarkPrices,
        MiniTicker,
        OptionsAccountEvent,
        OptionsKline,
        OptionsPartialDepth,
        OptionsTicker,
        OptionTrade,
        PartialDepth,
        PortfolioMarginAccountEvent,
        PortfolioMarginProAccountEvent,
        ReferencePrice,
        RollingTicker,
        Ticker,
        Trade,
        UsdmAccountEvent,
        UsdmAggTrade,
        UsdmBookTicker,
        UsdmDepth,
        UsdmPartialDepth,
        UsdmTicker,
    )
    from binance.tx.socket import SocketOptions


class StartMethods(Opening):
    """Each method starts one socket."""

    # Market streams of spot

    @overload
    def start_depth_socket(
        self,
        symbol: str,
        callback: Callback[Depth],
        depth: Literal[1, "1"] | None = None,
        interval: Literal[0, 100] | None = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_depth_socket(
        self,
        symbol: str,
        callback: Callback[PartialDepth],
        *,
        depth: Literal[5, 10, 20, "5", "10", "20"],
        interval: Literal[0, 100] | None = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_depth_socket(
        self,
        symbol: str,
        callback: Callback[PartialDepth],
        depth: Literal[5, 10, 20, "5", "10", "20"],
        interval: Literal[0, 100] | None = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    def start_depth_socket(
        self,
        symbol: str,
        callback: Callback[Depth] | Callback[PartialDepth],
        depth: DepthLevels | None = None,
        interval: Literal[0, 100] | None = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """The order book: its changes, or its best levels.

        :param depth: None or `'1'` for the changes (`depthUpdate`); 5, 10 or 20 for that number of
            levels on each side, in every message.
        :param interval: 100 for a message every 100 ms, 0 or None for every second.
        """
        return self._market(names.depth(symbol, depth, interval), callback, options)

    def start_kline_socket(
        self,
        symbol: str,
        callback: Callback[Kline],
        interval: KlineInterval = "1m",
        *,
        utc8: bool = False,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Candles while they change (`kline`, with the candle in `k`).

        :param interval: one of the `KLINE_INTERVAL_` constants of `binance.enums`.
        :param utc8: whether days and weeks begin in the UTC+8 time zone.
        """
        return self._market(names.kline(symbol, interval, utc8), callback, options)

    def start_miniticker_socket(
        self,
        callback: ListCallback[MiniTicker],
        update_time: int = 1000,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """24 h prices and volume of every symbol that changed: a list, every second.

        :param update_time: has no effect; today the exchange offers only one second.
        """
        return self._market(names.mini_ticker(), callback, options)

    def start_symbol_miniticker_socket(
        self, symbol: str, callback: Callback[MiniTicker], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """24 h prices and volume of a symbol (`24hrMiniTicker`), every second."""
        return self._market(names.mini_ticker(symbol), callback, options)

    def start_trade_socket(
        self, symbol: str, callback: Callback[Trade], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """Every single trade of a symbol (`trade`)."""
        return self._market(names.trade(symbol), callback, options)

    def start_aggtrade_socket(
        self, symbol: str, callback: Callback[AggTrade], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """Trades that one order made at the same price, combined (`aggTrade`)."""
        return self._market(names.agg_trade(symbol), callback, options)

    def start_block_trade_socket(
        self, symbol: str, callback: Callback[BlockTrade], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """Block trades of a symbol (`blockTrade`)."""
        return self._market(names.block_trade(symbol), callback, options)

    def start_reference_price_socket(
        self, symbol: str, callback: Callback[ReferencePrice], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """The reference price of a symbol (`referencePrice`), every second; `r` may be None."""
        return self._market(names.reference_price(symbol), callback, options)

    def start_avg_price_socket(
        self, symbol: str, callback: Callback[AvgPrice], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """The average price of a symbol over some minutes (`avgPrice`), every second."""
        return self._market(names.avg_price(symbol), callback, options)

    def start_symbol_ticker_socket(
        self, symbol: str, callback: Callback[Ticker], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """24 h statistics of a symbol (`24hrTicker`), every second."""
        return self._market(names.ticker(symbol), callback, options)

    def start_ticker_socket(
        self, callback: ListCallback[Ticker], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """24 h statistics of every symbol that changed: a list of `24hrTicker`, every second.

        The exchange retired `!ticker@arr` on 2026-03-26.  The library builds the list from the
        `<symbol>@ticker` of every symbol that trades; the socket key is the same.
        """
        return self._whole_market("!ticker@arr", "ticker", callback, options)

    def start_book_ticker_socket(
        self, callback: Callback[BookTicker], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """Best bid and ask of every symbol, whenever they change.

        The exchange retired `!bookTicker` on 2022-12-07.  The library combines the
        `<symbol>@bookTicker` of every symbol that trades; the socket key is the same.
        """
        return self._whole_market("!bookTicker", "bookTicker", callback, options)

    @overload
    def start_rolling_ticker_socket(
        self,
        callback: ListCallback[RollingTicker],
        window: Literal["1h", "4h", "1d"] = "1h",
        symbol: None = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_rolling_ticker_socket(
        self,
        callback: Callback[RollingTicker],
        window: Literal["1h", "4h", "1d"] = "1h",
        *,
        symbol: str,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_rolling_ticker_socket(
        self,
        callback: Callback[RollingTicker],
        window: Literal["1h", "4h", "1d"],
        symbol: str,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    def start_rolling_ticker_socket(
        self,
        callback: ListCallback[RollingTicker] | Callback[RollingTicker],
        window: Literal["1h", "4h", "1d"] = "1h",
        symbol: str | None = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Statistics of the last `'1h'`, `'4h'` or `'1d'`: of a symbol, or a list of all."""
        return self._market(names.rolling_ticker(symbol, window), callback, options)

    def start_symbol_book_ticker_socket(
        self, symbol: str, callback: Callback[BookTicker], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """Best bid and ask of a symbol, whenever they change."""
        return self._market(names.book_ticker(symbol), callback, options)

    def start_multiplex_socket(
        self,
        streams: Iterable[str],
        callback: Callback[Combined[Any]],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Several market streams on one socket; messages are `{"stream": name, "data": payload}`.

        :param streams: names exactly as the exchange spells them, such as `'bnbbtc@depth'`, with
            symbols in lower case.  The events of an account are no such stream.
        """
        return self._market(names.multiplex(streams), callback, options, "stream?")

    # Streams of futures: messages are `{"stream": name, "data": payload}`; keys are `usdm:name` or
    # `coinm:name`.  `futures_type` is the market; on COIN-M a symbol is a contract, `BTCUSD_PERP`.
    # https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
    # https://developers.binance.com/docs/derivatives/coin-margined-futures/websocket-market-streams

    @overload
    def start_kline_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[ContinuousKline]],
        interval: FuturesKlineInterval = "1m",
        futures_type: Literal[FuturesType.USD_M] = FuturesType.USD_M,
        contract_type: ContractType = ContractType.PERPETUAL,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_kline_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[CoinmContinuousKline]],
        interval: FuturesKlineInterval = "1m",
        *,
        futures_type: Literal[FuturesType.COIN_M],
        contract_type: ContractType = ContractType.PERPETUAL,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_kline_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[CoinmContinuousKline]],
        interval: FuturesKlineInterval,
        futures_type: Literal[FuturesType.COIN_M],
        contract_type: ContractType = ContractType.PERPETUAL,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_kline_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[ContinuousKline] | Combined[CoinmContinuousKline]],
        interval: FuturesKlineInterval = "1m",
        *,
        futures_type: FuturesType,
        contract_type: ContractType = ContractType.PERPETUAL,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_kline_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[ContinuousKline] | Combined[CoinmContinuousKline]],
        interval: FuturesKlineInterval,
        futures_type: FuturesType,
        contract_type: ContractType = ContractType.PERPETUAL,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    def start_kline_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[ContinuousKline]]
        | Callback[Combined[CoinmContinuousKline]]
        | Callback[Combined[ContinuousKline] | Combined[CoinmContinuousKline]],
        interval: FuturesKlineInterval = "1m",
        futures_type: FuturesType = FuturesType.USD_M,
        contract_type: ContractType = ContractType.PERPETUAL,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Candles of a pair's contract (`continuous_kline`); the symbol is a pair, `BTCUSD`."""
        return self._futures(
            futures_type, callback, options, names.futures_kline, symbol, interval, contract_type
        )

    def start_futures_depth_socket(
        self,
        symbol: str,
        callback: Callback[Combined[UsdmPartialDepth]],
        depth: DepthLevels | None = "10",
        futures_type: FuturesType = FuturesType.USD_M,
        *,
        speed: Literal["", "0ms", "100ms", "250ms", "500ms"] = "",
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """The best 5, 10 or 20 levels of a contract's order book, or its changes (`depthUpdate`).

        :param depth: 5, 10 or 20; None for the changes.
        :param speed: `'100ms'` or `'500ms'`; the default is each 250 ms.  For the changes on USD-M
            also `'0ms'`: each at once.  The exchange does not document this speed.
        """
        return self._futures(
            futures_type, callback, options, names.futures_depth, symbol, depth, speed
        )

    def start_futures_rpi_depth_socket(
        self, symbol: str, callback: Callback[Combined[UsdmDepth]], **options: Unpack[SocketOptions]
    ) -> str | Literal[False]:
        """Changes of a USD-M order book with its orders of retail price improvement, each 500 ms.

        The ids are those of `depthUpdate`; the snapshot is that of `Client.futures_rpi_depth`.
        """
        return self._futures(FuturesType.USD_M, callback, options, names.rpi_depth, symbol)

    @overload
    def start_symbol_mark_price_socket(
        self,
        symbol: str,
        callback: Callback[Combined[MarkPrice]],
        fast: bool = True,
        futures_type: Literal[FuturesType.USD_M] = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_symbol_mark_price_socket(
        self,
        symbol: str,
        callback: Callback[Combined[CoinmMarkPrice]] | Callback[Combined[CoinmMarkPrices]],
        fast: bool = True,
        *,
        futures_type: Literal[FuturesType.COIN_M],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_symbol_mark_price_socket(
        self,
        symbol: str,
        callback: Callback[Combined[CoinmMarkPrice]] | Callback[Combined[CoinmMarkPrices]],
        fast: bool,
        futures_type: Literal[FuturesType.COIN_M],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_symbol_mark_price_socket(
        self,
        symbol: str,
        callback: Callback[Combined[MarkPrice] | Combined[CoinmMarkPrice]],
        fast: bool = True,
        *,
        futures_type: FuturesType,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_symbol_mark_price_socket(
        self,
        symbol: str,
        callback: Callback[Combined[MarkPrice] | Combined[CoinmMarkPrice]],
        fast: bool,
        futures_type: FuturesType,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    def start_symbol_mark_price_socket(
        self,
        symbol: str,
        callback: Callback[Combined[MarkPrice]]
        | Callback[Combined[CoinmMarkPrice]]
        | Callback[Combined[CoinmMarkPrices]]
        | Callback[Combined[MarkPrice] | Combined[CoinmMarkPrice]],
        fast: bool = True,
        futures_type: FuturesType = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Mark price and funding rate of a contract, every second; every 3 s with `fast=False`.

        On COIN-M the symbol may be a pair, `BTCUSD`; `data` is then a list of its contracts.
        """
        return self._futures(futures_type, callback, options, names.mark_price, symbol, fast)

    @overload
    def start_all_mark_price_socket(
        self,
        callback: Callback[Combined[MarkPrices]],
        fast: bool = True,
        futures_type: Literal[FuturesType.USD_M] = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_all_mark_price_socket(
        self,
        callback: Callback[Combined[CoinmMarkPrices]],
        fast: bool = True,
        *,
        futures_type: Literal[FuturesType.COIN_M],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_all_mark_price_socket(
        self,
        callback: Callback[Combined[CoinmMarkPrices]],
        fast: bool,
        futures_type: Literal[FuturesType.COIN_M],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_all_mark_price_socket(
        self,
        callback: Callback[Combined[MarkPrices] | Combined[CoinmMarkPrices]],
        fast: bool = True,
        *,
        futures_type: FuturesType,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_all_mark_price_socket(
        self,
        callback: Callback[Combined[MarkPrices] | Combined[CoinmMarkPrices]],
        fast: bool,
        futures_type: FuturesType,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    def start_all_mark_price_socket(
        self,
        callback: Callback[Combined[MarkPrices]]
        | Callback[Combined[CoinmMarkPrices]]
        | Callback[Combined[MarkPrices] | Combined[CoinmMarkPrices]],
        fast: bool = True,
        futures_type: FuturesType = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Mark price and funding rate of every contract: a list in `data`."""
        return self._futures(futures_type, callback, options, names.mark_price, None, fast)

    def start_index_price_socket(
        self,
        symbol: str,
        callback: Callback[Combined[IndexPrice]],
        fast: bool = True,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """The index price of a pair of COIN-M futures, `BTCUSD`, every second (`indexPriceUpdate`).

        :param fast: has no effect; the exchange removed the second speed on 2026-06-30.
        """
        return self._futures(
            FuturesType.COIN_M, callback, options, names.of_symbol, "indexPrice", symbol
        )

    def start_symbol_ticker_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[UsdmBookTicker]],
        futures_type: FuturesType = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Best bid and ask of a contract (`bookTicker`)."""
        return self._futures(futures_type, callback, options, names.book_ticker, symbol)

    def start_all_ticker_futures_socket(
        self,
        callback: Callback[Combined[UsdmBookTicker]],
        futures_type: FuturesType = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Best bid and ask of every contract (`!bookTicker`).

        Since 2026-06-30 the exchange merges both futures markets in this stream, on either address:
        `st` is 1 in messages of USD-M and 2 in those of COIN-M.
        """
        return self._futures(futures_type, callback, options, names.of_market, "bookTicker")

    @overload
    def start_aggtrade_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[UsdmAggTrade]],
        futures_type: Literal[FuturesType.USD_M] = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_aggtrade_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[CoinmAggTrade]],
        *,
        futures_type: Literal[FuturesType.COIN_M],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_aggtrade_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[CoinmAggTrade]],
        futures_type: Literal[FuturesType.COIN_M],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_aggtrade_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[UsdmAggTrade] | Combined[CoinmAggTrade]],
        *,
        futures_type: FuturesType,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_aggtrade_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[UsdmAggTrade] | Combined[CoinmAggTrade]],
        futures_type: FuturesType,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    def start_aggtrade_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[UsdmAggTrade]]
        | Callback[Combined[CoinmAggTrade]]
        | Callback[Combined[UsdmAggTrade] | Combined[CoinmAggTrade]],
        futures_type: FuturesType = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Trades that one order made at the same price, combined (`aggTrade`)."""
        return self._futures(futures_type, callback, options, names.agg_trade, symbol)

    @overload
    def start_individual_symbol_ticker_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[UsdmTicker]],
        futures_type: Literal[FuturesType.USD_M] = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_individual_symbol_ticker_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[CoinmTicker]],
        *,
        futures_type: Literal[FuturesType.COIN_M],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_individual_symbol_ticker_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[CoinmTicker]],
        futures_type: Literal[FuturesType.COIN_M],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_individual_symbol_ticker_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[UsdmTicker] | Combined[CoinmTicker]],
        *,
        futures_type: FuturesType,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_individual_symbol_ticker_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[UsdmTicker] | Combined[CoinmTicker]],
        futures_type: FuturesType,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    def start_individual_symbol_ticker_futures_socket(
        self,
        symbol: str,
        callback: Callback[Combined[UsdmTicker]]
        | Callback[Combined[CoinmTicker]]
        | Callback[Combined[UsdmTicker] | Combined[CoinmTicker]],
        futures_type: FuturesType = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """24 h statistics of a contract (`24hrTicker`)."""
        return self._futures(futures_type, callback, options, names.ticker, symbol)

    def start_futures_multiplex_socket(
        self,
        streams: Iterable[str],
        callback: Callback[Combined[Any]],
        futures_type: FuturesType = FuturesType.USD_M,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Several streams of a futures market on one socket, of any kinds.

        The exchange serves some kinds of USD-M on `/public` and others on `/market`; the
        library chooses the right address.  `!ticker@arr`, `!miniTicker@arr`, `!bookTicker`,
        `!forceOrder@arr` and `!contractInfo` contain both futures markets, see
        `start_all_ticker_futures_socket`.
        """
        return self._multiplex(names.futures_market(futures_type), streams, callback, options)

    # Streams of options: messages are `{"stream": name, "data": payload}`; keys are `options:name`
    # https://developers.binance.com/docs/derivatives/options-trading/websocket-market-streams

    def start_options_multiplex_socket(
        self,
        streams: Iterable[str],
        callback: Callback[Combined[Any]],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Several streams of options on one socket; names exactly as the exchange spells them."""
        return self._multiplex("options", streams, callback, options)

    def start_options_ticker_socket(
        self,
        symbol: str,
        callback: Callback[Combined[OptionsTicker]],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """24 h statistics of an option (`optionTicker`)."""
        return self._single(
            "options", names.of_symbol("optionTicker", symbol, "options"), callback, options
        )

    def start_options_ticker_by_expiration_socket(
        self,
        symbol: str,
        callback: Callback[Combined[OptionsTicker]] | Callback[Combined[list[OptionsTicker]]],
        expiration_date: str,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """24 h statistics of an underlying's options that expire on a day, such as `'261225'`."""
        return self._single(
            "options", names.options_ticker(symbol, expiration_date), callback, options
        )

    def start_options_recent_trades_socket(
        self,
        symbol: str,
        callback: Callback[Combined[OptionTrade]],
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Every single trade of an option, or of all options of an underlying (`optionTrade`)."""
        return self._single(
            "options", names.of_symbol("optionTrade", symbol, "options"), callback, options
        )

    def start_options_kline_socket(
        self,
        symbol: str,
        callback: Callback[Combined[OptionsKline]],
        interval: FuturesKlineInterval = "1m",
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Candles of an option while they change."""
        return self._single(
            "options", names.kline(symbol, interval, market="options"), callback, options
        )

    def start_options_depth_socket(
        self,
        symbol: str,
        callback: Callback[Combined[OptionsPartialDepth]],
        depth: DepthLevels | None = "10",
        *,
        speed: Literal["100ms", "500ms"] = "500ms",
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """The best 5, 10 or 20 levels of an option's order book; with `depth=None` its changes.

        :param speed: `'500ms'` or `'100ms'`.
        """
        return self._single("options", names.options_depth(symbol, depth, speed), callback, options)

    # Accounts
    # https://developers.binance.com/docs/binance-spot-api-docs/user-data-stream

    def start_user_socket(
        self,
        callback: Callback[AccountEvent],
        *,
        client: Any = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Events of a spot account, such as `executionReport` and `outboundAccountPosition`.

        :param client: the client whose account it is; None for the manager's client.
        :return: `'user'`, and for further clients `'user:2'` and so on.  If the socket is already
            open, it uses the new callback from then on.
        :raises ValueError: the client has no API key and secret.

        If the exchange refuses the API key, the callback gets the error dict, and the `GaveUp`
        event contains the exchange's code and reason.
        """
        return self._account("user", callback, client, options, self._spot_account)

    def start_margin_socket(
        self,
        callback: Callback[MarginAccountEvent],
        *,
        client: Any = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Events of the cross margin account, like `start_user_socket`; its key is `'margin'`."""
        return self._margin(None, callback, client, options)

    def start_isolated_margin_socket(
        self,
        symbol: str,
        callback: Callback[MarginAccountEvent],
        *,
        client: Any = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Events of an isolated margin account; its key is `'margin:ETHBTC'` for that pair."""
        return self._margin(symbol, callback, client, options)

    # Accounts of other markets, by listen key; all as `start_user_socket`
    # https://developers.binance.com/docs/derivatives

    def start_futures_user_socket(
        self,
        callback: Callback[UsdmAccountEvent],
        *,
        client: Any = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Events of the USD-M futures account: `ORDER_TRADE_UPDATE`, `ACCOUNT_UPDATE`, ..

        The socket creates a listen key, keeps it alive, and replaces it when it has expired; events
        that may be missing are reported by a `Gap`.  A key is never deleted: other programs of the
        account use the same one.

        :return: `'usdm:user'`, or `'usdm:user:2'` and so on for further clients.
        """
        return self._keyed("usdm:user", callback, client, options)

    def start_coin_futures_user_socket(
        self,
        callback: Callback[CoinmAccountEvent],
        *,
        client: Any = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Events of the COIN-M futures account; as above, key `'coinm:user'`."""
        return self._keyed("coinm:user", callback, client, options)

    start_futures_socket = start_futures_user_socket
    start_coin_futures_socket = start_coin_futures_user_socket

    def start_options_user_socket(
        self,
        callback: Callback[OptionsAccountEvent],
        *,
        client: Any = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Events of the options account, without their envelope; key `'options:user'`."""
        return self._keyed("options:user", callback, client, options)

    @overload
    def start_portfolio_margin_user_socket(
        self,
        callback: Callback[PortfolioMarginAccountEvent],
        *,
        pro: Literal[False] = False,
        client: Any = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    @overload
    def start_portfolio_margin_user_socket(
        self,
        callback: Callback[PortfolioMarginProAccountEvent],
        *,
        pro: Literal[True],
        client: Any = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]: ...

    def start_portfolio_margin_user_socket(
        self,
        callback: Callback[PortfolioMarginAccountEvent] | Callback[PortfolioMarginProAccountEvent],
        *,
        pro: bool = False,
        client: Any = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Events of the portfolio margin account: orders and positions of all its markets.

        :param pro: of portfolio margin pro, key `'pm:pro'`: equity and risk alone; its orders are
            on the sockets of the single markets.
        :return: `'pm:user'`, with a number for further clients.
        """
        return self._keyed("pm:pro" if pro else "pm:user", callback, client, options)

    def start_margin_risk_socket(
        self,
        callback: Callback[MarginAccountEvent],
        *,
        client: Any = None,
        **options: Unpack[SocketOptions],
    ) -> str | Literal[False]:
        """Margin level and liabilities of the cross margin account; key `'margin:risk'`."""
        return self._keyed("margin:risk", callback, client, options)
