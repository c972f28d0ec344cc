"""A relay: publishes what the load process sends, until the engine has acknowledged all of it."""

import os
import time

import meter

os.environ["BINANCE_STREAM_URL"] = meter.URL

from binance.relay import Relay


class Timed(Relay):
    """Notes when the first message has come."""

    began = (0.0, 0.0)

    def _put(self, market: str, message: object) -> None:
        self.began = time.perf_counter(), time.process_time()
        self._put = super()._put  # type: ignore[method-assign]  # the others cost nothing more
        self._put(market, message)


total = meter.ORDER["messages"]
relay = Timed([("spot", f"bnbbtc@{meter.KIND}")], meter.ORDER["nats"], on_demand=False)
outgoing = relay.publisher.outgoing
end = time.monotonic() + meter.ORDER["patience"]
relay.start()
while outgoing.stored < total:
    if time.monotonic() > end:
        meter.finish(messages=outgoing.stored, error="not all messages were acknowledged")
    time.sleep(0.002)
seconds, spent = time.perf_counter() - relay.began[0], time.process_time() - relay.began[1]
meter.finish(
    messages=outgoing.stored,
    last=relay.frames,
    rate=total / seconds,
    cpu=spent / total * 1e6,
    peak=meter.memory("VmHWM"),
)
