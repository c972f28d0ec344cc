"""HTTP sessions, one per thread, with verified TLS; and the walls that keep secrets inside."""

import copy
import functools
import logging
import os
import ssl
import threading
import warnings
import weakref
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any, Self
from urllib.parse import urlsplit

import certifi
import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3 import connection, connectionpool
from urllib3.exceptions import ConnectTimeoutError, LocationParseError
from urllib3.util import Retry

from binance.exceptions import HIDDEN, redact
from binance.rest.locks import ForkSafeLock
from binance.sansio.account.rest_outcome import Failure
from binance.sansio.account.signing import API_KEY_HEADER
from binance.sansio.link.budget import is_loopback

USER_AGENT = "binance-socket-manager"
FORM = "application/x-www-form-urlencoded"
READS = ("GET", "HEAD")
NEEDS_SOCKS = (
    'REST calls through a SOCKS proxy need PySocks: pip install "binance-socket-manager[socks]"'
)
BAD_PROXY = "the URL of the proxy is not valid; user and password must be percent-encoded in it"
_SHARED = (
    *("auth", "cert", "headers", "hooks", "max_redirects", "params"),
    *("proxies", "stream", "trust_env", "verify"),
)


class _Caller(threading.local):
    is_gone: Callable[[], bool] = staticmethod(lambda: False)
    """Whether the caller has stopped waiting: asyncio stops no thread."""
    sends_once: bool = False
    """Whether its GET has an effect."""


CALLER = _Caller()
"""The caller for whom this thread works."""


class NotAwaitedError(BaseException):
    """A call was not sent, because its caller has gone; so nobody receives this."""


def refuse_if_gone() -> None:
    if CALLER.is_gone():
        raise NotAwaitedError


class HTTPSConnection(connection.HTTPSConnection):  # errors show the names of the classes
    def connect(self) -> None:
        super().connect()
        refuse_if_gone()  # it may have taken long, and the request follows


class HTTPSConnectionPool(connectionpool.HTTPSConnectionPool):
    ConnectionCls = HTTPSConnection


def _with_pool(manager: Any) -> Any:
    classes = manager.pool_classes_by_scheme
    if classes["https"] is connectionpool.HTTPSConnectionPool:  # not that of a SOCKS proxy
        manager.pool_classes_by_scheme = {**classes, "https": HTTPSConnectionPool}
    return manager


@functools.cache
def tls_context(ca_file: str | None, *others: str) -> ssl.SSLContext:
    """Verifies against the system's roots, certifi's, and the PEM file given.

    urllib3 adds to it what a call says in ``verify`` and ``cert``. Those calls have one of their
    own, by `others`: nobody else shall trust that authority or show that certificate.

    Raises `OSError` or `ssl.SSLError` where the file cannot be read or holds no certificate.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


class VerifyingAdapter(HTTPAdapter):
    """Connections, through a proxy or not, on verifying contexts."""

    def __init__(self, ca_file: str | None, *others: str) -> None:
        self._ca_file, self._others = ca_file, others
        self._context = tls_context(ca_file, *others)
        self._adapters: dict[tuple[str, ...], VerifyingAdapter] = {}
        super().__init__()

    def send(self, *args: Any, **options: Any) -> requests.Response:
        verify, cert = options.get("verify", True), options.get("cert")
        others = () if verify is True and not cert else (str(verify), str(cert))
        if others == self._others:
            return super().send(*args, **options)
        if others not in self._adapters:
            self._adapters[others] = VerifyingAdapter(self._ca_file, *others)
        adapter = self._adapters[others]
        adapter.max_retries = self.max_retries
        return adapter.send(*args, **options)

    def close(self) -> None:
        super().close()
        for adapter in list(self._adapters.values()):
            adapter.close()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        _with_pool(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return _with_pool(super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs))


class ReadsOnly(Retry):
    """urllib3's retries for calls that change nothing; all others go out once.

    A common recipe mounts ``HTTPAdapter(max_retries=3)``. urllib3 then repeats PUT and DELETE, and
    behind a proxy, where it takes a lost reply for a proxy's error, POST as well.
    """

    @classmethod
    def guard(cls, adapter: object) -> None:
        """Confines the retries of an adapter, which threads may share."""
        retries = getattr(adapter, "max_retries", None)
        if isinstance(retries, Retry) and not isinstance(retries, cls):
            kind = cls if type(retries) is Retry else type(cls.__name__, (cls, type(retries)), {})
            guarded = copy.copy(retries)
            guarded.__class__ = kind
            adapter.max_retries = guarded  # type: ignore[attr-defined]

    @staticmethod
    def _is_read(method: str | None) -> bool:
        return method in READS and not CALLER.sends_once

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        return self._is_read(method) and super().is_retry(method, status_code, has_retry_after)

    def increment(self, method: str | None = None, *args: Any, **kwargs: Any) -> Self:
        if not self._is_read(method):
            Retry(0, read=False).increment(method, *args, **kwargs)  # raises as `requests` has it
        return super().increment(method, *args, **kwargs)


class RedactingFilter(logging.Filter):
    """urllib3 logs each request's path at DEBUG, its query with the signature included."""

    LOGGERS = ("urllib3.connectionpool", "urllib3.util.retry")

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "=" in text:
            record.msg, record.args = redact(text), ()
        return True


_FILTER = RedactingFilter()


class LaterSession(requests.Session):
    """Of a later thread: what was not set on it, is as on the first thread's."""

    def __init__(self, first: requests.Session) -> None:
        super().__init__()
        for name in _SHARED:
            delattr(self, name)
        self._first = first

    def __getattr__(self, name: str) -> Any:
        if name not in _SHARED:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self._first, name)

    def get_adapter(self, url: Any) -> Any:
        own, first = super().get_adapter(url), self._first.get_adapter(url)
        return own if _is_mounted(own) or not _is_mounted(first) else first


def _is_mounted(adapter: object) -> bool:
    """Whether an adapter is the user's, and no session's own."""
    return type(adapter) not in (HTTPAdapter, VerifyingAdapter)


class Sessions:
    """A `requests.Session` for each thread that asks, and the thread's last response.

    What the user set on the first thread's session (headers, proxies, adapters of his own) holds
    for the sessions of later threads too, and what an assigned session has for all threads.
    """

    def __init__(
        self, ca_file: str | None, proxy: str | None, proxies: Mapping[str, str] | None
    ) -> None:
        try:
            tls_context(ca_file)
        except OSError as error:  # ssl.SSLError is one too
            raise ValueError(f"BINANCE_CA_FILE {ca_file!r} cannot be used: {error}") from None
        if proxy is not None and proxies:
            raise ValueError("give proxy or proxies, not both")
        self._ca_file = ca_file
        self._proxies = dict(proxies or {}) if proxy is None else {"http": proxy, "https": proxy}
        if not all(map(_is_proxy, self._proxies.items())):
            raise ValueError(BAD_PROXY)
        uses_socks = any(str(url).startswith("socks") for url in self._proxies.values())
        if uses_socks and find_spec("socks") is None:
            raise ValueError(NEEDS_SOCKS)
        self._local = threading.local()
        self._lock, self._pid = ForkSafeLock(), os.getpid()
        self._first: requests.Session | None = None
        self._assigned = 0  # how often
        self._all: weakref.WeakSet[requests.Session] = weakref.WeakSet()
        for name in RedactingFilter.LOGGERS:
            logging.getLogger(name).addFilter(_FILTER)  # adding it twice does nothing

    def current(self) -> requests.Session:
        """This thread's session; a new one after a fork, since sockets must not be shared."""
        of = os.getpid(), self._assigned
        if getattr(self._local, "of", None) != of:
            self._keep(self._new(), of)
        session: requests.Session = self._local.session
        return session

    def use(self, session: requests.Session) -> None:
        """In this thread; each other one, also if it has a session, makes one with its settings."""
        with self._lock:
            self._first, self._assigned = session, self._assigned + 1
            of = os.getpid(), self._assigned
        self._keep(session, of)

    def _keep(self, session: requests.Session, of: tuple[int, int]) -> None:
        self._local.session, self._local.of = session, of
        with self._lock:
            self._first = self._first or session
            self._all.add(session)

    def proxy_of(self, url: str, given: Mapping[str, str]) -> str | None:
        """The proxy of calls to a URL; None: the one of the environment, ``''``: none."""
        session = self.current()
        chosen = select_proxy(url, {**session.proxies, **given})
        return "" if chosen is None and not session.trust_env else chosen

    @property
    def response(self) -> requests.Response | None:
        return getattr(self._local, "response", None)

    def close(self) -> None:
        with self._lock:
            for session in list(self._all):
                session.close()

    def send(
        self,
        method: str,
        url: str,
        body: str,
        headers: dict[str, str],
        options: dict[str, Any],
        once: bool = False,
    ) -> requests.Response:
        """Sends one request, once. Raises what `requests` raises, with no secret in it.

        `options` are further arguments of ``requests.Session.request``. With `once` an adapter of
        the user's repeats no GET either.
        """
        session = self.current()
        if body:
            headers = {"Content-Type": FORM, **headers}
        headers |= dict(options.pop("headers", None) or {})
        keyed = API_KEY_HEADER in headers
        if keyed:  # a redirect would carry the API key to wherever it points, and send it again
            options["allow_redirects"] = False
        options.setdefault("verify", session.verify or True)  # never off, whatever it says
        # Given to the call: `requests` lets the environment's proxies win over a session's, and
        # over one that is given for ``all`` schemes.
        proxies = options["proxies"] = {**session.proxies, **(options.get("proxies") or {})}
        if (chosen := select_proxy(url, proxies)) is not None:
            proxies[urlsplit(url).scheme] = chosen
        host = urlsplit(url).hostname or ""
        if is_loopback(host):  # of the environment's proxies alone
            proxies["no_proxy"] = ",".join(filter(None, (proxies.get("no_proxy"), host)))
        error: requests.RequestException
        CALLER.sends_once = once
        try:
            ReadsOnly.guard(session.get_adapter(url))
            response = session.request(
                method, url, data=body.encode() or None, headers=headers, **options
            )
            _ = response.content  # read here, also where the session or a call says `stream`
        except requests.RequestException as raised:
            error = raised
            if "dependencies for SOCKS" in str(raised):
                error = requests.exceptions.InvalidSchema(NEEDS_SOCKS)
            elif isinstance(_innermost(raised), LocationParseError):  # its text holds the password
                error = requests.exceptions.InvalidURL(BAD_PROXY)
        except UnicodeEncodeError:  # it holds the text, such as the password of a proxy
            error = requests.exceptions.InvalidURL(
                "not sent: a header, or a proxy's user or password, is not Latin-1"
            )
        except ValueError as raised:
            if "SOCKS version" not in str(raised):
                raise
            error = requests.exceptions.InvalidURL(BAD_PROXY)  # it holds the URL, such as socks9://
        else:
            forget_secrets(response)
            self._local.response = response
            return response
        finally:
            CALLER.sends_once = False
        # Raised here, not in the handler: the original must not follow as the new one's context.
        raise without_secrets(error)

    def _new(self) -> requests.Session:
        first = self._first
        session = requests.Session() if first is None else LaterSession(first)
        session.mount("https://", VerifyingAdapter(self._ca_file))
        if first is None:
            session.headers.update({"Accept": "application/json", "User-Agent": USER_AGENT})
            session.proxies.update(self._proxies)
            return session
        with self._lock:
            is_forked, self._pid = self._pid != os.getpid(), os.getpid()
            for adapter in first.adapters.values():
                if is_forked and _is_mounted(adapter) and isinstance(adapter, HTTPAdapter):
                    _forget_connections(adapter)
        return session


def _forget_connections(adapter: HTTPAdapter) -> None:
    """In a fork's child: the open connections are its parent's, to which their replies belong."""
    # As one that was pickled. Newer stubs of requests do not have both methods.
    adapter.__setstate__(adapter.__getstate__())  # type: ignore[attr-defined, unused-ignore]


def _is_proxy(given: tuple[str, str | None]) -> bool:
    """Whether the URL for a scheme has no unencoded delimiter in its password."""
    name, url = given
    if not url or name == "no_proxy":
        return True
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        return bool(parts.hostname and parts.port != 0) and "@" not in "".join(parts[2:])
    except ValueError:
        return False


def verified(options: dict[str, Any]) -> dict[str, Any]:
    """Request options without a ``verify`` that would switch verification off."""
    if options.get("verify", True):
        return options
    warnings.warn(
        "requests_params={'verify': False} is ignored: TLS is always verified. For a server with "
        "its own authority set BINANCE_CA_FILE or requests_params={'verify': '/path/ca.pem'}",
        RuntimeWarning,
        stacklevel=4,
    )
    return {name: value for name, value in options.items() if name != "verify"}


def failure_of(error: requests.RequestException) -> Failure:
    """What a `requests` exception says about the fate of its request."""
    kind = getattr(error, "failure", None)
    return kind if isinstance(kind, Failure) else Failure.REFUSED


def forget_secrets(response: requests.Response) -> None:
    """Takes the key and the signature out of a response and of the request that it holds."""
    response.url = redact(response.url)
    request = response.request
    if request is not None:
        request.url = redact(request.url)
        if request.body:
            body = request.body
            request.body = redact(body.decode() if isinstance(body, bytes) else body)
        if API_KEY_HEADER in request.headers:
            request.headers[API_KEY_HEADER] = HIDDEN


def without_secrets(error: requests.RequestException) -> requests.RequestException:
    """An exception of the same class and with the same text, but without URL, key and signature."""
    try:
        safe = type(error)(redact(error))
    except TypeError:  # a foreign class with another constructor
        safe = requests.RequestException(f"{type(error).__name__}: {redact(error)}")
    safe.failure = _failure(error)  # type: ignore[attr-defined]
    return safe


_UNSENDABLE = (
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
)
_TUNNEL_REFUSED = "Tunnel connection failed"
"""How `http.client` begins its words when a proxy answers CONNECT with another status than 200."""


def _failure(error: requests.RequestException) -> Failure:
    """Judges by the innermost error: `requests` calls every loss of a proxied link `ProxyError`.

    A request was certainly not sent only where no connection was made, to the exchange or to the
    proxy, or where the proxy refused the tunnel. Whatever is not known here counts as lost.
    """
    cause = _innermost(error)
    if isinstance(error, requests.exceptions.ConnectTimeout) or isinstance(
        cause,
        ConnectTimeoutError,  # `NewConnectionError` (refused, unreachable, no such name) too
    ):
        return Failure.UNSENT
    if type(cause) is OSError and str(cause).startswith(_TUNNEL_REFUSED):
        return Failure.UNSENT
    if isinstance(error, _UNSENDABLE):
        return Failure.REFUSED
    if isinstance(cause, OSError) and "CERTIFICATE_VERIFY_FAILED" in str(cause):
        return Failure.REFUSED
    if isinstance(error, requests.exceptions.InvalidHeader) and cause is error:
        return Failure.REFUSED  # a header of ours: one of the answer's has a cause in urllib3
    return Failure.LOST


def _innermost(error: BaseException) -> BaseException:
    """What `requests` and urllib3 have wrapped, in their arguments or in attributes."""
    for inner in (
        getattr(error, "reason", None),  # MaxRetryError
        getattr(error, "original_error", None),  # urllib3's ProxyError
        *reversed(error.args),
    ):
        if isinstance(inner, BaseException):
            return _innermost(inner)
    return error
