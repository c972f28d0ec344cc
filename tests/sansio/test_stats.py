"""The figures of sockets: dataclasses that can be read as the dicts of before."""

import copy
import dataclasses
import json
import pickle

import pytest

from binance.sansio.link.stats import LatencyStats, RedundancyStats, SocketStats, Stats

LATENCY = LatencyStats(0.007, 0.08, 0.09, None)
FIGURES = SocketStats(
    12345,
    99,
    1,
    True,
    0.123,
    0,
    2,
    2,
    RedundancyStats([3, 1], 0.1, None),
    0,
    5,
    LATENCY,
    3,
    7,
    1.25,
)
AS_DICT = {
    "messages": 12345,
    "bytes": 99,
    "reconnects": 1,
    "connected": True,
    "last_message_age": 0.123,
    "dropped": 0,
    "callback_errors": 2,
    "links": 2,
    "redundancy": {"first": [3, 1], "lead_p50": 0.1, "lead_p99": None},
    "gaps": 0,
    "backfilled": 5,
    "latency": {"p50": 0.007, "p99": 0.08, "max": 0.09, "error": None},
    "rotations": 3,
    "queued": 7,
    "callback_seconds": 1.25,
}


def test_each_field_is_an_item() -> None:
    assert FIGURES.messages == FIGURES["messages"] == 12345
    assert FIGURES["latency"]["p50"] == LATENCY.p50
    assert list(FIGURES) == list(AS_DICT)
    assert len(FIGURES) == len(AS_DICT)
    assert "gaps" in FIGURES
    assert "get" not in FIGURES
    assert FIGURES.get("nothing", 7) == 7
    with pytest.raises(KeyError, match="nothing"):
        FIGURES["nothing"]


def test_they_equal_a_dict_and_become_one() -> None:
    assert FIGURES == AS_DICT
    assert AS_DICT == FIGURES
    assert Stats(a=FIGURES) == {"a": AS_DICT}
    assert FIGURES != AS_DICT | {"gaps": 1}
    assert dict(FIGURES) == {**FIGURES} == AS_DICT
    assert dataclasses.asdict(FIGURES) == AS_DICT
    assert copy.deepcopy(FIGURES) == pickle.loads(pickle.dumps(FIGURES)) == FIGURES


def test_they_are_written_as_json() -> None:
    assert json.loads(json.dumps(Stats(a=FIGURES), default=dict)) == {"a": AS_DICT}


def test_they_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        FIGURES.messages = 1  # type: ignore[misc]


def test_false_is_no_key() -> None:
    stats = Stats(a=FIGURES)
    with pytest.raises(KeyError, match="that stream is open already"):
        stats[False]
    with pytest.raises(KeyError, match=r"^'b'$"):
        stats["b"]
    assert stats.get("b") is None


def test_a_notebook_shows_a_row_for_each_socket() -> None:
    silent = dataclasses.replace(FIGURES, last_message_age=None, redundancy=None, latency=None)
    shown = Stats({"<img src=x>": FIGURES, "user": silent})._repr_html_("two")
    assert shown.startswith("<table><caption>two</caption><tr><th>socket</th><th>messages</th>")
    assert "<td>&lt;img src=x&gt;</td><td>12,345</td><td>99</td><td>1</td><td>yes</td>" in shown
    assert "<td>p50 0.007, p99 0.080, max 0.090, error -</td>" in shown
    assert "<td>user</td><td>12,345</td><td>99</td><td>1</td><td>yes</td><td>-</td>" in shown
    assert Stats()._repr_html_() == "<table><caption></caption><tr><th>socket</th></tr></table>"
