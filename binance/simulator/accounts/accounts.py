"""Who has an account: API keys, wallets, listen keys, listen tokens. Pure.

Listen keys and tokens live for a while and then end *silently*, as the exchange's do: a stream on
an ended listen key opens and says nothing; a subscription by token is told
``eventStreamTerminated`` by who holds it.
"""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from binance.simulator.accounts import api_keys
from binance.simulator.accounts.orders import OrderDesk
from binance.simulator.accounts.wallets import Wallet
from binance.simulator.api.call import Call
from binance.simulator.market.exchange import Exchange
from binance.simulator.rules.errors import ApiError

SPOT = "spot"
MARGIN = "margin"
LISTEN_KEY_UNKNOWN = -1125
LISTEN_TOKEN_BAD = -1209
TOKEN_LIFE = 24 * 3_600_000
"""ms; the most that a listen token lives, and the default."""

FIRST_UID = 354_937_868
_LETTERS = string.ascii_letters + string.digits


@dataclass(slots=True, eq=False)
class Account:
    """One user: an API key, what checks its signatures, a wallet for each sort of trading."""

    uid: int
    api_key: str
    kind: str
    verify: api_keys.Verify
    clock: Callable[[], int]
    assets: tuple[str, ...]
    wallets: dict[str, Wallet] = field(default_factory=dict)

    def wallet(self, name: str = SPOT) -> Wallet:
        """``spot``, ``margin`` or ``margin:ETHBTC``; made and funded when first needed."""
        found = self.wallets.get(name)
        if found is None:
            found = self.wallets[name] = Wallet(self.uid, self.clock)
            found.fund(self.assets)
        return found


@dataclass(slots=True, eq=False)
class ListenKey:
    """A listen key of one market's account; ``ends`` in ms."""

    text: str
    account: Account
    market: str
    ends: float


@dataclass(slots=True, eq=False)
class ListenToken:
    """A listen token for a wallet; ``ends`` in ms."""

    text: str
    wallet: Wallet
    ends: float


class Registry:
    """All accounts of one simulator.

    :param clock: gives ms since 1970, as the exchange tells it.
    :param refused: says whether an API key is revoked at present.
    :param key_life: seconds that a listen key lives without a keepalive.
    """

    def __init__(
        self,
        exchange: Exchange,
        clock: Callable[[], int],
        *,
        refused: Callable[[str], bool] = lambda key: False,
        key_life: float = 3600.0,
        seed: int = 1,
    ) -> None:
        self.clock = clock
        self.desk = OrderDesk(exchange)
        self.counts: Counter[str] = Counter()
        self._refused = refused
        self._key_life = key_life * 1000.0
        self._random = random.Random(f"accounts {seed}")
        assets = {part for each in exchange.listed for part in (each.base, each.quote)}
        self.accounts = {
            api_key: Account(
                FIRST_UID + number, api_key, kind, verify, clock, tuple(sorted(assets))
            )
            for number, (api_key, (kind, verify)) in enumerate(api_keys.documented().items())
        }
        self._keys: dict[str, ListenKey] = {}
        self._tokens: dict[str, ListenToken] = {}

    # who asks

    def of_key(self, api_key: str) -> Account:
        """The account of an API key.

        :raises ApiError: -2014 or -2015, both 401.
        """
        if not api_key or not api_key.isalnum() or len(api_key) != 64:
            raise ApiError(api_keys.KEY_FORMAT, "API-key format invalid.", 401)
        account = self.accounts.get(api_key)
        if account is None or self._refused(api_key):
            raise ApiError(
                api_keys.KEY_REFUSED, "Invalid API-key, IP, or permissions for action.", 401
            )
        return account

    def of_rest(self, call: Call, signed: bool = True) -> Account:
        """The account that a REST request is for; ``signed``: timestamp and signature are needed.

        :raises ApiError: as of `of_key`, and for what is wrong with timestamp and signature.
        """
        account = self.of_key(call.headers.get(api_keys.HEADER, ""))
        if signed:
            api_keys.check_time(call)
            api_keys.check_rest(call, account.verify)
        return account

    def of_websocket(self, call: Call) -> Account:
        """The account that a signed WebSocket API request is for."""
        account = self.of_key(call.params.text("apiKey"))
        api_keys.check_time(call)
        api_keys.check_websocket(call, account.verify)
        return account

    # order lists

    def new_list(self) -> int:
        """The id of a new order list."""
        self.counts["order_lists"] += 1
        return self.counts["order_lists"]

    # listen keys

    def make_key(self, account: Account, market: str) -> ListenKey:
        """The account's listen key of a market, prolonged; a new one when there is none."""
        now = self.clock()
        for key in self._keys.values():
            if key.account is account and key.market == market and key.ends > now:
                key.ends = now + self._key_life
                return key
        key = ListenKey(self._text(64), account, market, now + self._key_life)
        self._keys[key.text] = key
        self.counts["listen_keys_made"] += 1
        return key

    def prolong_key(self, account: Account, market: str, text: str | None) -> ListenKey:
        """Keep a listen key alive.

        :raises ApiError: -1125 when it has ended, or is somebody else's.
        """
        key = self._living(account, market, text)
        key.ends = self.clock() + self._key_life
        self.counts["listen_keys_kept"] += 1
        return key

    def delete_key(self, account: Account, market: str, text: str | None) -> None:
        """End a listen key, for everybody who uses it."""
        key = self._living(account, market, text)
        self.counts["listen_keys_deleted"] += 1
        key.ends = 0

    def end_keys(self) -> None:
        """End all listen keys, and tell nobody."""
        for key in self._keys.values():
            key.ends = 0

    def _living(self, account: Account, market: str, text: str | None) -> ListenKey:
        now = self.clock()
        for key in self._keys.values():
            mine = key.account is account and key.market == market and text in (None, key.text)
            if mine and key.ends > now:
                return key
        raise ApiError(LISTEN_KEY_UNKNOWN, "This listenKey does not exist.")

    def find_key(self, text: str, market: str) -> ListenKey | None:
        """A listen key, living or not, by the name of the stream that uses it."""
        key = self._keys.get(text)
        return key if key is not None and key.market == market else None

    # listen tokens

    def make_token(self, wallet: Wallet, validity: int | None) -> ListenToken:
        """A token for a wallet's events.

        :param validity: ms; :data:`TOKEN_LIFE` at most.
        """
        life = TOKEN_LIFE if validity is None else min(max(1, validity), TOKEN_LIFE)
        token = ListenToken(self._text(56), wallet, self.clock() + life)
        self._tokens[token.text] = token
        self.counts["listen_tokens_made"] += 1
        return token

    def token(self, text: str) -> ListenToken:
        """A token that lives.

        :raises ApiError: -1209 otherwise.
        """
        token = self._tokens.get(text)
        if token is None or token.ends <= self.clock():
            raise ApiError(LISTEN_TOKEN_BAD, "Invalid listenToken.")
        return token

    def _text(self, length: int) -> str:
        return "".join(self._random.choices(_LETTERS, k=length))
