"""What a lycée mobilises of the frames above it, and what it could: by purpose, with why.

What is mobilised is the set of the indicator I1.6, computed by the same functions (`chains`): a test compares both.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from conventions import catalogue, chains, declining, matching, purposes, territory, trades
from conventions.enums import AgreementLevel, Audience, Purpose, Standing
from conventions.matching import Known
from conventions.models import Agreement, Frame
from conventions.territory import Reach
from core.school_year import SchoolYear
from schools.models import School, SchoolClass

CitedProvider = Callable[[int, date, date], Iterable[int]]
_cited: list[CitedProvider] = []


def cites(provider: CitedProvider) -> CitedProvider:
    """Let an app above say which agreements what was done cites: called with the school's key, the first and last days."""
    _cited.append(provider)
    return provider


@dataclass(frozen=True)
class Mobilised:
    """A frame that the school mobilises, by which of its agreements; by none when only actions cite it."""

    frame: Agreement
    by: Sequence[Agreement]
    purposes: Sequence[Purpose]


@dataclass(frozen=True)
class Line:
    """A frame of the catalogue as this school sees it."""

    frame: Frame
    standing: Standing
    reach: Reach
    purposes: Sequence[Purpose]
    audiences: Sequence[Audience]
    fields: Sequence[str]
    """What the school teaches of the frame's sector."""
    network: Sequence[Known] = ()
    declined_by: Sequence[Agreement] = ()

    @property
    def reasons(self) -> list[str]:
        """Why it is proposed, each a part of a sentence that follows « parce que »."""
        found = []
        if self.reach == Reach.HERE:
            found.append("c’est une convention de votre académie")
        if self.fields:
            found.append(f"vous formez en {' et en '.join(self.fields)}")
        if self.network:
            names = ", ".join(known.name for known in self.network[:2])
            found.append(f"vous avez pour partenaire {names}")
        return found

    @property
    def rank(self) -> tuple[bool, bool, int, bool, bool, str]:
        """Those of the school's académie and formations first, then the surest, then the most recent by name."""
        order = list(Standing)
        return (
            self.reach == Reach.ELSEWHERE,
            self.standing == Standing.PAST,
            -(2 * (self.reach == Reach.HERE) + bool(self.fields) + bool(self.network)),
            order.index(self.standing) > 0,
            not self.frame.signed,
            self.frame.search_text,
        )


@dataclass(frozen=True)
class Group:
    """A purpose: what is mobilised for it, and what could be."""

    label: str
    code: str
    mobilised: Sequence[Mobilised]
    could: Sequence[Line]
    others: Sequence[Line]
    """Texts of other académies or of the past: kept apart."""


@dataclass(frozen=True)
class InYear:
    """What the indicators of a year count of agreements: those in force, what each declines, every frame mobilised."""

    running: frozenset[int] = frozenset()
    declining: Mapping[int, Sequence[int]] = field(default_factory=dict)
    frames: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Picture:
    """The whole page."""

    groups: Sequence[Group]
    mobilised: Sequence[Mobilised]
    counted: InYear
    on_their_own: Sequence[Agreement]
    """Agreements in force that decline nothing."""


def in_year(family: declining.Family, school: School, year: SchoolYear, today: date) -> InYear:
    """The sets of I1.1, I1.6.declinaisons and I1.6.cadres, up to a day; nothing before the year begins."""
    if today < year.start:
        return InYear()
    as_of = min(today, year.end)
    running = Agreement.objects.in_school(school).local().in_force(as_of).order_by().values_list("pk", flat=True)
    held = frozenset(running)
    chained = chains.declined([link for pk, link in family.links.items() if pk in held], family.links)
    cited = {pk for provider in _cited for pk in provider(school.pk, year.start, as_of)}
    return InYear(held, chained, frozenset(chains.mobilised(chained, cited, family.links)))


def lines_of(
    frames: Sequence[Frame], school: School, year: SchoolYear, family: declining.Family, today: date
) -> list[Line]:
    """Frames as this school sees them: two queries whatever their number."""
    diplomas = SchoolClass.objects.in_school(school).filter(year=year.code).values_list("label", "diploma", "filiere")
    taught = trades.taught(text for row in diplomas for text in row)
    network = matching.network_of(school, frames)
    declined = family.declining(today)
    return [
        Line(
            frame=frame,
            standing=catalogue.standing_of(frame),
            reach=territory.reach_of(frame.academy, school.academy),
            purposes=purposes.purposes_of(frame.themes, sector=frame.sector, title=frame.title),
            audiences=purposes.audiences_of(frame.publics),
            fields=[name for name in trades.fields_of(frame.sector) if name in taught],
            network=network.get(frame.pk, []),
            declined_by=declined.get(frame.pk, []),
        )
        for frame in frames
    ]


def purposes_of(agreement: Agreement) -> list[Purpose]:
    """What a school's copy of a frame is for: by its own axes, else by those of the catalogue."""
    frame = agreement.frame
    axes = agreement.axes_list or (frame.themes if frame else [])
    return purposes.purposes_of(axes, sector=frame.sector if frame else "", title=agreement.title)


def picture(school: School, year: SchoolYear, today: date) -> Picture:
    """What is mobilised here in a year, and what could be, by purpose."""
    family = declining.family_of(school)
    counted = in_year(family, school, year, today)
    users: dict[int, list[Agreement]] = {}
    for pk, frames in counted.declining.items():
        for frame in frames:
            users.setdefault(frame, []).append(family.agreements[pk])
    levels = list(AgreementLevel.values)
    found = [
        Mobilised(copy, users.get(pk, ()), purposes_of(copy))
        for pk, copy in family.agreements.items()
        if pk in counted.frames
    ]
    found.sort(key=lambda one: levels.index(one.frame.level))
    catalogued = list(Frame.objects.filter(gone_at=None).order_by("search_text", "pk"))
    free = [line for line in lines_of(catalogued, school, year, family, today) if not line.declined_by]
    free.sort(key=lambda line: line.rank)
    alone = [family.agreements[pk] for pk in family.agreements if pk in counted.running - counted.declining.keys()]
    return Picture(list(_groups(found, free)), found, counted, alone)


def _groups(mobilised: Sequence[Mobilised], free: Sequence[Line]) -> Iterable[Group]:
    for purpose in Purpose:
        here = [one for one in mobilised if purpose in one.purposes]
        lines = [line for line in free if purpose in line.purposes]
        if here or lines:
            yield _group(str(purpose.label), purpose.value, here, lines)
    here = [one for one in mobilised if not one.purposes]
    lines = [line for line in free if not line.purposes]
    if here or lines:
        yield _group("Thèmes non précisés", "sans_theme", here, lines)


def _group(label: str, code: str, here: list[Mobilised], lines: list[Line]) -> Group:
    near = [line for line in lines if line.reach != Reach.ELSEWHERE and line.standing != Standing.PAST]
    return Group(label, code, here, near, [line for line in lines if line not in near])
