"""``record``: streams into a file, byte for byte."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import click

from binance.cli.errors import CommandError, command_errors
from binance.cli.event_text import ConnectionLog
from binance.cli.exchange import Exchange
from binance.cli.options import duration, exchange_options, for_option, streams_argument
from binance.cli.record_files import (
    DepthSnapshots,
    FrameFile,
    book_symbols,
    check_name,
    snapshots_path,
)
from binance.cli.screen import terminal
from binance.cli.screen.pictures import Heading, clock_text, streams_picture
from binance.cli.screen.stream_stats import StreamStats
from binance.cli.screen.terminal import Screen, Stop
from binance.cli.service.status import status_option
from binance.cli.streams import Sockets, Stream
from binance.events import Connected, Disconnected, Event
from binance.relay.frames import Frame
from binance.sansio.names.streams import combined_path, encoded


@click.command(short_help="Record streams into a file, byte for byte.")
@streams_argument()
@click.option(
    "-o",
    "--output",
    "path",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="NAME.frames.gz, or NAME.frames for a file that is not compressed.",
)
@click.option(
    "--flush",
    "interval",
    type=duration,
    default=1.0,
    metavar="TIME",
    show_default="1s",
    help="How often to write to the disk: a crash loses the frames of this time at most.",
)
@click.option("--force", is_flag=True, help="Replace FILE and NAME.rest if they exist.")
@click.option(
    "--gapless",
    is_flag=True,
    help="Fetch the trades and candles that are missed, and write them in order.",
)
@status_option
@for_option
@exchange_options
def record(
    streams: Sequence[Stream],
    path: Path,
    interval: float,
    force: bool,
    gapless: bool,
    seconds: float | None,
    exchange: Exchange,
) -> None:
    """Record streams until Ctrl-C, then print the totals.

    The file holds each frame, byte for byte, and the time when it was received. If the connection
    is lost the command reconnects and marks the place in the file. If it records the changes of a
    spot book (btcusdt@depth), it also fetches snapshots of the book, into NAME.rest.

    The command "replay" and "python -m binance.simulator --replay FILE" replay the file: up to the
    last flush if the recorder was killed.

    \b
    Examples:
      binance-sockets record btcusdt@trade btcusdt@depth@100ms -o btc.frames.gz
      binance-sockets record '!miniTicker@arr' -o market.frames.gz --for 1h
      binance-sockets record usdm:btcusdt@aggTrade -o futures.frames.gz --gapless
    """
    markets = {each.market for each in streams}
    if len(markets) > 1:
        raise click.UsageError(f"one file holds one market, not {', '.join(sorted(markets))}")
    try:
        check_name(path)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    with exchange.selected():
        with command_errors("cannot record"):
            base = exchange.addresses.stream_of(streams[0].market)
        names = encoded(combined_path(each.name for each in streams))
        rest = snapshots_path(path)
        if rest.exists() and not force:  # a replay would take it for one of these streams
            raise CommandError(f"{rest} exists already; --force replaces it")
        try:
            file = FrameFile(path, overwrite=force)
        except FileExistsError:
            raise CommandError(f"{path} exists already; --force replaces it") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from None
        url = f"{base}/stream?{names}"
        Recorder(streams, file, url, interval, gapless).run(exchange, seconds)


class Recorder:
    """Writes frames into a file, and shows how much."""

    def __init__(
        self,
        streams: Sequence[Stream],
        file: FrameFile,
        url: str,
        interval: float,
        is_gapless: bool,
    ) -> None:
        self.file = file
        self._stats = {each: StreamStats(each.label) for each in streams}
        self._on_screen = terminal.is_terminal()
        self._log = ConnectionLog(on_stderr=not self._on_screen)
        self._is_gapless = is_gapless
        self._sockets = Sockets(streams, self._on_frame, self._on_event, gapless=is_gapless)
        self._url = url
        self._interval = interval
        self._connects = self._marks = 0  # reported, and written into the file
        self._is_marked = False  # the link whose frames come
        self._stopped = threading.Event()
        self._write_error: OSError | None = None
        self._writer = threading.Thread(target=self._write, name="recorder", daemon=True)
        symbols = book_symbols(streams)
        rest = snapshots_path(file.path)
        self._snapshots = DepthSnapshots(rest, symbols, self._log.add) if symbols else None
        self._began = time.monotonic()

    def run(self, exchange: Exchange, seconds: float | None) -> None:
        """Record until the command must stop, then print the totals."""
        with terminal.stop_on_signals(seconds) as stop:
            self._writer.start()
            if self._snapshots is not None:
                self._snapshots.start()
            try:
                self._sockets.start()
                shown = terminal.open_screen(stop) if self._on_screen else nullcontext()
                with shown as screen:
                    self._wait(stop, exchange, screen)
            finally:
                self._close()
                if self._marks:
                    click.echo(self._totals())
        if self._write_error is not None:
            words = self._write_error.strerror
            raise CommandError(f"{self.file.path} cannot be written: {words}")
        self._log.check_any(self.file.frames)

    def _wait(self, stop: Stop, exchange: Exchange, screen: Screen | None) -> None:
        log = self._log
        while self._write_error is None and not stop.wait(terminal.REFRESH_SECONDS):
            log.check("the exchange cannot be reached")
            if screen is not None:
                heading = Heading.of(exchange.name, log, self._sockets.is_connected, self._began)
                rows, footer = list(self._stats.values()), ["", self._progress()]
                screen.draw(streams_picture(heading, rows, log, screen.size, footer))

    def _close(self) -> None:
        self._sockets.close()
        if self._snapshots is not None:
            self._snapshots.stop(1.0)
        self._stopped.set()
        self._writer.join()
        with command_errors(f"{self.file.path} cannot be written"):
            self.file.close()
        if not self._marks and self.file.is_new:
            self.file.path.unlink(missing_ok=True)  # it is empty

    # from the sockets, in the reactor's thread

    def _on_frame(self, stream: Stream, frame: Frame) -> None:
        if not self._is_marked:  # some streams begin before the last ones are subscribed
            self._mark(frame.received)
        self.file.add(frame.payload, frame.received)
        if stream not in self._stats:  # the exchange spells it otherwise
            self._stats[stream] = StreamStats(stream.label)
        self._stats[stream].add(frame["data"], frame.received)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Connected):
            self._connects += 1
            if self._marks < self._connects:
                self._mark(event.when)
            if self._snapshots is not None:
                self._snapshots.fetch()
        elif isinstance(event, Disconnected) and self._connects < self._marks:
            self._connects, self._is_marked = self._marks, False  # it was lost before its report
        self._log.add_event(event)

    def _mark(self, when: float) -> None:
        if not self._marks:
            self._remove_old_snapshots()
        self._marks, self._is_marked = self._marks + 1, True
        self.file.add_connect(self._url, when)

    def _remove_old_snapshots(self) -> None:
        try:
            snapshots_path(self.file.path).unlink(missing_ok=True)
        except OSError as error:
            self._write_error = error

    # the writer's thread

    def _write(self) -> None:
        """Write in a thread of its own, so that a terminal which blocks does not delay it."""
        while not self._stopped.wait(self._interval):
            try:
                self.file.flush()
            except OSError as error:
                self._write_error = error
                return

    # texts

    def _progress(self) -> str:
        file = self.file
        text = f"{file.frames:,} frames, {size_text(file.written)} in {file.path.name}"
        if file.written and file.size > file.written:
            text += f", compressed {file.size / file.written:.1f} times"
        return text

    def _totals(self) -> str:
        """What was recorded: one line a stream, then the file."""
        stats, log = self._stats.values(), self._log
        width = max(len(each.label) for each in stats)
        rows = [f"{each.label:{width}}  {each.messages:>12,} frames" for each in stats]
        totals = [
            f"{clock_text(time.monotonic() - self._began)} recorded",
            f"{log.reconnects} reconnects",
            f"{log.gaps} gaps",
            *[f"{log.fills} filled"] * self._is_gapless,
        ]
        if self._snapshots is not None:
            totals.append(f"{self._snapshots.count} snapshots in {self._snapshots.path.name}")
        if self.file.left_out:
            totals.append(f"{self.file.left_out} frames left out: they hold a line feed")
        return "\n".join([*rows, self._progress(), ", ".join(totals)])


def size_text(count: int) -> str:
    """A number of bytes in the unit that suits it."""
    if count < 1000:
        return f"{count} B"
    size = count / 1000
    for unit in ("kB", "MB"):
        if size < 1000:
            return f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
