"""Every public name is on a page, with its methods and attributes."""

import importlib
import inspect
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from docutils import nodes
from sphinx import addnodes

from binance import client, websockets
from binance.sansio.names import routes

MODULES = (
    "async_client",
    "client",
    "depthcache",
    "enums",
    "events",
    "exceptions",
    "helpers",
    "simulator",
    "threaded",
    "websockets",
    "ws.constants",
    "ws.reconnecting_websocket",
)
#: Classes whose methods Autobahn and Twisted call, or whose methods another page documents:
#: those of depth cache managers are documented with `DepthCacheManager`, those of an `AsyncClient`
#: with `Client`, and those of a `KeepAliveWebsocket` with `ReconnectingWebsocket`.
WITHOUT_MEMBERS = {
    "binance.async_client.AsyncClient",
    "binance.websockets.BinanceClientFactory",
    "binance.websockets.BinanceClientProtocol",
    "binance.websockets.BinanceReconnectingClientFactory",
    "binance.depthcache.BaseDepthCacheManager",
    "binance.depthcache.FuturesDepthCacheManager",
    "binance.depthcache.OptionsDepthCacheManager",
    "binance.simulator.Event",
    "binance.ws.reconnecting_websocket.KeepAliveWebsocket",
}

#: What old scripts import from these modules, and what others document.
BORROWED = {
    "ws.constants": {"Enum"},
    "client": set(client.__all__) - {"Client"},
    "websockets": {*websockets._BORROWED, "reactor", "threading"},
}


def public_names(module: str) -> Iterator[str]:
    found = importlib.import_module(f"binance.{module}")
    names = getattr(found, "__all__", None)
    if names is None:
        names = [name for name in vars(found) if not name.startswith("_")]
    yield from (f"binance.{module}.{n}" for n in names if n not in BORROWED.get(module, ()))


@pytest.fixture(scope="module")
def documented(pages: SimpleNamespace) -> set[str]:
    return set(pages.env.domaindata["py"]["objects"])


@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_documented(module: str, documented: set[str]) -> None:
    names = set(public_names(module))
    assert names
    assert names - documented == set()


@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES)
def test_so_is_every_method_and_attribute_that_has_words(module: str, documented: set[str]) -> None:
    missing = []
    for path in public_names(module):
        value = getattr(importlib.import_module(f"binance.{module}"), path.rpartition(".")[2])
        if inspect.isclass(value) and path not in WITHOUT_MEMBERS:
            missing += [f"{path}.{name}" for name in members(value)]
    assert [name for name in missing if name not in documented] == []


def members(cls: type) -> Iterator[str]:
    """Public methods and properties that we made and described."""
    for owner in cls.__mro__:
        if owner.__module__.startswith("binance."):
            for name, value in vars(owner).items():
                described = getattr(value, "__doc__", None)
                made = inspect.isfunction(value) or isinstance(value, property)
                if made and described and not name.startswith("_"):
                    yield name


@pytest.mark.slow
def test_the_table_of_rest_methods_has_every_route(
    pages: SimpleNamespace, documented: set[str]
) -> None:
    tree = pages.env.get_doctree("reference/rest")
    rows = {}
    for row in tree.findall(nodes.row):
        cells = [entry.astext() for entry in row]
        if row.next_node(addnodes.pending_xref) is not None:
            rows[cells[0]] = cells[1:3]
    wanted = {name: [route.endpoint, route.state.value] for name, route in routes.table().items()}
    assert rows == wanted
    assert {f"binance.client.Client.{name}" for name in rows} <= documented
