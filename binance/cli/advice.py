"""What to do about a fault, in plain words. Pure."""

from __future__ import annotations

__all__ = [
    "CA_FILE",
    "ENDS_SOON",
    "HANDSHAKE",
    "HELD_BACK",
    "HTTP",
    "OTHER_PORT",
    "PROXY",
    "QUIET",
    "REST",
    "SETTINGS",
    "SLOW",
    "of_certificate",
    "of_clock",
    "of_layer",
    "of_silence",
    "of_status",
]

SETTINGS = "Correct the variable; `env | grep BINANCE_` shows which are set."
CA_FILE = "BINANCE_CA_FILE must name a PEM file with the certificates to trust besides the usual."
OTHER_PORT = "The exchange answers on another port as well, which the library tries by itself."
ENDS_SOON = "It will be renewed in time, most likely; where it is your own, renew it."
REST = "The connection is there, but not an exchange's answers: is the address right?"
SLOW = "Everything will work, but late. A server nearer to the exchange (Tokyo) is answered faster."
HANDSHAKE = (
    "The connection is there, but no WebSocket: a box in between that does not let WebSockets "
    "pass, or an address that is not that of an exchange's streams."
)
HELD_BACK = (
    "The exchange trades {symbol}, and this stream speaks for every symbol that trades, whatever "
    "the market does: something in between holds the data back. Try another network, or once more."
)
QUIET = (
    "The exchange trades {symbol}, but this stream tells of events only: most likely nothing has "
    "happened. Give it longer with --wait."
)

_LAYERS = {
    "dns": (
        "Is this computer on the network, and does its DNS server answer (`nslookup {host}`)? "
        "Where the name alone fails, a misspelt address is the cause, or a network that blocks "
        "it: another DNS server tells which."
    ),
    "refused": (
        "Nothing listens at {host} on port {port}, or a firewall turns it away. Is the address "
        "right, and may programs here connect to port {port}?"
    ),
    "late": (
        "A firewall that lets nothing through to port {port} looks like this. May programs here "
        "connect to it, or is a proxy needed (HTTPS_PROXY)?"
    ),
    "unreachable": "There is no way to {host} from here: is this computer on the network?",
    "tls": (
        "Something at {host}:{port} does not speak TLS as it should: a wrong port, or a box in "
        "between that meddles."
    ),
}

#: HTTP status -> (one word for scripts, what it means, what to do).
HTTP = {
    403: (
        "firewall",
        "a firewall in front of the exchange refuses this computer",
        (
            "It takes addresses of some hosting companies, and floods, for attacks. Wait some "
            "minutes, send less, or try from another network."
        ),
    ),
    404: (
        "path",
        "there is nothing of the exchange at this path",
        (
            "The address is scheme, host and port alone, such as wss://stream.binance.com:9443: "
            "the library adds the path to it. Correct {variable}."
        ),
    ),
    407: (
        "proxy",
        "the proxy wants a user and a password",
        "Put them into HTTPS_PROXY: http://user:password@host:port, percent-encoded.",
    ),
    418: (
        "banned",
        "the exchange has banned this address for having gone on after too many requests",
        "Stop every program that uses it here, and wait: minutes the first time, days in the end.",
    ),
    429: (
        "limit",
        "the exchange has had too many requests from this address",
        "Wait a minute, and send less: all programs behind one address share its limits.",
    ),
    451: (
        "region",
        "the exchange does not serve the region that this computer's address belongs to",
        (
            "Use the exchange that serves your region, such as `--env us` for Binance.US, or "
            "run this where the exchange offers its service."
        ),
    ),
}
_OTHER = (
    "http",
    "the exchange answers with HTTP {status}",
    (
        "From 500 on the exchange itself has trouble: its status page tells, and waiting helps. "
        "Below, the address is not that of an exchange."
    ),
)


def of_status(status: int, variable: str = "the address") -> tuple[str, str, str]:
    """One word, what an HTTP status means, and what to do."""
    kind, meaning, advice = HTTP.get(status, _OTHER)
    return kind, meaning.format(status=status), advice.format(variable=variable)


def of_layer(kind: str, host: str, port: int) -> str:
    """What to do where a layer below TLS fails."""
    return _LAYERS[kind].format(host=host, port=port)


def of_certificate(reason: str, host: str) -> str:
    """What to do where the server's certificate is refused."""
    if "expired" in reason or "not valid yet" in reason:
        return "Is this computer's date right? If so the server's certificate has to be renewed."
    if "not for" in reason:
        return (
            f"Another server than {host} answers: the address is wrong, or somebody in between "
            "speaks in its place. Nothing is sent to it."
        )
    return (
        "Somebody between here and the exchange speaks in its place: a company's proxy or a virus "
        "scanner that reads TLS. If you trust who that is, name its certificate in "
        "BINANCE_CA_FILE. Verification cannot be turned off."
    )


PROXY = "Is it running, does it allow this host and port, and is HTTPS_PROXY or NO_PROXY right?"


def of_clock(ahead: float) -> tuple[str, str]:
    """What it means that this computer's clock is ahead by so many ms, and what to do."""
    side = "ahead of" if ahead > 0 else "behind"
    meaning = f"this computer's clock is {abs(ahead) / 1000:.1f} s {side} the exchange's"
    return meaning, (
        "The exchange refuses signed requests whose time is off (-1021). Let the system keep the "
        "clock: `timedatectl set-ntp true` on Linux, date and time settings elsewhere. This "
        "library reckons with the difference, other programs do not."
    )


def of_silence(cause: str) -> str:
    """What to do about a stream that says nothing."""
    return (
        f"Likely cause: {cause}. The exchange accepts any name, and is silent on what it does "
        "not know; a firewall that reads along can have the same effect."
    )
