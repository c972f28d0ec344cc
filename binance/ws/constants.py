"""What `binance.ws.constants` of python-binance 1.0 holds, as far as it has a meaning here."""

from enum import Enum

#: Seconds from one renewal of a listen key to the next.
KEEPALIVE_TIMEOUT = 5 * 60


class WSListenerState(Enum):
    """`ReconnectingWebsocket.ws_state`."""

    INITIALISING = "Initialising"
    STREAMING = "Streaming"
    RECONNECTING = "Reconnecting"
    EXITING = "Exiting"
