"""A client's frame: its bytes for every form of the length."""

import pytest

from binance.sansio.wire.frames import masked

KEY = b"\x01\x02\x03\x04"


@pytest.mark.parametrize(
    ("octets", "head"),
    [
        (0, b"\x81\x80"),
        (5, b"\x81\x85"),
        (125, b"\x81\xfd"),
        (126, b"\x81\xfe\x00\x7e"),
        (65_535, b"\x81\xfe\xff\xff"),
        (65_536, b"\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_frame_has_the_shortest_form_of_its_length_and_is_masked(octets, head):
    payload = bytes(number % 251 for number in range(octets))
    body = bytes(octet ^ KEY[place % 4] for place, octet in enumerate(payload))
    assert masked(1, payload, KEY) == head + KEY + body


def test_the_example_of_the_standard():
    """RFC 6455, section 5.7: a masked text message of one frame."""
    frame = masked(1, b"Hello", b"\x37\xfa\x21\x3d")
    assert frame == bytes.fromhex("818537fa213d7f9f4d5158")
