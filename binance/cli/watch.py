"""``watch``: a live table of streams, or their frames as lines."""

from __future__ import annotations

import os
import queue
import sys
import time
from collections.abc import Sequence

import click

from binance.cli.clock import ClockOffset
from binance.cli.feed import Feed, Frame
from binance.cli.figures import Figures
from binance.cli.names import Wanted
from binance.cli.notes import Notes, clock, words
from binance.cli.options import Streams, for_option
from binance.cli.place import Place, exchange_options
from binance.cli.tables import Heading, streams_table
from binance.cli.terminal import REFRESH_SECONDS, Screen, is_live, told_to_end
from binance.events import Event

__all__ = ["forget_output", "summary", "watch"]

#: Frames that may wait for a pipe before reading from the exchange pauses.
WAITING_FRAMES = 10_000


@click.command(short_help="A live table of streams, or their frames as lines.")
@click.argument("streams", nargs=-1, required=True, metavar="STREAM...", type=Streams())
@click.option("--json", "as_lines", is_flag=True, help="Frames as they come, one a line.")
@for_option
@exchange_options
def watch(
    streams: tuple[Wanted, ...],
    as_lines: bool,
    seconds: float | None,
    environment: str | None,
    demo: bool,
) -> None:
    """Show streams: last price, change, messages per second, age, latency, reconnects.

    A STREAM is named as the exchange names it, its symbol in any case: btcusdt@trade,
    ethusdt@kline_1m, bnbbtc@depth5, !miniTicker@arr; with usdm: or options: before it, one of
    those markets. The change is that since the start, or over the time that stands behind it.

    Where standard output is no terminal, or with --json, the frames are printed as they come,
    byte for byte, one a line; what happens to the link is told on standard error.

    \b
    Examples:
      binance-sockets watch btcusdt@trade ethusdt@ticker
      binance-sockets watch usdm:btcusdt@markPrice@1s --env testnet
      binance-sockets watch btcusdt@aggTrade --json | jq -r .data.p
      binance-sockets watch btcusdt@trade bnbbtc@depth5 --demo
    """
    place = Place(environment, demo)
    with place.entered():
        if as_lines or not is_live():
            lines(streams, seconds)
        else:
            table(streams, place, seconds)


def table(streams: Sequence[Wanted], place: Place, seconds: float | None) -> None:
    """Draw until told to end."""
    figures = {each: Figures(each.label) for each in streams}
    notes, offset = Notes(), ClockOffset()

    def take(stream: Wanted, frame: Frame) -> None:
        one = figures.get(stream)
        if one is None:  # the exchange spells it otherwise
            one = figures[stream] = Figures(stream.label)
        one.heard(frame["data"], frame.when, offset.milliseconds)

    feed = Feed(streams, take, notes.tell)
    began = time.monotonic()

    def heading() -> Heading:
        now = time.monotonic()
        more = f"clock {-offset.milliseconds:+.0f} ms" if offset.known else ""
        return Heading(
            place.name, feed.is_connected, now - began, time.time(), now, feed.reconnects, more
        )

    with told_to_end() as ending, Screen() as screen:
        try:
            feed.start()
            offset.start()
            while not ending.wait(REFRESH_SECONDS):
                feed.check()
                rows = list(figures.values())
                screen.draw(streams_table(heading(), rows, notes, screen.size))
                if seconds is not None and time.monotonic() - began >= seconds:
                    break
        finally:
            offset.stop()
            feed.close()
    last = heading()
    last.connected = False
    click.echo(summary(last, list(figures.values())))


def summary(heading: Heading, figures: Sequence[Figures]) -> str:
    """What is left on the terminal: one line a stream."""
    width = max(len(each.label) for each in figures)
    counts = [f"{each.label:{width}}  {each.messages:,} messages" for each in figures]
    shown = [
        f"{count}, last {each.price}" if each.price else count
        for count, each in zip(counts, figures, strict=True)
    ]
    return "\n".join([*shown, f"{heading.seconds:.0f} s, {heading.reconnects} reconnects"])


def lines(streams: Sequence[Wanted], seconds: float | None) -> None:
    """Print frames until told to end, or until nobody reads them any more."""
    waiting: queue.Queue[bytes] = queue.Queue(WAITING_FRAMES)

    def tell(event: Event) -> None:
        if text := words(event):
            click.echo(f"{clock(event.when)} {text}", err=True)

    # The callback's own thread waits where the pipe is full; reading then pauses, nothing is lost.
    feed = Feed(
        streams,
        lambda stream, frame: waiting.put(frame.octets),
        tell,
        dispatch="thread",
        overflow="block",
    )
    with told_to_end() as ending:
        deadline = None if seconds is None else time.monotonic() + seconds
        try:
            feed.start()
            while not ending.is_set() and (deadline is None or time.monotonic() < deadline):
                feed.check()
                _print(waiting)
        except BrokenPipeError:
            forget_output()
        finally:
            feed.close()


def _print(waiting: queue.Queue[bytes]) -> None:
    """Print what waits, with one write for all of it."""
    try:
        frames = [waiting.get(timeout=REFRESH_SECONDS)]
    except queue.Empty:
        return
    while len(frames) < WAITING_FRAMES:
        try:
            frames.append(waiting.get_nowait())
        except queue.Empty:
            break
    sys.stdout.buffer.write(b"\n".join(frames) + b"\n")
    sys.stdout.buffer.flush()


def forget_output() -> None:
    """Nobody reads it: let the interpreter not complain of what is left of it when it ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
