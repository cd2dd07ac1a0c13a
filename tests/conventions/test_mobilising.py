"""What is mobilised is what the indicator counts; what could be is what is not declined yet."""

import html
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conventions import declining, mobilising
from conventions.enums import Purpose
from conventions.models import Agreement, Frame
from core.school_year import SchoolYear
from indicators.definitions import agreements as indicators
from indicators.definitions.year_data import YearData
from tests.conventions.catalogue_cast import copy_of
from tests.factories import ActionFactory, AgreementFactory, ClassFactory, PartnerFactory, SchoolFactory

YEAR = SchoolYear(2026)
TODAY = date(2026, 11, 25)
LEVELS = ["nationale", "region_academique", "academique", "etablissement"]
DAYS = st.sampled_from(
    [date(2025, 9, 1), date(2026, 9, 1), date(2026, 11, 25), date(2026, 11, 26), date(2027, 8, 31), None]
)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-25 10:00:00+01:00", tick=False):
        yield


def counted(school, year=YEAR, today=TODAY):
    return mobilising.in_year(declining.family_of(school), school, year, today)


def said_by_indicators(school, year=YEAR, today=TODAY):
    data = YearData(school, year, today)
    return (
        set(indicators.declined(data).main.numerator),
        set(indicators.frames(data).main.numerator),
        set(indicators.in_force(data).main.numerator),
    )


def same(school, year=YEAR, today=TODAY):
    here = counted(school, year, today)
    assert (set(here.declining), set(here.frames), set(here.running)) == said_by_indicators(school, year, today)
    return here


ROWS = st.lists(
    st.tuples(
        st.sampled_from(LEVELS),
        st.integers(0, 6),
        DAYS,
        DAYS,
        DAYS,
        DAYS,
        st.sampled_from([True, False, None]),
        st.booleans(),
    ),
    max_size=7,
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_exactly_the_sets_of_the_indicator(rows):
    """I1.6 and I1.1, whatever the dates, the parents (loops too) and the actions."""
    school = SchoolFactory()
    made = []
    for level, _, signed, start, end, over, tacit, cites in rows:
        if start and end and end < start:
            start, end = end, start
        row = AgreementFactory.build(
            school=school, level=level, partner=None, signed_date=signed, start_date=start, end_date=end,
            terminated_date=over, tacit_renewal=tacit,
        )  # fmt: skip
        row.partner = PartnerFactory(school=school) if level == "etablissement" else None
        row.save()
        made.append(row)
        if cites:
            ActionFactory(school=school, agreement=row, start_date=date(2026, 10, 2))
    for row, (_, parent, *_rest) in zip(made, rows, strict=True):
        if parent < len(made):
            Agreement.objects.filter(pk=row.pk).update(parent=made[parent])
    same(school)
    same(school, SchoolYear(2025))


def test_an_action_of_the_year_mobilises_a_frame_by_itself(cast):
    frame = AgreementFactory(school=cast.school, is_frame=True)
    ActionFactory(school=cast.school, agreement=frame, start_date=date(2026, 10, 2))
    assert same(cast.school).frames == {frame.pk}
    other = AgreementFactory(school=cast.school, is_frame=True)
    ActionFactory(school=cast.school, agreement=other, start_date=date(2025, 10, 2))
    ActionFactory(school=cast.school, agreement=other, start_date=date(2026, 10, 2), planned=True)
    ActionFactory(school=cast.school, agreement=other, start_date=date(2026, 12, 2))
    assert same(cast.school).frames == {frame.pk}


def test_before_the_year_begins_nothing_is_mobilised(cast):
    AgreementFactory(school=cast.school, parent=AgreementFactory(school=cast.school, is_frame=True))
    assert counted(cast.school, SchoolYear(2027)) == mobilising.InYear()


def page_of(client, cast):
    answer = client.get(reverse("conventions:mobilised", args=[cast.school.uai]))
    assert answer.status_code == 200
    return answer, html.unescape(answer.content.decode())


def test_the_page_puts_each_on_its_side(as_bde, cast):
    frame = Frame.objects.get(partner_name__startswith="Enedis")
    copy = copy_of(frame, cast.school, axes=" | ".join(frame.themes))
    AgreementFactory(school=cast.school, parent=copy, partner__name="Électricité Morel", title="Avec Morel")
    AgreementFactory(school=cast.school, title="Sans cadre")
    answer, page = page_of(as_bde, cast)
    groups = {group["code"]: group for group in answer.context["groups"]}
    green = groups[Purpose.GREEN.value]
    assert [one.frame for one in groups[Purpose.MENTORING.value]["mobilised"]] == [copy]
    assert [row["frame"].partner_name for row in groups[Purpose.MENTORING.value]["could"]] == ["C’Possible"]
    assert frame not in [row["frame"] for group in groups.values() for row in (*group["could"], *group["others"])]
    assert "Électricité Morel" in page and "1\xa0cadre mobilisé" in page and "1\xa0autre convention" in page
    assert not green["could"]
    assert "indicateur I1.6" in page


def test_every_frame_that_could_be_stands_under_each_of_its_purposes(as_bde, cast):
    answer, _ = page_of(as_bde, cast)
    shown = {
        (group["code"], row["frame"].pk)
        for group in answer.context["groups"]
        for row in (*group["could"], *group["others"])
    }
    assert len({pk for _, pk in shown}) == 68
    assert [group["code"] for group in answer.context["groups"]] == [*Purpose.values, "sans_theme"]


def test_what_fits_the_lycee_comes_first_with_why(as_bde, cast):
    ClassFactory(school=cast.school, year="2026-2027", diploma="CAP Cuisine")
    PartnerFactory(school=cast.school, name="Renault Laon")
    answer, page = page_of(as_bde, cast)
    groups = {group["code"]: group for group in answer.context["groups"]}
    assert groups[Purpose.PLACEMENTS.value]["could"][0]["frame"].partner_name == "Renault"
    assert "Parce que vous avez pour partenaire Renault Laon." in page
    assert "Parce que vous formez en hôtellerie-restauration." in page


def test_an_agreement_that_is_over_no_longer_declines(as_bde, cast):
    frame = Frame.objects.get(partner_name__startswith="Enedis")
    over = AgreementFactory(school=cast.school, parent=copy_of(frame, cast.school), terminated_date=date(2026, 1, 1))
    assert frame.pk not in declining.family_of(cast.school).declining(TODAY)
    over.terminated_date = None
    over.save()
    assert declining.family_of(cast.school).declining(TODAY)[frame.pk] == [over]


def test_who_may_not_read_indicators_gets_no_link_to_them(client, cast):
    client.force_login(cast.office.user)
    _, page = page_of(client, cast)
    assert "I1.6" not in page and "/decliner/" not in page
