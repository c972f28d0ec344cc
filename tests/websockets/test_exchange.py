"""Managers against the simulated exchange, over TLS: recorded frames, certificates."""

import json
import queue
from pathlib import Path

import pytest

from binance.events import Connected, GaveUp
from binance.simulator.run.exchange_process import ExchangeProcess
from binance.websockets import BinanceSocketManager
from tests.pace import paced

pytestmark = [pytest.mark.loopback, pytest.mark.process]

ROOT = Path(__file__).parents[2]
#: The whole recording where it lies beside the project, and the excerpt that is always here.
RECORDINGS = [
    ROOT.parent / "shared/captures/spot-2021-10-12.frames",
    ROOT / "tests/data/captures/spot.frames",
]
DEADLINE = paced(60.0)


@pytest.fixture
def manager():
    """Makes managers whose events go into a queue; closes them."""
    made = []

    def make(exchange, **options):
        told = queue.Queue()
        bm = BinanceSocketManager(None, on_event=told.put, **options)
        bm.STREAM_URL = exchange.urls["ws"] + "/"
        bm.daemon = True
        bm.start()
        made.append(bm)
        return bm, told

    yield make
    for bm in made:
        bm.close()
        bm.join(DEADLINE)


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.name)
def test_recorded_frames_reach_the_callback_all_and_in_order(manager, recording):
    if not recording.exists():
        pytest.skip("the whole recording is not beside the project")
    head, *lines = recording.read_text(encoding="utf-8").splitlines()
    streams = head.partition(" <-> ")[0].partition("?streams=")[2].split("/")
    frames = [json.loads(line.partition(": ")[2]) for line in lines if ": " in line]
    assert len(frames) > 250
    got = queue.Queue()
    with ExchangeProcess(replay=str(recording), speed=0) as exchange:
        bm, _ = manager(exchange, ca_file=exchange.ca_file)
        bm.start_multiplex_socket(streams, got.put)
        received = [got.get(timeout=DEADLINE) for _ in frames]
    assert received == frames


@pytest.mark.parametrize(
    ("certificate", "words"), [("wrong_host", "wrong host"), ("untrusted", "untrusted")]
)
def test_a_certificate_that_must_not_be_trusted_is_refused_and_named(
    manager, certificate, words, caplog
):
    with ExchangeProcess() as exchange:
        exchange.fault("bad_certificate", certificate=certificate)
        bm, told = manager(exchange, ca_file=exchange.ca_file)
        got = queue.Queue()
        bm.start_trade_socket("BNBBTC", got.put)
        assert got.get(timeout=DEADLINE) == {"e": "error", "m": "Max reconnect retries reached"}
    events = [told.get(timeout=DEADLINE) for _ in range(told.qsize())]
    assert isinstance(events[-1], GaveUp)
    assert words in events[-1].reason
    assert words in caplog.text


def test_without_its_ca_file_the_simulator_is_a_stranger(manager, monkeypatch):
    with ExchangeProcess() as exchange:
        bm, told = manager(exchange)
        bm.start_trade_socket("BNBBTC", print)
        events = []
        while not any(isinstance(event, GaveUp) for event in events):
            events.append(told.get(timeout=DEADLINE))
        assert "untrusted" in events[-1].reason
        monkeypatch.setenv("BINANCE_CA_FILE", exchange.ca_file)
        bm.start_trade_socket("BNBBTC", print)
        assert isinstance(told.get(timeout=DEADLINE), Connected)


def test_nothing_in_the_package_can_turn_verification_off():
    off = (
        "VERIFY_NONE",
        "CERT_NONE",
        "_create_unverified_context",
        "verify=False",
        "check_hostname = False",
    )
    found = [
        (path.name, word)
        for path in (ROOT / "binance").rglob("*.py")
        for word in off
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []


@pytest.mark.parametrize("shape", ["wrapped", "bare", "bare_with_id"])
def test_a_refusal_in_any_shape_answers_the_call_that_it_is_for(manager, shape):
    with ExchangeProcess() as exchange:
        exchange.fault("refuse_streams", stream="ethusdt@trade", shape=shape)
        bm, _ = manager(exchange, ca_file=exchange.ca_file)
        key = bm.start_multiplex_socket(["btcusdt@trade"], lambda message: None)
        assert bm.wait_open(key, DEADLINE)
        with pytest.raises(ValueError, match="ethusdt@trade was refused: Invalid request"):
            bm.subscribe(key, ["ethusdt@trade"]).result(DEADLINE)
        names = ["bnbusdt@trade"]
        assert bm.subscribe(key, names).result(DEADLINE) == names
        assert bm.unsubscribe(key, names).result(DEADLINE) == names


def test_times_come_in_microseconds_where_they_are_asked_for(manager):
    with ExchangeProcess() as exchange:
        bm, _ = manager(exchange, ca_file=exchange.ca_file, time_unit="us")
        got = queue.Queue()
        bm.start_trade_socket("BTCUSDT", got.put)
        bm.start_multiplex_socket(["ethusdt@trade"], lambda message: got.put(message["data"]))
        seen = {}
        while len(seen) < 2:
            trade = got.get(timeout=DEADLINE)
            seen[trade["s"]] = trade["E"]
        assert all(moment > 10**15 for moment in seen.values())
