"""What a partner's page shows beyond this app: tabs, the timeline and the side panels that the apps above add.

A whole page stays within some twenty queries whatever the history holds: the sources of the timeline are rows of one
shape, which the database merges, sorts and cuts in one query; what is only counted is counted in one other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import DecimalField, F, IntegerField, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, Substr
from django.utils.text import Truncator

from core import counting
from core.school_year import SchoolYear
from documents.models import Document
from documents.permissions import visible_documents
from partners.models import Partner
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission


@dataclass(frozen=True)
class Look:
    """Who looks at which partner, on which day, in which school year. What is shown follows this person's rights."""

    partner: Partner
    membership: Membership
    today: date
    year: SchoolYear

    def may(self, *permissions: Permission) -> bool:
        """True when the person has all of these rights."""
        return all(allows(self.membership, permission) for permission in permissions)


# ---------------------------------------------------------------------------------------------------------- counts


class _Sum(Subquery):
    """The sum of a query's only column, as one value of another query."""

    template = "(SELECT SUM(counted.amount) FROM (%(subquery)s) counted)"


def amount(rows: QuerySet[Any]) -> Subquery:
    """The sum of the rows' `amount`, to be asked for with the counts."""
    return _Sum(rows.order_by().values("amount"), output_field=DecimalField(max_digits=15, decimal_places=6))


Asked = QuerySet[Any] | Subquery
Counts = Mapping[str, Any]


def counted(partner: Partner, wanted: Mapping[str, Asked]) -> dict[str, Any]:
    """How many rows each query has (or what an `amount` sums to), all asked at once."""
    if not wanted:
        return {}
    asked = {
        f"n{place}": one if isinstance(one, Subquery) else counting.Rows(one.order_by())
        for place, one in enumerate(wanted.values())
    }
    found = Partner.objects.in_school(partner.school_id).filter(pk=partner.pk).values(**asked).get()
    return {name: value or 0 for name, value in zip(wanted, found.values(), strict=True)}


# ------------------------------------------------------------------------------------------------------------ tabs


@dataclass(frozen=True)
class Tab:
    """A page about one partner, served by its app: its label, URL name, the right it asks (one of several is enough).

    `rows`, what it holds, are counted beside the label, with those of the other tabs, in one query. `order` places it among the others.
    """

    label: str
    url_name: str
    permission: Permission | tuple[Permission, ...]
    rows: Callable[[Partner, Membership], QuerySet[Any]]
    order: int = 50


_tabs: list[Tab] = []


def register(tab: Tab) -> None:
    """Add a tab, at its place among the others."""
    _tabs.append(tab)
    _tabs.sort(key=lambda one: one.order)


def tabs_of(partner: Partner, membership: Membership) -> list[Tab]:
    """The tabs that this person may open."""
    return [
        tab
        for tab in _tabs
        if any(
            allows(membership, one)
            for one in (tab.permission if isinstance(tab.permission, tuple) else (tab.permission,))
        )
    ]


# -------------------------------------------------------------------------------------------------------- timeline


class Kind(StrEnum):
    """What the timeline can be narrowed to: the word of the address."""

    EXCHANGES = "echanges"
    PLACEMENTS = "placements"
    ACTIONS = "actions"
    AGREEMENTS = "conventions"
    OFFERS = "offres"
    TAXE = "taxe"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.EXCHANGES: "Échanges",
    Kind.PLACEMENTS: "Placements",
    Kind.ACTIONS: "Actions",
    Kind.AGREEMENTS: "Conventions",
    Kind.OFFERS: "Offres",
    Kind.TAXE: "Taxe et dons",
}


@dataclass(frozen=True)
class Fact:
    """One line of the timeline. `state`: a status code of core.status, read with `state_kind`."""

    day: date
    title: str
    icon: str
    text: str = ""
    url: str = ""
    state: str = ""
    state_kind: str = ""


class Row(NamedTuple):
    """A dated row of any table, as the database gives it: its source says what the texts mean."""

    day: date
    source: int
    id: UUID
    title: str
    text: str
    code: str
    more: str


@dataclass(frozen=True)
class Source:
    """Things that happened with a partner.

    `rows`: those that a person may know, made by `dated`, or None when they may know none. `tell`: the lines of the few
    that are shown, in the same order.
    """

    kind: Kind
    rows: Callable[[Look], QuerySet[Any] | None]
    tell: Callable[[Sequence[Row], Look], Iterable[Fact]]


_sources: list[Source] = []


def happens(
    kind: Kind, rows: Callable[[Look], QuerySet[Any] | None]
) -> Callable[[Callable[[Sequence[Row], Look], Iterable[Fact]]], Callable[[Sequence[Row], Look], Iterable[Fact]]]:
    """Decorate the function that tells the rows of a source."""

    def add(tell: Callable[[Sequence[Row], Look], Iterable[Fact]]) -> Callable[..., Iterable[Fact]]:
        _sources.append(Source(kind, rows, tell))
        return tell

    return add


def dated(
    rows: QuerySet[Any],
    *,
    day: Any,
    id: Any = "public_id",
    title: Any = "",
    text: Any = "",
    code: Any = "",
    more: Any = "",
) -> QuerySet[Any]:
    """Rows in the shape that the timeline merges: each value is a field's name or an expression, "" for none."""

    def words(value: Any) -> Any:
        return Value("", output_field=TextField()) if value == "" else Cast(value, TextField())

    # Names that no table has, or they would hide its columns.
    return rows.order_by().values(
        fact_day=F(day) if isinstance(day, str) else day,
        fact_id=F(id) if isinstance(id, str) else id,
        fact_title=words(title),
        fact_text=words(text),
        fact_code=words(code),
        fact_more=words(more),
    )


LONG = 300
"""Characters of a long text that the timeline reads."""


def beginning(field: str) -> Substr:
    """A long text as far as the timeline reads it, for `dated`; `shortened` writes it."""
    return Substr(field, 1, LONG)


def shortened(text: str) -> str:
    """A report on a line or two of the timeline: its page has the whole."""
    return Truncator(" ".join(text.split())).chars(LONG - 60)


def full_name(person: str) -> Concat:
    """First and last name of a person that the rows name (`"student"`, `"contact"`), for `dated`."""
    return Concat(f"{person}__first_name", Value(" "), f"{person}__last_name", output_field=TextField())


def sources_of(look: Look, kind: Kind | None = None) -> list[tuple[int, Kind, QuerySet[Any]]]:
    """The sources that this person may read, of one kind or of all: (place in the register, kind, rows)."""
    return [
        (place, source.kind, rows)
        for place, source in enumerate(_sources)
        if kind in (None, source.kind) and (rows := source.rows(look)) is not None
    ]


def asked_by_sources(sources: Iterable[tuple[int, Kind, QuerySet[Any]]]) -> dict[str, Asked]:
    """What is to be counted to know how many facts there are, by names of its own."""
    return {f"fait {place}": rows for place, _, rows in sources}


def by_kind(sources: Iterable[tuple[int, Kind, QuerySet[Any]]], counts: Counts) -> dict[Kind, int]:
    """How many facts of each kind there are. `counts`: those of `asked_by_sources`."""
    found: dict[Kind, int] = {}
    for place, kind, _ in sources:
        found[kind] = found.get(kind, 0) + counts[f"fait {place}"]
    return found


def timeline(look: Look, kind: Kind | None = None, *, first: int = 0, most: int = 10) -> list[Fact]:
    """What happened with this partner, the latest first: `most` lines after the `first` ones."""
    parts = [
        rows.annotate(fact_source=Value(place, output_field=IntegerField())).values_list(
            "fact_day", "fact_source", "fact_id", "fact_title", "fact_text", "fact_code", "fact_more"
        )
        for place, _, rows in sources_of(look, kind)
    ]
    parts = [part for part in parts if not part.query.is_empty()]
    if not parts:
        return []
    merged = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found = [Row(*row) for row in merged.order_by("-fact_day", "fact_source", "fact_id")[first : first + most]]
    told: dict[Row, Fact] = {}
    for place in sorted({row.source for row in found}):
        mine = [row for row in found if row.source == place]
        told.update(zip(mine, _sources[place].tell(mine, look), strict=True))
    return [told[row] for row in found]


# ---------------------------------------------------------------------------------------------------------- panels


@dataclass(frozen=True)
class Panel:
    """A box beside the timeline: a template and its context; `order` places it among the others."""

    template: str
    context: dict[str, Any]
    order: int = 50


PanelProvider = Callable[[Look], Panel | None]
CountingProvider = Callable[[Look, Counts], Panel | None]


@dataclass(frozen=True)
class _Made:
    make: CountingProvider
    asks: Callable[[Look], Mapping[str, Asked]] | None
    name: str


_panels: list[_Made] = []


def panel(provider: PanelProvider) -> PanelProvider:
    """Add an app's box: called with who looks at what, checks the rights, returns None when it has nothing to say."""
    _panels.append(_Made(lambda look, counts: provider(look), None, ""))
    return provider


def counting_panel(asks: Callable[[Look], Mapping[str, Asked]]) -> Callable[[CountingProvider], CountingProvider]:
    """Add a box made of counts: what it asks (nothing, for a person without the rights) is counted with all the rest."""

    def add(provider: CountingProvider) -> CountingProvider:
        _panels.append(_Made(provider, asks, f"{provider.__module__}.{provider.__qualname__}:"))
        return provider

    return add


def asked_by_panels(look: Look) -> dict[str, Asked]:
    """What the boxes want counted, by names of their own."""
    return {
        f"{made.name}{name}": one for made in _panels if made.asks is not None for name, one in made.asks(look).items()
    }


def panels_of(look: Look, counts: Counts) -> list[Panel]:
    """The boxes that have something to say to this person, in their order. `counts`: those of `asked_by_panels`."""
    found = []
    for made in _panels:
        own = {name[len(made.name) :]: number for name, number in counts.items() if name.startswith(made.name)}
        if made.asks is not None and not own:
            continue
        if shown := made.make(look, own):
            found.append(shown)
    return sorted(found, key=lambda one: one.order)


# ------------------------------------------------------------------------------------------- contacts, papers, people

ContactMarks = Callable[[Look], Mapping[str, Any]]
_contact_marks: list[tuple[ContactMarks, Callable[[Any], str]]] = []


def contact_marks(columns: ContactMarks) -> Callable[[Callable[[Any], str]], Callable[[Any], str]]:
    """Add what is known of contacts (« suit 2 élèves »): columns of their query, and how a contact with them is told."""

    def add(tell: Callable[[Any], str]) -> Callable[[Any], str]:
        _contact_marks.append((columns, tell))
        return tell

    return add


def with_marks(contacts: QuerySet[Any], look: Look) -> list[tuple[Any, list[str]]]:
    """Each contact, with what the apps above know of them."""
    for columns, _ in _contact_marks:
        contacts = contacts.annotate(**columns(look))
    return [(one, [mark for _, tell in _contact_marks if (mark := tell(one))]) for one in contacts]


_papers: list[Callable[[Partner, Membership], Q]] = []


def also_papers(condition: Callable[[Partner, Membership], Q]) -> None:
    """Say which papers are about a partner: an app above knows those of its placements or agreements."""
    _papers.append(condition)


def papers_of(partner: Partner, membership: Membership) -> QuerySet[Document]:
    """The papers about a partner that this person may open."""
    papers = visible_documents(membership)
    if not _papers:
        return papers.none()
    return papers.filter(reduce(or_, (condition(partner, membership) for condition in _papers)))
