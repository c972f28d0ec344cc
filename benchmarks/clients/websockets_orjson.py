"""The websockets library on asyncio, with orjson; no compression, bytes not text: its best."""

import asyncio
import ssl

import meter
import orjson
from websockets.asyncio.client import connect

callback = meter.callback()
opened: list[object] = []


async def read(path: str, context: ssl.SSLContext | None) -> None:
    """Read one connection for ever."""
    async with connect(meter.URL + path, ssl=context, compression=None, max_size=None) as socket:
        opened.append(True)
        while True:
            callback(orjson.loads(await socket.recv(decode=False)))


async def main() -> None:
    """Read all of them."""
    context = ssl.create_default_context(cafile=meter.CA_FILE) if meter.CA_FILE else None
    if meter.ORDER["messages"] == 0:
        meter.idle(opened)
    paths = (f"ws/s{i}@trade" for i in range(meter.CONNECTIONS))
    await asyncio.gather(*(read(path, context) for path in paths))


asyncio.run(main())
