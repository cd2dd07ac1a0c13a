"""Closed years are sealed once, whatever becomes of their rows (P-04)."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core import jobs
from core.school_year import SchoolYear
from exchange import integrity
from indicators import published, rules, sealing, tasks
from indicators.models import Snapshot, YearSeal
from schools.middleware import YEAR_KEY
from tests.factories import ActionFactory, ClassFactory

YEAR = SchoolYear(2024)
NIGHT = date(2025, 12, 1)


@pytest.fixture
def lived(cast):
    """A school with a class and two actions in the year."""
    ClassFactory(school=cast.school, year=YEAR.code)
    ActionFactory(school=cast.school, start_date=date(2024, 11, 20))
    ActionFactory(school=cast.school, start_date=date(2025, 5, 12))
    return cast.school


def ran(*args: str) -> tuple[dict, int]:
    out = StringIO()
    try:
        call_command(*args, stdout=out)
    except SystemExit as stop:
        return json.loads(out.getvalue()), int(stop.code or 0)
    return json.loads(out.getvalue()), 0


def test_a_year_is_sealed_once_closed_and_never_again(lived):
    with pytest.raises(sealing.NotClosed):
        sealing.seal(lived, YEAR, date(2025, 11, 30))
    first = sealing.seal(lived, YEAR, NIGHT)
    entry = next(one for one in first.figures["indicateurs"] if one["code"] == "I3.1")
    assert (entry["valeur"], first.as_of, first.definitions) == (2, date(2025, 8, 31), first.figures["definitions"])
    ActionFactory(school=lived, start_date=date(2025, 1, 10))
    again = sealing.seal(lived, YEAR, date(2026, 3, 1))
    assert (again.pk, again.sha256) == (first.pk, first.sha256)
    first.refresh_from_db()
    assert sealing.is_intact(first, lived.uai)


def test_pages_of_a_sealed_year_read_the_seal(lived, as_bde):
    sealing.seal(lived, YEAR, NIGHT)
    ActionFactory(school=lived, start_date=date(2025, 1, 10))
    session = as_bde.session
    session[YEAR_KEY] = YEAR.code
    session.save()
    page = as_bde.get(reverse("indicators:figure", args=[lived.uai, "I3.1"])).content.decode()
    assert "<strong>2</strong>" in page and "Année scellée le" in page
    assert "Les données d’aujourd’hui donneraient 3" in page
    assert "scellés le" in as_bde.get(reverse("indicators:overview", args=[lived.uai])).content.decode()
    refused = as_bde.post(reverse("indicators:refresh", args=[lived.uai]), follow=True).content.decode()
    assert "Cette année est scellée" in refused
    assert not Snapshot.objects.in_school(lived).exists()
    told = published.figures_of(lived, YEAR, is_leaving=False)
    assert told and next(one for one in told["indicateurs"] if one["code"] == "I3.1")["valeur"] == 2


@pytest.mark.django_db(transaction=True)
def test_the_night_seals_what_is_closed(lived):
    tasks.refresh_every_school(date="2025-11-30")
    jobs.run_waiting()
    assert not YearSeal.objects.in_school(lived).exists()
    for night in ("2025-12-01", "2025-12-02"):
        tasks.refresh_every_school(date=night)
        jobs.run_waiting()
    assert YearSeal.objects.in_school(lived).get().year == YEAR.code
    assert sealing.to_seal(date(2025, 12, 3)) == {}


@pytest.mark.django_db
def test_the_command_seals_and_integrity_finds_what_a_hand_changes(lived):
    refused, code = ran("seal_year", lived.uai, YEAR.code, "--date", "2025-10-01")
    assert (refused["ok"], code) == (False, 1)
    told, code = ran("seal_year", lived.uai, YEAR.code, "--date", "2025-12-01")
    assert (told["ok"], told["annee"], len(told["sha256"]), code) == (True, YEAR.code, 64, 0)
    assert list(integrity.year_seals()) == []
    seal = YearSeal.objects.in_school(lived).get()
    seal.figures["indicateurs"][0]["valeur"] = 99
    seal.save()
    (breach,) = integrity.year_seals()
    assert (breach.rule, breach.rows) == ("annee-scellee", [seal.pk])
    other = YearSeal.objects.in_school(lived).get()
    other.sha256 = sealing.fingerprint(other.figures)
    other.year = "2023-2024"
    other.save()
    assert [found.rows for found in integrity.year_seals()] == [[seal.pk]], "another year's figures"


@given(st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=5) | st.none()))  # fmt: skip
def test_a_fingerprint_does_not_depend_on_how_json_was_written(content):
    shuffled = dict(reversed(list(content.items())))
    assert sealing.fingerprint(json.loads(json.dumps(shuffled, indent=2))) == sealing.fingerprint(content)


@given(st.integers(2001, 2090))
def test_a_year_is_sealed_when_no_night_refreshes_it_any_more(first):
    year = SchoolYear(first)
    opens = rules.sealed_from(year)
    assert year not in rules.years_to_refresh(opens)
    assert year in rules.years_to_refresh(date.fromordinal(opens.toordinal() - 1))
