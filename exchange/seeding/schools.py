"""One demo lycée from nothing to its rows, and several of them.

UAI numbers are of the form 0001001…: no department has the number 000, so none of them is anybody's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from core import uai
from core.school_year import SchoolYear
from exchange.seeding import (
    agreements,
    asking,
    backward,
    checked,
    companies,
    dealings,
    doubles,
    events,
    feedback,
    following,
    hosting,
    inviting,
    leading,
    leaving,
    logins,
    marking,
    own_days,
    papers,
    people,
    precautions,
    preparing,
    presence,
    reminding,
    searching,
    showing,
    steering,
    store,
    surveying,
    taxe,
    telling,
    training,
    visiting,
    wording,
)
from exchange.seeding.logins import Login
from exchange.seeding.places import PLACES
from exchange.seeding.world import Size, World
from indicators import figures
from schools.enums import SchoolType
from schools.models import School

FIRST_NUMBER = 1001
MOST_SCHOOLS = 8000
SCHOOLS_WITH_ACCOUNTS = 3
"""A password costs 50 ms to hash, on purpose: further lycées have staff but nobody who signs in, nor dated indicators."""
SOON = timedelta(days=26)


@dataclass
class Seeded:
    """What was made."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    logins: list[Login] = field(default_factory=list)


def uai_of(rank: int) -> str:
    """The UAI, with its key letter, of the lycée of this rank: in a range of numbers that is nobody's."""
    return uai.with_key(FIRST_NUMBER + rank)


def current_year(today: date) -> SchoolYear:
    """The year of that day; in the last weeks of August the one that is about to start, so that something is ahead."""
    return SchoolYear.on(today + SOON)


def build(*, rank: int, size: Size, seed: int, today: date) -> World:
    """The rows of the lycée of that rank, in memory."""
    place = PLACES[rank % len(PLACES)]
    number = f" n° {rank + 1}" if rank >= len(PLACES) else ""
    school = School(
        uai=uai_of(rank),
        name=f"Lycée professionnel {place.lycee}{number} (démonstration)",
        type=SchoolType.LP,
        academy=place.academy,
        address="12 rue de l’Atelier-Neuf",
        postal_code=place.town.postal_code,
        city=place.town.name,
        email=f"accueil@{place.slug}.example",
        phone=f"{place.phone_prefix} 00 {rank % 100:02d}",
        is_demo=True,
        takes_proposals=True,
    )
    world = World(seed=seed, rank=rank, today=today, year=current_year(today), size=size, place=place, school=school)
    draw = world.draw("school")
    school.public_id = draw.identifier()
    school.board_vote_date = draw.weekday(date(world.years[0].first, 6, 15), date(world.years[0].first, 6, 30))
    steps: tuple[Callable[[World], None], ...] = (
        people.fill_classes, people.hire_staff, companies.make_partners, agreements.sign_agreements, training.plan_periods,
        training.place_pupils, events.lead_actions, dealings.keep_in_touch, dealings.receive_offers, dealings.collect_taxe,
        surveying.ask_everyone, surveying.follow_leavers, surveying.share_indicators, dealings.show_offers,
        agreements.meet_in_networks, agreements.follow_agreements, hosting.review_hosts, taxe.follow_taxe, doubles.type_some_twice,
        checked.check_in_register, following.follow_partners, wording.reword_papers, backward.keep_calendar,
        own_days.close_some_days, own_days.note_durations,
        visiting.look_closer, visiting.plan_visits,
        searching.search_places, feedback.tell, precautions.take_care,
        preparing.prepare_departures,
        presence.note_presence,
        leaving.ask_leavers,
        steering.steer,
        telling.tell_figures,
        leading.prepare_actions,
        inviting.write_to_guests,
        asking.put_questions,
        showing.show_the_school,
    )  # fmt: skip
    for step in steps:
        step(world)
    return world


def seed(
    *,
    schools: int,
    size: Size,
    seed: int,
    today: date,
    marker: str = "",
    tell: Callable[[str], None] = lambda line: None,
) -> Seeded:
    """Makes `schools` demo lycées; one that is already there is left as it is.

    The marker goes into every text of every lycée but the first, or of the only one asked for.
    """
    result = Seeded()
    for rank in range(schools):
        code = uai_of(rank)
        if School.objects.filter(uai=code).exists():
            result.kept.append(code)
            continue
        world = build(rank=rank, size=size, seed=seed, today=today)
        if marker and (rank or schools == 1):
            world.marker = marker
            marking.mark_all(world.school, world.rows.values(), marker)
        with transaction.atomic():
            if rank < SCHOOLS_WITH_ACCOUNTS:
                result.logins += logins.open_accounts(world)
            store.write(world)
            agreements.link_to_catalogue(world)
            papers.issue_papers(world)
            reminding.follow_signatures(world)
            if rank < SCHOOLS_WITH_ACCOUNTS:
                _first_figures(world)
        result.made.append(code)
        for table, count in _counted(world):
            result.rows[table] = result.rows.get(table, 0) + count
        tell(f"{world.school.name} : {sum(count for _, count in _counted(world))} lignes")
    return result


def _first_figures(world: World) -> None:
    """Dated indicators of the years begun, so that their page opens on figures."""
    for year in world.years:
        if year.start <= world.today:
            figures.refresh(world.school, year, world.today)


def _counted(world: World) -> Iterator[tuple[str, int]]:
    yield from ((model._meta.label_lower, len(rows)) for model, rows in world.rows.items() if rows)
