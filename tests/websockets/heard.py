"""A callback for tests of scripts."""

import queue

from tests.pace import paced

DEADLINE = paced(60.0)


class Heard(queue.Queue):
    """A callback that keeps what it gets."""

    def __call__(self, msg):
        self.put(msg)

    def next(self):
        return self.get(timeout=DEADLINE)

    def until(self, condition):
        while not condition(msg := self.next()):
            pass
        return msg
