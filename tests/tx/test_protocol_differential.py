"""The fast lane against untouched Autobahn: the same octets, cut anywhere, have the same effect."""

import struct
from importlib.metadata import version
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzzing import lanes
from fuzzing.lanes import Direct, Options, Overridden, compare, frame
from tests.profiles import examples

OURS = [pytest.param(Direct, id="direct"), pytest.param(Overridden, id="onMessage")]

# Autobahn before 26.10 raises zlib's error out of dataReceived when a compressed message is
# corrupt, so there is nothing to be equal to. This package never offers compression by itself.
AUTOBAHN = tuple(int(part) for part in version("autobahn").split("."))
COMPRESSION = (False, True) if AUTOBAHN >= (26, 10) else (False,)

OPTIONS = st.builds(
    Options,
    compression=st.sampled_from(COMPRESSION),
    masks_accepted=st.booleans(),
    fail_by_drop=st.sampled_from((False, False, False, True)),
    validate=st.sampled_from((True, True, True, False)),
    reaction=st.sampled_from(("", "", "close", "abort")),
)

JSON = b'{"a":[1,"\xc3\xa4"]}'


def close(code: int, reason: bytes = b"") -> bytes:
    return frame(struct.pack("!H", code) + reason, opcode=8)


SHORT_STREAMS = {
    "text": frame(JSON) + frame(b"[]") + frame(b"1"),
    "text of 16-bit length": frame(b'"' + b"x" * 130 + b'"') + frame(JSON),
    "fragments": frame(JSON[:5], first=0) + frame(JSON[5:], opcode=0) + frame(JSON),
    "fragments in mid-character": frame(JSON[:10], first=0) + frame(JSON[10:], opcode=0),
    "a message between fragments": frame(JSON[:5], first=0)
    + frame(JSON)
    + frame(JSON[5:], opcode=0)
    + frame(JSON),
    "control frames between fragments": frame(JSON[:5], first=0)
    + frame(b"ping", 9)
    + frame(JSON[5:7], opcode=0, first=0)
    + frame(b"pong", 10)
    + frame(JSON[7:], opcode=0)
    + frame(JSON),
    "pings between messages": frame(JSON) + frame(b"p" * 13, 9) + frame(JSON) + frame(b"", 9),
    "masked": frame(JSON) + frame(JSON, mask=b"abcd") + frame(JSON),
    "reserved bits": frame(JSON) + frame(JSON, first=0xA0) + frame(JSON),
    "reserved opcode": frame(JSON) + frame(JSON, opcode=3) + frame(JSON),
    "compressed, not agreed": frame(JSON) + frame(JSON, first=0xC0) + frame(JSON),
    "16 bits where 7 do": frame(JSON) + frame(JSON, width=16) + frame(JSON),
    "64 bits where 7 do": frame(JSON) + frame(JSON, width=64) + frame(JSON),
    "64 bits where 16 do": frame(b'"' + b"x" * 130 + b'"', width=64) + frame(JSON),
    "oversize": frame(JSON) + b"\x81\x7f" + struct.pack("!Q", lanes.LIMIT + 1) + JSON + b"x" * 20,
    "length beyond 2^63": frame(JSON) + b"\x81\x7f" + b"\xff" * 8 + frame(JSON),
    "bad UTF-8": frame(JSON) + frame(b'"\xff ' + b"x" * 9 + b'"') + frame(JSON),
    "UTF-8 cut short": frame(JSON) + frame(b"\xe2\x82") + frame(JSON),
    "bad UTF-8 in fragments": frame(b"\xe2", first=0) + frame(b"x", opcode=0) + frame(JSON),
    "not JSON": frame(b"{oops") + frame(b"") + frame(JSON),
    "binary": frame(b"\x00\xff", opcode=2) + frame(JSON),
    "what the user reacts to": frame(JSON) + frame(b"7") + frame(JSON) + frame(b"?", 9),
    "close": frame(JSON) + close(1000, b"bye"),
    "data after close": close(1001) + frame(JSON) + frame(b"p", 9),
    "bad data after close": close(1000) + frame(b"\xff") + frame(JSON, first=0xF0),
    "close without a code": frame(b"", opcode=8) + frame(JSON),
    "close with half a code": frame(b"\x03", opcode=8) + frame(JSON),
    "close with a bad reason": close(1000, b"\xff") + frame(JSON),
    "two closes": close(1000) + close(1008, b"x"),
    "fragmented ping": frame(b"p", opcode=9, first=0) + frame(JSON),
    "stray continuation": frame(JSON, opcode=0) + frame(JSON),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("data", SHORT_STREAMS.values(), ids=SHORT_STREAMS.keys())
def test_cut_at_every_position(data: bytes, kind: type[Any]) -> None:
    for place in range(len(data) + 1):
        compare(data, [place], Options(), kind)
    compare(data, range(len(data)), Options(), kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("reaction", ["close", "abort"])
def test_a_callback_that_ends_the_link(reaction: str, kind: type[Any]) -> None:
    data = SHORT_STREAMS["what the user reacts to"]
    for place in range(len(data) + 1):
        compare(data, [place], Options(reaction=reaction), kind)


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("code", lanes.CLOSE_CODES)
def test_close_codes(code: int, kind: type[Any]) -> None:
    data = frame(JSON) + close(code, b"reason") + frame(JSON)
    for place in range(0, len(data), 3):
        compare(data, [place], Options(), kind)


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("length", [125, 126, 127, 65535, 65536, 262_144, 262_145, lanes.LIMIT])
def test_lengths(length: int, kind: type[Any]) -> None:
    data = frame(JSON) + frame(b'"' + b"x" * (length - 2) + b'"') + frame(JSON)
    for places in ([], [20, 30], [30, length], range(0, len(data), 4000), [len(data) - 15]):
        compare(data, places, Options(), kind)


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize(("length", "width"), [(125, 16), (126, 64), (65535, 64)])
def test_lengths_that_a_shorter_form_could_have_told(
    length: int, width: int, kind: type[Any]
) -> None:
    data = frame(JSON) + frame(b'"' + b"x" * (length - 2) + b'"', width=width) + frame(JSON)
    for places in ([], [20], [30], [len(data) - 15]):
        compare(data, places, Options(), kind)


@settings(
    max_examples=examples(300),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(seed=st.integers(0, 2**32), options=OPTIONS, kind=st.sampled_from((Direct, Overridden)))
def test_random_streams_cut_at_random(seed: int, options: Options, kind: type[Any]) -> None:
    rng = Random(seed)
    data = lanes.stream(rng, options)
    compare(data, lanes.cuts(rng, len(data)), options, kind)
