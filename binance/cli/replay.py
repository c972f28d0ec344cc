"""``replay``: show a recording again."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

from binance.cli.errors import CommandError
from binance.cli.event_text import ConnectionLog
from binance.cli.screen import terminal
from binance.cli.screen.pictures import Heading, clock_text, streams_picture, summary
from binance.cli.screen.stream_stats import StreamStats
from binance.cli.screen.terminal import Stop
from binance.simulator.market.replay import Frame, Player, Recording, load
from binance.simulator.run.exchange_process import ExchangeProcess, SimulatorError, export_lines

#: Seconds between two looks for frames that are due.
TICK_SECONDS = 0.02


@click.command(short_help="Replay a recording, or serve it to programs.")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    metavar="N",
    help="N times as fast as it was recorded; 0: as fast as possible.",
)
@click.option("--json", "as_lines", is_flag=True, help="Print each frame on a line, unchanged.")
@click.option(
    "--serve",
    is_flag=True,
    help="Serve it on this machine, and print the variables that make programs connect to it.",
)
def replay(path: Path, speed: float, as_lines: bool, serve: bool) -> None:
    """Replay a file of "record", or any other file of that format.

    With --json, or if standard output is not a terminal, each frame is printed on a line of its
    own, byte for byte. With --serve a simulated exchange serves the frames on their streams; it
    starts with the first frame when a program connects.

    \b
    Examples:
      binance-sockets replay btc.frames.gz --speed 10
      binance-sockets replay btc.frames.gz --speed 0 --json | wc -l
      binance-sockets replay btc.frames.gz --serve
    """
    try:
        player = Player(recording := load(path), speed)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise CommandError(str(error)) from None
    if not recording.frames:
        raise CommandError(f"{path} holds no frame")
    if not recording.whole:
        click.echo(f"{path} is cut off; the command replays what can be read of it", err=True)
    with terminal.stop_on_signals() as stop:
        if serve:
            _serve(path, speed, stop)
        elif as_lines or not terminal.is_terminal():
            _print_frames(player, stop)
        else:
            _show_table(player, stop, path)


def _due_frames(player: Player, stop: Stop) -> Iterator[list[Frame]]:
    """The frames when they are due, until the last one; often none."""
    began = time.monotonic()
    player.arrive(0.0)
    while not player.finished and not stop.is_set():
        frames = player.due((time.monotonic() - began) * 1000)
        yield frames
        if not frames:
            stop.wait(TICK_SECONDS)


def _print_frames(player: Player, stop: Stop) -> None:
    out = sys.stdout.buffer
    for frames in _due_frames(player, stop):
        if frames:
            out.write(b"".join(frame.combined + b"\n" for frame in frames))
            out.flush()


def _show_table(player: Player, stop: Stop, path: Path) -> None:
    recording, log = player.recording, ConnectionLog()
    stats = {name: StreamStats(name) for name in sorted(recording.streams)}
    began = time.monotonic()
    drawn = reached = 0.0

    def heading() -> Heading:
        now = time.monotonic()
        times = now - began, recording.begun + reached, now
        more = f"at {player.speed:g} times its speed" if player.speed else "as fast as possible"
        return Heading(path.name, not player.finished, *times, recording.connects - 1, more)

    with terminal.open_screen(stop) as screen:
        for frames in _due_frames(player, stop):
            for frame in frames:
                reached = frame.at
                stats[frame.stream].add(_data(frame), recording.begun + frame.at)
            if time.monotonic() - drawn >= terminal.REFRESH_SECONDS:
                drawn = time.monotonic()
                rows, footer = list(stats.values()), ["", _progress(recording, reached)]
                screen.draw(streams_picture(heading(), rows, log, screen.size, footer))
    click.echo(summary(heading(), list(stats.values())))


def _data(frame: Frame) -> Any:
    try:
        return orjson.loads(frame.raw)
    except ValueError:  # another program's recording
        return None


def _progress(recording: Recording, reached: float) -> str:
    """The time of recording, and how far the replay is."""
    end = recording.frames[-1].at
    date = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(recording.begun + reached))
    return f"{date} UTC, {clock_text(reached)} of {clock_text(end)}"


def _serve(path: Path, speed: float, stop: Stop) -> None:
    try:
        with ExchangeProcess(replay=str(path.absolute()), speed=speed) as exchange:
            click.echo(export_lines(exchange.env))
            click.echo("# serving until Ctrl-C", err=True)
            while exchange.running and not stop.wait(terminal.REFRESH_SECONDS):
                pass
    except SimulatorError as error:
        raise CommandError(str(error)) from None
