"""User data: subscriptions on the WebSocket API, listen keys and listen tokens; and orders."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

from simulation.exchange.executions import FORGOTTEN, Executions, Key, body_of, key_of

if TYPE_CHECKING:
    from simulation.exchange.link import ExchangeLink
    from simulation.exchange.server import Exchange

TOKEN_SECONDS = 600
#: A key lives for an hour after it was asked for; the model's are let die early, but not as early.
YOUNG_SECONDS = 70.0
SPOT = "spot"
INVALID_KEY = -1125
UNKNOWN_ORDER = -2013
DUPLICATE_ORDER = -2010
#: Milliseconds between the clocks of the two machines that tell of the account in turn.
APART_MS = 200
_SUBSCRIBE = ("userDataStream.subscribe.signature", "userDataStream.subscribe.listenToken")


def market_of(key: str) -> str:
    """The market of a listen key."""
    return key.partition("key")[0]


class Accounts:
    """One account: its events, who hears of them, and its orders."""

    def __init__(self, exchange: Exchange, dice: Random) -> None:
        self._exchange = exchange
        #: how many events there were
        self.number = 0
        #: when each of them was published
        self.times: list[float] = []
        #: listen keys that were ever made -> whether they live
        self.keys_made: dict[str, bool] = {}
        #: when they were last made or kept alive
        self._touched: dict[str, float] = {}
        self.tokens: dict[str, float] = {}
        #: what the account's orders do; the serial number of each change, and its body
        self.executions = Executions(dice, lambda: exchange.ms, self._publish)
        self.changes: dict[Key, tuple[int, dict[str, Any]]] = {}
        #: client order id -> how often it was filled
        self.orders: Counter[str] = Counter()
        #: signatures, keys and tokens that must not be seen in any text of the client
        self.secrets: set[str] = set()
        self._subscriptions = 0

    def event(self) -> None:
        """Something happens to an order."""
        self.executions.act()

    def _publish(self, body: dict[str, Any]) -> None:
        """Tell all who listen, in the shape of their market."""
        self.number += 1
        self.times.append(self._exchange.now)
        self.changes[key_of(body)] = self.number, body
        told = self._exchange.ms - APART_MS * (self.number % 2)
        head = {"E": told, "T": body["T"], "n": self.number}
        spot = {"e": "executionReport", **body, "I": self.number, **head}
        futures = {"e": "ORDER_TRADE_UPDATE", **head, "o": {**body, "t": max(0, body["t"])}}
        for link in list(self._exchange.links):
            if link.account == "api":
                link.text({"subscriptionId": link.subscription, "event": spot})
            elif link.account == "key" and self.keys_made.get(link.listen_key or ""):
                link.text(spot if link.market == SPOT else futures)

    def serial(self, event: dict[str, Any]) -> int | None:
        """The serial number of an event that was made from REST; None if it is of no order."""
        body = body_of(event)
        return None if body is None else self.changes.get(key_of(body), (0, {}))[0]

    def forget(self, known: float) -> None:
        """Have REST forget an order without a trade, of which event number `known` told at last."""
        for order in self.executions.alive():
            if not order.filled and self.changes[order.id, "NEW", 0][0] <= known:
                order.status = FORGOTTEN
                return

    def expire_keys(self) -> None:
        """Let every listen key die that was not just asked for, and say so to its links."""
        for key, lives in self.keys_made.items():
            if lives and self._exchange.now - self._touched[key] > YOUNG_SECONDS:
                self.keys_made[key] = False
                message = {"e": "listenKeyExpired", "E": self._exchange.ms, "listenKey": key}
                for link in [x for x in self._exchange.links if x.listen_key == key]:
                    link.text(message)

    def delete_keys(self) -> None:
        """End the keys of futures accounts without a word."""
        for key in self.keys_made:
            if market_of(key) != SPOT:
                self.keys_made[key] = False

    def living(self, market: str) -> list[ExchangeLink]:
        """The links with a living key of a market."""
        links = [x for x in self._exchange.links if x.account == "key" and x.market == market]
        return [x for x in links if self.keys_made.get(x.listen_key or "")]

    def terminate(self) -> None:
        """End each subscription on the WebSocket API, and say so; the links stay."""
        for link in list(self._exchange.links):
            if link.account == "api":
                event = {"e": "eventStreamTerminated", "E": self._exchange.ms}
                link.text({"subscriptionId": link.subscription, "event": event})
                link.account = ""

    # from the links

    def request(self, link: ExchangeLink, message: dict[str, Any]) -> None:
        """A request on the WebSocket API."""
        method, params = message.get("method", ""), message.get("params") or {}
        for name in ("signature", "listenToken", "apiKey"):
            if name in params:
                self.secrets.add(str(params[name]))
        result: dict[str, Any] = {}
        if method == "time":
            result = {"serverTime": self._exchange.ms}
        elif method == "exchangeInfo":
            symbols = self._exchange.spot_symbols
            result = {
                "symbols": [{"symbol": name.upper(), "status": "TRADING"} for name in symbols]
            }
        elif method in ("order.place", "order.status"):
            self._order(link, message["id"], method, params)
            return
        elif method in _SUBSCRIBE:
            refusal = self._refusal(method, params)
            if refusal is not None:
                code, words = refusal
                error = {"code": code, "msg": words}
                link.text({"id": message.get("id"), "status": 400, "error": error})
                return
            self._subscriptions += 1
            link.account, link.subscription = "api", self._subscriptions
            result = {"subscriptionId": self._subscriptions}
            if method.endswith("listenToken"):
                result["expirationTime"] = self._exchange.ms + TOKEN_SECONDS * 1000
        link.text({"id": message.get("id"), "status": 200, "result": result})

    # from REST

    def make_key(self, market: str = SPOT) -> dict[str, Any]:
        """A new key; on futures the living one, if there is one."""
        alive = [k for k, lives in self.keys_made.items() if lives and market_of(k) == market]
        if alive and market != SPOT:
            self._touched[alive[0]] = self._exchange.now
            return {"listenKey": alive[0]}
        key = f"{market}key{len(self.keys_made) + 1:04d}secret"
        self.keys_made[key], self._touched[key] = True, self._exchange.now
        self.secrets.add(key)
        return {"listenKey": key}

    def keep_key(self, key: str) -> dict[str, Any] | None:
        """None if there is no such key."""
        if not self.keys_made.get(key):
            return None
        self._touched[key] = self._exchange.now
        return {}

    def make_token(self) -> dict[str, Any]:
        token = f"token{len(self.tokens) + 1:04d}secret"
        ends = self._exchange.now + TOKEN_SECONDS
        self.tokens[token] = ends
        self.secrets.add(token)
        return {"token": token, "expirationTime": self._exchange.ms + TOKEN_SECONDS * 1000}

    def order(self, client_order_id: str) -> None:
        """An order was taken."""
        self.orders[client_order_id] += 1
        self.executions.place(client_order_id)

    # inside

    def _order(self, link: ExchangeLink, id: object, method: str, params: dict[str, Any]) -> None:
        """An order, or a query for one; answers get lost, are late or come twice."""
        dice = self._exchange.order_dice
        name = str(params.get("newClientOrderId", params.get("origClientOrderId")))
        fate = dice.random()
        if fate < 0.03:
            link.reset()
            return
        answer: dict[str, Any] = {"id": id, "status": 200}
        if method == "order.place":
            if self.orders[name]:
                error = {"code": DUPLICATE_ORDER, "msg": "Duplicate order sent."}
                answer |= {"status": 400, "error": error}
            else:
                self.order(name)
        elif not self.orders[name]:
            error = {"code": UNKNOWN_ORDER, "msg": "Order does not exist."}
            answer |= {"status": 400, "error": error}
        if "error" not in answer:
            order = {"symbol": params["symbol"], "clientOrderId": name, "status": "FILLED"}
            answer["result"] = order
        if fate < 0.06:
            link.reset()
        elif fate < 0.15:
            self._exchange.later(dice.uniform(1.0, 20.0), link.text, answer)
        elif fate > 0.18:  # else the answer is lost
            link.text(answer)
            if fate > 0.95:
                link.text(answer)

    def _refusal(self, method: str, params: dict[str, Any]) -> tuple[int, str] | None:
        if method.endswith("signature"):
            off = abs(self._exchange.ms - int(params.get("timestamp", 0)))
            if off > int(params.get("recvWindow", 5000)):
                return -1021, "Timestamp for this request is outside of the recvWindow."
        elif self.tokens.get(str(params.get("listenToken")), 0.0) <= self._exchange.now:
            return -1209, "Invalid listenToken."
        return None
