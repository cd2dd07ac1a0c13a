"""Steering by the sheet: targets, decisions, answers to its questions, evidence; and how far each heading is.

An answer that is changed stays, with the moment it was replaced: the history of a question is its rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q

from accounts.models import User
from core import audit
from core.school_year import SchoolYear
from indicators import questions
from indicators.enums import COMPLEMENTS, EIGHT, Heading
from indicators.models import Decision, Evidence, SelfEvaluation, Target
from indicators.models.steering import evidence_path
from schools.models import School
from schools.services import create_record, remove_record


class StaleAnswer(Exception):
    """Someone else answered in between; `current` is what stands, None when it was taken away."""

    def __init__(self, current: SelfEvaluation | None) -> None:
        self.current = current
        super().__init__("answered in between")


@dataclass(frozen=True)
class Progress:
    """How far a heading is: what was aimed at, decided, answered, proved."""

    heading: Heading
    targets: int
    decisions: int
    done: int
    late: int
    answered: int
    asked: int
    evidence: int

    @property
    def steps(self) -> tuple[bool, bool, bool, bool]:
        """Target set, decided, evaluated (every question), proved; a heading without questions needs no answer."""
        return (self.targets > 0, self.decisions > 0, self.answered == self.asked, self.evidence > 0)

    @property
    def summary(self) -> str:
        return f"{self.decisions - self.done} en cours"

    @property
    def answer_count(self) -> str:
        return f"{self.answered} sur {self.asked}"

    @property
    def is_ready(self) -> bool:
        return all(self.steps)


def progress_of(
    school: School, year: SchoolYear, today: date, *, headings_of_codes: Mapping[str, str]
) -> dict[Heading, Progress]:
    """Each heading of the sheet, in its order, in four queries; `headings_of_codes` says under which heading a target is."""
    targets = Counter(
        headings_of_codes.get(code, "")
        for code in Target.objects.in_school(school).filter(year=year.code).values_list("code", flat=True)
    )
    decisions = {
        row["heading"]: row
        for row in Decision.objects.in_school(school)
        .filter(year=year.code)
        .order_by()
        .values("heading")
        .annotate(
            all=Count("pk"),
            done=Count("pk", filter=Q(done_date__isnull=False)),
            late=Count("pk", filter=Q(done_date=None, due_date__lt=today)),
        )
    }
    answered: Counter[str] = Counter()
    for heading, key in (
        SelfEvaluation.objects.in_school(school)
        .filter(year=year.code, replaced_at=None)
        .values_list("heading", "question")
    ):
        answered[heading] += key in questions.by_key()
    proofs = {
        row["heading"]: row["all"]
        for row in Evidence.objects.in_school(school)
        .filter(year=year.code)
        .order_by()
        .values("heading")
        .annotate(all=Count("pk"))
    }
    found = {}
    for heading in (*EIGHT, *COMPLEMENTS):
        counts = decisions.get(heading.value, {"all": 0, "done": 0, "late": 0})
        found[heading] = Progress(
            heading=heading,
            targets=targets[heading.value],
            decisions=counts["all"],
            done=counts["done"],
            late=counts["late"],
            answered=answered[heading.value],
            asked=len(questions.of_heading(heading)),
            evidence=proofs.get(heading.value, 0),
        )
    return found


# ------------------------------------------------------------------------------------------------------------- targets


@transaction.atomic
def set_target(
    school: School, year: SchoolYear, code: str, value: Decimal | None, reason: str, *, by: User
) -> Target | None:
    """Aim at a value for an indicator this year; None takes the target away. The target that stands, or None."""
    standing = Target.objects.in_school(school).filter(year=year.code, code=code).first()
    if value is None:
        if standing is not None:
            remove_record(standing, by=by)
        return None
    target = standing or Target(school=school, year=year.code, code=code, created_by=by)
    target.value, target.reason, target.updated_by = value, reason.strip(), by
    target.full_clean(exclude=["school"])
    target.save()
    audit.record("indicators.target_set", target, by=by, code=code)
    return target


def targets_of(school: School, year: SchoolYear) -> dict[str, Target]:
    """Code → what the school aims at that year, in the unit of the indicator (a rate is a fraction)."""
    return {row.code: row for row in Target.objects.in_school(school).filter(year=year.code)}


# ------------------------------------------------------------------------------------------------------------- answers


def answers_of(school: School, years: Iterable[str], heading: str = "") -> dict[tuple[str, str], SelfEvaluation]:
    """The answers that stand, by year and question; of one heading or of all."""
    found = SelfEvaluation.objects.in_school(school).filter(year__in=list(years), replaced_at=None)
    if heading:
        found = found.filter(heading=heading)
    return {(row.year, row.question): row for row in found.select_related("created_by")}


def history_of(school: School, question: questions.Question) -> list[SelfEvaluation]:
    """Every answer that the school ever gave to a question, the last first."""
    found = SelfEvaluation.objects.in_school(school).filter(heading=question.heading, question=question.key)
    return list(
        found.select_related("created_by").order_by("-year", F("replaced_at").desc(nulls_first=True), "-created_at")
    )


def answer(
    school: School,
    year: SchoolYear,
    question: questions.Question,
    text: str,
    *,
    read: UUID | None,
    by: User,
    now: datetime,
) -> SelfEvaluation | None:
    """Answer a question of the sheet for this year; an empty text takes the answer away. The answer that stands, or None.

    `read` is the answer that the person had before their eyes, None without any. Raises StaleAnswer when another one stands.
    """
    rows = SelfEvaluation.objects.in_school(school).filter(
        year=year.code, heading=question.heading, question=question.key
    )
    text = text.strip()
    try:
        with transaction.atomic():
            standing = rows.filter(replaced_at=None).first()
            if (standing.public_id if standing else None) != read:
                raise StaleAnswer(standing)
            if text == (standing.text if standing else ""):
                return standing
            if standing and not rows.filter(pk=standing.pk, replaced_at=None).update(replaced_at=now, updated_by=by):
                raise StaleAnswer(rows.filter(replaced_at=None).first())
            if not text:
                audit.record("indicators.answer_removed", standing, by=by, question=question.key)
                return None
            given = SelfEvaluation(
                school=school,
                year=year.code,
                heading=question.heading.value,
                question=question.key,
                text=text,
                created_by=by,
                updated_by=by,
            )
            given.save(force_insert=True)
            audit.record("indicators.answered", given, by=by, question=question.key)
            return given
    except IntegrityError:  # two people at once: the other one was first
        raise StaleAnswer(rows.filter(replaced_at=None).first()) from None


# ----------------------------------------------------------------------------------------------- decisions and evidence


def close_decision(decision: Decision, *, done_on: date, outcome: str, by: User) -> bool:
    """Note that a decision is done, and what came of it. False when somebody noted it before."""
    with transaction.atomic():
        changed = (
            Decision.objects.in_school(decision.school_id)
            .filter(pk=decision.pk, done_date=None)
            .update(
                done_date=done_on,
                outcome=outcome.strip() or decision.outcome,
                updated_by=by,
                version=F("version") + 1,
            )
        )
        if changed:
            audit.record("indicators.decision_done", decision, by=by)
    return bool(changed)


def decisions_to_do(school: School | int) -> Any:
    """Decisions that nobody closed, those with a day first."""
    return Decision.objects.in_school(school).filter(done_date=None).order_by(F("due_date").asc(nulls_last=True), "pk")


def add_evidence(evidence: Evidence, *, file: bytes | None, file_name: str, by: User) -> Evidence:
    """Keep a proof of what is said of a heading, with its file when one was sent. Raises ValidationError."""
    if file is None:
        return create_record(evidence, by=by)[0]
    name = default_storage.save(evidence_path(evidence, ""), ContentFile(file))
    try:
        evidence.file.name, evidence.file_name = name, file_name
        return create_record(evidence, by=by)[0]
    except BaseException:
        default_storage.delete(name)
        raise


def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Take a proof away; its file leaves with it, once that is sure."""
    name = evidence.file.name if evidence.file else ""
    with transaction.atomic():
        remove_record(evidence, by=by)
        if name:
            transaction.on_commit(lambda: default_storage.delete(name))
