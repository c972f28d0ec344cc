"""What talks to the network: dials, TLS, proxies, the WebSocket protocol."""
