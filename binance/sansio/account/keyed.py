"""The accounts whose events need a listen key: one row for each kind.

All of them use the machine of `binance.sansio.account.listenkey`; only addresses and calls differ.

Sources: the "User Data Streams" pages of https://developers.binance.com/docs/derivatives (USD-M,
COIN-M, options, portfolio margin, portfolio margin pro), and "Listen Key (Margin)" of
https://developers.binance.com/docs/margin_trading/risk-data-stream
"""

from typing import Final, NamedTuple

from binance.sansio.names.endpoints import USDM_EVENTS

CHECK_SECONDS: Final = 300.0
"""The most seconds between two keepalives.  The exchange does not report a key that another program
has closed: only the next keepalive shows it."""


class KeyedAccount(NamedTuple):
    """One kind of account.

    :param address: the manager's attribute with the base URL, or the field of `Endpoints`.
    :param path: the rest of the URL; `{key}` is replaced by the listen key.
    :param market: whose pings and limits the link has.
    :param calls: the beginning of the names of the client's methods.
    :param rest: the client's attribute with the address of those.
    :param subscribes: also send a SUBSCRIBE of the key.  Two sources disagree about the address of
        an options account: the page has the key in the path, the official connector sends it in a
        request.  Doing both is harmless.
    """

    address: str
    path: str
    market: str
    calls: str
    rest: str
    subscribes: bool = False


_USDM_PATH: Final = f"private/ws?listenKey={{key}}&events={'/'.join(USDM_EVENTS)}"
ACCOUNTS: Final = {
    "usdm:user": KeyedAccount("FSTREAM_URL", _USDM_PATH, "usdm", "futures_stream", "FUTURES_URL"),
    "coinm:user": KeyedAccount(
        "DSTREAM_URL", "ws/{key}", "coinm", "futures_coin_stream", "FUTURES_COIN_URL"
    ),
    "options:user": KeyedAccount(
        "VSTREAM_URL", "private/ws/{key}", "options", "eapi_stream", "OPTIONS_URL", subscribes=True
    ),
    "pm:user": KeyedAccount("pm_stream", "ws/{key}", "usdm", "papi_stream", "PORTFOLIO_URL"),
    "pm:pro": KeyedAccount(
        "FSTREAM_URL", "pm-classic/ws/{key}", "usdm", "futures_stream", "FUTURES_URL"
    ),
    "margin:risk": KeyedAccount(
        "margin_stream", "ws/{key}", "usdm", "margin_risk_stream", "MARGIN_API_URL"
    ),
}
"""Socket key -> the account.  The path of another market is silent on the exchange."""

OLD_SPOT: Final = KeyedAccount("STREAM_URL", "ws/{key}", "spot", "stream", "API_URL")
"""Spot accounts, in the regions that still have their listen keys."""
