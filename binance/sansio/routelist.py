"""All rows of `binance.sansio.routes`, by subject."""

from __future__ import annotations

from binance.sansio import routesmore, routesspot
from binance.sansio.routes import Route

GROUPS: dict[str, tuple[Route, ...]] = {
    "General": routesspot.GENERAL,
    "Market data": routesspot.MARKET_DATA,
    "Orders and order lists": routesspot.ORDERS,
    "Account": routesspot.ACCOUNT,
    "Wallet": routesspot.WALLET,
    "Spot user stream": routesspot.USER_STREAM,
    "Margin": routesspot.MARGIN,
    "Margin user streams": routesspot.MARGIN_STREAM,
    "Lending, now Simple Earn": routesmore.LENDING,
    "Sub-accounts": routesmore.SUB_ACCOUNTS,
    "USD-M futures": routesmore.FUTURES,
    "COIN-M futures": routesmore.COIN_FUTURES,
    "Options": routesmore.OPTIONS,
}
"""Subject -> its routes, in the order of the documentation."""

ROWS: tuple[Route, ...] = tuple(route for group in GROUPS.values() for route in group)
