"""The pure part: no I/O, clock, randomness, thread or logging. Time and ids come in by argument."""
