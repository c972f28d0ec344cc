"""How late trades arrive, by the clock of the exchange."""

from binance.websockets import BinanceSocketManager

bm = BinanceSocketManager(None, measure_clock=True)
with bm.messages("bnbbtc@trade", received=True) as messages:
    for number, trade in enumerate(messages):
        if number == 50:
            print("made at", trade["E"], "received at", trade["_received"] // 10**6)
            latency = bm.stats()[messages.keys[0]].latency
            if latency is not None:
                print(f"half of them within {latency.p50 * 1000:.0f} ms")
            break
