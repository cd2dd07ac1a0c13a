"""Background work that is never lost, and never done twice.

The row of `core.models.Job` is the truth; a message of the broker only wakes a worker.

1. `enqueue` inserts the row in the caller's transaction. On commit a message wakes a worker; if the broker is down or the
   message is lost, `sweep` (every 30 s, and when a worker starts) sends it again.
2. The worker claims the row with one conditional update (waiting, or its lease has run out) that writes a new token. No row
   changed: someone else has it, or it is finished, and the message is dropped.
3. While the body works, a thread renews the lease. A killed worker stops renewing, and after JOBS_LEASE_SECONDS the sweep
   hands the job to another. The lease is short and the time limit long: a lost job is taken up soon, a long one may go on.
4. The job is closed in the transaction that writes its result (`closing`), by an update that names the token: a worker that
   lost its lease, or whose job was cancelled, changes no row, and its whole transaction is rolled back.

Keys. One alive job for one key: asking again returns the job that waits or runs. When it is finished, asking again makes a
new row, so that the first keeps its story and its file; `once=True` forbids even that (nightly work under a dated key). A
task declared with `rerun=True` that is asked for while it runs is done once more afterwards, since it may have read the
data too early.

Bodies are called again after a crash: they do their slow work first, and write in `closing` only.
"""

from core.jobs.asking import cancel, enqueue, retry
from core.jobs.declaring import task
from core.jobs.registry import Failure, LeaseLost, Postponed, Result, Task, label, named
from core.jobs.tending import ask_daily, forget_old, remove_old_files, run_waiting, sweep
from core.jobs.visibility import decide_visibility_with, visible_to
from core.jobs.working import closing, progress, run

__all__ = [
    "Failure",
    "LeaseLost",
    "Postponed",
    "Result",
    "Task",
    "ask_daily",
    "cancel",
    "closing",
    "decide_visibility_with",
    "enqueue",
    "forget_old",
    "label",
    "named",
    "progress",
    "remove_old_files",
    "retry",
    "run",
    "run_waiting",
    "sweep",
    "task",
    "visible_to",
]
