pytest_plugins = ["binance.simulator.pytest_plugin"]
