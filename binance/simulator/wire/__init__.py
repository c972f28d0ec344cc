"""Connections: HTTP, WebSocket, TLS. The only Twisted code of the simulator."""
