"""What :class:`binance.client.Client` is made of: sessions, calls, and its methods by subject."""
