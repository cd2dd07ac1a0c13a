"""The follow-up booklet: blank before, filled after, six pages at most, readable by machines."""

import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from core import jobs, pdf
from core.models import Job
from partners.models import Partner
from pfmp import booklet, evaluating
from pfmp.models import Absence, Placement
from pfmp.rules import parse_timetable
from tests.factories import AnnexFactory, SkillFactory, VisitFactory
from tests.pfmp.conftest import Scene, printed
from tests.pfmp.rules_cast import WEEK_35H

NOW = datetime(2026, 2, 10, 9, tzinfo=ZoneInfo("Europe/Paris"))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 120))
def test_each_weekday_of_the_stay_has_one_line(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    placement = Placement(start_date=start, end_date=end, partner=Partner(postal_code="02000"))
    weeks = booklet.weeks_of(placement, parse_timetable(WEEK_35H), [])  # type: ignore[arg-type]
    days = [one.day for week in weeks for one in week]
    last = min(end, start + timedelta(days=booklet.MOST_DAYS))
    wanted = [start + timedelta(days=n) for n in range((last - start).days + 1)]
    assert days == [day for day in wanted if day.weekday() < 5]
    assert all(len({one.day.isocalendar()[:2] for one in week}) == 1 for week in weeks)


@pytest.mark.django_db
def test_blank_before_then_filled_and_within_six_pages(scene: Scene, client: Client) -> None:
    annex = AnnexFactory(school=scene.school, formation=scene.school_class.diploma)
    for number in range(30):
        SkillFactory(school=scene.school, annex=annex, code=f"C{number}", label="Préparer et contrôler " * 4)
    stay = scene.placement(
        start_date=date(2026, 2, 2), end_date=date(2026, 3, 27), status="en_cours",
        tasks="\n".join(f"Activité {n} : câbler, poser, contrôler" for n in range(15)),
    )  # fmt: skip
    client.force_login(scene.teacher.user)
    url = reverse("pfmp:placement_booklet", args=[scene.school.uai, stay.public_id])
    blank = client.get(url)
    assert blank["Content-Type"] == "application/pdf" and pdf.page_count(blank.content) <= 6
    assert len(blank.content) < 200_000
    before = printed(blank.content)
    assert "Meziane" in before and "Calendrier de présence" in before and "■" not in before
    Absence.objects.create(school=scene.school, placement=stay, date=date(2026, 2, 4))
    VisitFactory(school=scene.school, placement=stay, date=date(2026, 2, 6), report="Bon départ.")
    evaluating.write(
        stay, marks={"C0": 4}, attitudes={"soin": 2}, comment="Sérieux.", author="Jean Dupont", hand_in=True, now=NOW
    )
    Placement.objects.in_school(scene.school).filter(pk=stay.pk).update(days_done=17)
    file = client.get(url).content
    after = printed(file)
    assert pdf.page_count(file) <= 6
    for words in ("Absence", "Bon départ.", "Sérieux.", "Jean Dupont", "17"):
        assert words in after
    reader = PdfReader(io.BytesIO(file))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] and reader.trailer["/Root"]["/Lang"].startswith("fr")


@pytest.mark.django_db
def test_a_class_comes_in_a_job(scene: Scene, client: Client) -> None:
    scene.placement()
    client.force_login(scene.teacher.user)
    url = reverse("pfmp:class_booklets", args=[scene.school.uai, scene.period.public_id])
    assert "1\u00a0livret" in client.get(url).content.decode()
    answer = client.post(url, follow=True)
    assert answer.redirect_chain
    jobs.run_waiting()
    job = Job.objects.get(kind="pfmp.render_booklets")
    assert job.state == "done", job.error
    assert "1 livret" in client.get(answer.redirect_chain[-1][0]).content.decode().replace("\u00a0", " ")
    assert client.post(url).status_code == 302
