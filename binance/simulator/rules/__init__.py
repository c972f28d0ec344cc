"""What the simulated exchange enforces, refuses and does wrong on request. Pure."""
