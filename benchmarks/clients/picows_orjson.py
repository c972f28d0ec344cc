"""picows, the Cython client, with orjson; `loop` in the order is asyncio or uvloop."""

import asyncio
import ssl
from typing import Any

import meter
import orjson
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

callback = meter.callback()
opened: list[object] = []


class Client(WSListener):
    """One dict a frame to the callback."""

    def on_ws_connected(self, transport: WSTransport) -> None:
        opened.append(True)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            callback(orjson.loads(frame.get_payload_as_memoryview()))


async def main() -> None:
    """Open all connections and wait for ever."""
    context = ssl.create_default_context(cafile=meter.CA_FILE) if meter.CA_FILE else None
    options: dict[str, Any] = {"ssl_context": context} if context else {}
    if meter.ORDER["messages"] == 0:
        meter.idle(opened)
    kept = [
        await ws_connect(Client, f"{meter.URL}ws/s{i}@trade", **options)
        for i in range(meter.CONNECTIONS)
    ]
    await asyncio.gather(*(transport.wait_disconnected() for transport, _ in kept))


if meter.ORDER["loop"] == "uvloop":
    import uvloop

    uvloop.run(main())
else:
    asyncio.run(main())
