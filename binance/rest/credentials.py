"""What a client signs with: a key, and a secret or a private key."""

import os
from pathlib import Path

from binance.exceptions import BinanceCredentialsError
from binance.sansio.account import signing


class Credentials:
    """An API key, its secret or private key, and the signer that is made of them."""

    def __init__(
        self,
        key: str | None,
        secret: str | None,
        private_key: str | bytes | os.PathLike[str] | None,
        password: str | bytes | None,
    ) -> None:
        self.pem, self._password = _pem_of(private_key), password
        self.use(key, secret)
        if self.pem is not None:
            self._make_signer()

    def use(self, key: str | None, secret: str | None) -> None:
        """Sign with these from now on."""
        self.key, self.secret = key or None, secret or None
        self._signer: signing.Signer | None = None

    @property
    def signer(self) -> signing.Signer | None:
        """Made when first needed; None without a key, or with a key alone."""
        if self._signer is None:
            self._make_signer()
        return self._signer

    def _make_signer(self) -> None:
        key, secret, pem = self.key, self.secret, self.pem
        if pem is None and isinstance(secret, str | bytes) and signing.is_pem(secret):
            pem = secret
        if pem is not None:
            if key is None:
                raise BinanceCredentialsError(
                    "private_key needs the api_key under which the exchange knows it"
                )
            self._signer = signing.from_pem(key, pem, self._password)
        elif key and secret:
            self._signer = signing.from_secret(key, secret)


def _pem_of(private_key: str | bytes | os.PathLike[str] | None) -> str | bytes | None:
    """The PEM text of a key that may be given as the path of its file."""
    if private_key is None or (
        isinstance(private_key, str | bytes) and signing.is_pem(private_key)
    ):
        return private_key
    try:
        return Path(os.fsdecode(private_key)).expanduser().read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such path"
    # Neither the text nor the system's error is shown: a key with a damaged first line is a "path".
    raise ValueError(f"private_key is neither PEM text nor a readable file: {reason}")
