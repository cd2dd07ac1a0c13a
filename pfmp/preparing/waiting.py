"""What a page says of where pre-conventions are: those that wait for a teacher, and what must be there before the departure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core import french
from documents.models import Document
from pfmp import rules
from pfmp.enums import PreConventionState
from pfmp.models import Placement, PreConvention, Terms
from pfmp.rules.facts import MAJORITY
from schools.models import Membership

S = PreConventionState


def to_validate(membership: Membership, visible: Callable[[Membership], Any]) -> Any:
    """The pre-conventions that wait for a teacher, among the placements that this person sees."""
    return (
        PreConvention.objects.in_school(membership.school_id)
        .filter(state=S.FILLED, placement__in=visible(membership).values("pk"))
        .select_related("placement__student", "placement__partner", "placement__school", "school")
        .order_by("filled_at", "pk")
    )


def said(pre: PreConvention) -> str:
    """« Remplie par Jeanne Dupont le 3 février », for the page and the list."""
    if pre.state == S.VALIDATED and pre.validated_at:
        return f"Validée par {pre.validated_by or 'un collègue'} le {french.day(timezone.localdate(pre.validated_at))}"
    if pre.filled_at and pre.state in (S.FILLED, S.TO_CORRECT):
        return f"Remplie par {pre.filled_by or 'l’entreprise'} le {french.day(timezone.localdate(pre.filled_at))}"
    if pre.sent_at and pre.state == S.SENT:
        return f"Envoyée le {french.day(timezone.localdate(pre.sent_at))}"
    return ""


@dataclass(frozen=True)
class Check:
    """One line of what must be there before the pupil leaves; `is_done` None: nothing tells."""

    label: str
    is_done: bool | None
    more: str = ""


def checklist(placement: Placement, terms: Terms | None, *, convention: Document | None) -> list[Check]:
    """What the data say of the departure: the convention, hours, people, insurance, what the family has."""
    timetable = rules.parse_timetable(placement.timetable)
    complete = convention is not None and convention.voided_at is None and convention.completed_at is not None
    said = "signée de tous" if complete else "éditée, pas signée de tous" if convention else "pas encore éditée"
    student = placement.student
    minor = student.birth_date is None or rules.age_on(student.birth_date, placement.start_date) < MAJORITY
    lines = [
        Check("Convention", complete, said),
        Check("Horaires lisibles", isinstance(timetable, rules.Timetable)),
        Check("Tuteur", placement.tutor_id is not None, str(placement.tutor or "à désigner")),
        Check("Enseignant référent", bool(placement.referent_email.strip()), "" if placement.referent_email.strip() else "à désigner"),
        Check("Assurance de l’entreprise", bool(terms and terms.insurer), terms.insurer if terms else ""),
        Check("Confirmé : pas un emploi", terms.is_no_job if terms else None),
    ]  # fmt: skip
    if minor:
        lines.append(
            Check("Responsable légal connu", bool(student.guardian_name), "" if student.guardian_name else "à saisir")
        )
    return lines
