"""Calls that need no account, for REST and the WebSocket API alike. Pure."""
