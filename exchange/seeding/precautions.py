"""Regulated works declared by hosts of dangerous trades, opinions and trainings of their pupils, a stay abroad, accidents."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from exchange.seeding.world import World
from partners.models import Partner
from pfmp.enums import AccidentPlace, MedicalOutcome, PlacementStatus, TrainingKind, WorksDeclarant
from pfmp.models import Accident, CountrySheet, MedicalOpinion, Placement, Training, WorksDeclaration
from schools.models import Student

PARIS = ZoneInfo("Europe/Paris")
TRADES = ("electricite", "automobile", "logistique", "cuisine")
"""Those where a pupil meets machines, products or lifting."""
ARTICLES = (["D4153-28"], ["D4153-28", "D4153-29"], ["D4153-17", "D4153-28"], ["D4153-27", "D4153-30"])
BELGIUM = (
    "Durée : 38 heures par semaine, 8 heures par jour. Avant 18 ans : ni nuit (20 h à 6 h), ni dimanche, 12 heures de repos.\n"
    "Accident : prévenir le tuteur, puis le lycée ; l’entreprise déclare à son assureur. Carte européenne d’assurance maladie "
    "à emporter.\nUrgences : 112. Ambassade de France à Bruxelles : +32 2 548 87 11."
)
OUTCOMES = (*(MedicalOutcome.FAVOURABLE,) * 12, MedicalOutcome.RESERVED)


def take_care(world: World) -> None:
    """Declarations of half the hosts of these trades and of the workshops; opinions and trainings of the pupils of this year's
    placements; one country sheet; two accidents, one of them closed."""
    draw = world.draw("precautions")
    today = world.today
    for host in world.hosts:
        if host.trade is None or host.trade.key not in TRADES or not draw.happens(0.5):
            continue
        works = draw.choice(ARTICLES)
        world.add(
            WorksDeclaration,
            declarant=WorksDeclarant.EMPLOYER,
            partner=host.partner,
            sent_date=today - timedelta(days=draw.randint(30, 1080)),
            works=works,
            machines="Scie à ruban, perceuse à colonne, tour" if "D4153-28" in works else "",
            places=_place(host.partner),
            supervisors="Chef d’atelier",
            reference=f"Recommandé 1A {draw.randint(100, 999)} {draw.randint(100, 999)}",
        )
    world.add(
        WorksDeclaration,
        declarant=WorksDeclarant.SCHOOL,
        sent_date=today - timedelta(days=1060),
        works=["D4153-17", "D4153-28", "D4153-29"],
        places="Ateliers du lycée",
        supervisors="Professeurs d’enseignement professionnel",
    )
    placements = [one for one in world.all(Placement) if one.period.year == world.year.code]
    pupils: dict[int, Student] = {id(one.student): one.student for one in placements}
    for student in pupils.values():
        if draw.happens(0.7):
            world.add(
                MedicalOpinion,
                student=student,
                date=today - timedelta(days=draw.randint(20, 330)),
                outcome=draw.choice(OUTCOMES),
            )
        if draw.happens(0.8):
            world.add(
                Training, student=student, kind=TrainingKind.SAFETY, date=today - timedelta(days=draw.randint(20, 300))
            )
        if draw.happens(0.15):
            world.add(
                Training,
                student=student,
                kind=TrainingKind.ELECTRICAL,
                date=today - timedelta(days=draw.randint(20, 300)),
                level="B1V",
            )
    world.add(
        CountrySheet,
        country="BE",
        text=BELGIUM,
        checked_date=today - timedelta(days=80),
        source="Service public fédéral Emploi, Travail et Concertation sociale",
    )
    begun = [one for one in placements if one.status in (PlacementStatus.FINISHED, PlacementStatus.ONGOING)]
    begun = [one for one in begun if one.start_date + timedelta(days=3) < today]
    for number, placement in enumerate(draw.some(begun, 2)):
        day = min(placement.end_date, today - timedelta(days=2 + 20 * number))
        day = max(placement.start_date, day)
        is_over = number == 1
        world.add(
            Accident,
            placement=placement,
            happened_at=datetime.combine(day, time(10, 15), PARIS),
            known_at=datetime.combine(day, time(10, 20), PARIS),
            place=AccidentPlace.WORK if is_over else AccidentPlace.WAY,
            facts="Chute de plain-pied dans l’atelier." if is_over else "Accrochage à vélo sur le trajet du matin.",
            family_told_at=datetime.combine(day, time(11, 0), PARIS),
            declared_date=min(today, day + timedelta(days=1)) if is_over else None,
            copy_date=min(today, day + timedelta(days=3)) if is_over else None,
            closed_date=min(today, day + timedelta(days=8)) if is_over else None,
        )


def _place(partner: Partner) -> str:
    return f"{partner.address}, {partner.city}".strip(", ")
