"""AvenirPro and how the PFMP are followed (§ 9.3)."""

from decimal import Decimal

from indicators import rules
from indicators.definitions.register import (
    Cell,
    Figure,
    divided,
    fraction,
    grouped,
    indicator,
    rated,
    ratio,
    summed,
    without,
)
from indicators.definitions.year_data import PlacementRow, YearData
from indicators.enums import UNKNOWN_SECTOR
from pfmp.enums import SOLUTION, PlacementOrigin, PlacementStatus, VisitMode
from schools.enums import Niveau

WORKSHOPS = 4
NO_FINISHED = "Aucun placement n’est terminé à la date d’arrêté."
NO_STARTED = "Aucun placement n’a commencé à la date d’arrêté."
NO_CERTIFICATE = "Aucun placement terminé ou interrompu à la date d’arrêté."


@indicator(
    "E20",
    rows="schools.Student",
    definition="Élèves de dernière année de CAP ou de baccalauréat professionnel présents à au moins quatre ateliers AvenirPro réalisés dans "
    "l’année, sur les élèves inscrits dans ces classes.",
)
def avenirpro(data: YearData) -> Figure:
    """E20, A-122, A-141."""
    final = {stay.student for stay in data.stays_so_far if stay.niveau in (Niveau.CAP2, Niveau.TERMINALE_PRO)}
    attended = data.presence.workshops_by_student
    complete = [student for student in final if attended[student] >= WORKSHOPS]
    return ratio(complete, final, "Aucun élève inscrit en dernière année de CAP ou de baccalauréat professionnel.")


def _visited(data: YearData, *modes: VisitMode) -> Figure:
    seen = {visit.placement for visit in data.visits if visit.mode in modes}
    rows = [row.pk for row in data.finished]
    return ratio([pk for pk in rows if pk in seen], rows, NO_FINISHED)


@indicator(
    "E21.sur_place",
    rows="pfmp.Placement",
    definition="Placements terminés qui ont eu au moins une visite sur place, sur les placements terminés.",
)
def visited(data: YearData) -> Figure:
    """E21, A-140, A-142, A-149."""
    return _visited(data, VisitMode.ON_SITE)


@indicator(
    "E21.contact",
    rows="pfmp.Placement",
    definition="Placements terminés qui ont eu au moins un suivi (visite sur place, téléphone ou visio), sur les placements terminés.",
)
def followed(data: YearData) -> Figure:
    """E21, A-140, A-142, A-149."""
    return _visited(data, *VisitMode)


def _certified(data: YearData) -> tuple[list[PlacementRow], list[PlacementRow]]:
    """Placements whose days are attested, among those finished or interrupted (E22)."""
    over = [*data.finished, *data.interrupted]
    return [row for row in over if row.days_done is not None], over


@indicator(
    "E22",
    rows="pfmp.Placement",
    definition="Placements dont le nombre de jours effectués est saisi, sur les placements terminés ou interrompus.",
)
def certificates(data: YearData) -> Figure:
    """E22, A-140, A-149."""
    certified, over = _certified(data)
    return ratio([row.pk for row in certified], [row.pk for row in over], NO_CERTIFICATE)


@indicator(
    "E23",
    rows="pfmp.Placement",
    definition="Jours effectués sur jours prévus (du lundi au vendredi, du premier au dernier jour prévu), pour les placements terminés ou interrompus "
    "dont les jours effectués sont saisis.",
)
def days_done(data: YearData) -> Figure:
    """E23, A-20, A-143, A-149."""
    certified, over = _certified(data)
    done = sum((row.days_done for row in certified if row.days_done is not None), Decimal(0))
    planned = sum(rules.weekdays(row.start, row.end) for row in certified)
    rows = [row.pk for row in certified]
    return Figure(
        divided(done, planned, "Aucun placement terminé ou interrompu n’a de jours effectués saisis.", rows, rows),
        fraction(len(certified), len(over)),
    )


@indicator(
    "E24",
    rows="pfmp.Placement",
    definition="Placements dont toutes les parties ont signé la dernière convention avant le premier jour, sur les placements commencés.",
)
def signed_before(data: YearData) -> Figure:
    """E24, A-144, A-149."""
    started = data.started
    signed = data.signatures
    told = [row for row in started if row.key in signed]
    known = fraction(len(told), len(started))
    if started and not told:
        return Figure(without("Aucun placement commencé n’a de signature enregistrée."), known)
    rows = [row.pk for row in told if signed[row.key].stands_before(row.start)]
    return Figure(rated(rows, [row.pk for row in started], NO_STARTED), known)


@indicator(
    "E25",
    rows="pfmp.Placement",
    definition="Placements interrompus sur placements commencés, et part de chaque motif d’interruption. Le motif n’est jamais une donnée de santé.",
)
def interrupted(data: YearData) -> Figure:
    """E25, A-27, A-140, A-145, A-149."""
    started = [row.pk for row in data.started]
    by_reason = grouped((row.reason or UNKNOWN_SECTOR, row.pk) for row in data.interrupted)
    return Figure(
        rated([row.pk for row in data.interrupted], started, NO_STARTED),
        axes={"motif": {key: rated(pks, started, NO_STARTED) for key, pks in by_reason.items()}},
    )


@indicator(
    "E26",
    rows="pfmp.Placement",
    definition="Placements dont le tuteur est un contact joignable (courriel ou téléphone), sur les placements commencés : ces contacts restent au "
    "lycée après la PFMP.",
)
def contacts_kept(data: YearData) -> Figure:
    """E26, A-146, A-149."""
    reachable = [row.pk for row in data.started if row.tutor_email or row.tutor_phone]
    return ratio(reachable, [row.pk for row in data.started], NO_STARTED)


@indicator(
    "E27",
    rows="pfmp.Placement",
    definition="Plus grand nombre de placements suivis le même jour par un même enseignant référent depuis le début de l’année.",
)
def referent_load(data: YearData) -> Figure:
    """E27, A-147, A-149."""
    cancelled = PlacementStatus.CANCELLED.value
    followed: dict[str, list[PlacementRow]] = {}
    for row in data.placements:
        if row.referent and row.status != cancelled:
            followed.setdefault(row.referent.strip().casefold(), []).append(row)
    followed.pop("", None)
    most = 0
    busiest: list[PlacementRow] = []
    for rows in followed.values():
        spans = [(max(row.start, data.start), min(row.last_day, data.as_of)) for row in rows]
        number = rules.most_at_once([span for span in spans if span[0] <= span[1]])
        if number > most:
            most, busiest = number, rows
    return Figure(summed(most, [row.pk for row in busiest]))


@indicator(
    "E28",
    rows="pfmp.Placement",
    definition="Part des placements de l’année trouvés par le bureau des entreprises, et par l’équipe, l’élève, la famille ou un partenaire, sur les "
    "placements dont l’origine est saisie.",
)
def origins(data: YearData) -> Figure:
    """E28, A-27, A-148, A-149: placements of a status that counts, without a date limit."""
    rows = [row for row in data.placements if row.status in SOLUTION]
    told = [row.pk for row in rows if row.origin]
    by_origin = grouped((row.origin, row.pk) for row in rows if row.origin)
    empty = "L’origine d’aucun placement n’est saisie."
    cells: dict[str, Cell] = {key: rated(pks, told, empty) for key, pks in by_origin.items()}
    return Figure(
        rated(by_origin.get(PlacementOrigin.BDE, ()), told, empty),
        fraction(len(told), len(rows)),
        {"origine": cells},
    )
