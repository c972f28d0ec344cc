"""Options, and a simulator in a child process."""
