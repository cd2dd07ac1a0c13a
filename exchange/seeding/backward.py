"""A lycée's own backward calendar, what its board voted on PFMP, and papers on their way between colleagues."""

from datetime import UTC, date, datetime, time, timedelta

from exchange.seeding.draw import Draw
from exchange.seeding.world import World
from pfmp.enums import DeliveryState, MilestoneAnchor, MilestoneStep, PlacementStatus
from pfmp.models import Delivery, Milestone, PfmpSettings, Placement
from schools.enums import Role
from schools.models import Membership

S, D = MilestoneStep, DeliveryState
WRONG = (
    "Il manque la signature du tuteur.", "La page 2 manque.", "La date d’arrivée n’est pas la bonne.",
    "Le cachet de l’entreprise est illisible.",
)  # fmt: skip
LETTER = (
    "Madame, Monsieur,\n\nÉlève en {classe} au {lycée}, je cherche une entreprise pour ma période de formation {dates}. J’aimerais la "
    "faire chez vous parce que …\n\nJe suis disponible pour un entretien. Avec mes remerciements,\n\n{prénom} {nom}"
)
ADVICE = (
    "Appelle avant de passer. Donne tes dates ({dates}) et ta formation ({formation}).\n"
    "Note la réponse ici, tout de suite, même un refus."
)


def keep_calendar(world: World) -> None:
    """Two steps that the school moved, its settings, and papers given, received or sent back around today."""
    world.add(
        Milestone, step=S.PLACE_FOUND, anchor=MilestoneAnchor.START, days=-42, owner=Role.TEACHER, checker=Role.DDFPT
    )
    world.add(Milestone, step=S.WELCOME, anchor=MilestoneAnchor.END, days=14, owner=Role.TEACHER, checker="")
    slug = world.place.slug
    world.add(
        PfmpSettings,
        referent_limit=12,
        referent_vote_date=world.school.board_vote_date,
        school_life_email=f"vie-scolaire@{slug}.example",
        school_insurance="Assurance Exemple, contrat 00-0000",
        student_letter=LETTER,
        student_advice=ADVICE,
    )
    _hand_papers(world)


def _hand_papers(world: World) -> None:
    draw = world.draw("deliveries")
    staff = {member.email.lower(): member for member in world.team[Role.TEACHER]}
    bureau = world.team[Role.BDE][0]
    for placement in world.all(Placement):
        teacher = staff.get(placement.referent_email.lower())
        if teacher is None or placement.end_date < world.today - timedelta(days=40):
            continue
        if placement.status == PlacementStatus.SIGNED and draw.happens(0.7):
            state = draw.choice((D.GIVEN, D.RECEIVED, D.RECEIVED, D.TO_CORRECT))
            _add(
                world,
                draw,
                placement,
                S.FILED,
                state,
                world.today - timedelta(days=draw.randint(1, 6)),
                teacher,
                bureau,
            )
        elif placement.status == PlacementStatus.ONGOING:
            day = placement.start_date - timedelta(days=draw.randint(3, 10))
            _add(world, draw, placement, S.FILED, D.RECEIVED, day, teacher, bureau)
            if draw.happens(0.6):
                _add(world, draw, placement, S.ARRIVED, D.RECEIVED, placement.start_date, teacher, teacher)
        elif placement.status == PlacementStatus.FINISHED and draw.happens(0.6):
            state = draw.choice((D.GIVEN, D.RECEIVED))
            _add(world, draw, placement, S.CERTIFIED, state, placement.end_date + timedelta(days=1), teacher, bureau)


def _add(
    world: World,
    draw: Draw,
    placement: Placement,
    step: MilestoneStep,
    state: DeliveryState,
    day: date,
    giver: Membership,
    checker: Membership,
) -> None:
    given = datetime.combine(min(day, world.today), time(draw.randint(7, 15)), UTC)
    seen = state != D.GIVEN
    world.add(
        Delivery,
        placement=placement,
        step=step,
        given_by=giver,
        given_at=given,
        state=state,
        received_by=checker if seen else None,
        received_at=given + timedelta(hours=1) if seen else None,
        reason=draw.choice(WRONG) if state == D.TO_CORRECT else "",
    )
