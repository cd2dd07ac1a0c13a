"""Days without lessons that the lycée added to its zone's holidays, and the weeks of formations whose own text says otherwise."""

from datetime import date, timedelta

from core.holidays_fr import easter
from exchange.seeding.world import World
from pfmp.models import FormationDuration
from schools.enums import DayOffKind, Niveau
from schools.models import SchoolHoliday

FRIDAY = 4
CS_WEEKS = 14


def close_some_days(world: World) -> None:
    """Each year a teachers' day in autumn and the days of mock exams; the Friday after Ascension is the zone's."""
    draw = world.draw("days without lessons")
    for year in world.years:
        autumn = date(year.first, 11, 23) + timedelta(days=draw.randint(0, 10))
        autumn -= timedelta(days=max(0, autumn.weekday() - FRIDAY))
        exams = easter(year.first + 1) + timedelta(days=56 + draw.randint(0, 3))
        exams -= timedelta(days=exams.weekday())
        for label, kind, start, end in (
            ("Journée de formation des équipes", DayOffKind.CLOSURE, autumn, autumn),
            ("Épreuves du baccalauréat", DayOffKind.EXAM, exams, exams + timedelta(days=2)),
        ):
            world.add(SchoolHoliday, label=label, kind=kind, start_date=start, end_date=end)


def note_durations(world: World) -> None:
    """A certificat de spécialisation asks more than the least of its range: its own order says so."""
    known = {one.row.diploma: one.row.niveau for one in world.classes}
    for diploma, niveau in sorted(known.items()):
        if niveau == Niveau.CS:
            world.add(
                FormationDuration,
                formation=diploma,
                weeks=CS_WEEKS,
                since=world.years[0].code,
                source="arrêté de la spécialité (exemple à vérifier)",
            )
