"""API keys, wallets, orders, and the calls about them. Pure."""
