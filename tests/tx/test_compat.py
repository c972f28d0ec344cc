"""Which private names of dependencies are there, and what is said where one is not."""

import pytest

from binance.tx.wire import compat


def test_all_names_are_there_in_the_versions_that_are_tested():
    assert [way for way in compat.WAYS if not compat.has(way)] == []


@pytest.mark.parametrize("way", compat.WAYS)
def test_what_is_missing_is_named_in_one_line(way, caplog, monkeypatch):
    caplog.set_level("INFO", "binance")
    monkeypatch.setattr(compat, "_missing", lambda needs: iter(["a._gone", "a._too"]))
    compat.has.cache_clear()
    try:
        assert not compat.has(way)
        assert not compat.has(way)
        (line,) = [record.getMessage() for record in caplog.records]
        assert line == f"{way}: no a._gone, a._too here: {compat.WAYS[way].instead}"
    finally:
        compat.has.cache_clear()
