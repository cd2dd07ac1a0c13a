"""Answers given behind a link, without an account.

Of an anonymous survey, no row, time or order ties an answer to the link that was used:

- the answer names no link of one's own, no partner, no placement; it is dated by its day, its times say midnight;
- its key, and those of its replies, are drawn at random: their order is not that in which people answered;
- a person's link only turns « answered ». All the links of the survey are rewritten by the same statement, so that not even
  the database's own columns (`xmin`, `ctid` on PostgreSQL) tell which one turned;
- nothing is written in the journal nor in a session: a browser that has answered a link for everybody keeps it in a cookie.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Case, Exists, F, Value, When
from django.utils import timezone

from core import audit
from schools import links as access_links
from schools.links import LinkState
from schools.models import Membership
from surveys.enums import Grade
from surveys.models import Survey, SurveyAnswer, SurveyLink, SurveyQuestion, SurveyReply
from surveys.rules import surveys as rules

FIRST_KEY, LAST_KEY = 2**40, 2**52
"""Keys drawn at random: above those that the databases count, within what a browser's number holds."""

LONGEST_COMMENT = 1000

OVERALL = {
    "equipe": "Dans l’ensemble, êtes-vous satisfait ?",
    "eleve": "Dans l’ensemble, es-tu satisfait ?",
    "partenaire": "Dans l’ensemble, êtes-vous satisfait ?",
}
"""Asked by a survey without questions of its own: those of a dossier have none."""


class Way(StrEnum):
    """What a link opens today."""

    OPEN = "ouverte"
    TO_COME = "a_venir"
    CLOSED = "close"
    REPLACED = "remplace"
    ANSWERED = "repondu"


@dataclass(frozen=True)
class Asked:
    """A question as it is put. `pk` None: the overall one of a survey without questions."""

    position: int
    text: str
    pk: int | None


def find(token: str) -> SurveyLink | None:
    """The link of a token with its survey and school; None for an unknown one. Changes nothing."""
    return access_links.find(SurveyLink, token, "survey__school", "membership__user")


def way(link: SurveyLink, now: datetime) -> Way:
    """May one answer with this link now?"""
    survey = link.survey
    match rules.state(survey.opened_date, survey.closed_date, timezone.localdate(now)):
        case rules.State.TO_COME:
            return Way.TO_COME
        case rules.State.CLOSED:
            return Way.CLOSED
    if link.is_answered:
        return Way.ANSWERED
    if link.membership is not None and not _works_here(link.membership):
        return Way.REPLACED
    match access_links.state_of(link, now):
        case LinkState.REVOKED:
            return Way.REPLACED
        case LinkState.EXPIRED:
            return Way.CLOSED  # its last day is over, or the bureau ended it before
    return Way.OPEN


def _works_here(member: Membership) -> bool:
    """The links of a colleague whose access ended end with it (S-04)."""
    return member.is_active and (member.user is None or member.user.is_active)


def questions_of(survey: Survey) -> list[Asked]:
    """What is asked, in order: the first one is the grade that counts (I8)."""
    rows = SurveyQuestion.objects.in_school(survey.school_id).filter(survey=survey).order_by("position")
    found = [Asked(row.position, row.text, row.pk) for row in rows]
    return found or [Asked(1, OVERALL[survey.audience], None)]


@transaction.atomic
def give(
    link: SurveyLink, grades: Mapping[int, Grade | None], comment: str, *, now: datetime, key: UUID
) -> tuple[Way, SurveyAnswer | None]:
    """Keep one answer: `grades` by position, the first one always given; none for « sans avis ».

    `key` is the form's one-use key: sent twice, an answer is kept once. Returns what the link was good for, and the answer
    when one is kept: with one's own link the first of twenty posts at once is kept, the others meet « ANSWERED ».
    """
    survey = Survey.objects.in_school(link.school_id).select_for_update(no_key=True).get(pk=link.survey_id)
    link = SurveyLink.objects.in_school(link.school_id).select_related("survey", "membership__user").get(pk=link.pk)
    if (found := way(link, now)) is not Way.OPEN:
        return found, None
    if link.is_open:
        if again := SurveyAnswer.objects.in_school(survey.school_id).filter(public_id=key, survey=survey).first():
            return Way.OPEN, again
    elif not _turn(link):
        return Way.ANSWERED, None
    answer = _kept(survey, link, grades, comment, now=now, key=key)
    if not survey.is_anonymous:
        audit.record("surveys.answered", answer, by=None)
    return Way.OPEN, answer


def _turn(link: SurveyLink) -> bool:
    """Mark as answered all the links of one person; False when they were.

    One statement writes every personal link of the survey again, changed or not, in the order in which they lie.
    """
    mine = SurveyLink.objects.in_school(link.school_id).filter(survey=link.survey_id, is_open=False, email=link.email)
    return bool(
        SurveyLink.objects.in_school(link.school_id)
        .filter(survey=link.survey_id, is_open=False)
        .filter(~Exists(mine.filter(is_answered=True)))
        .update(
            is_answered=Case(
                When(email=link.email, then=Value(True)),
                default=F("is_answered"),
                output_field=models.BooleanField(),
            )
        )
    )


def _kept(
    survey: Survey, link: SurveyLink, grades: Mapping[int, Grade | None], comment: str, *, now: datetime, key: UUID
) -> SurveyAnswer:
    grade = grades[1]
    assert grade is not None
    named = not survey.is_anonymous
    today = timezone.localdate(now)
    answer = SurveyAnswer(
        pk=_anywhere(),
        public_id=key,
        school_id=survey.school_id,
        audience=survey.audience,
        date=today,
        grade=grade,
        survey=survey,
        action_id=survey.action_id,
        placement_id=link.placement_id if named else None,
        partner_id=link.partner_id if named else None,
        comment=comment,
        link=link if named or link.is_open else None,
    )
    answer.save(force_insert=True)
    replies = [
        SurveyReply(
            pk=_anywhere(),
            school_id=survey.school_id,
            answer=answer,
            question_id=one.pk,
            grade=grades.get(one.position),
        )
        for one in questions_of(survey)
        if one.position > 1 and one.pk is not None
    ]
    SurveyReply.objects.bulk_create(replies)
    if survey.is_anonymous:
        midnight: Any = timezone.make_aware(datetime.combine(today, time.min))
        SurveyAnswer.objects.in_school(survey.school_id).filter(pk=answer.pk).update(
            created_at=midnight, updated_at=midnight
        )
        SurveyReply.objects.in_school(survey.school_id).filter(answer=answer).update(
            created_at=midnight, updated_at=midnight
        )
    return answer


def _anywhere() -> int:
    """A key that says nothing of when its row was written."""
    return FIRST_KEY + secrets.randbelow(LAST_KEY - FIRST_KEY)
