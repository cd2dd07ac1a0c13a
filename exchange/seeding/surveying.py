"""What people think of it (team, pupils, partners), what leavers become, and which indicators are shared."""

from datetime import date, timedelta

from conventions.models import Agreement
from core.school_year import SchoolYear
from events.enums import ActionStatus, ActionType
from events.models import Action, ActionPartner, Participation
from exchange.seeding import terms
from exchange.seeding.draw import Draw
from exchange.seeding.people import LAST_NIVEAUX
from exchange.seeding.world import World
from indicators.models import IndicatorShare
from partners.enums import PartnerStatus
from partners.models import Partner
from pfmp.enums import PlacementStatus
from pfmp.models import Period, Placement
from schools.models import Student
from surveys.enums import Audience, Situation, Term
from surveys.models import LeaverOutcome, Survey, SurveyAnswer

GRADES = {
    Audience.TEAM: {4: 34, 3: 46, 2: 16, 1: 4},
    Audience.STUDENTS: {4: 38, 3: 42, 2: 15, 1: 5},
    Audience.PARTNERS: {4: 48, 3: 40, 2: 10, 1: 2},
}
COMMENTS = {
    Audience.TEAM: (
        "Prévenir plus tôt des dates.",
        "Très utile pour les élèves.",
        "Le suivi des places est plus clair cette année.",
    ),
    Audience.STUDENTS: (
        "J’ai trouvé ma PFMP grâce à la visite.",
        "C’était un peu long.",
        "Le tuteur explique bien.",
        "J’aimerais plus de pratique.",
    ),
    Audience.PARTNERS: (
        "Élève motivé, à refaire.",
        "Merci de nous envoyer le calendrier plus tôt.",
        "Bon contact avec le bureau des entreprises.",
    ),
}
SITUATIONS = {
    Term.SIX_MONTHS: {Situation.JOB: 27, Situation.APPRENTICESHIP: 14, Situation.STUDIES: 24, Situation.JOB_SEEKING: 15, Situation.OTHER: 4, Situation.NO_ANSWER: 16},
    Term.TWELVE_MONTHS: {Situation.JOB: 32, Situation.APPRENTICESHIP: 11, Situation.STUDIES: 20, Situation.JOB_SEEKING: 11, Situation.OTHER: 4, Situation.NO_ANSWER: 22},
}  # fmt: skip


def ask_everyone(world: World) -> None:
    """Surveys of the year for each audience, of some periods and some actions, with their answers."""
    draw = world.draw("surveys")
    for year in world.years:
        _yearly(world, draw, year)
        _after_periods(world, draw, year)
        _after_actions(world, draw, year)
    _loose_answers(world, draw)


def _survey(
    world: World, draw: Draw, audience: Audience, title: str, opened: date, asked: int | None, **about: object
) -> Survey | None:
    if opened > world.today:
        return None
    closed = opened + timedelta(days=28)
    return world.add(
        Survey,
        "enquete",
        audience=audience,
        title=title,
        opened_date=opened,
        closed_date=closed if closed <= world.today else None,
        asked_count=asked,
        **about,
    )


def _answer(world: World, draw: Draw, audience: Audience, opened: date, **about: object) -> None:
    day = opened + timedelta(days=draw.randint(0, 27))
    world.add(
        SurveyAnswer,
        "reponse",
        audience=audience,
        date=min(day, world.today),
        grade=draw.one_of(GRADES[audience]),
        comment=draw.choice(COMMENTS[audience]) if draw.happens(0.25) else "",
        **about,
    )


def _yearly(world: World, draw: Draw, year: SchoolYear) -> None:
    teachers = len(world.team["enseignant"])
    partners = world.all(Partner)
    for audience, title, day, asked, rate in (
        (Audience.TEAM, "Bureau des entreprises : l’avis de l’équipe", date(year.first + 1, 5, 11), teachers, 0.6),
        (Audience.TEAM, "Rentrée des PFMP : l’avis des référents", date(year.first, 10, 5), teachers, 0.45),
        (Audience.PARTNERS, "Votre année avec le lycée", date(year.first + 1, 5, 18), len(partners) // 2, 0.3),
    ):
        day = terms.next_school_day(day, year)
        survey = _survey(world, draw, audience, f"{title} ({year})", day, asked)
        if survey:
            for _ in range(draw.rounded(asked * rate)):
                partner = draw.choice(partners) if audience is Audience.PARTNERS else None
                _answer(world, draw, audience, day, survey=survey, partner=partner)


def _after_periods(world: World, draw: Draw, year: SchoolYear) -> None:
    """A third of the periods end with a survey of the pupils, a fifth with one of the hosts."""
    placements: dict[str, list[Placement]] = {}
    for placement in world.all(Placement):
        if placement.status == PlacementStatus.FINISHED:
            placements.setdefault(placement.period.dossier_id, []).append(placement)
    for period in world.all(Period):
        gone = placements.get(period.dossier_id, [])
        if period.year != year.code or not gone:
            continue
        opened = period.end_date + timedelta(days=3)
        for audience, share, rate, title in (
            (Audience.STUDENTS, 0.35, 0.7, "Votre PFMP"),
            (Audience.PARTNERS, 0.2, 0.45, "L’accueil de nos élèves"),
        ):
            if not draw.happens(share):
                continue
            asked = None if draw.happens(0.1) else len(gone)
            survey = _survey(
                world,
                draw,
                audience,
                f"{title} : {period.school_class.code}, {period.label}",
                opened,
                asked,
                period=period,
            )
            if survey is None:
                continue
            for placement in gone:
                if draw.happens(rate):
                    partner = placement.partner if audience is Audience.PARTNERS else None
                    _answer(world, draw, audience, opened, survey=survey, placement=placement, partner=partner)


def _after_actions(world: World, draw: Draw, year: SchoolYear) -> None:
    present: dict[str, int] = {}
    for participation in world.all(Participation):
        if participation.present:
            key = participation.action.dossier_id
            present[key] = present.get(key, 0) + 1
    for action in world.all(Action):
        count = present.get(action.dossier_id, 0)
        in_year = year.start <= action.start_date <= year.end
        if action.status != ActionStatus.DONE or not in_year or count < 5 or action.type == ActionType.AVENIRPRO:
            continue
        if draw.happens(0.22):
            opened = action.start_date + timedelta(days=1)
            survey = _survey(
                world, draw, Audience.STUDENTS, f"Votre avis : {action.title}", opened, count, action=action
            )
            if survey:
                for _ in range(draw.rounded(count * 0.55)):
                    _answer(world, draw, Audience.STUDENTS, opened, survey=survey, action=action)


def _loose_answers(world: World, draw: Draw) -> None:
    """A word left by a partner after an action, without a survey."""
    carried = [link for link in world.all(ActionPartner) if link.action.status == ActionStatus.DONE]
    for link in draw.some(carried, world.size.of(30, at_least=3)):
        _answer(world, draw, Audience.PARTNERS, link.action.start_date, action=link.action, partner=link.partner)


def follow_leavers(world: World) -> None:
    """Six and twelve months after each year: what the pupils of the last classes who left have become."""
    draw = world.draw("leavers")
    employers = [host.partner for host in world.hosts if host.trade and host.partner.status == PartnerStatus.ACTIVE]
    for year in [world.years[0].previous, *world.years[:-1]]:
        stays = {student.dossier_id for student, _ in world.students_of(year.next)}
        leavers: dict[str, Student] = {
            student.dossier_id: student
            for student, one in world.students_of(year)
            if one.plan.niveau in LAST_NIVEAUX and student.dossier_id not in stays
        }
        _ask_leavers(world, draw, year, list(leavers.values()), employers)


def _ask_leavers(world: World, draw: Draw, year: SchoolYear, leavers: list[Student], employers: list[Partner]) -> None:
    due = {Term.SIX_MONTHS: date(year.first + 2, 2, 10), Term.TWELVE_MONTHS: date(year.first + 2, 8, 24)}
    for student in leavers:
        before: Situation | None = None
        for term, asked in due.items():
            if asked > world.today:
                continue
            situation = (
                before
                if before and before != Situation.NO_ANSWER and draw.happens(0.72)
                else draw.one_of(SITUATIONS[term])
            )
            known = situation != Situation.NO_ANSWER
            hired = situation in (Situation.JOB, Situation.APPRENTICESHIP) and draw.happens(0.38)
            world.add(
                LeaverOutcome,
                student=student,
                leaving_year=year.code,
                term_months=term,
                survey_date=min(draw.weekday(asked, asked + timedelta(days=18)), world.today) if known else None,
                situation=situation,
                partner=draw.choice(employers) if hired and employers else None,
            )
            before = situation


def share_indicators(world: World) -> None:
    """One share with everyone, some with one partner, one that was stopped."""
    draw = world.draw("shares")
    codes = ("I1.1", "I3.1", "I4.1", "I5.1", "I5.9", "I7.1", "I8.1", "E2", "E15")
    under_agreement = [row.partner for row in world.all(Agreement) if row.partner is not None]
    partners = list({partner.dossier_id: partner for partner in under_agreement}.values())
    for rank, partner in enumerate([None, *draw.some(partners, world.size.of(8, at_least=2))]):
        shared = draw.weekday(
            world.years[-1].start - timedelta(days=120), max(world.today - timedelta(days=5), world.years[0].start)
        )
        shared = min(shared, world.today)
        world.add(
            IndicatorShare,
            "partage",
            partner=partner,
            indicators="|".join(draw.some(codes, draw.randint(3, 6))),
            shared_date=shared,
            revoked_date=draw.weekday(shared, world.today) if rank == 4 else None,
        )
