"""Managers that are started, closed and started again, in all the places where programs do it."""

import sys
import textwrap

import pytest

from tests.process.conftest import starts_late_thread

pytestmark = [pytest.mark.process, pytest.mark.loopback]


def test_start_before_and_after_the_sockets(script, feed):
    running = script(
        """
        early, late = Count(), Count()
        bm = manager()
        bm.start_trade_socket("BNBBTC", early)
        bm.start()
        bm.start()
        early.wait(1)
        bm.start_trade_socket("ETHBTC", late)
        late.wait(1)
        say("streaming")
        bm.close()
        """,
        feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0


def test_fifty_random_lives_with_a_first_message_within_a_second_each(script, feed):
    running = script(
        """
        import random
        dice = random.Random(7)
        bm, open_keys = manager(), []
        for number in range(50):
            deed = dice.choice(["socket", "socket", "stop", "close", "start", "close+start", "new"])
            if deed == "stop" and open_keys:
                bm.stop_socket(open_keys.pop())
            elif deed == "close":
                bm.close()
                open_keys = []
            elif deed == "start":
                bm.start()
            elif deed == "close+start":
                bm.close()
                bm.start()
                open_keys = []
            elif deed == "new":
                bm.close()
                bm, open_keys = manager(), []
            count = Count()
            if dice.random() < 0.5:
                bm.start()
            key = bm.start_trade_socket(f"S{number}", count)
            bm.start()
            assert key == f"s{number}@trade", key
            count.wait(1)
            open_keys.append(key)
        bm.close()
        say("done")
        """,
        feed,
    )
    running.expect("done")
    assert running.end()[0] == 0


def test_stop_the_last_socket_and_start_it_again_at_once(script, feed):
    running = script(
        """
        bm = manager()
        bm.start()
        for _ in range(10):
            count = Count()
            key = bm.start_trade_socket("BNBBTC", count)
            count.wait(1)
            assert bm.stop_socket(key) is None
        bm.close()
        """,
        feed,
    )
    assert running.end(within=10)[0] == 0


def test_after_close_a_socket_revives_the_manager(script, feed):
    running = script(
        """
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", Count())
        bm.start()
        bm.close()
        bm.join(paced(2))
        assert not bm.is_alive()
        bm.start_trade_socket("BNBBTC", count)
        count.wait(1)
        assert bm.is_alive()
        bm.close()
        """,
        feed,
    )
    assert running.end(within=10)[0] == 0


def test_a_manager_whose_thread_was_refused_starts_again(script, feed):
    running = script(
        """
        bm, count = manager(), Count()
        bm.start()
        bm.close()
        bm.join(paced(2))
        def refuse(thread):
            raise RuntimeError("can't start new thread")
        start, threading.Thread.start = threading.Thread.start, refuse
        try:
            bm.start()
        except RuntimeError as error:
            say(error)
        threading.Thread.start = start
        bm.start()
        bm.start_trade_socket("BNBBTC", count)
        announce(count)
        bm.close()
        """,
        feed,
    )
    running.expect("can't start new thread")
    running.expect("streaming")
    assert running.end()[0] == 0


def test_four_managers_of_which_one_is_closed(script, feed):
    running = script(
        """
        managers, counts = [manager() for _ in range(4)], [Count() for _ in range(4)]
        for bm, count in zip(managers, counts):
            bm.start()
            bm.start_trade_socket("BNBBTC", count)
        for count in counts:
            count.wait(2)
        managers[0].close()
        managers[0].join(paced(2))
        assert not managers[0].is_alive()
        for bm, count in list(zip(managers, counts))[1:]:
            assert bm.is_alive()
            count.first = threading.Event()
            count.wait(1)
        for bm in managers:
            bm.close()
        """,
        feed,
    )
    assert running.end(within=10)[0] == 0


def test_close_and_start_in_a_callback(script, feed):
    running = script(
        """
        bm, count = manager(), Count()
        def callback(message):
            bm.close()
            bm.start()
            bm.start_trade_socket("ETHBTC", count)
        bm.start_trade_socket("BNBBTC", callback)
        bm.start()
        announce(count)
        assert bm.is_alive()
        bm.close()
        """,
        feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0


@pytest.mark.parametrize("begin", ["start", "run"])
def test_close_in_a_callback_while_start_waits_for_the_reactor(script, feed, begin):
    """On a busy machine the first message arrives before `start()` has returned."""
    running = script(
        f"""
        from binance.tx.loop import reactor
        closed, ensure_running = threading.Event(), reactor.ensure_running
        def ensure_running_slowly():
            ensure_running()
            assert closed.wait(paced(5)), "no message"
        reactor.ensure_running = ensure_running_slowly
        bm = manager()
        bm.start_trade_socket("BNBBTC", lambda message: (bm.close(), closed.set()))
        bm.{begin}()
        bm.is_alive() and bm.join(paced(5))
        assert not bm.is_alive()
        say("closed")
        """,
        feed,
    )
    running.expect("closed")
    assert running.end()[0] == 0


@pytest.mark.parametrize(
    "begin",
    ['bm.messages("ethbtc@trade").__enter__()', 'bm.close(); bm.start_trade_socket("ETHBTC", id)'],
)
def test_what_starts_the_reactor_does_not_hold_up_what_the_reactor_begins_with(script, feed, begin):
    running = script(
        f"""
        import faulthandler
        from twisted.internet import reactor
        faulthandler.dump_traceback_later(paced(20), exit=True)
        bm, count = manager(), Count()
        reactor.callWhenRunning(lambda: bm.start_trade_socket("BNBBTC", count))
        {begin}
        announce(count)
        bm.close()
        """,
        feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0


def test_a_start_right_after_a_close_keeps_the_manager(script, feed):
    running = script(
        """
        bm = manager()
        bm.start()
        for _ in range(20):
            bm.close()
            bm.start()
        bm.join(0.5)
        say(bm.is_alive())
        bm.close()
        """,
        feed,
    )
    running.expect("True")
    assert running.end()[0] == 0


@pytest.mark.parametrize("stop_first", [True, False])
def test_restart_inside_the_error_callback(script, own_feed, stop_first):
    running = script(
        f"""
        bm, seen, again = manager(max_retries=0), Count(), Count()
        def callback(message):
            seen(message)
            if message["e"] == "error":
                say(message)
                if {stop_first}:
                    bm.stop_socket(key)
                say(bm.start_trade_socket("BNBBTC", again))
        key = bm.start_trade_socket("BNBBTC", callback)
        bm.start()
        announce(seen)
        announce(again)
        bm.close()
        """,
        own_feed,
    )
    running.expect("streaming")
    own_feed.command("drop")
    running.expect("{'e': 'error', 'm': 'Max reconnect retries reached'}")
    running.expect("bnbbtc@trade")
    running.expect("streaming")
    assert running.end()[0] == 0


def test_an_outage_is_survived_for_real(script, own_feed):
    running = script(
        """
        count = Count()
        bm = manager(max_retries=None, on_event=lambda event: say(type(event).__name__))
        bm.start_trade_socket("BNBBTC", count)
        bm.start()
        bm.join()
        """,
        own_feed,
    )
    running.expect("Connected")
    own_feed.command("down")
    running.expect("Disconnected")
    running.expect("Retrying")
    running.expect("Retrying")
    own_feed.command("up")
    said = []
    while said[-1:] != ["Resumed"]:
        said.append(running.process.stdout.readline().strip())
        assert said[-1] in {"Retrying", "Connected", "Resumed"}, said
    running.interrupt()
    running.end()


def test_inside_a_running_asyncio_loop(script, feed):
    running = script(
        """
        import asyncio
        async def main():
            count = Count()
            with manager() as bm:
                bm.start_trade_socket("BNBBTC", count)
                await asyncio.to_thread(count.wait)
            say("streaming")
        asyncio.run(main())
        """,
        feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="the proactor loop is no selector loop")
def test_on_the_users_own_asyncio_loop(script, feed):
    """The program installed Twisted's asyncio reactor on its loop, and runs that."""
    running = script(
        """
        import asyncio
        async def main():
            from twisted.internet import asyncioreactor
            asyncioreactor.install(asyncio.get_running_loop())
            bm, first = manager(), asyncio.Event()
            bm.start_trade_socket("BNBBTC", lambda message: first.set())
            bm.start()
            await asyncio.wait_for(first.wait(), paced(5))
            say(threading.current_thread() is threading.main_thread())
            bm.close()
            await asyncio.to_thread(bm.join, paced(2))
        asyncio.run(main())
        """,
        feed,
    )
    running.expect("True")
    assert running.end()[0] == 0


ENDS = {
    "closed": "asyncio.run(main())",
    "joined after it": "asyncio.run(main()); bm.join()",
    "left open": "loop = asyncio.new_event_loop(); loop.run_until_complete(main())",
}


@pytest.mark.skipif(sys.platform == "win32", reason="the proactor loop is no selector loop")
@pytest.mark.parametrize("end", ENDS)
def test_with_the_users_asyncio_loop_its_managers_end(script, feed, end):
    running = script(
        f"""
        import asyncio
        from twisted.internet import asyncioreactor
        def consume(messages):
            for message in messages:
                pass
            say("over")
        async def main():
            global bm
            asyncioreactor.install(asyncio.get_running_loop())
            bm, count = manager(dispatch="thread"), Count()
            bm.start_trade_socket("ETHBTC", count)
            bm.start()
            messages = bm.messages("bnbbtc@trade").__enter__()
            say((await anext(messages))["e"])
            await asyncio.to_thread(announce, count)
            threading.Thread(target=consume, args=[messages]).start()
        {ENDS[end]}
        """,
        feed,
    )
    for line in ("trade", "streaming", "over"):
        running.expect(line)
    assert running.end()[::2] == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="the proactor loop is no selector loop")
def test_after_the_end_of_the_users_asyncio_loop_nothing_starts_and_all_can_be_closed(script, feed):
    running = script(
        """
        import asyncio
        from twisted.internet import asyncioreactor
        bm, count = manager(), Count()
        async def main():
            asyncioreactor.install(asyncio.get_running_loop())
            bm.start()
            for symbol in ("BNBBTC", "ETHBTC"):
                bm.start_trade_socket(symbol, count)
            await asyncio.to_thread(announce, count)
        asyncio.run(main())
        async def again():
            bm.start()
        def socket():
            bm.start_trade_socket("LTCBTC", count)
        for attempt in (bm.start, socket, lambda: asyncio.run(again())):
            try:
                attempt()
            except RuntimeError as error:
                say("event loop of the Twisted reactor" in str(error))
        say(*bm._conns)
        bm.stop_socket("bnbbtc@trade")
        threading.Thread(target=bm.stop_socket, args=["ethbtc@trade"]).start()
        bm.close()
        bm.join(paced(3))
        say(bm.is_alive())
        """,
        feed,
    )
    running.expect("streaming")
    for _ in range(3):
        running.expect("True")
    running.expect("bnbbtc@trade ethbtc@trade")
    running.expect("False")
    assert running.end()[::2] == (0, "")


def test_managers_that_start_in_one_turn_of_an_asyncio_loop_start_its_reactor_once(script, feed):
    running = script(
        """
        import asyncio
        async def main():
            from twisted.internet import asyncioreactor
            loop, errors = asyncio.get_running_loop(), []
            loop.set_exception_handler(lambda loop, context: errors.append(context))
            asyncioreactor.install(loop)
            from binance.tx.loop import reactor
            tick, ticks = reactor._tick, []
            reactor.TICK_SECONDS = 3600.0  # none but the first ticks are counted
            reactor._tick = lambda steady: ticks.append(steady) or tick(steady)
            managers = [manager() for _ in range(3)]
            for bm in managers[:2]:
                bm.start()
            await asyncio.to_thread(managers[2].start)  # this one waits until it runs
            say(errors, len(ticks))
            for bm in managers:
                bm.close()
                await asyncio.to_thread(bm.join, paced(2))
        asyncio.run(main())
        """,
        feed,
    )
    running.expect("[] 1")
    assert running.end()[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="the proactor loop is no selector loop")
def test_in_the_loop_that_is_about_to_run_the_reactor_nothing_waits_for_it(script, feed):
    running = script(
        """
        import asyncio
        from twisted.internet import asyncioreactor
        from twisted.internet.defer import ensureDeferred
        async def main():
            loop = asyncio.get_running_loop()
            asyncioreactor.install(loop)
            bm, taken = manager(), loop.create_future()
            async def take(messages):
                taken.set_result(await anext(messages))
            def begin():  # in no task, as a coroutine that awaits Deferreds
                messages = bm.messages("bnbbtc@trade").__enter__()
                for wait in (lambda: bm.wait_open(messages.keys[0]), lambda: next(messages)):
                    try:
                        wait()
                    except RuntimeError as error:
                        say(error)
                ensureDeferred(take(messages))
            loop.call_soon(begin)
            say((await taken)["e"])
            bm.close()
            await asyncio.to_thread(bm.join, paced(2))
        asyncio.run(main())
        """,
        feed,
    )
    running.expect("wait_open in the reactor thread would wait for itself")
    running.expect("a `for` loop over messages would block the reactor thread: use `async for`")
    running.expect("trade")
    assert running.end()[0] == 0


def test_in_a_reactor_that_the_program_runs(script, feed):
    running = script(
        """
        from twisted.internet import reactor
        bm, threads = manager(), set()
        def callback(message):
            threads.add(threading.current_thread())
            bm.close()
            reactor.callLater(0.1, reactor.stop)
        def begin():
            bm.start()
            bm.start_trade_socket("BNBBTC", callback)
        reactor.callWhenRunning(begin)
        reactor.run()
        say(threads == {threading.main_thread()})
        """,
        feed,
    )
    running.expect("True")
    assert running.end()[0] == 0


def test_in_a_reactor_that_the_program_runs_while_a_thread_starts_the_manager(script, feed):
    running = script(
        """
        from twisted.internet import reactor
        from binance.tx.loop import epoll_loop
        is_starting, use_fast_loop = threading.Event(), epoll_loop.use_fast_loop
        def use_fast_loop_late(twisted):
            is_starting.set()
            while not twisted.running:
                time.sleep(0.01)
            return use_fast_loop(twisted)
        epoll_loop.use_fast_loop = use_fast_loop_late
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", count)
        def work():
            bm.start()
            announce(count)
            bm.join(0.5)  # if it ends, it does so at once
            say(bm.is_alive(), "mainLoop" in vars(reactor))
            bm.close()
            bm.join(paced(2))
            say(bm.is_alive())
            reactor.callFromThread(reactor.stop)
        threading.Thread(target=work).start()
        assert is_starting.wait(paced(5))
        reactor.run()
        """,
        feed,
    )
    running.expect("streaming")
    running.expect("True False")
    running.expect("False")
    code, _, errors = running.end()
    assert code == 0
    assert errors == ""


def test_importing_leaves_the_choice_of_the_reactor_to_the_program(script, feed):
    running = script(
        """
        from twisted.internet import selectreactor
        selectreactor.install()
        count = Count()
        with manager() as bm:
            bm.start_trade_socket("BNBBTC", count)
            count.wait()
        from twisted.internet import reactor
        say(type(reactor).__name__)
        """,
        feed,
    )
    running.expect("SelectReactor")
    assert running.end()[0] == 0


@starts_late_thread
def test_in_a_worker_thread(script, feed):
    running = script(
        """
        def work():
            bm, count = manager(), Count()
            bm.start_trade_socket("BNBBTC", count)
            bm.start()
            announce(count)
            bm.close()
        threading.Thread(target=work).start()
        """,
        feed,
    )
    running.expect("streaming")
    assert running.end()[0] == 0


def test_the_callback_thread_lives_after_the_main_thread(script, feed):
    running = script(
        """
        bm, count = manager(dispatch="thread"), Count()
        bm.start()
        def callback(message):
            count(message)
            if count.number == 30:
                bm.close()
        key = bm.start_trade_socket("BNBBTC", callback)
        """,
        feed,
    )
    assert running.end(within=10)[0] == 0


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="no fork on this system")
def test_in_a_forked_child_a_manager_says_why_not(script, feed):
    running = script(
        """
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", count)
        bm.start()
        count.wait()
        child = os.fork()
        if child == 0:
            for attempt in (bm.start, lambda: bm.start_trade_socket("ETHBTC", count)):
                try:
                    attempt()
                except RuntimeError as error:
                    say("forked" in str(error))
            os._exit(0)
        os.waitpid(child, 0)
        bm.close()
        """,
        feed,
    )
    running.expect("True")
    running.expect("True")
    assert running.end()[0] == 0


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="no fork on this system")
def test_in_a_forked_child_all_that_is_open_can_be_closed(script, feed):
    running = script(
        """
        from binance import status
        bm, count = manager(), Count()
        keys = [bm.start_trade_socket(symbol, count) for symbol in ("BNBBTC", "ETHBTC")]
        bm._when_stopped(keys[0], lambda: say("stopped"))
        bm._conns["a user's connector"] = object()
        with bm, bm.messages("ltcbtc@trade"), status.serve(bm, 0):
            count.wait()
            child = os.fork()
            if child == 0:
                try:
                    bm.wait_open(keys[0])
                except RuntimeError as error:
                    say("forked" in str(error))
                bm.stop_socket(keys[0])
                sys.exit(0)
            say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            bm._when_stopped(keys[0], lambda: None)
            count.number, count.first = 0, threading.Event()
            announce(count)  # the parent's sockets go on
        """,
        feed,
    )
    for line in ("True", "stopped", "0", "streaming"):
        running.expect(line)
    assert running.end()[0] == 0


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="no fork on this system")
def test_a_forked_child_that_leaves_us_alone_ends(script, feed):
    running = script(
        """
        import multiprocessing
        bm, count = manager(), Count()
        bm.start_trade_socket("BNBBTC", count)
        bm.start()
        count.wait()
        child = multiprocessing.get_context("fork").Process(target=print, args=["child"])
        child.start()
        child.join(paced(3))
        say(child.exitcode)
        bm.close()
        """,
        feed,
    )
    running.expect("child")
    running.expect("0")
    assert running.end()[0] == 0


def test_beside_autobahn_on_asyncio_the_import_says_why_not(script, feed):
    running = script(
        """
        import subprocess
        code = "import autobahn.asyncio.websocket\\nimport binance.websockets"
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        say("autobahn.asyncio, and a process can have only one" in result.stderr)
        """,
        feed,
    )
    running.expect("True")
    assert running.end(within=10)[0] == 0


@pytest.mark.parametrize("runs", ["ours", "the user's"])
def test_a_retry_comes_in_time_although_the_system_clock_was_set_back(script, feed, runs):
    running = script(
        f"runs = {runs!r}\n"
        + textwrap.dedent(
            """
            from twisted.internet import base
            set_by = [0.0]
            def system_seconds():
                return time.time() + set_by[0]
            base.ReactorBase.seconds = staticmethod(system_seconds)
            sys.modules["binance.tx.loop.clock"].system_seconds = system_seconds
            from twisted.internet import reactor
            if runs == "the user's":
                threading.Thread(target=reactor.run, args=(False,), daemon=True).start()
                while not reactor.running:
                    time.sleep(0.01)
            before, after, retrying = Count(), Count(), threading.Event()
            callback = before
            def told(event):
                if type(event).__name__ == "Retrying":
                    retrying.set()
            bm = manager(on_event=told)
            key = bm.start_trade_socket("BNBBTC", lambda message: callback(message))
            bm.start()
            before.wait()
            link = bm._conns[key].connections[0].link
            reactor.callFromThread(link.abort)
            assert retrying.wait(paced(5))
            callback = after
            set_by[0] = -3600.0
            after.wait(10)
            assert 0 <= bm.stats()[key]["last_message_age"] < 10
            say("again")
            bm.close()
            """
        ),
        feed,
    )
    running.expect("again")
    assert running.end()[0] == 0
