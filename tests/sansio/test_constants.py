"""Numbers of the exchange, and those that were decided: a change of one is a decision."""

from types import ModuleType
from typing import Any

import pytest

from binance.sansio.account import (
    keyed,
    listenkey,
    reconcile,
    rest_outcome,
    signing,
    userdata,
    wsapi,
    wsrequests,
)
from binance.sansio.book import bookmarkets, booksync, orderbook
from binance.sansio.feed import backfill, continuity, cursors, history, redundancy
from binance.sansio.link import budget, clock, liveness, reconnect, rotation, shards, subscriptions
from binance.sansio.names import forms, streams, times
from binance.sansio.wire import bans, log_text, reads
from tests.constants import named_numbers

#: module -> name -> (value, why it is right)
RIGHT: dict[ModuleType, dict[str, tuple[Any, str]]] = {
    backfill: {
        "LACKING_TRIES": (3, "what came later is there, so it is lacking and not late"),
        "LONGEST_PAUSE": (8.0, "the exchange is asked gently, and heard soon when it is back"),
        "PROBE_SECONDS": (5.0, "a quiet stream: its market may have moved before the reconnect"),
        "BUSY_SECONDS": (600.0, "ten whole minutes of weight that other calls use"),
        "LEAST_SECONDS": (10.0, "a few tries, where the hole before it was given up"),
    },
    bans: {
        "STATUS_BANNED": (418, "the exchange's answer to an address that went on after 429"),
        "STATUS_LIMITED": (429, "the exchange's answer to an address above a limit"),
        "LIMITED": (frozenset({418, 429}), "both ask to stay away for a time"),
        "TRANSIENT": (
            frozenset({403, 408, 418, 425, 429}),
            "a firewall's limit, a time-out, too early: the same call may be answered later",
        ),
        "SHORTEST_BAN": (120.0, '"IP bans ... scale in duration ... from 2 minutes to 3 days"'),
        "LONGEST_BAN": (259_200.0, '"IP bans ... scale in duration ... from 2 minutes to 3 days"'),
    },
    bookmarkets: {
        "_LIMITS": (
            (5, 10, 20, 50, 100, 500, 1000),
            '"Valid limits:[5, 10, 20, 50, 100, 500, 1000]"',
        ),
    },
    booksync: {
        "KEPT_EVENTS": (500, "50 s of the fastest stream, 10 events a second"),
        "FIRST_DELAY": (0.25, "a snapshot that was too old is newer a few events later"),
        "LAST_DELAY": (
            30.0,
            "two snapshots a minute and symbol, of weight 250 at most, are no burden",
        ),
        "BACKWARD_EVENTS": (
            20,
            "two seconds of the fastest stream: longer than a link repeats events",
        ),
        "LAG_SECONDS": (30.0, "longer than the exchange's machines lag behind each other"),
        "LAG_EVENTS": (500, "a stream without times: as many events as are kept"),
        "PROVING_EVENTS": (20, "two seconds of the fastest stream"),
    },
    budget: {
        "MESSAGES_PER_SECOND": (
            {"spot": 5, "usdm": 10, "coinm": 10, "options": 10},
            "the exchange's limit for what a client sends on one connection",
        ),
        "MESSAGE_PERIOD": (1.0, "the limit is one of messages a second"),
        "MESSAGE_SLACK": (0.2, "messages bunch on the way by up to 150 ms"),
        "PONG_RESERVE": (
            1,
            "the exchange pings once in 20 s: one message is room enough for its pong",
        ),
        "CONNECTS": (300, '"300 connections per attempt every 5 minutes per IP"'),
        "CONNECT_PERIOD": (300.0, '"300 connections per attempt every 5 minutes per IP"'),
        "CONNECT_SLACK": (2.0, "what a dial may take from here to where it is counted"),
        "CONNECT_BURST": (10, "a program's own sockets come at once"),
        "CONNECT_GAP": (0.05, "300 lost links come back within 15 s"),
        "POOLS": (
            {"spot": 6000, "futures": 2400, "options": 400},
            "REQUEST_WEIGHT of each exchangeInfo; USD-M and COIN-M count together",
        ),
        "WEIGHT_PER_MINUTE": (6000, "REQUEST_WEIGHT of GET /api/v3/exchangeInfo"),
        "WEIGHT_PERIOD": (60.0, "the limit is one of weight a minute"),
        "BACKGROUND_SHARE": (2 / 3, "a third is left for what the user asks for"),
    },
    continuity: {
        "LEAD_SECONDS": (5.0, "longer than two machines of the exchange lag behind each other"),
        "OVERLAP_SECONDS": (10.0, "a stream that speaks every few seconds switches in it"),
        "SETTLE_SECONDS": (60.0, "the slowest that a link was seen to lag"),
        "HELD": (50_000, "a minute of a busy connection, some tens of megabytes"),
    },
    cursors: {
        "RESTART_SECONDS": (5.0, "ids that fall while the times go on by so much began anew"),
        "STALE_SECONDS": (60.0, "as long as a link may be behind the one before it"),
        "UNITS_APART": (100, "units are 1000 apart, times of one unit less than 3 until 2100"),
    },
    clock: {
        "SAMPLES": (8, "the first ones open the connection; the shortest of the others counts"),
        "MEASURE_SECONDS": (600.0, "a bad clock drifts by 60 ms in it"),
        "SAMPLE_SECONDS": (0.1, "600 of a minute: enough for the 99th percentile"),
        "WINDOW_SECONDS": (60.0, "the latest minute"),
        "_RESOLUTION": (0.001, "the exchange's times are in milliseconds"),
        "_LEAST_MICROSECONDS": (1e14, "milliseconds reach this in 5138, microseconds did in 1973"),
    },
    forms: {
        "DEPTH_LEVELS": ((5, 10, 20), '"Valid <levels> are 5, 10, or 20"'),
    },
    history: {
        "HOUR": (3600.0, "seconds"),
        "_UNITS": (
            {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "M": 2_678_400},
            "seconds; no month is longer than 31 days",
        ),
        "_NEWEST_OF": (17_280_000_000, "ms: 200 days"),
        "_MARKET_NUMBER": (
            {"usdm": {"st": 1}, "coinm": {"st": 2}},
            "the field that tells the markets apart in events",
        ),
        "_CANDLE": (
            {name: place for place, name in enumerate("tohlcvTqnVQB")},
            "the order of the values in a row of klines",
        ),
    },
    keyed: {
        "CHECK_SECONDS": (
            300.0,
            "another program's DELETE is seen within 5 min, at 12 calls an hour",
        ),
    },
    listenkey: {
        "LIFE_SECONDS": (3600.0, '"will close after 60 minutes" without a keepalive'),
        "RETRY_SECONDS": (10.0, "six tries in the first minutes of an hour's life"),
        "RETRY_MOST": (300.0, "a dozen tries in a key's hour"),
        "FRESH_SECONDS": (60.0, "links that are opened together share an answer"),
        "NEW_SECONDS": (5.0, "a link is dialled with a key as soon as it is made"),
        "SAFE_SECONDS": (60.0, "a new key is there before the old one ends"),
        "KEY_UNKNOWN": (-1125, '"This listenKey does not exist."'),
        "STATUS_GONE": (410, "the answer of endpoints that the exchange has taken away"),
    },
    liveness: {
        "PING_EVERY": (
            {"spot": 20.0, "usdm": 180.0, "coinm": 180.0, "options": 300.0, "us": 180.0},
            "the exchange's own pings",
        ),
        "PONG_TIMEOUT": (10.0, "the exchange answers pings at once"),
        "MOST_IDLE": (60.0, "a silent link is asked within a minute, whatever the market"),
        "LATE": (5.0, "checks come each second: five were left out"),
        "GRACE": (2.0, "enough to read what waits in the socket"),
        "CADENCE_DEADLINE": (10.0, "such streams speak each second or three"),
        "FIRST_DEADLINE": (60.0, "of 16 valid streams in a real capture, 11 took longer than 10 s"),
    },
    log_text: {
        "EVERY": (10.0, "a line in ten seconds is read; more hide other lines"),
        "_KEY_LENGTH": (100, "characters of a key in a line of the log"),
        "_MESSAGE_LENGTH": (200, "enough to see what it was"),
    },
    orderbook: {
        "MOST_LEVELS": (20_000, "four times the longest snapshot, which has 5000 levels"),
        "_USUAL_DECIMALS": (16, "prices of the exchange have 8 at most"),
        "_LEAST_WINDOW": (64, "a window of fewer would be made anew too often"),
        "_WINDOW_SHARE": (8, "a window of an eighth is made anew seldom enough"),
        "_NO_FLOOR": (-(1 << 4096), "below each price that can be written"),
    },
    reads: {
        "LEAST_ROOM": (65_536, "Twisted's own"),
        "MOST_ROOM": (1_048_576, "beyond it bursts come no faster (bench_peers.py)"),
        "QUICK_SECONDS": (0.005, "what other sockets may wait for one read"),
    },
    reconcile: {
        "HOLD_SECONDS": (30.0, "a few tries; later events of the account wait for so long"),
        "HOLD_EVENTS": (10_000, "what an account gets in that time, and more"),
        "OVERLAP_SECONDS": (120.0, "longer than the exchange's machines lag behind each other"),
        "MEMORY": (50_000, "identities of events that were delivered: those of a busy day"),
        "TRADE_TRIES": (4, "an order is there at once, its trades may be there later"),
        "GONE": (
            (-1121, -2013, -2026),
            "the exchange's codes: no such symbol, no such order, an archived order",
        ),
        "DAY": (86_400_000, "milliseconds of a day"),
    },
    reconnect: {
        "PROOF_SECONDS": (
            10.0,
            "quiet markets exist: a link that has stayed open so long is no failure",
        ),
        "CLOSE_SECONDS": (0.7, "a closing handshake takes two ways to the exchange"),
        "WAIT_STATUSES": (frozenset({418, 429}), "refusals that name when to come back"),
        "HOPELESS_STATUSES": (frozenset({400, 404, 451}), "refusals that no retry cures"),
    },
    redundancy: {
        "HOLD_SECONDS": (10.0, "the other link brings what this one lacks, or nobody does"),
        "SILENT_SECONDS": (2.0, "nothing came on the other link: it does not bring this either"),
        "UNDER_WAY_SECONDS": (3.0, "machines of the exchange were seen to lag by some seconds"),
        "CONTENTS": (500, "50 s of the fastest stream without ids, 10 events a second"),
        "SAMPLES": (256, "how far the links are apart: enough for the 99th percentile"),
    },
    rest_outcome: {
        "RETRIES": (2, "three tries within a second"),
        "BACKOFF": (0.25, "a lost packet is repaired by then"),
        "ORDER_QUERIES": (
            (0.0, 0.5, 1.5, 3.5),
            "5.5 s in all: the default receive window of 5 s, and a little",
        ),
        "UNKNOWN": (-1000, "the exchange's code for an error that it does not know itself"),
        "TOO_MANY_REQUESTS": (-1003, "the exchange's code"),
        "UNEXPECTED_RESPONSE": (-1006, "the exchange's code, execution status unknown"),
        "TIMEOUT": (-1007, "the exchange's code, send status unknown; execution status unknown"),
        "SERVER_BUSY": (-1008, "the exchange's code: the request was not let in"),
        "TIMESTAMP_REFUSED": (-1021, "the exchange's code"),
        "ALGO_ONLY": (-4120, "the exchange's code"),
        "STATUS_NONE": (404, "the answer to paths that the exchange does not have"),
        "STATUS_GONE": (410, "the answer of endpoints that the exchange has taken away"),
        "STATUS_TIMEOUT": (408, "nothing came in time: HTTP's own"),
        "_EARLY": (1000, '"timestamp < (serverTime + 1000)": more is refused'),
    },
    rotation: {
        "HANDSHAKE_SECONDS": (10.0, "nobody waits for it"),
        "SPREAD": (0.04, "55 minutes of 23 hours: 300 links are replaced one each 11 s"),
        "UNDER_WAY_SECONDS": (3.0, "machines of the exchange were seen to lag by some seconds"),
    },
    shards: {
        "STREAMS_PER_CONNECTION": (
            {"spot": 1024, "usdm": 1024, "coinm": 1024, "options": 200},
            "the exchange's limit",
        ),
        "URL_OCTETS": (7800, "URLs of 8004 octets were refused"),
        "CHUNK_NAMES": (200, "1024 names in six requests, a second or two"),
        "CHUNK_OCTETS": (4096, "a frame that any peer takes"),
    },
    signing: {
        "RECV_WINDOW_MAX": (60_000, '"recvWindow cannot be greater than 60000"'),
    },
    streams: {
        "DEPTH_INTERVALS": ((0, 100), '"Update Speed: 1000ms or 100ms"'),
    },
    subscriptions: {
        "REPLY_SECONDS": (10.0, "the exchange answers within one"),
        "ATTEMPTS": (3, "a request that was lost twice in a row is refused in silence"),
        "AUDITS": (2, "a LIST that is lost is asked for once more"),
    },
    times: {
        "MICROSECONDS": (10**14, "milliseconds reach this in 5138, microseconds did in 1973"),
    },
    wsrequests: {
        "ANSWER_SECONDS": (12.0, "the exchange gives up after 10 and says so"),
        "QUERY_SECONDS": (3.0, "a query is answered within one"),
        "ASK_SECONDS": (30.0, "each query, and a REST call that waits for its time-out"),
    },
    userdata: {
        "REPLY_SECONDS": (10.0, "the exchange answers within one"),
        "CLOCK_SECONDS": (600.0, "a bad clock drifts by 60 ms in it, of the 1000 that are allowed"),
        "SECOND_TRIES": (2, "a measured clock and a fresh token are right at the second try"),
        "RENEW_SECONDS": (300.0, "a dozen tries before the token ends"),
        "REFETCH_SECONDS": (20.0, "a dozen tries in RENEW_SECONDS"),
        "SHORT_LIVED": (10.0, "a subscription that works lasts for hours"),
    },
    wsapi: {
        "TIMESTAMP_REFUSED": (-1021, "the exchange's code"),
        "SIGNATURE_REFUSED": (-1022, "the exchange's code"),
        "LISTEN_TOKEN_REFUSED": (-1209, "the exchange's code"),
        "KEY_FORMAT": (-2014, "the exchange's code"),
        "KEY_REFUSED": (-2015, "the exchange's code"),
        "ALREADY_SUBSCRIBED": (-2035, "the exchange's code"),
        "REFUSED_KEYS": (
            frozenset({-1022, -2014, -2015}),
            "no further try will do better with this key",
        ),
        "NOT_LOGGED_ON": (
            frozenset({-1193, -1102}),
            "a signature is what such a request lacks",
        ),
    },
}


@pytest.mark.parametrize("module", RIGHT, ids=lambda module: module.__name__)
def test_named_numbers_are_the_decided_ones(module: ModuleType) -> None:
    assert named_numbers(module) == {name: value for name, (value, _) in RIGHT[module].items()}
