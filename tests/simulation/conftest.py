"""What is in `world` installs a reactor, and so runs in a process apart: see test_apart.py."""

collect_ignore_glob = ["world/*"]
