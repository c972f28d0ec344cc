# Invariant: whatever octets a server sends, cut wherever, the fast lane does what untouched
# Autobahn does: the same messages, pongs and closes in the same order, and between two frames the
# same state; and nothing ever raises.
"""Feed random streams of frames to the fast lane and to Autobahn until the time is up.

    python -m fuzzing.frames [--seconds 60] [--seed N]

A failure prints the seed that repeats it with `--only`.
"""

import argparse
import sys
import time
from random import Random

from fuzzing import lanes


def one(seed: int) -> int:
    """Run one stream; how many octets it had."""
    rng = Random(seed)
    options = lanes.Options(
        compression=rng.random() < 0.3,
        masks_accepted=rng.random() < 0.3,
        fail_by_drop=rng.random() < 0.2,
        validate=rng.random() < 0.9,
        reaction=rng.choice(("", "", "close", "abort")),
    )
    data = lanes.stream(rng, options)
    if rng.random() < 0.2 and len(data) < 100_000:
        damaged = bytearray(data)
        for _ in range(rng.randrange(1, 4)):
            damaged[rng.randrange(len(data))] = rng.randrange(256)
        data = bytes(damaged)
    kind = rng.choice((lanes.Direct, lanes.Overridden))
    lanes.compare(data, lanes.cuts(rng, len(data)), options, kind)
    return len(data)


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0, help="where to begin")
    parser.add_argument("--only", type=int, help="run this one seed")
    given = parser.parse_args()
    if given.only is not None:
        print(f"{one(given.only)} octets")
        return 0
    end = time.monotonic() + given.seconds
    streams = octets = 0
    while time.monotonic() < end:
        seed = given.seed + streams
        try:
            octets += one(seed)
        except BaseException:
            print(f"fails: python -m fuzzing.frames --only {seed}", file=sys.stderr)
            raise
        streams += 1
    print(f"{streams} streams, {octets} octets, no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())
