"""Relays and the engine, in processes of their own."""

import json
import re
import urllib.error
import urllib.request

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families

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


def test_its_counters_are_metrics(exchange, engine, relay):
    running = relay("btcusdt@trade", "!miniTicker@arr", "--status", "0")
    found = wait_for(lambda: re.search(r"status page: (\S+)", running.printed), "the address")

    def metrics():
        with urllib.request.urlopen(f"{found[1]}metrics") as answer:
            families = text_string_to_metric_families(answer.read().decode())
            return {one.name: one.value for family in families for one in family.samples}

    wait_for(lambda: metrics()["binance_relay_stored_total"] > 20, "stored messages")
    wait_for(lambda: metrics()["binance_relay_leases"] == 2, "those of the stream and of snapshots")
    now = metrics()
    assert now["binance_relay_connected"] == 1
    assert now["binance_relay_dropped_total"] == now["binance_relay_refused_total"] == 0
    assert now["binance_relay_stored_total"] <= metrics()["binance_relay_frames_total"]
    engine.kill()

    def health():
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{found[1]}health")
        return [one["reason"] for one in json.load(refused.value)["reasons"]]

    wait_for(lambda: metrics()["binance_relay_connected"] == 0, "the end of the connection")
    assert health() == ["engine_away"]
