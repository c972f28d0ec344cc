"""Numbers that were decided for links, threads and shutdowns: a change of one is a decision."""

from types import ModuleType
from typing import Any

import pytest

from binance.tx import connection, dependencies, dispatch, link, repeated_log, socket, sockets
from binance.tx.loop import clock, epoll_loop, reactor
from binance.tx.sessions import client_accounts, requests, user_connectors, whole_market
from binance.tx.wire import dial, protocol, proxy, tls
from tests.constants import named_numbers

#: module -> name -> (value, why it is right)
RIGHT: dict[ModuleType, dict[str, tuple[Any, str]]] = {
    client_accounts: {
        "TOKEN_VALIDITY": (86_400_000, '"validity: ... max 24 hours", in ms'),
    },
    requests: {
        "IDLE_SECONDS": (300.0, "a new link costs two of weight and a few round trips"),
        "CHECK_SECONDS": (0.25, "deadlines are of seconds"),
        "MOST_QUERIES": (4, "of ten threads, which resolve names too"),
    },
    user_connectors: {
        "TIMEOUT": (30.0, "the default of Twisted's connectTCP"),
        "TIMEOUT_SLACK": (1.0, "its own time-out is to come first"),
        "STORED_SECONDS": (0.1, "long enough for a user's code to store a connector"),
    },
    clock: {
        "JUMP_SECONDS": (0.5, "what NTP slews is less, and no timer minds it"),
        "EARLY_SECONDS": (0.05, "less than any delay that matters"),
    },
    repeated_log: {
        "_WORDS": (200, "characters of an exception in a line of the log"),
    },
    connection: {
        "CHECK_SECONDS": (1.0, "deadlines are of seconds"),
        "LATE_SECONDS": (1.0, "a pong is due within 10 s, and messages of a stream within 10 s"),
    },
    dispatch: {
        "SLOW_SECONDS": (1.0, "pongs are due within some seconds"),
        "BURST_MESSAGES": (8, "depth diffs of forty levels stay below 700 objects"),
        "BURST_SECONDS": (0.005, "as long as Python lets another thread run"),
        "MESSAGES_WITHOUT_PAUSE": (100, "a pause costs as much as some messages"),
        "MOST_CONTROL_MEMBERS": (3, '{"result", "id"} and {"e", "E", ...}: most data has more'),
    },
    link: {
        "REPORT_AGAIN_SECONDS": (1.0, "less is no news"),
    },
    dial: {
        "LATE_SECONDS": (0.2, "no reactor that reads what comes is so late"),
    },
    protocol: {
        "MAX_MESSAGE": (16_777_216, "ten times `!ticker@arr` of all symbols"),
        "MAX_HELD": (262_144, "an octet of it is copied twice at most"),
        "MAX_HANDSHAKE": (65_536, "no server sends headers of this length"),
        "MAX_REFUSAL": (8192, "an error page's first words"),
        "OPEN_HANDSHAKE_TIMEOUT": (10, "seconds: two ways to the exchange and a lost packet"),
        "CLOSE_HANDSHAKE_TIMEOUT": (1, "seconds: a stop is not to take longer"),
        "SERVER_DROP_TIMEOUT": (1, "seconds: a stop is not to take longer"),
        "_TEXT": (0x8100, "RFC 6455, 5.2: FIN and text, no mask"),
        "_TEXT_16": (0x817E, "RFC 6455, 5.2: a length of 16 bits follows"),
        "_TEXT_64": (0x817F, "RFC 6455, 5.2: a length of 64 bits follows"),
    },
    proxy: {
        "MAX_ANSWER": (65_536, "as long as an answer to the opening handshake"),
        "MAX_LOGIN": (255, "RFC 1929: the length is one octet"),
        "_DEFAULT_PORTS": (
            {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080},
            "RFC 9110, 4.2; RFC 1928, 3",
        ),
    },
    reactor: {
        "TICK_SECONDS": (0.5, "what a stop from a foreign thread may wait"),
        "LOOK_SECONDS": (1.0, "deadlines are of seconds"),
        "CLOSE_SECONDS": (0.7, "a closing handshake takes two ways to the exchange"),
        "INTERRUPT_SECONDS": (1.5, "a user presses Ctrl-C again after two"),
        "LOOP_SECONDS": (1.0, "a loop that is blocked for longer serves nobody"),
        "PART_SECONDS": (0.5, "two looks a second cost nothing, and Ctrl-C seems to work at once"),
        "RESOLVER_THREADS": (
            4,
            "enough for the dials of a start: each waits for the resolver alone",
        ),
    },
    socket: {
        "LOGGED_NAMES": (3, "streams in a line: enough to see what is wrong with them"),
        "LOGGED_DELAY_SECONDS": (1.0, "less is no news"),
    },
    sockets: {
        "MOST_FAILED": (1000, "more than anybody opens, and little memory"),
    },
    tls: {
        "_RECORD_HEADER": (5, "RFC 8446, 5.1: type, version, length"),
        "_APPLICATION_DATA": (23, "RFC 8446, 5.1"),
        "_SCRATCH_OCTETS": (81_920, "what is read at once, and the rest of one record"),
        "RESUMED_SECONDS": (3600.0, "a few full handshakes a day cost nothing"),
    },
    epoll_loop: {
        "_LONGEST": (2_147_483, "epoll takes milliseconds of 31 bits: 2^31 / 1000"),
    },
    whole_market: {
        "GATHER_SECONDS": (1.0, "`!ticker@arr` came each second"),
        "REFRESH_SECONDS": (3600.0, "symbols are listed some times a day"),
        "ANSWER_SECONDS": (30.0, "the list of all symbols has megabytes"),
    },
    dependencies: {
        "ROTATE_AFTER": (82_800.0, '"only valid for 24 hours": an hour before'),
    },
}


@pytest.mark.parametrize("module", RIGHT, ids=lambda module: module.__name__)
def test_named_numbers_are_the_decided_ones(module: ModuleType) -> None:
    assert named_numbers(module) == {name: value for name, (value, _) in RIGHT[module].items()}
