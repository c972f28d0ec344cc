"""What a notebook gets as pandas data frames: order books, and candles that grow live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from binance.sansio.names.times import MICROSECONDS

if TYPE_CHECKING:
    from binance.sansio.book.orderbook import BookSnapshot

_COLUMNS = {
    **dict.fromkeys(("open", "high", "low", "close", "volume", "quote_volume"), "float64"),
    "trades": "int64",
    "closed": "bool",
}
#: Candles of one request.
MOST_KLINES = 1000


def pandas() -> Any:
    """The package pandas; ImportError with the cure if it is not installed."""
    try:
        import pandas
    except ImportError:
        raise ImportError(
            'data frames need pandas: pip install "binance-socket-manager[pandas]"'
        ) from None
    return pandas


def book(snapshot: BookSnapshot) -> Any:
    """The levels of an order book: columns `side`, `price` and `quantity`."""
    sides = {"bid": snapshot.bids, "ask": snapshot.asks}
    rows = [
        (side, float(level.price), float(level.quantity))
        for side, levels in sides.items()
        for level in levels
    ]
    frame = pandas().DataFrame(rows, columns=["side", "price", "quantity"])
    frame.attrs = {each: getattr(snapshot, each) for each in ("symbol", "update_id", "synced")}
    return frame


class KlinesFrame:
    """Candles that grow while the stream runs.  May be read from any thread.

    Each `frame` is a new data frame of the present candles.
    """

    def __init__(self, symbol: str, interval: str, limit: int) -> None:
        if not 1 <= limit <= MOST_KLINES:
            raise ValueError(f"limit must be 1 to {MOST_KLINES} candles, not {limit!r}")
        self.symbol, self.interval = symbol, interval
        self.key: str | Literal[False] = False
        """The socket key: `bm.stop_socket(candles.key)` ends the stream."""
        self.is_live = True
        """Whether the stream runs.  False when it was stopped, or all retries have failed."""
        self._pandas = pandas()
        self._rows: dict[int, Sequence[Any]] = {}  # by opening time in ms

    def _add(self, message: Any) -> None:
        """Take a message of the stream."""
        if message["e"] != "kline":
            self._end()
            return
        k = message["k"]
        time = k["t"] // 1000 if k["t"] >= MICROSECONDS else k["t"]
        self._rows[time] = [*map(k.get, "ohlcvqnx")]

    def _end(self) -> None:
        self.is_live = False

    def _add_past(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take candles of `get_klines`: the last one is open, and the stream's own are newer."""
        for row in rows:
            self._rows.setdefault(row[0], [*row[1:6], *row[7:9], row is not rows[-1]])

    @property
    def frame(self) -> Any:
        """The candles up to now, by their opening time (UTC), oldest first.

        Columns: `open, high, low, close, volume, quote_volume` (float), `trades` (int) and
        `closed` (bool): the last candle changes until it is closed.
        """
        rows = sorted(self._rows.copy().items())  # another thread may add one meanwhile
        times = self._pandas.to_datetime([time for time, _ in rows], unit="ms", utc=True)
        frame = self._pandas.DataFrame([row for _, row in rows], index=times, columns=[*_COLUMNS])
        return frame.rename_axis("time").astype(_COLUMNS)

    def __repr__(self) -> str:
        state = "live" if self.is_live else "ended"
        return f"<KlinesFrame {self.symbol} {self.interval}: {len(self._rows)} candles, {state}>"
