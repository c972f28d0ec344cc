"""The type of each message: TypedDicts for type checkers and editors.

A name without a prefix is the type of the first market that has such a message, in the order spot,
USD-M, COIN-M, options. Another market has a type with a prefix if its fields differ: `UsdmTrade`. A
plural is what a stream of lists sends: `MiniTickers`. `Combined[Trade]` is a multiplex message.

Made by docs/message_types.py from binance/sansio/names/fields.py; do not edit.
"""

from collections.abc import Callable
from typing import Any, Generic, Literal, NotRequired, TypedDict, TypeVar

Data = TypeVar("Data")


class Combined(TypedDict, Generic[Data]):
    """A message of a multiplex socket or a futures socket."""

    stream: str
    data: Data
    _received: NotRequired[int]


class ErrorMessage(TypedDict):
    """The last message of every socket whose retries have failed."""

    e: Literal["error"]
    """always this text"""
    m: str
    """always `Max reconnect retries reached`"""


#: Arguments of the methods that start sockets: intervals, the same outside spot, and depths.
KlineInterval = Literal["1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"]
FuturesKlineInterval = Literal["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"]
DepthLevels = Literal[1, 5, 10, 20, "1", "5", "10", "20"]

#: A callback of such messages, which may also call them plain dicts.
Callback = Callable[[Data], object] | Callable[[dict[str, Any]], object]
#: The same for lists of such messages.
ListCallback = Callable[[list[Data]], object] | Callable[[list[dict[str, Any]]], object]


AggTrade = TypedDict("AggTrade", {"e": Literal["aggTrade"], "E": int, "s": str, "a": int, "p": str, "q": str, "f": int, "l": int, "T": int, "m": bool, "M": bool, "backfilled": NotRequired[bool], "_received": NotRequired[int]})
UsdmAggTrade = TypedDict("UsdmAggTrade", {"e": Literal["aggTrade"], "E": int, "s": str, "a": int, "p": str, "q": str, "f": int, "l": int, "T": int, "m": bool, "nq": NotRequired[str], "st": int, "backfilled": NotRequired[bool]})
CoinmAggTrade = TypedDict("CoinmAggTrade", {"e": Literal["aggTrade"], "E": int, "s": str, "a": int, "p": str, "q": str, "f": int, "l": int, "T": int, "m": bool, "st": int, "backfilled": NotRequired[bool]})
Trade = TypedDict("Trade", {"e": Literal["trade"], "E": int, "s": str, "t": int, "p": str, "q": str, "T": int, "m": bool, "M": bool, "backfilled": NotRequired[bool], "_received": NotRequired[int]})
UsdmTrade = TypedDict("UsdmTrade", {"e": Literal["trade"], "E": int, "s": str, "t": int, "p": str, "q": str, "T": int, "m": bool, "X": NotRequired[str], "st": NotRequired[int], "backfilled": NotRequired[bool]})
BlockTrade = TypedDict("BlockTrade", {"e": Literal["blockTrade"], "E": int, "s": str, "t": int, "p": str, "q": str, "T": int, "m": bool, "_received": NotRequired[int]})
OptionTrade = TypedDict("OptionTrade", {"e": Literal["trade"], "E": int, "s": str, "t": int, "p": str, "q": str, "T": int, "m": bool, "X": str, "S": str})
ReferencePrice = TypedDict("ReferencePrice", {"e": Literal["referencePrice"], "s": str, "r": str | None, "t": int, "_received": NotRequired[int]})
Candle = TypedDict("Candle", {"s": str, "f": int, "L": int, "t": int, "T": int, "i": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "n": int, "x": bool, "V": str, "B": str, "Q": str})
Kline = TypedDict("Kline", {"e": Literal["kline"], "E": int, "s": str, "k": Candle, "backfilled": NotRequired[bool], "_received": NotRequired[int]})
UsdmKline = TypedDict("UsdmKline", {"e": Literal["kline"], "E": int, "s": str, "k": Candle, "backfilled": NotRequired[bool]})
CoinmCandle = TypedDict("CoinmCandle", {"s": str, "f": int, "L": int, "t": int, "T": int, "i": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "n": int, "x": bool, "V": str, "B": str, "Q": str})
CoinmKline = TypedDict("CoinmKline", {"e": Literal["kline"], "E": int, "s": str, "k": CoinmCandle, "backfilled": NotRequired[bool]})
OptionsCandle = TypedDict("OptionsCandle", {"s": str, "f": int, "L": int, "t": int, "T": int, "i": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "n": int, "x": bool, "V": str, "Q": str})
OptionsKline = TypedDict("OptionsKline", {"e": Literal["kline"], "E": int, "s": str, "k": OptionsCandle})
ContinuousCandle = TypedDict("ContinuousCandle", {"f": int, "L": int, "t": int, "T": int, "i": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "n": int, "x": bool, "V": str, "B": str, "Q": str})
ContinuousKline = TypedDict("ContinuousKline", {"e": Literal["continuous_kline"], "E": int, "ps": str, "ct": str, "k": ContinuousCandle, "backfilled": NotRequired[bool]})
CoinmContinuousCandle = TypedDict("CoinmContinuousCandle", {"f": int, "L": int, "t": int, "T": int, "i": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "n": int, "x": bool, "V": str, "B": str, "Q": str})
CoinmContinuousKline = TypedDict("CoinmContinuousKline", {"e": Literal["continuous_kline"], "E": int, "ps": str, "ct": str, "k": CoinmContinuousCandle, "backfilled": NotRequired[bool]})
PriceKline = TypedDict("PriceKline", {"e": Literal["indexPrice_kline", "markPrice_kline"], "E": int, "ps": str, "k": Candle, "backfilled": NotRequired[bool]})
CoinmPriceKline = TypedDict("CoinmPriceKline", {"e": Literal["indexPrice_kline", "markPrice_kline"], "E": int, "ps": str, "k": CoinmCandle, "backfilled": NotRequired[bool]})
MiniTicker = TypedDict("MiniTicker", {"e": Literal["24hrMiniTicker"], "E": int, "s": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "_received": NotRequired[int]})
UsdmMiniTicker = TypedDict("UsdmMiniTicker", {"e": Literal["24hrMiniTicker"], "E": int, "s": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "ps": str, "st": int})
CoinmMiniTicker = TypedDict("CoinmMiniTicker", {"e": Literal["24hrMiniTicker"], "E": int, "s": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "ps": str, "st": int})
RollingTicker = TypedDict("RollingTicker", {"e": Literal["1hTicker", "4hTicker", "1dTicker"], "E": int, "s": str, "p": str, "P": str, "w": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "O": int, "C": int, "F": int, "L": int, "n": int, "_received": NotRequired[int]})
Ticker = TypedDict("Ticker", {"e": Literal["24hrTicker"], "E": int, "s": str, "p": str, "P": str, "w": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "O": int, "C": int, "F": int, "L": int, "n": int, "Q": str, "x": str, "b": str, "B": str, "a": str, "A": str, "_received": NotRequired[int]})
UsdmTicker = TypedDict("UsdmTicker", {"e": Literal["24hrTicker"], "E": int, "s": str, "p": str, "P": str, "w": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "O": int, "C": int, "F": int, "L": int, "n": int, "Q": str, "ps": str, "st": int})
CoinmTicker = TypedDict("CoinmTicker", {"e": Literal["24hrTicker"], "E": int, "s": str, "p": str, "P": str, "w": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "O": int, "C": int, "F": int, "L": int, "n": int, "Q": str, "ps": str, "st": int})
OptionsTicker = TypedDict("OptionsTicker", {"e": Literal["24hrTicker"], "E": int, "s": str, "p": str, "P": str, "w": str, "o": str, "h": str, "l": str, "c": str, "v": str, "q": str, "O": int, "C": int, "F": int, "L": int, "n": int, "Q": str})
BookTicker = TypedDict("BookTicker", {"u": int, "s": str, "b": str, "B": str, "a": str, "A": str, "_received": NotRequired[int]})
UsdmBookTicker = TypedDict("UsdmBookTicker", {"e": Literal["bookTicker"], "E": int, "u": int, "s": str, "b": str, "B": str, "a": str, "A": str, "T": int, "ps": str, "st": int})
OptionsBookTicker = TypedDict("OptionsBookTicker", {"e": Literal["bookTicker"], "E": int, "u": int, "s": str, "b": str, "B": str, "a": str, "A": str, "T": int})
AvgPrice = TypedDict("AvgPrice", {"e": Literal["avgPrice"], "E": int, "s": str, "i": str, "w": str, "T": int, "_received": NotRequired[int]})
Depth = TypedDict("Depth", {"e": Literal["depthUpdate"], "E": int, "s": str, "U": int, "u": int, "b": list[list[str]], "a": list[list[str]], "_received": NotRequired[int]})
UsdmDepth = TypedDict("UsdmDepth", {"e": Literal["depthUpdate"], "E": int, "s": str, "U": int, "u": int, "T": int, "pu": int, "ps": str, "st": int, "b": list[list[str]], "a": list[list[str]]})
OptionsDepth = TypedDict("OptionsDepth", {"e": Literal["depthUpdate"], "E": int, "s": str, "U": int, "u": int, "T": int, "pu": int, "b": list[list[str]], "a": list[list[str]]})
PartialDepth = TypedDict("PartialDepth", {"lastUpdateId": int, "bids": list[list[str]], "asks": list[list[str]], "_received": NotRequired[int]})
UsdmPartialDepth = TypedDict("UsdmPartialDepth", {"e": Literal["depthUpdate"], "E": int, "s": str, "U": int, "u": int, "T": int, "pu": int, "ps": str, "st": int, "b": list[list[str]], "a": list[list[str]]})
OptionsPartialDepth = TypedDict("OptionsPartialDepth", {"e": Literal["depthUpdate"], "E": int, "s": str, "U": int, "u": int, "T": int, "pu": int, "b": list[list[str]], "a": list[list[str]]})
MarkPrice = TypedDict("MarkPrice", {"e": Literal["markPriceUpdate"], "E": int, "s": str, "p": str, "i": str, "P": str, "r": str, "T": int, "st": int, "ap": NotRequired[str]})
CoinmMarkPrice = TypedDict("CoinmMarkPrice", {"e": Literal["markPriceUpdate"], "E": int, "s": str, "p": str, "i": str, "P": str, "r": str, "T": int, "st": int})
IndexPrice = TypedDict("IndexPrice", {"e": Literal["indexPriceUpdate"], "E": int, "s": str, "p": str})
Liquidation = TypedDict("Liquidation", {"s": str, "S": str, "o": str, "f": str, "q": str, "p": str, "ap": str, "X": str, "l": str, "z": str, "T": int})
ForceOrder = TypedDict("ForceOrder", {"e": Literal["forceOrder"], "E": int, "o": Liquidation, "ps": NotRequired[str], "st": NotRequired[int]})
CoinmLiquidation = TypedDict("CoinmLiquidation", {"s": str, "S": str, "o": str, "f": str, "q": str, "p": str, "ap": str, "X": str, "l": str, "z": str, "T": int, "ps": str})
CoinmForceOrder = TypedDict("CoinmForceOrder", {"e": Literal["forceOrder"], "E": int, "o": CoinmLiquidation, "ps": NotRequired[str], "st": NotRequired[int]})
IndexPart = TypedDict("IndexPart", {"b": str, "q": str, "w": str, "W": str, "i": str})
CompositeIndex = TypedDict("CompositeIndex", {"e": Literal["compositeIndex"], "E": int, "s": str, "p": str, "C": str, "c": list[IndexPart]})
Bracket = TypedDict("Bracket", {"bs": int, "bnf": int, "bnc": int, "mmr": float, "cf": float, "mi": int, "ma": int})
ContractInfo = TypedDict("ContractInfo", {"e": Literal["contractInfo"], "E": int, "s": str, "ct": str, "dt": int, "ot": int, "cs": str, "bks": NotRequired[list[Bracket]], "st": int})
CoinmContractInfo = TypedDict("CoinmContractInfo", {"e": Literal["contractInfo"], "E": int, "s": str, "ct": str, "dt": int, "ot": int, "cs": str, "bks": NotRequired[list[Bracket]], "st": int, "ps": str})
AssetIndex = TypedDict("AssetIndex", {"e": Literal["assetIndexUpdate"], "E": int, "s": str, "i": str, "b": str, "a": str, "B": str, "A": str, "q": str, "g": str, "Q": str, "G": str})
TradingSession = TypedDict("TradingSession", {"e": Literal["EquityUpdate", "CommodityUpdate", "KR_EquityUpdate", "HK_EquityUpdate", "CN_EquityUpdate"], "E": int, "t": int, "T": int, "S": str})
Index = TypedDict("Index", {"e": Literal["indexPrice"], "E": int, "s": str, "p": str})
OptionMarkPrice = TypedDict("OptionMarkPrice", {"e": Literal["markPrice"], "E": int, "s": str, "mp": str, "i": str, "P": str, "hl": str, "ll": str, "rf": str, "vo": str, "bo": str, "ao": str, "bq": str, "aq": str, "b": str, "a": str, "d": str, "t": str, "g": str, "v": str})
OpenInterest = TypedDict("OpenInterest", {"e": Literal["openInterest"], "E": int, "s": str, "o": str, "h": str})
OptionSymbol = TypedDict("OptionSymbol", {"e": Literal["optionSymbol"], "E": int, "s": str, "ps": str, "qa": str, "d": str, "sp": str, "dt": int, "ot": int, "u": int, "cs": str})
ServerShutdown = TypedDict("ServerShutdown", {"e": Literal["serverShutdown"], "E": int, "_received": NotRequired[int]})
Balance = TypedDict("Balance", {"a": str, "f": str, "l": str})
AccountPosition = TypedDict("AccountPosition", {"e": Literal["outboundAccountPosition"], "E": int, "u": int, "B": list[Balance], "reconciled": NotRequired[bool], "_received": NotRequired[int]})
PortfolioMarginAccountPosition = TypedDict("PortfolioMarginAccountPosition", {"e": Literal["outboundAccountPosition"], "E": int, "u": int, "B": list[Balance], "U": int, "reconciled": NotRequired[bool], "_received": NotRequired[int]})
BalanceUpdate = TypedDict("BalanceUpdate", {"e": Literal["balanceUpdate"], "E": int, "a": str, "d": str, "T": int, "_received": NotRequired[int]})
PortfolioMarginBalanceUpdate = TypedDict("PortfolioMarginBalanceUpdate", {"e": Literal["balanceUpdate"], "E": int, "a": str, "d": str, "T": int, "U": int, "_received": NotRequired[int]})
ExternalLockUpdate = TypedDict("ExternalLockUpdate", {"e": Literal["externalLockUpdate"], "E": int, "a": str, "d": str, "T": int, "_received": NotRequired[int]})
EventStreamTerminated = TypedDict("EventStreamTerminated", {"e": Literal["eventStreamTerminated"], "E": int, "_received": NotRequired[int]})
ListOrder = TypedDict("ListOrder", {"s": str, "i": int, "c": str})
ListStatus = TypedDict("ListStatus", {"e": Literal["listStatus"], "E": int, "s": str, "g": int, "c": str, "l": str, "L": str, "r": str, "C": str, "T": int, "O": list[ListOrder], "_received": NotRequired[int]})
ExecutionReport = TypedDict("ExecutionReport", {"e": Literal["executionReport"], "E": int, "s": str, "c": str, "S": str, "o": str, "f": str, "q": str, "p": str, "P": str, "F": str, "g": int, "C": str, "x": str, "X": str, "r": str, "i": int, "l": str, "z": str, "L": str, "n": str, "N": str | None, "T": int, "t": int, "I": int, "w": bool, "m": bool, "M": bool, "O": int, "Z": str, "Y": str, "Q": str, "V": str, "W": NotRequired[int], "d": NotRequired[int], "D": NotRequired[int], "j": NotRequired[int], "J": NotRequired[int], "v": NotRequired[int], "A": NotRequired[str], "B": NotRequired[str], "u": NotRequired[int], "U": NotRequired[int], "Cs": NotRequired[str], "pl": NotRequired[str], "pL": NotRequired[str], "pY": NotRequired[str], "b": NotRequired[str], "a": NotRequired[int], "k": NotRequired[str], "uS": NotRequired[bool], "gP": NotRequired[str], "gOT": NotRequired[str], "gOV": NotRequired[int], "gp": NotRequired[str], "eR": NotRequired[str], "reconciled": NotRequired[bool], "_received": NotRequired[int]})
PortfolioMarginExecutionReport = TypedDict("PortfolioMarginExecutionReport", {"e": Literal["executionReport"], "E": int, "s": str, "c": str, "S": str, "o": str, "f": str, "q": str, "p": str, "P": str, "F": str, "g": int, "C": str, "x": str, "X": str, "r": str, "i": int, "l": str, "z": str, "L": str, "n": str, "N": str | None, "T": int, "t": int, "I": int, "w": bool, "m": bool, "O": int, "Z": str, "Y": str, "Q": str, "V": str, "W": NotRequired[int], "d": NotRequired[int], "D": NotRequired[int], "j": NotRequired[int], "J": NotRequired[int], "v": NotRequired[int], "A": NotRequired[str], "B": NotRequired[str], "u": NotRequired[int], "U": NotRequired[int], "Cs": NotRequired[str], "pl": NotRequired[str], "pL": NotRequired[str], "pY": NotRequired[str], "b": NotRequired[str], "a": NotRequired[int], "k": NotRequired[str], "uS": NotRequired[bool], "gP": NotRequired[str], "gOT": NotRequired[str], "gOV": NotRequired[int], "gp": NotRequired[str], "eR": NotRequired[str], "reconciled": NotRequired[bool], "_received": NotRequired[int]})
FuturesOrder = TypedDict("FuturesOrder", {"s": str, "c": str, "S": str, "o": str, "f": str, "q": str, "p": str, "ap": str, "sp": str, "x": str, "X": str, "i": int, "l": str, "z": str, "L": str, "N": NotRequired[str], "n": NotRequired[str], "T": int, "t": int, "b": str, "a": str, "m": bool, "R": bool, "wt": str, "ot": str, "cp": bool, "pP": bool, "pm": str, "er": str, "ps": str, "AP": NotRequired[str], "cr": NotRequired[str], "rp": str, "V": str, "M": NotRequired[str], "si": int, "ss": int, "gtd": int})
OrderTradeUpdate = TypedDict("OrderTradeUpdate", {"e": Literal["ORDER_TRADE_UPDATE"], "E": int, "T": int, "o": FuturesOrder, "reconciled": NotRequired[bool], "_received": NotRequired[int]})
CoinmFuturesOrder = TypedDict("CoinmFuturesOrder", {"s": str, "c": str, "S": str, "o": str, "f": str, "q": str, "p": str, "ap": str, "sp": str, "x": str, "X": str, "i": int, "l": str, "z": str, "L": str, "N": NotRequired[str], "n": NotRequired[str], "T": int, "t": int, "b": str, "a": str, "m": bool, "R": bool, "wt": str, "ot": str, "cp": bool, "pP": bool, "pm": str, "er": str, "ps": str, "AP": NotRequired[str], "cr": NotRequired[str], "rp": str, "V": str, "M": NotRequired[str], "ma": str})
CoinmOrderTradeUpdate = TypedDict("CoinmOrderTradeUpdate", {"e": Literal["ORDER_TRADE_UPDATE"], "E": int, "T": int, "o": CoinmFuturesOrder, "i": str, "reconciled": NotRequired[bool], "_received": NotRequired[int]})
PortfolioMarginFuturesOrder = TypedDict("PortfolioMarginFuturesOrder", {"s": str, "c": str, "S": str, "o": str, "f": str, "q": str, "p": str, "ap": str, "sp": str, "x": str, "X": str, "i": int, "l": str, "z": str, "L": str, "N": NotRequired[str], "n": NotRequired[str], "T": int, "t": int, "b": str, "a": str, "m": bool, "R": bool, "ps": str, "AP": NotRequired[str], "cr": NotRequired[str], "rp": str, "V": str, "M": NotRequired[str], "st": NotRequired[str], "si": NotRequired[int], "gtd": int})
PortfolioMarginOrderTradeUpdate = TypedDict("PortfolioMarginOrderTradeUpdate", {"e": Literal["ORDER_TRADE_UPDATE"], "E": int, "T": int, "o": PortfolioMarginFuturesOrder, "i": NotRequired[str], "fs": str, "reconciled": NotRequired[bool], "_received": NotRequired[int]})
TradeLite = TypedDict("TradeLite", {"e": Literal["TRADE_LITE"], "E": int, "T": int, "s": str, "q": str, "p": str, "m": bool, "c": str, "S": str, "L": str, "l": str, "t": int, "i": int, "_received": NotRequired[int]})
FuturesBalance = TypedDict("FuturesBalance", {"a": str, "wb": str, "cw": str, "bc": str})
Position = TypedDict("Position", {"s": str, "pa": str, "ep": str, "bep": str, "cr": str, "up": str, "ps": str, "mt": str, "iw": str})
AccountChange = TypedDict("AccountChange", {"m": str, "S": NotRequired[str], "B": list[FuturesBalance], "P": NotRequired[list[Position]]})
AccountUpdate = TypedDict("AccountUpdate", {"e": Literal["ACCOUNT_UPDATE"], "E": int, "T": int, "a": AccountChange, "reconciled": NotRequired[bool], "_received": NotRequired[int]})
CoinmAccountUpdate = TypedDict("CoinmAccountUpdate", {"e": Literal["ACCOUNT_UPDATE"], "E": int, "T": int, "a": AccountChange, "i": str, "reconciled": NotRequired[bool], "_received": NotRequired[int]})
PortfolioMarginPosition = TypedDict("PortfolioMarginPosition", {"s": str, "pa": str, "ep": str, "bep": str, "cr": str, "up": str, "ps": str})
PortfolioMarginAccountChange = TypedDict("PortfolioMarginAccountChange", {"m": str, "S": NotRequired[str], "B": list[FuturesBalance], "P": NotRequired[list[PortfolioMarginPosition]]})
PortfolioMarginAccountUpdate = TypedDict("PortfolioMarginAccountUpdate", {"e": Literal["ACCOUNT_UPDATE"], "E": int, "T": int, "a": PortfolioMarginAccountChange, "i": NotRequired[str], "fs": str, "reconciled": NotRequired[bool], "_received": NotRequired[int]})
Leverage = TypedDict("Leverage", {"s": str, "l": int})
AssetsMode = TypedDict("AssetsMode", {"j": bool})
AccountConfigUpdate = TypedDict("AccountConfigUpdate", {"e": Literal["ACCOUNT_CONFIG_UPDATE"], "E": int, "T": int, "ac": NotRequired[Leverage], "ai": NotRequired[AssetsMode], "_received": NotRequired[int]})
CoinmAccountConfigUpdate = TypedDict("CoinmAccountConfigUpdate", {"e": Literal["ACCOUNT_CONFIG_UPDATE"], "E": int, "T": int, "ac": NotRequired[Leverage], "_received": NotRequired[int]})
PortfolioMarginAccountConfigUpdate = TypedDict("PortfolioMarginAccountConfigUpdate", {"e": Literal["ACCOUNT_CONFIG_UPDATE"], "E": int, "T": int, "ac": NotRequired[Leverage], "fs": str, "_received": NotRequired[int]})
RiskyPosition = TypedDict("RiskyPosition", {"s": str, "ps": str, "pa": str, "mt": str, "iw": str, "mp": str, "up": str, "mm": str})
MarginCall = TypedDict("MarginCall", {"e": Literal["MARGIN_CALL"], "E": int, "cw": NotRequired[str], "p": list[RiskyPosition], "_received": NotRequired[int]})
CoinmMarginCall = TypedDict("CoinmMarginCall", {"e": Literal["MARGIN_CALL"], "E": int, "cw": NotRequired[str], "p": list[RiskyPosition], "i": str, "_received": NotRequired[int]})
AlgoOrder = TypedDict("AlgoOrder", {"caid": str, "aid": int, "at": str, "o": str, "s": str, "S": str, "ps": str, "f": str, "q": str, "X": str, "tp": str, "p": str, "V": str, "wt": str, "pm": str, "ai": str, "ap": NotRequired[str], "aq": NotRequired[str], "act": NotRequired[str], "cp": bool, "pP": bool, "R": bool, "tt": int, "gtd": int, "rm": NotRequired[str], "ia": NotRequired[bool]})
AlgoUpdate = TypedDict("AlgoUpdate", {"e": Literal["ALGO_UPDATE"], "E": int, "T": int, "o": AlgoOrder, "_received": NotRequired[int]})
PortfolioMarginAlgoUpdate = TypedDict("PortfolioMarginAlgoUpdate", {"e": Literal["ALGO_UPDATE"], "E": int, "T": int, "ao": AlgoOrder, "fs": str, "_received": NotRequired[int]})
Strategy = TypedDict("Strategy", {"si": int, "st": str, "ss": str, "s": str, "ut": int, "c": int})
StrategyUpdate = TypedDict("StrategyUpdate", {"e": Literal["STRATEGY_UPDATE"], "E": int, "T": int, "su": Strategy, "_received": NotRequired[int]})
Grid = TypedDict("Grid", {"si": int, "st": str, "ss": str, "s": str, "r": str, "up": str, "uq": str, "uf": str, "mp": str, "ut": int})
GridUpdate = TypedDict("GridUpdate", {"e": Literal["GRID_UPDATE"], "E": int, "T": int, "gu": Grid, "_received": NotRequired[int]})
RejectedOrder = TypedDict("RejectedOrder", {"s": str, "i": int, "r": str})
ConditionalReject = TypedDict("ConditionalReject", {"e": Literal["CONDITIONAL_ORDER_TRIGGER_REJECT"], "E": int, "T": int, "or": RejectedOrder, "_received": NotRequired[int]})
ListenKeyExpired = TypedDict("ListenKeyExpired", {"e": Literal["listenKeyExpired"], "E": int, "listenKey": NotRequired[str], "_received": NotRequired[int]})
PortfolioMarginListenKeyExpired = TypedDict("PortfolioMarginListenKeyExpired", {"e": Literal["listenKeyExpired"], "E": int, "_received": NotRequired[int]})
OptionsListenKeyExpired = TypedDict("OptionsListenKeyExpired", {"e": Literal["listenKeyExpired"], "E": str, "listenKey": NotRequired[str], "_received": NotRequired[int]})
StrategyOrder = TypedDict("StrategyOrder", {"s": str, "c": str, "si": int, "S": str, "st": str, "f": str, "q": str, "p": str, "sp": str, "os": str, "T": int, "ut": int, "R": bool, "wt": str, "ps": str, "cp": bool, "AP": NotRequired[str], "cr": NotRequired[str], "i": int, "V": str, "gtd": int})
ConditionalUpdate = TypedDict("ConditionalUpdate", {"e": Literal["CONDITIONAL_ORDER_TRADE_UPDATE"], "E": int, "T": int, "fs": str, "so": StrategyOrder, "_received": NotRequired[int]})
LiabilityChange = TypedDict("LiabilityChange", {"e": Literal["liabilityChange"], "E": int, "a": str, "t": str, "T": int, "p": str, "i": str, "l": str, "_received": NotRequired[int]})
OrderLoss = TypedDict("OrderLoss", {"a": str, "o": str})
OpenOrderLoss = TypedDict("OpenOrderLoss", {"e": Literal["openOrderLoss"], "E": int, "O": list[OrderLoss], "_received": NotRequired[int]})
RiskLevelChange = TypedDict("RiskLevelChange", {"e": Literal["riskLevelChange"], "E": int, "u": str, "s": str, "eq": str, "ae": str, "m": str, "_received": NotRequired[int]})
ProAccountUpdate = TypedDict("ProAccountUpdate", {"e": Literal["PM_PRO_ACCOUNT_UPDATE"], "E": int, "u": str, "eq": str, "ae": str, "im": str, "mm": str, "avb": str, "vmw": str, "_received": NotRequired[int]})
MarginLevelChange = TypedDict("MarginLevelChange", {"e": Literal["MARGIN_LEVEL_STATUS_CHANGE"], "E": int, "l": str, "s": str, "_received": NotRequired[int]})
UserLiabilityChange = TypedDict("UserLiabilityChange", {"e": Literal["USER_LIABILITY_CHANGE"], "E": int, "a": str, "t": str, "p": str, "i": str, "_received": NotRequired[int]})
OptionsAccountUpdate = TypedDict("OptionsAccountUpdate", {"e": Literal["ACCOUNT_UPDATE"], "E": int, "T": int, "eq": str, "aeq": str, "b": str, "m": str, "u": str, "i": str, "M": str, "_received": NotRequired[int]})
OptionsBalance = TypedDict("OptionsBalance", {"a": str, "b": str, "bc": str})
OptionsPosition = TypedDict("OptionsPosition", {"s": str, "c": str, "p": str, "a": str})
BalancePositionUpdate = TypedDict("BalancePositionUpdate", {"e": Literal["BALANCE_POSITION_UPDATE"], "E": int, "T": int, "m": str, "B": list[OptionsBalance], "P": list[OptionsPosition], "reconciled": NotRequired[bool], "_received": NotRequired[int]})
Greeks = TypedDict("Greeks", {"u": str, "d": str, "g": str, "t": str, "v": str})
GreekUpdate = TypedDict("GreekUpdate", {"e": Literal["GREEK_UPDATE"], "E": int, "T": int, "G": list[Greeks], "_received": NotRequired[int]})
OptionsRiskLevelChange = TypedDict("OptionsRiskLevelChange", {"e": Literal["RISK_LEVEL_CHANGE"], "E": int, "s": str, "mb": str, "mm": str, "_received": NotRequired[int]})
OptionsOrder = TypedDict("OptionsOrder", {"s": str, "c": str, "S": str, "o": str, "f": str, "q": str, "p": str, "ap": str, "x": str, "X": str, "i": str, "l": str, "z": str, "L": str, "N": NotRequired[str | None], "n": NotRequired[str], "T": int, "t": int, "b": str, "a": str, "m": bool, "R": bool, "ot": str, "rp": str, "V": str})
OptionsOrderUpdate = TypedDict("OptionsOrderUpdate", {"e": Literal["ORDER_TRADE_UPDATE"], "E": int, "T": int, "o": OptionsOrder, "reconciled": NotRequired[bool], "_received": NotRequired[int]})
MiniTickers = list[MiniTicker]
UsdmMiniTickers = list[UsdmMiniTicker]
CoinmMiniTickers = list[CoinmMiniTicker]
RollingTickers = list[RollingTicker]
Tickers = list[Ticker]
UsdmTickers = list[UsdmTicker]
CoinmTickers = list[CoinmTicker]
MarkPrices = list[MarkPrice]
CoinmMarkPrices = list[CoinmMarkPrice]
AssetIndexes = list[AssetIndex]
Indexes = list[Index]
OptionMarkPrices = list[OptionMarkPrice]
OpenInterests = list[OpenInterest]
AccountEvent = AccountPosition | BalanceUpdate | ExternalLockUpdate | EventStreamTerminated | ListStatus | ExecutionReport
MarginAccountEvent = AccountPosition | BalanceUpdate | EventStreamTerminated | ListStatus | ExecutionReport | OptionsListenKeyExpired | MarginLevelChange | UserLiabilityChange
PortfolioMarginAccountEvent = PortfolioMarginAccountPosition | PortfolioMarginBalanceUpdate | PortfolioMarginExecutionReport | PortfolioMarginOrderTradeUpdate | PortfolioMarginAccountUpdate | PortfolioMarginAccountConfigUpdate | PortfolioMarginAlgoUpdate | PortfolioMarginListenKeyExpired | ConditionalUpdate | LiabilityChange | OpenOrderLoss | RiskLevelChange
UsdmAccountEvent = OrderTradeUpdate | TradeLite | AccountUpdate | AccountConfigUpdate | MarginCall | AlgoUpdate | StrategyUpdate | GridUpdate | ConditionalReject | ListenKeyExpired
CoinmAccountEvent = CoinmOrderTradeUpdate | CoinmAccountUpdate | CoinmAccountConfigUpdate | CoinmMarginCall | StrategyUpdate | GridUpdate | ListenKeyExpired
OptionsAccountEvent = OptionsListenKeyExpired | OptionsAccountUpdate | BalancePositionUpdate | GreekUpdate | OptionsRiskLevelChange | OptionsOrderUpdate
PortfolioMarginProAccountEvent = PortfolioMarginListenKeyExpired | RiskLevelChange | ProAccountUpdate
