"""What surrounds the values: the rows behind them, what is missing, how few queries it takes."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.school_year import SchoolYear
from indicators import definitions, figures, rules
from schools.models import School
from tests.factories import SchoolFactory
from tests.indicators import dossiers
from tests.indicators.random_dossiers import UAIS, YEARS, Draw
from tests.indicators.story import Story

YEAR, END = SchoolYear(2025), date(2026, 8, 31)

# Values that are no headcount of their rows: days, hours, euros, positions, grades, months, medians, dates, gaps.
SUMS = {
    "I3.3.total", "I3.3.moyenne", "I3.3.mediane", "I3.4", "I3.5", "I3.5.mois_actifs", "I4.4.ecart", "I4.7", "I5.5",
    "I5.6.postes", "I5.8", "I5.9", "I5.9.promis", "I5.10", "I5.10.ecart", "I5.12.numeraire", "I5.12.nature", "I6.1", "I6.4",
    "I8.2", "I8.3", "E23", "E27",
}  # fmt: skip
MEDIANS = {"I4.3", "E12"}  # in their main value only


def anomalies(school: School, today: date = END) -> dict[str, Any]:
    return {(found.code, found.model): found for found in figures.anomalies(school, YEAR, today)}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [7, 11, 13])
def test_the_rows_behind_a_value_are_as_many_as_it_says(seed: int) -> None:
    school = dossiers.load(Draw(seed).everything())[UAIS[0]]
    for indicator, figure in figures.compute(school, SchoolYear.parse(YEARS[1]), END).figures:
        table = apps.get_model(indicator.rows)._default_manager.in_school(school)
        known = set(table.values_list("pk", flat=True))
        cells = [(None, figure.main), *((axis, cell) for axis, by in figure.axes.items() for cell in by.values())]
        for axis, cell in cells:
            assert {*cell.numerator, *cell.denominator} <= known, indicator.code
            if indicator.code in SUMS or (indicator.code in MEDIANS and axis is None) or cell.value is None:
                continue
            assert len(cell.numerator) == cell.n, indicator.code
            if cell.d is not None:
                assert len(cell.denominator) == cell.d, indicator.code
                assert set(cell.numerator) <= set(cell.denominator), indicator.code


@pytest.mark.django_db
def test_the_list_behind_a_value_or_a_key() -> None:
    story = Story().pupils("e1", "e2").pupils("e3", in_class="Y").action("a", "2025-10-06", came="e1 e3")
    school = story.school()
    behind = figures.rows_behind(school, YEAR, END, "I4.1")
    assert (behind.model, len(behind.numerator), len(behind.denominator)) == ("schools.Student", 2, 3)
    in_class = figures.rows_behind(school, YEAR, END, "I4.1", "classe", "X")
    assert (len(in_class.numerator), len(in_class.denominator)) == (1, 2)
    for code, axis, key in (("I9.9", None, None), ("I4.1", "sexe", "F"), ("I4.1", "classe", "Z")):
        with pytest.raises(KeyError):
            figures.rows_behind(school, YEAR, END, code, axis, key)


@pytest.mark.django_db
def test_one_indicator_reads_only_its_tables() -> None:
    school = Story().add("reseaux", "r1").school()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        figures.rows_behind(school, YEAR, END, "I2.1")
    assert len(seen) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [3, 5])
def test_one_query_or_two_a_table_however_many_the_rows(seed: int) -> None:
    school = dossiers.load(Draw(seed).everything())[UAIS[0]]
    with CaptureQueriesContext(connection) as seen:
        figures.compute(school, YEAR, END)
    assert len(seen) <= 27


@pytest.mark.django_db
def test_an_empty_school_has_nothing_to_repair() -> None:
    assert anomalies(SchoolFactory()) == {}
    with pytest.raises(rules.TooEarly):
        anomalies(SchoolFactory(), date(2025, 8, 31))


@pytest.mark.django_db
def test_what_is_missing_is_said_with_its_rows() -> None:
    story = (
        Story()
        .pupils("e1", "e2")
        .pupils("e1", in_class="Y", entry="2025-10-01")
        .add("partenaires", "p1", statut="dormant")
        .add("partenaires", "p2")
    )
    story.action("a", "2025-10-06", unnoted="e1 e2", by="p1").action("b", "2025-11-03", statut="prevue")
    story.action("c", "2026-08-31", statut="prevue")
    story.add("invitations", action_id="a", partenaire_id="p1", envoyee_le="2025-09-20", present="true")
    story.add("invitations", action_id="a", partenaire_id="p2", envoyee_le="2025-09-20", reponse="acceptee")
    story.add("reseaux", "r1", date_formalisation="2025-01-10").add(
        "reseaux", "r2", date_formalisation="2025-01-10", acte="charte"
    )
    found = anomalies(story.school())
    assert {place: anomaly.count for place, anomaly in found.items()} == {
        ("I2.1", "conventions.Network"): 1,
        ("I2.4", "partners.Partner"): 1,
        ("E14", "partners.Partner"): 1,
        ("I7.6", "partners.Partner"): 1,
        ("I3.1", "events.Action"): 1,
        ("I3.3.total", "events.Action"): 1,
        ("I4.1", "schools.Schooling"): 2,
        ("I4.2", "events.Participation"): 2,
        ("I4.5", "schools.Student"): 2,
        ("I4.6", "schools.Student"): 2,
        ("I4.8", "events.Action"): 1,
        ("I7.1", "events.Invitation"): 1,
        ("I7.3", "events.Invitation"): 1,
    }
    assert (
        found["I3.1", "events.Action"].sentence == "1 action prévue est passée : dites si elle est réalisée ou annulée."
    )
    assert found["I4.2", "events.Participation"].sentence == "2 présences à des actions réalisées ne sont pas saisies."


@pytest.mark.django_db
def test_placements_to_finish_and_to_complete() -> None:
    story = (
        Story()
        .pupils("e1", "e2", "e3")
        .add("partenaires", "p1", naf="43.21A")
        .add("periodes_pfmp", "q1", classe_code="X")
    )
    story.add("dispenses", periode_id="q1", eleve_id="e3")
    story.placed("l1", "e1", statut="en_cours").placed("l2", "e2", statut="interrompu").placed(
        "l3", "e3", statut="termine", jours_effectues="20"
    )
    found = anomalies(story.school())
    rows = {code: anomaly.count for (code, model), anomaly in found.items() if model == "pfmp.Placement"}
    assert rows == {"I5.1": 1, "I5.4": 1, "E21.sur_place": 1, "E22": 1, "E24": 3, "E26": 3, "E28": 3}


@pytest.mark.django_db
def test_leavers_of_whom_nothing_is_known_once_the_term_has_come() -> None:
    story = (
        Story()
        .klass("T", annee="2024-2025", niveau="tle_pro")
        .pupils("e1", "e2", in_class="T", annee="2024-2025", entry="2024-09-01")
    )
    story.add("insertion", eleve_id="e1").add("insertion", eleve_id="e1", echeance_mois="12", situation="sans_reponse")
    counts = [
        anomalies(story.school(), day).get(("E1", "schools.Student"))
        for day in (date(2026, 2, 27), date(2026, 2, 28), END)
    ]
    assert [found.count if found else 0 for found in counts] == [0, 1, 2]


def test_every_definition_is_a_sentence_of_its_own() -> None:
    texts = [indicator.definition for indicator in definitions.in_order()]
    assert len(set(texts)) == len(texts)
    assert all(text[0].isupper() and text.endswith(".") for text in texts)
