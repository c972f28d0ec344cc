"""Accounts' events: by subscription on the WebSocket API, by listen key on streams.

Source: the exchange's pages "User Data Stream requests", "Session Authentication" and "User Data
Streams".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from binance.simulator.accounts import api_keys, routes
from binance.simulator.accounts.account_calls import Answer
from binance.simulator.accounts.accounts import PRO, SPOT, Accounts, ListenKey, ListenToken
from binance.simulator.accounts.wallets import Event, Listener, Wallet
from binance.simulator.api.call import Call
from binance.simulator.api.weights import flat
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.frames import COMBINED, combined, frame
from binance.simulator.wire.frames import Listener as StreamListener
from binance.simulator.wire.ws_api import Method, Session

ALREADY_SUBSCRIBED = -2035
NOT_SUBSCRIBED = -2036
TOO_MANY_IDS = -2042
NOT_LOGGED_ON = -1193
HMAC_LOGON = -2028
MOST_SUBSCRIPTIONS = 65_535
EXPIRED = "listenKeyExpired"
ADDRESSES = {
    SPOT: (SPOT, ""),
    "usdm": ("usdm", "private"),
    "coinm": ("coinm", ""),
    "options": ("options", "private"),
    "pm": ("pm", ""),
    "risk": ("margin", ""),
}
"""The market of a listen key -> that of the address that has its events, and its path."""


@dataclass(slots=True, eq=False)
class Subscription:
    """One subscription of a WebSocket API session to a wallet's events."""

    number: int
    wallet: Wallet
    listener: Listener
    token: ListenToken | None = None


@dataclass(slots=True, eq=False)
class ListenKeyStream:
    """The stream of a listen key on a stream connection."""

    key: ListenKey
    wallets: list[Wallet]
    listener: Listener
    is_expiry_reported: bool = False


def _wallets(market: str, key: str, at: StreamListener) -> tuple[str, ...]:
    """The wallets whose events a listen key brings at an address; none where it is silent.

    A USD-M key in the path is silent: it belongs in the query, or in a SUBSCRIBE.
    """
    if market == "usdm" and at.market == PRO:
        return (PRO,)
    if market == "usdm" and not at.mode & COMBINED and key not in at.user_events:
        return ()
    is_served = ADDRESSES[market] == (at.market, at.category)
    return {"pm": ("pm:um", "pm:cm")}.get(market, (market,)) if is_served else ()


class UserData:
    """All subscriptions to accounts' events of one simulator."""

    def __init__(self, accounts: Accounts, state: SimulatorState) -> None:
        self.accounts = accounts
        self._state = state
        self._subscriptions: dict[Session, dict[int, Subscription]] = {}
        self._listen_key_streams: dict[tuple[StreamListener, str], ListenKeyStream] = {}

    def methods(self, market: str = "spot") -> list[Method]:
        """The WebSocket API's methods for sessions, accounts and their events."""
        of_sessions = {
            "session.logon": self.logon,
            "session.status": self.status,
            "session.logout": self.logout,
        }
        of_events = {
            "userDataStream.subscribe.signature": self.subscribe_signature,
            "userDataStream.subscribe.listenToken": self.subscribe_token,
            "userDataStream.subscribe": self.subscribe,
            "userDataStream.unsubscribe": self.unsubscribe,
            "session.subscriptions": self.subscriptions,
        }
        both = of_sessions | (of_events if market == "spot" else {})
        return [Method(name, answer, flat(2)) for name, answer in both.items()] + [
            Method(name, self._signed(market, answer), weigh)
            for name, answer, weigh in routes.methods(self.accounts, market)
        ]

    # from the WebSocket API

    def subscribe_signature(self, session: Session, call: Call) -> Any:
        wallet = self.accounts.authenticate_ws_api(call).wallet()
        call.params.reject_unread()
        return {"subscriptionId": self._subscribe(session, wallet).number}

    def subscribe(self, session: Session, call: Call) -> Any:
        call.params.reject_unread()
        account = session.account
        if account is None:
            raise ApiError(NOT_LOGGED_ON, "The session is not authenticated.")
        return {"subscriptionId": self._subscribe(session, account.wallet()).number}

    def subscribe_token(self, session: Session, call: Call) -> Any:
        token = self.accounts.live_token(call.params.text("listenToken"))
        call.params.reject_unread()
        for mine in self._of(session).values():
            if mine.wallet is token.wallet:  # the same account again: a later end
                mine.token = token
                return {"subscriptionId": mine.number, "expirationTime": int(token.expires)}
        made = self._subscribe(session, token.wallet, token)
        return {"subscriptionId": made.number, "expirationTime": int(token.expires)}

    def unsubscribe(self, session: Session, call: Call) -> Any:
        number = call.params.optional_integer("subscriptionId")
        call.params.reject_unread()
        mine = self._of(session)
        if number is not None and number not in mine:
            raise ApiError(NOT_SUBSCRIBED, "Subscription not active.")
        for each in list(mine) if number is None else [number]:
            self._end(session, each)
        return {}

    def subscriptions(self, session: Session, call: Call) -> Any:
        call.params.reject_unread()
        return [{"subscriptionId": number} for number in self._of(session)]

    def logon(self, session: Session, call: Call) -> Any:
        account = self.accounts.account_of_key(call.params.text("apiKey"))
        if account.kind != "Ed25519":
            raise ApiError(HMAC_LOGON, "Only Ed25519 API keys can log a session on.")
        self.accounts.authenticate_ws_api(call)
        call.params.reject_unread()
        session.account = account
        return self.status(session, call)

    def logout(self, session: Session, call: Call) -> Any:
        call.params.reject_unread()
        session.account = None
        return self.status(session, call)

    def status(self, session: Session, call: Call) -> Any:
        call.params.reject_unread()
        account = session.account
        return {
            "apiKey": account and account.api_key,
            "authorizedSince": account and call.exchange_time,
            "connectedSince": session.opened,
            "returnRateLimits": True,
            "serverTime": call.exchange_time,
            "userDataStream": bool(self._of(session)),
        }

    def _signed(self, wallet: str, answer: Answer) -> Callable[[Session, Call], Any]:
        """A method that needs a signature, or a session that is logged on."""

        def asked(session: Session, call: Call) -> Any:
            account = session.account
            if account is None or "apiKey" in call.params:
                account = self.accounts.authenticate_ws_api(call)
            else:
                self.accounts.account_of_key(account.api_key)  # it may be revoked
                api_keys.check_time(call)
            for name in ("timestamp", "recvWindow"):
                call.params.optional(name)
            return answer(account.wallet(wallet), call)

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
        number = session.subscriptions_made
        if number > MOST_SUBSCRIPTIONS:
            raise ApiError(TOO_MANY_IDS, "Too many subscriptions on this connection.")
        session.subscriptions_made = number + 1

        def listener(event: Event) -> None:
            for text in self._changed(session.number, event):
                session.events_out += 1
                session.send_json({"subscriptionId": number, "event": orjson.loads(text)})

        made = Subscription(number, wallet, listener, token)
        if session not in self._subscriptions:
            self._subscriptions[session] = {}
            session.at_close.append(lambda: self._closed(session))
            session.on_end_user_streams = lambda: self._terminate(session)
        self._subscriptions[session][number] = made
        wallet.listeners.append(listener)
        self.accounts.counts["subscriptions"] += 1
        return made

    def _end(self, session: Session, number: int) -> None:
        ended = self._subscriptions[session].pop(number)
        ended.wallet.listeners.remove(ended.listener)

    def _closed(self, session: Session) -> None:
        for number in list(self._of(session)):
            self._end(session, number)
        self._subscriptions.pop(session, None)

    def _terminate(self, session: Session, *numbers: int) -> None:
        """End some subscriptions, or all, each with ``eventStreamTerminated``."""
        for number in numbers or list(self._of(session)):
            self._end(session, number)
            event = {"e": "eventStreamTerminated", "E": self.accounts.clock()}
            session.send_json({"subscriptionId": number, "event": event})

    # from the streams

    def listen(self, connection: StreamListener, name: str) -> bool:
        """Deliver the events of a listen key; False when ``name`` is not a listen key.

        An expired key is a listen key, too: its stream has no events.
        """
        key = self.accounts.find_listen_key(name)
        if key is None:
            return False
        wallets = [key.account.wallet(each) for each in _wallets(key.market, name, connection)]
        wanted = connection.user_events.get(name)
        is_wrapped = connection.mode & COMBINED or key.market == "options"

        def listener(event: Event) -> None:
            is_end = event["e"] == EXPIRED
            if (is_end or key.expires > self.accounts.clock()) and (
                not wanted or event["e"] in wanted
            ):
                for text in self._changed(connection.number, event):
                    connection.deliver(frame(combined(name, text) if is_wrapped else text))
                connection.flush()

        is_dead = key.expires <= self.accounts.clock()
        made = ListenKeyStream(key, wallets, listener, is_expiry_reported=is_dead)
        self._listen_key_streams[connection, name] = made
        for wallet in wallets:
            wallet.listeners.append(listener)
        return True

    def unlisten(self, connection: StreamListener, name: str) -> None:
        found = self._listen_key_streams.pop((connection, name), None)
        if found is not None:
            for wallet in found.wallets:
                wallet.listeners.remove(found.listener)

    # from the faults

    def _changed(self, connection: int, event: Event) -> list[bytes]:
        """The events that a connection gets for one, by the faults that change events."""
        text, faults = orjson.dumps(event), self._state.faults
        if not faults.changes_events:
            return [text]
        return faults.change(self._state.now(), connection, f"user@{event['e']}", text)

    # from the clock

    def tick(self, now: int) -> None:
        """Let resting orders trade; end subscriptions by expired tokens; report expired keys."""
        self.accounts.tick(now)
        at = self.accounts.clock()
        for (_, name), stream in list(self._listen_key_streams.items()):
            key = stream.key
            if 0 < key.expires <= at and key.market != SPOT and not stream.is_expiry_reported:
                stream.is_expiry_reported = True
                stream.listener({"e": EXPIRED, "E": at, "listenKey": name})
        for session, mine in list(self._subscriptions.items()):
            tokens = {number: each.token for number, each in mine.items() if each.token}
            for number in [each for each, token in tokens.items() if token.expires <= at]:
                self._terminate(session, number)

    def describe(self) -> dict[str, Any]:
        now = self.accounts.clock()
        accounts, streams = self.accounts.by_api_key.values(), self._listen_key_streams.values()
        wallets = [wallet for account in accounts for wallet in account.wallets.values()]
        live = sum(each.key.expires > now for each in streams)
        return {
            **self.accounts.counts,
            "subscribed": sum(len(mine) for mine in self._subscriptions.values()),
            "listening": live,
            "listening_in_vain": len(streams) - live,
            "orders": sum(len(wallet.orders) for wallet in wallets),
            "open_orders": sum(len(wallet.open_orders()) for wallet in wallets),
        }
