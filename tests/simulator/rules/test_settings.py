import pytest

from binance.simulator.rules.settings import Settings


def test_defaults_are_the_exchange_s():
    rule = Settings()
    assert (rule.ping_interval, rule.pong_timeout, rule.lifetime) == (20, 60, 86_400)
    assert (rule.messages_per_second, rule.usdm_messages_per_second) == (5, 10)
    assert (rule.streams, rule.connects, rule.connects_window) == (1024, 300, 300)
    assert (rule.weight, rule.url_length) == (6000, 8000)
    assert rule.enforcing
    assert rule.counting


def test_counting_and_not_even_that():
    assert not Settings(limits="count").enforcing
    assert Settings(limits="count").counting
    assert not Settings(limits="off").counting


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"limits": "on"}, "limits must be enforce, count or off, not 'on'"),
        ({"error_shape": "round"}, "error_shape must be wrapped, bare or bare_with_id"),
        ({"ping_interval": 0}, "ping_interval must be more than 0, not 0"),
        ({"streams": -1}, "streams must be more than 0"),
        ({"tick": float("nan")}, "tick must be more than 0"),
    ],
)
def test_what_is_out_of_range_is_refused(options, says):
    with pytest.raises(ValueError, match=says):
        Settings(**options)
