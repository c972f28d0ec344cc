"""The page for operators shows what the last run of the benchmark says, computed anew."""

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def capacity(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(ROOT / "docs"), *sys.path])
    return importlib.import_module("capacity")


def run(relay: float, engine: float) -> dict[str, Any]:
    needs = {"rate": 50_000, "cpu": relay, "peak": 81920}
    return {
        "relay": needs,
        "engine": {"cpu": engine, "peak": 40960, "stored": 500.0},
        "consumers": {"rate": 40_000, "cpu": 10.0, "peak": 1, "p50": 700.0, "p99": 2500.0},
    }


FOUND = {
    "rounds": 7,
    "machine": {"cores": 2, "python": "3.13.1"},
    "relay": {"trade": run(10.0, 6.0), "depth": run(20.0, 10.0)},
    "burst": {"1": run(10.0, 6.0), "10": run(10.0, 24.0)},
    "paced": {
        "0": {"consumers": {"p50": 100.0, "p99": 500.0}},
        "1": run(10.0, 6.0),
        "10": run(10.0, 6.0),
    },
}


def test_what_the_rate_needs_is_computed(capacity: ModuleType) -> None:
    need = capacity.figures(FOUND)
    assert need == pytest.approx(
        {
            "relay cores": 0.3,  # 20,000 messages of 15 µs in the mean
            "relays": 1,
            "engine cores": 0.16,
            "engine cores of a consumer": 0.04,  # 2 µs for each further consumer
            "consumer cores": 0.2,
            "stored octets": 500.0,
            "gigabytes an hour": 36.0,
            "megabits": 80.0,
            "outage": 16.0,  # 256 MB, and 800 octets for each message
        }
    )


def test_slow_relays_share_the_streams(capacity: ModuleType) -> None:
    slow = FOUND | {"relay": {"trade": run(50.0, 6.0), "depth": run(70.0, 10.0)}}
    assert capacity.figures(slow)["relays"] == 3


def test_the_page_shows_the_last_run(capacity: ModuleType) -> None:
    shown = capacity.BETWEEN.search(capacity.PAGE.read_text(encoding="utf-8"))
    assert shown is not None
    assert shown[0] == capacity.section(capacity.results()), "run: python docs/capacity.py"


def test_tables_have_each_figure(capacity: ModuleType) -> None:
    text = capacity.section(FOUND)
    for figure in (
        "50,000",
        "10.0 µs",
        "20.0 µs",
        "1: 0.6 ms, 2.0 ms; 10: 0.6 ms, 2.0 ms",
        "0.30",
        "36 GB",
        "16 s",
    ):
        assert f"``{figure}``" in text
    assert capacity.section(None) == ""
