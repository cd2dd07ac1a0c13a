"""Readings of the definitions: dates, period and scope (A-01 to A-14)."""

from datetime import date

import pytest

from core.school_year import SchoolYear
from indicators import figures, rules
from tests.indicators.story import AFTER, BEFORE, END, OTHER, START, YEAR, Story

pytestmark = pytest.mark.django_db


def test_a01_the_year_runs_from_september_to_august_in_every_academy() -> None:
    story = Story().action("a", "2025-08-31").action("b", START).action("c", END).action("d", "2026-09-01")
    assert story.value("I3.1") == 2


def test_a02_after_the_year_the_figures_are_those_of_its_end() -> None:
    story = Story().action("a", END)
    assert story.value("I3.1", on="2026-08-30") == 0
    assert story.value("I3.1", on=END) == story.value("I3.1", on="2027-03-01") == 1
    assert story.raw(on="2027-03-01")["arrete"] == END


def test_a02_before_the_year_the_computation_is_refused() -> None:
    with pytest.raises(rules.TooEarly, match="commence le 01/09/2025"):
        figures.compute(Story().school(), SchoolYear(2025), date(2025, 8, 31))


@pytest.mark.parametrize(
    ("on", "provisional"), [(START, True), ("2026-08-30", True), (END, False), ("2027-01-01", False)]
)
def test_a03_provisional_until_the_end_of_the_year(on: str, provisional: bool) -> None:
    assert Story().raw(on=on)["provisoire"] is provisional


def test_a04_fields_without_a_date_are_read_as_they_are_now() -> None:
    story = Story().pupils("e1").action("a", "2025-10-06", came="e1").add("partenaires", "p1")
    story.add(
        "invitations",
        action_id="a",
        partenaire_id="p1",
        envoyee_le="2025-09-20",
        reponse="acceptee",
        repondue_le="2026-05-01",
    )
    assert story.parts("I7.1", on="2025-10-10") == (1, 1)


def test_a05_a_schooling_counts_for_its_year_only_and_inside_it() -> None:
    story = (
        Story()
        .pupils("e1", annee=BEFORE, entry="2024-09-01")
        .pupils("e2", exit_="2027-01-01")
        .pupils("e3", entry="2025-08-20")
    )
    story.klass("Y", annee=BEFORE)
    story.action("a", "2025-09-01", came="e1 e2 e3")
    assert story.parts("I4.1") == (2, 2)
    assert Story().pupils("e9", entry="2025-07-01", exit_="2025-08-31").parts("I4.1") == (0, 0)


def test_a06_apprentices_and_bts_count_and_levels_tell_them_apart() -> None:
    story = Story().klass("B", niveau="bts1").pupils("e1", in_class="B").pupils("e2")
    assert story.parts("I4.1") == (0, 2)
    assert story.parts("I4.1", "niveau", "bts1") == (0, 1)


def test_a07_two_classes_entered_the_same_day_the_smallest_code() -> None:
    story = Story().pupils("e1", in_class="Z").pupils("e1", in_class="B").action("a", "2025-10-06", came="e1")
    assert story.parts("I4.1", "classe", "B") == (1, 1)
    assert story.parts("I4.1", "classe", "Z") == (0, 1)


def test_c07_the_class_entered_last_wins() -> None:
    story = Story().pupils("e1", in_class="B").pupils("e1", in_class="Z", entry="2025-09-15")
    story.action("a", "2025-10-06", came="e1")
    assert story.parts("I4.1", "classe", "Z") == (1, 1)


def test_a08_expected_in_the_class_that_wins_on_the_reference_day() -> None:
    story = Story().pupils("e1", in_class="B").pupils("e1", in_class="Z", entry="2025-09-15")
    story.add("periodes_pfmp", "q1", classe_code="B").add("periodes_pfmp", "q2", classe_code="Z")
    assert story.keys("I5.1", "periode") == ["q2"]


def test_a09_an_action_begun_counts_whole() -> None:
    story = Story().action("a", "2026-08-30", end="2026-09-03", duree_heures="30")
    assert (story.value("I3.4", on="2026-08-30"), story.value("I3.3.total", on="2026-08-30")) == (5, 30)


def test_a10_days_of_an_action_stop_at_the_date_of_the_figures() -> None:
    story = Story().pupils("e1", entry="2026-03-05").action("a", "2026-03-02", end="2026-03-06", came="e1")
    assert story.parts("I4.1", on="2026-03-04") == (0, 0)
    assert story.parts("I4.1", on="2026-03-05") == (1, 1)
    late = Story().pupils("e1", annee=AFTER, entry="2026-09-01").action("a", "2026-08-30", end="2026-09-03", came="e1")
    assert late.parts("I4.2", on="2026-12-01") == (0, 0)


def test_a11_the_class_of_the_first_day_enrolled() -> None:
    story = (
        Story()
        .pupils("e1", in_class="X", entry="2026-03-03", exit_="2026-03-03")
        .pupils("e1", in_class="Y", entry="2026-03-04")
    )
    story.action("a", "2026-03-02", end="2026-03-06", came="e1")
    assert story.parts("I4.1", "classe", "X") == (1, 1)
    assert story.parts("I4.1", "classe", "Y") == (0, 1)


@pytest.mark.parametrize(
    ("first", "second", "known"), [("true", "", 1), ("", "false", 0), ("false", "false", 1), ("false", "true", 1)]
)
def test_a12_priority_over_the_lines_of_the_period(first: str, second: str, known: int) -> None:
    story = (
        Story()
        .pupils("e1", exit_="2025-12-31", prioritaire=first)
        .pupils("e1", in_class="Y", entry="2026-01-01", prioritaire=second)
    )
    assert story.cell("I4.6")["renseignement"] == known


def test_a12_a_line_still_to_come_does_not_count() -> None:
    story = (
        Story()
        .pupils("e1", exit_="2025-12-31", prioritaire="false")
        .pupils("e1", in_class="Y", entry="2026-01-01", prioritaire="")
    )
    assert story.cell("I4.6", on="2025-12-31")["renseignement"] == 1
    assert story.cell("I4.6", on="2026-01-01")["renseignement"] == 0


def test_a13_rows_of_another_school_do_not_count() -> None:
    story = Story().add("partenaires", "p1", uai=OTHER).action("a", "2025-10-06", by="p1", uai=OTHER, duree_heures="2")
    story.add("echanges", "x", partenaire_id="p1", date="2025-10-07").add(
        "conventions", "v", uai=OTHER, partenaire_id="p1", date_signature=START
    )
    found = story.all()
    assert [found[code, None, None]["valeur"] for code in ("I1.1", "I3.1", "I3.8", "E14")] == [0, 0, 0, 0]


def test_a14_a_placement_belongs_to_the_year_of_its_period() -> None:
    story = Story().pupils("e1").add("partenaires", "p1").add("periodes_pfmp", "q1", classe_code="X")
    story.placed("l1", "e1", date_debut="2025-06-01", date_fin="2025-06-20", origine="bde")
    assert story.parts("E28") == (1, 1)
    assert story.parts("I2.4") == (0, 0)  # as a trace, its dates decide: none in the year


def test_years_are_told_apart() -> None:
    story = Story().action("a", "2025-10-06").action("b", "2026-10-06")
    assert [story.value("I3.1", year=year, on="2026-12-31") for year in (BEFORE, YEAR, AFTER)] == [0, 1, 1]
