"""Relays and the engine, in processes of their own."""

import json

import orjson
import pytest

from tests.pace import paced
from tests.relay.rig import wait_for

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.exchange(seed=3, symbols=["BTCUSDT"], rate=200, tls=False),
]
TRADES, ARRAY = "binance.spot.btcusdt.trade", "binance.spot.all.miniTicker@arr"


def times(messages):
    return [json.loads(one.data)["data"][0]["E"] for one in messages]


def test_the_frames_are_stored_byte_for_byte(engine, relay):
    running = relay("btcusdt@trade")
    wait_for(lambda: engine.count(TRADES), "a trade")
    running.stop()
    for one in engine.messages(TRADES):
        assert one.data == orjson.dumps(orjson.loads(one.data))
        assert one.data.startswith(b'{"stream":"btcusdt@trade","data":{"e":"trade","E":')


def test_another_relay_takes_the_lease_of_one_that_died(engine, relay):
    first = relay("!miniTicker@arr")
    wait_for(lambda: engine.count(ARRAY), "the first message")
    second = relay("!miniTicker@arr").ready()
    wait_for(lambda: engine.count(ARRAY) >= 4, "messages of the first relay")
    epochs = {one.headers["Binance-Lease"] for one in engine.messages(ARRAY)}
    assert len(epochs) == 1
    first.kill()
    count = engine.count(ARRAY)
    wait_for(lambda: engine.count(ARRAY) > count + 1, "messages of the second relay")
    arrays = engine.messages(ARRAY)
    assert len({*times(arrays)}) == len(arrays)
    assert len({one.headers["Binance-Lease"] for one in engine.messages(ARRAY)}) == 2
    apart = [(b - a) / 1000 for a, b in zip(times(arrays), times(arrays)[1:], strict=False)]
    assert max(apart) < paced(3.0 + 1.0)  # the lease, the next question, the pace of the stream
    second.stop()
