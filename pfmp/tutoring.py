"""The tutor's link: given from a placement, to a class, or by the clock on the first day and around the last (R-ATT-03).

One message a tutor and a day, with a link to each of their pupils: whoever hosts three pupils gets one message.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import audit, mail, typography
from core.french import plural
from core.verdict import Denied, Verdict
from pfmp import certificates, links, permissions
from pfmp.enums import SECURED, LinkPurpose, PlacementStatus
from pfmp.models import PersonalLink, Placement
from schools.models import Membership, School

S = PlacementStatus
THERE = (S.SIGNED, S.ONGOING)
WITH_TUTOR = (S.ISSUED, *SECURED)
FIRST_DAYS = timedelta(days=2)
"""A convention signed on the second day still gets its link by itself."""
AROUND_END = (timedelta(days=-2), timedelta(0), timedelta(days=2), timedelta(days=5))
"""Days from the last one on which the attestation is asked for: two days before, J0, J+2, J+5 (R-ATT-03)."""
COOL_DOWN = timedelta(days=1)
NO_TUTOR = "Aucun tuteur n’est nommé : choisissez-le dans le placement."


def may_link(membership: Membership, placement: Placement, today: date) -> Verdict:
    """May this person give the tutor of a placement that they see a link?"""
    if placement.tutor is None:
        return Denied(NO_TUTOR)
    if placement.status not in WITH_TUTOR:
        return Denied("Le lien du tuteur se donne une fois la convention éditée.")
    if today > placement.end_date + links.AFTER_END:
        return Denied("Ce placement est fini depuis longtemps : il n’y a plus de lien à donner.")
    return permissions.may_log(membership)


def _named(placement: Placement) -> dict[str, Any]:
    tutor = placement.tutor
    if tutor is None:
        raise ValidationError(NO_TUTOR)
    return {
        "name": f"{tutor.first_name} {tutor.last_name}".strip(),
        "email": tutor.email,
        "placement": placement,
        "contact": tutor,
    }


def send_link(placement: Placement, *, by: Any, now: datetime) -> PersonalLink:
    """Mail a fresh link to the tutor. Raises ValidationError: no tutor, no address, too late."""
    return links.send(LinkPurpose.TUTOR, by=by, now=now, **_named(placement))


def make_link(placement: Placement, *, by: Any, now: datetime) -> str:
    """The whole address of a fresh link, to copy: a text message, a QR code read at the counter."""
    return links.create(LinkPurpose.TUTOR, by=by, now=now, **_named(placement))[1]


@dataclass(frozen=True)
class Outcome:
    """How many messages left, for how many pupils, and who was left out."""

    messages: int
    pupils: int
    without_address: int

    @property
    def sentence(self) -> str:
        if not self.messages:
            return (
                "Aucun message envoyé : aucun tuteur de cette classe n’a d’adresse électronique ou de lien à recevoir."
            )
        left = (
            f" {plural(self.without_address, 'tuteur sans adresse', 'tuteurs sans adresse')} : donnez le lien de la main à la main."
            if self.without_address
            else ""
        )
        return (
            f"{plural(self.messages, 'message envoyé', 'messages envoyés')}, pour {plural(self.pupils, 'élève')}.{left}"
        )


def send_class(placements: Iterable[Placement], *, by: Any, now: datetime) -> Outcome:
    """One message to each tutor of these placements of one school, with a link to each of their pupils."""
    today = timezone.localdate(now)
    rows = [
        row
        for row in placements
        if row.tutor is not None and row.status in WITH_TUTOR and today <= row.end_date + links.AFTER_END
    ]
    written_to = reachable(rows)
    messages = pupils = 0
    for group in by_address(written_to).values():
        if _send_group(group, by=by, now=now, key="", asks_attestation=False):
            messages, pupils = messages + 1, pupils + len(group)
    return Outcome(messages, pupils, len(rows) - len(written_to))


def by_address(placements: Iterable[Placement]) -> Mapping[tuple[int, str], list[Placement]]:
    """Placements that have a tutor, by school and by the address of the tutor, without case."""
    groups: dict[tuple[int, str], list[Placement]] = defaultdict(list)
    for row in placements:
        assert row.tutor is not None
        groups[row.school_id, row.tutor.email.strip().casefold()].append(row)
    return groups


@transaction.atomic
def _send_group(group: list[Placement], *, by: Any, now: datetime, key: str, asks_attestation: bool) -> bool:
    """One message to one tutor about these pupils; False when no link could be made."""
    made: list[tuple[Placement, PersonalLink, str]] = []
    for placement in group:
        try:
            with transaction.atomic():
                link, url = links.create(LinkPurpose.TUTOR, by=by, now=now, **_named(placement))
        except ValidationError:
            continue
        made.append((placement, link, url))
    if not made:
        return False
    school, first = made[0][0].school, made[0][1]
    mail.send_later(
        to=first.email.strip(),
        subject="Attestation à signer" if asks_attestation else links.SUBJECTS[LinkPurpose.TUTOR],
        body=letter(school, made, asks_attestation=asks_attestation),
        key=key or f"tutor-links:{first.public_id}",
        scope=school.uai,
        reply_to=school.email,
        by=by,
    )
    return True


def letter(school: School, made: list[tuple[Placement, PersonalLink, str]], *, asks_attestation: bool) -> str:
    """The words of a message: what is asked, a line and an address for each pupil."""
    several = len(made) > 1
    if asks_attestation:
        asks = (
            "Le stage se termine : confirmez le nombre de jours de présence, puis signez l'attestation (deux minutes)."
        )
    else:
        pupils = "les élèves que vous accueillez" if several else "l'élève que vous accueillez"
        asks = f"Merci d'accueillir nos élèves. Cette page sert à signaler une absence ou un retard, et à évaluer {pupils}."
    parts = []
    for placement, _, url in made:
        initial = placement.student.last_name[:1]
        who = (
            f"{placement.student.first_name} {initial}., jusqu'au {typography.long_date(placement.end_date)} :\n"
            if several
            else ""
        )
        parts.append(f"{who}{url}")
    until = typography.long_date(timezone.localdate(min(link.expires_at for _, link, _ in made)))
    phone = f" ou appelez le {school.phone}" if school.phone else ""
    kept = "Ces liens vous sont personnels et marchent" if several else "Ce lien vous est personnel et marche"
    return typography.french(
        f"Bonjour,\n\n{asks}\n\n" + "\n\n".join(parts) + f"\n\n{kept} jusqu'au {until}, sans compte ni mot de passe. "
        f"Une question, ou ce message n'est pas pour vous ? Répondez-y{phone}.\n\n{school.name}\n"
    )


# ----------------------------------------------------------------------------------------------------------- the clock


def write_to_tutors(today: date) -> dict[str, int]:
    """The message of the day to each tutor: the link when a stay begins, the attestation when it ends. How many of each.

    A tutor who hears of an attestation today gets nothing else today; nobody hears twice within two days, whoever asked.
    """
    now = timezone.now()
    ending = _asked_for_attestation(today)
    beginning = _beginning(today)
    sent = {"attestations": 0, "links": 0}
    written: set[tuple[int, str]] = set()
    for name, rows in (("attestations", ending), ("links", beginning)):
        for address, group in by_address(rows).items():
            if address in written:
                continue
            written.add(address)
            key = f"tutor:{group[0].school.uai}:{address[1]}:{today.isoformat()}"
            sent[name] += _send_group(group, by=None, now=now, key=key, asks_attestation=name == "attestations")
    if any(sent.values()):
        audit.record("pfmp.tutors_written_to", links=sent["links"], attestations=sent["attestations"])
    return sent


_WHY = "the clock is the same for every school"


def reachable(rows: Iterable[Placement]) -> list[Placement]:
    """Those whose tutor has an address to write to."""
    return [row for row in rows if row.tutor is not None and mail.is_address(row.tutor.email.strip())]


def _beginning(today: date) -> list[Placement]:
    """Stays that began today or the day before, whose tutor has no link yet."""
    rows = (
        Placement.objects.across_schools(why=_WHY)
        .filter(status__in=THERE, start_date__range=(today - FIRST_DAYS, today), end_date__gte=today)
        .exclude(tutor=None)
        .exclude(links__purpose=LinkPurpose.TUTOR)
        .select_related("school", "student", "tutor")
        .order_by("school_id", "student__search_text", "pk")
    )
    return reachable(rows)


def _asked_for_attestation(today: date) -> list[Placement]:
    """Stays whose attestation is to be asked for today and is not here, without a link in the last two days."""
    rows = (
        Placement.objects.across_schools(why=_WHY)
        .filter(status__in=(*THERE, S.FINISHED), end_date__in=[today - shift for shift in AROUND_END])
        .exclude(tutor=None)
        .select_related("school", "student", "tutor")
        .order_by("school_id", "student__search_text", "pk")
    )
    found = reachable(rows)
    recent = set(
        PersonalLink.objects.across_schools(why=_WHY)
        .filter(placement__in=found, purpose=LinkPurpose.TUTOR, created_at__date__gte=today - COOL_DOWN)
        .values_list("placement_id", flat=True)
    )
    by_school: dict[int, list[Placement]] = defaultdict(list)
    for row in found:
        if row.pk not in recent:
            by_school[row.school_id].append(row)
    asked = []
    for group in by_school.values():
        papers = certificates.of(group)
        asked += [row for row in group if row.pk not in papers or not (papers[row.pk].is_signed or papers[row.pk].days)]
    return asked
