# ruff: noqa: E501 (a table: one row a line)
"""The rows of `binance.sansio.routes`: every REST method of the client.

Sources: https://developers.binance.com/docs (spot, margin, wallet, sub-account, simple earn, USD-M,
COIN-M, options) for today's endpoints, their security and their weight; the exchange's notices for
what was retired. Weights are those of the limit by IP; where a weight depends on parameters the
row has the least of them (`routes.weight` knows the rest).
"""

from __future__ import annotations

from typing import Any

from binance.sansio.routes import Route, Security, State

NONE = Security.NONE
MARKET = Security.MARKET_DATA
STREAM = Security.USER_STREAM
DATA = Security.USER_DATA
TRADE = Security.TRADE


def _same(
    name: str, method: str, path: str, security: Security, weight: int = 1, **more: Any
) -> Route:
    return Route(name, method, path, security, weight, State.SAME, **more)


def _new(
    name: str, method: str, path: str, security: Security, weight: int = 1, **more: Any
) -> Route:
    return Route(name, method, path, security, weight, State.NEW, **more)


def _moved(
    name: str, method: str, path: str, security: Security, weight: int, was: str, **more: Any
) -> Route:
    return Route(name, method, path, security, weight, State.MOVED, was=was, **more)


def _gone(
    name: str, method: str, path: str, replacement: str, security: Security = DATA, **more: Any
) -> Route:
    return Route(name, method, path, security, 1, State.RETIRED, replacement=replacement, **more)


# How an order of unknown fate is asked for.
_SPOT: dict[str, Any] = {"order_id": "newClientOrderId", "ask": "get_order"}
_LIST: dict[str, Any] = {"order_id": "listClientOrderId", "ask": "get_order_list", "keep": ()}
_MARGIN: dict[str, Any] = {
    "order_id": "newClientOrderId",
    "ask": "get_margin_order",
    "keep": ("symbol", "isIsolated"),
}
_MARGIN_LIST: dict[str, Any] = {
    "order_id": "listClientOrderId",
    "ask": "get_margin_oco_order",
    "keep": ("symbol", "isIsolated"),
}
_USDM: dict[str, Any] = {"order_id": "newClientOrderId", "ask": "futures_get_order"}
_ALGO: dict[str, Any] = {
    "order_id": "clientAlgoId",
    "ask": "futures_get_algo_order",
    "ask_id": "clientAlgoId",
    "keep": (),
}
_COINM: dict[str, Any] = {"order_id": "newClientOrderId", "ask": "futures_coin_get_order"}
_OPTIONS: dict[str, Any] = {
    "order_id": "clientOrderId",
    "ask": "eapi_get_order",
    "ask_id": "clientOrderId",
}

# fmt: off
_WEBSITE = "/exchange-api/v1/public/asset-service/product/get-products"

GENERAL = (
    _same("get_products", "GET", _WEBSITE, NONE),
    _same("get_exchange_info", "GET", "/api/v3/exchangeInfo", NONE, 20),
    _same("get_symbol_info", "GET", "/api/v3/exchangeInfo", NONE, 20),
    _same("ping", "GET", "/api/v3/ping", NONE),
    _same("get_server_time", "GET", "/api/v3/time", NONE),
    _new("get_execution_rules", "GET", "/api/v3/executionRules", NONE, 20),
)

MARKET_DATA = (
    _same("get_all_tickers", "GET", "/api/v3/ticker/price", NONE, 4),
    _same("get_orderbook_tickers", "GET", "/api/v3/ticker/bookTicker", NONE, 4),
    _same("get_order_book", "GET", "/api/v3/depth", NONE, 5),
    _moved("get_recent_trades", "GET", "/api/v3/trades", NONE, 25, "GET /api/v1/trades"),
    _same("get_historical_trades", "GET", "/api/v3/historicalTrades", MARKET, 25),
    _same("get_aggregate_trades", "GET", "/api/v3/aggTrades", NONE, 4),
    _same("aggregate_trade_iter", "GET", "/api/v3/aggTrades", NONE, 4),
    _same("get_klines", "GET", "/api/v3/klines", NONE, 2),
    _same("get_historical_klines", "GET", "/api/v3/klines", NONE, 2),
    _same("get_historical_klines_generator", "GET", "/api/v3/klines", NONE, 2),
    _same("get_avg_price", "GET", "/api/v3/avgPrice", NONE, 2),
    _same("get_ticker", "GET", "/api/v3/ticker/24hr", NONE, 2),
    _same("get_symbol_ticker", "GET", "/api/v3/ticker/price", NONE, 2),
    _same("get_orderbook_ticker", "GET", "/api/v3/ticker/bookTicker", NONE, 2),
    _new("get_historical_block_trades", "GET", "/api/v3/historicalBlockTrades", NONE, 25),
    _new("get_ui_klines", "GET", "/api/v3/uiKlines", NONE, 2),
    _new("get_reference_price", "GET", "/api/v3/referencePrice", NONE, 2),
    _new("get_reference_price_calculation", "GET", "/api/v3/referencePrice/calculation", NONE, 2),
    _new("get_rolling_ticker", "GET", "/api/v3/ticker", NONE, 4),
    _new("get_trading_day_ticker", "GET", "/api/v3/ticker/tradingDay", NONE, 4),
)

_OLD_OCO = "create_order_list_oco (POST /api/v3/orderList/oco, other parameters)"
ORDERS = (
    _same("create_order", "POST", "/api/v3/order", TRADE, **_SPOT),
    _same("order_limit", "POST", "/api/v3/order", TRADE, **_SPOT),
    _same("order_limit_buy", "POST", "/api/v3/order", TRADE, **_SPOT),
    _same("order_limit_sell", "POST", "/api/v3/order", TRADE, **_SPOT),
    _same("order_market", "POST", "/api/v3/order", TRADE, **_SPOT),
    _same("order_market_buy", "POST", "/api/v3/order", TRADE, **_SPOT),
    _same("order_market_sell", "POST", "/api/v3/order", TRADE, **_SPOT),
    _gone("create_oco_order", "POST", "/api/v3/order/oco", _OLD_OCO, TRADE),
    _gone("order_oco_buy", "POST", "/api/v3/order/oco", _OLD_OCO, TRADE),
    _gone("order_oco_sell", "POST", "/api/v3/order/oco", _OLD_OCO, TRADE),
    _same("create_test_order", "POST", "/api/v3/order/test", TRADE),
    _same("get_order", "GET", "/api/v3/order", DATA, 4),
    _same("get_all_orders", "GET", "/api/v3/allOrders", DATA, 20),
    _same("cancel_order", "DELETE", "/api/v3/order", TRADE),
    _same("get_open_orders", "GET", "/api/v3/openOrders", DATA, 6),
    _new("cancel_all_open_orders", "DELETE", "/api/v3/openOrders", TRADE),
    _new("cancel_replace_order", "POST", "/api/v3/order/cancelReplace", TRADE),
    _new("amend_order_keep_priority", "PUT", "/api/v3/order/amend/keepPriority", TRADE, 4),
    _new("get_order_amendments", "GET", "/api/v3/order/amendments", DATA, 4),
    _new("create_sor_order", "POST", "/api/v3/sor/order", TRADE, **_SPOT),
    _new("create_test_sor_order", "POST", "/api/v3/sor/order/test", TRADE),
    _new("create_order_list_oco", "POST", "/api/v3/orderList/oco", TRADE, **_LIST),
    _new("create_order_list_oto", "POST", "/api/v3/orderList/oto", TRADE, **_LIST),
    _new("create_order_list_otoco", "POST", "/api/v3/orderList/otoco", TRADE, **_LIST),
    _new("create_order_list_opo", "POST", "/api/v3/orderList/opo", TRADE, **_LIST),
    _new("create_order_list_opoco", "POST", "/api/v3/orderList/opoco", TRADE, **_LIST),
    _new("cancel_order_list", "DELETE", "/api/v3/orderList", TRADE),
    _new("get_order_list", "GET", "/api/v3/orderList", DATA, 4),
    _new("get_all_order_lists", "GET", "/api/v3/allOrderList", DATA, 20),
    _new("get_open_order_lists", "GET", "/api/v3/openOrderList", DATA, 6),
)

ACCOUNT = (
    _same("get_account", "GET", "/api/v3/account", DATA, 20),
    _same("get_asset_balance", "GET", "/api/v3/account", DATA, 20),
    _same("get_my_trades", "GET", "/api/v3/myTrades", DATA, 20),
    _new("get_order_rate_limits", "GET", "/api/v3/rateLimit/order", DATA, 40),
    _new("get_prevented_matches", "GET", "/api/v3/myPreventedMatches", DATA, 20),
    _new("get_allocations", "GET", "/api/v3/myAllocations", DATA, 20),
    _new("get_account_commission", "GET", "/api/v3/account/commission", DATA, 20),
    _new("get_account_filters", "GET", "/api/v3/myFilters", DATA, 40),
)

WALLET = (
    _moved("get_system_status", "GET", "/sapi/v1/system/status", NONE, 1, "GET /wapi/v3/systemStatus.html"),
    _gone("get_account_status", "GET", "/wapi/v3/accountStatus.html", "account_status"),
    _gone("get_account_api_trading_status", "GET", "/wapi/v3/apiTradingStatus.html", "account_api_trading_status"),
    _gone("get_dust_log", "GET", "/wapi/v3/userAssetDribbletLog.html", "asset_dust_log"),
    _same("transfer_dust", "POST", "/sapi/v1/asset/dust", TRADE, 10),
    _same("get_asset_dividend_history", "GET", "/sapi/v1/asset/assetDividend", DATA, 10),
    _same("make_universal_transfer", "POST", "/sapi/v1/sub-account/universalTransfer", TRADE),
    _same("query_universal_transfer_history", "GET", "/sapi/v1/asset/transfer", DATA),
    _gone("get_trade_fee", "GET", "/wapi/v3/tradeFee.html", "asset_trade_fee"),
    _gone("get_asset_details", "GET", "/wapi/v3/assetDetail.html", "asset_detail"),
    _gone("withdraw", "POST", "/wapi/v3/withdraw.html", "capital_withdraw (`coin` instead of `asset`)", TRADE),
    _gone("get_deposit_history", "GET", "/wapi/v3/depositHistory.html", "capital_deposit_history"),
    _gone("get_withdraw_history", "GET", "/wapi/v3/withdrawHistory.html", "capital_withdraw_history"),
    _gone("get_withdraw_history_id", "GET", "/wapi/v3/withdrawHistory.html", "capital_withdraw_history"),
    _gone("get_deposit_address", "GET", "/wapi/v3/depositAddress.html", "capital_deposit_address"),
    _same("get_all_coins_info", "GET", "/sapi/v1/capital/config/getall", DATA, 10),
    _same("get_account_snapshot", "GET", "/sapi/v1/accountSnapshot", DATA, 2400),
    _moved("disable_fast_withdraw_switch", "POST", "/sapi/v1/account/disableFastWithdrawSwitch", TRADE, 1, "POST /sapi/v1/disableFastWithdrawSwitch"),
    _moved("enable_fast_withdraw_switch", "POST", "/sapi/v1/account/enableFastWithdrawSwitch", TRADE, 1, "POST /sapi/v1/enableFastWithdrawSwitch"),
    _same("universal_transfer", "POST", "/sapi/v1/asset/transfer", TRADE, 900),
    _same("new_transfer_history", "GET", "/sapi/v1/asset/transfer", DATA),
    _new("account_status", "GET", "/sapi/v1/account/status", DATA),
    _new("account_api_trading_status", "GET", "/sapi/v1/account/apiTradingStatus", DATA),
    _new("account_api_restrictions", "GET", "/sapi/v1/account/apiRestrictions", DATA),
    _new("account_info", "GET", "/sapi/v1/account/info", DATA),
    _new("asset_dust_log", "GET", "/sapi/v1/asset/dribblet", DATA),
    _new("asset_dust_list", "POST", "/sapi/v1/asset/dust-btc", DATA),
    _new("asset_trade_fee", "GET", "/sapi/v1/asset/tradeFee", DATA),
    _new("asset_detail", "GET", "/sapi/v1/asset/assetDetail", DATA),
    _new("asset_user_assets", "POST", "/sapi/v3/asset/getUserAsset", DATA, 5),
    _new("asset_funding_wallet", "POST", "/sapi/v1/asset/get-funding-asset", DATA),
    _new("asset_wallet_balance", "GET", "/sapi/v1/asset/wallet/balance", DATA, 60),
    _new("capital_withdraw", "POST", "/sapi/v1/capital/withdraw/apply", TRADE, 900),
    _new("capital_withdraw_history", "GET", "/sapi/v1/capital/withdraw/history", DATA, 18000),
    _new("capital_deposit_history", "GET", "/sapi/v1/capital/deposit/hisrec", DATA),
    _new("capital_deposit_address", "GET", "/sapi/v1/capital/deposit/address", DATA, 10),
    _new("capital_deposit_addresses", "GET", "/sapi/v1/capital/deposit/address/list", DATA, 10),
)

_WS_USER = "BinanceSocketManager.start_user_socket (WebSocket API, userDataStream.subscribe.signature)"
USER_STREAM = (
    _gone("stream_get_listen_key", "POST", "/api/v3/userDataStream", _WS_USER, STREAM, still_asked=True),
    _gone("stream_keepalive", "PUT", "/api/v3/userDataStream", _WS_USER, STREAM, still_asked=True),
    _gone("stream_close", "DELETE", "/api/v3/userDataStream", _WS_USER, STREAM, still_asked=True),
)

_TRANSFER = "universal_transfer (POST /sapi/v1/asset/transfer) with type "
_BORROW = "margin_borrow_repay (POST /sapi/v1/margin/borrow-repay) with type "
MARGIN = (
    _same("get_margin_account", "GET", "/sapi/v1/margin/account", DATA, 10),
    _same("get_isolated_margin_account", "GET", "/sapi/v1/margin/isolated/account", DATA, 10),
    _gone("get_margin_asset", "GET", "/sapi/v1/margin/asset", "get_margin_all_assets (answers a list)", MARKET),
    _gone("get_margin_symbol", "GET", "/sapi/v1/margin/pair", "get_margin_all_pairs (answers a list)", MARKET),
    _gone("create_isolated_margin_account", "POST", "/sapi/v1/margin/isolated/create", "enable_isolated_margin_account (`symbol` instead of `base` and `quote`)", TRADE),
    _gone("get_isolated_margin_symbol", "GET", "/sapi/v1/margin/isolated/pair", "get_all_isolated_margin_symbols(symbol=..) (answers a list)"),
    _same("get_all_isolated_margin_symbols", "GET", "/sapi/v1/margin/isolated/allPairs", MARKET, 10),
    _same("toggle_bnb_burn_spot_margin", "POST", "/sapi/v1/bnbBurn", TRADE),
    _same("get_bnb_burn_spot_margin", "GET", "/sapi/v1/bnbBurn", DATA),
    _same("get_margin_price_index", "GET", "/sapi/v1/margin/priceIndex", MARKET, 10),
    _gone("transfer_margin_to_spot", "POST", "/sapi/v1/margin/transfer", _TRANSFER + "MARGIN_MAIN", TRADE),
    _gone("transfer_spot_to_margin", "POST", "/sapi/v1/margin/transfer", _TRANSFER + "MAIN_MARGIN", TRADE),
    _gone("transfer_isolated_margin_to_spot", "POST", "/sapi/v1/margin/isolated/transfer", _TRANSFER + "ISOLATEDMARGIN_MARGIN, then MARGIN_MAIN", TRADE),
    _gone("transfer_spot_to_isolated_margin", "POST", "/sapi/v1/margin/isolated/transfer", _TRANSFER + "MAIN_MARGIN, then MARGIN_ISOLATEDMARGIN", TRADE),
    _gone("create_margin_loan", "POST", "/sapi/v1/margin/loan", _BORROW + "BORROW", TRADE),
    _gone("repay_margin_loan", "POST", "/sapi/v1/margin/repay", _BORROW + "REPAY", TRADE),
    _same("create_margin_order", "POST", "/sapi/v1/margin/order", TRADE, 6, **_MARGIN),
    _same("cancel_margin_order", "DELETE", "/sapi/v1/margin/order", TRADE, 10),
    _gone("get_margin_loan_details", "GET", "/sapi/v1/margin/loan", "get_margin_borrow_repay_records(type='BORROW')"),
    _gone("get_margin_repay_details", "GET", "/sapi/v1/margin/repay", "get_margin_borrow_repay_records(type='REPAY')"),
    _same("get_margin_order", "GET", "/sapi/v1/margin/order", DATA, 10),
    _same("get_open_margin_orders", "GET", "/sapi/v1/margin/openOrders", DATA, 10),
    _same("get_all_margin_orders", "GET", "/sapi/v1/margin/allOrders", DATA, 200),
    _same("get_margin_trades", "GET", "/sapi/v1/margin/myTrades", DATA, 10),
    _same("get_max_margin_loan", "GET", "/sapi/v1/margin/maxBorrowable", DATA, 50),
    _same("get_max_margin_transfer", "GET", "/sapi/v1/margin/maxTransferable", DATA, 50),
    _new("get_margin_all_assets", "GET", "/sapi/v1/margin/allAssets", MARKET),
    _new("get_margin_all_pairs", "GET", "/sapi/v1/margin/allPairs", MARKET),
    _new("margin_borrow_repay", "POST", "/sapi/v1/margin/borrow-repay", TRADE, 1500),
    _new("get_margin_borrow_repay_records", "GET", "/sapi/v1/margin/borrow-repay", DATA, 10),
    _new("get_margin_interest_history", "GET", "/sapi/v1/margin/interestHistory", DATA),
    _new("get_margin_transfer_history", "GET", "/sapi/v1/margin/transfer", DATA),
    _new("get_margin_force_liquidation_records", "GET", "/sapi/v1/margin/forceLiquidationRec", DATA),
    _new("cancel_all_open_margin_orders", "DELETE", "/sapi/v1/margin/openOrders", TRADE),
    _new("enable_isolated_margin_account", "POST", "/sapi/v1/margin/isolated/account", TRADE, 300),
    _new("disable_isolated_margin_account", "DELETE", "/sapi/v1/margin/isolated/account", TRADE, 300),
    _new("get_isolated_margin_account_limit", "GET", "/sapi/v1/margin/isolated/accountLimit", DATA),
    _new("create_margin_oco_order", "POST", "/sapi/v1/margin/order/oco", TRADE, 6, **_MARGIN_LIST),
    _new("cancel_margin_oco_order", "DELETE", "/sapi/v1/margin/orderList", TRADE),
    _new("get_margin_oco_order", "GET", "/sapi/v1/margin/orderList", DATA, 10),
    _new("get_open_margin_oco_orders", "GET", "/sapi/v1/margin/openOrderList", DATA, 10),
    _new("margin_create_listen_token", "POST", "/sapi/v1/userListenToken", DATA),
    _new("margin_risk_stream_get_listen_key", "POST", "/sapi/v1/margin/listen-key", STREAM),
    _new("margin_risk_stream_keepalive", "PUT", "/sapi/v1/margin/listen-key", STREAM),
    _new("margin_risk_stream_close", "DELETE", "/sapi/v1/margin/listen-key", STREAM),
)

_TOKEN = "margin_create_listen_token and BinanceSocketManager."
_MARGIN_TOKEN = _TOKEN + "start_margin_socket (WebSocket API, userDataStream.subscribe.listenToken)"
_ISOLATED_TOKEN = _TOKEN + "start_isolated_margin_socket (WebSocket API, userDataStream.subscribe.listenToken)"
MARGIN_STREAM = (
    _gone("margin_stream_get_listen_key", "POST", "/sapi/v1/userDataStream", _MARGIN_TOKEN, STREAM),
    _gone("margin_stream_keepalive", "PUT", "/sapi/v1/userDataStream", _MARGIN_TOKEN, STREAM),
    _gone("margin_stream_close", "DELETE", "/sapi/v1/userDataStream", _MARGIN_TOKEN, STREAM),
    _gone("isolated_margin_stream_get_listen_key", "POST", "/sapi/v1/userDataStream/isolated", _ISOLATED_TOKEN, STREAM),
    _gone("isolated_margin_stream_keepalive", "PUT", "/sapi/v1/userDataStream/isolated", _ISOLATED_TOKEN, STREAM),
    _gone("isolated_margin_stream_close", "DELETE", "/sapi/v1/userDataStream/isolated", _ISOLATED_TOKEN, STREAM),
)

_EARN = "/sapi/v1/simple-earn"
LENDING = (
    _gone("get_lending_product_list", "GET", "/sapi/v1/lending/daily/product/list", "get_simple_earn_flexible_product_list"),
    _gone("get_lending_daily_quota_left", "GET", "/sapi/v1/lending/daily/userLeftQuota", "get_simple_earn_flexible_personal_left_quota"),
    _gone("purchase_lending_product", "POST", "/sapi/v1/lending/daily/purchase", "subscribe_simple_earn_flexible_product", TRADE),
    _gone("get_lending_daily_redemption_quota", "GET", "/sapi/v1/lending/daily/userRedemptionQuota", "get_simple_earn_flexible_personal_left_quota"),
    _gone("redeem_lending_product", "POST", "/sapi/v1/lending/daily/redeem", "redeem_simple_earn_flexible_product", TRADE),
    _gone("get_lending_position", "GET", "/sapi/v1/lending/daily/token/position", "get_simple_earn_flexible_product_position"),
    _gone("get_fixed_activity_project_list", "GET", "/sapi/v1/lending/project/list", "get_simple_earn_locked_product_list"),
    _gone("get_lending_account", "GET", "/sapi/v1/lending/union/account", "get_simple_earn_account"),
    _gone("get_lending_purchase_history", "GET", "/sapi/v1/lending/union/purchaseRecord", "get_simple_earn_flexible_subscription_record"),
    _gone("get_lending_redemption_history", "GET", "/sapi/v1/lending/union/redemptionRecord", "get_simple_earn_flexible_redemption_record"),
    _gone("get_lending_interest_history", "GET", "/sapi/v1/lending/union/interestHistory", "get_simple_earn_flexible_rewards_record"),
    _gone("change_fixed_activity_to_daily_position", "POST", "/sapi/v1/lending/positionChanged", "redeem_simple_earn_locked_product and subscribe_simple_earn_flexible_product", TRADE),
    _new("get_simple_earn_account", "GET", f"{_EARN}/account", DATA, 150),
    _new("get_simple_earn_flexible_product_list", "GET", f"{_EARN}/flexible/list", DATA, 150),
    _new("get_simple_earn_flexible_product_position", "GET", f"{_EARN}/flexible/position", DATA, 150),
    _new("get_simple_earn_flexible_personal_left_quota", "GET", f"{_EARN}/flexible/personalLeftQuota", DATA, 150),
    _new("subscribe_simple_earn_flexible_product", "POST", f"{_EARN}/flexible/subscribe", TRADE),
    _new("redeem_simple_earn_flexible_product", "POST", f"{_EARN}/flexible/redeem", TRADE),
    _new("get_simple_earn_flexible_subscription_record", "GET", f"{_EARN}/flexible/history/subscriptionRecord", DATA, 150),
    _new("get_simple_earn_flexible_redemption_record", "GET", f"{_EARN}/flexible/history/redemptionRecord", DATA, 150),
    _new("get_simple_earn_flexible_rewards_record", "GET", f"{_EARN}/flexible/history/rewardsRecord", DATA, 150),
    _new("get_simple_earn_locked_product_list", "GET", f"{_EARN}/locked/list", DATA, 150),
    _new("get_simple_earn_locked_product_position", "GET", f"{_EARN}/locked/position", DATA, 150),
    _new("subscribe_simple_earn_locked_product", "POST", f"{_EARN}/locked/subscribe", TRADE),
    _new("redeem_simple_earn_locked_product", "POST", f"{_EARN}/locked/redeem", TRADE),
)

_SUB = "/sapi/v1/sub-account"
SUB_ACCOUNTS = (
    _gone("get_sub_account_list", "GET", "/wapi/v3/sub-account/list.html", "sub_account_list"),
    _gone("get_sub_account_transfer_history", "GET", "/wapi/v3/sub-account/transfer/history.html", "sub_account_spot_transfer_history"),
    _gone("create_sub_account_transfer", "POST", "/wapi/v3/sub-account/transfer.html", "make_universal_transfer (POST /sapi/v1/sub-account/universalTransfer)", TRADE),
    _same("get_sub_account_futures_transfer_history", "GET", f"{_SUB}/futures/internalTransfer", DATA),
    _same("create_sub_account_futures_transfer", "POST", f"{_SUB}/futures/internalTransfer", TRADE),
    _gone("get_sub_account_assets", "GET", "/wapi/v3/sub-account/assets.html", "sub_account_assets"),
    _same("query_subaccount_spot_summary", "GET", f"{_SUB}/spotSummary", DATA),
    _same("get_subaccount_deposit_address", "GET", "/sapi/v1/capital/deposit/subAddress", DATA),
    _same("get_subaccount_deposit_history", "GET", "/sapi/v1/capital/deposit/subHisrec", DATA),
    _same("get_subaccount_futures_margin_status", "GET", f"{_SUB}/status", DATA, 10),
    _gone("enable_subaccount_margin", "POST", f"{_SUB}/margin/enable", "", TRADE),
    _same("get_subaccount_margin_details", "GET", f"{_SUB}/margin/account", DATA, 10),
    _same("get_subaccount_margin_summary", "GET", f"{_SUB}/margin/accountSummary", DATA, 10),
    _same("enable_subaccount_futures", "POST", f"{_SUB}/futures/enable", TRADE),
    _same("get_subaccount_futures_details", "GET", f"{_SUB}/futures/account", DATA, 10),
    _same("get_subaccount_futures_summary", "GET", f"{_SUB}/futures/accountSummary", DATA),
    _same("get_subaccount_futures_positionrisk", "GET", f"{_SUB}/futures/positionRisk", DATA, 10),
    _same("make_subaccount_futures_transfer", "POST", f"{_SUB}/futures/transfer", TRADE),
    _same("make_subaccount_margin_transfer", "POST", f"{_SUB}/margin/transfer", TRADE),
    _same("make_subaccount_to_subaccount_transfer", "POST", f"{_SUB}/transfer/subToSub", TRADE),
    _same("make_subaccount_to_master_transfer", "POST", f"{_SUB}/transfer/subToMaster", TRADE),
    _same("get_subaccount_transfer_history", "GET", f"{_SUB}/transfer/subUserHistory", DATA),
    _same("get_universal_transfer_history", "GET", f"{_SUB}/universalTransfer", DATA),
    _new("sub_account_list", "GET", f"{_SUB}/list", DATA),
    _new("sub_account_spot_transfer_history", "GET", f"{_SUB}/sub/transfer/history", DATA),
    _new("sub_account_assets", "GET", "/sapi/v4/sub-account/assets", DATA, 60),
)

_FORCE = "the <symbol>@forceOrder stream (BinanceSocketManager.start_multiplex_socket)"
FUTURES = (
    _same("futures_ping", "GET", "/fapi/v1/ping", NONE),
    _same("futures_time", "GET", "/fapi/v1/time", NONE),
    _same("futures_exchange_info", "GET", "/fapi/v1/exchangeInfo", NONE),
    _same("futures_order_book", "GET", "/fapi/v1/depth", NONE, 2),
    _same("futures_recent_trades", "GET", "/fapi/v1/trades", NONE, 5),
    _same("futures_historical_trades", "GET", "/fapi/v1/historicalTrades", MARKET, 20),
    _same("futures_aggregate_trades", "GET", "/fapi/v1/aggTrades", NONE, 20),
    _same("futures_klines", "GET", "/fapi/v1/klines", NONE),
    _same("futures_continous_klines", "GET", "/fapi/v1/continuousKlines", NONE),
    _same("futures_historical_klines", "GET", "/fapi/v1/klines", NONE),
    _same("futures_historical_klines_generator", "GET", "/fapi/v1/klines", NONE),
    _same("futures_mark_price", "GET", "/fapi/v1/premiumIndex", NONE),
    _same("futures_funding_rate", "GET", "/fapi/v1/fundingRate", NONE),
    _same("futures_ticker", "GET", "/fapi/v1/ticker/24hr", NONE),
    _same("futures_symbol_ticker", "GET", "/fapi/v1/ticker/price", NONE),
    _same("futures_orderbook_ticker", "GET", "/fapi/v1/ticker/bookTicker", NONE, 2),
    _gone("futures_liquidation_orders", "GET", "/fapi/v1/ticker/allForceOrders", _FORCE + " or futures_force_orders for your own", NONE),
    _moved("futures_open_interest", "GET", "/fapi/v1/openInterest", NONE, 1, "GET /fapi/v1/ticker/openInterest"),
    _same("futures_open_interest_hist", "GET", "/futures/data/openInterestHist", NONE),
    _same("futures_leverage_bracket", "GET", "/fapi/v1/leverageBracket", DATA),
    _gone("futures_account_transfer", "POST", "/sapi/v1/futures/transfer", _TRANSFER + "MAIN_UMFUTURE and the like", TRADE),
    _gone("transfer_history", "GET", "/sapi/v1/futures/transfer", "new_transfer_history (GET /sapi/v1/asset/transfer)"),
    _same("futures_create_order", "POST", "/fapi/v1/order", TRADE, 0, **_USDM),
    _same("futures_get_order", "GET", "/fapi/v1/order", DATA),
    _same("futures_get_open_orders", "GET", "/fapi/v1/openOrders", DATA),
    _same("futures_get_all_orders", "GET", "/fapi/v1/allOrders", DATA, 5),
    _same("futures_cancel_order", "DELETE", "/fapi/v1/order", TRADE),
    _same("futures_cancel_all_open_orders", "DELETE", "/fapi/v1/allOpenOrders", TRADE),
    _same("futures_cancel_orders", "DELETE", "/fapi/v1/batchOrders", TRADE, in_query=True),
    _gone("futures_account_balance", "GET", "/fapi/v1/balance", "futures_account_balance_v3 (GET /fapi/v3/balance, other fields) or futures_account_balance_v2"),
    _moved("futures_account", "GET", "/fapi/v2/account", DATA, 5, "GET /fapi/v1/account"),
    _same("futures_change_leverage", "POST", "/fapi/v1/leverage", TRADE),
    _same("futures_change_margin_type", "POST", "/fapi/v1/marginType", TRADE),
    _same("futures_change_position_margin", "POST", "/fapi/v1/positionMargin", TRADE),
    _same("futures_position_margin_history", "GET", "/fapi/v1/positionMargin/history", DATA),
    _moved("futures_position_information", "GET", "/fapi/v2/positionRisk", DATA, 5, "GET /fapi/v1/positionRisk"),
    _same("futures_account_trades", "GET", "/fapi/v1/userTrades", DATA, 5),
    _same("futures_income_history", "GET", "/fapi/v1/income", DATA, 30),
    _same("futures_change_position_mode", "POST", "/fapi/v1/positionSide/dual", TRADE),
    _same("futures_get_position_mode", "GET", "/fapi/v1/positionSide/dual", DATA, 30),
    _new("futures_continuous_klines", "GET", "/fapi/v1/continuousKlines", NONE),
    _new("futures_index_price_klines", "GET", "/fapi/v1/indexPriceKlines", NONE),
    _new("futures_mark_price_klines", "GET", "/fapi/v1/markPriceKlines", NONE),
    _new("futures_premium_index_klines", "GET", "/fapi/v1/premiumIndexKlines", NONE),
    _new("futures_funding_info", "GET", "/fapi/v1/fundingInfo", NONE),
    _new("futures_symbol_ticker_v2", "GET", "/fapi/v2/ticker/price", NONE),
    _new("futures_create_test_order", "POST", "/fapi/v1/order/test", TRADE),
    _new("futures_modify_order", "PUT", "/fapi/v1/order", TRADE),
    _new("futures_place_batch_order", "POST", "/fapi/v1/batchOrders", TRADE, 5, in_query=True),
    _new("futures_get_open_order", "GET", "/fapi/v1/openOrder", DATA),
    _new("futures_countdown_cancel_all", "POST", "/fapi/v1/countdownCancelAll", TRADE, 10),
    _new("futures_force_orders", "GET", "/fapi/v1/forceOrders", DATA, 20),
    _new("futures_commission_rate", "GET", "/fapi/v1/commissionRate", DATA, 20),
    _new("futures_account_balance_v2", "GET", "/fapi/v2/balance", DATA, 5),
    _new("futures_account_balance_v3", "GET", "/fapi/v3/balance", DATA, 5),
    _new("futures_account_v3", "GET", "/fapi/v3/account", DATA, 5),
    _new("futures_position_information_v3", "GET", "/fapi/v3/positionRisk", DATA, 5),
    _new("futures_create_algo_order", "POST", "/fapi/v1/algoOrder", TRADE, 0, **_ALGO),
    _new("futures_get_algo_order", "GET", "/fapi/v1/algoOrder", DATA),
    _new("futures_cancel_algo_order", "DELETE", "/fapi/v1/algoOrder", TRADE),
    _new("futures_get_open_algo_orders", "GET", "/fapi/v1/openAlgoOrders", DATA),
    _new("futures_stream_get_listen_key", "POST", "/fapi/v1/listenKey", STREAM),
    _new("futures_stream_keepalive", "PUT", "/fapi/v1/listenKey", STREAM),
    _new("futures_stream_close", "DELETE", "/fapi/v1/listenKey", STREAM),
)

COIN_FUTURES = (
    _same("futures_coin_ping", "GET", "/dapi/v1/ping", NONE),
    _same("futures_coin_time", "GET", "/dapi/v1/time", NONE),
    _same("futures_coin_exchange_info", "GET", "/dapi/v1/exchangeInfo", NONE),
    _same("futures_coin_order_book", "GET", "/dapi/v1/depth", NONE, 2),
    _same("futures_coin_recent_trades", "GET", "/dapi/v1/trades", NONE, 5),
    _same("futures_coin_historical_trades", "GET", "/dapi/v1/historicalTrades", MARKET, 20),
    _same("futures_coin_aggregate_trades", "GET", "/dapi/v1/aggTrades", NONE, 20),
    _same("futures_coin_klines", "GET", "/dapi/v1/klines", NONE),
    _same("futures_coin_continous_klines", "GET", "/dapi/v1/continuousKlines", NONE),
    _same("futures_coin_index_price_klines", "GET", "/dapi/v1/indexPriceKlines", NONE),
    _same("futures_coin_mark_price_klines", "GET", "/dapi/v1/markPriceKlines", NONE),
    _same("futures_coin_mark_price", "GET", "/dapi/v1/premiumIndex", NONE, 10),
    _same("futures_coin_funding_rate", "GET", "/dapi/v1/fundingRate", NONE),
    _same("futures_coin_ticker", "GET", "/dapi/v1/ticker/24hr", NONE),
    _same("futures_coin_symbol_ticker", "GET", "/dapi/v1/ticker/price", NONE),
    _same("futures_coin_orderbook_ticker", "GET", "/dapi/v1/ticker/bookTicker", NONE, 2),
    _gone("futures_coin_liquidation_orders", "GET", "/dapi/v1/allForceOrders", _FORCE, NONE),
    _same("futures_coin_open_interest", "GET", "/dapi/v1/openInterest", NONE),
    _same("futures_coin_open_interest_hist", "GET", "/futures/data/openInterestHist", NONE, host="ddata"),
    _same("futures_coin_leverage_bracket", "GET", "/dapi/v2/leverageBracket", DATA),
    _same("futures_coin_create_order", "POST", "/dapi/v1/order", TRADE, 0, **_COINM),
    _same("futures_coin_get_order", "GET", "/dapi/v1/order", DATA),
    _same("futures_coin_get_open_orders", "GET", "/dapi/v1/openOrders", DATA),
    _same("futures_coin_get_all_orders", "GET", "/dapi/v1/allOrders", DATA, 20),
    _same("futures_coin_cancel_order", "DELETE", "/dapi/v1/order", TRADE),
    _same("futures_coin_cancel_all_open_orders", "DELETE", "/dapi/v1/allOpenOrders", TRADE),
    _same("futures_coin_cancel_orders", "DELETE", "/dapi/v1/batchOrders", TRADE, in_query=True),
    _same("futures_coin_account_balance", "GET", "/dapi/v1/balance", DATA),
    _same("futures_coin_account", "GET", "/dapi/v1/account", DATA, 5),
    _same("futures_coin_change_leverage", "POST", "/dapi/v1/leverage", TRADE),
    _same("futures_coin_change_margin_type", "POST", "/dapi/v1/marginType", TRADE),
    _same("futures_coin_change_position_margin", "POST", "/dapi/v1/positionMargin", TRADE),
    _same("futures_coin_position_margin_history", "GET", "/dapi/v1/positionMargin/history", DATA),
    _same("futures_coin_position_information", "GET", "/dapi/v1/positionRisk", DATA),
    _same("futures_coin_account_trades", "GET", "/dapi/v1/userTrades", DATA, 20),
    _same("futures_coin_income_history", "GET", "/dapi/v1/income", DATA, 20),
    _same("futures_coin_change_position_mode", "POST", "/dapi/v1/positionSide/dual", TRADE),
    _same("futures_coin_get_position_mode", "GET", "/dapi/v1/positionSide/dual", DATA, 30),
    _new("futures_coin_stream_get_listen_key", "POST", "/dapi/v1/listenKey", STREAM),
    _new("futures_coin_stream_keepalive", "PUT", "/dapi/v1/listenKey", STREAM),
    _new("futures_coin_stream_close", "DELETE", "/dapi/v1/listenKey", STREAM),
)

OPTIONS = (
    _gone("options_ping", "GET", "/vapi/v1/ping", "eapi_ping", NONE),
    _gone("options_time", "GET", "/vapi/v1/time", "eapi_time", NONE),
    _gone("options_info", "GET", "/vapi/v1/optionInfo", "eapi_exchange_info", NONE),
    _gone("options_exchange_info", "GET", "/vapi/v1/exchangeInfo", "eapi_exchange_info", NONE),
    _gone("options_index_price", "GET", "/vapi/v1/index", "eapi_index", NONE),
    _gone("options_price", "GET", "/vapi/v1/ticker", "eapi_ticker", NONE),
    _gone("options_mark_price", "GET", "/vapi/v1/mark", "eapi_mark", NONE),
    _gone("options_order_book", "GET", "/vapi/v1/depth", "eapi_order_book", NONE),
    _gone("options_klines", "GET", "/vapi/v1/klines", "eapi_klines", NONE),
    _gone("options_recent_trades", "GET", "/vapi/v1/trades", "eapi_recent_trades", NONE),
    _gone("options_historical_trades", "GET", "/vapi/v1/historicalTrades", "", NONE),
    _gone("options_account_info", "GET", "/vapi/v1/account", "eapi_margin_account"),
    _gone("options_funds_transfer", "POST", "/vapi/v1/transfer", _TRANSFER + "MAIN_OPTION or OPTION_MAIN", TRADE),
    _gone("options_positions", "GET", "/vapi/v1/position", "eapi_position"),
    _gone("options_bill", "POST", "/vapi/v1/bill", "eapi_bill"),
    _gone("options_place_order", "POST", "/vapi/v1/order", "eapi_create_order", TRADE),
    _gone("options_place_batch_order", "POST", "/vapi/v1/batchOrders", "eapi_create_batch_orders", TRADE),
    _gone("options_cancel_order", "DELETE", "/vapi/v1/order", "eapi_cancel_order", TRADE),
    _gone("options_cancel_batch_order", "DELETE", "/vapi/v1/batchOrders", "eapi_cancel_batch_orders", TRADE),
    _gone("options_cancel_all_orders", "DELETE", "/vapi/v1/allOpenOrders", "eapi_cancel_all_open_orders", TRADE),
    _gone("options_query_order", "GET", "/vapi/v1/order", "eapi_get_order"),
    _gone("options_query_pending_orders", "GET", "/vapi/v1/openOrders", "eapi_get_open_orders"),
    _gone("options_query_order_history", "GET", "/vapi/v1/historyOrders", "eapi_get_order_history"),
    _gone("options_user_trades", "GET", "/vapi/v1/userTrades", "eapi_user_trades"),
    _new("eapi_ping", "GET", "/eapi/v1/ping", NONE),
    _new("eapi_time", "GET", "/eapi/v1/time", NONE),
    _new("eapi_exchange_info", "GET", "/eapi/v1/exchangeInfo", NONE),
    _new("eapi_index", "GET", "/eapi/v1/index", NONE),
    _new("eapi_ticker", "GET", "/eapi/v1/ticker", NONE, 5),
    _new("eapi_mark", "GET", "/eapi/v1/mark", NONE, 5),
    _new("eapi_order_book", "GET", "/eapi/v1/depth", NONE, 2),
    _new("eapi_klines", "GET", "/eapi/v1/klines", NONE),
    _new("eapi_recent_trades", "GET", "/eapi/v1/trades", NONE, 5),
    _new("eapi_margin_account", "GET", "/eapi/v1/marginAccount", DATA, 3),
    _new("eapi_position", "GET", "/eapi/v1/position", DATA, 5),
    _new("eapi_bill", "GET", "/eapi/v1/bill", DATA),
    _new("eapi_create_order", "POST", "/eapi/v1/order", TRADE, 1, **_OPTIONS),
    _new("eapi_create_batch_orders", "POST", "/eapi/v1/batchOrders", TRADE, 5, in_query=True),
    _new("eapi_get_order", "GET", "/eapi/v1/order", DATA),
    _new("eapi_cancel_order", "DELETE", "/eapi/v1/order", TRADE),
    _new("eapi_cancel_batch_orders", "DELETE", "/eapi/v1/batchOrders", TRADE, in_query=True),
    _new("eapi_cancel_all_open_orders", "DELETE", "/eapi/v1/allOpenOrders", TRADE),
    _new("eapi_get_open_orders", "GET", "/eapi/v1/openOrders", DATA),
    _new("eapi_get_order_history", "GET", "/eapi/v1/historyOrders", DATA, 3),
    _new("eapi_user_trades", "GET", "/eapi/v1/userTrades", DATA, 5),
    _new("eapi_stream_get_listen_key", "POST", "/eapi/v1/listenKey", STREAM),
    _new("eapi_stream_keepalive", "PUT", "/eapi/v1/listenKey", STREAM),
    _new("eapi_stream_close", "DELETE", "/eapi/v1/listenKey", STREAM),
)
# fmt: on

GROUPS: dict[str, tuple[Route, ...]] = {
    "General": GENERAL,
    "Market data": MARKET_DATA,
    "Orders and order lists": ORDERS,
    "Account": ACCOUNT,
    "Wallet": WALLET,
    "Spot user stream": USER_STREAM,
    "Margin": MARGIN,
    "Margin user streams": MARGIN_STREAM,
    "Lending, now Simple Earn": LENDING,
    "Sub-accounts": SUB_ACCOUNTS,
    "USD-M futures": FUTURES,
    "COIN-M futures": COIN_FUTURES,
    "Options": OPTIONS,
}
"""Subject -> its routes, in the order of the documentation."""

ROWS: tuple[Route, ...] = tuple(route for group in GROUPS.values() for route in group)
