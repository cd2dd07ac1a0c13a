"""How pupils look for a place: whom they asked, what was answered, who has their page on a telephone."""

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchange.seeding.draw import Draw
from exchange.seeding.training import Hosting
from exchange.seeding.world import World
from pfmp.enums import ApproachMaker, ApproachMeans, ApproachState, LinkPurpose, PlacementStatus
from pfmp.models import Approach, Exemption, Period, PersonalLink, Placement
from schools.models import Schooling, Student

AHEAD = timedelta(days=120)
SOON = timedelta(days=50)
"""Departures for which most have begun to ask."""
PARIS = ZoneInfo("Europe/Paris")
MEANS = {ApproachMeans.VISIT: 0.35, ApproachMeans.PHONE: 0.4, ApproachMeans.MAIL: 0.15, ApproachMeans.KNOWN: 0.1}
MAKERS = {ApproachMaker.STUDENT: 0.7, ApproachMaker.FAMILY: 0.12, ApproachMaker.TEAM: 0.18}
ANSWERS = {ApproachState.REFUSED: 0.6, ApproachState.WAITING: 0.25, ApproachState.ASKED: 0.15}
UNKNOWN = ("Atelier du Vieux-Pont", "Maison Carlier", "Établissements Fontaine", "Les Trois Frères", "Chez Lucette")
SAID = ("Déjà complet.", "Rappeler après les vacances.", "Ne prend pas de mineur.", "La patronne rappelle.", "")


def search_places(world: World) -> None:
    """The searches of the departures to come: refusals before a place, many for a few who have none, one place just found."""
    draw = world.draw("searching")
    hosting = Hosting(world, draw)
    placed = {
        (one.student.dossier_id, one.period.public_id): one
        for one in world.all(Placement)
        if one.status != PlacementStatus.CANCELLED
    }
    exempted = {(one.student.dossier_id, one.period.public_id) for one in world.all(Exemption)}
    classes = {one.row.public_id: one for one in world.classes_of(world.year)}
    claimed = False
    for period in sorted(world.all(Period), key=lambda one: (one.start_date, one.school_class.code)):
        one = classes.get(period.school_class.public_id)
        if one is None or not world.today < period.start_date <= world.today + AHEAD:
            continue
        hosts = [host.partner for host in hosting.by_trade[one.plan.trade.key]]
        for student in _pupils(one.schoolings, period.start_date):
            key = (student.dossier_id, period.public_id)
            if key in exempted or not hosts:
                continue
            place = placed.get(key)
            near = period.start_date <= world.today + SOON
            if place:
                count = draw.choice((0, 0, 1, 1, 2))
            elif draw.happens(0.03):
                count = draw.choice((6, 8))  # asked everywhere
            else:
                count = draw.choice((0, 1, 1, 2, 3)) if near else draw.choice((0, 0, 0, 0, 1))
            asked = draw.some([host for host in hosts if not place or host is not place.partner], count)
            for partner in asked:
                _ask(world, draw, student, period, partner=partner)
            if place is None and not claimed and count > 1:
                claimed = True
                _ask(world, draw, student, period, company=UNKNOWN[0], city=world.place.town.name, found=True)
            elif place is None and draw.happens(0.15):
                _ask(world, draw, student, period, company=draw.choice(UNKNOWN[1:]), city=world.place.town.name)
    _give_pages(world, draw)


def _pupils(schoolings: list[Schooling], day: date) -> list[Student]:
    """Those who are in the class on that day."""
    return [one.student for one in schoolings if one.exit_date is None or one.exit_date >= day]


def _ask(world: World, draw: Draw, student: Student, period: Period, *, found: bool = False, **host: Any) -> None:
    """One company asked in the last weeks."""
    day = draw.weekday(world.today - timedelta(days=40), world.today - timedelta(days=1))
    maker = ApproachMaker.STUDENT if found else draw.one_of(MAKERS)
    state = ApproachState.ACCEPTED if found else draw.one_of(ANSWERS)
    answered = state in (ApproachState.REFUSED, ApproachState.ACCEPTED)
    team = world.team["enseignant"]
    world.add(
        Approach,
        student=student,
        period=period,
        date=day,
        means=draw.one_of(MEANS),
        made_by=maker,
        author=draw.choice(team) if maker != ApproachMaker.STUDENT and team else None,
        state=state,
        reply_date=min(world.today, day + timedelta(days=draw.randint(0, 9))) if answered else None,
        note=draw.choice(SAID) if draw.happens(0.3) else "",
        phone=world.phone(draw) if found else "",
        person="Mme Carlier" if found else "",
        **host,
    )


def _give_pages(world: World, draw: Draw) -> None:
    """Some pupils were given their page. Its secret was never drawn: nobody opens a link of the demonstration."""
    by_pupil: dict[str, Student] = {}
    for one in world.all(Approach):
        if one.made_by == ApproachMaker.STUDENT:
            by_pupil[one.student.dossier_id] = one.student
    for student in by_pupil.values():
        if not draw.happens(0.5):
            continue
        made = datetime.combine(world.today - timedelta(days=draw.randint(1, 20)), time(9), PARIS)
        world.add(
            PersonalLink,
            purpose=LinkPurpose.STUDENT,
            student=student,
            token_hash=hashlib.sha256(draw.identifier().bytes).hexdigest(),
            name=student.full_name,
            email=student.email,
            expires_at=made + timedelta(days=30),
            opened_at=made + timedelta(hours=draw.randint(1, 30)) if draw.happens(0.7) else None,
        )
