"""Who may look at a job, and take its file."""

from collections.abc import Callable
from typing import Any

from core.models import Job

Rule = Callable[[Job, Any], bool]
_rules: list[Rule] = []


def decide_visibility_with(rule: Rule) -> None:
    """Let a higher app decide for the jobs of a school (`job.scope`): call it once, in `ready()`.

    The rule is asked at each request, so that rights are live (S-04): a person who left the school no longer reads what
    they asked for. It must check `job.scope`, and the role, since a result holds what the one who asked may see.
    """
    _rules[:] = [rule]


def visible_to(job: Job, user: Any) -> bool:
    """May this person see the job and take its file? Without a school, or without a rule: who asked, and no one else."""
    if not (user.is_authenticated and user.is_active):
        return False
    if job.scope and _rules:
        return _rules[0](job, user)
    return job.asked_by_id == user.pk
