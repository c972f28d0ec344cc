"""Accounts: signatures, listen keys, user data streams, the fate of a call."""
