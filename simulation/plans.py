"""Plans: what a run does, as JSON, drawn from a seed."""

from __future__ import annotations

from collections.abc import Collection
from random import Random
from typing import Any

from simulation.actions import ACTIONS, Action, Draft

Plan = dict[str, Any]
"""`seed, features, symbols, managers, operations`, see `draw`."""

#: How likely a seed has a feature; those that are not here: FEATURE_CHANCE.
CHANCES = {"crowd": 0.02, "fast": 0.05, "debug": 0.1, "old": 0.3, "orders": 1.0, "close": 0.3}
FEATURE_CHANCE, FAULT_CHANCE, TLS_CHANCE, STOP_CHANCE, COINM_CHANCE = 0.4, 0.22, 0.15, 0.15, 0.3
#: Two links for each market socket; drawn apart, as `coinm` is.
REDUNDANCY_CHANCE = 0.25
#: Drawn apart as well: managers that fetch what they missed, and for how long they hold a stream.
GAPLESS_CHANCE, HOLD_SECONDS = 0.3, 20.0
#: Account sockets that fetch the orders and trades that they missed; drawn apart as well.
RECONCILE_CHANCE = 0.3
#: Features that are no action's.
OTHERS = (
    *("raw", "multi", "old", "api", "key", "margin", "tickers", "futures"),
    *("thread", "debug", "fast", "two managers", "rotation", "wall clock"),
)
#: Accounts of futures, and what befalls their listen keys; drawn apart, as `coinm` is.
KEYED, KEYED_CHANCE = ("usdm user", "coinm user", "delete_keys"), 0.25
#: Books of COIN-M and of options, loops, checkpoints, what befalls an account's orders, and what is
#: done in events, drawn apart as well.
APART = ("coin book", "option book", "loops", "checkpoint", "full_disk")
APART += ("forget_order", "trade_busily", "events")
MINUTES = (3, 3, 6, 12)
SYMBOLS = {"aabtc": 1.0, "bbbtc": 1.0}
FUTURES = {"ffusdt": 1.0, "gfusdt": 1.0}
COIN_FUTURES = {"hhusd_perp": 1.0}
OPTIONS = {"ii-991231-1-c": 1.0}
FAST = {"fastbtc": 0.12}


def draw(seed: int | str, without: Collection[str] = ()) -> Plan:
    """The plan of a seed.

    A swarm: each seed draws which features and which faults it has, so that rare ones meet, and no
    fault hides all others.

    :param without: features that are left out, as those are in which a fault is known
    """
    dice = Random(f"plan {seed}")
    apart = {*APART, "redundancy"}
    known = sorted({a.feature for a in ACTIONS.values() if a.feature and not a.is_fault} - apart)
    features = [
        name
        for name in dict.fromkeys([*OTHERS, *known])
        if dice.random() < CHANCES.get(name, FEATURE_CHANCE)
    ]
    faults = sorted(
        {a.feature for a in ACTIONS.values() if a.is_fault and a.feature} - {*KEYED, *APART}
    )
    features += [name for name in faults if dice.random() < FAULT_CHANCE]
    if Random(f"tls {seed}").random() < TLS_CHANCE:
        features.append("tls")
    if Random(f"end {seed}").random() < STOP_CHANCE:
        features.append("reactor stops")
    if Random(f"coinm {seed}").random() < COINM_CHANCE:
        features.append("coinm")
    if Random(f"redundancy {seed}").random() < REDUNDANCY_CHANCE:
        features.append("redundancy")
    keyed = Random(f"accounts {seed}")
    features += [name for name in KEYED if keyed.random() < KEYED_CHANCE]
    books = Random(f"books {seed}")
    features += [name for name in APART if books.random() < KEYED_CHANCE]
    if Random(f"gapless {seed}").random() < GAPLESS_CHANCE:
        features.append("gapless")
    if Random(f"reconcile {seed}").random() < RECONCILE_CHANCE:
        features.append("reconcile")
    features = [name for name in features if name not in without]
    return _fill(seed, features, dice)


def _fill(seed: int | str, features: list[str], dice: Random) -> Plan:
    managers = {"m1": _manager(features, dice)}
    if "two managers" in features:
        managers["m2"] = _manager(features, dice)
    symbols = SYMBOLS | (FAST if "fast" in features else {})
    symbols |= FUTURES if "futures" in features else {}
    symbols |= COIN_FUTURES if {"coinm", "coin book"} & {*features} else {}
    symbols |= OPTIONS if "option book" in features else {}
    contracts = (list(FUTURES), list(COIN_FUTURES), list(OPTIONS))
    draft = Draft(dice, features, list(SYMBOLS), *contracts, list(managers))
    usual = [a for a in ACTIONS.values() if not a.is_fault and _is_in(a, features)]
    faults = [a for a in ACTIONS.values() if a.is_fault and _is_in(a, features)]
    span, count = 60.0 * dice.choice(MINUTES), dice.randrange(8, 32)
    operations, at = [], 0.0
    for number in range(count):
        if number > 2:
            is_close = dice.random() < 0.4
            near = dice.choice((0.0, 0.0, 0.05, 1.0, 5.0))
            at += near if is_close else dice.expovariate(count / span)
        pool = faults if faults and number > 2 and dice.random() < 0.35 else usual
        if number < 2:
            pool = [a for a in usual if a.name in ("start", "open_book")]
        chosen = dice.choices(pool, [a.weight for a in pool])[0]
        arguments = chosen.draw(draft)
        if arguments is not None:
            operations.append({"at": round(at, 3), "do": chosen.name, **arguments})
    return {
        "seed": seed,
        "features": features,
        "is_wall": "wall clock" in features,
        "is_tls": "tls" in features,
        "stops_reactor": "reactor stops" in features,
        "symbols": symbols,
        "managers": managers,
        "operations": operations,
    }


def _manager(features: list[str], dice: Random) -> dict[str, Any]:
    """The arguments of a manager."""
    options: dict[str, Any] = {"dispatch": "reactor", "overflow": "drop_oldest", "queue_size": 30}
    if "thread" in features and dice.random() < 0.4:
        options["dispatch"] = "thread"
        options["overflow"] = dice.choice(("drop_oldest", "latest", "block"))
        options["queue_size"] = dice.choice((3, 30))
    if "redundancy" in features:
        options["redundancy"] = 2
    if "rotation" in features:
        options["rotate_after"] = dice.choice((45.0, 100.0, 240.0))
    if "gapless" in features:
        options["gapless"] = HOLD_SECONDS
    if "reconcile" in features:
        options["reconcile"] = True
    return options


def _is_in(action: Action, features: list[str]) -> bool:
    return action.feature is None or action.feature in features
