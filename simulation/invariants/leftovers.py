"""7: after `close` nothing is left: connections, delayed calls, threads, keys."""

from __future__ import annotations

from collections import Counter

from simulation.exchange.link import ExchangeLink
from simulation.invariants.base import Invariant

#: A connection that carries no stream for so long is forgotten.
EMPTY_SECONDS = 60.0


class Leftovers(Invariant):
    """Looks when all is closed; and, before, for connections that carry nothing."""

    number = 7

    def ended_rudely(self, link: ExchangeLink) -> None:
        is_known = link.opened_at is not None
        if self.run.is_closing and is_known and not self.run.is_disturbed:
            words = f"closed without a closing handshake: {link.path:.40}"
            self.found(words, f"rude {self.run.kind_of(link)}")

    def at_rest(self) -> None:
        for link in self.run.exchange.links:
            since = link.empty_since
            if since is not None and self.run.now - since > EMPTY_SECONDS:
                self.found(f"a connection stays open without streams: {link.path:.40}", "empty")

    def at_end(self) -> None:
        run, reactor = self.run, self.run.reactor
        if wires := run.network.wires:
            paths = Counter(getattr(wire.server, "path", "?")[:24] for wire in wires)
            words = f"{len(wires)} connection(s) left after close: {dict(paths)}"
            self.found(words, "connections " + " ".join(sorted({path[:5] for path in paths})))
        calls = Counter(
            getattr(call.func, "__qualname__", repr(call.func))[:60]
            for call in reactor.getDelayedCalls()
        )
        if calls and reactor.running:
            words = f"delayed calls left after close: {dict(calls)}"
            self.found(words, "calls " + " ".join(sorted(calls)))
        if threads := Counter(thread.name[:20] for thread in reactor.threads):
            self.found(f"threads left after close: {dict(threads)}", "threads")
        for name, manager in run.managers.items():
            if manager._conns:
                self.found(f"{name} has keys after close: {list(manager._conns)[:3]}", "keys")
            if manager.is_alive():
                self.found(f"the thread of {name} has not ended", "alive")
