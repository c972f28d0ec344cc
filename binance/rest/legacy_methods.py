"""What the old libraries' methods were made of, for scripts and subclasses that use it.

Paths go to where they are served today: what was ``/api/v1`` is ``/api/v3``. A version is ``"v2"``
or, as in python-binance 1.0, 2; 1 is the usual one of the family. Parameters come in
``data``; other keyword arguments are for `requests`, but for those that it builds itself.
"""

from __future__ import annotations

from functools import partialmethod
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from binance.rest.calls import Calls
from binance.sansio.names import routes
from binance.sansio.names.routes.shape import FAMILIES

OLD_PUBLIC, TODAY = "v1", "v3"
_Version = str | int
_TAKE_VERSION = (
    "_create_futures_api_uri",
    "_create_futures_coin_api_url",
    "_create_futures_coin_data_api_url",
    "_create_margin_api_uri",
    "_create_papi_api_uri",
)
"""Of these python-binance 1.0 takes `version` out of ``data`` too, where it wins."""


class LegacyMethods(Calls):
    """Each sends one call and returns its answer, as the public methods do."""

    # from subclasses: addresses

    def _create_api_uri(
        self, path: str, signed: bool = True, version: _Version = OLD_PUBLIC
    ) -> str:
        return self._uri("api", TODAY if signed or version == OLD_PUBLIC else version, path)

    def _create_futures_coin_data_api_url(self, path: str, version: _Version = 1) -> str:
        return self._uri("ddata", path)

    def _uri_of(self, family: str, usual: str, path: str, version: _Version = 1) -> str:
        return self._uri(family, usual if version == 1 else version, path)

    _create_withdraw_api_uri = partialmethod(_uri_of, "wapi", "v3")
    _create_website_uri = partialmethod(_uri_of, "website", "")
    _create_futures_api_uri = partialmethod(_uri_of, "fapi", "v1")
    _create_futures_v2_api_uri = partialmethod(_uri_of, "fapi", "v2")
    _create_futures_data_api_uri = partialmethod(_uri_of, "fdata", "")
    _create_futures_coin_api_url = partialmethod(_uri_of, "dapi", "v1")
    _create_margin_api_uri = partialmethod(_uri_of, "sapi", "v1")
    _create_options_api_uri = partialmethod(_uri_of, "eapi", "v1")
    _create_papi_api_uri = partialmethod(_uri_of, "papi", "v1")

    def _uri(self, family: str, *parts: _Version) -> str:
        words = (f"v{part}" if isinstance(part, int) else part.strip("/") for part in parts)
        return "/".join((self._address(family), *filter(None, words)))

    # from subclasses: calls

    def _request(
        self, method: str, uri: str, signed: bool, force_params: bool = False, **kwargs: Any
    ) -> Any:
        """Calls a whole URI.

        :param force_params: parameters go in the query string, whatever the method
        """
        parts = urlsplit(uri)
        params: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True))
        params |= dict(kwargs.pop("params", None) or {})
        params |= dict(kwargs.pop("data", None) or {})
        params["requests_params"] = {**kwargs, **(params.get("requests_params") or {})}
        family, path = self._place_of(uri.partition("?")[0])
        call = self._of_path(method.upper(), path, signed, params, family)
        call.root = "" if family else f"{parts.scheme}://{parts.netloc}"
        call.in_query = call.in_query or force_params
        return self._perform(call)

    def _place_of(self, uri: str) -> tuple[str, str]:
        """The family whose address a URI begins with (none for a stranger's), and its path."""
        for family, address in FAMILIES.items():
            if getattr(self.endpoints, address.field, None) or address.attribute in vars(self):
                base = self._address(family)
                if uri.startswith(f"{base}/"):
                    return family, address.prefix + uri[len(base) :]
        return "", urlsplit(uri).path

    def _request_api(
        self,
        method: str,
        path: str,
        signed: bool = False,
        version: str = OLD_PUBLIC,
        **kwargs: Any,
    ) -> Any:
        return self._request(method, self._create_api_uri(path, signed, version), signed, **kwargs)

    def _request_by(
        self,
        create: str,
        method: str,
        path: str,
        signed: bool = False,
        version: _Version = 1,
        *,
        force_params: bool = True,
        **kwargs: Any,
    ) -> Any:
        """Calls the URI that the method named `create` makes.

        A subclass may override that method, and for 0.7 it then takes no version.
        """
        if create in _TAKE_VERSION:
            chosen, kwargs["data"] = routes.chosen_version(dict(kwargs.get("data") or {}))
            version = chosen or version
        uri = getattr(self, create)(path, *([] if version == 1 else [version]))
        return self._request(method, uri, signed, force_params, **kwargs)

    def _call_api(
        self, verb: str, path: str, signed: bool = False, version: str = OLD_PUBLIC, **kwargs: Any
    ) -> Any:
        return self._request_api(verb, path, signed, version, **kwargs)

    _get = partialmethod(_call_api, "get")
    _post = partialmethod(_call_api, "post")
    _put = partialmethod(_call_api, "put")
    _delete = partialmethod(_call_api, "delete")
    _request_margin_api = partialmethod(_request_by, "_create_margin_api_uri", force_params=False)
    _request_papi_api = partialmethod(_request_by, "_create_papi_api_uri", force_params=False)
    _request_website = partialmethod(_request_by, "_create_website_uri", force_params=False)
    _request_withdraw_api = partialmethod(_request_by, "_create_withdraw_api_uri")
    _request_futures_api = partialmethod(_request_by, "_create_futures_api_uri")
    _request_futures_v2_api = partialmethod(_request_by, "_create_futures_v2_api_uri")
    _request_futures_data_api = partialmethod(_request_by, "_create_futures_data_api_uri")
    _request_options_api = partialmethod(_request_by, "_create_options_api_uri")
    _request_futures_coin_api = partialmethod(_request_by, "_create_futures_coin_api_url")
    _request_futures_coin_data_api = partialmethod(_request_by, "_create_futures_coin_data_api_url")
