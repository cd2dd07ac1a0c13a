"""The pupil's opinion of the welcome: given once behind their link, corrected for a week, never shown to the host by name.

L124-4, R-RGPD-06. One's opinion is read by the bureau, the DDFPT and the referent; a host's is told only added up, from five
answers on (P-20), to those who read how hosts are.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import audit
from core.verdict import ALLOWED, Denied, Verdict
from partners.models import Partner
from pfmp import permissions
from pfmp.enums import PlacementStatus
from pfmp.models import Placement, WelcomeOpinion
from pfmp.rules import evaluation as rules
from schools.models import Membership, Student
from schools.permissions import allows
from schools.roles import Permission

S = PlacementStatus
THERE = (S.ONGOING, S.FINISHED, S.INTERRUPTED)
TOO_LATE = "Tu as donné ton avis il y a plus d’une semaine : il ne change plus. Parles-en à ton professeur."
TOO_EARLY = "Ton avis s’ouvre à la moitié du stage."


def of(placement: Placement) -> WelcomeOpinion | None:
    """The opinion given on a placement."""
    found: WelcomeOpinion | None = (
        WelcomeOpinion.objects.in_school(placement.school_id).filter(placement=placement).first()
    )
    return found


def asked_of(student: Student, today: date) -> list[Placement]:
    """The stays that a pupil may talk about: past their half, the latest first."""
    rows = (
        Placement.objects.in_school(student.school_id)
        .filter(student=student, status__in=THERE, start_date__lte=today)
        .select_related("partner", "period", "opinion")
        .order_by("-start_date")
    )
    return [row for row in rows if rules.opinion_opens(row.start_date, last_day(row)) <= today]


def last_day(placement: Placement) -> date:
    """The last day there."""
    return min(placement.end_date, placement.interrupted_date or placement.end_date)


def may_give(placement: Placement, opinion: WelcomeOpinion | None, today: date) -> Verdict:
    """May the pupil say it, or still correct it?"""
    if placement.status not in THERE or rules.opinion_opens(placement.start_date, last_day(placement)) > today:
        return Denied(TOO_EARLY)
    if opinion and not rules.may_still_correct(timezone.localdate(opinion.submitted_at), today):
        return Denied(TOO_LATE)
    return ALLOWED


@transaction.atomic
def give(placement: Placement, answers: Mapping[str, int], comment: str, *, now: datetime) -> WelcomeOpinion:
    """Keep what the pupil says; within a week, what they say now replaces it. Raises ValidationError when it is not the time."""
    row, is_new = (
        WelcomeOpinion.objects.in_school(placement.school_id)
        .select_for_update()
        .get_or_create(placement=placement, defaults={"school_id": placement.school_id, "submitted_at": now})
    )  # two taps at once make one
    if not (verdict := may_give(placement, row, timezone.localdate(now))):
        raise ValidationError(verdict.reason)
    row.answers, row.comment = dict(answers), comment
    row.save()
    audit.record("pfmp.opinion_given" if is_new else "pfmp.opinion_corrected", row, by=None)
    return row


def may_read(membership: Membership, placement: Placement) -> Verdict:
    """One pupil's opinion: the bureau, the DDFPT, and the teacher who follows the placement."""
    if allows(membership, Permission.MANAGE_PLACEMENTS):
        return ALLOWED
    if allows(membership, Permission.LOG_VISIT) and permissions.is_referent(membership, placement):
        return ALLOWED
    return Denied("L’avis d’un élève est lu par son enseignant référent, le bureau des entreprises et le DDFPT.")


def in_words(opinion: WelcomeOpinion) -> list[tuple[str, str]]:
    """Each question with what was answered."""
    return [
        (question, rules.FACES[level][1])
        for code, question in rules.QUESTIONS.items()
        if (level := opinion.answers.get(code)) in rules.FACES
    ]


@dataclass(frozen=True)
class Welcome:
    """What pupils say of a host, added up: each question with how many of how many say yes. Without a name, from five on."""

    count: int
    lines: list[tuple[str, int, int]]


def welcome_at(partner: Partner, membership: Membership) -> Welcome | None:
    """A host's welcome as its pupils saw it; None below five answers (P-20), or for who does not read how hosts are."""
    if not (allows(membership, Permission.VIEW_HOST_QUALITY) or allows(membership, Permission.LOG_VISIT)):
        return None
    answers: list[dict[str, Any]] = list(
        WelcomeOpinion.objects.in_school(membership.school_id)
        .filter(placement__partner=partner)
        .values_list("answers", flat=True)
    )
    if len(answers) < rules.ENOUGH:
        return None
    said: dict[str, list[int]] = defaultdict(list)
    for one in answers:
        for code, level in one.items():
            if code in rules.QUESTIONS and level in rules.FACES:
                said[code].append(level)
    return Welcome(
        len(answers),
        [
            (question, sum(level >= 3 for level in said[code]), len(said[code]))
            for code, question in rules.QUESTIONS.items()
            if len(said[code]) >= rules.ENOUGH
        ],
    )
