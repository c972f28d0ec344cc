"""What the status server shows of a manager, and to whom: metrics, health, access."""
