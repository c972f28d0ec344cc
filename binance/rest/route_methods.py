"""Methods made from their routes: sub-accounts, Simple Earn, COIN-M futures, options."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from binance.rest.calls import Calls
from binance.sansio.names import routes
from binance.sansio.names.routes.shape import Route, State

Method = Callable[..., Any]
M = TypeVar("M", bound=Method)


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
    """The method of each name it is assigned to, by the route of that name."""
    made: Any = ByRoute()
    method: Method = made
    return method


def by_signature(method: M) -> M:
    """A method that is its signature and docstring: its parameters go to the route of its name."""
    name, defaults = method.__name__, method.__kwdefaults__ or {}

    @functools.wraps(method)
    def call(self: Calls, **params: Any) -> Any:
        return self._by_name(name, **defaults | params)

    made: Any = call
    typed: M = made
    return typed


class RouteMethods(Calls):
    """Source: https://developers.binance.com/docs"""

    # sub-accounts

    get_sub_account_list = get_sub_account_transfer_history = by_route()
    create_sub_account_transfer = get_sub_account_futures_transfer_history = by_route()
    create_sub_account_futures_transfer = get_sub_account_assets = by_route()
    query_subaccount_spot_summary = get_subaccount_deposit_address = by_route()
    get_subaccount_deposit_history = get_subaccount_futures_margin_status = by_route()
    enable_subaccount_margin = get_subaccount_margin_details = by_route()
    get_subaccount_margin_summary = enable_subaccount_futures = by_route()
    get_subaccount_futures_details = get_subaccount_futures_summary = by_route()
    get_subaccount_futures_positionrisk = make_subaccount_futures_transfer = by_route()
    make_subaccount_margin_transfer = make_subaccount_to_subaccount_transfer = by_route()
    make_subaccount_to_master_transfer = get_subaccount_transfer_history = by_route()
    get_universal_transfer_history = sub_account_list = by_route()
    sub_account_spot_transfer_history = sub_account_assets = by_route()

    # Lending, and Simple Earn which came after it

    get_lending_product_list = get_lending_daily_quota_left = purchase_lending_product = by_route()
    get_lending_daily_redemption_quota = redeem_lending_product = get_lending_position = by_route()
    get_fixed_activity_project_list = get_lending_account = by_route()
    get_lending_purchase_history = get_lending_redemption_history = by_route()
    get_lending_interest_history = change_fixed_activity_to_daily_position = by_route()
    get_simple_earn_account = get_simple_earn_flexible_product_list = by_route()
    get_simple_earn_flexible_product_position = by_route()
    get_simple_earn_flexible_personal_left_quota = by_route()
    subscribe_simple_earn_flexible_product = redeem_simple_earn_flexible_product = by_route()
    get_simple_earn_flexible_subscription_record = by_route()
    get_simple_earn_flexible_redemption_record = by_route()
    get_simple_earn_flexible_rewards_record = get_simple_earn_locked_product_list = by_route()
    get_simple_earn_locked_product_position = subscribe_simple_earn_locked_product = by_route()
    redeem_simple_earn_locked_product = by_route()

    # COIN-M futures

    futures_coin_ping = futures_coin_time = futures_coin_exchange_info = by_route()
    futures_coin_order_book = futures_coin_recent_trades = by_route()
    futures_coin_historical_trades = futures_coin_aggregate_trades = by_route()
    futures_coin_klines = futures_coin_continous_klines = by_route()
    futures_coin_index_price_klines = futures_coin_mark_price_klines = by_route()
    futures_coin_mark_price = futures_coin_funding_rate = futures_coin_ticker = by_route()
    futures_coin_symbol_ticker = futures_coin_orderbook_ticker = by_route()
    futures_coin_liquidation_orders = futures_coin_open_interest = by_route()
    futures_coin_open_interest_hist = futures_coin_leverage_bracket = by_route()
    futures_coin_create_order = futures_coin_get_order = futures_coin_get_open_orders = by_route()
    futures_coin_get_all_orders = futures_coin_cancel_order = by_route()
    futures_coin_cancel_all_open_orders = futures_coin_cancel_orders = by_route()
    futures_coin_account_balance = futures_coin_account = futures_coin_change_leverage = by_route()
    futures_coin_change_margin_type = futures_coin_change_position_margin = by_route()
    futures_coin_position_margin_history = futures_coin_position_information = by_route()
    futures_coin_account_trades = futures_coin_income_history = by_route()
    futures_coin_change_position_mode = futures_coin_get_position_mode = by_route()
    futures_coin_stream_get_listen_key = futures_coin_stream_keepalive = by_route()
    futures_coin_stream_close = by_route()

    futures_coin_create_algo_order = futures_coin_get_algo_order = by_route()
    futures_coin_cancel_algo_order = futures_coin_cancel_all_algo_open_orders = by_route()
    futures_coin_get_open_algo_orders = by_route()

    # conditional orders of USD-M futures; the others are in `binance.rest.futures`

    futures_cancel_all_algo_open_orders = futures_get_all_algo_orders = by_route()

    # the old vanilla options, and European options

    options_ping = options_time = options_info = options_exchange_info = by_route()
    options_index_price = options_price = options_mark_price = options_order_book = by_route()
    options_klines = options_recent_trades = options_historical_trades = by_route()
    options_account_info = options_funds_transfer = options_positions = options_bill = by_route()
    options_place_order = options_place_batch_order = options_cancel_order = by_route()
    options_cancel_batch_order = options_cancel_all_orders = options_query_order = by_route()
    options_query_pending_orders = options_query_order_history = options_user_trades = by_route()
    eapi_ping = eapi_time = eapi_exchange_info = eapi_index = eapi_ticker = eapi_mark = by_route()
    eapi_order_book = eapi_klines = eapi_recent_trades = eapi_margin_account = by_route()
    eapi_position = eapi_bill = eapi_create_order = eapi_create_batch_orders = by_route()
    eapi_get_order = eapi_cancel_order = eapi_cancel_batch_orders = by_route()
    eapi_cancel_all_open_orders = eapi_get_open_orders = eapi_get_order_history = by_route()
    eapi_user_trades = eapi_stream_get_listen_key = eapi_stream_keepalive = by_route()
    eapi_stream_close = by_route()

    # portfolio margin

    papi_get_balance = papi_get_account = papi_create_um_order = papi_get_um_order = by_route()
    papi_cancel_um_order = papi_get_um_open_orders = papi_get_um_all_orders = by_route()
    papi_get_um_user_trades = papi_get_um_account = papi_get_um_position_risk = by_route()
    papi_create_cm_order = papi_get_cm_order = papi_cancel_cm_order = by_route()
    papi_get_cm_open_orders = papi_get_cm_all_orders = papi_get_cm_user_trades = by_route()
    papi_get_cm_account = papi_get_cm_position_risk = papi_stream_get_listen_key = by_route()
    papi_stream_keepalive = papi_stream_close = by_route()
    papi_create_um_algo_order = papi_get_um_algo_order = papi_cancel_um_algo_order = by_route()
    papi_get_um_open_algo_orders = papi_get_margin_open_orders = by_route()
    papi_get_margin_all_orders = papi_get_margin_my_trades = by_route()
