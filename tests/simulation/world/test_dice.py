import os
import random
import uuid

from simulation.world import install
from simulation.world.dice import Dice
from simulation.world.install import reactor


def test_dice_depend_on_seed_and_name_only() -> None:
    one, other = Dice(1).named("link", 3), Dice(1).named("link", 3)
    other_draws = [Dice(1).named("link", 4).random(), other.random()]
    assert one.random() == other_draws[1]
    assert len({*other_draws, Dice(2).named("link", 3).random()}) == 3


def test_what_the_client_draws_depends_on_seed_and_moment_only() -> None:
    def draws(seed: int, before: int) -> list[object]:
        install.reset(seed)
        for _ in range(before):
            random.random()
        reactor.run_until(5)
        random.seed()
        return [random.random(), random.random(), os.urandom(8), uuid.uuid4()]

    assert draws(1, 0) == draws(1, 3)
    assert draws(1, 0) != draws(2, 0)
    assert len(set(draws(1, 0))) == 4
