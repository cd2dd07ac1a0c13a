"""Asking: a link for everybody (poster, QR), one's own by mail, the reminder, the end, and what to do with a link that leaked.

An anonymous survey is asked in one way only. By mail *and* on a poster, the answers of the few who used one of the two would
stand apart. For the same reason it is mailed to five people at least, and its reminder goes to everybody: a reminder to those
who had not answered would tell, in the outbox, who had.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from core import audit, french, jobs, mail, site, tokens, typography
from core.verdict import ALLOWED, Denied, Verdict
from events.models import Action, Invitation
from schools import links as access_links
from surveys import answering, circles
from surveys.circles import Person
from surveys.enums import Audience, SetAside
from surveys.models import Survey, SurveyAnswer, SurveyLink, SurveyQuestion, SurveyReply
from surveys.rules import surveys as rules

LIFE = timedelta(days=30)
"""Of a link, when its survey has no last day (S-18)."""
REMINDER_AFTER = timedelta(days=3)
REMINDER_BEFORE = timedelta(days=3)
"""The clock's own reminder: three days before the end."""

CLOSED = "Cette enquête est close : changez sa date de clôture pour la rouvrir."


# -------------------------------------------------------------------------------------------------------- what may be done


@dataclass(frozen=True)
class Ways:
    """How a survey has been asked so far: people who have a link of their own, links for everybody, what came of both."""

    people: int = 0
    answered: int = 0
    sent_at: datetime | None = None
    reminded_at: datetime | None = None
    shared: int = 0
    alive_until: datetime | None = None

    @property
    def is_by_link(self) -> bool:
        return bool(self.people or self.shared)


def ways(survey: Survey) -> Ways:
    """Read in one query."""
    found = (
        SurveyLink.objects.in_school(survey.school_id)
        .filter(survey=survey)
        .aggregate(
            people=Count("email", distinct=True, filter=Q(is_open=False)),
            answered=Count("email", distinct=True, filter=Q(is_open=False, is_answered=True)),
            sent_at=Max("created_at", filter=Q(is_open=False)),
            reminded_at=Max("reminded_at", filter=Q(is_open=False)),
            shared=Count("pk", filter=Q(is_open=True)),
            alive_until=Max("expires_at", filter=Q(revoked_at=None)),
        )
    )
    return Ways(**found)


def state(survey: Survey, now: Ways, today: date) -> rules.State:
    """Where it stands today; on its last day, one that somebody ended is closed already: none of its links serves."""
    found = rules.state(survey.opened_date, survey.closed_date, today)
    is_ended = (
        survey.closed_date == today and now.is_by_link and (now.alive_until is None or now.alive_until < _end_of(today))
    )
    return rules.State.CLOSED if found is rules.State.OPEN and is_ended else found


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def may_share(survey: Survey, now: Ways, today: date) -> Verdict:
    """May a link for everybody be made?"""
    if state(survey, now, today) is rules.State.CLOSED:
        return Denied(CLOSED)
    if survey.is_anonymous and now.people:
        return Denied(
            "Cette enquête anonyme est partie par courriel. Avec une affiche en plus, les quelques réponses de l’une des deux voies se reconnaîtraient."
        )
    return ALLOWED


def may_mail(survey: Survey, now: Ways, today: date) -> Verdict:
    """May each person be sent a link of their own?"""
    if state(survey, now, today) is rules.State.CLOSED:
        return Denied(CLOSED)
    if survey.is_anonymous and now.shared:
        return Denied(
            "Cette enquête anonyme a un lien pour tous. Avec des courriels en plus, les quelques réponses de l’une des deux voies se reconnaîtraient."
        )
    return ALLOWED


def enough_people(survey: Survey, count: int) -> Verdict:
    """An anonymous survey mailed to fewer than five people is not."""
    if survey.is_anonymous and count < rules.ENOUGH:
        return Denied(
            f"À moins de {rules.ENOUGH} personnes, une réponse anonyme ne l’est plus. Affichez le code QR, ou dites dans la fiche que l’enquête n’est pas anonyme."
        )
    return ALLOWED


def may_remind(survey: Survey, now: Ways, today: date) -> Verdict:
    """One reminder, some days after the message, while it is open and somebody has not answered."""
    if state(survey, now, today) is not rules.State.OPEN:
        return Denied("On relance pendant que l’enquête est ouverte.")
    if not now.people or now.sent_at is None:
        return Denied("Personne n’a encore reçu l’enquête par courriel.")
    if now.reminded_at is not None:
        return Denied(f"Déjà relancée le {french.day(timezone.localdate(now.reminded_at))} : une seule relance.")
    if now.answered >= now.people:
        return Denied("Tout le monde a répondu.")
    ready = timezone.localdate(now.sent_at) + REMINDER_AFTER
    if today < ready:
        return Denied(
            f"Envoyée le {french.day(timezone.localdate(now.sent_at))} : relancez à partir du {french.day(ready)}."
        )
    return ALLOWED


# ----------------------------------------------------------------------------------------------------------- its questions


@transaction.atomic
def put_questions(survey: Survey, texts: Sequence[str], *, by: Any) -> None:
    """Ask these questions, in this order; those that people have answered by a link stay as they were."""
    rows = SurveyQuestion.objects.in_school(survey.school_id).filter(survey=survey)
    before = list(rows.order_by("position").values_list("text", flat=True))
    if list(texts) == before:
        return
    if SurveyReply.objects.in_school(survey.school_id).filter(question__in=rows.values("pk")).exists():
        raise ValidationError("Des personnes ont déjà répondu à ces questions : elles ne changent plus.")
    rows.delete()
    SurveyQuestion.objects.bulk_create(
        [
            SurveyQuestion(
                school_id=survey.school_id, survey=survey, position=rank, text=text, created_by=by, updated_by=by
            )
            for rank, text in enumerate(texts, 1)
        ]
    )
    if before:
        audit.record("surveys.questions_changed", survey, by=by)


# --------------------------------------------------------------------------------------------------------------- the links


def url_of(token: str) -> str:
    """The whole address of a link, on the configured host."""
    return site.address() + reverse("survey_answer", args=[token])


def shown_url() -> str:
    """How an address begins, for a page that shows a letter before it is written."""
    return url_of("x").replace("/x/", "/…/")


def last_moment(survey: Survey, now: datetime) -> datetime:
    """When a link made now stops: with the survey's last day, else thirty days from now or from its opening."""
    if survey.closed_date is not None:
        return _end_of(survey.closed_date)
    opens = timezone.make_aware(datetime.combine(survey.opened_date, time.min))
    return max(now, opens) + LIFE


def _link(survey: Survey, *, by: Any, now: datetime, **values: Any) -> tuple[SurveyLink, str]:
    link, token = access_links.made(
        SurveyLink,
        school_id=survey.school_id,
        survey=survey,
        expires_at=last_moment(survey, now),
        created_by=by,
        updated_by=by,
        **values,
    )
    link.save(force_insert=True)
    return link, url_of(token)


@transaction.atomic
def share(survey: Survey, *, by: Any, now: datetime) -> tuple[SurveyLink, str]:
    """A fresh link for everybody and its whole address: the only time anybody sees it. Earlier ones stay alive.

    Raises ValidationError when the survey is closed, or asked by mail without names.
    """
    survey = _held(survey)
    if not (verdict := may_share(survey, ways(survey), timezone.localdate(now))):
        raise ValidationError(verdict.reason)
    link, url = _link(survey, by=by, now=now, is_open=True)
    audit.record("surveys.link_shared", survey, by=by, link=str(link.public_id))
    return link, url


@transaction.atomic
def renew(survey: Survey, *, by: Any, now: datetime) -> tuple[SurveyLink, str]:
    """A fresh link for everybody in place of those that leaked, which die. Raises ValidationError as `share`."""
    survey = _held(survey)
    killed = _shared(survey).filter(revoked_at=None).update(revoked_at=now, updated_by=by, updated_at=now)
    audit.record("surveys.links_replaced", survey, by=by, links=killed)
    return share(survey, by=by, now=now)


def _shared(survey: Survey) -> Any:
    return SurveyLink.objects.in_school(survey.school_id).filter(survey=survey, is_open=True)


def shared_links(survey: Survey) -> list[SurveyLink]:
    """The links for everybody, the latest first, each with `count`: the answers that came by it."""
    rows: list[SurveyLink] = list(_shared(survey).annotate(count=Count("answers")).order_by("-created_at", "-pk"))
    return rows


def _held(survey: Survey) -> Survey:
    """The survey as it is now; until the end of the transaction nobody else asks, answers or closes."""
    return (
        Survey.objects.in_school(survey.school_id)
        .select_for_update(no_key=True, of=("self",))
        .select_related("school")
        .get(pk=survey.pk)
    )


# ------------------------------------------------------------------------------------------------------------------ by mail


def waiting(survey: Survey) -> circles.Circle:
    """Whom to ask that has no link yet, and why not the others."""
    found = circles.circle(survey)
    known = {
        email.casefold()
        for email in SurveyLink.objects.in_school(survey.school_id)
        .filter(survey=survey, is_open=False)
        .values_list("email", flat=True)
    }
    found.people = [one for one in found.people if one.email.strip().casefold() not in known][: circles.MOST]
    return found


def send_links(survey: Survey, *, by: Any, now: datetime) -> int:
    """Mail their link to those who have none; returns how many messages left. Run again after a crash, it goes on.

    Raises jobs.Failure when it may not be asked by mail any more.
    """
    today = timezone.localdate(now)
    before = ways(survey)
    people = waiting(survey).people
    for verdict in (may_mail(survey, before, today), enough_people(survey, before.people + len(people))):
        if not verdict:
            raise jobs.Failure(verdict.reason)
    for number, person in enumerate(people):
        jobs.progress(number, len(people), "Les messages partent un à un.")
        with transaction.atomic():
            held = _held(survey)
            _, url = _personal(held, person, by=by, now=now)
            _write(held, person.email.strip(), letter(held, url), key=_key("survey", held, person.email))
    _count_asked(survey)
    audit.record("surveys.sent", survey, by=by, messages=len(people))
    return len(people)


def _personal(survey: Survey, person: Person, *, by: Any, now: datetime) -> tuple[SurveyLink, str]:
    return _link(
        survey,
        by=by,
        now=now,
        is_open=False,
        name=person.name,
        email=person.email.strip().lower(),  # one person, however their address is written
        partner_id=person.partner_id,
        contact_id=person.contact_id,
        membership_id=person.membership_id,
        placement_id=person.placement_id,
    )


def _write(survey: Survey, to: str, body: str, *, key: str) -> None:
    school = survey.school
    mail.send_later(
        to=to,
        subject=f"{school.name} {'te demande ton' if survey.audience == Audience.STUDENTS else 'vous demande votre'} avis",
        body=body,
        key=key,
        scope=school.uai,
        reply_to=school.email,
    )


def _key(what: str, survey: Survey, email: str) -> str:
    return f"{what}:{survey.public_id}:{tokens.hashed(email.strip().casefold())[:24]}"


def _count_asked(survey: Survey) -> None:
    """« personnes sollicitées »: at least those who had a link of their own (I8.3, A-115)."""
    people = ways(survey).people
    Survey.objects.in_school(survey.school_id).filter(pk=survey.pk).filter(
        Q(asked_count=None) | Q(asked_count__lt=people)
    ).update(asked_count=people, version=F("version") + 1)


def letter(survey: Survey, url: str, *, again: bool = False) -> str:
    """The message: who asks, how long it takes, until when; a pupil is told « tu »."""
    school, to_pupil = survey.school, survey.audience == Audience.STUDENTS
    asked = len(answering.questions_of(survey))
    what = french.plural(asked, "question")
    intro = f"{survey.introduction.strip()}\n\n" if survey.introduction.strip() else ""
    if again and survey.is_anonymous:
        intro = (
            "Si tu as déjà répondu, merci : ne tiens pas compte de ce message. Comme l’enquête est anonyme, nous ne savons pas qui l’a fait.\n\n"
            if to_pupil
            else "Si vous avez déjà répondu, merci : ne tenez pas compte de ce message. Comme l’enquête est anonyme, nous ne savons pas qui l’a fait.\n\n"
        )
    elif again:
        intro = "Il reste quelques jours pour répondre.\n\n"
    until = f", et sert jusqu’au {typography.long_date(survey.closed_date)}" if survey.closed_date else ""
    secret = (
        "La réponse est anonyme : rien ne la relie à ce lien."
        if survey.is_anonymous
        else "La réponse est lue avec le nom de qui la donne."
    )
    yours = (
        "Ce lien est à toi seul, pour une seule réponse"
        if to_pupil
        else "Ce lien est à vous seul, pour une seule réponse"
    )
    ask = "Réponds" if to_pupil else "Répondez"
    return typography.french(
        f"Bonjour,\n\n{survey.title}\n\n{intro}{ask} ici ({what}, moins d’une minute) :\n\n{url}\n\n"
        f"{secret} {yours}{until}.\n\n{school.name}\n"
    )


def remind(survey: Survey, *, by: Any, now: datetime) -> int:
    """The one reminder, each with a fresh link: to those who have not answered, or to everybody when it is anonymous.

    Returns how many messages left; run again after a crash, it goes on. Raises jobs.Failure when it is not the time.
    """
    if not (verdict := may_remind(survey, ways(survey), timezone.localdate(now))) and not _is_under_way(survey, now):
        raise jobs.Failure(verdict.reason)
    rows = SurveyLink.objects.in_school(survey.school_id).filter(survey=survey, is_open=False)
    reminded = set(rows.exclude(reminded_at=None).values_list("email", flat=True))
    # Whoever left has no link that serves (S-04).
    asked = rows.exclude(membership__is_active=False).exclude(membership__user__is_active=False)
    chosen = {row.email: row for row in asked.order_by("pk") if row.email not in reminded}
    if not survey.is_anonymous:
        chosen = {email: row for email, row in chosen.items() if not row.is_answered}
    sent = 0
    for number, email in enumerate(sorted(chosen)):
        jobs.progress(number, len(chosen), "Les messages partent un à un.")
        with transaction.atomic():
            held = _held(survey)
            row = rows.filter(email=email).order_by("pk").first()
            if row is None or (row.is_answered and not held.is_anonymous):
                continue  # answered meanwhile
            person = Person(row.name, row.email, row.partner_id, row.contact_id, row.membership_id, row.placement_id)
            fresh, url = _personal(held, person, by=by, now=now)
            rows.filter(email=email).update(reminded_at=now, is_answered=row.is_answered)
            _write(held, email, letter(held, url, again=True), key=_key("survey-again", held, email))
        sent += 1
    audit.record("surveys.reminded", survey, by=by, messages=sent)
    return sent


def _is_under_way(survey: Survey, now: datetime) -> bool:
    """A reminder that began within the hour and did not end: its job is taken up again."""
    people = SurveyLink.objects.in_school(survey.school_id).filter(survey=survey, is_open=False)
    if not survey.is_anonymous:
        people = people.filter(is_answered=False)
    begun = people.filter(reminded_at__gt=now - timedelta(hours=1)).exists()
    return begun and people.filter(reminded_at=None).exists()


def to_remind(today: date) -> list[Survey]:
    """Those of every school that the clock reminds: three days before their end, when nobody did."""
    soon = (
        Survey.objects.across_schools(why="the clock reminds for every school")
        .filter(opened_date__lte=today, closed_date__gte=today, closed_date__lte=today + REMINDER_BEFORE)
        .filter(Exists(SurveyLink.objects.filter(survey=OuterRef("pk"), is_open=False, reminded_at=None)))
    )
    return [one for one in soon.select_related("school") if may_remind(one, ways(one), today)]


# ------------------------------------------------------------------------------------------------------------------ the end


@transaction.atomic
def close(survey: Survey, *, by: Any, now: datetime) -> None:
    """End it now: today is its last day and its links stop. Raises ValidationError when it is not open."""
    survey = _held(survey)
    today = timezone.localdate(now)
    so_far = ways(survey)
    if state(survey, so_far, today) is not rules.State.OPEN:
        raise ValidationError("Cette enquête n’est pas ouverte.")
    # Without a link nothing stops before midnight: its last day was yesterday.
    last = today if so_far.is_by_link else max(survey.opened_date, today - timedelta(days=1))
    Survey.objects.in_school(survey.school_id).filter(pk=survey.pk).update(
        closed_date=last, updated_by=by, updated_at=now, version=F("version") + 1
    )
    links = SurveyLink.objects.in_school(survey.school_id).filter(survey=survey, revoked_at=None)
    links.update(expires_at=now)
    audit.record("surveys.closed", survey, by=by)


@transaction.atomic
def follow_dates(survey: Survey, *, now: datetime) -> None:
    """After a change of its last day, the links that still serve live as long as it does."""
    SurveyLink.objects.in_school(survey.school_id).filter(survey=survey, revoked_at=None).update(
        expires_at=last_moment(survey, now)
    )


@transaction.atomic
def set_aside(
    survey: Survey, link: SurveyLink, *, start: date, end: date, reason: SetAside, expected: int, by: Any
) -> int:
    """Delete the answers that came by a link for everybody between two days, both included; returns how many.

    `expected`: the count that was read and agreed to. Raises ValidationError when it is another one by now.
    """
    survey = _held(survey)
    rows = came_by(survey, link, start, end)
    count = rows.count()
    if count != expected:
        raise ValidationError(
            f"D’autres réponses sont arrivées : {french.plural(count, 'réponse')} à présent. Relisez, puis confirmez."
        )
    rows.delete()
    audit.record(
        "surveys.answers_set_aside",
        survey,
        by=by,
        link=str(link.public_id),
        start=start.isoformat(),
        end=end.isoformat(),
        reason=reason.value,
        answers=count,
    )
    return count


def came_by(survey: Survey, link: SurveyLink, start: date, end: date) -> Any:
    """The answers that came by a link between two days, both included."""
    return SurveyAnswer.objects.in_school(survey.school_id).filter(survey=survey, link=link, date__range=(start, end))


# ------------------------------------------------------------------------------------------------ for letters of an action


def addresses_for_guests(
    action: Action, invitations: Sequence[Invitation], now: datetime, by: Any
) -> Mapping[int, str]:
    """For the thank-you letters of an action: where each guest says what they thought, by the invitation's primary key.

    Empty while no survey asks the partners about this action. When it is anonymous every guest gets one link for everybody,
    unless it left by mail already; else each gets their own.
    """
    today = timezone.localdate(now)
    asked = Survey.objects.in_school(action.school_id).filter(action=action, audience=Audience.PARTNERS)
    survey = next(
        (
            one
            for one in asked.select_related("school").order_by("-opened_date", "-pk")
            if state(one, ways(one), today) is rules.State.OPEN
        ),
        None,
    )
    if survey is None or not invitations:
        return {}
    if survey.is_anonymous:
        # A link of its own for one late guest would name whoever answers by it.
        if not may_share(survey, ways(survey), today) or not enough_people(survey, len(invitations)):
            return {}
        _, url = share(survey, by=by, now=now)
        return {one.pk: url for one in invitations}
    given: dict[int, str] = {}
    for one in invitations:
        if not mail.is_address(one.email.strip()):
            continue
        name = one.contact.full_name if one.contact else one.partner.name
        person = Person(name, one.email, one.partner_id, one.contact_id)
        given[one.pk] = _personal(survey, person, by=by, now=now)[1]
    _count_asked(survey)
    audit.record("surveys.sent", survey, by=by, messages=len(given))
    return given
