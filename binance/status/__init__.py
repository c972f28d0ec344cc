"""A live page, metrics for Prometheus and a health check of a running manager.

    from binance import status

    server = status.serve(bm, port=8900)  # http://127.0.0.1:8900/

It needs prometheus-client, which the extra ``status`` installs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from binance.status.server import StatusServer

__all__ = ["serve"]


def serve(bm: Any, port: int, host: str = "127.0.0.1", token: str | None = None) -> StatusServer:
    """Serve the state of a manager over HTTP, in the reactor thread.

    ``/`` is a live page, ``/metrics`` are metrics for Prometheus, and ``/health`` answers 200, or
    503 with the reasons.  Call it from any thread, before or after ``start()`` of the manager.  It
    answers from the first ``start()`` in the process on, until ``close()`` of the returned server.

    :param bm: a `BinanceSocketManager`, a `ThreadedWebsocketManager` or a `Relay`.
    :param port: a TCP port, 0 for any free one; the server's ``port`` and ``url`` name it.
    :param host: the address to listen on.  All but loopback addresses need a token.
    :param token: a secret of at least 16 characters that each request must contain: as
        ``Authorization: Bearer TOKEN``, or once in a browser as ``/?token=TOKEN``.
    :raises ValueError: a host that needs a token, or a bad token or port.
    :raises TypeError: `bm` is no manager.
    :raises OSError: the port is in use, or the host is no address of this machine.
    :raises ImportError: prometheus-client is not installed.
    """
    try:
        from binance.status.server import StatusServer
    except ModuleNotFoundError as error:
        if error.name != "prometheus_client":
            raise
        raise ImportError(
            "the status server needs prometheus-client; install it with: "
            'pip install "binance-socket-manager[status]"'
        ) from error
    return StatusServer(bm, port, host, token)
