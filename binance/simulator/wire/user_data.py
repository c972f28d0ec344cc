"""Accounts' events: by subscription on the WebSocket API, by listen key on streams.

Source: the exchange's pages "User Data Stream requests", "Session Authentication" and "User Data
Streams".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from binance.simulator.accounts.accounts import PRO, SPOT, Accounts, ListenKey, ListenToken
from binance.simulator.accounts.wallets import Event, Listener, Wallet
from binance.simulator.api.call import Call, Route
from binance.simulator.api.weights import flat
from binance.simulator.rules.errors import ApiError
from binance.simulator.rules.state import SimulatorState
from binance.simulator.wire.frames import COMBINED, combined, frame, in_unit
from binance.simulator.wire.frames import Listener as StreamListener

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
class Listening:
    """A connection that gets the events of some wallets: by subscription, or by listen key."""

    wallets: list[Wallet]
    listener: Listener
    token: ListenToken | None = None
    key: ListenKey | None = None
    is_expiry_reported: bool = False
    is_of_logon: bool = False

    def __post_init__(self) -> None:
        for wallet in self.wallets:
            wallet.listeners.append(self.listener)

    def end(self) -> None:
        for wallet in self.wallets:
            wallet.listeners.remove(self.listener)


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
        self._subscriptions: dict[Any, dict[int, Listening]] = {}  # session -> number ->
        self._listen_key_streams: dict[tuple[StreamListener, str], Listening] = {}

    def methods(self) -> list[Route]:
        """The WebSocket API's methods for sessions, and for the events of accounts."""
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
        found = [Route("WS", name, answer, flat(2)) for name, answer in of_events.items()]
        for market in ("spot", *self.accounts.futures):
            for name, answer in of_sessions.items():
                found.append(Route("WS", name, answer, flat(2), market))
        return found

    # from the WebSocket API

    def subscribe_signature(self, call: Call) -> Any:
        wallet = self.accounts.authenticate_ws_api(call).wallet()
        call.params.reject_unread()
        return {"subscriptionId": self._subscribe(call.session, wallet)}

    def subscribe(self, call: Call) -> Any:
        call.params.reject_unread()
        account = call.session.account
        if account is None:
            raise ApiError(NOT_LOGGED_ON, "The session is not authenticated.")
        number = self._subscribe(call.session, account.wallet())
        self._of(call.session)[number].is_of_logon = True
        return {"subscriptionId": number}

    def subscribe_token(self, call: Call) -> Any:
        token = self.accounts.live_token(call.params.text("listenToken"))
        call.params.reject_unread()
        mine = self._of(call.session).items()
        known = (number for number, each in mine if token.wallet in each.wallets)
        if (number := next(known, None)) is None:
            number = self._subscribe(call.session, token.wallet, token)
        else:  # the same account again: a later end
            self._of(call.session)[number].token = token
        return {"subscriptionId": number, "expirationTime": int(token.expires)}

    def unsubscribe(self, call: Call) -> Any:
        number = call.params.optional_integer("subscriptionId")
        call.params.reject_unread()
        if number is not None and number not in self._of(call.session):
            raise ApiError(NOT_SUBSCRIBED, "Subscription not active.")
        self.terminate(call.session, *([] if number is None else [number]))
        return {}

    def subscriptions(self, call: Call) -> Any:
        call.params.reject_unread()
        return [{"subscriptionId": number} for number in self._of(call.session)]

    def logon(self, call: Call) -> Any:
        account = self.accounts.account_of_key(call.params.text("apiKey"))
        if account.kind != "Ed25519":
            raise ApiError(HMAC_LOGON, "Only Ed25519 API keys can log a session on.")
        self.accounts.authenticate_ws_api(call)
        call.params.reject_unread()
        call.session.account, call.session.authorized = account, call.exchange_time
        return self.status(call)

    def logout(self, call: Call) -> Any:
        call.params.reject_unread()
        call.session.account = None
        mine = self._of(call.session).items()
        for number in [number for number, each in mine if each.is_of_logon]:
            self.terminate(call.session, number)
        return self.status(call)

    def status(self, call: Call) -> Any:
        call.params.reject_unread()
        account = call.session.account
        return {
            "apiKey": account and account.api_key,
            "authorizedSince": account and call.session.authorized,
            "connectedSince": call.session.opened,
            "returnRateLimits": True,
            "serverTime": call.exchange_time,
            "userDataStream": bool(self._of(call.session)),
        }

    # subscriptions

    def _of(self, session: Any) -> dict[int, Listening]:
        return self._subscriptions.get(session, {})

    def _subscribe(self, session: Any, wallet: Wallet, token: ListenToken | None = None) -> int:
        """Send a wallet's events to a session; returns the number of the subscription."""
        if any(wallet in each.wallets for each in self._of(session).values()):
            raise ApiError(ALREADY_SUBSCRIBED, "Already subscribed to this account.")
        number: int = session.subscriptions_made
        if number > MOST_SUBSCRIPTIONS:
            raise ApiError(TOO_MANY_IDS, "Too many subscriptions on this connection.")
        session.subscriptions_made = number + 1

        def listener(event: Event) -> None:
            for text in self._changed(session, event, "ws_api"):
                session.events_out += 1
                session.send_json({"subscriptionId": number, "event": orjson.loads(text)})

        mine = self._subscriptions.setdefault(session, {})
        mine[number] = Listening([wallet], listener, token)
        self.accounts.counts["subscriptions"] += 1
        return number

    def closed(self, session: Any) -> None:
        """The connection of a session is closed."""
        for each in self._subscriptions.pop(session, {}).values():
            each.end()

    def terminate(self, session: Any, *numbers: int) -> bool:
        """End some subscriptions, or all, each with ``eventStreamTerminated``. Were there any?"""
        ended = numbers or tuple(self._of(session))
        for number in ended:
            self._of(session).pop(number).end()
            event = {"e": "eventStreamTerminated", "E": self.accounts.clock()}
            session.send_json({"subscriptionId": number, "event": in_unit(event, session.mode)})
        return bool(ended)

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
                for text in self._changed(connection, event):
                    connection.deliver(frame(combined(name, text) if is_wrapped else text))
                connection.flush()

        self._listen_key_streams[connection, name] = Listening(
            wallets, listener, key=key, is_expiry_reported=key.expires <= self.accounts.clock()
        )
        return True

    def unlisten(self, connection: StreamListener, name: str) -> None:
        if (found := self._listen_key_streams.pop((connection, name), None)) is not None:
            found.end()

    # from the faults

    def _changed(self, connection: Any, event: Event, link: str = "stream") -> list[bytes]:
        """The events that a connection gets for one, by the faults that change events."""
        text, faults = orjson.dumps(in_unit(event, connection.mode)), self._state.faults
        if not faults.changes_events:
            return [text]
        return faults.change(self._state.now(), connection.number, f"user@{event['e']}", text, link)

    # from the clock

    def tick(self, now: int) -> None:
        """Let resting orders trade; end subscriptions by expired tokens; report expired keys."""
        self.accounts.tick(now)
        at = self.accounts.clock()
        for (_, name), stream in list(self._listen_key_streams.items()):
            key = stream.key
            assert key is not None
            if 0 < key.expires <= at and key.market != SPOT and not stream.is_expiry_reported:
                stream.is_expiry_reported = True
                stream.listener({"e": EXPIRED, "E": at, "listenKey": name})
        for session, mine in list(self._subscriptions.items()):
            tokens = {number: each.token for number, each in mine.items() if each.token}
            for number in [each for each, token in tokens.items() if token.expires <= at]:
                self.terminate(session, number)

    def describe(self) -> dict[str, Any]:
        now = self.accounts.clock()
        accounts, streams = self.accounts.by_api_key.values(), self._listen_key_streams.values()
        wallets = [wallet for account in accounts for wallet in account.wallets.values()]
        live = sum(each.key.expires > now for each in streams if each.key)
        return {
            **self.accounts.counts,
            "subscribed": sum(len(mine) for mine in self._subscriptions.values()),
            "listening": live,
            "listening_in_vain": len(streams) - live,
            "orders": sum(len(wallet.orders) for wallet in wallets),
            "open_orders": sum(len(wallet.open_orders()) for wallet in wallets),
        }
