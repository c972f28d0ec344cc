"""No client at all: orjson and the callback, over the payloads in memory."""

import sys
from itertools import islice
from pathlib import Path

import meter
import orjson

sys.path.insert(0, str(Path(__file__).parent.parent))

import frames

callback = meter.callback()
for payload in list(islice(frames.payloads(meter.KIND), meter.ORDER["messages"])):
    callback(orjson.loads(payload))
