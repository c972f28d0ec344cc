import json

import pytest

from binance.simulator.api.stream_requests import (
    RequestRefused,
    StreamRequest,
    StreamTarget,
    read_request,
    read_target,
)


@pytest.mark.parametrize(
    ("message", "request_"),
    [
        (
            {"method": "SUBSCRIBE", "params": ["a@trade", "b@trade"], "id": 1},
            StreamRequest("SUBSCRIBE", 1, ("a@trade", "b@trade")),
        ),
        (
            {"method": "UNSUBSCRIBE", "params": ["a@trade"], "id": "x9"},
            StreamRequest("UNSUBSCRIBE", "x9", ("a@trade",)),
        ),
        ({"method": "LIST_SUBSCRIPTIONS", "id": None}, StreamRequest("LIST_SUBSCRIPTIONS", None)),
        ({"method": "LIST_SUBSCRIPTIONS"}, StreamRequest("LIST_SUBSCRIPTIONS", None)),
        (
            {"method": "SET_PROPERTY", "params": ["combined", True], "id": -(2**63)},
            StreamRequest("SET_PROPERTY", -(2**63), combined=True),
        ),
        (
            {"method": "GET_PROPERTY", "params": ["combined"], "id": 2},
            StreamRequest("GET_PROPERTY", 2),
        ),
    ],
)
def test_requests(message, request_):
    assert read_request(json.dumps(message).encode()) == request_


@pytest.mark.parametrize(
    ("payload", "code", "says", "id"),
    [
        (b"{", 3, "Invalid JSON", None),
        (b"\xff", 3, "Invalid JSON", None),
        (b"[]", 2, "expected an object", None),
        (b'{"id":7}', 2, "missing field `method`", 7),
        (b'{"method":"FOO","id":7}', 2, "unknown variant `FOO`, expected one of `SUBSCRIBE`", 7),
        (b'{"method":1,"id":7}', 2, "unknown variant `1`", 7),
        (b'{"method":"SUBSCRIBE","id":7}', 2, "missing field `params`", 7),
        (b'{"method":"SUBSCRIBE","params":[1],"id":7}', 2, "must be strings", 7),
        (b'{"method":"SUBSCRIBE","params":"a","id":7}', 2, "must be an array", 7),
        (b'{"method":"LIST_SUBSCRIPTIONS","params":["a"],"id":7}', 2, "too many parameters", 7),
        (b'{"method":"GET_PROPERTY","params":["combined",1],"id":7}', 2, "too many", 7),
        (b'{"method":"GET_PROPERTY","params":["other"],"id":7}', 0, "Unknown property", 7),
        (b'{"method":"GET_PROPERTY","params":[1],"id":7}', 2, "name must be a string", 7),
        (b'{"method":"SET_PROPERTY","params":["combined",1],"id":7}', 1, "expected Boolean", 7),
        (b'{"method":"SET_PROPERTY","params":["combined"],"id":7}', 1, "expected Boolean", 7),
        (b'{"method":"SUBSCRIBE","params":["a"],"id":1.5}', 2, "request ID", None),
        (b'{"method":"SUBSCRIBE","params":["a"],"id":"no good"}', 2, "request ID", None),
        (b'{"method":"SUBSCRIBE","params":["a"],"id":9223372036854775808}', 2, "request ID", None),
        (b'{"method":"SUBSCRIBE","params":["a"],"id":true}', 2, "request ID", None),
    ],
)
def test_errors_in_both_shapes(payload, code, says, id):
    with pytest.raises(RequestRefused, match=says) as caught:
        read_request(payload)
    refused = caught.value
    assert refused.code == code
    assert refused.reply("bare") == {"code": code, "msg": refused.message}
    assert refused.reply("wrapped") == {"error": {"code": code, "msg": refused.message}, "id": id}


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("/ws/a@trade", StreamTarget("spot", "", ("a@trade",), False, False)),
        (
            "/ws/a@trade/b@depth@100ms",
            StreamTarget("spot", "", ("a@trade", "b@depth@100ms"), False, False),
        ),
        ("/ws", StreamTarget("spot", "", (), False, False)),
        ("/ws/", StreamTarget("spot", "", (), False, False)),
        (
            "/stream?streams=a@trade/b@trade",
            StreamTarget("spot", "", ("a@trade", "b@trade"), True, False),
        ),
        ("/stream?streams=a/a/", StreamTarget("spot", "", ("a",), True, False)),
        ("/stream", StreamTarget("spot", "", (), True, False)),
        ("/ws/a@kline_1m@+08:00", StreamTarget("spot", "", ("a@kline_1m@+08:00",), False, False)),
        (
            "/stream?streams=a@kline_1m@+08:00",
            StreamTarget("spot", "", ("a@kline_1m@+08:00",), True, False),
        ),
        ("/ws/%E5%B8%81usdt%40trade", StreamTarget("spot", "", ("币usdt@trade",), False, False)),
        ("/ws/a@trade?timeUnit=MICROSECOND", StreamTarget("spot", "", ("a@trade",), False, True)),
        ("/stream?streams=a&timeUnit=microsecond", StreamTarget("spot", "", ("a",), True, True)),
        ("/ws/a@trade?timeUnit=MILLISECOND", StreamTarget("spot", "", ("a@trade",), False, False)),
        ("/public/ws/a@trade", StreamTarget("usdm", "public", ("a@trade",), False, False)),
        ("/market/stream?streams=a/b", StreamTarget("usdm", "market", ("a", "b"), True, False)),
        ("/private/ws", StreamTarget("usdm", "private", (), False, False)),
        ("/usdm/ws/a@depth", StreamTarget("usdm", "public", ("a@depth",), False, False)),
        ("/usdm/stream?streams=a", StreamTarget("usdm", "public", ("a",), True, False)),
        ("/usdm/market/ws/a", StreamTarget("usdm", "market", ("a",), False, False)),
        ("/usdm/private/stream", StreamTarget("usdm", "private", (), True, False)),
        ("/usdm/pm/ws/K", StreamTarget("pm", "", ("K",), False, False)),
        ("/usdm/pm-classic/ws/K", StreamTarget("pm-classic", "", ("K",), False, False)),
        ("/coinm/ws/a@depth", StreamTarget("coinm", "", ("a@depth",), False, False)),
        ("/coinm/stream?streams=a/b", StreamTarget("coinm", "", ("a", "b"), True, False)),
        ("/options/public/ws/a", StreamTarget("options", "public", ("a",), False, False)),
        ("/options/market/stream", StreamTarget("options", "market", (), True, False)),
    ],
)
def test_addresses(target, found):
    assert read_target(target) == found


@pytest.mark.parametrize(
    "target",
    ["/", "/wss/a", "/streams?streams=a", "/market", "/api/v3/ping", "/coinm", "/coinm/market/ws"],
)
def test_paths_that_no_stream_server_has(target):
    assert read_target(target) is None
