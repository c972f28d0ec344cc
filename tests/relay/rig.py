"""An engine, relays and consumers in processes of their own."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nats
from nats.js import api
from nats.js.errors import NotFoundError

from tests.pace import paced
from tests.programs import environment

DEADLINE = paced(15.0)
SERVER = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which(
    "nats-server"
)


def wait_for(condition: Callable[[], Any], what: str, seconds: float = DEADLINE) -> Any:
    """What the condition returns, once that is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.02)
    return found


class Child:
    """A process that tests may stop, freeze and kill."""

    process: subprocess.Popen[str]

    def _collect(self) -> None:
        """Read what it prints, in a thread."""
        self.lines: list[str] = []
        out = self.process.stdout
        assert out is not None
        self._reader = threading.Thread(target=self.lines.extend, args=(out,), daemon=True)
        self._reader.start()

    @property
    def printed(self) -> str:
        return "".join(self.lines)

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self._reader.join(DEADLINE)
        for stream in (self.process.stdout, self.process.stdin):
            if stream is not None:
                stream.close()


class NatsServer(Child):
    """A NATS server with JetStream, which keeps its files and its port when it is restarted.

    :param access: the user information of its URL.
    """

    def __init__(self, folder: Path, *options: str, scheme: str = "nats", access: str = "") -> None:
        assert SERVER is not None
        self._folder, self._options = folder, options
        self._url = f"{scheme}://{access}{'@' * bool(access)}127.0.0.1"
        self.port = -1
        self.start()

    def start(self) -> None:
        command = [str(SERVER), "-js", "-sd", str(self._folder / "js"), "-a", "127.0.0.1"]
        if self.port == -1:
            command += ["--ports_file_dir", str(self._folder)]
        self.process = subprocess.Popen(
            [*command, "-p", str(self.port), *self._options],
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "log").open("a"),
            text=True,
        )
        if self.port == -1:
            ports = self._folder / f"nats-server_{self.process.pid}.ports"
            wait_for(lambda: ports.exists() and ports.read_text(), "the server's ports")
            [[url, *_]] = json.loads(ports.read_text()).values()
            self.port = int(url.rpartition(":")[2])

    @property
    def url(self) -> str:
        return f"{self._url}:{self.port}"

    def messages(self, subject: str) -> list[Any]:
        """What is stored under a subject, in order."""
        return asyncio.run(self._messages(subject))

    def publish(self, subject: str, *payloads: bytes) -> None:
        """Store messages that no relay has published."""
        asyncio.run(self._publish(subject, payloads))

    async def _publish(self, subject: str, payloads: Iterable[bytes]) -> None:
        async with await nats.connect(self.url, allow_reconnect=False) as client:
            for payload in payloads:
                await client.jetstream().publish(subject, payload)

    def count(self, subject: str) -> int:
        """How many messages are stored under a subject."""
        return asyncio.run(self._count(subject))

    async def _count(self, subject: str) -> int:
        async with await nats.connect(self.url, allow_reconnect=False) as client:
            try:
                info = await client.jetstream().stream_info("BINANCE", subjects_filter=subject)
            except NotFoundError:
                return 0
            return (info.state.subjects or {}).get(subject, 0)

    async def _messages(self, subject: str) -> list[Any]:
        count = await self._count(subject)
        async with await nats.connect(self.url, allow_reconnect=False) as client:
            config = api.ConsumerConfig(ack_policy=api.AckPolicy.NONE)
            reading = await client.jetstream().subscribe(
                subject, ordered_consumer=True, config=config
            )
            return [await reading.next_msg(DEADLINE) for _ in range(count)]


class RelayProcess(Child):
    """The command `relay`."""

    def __init__(self, exchange: Any, engine: NatsServer, *arguments: str) -> None:
        self.has_streams = any("@" in argument for argument in arguments)
        command = [sys.executable, "-m", "binance", "relay", *arguments, "--nats", engine.url]
        self.process = subprocess.Popen(
            command,
            env=environment(exchange),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._collect()

    def ready(self) -> RelayProcess:
        """Wait for its connections to the engine, and to the exchange if it has streams."""
        for text in (" connected to ", " connected\n")[: 1 + self.has_streams]:
            wait_for(lambda text=text: text in self.printed, "the relay's connections")
        return self

    def stop(self) -> str:
        """End it as Ctrl-C does; what it has printed."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        return self.printed


class Consumer(Child):
    """A script that reads the exchange's streams from the engine; it prints a line a message."""

    def __init__(self, exchange: Any, engine: NatsServer, script: str, *arguments: str) -> None:
        env = environment(exchange) | {"BINANCE_STREAM_URL": engine.url}
        self.process = subprocess.Popen(
            [sys.executable, script, *arguments],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._collect()
