"""Who may look at the background jobs of a school, and take their files."""

from typing import Any

from core.models import Job
from schools.enums import Role
from schools.selectors import membership_of

SEES_ALL = frozenset({Role.BDE, Role.DDFPT, Role.HEAD})


def may_see_job(job: Job, user: Any) -> bool:
    """Who asked, while still a member of the school; and those who may read all that a result can hold."""
    membership = membership_of(user, job.scope)
    return membership is not None and (job.asked_by_id == user.pk or membership.role_enum in SEES_ALL)
