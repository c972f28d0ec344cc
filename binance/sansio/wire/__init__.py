"""Formats that several parts share: refusals of the exchange, text for the log."""
