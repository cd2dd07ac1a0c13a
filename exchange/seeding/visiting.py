"""Follow-up in the field: what each visit looked at, a few alerts and their answers, the visits planned for the weeks to come."""

from datetime import time, timedelta

from exchange.seeding.world import World
from pfmp.enums import AlertLevel, PlacementStatus, VisitGrade, VisitMode, VisitPoint
from pfmp.models import Placement, PlannedVisit, Visit
from schools.enums import Role

WATCH = (
    "Arrivées en retard trois matins de suite, dit le tuteur.", "Peu d’activités en lien avec la convention depuis lundi.",
    "L’élève ne porte pas toujours ses équipements de protection.", "Le tuteur est souvent absent de l’atelier.",
)  # fmt: skip
URGENT = (
    "Travail sur une machine interdite aux élèves, constaté pendant la visite.",
    "L’entreprise parle d’arrêter le stage cette semaine.",
)
ANSWERS = (
    "Appel au tuteur, rappel des horaires fait avec l’élève. Point prévu vendredi.",
    "Le DDFPT a appelé l’entreprise : les activités sont revues avec le tuteur.",
    "Équipements fournis le jour même, vérifié au téléphone.",
)
ANSWERED_AFTER = timedelta(days=12)


def look_closer(world: World) -> None:
    """The points of most visits of the last two years; an alert on a few, answered but for the latest."""
    draw = world.draw("visits")
    recent = {world.year.code, world.year.previous.code}
    for visit in world.all(Visit):
        if visit.placement.period.year not in recent or not draw.happens(0.85):
            continue
        worried = draw.happens(0.06)
        grades = (VisitGrade.RATHER_NO, VisitGrade.RATHER_YES) if worried else (VisitGrade.RATHER_YES, VisitGrade.YES)
        points = [point for point in VisitPoint if visit.mode != VisitMode.PHONE or point != VisitPoint.SAFETY]
        visit.answers = {point.value: int(draw.choice(grades)) for point in points}
        visit.met_tutor = draw.happens(0.9)
        if not worried:
            continue
        urgent = draw.happens(0.2)
        visit.alert_level = AlertLevel.URGENT if urgent else AlertLevel.WATCH
        visit.alert_text = draw.choice(URGENT if urgent else WATCH)
        if visit.date < world.today - ANSWERED_AFTER:
            visit.alert_closed_date = visit.date + timedelta(days=draw.randint(0, 4))
            visit.alert_answer = draw.choice(ANSWERS)


def plan_visits(world: World) -> None:
    """Visits planned by referents for today and the two weeks to come, for pupils in companies whom nobody has met."""
    draw = world.draw("planned visits")
    teachers = {member.email.lower(): member for member in world.team[Role.TEACHER]}
    met = {id(visit.placement) for visit in world.all(Visit) if visit.mode == VisitMode.ON_SITE}
    here = (PlacementStatus.SIGNED, PlacementStatus.ONGOING)
    for placement in world.all(Placement):
        referent = teachers.get(placement.referent_email.lower())
        first, last = max(world.today, placement.start_date), placement.end_date - timedelta(days=1)
        if placement.status not in here or id(placement) in met or referent is None or last < first:
            continue
        if first > world.today + timedelta(days=21) or not draw.happens(0.6):
            continue
        day = draw.weekday(first, min(last, first + timedelta(days=draw.choice((1, 4, 14)))))
        world.add(
            PlannedVisit,
            placement=placement,
            membership=referent,
            date=day,
            time=time(draw.randint(9, 16), draw.choice((0, 30))) if draw.happens(0.5) else None,
            mode=draw.one_of({VisitMode.ON_SITE: 9, VisitMode.PHONE: 1}),
        )
