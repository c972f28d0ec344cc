"""The exchange's names as tables: streams, addresses, REST routes."""
