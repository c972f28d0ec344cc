"""Whether the live page of `binance.status` stays smooth: its longest task in a browser.

    python benchmarks/bench_page.py [--sockets 500] [--seconds 30]

A manager holds the sockets, each with some messages a second from the load process; Chromium shows
the page, and reports each task that holds up its main thread for 50 ms or more.  The page's first
drawing counts too.  Exits with 1 if there is one.  Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench_peers import certificates

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.status.chromium import BROWSER, Chromium  # noqa: E402 - of this folder's own project

RATE = 5.0  # messages a second of each socket
OBSERVE = """
window.tasks = [];
new PerformanceObserver(list => {
  for (const one of list.getEntries()) window.tasks.push(one.duration);
}).observe({type: 'longtask', buffered: true});
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    if BROWSER is None:
        print("Chromium is not installed: nothing is measured")
        return 0
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ca_file, own = certificates(Path(folder))
        messages = int(RATE * given.sockets * (given.seconds + 60))
        order = {"kind": "trade", "messages": messages, "connections": given.sockets}
        order |= {"rate": RATE * given.sockets, "core": -1, "certificate": own}
        load = subprocess.Popen(
            [sys.executable, HERE / "load.py", json.dumps(order)], stdout=subprocess.PIPE, text=True
        )
        stack.callback(load.kill)
        assert load.stdout is not None
        port = json.loads(load.stdout.readline())["port"]
        os.environ["BINANCE_STREAM_URL"] = f"wss://127.0.0.1:{port}"
        os.environ["BINANCE_CA_FILE"] = ca_file
        from binance import status
        from binance.websockets import BinanceSocketManager

        manager = BinanceSocketManager(None, max_retries=0)
        stack.callback(manager.join)
        stack.callback(manager.close)
        manager.start()
        for number in range(given.sockets):  # of streams whose ids nobody checks
            key = manager.start_symbol_book_ticker_socket(f"S{number}", lambda message: None)
            assert key
            if number % 10 == 9:  # the load process accepts one connection after the other
                manager.wait_open(str(key), 60.0)
        browser = Chromium(Path(folder) / "profile")
        stack.callback(browser.close)
        browser.send("Page.addScriptToEvaluateOnNewDocument", source=OBSERVE)
        time.sleep(5.0)  # a browser that is starting keeps the processors busy
        with status.serve(manager, 0) as server:
            browser.open(server.url)
            time.sleep(given.seconds)
            rows = int(browser.value("document.querySelectorAll('.row:not(.head)').length"))
            tasks = browser.value("JSON.stringify(window.tasks)")
        got = sum(one.messages for one in manager.stats().values())
    long = sorted(json.loads(tasks), reverse=True)
    print(f"{rows} sockets, {got:,} messages, {len(long)} tasks of 50 ms or more: {long[:5]}")
    is_kept = rows == given.sockets and got > 0 and not long
    print("kept" if is_kept else "MISSED", "  longest task under 50 ms")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
