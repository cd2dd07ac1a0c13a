"""Agreements from the national frame to the lycée, and networks.

The national frames are real texts of `core/data/conventions_nationales.csv`, copied with their source; whether they still hold
is for the ministry to say. Their regional and academic versions, and everything signed by the lycée, are invented.
"""

import re
from datetime import date, timedelta

from conventions import catalogue
from conventions.enums import AgreementLevel, FrameSource, NetworkType
from conventions.models import Agreement, Frame, Network, NetworkMember
from exchange.seeding import reference
from exchange.seeding.draw import Draw
from exchange.seeding.world import Host, World
from partners.enums import PartnerStatus, PartnerType
from schools.enums import Role

FRAMES = 8
AXES = (
    "Accueil d’élèves en PFMP", "Découverte des métiers", "Visites d’entreprise", "Intervention de professionnels",
    "Participation aux jurys", "Prêt de matériel", "Égalité filles-garçons", "Insertion des sortants",
    "Formation des enseignants", "Taxe d’apprentissage",
)  # fmt: skip
FOLLOW_UPS = (
    "Un point par trimestre avec le bureau des entreprises.", "Bilan annuel présenté au conseil d’administration.",
    "Comité de suivi de trois personnes, deux réunions par an.", "",
)  # fmt: skip


def sign_agreements(world: World) -> None:
    """Frames above the lycée, the lycée's own agreements at every stage of their life, and its networks."""
    draw = world.draw("agreements")
    regional = _frames(world, draw)
    partners = [host for host in world.hosts if host.partner.status == PartnerStatus.ACTIVE]
    schools = [host for host in partners if host.partner.type == PartnerType.TRAINING_SCHOOL]
    chosen = schools + draw.some([host for host in partners if host not in schools], world.size.of(38, at_least=4))
    for rank, host in enumerate(chosen):
        _local(world, draw, host, rank, regional)
    _networks(world, draw)


def _frames(world: World, draw: Draw) -> list[Agreement]:
    """Some national texts as they are, and invented versions of a few of them for the region and the academy."""
    dated = [
        row
        for row in reference.table("conventions_nationales")
        if re.fullmatch(r"\d{4}-\d\d-\d\d", row["date_signature"])
    ]
    latest = sorted(dated, key=lambda row: row["date_signature"], reverse=True)[:FRAMES]
    keys = [catalogue.frame_of(row, FrameSource.SHIPPED).key for row in latest]
    catalogued = {frame.key: frame for frame in Frame.objects.filter(key__in=keys)}
    below = []
    for rank, row in enumerate(latest):
        signed = date.fromisoformat(row["date_signature"])
        national = world.add(
            Agreement,
            "conv",
            level=AgreementLevel.NATIONAL,
            title=row["intitule"].replace("'", "’"),
            signatory=row["partenaire"].replace("'", "’"),
            axes=" | ".join(part.strip() for part in row["themes_actions"].split(";")).replace("'", "’"),
            signed_date=signed,  # neither first nor last day: whether it still holds is to be confirmed
            url=row["source_url"],
            frame=catalogued.get(keys[rank]),
            follow_up="Repris du catalogue : à confirmer auprès de la source.",
        )
        if rank < 4:
            level = AgreementLevel.ACADEMY if rank % 2 else AgreementLevel.REGION
            day = draw.weekday(signed + timedelta(days=60), signed + timedelta(days=400))
            below.append(
                world.add(
                    Agreement,
                    "conv",
                    level=level,
                    academy=world.place.academy,
                    parent=national,
                    title=f"Déclinaison ({'académie' if rank % 2 else 'région académique'}, fiction) : {row['partenaire']}",
                    signatory=row["partenaire"].replace("'", "’"),
                    axes="|".join(draw.some(AXES, 3)),
                    signed_date=day,
                    start_date=day,
                    tacit_renewal=True,
                )
            )
    return below


def _years_later(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28)) - timedelta(days=1)


def _local(world: World, draw: Draw, host: Host, rank: int, frames: list[Agreement]) -> None:
    """Running, soon over, over, ended early, renewed by itself, or still a draft."""
    today = world.today
    fate = ("running", "running", "renewed", "running", "soon_over", "over", "draft", "renewed", "ended")[rank % 9]
    age = {"over": (1150, 1500), "soon_over": (1010, 1085)}.get(fate, (40, 900))
    signed = draw.weekday(today - timedelta(days=age[1]), today - timedelta(days=age[0]))
    end = _years_later(signed, 3)
    if fate == "soon_over":
        end = today + timedelta(days=draw.randint(8, 85))
    agreement = world.add(
        Agreement,
        "conv",
        level=AgreementLevel.SCHOOL,
        partner=host.partner,
        parent=draw.choice(frames) if frames and draw.happens(0.3) else None,
        title=f"Convention de partenariat avec {host.partner.name}",
        axes="|".join(draw.some(AXES, draw.randint(2, 4))),
        signed_date=None if fate == "draft" else signed,
        start_date=None if fate == "draft" else signed,
        end_date=None if fate == "draft" else end,
        tacit_renewal=True if fate == "renewed" else draw.one_of({False: 4, None: 1}),
        board_vote_date=signed - timedelta(days=draw.randint(5, 40)) if fate != "draft" and draw.happens(0.8) else None,
        follow_up=draw.choice(FOLLOW_UPS),
    )
    if fate == "ended":
        agreement.terminated_date = draw.weekday(signed + timedelta(days=30), today)
    if fate == "renewed" and draw.happens(0.5):
        agreement.end_date = today - timedelta(days=draw.randint(20, 200))
        agreement.start_date = agreement.signed_date = agreement.end_date - timedelta(days=729)
        agreement.board_vote_date = None


def _networks(world: World, draw: Draw) -> None:
    before = world.years[0].start
    for name, kind, years_ago, act in (
        (
            "Lycées des métiers en réseau du territoire (fiction)",
            NetworkType.LYCEE_DES_METIERS,
            4,
            "Convention de réseau",
        ),
        ("Campus des métiers de l’énergie (fiction)", NetworkType.CAMPUS, 3, "Label"),
        ("CLEE du bassin (fiction)", NetworkType.CLEE, 6, "Charte"),
        ("Cordées de la réussite du fleuve (fiction)", NetworkType.CORDEES, 2, "Convention"),
        (f"Anciennes et anciens de {world.place.lycee}", NetworkType.ALUMNI, 1, ""),
        ("Club des entreprises amies (fiction)", NetworkType.COMPANIES, 1, ""),
        ("Plateforme technologique du val (fiction)", NetworkType.TRANSFER, 5, "Convention"),
    ):
        joined = date(before.year - years_ago, 10, draw.randint(2, 28))
        world.add(
            Network,
            "reseau",
            name=name,
            type=kind,
            joined_date=joined,
            left_date=date(before.year, 6, 30) if kind is NetworkType.TRANSFER else None,
            formalised_date=joined + timedelta(days=draw.randint(0, 200)) if act else None,
            act=act,
        )


NETWORK_ROLES = ("Anime le réseau", "Membre du bureau", "Reçoit les visites", "")


def meet_in_networks(world: World) -> None:
    """Who is of each network: some partners with one of their people, and a colleague for the lycée; a few have left."""
    draw = world.draw("network members")
    active = [host for host in world.hosts if host.partner.status == PartnerStatus.ACTIVE]
    colleagues = [world.team[role][0] for role in (Role.BDE, Role.DDFPT, Role.HEAD) if world.team[role]]
    for network in world.all(Network):
        world.add(
            NetworkMember,
            network=network,
            membership=draw.choice(colleagues),
            role="Représente le lycée",
            since=network.joined_date,
            until=network.left_date,
        )
        for host in draw.some(active, draw.randint(2, 5)):
            last = network.left_date or world.today
            since = min(draw.weekday(network.joined_date, last), last) if draw.happens(0.8) else None
            left = since is not None and draw.happens(0.15)
            world.add(
                NetworkMember,
                network=network,
                partner=host.partner,
                contact=draw.choice(host.contacts) if host.contacts and draw.happens(0.7) else None,
                role=draw.choice(NETWORK_ROLES),
                since=since,
                until=min(draw.weekday(since, last), last) if left and since else network.left_date,
            )
