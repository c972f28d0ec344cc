"""What to do about each fault. Pure."""

from __future__ import annotations


def _paragraphs(text: str) -> dict[str, str]:
    """Paragraphs by the word, before a colon, that each begins with."""
    lines = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    return {name: rest for name, _, rest in (line.partition(": ") for line in lines)}


_ADVICE = _paragraphs("""
settings: Correct the variable; `env | cut -d= -f1 | grep BINANCE_` names those
that are set, without API keys.

ca_file: BINANCE_CA_FILE must name a PEM file of certificates to trust besides the usual ones.

proxy: Does the proxy run and allow this host and port? Is HTTPS_PROXY or NO_PROXY right?

other_port: The exchange has another port, and the library tries it by itself.

dns: Is this computer on the network, and does its DNS server answer (`nslookup {host}`)? If only
this name fails, it is misspelt or your network blocks it. Another DNS server shows which.

refused: No program listens at {host} on port {port}, or a firewall refuses the connection. Is the
address right, and may programs here connect to port {port}?

late: Most likely a firewall drops packets to port {port}. May programs here connect to it, or do
they need a proxy (HTTPS_PROXY)?

unreachable: No network route leads to {host}: is this computer on the network?

tls: {host}:{port} does not answer with TLS. Either the port is wrong, or a firewall or proxy
changes the data.

old_certificate: Is this computer's date right? If so, the server's certificate must be renewed.

other_server: Another server than {host} answers: the address is wrong, or somebody intercepts the
connection. The library sends nothing to it.

unknown_authority: Most likely a company's proxy or a virus scanner intercepts the connection to
read it. If you trust it, name its certificate in BINANCE_CA_FILE. Verification cannot be turned
off.

renewal: Most likely it is renewed in time; if it is your own certificate, renew it.

rest: The server answers, but not as an exchange does: is the address right?

slow: Everything works, but messages arrive late. A server near the exchange (Tokyo) is faster.

clock: The exchange refuses signed requests whose time is wrong (-1021). Let the system set the
clock: `timedatectl set-ntp true` on Linux, date and time settings elsewhere. This library corrects
the difference; other programs do not.

handshake: The server does not open a WebSocket: either the address is not that of an exchange's
streams, or a firewall or proxy does not let WebSockets pass.

silence: Likely cause: {cause}. The exchange accepts any name and sends nothing for one that it does
not know. A firewall that inspects the data can have the same effect.

held_back: The exchange trades {symbol} and sends this stream at fixed intervals, so a firewall or
proxy holds the data back. Try again, or use another network.

engine: Does a relay publish these streams there? Look at its output, or at its page (--status).

quiet: The exchange trades {symbol}, but it sends this stream only when something happens. Most
likely nothing has happened. Wait longer with --wait.
""")

# HTTP status: one word for scripts | what it means | what to do.
_HTTP = _paragraphs("""
403: firewall | a firewall of the exchange refuses this computer | It refuses computers that send
too much, and the addresses of some hosting companies. Wait some minutes, send less, or use another
network.

404: path | the exchange serves nothing at this path | An address has a scheme, a host and a port
only, such as wss://stream.binance.com:9443; the library adds the path. Correct {variable}.

407: proxy | the proxy wants a user and a password | Put them into its URL, percent-encoded:
HTTPS_PROXY=http://user:password@host:port

418: banned | the exchange has banned this address, which went on after too many requests | Stop
every program that uses the exchange from here, and wait: some minutes the first time, up to days
after repeated bans.

429: limit | the exchange has received too many requests from this address | Wait a minute, and send
less: all programs behind one address share its limits.

451: region | the exchange does not serve the region of this computer's address | Use the exchange
that serves your region, such as `--env us` for Binance.US, or run the program where the exchange
offers its service.

other: http | the exchange answers with HTTP {status} | From 500 on the exchange itself has a fault:
see its status page, and wait. Below 500 the address is not that of an exchange.
""")


def about(fault: str, **facts: object) -> str:
    """What to do about a fault."""
    return _ADVICE[fault].format(**facts)


def for_status(status: int, variable: str = "the address") -> tuple[str, str, str]:
    """One word for an HTTP status, what it means, and what to do."""
    text = _HTTP.get(str(status), _HTTP["other"]).format(status=status, variable=variable)
    kind, meaning, advice = text.split(" | ")
    return kind, meaning, advice


def for_certificate(reason: str, host: str) -> str:
    """What to do if the server's certificate is refused."""
    if "expired" in reason or "not valid yet" in reason:
        return about("old_certificate")
    return about("other_server" if "not for" in reason else "unknown_authority", host=host)


def for_clock(ahead: float) -> tuple[str, str]:
    """What it means that this computer's clock is this many ms ahead, and what to do."""
    side = "ahead of" if ahead > 0 else "behind"
    meaning = f"this computer's clock is {abs(ahead) / 1000:.1f} s {side} the exchange's"
    return meaning, about("clock")
