"""What a socket is for: market streams, an account, a user's own connector."""
