"""Photographs of actions and the authorisations they stand on (P-09): prior, for a project, a use and some time.

Whoever withdraws an authorisation, or whose authorisation ends, takes the photograph away at once, file and all; so does
whatever deletes a row that a photograph stands on, since a pupil on it would no longer be covered.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from core import audit, french
from events.enums import Consenting
from events.models import Action, ActionPhoto, EventSettings, ImageConsent, Participation, PhotoSubject
from schools.models import School
from schools.services import change_record, create_record

ADULT = 18
MOST = 30
"""Photographs of one action."""


# ------------------------------------------------------------------------------------------------ the rule, without database
@dataclass(frozen=True)
class Span:
    """When an authorisation holds: from its signature to its end, both included, unless it was withdrawn."""

    signed: date
    until: date
    revoked: date | None = None

    def covers(self, taken: date, today: date) -> bool:
        """May a photograph taken that day be kept today? The authorisation came before it, and still holds (P-09)."""
        return self.revoked is None and self.signed <= taken and max(taken, today) <= self.until


def is_adult(birth: date, day: date) -> bool:
    """Eighteen years old that day, on the birthday itself; born on 29 February, on 1 March (article 414 du code civil)."""
    reached = birth.year + ADULT
    try:
        return day >= birth.replace(year=reached)
    except ValueError:
        return day >= date(reached, 3, 1)


def born_of_age(day: date) -> date:
    """Whoever was born that day or before is of age on `day`."""
    try:
        return day.replace(year=day.year - ADULT)
    except ValueError:  # 29 February: eighteen years earlier has none
        return date(day.year - ADULT, 2, 28)


def giver_problem(given_by: str, birth: date | None, signed: date, *, both: bool) -> str:
    """Why this person cannot authorise, "" when they can: the pupil of age alone, else one or both parents (P-09)."""
    if not given_by:
        return ""
    if birth is None:
        if given_by == Consenting.STUDENT:
            return "Seul un élève majeur signe lui-même : sa date de naissance manque, complétez sa fiche d’abord."
    elif is_adult(birth, signed):
        return "" if given_by == Consenting.STUDENT else "L’élève est majeur ce jour-là : c’est à lui de signer."
    elif given_by == Consenting.STUDENT:
        return "L’élève est mineur ce jour-là : l’autorisation vient de ses responsables légaux."
    if both and given_by == Consenting.GUARDIAN:
        return "Votre lycée demande l’accord des deux responsables légaux."
    return ""


# ------------------------------------------------------------------------------------------------ authorisations
def span_of(consent: ImageConsent) -> Span:
    """The days on which an authorisation holds, for the rules."""
    return Span(consent.signed_date, consent.until_date, consent.revoked_date)


def state_of(consent: ImageConsent, today: date) -> str:
    """A status code of core.status, of kind « consent »."""
    if consent.revoked_date is not None:
        return "retiree"
    return "valable" if today <= consent.until_date else "expiree"


def needs_both(school: School) -> bool:
    """Does the school ask the agreement of both guardians of a minor (P-09)?"""
    return EventSettings.objects.in_school(school).filter(needs_both_guardians=True).exists()


def usable(action: Action, today: date) -> QuerySet[ImageConsent]:
    """The authorisations that a photograph of this action may stand on: of the pupils expected there, else of anyone.

    Whoever came of age by then authorises it themselves: what the parents signed before is not enough (P-09).
    """
    consents = ImageConsent.objects.in_school(action.school_id).filter(
        revoked_date=None, signed_date__lte=action.last_date, until_date__gte=max(action.last_date, today)
    )
    of_age = Q(student__birth_date__lte=born_of_age(action.last_date))
    consents = consents.exclude(of_age & ~Q(given_by=Consenting.STUDENT))
    expected = Participation.objects.in_school(action.school_id).filter(action=action)
    if expected.exists():
        consents = consents.filter(student__in=expected.values("student"))
    return consents.select_related("student", "school").order_by("student__search_text", "signed_date", "pk")


@transaction.atomic
def withdraw(consent: ImageConsent, *, by: Any, today: date) -> int:
    """The authorisation holds no more: its photographs go at once. Returns how many; a second time, none."""
    rows = ImageConsent.objects.in_school(consent.school_id).filter(pk=consent.pk, revoked_date=None)
    stamp = {"version": F("version") + 1, "updated_by": by, "updated_at": timezone.now()}
    if not rows.update(revoked_date=today, **stamp):
        return 0
    gone = sweep(today, school=consent.school)
    audit.record("events.image_consent_withdrawn", consent, by=by, photos=gone)
    return gone


@transaction.atomic
def change_consent(consent: ImageConsent, *, version: int, by: Any, changed: list[str], today: date) -> ImageConsent:
    """Correct an authorisation; photographs that it no longer covers go at once. Raises StaleEdit."""
    saved = change_record(consent, version=version, by=by, changed=changed)
    sweep(today, school=consent.school)
    return saved


def photos_under(consent: ImageConsent) -> int:
    """How many photographs would go with this authorisation."""
    return PhotoSubject.objects.in_school(consent.school_id).filter(consent=consent).count()


# ------------------------------------------------------------------------------------------------ photographs
def shown(photos: QuerySet[ActionPhoto], today: date) -> QuerySet[ActionPhoto]:
    """Those that may be seen today: nobody on them, or only pupils whose authorisation holds."""
    return photos.filter(Q(shows_nobody=True) | Q(subjects__isnull=False)).exclude(pk__in=_uncovered(today)).distinct()


def _uncovered(today: date) -> QuerySet[Any]:
    """The ids of photographs with a pupil whose authorisation does not hold, or did not come before the action."""
    everywhere = PhotoSubject.objects.across_schools(why="a condition beside the photographs of a school")
    lapsed = Q(consent__revoked_date__isnull=False) | Q(consent__until_date__lt=today)
    day = Q(photo__action__end_date=None, consent__signed_date__gt=F("photo__action__start_date"))
    days = Q(photo__action__end_date__isnull=False, consent__signed_date__gt=F("photo__action__end_date"))
    return everywhere.filter(lapsed | day | days).values("photo")


@transaction.atomic
def add(
    photo: ActionPhoto, content: bytes, consents: Collection[ImageConsent], *, by: Any, key: UUID | None, today: date
) -> ActionPhoto:
    """Keep a photograph made again by `core.pictures`, with the pupils on it. The same form sent twice keeps one.

    Raises ValidationError when nobody said who is on it, or when an authorisation does not cover it.
    """
    action = photo.action
    if photo.shows_nobody == bool(consents):
        raise ValidationError("Cochez les élèves reconnaissables, ou dites que personne ne l’est.")
    for consent in consents:
        if not span_of(consent).covers(action.last_date, today):
            raise ValidationError(f"L’autorisation de {consent.student} ne couvre pas cette photo.")
        birth = consent.student.birth_date
        if birth and consent.given_by != Consenting.STUDENT and is_adult(birth, action.last_date):
            raise ValidationError(f"{consent.student} est majeur ce jour-là : son propre accord est nécessaire.")
    if ActionPhoto.objects.in_school(action.school_id).filter(action=action).count() >= MOST:
        raise ValidationError(f"Cette action a déjà {MOST} photos : retirez-en une d’abord.")
    photo.file.save("photo.jpg", ContentFile(content), save=False)
    storage, name = photo.file.storage, str(photo.file.name)
    try:
        saved, created = create_record(photo, by=by, key=key)
        if created:
            PhotoSubject.objects.bulk_create(
                PhotoSubject(school_id=action.school_id, photo=saved, consent=consent, created_by=by, updated_by=by)
                for consent in consents
            )
    except BaseException:
        storage.delete(name)
        raise
    if not created:
        storage.delete(name)
    return saved


@transaction.atomic
def remove(photo: ActionPhoto, *, by: Any) -> None:
    """Take a photograph away, file and all."""
    audit.record("events.photo_removed", photo.action, by=by)
    photo.delete()


@transaction.atomic
def sweep(today: date, *, school: School | None = None) -> int:
    """Take away every photograph that nobody may see any more, of a school or of all; returns how many."""
    rows: Any = ActionPhoto.objects
    photos = rows.across_schools(why="time passes for every school") if school is None else rows.in_school(school)
    gone = list(photos.exclude(pk__in=shown(photos, today).values("pk")).select_related("action", "school"))
    for photo in gone:
        remove(photo, by=None)
    return len(gone)


def names_on(photos: Iterable[ActionPhoto], students: QuerySet[Any]) -> dict[int, list[str]]:
    """Who is on each photograph, among the pupils that somebody may see: one query."""
    shown_on: dict[int, list[str]] = {}
    rows = (
        PhotoSubject.objects.across_schools(why="the photographs given are of one school")
        .filter(photo__in=[photo.pk for photo in photos], consent__student__in=students.values("pk"))
        .select_related("consent__student")
        .order_by("consent__student__search_text")
    )
    for row in rows:
        shown_on.setdefault(row.photo_id, []).append(row.consent.student.full_name)
    return shown_on


def told(count: int) -> str:
    """« 2 photos retirées »."""
    return french.plural(count, "photo retirée", "photos retirées")


# ------------------------------------------------------------------------------------------------ whatever deletes the rows
@receiver(post_delete, sender=ActionPhoto)
def forget_file(sender: type[ActionPhoto], instance: ActionPhoto, **_: Any) -> None:
    """The file goes with its row, also when the row went with its action."""
    storage, name = instance.file.storage, instance.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@receiver(post_delete, sender=PhotoSubject)
def forget_photo(sender: type[PhotoSubject], instance: PhotoSubject, **_: Any) -> None:
    """A photograph whose pupil, or whose authorisation, left the file is covered by nothing."""
    for photo in ActionPhoto.objects.filter(school=instance.school_id, pk=instance.photo_id, shows_nobody=False):
        photo.delete()
