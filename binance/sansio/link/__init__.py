"""Decisions about one link: when to retry, replace, ping, send and subscribe."""
