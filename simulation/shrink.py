"""The shortest plan that still shows a finding.

Operations are dropped in ever smaller groups, then features, then the time between operations.
Dice have names, so that what is left goes on as before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["shrink"]

Plan = dict[str, Any]
Shows = Callable[[Plan], bool]

#: Gaps of no more than a second are let be; longer ones are tried at these parts of theirs.
SHORT, PARTS = 1.0, (0.0, 0.25, 0.5)


def shrink(plan: Plan, shows: Shows, tries: int = 400) -> Plan:
    """Drop from a plan what it does not need.

    Args:
        plan: as `simulation.plans` makes it; is not changed.
        shows: whether a plan has the finding; the one given has it.
        tries: how many plans are tried at the most.
    """
    search = _Search(plan, shows, tries)
    while search.drop_operations():
        pass
    search.drop_features()
    search.drop_time()
    return search.plan


class _Search:
    def __init__(self, plan: Plan, shows: Shows, tries: int) -> None:
        self.plan, self._shows, self._tries = plan, shows, tries

    def _take(self, **changed: Any) -> bool:
        """Go on with a plan with these changes, if it shows the finding as well."""
        if self._tries <= 0:
            return False
        self._tries -= 1
        tried = {**self.plan, **changed}
        if not self._shows(tried):
            return False
        self.plan = tried
        return True

    def drop_operations(self) -> bool:
        """Whether any could be dropped."""
        before = len(self.plan["operations"])
        size = max(before // 2, 1)
        while size:
            at = 0
            while at < len(self.plan["operations"]):
                operations = self.plan["operations"]
                if not self._take(operations=operations[:at] + operations[at + size :]):
                    at += size
            size //= 2
        return len(self.plan["operations"]) < before

    def drop_features(self) -> None:
        for feature in list(self.plan["features"]):
            self._take(features=[name for name in self.plan["features"] if name != feature])

    def drop_time(self) -> None:
        """Bring operations closer together."""
        for index in range(len(self.plan["operations"])):
            for part in PARTS:
                operations = self.plan["operations"]
                gap = operations[index]["at"] - (operations[index - 1]["at"] if index else 0.0)
                if gap <= SHORT:
                    break
                cut = gap * (1 - part)
                later = [
                    {**operation, "at": round(operation["at"] - cut, 3)}
                    for operation in operations[index:]
                ]
                if self._take(operations=operations[:index] + later):
                    break
