"""Pupils get their page: a mail to each who has an address, a strip with a QR code for the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from core import french, jobs, mail, pdf, qr, typography
from pfmp import links
from pfmp.enums import LinkPurpose
from pfmp.models import PersonalLink
from schools.models import School, Student

AGAIN_AFTER = timedelta(hours=20)
"""One message a day to a pupil, whoever asks (S-23)."""
STYLES = ("paper", "pupil_strips")
MOST_STRIPS = 60


def links_of(students: Iterable[Student], school: School) -> QuerySet[PersonalLink]:
    """The links of these pupils to their own page, the latest first."""
    return (
        PersonalLink.objects.in_school(school)
        .filter(purpose=LinkPurpose.STUDENT, student__in=students)
        .order_by("-created_at", "-pk")
    )


@dataclass(frozen=True)
class Invited:
    """Whether a pupil has their page, and opened it."""

    since: datetime
    opened: datetime | None
    is_alive: bool


def invited(students: Iterable[Student], school: School, now: datetime) -> dict[int, Invited]:
    """What became of the links of each pupil, by primary key: one query."""
    found: dict[int, Invited] = {}
    rows = links_of(students, school).values_list("student_id", "created_at", "opened_at", "expires_at", "revoked_at")
    for student, created, opened, expires, revoked in rows:
        alive = revoked is None and expires > now
        known = found.get(student)
        seen = [moment for moment in (opened, known.opened if known else None) if moment]
        found[student] = Invited(
            known.since if known else created, max(seen, default=None), alive or bool(known and known.is_alive)
        )
    return found


@dataclass
class Sent:
    """How many messages left, and why not the others."""

    sent: int = 0
    recent: int = 0
    without_address: int = 0
    refused: int = 0

    @property
    def sentence(self) -> str:
        said = [french.plural(self.sent, "message envoyé", "messages envoyés")]
        if self.recent:
            said.append(f"{self.recent} en ont reçu un aujourd’hui")
        if self.without_address:
            said.append(f"{self.without_address} sans adresse : imprimez leurs codes QR")
        if self.refused:
            said.append(f"{self.refused} avec une adresse à corriger")
        return typography.french(f"{' ; '.join(said)}.")


def send_all(students: Sequence[Student], *, by: Any, now: datetime) -> Sent:
    """Mail their page to these pupils of one school; once a day at most. Run again after a crash, it sends nothing twice."""
    outcome = Sent()
    if not students:
        return outcome
    recent = set(
        links_of(students, students[0].school)
        .filter(created_at__gt=now - AGAIN_AFTER)
        .exclude(email="")
        .values_list("student_id", flat=True)
    )
    for number, student in enumerate(students):
        jobs.progress(number, len(students), "Les messages partent un à un.")
        if student.pk in recent:
            outcome.recent += 1
        elif not student.email.strip():
            outcome.without_address += 1
        else:
            try:
                send(student, by=by, now=now)
            except (ValidationError, mail.Unsendable):
                outcome.refused += 1
            else:
                outcome.sent += 1
    return outcome


def send(student: Student, *, by: Any, now: datetime) -> PersonalLink:
    """Mail their page to one pupil. Raises ValidationError, without an address or with one that is none."""
    return links.send(LinkPurpose.STUDENT, by=by, now=now, name=student.full_name, email=student.email, student=student)


def strips(students: Sequence[Student], *, by: Any, now: datetime) -> bytes:
    """A PDF to cut: for each of these pupils a fresh link as a QR code. Raises ValidationError for none or too many."""
    if not students:
        raise ValidationError("Cochez d’abord les élèves.")
    if len(students) > MOST_STRIPS:
        raise ValidationError(f"Pas plus de {MOST_STRIPS} élèves à la fois.")
    made = []
    for student in students:
        link, url = links.create(LinkPurpose.STUDENT, by=by, now=now, name=student.full_name, student=student)
        until = typography.long_date(timezone.localdate(link.expires_at))
        made.append({"student": student, "url": url, "qr": qr.picture(url), "until": until})
    html = render_to_string("pdf/pupil_strips.html", {"strips": made, "school": students[0].school})
    return pdf.render(html, title="Pages des élèves", styles=STYLES)


def in_order(students: QuerySet[Student]) -> list[Student]:
    """By name, with their school."""
    return list(students.select_related("school").order_by(F("search_text"), "pk"))
