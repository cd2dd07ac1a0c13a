"""What is missing or contradicts itself in the rows of a year, said with the rows to repair (§ 0, § 11)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from events.enums import ActionStatus, InvitationReply
from indicators.definitions import insertion
from indicators.definitions.register import in_order
from indicators.definitions.year_data import AgreementRow, YearData
from indicators.enums import UNKNOWN_SECTOR
from partners.enums import PartnerStatus
from pfmp.enums import SOLUTION, PlacementStatus
from schools.enums import Sex
from surveys.enums import DOSSIER_TERMS, Situation

Find = Callable[[YearData], Iterable[int]]


@dataclass(frozen=True)
class Anomaly:
    """Rows of one kind to look at. `code` is the indicator they weigh on first; `is_error`: they contradict, not merely lack.

    `key` names the kind in addresses.
    """

    key: str
    code: str
    sentence: str
    model: str
    rows: tuple[int, ...]
    is_error: bool

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class _Check:
    code: str
    model: str
    one: str
    several: str
    find: Find
    is_error: bool
    also: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.find.__name__

    def bears_on(self, code: str) -> bool:
        """Would settling these rows change the figure of a code, or one of its breakdowns? `also` names codes or families (`I3.3`)."""
        return code == self.code or code in self.also or code.rpartition(".")[0] in self.also

    def run(self, data: YearData) -> Iterator[Anomaly]:
        rows = tuple(sorted(set(self.find(data))))
        if rows:
            sentence = self.one if len(rows) == 1 else self.several.format(count=len(rows))
            yield Anomaly(self.key, self.code, sentence, self.model, rows, self.is_error)


_checks: list[_Check] = []


def _check(
    code: str, model: str, one: str, several: str, *, is_error: bool = False, also: tuple[str, ...] = ()
) -> Callable[[Find], Find]:
    """Declare a check: what is said of one row, and of several (`{count}`); `also`: the other codes that it bears on."""

    def declare(find: Find) -> Find:
        _checks.append(_Check(code, model, one, several, find, is_error, also))
        return find

    return declare


def all_of(data: YearData) -> list[Anomaly]:
    """Everything found, in the order of the headings."""
    return [found for check in _checks for found in check.run(data)]


def bearing_on(data: YearData, code: str) -> list[Anomaly]:
    """What was found that bears on the figure of a code: first what is its own. It reads only the tables that this takes."""
    checks = sorted((check for check in _checks if check.bears_on(code)), key=lambda check: check.code != code)
    return [found for check in checks for found in check.run(data)]


def of_kind(data: YearData, key: str) -> Anomaly | None:
    """One kind, None when nothing is found. Raises KeyError for an unknown kind."""
    check = {check.key: check for check in _checks}[key]
    return next(check.run(data), None)


# ---------------------------------------------------------------------------------------------- headings 1 and 2


@_check(
    "I1.6.declinaisons",
    "conventions.Agreement",
    "1 convention se décline elle-même, directement ou par étapes : corrigez la convention qu’elle décline.",
    "{count} conventions se déclinent en boucle : corrigez les conventions qu’elles déclinent.",
    is_error=True,
    also=("I1.6",),
)
def loops(data: YearData) -> list[int]:
    """I1.6, B-12."""
    return [row.pk for row in data.agreements.values() if _returns(data, row)]


def _returns(data: YearData, row: AgreementRow) -> bool:
    chain = data.ancestors(row)
    last = chain[-1] if chain else row
    return last.parent == row.pk


@_check(
    "I2.1",
    "conventions.Network",
    "1 réseau est formalisé sans que l’acte soit décrit : dites s’il s’agit d’une convention, d’une charte, d’un label…",
    "{count} réseaux sont formalisés sans que l’acte soit décrit : dites s’il s’agit d’une convention, d’une charte, d’un label…",
)
def acts(data: YearData) -> list[int]:
    """I2.1."""
    return [
        row.pk
        for row in data.joined_networks
        if row.formalised and row.formalised <= data.as_of and not row.act.strip()
    ]


@_check(
    "I2.4",
    "partners.Partner",
    "1 partenaire est noté dormant alors que l’année garde une trace de lui : il compte comme actif.",
    "{count} partenaires sont notés dormants alors que l’année garde une trace d’eux : ils comptent comme actifs.",
    also=("I7.6", "E10", "E11", "E12"),
)
def awake(data: YearData) -> list[int]:
    """C-15, A-41."""
    return [pk for pk in data.active_partners if data.partners[pk].status == PartnerStatus.DORMANT]


@_check(
    "E14",
    "partners.Partner",
    "1 partenaire est noté actif sans aucune trace depuis douze mois.",
    "{count} partenaires sont notés actifs sans aucune trace depuis douze mois.",
)
def asleep(data: YearData) -> list[int]:
    """C-15, A-132."""
    return [pk for pk in data.dormant_partners if data.partners[pk].status == PartnerStatus.ACTIVE]


@_check(
    "I7.6",
    "partners.Partner",
    "1 partenaire actif n’a pas de code NAF lisible : il compte dans « secteur non renseigné ».",
    "{count} partenaires actifs n’ont pas de code NAF lisible : ils comptent dans « secteur non renseigné ».",
    also=("I1.1", "I3.8", "I5.6", "I7.1", "I7.2", "I7.3", "I7.4"),
)
def sectors(data: YearData) -> list[int]:
    """C-14, A-43."""
    return [pk for pk in data.active_partners if data.partners[pk].sector == UNKNOWN_SECTOR]


# ---------------------------------------------------------------------------------------------- headings 3 and 4


@_check(
    "I3.1",
    "events.Action",
    "1 action prévue est passée : dites si elle est réalisée ou annulée.",
    "{count} actions prévues sont passées : dites si elles sont réalisées ou annulées.",
    also=(
        "I1.7",
        "I2.3",
        "I3.3",
        "I3.4",
        "I3.5",
        "I3.7",
        "I3.8",
        "I4.1",
        "I4.2",
        "I4.3",
        "I4.4",
        "I4.5",
        "I4.6",
        "I4.7",
        "I4.8",
        "I7.3",
        "I7.4",
        "E10",
        "E11",
        "E12",
        "E20",
    ),
)
def to_close(data: YearData) -> list[int]:
    """C-13."""
    return [
        row.pk
        for row in data.all_actions
        if row.status == ActionStatus.PLANNED and (row.end or row.start) < data.bounds.today
    ]


@_check(
    "I3.3.total",
    "events.Action",
    "1 action réalisée n’a pas de durée : elle manque dans le total des heures.",
    "{count} actions réalisées n’ont pas de durée : elles manquent dans le total des heures.",
    also=("I3.3",),
)
def hours(data: YearData) -> list[int]:
    """I3.3: an empty duration is never zero."""
    return [row.pk for row in data.actions.values() if row.hours is None]


@_check(
    "I4.1",
    "schools.Schooling",
    "1 scolarité en chevauche une autre du même élève : sa classe est celle où il est entré en dernier.",
    "{count} scolarités en chevauchent une autre du même élève : leur classe est celle où l’élève est entré en dernier.",
    is_error=True,
)
def overlaps(data: YearData) -> list[int]:
    """C-07, B-20."""
    found = []
    for stays in data.stays_by_student.values():
        for stay in stays:
            if any(other is not stay and other.first <= stay.last and stay.first <= other.last for other in stays):
                found.append(stay.pk)
    return found


@_check(
    "I4.1",
    "events.Participation",
    "1 participation est notée pour un élève qui n’était pas inscrit ces jours-là : elle ne compte pas.",
    "{count} participations sont notées pour des élèves qui n’étaient pas inscrits ces jours-là : elles ne comptent pas.",
    is_error=True,
    also=("I4.2", "I4.3"),
)
def outsiders(data: YearData) -> list[int]:
    """C-09, A-74."""
    return data.presence.outside


@_check(
    "I4.2",
    "events.Participation",
    "1 présence à une action réalisée n’est pas saisie.",
    "{count} présences à des actions réalisées ne sont pas saisies.",
    also=("I4.1", "I4.3", "I4.4", "I4.5", "I4.6", "I4.7", "E20"),
)
def presences(data: YearData) -> set[int]:
    """I4.2, C-03."""
    return set(data.presence.valid) - set(data.presence.known)


@_check(
    "I4.5",
    "schools.Student",
    "1 élève inscrit n’a pas de sexe renseigné : il est à part dans les mesures de mixité.",
    "{count} élèves inscrits n’ont pas de sexe renseigné : ils sont à part dans les mesures de mixité.",
    also=("I4.4",),
)
def sexes(data: YearData) -> list[int]:
    """C-11."""
    return [student for student, sex in data.enrolled.items() if sex not in Sex.values]


@_check(
    "I4.6",
    "schools.Student",
    "1 élève inscrit n’est dit ni prioritaire ni non prioritaire.",
    "{count} élèves inscrits ne sont dits ni prioritaires ni non prioritaires.",
    also=("I4.7",),
)
def priorities(data: YearData) -> list[int]:
    """C-12."""
    return [student for student, priority in data.priority.items() if priority is None]


@_check(
    "I4.8",
    "events.Action",
    "1 action réalisée ne dit pas si elle s’adresse à des publics prioritaires.",
    "{count} actions réalisées ne disent pas si elles s’adressent à des publics prioritaires.",
)
def aims(data: YearData) -> list[int]:
    """I4.8."""
    return [row.pk for row in data.actions.values() if row.for_priority is None]


# ---------------------------------------------------------------------------------------------- heading 5


@_check(
    "I5.1",
    "pfmp.Placement",
    "1 placement est celui d’un élève qui n’est pas attendu pour la période (dispensé, absent de la classe) : il ne compte pas comme solution.",
    "{count} placements sont ceux d’élèves qui ne sont pas attendus pour la période (dispensés, absents de la classe) : ils ne "
    "comptent pas comme solutions.",
    also=("I5.2", "I5.3", "I5.4", "I5.5"),
)
def unexpected(data: YearData) -> list[int]:
    """A-81, A-149."""
    couples = {(couple.period, couple.student) for couple in data.couples}
    return [row.pk for row in data.placements if row.status in SOLUTION and (row.period, row.student) not in couples]


@_check(
    "I5.4",
    "pfmp.Placement",
    "1 placement est interrompu sans que le jour soit écrit : on ne sait pas si l’élève est à replacer.",
    "{count} placements sont interrompus sans que le jour soit écrit : on ne sait pas si les élèves sont à replacer.",
    also=("I5.5", "E25", "E27"),
)
def undated_interruptions(data: YearData) -> list[int]:
    """A-83."""
    return [row.pk for row in data.placements if row.status == PlacementStatus.INTERRUPTED and not row.interrupted]


@_check(
    "I5.8",
    "partners.Offer",
    "1 offre a plus de jeunes retenus que de postes.",
    "{count} offres ont plus de jeunes retenus que de postes.",
    is_error=True,
)
def overfilled(data: YearData) -> list[int]:
    """I5.8, C-03."""
    taken = [row.offer for row in data.benefits]
    return [pk for pk, offer in data.job_offers.items() if taken.count(pk) > offer.positions]


# ---------------------------------------------------------------------------------------------- headings 6, 7, 8


@_check(
    "I6.1",
    "indicators.IndicatorShare",
    "1 partage cite un code d’indicateur inconnu.",
    "{count} partages citent un code d’indicateur inconnu.",
    is_error=True,
    also=("I6.2", "I6.3", "I6.4"),
)
def unknown_codes(data: YearData) -> list[int]:
    """§ 6, A-100."""
    known = {indicator.code for indicator in in_order()}
    families = known | {code.rpartition(".")[0] for code in known if not code.rpartition(".")[2].isdigit()}
    return [
        row.pk
        for row in data.active_shares
        if any(code.strip() not in families for code in row.codes.split("|") if code.strip())
    ]


@_check(
    "I7.1",
    "events.Invitation",
    "1 invité est venu sans avoir répondu : il ne compte pas comme une réponse.",
    "{count} invités sont venus sans avoir répondu : ils ne comptent pas comme des réponses.",
    also=("I7.2", "I7.3"),
)
def came_unannounced(data: YearData) -> list[int]:
    """I7.1."""
    return [row.pk for row in data.invitations if row.present and not row.reply]


@_check(
    "I7.3",
    "events.Invitation",
    "1 invité a accepté une action réalisée sans que sa présence soit saisie.",
    "{count} invités ont accepté une action réalisée sans que leur présence soit saisie.",
)
def guests(data: YearData) -> list[int]:
    """I7.3, A-111."""
    return [
        row.pk
        for row in data.invitations
        if row.reply == InvitationReply.ACCEPTED and row.action_status == ActionStatus.DONE and row.present is None
    ]


@_check(
    "I8.3",
    "surveys.Survey",
    "1 enquête de l’année ne dit pas combien de personnes sont sollicitées.",
    "{count} enquêtes de l’année ne disent pas combien de personnes sont sollicitées.",
)
def surveys(data: YearData) -> list[int]:
    """I8.3, A-115."""
    return [row.pk for row in data.surveys if row.asked is None]


# ---------------------------------------------------------------------------------------------- complements


@_check(
    "E1",
    "schools.Student",
    "1 sortant n’a pas de situation connue à une échéance passée.",
    "{count} sortants n’ont pas de situation connue à une échéance passée.",
    also=("E2", "E3", "E4", "E6"),
)
def leavers(data: YearData) -> set[int]:
    """E1, A-121."""
    unknown: set[int] = set()
    for term in DOSSIER_TERMS:
        if data.as_of >= insertion.due(data, term):
            told = {s for s, (situation, _, _) in data.situations[term].items() if situation != Situation.NO_ANSWER}
            unknown |= data.leavers - told
    return unknown


@_check(
    "E21.sur_place",
    "pfmp.Placement",
    "1 placement dont la date de fin est passée n’est ni terminé ni interrompu : mettez son statut à jour.",
    "{count} placements dont la date de fin est passée ne sont ni terminés ni interrompus : mettez leur statut à jour.",
    also=("E21", "E22", "E23"),
)
def to_finish(data: YearData) -> list[int]:
    """E21, E22: only finished placements count there."""
    over = (PlacementStatus.FINISHED, PlacementStatus.INTERRUPTED)
    return [row.pk for row in data.started if row.end < data.as_of and row.status not in over]


@_check(
    "E22",
    "pfmp.Placement",
    "1 placement terminé ou interrompu n’a pas de jours effectués.",
    "{count} placements terminés ou interrompus n’ont pas de jours effectués.",
    also=("E23",),
)
def certificates(data: YearData) -> list[int]:
    """E22."""
    return [row.pk for row in (*data.finished, *data.interrupted) if row.days_done is None]


@_check(
    "E24",
    "pfmp.Placement",
    "1 placement commencé n’a aucune signature enregistrée sur sa convention.",
    "{count} placements commencés n’ont aucune signature enregistrée sur leur convention.",
)
def unsigned(data: YearData) -> list[int]:
    """E24, A-144."""
    return [row.pk for row in data.started if row.key not in data.signatures]


@_check(
    "E26",
    "pfmp.Placement",
    "1 placement commencé n’a pas de tuteur joignable.",
    "{count} placements commencés n’ont pas de tuteur joignable.",
)
def tutors(data: YearData) -> list[int]:
    """E26, A-146."""
    return [row.pk for row in data.started if not (row.tutor_email or row.tutor_phone)]


@_check(
    "E28",
    "pfmp.Placement",
    "1 placement ne dit pas par qui il a été trouvé.",
    "{count} placements ne disent pas par qui ils ont été trouvés.",
)
def origins(data: YearData) -> list[int]:
    """E28."""
    return [row.pk for row in data.placements if row.status in SOLUTION and not row.origin]
