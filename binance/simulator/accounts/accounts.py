"""The accounts of one simulator: API keys, wallets, listen keys, listen tokens. Pure.

Listen keys and tokens expire *silently*, as the exchange's do. A stream on an expired listen key
opens and has no events; the WebSocket API ends a subscription by an expired token with
``eventStreamTerminated``.
"""

from __future__ import annotations

import itertools
import random
import string
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from binance.simulator.accounts import api_keys
from binance.simulator.accounts.futures_orders import FuturesEntry
from binance.simulator.accounts.futures_wallet import FuturesWallet, OptionsWallet
from binance.simulator.accounts.order_entry import OrderEntry
from binance.simulator.accounts.wallets import Wallet
from binance.simulator.api.call import Call
from binance.simulator.market.exchange import Exchange
from binance.simulator.market.symbols import decimal
from binance.simulator.rules.errors import ApiError

SPOT = "spot"
MARGIN = "margin"
LISTEN_KEY_UNKNOWN = -1125
LISTEN_TOKEN_BAD = -1209
FUTURES = {
    "usdm": ("usdm", ""),
    "coinm": ("coinm", ""),
    "options": ("options", ""),
    "pm:um": ("usdm", "UM"),
    "pm:cm": ("coinm", "CM"),
}
"""Futures wallet -> its market, and its part of a portfolio margin account."""
PRO, PRO_PERIOD = "pm-classic", 5_000
"""The wallet of portfolio margin pro, named as its address is, and ms between its reports."""
TOKEN_LIFE = 24 * 3_600_000
"""ms; the most that a listen token lives, and the default."""

FIRST_UID = 354_937_868
_LETTERS = string.ascii_letters + string.digits


@dataclass(slots=True, eq=False)
class Account:
    """One user: an API key, a function that checks its signatures, and wallets."""

    uid: int
    api_key: str
    kind: str
    verify: api_keys.Verify
    clock: Callable[[], int]
    assets: tuple[str, ...]
    futures: Mapping[str, FuturesEntry] = field(default_factory=dict)
    wallets: dict[str, Wallet] = field(default_factory=dict)
    executions: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def wallet(self, name: str = SPOT) -> Wallet:
        """``spot``, ``margin``, ``margin:ETHBTC``, or one of `FUTURES`; made and funded when first
        needed. Any other name is a wallet with events only.
        """
        found = self.wallets.get(name)
        if found is None:
            market, part = FUTURES.get(name, ("", ""))
            entry = self.futures.get(market)
            if entry is None:
                found = Wallet(self.uid, self.clock, self.executions)
                found.fund(self.assets)
            else:
                made = OptionsWallet if name == "options" else FuturesWallet
                found = made(self.uid, self.clock, mark=entry.mark, part=part)
                found.fund(sorted(entry.assets))
            self.wallets[name] = found
        return found


@dataclass(slots=True, eq=False)
class ListenKey:
    """A listen key of an account; ``expires`` in ms."""

    text: str
    account: Account
    market: str
    expires: float


@dataclass(slots=True, eq=False)
class ListenToken:
    """A listen token for a wallet; ``expires`` in ms."""

    text: str
    wallet: Wallet
    expires: float


class Accounts:
    """All accounts of one simulator.

    :param clock: returns the exchange's time, ms since 1970.
    :param is_revoked: is this API key revoked now?
    :param key_life: seconds that a listen key lives without a keepalive.
    """

    def __init__(
        self,
        exchange: Exchange,
        clock: Callable[[], int],
        *,
        is_revoked: Callable[[str], bool] = lambda key: False,
        key_life: float = 3600.0,
        seed: int = 1,
        futures: Mapping[str, Exchange] | None = None,
    ) -> None:
        self.clock = clock
        self.order_entry = OrderEntry(exchange)
        self.futures = {name: FuturesEntry(each) for name, each in (futures or {}).items()}
        self.counts: Counter[str] = Counter()
        self._is_revoked = is_revoked
        self._key_life = key_life * 1000.0
        self._pro_due = 0
        self._random = random.Random(f"accounts {seed}")
        assets = {part for each in exchange.listed for part in (each.base, each.quote)}
        coins = tuple(sorted(assets))
        self.by_api_key = {
            key: Account(uid, key, kind, verify, clock, coins, self.futures)
            for uid, (key, (kind, verify)) in enumerate(
                api_keys.documented_keys().items(), FIRST_UID
            )
        }
        self._keys: dict[str, ListenKey] = {}
        self._tokens: dict[str, ListenToken] = {}

    # authentication

    def account_of_key(self, api_key: str) -> Account:
        """The account of an API key.

        :raises ApiError: -2014 or -2015, both 401.
        """
        if not api_key or not api_key.isalnum() or len(api_key) != 64:
            raise ApiError(api_keys.KEY_FORMAT, "API-key format invalid.", 401)
        account = self.by_api_key.get(api_key)
        if account is None or self._is_revoked(api_key):
            raise ApiError(
                api_keys.KEY_REFUSED, "Invalid API-key, IP, or permissions for action.", 401
            )
        return account

    def authenticate_rest(self, call: Call, signed: bool = True) -> Account:
        """The account of a REST request. ``signed``: check timestamp and signature, too.

        :raises ApiError: as `account_of_key` does, and for a bad timestamp or signature.
        """
        account = self.account_of_key(call.headers.get(api_keys.HEADER, ""))
        if signed:
            api_keys.check_time(call)
            api_keys.check_rest(call, account.verify)
        return account

    def authenticate_ws_api(self, call: Call) -> Account:
        """The account of a signed WebSocket API request."""
        account = self.account_of_key(call.params.text("apiKey"))
        api_keys.check_time(call)
        api_keys.check_websocket(call, account.verify)
        return account

    def authenticate(self, call: Call) -> Account:
        """The account of a request that is signed, or of a session that is logged on."""
        if call.verb != "WS":
            return self.authenticate_rest(call)
        account: Account | None = call.session.account
        if account is None or "apiKey" in call.params:
            return self.authenticate_ws_api(call)
        found = self.account_of_key(account.api_key)  # it may be revoked
        api_keys.check_time(call)
        return found

    def authenticate_by_key(self, call: Call) -> Account:
        """The account of an API key that comes without a signature, or of a session."""
        if call.verb != "WS":
            return self.authenticate_rest(call, signed=False)
        account: Account | None = call.session.account
        known = None if account is None else account.api_key
        return self.account_of_key(call.params.text("apiKey", known))

    # order lists

    def new_list_id(self) -> int:
        self.counts["order_lists"] += 1
        return self.counts["order_lists"]

    # from the clock

    def tick(self, now: int) -> None:
        """Let resting orders trade, and check the margin of futures."""
        for entry in (self.order_entry, *self.futures.values()):
            entry.tick(now)
        for account in self.by_api_key.values():
            for wallet in list(account.wallets.values()):
                if isinstance(wallet, FuturesWallet):
                    wallet.check_margin()
            if PRO in account.wallets and now >= self._pro_due:
                self._report_pro(account)
        self._pro_due = max(self._pro_due, now // PRO_PERIOD * PRO_PERIOD + PRO_PERIOD)

    def _report_pro(self, account: Account) -> None:
        """The state of a portfolio margin pro account, from its USD-M wallet."""
        wallet = account.wallet("usdm")
        equity = decimal(wallet.equity("USDT") if isinstance(wallet, FuturesWallet) else 0)
        amounts = dict.fromkeys(("eq", "ae", "avb", "vmw"), equity) | {"im": "0", "mm": "0"}
        event = {"e": "PM_PRO_ACCOUNT_UPDATE", "E": self.clock(), "u": "1000", **amounts}
        account.wallet(PRO).publish(event)

    # listen keys

    def make_listen_key(self, account: Account, market: str) -> ListenKey:
        """The account's listen key of a market, extended; a new one when there is none."""
        key = self._live_listen_key(account, market)
        if key is None:
            key = ListenKey(self._text(64), account, market, 0)
            self._keys[key.text] = key
            self.counts["listen_keys_made"] += 1
        key.expires = self.clock() + self._key_life
        return key

    def extend_listen_key(self, account: Account, market: str, text: str | None) -> ListenKey:
        """Keep a listen key alive.

        :raises ApiError: -1125 when it has expired, or belongs to another account.
        """
        key = self._known_listen_key(account, market, text)
        key.expires = self.clock() + self._key_life
        self.counts["listen_keys_kept"] += 1
        return key

    def delete_listen_key(self, account: Account, market: str, text: str | None) -> None:
        """End a listen key for all its users."""
        key = self._known_listen_key(account, market, text)
        self.counts["listen_keys_deleted"] += 1
        key.expires = 0

    def end_listen_keys(self, is_reported: bool = False) -> None:
        """End all listen keys, without a notice unless they end as if by themselves."""
        for key in self._keys.values():
            key.expires = self.clock() if is_reported else 0

    def _live_listen_key(
        self, account: Account, market: str, text: str | None = None
    ) -> ListenKey | None:
        live = (key for key in self._keys.values() if key.expires > self.clock())
        mine = (key for key in live if key.account is account and key.market == market)
        return next((key for key in mine if text in (None, key.text)), None)

    def _known_listen_key(self, account: Account, market: str, text: str | None) -> ListenKey:
        key = self._live_listen_key(account, market, text)
        if key is None:
            raise ApiError(LISTEN_KEY_UNKNOWN, "This listenKey does not exist.")
        return key

    def find_listen_key(self, text: str) -> ListenKey | None:
        """A listen key, expired or not, by its text."""
        return self._keys.get(text)

    # listen tokens

    def make_listen_token(self, wallet: Wallet, validity: int | None) -> ListenToken:
        """A token for a wallet's events.

        :param validity: ms; :data:`TOKEN_LIFE` at most.
        """
        life = TOKEN_LIFE if validity is None else min(max(1, validity), TOKEN_LIFE)
        token = ListenToken(self._text(56), wallet, self.clock() + life)
        self._tokens[token.text] = token
        self.counts["listen_tokens_made"] += 1
        return token

    def live_token(self, text: str) -> ListenToken:
        """A token that has not expired.

        :raises ApiError: -1209 when there is none.
        """
        token = self._tokens.get(text)
        if token is None or token.expires <= self.clock():
            raise ApiError(LISTEN_TOKEN_BAD, "Invalid listenToken.")
        return token

    def _text(self, length: int) -> str:
        return "".join(self._random.choices(_LETTERS, k=length))
