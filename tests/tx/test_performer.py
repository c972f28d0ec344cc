import pytest

from binance.tx.performer import Performer


def test_commands_are_performed_in_order() -> None:
    done: list[str] = []
    performer = Performer(done.append)
    assert performer.add(["a", "b"])
    assert performer.add(["c"])
    assert done == ["a", "b", "c"]


def test_what_a_command_leads_to_is_performed_after_the_rest_of_its_list() -> None:
    done: list[str] = []
    answers: list[bool] = []

    def perform(command: str) -> None:
        done.append(command)
        if command == "a":
            answers.append(performer.add(["a1", "a2"]))
            assert done == ["a"]
        if command == "a1":
            answers.append(performer.add(["a11"]))

    performer = Performer(perform)
    assert performer.add(["a", "b"])
    assert done == ["a", "b", "a1", "a2", "a11"]
    assert answers == [False, False]


def test_after_a_command_that_raises_the_rest_waits_for_the_next_ones() -> None:
    done: list[str] = []

    def perform(command: str) -> None:
        if command == "bad":
            raise ValueError(command)
        done.append(command)

    performer = Performer(perform)
    with pytest.raises(ValueError, match="bad"):
        performer.add(["a", "bad", "b"])
    assert done == ["a"]
    assert performer.add(["c"])
    assert done == ["a", "b", "c"]
