"""What has to hold in every run, one class each, numbered.

1. No event is lost, doubled or out of order unless an event says so.
2. No callback after `stop_socket` or `close`, and none before its time.
3. No socket claims to be open while nothing was heard past its deadline.
4. The exchange's limits and bans are kept, as the exchange counts them.
5. A book that says `synced` equals the exchange's at that update id.
6. Futures, waits and orders: everything that was promised is kept.
7. After `close` nothing is left.
8. Within a minute of the last fault everything that is wanted delivers again.
9. Nothing secret is in any log line, event, repr or exception.
10. Nothing is raised where nobody catches it.
11. A socket with two links is connected while one is open, and replaces one at a time.
12. What is made from REST of an account is what has happened.
"""

from simulation.invariants.base import HOOKS, Invariant
from simulation.invariants.books import Books
from simulation.invariants.continuity import Continuity
from simulation.invariants.leftovers import Leftovers
from simulation.invariants.limits import Limits
from simulation.invariants.liveness import Liveness
from simulation.invariants.promises import Promises
from simulation.invariants.reconciled import Reconciled
from simulation.invariants.recovery import Recovery
from simulation.invariants.redundancy import Redundancy
from simulation.invariants.secrets import Secrets
from simulation.invariants.stopped import Stopped
from simulation.invariants.strays import Strays

__all__ = ["HOOKS", "INVARIANTS", "Invariant"]

INVARIANTS: tuple[type[Invariant], ...] = (
    Continuity,
    Stopped,
    Liveness,
    Limits,
    Books,
    Promises,
    Leftovers,
    Recovery,
    Secrets,
    Strays,
    Redundancy,
    Reconciled,
)
