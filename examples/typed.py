"""A type checker and an editor know every field of a message.

A misspelt field, or a price used as a number, is an error before the script runs.
"""

from decimal import Decimal

from binance.messages import Combined, ErrorMessage, MiniTickers, Trade, UsdmAggTrade
from binance.websockets import BinanceSocketManager


def process_trade(msg: Trade | ErrorMessage) -> None:
    if msg["e"] == "error":  # from here on a type checker knows which of the two it is
        print("given up:", msg["m"])
    else:
        print(msg["s"], Decimal(msg["p"]) * Decimal(msg["q"]))


def process_tickers(msg: MiniTickers) -> None:
    print(len(msg), "symbols changed")


def process_futures(msg: Combined[UsdmAggTrade]) -> None:
    print(msg["stream"], msg["data"]["p"])


bm = BinanceSocketManager(None)  # public streams need no client
bm.start_trade_socket("BNBBTC", process_trade)
bm.start_miniticker_socket(process_tickers)
bm.start_aggtrade_futures_socket("BTCUSDT", process_futures)
bm.start()
