"""Which metric each figure becomes: a table.

Names, units and kinds follow https://prometheus.io/docs/practices/naming/.  The counters of a
socket are those of `stats()`: a new socket begins at 0, which Prometheus expects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from binance.sansio.status.report import LABELS, Report

# Of what, name, kind, figure: explanation.
_TABLE = """
socket messages counter messages: Messages that arrived.
socket bytes counter bytes: Bytes of the payloads of the messages.
socket reconnects counter reconnects: Lost connections that were replaced.
socket rotations counter rotations: Connections that were replaced in time.
socket gaps counter gaps: Gaps that were reported.
socket backfilled counter backfilled: Missed events that were fetched.
socket dropped counter dropped: Messages that did not fit into the queue.
socket callback_errors counter callback_errors: Exceptions that the callback raised.
socket callback_seconds counter callback_seconds: Time of the reactor thread for the messages.
socket connected gauge connected: 1 if the connection is open.
socket silent gauge silent: 1 if a stream has sent nothing, or has stopped; not for accounts.
socket links gauge links: Open links.
socket queued gauge queued: Messages that wait for the callback.
socket last_message_age_seconds gauge last_message_age: Time since the last message.
socket latency_p50_seconds gauge latency.p50: Median time from event to receipt in the last minute.
socket latency_p99_seconds gauge latency.p99: 99th percentile of the same times.
book synced gauge synced: 1 if the order book is in sync.
connects used gauge used: Connects that count towards the limit.
connects limit gauge limit: The limit of connects that the exchange has.
request_weight used gauge used: Request weight of the last minute.
request_weight limit gauge limit: The limit of request weight that the exchange has.
relay frames counter frames: Messages that the sockets have brought.
relay stored counter stored: Messages that the engine has stored.
relay doubles counter doubles: Messages that the engine had already.
relay bytes counter octets: Bytes of the payloads of both.
relay dropped counter dropped: Messages dropped: the buffer was full, or they were too long.
relay released counter released: Messages dropped because this relay does not have their lease.
relay resent counter resent: Messages that were sent again.
relay refused counter refused: Messages that the engine has refused.
relay snapshots_asked counter snapshots_asked: Snapshots that consumers have asked for.
relay snapshots_fetched counter snapshots_fetched: Snapshots that the exchange was asked for.
relay connected gauge connected: 1 if there is a connection to the engine.
relay waiting gauge waiting: Messages that wait for the engine.
relay in_flight gauge in_flight: Messages that the engine has not acknowledged yet.
relay buffered_bytes gauge buffered: Memory for the messages that wait or are in flight.
relay leases gauge leases: Leases that this relay holds, of streams and of snapshots.
"""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric."""

    of: str
    name: str
    kind: str
    figure: str
    help: str

    @property
    def labels(self) -> tuple[str, ...]:
        return LABELS[self.of]

    def samples(self, report: Report) -> Iterator[tuple[tuple[str, ...], float]]:
        """The values of the labels, and the figure; none for a figure that is None."""
        for labels, value in report.rows.get(self.of, ()):
            figure: Any = value
            for name in self.figure.split("."):
                figure = None if figure is None else figure[name]
            if figure is not None:
                yield labels, float(figure)


def _metric(line: str) -> Metric:
    head, _, words = line.partition(": ")
    of, name, kind, figure = head.split()
    return Metric(of, f"binance_{of}_{name}", kind, figure, words)


METRICS: Final = tuple(map(_metric, _TABLE.strip().splitlines()))
