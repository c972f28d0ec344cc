"""``watch``: a live table of streams, or their frames as lines."""

from __future__ import annotations

import queue
import sys
import time
from collections.abc import Sequence
from contextlib import closing

import click

from binance.cli.event_text import ConnectionLog
from binance.cli.exchange import ClockOffset, Exchange
from binance.cli.options import exchange_options, for_option, streams_argument
from binance.cli.screen import terminal
from binance.cli.screen.pictures import Heading, streams_picture, summary
from binance.cli.screen.stream_stats import StreamStats
from binance.cli.service.status import status_option
from binance.cli.streams import Sockets, Stream
from binance.relay.frames import Frame

#: Frames that may wait for a pipe before the command stops reading from the exchange.
WAITING_FRAMES = 10_000
_FAILED = "the exchange cannot be reached"


@click.command(short_help="Show a live table of streams, or print their frames.")
@streams_argument()
@click.option("--json", "as_lines", is_flag=True, help="Print each frame on a line, unchanged.")
@status_option
@for_option
@exchange_options
def watch(
    streams: Sequence[Stream], as_lines: bool, seconds: float | None, exchange: Exchange
) -> None:
    """Show streams: last price, change, messages per second, age, latency, reconnects.

    Give each STREAM the name that it has at the exchange, with the symbol in upper or lower case:
    btcusdt@trade, ethusdt@kline_1m, bnbbtc@depth5, !miniTicker@arr. A symbol alone means its
    ticker. For other markets begin with
    usdm:, coinm: or options:. The change is since the start, or over the period that follows it.
    The key q ends the command.

    With --json, or if standard output is not a terminal, each frame is printed on a line of its
    own, byte for byte. Standard error then shows what happens to the connection.

    \b
    Examples:
      binance-sockets watch btcusdt@trade ethusdt@ticker
      binance-sockets watch usdm:btcusdt@markPrice@1s --env testnet
      binance-sockets watch btcusdt@aggTrade --json | jq -r .data.p
      binance-sockets watch btcusdt@trade bnbbtc@depth5 --demo
    """
    with exchange.selected():
        if as_lines or not terminal.is_terminal():
            _print_frames(streams, seconds)
        else:
            _show_table(streams, exchange, seconds)


def _show_table(streams: Sequence[Stream], exchange: Exchange, seconds: float | None) -> None:
    stats = {each: StreamStats(each.label) for each in streams}
    log, offset = ConnectionLog(), ClockOffset()

    def add(stream: Stream, frame: Frame) -> None:
        if stream not in stats:  # the exchange spells it otherwise
            stats[stream] = StreamStats(stream.label)
        stats[stream].add(frame["data"], frame.received, offset.milliseconds)

    sockets = Sockets(streams, add, log.add_event)
    began = time.monotonic()

    def heading() -> Heading:
        more = f"clock {round(-offset.milliseconds):+,} ms" if offset.known else ""
        return Heading.of(exchange.name, log, sockets.is_connected, began, more)

    signals = terminal.stop_on_signals(seconds)
    with signals as stop, terminal.open_screen(stop) as screen, closing(sockets), offset:
        sockets.start()
        while not stop.wait(terminal.REFRESH_SECONDS):
            log.check(_FAILED)
            rows = list(stats.values())
            screen.draw(streams_picture(heading(), rows, log, screen.size))
    log.check_any(sum(each.messages for each in stats.values()))
    click.echo(summary(heading(), list(stats.values())))


def _print_frames(streams: Sequence[Stream], seconds: float | None) -> None:
    """Print frames until the command must stop, or the reader of the pipe has gone."""
    waiting: queue.Queue[bytes] = queue.Queue(WAITING_FRAMES)
    log = ConnectionLog(on_stderr=True)
    # While the pipe is full the callback's own thread waits: reading pauses and nothing is lost.
    sockets = Sockets(
        streams,
        lambda stream, frame: waiting.put(frame.payload),
        log.add_event,
        dispatch="thread",
        overflow="block",
    )
    count = 0
    with terminal.stop_on_signals(seconds) as stop, closing(sockets):
        sockets.start()
        while not stop.is_set():
            log.check(_FAILED)
            count += _print_waiting(waiting)
    log.check_any(count)


def _print_waiting(waiting: queue.Queue[bytes]) -> int:
    """Print the frames that wait, with one write for all of them; return their number."""
    try:
        frames = [waiting.get(timeout=terminal.REFRESH_SECONDS)]
    except queue.Empty:
        return 0
    while len(frames) < WAITING_FRAMES and not waiting.empty():
        frames.append(waiting.get_nowait())
    sys.stdout.buffer.write(b"\n".join(frames) + b"\n")
    sys.stdout.buffer.flush()
    return len(frames)
