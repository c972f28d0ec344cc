"""Relays and the engine, in processes of their own."""

import json
import time

import orjson
import pytest

from tests.relay.rig import wait_for

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.exchange(seed=3, symbols=["BTCUSDT"], rate=200, tls=False),
]
TRADES, ARRAY = "binance.spot.btcusdt.trade", "binance.spot.all.miniTicker@arr"


def ids(messages):
    return [json.loads(one.data)["data"]["t"] for one in messages]


def times(messages):
    return [json.loads(one.data)["data"][0]["E"] for one in messages]


def test_two_relays_are_one_feed_whatever_happens_to_one(engine, relay):
    first, second = (relay("btcusdt@trade", "!miniTicker@arr").ready() for _ in range(2))
    wait_for(lambda: engine.count(TRADES) > 100, "trades")
    first.kill()
    count = engine.count(TRADES)
    wait_for(lambda: engine.count(TRADES) > count + 100, "trades of the second relay")
    first = relay("btcusdt@trade", "!miniTicker@arr").ready()
    second.freeze()
    count = engine.count(TRADES)
    wait_for(lambda: engine.count(TRADES) > count + 100, "trades of the first relay")
    second.thaw()
    printed = second.stop() + first.stop()
    found = engine.messages(TRADES)
    numbers = ids(found)
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert found[0].headers["Nats-Msg-Id"] == f"btcusdt@trade:{numbers[0]}"
    assert "0 wait" in printed
    arrays = engine.messages(ARRAY)
    assert len(set(times(arrays))) == len(arrays) >= 2
    assert times(arrays) == sorted(times(arrays))


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
    assert max(apart) < 3.0 + 1.0 + 2.0  # the lease, the next question, the pace of the stream
    second.stop()


def test_the_engine_is_restarted_and_nothing_is_lost(engine, relay):
    running = relay("btcusdt@trade")
    wait_for(lambda: engine.count(TRADES) > 50, "trades")
    engine.kill()
    away = time.monotonic()
    wait_for(lambda: time.monotonic() > away + 2.0, "two seconds")
    engine.start()
    count = wait_for(lambda: engine.count(TRADES), "the stored trades")
    wait_for(lambda: engine.count(TRADES) > count + 500, "what was kept meanwhile")
    running.stop()
    numbers = ids(engine.messages(TRADES))
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_the_buffer_is_bounded_and_what_it_drops_is_counted(engine, relay):
    running = relay("btcusdt@trade", "--buffer", "60k", "--no-demand")
    wait_for(lambda: engine.count(TRADES) > 50, "trades")
    engine.kill()
    away = time.monotonic()
    wait_for(lambda: time.monotonic() > away + 2.0, "two seconds")
    engine.start()
    count = wait_for(lambda: engine.count(TRADES), "the stored trades")
    wait_for(lambda: engine.count(TRADES) > count + 100, "more trades")
    printed = running.stop()
    numbers = ids(engine.messages(TRADES))
    lost = numbers[-1] - numbers[0] + 1 - len(numbers)
    assert numbers == sorted(set(numbers))
    assert lost > 0
    assert f"; {lost:,} dropped" in printed
