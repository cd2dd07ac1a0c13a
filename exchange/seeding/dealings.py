"""What passes between the lycée and its partners: exchanges, offers, taxe d'apprentissage and gifts."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from core.school_year import SchoolYear
from core.text import searchable
from exchange.seeding import names, terms
from exchange.seeding.draw import Draw
from exchange.seeding.people import LAST_NIVEAUX
from exchange.seeding.world import Host, World
from partners.enums import (
    Channel,
    ContributionNature,
    Initiative,
    OfferType,
    PartnerStatus,
    PartnerType,
    ProposalStatus,
)
from partners.models import (
    Contribution,
    Interaction,
    Offer,
    OfferBeneficiary,
    OfferClass,
    OfferProposal,
    TaxCampaign,
)
from schools.enums import Role
from schools.models import Student

TALKS = {
    "Recherche de places de PFMP": "Deux places possibles à la prochaine période, à confirmer par courriel.",
    "Prise de contact": "Premier échange : présentation du lycée et des formations, rendez-vous à fixer.",
    "Bilan de PFMP": "Élève apprécié, l’entreprise est prête à recommencer l’an prochain.",
    "Taxe d’apprentissage": "Rappel des dates de SOLTéA et de nos projets ; envoi de la plaquette.",
    "Intervention en classe": "D’accord pour une heure devant une classe, date à trouver.",
    "Visite d’entreprise": "Groupe de douze au plus, chaussures de sécurité fournies.",
    "Offre d’emploi": "Cherche une jeune ou un jeune diplômé à la fin de l’année.",
    "Convention de partenariat": "Relecture du projet, retour attendu sous quinze jours.",
    "Jury d’examen": "Disponible deux demi-journées en juin.",
}
TALKATIVE = {0: 14, 1: 18, 2: 19, 3: 17, 4: 12, 6: 11, 9: 9}
"""Exchanges with a partner in two years: some are close, some forgotten."""
USES = (
    "Outillage de l’atelier",
    "Sorties en entreprise",
    "Logiciels professionnels",
    "Équipements de protection",
    "Bornes de recharge pédagogiques",
)


def keep_in_touch(world: World) -> None:
    """Exchanges of the bureau and the teachers with partners; some say when to call again, a few of these are due."""
    draw = world.draw("exchanges")
    bureau = [member.email for role in (Role.BDE, Role.DDFPT) for member in world.team[role]]
    teachers = [member.email for member in world.team[Role.TEACHER]]
    start = world.years[0].start
    for host in world.hosts:
        status = host.partner.status
        if status == PartnerStatus.DORMANT:
            last_year = world.today - timedelta(days=380)
            span, count = (last_year - timedelta(days=300), last_year), draw.randint(1, 2)
        elif status == PartnerStatus.ARCHIVED:
            continue
        else:
            span, count = (start, world.today), draw.rounded(draw.one_of(TALKATIVE) * world.size.years / 2)
        for _ in range(count):
            day = _school_day(draw, *span)
            subject = draw.choice(list(TALKS)) if status != PartnerStatus.PROSPECT else "Prise de contact"
            again = day + timedelta(days=draw.randint(7, 40)) if draw.happens(0.22) else None
            world.add(
                Interaction,
                "echange",
                partner=host.partner,
                contact=draw.choice(host.contacts) if host.contacts and draw.happens(0.75) else None,
                date=day,
                channel=draw.one_of(
                    {
                        Channel.CALL: 40,
                        Channel.MAIL: 32,
                        Channel.VISIT: 10,
                        Channel.MEETING: 12,
                        Channel.FAIR: 4,
                        Channel.OTHER: 2,
                    }
                ),
                initiative=draw.one_of({Initiative.SCHOOL: 72, Initiative.PARTNER: 28}),
                subject=subject,
                report=TALKS[subject] if draw.happens(0.85) else "",
                author_email=draw.choice(bureau if draw.happens(0.75) else teachers),
                call_again_date=again,
                called_again=_called_again(draw, again, world.today),
            )
    _calls_due(world, draw, bureau)


def _school_day(draw: Draw, start: date, end: date) -> date:
    """A day when the bureau is open, as far as a few tries find one."""
    for _ in range(8):
        day = draw.weekday(start, end)
        if terms.is_school_day(day, SchoolYear.on(day)):
            break
    return day


def _called_again(draw: Draw, again: date | None, today: date) -> bool | None:
    if again is None:
        return None
    return draw.happens(0.93) if again < today - timedelta(days=3) else draw.happens(0.2)


def _calls_due(world: World, draw: Draw, bureau: list[str]) -> None:
    """The bureau's list of the week: calls late by some days, of today, and of the coming days."""
    hosts = [host for host in world.hosts if host.partner.status in (PartnerStatus.ACTIVE, PartnerStatus.PROSPECT)]
    for host in draw.some(hosts, world.size.of(12, at_least=3)):
        again = world.today + timedelta(days=draw.randint(-6, 7))
        subject = draw.choice(list(TALKS))
        world.add(
            Interaction,
            "echange",
            partner=host.partner,
            contact=host.contacts[0],
            date=draw.weekday(world.today - timedelta(days=25), world.today - timedelta(days=8)),
            channel=Channel.CALL,
            initiative=Initiative.SCHOOL,
            subject=subject,
            report=TALKS[subject],
            author_email=bureau[0],
            call_again_date=again,
            called_again=False,
        )


def receive_offers(world: World) -> None:
    """Jobs, contracts and places that partners propose, and the pupils who got them."""
    draw = world.draw("offers")
    hosts = [host for host in world.hosts if host.trade and host.partner.status == PartnerStatus.ACTIVE]
    seniors: dict[str, list[Student]] = defaultdict(list)
    for year in world.years:
        for student, one in world.students_of(year):
            if one.plan.niveau in LAST_NIVEAUX:
                seniors[f"{year.code} {one.plan.trade.key}"].append(student)
    for year in world.years:
        for _ in range(world.size.of(62, at_least=4)):
            host = draw.choice(hosts)
            received = draw.weekday(year.start, year.end - timedelta(days=60))
            if received > world.today:
                continue
            _offer(world, draw, host, received, seniors[f"{year.code} {host.trade.key if host.trade else ''}"])


def _offer(world: World, draw: Draw, host: Host, received: date, candidates: list[Student]) -> None:
    kind = draw.one_of(
        {
            OfferType.JOB: 26,
            OfferType.APPRENTICESHIP: 30,
            OfferType.PROFESSIONAL_CONTRACT: 8,
            OfferType.SEASONAL: 12,
            OfferType.PFMP: 18,
            OfferType.INTERNSHIP: 6,
        }
    )
    jobs = host.trade.jobs if host.trade else ("Emploi polyvalent",)
    positions = draw.one_of({1: 70, 2: 22, 3: 8})
    offer = world.add(
        Offer,
        "offre",
        partner=host.partner,
        type=kind,
        title=draw.choice(jobs),
        received_date=received,
        positions=positions,
    )
    taken = 0
    if kind not in (OfferType.PFMP, OfferType.INTERNSHIP) and draw.happens(0.5):
        for student in draw.some(candidates, draw.randint(1, positions)):
            day = received + timedelta(days=draw.randint(10, 60))
            if day <= world.today:
                world.add(OfferBeneficiary, offer=offer, student=student, date=day)
                offer.filled_date = max(offer.filled_date or day, day)
                taken += 1
    if taken < positions:
        offer.filled_date = None
    if not taken and draw.happens(0.15):
        withdrawn = received + timedelta(days=draw.randint(15, 90))
        offer.withdrawn_date = withdrawn if withdrawn <= world.today else None


def show_offers(world: World) -> None:
    """This year's offers shown to the classes they are for, some still to be; and what companies wrote on the public form."""
    draw = world.draw("offers-shown")
    classes = world.classes_of(world.year)
    trades = {id(host.partner): host.trade for host in world.hosts}
    for offer in world.all(Offer):
        if offer.received_date < world.year.start:
            continue
        trade = trades.get(id(offer.partner))
        fitting = [one for one in classes if trade and one.plan.trade.key == trade.key]
        offer.description = f"{offer.title} au sein d’une petite équipe. Journée continue, tenue fournie."
        if not fitting or draw.happens(0.25):
            continue
        offer.published_date = min(world.today, offer.received_date + timedelta(days=draw.randint(1, 5)))
        if draw.happens(0.4):
            offer.closing_date = offer.received_date + timedelta(days=draw.randint(20, 70))
        for one in fitting[:3]:
            world.add(OfferClass, offer=offer, school_class=one.row)
    trade_names = sorted({one.plan.trade.key: one.plan.trade for one in classes}.items())
    for rank, (_, trade) in enumerate(draw.some(trade_names, min(3, len(trade_names)))):
        first, last = names.adult(draw, woman=draw.happens(0.5))
        world.add(
            OfferProposal,
            company=f"Atelier {last}",
            city=world.school.city,
            postal_code=world.school.postal_code,
            contact_name=f"{first} {last}",
            contact_email=f"contact@atelier-{searchable(last).replace(' ', '-')}.example",
            contact_phone=f"06 39 98 {10 + rank:02d} {draw.randint(10, 99)}",
            type=OfferType.APPRENTICESHIP if rank else OfferType.JOB,
            title=draw.choice(trade.jobs),
            description="Nous cherchons une personne motivée, débutant accepté.",
            status=ProposalStatus.WAITING,
        )


def collect_taxe(world: World) -> None:
    """Campaigns of each calendar year that a school year ends in, some more before: targets, promises, payments, gifts."""
    draw = world.draw("taxe")
    givers = [
        h for h in world.hosts if h.partner.type == PartnerType.COMPANY and h.partner.status == PartnerStatus.ACTIVE
    ]
    faithful = draw.some(givers, world.size.of(42, at_least=4))
    first = world.years[0].first
    for rank, campaign in enumerate(range(first - 1, world.year.first + 2)):
        _campaign(world, draw, campaign, Decimal(16000 + 2000 * rank) * max(world.size.students, 60) / 600, faithful)


def _campaign(world: World, draw: Draw, campaign: int, target: Decimal, faithful: list[Host]) -> None:
    opening, closing = date(campaign, 5, 26), date(campaign, 11, 13)
    closed = closing + timedelta(days=7) < world.today
    world.add(
        TaxCampaign, campaign=campaign, target=target.quantize(Decimal(100)), closing_date=closing if closed else None
    )
    if date(campaign, 1, 5) > world.today:
        return
    for host in faithful:
        if not draw.happens(0.72):
            continue
        amount = Decimal(draw.choice((120, 180, 250, 300, 420, 500, 640, 800, 1200, 1850))) + draw.choice(
            (Decimal(0), Decimal("0.50"), Decimal("37.20"))
        )
        received: date | None = draw.weekday(opening, closing)
        if received is not None and (received > world.today or draw.happens(0.06)):
            received = None
        world.add(
            Contribution,
            "taxe",
            partner=host.partner,
            campaign=campaign,
            nature=ContributionNature.TAXE,
            amount=amount,
            received_date=received,
            use=draw.choice(USES) if received and draw.happens(0.6) else "",
        )
    for host in draw.some(faithful, world.size.of(7, at_least=2)):
        given = draw.weekday(date(campaign, 1, 10), date(campaign, 12, 10))
        kind = draw.happens(0.65)
        world.add(
            Contribution,
            "taxe",
            partner=host.partner,
            campaign=campaign,
            nature=ContributionNature.GIFT_KIND if kind else ContributionNature.GIFT_MONEY,
            amount=Decimal(draw.choice((300, 450, 900, 1500, 2600) if kind else (100, 200, 350))),
            received_date=given if given <= world.today else None,
            use=draw.choice(USES) if draw.happens(0.7) else "",
        )
