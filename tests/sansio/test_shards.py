"""Streams over connections: none over its limit, none twice, none moved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance.sansio.link.shards import (
    CHUNK_NAMES,
    CHUNK_OCTETS,
    URL_OCTETS,
    Shards,
    chunks,
    evenly,
    fitting,
)
from binance.sansio.names.streams import combined_path, encoded


def many(n: int, start: int = 0) -> list[str]:
    return [f"coin{i:05}usdt@depth@100ms" for i in range(start, start + n)]


def test_three_thousand_streams_take_three_connections_of_the_same_size():
    layout = Shards(many(3000))
    assert [len(shard.names) for shard in layout.shards] == [1000, 1000, 1000]
    assert [shard.number for shard in layout.shards] == [0, 1, 2]
    assert layout.names == many(3000)


def test_new_streams_fill_the_fullest_connection_that_has_room():
    layout = Shards(many(5), limit=4)
    small, large = sorted(layout.shards, key=lambda shard: len(shard.names))
    change = layout.add(["a@trade", "b@trade"])
    assert change.added == ((large, ["a@trade"]), (small, ["b@trade"]))
    assert change.opened == ()


def test_more_streams_than_there_is_room_for_open_connections():
    layout = Shards(many(3), limit=4)
    change = layout.add(many(9, start=3))
    assert [names for _, names in change.added] == [many(1, start=3)]
    assert [list(shard.names) for shard in change.opened] == [many(4, 4), many(4, 8)]
    assert layout.shards[1:] == list(change.opened)


def test_wanting_twice_and_unwanting_strangers_changes_nothing():
    layout = Shards(["a@trade"])
    assert layout.add(["a@trade", "a@trade"]).added == ()
    assert layout.remove(["b@trade"]).removed == ()


def test_an_empty_connection_is_closed_but_the_last_one_is_kept():
    layout = Shards(many(8), limit=4)
    first, second = layout.shards
    change = layout.remove([*many(4), "coin00004usdt@depth@100ms"])
    assert change.closed == (first,)
    assert change.removed == ((second, ["coin00004usdt@depth@100ms"]),)
    change = layout.remove(many(3, start=5))
    assert (change.closed, layout.shards, layout.names) == ((), [second], [])
    assert layout.add(["a@trade"]).added == ((second, ["a@trade"]),)


def test_when_every_connection_empties_one_is_kept():
    layout = Shards(many(8), limit=4)
    first, second = layout.shards
    change = layout.remove(many(8))
    assert change.closed == (second,)
    assert change.removed == ((first, many(4)),)


def test_usdm_streams_are_split_by_path():
    layout = Shards(["a@depth", "a@aggTrade", "b@bookTicker", "b@kline_1m"], "usdm")
    assert {shard.category: list(shard.names) for shard in layout.shards} == {
        "public": ["a@depth", "b@bookTicker"],
        "market": ["a@aggTrade", "b@kline_1m"],
    }
    assert [shard.category for shard in layout.add(["c@markPrice"]).opened] == []
    assert Shards(["a@depth", "a@aggTrade"], "coinm").shards[0].category == ""


def test_options_allow_fewer_streams():
    assert len(Shards(many(401), "options").shards) == 3
    with pytest.raises(ValueError, match="unknown market"):
        Shards(["a@trade"], "futures")


changes = st.lists(
    st.tuples(st.booleans(), st.lists(st.integers(0, 30).map(lambda i: f"s{i}@trade"))), max_size=20
)


@given(changes)
def test_whatever_is_wanted_is_carried_once_and_never_moved(steps):
    layout, wanted, places = Shards([], limit=4), set(), {}
    for adding, names in steps:
        change = layout.add(names) if adding else layout.remove(names)
        wanted = wanted | set(names) if adding else wanted - set(names)
        carried = [name for shard in layout.shards for name in shard.names]
        assert sorted(carried) == sorted(wanted) == sorted(layout.names)
        assert all(len(shard.names) <= 4 for shard in layout.shards)
        assert all(shard.names for shard in layout.shards[1:]) or len(layout.shards) == 1
        assert all(not shard.names for shard in change.closed)
        where = {name: shard.number for shard in layout.shards for name in shard.names}
        assert all(where[name] == place for name, place in places.items() if name in where)
        places = where


@given(st.integers(0, 5000), st.integers(1, 1024))
def test_even_parts(n, limit):
    names = many(n)
    parts = list(evenly(names, limit))
    assert [name for part in parts for name in part] == names
    assert len(parts) == -(-n // limit)
    sizes = {len(part) for part in parts}
    assert max(sizes, default=0) <= limit
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


def test_a_url_holds_as_many_names_as_are_accepted():
    names = fitting(many(1024))
    assert 250 < len(names) < 1024
    assert len(encoded(combined_path(names))) <= URL_OCTETS
    assert len(encoded(combined_path(many(len(names) + 1)))) > URL_OCTETS
    assert fitting(["é" * 2000 + "@trade"]) == []


@given(st.lists(st.text("abcé\uff11", min_size=1, max_size=300), max_size=300))
def test_chunks_keep_order_and_stay_modest(names):
    parts = list(chunks(names))
    assert [name for part in parts for name in part] == names
    for part in parts:
        assert 0 < len(part) <= CHUNK_NAMES
        octets = sum(len(name.encode()) + 3 for name in part)
        assert octets <= CHUNK_OCTETS or len(part) == 1


def test_a_connection_that_was_kept_empty_is_closed_once_another_carries_something():
    layout = Shards(["a@depth"], "usdm")
    (public,) = layout.shards
    assert layout.remove(["a@depth"]).closed == ()
    change = layout.add(["a@aggTrade"])
    assert change.closed == (public,)
    assert [shard.category for shard in layout.shards] == ["market"]


def test_which_connection_is_to_carry_a_stream():
    layout = Shards(many(8), limit=4)
    assert [layout.shard_of(name).number for name in many(8)] == [0] * 4 + [1] * 4
    layout.remove(many(1))
    assert layout.shard_of(many(1)[0]) is None
