"""The simulated world: clocks, network, threads, REST; it knows nothing of what an exchange is."""
