"""``replay``: a recording, seen again."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

from binance.cli.figures import Figures
from binance.cli.notes import Notes
from binance.cli.tables import Heading, span, streams_table
from binance.cli.terminal import REFRESH_SECONDS, Ending, Screen, is_live, told_to_end
from binance.cli.trouble import Trouble
from binance.cli.watch import forget_output, summary
from binance.simulator.market.replay import Frame, Player, Recording, load
from binance.simulator.run.exchange_process import ExchangeProcess, SimulatorError

__all__ = ["replay"]

#: Seconds between two looks at what is due.
TICK_SECONDS = 0.02


@click.command(short_help="See a recording again, or serve it to programs.")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    metavar="N",
    help="So many times as fast as it was recorded; 0: as fast as it can.",
)
@click.option("--json", "as_lines", is_flag=True, help="The frames as they came, one a line.")
@click.option(
    "--serve",
    is_flag=True,
    help="Serve it on this machine to programs, and print the variables that point them at it.",
)
def replay(path: Path, speed: float, as_lines: bool, serve: bool) -> None:
    """Replay what "record" has recorded, or any other file of that format.

    Where standard output is no terminal, or with --json, the frames are printed byte for byte, one
    a line. With --serve a simulated exchange serves them on the streams that they came from,
    beginning when somebody connects.

    \b
    Examples:
      binance-sockets replay btc.frames.gz --speed 10
      binance-sockets replay btc.frames.gz --speed 0 --json | wc -l
      binance-sockets replay btc.frames.gz --serve
    """
    try:
        recording = load(path)
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise Trouble(str(error)) from None
    if not recording.frames:
        raise Trouble(f"{path} holds no frame")
    if not recording.whole:
        click.echo(f"{path} ends in the middle; what can be read of it is replayed", err=True)
    with told_to_end() as ending:
        if serve:
            offer(path, speed, ending)
        elif as_lines or not is_live():
            lines(Player(recording, speed), ending)
        else:
            table(Player(recording, speed), ending, path)


def due(player: Player, ending: Ending) -> Iterator[list[Frame]]:
    """The frames when their time has come, until the last one; often none."""
    began = time.monotonic()
    player.arrive(0.0)
    while not player.finished and not ending.is_set():
        frames = player.due((time.monotonic() - began) * 1000)
        yield frames
        if not frames:
            ending.wait(TICK_SECONDS)


def lines(player: Player, ending: Ending) -> None:
    """Print the frames."""
    out = sys.stdout.buffer
    try:
        for frames in due(player, ending):
            if frames:
                out.write(b"".join(frame.combined + b"\n" for frame in frames))
                out.flush()
    except BrokenPipeError:
        forget_output()


def table(player: Player, ending: Ending, path: Path) -> None:
    """Draw the recording as it was."""
    recording, notes = player.recording, Notes()
    figures = {name: Figures(name) for name in sorted(recording.streams)}
    began = time.monotonic()
    drawn = reached = 0.0

    def heading() -> Heading:
        now = time.monotonic()
        wall = recording.begun + reached
        more = f"at {player.speed:g} times its pace" if player.speed else "as fast as it can"
        return Heading(
            path.name, not player.finished, now - began, wall, now, recording.connects - 1, more
        )

    with Screen() as screen:
        for frames in due(player, ending):
            for frame in frames:
                reached = frame.at
                figures[frame.stream].heard(_data(frame), recording.begun + frame.at)
            if time.monotonic() - drawn >= REFRESH_SECONDS:
                drawn = time.monotonic()
                rows, footer = list(figures.values()), ["", progress(recording, reached)]
                screen.draw(streams_table(heading(), rows, notes, screen.size, footer))
    click.echo(summary(heading(), list(figures.values())))


def _data(frame: Frame) -> Any:
    try:
        return orjson.loads(frame.raw)
    except ValueError:  # a recording of somebody else's
        return None


def progress(recording: Recording, reached: float) -> str:
    """How far it is, and when that was."""
    end = recording.frames[-1].at
    date = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(recording.begun + reached))
    return f"{date} UTC, {span(reached)} of {span(end)}"


def offer(path: Path, speed: float, ending: Ending) -> None:
    """Serve the recording until told to end."""
    try:
        with ExchangeProcess(replay=str(path.absolute()), speed=speed) as exchange:
            for name, value in exchange.env.items():
                click.echo(f"export {name}={shlex.quote(value)}")
            click.echo("# serving until Ctrl-C", err=True)
            while exchange.running and not ending.wait(REFRESH_SECONDS):
                pass
    except SimulatorError as error:
        raise Trouble(str(error)) from None
