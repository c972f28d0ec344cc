"""Files that compute run beside files that wait."""

from collections import OrderedDict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.schedule import BesideEachOther

COMPUTE, WAIT = "import pytest\n", "import pytest\npytestmark = [pytest.mark.process]\n"


class Node:
    """A process with tests: what it is sent."""

    shutting_down = False

    def __init__(self) -> None:
        self.sent: list[int] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        self.sent += indices


@pytest.mark.parametrize(
    ("files", "taken"),
    [
        ("cccwww", [["0c", "1c", "2c", "5w"], ["3w", "4w"]]),
        ("wcwcwc", [["1c", "3c", "5c", "4w"], ["0w", "2w"]]),
        ("cccc", [["0c", "2c"], ["1c", "3c"]]),
        ("wwww", [["0w", "2w"], ["1w", "3w"]]),
    ],
)
def test_one_process_begins_with_what_computes(
    tmp_path: Path, files: str, taken: list[list[str]]
) -> None:
    names = [f"{number}{kind}" for number, kind in enumerate(files)]
    for name in names:
        (tmp_path / name).write_text(COMPUTE if name.endswith("c") else WAIT)
    nodes: list[Any] = [Node(), Node()]
    ids = [f"{name}::test" for name in names]
    # What xdist does when it has heard from its processes, without those.
    sched = BesideEachOther.__new__(BesideEachOther)
    sched.config = SimpleNamespace(rootpath=tmp_path)  # type: ignore[assignment]
    sched.workqueue = OrderedDict((name, {f"{name}::test": False}) for name in names)
    sched.assigned_work = {node: {} for node in nodes}
    sched.registered_collections = dict.fromkeys(nodes, ids)
    turn = 0
    while sched.workqueue:
        sched._assign_work_unit(nodes[turn % 2] if turn < 4 else nodes[0])
        turn += 1
    assert [[names[index] for index in node.sent] for node in nodes] == taken
