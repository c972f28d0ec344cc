import gzip
import math

import pytest

from binance.simulator.market.replay import BATCH, Player, load

HEAD = (
    b"wss://stream.binance.com:9443/stream?streams=a@trade/b@depth@100ms/c@kline_1m@+08:00"
    b" <-> 100.5\n"
)
ONE = b'{"stream":"a@trade","data":{"e": "trade","t":1}}'
TWO = b'{"stream":"b@depth@100ms","data":{"u":2,"x":"}"}}'
BODY = b"101.5: " + ONE + b"\n" + b'101.6: {"result":null,"id":1}\n' + b"103.5: " + TWO + b"\n"
REST = (
    b'https://api.binance.com/api/v3/depth?symbol=B&limit=1000 -> 101.0: {"lastUpdateId":1}\n'
    b'https://api.binance.com/api/v3/depth?symbol=B&limit=1000 -> 103.0: {"lastUpdateId":2}\n'
)


@pytest.fixture
def captured(tmp_path):
    path = tmp_path / "x.frames"
    path.write_bytes(HEAD + BODY)
    path.with_suffix(".rest").write_bytes(REST)
    return path


def test_frames_are_taken_apart_byte_for_byte(captured):
    recording = load(captured)
    assert recording.streams == {"a@trade", "b@depth@100ms", "c@kline_1m@+08:00"}
    one, two = recording.frames
    assert (one.at, one.stream, one.combined) == (1.0, "a@trade", ONE)
    assert one.raw == b'{"e": "trade","t":1}'
    assert (two.at, two.raw) == (3.0, b'{"u":2,"x":"}"}')


def test_a_recording_of_a_raw_connection(tmp_path):
    path = tmp_path / "raw.frames"
    path.write_bytes(b'wss://h/ws/a%40trade <-> 5\n6: {"t":1}\n')
    recording = load(path)
    assert recording.streams == {"a@trade"}
    assert recording.frames[0].raw == b'{"t":1}'
    assert recording.frames[0].combined == b'{"stream":"a@trade","data":{"t":1}}'
    assert recording.snapshots == {}


def test_a_compressed_recording_is_the_same(captured, tmp_path):
    packed = tmp_path / "x.frames.gz"
    packed.write_bytes(gzip.compress(captured.read_bytes()))
    assert load(packed) == load(captured)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "first line"),
        (b"nothing\n", "first line"),
        (b"wss://h/ws/a <-> 5\nno time\n", "line 2 is not"),
    ],
)
def test_other_files_are_refused(tmp_path, content, says):
    path = tmp_path / "x.frames"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=says):
        load(path)


def test_it_plays_at_its_own_pace_from_the_first_listener_on(captured):
    player = Player(load(captured))
    assert player.due(0) == []
    assert not player.playing
    player.arrive(50_000)
    assert player.playing
    assert player.due(50_999) == []
    assert [each.raw for each in player.due(51_000)] == [b'{"e": "trade","t":1}']
    assert player.due(51_001) == []
    assert len(player.due(99_000)) == 1
    assert player.finished
    assert not player.playing


def test_it_plays_faster(captured):
    player = Player(load(captured), speed=10)
    player.arrive(0)
    assert [len(player.due(now)) for now in (99, 100, 299, 300)] == [0, 1, 0, 1]


def test_it_plays_as_fast_as_it_can_in_batches(tmp_path):
    path = tmp_path / "long.frames"
    lines = [b'%d: {"stream":"a@trade","data":%d}' % (n, n) for n in range(BATCH + 10)]
    path.write_bytes(b"wss://h/stream?streams=a@trade <-> 0\n" + b"\n".join(lines))
    player = Player(load(path), speed=0)
    player.arrive(0)
    assert [len(player.due(0)) for _ in range(3)] == [BATCH, 10, 0]


def test_it_starts_again_for_a_listener_after_its_end(captured):
    player = Player(load(captured), speed=0)
    player.arrive(0)
    player.arrive(0)
    assert len(player.due(0)) == 2
    player.leave()
    player.arrive(5)
    assert player.due(5) == []  # somebody was still there
    player.leave()
    player.leave()
    player.arrive(9)
    assert len(player.due(9)) == 2


def test_snapshots_are_those_of_their_time(captured):
    player = Player(load(captured))
    path = "/api/v3/depth"
    assert player.snapshot(path, "B", 0) == b'{"lastUpdateId":1}'
    player.arrive(0)
    assert player.snapshot(path, "B", 1_000) == b'{"lastUpdateId":1}'
    assert player.snapshot(path, "B", 2_500) == b'{"lastUpdateId":2}'
    assert player.snapshot(path, "C", 0) is None
    assert player.snapshot("/fapi/v1/depth", "B", 0) is None


@pytest.mark.parametrize("speed", [-1, math.nan, math.inf])
def test_a_speed_that_is_none_is_refused(captured, speed):
    with pytest.raises(ValueError, match="speed must be 0 or more"):
        Player(load(captured), speed)


@pytest.mark.loopback
@pytest.mark.parametrize("speed", [0, 20])
def test_served_frames_are_the_captured_ones(start, connect, get, captured, speed):
    simulator = start(replay=str(captured), speed=speed, symbols=2)
    client = connect(simulator, "/stream?streams=a@trade/b@depth@100ms")
    assert [client.text(), client.text()] == [ONE, TWO]
    client.close()
    raw = connect(simulator, "/ws/b@depth@100ms/btcusdt@depth5@100ms")
    seen = [raw.text() for _ in range(8)]
    assert b'{"u":2,"x":"}"}' in seen
    assert get(simulator, "/api/v3/depth?symbol=B&limit=1000")[2]["lastUpdateId"] in (1, 2)
