"""How a process with sockets ends, and when it does not.

Each script runs in a process of its own.  It says `streaming` when messages have come; then what
the test is about happens, and the process must end, or live on, as the test says.
"""

import pytest

from tests.process.conftest import starts_late_thread

pytestmark = [pytest.mark.process, pytest.mark.loopback]


def test_falls_off_its_end_and_streams_on(script, feed):
    running = script(
        """
        bm, count = manager(), Count()
        def callback(message):
            count(message)
            if count.number in (5, 50):
                say(count.number)
        bm.start_trade_socket("BNBBTC", callback)
        bm.start()
        """,
        feed,
    )
    running.expect("5")  # the main thread has ended long before the fiftieth
    running.expect("50")
    running.interrupt()
    running.end()


def test_close_and_the_process_ends(script, feed):
    running = script(
        """
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", count)
        bm.start()
        announce(count)
        assert bm.close() is None
        assert bm.close() is None
        """,
        feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0


def test_close_then_sys_exit(script, feed):
    running = script(
        """
        bm, count = manager(), Count()
        bm.start()
        bm.start_trade_socket("BNBBTC", count)
        announce(count)
        bm.close()
        sys.exit(0)
        """,
        feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0


def test_the_end_of_the_reactor_does_not_wait_for_its_workers(script, feed):
    """A look-up of a name, or a call by REST, may hang."""
    running = script(
        """
        import time
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", count)
        bm.start()
        from twisted.internet import reactor
        reactor.callFromThread(reactor.callInThread, time.sleep, 60)
        announce(count)
        reactor.callFromThread(reactor.stop)
        bm.join()
        """,
        feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0


REACTOR_STOPS = {
    "main thread": """
        announce(count)
        reactor.stop()
        """,
    "callback": """
        announce(count)
        bm.start_aggtrade_socket("BNBBTC", lambda message: stop_once())
        """,
    "signal handler": """
        signal.signal(signal.SIGUSR1, lambda *_: reactor.stop())
        announce(count)
        os.kill(os.getpid(), signal.SIGUSR1)
        """,
    "another thread": """
        announce(count)
        threading.Thread(target=reactor.stop).start()
        """,
}


@pytest.mark.parametrize(
    ("where", "stream"),
    [
        *((where, "BNBBTC") for where in REACTOR_STOPS),
        *((where, "silent") for where in REACTOR_STOPS if where != "callback"),
    ],
)
def test_reactor_stop(script, feed, where, stream):
    """Also where no message flows: then nothing else wakes the reactor."""
    wait = "" if stream == "BNBBTC" else "bm.wait_open(key, paced(5)); count.first.set()"
    running = script(
        f"""
        from twisted.internet import reactor
        bm, count, stopped = manager(), Count(), []
        def stop_once():
            if not stopped:
                stopped.append(1)
                reactor.stop()
        key = bm.start_trade_socket("{stream}", count)
        bm.start()
        {wait}
        {REACTOR_STOPS[where].strip()}
        bm.join(paced(3))
        assert not bm.is_alive(), "the manager's thread outlived the reactor"
        """,
        feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0


def test_reactor_stop_without_any_socket(script, feed):
    """Nothing else wakes the reactor then."""
    running = script(
        """
        from twisted.internet import reactor
        bm = manager()
        bm.start()
        reactor.stop()
        bm.join(paced(1.5))
        say(bm.is_alive())
        """,
        feed,
    )
    running.expect("False")
    assert running.end()[0] == 0


def test_after_reactor_stop_start_says_why_and_ending_is_harmless(script, feed):
    running = script(
        """
        from twisted.internet import reactor
        bm, count = manager(), Count()
        key = bm.start_trade_socket("BNBBTC", count)
        bm.start()
        announce(count)
        reactor.stop()
        bm.join(paced(3))
        for attempt in (bm.start, manager().start, lambda: bm.start_trade_socket("ETHBTC", count)):
            try:
                attempt()
            except RuntimeError as error:
                say("stopped by reactor.stop()" in str(error))
        bm.stop_socket(key)
        bm.stop_socket("unknown")
        bm.close()
        say("done")
        """,
        feed,
    )
    for line in ("streaming", "True", "True", "True", "done"):
        running.expect(line)
    assert running.end()[0] == 0


MAIN_THREADS = {
    "sleeps": "time.sleep(60)",
    "joins": "bm.join()",
    "has ended": "",
    "runs the manager": "",
}


@pytest.mark.parametrize("main", MAIN_THREADS)
def test_ctrl_c(script, feed, main):
    begin = "threading.Thread(target=announce, args=[count], daemon=True).start()"
    run = "bm.run()" if main == "runs the manager" else f"bm.start(); {MAIN_THREADS[main]}"
    running = script(
        f"""
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", count)
        {begin}
        {run}
        """,
        feed,
    )
    running.expect("streaming")
    running.interrupt()
    running.end()


def test_ctrl_c_ends_a_process_whose_callback_hangs(script, feed):
    running = script(
        """
        bm = manager()
        bm.start_trade_socket("BNBBTC", lambda message: (say("streaming"), time.sleep(60)))
        bm.start()
        time.sleep(60)
        """,
        feed,
    )
    running.expect("streaming")
    running.interrupt()
    running.end(within=2.5)


def test_ctrl_c_that_the_script_catches_closes_nothing(script, feed):
    running = script(
        """
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", count)
        bm.start()
        try:
            announce(count)  # Ctrl-C may come before it has returned
            time.sleep(60)
        except KeyboardInterrupt:
            count.number, count.first = 0, threading.Event()
        announce(count)
        bm.close()
        """,
        feed,
    )
    running.expect("streaming")
    running.interrupt()
    running.expect("streaming")
    assert running.end()[0] == 0


def test_a_daemon_manager_does_not_keep_the_process(script, feed):
    running = script(
        """
        bm, count = manager(), Count()
        bm.daemon = True
        bm.start_trade_socket("BNBBTC", count)
        bm.start()
        announce(count)
        """,
        feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0


def test_run_in_the_main_thread_returns_on_close(script, feed):
    running = script(
        """
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", count)
        threading.Thread(target=lambda: (announce(count), bm.close())).start()
        bm.run()
        say("returned")
        """,
        feed,
    )
    running.expect("streaming")
    running.expect("returned")
    assert running.end()[0] == 0


def test_with(script, feed):
    running = script(
        """
        count = Count()
        with manager() as bm:
            bm.start_trade_socket("BNBBTC", count)
            announce(count)
        say(bm._conns)
        """,
        feed,
    )
    running.expect("streaming")
    running.expect("{}")
    assert running.end()[0] == 0


@starts_late_thread
@pytest.mark.parametrize("dispatch", ["reactor", "thread"])
def test_close_in_a_callback_which_goes_on_and_finishes(script, feed, dispatch):
    running = script(
        f"""
        import socket
        bm = manager(dispatch="{dispatch}")
        def callback(message):
            say("closing")
            bm.close()
            blocking, peer = socket.socketpair()
            threading.Timer(0.5, peer.send, [b"answer"]).start()
            say(blocking.recv(10).decode())
        bm.start_trade_socket("BNBBTC", callback)
        bm.start()
        """,
        feed,
    )
    running.expect("closing")
    running.expect("answer")
    assert running.end()[0] == 0


def test_close_gives_the_server_a_closing_handshake(script, own_feed):
    running = script(
        """
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", count)
        bm.start()
        announce(count)
        bm.close()
        """,
        own_feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0
    assert own_feed.process.stdout.readline().strip() == "closed True 1000"


def test_reactor_stop_gives_the_server_a_closing_handshake(script, own_feed):
    running = script(
        """
        from twisted.internet import reactor
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", count)
        bm.start()
        announce(count)
        reactor.stop()
        """,
        own_feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0
    assert own_feed.process.stdout.readline().strip() == "closed True 1000"


def test_a_callback_that_exits_ends_the_process(script, feed):
    running = script(
        """
        bm = manager()
        def callback(message):
            say("streaming")
            sys.exit(3)
        bm.start_trade_socket("BNBBTC", callback)
        bm.start()
        """,
        feed,
    )
    running.expect("streaming")
    running.end()


FORGOTTEN = "never connected: start() was not called on the manager"


def test_a_start_that_was_forgotten_is_logged_at_the_end(script, feed):
    running = script(
        """
        def main():
            bm = manager()
            bm.start_trade_socket("BNBBTC", print)
            bm.stop_socket(bm.start_trade_socket("ETHBTC", print))
            bm.start_multiplex_socket(["a@trade"], print)
            begun = time.monotonic()
            try:
                bm.wait_open("bnbbtc@trade")
            except RuntimeError as error:
                say(error)
        main()
        """,
        feed,
    )
    running.expect("the socket does not connect, because start() was not called on its manager")
    code, _, errors = running.end(within=10)
    assert code == 0
    assert errors.splitlines() == [f"bnbbtc@trade, streams=a@trade {FORGOTTEN}"]


@pytest.mark.parametrize(
    "body",
    [
        "manager()",
        "bm = manager(); bm.start_trade_socket('A', print); bm.close()",
        "bm = manager(); bm.start_trade_socket('A', print); os._exit(0)",
        "bm = manager(); bm.start_trade_socket('A', print); bm.start(); bm.close()",
        "bm = manager(); bm.daemon = True; bm.start(); bm.start_trade_socket('A', print)",
    ],
)
def test_no_start_was_forgotten(script, feed, body):
    code, _, errors = script(body, feed).end(within=10)
    assert code == 0
    assert FORGOTTEN not in errors


def test_a_script_that_fails_before_its_start_has_forgotten_nothing(script, feed):
    code, _, errors = script(
        "bm = manager(); bm.start_trade_socket('A', print); raise KeyError('own')", feed
    ).end(within=10)
    assert code == 1
    assert "own" in errors
    assert FORGOTTEN not in errors
