"""Readings of the definitions: headings 3 and 4, actions and pupils (A-70 to A-77)."""

from datetime import date

import pytest

from core.school_year import SchoolYear
from indicators import figures
from tests.indicators.story import NOT_COMPUTABLE, START, Story

pytestmark = pytest.mark.django_db


def test_a70_frequency_needs_a_month() -> None:
    story = Story().action("a", START)
    assert story.status("I3.5", on="2025-09-30") == story.status("I3.5.mois_actifs", on="2025-09-30") == NOT_COMPUTABLE
    assert story.value("I3.5", on="2025-10-01") == pytest.approx(30.4375 / 31)
    assert story.value("I3.5") == pytest.approx(1 / 12)
    assert story.value("I3.5", on="2026-08-30") == pytest.approx(30.4375 / 364)


def test_a71_calendar_months_touched() -> None:
    story = Story().action("a", START).action("b", "2025-10-01")
    assert story.parts("I3.5.mois_actifs", on="2025-10-01") == (2, 2)
    assert story.parts("I3.5.mois_actifs") == (2, 12)


def test_a72_zero_hours_are_said() -> None:
    assert Story().action("a", START, duree_heures="0").value("I3.3.total") == 0
    assert Story().action("a", START).status("I3.3.total") == Story().status("I3.3.moyenne") == NOT_COMPUTABLE


def test_i37_planned_actions_are_out_of_completion() -> None:
    story = Story().action("a", START).action("b", START, statut="annulee").action("c", START, statut="prevue")
    assert story.parts("I3.7") == (1, 2)


def test_a73_partners_of_any_status_engaged_in_an_action() -> None:
    story = Story().add("partenaires", "p1", statut="archive").action("a", START, by="p1").action("b", START)
    assert (story.value("I3.8"), story.keys("I3.8", "type_partenaire")) == (1, ["entreprise"])


def test_a74_a_participation_outside_schooling_is_out_of_everything() -> None:
    story = (
        Story()
        .pupils("e1", exit_="2025-11-30")
        .action("a", "2025-12-05", came="e1")
        .action("b", "2025-10-12", unnoted="e1")
    )
    assert story.parts("I4.1") == (0, 1)
    assert (story.parts("I4.2"), story.cell("I4.2")["renseignement"]) == ((0, 0), 0)
    (found,) = [
        a
        for a in figures.anomalies(story.school(), SchoolYear(2025), date(2026, 8, 31))
        if a.model == "events.Participation" and a.is_error
    ]
    assert found.count == 1


def test_a75_each_class_attended_has_the_pupil_one_has_the_presence() -> None:
    story = (
        Story()
        .pupils("e1", exit_="2026-01-15")
        .pupils("e1", in_class="Y", entry="2026-01-16")
        .klass("Z", niveau="tle_pro")
        .pupils("e1", in_class="Z", entry="2026-06-01")
    )
    story.action("a", "2026-01-15", came="e1")
    assert story.keys("I4.1", "classe", on="2026-01-20") == ["X", "Y"]
    assert [story.parts("I4.1", "classe", code) for code in "XYZ"] == [(1, 1), (0, 1), (0, 1)]
    assert (story.parts("I4.1", "niveau", "1re_pro"), story.parts("I4.1", "niveau", "tle_pro")) == ((1, 1), (0, 1))


def test_a76_the_main_value_by_sex_is_the_rate_of_all() -> None:
    story = Story().pupils("e1", sexe="F").pupils("e2", sexe="M").pupils("e3").action("a", START, came="e1 e3")
    assert story.parts("I4.5") == story.parts("I4.1") == (2, 3)
    assert [story.parts("I4.5", "sexe", key) for key in ("F", "M", "inconnu")] == [(1, 1), (0, 1), (1, 1)]


def test_a77_gaps_need_both_rates() -> None:
    story = (
        Story()
        .pupils("e1", sexe="F", prioritaire="true")
        .pupils("e2", sexe="M", prioritaire="false")
        .action("a", START, came="e1")
    )
    assert (story.value("I4.4.ecart"), story.value("I4.7")) == (0.5, 1)
    lone = Story().pupils("e1", prioritaire="true").action("a", START, came="e1")
    assert (lone.status("I4.4.ecart"), lone.status("I4.7")) == (NOT_COMPUTABLE, NOT_COMPUTABLE)
