import json
import struct

import pytest

from binance.simulator.wire.frames import MALFORMED, combined, frame


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, 100_000])
def test_frames_have_the_shortest_length(length):
    payload = b"x" * length
    made = frame(payload)
    assert made.endswith(payload)
    head = made[: len(made) - length]
    if length < 126:
        assert head == bytes((0x81, length))
    elif length < 65_536:
        assert head == b"\x81\x7e" + struct.pack("!H", length)
    else:
        assert head == b"\x81\x7f" + struct.pack("!Q", length)


def test_an_envelope_holds_the_payload_as_it_is():
    made = combined("币usdt@trade", b'{"e":  "trade"}')
    assert made == '{"stream":"币usdt@trade","data":{"e":  "trade"}}'.encode()
    assert json.loads(made) == {"stream": "币usdt@trade", "data": {"e": "trade"}}


def test_malformed_frames_are_malformed_each_in_its_way():
    bodies = {shape: made[2:] for shape, made in MALFORMED.items()}
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(bodies["json"])
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(bodies["text"])
    with pytest.raises(UnicodeDecodeError):
        bodies["utf8"].decode()
    assert MALFORMED["reserved"][0] & 0x70 == 0x40
    assert MALFORMED["opcode"][0] & 0x0F == 3
    assert MALFORMED["masked"][1] & 0x80
    assert (MALFORMED["ping"][0], MALFORMED["ping"][1]) == (0x89, 126)
