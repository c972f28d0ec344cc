"""Commands that run for months, as services."""
