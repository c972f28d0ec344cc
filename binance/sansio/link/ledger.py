"""Who waits for which streams of a key: one record for each call of `subscribe`, `unsubscribe`.

Theory.  A record is entered before anything is sent for it, and gets its number from the counter
that numbers the requests too (`binance.sansio.link.subscriptions`).  So an answer to a request with
a larger number answers the record as well, one to an older request does not, and no answer can come
before its record is there.  `judge` compares every open record with the conversations of the links
that there are; it is called whenever one of them has changed: an answer, a handshake, a link's end.

    record        done                                superseded
    SUBSCRIBE     every link of the stream's          it was unsubscribed again, and no answer
                  connection carries it; with no      about it is to come
                  link, it waits for the next one,
                  whose URL or request names it
    UNSUBSCRIBE   no link carries it, or is about     it was subscribed to again, and a link
                  to by its URL                       carries it

A refusal fails the records that asked for the name before it, and those that no younger request
will answer.  `close` is for the end of the key: nothing more will be answered.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from binance.sansio.link.subscriptions import Conversation, Outcome, Refused

Method = Literal["SUBSCRIBE", "UNSUBSCRIBE"]
Waiter = TypeVar("Waiter")

Carriers = Callable[[str], Collection[Conversation] | None]
"""The conversations of the links that are to carry a stream; None for one that is not wanted."""


@dataclass(slots=True, eq=False)
class Record(Generic[Waiter]):
    """One call, and the names in it that are not settled yet."""

    number: int
    method: Method
    names: list[str]
    waiter: Waiter
    open: set[str]
    is_superseded: bool = False


@dataclass(frozen=True, slots=True)
class Settled(Generic[Waiter]):
    """A record that is answered, and by what."""

    waiter: Waiter
    names: list[str]
    is_superseded: bool = False
    """A later call for the contrary came before the exchange's answer."""
    error: str = ""
    """Why it was refused, in words."""


def outcome(
    method: Method,
    number: int,
    name: str,
    conversations: Collection[Conversation],
    carriers: Collection[Conversation] | None,
) -> Outcome:
    """What has become of a record's wish about one stream, over all links of its key.

    :param conversations: those of every link of the key.
    :param carriers: those of the links that are to carry it; None: it is not wanted.
    :return: `Outcome.CONTRARY` for a wish that is superseded.
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
    """The records of one key that are open."""

    def __init__(self, ids: Iterator[int]) -> None:
        self._ids: Final = ids
        self._records: list[Record[Waiter]] = []

    def enter(self, method: Method, names: Iterable[str], waiter: Waiter) -> None:
        """Somebody waits, from before the first request that is made for it."""
        listed = list(names)
        self._records.append(Record(next(self._ids), method, listed, waiter, set(listed)))

    def judge(
        self, conversations: Collection[Conversation], carriers: Carriers
    ) -> list[Settled[Waiter]]:
        """Those whose last name is settled now; they are taken out."""
        for record in self._records:
            for name in list(record.open):
                found = outcome(record.method, record.number, name, conversations, carriers(name))
                if found is not Outcome.WAITING:
                    record.open.discard(name)
                    record.is_superseded |= found is Outcome.CONTRARY
        done = [record for record in self._records if not record.open]
        self._records = [record for record in self._records if record.open]
        return [Settled(one.waiter, one.names, one.is_superseded) for one in done]

    def refuse(
        self, refused: Refused, conversation: Conversation, words: str
    ) -> list[Settled[Waiter]]:
        """Those that a refusal, heard in this conversation, fails; they are taken out."""
        final = {one for one in refused.names if not conversation.asked_since(refused.id, one)}

        def is_failed(record: Record[Waiter]) -> bool:
            older = refused.names if record.number < refused.id else final
            return record.method == refused.method and not record.open.isdisjoint(older)

        failed = [record for record in self._records if is_failed(record)]
        self._records = [record for record in self._records if record not in failed]
        return [Settled(one.waiter, one.names, error=words) for one in failed]

    def close(self) -> list[Waiter]:
        """All who still wait: nothing more will be answered."""
        records, self._records = self._records, []
        return [record.waiter for record in records]
