"""The yearly report: its three axes, its two versions, what changed, the seal of a closed year."""

import copy
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.school_year import SchoolYear
from documents.models import Document
from indicators import axes, documents, figures, sealing, services
from indicators.documents import report
from indicators.enums import ReportVersion
from indicators.models import Publication, YearSeal
from schools.middleware import YEAR_KEY
from tests.conftest import Cast
from tests.factories import ActionFactory, DecisionFactory, ParticipationFactory, SchoolingFactory, TargetFactory
from tests.indicators.reports import REGISTER, output
from tests.indicators.test_documents import content, with_entry, words

YEAR = SchoolYear(2025)
DAY = date(2026, 8, 31)


def test_the_axes_are_those_of_the_circulaire_and_show_indicators_that_exist():
    codes = {entry["code"] for entry in REGISTER}
    found = axes.in_order()
    assert [axis.number for axis in found] == [1, 2, 3]
    assert [len(axis.missions) for axis in found] == [4, 4, 6]
    assert {code for axis in found for mission in axis.missions for code in mission.codes} <= codes


def test_each_mission_is_printed_and_one_without_a_figure_says_so():
    html = words(documents.html(content(output(), output("2024-2025", seed=2))))
    for axis in axes.in_order():
        for mission in axis.missions:
            assert words(mission.text) in html or mission.text.replace(" :", "\u00a0:") in html, mission.text
    assert html.count("Aucun indicateur de la fiche ne porte sur cette mission.") == 1


def changed(**values: Any) -> list[str]:
    now, before = with_entry("I4.1", **values), with_entry("I4.1", valeur=0.5, n=300, d=600)
    before["annee"] = "2024-2025"
    return [change.figure.code for change in documents.changes_of(content(now, before))]


def test_only_what_moved_enough_is_said_to_have_changed():
    assert changed(valeur=0.55, n=330, d=600) == ["I4.1"]
    assert changed(valeur=0.54, n=324, d=600) == []
    assert changed(statut="non_calculable", valeur=None, n=0, d=0, motif="x") == []


def test_two_years_are_written_in_the_same_order():
    def titles(year: str) -> list[str]:
        html = documents.html(content(output(year), output("2023-2024")))
        return [words(part.split("</h2>")[0]) for part in html.split("<h2>")[1:]]

    assert titles("2025-2026") == titles("2024-2025")


def test_a_report_of_before_there_were_versions_is_still_read():
    old = content(output()).to_json()
    for name in ("version", "sealed_date", "aims", "decisions"):
        del old[name]
    read = documents.ReportContent.from_json(json.loads(json.dumps(old)))
    assert read.version == ReportVersion.BOARD and "Version pour le conseil" in documents.html(read)


@pytest.fixture
def lived(cast: Cast):
    school = cast.school
    for rank in range(12):
        schooling = SchoolingFactory(school=school)
        if rank < 3:
            action = ActionFactory(school=school, start_date=date(2025, 11, 20))
            ParticipationFactory(school=school, action=action, student=schooling.student, present=True)
    TargetFactory(school=school, code="I4.1", value="0.8", reason="Pour Rayan Meziane")
    DecisionFactory(school=school, label="Rappeler Mme Meziane")
    return school


def test_the_board_reads_all_and_the_rectorat_no_small_count_and_no_text(lived):
    board, rectorat = (
        documents.report_of(lived, YEAR, DAY, issued_date=DAY, version=version) for version in ReportVersion
    )
    assert (board.figure("I4.1").now.n, rectorat.figure("I4.1").now.n) == (3, None)
    html = words(documents.html(board))
    assert "Pour Rayan Meziane" in html and "Rappeler Mme Meziane" in html and "80,0 %" in html.replace("\u202f", " ")
    html = words(documents.html(rectorat))
    assert "Meziane" not in html and "effectif < 5" in html and "Version pour le rectorat" in html


def test_a_closed_year_is_reported_from_its_seal_whatever_becomes_of_its_rows(lived):
    sealed = figures.compute(lived, YEAR, DAY).as_json()
    YearSeal.objects.create(
        school=lived, year=YEAR.code, as_of=DAY, definitions="1", figures=sealed,
        sha256=sealing.fingerprint(sealed), sealed_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
    )  # fmt: skip
    ActionFactory(school=lived, start_date=date(2026, 1, 20))
    said = documents.report_of(lived, YEAR, date(2027, 1, 5), issued_date=date(2027, 1, 5))
    assert (said.figure("I3.1").now.value, said.sealed_date) == (3, date(2026, 12, 1))
    assert "scellés le 01/12/2026" in words(documents.html(said))
    early = documents.report_of(lived, YEAR, date(2026, 3, 1), issued_date=DAY)  # a day of the year: computed
    assert (early.figure("I3.1").now.value, early.sealed_date) == (4, None)
    after = documents.report_of(lived, YEAR.next, date(2027, 8, 31), issued_date=DAY)
    assert after.figure("I3.1").before.value == 3  # last year's column reads the seal too


def test_a_seal_that_was_touched_is_not_reported(lived):
    sealed = figures.compute(lived, YEAR, DAY).as_json()
    touched = copy.deepcopy(sealed)
    touched["indicateurs"][0]["valeur"] = 99
    YearSeal.objects.create(
        school=lived, year=YEAR.code, as_of=DAY, definitions="1", figures=touched,
        sha256=sealing.fingerprint(sealed), sealed_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
    )  # fmt: skip
    with pytest.raises(jobs.Failure, match="scellés"):
        documents.report_of(lived, YEAR, date(2027, 1, 5), issued_date=date(2027, 1, 5))


@pytest.mark.django_db(transaction=True)
def test_each_version_is_kept_and_made_again_as_a_new_edition(client, cast, monkeypatch):
    monkeypatch.setattr(report, "render", lambda content: b"%PDF-1.7")  # drawn for real in test_views.py
    client.force_login(cast.bde.user)
    session = client.session
    session[YEAR_KEY] = YEAR.code
    session.save()
    ask = reverse("indicators:report_ask", args=[cast.school.uai])
    assert client.post(ask, {"version": "presse"}).status_code == 422
    for version in ("conseil", "rectorat", "rectorat"):
        assert client.post(ask, {"version": version}).status_code == 302
        jobs.run_waiting()
    papers = Document.objects.in_school(cast.school).order_by("issued_at")
    assert [(paper.content["version"], paper.edition) for paper in papers] == [
        ("conseil", 1),
        ("rectorat", 1),
        ("rectorat", 2),
    ]
    assert papers[0].number != papers[1].number == papers[2].number
    told = Publication.objects.in_school(cast.school).get()
    assert (told.year, told.is_on_paper) == (YEAR.code, True)
    for _ in range(2):  # what follows is compared with it: other figures do not make it forgotten
        ActionFactory(school=cast.school, start_date=YEAR.start)
        services.refresh(cast.school, YEAR, timezone.localdate())
    assert list(Publication.objects.in_school(cast.school).order_by("pk").values_list("is_on_paper", flat=True)) == [
        True,
        False,
    ]
    client.post(ask, {"version": "rectorat"})
    jobs.run_waiting()
    assert set(Publication.objects.in_school(cast.school).values_list("is_on_paper", flat=True)) == {True}
    page = client.get(reverse("indicators:report", args=[cast.school.uai])).content.decode()
    assert page.count("Rapport annuel 2025-2026") >= 2 and "Rectorat" in page
    client.force_login(cast.reader.user)
    assert "RAPPORT-" not in client.get(reverse("indicators:report", args=[cast.school.uai])).content.decode()
