"""A consumer in a process of its own: prints the id of each event, and what was reported missing.

t ID          a trade                 m TIME    a message of the whole market
gap STREAM    missing events          link UP   whether it is connected
"""

from binance import events
from binance.websockets import BinanceSocketManager


def report(event):
    if isinstance(event, events.Gap):
        print("gap", event.stream, event.first, event.last, flush=True)
    elif isinstance(event, events.Connected | events.Disconnected):
        print("link", isinstance(event, events.Connected), flush=True)


bm = BinanceSocketManager(None, on_event=report, max_retries=None)
bm.start_trade_socket("BTCUSDT", lambda message: print("t", message["t"], flush=True))
bm.start_miniticker_socket(lambda message: print("m", message[0]["E"], flush=True))
bm.start()
