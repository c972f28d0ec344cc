"""Publishes many messages with one write, and takes their acknowledgements out of what is read.

nats-py runs some coroutines for each message and each answer, which was most of a relay's work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from nats.protocol.parser import AWAITING_CONTROL_LINE, Parser

from binance.sansio.relay.names import EPOCH, MESSAGE_ID
from binance.sansio.relay.outgoing import Message


def commands(inbox: str, numbered: Iterable[tuple[int, Message]]) -> bytes:
    """What publishes these messages.  The engine answers message n at ``inbox.n``."""
    made: list[bytes] = []
    for number, (subject, event_id, payload, lease, *_) in numbered:
        epoch = "" if lease is None else f"{EPOCH}: {lease.epoch}\r\n"
        head = f"NATS/1.0\r\n{MESSAGE_ID}: {event_id}\r\n{epoch}\r\n".encode()
        sizes = f"{len(head)} {len(head) + len(payload)}"
        made += (f"HPUB {subject} {inbox}.{number} {sizes}\r\n".encode(), head, payload, b"\r\n")
    return b"".join(made)


class Acknowledgements(Parser):
    """Parses what a connection reads, in place of its own parser.

    :param parser: that one.
    :param acknowledged: called with the number of a message that the engine has, and whether that
        was a double.  All other answers, such as refusals, go to the subscription of the inbox.
    :param after: called once after the acknowledgements of a read.
    """

    def __init__(
        self,
        parser: Any,
        inbox: str,
        acknowledged: Callable[[int, bool], object],
        after: Callable[[], object],
    ) -> None:
        self.__dict__ = parser.__dict__  # it may have half a message, and parse it at this moment
        self._begin = f"MSG {inbox}.".encode()
        line = rb'(\d+) \d+ \d+\r\n(\{"stream"[^\r]*)\r\n'
        self._next = re.compile(re.escape(self._begin) + line).match
        self._acknowledged, self._after = acknowledged, after

    async def parse(self, data: bytes = b"") -> None:
        if self.state == AWAITING_CONTROL_LINE:
            data, at = bytes(self.buf) + data, 0
            self.buf.clear()
            while found := self._next(data, at):
                self._acknowledged(int(found[1]), b'"duplicate"' in found[2])
                at = found.end()
            if at:
                data = data[at:]
                self._after()
            if data.startswith(self._begin) and data.count(b"\r\n") < 2:
                self.buf += data  # the rest of it comes with the next read
                return
        await super().parse(data)
