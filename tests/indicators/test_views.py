"""The indicators in the browser: read, follow, open, download."""

from datetime import date

import pytest
from django.urls import reverse

from core import jobs
from core.models import Job
from core.school_year import SchoolYear
from documents.models import Document
from indicators import services
from indicators.models import IndicatorShare
from schools.middleware import YEAR_KEY
from tests.conftest import Cast
from tests.factories import ActionFactory, AgreementFactory, ParticipationFactory, SchoolingFactory

YEAR = SchoolYear(2025)


def url(cast: Cast, name: str, *args: object) -> str:
    return reverse(f"indicators:{name}", args=[cast.school.uai, *args])


def test_before_the_first_computation_the_page_says_how_to_start(of_2025, cast):
    page = of_2025.get(url(cast, "overview")).content.decode()
    assert "Aucun chiffre pour cette année" in page and "Recalculer" in page


def test_recomputing_is_one_job_however_often_it_is_asked(of_2025, cast):
    for _ in range(2):
        assert of_2025.post(url(cast, "refresh")).status_code == 302
    assert Job.objects.filter(kind="indicators.tasks.refresh_year").count() <= 1
    assert "Calcul des indicateurs" in of_2025.get(url(cast, "overview")).content.decode()


def test_the_page_shows_values_fractions_last_year_and_what_is_missing(of_2025, cast):
    for first in (2024, 2025):
        schooling = SchoolingFactory(
            school=cast.school,
            school_class__year=f"{first}-{first + 1}",
            entry_date=date(first, 9, 1),
        )
        action = ActionFactory(school=cast.school, start_date=date(first, 11, 20))
        ParticipationFactory(school=cast.school, action=action, student=schooling.student, present=True)
    SchoolingFactory(school=cast.school)
    services.refresh(cast.school, YEAR, date(2026, 8, 31))
    page = of_2025.get(url(cast, "overview")).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert "Taux d’élèves qui bénéficient des actions" in page
    assert "50,0 %" in page and "1 / 2" in page  # this year
    assert "100,0 %" in page and "− 50,0 pts" in page  # last year, and the gap
    assert "Non calculable" in page
    assert "31 août 2026" in page


def test_a_number_opens_the_rows_behind_it(of_2025, cast):
    AgreementFactory(school=cast.school, title="Avec les artisans")
    page = of_2025.get(url(cast, "rows", "I1.1")).content.decode()
    assert "Avec les artisans" in page
    assert of_2025.get(url(cast, "rows", "I99")).status_code == 404


def test_the_reader_sees_totals_without_lists(client, cast):
    SchoolingFactory(school=cast.school)
    services.refresh(cast.school, YEAR, date(2026, 8, 31))
    client.force_login(cast.reader.user)
    session = client.session
    session[YEAR_KEY] = YEAR.code
    session.save()
    page = client.get(url(cast, "overview")).content.decode()
    assert "effectif &lt; 5" in page or "effectif < 5" in page
    assert url(cast, "rows", "I4.1") not in page
    assert client.get(url(cast, "rows", "I4.1")).status_code == 403


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_figures_download_as_a_spreadsheet(of_2025, cast, kind):
    services.refresh(cast.school, YEAR, date(2026, 8, 31))
    answer = of_2025.get(url(cast, "overview") + f"?format={kind}")
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    if kind == "csv":
        assert "I1.1;" in answer.content.decode("utf-8-sig")


@pytest.mark.django_db(transaction=True)
def test_the_head_asks_for_the_report_and_downloads_it(client, cast):
    SchoolingFactory(school=cast.school)
    client.force_login(cast.head.user)
    assert client.post(url(cast, "report_ask")).status_code == 302
    client.post(url(cast, "report_ask"))
    job = Job.objects.get(kind=services.REPORT_KIND)
    jobs.run_waiting()
    page = client.get(url(cast, "report")).content.decode()
    file_url = reverse("core:job_file", args=[job.public_id])
    assert file_url in page
    answer = client.get(file_url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]
    paper = Document.objects.in_school(cast.school).get()
    assert (paper.type, paper.edition, len(paper.sha256)) == ("rapport_annuel", 1, 64)
    client.force_login(cast.stranger.user)
    assert client.get(file_url).status_code == 404
    client.force_login(cast.office.user)
    assert client.get(file_url).status_code == 404


def test_what_contradicts_itself_is_listed_with_its_rows(of_2025, cast):
    action = ActionFactory(school=cast.school, status="prevue", start_date=date(2025, 10, 2), title="Forum oublié")
    page = of_2025.get(url(cast, "gaps")).content.decode()
    assert action.get_absolute_url() in page and "Forum oublié" in page


def test_indicators_are_shared_and_the_share_ends(of_2025, cast):
    answer = of_2025.post(
        url(cast, "share_new"), {"indicators": ["I1.1", "I3.1"], "shared_date": "2025-11-02", "partner": ""}
    )
    assert answer.status_code == 302
    share = IndicatorShare.objects.in_school(cast.school).get()
    assert (share.indicators, share.partner) == ("I1.1|I3.1", None)
    refused = of_2025.post(url(cast, "share_new"), {"indicators": ["I99"], "shared_date": "2025-11-02"})
    assert refused.status_code == 422
