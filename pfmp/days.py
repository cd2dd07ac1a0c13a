"""The days of placements: what the arithmetic says, what was validated, by whom and why it differs.

`Placement.days_done` holds the days of presence that the school validates (allowance, whole days, R-ALLOC-09). The arithmetic
proposes them; effective hours are another quantity, shown apart and never written (R-ATT-04).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from core import audit, french, holidays_fr
from core.models import AuditEvent
from core.verdict import ALLOWED, Denied, Verdict
from pfmp.enums import SECURED, AbsenceKind, DaysReason, PlacementStatus
from pfmp.models import Absence, Placement, Recovery
from pfmp.rules import days as rules
from pfmp.rules.timetable import UnreadableTimetable
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

S = PlacementStatus
COUNTED = (S.ISSUED, *SECURED)
"""Statuses of a stay whose days are counted: a lead and a place found have none yet."""


@dataclass
class Days:
    """One placement with its absences, its days caught up and what the arithmetic says of them."""

    placement: Placement
    absences: list[Absence] = field(default_factory=list)
    recoveries: list[Recovery] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stay = stay_of(self.placement, self.absences, self.recoveries)
        self.count = rules.count(self.stay)

    @property
    def why_unreadable(self) -> str:
        return self.count.reason if isinstance(self.count, UnreadableTimetable) else ""

    @property
    def arithmetic(self) -> rules.Count | None:
        return None if isinstance(self.count, UnreadableTimetable) else self.count

    @property
    def supposed(self) -> rules.Count:
        """Monday to Friday: shown, labelled, when the timetable cannot be read."""
        found = rules.count(self.stay, assume_weekdays=True)
        assert isinstance(found, rules.Count)
        return found

    @property
    def proposal(self) -> int | None:
        """The days to validate; None when they cannot be computed."""
        return self.arithmetic.days if self.arithmetic else None

    @property
    def written(self) -> int | Decimal | None:
        """What the school validated, whole when it is."""
        done = self.placement.days_done
        return int(done) if done is not None and done == int(done) else done

    @property
    def differs(self) -> bool:
        """Is what was validated another number than the arithmetic's?"""
        return self.written is not None and self.proposal is not None and self.written != self.proposal

    @property
    def last_day(self) -> date:
        return self.stay.last_day

    @property
    def most(self) -> int:
        """Calendar days of the stay: what ApLyPro takes at most (R-APLY-01)."""
        return (self.stay.last_day - self.stay.start).days + 1

    @property
    def lates(self) -> list[Absence]:
        return [one for one in self.absences if one.kind == AbsenceKind.LATE]

    @property
    def full_absences(self) -> list[Absence]:
        return [one for one in self.absences if one.kind != AbsenceKind.LATE]


def stay_of(placement: Placement, absences: Iterable[Absence], recoveries: Iterable[Recovery]) -> rules.Stay:
    """What the arithmetic needs; `placement` comes with its partner."""
    return rules.Stay(
        start=placement.start_date,
        end=placement.end_date,
        timetable_text=placement.timetable,
        alsace_moselle=holidays_fr.is_alsace_moselle(placement.partner.postal_code),
        interrupted_on=placement.interrupted_date if placement.status == S.INTERRUPTED else None,
        missed=tuple(rules.Missed(one.date, one.minutes, one.kind == AbsenceKind.LATE) for one in absences),
        caught_up=tuple(rules.CaughtUp(one.date, one.minutes) for one in recoveries),
    )


def of(placements: Iterable[Placement]) -> dict[int, Days]:
    """The days of each placement of one school, by primary key: two queries, however many. They come with their partner."""
    wanted = list(placements)
    if not wanted:
        return {}
    school = wanted[0].school_id
    absences: dict[int, list[Absence]] = defaultdict(list)
    recoveries: dict[int, list[Recovery]] = defaultdict(list)
    for one in Absence.objects.in_school(school).filter(placement__in=wanted).order_by("date"):
        absences[one.placement_id].append(one)
    for found in Recovery.objects.in_school(school).filter(placement__in=wanted).order_by("date"):
        recoveries[found.placement_id].append(found)
    return {row.pk: Days(row, absences[row.pk], recoveries[row.pk]) for row in wanted}


def of_one(placement: Placement) -> Days:
    return of([placement])[placement.pk]


# ---------------------------------------------------------------------------------------------------------- the verbs

CLOSED = {
    S.CANCELLED: "Ce placement est annulé.",
    S.PROSPECT: "Ce n’est encore qu’une piste : les jours se comptent une fois la convention éditée.",
    S.CONFIRMED: "La convention n’est pas éditée : les jours se comptent ensuite.",
}
ENTERED = "Ces jours sont déjà saisis dans ApLyPro : le bureau des entreprises ou le DDFPT les corrige."
STALE = "Entre-temps, quelqu’un a écrit {theirs} pour {student} ; vous aviez {mine}. Rien n’est enregistré pour cette ligne."


def may_write(membership: Membership, placement: Placement) -> Verdict:
    """May this person write absences, days caught up and days of a placement that they see?"""
    if reason := CLOSED.get(PlacementStatus(placement.status)):
        return Denied(reason)
    if placement.allowance_entered_date and not allows(membership, Permission.MANAGE_PLACEMENTS):
        return Denied(ENTERED)
    return allows(membership, Permission.LOG_PLACEMENT)


def may_validate(membership: Membership, placement: Placement, today: date) -> Verdict:
    """May this person validate the days: besides, the last day has come."""
    if not (verdict := may_write(membership, placement)):
        return verdict
    last = placement.end_date
    if placement.status == S.INTERRUPTED and placement.interrupted_date:
        last = min(last, placement.interrupted_date)
    if today < last:
        return Denied(f"La période n’est pas finie : les jours se valident à partir du {french.day(last)}.")
    return ALLOWED


def days_problem(found: Days, days: int | None, reason: str) -> dict[str, str]:
    """Why this number cannot be validated, by field; empty when it can."""
    if days is None:
        return {}
    if not 0 <= days <= found.most:
        return {"days": f"Entre 0 et {found.most} : la période compte {found.most} jours de calendrier."}
    if days != found.proposal and reason not in DaysReason.values:
        why = "L’horaire ne permet pas de calculer" if found.proposal is None else f"Le calcul donne {found.proposal}"
        return {"reason": f"{why} : dites d’où vient ce nombre."}
    return {}


class StaleDays(Exception):
    """Someone else validated another number in between; `theirs` is theirs."""

    def __init__(self, theirs: Decimal | None, mine: int | None) -> None:
        super().__init__()
        self.theirs, self.mine = theirs, mine


@transaction.atomic
def validate(
    found: Days, days: int | None, *, seen: Decimal | None, by: Any, membership: Membership | None, reason: str = "",
    note: str = "",
) -> None:  # fmt: skip
    """Write the days of presence of a placement; None takes them back. `seen`: what the person had before their eyes.

    `membership`: who of the school answers for it; None when the tutor said it by link. A reason is kept only where the number
    is not the arithmetic's. Raises StaleDays, ValidationError by field.
    """
    if problems := days_problem(found, days, reason):
        raise ValidationError(problems)
    explained = days is not None and days != found.proposal
    placement = found.placement
    rows = Placement.objects.in_school(placement.school_id).filter(pk=placement.pk, days_done=seen)
    values = {
        "days_done": days,
        "days_reason": reason if explained else "",
        "days_note": note.strip() if days is not None else "",
        "days_by": membership,
    }
    stamp = {"version": F("version") + 1, "updated_by": by, "updated_at": timezone.now()}
    if not rows.update(**values, **stamp):
        current = Placement.objects.in_school(placement.school_id).filter(pk=placement.pk).first()
        raise StaleDays(current.days_done if current else None, days)
    placement.refresh_from_db()
    audit.record(
        "pfmp.days_validated",
        placement,
        by=by,
        days=days,
        before=None if seen is None else str(seen),
        proposal=found.proposal,
        reason=values["days_reason"],
    )


def changes_of(placement: Placement, most: int = 20) -> list[dict[str, Any]]:
    """Who validated which number, the latest first, from the journal."""
    events = (
        AuditEvent.objects.filter(
            verb="pfmp.days_validated", subject_type=Placement._meta.label, subject_id=placement.public_id
        )
        .select_related("actor")
        .order_by("-at", "-pk")[:most]
    )
    return [
        {
            "at": event.at,
            "who": event.actor.get_full_name() if event.actor else "le tuteur, par son lien",
            "days": event.payload.get("days"),
            "proposal": event.payload.get("proposal"),
            "reason": _reason_words(event.payload.get("reason")),
        }
        for event in events
    ]


def _reason_words(code: Any) -> str:
    return str(DaysReason(code).label) if code in DaysReason.values else ""


# ------------------------------------------------------------------------------------------------------- days caught up


@transaction.atomic
def add_recovery(found: Days, day: date, minutes: int, *, note: str, by: Any) -> Recovery:
    """A day worked besides the timetable. Raises ValidationError by field."""
    if problem := rules.recovery_problem(found.stay, day, minutes):
        raise ValidationError({"date": problem})
    recovery = Recovery(
        school_id=found.placement.school_id, placement=found.placement, date=day, minutes=minutes, note=note.strip(),
        created_by=by, updated_by=by,
    )  # fmt: skip
    recovery.full_clean(exclude=["school"])
    try:
        with transaction.atomic():
            recovery.save(force_insert=True)
    except IntegrityError:  # two clicks in the same second
        raise ValidationError({"date": "Ce jour rattrapé vient d’être noté."}) from None
    audit.record("pfmp.recovery_noted", recovery, by=by)
    return recovery


@transaction.atomic
def remove_recovery(found: Days, day: date, *, by: Any) -> int:
    """Take a day caught up back; a second call changes nothing."""
    rows = Recovery.objects.in_school(found.placement.school_id).filter(placement=found.placement, date=day)
    removed: int = rows.delete()[0]
    if removed:
        audit.record("pfmp.recovery_removed", found.placement, by=by)
    return removed
