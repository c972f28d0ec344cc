"""``record``: frames into a file, byte for byte."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import click

from binance import events
from binance.cli.feed import Feed, Frame
from binance.cli.figures import Figures
from binance.cli.frames import FrameFile, check_name
from binance.cli.names import Wanted
from binance.cli.notes import Notes, clock, words
from binance.cli.options import Seconds, Streams, for_option
from binance.cli.place import Place, exchange_options
from binance.cli.snapshots import Snapshots, beside, symbols_of
from binance.cli.tables import Heading, span, streams_table
from binance.cli.terminal import REFRESH_SECONDS, Ending, Screen, is_live, told_to_end
from binance.cli.trouble import Trouble, explained
from binance.sansio.names.streams import combined_path, encoded

__all__ = ["record"]


@click.command(short_help="Record streams into a file, byte for byte.")
@click.argument("streams", nargs=-1, required=True, metavar="STREAM...", type=Streams())
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
    type=Seconds(),
    default=1.0,
    metavar="TIME",
    show_default="1s",
    help="How often what came is written down to the disk: a sudden end loses no more than this.",
)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@for_option
@exchange_options
def record(
    streams: tuple[Wanted, ...],
    path: Path,
    interval: float,
    force: bool,
    seconds: float | None,
    environment: str | None,
    demo: bool,
) -> None:
    """Record streams until Ctrl-C, and tell the totals.

    Each frame is written as it came, with its time. A link that is lost is mended, and the place
    marked. Where changes of a spot book are recorded (btcusdt@depth), snapshots of the book are
    fetched too, into NAME.rest. The file can be replayed, by this program and by
    "python -m binance.simulator --replay FILE", up to the last flush, however the recorder ended.

    \b
    Examples:
      binance-sockets record btcusdt@trade btcusdt@depth@100ms -o btc.frames.gz
      binance-sockets record '!miniTicker@arr' -o market.frames.gz --for 1h
      binance-sockets record usdm:btcusdt@aggTrade -o futures.frames.gz --flush 5s
    """
    markets = {each.market for each in streams}
    if len(markets) > 1:
        raise click.UsageError(f"one file holds one market, not {', '.join(sorted(markets))}")
    try:
        check_name(path)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    place = Place(environment, demo)
    with place.entered():
        base = place.addresses.stream_of(streams[0].market)
        names = encoded(combined_path(each.name for each in streams))
        try:
            file = FrameFile(path, overwrite=force)
        except FileExistsError:
            raise Trouble(f"{path} is there already; --force replaces it") from None
        except OSError as error:
            raise Trouble(f"{path} cannot be written: {error.strerror}") from None
        recorder = Recorder(streams, file, f"{base}/stream?{names}", interval)
        recorder.run(place, seconds)


class Recorder:
    """Brings frames to a file, and tells how it goes."""

    def __init__(
        self, streams: Sequence[Wanted], file: FrameFile, url: str, interval: float
    ) -> None:
        self.file = file
        self.figures = {each: Figures(each.label) for each in streams}
        self.notes = Notes()
        self.feed = Feed(streams, self._take, self._tell)
        self._url = url
        self._interval = interval
        self._connects = 0
        self._is_live = is_live()
        self._ended = threading.Event()
        self._failed: OSError | None = None
        self._writer = threading.Thread(target=self._write, name="recorder", daemon=True)
        symbols = symbols_of(streams)
        self.snapshots = Snapshots(beside(file.path), symbols, self._say) if symbols else None
        self._began = time.monotonic()

    def run(self, place: Place, seconds: float | None) -> None:
        """Record until told to end; print the totals."""
        with told_to_end() as ending:
            self._writer.start()
            if self.snapshots is not None:
                self.snapshots.start()
            try:
                self.feed.start()
                if self._is_live:
                    with Screen() as screen:
                        self._wait(ending, place, seconds, screen)
                else:
                    self._wait(ending, place, seconds, None)
            finally:
                self._end()
                if self._connects:
                    click.echo(self.totals())
        if self._failed is not None:
            raise Trouble(f"{self.file.path} cannot be written: {self._failed.strerror}")

    def _wait(
        self, ending: Ending, place: Place, seconds: float | None, screen: Screen | None
    ) -> None:
        while not ending.wait(REFRESH_SECONDS):
            self.feed.check()
            if self._failed is not None:
                return
            if screen is not None:
                heading, rows = self._heading(place.name), list(self.figures.values())
                footer = ["", self._progress()]
                screen.draw(streams_table(heading, rows, self.notes, screen.size, footer))
            if seconds is not None and time.monotonic() - self._began >= seconds:
                return

    def _end(self) -> None:
        self.feed.close()
        if self.snapshots is not None:
            self.snapshots.stop(1.0)
        self._ended.set()
        self._writer.join()
        with explained(f"{self.file.path} cannot be written"):
            self.file.close()
        if not self._connects:
            self.file.path.unlink(missing_ok=True)  # there is nothing in it

    # from the feed, in the reactor's thread

    def _take(self, stream: Wanted, frame: Frame) -> None:
        self.file.add(frame.octets, frame.when)
        one = self.figures.get(stream)
        if one is None:
            one = self.figures[stream] = Figures(stream.label)
        one.heard(frame["data"], frame.when)

    def _tell(self, event: events.Event) -> None:
        if isinstance(event, events.Connected):
            self._connects += 1
            self.file.connected(self._url, event.when)
            if self.snapshots is not None:
                self.snapshots.take()
        self.notes.tell(event)
        if not self._is_live and (text := words(event)):
            click.echo(f"{clock(event.when)} {text}", err=True)

    def _say(self, text: str) -> None:
        self.notes.add(time.time(), text)
        if not self._is_live:
            click.echo(f"{clock(time.time())} {text}", err=True)

    # the writer's thread

    def _write(self) -> None:
        """A thread of its own, so that a terminal which is held back holds back no recording."""
        while not self._ended.wait(self._interval):
            try:
                self.file.flush()
            except OSError as error:
                self._failed = error
                return

    # words

    def _heading(self, place: str) -> Heading:
        now, feed = time.monotonic(), self.feed
        seconds = now - self._began
        return Heading(place, feed.is_connected, seconds, time.time(), now, feed.reconnects)

    def _progress(self) -> str:
        file = self.file
        packed = f"{sized(file.written)} in {file.path.name}"
        if file.written and file.octets > file.written:
            packed += f", packed {file.octets / file.written:.1f} times"
        return f"{file.frames:,} frames, {packed}"

    def totals(self) -> str:
        """What was recorded: one line a stream, then the file."""
        width = max(len(each.label) for each in self.figures.values())
        rows = [
            f"{each.label:{width}}  {each.messages:>12,} frames" for each in self.figures.values()
        ]
        seconds = span(time.monotonic() - self._began)
        told = [
            f"{seconds} recorded",
            f"{self.feed.reconnects} reconnects",
            f"{self.notes.gaps} gaps",
        ]
        if self.snapshots is not None:
            told.append(f"{self.snapshots.count} snapshots in {self.snapshots.path.name}")
        if self.file.left_out:
            told.append(f"{self.file.left_out} frames left out: they hold a line feed")
        return "\n".join([*rows, self._progress(), ", ".join(told)])


def sized(octets: int) -> str:
    """A number of octets for human eyes."""
    if octets < 1000:
        return f"{octets} B"
    size = octets / 1000
    for unit in ("kB", "MB"):
        if size < 1000:
            return f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
