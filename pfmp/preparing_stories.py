"""« À faire »: the pre-conventions that companies have filled, for those who validate them."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from pfmp import permissions, preparing
from schools import todo
from schools.models import Membership
from schools.permissions import allows, is_own_only
from schools.roles import Permission

MOST = 8


@todo.provider
def sheets_to_validate(membership: Membership, today: date) -> Iterable[todo.Task]:
    """A teacher has each pupil's; the bureau, which sees the whole school, one line that counts them."""
    if not allows(membership, Permission.LOG_PLACEMENT):
        return
    waiting = preparing.to_validate(membership, permissions.visible_placements)
    if not is_own_only(membership):
        if count := waiting.count():
            several = "s" if count > 1 else ""
            yield todo.Task(
                due=today,
                title=f"{count} pré-convention{several} à valider",
                text="Les entreprises ont rempli leur partie.",
                url=reverse("pfmp:pre_convention_list", args=[membership.school.uai]),
                action_label="Les voir",
            )
        return
    for pre in waiting[:MOST]:
        placement = pre.placement
        yield todo.Task(
            due=min(today, pre.filled_at.date()) if pre.filled_at else today,
            title=f"Valider la pré-convention : {placement.student}",
            text=f"{placement.partner} a rempli sa partie.",
            url=reverse("pfmp:pre_convention_review", args=[membership.school.uai, placement.public_id]),
            action_label="Valider",
        )
