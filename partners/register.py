"""The public register of companies (Sirene, by the API Recherche d'entreprises): ask it, keep what it says, take a field.

It is only ever asked for a SIRET or for the words of a name; never for a person, never with the invented numbers of a
demonstration, never by a demonstration school. It proposes: people decide, field by field. Alone it only notes that an
establishment has closed.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import F, Q

from core import audit, jobs, outside, places
from core.outside import Reason, Service, Unavailable
from core.siret import is_siret
from partners.models import Partner
from partners.rules import register as rules
from partners.rules.register import Establishment
from schools.models import School
from schools.services import change_record

SORRY = "Le répertoire Sirene ne répond pas. Saisissez la fiche à la main : rien n’est perdu."
DEMO = "Lycée de démonstration : les entreprises sont inventées, Sirene n’est pas interrogé."
SHOWN = 10
KEPT_SECONDS = 12 * 3600
CHECK_EVERY = timedelta(days=30)
NIGHTLY = 400
"""Checks a night and a school, at most: 3,000 partners are seen within their 30 days, and a night takes minutes."""
LONGEST_SECONDS = 15 * 60  # a slow service does not hold a worker until its limit
ODD_ANSWERS = 5  # answers of another shape in one night before it stops
SALT = "partners.register"


def service() -> Service:
    return Service("sirene", settings.SIRENE_URL, SORRY)


def is_on(school: School) -> bool:
    """True when this school's partners may be looked up: the service is set, and the school is a real one."""
    return bool(settings.SIRENE_URL) and not school.is_demo


# ---------------------------------------------------------------------------------------------------------------- asking

WANTED = {"minimal": "true", "include": "siege,matching_etablissements"}  # neither directors nor figures are sent to us


def find(siret: str, *, fresh: bool = False) -> Establishment | None:
    """The establishment of a SIRET, never its head office instead; None when the register has none of that number.

    An answer is kept for half a day; `fresh` asks anew. Raises Unavailable.
    """
    if not is_siret(siret) or rules.is_fictitious(siret):
        return None
    known = None if fresh else outside.recall(f"siret:{siret}")
    if known is not None:
        return Establishment.from_kept(known)
    found = next((one for one in _ask({"q": siret}) if one.siret == siret), None)
    outside.remember(f"siret:{siret}", found.kept() if found else {}, KEPT_SECONDS)
    return found


def search(words: str, *, department: str = "") -> list[Establishment]:
    """Establishments of the units that bear a name, the open ones first; at most ten. Raises Unavailable."""
    asked = {"q": " ".join(words.split())[:100], "per_page": "5", "limite_matching_etablissements": str(SHOWN)}
    found = _ask(asked | ({"departement": department} if department else {}))
    for one in found[: SHOWN * 2]:
        outside.remember(f"siret:{one.siret}", one.kept(), KEPT_SECONDS)
    return sorted(found, key=lambda one: not one.is_open)[:SHOWN]


def _ask(params: dict[str, str]) -> list[Establishment]:
    answer = service().get_json("/search", params | WANTED)
    try:
        return rules.establishments(answer)
    except ValueError:
        raise service().failure(Reason.NONSENSE) from None


def department_of(school: School) -> str:
    """ "02", "2A", "974"…: where the school is; "" when nothing tells."""
    commune = places.find(school.postal_code, school.city)
    return commune.department if commune else ""


def known_partners(school: School, sirets: Iterable[str], *, but: Partner | None = None) -> dict[str, Partner]:
    """The school's partners among these establishments, by SIRET: what is there must not be made a second time."""
    found = Partner.objects.in_school(school).filter(siret__in=list(sirets)).exclude(siret="").order_by("-pk")
    if but is not None and but.pk:
        found = found.exclude(pk=but.pk)
    partners = {partner.siret: partner for partner in found}
    for partner in partners.values():
        partner.school = school
    return partners


# ------------------------------------------------------------------------------------------------- what we wrote, and it


def ours(partner: Partner) -> dict[str, Any]:
    """The fields that the register knows too, as the school wrote them."""
    values = {field: getattr(partner, field) for field in rules.FIELDS if field != "coordinates"}
    values["coordinates"] = (
        (float(partner.latitude), float(partner.longitude))
        if partner.latitude is not None and partner.longitude is not None
        else None
    )
    return values


@dataclass(frozen=True)
class Panel:
    """What a partner's page says of the register. `checked`: the register was asked at least once for this SIRET."""

    partner: Partner
    found: Establishment | None
    rows: list[rules.Row]
    is_on: bool
    page: str

    @property
    def lines(self) -> list[rules.Line]:
        """The rows in words."""
        return rules.page_lines(self.rows, ours(self.partner), self.found) if self.found else []

    @property
    def checked(self) -> datetime | None:
        return self.partner.register_checked_at


def panel(partner: Partner) -> Panel | None:
    """The panel of a partner with a SIRET; None when there is nothing to say."""
    on = is_on(partner.school) and is_siret(partner.siret) and not rules.is_fictitious(partner.siret)
    found = Establishment.from_kept(partner.register_data)
    if found is not None and found.siret != partner.siret:
        found = None
    if not on and partner.register_checked_at is None and partner.closed_date is None:
        return None
    rows = rules.differences(ours(partner), found, name_locked=partner.name_locked) if found else []
    return Panel(partner, found, rows, on, rules.page_of(partner.siret))


# --------------------------------------------------------------------------------------------------------------- writing


def check(partner: Partner, *, now: datetime, by: Any = None) -> Establishment | None:
    """Ask again about a partner and keep the answer; a closure or a re-opening is noted in the journal.

    Nothing else of the record changes. Raises Unavailable.
    """
    found = find(partner.siret, fresh=True)
    keep(partner, found, now=now, by=by)
    return found


@transaction.atomic
def keep(partner: Partner, found: Establishment | None, *, now: datetime, by: Any = None) -> bool:
    """Write what the register said; True when the establishment has closed or opened again.

    The version only moves with the closing date, so that a check under someone's open form does not disturb them.
    """
    row = Partner.objects.in_school(partner.school_id).filter(pk=partner.pk, siret=partner.siret)
    said = {"register_data": found.kept() if found else {}, "register_checked_at": now}
    closed = partner.closed_date
    if found is not None:
        closed = None if found.is_open else (found.closed_date or partner.closed_date or now.date())
    if closed == partner.closed_date:
        row.update(**said)
        changed = False
        if by is not None:
            audit.record("partners.register_checked", partner, by=by, scope=partner.school.uai)
    else:
        changed = bool(row.filter(version=partner.version).update(**said, closed_date=closed, version=F("version") + 1))
        if changed:
            verb = "partners.establishment_closed" if closed else "partners.establishment_reopened"
            audit.record(verb, partner, by=by, scope=partner.school.uai)
    partner.refresh_from_db(fields=["register_data", "register_checked_at", "closed_date", "version"])
    return changed


def take(partner: Partner, field: str, *, version: int, by: Any) -> Partner:
    """« Reprendre »: write one field as the register says it. Raises StaleEdit as every change, BadRequest for a field that
    the register does not propose."""
    shown = panel(partner)
    names = rules.PLACE_FIELDS if field == rules.PLACE else (field,)
    rows = [row for row in shown.rows if row.field in names] if shown else []
    if shown is None or not rows:
        raise BadRequest
    changed = [row.field for row in rows]
    for row in rows:
        write(partner, row.field, row.official)
    if changed[0] in rules.PLACE_FIELDS:
        moved(partner, shown.found)
        changed.append("coordinates")
    return change_record(partner, version=version, by=by, changed=changed)


def write(partner: Partner, field: str, value: Any) -> None:
    """Set a field of `rules.FIELDS` on the record, unsaved."""
    if field == "coordinates":
        partner.latitude, partner.longitude = (Decimal(f"{part:.6f}") for part in value)
        partner.geocoded_at = partner.geocode_score = None
    else:
        setattr(partner, field, value)


def is_there(partner: Partner, found: Establishment) -> bool:
    """True when the partner's address is that of the register."""
    values = ours(partner)
    return all(rules.is_same(name, values[name], found.value(name), values, found) for name in rules.PLACE_FIELDS)


def moved(partner: Partner, found: Establishment | None = None) -> None:
    """The address has changed: its place on the map is the register's when the address now is, else unknown."""
    partner.latitude = partner.longitude = partner.geocoded_at = partner.geocode_score = None
    if found is not None and found.value("coordinates") and is_there(partner, found):
        write(partner, "coordinates", found.value("coordinates"))


# ---------------------------------------------------------------------- from the proposal on the form to the saved record


def seal(found: Establishment, taken: Iterable[str], *, now: datetime) -> str:
    """What was proposed and taken, for the form to carry until it is saved."""
    return signing.dumps({"found": found.kept(), "taken": list(taken), "at": now.isoformat()}, salt=SALT)


@dataclass(frozen=True)
class Taken:
    """What a form carries: the register's answer, the fields that were taken, when."""

    found: Establishment
    fields: list[str]
    at: datetime


def unseal(text: str) -> Taken | None:
    """Read back from `seal`; None for anything else, or after a day."""
    try:
        read = signing.loads(text, salt=SALT, max_age=86400)
    except signing.BadSignature:
        return None
    found = Establishment.from_kept(read["found"])
    return Taken(found, read["taken"], datetime.fromisoformat(read["at"])) if found else None


def follow_form(partner: Partner, *, changed: Iterable[str], taken: Taken | None) -> None:
    """Bring what the form does not show along with what it changes, on the unsaved record.

    Another SIRET: what was known of the former one goes. Another address: its place on the map goes. What was taken from the
    register for this very SIRET is kept with the record.
    """
    changed = set(changed)
    same = taken if taken is not None and taken.found.siret == partner.siret else None
    if "siret" in changed and not partner._state.adding:
        partner.register_data = partner.register_checked_at = partner.closed_date = None
    if changed & set(rules.PLACE_FIELDS) and not partner._state.adding:
        moved(partner)
    if same is None:
        return
    partner.register_data, partner.register_checked_at = same.found.kept(), same.at
    for field in ("coordinates", "closed_date"):
        value = same.found.value(field) if field in same.fields else None
        if value and (field == "closed_date" or is_there(partner, same.found)):
            write(partner, field, value)


# ------------------------------------------------------------------------------------------------------ what a closure upsets

StakeProvider = Callable[[int, list[int], date], Mapping[int, str]]
_stakes: list[StakeProvider] = []


def also_at_stake(provider: StakeProvider) -> StakeProvider:
    """Let an app above say what a closure upsets; called with the school, partners and today, gives a sentence by partner."""
    _stakes.append(provider)
    return provider


def at_stake(school_id: int, partner_ids: list[int], today: date) -> dict[int, str]:
    """By partner: what was planned there (« 2 placements à venir »). Partners without plans are left out."""
    found: dict[int, list[str]] = {}
    for give in _stakes if partner_ids else ():
        for pk, sentence in give(school_id, partner_ids, today).items():
            found.setdefault(pk, []).append(sentence)
    return {pk: ", ".join(sentences) for pk, sentences in found.items()}


def closed_partners(school_id: int) -> Any:
    """Partners whose establishment has closed and that nobody has put away yet, the latest learnt first."""
    return (
        Partner.objects.in_school(school_id)
        .in_use()
        .filter(closed_date__isnull=False)
        .order_by("-register_checked_at", "pk")
    )


# --------------------------------------------------------------------------------------------------------------- at night


@dataclass
class Round:
    """What a night's checks of one school came to."""

    asked: int = 0
    closed: int = 0
    reopened: int = 0
    waiting: int = 0  # left for another night
    stopped: bool = False  # by a failure of the service

    def count(self, before: date | None, partner: Partner) -> None:
        self.asked += 1
        self.closed += partner.closed_date is not None and before is None
        self.reopened += partner.closed_date is None and before is not None

    @property
    def sentence(self) -> str:
        several = "s" if self.asked > 1 else ""
        parts = [f"{self.asked} partenaire{several} vérifié{several} dans Sirene."]
        if self.closed:
            parts.append(f"Établissements fermés : {self.closed}.")
        if self.reopened:
            parts.append(f"Rouverts : {self.reopened}.")
        if self.stopped:
            parts.append("Sirene n’a plus répondu : la suite la nuit prochaine.")
        elif self.waiting:
            parts.append(f"Il en reste {self.waiting}, pour les nuits suivantes.")
        return " ".join(parts)


def to_check(school: School, now: datetime) -> Any:
    """Partners whose SIRET was not checked for 30 days, the longest ago first; archived ones rest."""
    old = Q(register_checked_at=None) | Q(register_checked_at__lt=now - CHECK_EVERY)
    return (
        Partner.objects.in_school(school)
        .in_use()
        .filter(old, siret__gte=rules.FICTITIOUS_BELOW)
        .order_by(F("register_checked_at").asc(nulls_first=True), "pk")
    )


def check_school(school: School, *, now: datetime, most: int = NIGHTLY) -> Round:
    """Check what has waited longest, each record written as soon as it is known: a night cut short loses nothing.

    Stops at the first failure of the service, which the next night takes up.
    """
    found = Round()
    if not is_on(school):
        return found
    due = to_check(school, now)
    total = due.count()
    odd, started = 0, time.monotonic()
    for partner in list(due[:most]):
        partner.school = school
        if time.monotonic() - started > LONGEST_SECONDS:
            break
        outside.wait_for_turn(service())
        try:
            before = partner.closed_date
            check(partner, now=now)
            found.count(before, partner)
        except Unavailable as failure:
            odd += 1
            if (
                failure.reason not in (Reason.REFUSED, Reason.NONSENSE)
                or odd >= ODD_ANSWERS
                or outside.is_resting(service())
            ):
                found.stopped = True
                break
            # One answer that cannot be read must not hold the others up every night.
            Partner.objects.in_school(school).filter(pk=partner.pk).update(register_checked_at=now)
        jobs.progress(found.asked + odd, min(total, most))
    found.waiting = total - found.asked - odd
    return found
