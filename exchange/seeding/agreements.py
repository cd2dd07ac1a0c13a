"""Agreements from the national frame to the lycée, and networks.

The national frames are real texts of `core/data/conventions_nationales.csv`, copied with their source; whether they still hold
is for the ministry to say. Their regional and academic versions, and everything signed by the lycée, are invented.
"""

import re
from datetime import date, timedelta

from conventions import catalogue
from conventions.enums import (
    ActionType,
    AgreementLevel,
    AgreementStage,
    CommitmentKind,
    CommitmentSide,
    FrameSource,
    NetworkType,
)
from conventions.models import Agreement, AgreementReview, Commitment, Frame, Network, NetworkMember
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


def link_to_catalogue(world: World) -> None:
    """Once written: the national copies name the frame of the catalogue that they repeat."""
    keys = {
        frame.title: frame.key
        for row in reference.table("conventions_nationales")
        for frame in [catalogue.frame_of(row, FrameSource.SHIPPED)]
    }
    catalogued = dict(Frame.objects.filter(key__in=keys.values()).values_list("key", "pk"))
    copies = [row for row in world.all(Agreement) if row.level == AgreementLevel.NATIONAL]
    for copy in copies:
        copy.frame_id = catalogued.get(keys.get(copy.title.removesuffix(world.marker).strip(), ""))
    Agreement.objects.bulk_update(copies, ["frame"])


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


PROMISES: dict[str, tuple[tuple[CommitmentSide, CommitmentKind, str, str, int], ...]] = {
    "Accueil d’élèves en PFMP": (
        (CommitmentSide.PARTNER, CommitmentKind.PLACEMENTS, "", "Accueillir des élèves en PFMP", 6),
        (CommitmentSide.SCHOOL, CommitmentKind.OTHER, "", "Préparer les élèves avant leur départ", 3),
    ),
    "Découverte des métiers": (
        (CommitmentSide.PARTNER, CommitmentKind.ACTIONS, ActionType.PROFESSIONAL_TALK, "Présenter ses métiers aux secondes", 2),
    ),
    "Visites d’entreprise": (
        (CommitmentSide.PARTNER, CommitmentKind.ACTIONS, ActionType.COMPANY_VISIT, "Recevoir une classe en visite", 3),
    ),
    "Intervention de professionnels": (
        (CommitmentSide.PARTNER, CommitmentKind.ACTIONS, ActionType.PROFESSIONAL_TALK, "Venir en classe", 4),
    ),
    "Participation aux jurys": (
        (CommitmentSide.PARTNER, CommitmentKind.ACTIONS, ActionType.EXAM_JURY, "Envoyer un professionnel aux jurys", 2),
    ),
    "Prêt de matériel": (
        (CommitmentSide.PARTNER, CommitmentKind.GIFTS, "", "Donner du matériel réformé en bon état", 1),
        (CommitmentSide.SCHOOL, CommitmentKind.OTHER, "", "Entretenir le matériel prêté", 1),
    ),
    "Égalité filles-garçons": (
        (CommitmentSide.SCHOOL, CommitmentKind.ACTIONS, "", "Mener des actions sur la mixité des métiers", 2),
    ),
    "Insertion des sortants": (
        (CommitmentSide.PARTNER, CommitmentKind.OFFERS, "", "Proposer d’abord ses offres au lycée", 3),
    ),
    "Formation des enseignants": (
        (CommitmentSide.PARTNER, CommitmentKind.ACTIONS, ActionType.TEACHER_IMMERSION, "Recevoir un enseignant en immersion", 1),
    ),
    "Taxe d’apprentissage": (
        (CommitmentSide.PARTNER, CommitmentKind.TAXE, "", "Verser le solde de la taxe au lycée", 2000),
    ),
}  # fmt: skip
PURPOSES = (
    "Faire connaître les métiers du partenaire et accueillir les élèves dans de bonnes conditions.",
    "Rapprocher les formations du lycée des besoins du partenaire, et l’insertion des sortants.",
    "Donner aux élèves des visites, des stages et des rencontres tout au long de leur parcours.",
)
PUBLICS = ("Élèves de CAP", "Élèves de baccalauréat professionnel", "Collégiens", "Enseignants", "Apprentis")
SUMMARIES = (
    "Les visites ont eu lieu comme prévu. Les élèves demandent davantage de temps en atelier.",
    "Bonne année : deux élèves embauchés après leur stage.",
    "Le référent du partenaire a changé : les contacts ont repris au printemps.",
)
DECISIONS = (
    "Prévoir les dates de visite dès septembre.",
    "Ajouter une classe de seconde.",
    "Inviter le partenaire au conseil de perfectionnement.",
    "",
)
STAGES = (AgreementStage.NEGOTIATION, AgreementStage.BOARD, AgreementStage.TO_SIGN, AgreementStage.PROJECT, AgreementStage.ABANDONED)  # fmt: skip


def follow_agreements(world: World) -> None:
    """How each agreement of the lycée is followed: its stage, what is promised, who follows it, what was said of it."""
    draw = world.draw("agreement life")
    hosts = {id(host.partner): host for host in world.hosts}
    followers = [*world.team[Role.BDE], *world.team[Role.DDFPT]][:3]
    drafts = 0
    for agreement in world.all(Agreement):
        if agreement.partner is None:
            continue
        host = hosts.get(id(agreement.partner))
        agreement.purpose = draw.choice(PURPOSES)
        agreement.publics = "|".join(draw.some(PUBLICS, draw.randint(1, 2)))
        agreement.contact = draw.choice(host.contacts) if host and host.contacts else None
        agreement.referent = draw.choice(followers) if followers and draw.happens(0.8) else None
        if agreement.tacit_renewal:
            agreement.renewal_months, agreement.notice_days = 12, draw.choice((30, 60, 90))
        if agreement.terminated_date:
            agreement.termination_reason = "L’entreprise ferme son site."
        if agreement.signed_date is None:
            agreement.stage = STAGES[drafts % len(STAGES)]
            if agreement.stage == AgreementStage.TO_SIGN:
                agreement.board_vote_date = draw.weekday(world.today - timedelta(days=40), world.today)
            drafts += 1
        else:
            agreement.stage = AgreementStage.TO_SIGN
        _promises(world, draw, agreement)
        _reviews(world, draw, agreement)


def _promises(world: World, draw: Draw, agreement: Agreement) -> None:
    start = agreement.start_date or world.today
    types = set()
    for axis in agreement.axes_list:
        for side, kind, action_type, label, target in PROMISES.get(axis, ()):
            if not draw.happens(0.85):
                continue
            types |= {action_type} - {""}
            due = start + timedelta(days=draw.choice((180, 365, 730, 1090)))
            world.add(
                Commitment,
                agreement=agreement,
                axis=axis,
                side=side,
                kind=kind,
                action_type=action_type,
                label=label,
                target=target,
                due_date=due if draw.happens(0.7) else None,
                done=draw.randint(0, target) if kind is CommitmentKind.OTHER else None,
            )
    agreement.action_types = sorted(types)


def _reviews(world: World, draw: Draw, agreement: Agreement) -> None:
    """One a year since the signature, the next one planned."""
    if agreement.signed_date is None or agreement.terminated_date:
        return
    for year in range(1, 4):
        first = agreement.signed_date + timedelta(days=365 * year - draw.randint(10, 40))
        planned = draw.weekday(first, first + timedelta(days=6))
        if planned > world.today + timedelta(days=365):
            break
        held = planned < world.today and draw.happens(0.9)
        world.add(
            AgreementReview,
            agreement=agreement,
            planned_date=planned,
            held_date=min(planned + timedelta(days=draw.randint(0, 12)), world.today) if held else None,
            summary=draw.choice(SUMMARIES) if held else "",
            decisions=draw.choice(DECISIONS) if held else "",
        )


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
