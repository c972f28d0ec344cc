"""Symbols, their markets, and the streams that report on them. Pure."""
