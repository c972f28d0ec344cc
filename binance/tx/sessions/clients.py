"""The clients of a manager's account sockets.

What opens the sockets of their accounts is in `client_accounts`, which is imported with the first.
"""

import inspect
import itertools
import weakref
from collections.abc import Collection
from typing import Any


def checked_client(client: Any) -> Any:
    """The client, or that which makes the calls of an `AsyncClient`.

    :raises TypeError: a text, such as the API key; the text does not appear.
    """
    if isinstance(client, (str, bytes)):
        raise TypeError(
            "client must be an object such as Client(api_key, api_secret), or None for public "
            f"streams, not of type {type(client).__name__}"
        )
    return inspect.getattr_static(client, "blocking_client", client)


class Clients:
    """The numbers of the clients of a manager's account sockets; the socket keys contain them.

    The manager's own client is 1.  Another client keeps its number as long as its sockets exist,
    because they reference it.  After that the number is free.
    """

    def __init__(self, own: Any) -> None:
        self._own = own
        self._known: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        #: number -> a client without weak references, which stays here for ever
        self._kept: dict[int, Any] = {}

    def key(self, name: str, client: Any) -> str:
        """The key of a client's account: `'user'`, or `'user:2'` and so on."""
        if client is self._own:
            return name
        known = dict(self._known.items()) | self._kept
        free = next(number for number in itertools.count(2) if number not in known)
        number = next((number for number, one in known.items() if one is client), free)
        try:
            self._known[number] = client
        except TypeError:
            self._kept[number] = client
        return f"{name}:{number}"


def check_reconcile(reconcile: object) -> None:
    """:raises TypeError: it is neither a truth value nor symbols."""
    # what may be read once only would be empty for the second socket
    if isinstance(reconcile, str) or not isinstance(reconcile, bool | Collection):
        raise TypeError(f"reconcile must be True, False or a list of symbols, not {reconcile!r}")
