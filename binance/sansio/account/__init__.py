"""Accounts: signatures, listen keys, user data streams, outcomes of REST calls."""
