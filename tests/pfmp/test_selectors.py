"""The facts read from the database: what surrounds a placement, in few queries, and nothing of another school."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pfmp import rules, selectors
from pfmp.models import Period, Placement
from tests.pfmp.rows import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return House()


def levels(placement: Placement) -> dict[str, str]:
    return {problem.rule: problem.level.value for problem in selectors.check_placement(placement).problems}


def test_a_complete_placement_has_no_problem(house):
    assert selectors.check_placement(house.place()) == rules.CheckResult([], [])


def test_every_column_reaches_its_rule(house):
    bar = house.company(siret="", naf="56.30Z", postal_code="67000", headcount="")
    placement = house.place(
        partner=bar,
        student=house.student(birth_date=date(2012, 1, 1), guardian_name=""),
        start_date=date(2026, 4, 3),
        end_date=date(2026, 4, 3),
        tutor=None,
        referent_email="",
        tasks="",
        timetable="ven 05:00-15:00",
    )
    house.school_class.niveau = "1re_pro"
    house.period.end_date = date(2026, 3, 13)
    house.period.save()
    placement.refresh_from_db()
    assert set(levels(placement)) == {
        "R-PERIODE-01", "R-DUREE-08", "R-MIN-01", "R-MIN-04", "R-MIN-05", "R-MIN-09", "R-MIN-10", "R-MIN-11", "R-MIN-13",
        "R-TUT-01", "R-REF-01", "R-CONV-01", "R-CONV-02",
    }  # fmt: skip


def test_the_year_adds_up_whatever_the_class_period_or_site(house):
    student = house.student(birth_date=date(2000, 1, 1))
    mine = house.place(student=student)
    other_site = house.company(siret="73282932000082")
    autumn = Period.objects.create(
        school=house.school,
        school_class=house.school_class,
        year="2025-2026",
        label="PFMP 2",
        start_date=date(2025, 11, 17),
        end_date=date(2025, 12, 19),
    )
    weeks = {"start_date": autumn.start_date, "end_date": autumn.end_date}  # 175 h, after 140 h
    before = house.place(student=student, partner=other_site, period=autumn, **weeks)
    assert levels(mine) == levels(before) == {"R-GRAT-01": "ALERTE"}
    before.end_date = date(2025, 12, 18)
    before.save()
    assert levels(mine) == levels(before) == {}
    before.timetable = before.timetable.replace("16:00", "16:01")
    before.save()
    assert levels(mine) == levels(before) == {"R-GRAT-01": "ALERTE"}
    before.status = "annule"
    before.save()
    assert levels(mine) == {}


def test_a_tutor_a_host_and_a_referent_of_other_classes_count(house):
    tutor = house.tutor(house.partner)
    crowd = [house.place(tutor=tutor, referent_email=f"Durand{'' if n % 2 else ' '}@Lycee.example") for n in range(3)]
    mine = house.place(tutor=tutor)
    assert levels(mine) == {"R-TUT-01": "ALERTE", "R-QUOTA-01": "ALERTE"}
    crowd[0].status, crowd[0].interrupted_date = "interrompu", date(2026, 3, 1)
    crowd[0].save()
    assert levels(mine) == {"R-QUOTA-01": "ALERTE"}
    crowd[0].status = "en_cours"  # a date without the status stops nothing
    crowd[0].save()
    assert levels(mine) == {"R-TUT-01": "ALERTE", "R-QUOTA-01": "ALERTE"}
    crowd[0].status = "annule"
    crowd[0].save()
    assert levels(mine) == {}


def test_the_load_of_a_referent_ignores_case_and_accents_are_letters(house):
    for n in range(16):
        house.place(
            partner=house.company(siret="", name=f"C{n}"), referent_email="Élise.Durand@Lycee.example", timetable=""
        )
    assert levels(house.place(partner=house.company(siret=""), referent_email="élise.durand@lycee.example")) == {
        "R-REF-02": "ALERTE"
    }


def test_an_overlap_in_another_year_is_seen(house):
    student = house.student()
    first = house.place(student=student, partner=house.company(siret=""), end_date=date(2026, 3, 13))
    assert levels(house.place(student=student, start_date=date(2026, 3, 13))) == {"R-CHEVAUCHE-01": "ALERTE"}
    assert levels(first) == {"R-CHEVAUCHE-01": "ALERTE"}


def test_a_form_judges_what_it_holds_before_it_is_saved(house):
    student = house.student()
    saved = house.place(student=student)
    new = house.place(student=student, partner=house.company(siret=""), saved=False)
    assert levels(new) == {"R-CHEVAUCHE-01": "ALERTE"}
    saved.end_date = date(2026, 3, 31)
    assert levels(saved) == {
        "R-PERIODE-01": "ALERTE"
    }  # the object's date, not the saved one; and no overlap with itself


def test_another_school_is_never_counted(house):
    elsewhere = House(uai="0750655E")
    for _ in range(5):
        elsewhere.place(referent_email="r@lycee.example")
    assert levels(house.place(referent_email="r@lycee.example")) == {}


def test_board_approval(house):
    placement = house.place()
    assert selectors.board_approval(house.school) is rules.BoardApproval.GIVEN
    house.school.board_vote_date = None
    approval = selectors.board_approval(house.school)
    assert [problem.rule for problem in selectors.check_placement(placement, approval=approval).problems] == [
        "R-CONV-07"
    ]


def queries_for(number: int) -> int:
    placements = list(Placement.objects.across_schools(why="the test's own rows").order_by("pk")[:number])
    with CaptureQueriesContext(
        connection,
    ) as captured:
        found = selectors.placement_facts(placements)
    assert [facts.placement.key for facts in found] == [placement.public_id for placement in placements]
    return len(captured)


def test_a_class_costs_as_many_queries_as_one_placement(house):
    for n in range(12):
        house.place(partner=house.company(name=f"Entreprise {n}", siret=""))
    assert queries_for(1) == queries_for(12) <= 7
    assert selectors.placement_facts([]) == []
