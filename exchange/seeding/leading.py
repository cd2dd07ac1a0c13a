"""How coming actions are prepared: their nature and hours, steps done and to do, classes expected, models of the school's own."""

from collections import defaultdict
from datetime import time, timedelta
from uuid import UUID

from core import typography
from events import catalogue, preparing
from events.enums import ActionStatus, ActionType, Workshop
from events.models import Action, ActionClass, ActionLetter, ActionStep, ActionTemplate, EventSettings, Participation
from exchange.seeding import terms
from exchange.seeding.draw import Draw
from exchange.seeding.events import WORKSHOPS
from exchange.seeding.world import World
from schools.enums import Role
from schools.models import Membership, SchoolClass

AHEAD = timedelta(days=75)
STARTS = (time(8, 30), time(9), time(10), time(13, 30), time(14))
KINDS = {
    ActionType.PROFESSIONAL_TALK: ("INTERV_PRO", "CONF_METIER", "COURS_PRO"),
    ActionType.FORUM: ("FORUM_METIERS", "FORUM_EMPLOI"),
    ActionType.JOINT_PROJECT: ("PROJET_COLLAB", "CAS_REEL", "PROJET_TUTORE"),
    ActionType.MENTORING: ("MENTORAT", "PARRAINAGE"),
    ActionType.OTHER: ("FORM_TUTEURS",),
}
"""The natures of a type where several are usual; of any other type, its first one."""
OWN_MODELS: tuple[tuple[str, str, int, tuple[tuple[int, str], ...], dict[str, dict[str, str]]], ...] = (
    (
        "Visite de chantier",
        "VISITE_ENT",
        3,
        (
            (-30, "Convenir du jour avec le conducteur de travaux"),
            (-21, "Commander casques et chaussures"),
            (-14, "Prévenir les familles"),
            (-2, "Imprimer la feuille de présence"),
            (1, "Noter les présences"),
            (3, "Remercier l’entreprise"),
        ),
        {
            "remerciement": {
                "subject": "Merci de votre accueil : {action}",
                "body": "Bonjour {prenom} {nom},\n\nMerci d’avoir montré votre chantier à nos élèves, {date}.",
            }
        },
    ),
    (
        "Café des tuteurs",
        "RENC_TUTEURS",
        2,
        (
            (-28, "Choisir la date avec les référents"),
            (-21, "Inviter les tuteurs"),
            (-3, "Préparer la salle et le café"),
            (2, "Envoyer le compte rendu"),
        ),
        {},
    ),
)


def prepare_actions(world: World) -> None:
    """The bureau's preparation of this year: what is near has its steps, what is past has its hours and nature only."""
    draw = world.draw("leading")
    bureau = [one for one in world.all(Membership) if one.role in (Role.BDE, Role.DDFPT)]
    expected = _classes(world)
    for action in world.all(Action):
        _complete(draw, action, bureau)
        if not world.today <= action.start_date <= world.today + AHEAD or action.status != ActionStatus.PLANNED:
            continue
        for school_class in expected[action.public_id]:
            world.add(ActionClass, action=action, school_class=school_class)
        model = catalogue.model_for(action.kind)
        _steps(world, draw, action, model)
        for occasion, letter in model.letters.items():
            world.add(ActionLetter, action=action, occasion=occasion, subject=letter.subject, body=letter.body)
    for name, kind, hours, steps, letters in OWN_MODELS:
        world.add(
            ActionTemplate,
            name=name,
            kind=kind,
            hours=hours,
            steps=[{"days": days, "label": typography.french(label)} for days, label in steps],
            letters=letters,
        )
    world.add(EventSettings, reminder_days=7, most_reminders=2)


def _complete(draw: Draw, action: Action, bureau: list[Membership]) -> None:
    first = next(one.code for one in catalogue.kinds().values() if one.type == action.type)
    action.kind = draw.choice(KINDS.get(ActionType(action.type), (first,)))
    action.owner = draw.choice(bureau)
    if action.end_date is None and action.hours is not None and draw.happens(0.8):
        action.start_time = draw.choice(STARTS)
        ends = min(action.start_time.hour * 60 + action.start_time.minute + int(action.hours * 60), 18 * 60)
        action.end_time = time(ends // 60, ends % 60)
    if action.type == ActionType.AVENIRPRO:
        rank = next((rank for rank, subject in enumerate(WORKSHOPS, start=1) if subject in action.title), None)
        action.workshop = rank if rank in Workshop.values else None


def _classes(world: World) -> dict[UUID, list[SchoolClass]]:
    """The classes whose pupils are expected at each action, by its public id."""
    of_student: dict[tuple[UUID, str], SchoolClass] = {}
    for year in world.years:
        for student, one in world.students_of(year):
            of_student[student.public_id, year.code] = one.row
    found: dict[UUID, list[SchoolClass]] = defaultdict(list)
    for row in world.all(Participation):
        for year in world.years:
            if year.start <= row.action.start_date <= year.end:
                school_class = of_student.get((row.student.public_id, year.code))
                if school_class is not None and school_class not in found[row.action.public_id]:
                    found[row.action.public_id].append(school_class)
    return found


def _steps(world: World, draw: Draw, action: Action, model: catalogue.Model) -> None:
    """The steps of its model: most of those whose day came are done, one now and then is late."""
    year = next(year for year in world.years if year.start <= action.start_date <= year.end)
    begun = action.start_date - timedelta(days=draw.randint(40, 95))
    for step, due in preparing.due_dates(
        model.steps, action.start_date, min(begun, world.today), lambda day: terms.is_school_day(day, year)
    ):
        done = due < world.today and not draw.happens(0.12)
        world.add(
            ActionStep,
            action=action,
            label=step.label,
            due_date=due,
            owner=action.owner,
            done_date=due + timedelta(days=draw.randint(-2, 0)) if done else None,
        )
