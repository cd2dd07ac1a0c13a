"""Campaigns among leavers: calls, employers in their own words, former pupils who agree; figures of InserJeunes beside."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.school_year import SchoolYear
from exchange.seeding.draw import Draw
from exchange.seeding.people import LAST_NIVEAUX
from exchange.seeding.world import World
from partners.enums import PartnerStatus
from partners.models import Partner
from schools.models import Student
from surveys import former
from surveys.enums import AnswerMeans, CallResult, InserJeunesMeasure, Situation, Term
from surveys.models import FormerStudent, InserJeunesFigure, LeaverCall, LeaverCampaign, LeaverOutcome
from surveys.rules import leavers

ELSEWHERE = (
    ("Atelier du Pont-Vieux", "Laon"),
    ("SARL Brume et Fils", "Saint-Quentin"),
    ("Ets Valombre", "Reims"),
    ("Boulangerie des Trois-Lunes", ""),
    ("Transports Écho du Nord", "Lille"),
    ("Résidence Les Alisiers", "Soissons"),
)
TRADES = (
    "électricien",
    "agente de maintenance",
    "assistant de gestion",
    "vendeuse",
    "technicien d’usinage",
    "aide à domicile",
)
MEANS = {AnswerMeans.LINK: 46, AnswerMeans.PHONE: 40, AnswerMeans.ENTERED: 14}
TRIES = {CallResult.NO_ANSWER: 60, CallResult.CALL_BACK: 18, CallResult.WRONG_NUMBER: 15, CallResult.REFUSES: 7}
PARIS = ZoneInfo("Europe/Paris")
PAPER = "Chiffres d’exemple, inventés pour la démonstration"


def ask_leavers(world: World) -> None:
    """What was tried for each term that was asked, and what came of it."""
    draw = world.draw("leaver-campaigns")
    asked: dict[tuple[str, int], list[LeaverOutcome]] = {}
    for outcome in world.all(LeaverOutcome):
        asked.setdefault((outcome.leaving_year, outcome.term_months), []).append(outcome)
    partners = [one for one in world.all(Partner) if one.status == PartnerStatus.ACTIVE]
    for rank, ((code, term), outcomes) in enumerate(sorted(asked.items())):
        due = leavers.due_date(SchoolYear.parse(code), term)
        is_last = rank == len(asked) - 1
        campaign = world.add(
            LeaverCampaign,
            leaving_year=code,
            term_months=term,
            opened_date=min(due - timedelta(days=21), world.today),
            closed_date=None if is_last or due + timedelta(days=40) > world.today else due + timedelta(days=40),
        )
        for outcome in outcomes:
            _tell(world, draw, campaign, outcome, partners)
    formations = _formations(world)
    _agreements(world, draw, formations)
    _official(world, draw, sorted(set(formations.values())))


def _tell(world: World, draw: Draw, campaign: LeaverCampaign, outcome: LeaverOutcome, partners: list[Partner]) -> None:
    if outcome.situation == Situation.NO_ANSWER:
        if draw.happens(0.6):
            _call(world, draw, campaign, outcome.student, draw.one_of(TRIES))
        return
    outcome.means = draw.one_of(MEANS).value
    if outcome.means == AnswerMeans.PHONE:
        _call(world, draw, campaign, outcome.student, CallResult.ANSWERED)
    if outcome.situation in leavers.HIRED:
        outcome.job_title = draw.choice(TRADES) if draw.happens(0.6) else ""
        if outcome.partner is None and draw.happens(0.12):
            near = draw.choice(partners)
            outcome.employer_name, outcome.employer_city = (
                (near.name.lower(), near.city) if draw.happens(0.5) else draw.choice(ELSEWHERE)
            )


def _call(world: World, draw: Draw, campaign: LeaverCampaign, student: Student, result: CallResult) -> None:
    day = draw.weekday(campaign.opened_date, min(campaign.opened_date + timedelta(days=30), world.today))
    at = datetime.combine(min(day, world.today), time(draw.randint(9, 17), draw.randint(0, 59)), PARIS)
    world.add(LeaverCall, campaign=campaign, student=student, called_at=at, result=result)


def _formations(world: World) -> dict[str, str]:
    """What each leaver was preparing, by their dossier id."""
    return {
        student.dossier_id: one.row.diploma or one.row.label
        for year in [world.years[0].previous, *world.years]
        for student, one in world.students_of(year)
        if one.plan.niveau in LAST_NIVEAUX
    }


def _agreements(world: World, draw: Draw, formations: dict[str, str]) -> None:
    """A tenth of those who answered agree to be asked again; one took it back."""
    seen: set[str] = set()
    for outcome in world.all(LeaverOutcome):
        student = outcome.student
        if outcome.situation == Situation.NO_ANSWER or student.dossier_id in seen or not draw.happens(0.1):
            continue
        seen.add(student.dossier_id)
        revoked = len(seen) == 4
        agreed = outcome.survey_date or world.today
        world.add(
            FormerStudent,
            student=student,
            first_name=student.first_name,
            last_name=student.last_name,
            email="" if revoked else student.email,
            phone="" if revoked else student.phone,
            leaving_year=outcome.leaving_year,
            formation=formations.get(student.dossier_id, ""),
            partner=None if revoked else outcome.partner,
            job_title="" if revoked else outcome.job_title,
            offers_talk=not revoked and draw.happens(0.6),
            offers_hosting=not revoked and draw.happens(0.25),
            consent_date=agreed,
            consent_text=former.CURRENT if outcome.means == AnswerMeans.LINK else former.BY_VOICE,
            revoked_date=min(agreed + timedelta(days=20), world.today) if revoked else None,
        )


def _official(world: World, draw: Draw, formations: list[str]) -> None:
    """Two promotions together, for the lycée and some formations; small ones are not published."""
    last = world.years[-1].first - 2
    vintage = f"sortants {last - 1} et {last} cumulés"
    for rank, formation in enumerate(["", *formations[:5]]):
        job = draw.randint(38, 62)
        figures = [
            *((InserJeunesMeasure.EMPLOYMENT, term.value, min(job + 4 * step, 95)) for step, term in enumerate(Term)),
            (InserJeunesMeasure.STUDIES, 0, draw.randint(25, 55)),
            (InserJeunesMeasure.INTERRUPTION, 0, draw.randint(5, 18)),
            (InserJeunesMeasure.ADDED_VALUE, Term.SIX_MONTHS.value, draw.randint(-6, 8)),
        ]
        for measure, term, value in figures:
            world.add(
                InserJeunesFigure,
                vintage=vintage,
                formation=formation,
                measure=measure,
                term_months=term,
                percent=None if rank == 3 else value,
                source=PAPER,
                published_date=min(date(last + 2, 2, 10), world.today),
            )
