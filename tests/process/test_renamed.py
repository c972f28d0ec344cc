"""Names of dependencies that may be renamed: taken away one by one, and messages still flow.

Each is renamed throughout the dependency's own source, in a process that has imported none of it
yet; there a client talks to a server (`renamed.py`).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from binance.tx.wire import compat
from tests.pace import paced

pytestmark = [pytest.mark.process, pytest.mark.loopback]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

AUTOBAHN = ("autobahn.websocket.protocol", "autobahn.twisted.websocket", "autobahn.util")
REACTOR = tuple(
    f"twisted.internet.{name}"
    for name in ("abstract", "base", "_newtls", "_signals", "epollreactor", "posixbase", "tcp")
)
#: The modules whose source has the names of each way.
SOURCES = {
    "fast lane": AUTOBAHN,
    "short details": AUTOBAHN,
    "whole frames": AUTOBAHN,
    "refusals": AUTOBAHN,
    "Autobahn's log": AUTOBAHN,
    "Autobahn's timers": AUTOBAHN,
    "Autobahn's proxies": AUTOBAHN,
    "patient closing": AUTOBAHN,
    "lean TLS": ("twisted.protocols.tls",),
    "OpenSSL by hand": ("OpenSSL.SSL",),
    "TLS sessions": ("OpenSSL.SSL",),
    "one key": ("OpenSSL.SSL",),
    "roots": ("twisted.internet._sslverify",),
    "no wrapper": ("twisted.internet.endpoints", *REACTOR),
    "fast loop": (*REACTOR, "twisted.logger._logger"),
    "steady clock": ("twisted.internet.base:DelayedCall",),
    "stopped reactor": ("twisted.internet.base",),
    "users' loops": ("twisted.internet.asyncioreactor", *REACTOR),
    "daemon threads": ("twisted.python.threadpool",),
    "users' connectors": ("twisted.internet.base",),
    "end of the main thread": ("threading",),
}
#: How messages are to flow without the names of a way, where it is not in memory.
FLOWS = {
    "fast loop": ("over_loopback",),
    "steady clock": ("over_loopback", "on_an_idle_loop"),
    "users' loops": ("in_a_loop", "beside_a_loop", "on_an_idle_loop"),
    "daemon threads": ("over_loopback", "in_a_loop"),
    "users' connectors": ("by_a_connector",),
    "end of the main thread": ("over_loopback",),
}
#: Names that are public, so that users and Autobahn's callers may have them as well.
PUBLIC = {name for name in compat.FRAME_HOOKS if not name.startswith("_")}
PUBLIC |= {"peer", "transport_details"}
#: OpenSSL's own, by which pyOpenSSL lives too.
OPENSSL = {
    name
    for feature in compat.FEATURES.values()
    for owner, names in feature.needs
    if owner == "OpenSSL.SSL._lib"
    for name in names
}
#: What messages of the exchange do not pass through; `tests/relay` tests both ways.
ELSEWHERE = {"bulk publishing", "frozen servers"}
#: What has none of the names, and is therefore imported once for all of a way.
OF_ALL = (
    *("binance.sansio.account.userdata", "binance.sansio.feed.continuity", "binance.events"),
    *("binance.sansio.account.wsapi", "binance.sansio.link.subscriptions"),
    *("cbor2", "certifi", "cffi", "click", "cryptography.x509", "hyperlink", "orjson"),
)
WITH_TWISTED = (
    *("tests.tx.conftest", "twisted.application.service", "twisted.protocols.basic"),
    *("twisted.internet.endpoints", "twisted.internet.epollreactor", "twisted.internet.testing"),
)
WITH_AUTOBAHN = ("autobahn.wamp.protocol", "autobahn.websocket.protocol", "service_identity")


def names(way):
    needed = (name for _, names in compat.FEATURES[way].needs for name in names)
    return [name for name in dict.fromkeys(needed) if name not in PUBLIC | OPENSSL]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("way", [way for way in compat.FEATURES if way not in ELSEWHERE])
def test_without_any_one_of_its_names_messages_flow_the_plain_way(way, feed):
    asked = [(name, flow) for name in names(way) for flow in FLOWS.get(way, ["in_memory"])]
    orders = "".join("\t".join([way, *each, *SOURCES[way]]) + "\n" for each in asked)
    early = list(OF_ALL)
    if SOURCES[way] == AUTOBAHN:
        early += WITH_TWISTED
    elif SOURCES[way] != ("OpenSSL.SSL",):
        early += WITH_AUTOBAHN
    run = subprocess.run(
        [sys.executable, str(HERE / "renamed.py"), *early],
        input=orders,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FEED_URL": feed.url},
        timeout=paced(240),
        check=False,
    )
    expected = sorted(f"OK {name} {flow}" for name, flow in asked)
    assert sorted(run.stdout.splitlines()) == expected, run.stdout + run.stderr
