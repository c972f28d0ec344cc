"""Accounts' events: on the WebSocket API by subscription, on streams by listen key.

Source: the exchange's pages "User Data Stream requests", "Session Authentication" and "User Data
Streams".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from binance.simulator.accounts.account_calls import AccountCalls
from binance.simulator.accounts.accounts import SPOT, Account, ListenKey, ListenToken, Registry
from binance.simulator.accounts.wallets import Event, Listener, Wallet
from binance.simulator.api.call import Call
from binance.simulator.api.weights import flat
from binance.simulator.rules.errors import ApiError, missing
from binance.simulator.wire.frames import frame
from binance.simulator.wire.websocket import StreamConnection
from binance.simulator.wire.ws_api import Method, Session

ALREADY_SUBSCRIBED = -2035
NOT_SUBSCRIBED = -2036
TOO_MANY_IDS = -2042
NOT_LOGGED_ON = -1193
HMAC_LOGON = -2028
MOST_SUBSCRIPTIONS = 65_535


@dataclass(slots=True, eq=False)
class Subscription:
    """One subscription of one connection to a wallet's events."""

    number: int
    wallet: Wallet
    listener: Listener
    token: ListenToken | None = None


@dataclass(slots=True, eq=False)
class KeyListener:
    """A stream connection that listens by a listen key."""

    key: ListenKey
    wallet: Wallet
    listener: Listener


class UserData:
    """All subscriptions to accounts' events of one simulator."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._calls = AccountCalls(registry)
        self._subscriptions: dict[Session, dict[int, Subscription]] = {}
        self._by_key: dict[tuple[StreamConnection, str], KeyListener] = {}

    def methods(self) -> list[Method]:
        """The methods that the WebSocket API has for them."""
        return [
            Method("userDataStream.subscribe.signature", self.subscribe_signature, flat(2)),
            Method("userDataStream.subscribe.listenToken", self.subscribe_token, flat(2)),
            Method("userDataStream.subscribe", self.subscribe, flat(2)),
            Method("userDataStream.unsubscribe", self.unsubscribe, flat(2)),
            Method("session.subscriptions", self.subscriptions, flat(2)),
            Method("session.logon", self.logon, flat(2)),
            Method("session.status", self.status, flat(2)),
            Method("session.logout", self.logout, flat(2)),
            Method("order.place", self._signed(self._calls.place)),
            Method("order.test", self._signed(self._calls.test)),
            Method("order.status", self._signed(self._calls.order), flat(4)),
            Method("order.cancel", self._signed(self._calls.cancel)),
            Method("openOrders.status", self._signed(self._calls.open_orders), flat(6)),
            Method("account.status", self._signed(self._calls.account), flat(20)),
        ]

    # from the WebSocket API

    def subscribe_signature(self, session: Session, call: Call) -> Any:
        wallet = self._registry.of_websocket(call).wallet()
        call.params.done()
        return {"subscriptionId": self._subscribe(session, wallet).number}

    def subscribe(self, session: Session, call: Call) -> Any:
        call.params.done()
        account = session.facts.get("account")
        if account is None:
            raise ApiError(NOT_LOGGED_ON, "The session is not authenticated.")
        return {"subscriptionId": self._subscribe(session, account.wallet()).number}

    def subscribe_token(self, session: Session, call: Call) -> Any:
        token = self._registry.token(call.params.text("listenToken"))
        call.params.done()
        for mine in self._of(session).values():
            if mine.wallet is token.wallet:  # the same account's again: its end is put off
                mine.token = token
                return {"subscriptionId": mine.number, "expirationTime": int(token.ends)}
        made = self._subscribe(session, token.wallet, token)
        return {"subscriptionId": made.number, "expirationTime": int(token.ends)}

    def unsubscribe(self, session: Session, call: Call) -> Any:
        number = call.params.maybe_integer("subscriptionId")
        call.params.done()
        mine = self._of(session)
        if number is not None and number not in mine:
            raise ApiError(NOT_SUBSCRIBED, "Subscription not active.")
        for each in list(mine) if number is None else [number]:
            self._end(session, each)
        return {}

    def subscriptions(self, session: Session, call: Call) -> Any:
        call.params.done()
        return [{"subscriptionId": number} for number in self._of(session)]

    def logon(self, session: Session, call: Call) -> Any:
        account = self._registry.of_key(call.params.text("apiKey"))
        if account.kind != "Ed25519":
            raise ApiError(HMAC_LOGON, "Only Ed25519 API keys can log a session on.")
        self._registry.of_websocket(call)
        call.params.done()
        session.facts["account"] = account
        return self._status(session, call)

    def status(self, session: Session, call: Call) -> Any:
        call.params.done()
        return self._status(session, call)

    def logout(self, session: Session, call: Call) -> Any:
        call.params.done()
        session.facts.pop("account", None)
        return self._status(session, call)

    def _status(self, session: Session, call: Call) -> dict[str, Any]:
        account = session.facts.get("account")
        return {
            "apiKey": account and account.api_key,
            "authorizedSince": account and call.reported,
            "connectedSince": session.opened,
            "returnRateLimits": True,
            "serverTime": call.reported,
            "userDataStream": bool(self._of(session)),
        }

    def _signed(self, answer: Callable[[Wallet, Call], Any]) -> Callable[[Session, Call], Any]:
        """A method that needs a signature, or a session that is logged on."""

        def asked(session: Session, call: Call) -> Any:
            account: Account | None = session.facts.get("account")
            if account is None or "apiKey" in call.params:
                account = self._registry.of_websocket(call)
            elif "timestamp" not in call.params:
                raise missing("timestamp")
            call.params.maybe("timestamp")
            call.params.maybe("recvWindow")
            return answer(account.wallet(), call)

        return asked

    # subscriptions

    def _of(self, session: Session) -> dict[int, Subscription]:
        return self._subscriptions.get(session, {})

    def _subscribe(
        self, session: Session, wallet: Wallet, token: ListenToken | None = None
    ) -> Subscription:
        mine = self._of(session)
        if any(each.wallet is wallet for each in mine.values()):
            raise ApiError(ALREADY_SUBSCRIBED, "Already subscribed to this account.")
        number = session.facts.get("subscribed", 0)
        if number > MOST_SUBSCRIPTIONS:
            raise ApiError(TOO_MANY_IDS, "Too many subscriptions on this connection.")
        session.facts["subscribed"] = number + 1

        def listener(event: Event) -> None:
            session.events_out += 1
            session.send_json({"subscriptionId": number, "event": event})

        made = Subscription(number, wallet, listener, token)
        if session not in self._subscriptions:
            self._subscriptions[session] = {}
            session.at_close.append(lambda: self._closed(session))
            session.facts["end_user_streams"] = lambda: self._terminate(session)
        self._subscriptions[session][number] = made
        wallet.listeners.append(listener)
        self._registry.counts["subscriptions"] += 1
        return made

    def _end(self, session: Session, number: int) -> None:
        ended = self._subscriptions[session].pop(number)
        ended.wallet.listeners.remove(ended.listener)

    def _closed(self, session: Session) -> None:
        for number in list(self._of(session)):
            self._end(session, number)
        self._subscriptions.pop(session, None)

    def _terminate(self, session: Session, *numbers: int) -> None:
        """End subscriptions, all or some, and say so."""
        for number in numbers or list(self._of(session)):
            self._end(session, number)
            event = {"e": "eventStreamTerminated", "E": self._registry.clock()}
            session.send_json({"subscriptionId": number, "event": event})

    # from the streams

    def listen(self, connection: StreamConnection, name: str) -> bool:
        """Let a stream connection have the events of a listen key; False when it is none.

        A key that has ended is one too: the connection opens, and stays silent.
        """
        key = self._registry.find_key(name, connection.market)
        if key is None:
            return False
        wallet = key.account.wallet(SPOT if key.market == SPOT else key.market)

        def listener(event: Event) -> None:
            if key.ends > self._registry.clock():
                connection.deliver(frame(orjson.dumps(event)))
                connection.flush()

        self._by_key[connection, name] = KeyListener(key, wallet, listener)
        wallet.listeners.append(listener)
        return True

    def unlisten(self, connection: StreamConnection, name: str) -> None:
        """It wants them no longer."""
        found = self._by_key.pop((connection, name), None)
        if found is not None:
            found.wallet.listeners.remove(found.listener)

    # from the faults

    def end_keys(self) -> None:
        """End all listen keys, and tell nobody."""
        self._registry.end_keys()

    # from the clock

    def tick(self, now: int) -> None:
        """Let resting orders trade, and end what has had its time."""
        self._registry.desk.tick(now)
        at = self._registry.clock()
        for session, mine in list(self._subscriptions.items()):
            over = [
                number
                for number, each in mine.items()
                if each.token is not None and each.token.ends <= at
            ]
            if over:
                self._terminate(session, *over)

    def describe(self) -> dict[str, Any]:
        """For the statistics."""
        now = self._registry.clock()
        return {
            **self._registry.counts,
            "subscribed": sum(len(mine) for mine in self._subscriptions.values()),
            "listening": sum(each.key.ends > now for each in self._by_key.values()),
            "listening_in_vain": sum(each.key.ends <= now for each in self._by_key.values()),
            "orders": sum(
                len(wallet.orders)
                for account in self._registry.accounts.values()
                for wallet in account.wallets.values()
            ),
            "open_orders": sum(
                len(wallet.open_orders())
                for account in self._registry.accounts.values()
                for wallet in account.wallets.values()
            ),
        }
