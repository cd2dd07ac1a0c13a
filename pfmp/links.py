"""Personal links without an account (S-18): a company's to a pre-convention, a pupil's to their search, a tutor's to a stay.

A link opens nothing by itself: its page names nobody until the person presses the button (mail scanners follow links). Each
lives thirty days at most; whoever holds an old one gets a fresh one at the address on file.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, mail, site, tokens, typography
from partners.models import Contact
from pfmp.enums import LinkPurpose, PlacementStatus
from pfmp.models import PersonalLink, Placement
from schools import links as access_links
from schools.links import LinkState
from schools.models import School, Student

LIFE = timedelta(days=30)
AFTER_END = timedelta(days=60)
"""A tutor's link: the grid and the days may be completed some weeks after the stay."""
RENEWALS_A_DAY = 5
BETWEEN_RENEWALS = timedelta(minutes=10)
NO_ADDRESS = "Aucune adresse électronique n’est connue : donnez le lien de la main à la main."

SUBJECTS = {
    LinkPurpose.PRE_CONVENTION: "Accueil d’un élève en stage : votre partie à remplir",
    LinkPurpose.STUDENT: "Ta recherche de stage",
    LinkPurpose.TUTOR: "Suivi de l’élève que vous accueillez",
}
"""Subjects of messages name nobody (S-28)."""

_ASKS = {
    LinkPurpose.PRE_CONVENTION: "prépare la convention d’un élève que vous acceptez d’accueillir. Remplissez votre partie ici (dix minutes)",
    LinkPurpose.STUDENT: "t’ouvre ta page de stage : tes démarches, des entreprises à contacter, ce qu’il reste à faire",
    LinkPurpose.TUTOR: "vous ouvre une page pour signaler une absence et évaluer l’élève que vous accueillez",
}


def url_of(token: str) -> str:
    """The whole address of a link, on the configured host."""
    return site.address() + reverse("link_start", args=[token])


def last_day(placement: Placement, purpose: LinkPurpose) -> datetime:
    """The end of the last day on which a link about this placement may still serve."""
    last = placement.start_date if purpose is LinkPurpose.PRE_CONVENTION else placement.end_date + AFTER_END
    return timezone.make_aware(datetime.combine(last, time.max))


@transaction.atomic
def create(
    purpose: LinkPurpose, *, by: Any, now: datetime, name: str, email: str = "", student: Student | None = None,
    placement: Placement | None = None, contact: Contact | None = None,
) -> tuple[PersonalLink, str]:  # fmt: skip
    """A fresh link and its whole address: the only time anybody sees it. Older ones of the same person stay alive.

    `student` for the pupil's page, `placement` for the others. Raises ValidationError when the name or the address cannot be
    one, or when it is too late for this placement.
    """
    subject = student or placement
    assert subject is not None
    if any(mail.LINE_BREAK.search(text) for text in (name, email)):
        raise ValidationError("Un nom ou une adresse tient sur une seule ligne.")
    if email and not mail.is_address(email):
        raise ValidationError(
            "L’adresse électronique de cette personne n’en est pas une : corrigez-la, puis recommencez."
        )
    expires = now + LIFE
    if placement is not None:
        expires = min(expires, last_day(placement, purpose))
    if expires <= now or (placement is not None and placement.status == PlacementStatus.CANCELLED):
        raise ValidationError("Ce placement est passé ou annulé : il n’y a plus de lien à donner.")
    token = tokens.fresh()
    link = PersonalLink(
        school_id=subject.school_id,
        purpose=purpose,
        student=student,
        placement=placement,
        contact=contact,
        token_hash=tokens.hashed(token),
        name=name,
        email=email,
        expires_at=expires,
        created_by=by,
        updated_by=by,
    )
    link.save(force_insert=True)
    audit.record("pfmp.link_made", link, by=by, purpose=purpose.value)
    return link, url_of(token)


@transaction.atomic
def send(
    purpose: LinkPurpose, *, by: Any, now: datetime, name: str, email: str, student: Student | None = None,
    placement: Placement | None = None, contact: Contact | None = None, key: str = "",
) -> PersonalLink:  # fmt: skip
    """Mail a fresh link. `key`: the outbox's, when a message must not leave twice. Raises ValidationError as `create`, or
    without an address."""
    if not email:
        raise ValidationError(NO_ADDRESS)
    link, url = create(
        purpose, by=by, now=now, name=name, email=email.strip(), student=student, placement=placement, contact=contact
    )
    school = link.school
    mail.send_later(
        to=link.email,
        subject=SUBJECTS[purpose],
        body=letter(school, purpose, url, until=link.expires_at),
        key=key or f"personal-link:{link.public_id}",
        scope=school.uai,
        reply_to=school.email,
        by=by,
    )
    return link


def letter(school: School, purpose: LinkPurpose, url: str, *, until: datetime) -> str:
    """The words of a message: who asks for what, until when; to a pupil one says « tu »."""
    day = typography.long_date(timezone.localdate(until))
    to_pupil = purpose is LinkPurpose.STUDENT
    phone = f" ou {'appelle' if to_pupil else 'appelez'} le {school.phone}" if school.phone else ""
    if to_pupil:
        end = f"Ce lien est à toi seul. Il marche jusqu'au {day}, puis tu en demandes un autre sur la même page. Une question ? Réponds à ce message{phone}."
    else:
        end = f"Ce lien vous est personnel. Il marche jusqu'au {day}. Une question, ou ce message n'est pas pour vous ? Répondez-y{phone}."
    return typography.french(f"Bonjour,\n\n{school.name} {_ASKS[purpose]} :\n\n{url}\n\n{end}\n\n{school.name}\n")


def find(token: str) -> PersonalLink | None:
    """The link of a token with its school, pupil and placement loaded; None for an unknown one. Changes nothing."""
    return access_links.find(
        PersonalLink, token, "contact", "student__school", "placement__school", "placement__student",
        "placement__partner", "placement__period__school_class",
    )  # fmt: skip


def state_of(link: PersonalLink, now: datetime) -> LinkState:
    """What a link is good for: revoked, about something over, past its days, or alive."""
    if _is_of_a_former_tutor(link):
        return LinkState.REVOKED
    state = access_links.state_of(link, now)
    if (
        state is not LinkState.REVOKED
        and link.placement is not None
        and (
            link.placement.status == PlacementStatus.CANCELLED
            or last_day(link.placement, LinkPurpose(link.purpose)) < now
        )
    ):
        return LinkState.OVER
    return state


def _is_of_a_former_tutor(link: PersonalLink) -> bool:
    """Was it made for somebody who is not, or no longer, the tutor of its placement? One whose file is deleted is nobody."""
    if link.purpose != LinkPurpose.TUTOR or link.placement is None:
        return False
    return link.contact_id is None or link.contact_id != link.placement.tutor_id


def _address_on_file(link: PersonalLink) -> str:
    """Where a fresh link goes: the address that the school has today for who had the old one, who may have had a wrong one."""
    person = link.student or link.contact
    return (person.email if person else link.email).strip()


@transaction.atomic
def opened(link: PersonalLink, *, now: datetime) -> None:
    """A person, and not a mail scanner, opened it: told once by the journal."""
    if access_links.opened(link, now):
        audit.record("pfmp.link_opened", link, by=None, purpose=link.purpose)


@transaction.atomic
def renew(link: PersonalLink, *, now: datetime) -> bool:
    """Its holder asks for a fresh link: mailed to the address on file, a few times a day at most.

    Returns whether a message left; the page says the same in both cases (S-16).
    """
    email = _address_on_file(link)
    if state_of(link, now) is not LinkState.EXPIRED or not link.email or not email:
        return False
    made = list(
        PersonalLink.objects.in_school(link.school_id)
        .filter(purpose=link.purpose, student=link.student_id, placement=link.placement_id, email=email)
        .filter(created_by=None, created_at__gt=now - timedelta(days=1))
        .values_list("created_at", flat=True)
    )
    if len(made) >= RENEWALS_A_DAY or any(moment > now - BETWEEN_RENEWALS for moment in made):
        return False
    try:
        with transaction.atomic():
            send(
                LinkPurpose(link.purpose), by=None, now=now, name=link.name, email=email, student=link.student,
                placement=link.placement, contact=link.contact,
            )  # fmt: skip
    except (ValidationError, mail.Unsendable):
        return False
    return True


@transaction.atomic
def revoke(
    purpose: LinkPurpose, *, by: Any, now: datetime, student: Student | None = None, placement: Placement | None = None
) -> int:
    """Kill the links of a purpose about a pupil or a placement: a wrong address, a lost phone. Returns how many were alive.

    Those that are past their days die too: their holder can no longer ask for a fresh one.
    """
    subject = student or placement
    assert subject is not None
    wanted = PersonalLink.objects.in_school(subject.school_id).filter(
        purpose=purpose, student=student, placement=placement, revoked_at=None
    )
    alive = wanted.alive(now).count()
    if killed := wanted.update(revoked_at=now, updated_by=by, updated_at=now):
        audit.record("pfmp.links_revoked", subject, by=by, purpose=purpose.value, links=killed)
    return alive
