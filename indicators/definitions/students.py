"""Heading 4: the pupils that actions reach."""

from fractions import Fraction

from indicators.definitions.register import (
    Cell,
    Figure,
    Split,
    divided,
    fraction,
    grouped,
    grouped_once,
    indicator,
    rated,
    ratio,
    stated,
    without,
)
from indicators.definitions.year_data import YearData
from schools.enums import Sex

NO_STUDENT = "Aucun élève inscrit dans la période."
NO_PRESENCE = "Aucune présence n’est renseignée aux actions de l’année."
NO_BENEFICIARY = "Aucun élève n’a bénéficié d’une action dans la période."
NO_SEX = "Le sexe d’aucun élève compté n’est renseigné."
SEXES = (Sex.F.value, Sex.M.value, "inconnu")
_KNOWN_SEXES = frozenset(Sex.values)
INTENSITIES = ("0", "1", "2", "3+")


def times(number: int) -> str:
    """Key of the axes « intensite » and « rencontres » (A-26)."""
    return str(number) if number < 3 else "3+"


@indicator(
    "I4.1",
    rows="schools.Student",
    definition="Élèves distincts présents à au moins une action réalisée de l’année, un jour où ils étaient inscrits, sur les élèves inscrits "
    "au moins un jour depuis le début de l’année scolaire. Un élève présent à plusieurs actions compte une fois. Un élève qui a changé de "
    "classe compte dans chacune de ses classes : leur somme peut dépasser le total du lycée.",
)
def benefiting(data: YearData) -> Figure:
    """I4.1, C-06, C-08, C-09, A-05, A-06, A-10, A-11, A-24, A-75."""
    everyone = list(data.enrolled)
    types = {row.type for row in data.actions.values()}
    presence = data.presence
    return ratio(
        data.beneficiaries,
        everyone,
        NO_STUDENT,
        classe=Split(presence.students_by_class, grouped_once((stay.code, stay.student) for stay in data.stays_so_far)),
        niveau=Split(
            presence.students_by_niveau, grouped_once((stay.niveau, stay.student) for stay in data.stays_so_far)
        ),
        type_action=Split(presence.students_by_type, dict.fromkeys(types, everyone)),
    )


@indicator(
    "I4.2",
    rows="events.Participation",
    definition="Présences sur participations attendues dont la présence est renseignée, toutes actions réalisées de l’année confondues. Une "
    "présence non saisie n’est ni une présence ni une absence : elle abaisse le taux de renseignement.",
)
def participation(data: YearData) -> Figure:
    """I4.2, A-24, A-74."""
    seen = data.presence
    return ratio(
        seen.present,
        seen.known,
        NO_PRESENCE,
        known=fraction(len(seen.known), len(seen.valid)),
        type_action=Split(seen.present_by_type, seen.known_by_type),
    )


@indicator(
    "I4.3",
    rows="schools.Student",
    definition="Nombre moyen d’actions par élève bénéficiaire : présences sur élèves bénéficiaires. La répartition montre la part des "
    "inscrits à 0, 1, 2, 3 actions et plus.",
)
def intensity(data: YearData) -> Figure:
    """I4.3, A-20, A-26, A-74."""
    done = data.presence.actions_by_student
    everyone = list(data.enrolled)
    by_times = grouped((times(done[student]), student) for student in everyone)
    main = divided(sum(done.values()), len(done), NO_BENEFICIARY, list(done), list(done))
    cells = {key: rated(by_times.get(key, ()), everyone, NO_STUDENT) for key in INTENSITIES}
    return Figure(main, axes={"intensite": cells})


def _girls(data: YearData, students: list[int], empty: str) -> tuple[Cell, Fraction | None]:
    """Share of girls among the pupils whose sex is known, and how many these are (C-11)."""
    known = [student for student in students if data.enrolled[student] in _KNOWN_SEXES]
    girls = [student for student in known if data.enrolled[student] == Sex.F]
    return rated(girls, known, NO_SEX if students else empty), fraction(len(known), len(students))


@indicator(
    "I4.4.beneficiaires",
    rows="schools.Student",
    definition="Filles parmi les élèves bénéficiaires dont le sexe est renseigné.",
)
def girls_benefiting(data: YearData) -> Figure:
    """I4.4, C-11."""
    return Figure(*_girls(data, sorted(data.beneficiaries), NO_BENEFICIARY))


@indicator(
    "I4.4.inscrits",
    rows="schools.Student",
    definition="Filles parmi les élèves inscrits dont le sexe est renseigné.",
)
def girls_enrolled(data: YearData) -> Figure:
    """I4.4, C-11."""
    return Figure(*_girls(data, list(data.enrolled), NO_STUDENT))


@indicator(
    "I4.4.ecart",
    rows="schools.Student",
    definition="Part de filles parmi les bénéficiaires moins part de filles parmi les inscrits, en points. À zéro, les actions touchent "
    "filles et garçons à proportion de leur nombre.",
)
def girls_gap(data: YearData) -> Figure:
    """I4.4, A-77."""
    benefiting_, _ = _girls(data, sorted(data.beneficiaries), NO_BENEFICIARY)
    enrolled, _ = _girls(data, list(data.enrolled), NO_STUDENT)
    return Figure(_gap(benefiting_, enrolled))


def _gap(first: Cell, second: Cell) -> Cell:
    """A difference of rates, in points; without one of them there is none (A-77)."""
    for cell in (first, second):
        if not isinstance(cell.value, Fraction):
            return without(cell.reason or "")
    return stated(Fraction(first.value) - Fraction(second.value))  # type: ignore[arg-type]


@indicator(
    "I4.5",
    rows="schools.Student",
    definition="Taux d’élèves bénéficiaires parmi les filles, parmi les garçons, et parmi les élèves dont le sexe n’est pas renseigné.",
)
def by_sex(data: YearData) -> Figure:
    """I4.5, C-11, A-76: the main value is that of I4.1."""
    enrolled = data.enrolled
    sexes = {student: sex if sex in _KNOWN_SEXES else "inconnu" for student, sex in enrolled.items()}
    known = sum(sex != "inconnu" for sex in sexes.values())
    return ratio(
        data.beneficiaries,
        list(enrolled),
        NO_STUDENT,
        known=fraction(known, len(enrolled)),
        sexe=Split(
            grouped((sexes[student], student) for student in data.beneficiaries),
            grouped((sex, student) for student, sex in sexes.items()),
            closed=SEXES,
            empty="Aucun élève inscrit de ce sexe dans la période.",
        ),
    )


def _by_priority(data: YearData, wanted: bool) -> Cell:
    students = [student for student, priority in data.priority.items() if priority is wanted]
    reached = [student for student in students if student in data.beneficiaries]
    who = "relevant d’un public prioritaire" if wanted else "ne relevant pas d’un public prioritaire"
    return rated(reached, students, f"Aucun élève inscrit n’est connu comme {who}.")


def _priority_known(data: YearData) -> Fraction | None:
    return fraction(sum(priority is not None for priority in data.priority.values()), len(data.priority))


@indicator(
    "I4.6",
    rows="schools.Student",
    definition="Taux d’élèves bénéficiaires parmi les élèves relevant d’un public prioritaire. Un élève dont on ne sait rien n’est pas compté "
    "comme non prioritaire : le taux de renseignement dit combien sont connus.",
)
def priority_benefiting(data: YearData) -> Figure:
    """I4.6, C-12, A-12."""
    return Figure(_by_priority(data, True), _priority_known(data))


@indicator(
    "I4.7",
    rows="schools.Student",
    definition="Taux de bénéficiaires des publics prioritaires moins celui des autres élèves connus, en points. En dessous de zéro, les publics "
    "prioritaires ont moins accès aux actions.",
)
def priority_gap(data: YearData) -> Figure:
    """I4.7, A-77."""
    return Figure(_gap(_by_priority(data, True), _by_priority(data, False)), _priority_known(data))


@indicator(
    "I4.8",
    rows="events.Action",
    definition="Actions réalisées conçues pour des publics prioritaires, sur les actions réalisées dont on sait si elles le sont.",
)
def priority_actions(data: YearData) -> Figure:
    """I4.8."""
    known = [row for row in data.actions.values() if row.for_priority is not None]
    return ratio(
        [row.pk for row in known if row.for_priority],
        [row.pk for row in known],
        "Aucune action réalisée ne dit si elle s’adresse à des publics prioritaires.",
        known=fraction(len(known), len(data.actions)),
    )
