"""The whole client in one thread, under a simulated clock and network, from one seed.

`simulation.world` is the world: reactor, network, threads.  It has to be installed before `binance`
or Twisted's reactor is imported, and so `import simulation.world.install` comes first; a process
that has done it is good for simulations only.
"""
