"""Actions led with partners: who carries them, who was invited, which pupils came."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from conventions.enums import AgreementLevel
from conventions.models import Agreement, Network
from core.school_year import SchoolYear
from events.enums import ActionStatus, ActionType, InvitationReply
from events.models import Action, ActionPartner, Invitation, Participation
from exchange.seeding import terms
from exchange.seeding.draw import Draw
from exchange.seeding.world import ClassOfYear, Host, World
from partners.enums import Initiative, PartnerStatus, PartnerType
from pfmp.models import Period
from schools.enums import Niveau
from schools.models import Schooling

T = ActionType
Absences = dict[UUID, list[tuple[date, date]]]
KINDS: dict[ActionType, tuple[float, str, tuple[int, ...], float]] = {
    T.COMPANY_VISIT: (16, "Visite de {partner}", (3, 4), 1.3),
    T.PROFESSIONAL_TALK: (16, "{partner} présente ses métiers", (2,), 1.5),
    T.FORUM: (3, "Forum des métiers et de l’alternance", (6, 7), 9),
    T.JOB_DATING: (4, "Job dating alternance et emplois d’été", (4,), 5),
    T.OBSERVATION: (2, "Stage d’observation dans les ateliers partenaires", (14, 21), 0.5),
    T.JOINT_PROJECT: (6, "Projet avec {partner}", (10, 20, 30), 1),
    T.CONTEST: (2, "Concours des jeunes talents", (8,), 2),
    T.MENTORING: (3, "Mentorat avec {partner}", (6, 10), 0.6),
    T.TEACHER_IMMERSION: (2, "Immersion d’enseignants chez {partner}", (7, 14), 0),
    T.TAILORED_TRAINING: (2, "Module conçu avec {partner}", (12, 18), 1),
    T.EXAM_JURY: (4, "Jury d’épreuves professionnelles", (4, 7), 0),
    T.MOCK_INTERVIEW: (6, "Simulations d’entretien", (3,), 1),
    T.AVENIRPRO: (20, "AvenirPro : {workshop}", (2,), 1),
    T.MIDDLE_SCHOOL: (4, "Découverte des métiers pour les collégiens", (3,), 0.4),
    T.OPEN_DAY: (2, "Portes ouvertes du lycée", (6,), 4),
    T.EQUIPMENT_GIFT: (2, "Remise de matériel par {partner}", (1,), 0.5),
    T.IMPROVEMENT_COUNCIL: (1, "Conseil de perfectionnement", (2,), 0),
    T.MOBILITY: (1, "Découverte d’entreprises en Europe", (35,), 0.6),
    T.NETWORK_MEETING: (3, "Réunion : {network}", (2,), 0),
    T.OTHER: (1, "Petit déjeuner des tuteurs", (2,), 0),
}
"""For each type: how often, its title, its hours, how many classes come."""
WORKSHOPS = (
    "connaître les entreprises du bassin",
    "rédiger son CV",
    "réussir un entretien",
    "chercher un emploi en ligne",
    "choisir après le diplôme",
)
EVENTS = {
    "Les Coulisses du bâtiment": ((10, 8), (10, 14)),
    "Semaine école-entreprise": ((11, 16), (11, 27)),
    "Semaine de l’industrie": ((11, 16), (11, 27)),
    "Semaine des lycées professionnels": ((11, 30), (12, 5)),
    "Journée nationale et internationale « Elles bougent pour l’orientation »": ((12, 1), (12, 10)),
}
"""National events of `core/data/evenements_nationaux.csv`, with their usual dates; the first is for visits only."""
AT_THE_PARTNER = (T.COMPANY_VISIT, T.OBSERVATION, T.TEACHER_IMMERSION)
OF_EVENTS = (T.COMPANY_VISIT, T.PROFESSIONAL_TALK, T.FORUM, T.JOB_DATING, T.MIDDLE_SCHOOL, T.CONTEST)
REVIEWS = (
    "Accueil chaleureux, élèves attentifs ; à refaire l’an prochain.", "Deux élèves ont obtenu une place de PFMP sur place.",
    "Trop peu de temps pour les questions ; prévoir une heure de plus.", "Bonne mixité du groupe, retour positif de l’entreprise.", "",
)  # fmt: skip
TAGS = ("egalite_filles_garcons", "inclusion", "orientation", "transition_ecologique", "insertion")
LAST_YEARS = (Niveau.TERMINALE_PRO, Niveau.CAP2)


def lead_actions(world: World) -> None:
    """Some 125 actions a year, spread over the school days; past ones done or cancelled, coming ones planned."""
    for year in world.years:
        draw = world.draw(f"events {year}")
        away = _away(world)
        for _ in range(world.size.of(86, at_least=6)):
            kind = draw.one_of({kind: row[0] for kind, row in KINDS.items() if kind is not T.AVENIRPRO})
            _action(world, draw, year, kind, away)
        _workshops(world, draw, year, away)


def _away(world: World) -> Absences:
    """When each class is in companies."""
    from_class: Absences = defaultdict(list)
    for period in world.all(Period):
        from_class[period.school_class.public_id].append((period.start_date, period.end_date))
    return from_class


def _is_away(away: Absences, one: ClassOfYear, day: date) -> bool:
    return any(start <= day <= end for start, end in away[one.row.public_id])


def _day(world: World, draw: Draw, year: SchoolYear, kind: ActionType) -> tuple[date, str]:
    """A school day and, now and then, the national event it belongs to."""
    if kind in OF_EVENTS and draw.happens(0.22):
        event = draw.choice(list(EVENTS) if kind is T.COMPANY_VISIT else list(EVENTS)[1:])
        (month, day), (last_month, last_day) = EVENTS[event]
        found = draw.weekday(date(year.first, month, day), date(year.first, last_month, last_day))
        return terms.next_school_day(found, year), event
    near = min(world.today, year.end - timedelta(days=55))
    if year == world.year and draw.happens(0.25) and near > year.start:  # the diary of the coming weeks is not empty
        found = draw.weekday(near, near + timedelta(days=45))
    else:
        found = draw.weekday(year.start + timedelta(days=12), date(year.first + 1, 6, 20))
    return terms.next_school_day(found, year), ""


def _workshops(world: World, draw: Draw, year: SchoolYear, away: Absences) -> None:
    """Each class of the last year has five AvenirPro workshops in the year: four are asked for."""
    guides = [h for h in world.hosts if h.partner.type in (PartnerType.FRANCE_TRAVAIL, PartnerType.MISSION_LOCALE)]
    for one in world.classes_of(year):
        if one.plan.niveau not in LAST_YEARS:
            continue
        for rank in range(5):
            day = year.start + timedelta(days=25 + 42 * rank + draw.randint(0, 20))
            for _ in range(8):
                day = terms.next_school_day(day, year)
                if not _is_away(away, one, day):
                    break
                day += timedelta(days=7)
            action = _row(
                world, draw, year, T.AVENIRPRO, day, f"AvenirPro : {WORKSHOPS[rank]}, {one.plan.code}", "", [2]
            )
            for host in draw.some(guides, 1):
                world.add(ActionPartner, action=action, partner=host.partner)
            _expect(world, draw, action, [one])


def _row(
    world: World, draw: Draw, year: SchoolYear, kind: ActionType, day: date, title: str, event: str, hours: list[int]
) -> Action:
    today = world.today
    if day > today:
        status = draw.one_of({ActionStatus.PLANNED: 97, ActionStatus.CANCELLED: 3})
    elif day > today - timedelta(days=21):
        status = draw.one_of({ActionStatus.DONE: 84, ActionStatus.PLANNED: 9, ActionStatus.CANCELLED: 7})
    else:
        status = draw.one_of({ActionStatus.DONE: 92, ActionStatus.PLANNED: 1, ActionStatus.CANCELLED: 7})
    done = status == ActionStatus.DONE
    long = kind in (T.MOBILITY, T.OBSERVATION, T.JOINT_PROJECT) and draw.happens(0.6)
    return world.add(
        Action,
        "action",
        type=kind,
        title=title,
        start_date=day,
        end_date=min(day + timedelta(days=draw.choice((1, 2, 4))), year.end) if long else None,
        hours=None
        if draw.happens(0.08)
        else Decimal(draw.choice(hours)) + draw.choice((Decimal(0), Decimal(0), Decimal("0.5"))),
        status=status,
        initiative=draw.one_of({Initiative.SCHOOL: 74, Initiative.PARTNER: 26}),
        tags="|".join(draw.some(TAGS, draw.one_of({0: 55, 1: 35, 2: 10}))),
        outside_public=draw.randint(20, 240) if kind in (T.OPEN_DAY, T.MIDDLE_SCHOOL, T.FORUM) else None,
        national_event=event,
        place=draw.choice(
            ("Au lycée", "Au lycée, salle polyvalente", "Dans les ateliers du lycée", world.place.town.name, "")
        ),
        for_priority=draw.one_of({False: 60, True: 22, None: 18}),
        review=draw.choice(REVIEWS) if done else "",
    )


def _action(world: World, draw: Draw, year: SchoolYear, kind: ActionType, away: Absences) -> None:
    _, pattern, hours, classes = KINDS[kind]
    day, event = _day(world, draw, year, kind)
    here = [one for one in world.classes_of(year) if not _is_away(away, one, day)]
    count = min(draw.rounded(classes), len(here))
    comers = draw.some(here, 1)
    if count > 1:
        comers += draw.some([one for one in here if one not in comers], count - 1)
    if count == 0:
        comers = []
    carriers = _carriers(world, draw, kind, comers)
    network = draw.choice(world.all(Network)) if kind is T.NETWORK_MEETING or draw.happens(0.04) else None
    title = pattern.format(
        partner=carriers[0].partner.name if carriers else "une entreprise",
        network=network.name if network else "réseau",
        workshop="",
    )
    action = _row(world, draw, year, kind, day, title, event, list(hours))
    action.network = network
    if kind in AT_THE_PARTNER and carriers:
        action.place = f"{carriers[0].partner.name}, {carriers[0].partner.city}"
    action.agreement = _agreement_of(world, draw, carriers)
    for host in carriers:
        world.add(ActionPartner, action=action, partner=host.partner)
    if kind in (
        T.FORUM,
        T.JOB_DATING,
        T.MOCK_INTERVIEW,
        T.OPEN_DAY,
        T.EXAM_JURY,
        T.IMPROVEMENT_COUNCIL,
        T.OTHER,
        T.CONTEST,
    ):
        _invite(world, draw, action, comers)
    _expect(world, draw, action, comers)


def _usable(world: World) -> list[Host]:
    return [host for host in world.hosts if host.partner.status == PartnerStatus.ACTIVE]


def _carriers(world: World, draw: Draw, kind: ActionType, comers: list[ClassOfYear]) -> list[Host]:
    """Most often one partner of the trade of a class that comes."""
    hosts = _usable(world)
    if comers:
        own = [host for host in hosts if host.trade is comers[0].plan.trade]
        if own and draw.happens(0.8):
            hosts = own
    wide = kind in (T.FORUM, T.JOB_DATING, T.CONTEST)
    return draw.some(hosts, draw.one_of({0: 6, 1: 66, 2: 20, 3: 8}) + (2 if wide else 0))


def _agreement_of(world: World, draw: Draw, carriers: list[Host]) -> Agreement | None:
    if not carriers:
        return None
    own = [a for a in world.all(Agreement) if a.partner is not None and a.partner is carriers[0].partner]
    if own and draw.happens(0.6):
        return own[0]
    frames = [a for a in world.all(Agreement) if a.level != AgreementLevel.SCHOOL]
    return draw.choice(frames) if frames and draw.happens(0.05) else None


def _invite(world: World, draw: Draw, action: Action, comers: list[ClassOfYear]) -> None:
    hosts = _usable(world)
    done = action.status == ActionStatus.DONE
    for host in draw.some(hosts, draw.randint(5, 16)):
        sent = action.start_date - timedelta(days=draw.randint(18, 45))
        if sent > world.today:
            continue
        waiting = not done and action.start_date > world.today
        reply = draw.one_of({InvitationReply.ACCEPTED: 36, InvitationReply.DECLINED: 20, "": 70 if waiting else 44})
        replied = sent + timedelta(days=draw.randint(1, 14))
        if reply and replied > world.today:
            reply = ""
        present = None
        if done and reply == InvitationReply.ACCEPTED:
            present = draw.one_of({True: 80, False: 12, None: 8})
        elif done and not reply and draw.happens(0.05):
            present = True
        world.add(
            Invitation,
            action=action,
            partner=host.partner,
            sent_date=sent,
            reply=reply,
            replied_date=replied if reply else None,
            present=present,
        )


def _expect(world: World, draw: Draw, action: Action, comers: list[ClassOfYear]) -> None:
    """Pupils of the classes that come, present or not; in some actions nobody noted who was there."""
    done = action.status == ActionStatus.DONE
    noted = done and not draw.happens(0.06)
    seen = set()
    for one in comers:
        for schooling in one.schoolings:
            if not _in_class(schooling, action.start_date) or schooling.student.dossier_id in seen:
                continue
            seen.add(schooling.student.dossier_id)
            present = draw.one_of({True: 84, False: 12, None: 4}) if noted else None
            world.add(Participation, action=action, student=schooling.student, present=present)


def _in_class(schooling: Schooling, day: date) -> bool:
    return schooling.entry_date <= day and (schooling.exit_date is None or day <= schooling.exit_date)
