"""What tutors saw of pupils, and what pupils say of their welcome: of most stays that are over, of some under way."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from exchange.seeding.draw import Draw
from exchange.seeding.world import World
from pfmp.enums import PlacementStatus
from pfmp.models import Placement, Skill, TutorEvaluation, WelcomeOpinion
from pfmp.rules import evaluation as rules

PARIS = ZoneInfo("Europe/Paris")
S = PlacementStatus
LEVELS = {4: 0.3, 3: 0.4, 2: 0.18, 1: 0.04, 0: 0.08}
FACES = {4: 0.5, 3: 0.37, 2: 0.1, 1: 0.03}
SAID = (
    "Sérieux et volontaire, s’est vite adapté à l’équipe.", "Du soin dans le travail ; peut aller plus vite avec l’habitude.",
    "Ponctuel, à l’écoute, pose de bonnes questions.", "Progrès nets entre la première et la dernière semaine.",
    "Doit gagner en confiance au contact des clients.",
)  # fmt: skip
WELCOMED = (
    "On m’a montré beaucoup de choses.", "Mon tuteur prenait le temps d’expliquer.", "J’ai surtout fait du rangement au début.",
    "L’équipe était sympa.", "J’aimerais y retourner.",
)  # fmt: skip


def tell(world: World) -> None:
    """Grids of seven stays in ten that are over, a few drafts; opinions of six in ten, and of some past their half."""
    draw = world.draw("feedback")
    skills: dict[str, list[Skill]] = {}
    for skill in world.all(Skill):
        skills.setdefault(skill.annex.formation, []).append(skill)
    recent = {world.year.code, world.year.previous.code}
    for placement in world.all(Placement):
        if placement.period.year not in recent or placement.status not in (S.FINISHED, S.ONGOING):
            continue
        is_over = placement.status == S.FINISHED
        if draw.happens(0.7 if is_over else 0.1):
            _grade(world, draw, placement, skills.get(placement.period.school_class.diploma, []), is_over=is_over)
        opens = rules.opinion_opens(placement.start_date, placement.end_date)
        if opens <= world.today and draw.happens(0.6 if is_over else 0.3):
            day = min(world.today, opens + timedelta(days=draw.randint(0, 9)))
            world.add(
                WelcomeOpinion,
                placement=placement,
                answers={code: draw.one_of(FACES) for code in rules.QUESTIONS},
                comment=draw.choice(WELCOMED) if draw.happens(0.35) else "",
                submitted_at=datetime.combine(day, time(draw.randint(8, 20), draw.randint(0, 59)), PARIS),
            )


def _grade(world: World, draw: Draw, placement: Placement, skills: list[Skill], *, is_over: bool) -> None:
    day = min(world.today, placement.end_date + timedelta(days=draw.randint(0, 9)))
    given = datetime.combine(day, time(draw.randint(8, 18), draw.randint(0, 59)), PARIS) if is_over else None
    tutor = placement.tutor
    world.add(
        TutorEvaluation,
        placement=placement,
        marks={skill.code: draw.one_of(LEVELS) for skill in skills},
        attitudes={code: draw.one_of(LEVELS) for code in rules.ATTITUDES},
        comment=draw.choice(SAID) if draw.happens(0.6) else "",
        author_name=f"{tutor.first_name} {tutor.last_name}".strip() if tutor else "",
        submitted_at=given,
        closed_at=given + timedelta(days=2) if given and day < world.today - timedelta(days=20) else None,
    )
