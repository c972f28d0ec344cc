"""The dashboard's screen: panels, keys, and the clock by which they are drawn."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.color import Color
from textual.containers import Horizontal
from textual.filter import LineFilter
from textual.widget import Widget
from textual.widgets import Input, Static

from binance.cli.account.kinds import KINDS
from binance.cli.dashboard.board import DEFAULT, Board
from binance.cli.dashboard.feed import Feed
from binance.cli.dashboard.pictures import ASCII, PANELS, heading
from binance.cli.errors import CommandError, safe_line
from binance.cli.exchange import Exchange
from binance.cli.screen.terminal import Stop, stop_on_signals
from binance.cli.service.status import status_port

#: Seconds between two drawings, however many messages arrive.
DRAW_SECONDS = 0.2
#: Key -> its name in the last line (which 60 columns must hold), its help, its action.
KEYS = {
    "q": ("quit", "quit, as Ctrl-C does", "quit"),
    "?": ("help", "open and close this page", "help"),
    "/": ("go", "filter the watchlist; Enter goes to a symbol", "ask('go_to')"),
    "a": ("add", "add a symbol", "ask('add')"),
    "d": ("del", "delete the selected symbol", "change('delete')"),
    "s": ("sort", "sort as added, by name, by change, by messages", "change('next_sort')"),
    "p": ("pause", "pause the pictures; messages still arrive", "pause"),
    "b": ("bell", "ring at a price (!): 65000, <65000, empty: none", "ask('alert')"),
    "u": ("user", "show an account instead of a symbol; empty: none", "ask('show_account')"),
    "up": ("", "select the symbol above", "move(-1)"),
    "down": ("", "select the symbol below", "move(1)"),
    "tab": ("", "narrow terminal: show candles, book, or trades", "next_panel"),
    "escape": ("", "close a question, or this page", "end_question"),
    "ctrl+c": ("", "", "quit"),
}
HELP = "\n".join(f"{key:7} {text}" for key, (_, text, _) in KEYS.items() if text)
HELP += """\n
day     prices of 24 hours
latency from an event's time to its arrival here
age     time since the last message"""
#: Method of the board -> what is asked for.
QUESTIONS = {
    "go_to": "filter, or symbol to go to",
    "add": "symbol to add, such as ETHBTC",
    "alert": "price that rings the bell, such as 65000, >65000 or <65000",
    "show_account": ", ".join(KINDS),
}
LOWER = ("candles", "book", "trades")


class AsciiFilter(LineFilter):
    """Replaces each character that a terminal without UTF-8 lacks."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            Segment(text.translate(ASCII).encode("ascii", "replace").decode(), style, control)
            for text, style, control in segments
        ]


class Panel(Widget):
    """One picture of the board, as large as the panel."""

    def __init__(self, name: str, board: Board) -> None:
        super().__init__(id=name)
        self._board, self._picture = board, PANELS[name]
        self._drawn: Text | Table | None = None

    def render(self) -> Text | Table:
        return self._picture(self._board, *self.size)

    def draw(self, title: str) -> None:
        """Draw the panel again if its picture has changed."""
        self.border_title, before, self._drawn = title, self._drawn, self.render()
        if self._drawn != before:
            self.refresh()


class Dashboard(App[None]):
    """:param path: the file of the watchlist; None: it is not kept."""

    CSS_PATH = "dashboard.tcss"
    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (78, "-wide")]
    BINDINGS = [
        Binding(key, action, priority=key in ("ctrl+c", "tab"))  # in a question, too
        for key, (_, _, action) in KEYS.items()
    ]

    def __init__(
        self, board: Board, feed: Feed, source: str, path: Path | None, stop: Stop
    ) -> None:
        super().__init__(ansi_color="NO_COLOR" in os.environ)
        self._board, self._feed, self._source = board, feed, source
        self._path, self._stop = path, stop
        self._heading, self._help = Static(id="heading"), Static(HELP, id="help", markup=False)
        self._panels = {name: Panel(name, board) for name in PANELS}
        self._field = Input()
        self._paused = False
        self._asked = ""

    def get_line_filters(self) -> Sequence[LineFilter]:
        encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
        more = [] if "utf" in encoding.lower() else [AsciiFilter()]
        return [*super().get_line_filters(), *more]

    def compose(self) -> ComposeResult:
        yield self._heading
        yield self._panels["watchlist"]
        yield Horizontal(*(self._panels[name] for name in LOWER), id="lower")
        yield self._panels["account"]
        yield self._panels["log"]
        yield self._field
        names = " ".join(f"{key} {name}" for key, (name, _, _) in KEYS.items() if name)
        yield Static(names, id="keys", markup=False)
        yield self._help

    def on_mount(self) -> None:
        self._load()
        self._feed.start()
        self.action_next_panel()
        self.set_interval(DRAW_SECONDS, self.tick)

    def on_unmount(self) -> None:
        self._save()

    def _load(self) -> None:
        """Read the watchlist. A broken file does not stop the dashboard."""
        self._board.restore(DEFAULT)
        try:
            if self._path is not None and self._path.exists():
                self._board.restore(json.loads(self._path.read_bytes()))
        except (OSError, ValueError) as error:
            self._board.note(f"{self._path} cannot be read: {safe_line(error)}")
        self._saved = self._board.saved()

    def _save(self) -> None:
        """Replace the file in one step, if the watchlist has changed."""
        before, self._saved = self._saved, self._board.saved()
        if self._path is None or self._saved == before:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part = self._path.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps(self._saved, indent=1) + "\n", "utf-8")
            part.replace(self._path)
        except OSError as error:
            self._board.note(f"{self._path} cannot be written: {safe_line(error)}")

    # from the clock

    def tick(self) -> None:
        """Apply what has arrived, ask for what is missing, and draw."""
        board = self._board
        for change in self._feed.changes():
            change(board)
        board.tick(time.monotonic(), time.time())
        self._feed.follow(board.streams(), board.selected)
        self._feed.follow_account(board.account)
        for history in board.missing():
            self._feed.fetch(*history)
        if board.rings:
            board.rings = 0
            self.bell()
        self._save()
        if self._stop.is_set():
            self.exit()
        self.draw(not self._paused)

    def draw(self, panels: bool = True) -> None:
        """Draw the heading, and the panels."""
        board = self._board
        self._heading.update(heading(board, self._source, self._paused))
        if panels:
            height = min(len(board.shown()) + 2, self.size.height * 2 // 5)
            self._panels["watchlist"].styles.height = max(3, height)
            self.screen.set_class(board.account is not None, "account")
            titles = {"watchlist": f"watchlist, {board.sort}", "log": "log"}
            titles["account"] = f"account {board.account}"
            for name, panel in self._panels.items():
                panel.draw(titles.get(name, f"{name} {board.selected}"))

    # from the keys

    def action_help(self) -> None:
        self._help.toggle_class("shown")

    def action_pause(self) -> None:
        self._paused = not self._paused
        self.draw()

    def action_move(self, step: int) -> None:
        self._board.move(step)
        self.action_end_question()

    def action_change(self, method: str, *arguments: str) -> None:
        try:
            getattr(self._board, method)(*arguments)
        except ValueError as error:
            self._board.note(str(error))
            self.bell()
        self.action_end_question()

    def action_next_panel(self) -> None:
        """Show the next panel where one alone fits."""
        lower = [self._panels[name] for name in LOWER]
        shown = next((n for n, panel in enumerate(lower) if panel.has_class("shown")), -1)
        for number, panel in enumerate(lower):
            panel.set_class(number == (shown + 1) % len(lower), "shown")

    def action_ask(self, method: str) -> None:
        self.action_end_question()
        self._asked = method
        self._field.placeholder, self._field.value = QUESTIONS[method], ""
        self._field.add_class("shown")
        self.set_focus(self._field)  # unlike its `focus()` at once: the next key may be there

    def action_end_question(self) -> None:
        """Close the question and the help page, and draw."""
        self._asked = self._board.filter = ""
        self._field.remove_class("shown")
        self._help.remove_class("shown")
        self.set_focus(None)
        self.draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._asked == "go_to":
            self._board.filter = event.value.strip().upper()
            self.draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self._asked:
            self.action_change(self._asked, event.value)


def watchlist_path(exchange: Exchange) -> Path | None:
    """The file of this exchange alone: another one would reject symbols, and they would be lost."""
    if exchange.demo:
        return None
    where = exchange.rest_name.replace(":", ".")  # of ::1
    name = "watchlist.json" if where == "production" else f"watchlist-{where}.json"
    return Path(click.get_app_dir("binance-sockets"), name)


def run(exchange: Exchange) -> None:
    """Show the dashboard until a key or a signal ends it."""
    source, feed = exchange.name, Feed(exchange, status_port())
    path = watchlist_path(exchange)
    with stop_on_signals() as stop:
        if hasattr(signal, "SIGHUP"):  # the terminal is gone: there is nothing to restore
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
        dashboard = Dashboard(Board(), feed, source, path, stop)
        try:
            dashboard.run()
        finally:
            feed.close()
    if dashboard.return_code:
        raise CommandError("the dashboard has failed; the text above says where")
