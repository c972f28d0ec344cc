"""The retries of a session's adapter, which are for reads alone."""

import pytest
from urllib3.exceptions import ProtocolError
from urllib3.util import Retry

from binance.rest.sessions import ReadsOnly


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", None])
def test_a_call_with_effects_ends_with_the_error_that_it_met(method):
    lost = ProtocolError("the reply is lost")
    with pytest.raises(ProtocolError) as raised:
        ReadsOnly(3).increment(method, "/api/v3/order", error=lost)
    assert raised.value is lost


def test_a_read_is_tried_again():
    assert ReadsOnly(3).increment("GET", "/api/v3/time", error=ProtocolError("lost")).total == 2


@pytest.mark.parametrize("arguments", [(), (False,), (True,)])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_an_answer_is_judged_as_urllib3_does_it_but_for_reads_alone(method, arguments):
    expected = method == "GET" and Retry(3).is_retry(method, 503, *arguments)
    assert ReadsOnly(3).is_retry(method, 503, *arguments) is bool(expected)
