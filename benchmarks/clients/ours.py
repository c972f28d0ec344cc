"""This library, by its public face: `ours.py` with `dispatch` in the order."""

import os

import meter

os.environ["BINANCE_STREAM_URL"] = meter.URL
if meter.CA_FILE:
    os.environ["BINANCE_CA_FILE"] = meter.CA_FILE

from binance import events
from binance.websockets import BinanceSocketManager

opened: list[object] = []


def on_event(event: events.Event) -> None:
    """Count the open links."""
    if isinstance(event, events.Connected):
        opened.append(event)


options = (
    {"queue_size": 1 << 20, "overflow": "block"} if meter.ORDER["dispatch"] == "thread" else {}
)
manager = BinanceSocketManager(None, dispatch=meter.ORDER["dispatch"], on_event=on_event, **options)
callback = meter.callback()
if meter.ORDER["messages"] == 0:
    meter.idle(opened)
for i in range(meter.CONNECTIONS):
    if meter.KIND == "array":
        manager.start_miniticker_socket(callback)
    elif meter.KIND == "depth":
        manager.start_depth_socket(f"S{i}", callback)
    else:
        manager.start_trade_socket(f"S{i}", callback)
manager.start()
manager.join()
