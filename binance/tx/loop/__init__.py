"""The reactor, its thread, its clock, and how long the process stays alive."""
