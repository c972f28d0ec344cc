# ruff: noqa: E501 (a table: one row a line)
"""The rows of `binance.sansio.names.routes`: spot, wallet, margin.

Sources: https://developers.binance.com/docs (spot, wallet, margin) for today's endpoints, their security and
their weight; the exchange's notices for what was retired. Weights are those of the limit by IP;
where a weight depends on parameters the row has the least (`routes.weight` knows the rest).
"""

from __future__ import annotations

from typing import Any

from binance.sansio.names.routes.rows import (
    DATA,
    MARKET,
    NONE,
    STREAM,
    TRADE,
    gone,
    moved,
    new,
    same,
)

# How an order of unknown fate is asked for.
_SPOT: dict[str, Any] = {"order_id": "newClientOrderId", "ask": "get_order"}
_LIST: dict[str, Any] = {"order_id": "listClientOrderId", "ask": "get_order_list", "keep": ()}
_REPLACED: dict[str, Any] = {
    "order_id": "newClientOrderId",
    "unasked": "nor is it known whether the order that it replaces was cancelled",
}
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

# fmt: off
_WEBSITE = "/exchange-api/v1/public/asset-service/product/get-products"

GENERAL = (
    same("get_products", "GET", _WEBSITE, NONE),
    same("get_exchange_info", "GET", "/api/v3/exchangeInfo", NONE, 20),
    same("get_symbol_info", "GET", "/api/v3/exchangeInfo", NONE, 20),
    same("ping", "GET", "/api/v3/ping", NONE),
    same("get_server_time", "GET", "/api/v3/time", NONE),
    new("get_execution_rules", "GET", "/api/v3/executionRules", NONE, 20),
)

MARKET_DATA = (
    same("get_all_tickers", "GET", "/api/v3/ticker/price", NONE, 4),
    same("get_orderbook_tickers", "GET", "/api/v3/ticker/bookTicker", NONE, 4),
    same("get_order_book", "GET", "/api/v3/depth", NONE, 5),
    moved("get_recent_trades", "GET", "/api/v3/trades", NONE, 25, "GET /api/v1/trades"),
    same("get_historical_trades", "GET", "/api/v3/historicalTrades", MARKET, 25),
    same("get_aggregate_trades", "GET", "/api/v3/aggTrades", NONE, 4),
    same("aggregate_trade_iter", "GET", "/api/v3/aggTrades", NONE, 4),
    same("get_klines", "GET", "/api/v3/klines", NONE, 2),
    same("get_historical_klines", "GET", "/api/v3/klines", NONE, 2),
    same("get_historical_klines_generator", "GET", "/api/v3/klines", NONE, 2),
    same("get_avg_price", "GET", "/api/v3/avgPrice", NONE, 2),
    same("get_ticker", "GET", "/api/v3/ticker/24hr", NONE, 2),
    same("get_symbol_ticker", "GET", "/api/v3/ticker/price", NONE, 2),
    same("get_orderbook_ticker", "GET", "/api/v3/ticker/bookTicker", NONE, 2),
    new("get_historical_block_trades", "GET", "/api/v3/historicalBlockTrades", NONE, 25),
    new("get_ui_klines", "GET", "/api/v3/uiKlines", NONE, 2),
    new("get_reference_price", "GET", "/api/v3/referencePrice", NONE, 2),
    new("get_reference_price_calculation", "GET", "/api/v3/referencePrice/calculation", NONE, 2),
    new("get_rolling_ticker", "GET", "/api/v3/ticker", NONE, 4),
    new("get_trading_day_ticker", "GET", "/api/v3/ticker/tradingDay", NONE, 4),
)

_OLD_OCO = "create_order_list_oco (POST /api/v3/orderList/oco, other parameters)"
ORDERS = (
    same("create_order", "POST", "/api/v3/order", TRADE, **_SPOT),
    same("order_limit", "POST", "/api/v3/order", TRADE, **_SPOT),
    same("order_limit_buy", "POST", "/api/v3/order", TRADE, **_SPOT),
    same("order_limit_sell", "POST", "/api/v3/order", TRADE, **_SPOT),
    same("order_market", "POST", "/api/v3/order", TRADE, **_SPOT),
    same("order_market_buy", "POST", "/api/v3/order", TRADE, **_SPOT),
    same("order_market_sell", "POST", "/api/v3/order", TRADE, **_SPOT),
    gone("create_oco_order", "POST", "/api/v3/order/oco", _OLD_OCO, TRADE),
    gone("order_oco_buy", "POST", "/api/v3/order/oco", _OLD_OCO, TRADE),
    gone("order_oco_sell", "POST", "/api/v3/order/oco", _OLD_OCO, TRADE),
    same("create_test_order", "POST", "/api/v3/order/test", TRADE),
    same("get_order", "GET", "/api/v3/order", DATA, 4),
    same("get_all_orders", "GET", "/api/v3/allOrders", DATA, 20),
    same("cancel_order", "DELETE", "/api/v3/order", TRADE),
    same("get_open_orders", "GET", "/api/v3/openOrders", DATA, 6),
    new("cancel_all_open_orders", "DELETE", "/api/v3/openOrders", TRADE),
    new("cancel_replace_order", "POST", "/api/v3/order/cancelReplace", TRADE, **_REPLACED),
    new("amend_order_keep_priority", "PUT", "/api/v3/order/amend/keepPriority", TRADE, 4),
    new("get_order_amendments", "GET", "/api/v3/order/amendments", DATA, 4),
    new("create_sor_order", "POST", "/api/v3/sor/order", TRADE, **_SPOT),
    new("create_test_sor_order", "POST", "/api/v3/sor/order/test", TRADE),
    new("create_order_list_oco", "POST", "/api/v3/orderList/oco", TRADE, **_LIST),
    new("create_order_list_oto", "POST", "/api/v3/orderList/oto", TRADE, **_LIST),
    new("create_order_list_otoco", "POST", "/api/v3/orderList/otoco", TRADE, **_LIST),
    new("create_order_list_opo", "POST", "/api/v3/orderList/opo", TRADE, **_LIST),
    new("create_order_list_opoco", "POST", "/api/v3/orderList/opoco", TRADE, **_LIST),
    new("cancel_order_list", "DELETE", "/api/v3/orderList", TRADE),
    new("get_order_list", "GET", "/api/v3/orderList", DATA, 4),
    new("get_all_order_lists", "GET", "/api/v3/allOrderList", DATA, 20),
    new("get_open_order_lists", "GET", "/api/v3/openOrderList", DATA, 6),
)

ACCOUNT = (
    same("get_account", "GET", "/api/v3/account", DATA, 20),
    same("get_asset_balance", "GET", "/api/v3/account", DATA, 20),
    same("get_my_trades", "GET", "/api/v3/myTrades", DATA, 20),
    new("get_order_rate_limits", "GET", "/api/v3/rateLimit/order", DATA, 40),
    new("get_prevented_matches", "GET", "/api/v3/myPreventedMatches", DATA, 20),
    new("get_allocations", "GET", "/api/v3/myAllocations", DATA, 20),
    new("get_account_commission", "GET", "/api/v3/account/commission", DATA, 20),
    new("get_account_filters", "GET", "/api/v3/myFilters", DATA, 40),
)

WALLET = (
    moved("get_system_status", "GET", "/sapi/v1/system/status", NONE, 1, "GET /wapi/v3/systemStatus.html"),
    gone("get_account_status", "GET", "/wapi/v3/accountStatus.html", "account_status"),
    gone("get_account_api_trading_status", "GET", "/wapi/v3/apiTradingStatus.html", "account_api_trading_status"),
    gone("get_dust_log", "GET", "/wapi/v3/userAssetDribbletLog.html", "asset_dust_log"),
    same("transfer_dust", "POST", "/sapi/v1/asset/dust", TRADE, 10),
    same("get_asset_dividend_history", "GET", "/sapi/v1/asset/assetDividend", DATA, 10),
    same("make_universal_transfer", "POST", "/sapi/v1/sub-account/universalTransfer", TRADE),
    same("query_universal_transfer_history", "GET", "/sapi/v1/asset/transfer", DATA),
    gone("get_trade_fee", "GET", "/wapi/v3/tradeFee.html", "asset_trade_fee"),
    gone("get_asset_details", "GET", "/wapi/v3/assetDetail.html", "asset_detail"),
    gone("withdraw", "POST", "/wapi/v3/withdraw.html", "capital_withdraw (`coin` instead of `asset`)", TRADE),
    gone("get_deposit_history", "GET", "/wapi/v3/depositHistory.html", "capital_deposit_history"),
    gone("get_withdraw_history", "GET", "/wapi/v3/withdrawHistory.html", "capital_withdraw_history"),
    gone("get_withdraw_history_id", "GET", "/wapi/v3/withdrawHistory.html", "capital_withdraw_history"),
    gone("get_deposit_address", "GET", "/wapi/v3/depositAddress.html", "capital_deposit_address"),
    same("get_all_coins_info", "GET", "/sapi/v1/capital/config/getall", DATA, 10),
    same("get_account_snapshot", "GET", "/sapi/v1/accountSnapshot", DATA, 2400),
    moved("disable_fast_withdraw_switch", "POST", "/sapi/v1/account/disableFastWithdrawSwitch", TRADE, 1, "POST /sapi/v1/disableFastWithdrawSwitch"),
    moved("enable_fast_withdraw_switch", "POST", "/sapi/v1/account/enableFastWithdrawSwitch", TRADE, 1, "POST /sapi/v1/enableFastWithdrawSwitch"),
    same("universal_transfer", "POST", "/sapi/v1/asset/transfer", TRADE, 900),
    same("new_transfer_history", "GET", "/sapi/v1/asset/transfer", DATA),
    new("account_status", "GET", "/sapi/v1/account/status", DATA),
    new("account_api_trading_status", "GET", "/sapi/v1/account/apiTradingStatus", DATA),
    new("account_api_restrictions", "GET", "/sapi/v1/account/apiRestrictions", DATA),
    new("account_info", "GET", "/sapi/v1/account/info", DATA),
    new("asset_dust_log", "GET", "/sapi/v1/asset/dribblet", DATA),
    new("asset_dust_list", "POST", "/sapi/v1/asset/dust-btc", DATA),
    new("asset_trade_fee", "GET", "/sapi/v1/asset/tradeFee", DATA),
    new("asset_detail", "GET", "/sapi/v1/asset/assetDetail", DATA),
    new("asset_user_assets", "POST", "/sapi/v3/asset/getUserAsset", DATA, 5),
    new("asset_funding_wallet", "POST", "/sapi/v1/asset/get-funding-asset", DATA),
    new("asset_wallet_balance", "GET", "/sapi/v1/asset/wallet/balance", DATA, 60),
    new("capital_withdraw", "POST", "/sapi/v1/capital/withdraw/apply", TRADE, 900),
    new("capital_withdraw_history", "GET", "/sapi/v1/capital/withdraw/history", DATA, 18000),
    new("capital_deposit_history", "GET", "/sapi/v1/capital/deposit/hisrec", DATA),
    new("capital_deposit_address", "GET", "/sapi/v1/capital/deposit/address", DATA, 10),
    new("capital_deposit_addresses", "GET", "/sapi/v1/capital/deposit/address/list", DATA, 10),
)

_WS_USER = "BinanceSocketManager.start_user_socket (WebSocket API, userDataStream.subscribe.signature)"
USER_STREAM = (
    gone("stream_get_listen_key", "POST", "/api/v3/userDataStream", _WS_USER, STREAM, still_asked=True),
    gone("stream_keepalive", "PUT", "/api/v3/userDataStream", _WS_USER, STREAM, still_asked=True),
    gone("stream_close", "DELETE", "/api/v3/userDataStream", _WS_USER, STREAM, still_asked=True),
)

_TRANSFER = "universal_transfer (POST /sapi/v1/asset/transfer) with type "
_BORROW = "margin_borrow_repay (POST /sapi/v1/margin/borrow-repay) with type "
MARGIN = (
    same("get_margin_account", "GET", "/sapi/v1/margin/account", DATA, 10),
    same("get_isolated_margin_account", "GET", "/sapi/v1/margin/isolated/account", DATA, 10),
    gone("get_margin_asset", "GET", "/sapi/v1/margin/asset", "get_margin_all_assets (answers a list)", MARKET),
    gone("get_margin_symbol", "GET", "/sapi/v1/margin/pair", "get_margin_all_pairs (answers a list)", MARKET),
    gone("create_isolated_margin_account", "POST", "/sapi/v1/margin/isolated/create", "enable_isolated_margin_account (`symbol` instead of `base` and `quote`)", TRADE),
    gone("get_isolated_margin_symbol", "GET", "/sapi/v1/margin/isolated/pair", "get_all_isolated_margin_symbols(symbol=..) (answers a list)"),
    same("get_all_isolated_margin_symbols", "GET", "/sapi/v1/margin/isolated/allPairs", MARKET, 10),
    same("toggle_bnb_burn_spot_margin", "POST", "/sapi/v1/bnbBurn", TRADE),
    same("get_bnb_burn_spot_margin", "GET", "/sapi/v1/bnbBurn", DATA),
    same("get_margin_price_index", "GET", "/sapi/v1/margin/priceIndex", MARKET, 10),
    gone("transfer_margin_to_spot", "POST", "/sapi/v1/margin/transfer", _TRANSFER + "MARGIN_MAIN", TRADE),
    gone("transfer_spot_to_margin", "POST", "/sapi/v1/margin/transfer", _TRANSFER + "MAIN_MARGIN", TRADE),
    gone("transfer_isolated_margin_to_spot", "POST", "/sapi/v1/margin/isolated/transfer", _TRANSFER + "ISOLATEDMARGIN_MARGIN, then MARGIN_MAIN", TRADE),
    gone("transfer_spot_to_isolated_margin", "POST", "/sapi/v1/margin/isolated/transfer", _TRANSFER + "MAIN_MARGIN, then MARGIN_ISOLATEDMARGIN", TRADE),
    gone("create_margin_loan", "POST", "/sapi/v1/margin/loan", _BORROW + "BORROW", TRADE),
    gone("repay_margin_loan", "POST", "/sapi/v1/margin/repay", _BORROW + "REPAY", TRADE),
    same("create_margin_order", "POST", "/sapi/v1/margin/order", TRADE, 6, **_MARGIN),
    same("cancel_margin_order", "DELETE", "/sapi/v1/margin/order", TRADE, 10),
    gone("get_margin_loan_details", "GET", "/sapi/v1/margin/loan", "get_margin_borrow_repay_records(type='BORROW')"),
    gone("get_margin_repay_details", "GET", "/sapi/v1/margin/repay", "get_margin_borrow_repay_records(type='REPAY')"),
    same("get_margin_order", "GET", "/sapi/v1/margin/order", DATA, 10),
    same("get_open_margin_orders", "GET", "/sapi/v1/margin/openOrders", DATA, 10),
    same("get_all_margin_orders", "GET", "/sapi/v1/margin/allOrders", DATA, 200),
    same("get_margin_trades", "GET", "/sapi/v1/margin/myTrades", DATA, 10),
    same("get_max_margin_loan", "GET", "/sapi/v1/margin/maxBorrowable", DATA, 50),
    same("get_max_margin_transfer", "GET", "/sapi/v1/margin/maxTransferable", DATA, 50),
    new("get_margin_all_assets", "GET", "/sapi/v1/margin/allAssets", MARKET),
    new("get_margin_all_pairs", "GET", "/sapi/v1/margin/allPairs", MARKET),
    new("margin_borrow_repay", "POST", "/sapi/v1/margin/borrow-repay", TRADE, 1500),
    new("get_margin_borrow_repay_records", "GET", "/sapi/v1/margin/borrow-repay", DATA, 10),
    new("get_margin_interest_history", "GET", "/sapi/v1/margin/interestHistory", DATA),
    new("get_margin_transfer_history", "GET", "/sapi/v1/margin/transfer", DATA),
    new("get_margin_force_liquidation_records", "GET", "/sapi/v1/margin/forceLiquidationRec", DATA),
    new("cancel_all_open_margin_orders", "DELETE", "/sapi/v1/margin/openOrders", TRADE),
    new("enable_isolated_margin_account", "POST", "/sapi/v1/margin/isolated/account", TRADE, 300),
    new("disable_isolated_margin_account", "DELETE", "/sapi/v1/margin/isolated/account", TRADE, 300),
    new("get_isolated_margin_account_limit", "GET", "/sapi/v1/margin/isolated/accountLimit", DATA),
    new("create_margin_oco_order", "POST", "/sapi/v1/margin/order/oco", TRADE, 6, **_MARGIN_LIST),
    new("cancel_margin_oco_order", "DELETE", "/sapi/v1/margin/orderList", TRADE),
    new("get_margin_oco_order", "GET", "/sapi/v1/margin/orderList", DATA, 10),
    new("get_open_margin_oco_orders", "GET", "/sapi/v1/margin/openOrderList", DATA, 10),
    new("margin_create_listen_token", "POST", "/sapi/v1/userListenToken", DATA),
    new("margin_risk_stream_get_listen_key", "POST", "/sapi/v1/margin/listen-key", STREAM),
    new("margin_risk_stream_keepalive", "PUT", "/sapi/v1/margin/listen-key", STREAM),
    new("margin_risk_stream_close", "DELETE", "/sapi/v1/margin/listen-key", STREAM),
)

_TOKEN = "margin_create_listen_token and BinanceSocketManager."
_MARGIN_TOKEN = _TOKEN + "start_margin_socket (WebSocket API, userDataStream.subscribe.listenToken)"
_ISOLATED_TOKEN = _TOKEN + "start_isolated_margin_socket (WebSocket API, userDataStream.subscribe.listenToken)"
MARGIN_STREAM = (
    gone("margin_stream_get_listen_key", "POST", "/sapi/v1/userDataStream", _MARGIN_TOKEN, STREAM),
    gone("margin_stream_keepalive", "PUT", "/sapi/v1/userDataStream", _MARGIN_TOKEN, STREAM),
    gone("margin_stream_close", "DELETE", "/sapi/v1/userDataStream", _MARGIN_TOKEN, STREAM),
    gone("isolated_margin_stream_get_listen_key", "POST", "/sapi/v1/userDataStream/isolated", _ISOLATED_TOKEN, STREAM),
    gone("isolated_margin_stream_keepalive", "PUT", "/sapi/v1/userDataStream/isolated", _ISOLATED_TOKEN, STREAM),
    gone("isolated_margin_stream_close", "DELETE", "/sapi/v1/userDataStream/isolated", _ISOLATED_TOKEN, STREAM),
)
# fmt: on
