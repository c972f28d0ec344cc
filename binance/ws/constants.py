"""What `binance.ws.constants` of python-binance 1.0 holds, as far as it has a meaning here."""

#: Seconds from one renewal of a listen key to the next.
KEEPALIVE_TIMEOUT = 5 * 60
