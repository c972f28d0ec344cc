"""The generated methods of the WebSocket API are those of the text, with REST's parameters."""

import inspect
from types import SimpleNamespace

import pytest

from binance.client import Client
from binance.rest.generated import ws
from binance.sansio.names import routes

# python-binance 1.0's, by exchange-markets: the names that a script may use.
OF_1_0 = """
ws_create_order ws_create_test_order ws_get_order ws_cancel_order ws_cancel_and_replace_order
ws_get_open_orders ws_cancel_all_open_orders ws_order_limit ws_order_limit_buy
ws_order_limit_sell ws_order_market ws_order_market_buy ws_order_market_sell ws_create_oco_order
ws_create_oto_order ws_create_otoco_order ws_get_oco_order ws_cancel_oco_order
ws_get_oco_open_orders ws_create_sor_order ws_create_test_sor_order ws_get_account
ws_get_account_rate_limits_orders ws_get_all_orders ws_get_my_trades ws_get_prevented_matches
ws_get_allocations ws_get_commission_rates ws_get_order_book ws_get_recent_trades
ws_get_historical_trades ws_get_aggregate_trades ws_get_klines ws_get_uiKlines ws_get_avg_price
ws_get_ticker ws_get_trading_day_ticker ws_get_symbol_ticker_window ws_get_symbol_ticker
ws_get_orderbook_ticker ws_ping ws_get_time ws_get_exchange_info ws_futures_get_order_book
ws_futures_get_all_tickers ws_futures_get_order_book_ticker ws_futures_create_order
ws_futures_edit_order ws_futures_cancel_order ws_futures_get_order ws_futures_create_algo_order
ws_futures_cancel_algo_order ws_futures_account_position ws_futures_account_balance
ws_futures_account_status ws_futures_v2_account_position ws_futures_v2_account_balance
ws_futures_v2_account_status
"""


def test_the_module_is_up_to_date(modules: SimpleNamespace) -> None:
    script = modules.ws_methods
    texts = [path.read_text("utf-8") for path in (script.SOURCE, modules.rest_methods.SOURCE)]
    assert script.TARGET.read_text("utf-8") == script.generated(*texts), (
        "run: python docs/ws_methods.py"
    )


@pytest.mark.parametrize("name", OF_1_0.split())
def test_the_names_of_1_0_are_there(name: str) -> None:
    assert callable(getattr(Client, name))


def test_each_method_takes_what_its_rest_method_takes_and_a_timeout() -> None:
    names = [name for name in vars(ws.WsMethods) if name.startswith("ws_") and "_order_" in name]
    assert len(names) > 10
    create = inspect.signature(Client.ws_create_order).parameters
    assert set(inspect.signature(Client.create_order).parameters) | {"timeout"} == set(create)


def test_each_line_names_a_route(modules: SimpleNamespace) -> None:
    lines = modules.ws_methods.SOURCE.read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and line[0] not in "#["]
    assert len(rows) > 60
    assert {rest for _, _, rest in rows} <= set(routes.table())
