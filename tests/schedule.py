"""In which order the processes of `make test` take the files with tests.

Most tests compute, and many of the others wait for a process or a socket. pytest-xdist begins with
the files that have most tests, and these compute: the processes would first compete for the
processor, and later leave it idle while all of them wait. Here one process begins with the files
that compute, and the others begin with those that wait.
"""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadFileScheduling

from tests.unit import has_unit_tests


class BesideEachOther(LoadFileScheduling):
    """Gives files to a process one after the other, of its own kind while there are such."""

    def _assign_work_unit(self, node: Any) -> None:
        computes = node is self.nodes[0]
        for scope in self.workqueue:
            if has_unit_tests(self.config.rootpath / scope) is computes:
                self.workqueue.move_to_end(scope, last=False)
                break
        super()._assign_work_unit(node)
