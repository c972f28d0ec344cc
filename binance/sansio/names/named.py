"""Any stream or account of any market by its name, as `BinanceSocketManager.messages` takes them.

A name is a socket key: ``btcusdt@trade``, ``usdm:btcusdt@depth@100ms``, ``user``, ``usdm:user``.
"""

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, Final, NamedTuple

from binance.sansio.account.keyed import ACCOUNTS
from binance.sansio.names.forms import MARKETS
from binance.sansio.names.streams import check_names, check_symbol

#: spot's whole-market streams that production has retired -> the kind of their symbols' streams
WHOLE_MARKET: Final = {"!ticker@arr": "ticker", "!bookTicker": "bookTicker"}
_WITHOUT_SYMBOL = "usdm:tradingSession"  # the one stream that is named like a symbol

_ALLOWED = (
    "'btcusdt@trade', 'usdm:btcusdt@aggTrade', 'user', 'margin', 'margin:ETHBTC' or "
    + ", ".join(map(repr, ACCOUNTS))
)

Shape = Callable[[Any], Any]


class Source(NamedTuple):
    """What one socket delivers: an account, a whole market, or streams of one market.

    :param name: as it is in the messages of several streams: an account, a whole-market stream, or
        the prefix of the streams.
    :param streams: the names of the streams, without the market.
    """

    market: str
    name: str
    streams: tuple[str, ...] = ()

    @property
    def is_account(self) -> bool:
        return not self.streams

    @property
    def whole_market(self) -> str | None:
        """The kind of the streams that make up a whole-market stream; None if it is none."""
        return WHOLE_MARKET.get(self.name)

    @property
    def path(self) -> str:
        """The socket key that a single such socket would have."""
        if self.is_account or self.whole_market:
            return self.name
        several = "streams=" if len(self.streams) > 1 else ""
        return f"{self.name}{several}{'/'.join(self.streams)}"


def sources(names: Iterable[str]) -> list[Source]:
    """The sources of some names, one for all streams of a market, in the order of the names.

    :raises TypeError: a name is no string.
    :raises ValueError: there is no name, or one that cannot be a stream or an account.
    """
    found: dict[tuple[str, str], Source] = {}
    for name in check_names(tuple(names)):
        market, colon, rest = name.partition(":")
        if "@" in market:  # the colon of @+08:00
            market, colon, rest = "", "", name
        if name in ("user", "margin") or name in ACCOUNTS:
            new = Source(ACCOUNTS[name].market if name in ACCOUNTS else "spot", name)
        elif market == "margin":
            new = Source("spot", f"margin:{check_symbol(rest).upper()}")
        elif name in WHOLE_MARKET:
            new = Source("spot", name, (name,))
        elif name != _WITHOUT_SYMBOL and (
            ("@" not in rest and not rest.startswith("!")) or (colon and market not in MARKETS)
        ):
            raise ValueError(f"no stream or account is called {name!r}; allowed are {_ALLOWED}")
        else:
            new = Source(market or "spot", f"{market}:" if colon else "", (rest,))
        before = found.get((new.market, new.name))
        streams = new.streams if before is None else before.streams + new.streams
        found[new.market, new.name] = Source(new.market, new.name, streams)
    return list(found.values())


def free_key(path: str, keys: Iterable[str]) -> str:
    """The first of `path#1`, `path#2` .. that is not in use, by any client.

    So the number of different keys is bounded by the sockets that are open at one time.
    """
    parts = (key.rpartition("#") for key in keys)
    taken = {number.partition(":")[0] for before, _, number in parts if before == path}
    return next(f"{path}#{number}" for number in count(1) if str(number) not in taken)


def shape(source: Source, is_single: bool) -> Shape | None:
    """How the messages of a source become those of the loop; None: they stay as they are.

    The messages of a single name stay as a callback gets them.  Those of several names become
    `{"stream": name, "data": payload}`, with the name as it was given.
    """
    if is_single or (source.market, source.name) == ("spot", ""):
        return None
    name = source.name
    if source.is_account or source.whole_market:
        return lambda message: {"stream": name, "data": message}

    def named(message: Any) -> Any:
        try:
            return {"stream": name + message["stream"], "data": message["data"]}
        except (KeyError, TypeError):  # of an unknown shape: a callback gets it as well
            return message

    return named
