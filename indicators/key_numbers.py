"""Five numbers on the home page of each role, each a door, with how they moved (`KeyNumber`, kept each night).

What waits for somebody is counted live, all in one query; figures of the sheet are those of the last night. A teacher's
numbers are those of their own pupils: they are kept under the teacher's own key, and only when they change.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from core import charts, counting, french, typography
from core.school_year import SchoolYear
from documents import signing_book
from events.enums import ActionStatus
from events.models import Action
from indicators import definitions, documents, sealing
from indicators.models import KeyNumber
from partners import followups
from pfmp import duties, permissions, preparing, visiting
from pfmp.enums import PlacementStatus, VisitMode
from pfmp.models import Placement, Visit
from schools import todo
from schools.enums import Role
from schools.models import Membership, School
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission

WEEKS = 12
"""How far back a trend looks."""
KEPT = timedelta(days=730)
"""Older numbers say nothing any more."""
SOON = timedelta(days=30)
SPARK = 96  # px
TO_VISIT = (PlacementStatus.SIGNED, PlacementStatus.ONGOING)


@dataclass(frozen=True)
class Live:
    """Rows that wait, counted when the page is drawn. `page`: the address that lists them."""

    key: str
    label: str
    rows: Callable[[Membership, date], QuerySet[Any]]
    page: Callable[[School, date], str]
    is_personal: bool = False


def _to(name: str, **query: str) -> Callable[[School, date], str]:
    def address(school: School, today: date) -> str:
        return reverse(name, args=[school.uai]) + (f"?{urlencode(query)}" if query else "")

    return address


def _coming_actions(school: School, today: date) -> str:
    days = {"statut": "prevue", "depuis": today.isoformat(), "jusqu_au": (today + SOON).isoformat()}
    return f"{reverse('events:action_list', args=[school.uai])}?{urlencode(days)}"


def _present(school: School, today: date) -> str:
    return f"{reverse('pfmp:placement_list', args=[school.uai])}?{urlencode({'present_le': today.isoformat()})}"


def _to_visit(membership: Membership, today: date) -> QuerySet[Placement]:
    """The pupils in a company now whom this person follows and nobody has seen there yet."""
    seen = Visit.objects.filter(school=membership.school_id, placement=OuterRef("pk"), mode=VisitMode.ON_SITE)
    return (
        permissions.visible_placements(membership)
        .filter(referent_email__iexact=membership.email, status__in=TO_VISIT)
        .filter(start_date__lte=today, end_date__gte=today)
        .exclude(Exists(seen))
    )


CALLS = Live(
    "rappels",
    "Rappels à faire",
    lambda one, today: followups.waiting(one).filter(call_again_date__lte=today),
    _to("partners:follow_ups"),
)
UNSIGNED = Live(
    "conventions_a_signer",
    "Conventions de PFMP à faire signer",
    lambda one, today: permissions.visible_placements(one).filter(status=PlacementStatus.ISSUED),
    _to("pfmp:placement_list", statut=PlacementStatus.ISSUED.value),
)
ALERTS = Live(
    "alertes", "Alertes de visite à traiter", lambda one, today: visiting.open_alerts(one),
    _to("pfmp:visit_list", alerte="a_traiter"),
)  # fmt: skip
ACTIONS = Live(
    "actions_a_venir",
    "Actions dans les trente jours",
    lambda one, today: Action.objects.in_school(one.school_id).filter(
        status=ActionStatus.PLANNED, start_date__range=(today, today + SOON)
    ),
    _coming_actions,
)
SIGNATURES = Live(
    "a_signer", "Documents à signer", signing_book.ready, _to("documents:signing_book"), is_personal=True
)  # fmt: skip
PRESENT = Live(
    "en_entreprise",
    "Vos élèves en entreprise aujourd’hui",
    lambda one, today: (
        permissions.visible_placements(one)
        .filter(start_date__lte=today, end_date__gte=today)
        .exclude(status=PlacementStatus.CANCELLED)
    ),
    _present,
    is_personal=True,
)
VISITS = Live("a_visiter", "Élèves à visiter", _to_visit, _to("pfmp:my_visits"), is_personal=True)
SHEETS = Live(
    "a_valider",
    "Pré-conventions à valider",
    lambda one, today: preparing.to_validate(one, permissions.visible_placements),
    _to("pfmp:pre_convention_list"),
    is_personal=True,
)
UNPLACED = "sans_place"
"""Pupils without a place for a departure of the weeks to come: read with the periods at hand, not by one query."""

NUMBERS: dict[Role, tuple[Live | str, ...]] = {
    Role.BDE: (UNPLACED, UNSIGNED, CALLS, ACTIONS, "I4.1"),
    Role.DDFPT: (UNPLACED, UNSIGNED, ALERTS, "E21.sur_place", "I4.1"),
    Role.HEAD: (SIGNATURES, "I5.1", "I4.1", "I8.1", "I5.9"),
    Role.TEACHER: (UNPLACED, PRESENT, VISITS, SHEETS, SIGNATURES),
}
"""What matters to each role; a code is that of an indicator, in its page's own words."""

WORDS = {"I5.1": "Élèves ayant une solution de PFMP", "I8.1": "Satisfaction", "I5.9": "Taxe d’apprentissage perçue"}
"""Indicators said in fewer words than the sheet's."""


# -------------------------------------------------------------------------------------------------------------- counting


def unplaced(membership: Membership, today: date) -> set[int]:
    """The pupils, as far as this person sees them, without a place for a period that begins within the weeks at hand."""
    periods, found = duties.at_hand(membership, today)
    return {
        row.student.pk for one in periods if one.start_date > today for row in found[one.pk] if row.needs_place
    }  # fmt: skip


def _live(membership: Membership, today: date, asked: Iterable[Live]) -> dict[str, int]:
    one = School.objects.filter(pk=membership.school_id)
    return counting.counts(one, {live.key: live.rows(membership, today) for live in asked})


def _own_key(membership: Membership, key: str) -> str:
    return f"{membership.pk}/{key}"


def _keeps_own(membership: Membership, live: Live | str) -> bool:
    """True for what is this person's own, and not the school's."""
    return is_own_only(membership) or (isinstance(live, Live) and live.is_personal)


def _kept_under(membership: Membership, wanted: Iterable[Live | str]) -> list[tuple[str, bool]]:
    """Each number's key, and whether it is kept under this person's own."""
    return [(one.key if isinstance(one, Live) else one, _keeps_own(membership, one)) for one in wanted]


# ---------------------------------------------------------------------------------------------------------- the home page


@todo.numbers
def numbers_of(membership: Membership, today: date) -> list[todo.Number]:
    """The five numbers of this person's role, in two queries beside the periods at hand."""
    wanted = NUMBERS.get(membership.role_enum, ())
    if not wanted:
        return []
    school = membership.school
    keys = {key: _own_key(membership, key) if own else key for key, own in _kept_under(membership, wanted)}
    kept: dict[str, list[tuple[date, Decimal]]] = {}
    rows = KeyNumber.objects.in_school(school).filter(
        key__in=keys.values(), day__range=(today - timedelta(weeks=WEEKS), today)
    )
    for key, day, value in rows.order_by("day").values_list("key", "day", "value"):
        kept.setdefault(key, []).append((day, value))
    live = _live(membership, today, [one for one in wanted if isinstance(one, Live)])
    made = []
    for one in wanted:
        if isinstance(one, Live):
            past = kept.get(keys[one.key], [])
            made.append(_number(one.label, live[one.key], french.number, past, one.page(school, today), today))
        elif one == UNPLACED:
            past = kept.get(keys[one], [])
            label = "Élèves sans place pour un départ proche"
            url = reverse("pfmp:board", args=[school.uai])
            made.append(_number(label, len(unplaced(membership, today)), french.number, past, url, today))
        elif (past := kept.get(keys[one], [])) and allows(membership, Permission.VIEW_INDICATORS):
            indicator = definitions.named(one)
            url = reverse("indicators:figure", args=[school.uai, one])
            write = _writer(indicator.unit)
            made.append(
                _number(WORDS.get(one) or typography.french(indicator.label), past[-1][1], write, past[:-1], url, today)
            )
    return made


def _writer(unit: str) -> charts.Write:
    return lambda value: documents.written(unit, value)


def _number(
    label: str,
    value: int | Decimal,
    write: charts.Write,
    past: Sequence[tuple[date, Decimal]],
    url: str,
    today: date,
) -> todo.Number:
    """A number, its curve, and in words what it was a month ago."""
    shown = [*[float(number) for _, number in past], float(value)]
    month_ago = [number for day, number in past if day <= today - timedelta(days=28)]
    before = month_ago[-1] if month_ago else (past[0][1] if past else None)
    when = "il y a un mois" if month_ago else (f"le {french.short_day(past[0][0])}" if past else "")
    words = ""
    if before is not None:
        plain = int(before) if before == int(before) else float(before)
        words = f"comme {when}" if before == value else f"{write(plain)} {when}"
    return todo.Number(
        label=label,
        value=write(float(value) if isinstance(value, Decimal) and value != int(value) else int(value)),
        url=url,
        trend=charts.spark(shown, label=f"{label}, depuis {WEEKS} semaines", width=SPARK, write=write),
        words=words,
    )


# ----------------------------------------------------------------------------------------------------------- each night


def keep(school: School, today: date) -> int:
    """Keep the day's numbers of a school: those of its bureau, its figures, and each person's own. Returns how many are new.

    A second run of the same day replaces the first. What is a person's own is kept only when it has changed.
    """
    desk = Membership(school=school, role=Role.BDE, is_active=True, email="")
    shared = _live(desk, today, (UNSIGNED, CALLS, ACTIONS, ALERTS))
    found = {key: Decimal(n) for key, n in shared.items()}
    without = unplaced(desk, today)
    found[UNPLACED] = Decimal(len(without))
    found |= _figures(school, today)
    own: dict[str, Decimal] = {}
    people = Membership.objects.in_school(school).filter(
        is_active=True, user__isnull=False, role__in=[Role.TEACHER, Role.HEAD]
    )
    for person in people.select_related("school", "user"):
        asked = [one for one in NUMBERS[person.role_enum] if isinstance(one, Live) and _keeps_own(person, one)]
        own |= {_own_key(person, key): Decimal(n) for key, n in _live(person, today, asked).items()}
        if UNPLACED in NUMBERS[person.role_enum]:
            mine = visible_students(person).filter(pk__in=without).count() if without else 0
            own[_own_key(person, UNPLACED)] = Decimal(mine)
    last = _last_of(school, own, today)
    found |= {key: value for key, value in own.items() if last.get(key) != value}
    made = [KeyNumber(school=school, day=today, key=key, value=value) for key, value in found.items()]
    KeyNumber.objects.in_school(school).filter(day__lt=today - KEPT).delete()
    KeyNumber.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["school", "key", "day"], update_fields=["value"]
    )
    return len(made)


def _last_of(school: School, own: Iterable[str], today: date) -> dict[str, Decimal]:
    """The last value kept before today under each key."""
    rows = KeyNumber.objects.in_school(school).filter(key__in=list(own), day__lt=today)
    return dict(rows.order_by("day").values_list("key", "value"))


def _figures(school: School, today: date) -> dict[str, Decimal]:
    """The indicators that home pages show, as the night left them."""
    kept = sealing.standing(school, SchoolYear.on(today))
    if kept is None:
        return {}
    codes = {one for numbers in NUMBERS.values() for one in numbers if isinstance(one, str) and one != UNPLACED}
    return {
        entry["code"]: Decimal(str(round(entry["valeur"], 4)))
        for entry in kept.figures["indicateurs"]
        if entry["code"] in codes and entry["statut"] == "calcule"
    }
