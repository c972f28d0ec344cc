"""The reactor, its thread, its clock, and the lifetime of managers."""
