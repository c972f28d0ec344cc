"""The table of fields: what each message of each market contains, and what it means.

The documentation, ``binance.messages`` and the test of the simulator's payloads are made from it.

A block describes one message, or one record inside messages.  Its first line has five parts: its
name, the values of its ``e``, its markets, its streams, and a description.  The streams are kinds
of :mod:`binance.sansio.names.forms`; ``!kind`` is the whole-market stream of a kind, and ``[]``
after it says that the stream sends a list of such messages.  A message without streams is an event
of an account or a connection.

The fields follow, separated by semicolons: ``nq?@U:d quantity`` is an optional field (``?``) of
USD-M only (``@U``), of type ``d``.  A key alone has the type and the meaning that the block
``given`` gives it, and ``+Name`` takes over the fields of an earlier block.  A name that begins
with ``_`` exists only to be taken over.  ``_received`` is a field of each message that reaches a
callback without an envelope.

Sources: https://github.com/binance/binance-spot-api-docs (``web-socket-streams.md``,
``user-data-stream.md``) and https://developers.binance.com/docs/derivatives .
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from binance.sansio.names.forms import BY_KIND
from binance.sansio.names.forms import MARKETS as STREAM_MARKETS

MARKETS = dict(zip("SUCOMPR", (*STREAM_MARKETS, "margin", "pm", "pm-pro"), strict=True))
"""Letter in the table -> market; ``pm`` is portfolio margin, ``pm-pro`` its Pro form."""

TYPES = {
    "s": ("str", "text"),
    "d": ("str", "decimal number as text"),
    "i": ("int", "integer"),
    "ms": ("int", "time in ms"),
    "b": ("bool", "true or false"),
    "n": ("float", "number"),
    "levels": ("list[list[str]]", "list of [price, quantity], decimal numbers as text"),
}
"""Type -> how Python and how the pages name it.  ``d|null`` may be null, ``d|""`` may be
empty text; ``Candle`` is a record of that name, ``[Bracket]`` a list of records.
"""

_MARKET = """
given | | | |
  e:s event type; E:ms event time; s:s symbol; p:d price; q:d quantity; T:ms trade time
  m:b true if the buyer was the maker; M:b ignore; ps:s pair; st:i market: 1 is USD-M, 2 is COIN-M
  b:d best bid price; B:d quantity at the best bid; a:d best ask price; A:d quantity at the best ask
  backfilled:b true if the event was fetched, with the option ``gapless=True``
  _received:i time of receipt in nanoseconds of UNIX time, with the option ``received=True``
_Prices | | SUCO | |
  o:d open price; h:d highest price; l:d lowest price; c:d last price; v:d volume
  q@SUO:d volume in the quote asset; q@C:d volume in the base asset
_Candle | | SUCO | |
  t:ms open time; T:ms close time; i:s interval; +_Prices; n:i number of trades
  x:b true if the candle is closed; V:d volume of taker buys; B@SUC:s ignore
  Q@SUO:d volume of taker buys in the quote asset; Q@C:d volume of taker buys in the base asset
_Ticker | | SUCO | |
  s; p:d price change; P:d price change in percent; w:d average price, weighted by volume; +_Prices
  O:ms start of the window; C:ms end of the window; F:i first trade id; L:i last trade id
  n:i number of trades
_Depth | | SUCO | |
  e; E; s; U:i first update id; u:i last update id; T@UCO:ms transaction time
  pu@UCO:i ``u`` of the previous event; ps@UC; st@UC
AggTrade | aggTrade | SUC | aggTrade | Trades of one taker order at one price, combined
  e; E; s; a:i aggregate trade id; p; q; f:i first trade id; l:i last trade id; T; m; M@S
  nq?@U:d quantity without the trades of RPI orders; st@UC; backfilled?
Trade | trade | SU | trade | A single trade
  e; E; s; t:i trade id; p; q; T; m; M@S; X?@U:s kind of trade, such as MARKET; st?@U; backfilled?
BlockTrade | blockTrade | S | blockTrade | A block trade
  e; E; s; t:i block trade id; p; q; T; m
OptionTrade | trade | O | optionTrade | A trade of an option
  e; E; s; t:i trade id; p; q; T; m; X:s kind of trade: MARKET or BLOCK; S:s direction
ReferencePrice | referencePrice | S | referencePrice | The reference price of a symbol
  e; s; r:d|null reference price, null if there is none; t:ms time in the matching engine
Kline | kline | SUCO | kline | The current candle of a symbol
  e; E; s; k:Candle the candle; backfilled?@SUC
Candle | | SUCO | | A candle of a symbol
  s; f:i first trade id, -1 if there is none; L:i last trade id, -1 if there is none; +_Candle
ContinuousKline | continuous_kline | UC | continuousKline | The candle of a pair and contract type
  e; E; ps; ct:s contract type; k:ContinuousCandle the candle; backfilled?
ContinuousCandle | | UC | | A candle of a pair and contract type
  f:i first update id; L:i last update id; +_Candle
PriceKline | indexPrice_kline,markPrice_kline | UC | indexPriceKline markPriceKline | The candle \
of an index price or a mark price, its volumes and trade ids have no meaning
  e; E; ps; k:Candle the candle; backfilled?
MiniTicker | 24hrMiniTicker | SUC | miniTicker !miniTicker[] | Prices and volumes of 24 hours
  e; E; s; +_Prices; ps@UC; st@UC
RollingTicker | 1hTicker,4hTicker,1dTicker | S | rollingTicker !rollingTicker[] | Statistics of \
the last hour, four hours or day
  e; E; +_Ticker
Ticker | 24hrTicker | SUCO | ticker !ticker[] optionTicker | Statistics of the last 24 hours
  e; E; +_Ticker; Q:d quantity of the last trade; x@S:d price of the last trade before the window
  b@S; B@S; a@S; A@S; ps@UC; st@UC
BookTicker | bookTicker | SUCO | bookTicker !bookTicker | The best bid and ask
  e@UCO; E@UCO; u:i update id; s; b; B; a; A; T@UCO:ms transaction time; ps@UC; st@UC
AvgPrice | avgPrice | S | avgPrice | The average price of the last minutes
  e; E; s; i:s span of the average, such as 5m; w:d average price; T:ms time of the last trade
Depth | depthUpdate | SUCO | depth rpiDepth | Changes of the order book
  +_Depth; b:levels changed bids, a quantity of 0 removes the level; a:levels changed asks
PartialDepth | | S | partialDepth | The best levels of the order book
  lastUpdateId:i last update id; bids:levels best bids; asks:levels best asks
PartialDepth | depthUpdate | UCO | partialDepth | The best levels of the order book
  +_Depth; b:levels best bids; a:levels best asks
MarkPrice | markPriceUpdate | UC | markPrice !markPrice[] | The mark price and the funding rate
  e; E; s; p:d mark price; i:d index price; P:d estimated settlement price
  r:d|"" funding rate, empty for delivery contracts
  T:ms next funding time, 0 for delivery contracts; st; ap?@U:d moving average of the mark price
IndexPrice | indexPriceUpdate | C | indexPrice | The index price of a pair
  e; E; s:s pair; p:d index price
ForceOrder | forceOrder | UC | forceOrder !forceOrder | A liquidation order
  e; E; o:Liquidation the order; ps?; st?
Liquidation | | UC | | A liquidation order
  s; S:s side: BUY or SELL; o:s order type; f:s time in force; q; p; ap:d average price
  X:s order status; l:d quantity of the last fill; z:d quantity filled so far; T; ps@C
CompositeIndex | compositeIndex | U | compositeIndex | A composite index and its parts
  e; E; s:s symbol of the index; p:d index price; C:s kind of the base assets; c:[IndexPart] parts
IndexPart | | U | | A part of a composite index
  b:s base asset; q:s quote asset; w:d weight in quantity; W:d weight in percent; i:d index price
ContractInfo | contractInfo | UC | !contractInfo | A contract that was listed, settled or changed
  e; E; s; ct:s contract type; dt:ms delivery time; ot:ms listing time; cs:s contract status
  bks?:[Bracket] leverage brackets, if they changed; st; ps@C
Bracket | | UC | | A leverage bracket
  bs:i number of the bracket; bnf:i lowest notional value; bnc:i highest notional value
  mmr:n maintenance margin rate; cf:n auxiliary number; mi:i minimum leverage; ma:i maximum leverage
AssetIndex | assetIndexUpdate | U | assetIndex !assetIndex[] | The index of a multi-assets asset
  e; E; s:s symbol of the asset; i:d index price; b:d bid buffer; a:d ask buffer; B:d bid rate
  A:d ask rate; q:d bid buffer of the auto-exchange; g:d ask buffer of the auto-exchange
  Q:d bid rate of the auto-exchange; G:d ask rate of the auto-exchange
TradingSession | EquityUpdate,CommodityUpdate,KR_EquityUpdate,HK_EquityUpdate,CN_EquityUpdate | U \
| !tradingSession | The trading session of a market outside crypto
  e; E; t:ms start of the session; T:ms end of the session
  S:s session: PRE_MARKET, REGULAR, AFTER_MARKET, OVERNIGHT or NO_TRADING
Index | indexPrice | O | !index[] | The index price of an underlying
  e; E; s:s underlying; p:d index price
OptionMarkPrice | markPrice | O | optionMarkPrice[] | The mark price and the Greeks of an option
  e; E; s; mp:d mark price; i:d index price; P:d estimated settlement price; hl:d highest buy price
  ll:d lowest sell price; rf:d risk-free rate; vo:d volatility; bo:d best bid price
  ao:d best ask price; bq:d quantity at the best bid; aq:d quantity at the best ask
  b:d implied volatility of the bid; a:d implied volatility of the ask; d:d delta; t:d theta
  g:d gamma; v:d vega
OpenInterest | openInterest | O | openInterest[] | The open interest of an option
  e; E; s; o:d open interest in contracts; h:d open interest in USDT
OptionSymbol | optionSymbol | O | !optionSymbol | A new option
  e; E; s; ps:s underlying; qa:s quote asset; d:s kind: CALL or PUT; sp:d exercise price
  dt:ms delivery time; ot:ms listing time; u:i units of the underlying in a contract; cs:s status
ServerShutdown | serverShutdown | S | | The server is about to close the connection
  e; E
"""

_ACCOUNT = """
given | | | |
  e:s event type; E:ms event time; T:ms transaction time; s:s symbol; c:s client order id
  S:s side: BUY or SELL; o:s order type; f:s time in force; q:d quantity; p:d price
  x:s execution type, such as NEW, TRADE or CANCELED; i:i order id; t:i trade id
  X:s order status, such as NEW, FILLED or CANCELED; V:s self-trade prevention mode
  l:d quantity of this fill; z:d quantity filled so far; L:d price of this fill; n:d commission
  N:s|null asset of the commission; m:b true if the fill was as maker
  ps:s position side: BOTH, LONG or SHORT; a:s asset; fs:s market: UM or CM; ap:d average price
  wt:s price that triggers: MARK_PRICE or CONTRACT_PRICE; cp:b true if it closes the position
  pP:b true if the trigger is protected; pm:s price match mode; R:b reduce only
  gtd:ms time of the automatic cancel; AP:d activation price of a trailing stop
  cr:d callback rate of a trailing stop; si:i strategy id; ut:ms update time
  reconciled:b true if the event was fetched, with the option ``reconcile=True``
  _received:i time of receipt in nanoseconds of UNIX time, with the option ``received=True``
AccountPosition | outboundAccountPosition | SMP | | Balances that changed
  e; E; u:ms time of the change; B:[Balance] balances; U@P:i update id; reconciled?
Balance | | SMP | | The balance of an asset
  a; f:d free amount; l:d locked amount
BalanceUpdate | balanceUpdate | SMP | | A deposit, a withdrawal or a transfer
  e; E; a; d:d change; T:ms clearing time; U@P:i update id
ExternalLockUpdate | externalLockUpdate | S | | An amount that was locked or released elsewhere
  e; E; a; d:d change of the locked amount; T
EventStreamTerminated | eventStreamTerminated | SM | | The subscription has ended
  e; E
ListStatus | listStatus | SM | | The state of an order list
  e; E; s; g:i order list id; c:s kind of the list, such as OCO; l:s list status
  L:s status of the orders; r:s reason of a rejection, else NONE; C:s client id of the list; T
  O:[ListOrder] orders of the list
ListOrder | | SM | | An order of an order list
  s; i; c
ExecutionReport | executionReport | SMP | | A change of an order
  e; E; s; c:s client order id, after a cancel that of the cancel request; S; o; f; q; p
  P:d stop price; F:d iceberg quantity; g:i order list id, -1 if there is none
  C:s client order id of the cancelled order, else empty; x; X; r:s reason of a rejection, else NONE
  i; l; z; L; n; N; T; t:i trade id, -1 if there is none; I:i execution id
  w:b true if the order is in the order book; m; M@SM:b ignore; O:ms time of the order
  Z:d amount in the quote asset so far; Y:d amount in the quote asset of this fill
  Q:d order quantity in the quote asset; V; W?:ms since when it is in the order book
  d?:i trailing delta; D?:ms time of the trailing start; j?:i strategy id; J?:i strategy type
  v?:i prevented match id; A?:d prevented quantity; B?:d last prevented quantity
  u?:i trade group id; U?:i order id of the counterparty; Cs?:s symbol of the counterparty
  pl?:d prevented quantity of the execution; pL?:d prevented price of the execution
  pY?:d prevented amount of the execution in the quote asset; b?:s match type; a?:i allocation id
  k?:s working floor; uS?:b true if smart order routing was used; gP?:s kind of pegged price
  gOT?:s kind of the peg offset; gOV?:i value of the peg offset; gp?:d current pegged price
  eR?:s reason of an expiry; reconciled?
OrderTradeUpdate | ORDER_TRADE_UPDATE | UCP | | A change of an order
  e; E; T; o:FuturesOrder the order; i@C:s account alias; i?@P:s account alias; fs@P; reconciled?
FuturesOrder | | UCP | | A futures order
  s; c; S; o; f; q; p; ap; sp:d stop price; x; X; i; l; z; L; N?:s asset of the commission; n?
  T:ms trade time; t; b:d notional value of the bids; a:d notional value of the asks; m; R; wt@UC
  ot@UC:s original order type; cp@UC; pP@UC; pm@UC; er@UC:s reason of an expiry, 0 if there is none
  ps; AP?; cr?; rp:d realised profit; V; M?:s id of an amendment; si@U:i ignore; ss@U:i ignore
  ma@C:s margin asset; st?@P:s strategy type; si?@P; gtd@UP
TradeLite | TRADE_LITE | U | | A fill, reported sooner and with fewer fields
  e; E; T; s; q; p; m; c; S; L; l; t; i
AccountUpdate | ACCOUNT_UPDATE | UCP | | A change of balances or positions
  e; E; T; a:AccountChange the change; i@C:s account alias; i?@P:s account alias; fs@P
  reconciled?
AccountChange | | UCP | | A change of balances or positions
  m:s reason, such as ORDER or FUNDING_FEE; S?:s symbol of a funding fee
  B:[FuturesBalance] balances; P?:[Position] positions
FuturesBalance | | UCP | | The balance of an asset
  a; wb:d wallet balance; cw:d cross wallet balance; bc:d change without profit and commission
Position | | UCP | | A position
  s; pa:d position amount; ep:d entry price; bep:d break-even price; cr:d realised profit so far
  up:d unrealised profit; ps; mt@UC:s margin type: cross or isolated
  iw@UC:d isolated wallet balance
AccountConfigUpdate | ACCOUNT_CONFIG_UPDATE | UCP | | A change of the leverage or the assets mode
  e; E; T; ac?:Leverage leverage of a symbol; ai?@U:AssetsMode mode of the account; fs@P
Leverage | | UCP | | The leverage of a symbol
  s; l:i leverage
AssetsMode | | U | | The assets mode of an account
  j:b true in multi-assets mode
MarginCall | MARGIN_CALL | UC | | The risk of positions is too high
  e; E; cw?:d cross wallet balance; p:[RiskyPosition] positions; i@C:s account alias
RiskyPosition | | UC | | A position with a high risk
  s; ps; pa:d position amount; mt:s margin type: CROSSED or ISOLATED; iw:d isolated wallet balance
  mp:d mark price; up:d unrealised profit; mm:d maintenance margin
AlgoUpdate | ALGO_UPDATE | UP | | A change of a conditional order
  e; E; T; o@U:AlgoOrder the order; ao@P:AlgoOrder the order; fs@P
AlgoOrder | | UP | | A conditional order
  caid:s client algo id; aid:i algo id; at:s algo type; o; s; S; ps; f; q
  X:s status, such as NEW, TRIGGERED or FINISHED; tp:d trigger price; p; V; wt; pm
  ai:s id of the resulting order, else empty; ap?; aq?:d quantity filled so far
  act?:s type of the resulting order; cp; pP; R; tt:ms trigger time; gtd; rm?:s reason of a failure
  ia?:b true if the trailing stop is active
StrategyUpdate | STRATEGY_UPDATE | UC | | A change of a strategy
  e; E; T; su:Strategy the strategy
Strategy | | UC | | A strategy
  si; st:s strategy type; ss:s status; s; ut; c:i operation code
GridUpdate | GRID_UPDATE | UC | | A change of a grid strategy
  e; E; T; gu:Grid the grid
Grid | | UC | | A grid strategy
  si; st:s strategy type; ss:s status; s; r:d realised profit; up:d average price, unmatched
  uq:d quantity, unmatched; uf:d fee, unmatched; mp:d profit, matched; ut
ConditionalReject | CONDITIONAL_ORDER_TRIGGER_REJECT | U | | A stop order that failed at its trigger
  e; E; T; or:RejectedOrder the order
RejectedOrder | | U | | A stop order that failed at its trigger
  s; i; r:s reason
ListenKeyExpired | listenKeyExpired | UCPOMR | | The listen key has expired
  e@UCPR; E@UCPR; e@OM; E@OM:s event time in ms, as text; listenKey?@UCOM:s the expired key
ConditionalUpdate | CONDITIONAL_ORDER_TRADE_UPDATE | P | | A change of a conditional order
  e; E; T; fs; so:StrategyOrder the order
StrategyOrder | | P | | A conditional order of portfolio margin
  s; c; si; S; st:s strategy type; f; q; p; sp:d stop price; os:s order status; T:ms order time; ut
  R; wt; ps; cp; AP?; cr?; i:i id of the resulting order; V; gtd
LiabilityChange | liabilityChange | P | | A change of a liability
  e; E; a; t:s kind of the change; T:i transaction id; p:d principal; i:d interest; l:d liability
OpenOrderLoss | openOrderLoss | P | | The loss that open orders may cause
  e; E; O:[OrderLoss] amounts
OrderLoss | | P | | The loss that open orders may cause
  a; o:d amount
RiskLevelChange | riskLevelChange | PR | | A change of the risk level
  e; E; u:d unified maintenance margin ratio; s:s risk level; eq:d equity in USD
  ae:d equity without collateral rates in USD; m:d maintenance margin in USD
ProAccountUpdate | PM_PRO_ACCOUNT_UPDATE | R | | The state of the account
  e; E; u:d unified maintenance margin ratio; eq:d equity in USD
  ae:d equity without collateral rates in USD; im:d initial margin in USD
  mm:d maintenance margin in USD; avb:d available amount in USD; vmw:d highest withdrawal in USD
MarginLevelChange | MARGIN_LEVEL_STATUS_CHANGE | M | | A change of the margin level
  e; E; l:d margin level; s:s status of the margin level
UserLiabilityChange | USER_LIABILITY_CHANGE | M | | A change of a liability
  e; E; a; t:s kind of the change; p:d principal; i:d interest
OptionsAccountUpdate | ACCOUNT_UPDATE | O | | The state of the account
  e; E; T; eq:d equity; aeq:d adjusted equity; b:d wallet balance; m:d value of the positions
  u:d unrealised profit; i:d initial margin; M:d maintenance margin
BalancePositionUpdate | BALANCE_POSITION_UPDATE | O | | A change of balances or positions
  e; E; T; m:s reason: DEPOSIT, WITHDRAW or ORDER; B:[OptionsBalance] balances
  P:[OptionsPosition] positions; reconciled?
OptionsBalance | | O | | The balance of an asset
  a; b:d wallet balance; bc:d change of the balance
OptionsPosition | | O | | A position
  s; c:d quantity; p:d value of the position; a:d average entry price
GreekUpdate | GREEK_UPDATE | O | | The Greeks of the account
  e; E; T; G:[Greeks] the Greeks of each underlying
Greeks | | O | | The Greeks of an underlying
  u:s underlying; d:d delta; g:d gamma; t:d theta; v:d vega
OptionsRiskLevelChange | RISK_LEVEL_CHANGE | O | | A change of the risk level
  e; E; s:s risk level; mb:d margin balance; mm:d maintenance margin
OptionsOrderUpdate | ORDER_TRADE_UPDATE | O | | A change of an order
  e; E; T; o:OptionsOrder the order; reconciled?
OptionsOrder | | O | | An options order
  s; c; S; o; f; q; p; ap; x; X; i:s order id; l; z; L; N?; n?:d commission, negative if charged
  T:ms trade time; t; b:d notional value of the bids; a:d notional value of the asks; m; R
  ot:s original order type; rp:d realised profit; V
"""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``type`` is one of `TYPES`, a record's name, or ``[name]`` for a list of them.

    ``also`` is what the field may be instead: ``null``, ``""`` or nothing.
    """

    key: str
    type: str
    meaning: str
    optional: bool = False
    also: str = ""

    @property
    def record(self) -> str:
        """The name of the record that the field holds, or holds a list of; or nothing."""
        return "" if self.type in TYPES else self.type.strip("[]")

    @property
    def many(self) -> bool:
        return self.type.startswith("[")


@dataclass(frozen=True, slots=True)
class Payload:
    """One message, or one record, as one market sends it."""

    name: str
    events: tuple[str, ...]
    """The values of ``e``; empty for a record, and for a message without an ``e``."""
    market: str
    streams: tuple[str, ...]
    text: str
    fields: tuple[Field, ...]


_ITEM = re.compile(r"(\w+)(\??)@?([A-Z]*)(?::([^\s|]+)\|?(\S*) (.+))?")


def _parsed(text: str) -> Iterator[Payload]:
    known: dict[str, tuple[Field, ...]] = {}
    for block in re.split(r"\n(?=\S)", text.strip()):
        head, _, items = block.partition("\n  ")
        name, events, letters, streams, about = (part.strip() for part in head.split("|"))
        for letter in letters or "-":
            found: list[Field] = []
            for item in re.split(r";\s+|\n  ", items):
                found += _fields(item, known, letter)
            if not letters:
                known |= {field.key: (field,) for field in found}
                continue
            known[f"+{name}{letter}"] = tuple(found)
            if not name.startswith("_"):
                market = MARKETS[letter]
                forms = {each: BY_KIND[_kind(each)] for each in streams.split()}
                sent_by = tuple(each for each, form in forms.items() if market in form.markets)
                values = tuple(filter(None, events.split(",")))
                has_envelope = bool(sent_by) and market != "spot"
                if (sent_by or values) and not has_envelope:
                    found += _fields("_received?", known, letter)
                yield Payload(name, values, market, sent_by, about, tuple(found))


def _kind(stream: str) -> tuple[str, bool]:
    return stream.strip("![]"), stream.startswith("!")


def _fields(item: str, known: dict[str, tuple[Field, ...]], letter: str) -> tuple[Field, ...]:
    if item.startswith("+"):
        return known[item + letter]
    match = _ITEM.fullmatch(item)
    if match is None:
        raise ValueError(f"no field: {item!r}; write key:type meaning, or a key that is given")
    key, optional, letters, type, also, meaning = match.groups()
    if letters and letter not in letters:
        return ()
    if type is None:
        return (replace(*known[key], optional=bool(optional)),)
    return (Field(key, type, meaning, bool(optional), also),)


PAYLOADS: dict[tuple[str, str], Payload] = {
    (payload.name, payload.market): payload
    for text in (_MARKET, _ACCOUNT)
    for payload in _parsed(text)
}
"""(name, market) -> the message or record."""
