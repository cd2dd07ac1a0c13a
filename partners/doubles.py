"""The probable doubles of a school: read from its tables, judged by `rules.doubles`, kept until something changes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.core.cache import cache
from django.db.models import Count, IntegerField, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from core import french
from partners.merging import Relation, relations_to
from partners.models import Contact, Merge, NotDouble, Partner
from partners.rules import doubles as rules
from partners.rules.doubles import Card, Likeness
from schools.models import School

RULES = 2
"""Raised when `rules.doubles` judges otherwise: what was found before is then forgotten."""
KEPT_SECONDS = 7 * 86400
MOST_PAIRS = 1000
"""More than a school will ever settle by hand: the surest."""

WORTH_ASKING = 45
"""Below it, a likeness does not interrupt someone who types a new company."""

PROBABLE = 65
"""From here a likeness is called probable; below it, to be checked."""

COLUMNS = ("pk", "name", "brand", "siret", "postal_code", "city", "phone", "email", "website")


Found = tuple[int, int, Likeness]
"""Two primary keys and why they look alike."""


@dataclass(frozen=True)
class Candidate:
    """A partner of the school that a typed company may be, and why."""

    partner: Partner
    likeness: Likeness

    @property
    def is_same_site(self) -> bool:
        """The same SIRET: the register says that it is the same establishment."""
        return self.likeness.score == 100


@dataclass(frozen=True)
class Pair:
    """Two partners that are probably one."""

    first: Partner
    second: Partner
    likeness: Likeness

    @property
    def degree(self) -> str:
        """How sure that is, in words."""
        return "Sûr" if self.likeness.certain else "Probable" if self.likeness.score >= PROBABLE else "À vérifier"

    @property
    def degree_icon(self) -> str:
        return {"Sûr": "check2-circle", "Probable": "search"}.get(self.degree, "question-circle")

    @property
    def degree_tone(self) -> str:
        return {"Sûr": "ok", "Probable": "wait"}.get(self.degree, "calm")


def cards_of(school: School) -> list[Card]:
    """A card for each partner of the school, by primary key, with the numbers and addresses of its people."""
    people: dict[int, tuple[list[str], list[str]]] = {}
    contacts = Contact.objects.in_school(school).exclude(phone="", email="")
    for partner, phone, email in contacts.values_list("partner", "phone", "email"):
        phones, addresses = people.setdefault(partner, ([], []))
        phones.append(phone)
        addresses.append(email)
    found = []
    for pk, name, brand, siret, code, city, phone, email, site in (
        Partner.objects.in_school(school).order_by("pk").values_list(*COLUMNS)
    ):
        phones, addresses = people.get(pk, ([], []))
        found.append(
            rules.card(
                pk,
                name=name,
                brand=brand,
                siret=siret,
                postal_code=code,
                city=city,
                phones=[phone, *phones],
                addresses=[email, site, *addresses],
            )
        )
    return found


def card_of(typed: Any) -> Card:
    """The card of a company that is typed: an unsaved Partner, or anything with some of its fields. Its key is its own."""
    value = {name: str(getattr(typed, name, "") or "") for name in COLUMNS[1:]}
    return rules.card(
        getattr(typed, "pk", None) or "typed",
        name=value["name"],
        brand=value["brand"],
        siret=value["siret"],
        postal_code=value["postal_code"],
        city=value["city"],
        phones=[value["phone"]],
        addresses=[value["email"], value["website"]],
    )


def compare(a: Partner, b: Partner) -> Likeness | None:
    """Why two records look alike, by what stands in these records themselves."""
    return rules.compare(card_of(a), card_of(b))


def candidates(school: School, typed: Any, *, limit: int = 5) -> list[Candidate]:
    """The school's partners that a typed company probably is, the surest first; never the record itself.

    Two numbers of the register are a strong hint that these are two: then the same name in the same place is needed.
    """
    wanted = card_of(typed)
    if not (wanted.name.strip() or wanted.siret or wanted.phones or wanted.domains):
        return []
    found = rules.Index(cards_of(school)).find(wanted, limit=limit)
    partners = Partner.objects.in_school(school).select_related("school").in_bulk([key for key, _ in found])
    return [
        Candidate(partners[key], likeness)
        for key, likeness in found
        if key in partners and likeness.score >= WORTH_ASKING
    ]


# ------------------------------------------------------------------------------------------------ the pairs of a school
def _state(school: School) -> str:
    """Changes as soon as a partner or a contact of the school does."""
    parts: list[Any] = [RULES]
    for model in (Partner, Contact):
        found = model.objects.in_school(school).aggregate(n=Count("pk"), last=Max("updated_at"), all=Sum("version"))
        parts += [found["n"], found["last"] and found["last"].timestamp(), found["all"]]
    return "-".join(map(str, parts))


def _likenesses(school: School) -> list[Found]:
    """The pairs of keys that look alike, from the cache when nothing changed since."""
    key, state = f"partners.doubles:{school.public_id}", _state(school)
    kept = cache.get(key)
    if kept and kept[0] == state:
        return cast(list[Found], kept[1])
    found = cast(list[Found], rules.Index(cards_of(school)).pairs()[:MOST_PAIRS])
    cache.set(key, (state, found), KEPT_SECONDS)
    return found


def pairs(school: School) -> list[Found]:
    """(key, key, likeness) of the school's probable doubles, the surest first, less those that someone said are two."""
    told = set(NotDouble.objects.in_school(school).values_list("first", "second"))
    left = [pair for pair in _likenesses(school) if (min(pair[:2]), max(pair[:2])) not in told]
    cache.set(_count_key(school), len(left), KEPT_SECONDS)
    return left


def with_partners(school: School, found: Iterable[Found]) -> list[Pair]:
    """The same with the records; a pair that lost one since is left out."""
    found = list(found)
    keys = {key for first, second, _ in found for key in (first, second)}
    partners = Partner.objects.in_school(school).select_related("school").in_bulk(keys)
    return [
        Pair(partners[first], partners[second], likeness)
        for first, second, likeness in found
        if first in partners and second in partners
    ]


def of_partner(partner: Partner) -> list[Candidate]:
    """The other records that one partner probably is, less those that someone said are two."""
    told = {
        key
        for pair in NotDouble.objects.in_school(partner.school_id).values_list("first", "second")
        for key in pair
        if partner.pk in pair
    }
    return [found for found in candidates(partner.school, partner, limit=10) if found.partner.pk not in told]


def known_count(school: School) -> int:
    """How many probable doubles wait, as last counted (the night, or the page): never computed here."""
    return cache.get(_count_key(school)) or 0


def settled(school: School) -> None:
    """One pair less waits."""
    if count := known_count(school):
        cache.set(_count_key(school), count - 1, KEPT_SECONDS)


def _count_key(school: School) -> str:
    return f"partners.doubles.count:{school.public_id}"


# ------------------------------------------------------------------------------------------------ what each record holds
def _shown() -> list[Relation]:
    return [relation for relation in relations_to(Partner) if relation.model is not Merge]


def holdings(school: School, partners: Collection[Partner]) -> dict[int, list[str]]:
    """What each of these partners holds, « 3 placements », in every table that points to one: one query in all."""
    counts = {}
    for place, relation in enumerate(_shown()):
        rows = relation.model._base_manager.filter(**{relation.column.name: OuterRef("pk")}).order_by()
        counted = rows.values(relation.column.name).annotate(n=Count("pk")).values("n")
        counts[f"n{place}"] = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    found = Partner.objects.in_school(school).filter(pk__in=[one.pk for one in partners]).annotate(**counts)
    names = [relation.model._meta for relation in _shown()]

    def words(held: list[int]) -> list[str]:
        most_first = sorted(zip(held, names, strict=True), key=lambda pair: -pair[0])
        return [french.plural(n, str(meta.verbose_name), str(meta.verbose_name_plural)) for n, meta in most_first if n]

    return {pk: words(held) for pk, *held in found.values_list("pk", *counts)}
