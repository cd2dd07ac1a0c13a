"""What is agreed before a departure: the annex of each formation, what companies answered, the annexes of conventions."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from exchange.seeding.draw import Draw
from exchange.seeding.world import World
from pfmp.enums import PlacementStatus, PreConventionState
from pfmp.models import FormationAnnex, Placement, PreConvention, Skill, Terms
from schools.enums import Role

PARIS = ZoneInfo("Europe/Paris")
S = PreConventionState
SKILLS = (
    ("C1", "Préparer son poste et ses outils à partir des consignes"),
    ("C2", "Organiser son travail dans l’équipe et dans la journée"),
    ("C3", "Réaliser une opération simple en respectant le mode opératoire"),
    ("C4", "Contrôler son travail et signaler un écart"),
    ("C5", "Appliquer les règles d’hygiène, de santé et de sécurité"),
    ("C6", "Rendre compte à l’oral et par écrit"),
    ("C7", "Communiquer avec un client, un usager ou un fournisseur"),
    ("C8", "Respecter l’environnement et trier les déchets de l’activité"),
)
FOLLOWING = "Un appel la première semaine, une visite en deuxième partie avec l’élève et le tuteur."
EVALUATION = "Grille remplie par le tuteur en fin de période, discutée avec l’élève et le référent."
PROTECTIONS = ("Chaussures de sécurité, gants", "Blouse et charlotte", "Casque, gilet, chaussures", "Gants, lunettes")
EQUIPMENT = ("Outillage à main", "Caisse, rayonnage", "Poste informatique", "Outillage électroportatif sous contrôle")
MEALS = ("Repas pris en charge", "Titre-restaurant", "Réfectoire à disposition", "")
TRANSPORT = ("", "", "Trajets vers les chantiers avec l’équipe")
INSURERS = ("Mutuelle Exemple", "Assurances du Vieux-Pont", "La Prévoyance (exemple)")
CORRECTION = "Les horaires du mercredi dépassent 8 heures : pouvez-vous les revoir ?"
STATES = (S.SENT, S.FILLED, S.FILLED, S.TO_CORRECT, S.DRAFT, S.ABANDONED)


def prepare_departures(world: World) -> None:
    """Annexes of the formations taught this year, terms of half of its conventions, pre-conventions in every state."""
    draw = world.draw("preparing")
    annexes = _write_annexes(world)
    ahead = []
    for placement in world.all(Placement):
        if placement.period.year != world.year.code or placement.status == PlacementStatus.CANCELLED:
            continue
        if placement.status in (PlacementStatus.PROSPECT, PlacementStatus.CONFIRMED):
            if placement.start_date > world.today:
                ahead.append(placement)
        elif draw.happens(0.5):
            skills = annexes.get(placement.period.school_class.diploma, ())
            world.add(Terms, placement=placement, **_terms(draw, skills))
            if draw.happens(0.6):
                _validated(world, draw, placement)
    for number, placement in enumerate(draw.some(ahead, 4 * len(STATES))):
        _prepare(world, draw, placement, STATES[number % len(STATES)])


def _write_annexes(world: World) -> dict[str, tuple[tuple[str, str], ...]]:
    """One annex a formation, with its skills."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for one in world.classes_of(world.year):
        diploma = one.row.diploma
        if not diploma or diploma in found:
            continue
        found[diploma] = SKILLS
        annex = world.add(
            FormationAnnex,
            formation=diploma,
            label="Toutes les périodes",
            aims="Découvrir l’entreprise, gagner en autonomie, valider les compétences du référentiel.",
            tasks="\n".join(one.plan.trade.tasks),
            following=FOLLOWING,
            evaluation=EVALUATION,
        )
        for position, (code, label) in enumerate(SKILLS):
            world.add(Skill, annex=annex, code=code, label=label, position=position)
    return found


def _terms(draw: Draw, skills: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    paid = draw.happens(0.15)
    chosen = sorted(draw.some(skills, 5))
    return {
        "skills": [{"code": code, "label": label} for code, label in chosen],
        "supervision": FOLLOWING,
        "evaluation": EVALUATION,
        "equipment": draw.choice(EQUIPMENT),
        "protections": draw.choice(PROTECTIONS),
        "meals": draw.choice(MEALS),
        "transport": draw.choice(TRANSPORT),
        "gratuity": Decimal("4.50") if paid else None,
        "gratuity_terms": "versée en fin de mois" if paid else "",
        "insurer": draw.choice(INSURERS),
        "insurance_number": f"EX-{draw.randint(1000, 9999)}",
        "is_no_job": True,
    }


def _moment(world: World, draw: Draw, most: int) -> datetime:
    day = world.today - timedelta(days=draw.randint(2, most))
    return datetime.combine(day, time(draw.randint(8, 17), draw.randint(0, 59)), PARIS)


def _validated(world: World, draw: Draw, placement: Placement) -> None:
    """What was filled and validated before the convention was issued; the answers are where they belong since."""
    day = min(placement.start_date - timedelta(days=draw.randint(34, 45)), world.today - timedelta(days=2))
    sent = datetime.combine(day, time(9, draw.randint(0, 59)), PARIS)
    teachers = {member.email.lower(): member for member in world.team[Role.TEACHER]}
    world.add(
        PreConvention,
        placement=placement,
        state=S.VALIDATED,
        sent_at=sent,
        filled_at=sent + timedelta(hours=draw.randint(2, 12)),
        filled_by=str(placement.tutor or ""),
        validated_by=teachers.get(placement.referent_email.lower()),
        validated_at=sent + timedelta(hours=20),
    )


def _prepare(world: World, draw: Draw, placement: Placement, state: PreConventionState) -> None:
    """A pre-convention as the company and the team have left it."""
    full = state in (S.FILLED, S.TO_CORRECT)
    clean = _answers(draw, placement) if full else {}
    if state == S.SENT:
        clean = {
            code: value for code, value in _answers(draw, placement).items() if code in ("personnes", "entreprise")
        }
    sent = _moment(world, draw, 9)
    world.add(
        PreConvention,
        placement=placement,
        state=state,
        answers={"partner": str(placement.partner.public_id), "raw": {}, "clean": clean} if clean else {},
        sent_at=None if state == S.DRAFT else sent,
        filled_at=min(sent + timedelta(hours=30), datetime.combine(world.today, time(7), PARIS)) if full else None,
        filled_by=str(placement.tutor or placement.partner.name) if full else "",
        correction=CORRECTION if state == S.TO_CORRECT else "",
    )


def _answers(draw: Draw, placement: Placement) -> dict[str, dict[str, Any]]:
    """The company's pages, as `pfmp.forms.company` keeps them."""
    partner, tutor = placement.partner, placement.tutor
    person = {
        "last_name": tutor.last_name if tutor else "Carlier",
        "first_name": tutor.first_name if tutor else "Denise",
        "position": (tutor.position if tutor else "") or "Gérance",
        "email": tutor.email if tutor else "",
        "phone": tutor.phone if tutor else "",
    }
    return {
        "personnes": {"signer": person, "tutor": person},
        "entreprise": {
            "siret": partner.siret, "name": partner.name, "address": partner.address or "1 place du Marché",
            "postal_code": partner.postal_code, "city": partner.city, "phone": partner.phone, "email": partner.email,
            "place_address": "",
        },
        "horaires": {"timetable": placement.timetable, "has_variable_hours": False},
        "activites": {"tasks": placement.tasks or "Participer aux travaux de l’équipe"},
        "securite": {
            "equipment": draw.choice(EQUIPMENT), "protections": draw.choice(PROTECTIONS), "regulated_works": [],
            "works_supervisor": "", "electrical_level": "",
        },
        "pratique": {
            "meals": draw.choice(MEALS), "transport": draw.choice(TRANSPORT), "housing": "", "gratuity": "",
            "gratuity_terms": "", "insurer": draw.choice(INSURERS), "insurance_number": f"EX-{draw.randint(1000, 9999)}",
        },
        "verification": {"is_no_job": True, "filled_by": f"{person['first_name']} {person['last_name']}"},
    }  # fmt: skip
