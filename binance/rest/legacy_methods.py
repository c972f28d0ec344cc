"""What the old library's methods were made of, for subclasses that use it.

Paths go to where they are served today: what was ``/api/v1`` is ``/api/v3``. Parameters come in
``data``; other keyword arguments are for `requests`, but for those that it builds itself.
"""

from __future__ import annotations

from functools import partialmethod
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from binance.rest.calls import Calls
from binance.sansio.names.routes.shape import FAMILIES

OLD_PUBLIC, TODAY = "v1", "v3"


class LegacyMethods(Calls):
    """Each sends one call and returns its answer, as the public methods do."""

    # from subclasses: addresses

    def _create_api_uri(self, path: str, signed: bool = True, version: str = OLD_PUBLIC) -> str:
        return self._uri("api", TODAY if signed or version == OLD_PUBLIC else version, path)

    def _create_margin_api_uri(self, path: str, version: str = "v1") -> str:
        return self._uri("sapi", version, path)

    def _create_futures_coin_api_url(self, path: str, version: int = 1) -> str:
        return self._uri("dapi", f"v{version}", path)

    def _create_futures_coin_data_api_url(self, path: str, version: int = 1) -> str:
        return self._uri("ddata", path)

    def _uri_of(self, family: str, version: str, path: str) -> str:
        return self._uri(family, version, path) if version else self._uri(family, path)

    _create_withdraw_api_uri = partialmethod(_uri_of, "wapi", "v3")
    _create_website_uri = partialmethod(_uri_of, "website", "")
    _create_futures_api_uri = partialmethod(_uri_of, "fapi", "v1")
    _create_futures_v2_api_uri = partialmethod(_uri_of, "fapi", "v2")
    _create_futures_data_api_uri = partialmethod(_uri_of, "fdata", "")
    _create_options_api_uri = partialmethod(_uri_of, "eapi", "v1")

    def _uri(self, family: str, *parts: str) -> str:
        return "/".join((self._address(family), *(part.strip("/") for part in parts)))

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

    def _request_margin_api(
        self, method: str, path: str, signed: bool = False, version: str = "v1", **kwargs: Any
    ) -> Any:
        return self._request(method, self._create_margin_api_uri(path, version), signed, **kwargs)

    def _request_by(
        self, create: str, method: str, path: str, signed: bool = False, **kwargs: Any
    ) -> Any:
        """Calls the URI that the method named `create` makes, which a subclass may override."""
        return self._request(method, getattr(self, create)(path), signed, True, **kwargs)

    def _request_coin(
        self,
        create: str,
        method: str,
        path: str,
        signed: bool = False,
        version: int = 1,
        **kwargs: Any,
    ) -> Any:
        return self._request(method, getattr(self, create)(path, version), signed, True, **kwargs)

    def _request_website(self, method: str, path: str, signed: bool = False, **kwargs: Any) -> Any:
        return self._request(method, self._create_website_uri(path), signed, **kwargs)

    def _call_api(
        self, verb: str, path: str, signed: bool = False, version: str = OLD_PUBLIC, **kwargs: Any
    ) -> Any:
        return self._request_api(verb, path, signed, version, **kwargs)

    _get = partialmethod(_call_api, "get")
    _post = partialmethod(_call_api, "post")
    _put = partialmethod(_call_api, "put")
    _delete = partialmethod(_call_api, "delete")
    _request_withdraw_api = partialmethod(_request_by, "_create_withdraw_api_uri")
    _request_futures_api = partialmethod(_request_by, "_create_futures_api_uri")
    _request_futures_v2_api = partialmethod(_request_by, "_create_futures_v2_api_uri")
    _request_futures_data_api = partialmethod(_request_by, "_create_futures_data_api_uri")
    _request_options_api = partialmethod(_request_by, "_create_options_api_uri")
    _request_futures_coin_api = partialmethod(_request_coin, "_create_futures_coin_api_url")
    _request_futures_coin_data_api = partialmethod(
        _request_coin, "_create_futures_coin_data_api_url"
    )
