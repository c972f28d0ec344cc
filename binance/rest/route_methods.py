"""Methods made from their routes: sub-accounts, Simple Earn, COIN-M futures, options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from binance.rest.calls import Calls
from binance.sansio.names import routes
from binance.sansio.names.routes.shape import Route, State

Method = Callable[..., Any]


class ByRoute:
    """A method with no more to it than its route: keyword parameters in, the answer out."""

    def __set_name__(self, owner: type, name: str) -> None:
        route = routes.table()[name]

        def method(self: Calls, **params: Any) -> Any:
            return self._by_name(name, **params)

        method.__name__, method.__qualname__ = name, f"{owner.__name__}.{name}"
        method.__module__ = owner.__module__
        method.__doc__ = describe(route)
        setattr(owner, name, method)


def describe(route: Route) -> str:
    """A docstring from a route."""
    if route.state is State.RETIRED:
        cure = f"use {route.replacement}" if route.replacement else "there is no replacement"
        return f"Retired (``{route.endpoint}``), {cure}: raises `BinanceRetiredError`."
    return (
        f"``{route.endpoint}``: the endpoint's parameters by keyword; needs {route.security.value}."
    )


def by_route() -> Method:
    """The method of the name it is assigned to."""
    made: Any = ByRoute()
    method: Method = made
    return method


class RouteMethods(Calls):
    """Source: https://developers.binance.com/docs"""

    # sub-accounts

    get_sub_account_list = by_route()
    get_sub_account_transfer_history = by_route()
    create_sub_account_transfer = by_route()
    get_sub_account_futures_transfer_history = by_route()
    create_sub_account_futures_transfer = by_route()
    get_sub_account_assets = by_route()
    query_subaccount_spot_summary = by_route()
    get_subaccount_deposit_address = by_route()
    get_subaccount_deposit_history = by_route()
    get_subaccount_futures_margin_status = by_route()
    enable_subaccount_margin = by_route()
    get_subaccount_margin_details = by_route()
    get_subaccount_margin_summary = by_route()
    enable_subaccount_futures = by_route()
    get_subaccount_futures_details = by_route()
    get_subaccount_futures_summary = by_route()
    get_subaccount_futures_positionrisk = by_route()
    make_subaccount_futures_transfer = by_route()
    make_subaccount_margin_transfer = by_route()
    make_subaccount_to_subaccount_transfer = by_route()
    make_subaccount_to_master_transfer = by_route()
    get_subaccount_transfer_history = by_route()
    get_universal_transfer_history = by_route()
    sub_account_list = by_route()
    sub_account_spot_transfer_history = by_route()
    sub_account_assets = by_route()

    # Lending, and Simple Earn which came after it

    get_lending_product_list = by_route()
    get_lending_daily_quota_left = by_route()
    purchase_lending_product = by_route()
    get_lending_daily_redemption_quota = by_route()
    redeem_lending_product = by_route()
    get_lending_position = by_route()
    get_fixed_activity_project_list = by_route()
    get_lending_account = by_route()
    get_lending_purchase_history = by_route()
    get_lending_redemption_history = by_route()
    get_lending_interest_history = by_route()
    change_fixed_activity_to_daily_position = by_route()
    get_simple_earn_account = by_route()
    get_simple_earn_flexible_product_list = by_route()
    get_simple_earn_flexible_product_position = by_route()
    get_simple_earn_flexible_personal_left_quota = by_route()
    subscribe_simple_earn_flexible_product = by_route()
    redeem_simple_earn_flexible_product = by_route()
    get_simple_earn_flexible_subscription_record = by_route()
    get_simple_earn_flexible_redemption_record = by_route()
    get_simple_earn_flexible_rewards_record = by_route()
    get_simple_earn_locked_product_list = by_route()
    get_simple_earn_locked_product_position = by_route()
    subscribe_simple_earn_locked_product = by_route()
    redeem_simple_earn_locked_product = by_route()

    # COIN-M futures

    futures_coin_ping = by_route()
    futures_coin_time = by_route()
    futures_coin_exchange_info = by_route()
    futures_coin_order_book = by_route()
    futures_coin_recent_trades = by_route()
    futures_coin_historical_trades = by_route()
    futures_coin_aggregate_trades = by_route()
    futures_coin_klines = by_route()
    futures_coin_continous_klines = by_route()
    futures_coin_index_price_klines = by_route()
    futures_coin_mark_price_klines = by_route()
    futures_coin_mark_price = by_route()
    futures_coin_funding_rate = by_route()
    futures_coin_ticker = by_route()
    futures_coin_symbol_ticker = by_route()
    futures_coin_orderbook_ticker = by_route()
    futures_coin_liquidation_orders = by_route()
    futures_coin_open_interest = by_route()
    futures_coin_open_interest_hist = by_route()
    futures_coin_leverage_bracket = by_route()
    futures_coin_create_order = by_route()
    futures_coin_get_order = by_route()
    futures_coin_get_open_orders = by_route()
    futures_coin_get_all_orders = by_route()
    futures_coin_cancel_order = by_route()
    futures_coin_cancel_all_open_orders = by_route()
    futures_coin_cancel_orders = by_route()
    futures_coin_account_balance = by_route()
    futures_coin_account = by_route()
    futures_coin_change_leverage = by_route()
    futures_coin_change_margin_type = by_route()
    futures_coin_change_position_margin = by_route()
    futures_coin_position_margin_history = by_route()
    futures_coin_position_information = by_route()
    futures_coin_account_trades = by_route()
    futures_coin_income_history = by_route()
    futures_coin_change_position_mode = by_route()
    futures_coin_get_position_mode = by_route()
    futures_coin_stream_get_listen_key = by_route()
    futures_coin_stream_keepalive = by_route()
    futures_coin_stream_close = by_route()

    # the old vanilla options, and European options

    options_ping = by_route()
    options_time = by_route()
    options_info = by_route()
    options_exchange_info = by_route()
    options_index_price = by_route()
    options_price = by_route()
    options_mark_price = by_route()
    options_order_book = by_route()
    options_klines = by_route()
    options_recent_trades = by_route()
    options_historical_trades = by_route()
    options_account_info = by_route()
    options_funds_transfer = by_route()
    options_positions = by_route()
    options_bill = by_route()
    options_place_order = by_route()
    options_place_batch_order = by_route()
    options_cancel_order = by_route()
    options_cancel_batch_order = by_route()
    options_cancel_all_orders = by_route()
    options_query_order = by_route()
    options_query_pending_orders = by_route()
    options_query_order_history = by_route()
    options_user_trades = by_route()
    eapi_ping = by_route()
    eapi_time = by_route()
    eapi_exchange_info = by_route()
    eapi_index = by_route()
    eapi_ticker = by_route()
    eapi_mark = by_route()
    eapi_order_book = by_route()
    eapi_klines = by_route()
    eapi_recent_trades = by_route()
    eapi_margin_account = by_route()
    eapi_position = by_route()
    eapi_bill = by_route()
    eapi_create_order = by_route()
    eapi_create_batch_orders = by_route()
    eapi_get_order = by_route()
    eapi_cancel_order = by_route()
    eapi_cancel_batch_orders = by_route()
    eapi_cancel_all_open_orders = by_route()
    eapi_get_open_orders = by_route()
    eapi_get_order_history = by_route()
    eapi_user_trades = by_route()
    eapi_stream_get_listen_key = by_route()
    eapi_stream_keepalive = by_route()
    eapi_stream_close = by_route()
