"""Typical mistakes: mypy and pyright report an error in each line that is marked, and in no other.

The mark is a comment at the end of the line, "wrong".
"""

from typing import Any

from binance.enums import FuturesType
from binance.messages import (
    AccountEvent,
    AggTrade,
    CoinmAggTrade,
    Combined,
    Depth,
    ExecutionReport,
    Kline,
    MiniTickers,
    PartialDepth,
    RollingTicker,
    Ticker,
    Trade,
    UsdmAggTrade,
)
from binance.websockets import BinanceSocketManager, SocketOptions

bm = BinanceSocketManager()


def on_trade(msg: Trade) -> None:
    print(msg["price"])  # wrong
    print(msg["p"] * msg["q"])  # wrong
    print(msg["p"] + 1)  # wrong
    print(msg["T"].upper())  # wrong


def on_kline(msg: Kline) -> None:
    print(msg["c"])  # wrong


def on_tickers(msgs: MiniTickers) -> None:
    print(msgs["c"])  # wrong


def on_combined(msg: Combined[Trade]) -> None:
    print(msg["p"])  # wrong


def on_account(msg: AccountEvent) -> None:
    print(msg["i"])  # wrong


def on_dict(msg: dict[str, Any]) -> None: ...
def on_list(msgs: list[Any]) -> None: ...
def on_agg_trade(msg: AggTrade) -> None: ...
def on_depth(msg: Depth) -> None: ...
def on_levels(msg: PartialDepth) -> None: ...
def on_rolling(msg: RollingTicker) -> None: ...
def on_ticker(msg: Ticker) -> None: ...
def on_report(msg: ExecutionReport) -> None: ...
def on_futures(msg: Combined[UsdmAggTrade]) -> None: ...
def on_bare_futures(msg: UsdmAggTrade) -> None: ...
def on_coin_futures(msg: Combined[CoinmAggTrade]) -> None: ...
def on_nothing() -> None: ...


bm.start_trade_socket("BNBBTC", on_agg_trade)  # wrong
bm.start_trade_socket("BNBBTC", on_list)  # wrong
bm.start_trade_socket("BNBBTC", on_nothing)  # wrong
bm.start_trade_socket("BNBBTC", on_trade("x"))  # wrong
bm.start_trade_socket(["BNBBTC"], on_dict)  # wrong
bm.start_trade_socket("BNBBTC", on_dict, dispach="thread")  # wrong
bm.start_trade_socket("BNBBTC", on_dict, dispatch="threads")  # wrong
bm.start_trade_socket("BNBBTC", on_dict, overflow="drop_newest")  # wrong
bm.start_trade_socket("BNBBTC", on_dict, queue_size="10")  # wrong
bm.start_kline_socket("BNBBTC", on_dict, "1min")  # wrong
bm.start_kline_futures_socket("BTCUSDT", on_dict, "1s")  # wrong
bm.start_depth_socket("BNBBTC", on_dict, depth=7)  # wrong
bm.start_depth_socket("BNBBTC", on_depth, depth=5)  # wrong
bm.start_depth_socket("BNBBTC", on_levels)  # wrong
bm.start_depth_socket("BNBBTC", on_dict, interval=500)  # wrong
bm.start_miniticker_socket(on_dict)  # wrong
bm.start_ticker_socket(on_ticker)  # wrong
bm.start_rolling_ticker_socket(on_rolling)  # wrong
bm.start_rolling_ticker_socket(on_dict, "2h", "BNBBTC")  # wrong
bm.start_multiplex_socket(["bnbbtc@trade"], on_trade)  # wrong
bm.start_aggtrade_futures_socket("BTCUSDT", on_bare_futures)  # wrong
bm.start_aggtrade_futures_socket("BTCUSDT", on_coin_futures)  # wrong
bm.start_aggtrade_futures_socket("BTCUSD_PERP", on_futures, FuturesType.COIN_M)  # wrong
bm.start_user_socket(on_report)  # wrong
bm.start_trade_socket("BNBBTC", on_dict).upper()  # wrong
print(bm.stats()["bnbbtc@trade"].droped)  # wrong
print(bm.stats()["bnbbtc@trade"].latency.p50)  # wrong
options: SocketOptions = {"queue_length": 5}  # wrong
BinanceSocketManager(dispatch="threads")  # wrong
