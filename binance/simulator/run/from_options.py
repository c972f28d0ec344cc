"""The state of a simulator, made from its options. Pure, but for the recording that it reads."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable

from binance.simulator.market.exchange import Exchange
from binance.simulator.market.futures import CoinmExchange, UsdmExchange
from binance.simulator.market.options import OptionsExchange
from binance.simulator.market.replay import Player, load
from binance.simulator.rules.settings import RULES, Settings
from binance.simulator.rules.state import SimulatorState


def make_state(options: Namespace, wall_clock: Callable[[], int]) -> SimulatorState:
    """The state that the options describe; ``wall_clock`` returns ms since 1970.

    :raises ValueError: for a value out of range; :raises OSError: when a replay cannot be read.
    """
    begun = wall_clock()
    start = begun if options.start is None else options.start
    ahead = start - begun
    common = {name: getattr(options, name) for name in ("seed", "rate", "falloff", "levels")}
    common["start"] = start
    exchange = Exchange(symbols=options.symbols, rates=dict(options.rate_of), **common)
    few = options.symbols if isinstance(options.symbols, list) else min(options.symbols, 60)
    usdm = UsdmExchange(symbols=few, spot=exchange, **common)
    coinm = CoinmExchange(symbols=few, spot=exchange, **common)
    usdm.merge(coinm)
    options_exchange = OptionsExchange(symbols=few, spot=exchange, **common)
    player = None if options.replay is None else Player(load(options.replay), options.speed)
    settings = Settings(**{name: getattr(options, name) for name in RULES})
    return SimulatorState(
        exchange,
        lambda: wall_clock() + ahead,
        futures=usdm,
        others={"coinm": coinm, "options": options_exchange},
        settings=settings,
        player=player,
        seed=options.seed,
    )
