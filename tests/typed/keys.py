"""A script of a user that type checkers must accept in their strict modes; see `make types`."""

from typing import Any

from binance.websockets import BinanceSocketManager


def process_message(msg: dict[str, Any]) -> None:
    print(msg["p"])


bm = BinanceSocketManager()
conn_key = bm.start_trade_socket("BNBBTC", process_message)
account_key = bm.start_user_socket(process_message)
multiplex_key = bm.start_multiplex_socket(["bnbbtc@trade"], process_message)
bm.start()
if conn_key:
    print(conn_key.upper(), bm.stats()[conn_key])
if bm.wait_open(conn_key, timeout=1.0):
    bm.rotate(conn_key)
bm.subscribe(multiplex_key, ["ethbtc@trade"]).add_done_callback(print)
bm.unsubscribe(multiplex_key, ["bnbbtc@trade"])
bm.stop_socket(conn_key)
bm.stop_socket(account_key)
bm.stop_socket(bm.start_aggtrade_futures_socket("BTCUSDT", process_message))


def restart(msg: dict[str, Any]) -> None:
    bm.stop_socket(restarted)  # pyright takes the key for `str | bool` in another scope


restarted = bm.start_trade_socket("ETHBTC", restart)
