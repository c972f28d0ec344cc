"""Typical lines of users' scripts: mypy and pyright accept them all in their strict modes."""

import functools
import queue
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from binance.enums import KLINE_INTERVAL_5MINUTE, WEBSOCKET_DEPTH_10, ContractType, FuturesType
from binance.messages import (
    AccountEvent,
    AggTrade,
    BookTicker,
    CoinmAggTrade,
    CoinmMarkPrices,
    Combined,
    ContinuousKline,
    Depth,
    ErrorMessage,
    Kline,
    KlineInterval,
    MarkPrice,
    MiniTicker,
    MiniTickers,
    OptionTrade,
    PartialDepth,
    RollingTicker,
    RollingTickers,
    Ticker,
    Trade,
    UsdmAccountEvent,
    UsdmAggTrade,
)
from binance.websockets import BinanceSocketManager, SocketOptions

USD_M, COIN_M = FuturesType.USD_M, FuturesType.COIN_M


def on_trade(msg: Trade) -> None:
    print(msg["s"], Decimal(msg["p"]) * Decimal(msg["q"]), msg["T"] / 1000, msg["m"])


def on_trade_or_error(msg: Trade | ErrorMessage) -> None:
    if msg["e"] == "error":
        print(msg["m"].upper())
    else:
        print(Decimal(msg["p"]))


async def on_trade_later(msg: Trade) -> None:
    print(msg["t"])


def on_anything(msg):  # type: ignore[no-untyped-def] # pyright: ignore
    print(msg["p"])  # pyright: ignore


def on_dict(msg: dict[str, Any]) -> None:
    print(msg["p"])


def on_mapping(msg: Mapping[str, Any]) -> None:
    print(msg["p"])


def on_dicts(msgs: list[dict[str, Any]]) -> None:
    print([msg["c"] for msg in msgs])


def on_agg_trade(msg: AggTrade) -> None:
    print(msg["a"])


def on_kline(msg: Kline) -> None:
    if msg["k"]["x"]:
        print(Decimal(msg["k"]["c"]) - Decimal(msg["k"]["o"]))


def on_depth(msg: Depth) -> None:
    print([Decimal(price) for price, _ in msg["b"]], msg["U"], msg["u"])


def on_levels(msg: PartialDepth) -> None:
    print(msg["bids"][0][0], msg["lastUpdateId"])


def on_either_depth(msg: Depth | PartialDepth) -> None:
    print(msg)


def on_mini_tickers(msgs: MiniTickers) -> None:
    print({msg["s"]: msg["c"] for msg in msgs})


def on_mini_ticker(msg: MiniTicker) -> None:
    print(msg["c"])


def on_tickers(msgs: list[Ticker]) -> None:
    print(max(msgs, key=lambda msg: Decimal(msg["P"]))["s"])


def on_rolling(msg: RollingTicker) -> None:
    print(msg["w"])


def on_all_rolling(msgs: RollingTickers) -> None:
    print(len(msgs))


def on_book(msg: BookTicker) -> None:
    print(Decimal(msg["a"]) - Decimal(msg["b"]))


def on_combined(msg: Combined[Trade]) -> None:
    print(msg["stream"], msg["data"]["p"])


def on_any_combined(msg: Combined[Any]) -> None:
    print(msg["stream"], msg["data"]["anything"])


def on_futures(msg: Combined[UsdmAggTrade]) -> None:
    print(msg["data"]["a"], msg["data"].get("nq"))


def on_coin_futures(msg: Combined[CoinmAggTrade]) -> None:
    print(msg["data"]["a"])


def on_both_futures(msg: Combined[UsdmAggTrade] | Combined[CoinmAggTrade]) -> None:
    print(msg["data"]["p"])


def on_mark(msg: Combined[MarkPrice]) -> None:
    print(msg["data"]["r"])


def on_coin_marks(msg: Combined[CoinmMarkPrices]) -> None:
    print([each["p"] for each in msg["data"]])


def on_futures_kline(msg: Combined[ContinuousKline]) -> None:
    print(msg["data"]["k"]["c"])


def on_option(msg: Combined[OptionTrade]) -> None:
    print(msg["data"]["S"])


def on_account(msg: AccountEvent) -> None:
    if msg["e"] == "executionReport":
        print(msg["i"], msg["X"], Decimal(msg["z"]))
    elif msg["e"] == "outboundAccountPosition":
        print({balance["a"]: balance["f"] for balance in msg["B"]})


def on_futures_account(msg: UsdmAccountEvent) -> None:
    if msg["e"] == "ORDER_TRADE_UPDATE":
        print(msg["o"]["rp"])


def named(name: str, msg: Trade) -> None:
    print(name, msg["p"])


class Strategy:
    def on_trade(self, msg: Trade) -> None:
        print(msg["p"])

    def __call__(self, msg: Trade) -> None:
        print(msg["q"])


bm = BinanceSocketManager(None, dispatch="thread", overflow="latest", max_retries=None)
messages: list[dict[str, Any]] = []
trades: queue.Queue[Trade] = queue.Queue()
options: SocketOptions = {"dispatch": "thread", "queue_size": 100}

bm.start_trade_socket("BNBBTC", on_trade)
bm.start_trade_socket("BNBBTC", on_trade_or_error)
bm.start_trade_socket("BNBBTC", on_trade_later)
bm.start_trade_socket("BNBBTC", on_anything)  # pyright: ignore
bm.start_trade_socket("BNBBTC", on_dict)
bm.start_trade_socket("BNBBTC", on_mapping)
bm.start_trade_socket("BNBBTC", print)
bm.start_trade_socket("BNBBTC", messages.append)
bm.start_trade_socket("BNBBTC", trades.put)
bm.start_trade_socket("BNBBTC", lambda msg: print(msg["p"]))
bm.start_trade_socket("BNBBTC", functools.partial(named, "bnb"))
bm.start_trade_socket("BNBBTC", Strategy().on_trade)
bm.start_trade_socket("BNBBTC", Strategy())
bm.start_trade_socket(symbol="BNBBTC", callback=on_trade)
bm.start_block_trade_socket("BNBBTC", on_dict)
bm.start_avg_price_socket("BNBBTC", on_dict, dispatch="reactor")
bm.start_symbol_ticker_socket("BNBBTC", on_mapping)
bm.start_trade_socket("BNBBTC", on_trade, **options)
bm.start_trade_socket("BNBBTC", on_trade, dispatch="thread", queue_size=10, overflow="block")
bm.start_trade_socket("BNBBTC", on_trade, max_retries=None, idle_timeout=60, rotate_after=None)
bm.start_aggtrade_socket("BNBBTC", on_agg_trade)
bm.start_kline_socket("BNBBTC", on_kline)
bm.start_kline_socket("BNBBTC", on_kline, "1m")
bm.start_kline_socket("BNBBTC", on_kline, interval=KLINE_INTERVAL_5MINUTE, utc8=True)
wanted: KlineInterval = "4h"
bm.start_kline_socket("BNBBTC", on_kline, wanted)
bm.start_depth_socket("BNBBTC", on_depth)
bm.start_depth_socket("BNBBTC", on_depth, interval=100)
bm.start_depth_socket("BNBBTC", on_levels, depth=5)
bm.start_depth_socket("BNBBTC", on_levels, WEBSOCKET_DEPTH_10, 100)
bm.start_depth_socket("BNBBTC", on_levels, depth=BinanceSocketManager.WEBSOCKET_DEPTH_5)
bm.start_depth_socket("BNBBTC", on_either_depth, depth="20")
bm.start_depth_socket("BNBBTC", on_dict, depth=20)
bm.start_miniticker_socket(on_mini_tickers)
bm.start_miniticker_socket(on_dicts, 1000)
bm.start_symbol_miniticker_socket("BNBBTC", on_mini_ticker)
bm.start_ticker_socket(on_tickers)
bm.start_rolling_ticker_socket(on_all_rolling)
bm.start_rolling_ticker_socket(on_all_rolling, "4h")
bm.start_rolling_ticker_socket(on_rolling, "1d", "BNBBTC")
bm.start_rolling_ticker_socket(on_rolling, symbol="BNBBTC")
bm.start_symbol_book_ticker_socket("BNBBTC", on_book)
bm.start_book_ticker_socket(on_book)
bm.start_multiplex_socket(["bnbbtc@trade", "ethbtc@trade"], on_combined)
bm.start_multiplex_socket({"bnbbtc@trade", "bnbbtc@depth"}, on_any_combined)
bm.start_aggtrade_futures_socket("BTCUSDT", on_futures)
bm.start_aggtrade_futures_socket("BTCUSD_PERP", on_coin_futures, FuturesType.COIN_M)
bm.start_aggtrade_futures_socket("BTCUSD_PERP", on_coin_futures, futures_type=FuturesType.COIN_M)
for market in FuturesType:
    bm.start_aggtrade_futures_socket("BTCUSD", on_both_futures, futures_type=market)
bm.start_symbol_mark_price_socket("BTCUSDT", on_mark, fast=False)
bm.start_all_mark_price_socket(on_coin_marks, True, FuturesType.COIN_M)
bm.start_kline_futures_socket("BTCUSDT", on_futures_kline, "1h", FuturesType.USD_M)
bm.start_kline_futures_socket(
    "BTCUSDT", on_futures_kline, contract_type=ContractType.CURRENT_QUARTER
)
bm.start_futures_depth_socket("BTCUSDT", on_dict, "5", speed="100ms")
bm.start_options_recent_trades_socket("BTC-261225-110000-C", on_option)
bm.start_user_socket(on_account)
bm.start_margin_socket(on_dict, client=None)
bm.start_futures_user_socket(on_futures_account)
key = bm.start_user_socket(on_dict)
print(bm.stats()[key]["messages"], bm.stats()[key].dropped / bm.stats()[key].messages)
latency = bm.stats()[key].latency
if latency is not None:
    print(latency.p50 * 1000, latency["p99"], latency.error)
bm.stop_socket(key)
bm.stop_socket(bm.start_trade_socket("ETHBTC", on_trade))
if key:
    print(key.upper(), bm.stats()[key]["messages"])
if bm.wait_open(key, timeout=1.0):
    bm.rotate(key)
bm.subscribe(key, ["ethbtc@trade"]).add_done_callback(print)
with BinanceSocketManager(on_event=print, time_unit="us", redundancy=2) as other:
    other.start_trade_socket("BNBBTC", on_trade, gapless=True)
