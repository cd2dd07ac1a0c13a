"""Telling people in time: what ends, what must be said before it goes on by itself, reviews that are due.

One message a person and a day, to the colleague who follows the agreement, else to the bureau. What was told is a line of the
journal (`conventions.alerted`) written with the message: nothing is told twice, and a machine that was off tells the latest only.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from conventions.enums import AgreementStage
from conventions.models import Agreement, AgreementReview
from conventions.rules import alerts as rules
from core import audit, french, mail
from core.models import AuditEvent
from core.site import address
from schools.enums import Role
from schools.models import Membership, School
from schools.permissions import allows
from schools.roles import Permission

VERB = "conventions.alerted"


@dataclass(frozen=True)
class Ending:
    """An agreement that runs, and the next day to act by."""

    agreement: Agreement
    deadline: rules.Deadline

    @property
    def key(self) -> str:
        return f"fin:{self.deadline.day.isoformat()}"

    def words(self, today: date) -> str:
        """« Convention avec X : elle finit le … (dans 3 mois) », or the last day to give notice."""
        left = french.lateness((self.deadline.day - today).days)
        if self.deadline.is_notice:
            return (
                f"elle se reconduit après le {french.day(self.deadline.ends)} : pour l’arrêter là, prévenez le partenaire au "
                f"plus tard le {french.day(self.deadline.day)} ({left})."
            )
        return f"elle finit le {french.day(self.deadline.day)}, sans tacite reconduction ({left})."


def endings(school_id: int, today: date) -> list[Ending]:
    """The school's agreements that run, with their deadline within 180 days, the nearest first.

    One that somebody renews already, or that ends before its deadline, is left out.
    """
    follows = (
        Agreement.objects.in_school(school_id)
        .filter(renews__isnull=False)
        .exclude(stage=AgreementStage.ABANDONED, signed_date=None)
    )
    rows = (
        Agreement.objects.in_school(school_id)
        .local()
        .in_force(today)
        .filter(end_date__isnull=False)
        .exclude(pk__in=follows.values("renews"))
        .select_related("partner", "school", "referent")
    )
    found = []
    for one in rows:
        deadline = rules.deadline(
            today,
            end=one.end_date,
            tacit=bool(one.tacit_renewal),
            months=one.renewal_months,
            notice_days=one.notice_days,
        )
        if deadline is None or rules.step_on(today, deadline.day) is None:
            continue
        if one.terminated_date is not None and one.terminated_date <= deadline.ends:
            continue
        found.append(Ending(one, deadline))
    return sorted(found, key=lambda one: (one.deadline.day, one.agreement.pk))


def reviews_due(school_id: int, today: date) -> Sequence[AgreementReview]:
    """Reviews not held, planned within a fortnight or before, of agreements that are not over."""
    running = Agreement.objects.in_school(school_id).in_force(today)
    return list(
        AgreementReview.objects.in_school(school_id)
        .filter(held_date=None, planned_date__lte=today + rules.REVIEW_AHEAD, agreement__in=running.values("pk"))
        .select_related("agreement__partner", "agreement__school", "agreement__referent", "school")
        .order_by("planned_date", "pk")
    )


# ------------------------------------------------------------------------------------------------------------ the digest


@dataclass(frozen=True)
class News:
    """Something to tell about an agreement, and what the journal keeps of it."""

    agreement: Agreement
    words: str
    key: str
    step: int


def news_of(school: School, today: date) -> list[News]:
    """What was not told yet."""
    ending, reviews = endings(school.pk, today), reviews_due(school.pk, today)
    told = _told(school, {one.agreement for one in ending} | {one.agreement for one in reviews})
    found = []
    for one in ending:
        sent = told.get((one.agreement.public_id, one.key), ())
        if (step := rules.is_due(today, one.deadline.day, sent)) is not None:
            found.append(News(one.agreement, one.words(today), one.key, step))
    for review in reviews:
        key = f"bilan:{review.public_id}:{review.planned_date.isoformat()}"
        if not told.get((review.agreement.public_id, key)):
            words = f"bilan prévu le {french.day(review.planned_date)}."
            found.append(News(review.agreement, words, key, 1))
    return found


def _told(school: School, agreements: Iterable[Agreement]) -> dict[tuple[Any, str], list[int]]:
    """The steps already told, by agreement and key."""
    lines = AuditEvent.objects.filter(
        scope=school.uai, verb=VERB, subject_id__in=[agreement.public_id for agreement in agreements]
    ).values_list("subject_id", "payload")
    found: dict[tuple[Any, str], list[int]] = defaultdict(list)
    for subject_id, payload in lines:
        found[subject_id, payload.get("key", "")].append(payload.get("step", 0))
    return found


def readers_of(school: School, agreement: Agreement) -> list[Membership]:
    """Who is told: the colleague who follows it, if they may open it, else the bureau, else the DDFPT."""
    referent = agreement.referent
    if referent is not None and referent.is_active and referent.email and allows(referent, Permission.VIEW_AGREEMENTS):
        return [referent]
    for role in (Role.BDE, Role.DDFPT):
        found = [
            one
            for one in Membership.objects.in_school(school).filter(role=role, is_active=True).order_by("pk")
            if one.email
        ]
        if found:
            return found
    return []


def tell(school: School, today: date) -> int:
    """Write the day's messages of a school, one a person; returns how many. Run again, it writes none twice."""
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=school.pk)
        mine: dict[Membership, list[News]] = defaultdict(list)
        readers: dict[int | None, list[Membership]] = {}
        for one in news_of(school, today):
            referent_id = one.agreement.referent_id
            if referent_id not in readers:
                readers[referent_id] = readers_of(school, one.agreement)
            for member in readers[referent_id]:
                mine[member].append(one)
            if readers[referent_id]:
                audit.record(VERB, one.agreement, key=one.key, step=one.step)
        sent = 0
        for member, lines in mine.items():
            sent += _write(school, member, lines, today)
        return sent


def _write(school: School, member: Membership, lines: Sequence[News], today: date) -> int:
    count = french.plural(len(lines), "échéance")
    body = [
        "Bonjour,",
        "",
        f"{school.name} : {count} de conventions de partenariat.",
        "",
    ]
    for one in lines:
        body += [
            f"- {one.agreement.title}",
            f"  {one.words[:1].upper()}{one.words[1:]}",
            f"  {address()}{one.agreement.get_absolute_url()}",
            "",
        ]
    listing = reverse("conventions:agreement_list", args=[school.uai])
    body.append(f"Toutes les conventions : {address()}{listing}")
    try:
        mail.send_later(
            to=member.email,
            subject=f"Conventions de partenariat : {count}",
            body="\n".join(body),
            key=f"agreement-alerts:{member.public_id}:{today.isoformat()}",
            scope=school.uai,
        )
    except mail.Unsendable:
        return 0
    return 1
