"""Relays and the engine, in processes of their own."""

import asyncio
import json
import re
import time
import urllib.error
import urllib.request

import nats
import orjson
import pytest
from nats.js import api
from prometheus_client.parser import text_string_to_metric_families

from binance.sansio.relay.names import ENGINE_STREAM, LEASES, SUBJECTS
from tests.pace import paced
from tests.relay.rig import SERVER, NatsServer, RelayProcess, wait_for

pytestmark = [
    pytest.mark.loopback,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.exchange(seed=3, symbols=["BTCUSDT"], rate=200, tls=False),
]
TRADES, ARRAY = "binance.spot.btcusdt.trade", "binance.spot.all.miniTicker@arr"


def times(messages):
    return [json.loads(one.data)["data"][0]["E"] for one in messages]


def figures_of(running):
    """The address of its status page, and a function that returns its metrics."""
    found = wait_for(lambda: re.search(r"status page: (\S+)", running.printed), "the address")

    def metrics():
        with urllib.request.urlopen(f"{found[1]}metrics") as answer:
            families = text_string_to_metric_families(answer.read().decode())
            return {one.name: one.value for family in families for one in family.samples}

    return found[1], metrics


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


def test_without_the_bucket_of_leases_other_streams_go_on(engine, relay):
    async def delete():
        async with await nats.connect(engine.url) as client:
            await client.jetstream().delete_key_value(LEASES)

    running = relay("btcusdt@trade", "!miniTicker@arr")
    wait_for(lambda: engine.count(ARRAY), "the first message")
    asyncio.run(delete())
    wait_for(lambda: " events without ids wait: " in running.printed, "the reason")
    trades = engine.count(TRADES)
    wait_for(lambda: engine.count(TRADES) > trades + 50, "more trades")
    running.kill()
    relay("!miniTicker@arr")  # creates a new bucket, which counts from 1

    def epochs():
        return [int(one.headers["Binance-Lease"]) for one in engine.messages(ARRAY)]

    wait_for(lambda: len({*epochs()}) == 2, "messages of the second relay")
    found = epochs()
    assert found == sorted(found)


def test_its_counters_are_metrics(exchange, engine, relay):
    running = relay("btcusdt@trade", "!miniTicker@arr", "--status", "0")
    page, metrics = figures_of(running)
    wait_for(lambda: metrics()["binance_relay_stored_total"] > 20, "stored messages")
    wait_for(lambda: metrics()["binance_relay_leases"] == 2, "those of the stream and of snapshots")
    now = metrics()
    assert now["binance_relay_connected"] == 1
    assert now["binance_relay_dropped_total"] == now["binance_relay_refused_total"] == 0
    assert now["binance_relay_stored_total"] <= metrics()["binance_relay_frames_total"]
    engine.kill()

    def health():
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{page}health")
        return [one["reason"] for one in json.load(refused.value)["reasons"]]

    wait_for(lambda: metrics()["binance_relay_connected"] == 0, "the end of the connection")
    assert health() == ["engine_away"]


@pytest.mark.skipif(SERVER is None, reason="nats-server is not installed")
@pytest.mark.parametrize(
    ("options", "access", "words"),
    [
        (("--user", "me", "--pass", "x"), "me:y", "no connection to {}: nats: 'Authorization Viol"),
        (("-js=false",), "", "JetStream of {}: nats: ServiceUnavailableError"),
    ],
)
def test_it_says_why_nothing_is_stored(options, access, words, exchange, tmp_path, ended):
    engine = ended(NatsServer(tmp_path, *options, access=access))
    running = ended(RelayProcess(exchange, engine, "btcusdt@trade"))
    words = words.format(f"127.0.0.1:{engine.port}")
    wait_for(lambda: f" {words}" in running.printed, "the reason")
    assert f"binance-sockets: nothing was stored: {words}" in running.stop()
    assert running.process.returncode == 1


def test_a_server_that_is_not_there_is_reported(engine, relay):
    engine.kill()
    running = relay("btcusdt@trade")
    wait_for(lambda: f" no connection to 127.0.0.1:{engine.port}: " in running.printed, "a line")
    assert "nothing was stored: no connection to" in running.stop()
    assert running.process.returncode == 1


def test_what_came_before_the_engine_is_published_by_one_relay(engine, relay):
    engine.kill()
    both = [relay("!miniTicker@arr", "--no-demand", "--status", "0") for _ in range(2)]
    metrics = [figures_of(running)[1] for running in both]
    for each in metrics:
        wait_for(lambda each=each: each()["binance_relay_waiting"] >= 2, "messages")
    began = time.time() * 1000
    engine.start()
    wait_for(lambda: engine.count(ARRAY) > 3, "the stored messages")
    assert times(engine.messages(ARRAY))[1] < began
    wait_for(lambda: any(each()["binance_relay_stored_total"] for each in metrics), "its answers")
    [other] = [n for n in (0, 1) if not metrics[n]()["binance_relay_stored_total"]]
    wait_for(lambda: metrics[other]()["binance_relay_released_total"] >= 2, "what it leaves")
    assert re.search(r"; \d+ without a lease\n$", both[other].stop())


def test_a_refusal_is_reported(engine, relay):
    async def prepare():
        async with await nats.connect(engine.url) as client:
            config = api.StreamConfig(name=ENGINE_STREAM, subjects=SUBJECTS, max_msg_size=1)
            await client.jetstream().add_stream(config)

    asyncio.run(prepare())
    running = relay("btcusdt@trade")
    wait_for(lambda: " the engine refuses messages: " in running.printed, "the refusal")
    assert "nothing was stored: the engine refuses messages: " in running.stop()
    assert running.process.returncode == 1


def test_it_ends_where_the_exchange_refuses_all_streams(exchange, engine, relay):
    exchange.fault("http_status", status=451)
    running = relay("btcusdt@trade", "--no-demand")
    wait_for(lambda: not running.is_running, "its end")
    wait_for(lambda: "cannot be reached: " in running.printed, "why")
    assert running.process.returncode == 1


def test_a_relay_that_nobody_asks_for_anything_ends_well(relay):
    running = relay().ready()
    running.stop()
    assert running.process.returncode == 0
