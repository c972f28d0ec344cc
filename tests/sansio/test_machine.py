"""The tables of the machines: what their text says."""

import enum

import pytest

from binance.sansio.link.machine import ImpossibleInput, entry, table, with_next


class State(enum.Enum):
    UP = "up"
    DOWN = "down"


class Input(enum.Enum):
    GO = "go"
    STOP = "stop"


ROWS = """
UP       | GO    | DOWN fall land

UP DOWN  | STOP  | = wait
DOWN     | GO    | - it is down
"""


def test_each_pair_of_a_row_has_its_entry():
    effects, reasons = table(State, Input, ROWS)
    assert effects == {
        (State.UP, Input.GO): "DOWN fall land",
        (State.UP, Input.STOP): "= wait",
        (State.DOWN, Input.STOP): "= wait",
    }
    assert reasons == {(State.DOWN, Input.GO): "it is down"}


def test_a_star_stands_for_all():
    assert len(table(State, Input, "* | * | a")[0]) == 4


def test_an_entry_names_the_next_state_and_the_actions():
    following = with_next(State, table(State, Input, ROWS)[0])
    assert following[State.UP, Input.GO] == (State.DOWN, "fall land")
    assert following[State.UP, Input.STOP] == (State.UP, "wait")
    assert following[State.DOWN, Input.STOP] == (State.DOWN, "wait")


def test_two_entries_for_one_pair_are_refused():
    with pytest.raises(ValueError, match="two entries for STOP while UP"):
        table(State, Input, "UP | STOP | a\n* | STOP | - b")


@pytest.mark.parametrize("row", ["AWAY | GO | a", "UP | LEAVE | a"])
def test_a_name_that_does_not_exist_is_refused(row):
    with pytest.raises(KeyError):
        table(State, Input, row)


def test_what_is_in_neither_table_cannot_happen():
    effects, reasons = table(State, Input, "UP | GO | a\nDOWN | GO | - b")
    assert entry(effects, reasons, State.UP, Input.GO) == "a"
    assert entry(effects, reasons, State.DOWN, Input.GO) is None
    with pytest.raises(ImpossibleInput, match="'stop' while 'up'"):
        entry(effects, reasons, State.UP, Input.STOP)
