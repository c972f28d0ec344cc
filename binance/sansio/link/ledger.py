"""The open calls of `subscribe` and `unsubscribe` of a key: one record for each call.

Theory.  A record is created before any request is sent for it.  Records and requests get their
numbers from the same counter (`binance.sansio.link.subscriptions`).  So the answer to a request
with a higher number answers the record too, an answer to an older request does not, and a record
exists before its answer comes.  `judge` compares each open record with the conversations of all
links.  It is called after each change of a conversation: an answer, a handshake, the end of a link.

    record        done                                superseded
    SUBSCRIBE     every link of the stream's          the stream was unsubscribed again, and no
                  connection carries it; without a    answer about it is outstanding
                  link, the record waits for the
                  next one, which will carry it
    UNSUBSCRIBE   no link carries the stream, and     the stream was subscribed again, and a
                  no URL of a dial names it           link carries it

A refusal fails the records that are older than it, and those that no newer request will answer.
`close` is called at the end of the key: no more answers will come.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from binance.sansio.link.subscriptions import Conversation, Outcome, Refused

Method = Literal["SUBSCRIBE", "UNSUBSCRIBE"]
Waiter = TypeVar("Waiter")

Carriers = Callable[[str], Collection[Conversation] | None]
"""The conversations of the links that should carry a stream; None for an unwanted stream."""


@dataclass(slots=True, eq=False)
class Record(Generic[Waiter]):
    """One call, and those of its names that are not settled yet (`open`)."""

    number: int
    method: Method
    names: list[str]
    waiter: Waiter
    open: set[str]
    is_superseded: bool = False
    """A later, opposite call came before the exchange's answer."""
    error: str = ""
    """Why the exchange refused it, as text."""


def outcome(
    method: Method,
    number: int,
    name: str,
    conversations: Collection[Conversation],
    carriers: Collection[Conversation] | None,
) -> Outcome:
    """The outcome of a record for one stream, over all links of its key.

    :param conversations: the conversations of every link of the key.
    :param carriers: those of the links that should carry the stream; None: it is not wanted.
    :return: `Outcome.CONTRARY` if the record is superseded.
    """
    if method == "UNSUBSCRIBE":
        outcomes = {one.outcome(number, name, False) for one in conversations}
        if Outcome.WAITING in outcomes:
            return Outcome.WAITING
        if Outcome.CONTRARY in outcomes:
            return Outcome.WAITING if carriers is None else Outcome.CONTRARY
        return Outcome.DONE
    concerned = conversations if carriers is None else carriers
    outcomes = {one.outcome(number, name, True) for one in concerned if one.is_open}
    if Outcome.WAITING in outcomes:
        return Outcome.WAITING
    if carriers is not None:
        return Outcome.DONE if outcomes == {Outcome.DONE} else Outcome.WAITING
    return Outcome.DONE if Outcome.DONE in outcomes else Outcome.CONTRARY


class Ledger(Generic[Waiter]):
    """The open records of one key."""

    def __init__(self, ids: Iterator[int]) -> None:
        self._ids: Final = ids
        self._records: list[Record[Waiter]] = []

    def enter(self, method: Method, names: Iterable[str], waiter: Waiter) -> None:
        """Create a record; call this before the first request is sent for it."""
        listed = list(names)
        self._records.append(Record(next(self._ids), method, listed, waiter, set(listed)))

    def judge(
        self, conversations: Collection[Conversation], carriers: Carriers
    ) -> list[Record[Waiter]]:
        """Remove and return the records whose last name is settled now."""
        for record in self._records:
            for name in list(record.open):
                found = outcome(record.method, record.number, name, conversations, carriers(name))
                if found is not Outcome.WAITING:
                    record.open.discard(name)
                    record.is_superseded |= found is Outcome.CONTRARY
        done = [record for record in self._records if not record.open]
        self._records = [record for record in self._records if record.open]
        return done

    def refuse(
        self, refused: Refused, conversation: Conversation, words: str
    ) -> list[Record[Waiter]]:
        """Remove and return the records that a refusal in this conversation fails."""
        final = {one for one in refused.names if not conversation.asked_since(refused.id, one)}

        for record in self._records:
            older = refused.names if record.number < refused.id else final
            if record.method == refused.method and not record.open.isdisjoint(older):
                record.error = words
        failed = [record for record in self._records if record.error]
        self._records = [record for record in self._records if not record.error]
        return failed

    def close(self) -> list[Waiter]:
        """Remove all records, and return their waiters: no more answers will come."""
        records, self._records = self._records, []
        return [record.waiter for record in records]
