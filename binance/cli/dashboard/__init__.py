"""``binance-sockets`` without a command: a live dashboard. It needs the extra ``dashboard``."""
