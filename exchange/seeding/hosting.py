"""What hosts accept, how placements went there, and the few things that went wrong."""

from datetime import timedelta

from exchange.seeding.world import World
from partners.enums import PartnerStatus
from pfmp.enums import HostMark, IncidentKind, PlacementStatus
from pfmp.models import HostCapacity, HostIncident, HostReview, Placement
from schools.enums import Role

COMMENTS = (
    "Équipe disponible, l’élève a touché à tout.", "Tuteur présent chaque jour, bilan fait en fin de semaine.",
    "Accueil préparé : vestiaire, équipements, planning affiché.", "Peu d’activités variées la première semaine.",
    "Demande à être prévenue plus tôt la prochaine fois.",
)  # fmt: skip
FACTS = {
    IncidentKind.HOURS: "L’élève a été retenu après l’heure deux soirs de suite.",
    IncidentKind.TASKS: "Uniquement du ménage pendant une semaine.",
    IncidentKind.SAFETY: "Machine sans carter : le poste a été arrêté le jour même.",
}
G = HostMark


def review_hosts(world: World) -> None:
    """This year's places of most hosts, reviews of half the placements that are over, three incidents, one host to avoid."""
    draw = world.draw("hosting")
    classes = world.classes_of(world.year)
    hosts = [host for host in world.hosts if host.trade and host.partner.status == PartnerStatus.ACTIVE]
    for host in hosts:
        trade = host.trade.key if host.trade else ""
        formations = sorted({one.row.diploma for one in classes if one.plan.trade.key == trade and one.row.diploma})
        if formations and draw.happens(0.6):
            world.add(
                HostCapacity,
                partner=host.partner,
                year=world.year.code,
                formation=draw.choice(formations),
                places=host.capacity,
            )
    teachers = {member.email.lower(): member for member in world.team[Role.TEACHER]}
    for placement in world.all(Placement):
        if placement.status != PlacementStatus.FINISHED or not draw.happens(0.5):
            continue
        good = draw.happens(0.9)
        marks = (G.GOOD, G.EXCELLENT) if good else (G.BAD, G.POOR)
        world.add(
            HostReview,
            placement=placement,
            welcome=draw.choice(marks),
            tasks=draw.choice(marks),
            safety=draw.choice((G.GOOD, G.EXCELLENT)),
            tutoring=draw.choice(marks) if draw.happens(0.8) else None,
            take_again=good,
            comment=draw.choice(COMMENTS) if draw.happens(0.4) else "",
            date=min(world.today, placement.end_date + timedelta(days=draw.randint(0, 12))),
            author=teachers.get(placement.referent_email.lower()),
        )
    bureau = world.team[Role.BDE][0]
    for kind, host in zip(FACTS, draw.some(hosts, len(FACTS)), strict=False):
        world.add(
            HostIncident,
            partner=host.partner,
            date=draw.weekday(world.today - timedelta(days=200), world.today - timedelta(days=20)),
            kind=kind,
            facts=FACTS[kind],
            decision="Appel au tuteur, rappel de la convention.",
            author=bureau,
        )
        if kind == IncidentKind.SAFETY:
            host.partner.avoid_since = world.today - timedelta(days=15)
            host.partner.avoid_reason = "Machine sans carter à deux reprises : attendre la mise en conformité."
