"""What the status server shows and to whom: the tables of metrics and of health, and access."""

import re
from typing import Any

import pytest

from binance.sansio.link.stats import LatencyStats, SocketStats
from binance.sansio.status.access import BAD_METHOD, FOREIGN, NO_TOKEN, Access, Asked, check
from binance.sansio.status.health import RULES, Problem, problems
from binance.sansio.status.metrics import METRICS
from binance.sansio.status.report import LABELS, Report, labels_of, market_of

LATENCY = LatencyStats(0.007, 0.08, 0.09, None)
OPEN = SocketStats(12, 99, 1, True, 0.5, 3, 2, 1, None, 4, 5, LATENCY, 6, 7, 1.25)
DOWN = SocketStats(0, 0, 0, False, None, 0, 0, 0, None, 0, 0, None, 0, 0, 0.0)
RELAY = dict.fromkeys(
    (one.figure for one in METRICS if one.of == "relay"),
    8,
)
REPORT = Report(
    {
        "socket": [
            (("a@trade", "spot"), {**OPEN, "silent": True}),
            (("usdm:user", "usdm"), {**DOWN, "silent": False}),
        ],
        "book": [(("a@depth", "spot", "A"), {"synced": False, "cause": "changes are missing"})],
        "connects": [(("stream.example",), {"used": 2, "limit": 300})],
        "request_weight": [(("api.example", "api"), {"used": 50, "limit": 6000})],
        "relay": [((), RELAY)],
    },
    gave_up={"b@trade": "refused"},
    silent={"a@trade": "a@trade: a quiet market"},
)


def samples(report: Report) -> dict[str, dict[tuple[str, ...], float]]:
    return {one.name: found for one in METRICS if (found := dict(one.samples(report)))}


def test_each_figure_of_a_socket_is_a_sample() -> None:
    of = {name: rows for name, rows in samples(REPORT).items() if "socket" in name}
    a, b = ("a@trade", "spot"), ("usdm:user", "usdm")
    assert of == {
        "binance_socket_messages": {a: 12, b: 0},
        "binance_socket_bytes": {a: 99, b: 0},
        "binance_socket_reconnects": {a: 1, b: 0},
        "binance_socket_rotations": {a: 6, b: 0},
        "binance_socket_gaps": {a: 4, b: 0},
        "binance_socket_backfilled": {a: 5, b: 0},
        "binance_socket_dropped": {a: 3, b: 0},
        "binance_socket_callback_errors": {a: 2, b: 0},
        "binance_socket_callback_seconds": {a: 1.25, b: 0},
        "binance_socket_connected": {a: 1, b: 0},
        "binance_socket_silent": {a: 1, b: 0},
        "binance_socket_links": {a: 1, b: 0},
        "binance_socket_queued": {a: 7, b: 0},
        "binance_socket_last_message_age_seconds": {a: 0.5},
        "binance_socket_latency_p50_seconds": {a: 0.007},
        "binance_socket_latency_p99_seconds": {a: 0.08},
    }


def test_every_figure_of_stats_is_there() -> None:
    shown = {one.figure.partition(".")[0] for one in METRICS if one.of == "socket"}
    assert shown == set(OPEN) - {"redundancy"} | {"silent"}  # the links of that one are counted


def test_the_other_rows_are_samples() -> None:
    of = samples(REPORT)
    assert of["binance_book_synced"] == {("a@depth", "spot", "A"): 0}
    assert of["binance_connects_used"] == {("stream.example",): 2}
    assert of["binance_connects_limit"] == {("stream.example",): 300}
    assert of["binance_request_weight_used"] == {("api.example", "api"): 50}
    assert of["binance_relay_stored"] == {(): 8}
    assert samples(Report({})) == {}


@pytest.mark.parametrize("metric", METRICS, ids=lambda one: one.name)
def test_names_follow_the_conventions(metric) -> None:
    assert re.fullmatch(r"binance_[a-z0-9]+(_[a-z0-9]+)*", metric.name)
    assert not metric.name.endswith("_total")  # the library adds it to counters
    assert metric.kind in ("counter", "gauge")
    assert metric.of in LABELS
    assert metric.help.endswith(".")


def test_no_two_metrics_have_one_name() -> None:
    assert len({one.name for one in METRICS}) == len(METRICS)


def test_everything_that_is_wrong_is_named() -> None:
    away = Report({**REPORT.rows, "relay": [((), RELAY | {"connected": 0})]}, *(REPORT.gave_up,))
    assert problems(REPORT) == [
        Problem("gave_up", "b@trade", "refused"),
        Problem("down", "usdm:user", "the connection is not open"),
        Problem("silent", "a@trade", "a@trade: a quiet market"),
        Problem("book_out_of_sync", "a@depth", "A: changes are missing"),
    ]
    assert problems(away)[-1] == Problem("engine_away", "", "there is no connection to the engine")
    assert {one.reason for one in (*problems(REPORT), *problems(away))} == set(RULES)


def test_all_is_well() -> None:
    assert problems(Report({})) == []
    assert problems(Report({"socket": [(("a", "spot"), OPEN)], "relay": [((), RELAY)]})) == []


@pytest.mark.parametrize(
    ("key", "market"),
    [
        ("btcusdt@trade", "spot"),
        ("streams=a@trade/b@trade", "spot"),
        ("btcusdt@kline_1d@+08:00", "spot"),
        ("user", "spot"),
        ("margin:ETHBTC", "spot"),
        ("usdm:btcusdt@markPrice", "usdm"),
        ("coinm:user:2", "coinm"),
        ("options:!x", "options"),
        ("pm:user", "pm"),
    ],
)
def test_the_market_of_a_key(key: str, market: str) -> None:
    assert market_of(key) == market


def test_labels_hide_secrets_and_differ() -> None:
    one, other = "a" * 64, "b" * 64  # listen keys
    many = "streams=" + "/".join(f"symbol{number}@trade" for number in range(100))
    labels = labels_of([one, other, "btcusdt@trade", many])
    assert list(labels) == [one, other, "btcusdt@trade", many]
    assert labels[one] == "***"
    assert labels[other] == "*** #2"
    assert labels["btcusdt@trade"] == "btcusdt@trade"
    assert len(labels[many]) < 130


TOKEN = "0123456789abcdef"
COOKIE = Access(TOKEN).cookie
OWN = {"host": "127.0.0.1:8900"}


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({}, None),
        ({"host": "localhost"}, None),
        ({"host": "LOCALHOST:9000"}, None),
        ({"host": "[::1]:8900"}, None),
        ({"method": "HEAD"}, None),
        ({"origin": "http://127.0.0.1:8900"}, None),
        ({"method": "POST"}, BAD_METHOD),
        ({"host": ""}, FOREIGN),
        ({"host": "evil.example"}, FOREIGN),
        ({"host": "127.0.0.1.evil.example:8900"}, FOREIGN),
        ({"host": "localhost@evil.example"}, FOREIGN),
        ({"host": "[::1"}, FOREIGN),
        ({"host": "192.0.2.1:8900"}, FOREIGN),
        ({"origin": "https://evil.example"}, FOREIGN),
        ({"origin": "http://127.0.0.1:8901"}, FOREIGN),
        ({"origin": "null"}, FOREIGN),
    ],
)
def test_without_a_token_only_this_machine_is_served(asked: dict[str, str], refusal: Any) -> None:
    assert Access(None).refusal(Asked(**OWN | asked)) is refusal


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({}, NO_TOKEN),
        ({"authorization": f"Bearer {TOKEN}"}, None),
        ({"authorization": f"bearer  {TOKEN} "}, None),
        ({"authorization": f"Basic {TOKEN}"}, NO_TOKEN),
        ({"authorization": "Bearer"}, NO_TOKEN),
        ({"authorization": f"Bearer {TOKEN[:-1]}"}, NO_TOKEN),
        ({"authorization": f"Bearer {TOKEN}", "host": "bot.example:8900"}, None),
        ({"cookie": COOKIE}, None),
        ({"cookie": TOKEN}, NO_TOKEN),
        ({"cookie": COOKIE, "token": TOKEN}, None),
        ({"token": TOKEN}, None),
        ({"token": COOKIE}, NO_TOKEN),
        ({"token": "\xff"}, NO_TOKEN),
        ({"cookie": COOKIE, "origin": "https://evil.example"}, FOREIGN),
        ({"token": TOKEN, "method": "DELETE"}, BAD_METHOD),
    ],
)
def test_with_a_token_every_request_needs_it(asked: dict[str, str], refusal: Any) -> None:
    assert Access(TOKEN).refusal(Asked(**OWN | asked)) is refusal


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "192.0.2.1", "bot.example"])
def test_other_machines_need_a_token(host: str) -> None:
    with pytest.raises(ValueError, match="lets other machines connect, so a token is needed"):
        check(host, None)
    check(host, TOKEN)


def test_loopback_needs_no_token() -> None:
    for host in ("127.0.0.1", "127.8.0.1", "::1", "localhost"):
        check(host, None)


@pytest.mark.parametrize("token", ["", "short", "spaces are no good", 'quote"0123456789abcdef'])
def test_a_bad_token_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(ValueError, match="token must be at least 16 letters") as error:
        check("127.0.0.1", token)
    assert not token or token not in str(error.value)
