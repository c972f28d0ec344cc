"""What a relay and its consumers decide: names and ids, the lease, the buffer, the order."""
