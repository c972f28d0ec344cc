"""Two accounts on one manager: each callback gets the events of its own account."""

from binance.client import Client
from binance.websockets import BinanceSocketManager


def printer(account):
    def process_message(msg):
        print(account, msg["e"])

    return process_message


first = Client("K" * 64, "S" * 64)
second = Client("L" * 64, "T" * 64)
bm = BinanceSocketManager(first)
print(bm.start_user_socket(printer("first")))
print(bm.start_user_socket(printer("second"), client=second))
print(bm.start_isolated_margin_socket("ETHBTC", printer("margin of first")))
bm.start()
