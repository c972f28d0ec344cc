"""The file with the cursors of streams, and when it is written."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from twisted.python.failure import Failure

from binance.tx.dependencies import Dependencies

logger = logging.getLogger("binance")


class Checkpoint:
    """A file with the cursors of streams: the position of the first event that is still wanted.

    It is written to a second file which then takes its place, so it is whole at any time.  A third
    one is locked until the last socket that uses it has ended, or this object: two processes would
    drop each other's cursors.
    """

    _open: weakref.WeakValueDictionary[str, Checkpoint] = weakref.WeakValueDictionary()
    _opening = threading.Lock()
    _held: BinaryIO | None = None

    def __init__(self, path: str) -> None:
        """:raises ValueError: it is no file of cursors, or another process uses it."""
        self.path = Path(path)
        self.saved = 0.0
        self.cursors: dict[str, int] = {}
        self._lock = threading.Lock()
        self._users = 0
        self._hold()
        if not self.path.exists():
            return
        try:
            content = json.loads(self.path.read_bytes())
            self.saved = float(content["saved"])
            self.cursors = {str(name): int(one) for name, one in content["cursors"].items()}
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            self.release()  # a traceback may hold this object for long
            raise ValueError(
                f"checkpoint {str(self.path)!r} is no file of cursors ({error}); give the path of "
                "a file that does not exist yet, or of one that was written for checkpoint="
            ) from error

    @classmethod
    def of(cls, path: object) -> Checkpoint:
        """The checkpoint of a path; sockets with the same path share it."""
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"checkpoint must be the path of a file, not {path!r}")
        name = os.path.realpath(path)
        with cls._opening:
            found = cls._open.get(name)
            if found is None:
                found = cls._open[name] = cls(name)
            return found

    def _hold(self) -> None:
        try:
            self._held = open(f"{self.path}.lock", "ab")  # noqa: SIM115
            weakref.finalize(self, self._held.close).atexit = False  # it is saved until the end
            _lock(self._held.fileno())
        except BlockingIOError:
            raise ValueError(
                f"checkpoint {str(self.path)!r} is in use by another process"
            ) from None
        except OSError as error:  # such as a folder where nothing may be written
            logger.warning("checkpoint %s is used without a lock: %s", self.path, error)

    def borrow(self) -> None:
        """A socket uses it."""
        with self._opening:
            self._users += 1
            if self._held is not None and self._held.closed:  # the last one has just ended
                self._hold()
                self._open[str(self.path)] = self

    def give_back(self) -> None:
        """A socket does not use it any more."""
        with self._opening:
            self._users -= 1
            if not self._users:
                if self._open.get(str(self.path)) is self:
                    del self._open[str(self.path)]
                self.release()

    def release(self) -> None:
        """Let another process use it, as far as this process is concerned."""
        if self._held is not None:
            self._held.close()

    def save(self, cursors: Mapping[str, int], now: float) -> None:
        """Write the file with these cursors, and the present ones of other streams.

        :param now: UNIX seconds.
        """
        with self._lock:
            self.cursors |= cursors
            self.saved = now
            content = {"saved": now, "cursors": self.cursors}
            new_file = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
            with new_file.open("w", encoding="utf-8") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(new_file, self.path)


def _forked() -> None:
    """Leave the locks to the parent: they are held until all processes have closed the files."""
    for one in Checkpoint._open.values():
        one.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def _lock(file: int) -> None:
    """Lock a file until it is closed.

    :raises BlockingIOError: another process has locked it.
    """
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Mark(NamedTuple):
    """Goes through the queue of a callback: all messages before it have been processed."""

    passed: Callable[[], object]
    #: whether it is never dropped: it returns an event of the socket
    stays: bool = False


class Saving:
    """Saves the cursors of a socket's streams, once the callback has processed what came before.

    Reactor thread.

    :param inject: adds a `Mark` to the queue of the callback.
    :param failed: called with the reason if the file could not be written.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        dependencies: Dependencies,
        inject: Callable[[Mark], object],
        failed: Callable[[str], object],
    ) -> None:
        self._checkpoint = checkpoint
        self._dependencies = dependencies
        self._inject = inject
        self._failed = failed
        self._cursors: dict[str, int] = {}  # the newest that are saved, or being saved
        self._waiting: dict[str, int] = {}  # those that came while others were being saved
        self._is_saving = self._has_ended = self._is_free = False
        checkpoint.borrow()

    def note(self, cursors: dict[str, int]) -> None:
        """Note the cursors of streams, which include all delivered messages."""
        if cursors.items() - self._cursors.items():
            self._inject(Mark(partial(self._dependencies.call, self._save, cursors)))

    def end(self) -> None:
        """No further ones come."""
        self._has_ended = True
        if not self._is_saving:
            self._give_back()

    def _give_back(self) -> None:
        self._is_free = True
        self._checkpoint.give_back()

    def _save(self, cursors: dict[str, int]) -> None:
        if self._is_free:  # what a slow callback processes now comes again after a restart
            return
        if self._is_saving:
            self._waiting |= cursors  # of another connection, as a rule
            return
        self._is_saving = True
        self._cursors |= cursors
        now = self._dependencies.wall()
        saving = self._dependencies.in_thread(lambda: self._checkpoint.save(cursors, now))
        saving.addErrback(self._not_saved).addCallback(self._saved)

    def _not_saved(self, why: Failure) -> None:
        self._cursors = {}
        self._failed(f"the checkpoint could not be saved: {why.getErrorMessage()}")

    def _saved(self, _: object) -> None:
        self._is_saving = False
        waiting, self._waiting = self._waiting, {}
        if waiting:
            self._save(waiting)
        elif self._has_ended:
            self._give_back()


def watching(callback: Callable[[Any], object]) -> Callable[[Any], object]:
    """The callback, which notices marks."""

    def call(message: Any) -> object:
        if message.__class__ is not Mark:
            return callback(message)
        message.passed()
        return None

    return call
