"""What :mod:`binance.depthcache` is made of: the book in the user's hands, and its snapshots."""
