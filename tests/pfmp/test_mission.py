"""Mission orders: one page that the head signs, kilometres by person."""

from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse

from core import pdf
from pfmp import mission
from tests.factories import PartnerFactory, PlacementFactory, PlannedVisitFactory

pytestmark = [pytest.mark.django_db]
DAY = date(2026, 2, 10)


@pytest.fixture
def rounds(cast):
    """A round of three hosts in two towns for the teacher, a call that is no travel, a round of the bureau."""
    cast.school.postal_code, cast.school.city = "02000", "Laon"
    cast.school.save()

    def plan(member, city, code, **more):
        partner = PartnerFactory(school=cast.school, city=city, postal_code=code, address="1 rue du Port")
        placement = PlacementFactory(school=cast.school, partner=partner, referent_email=member.email)
        return PlannedVisitFactory(
            school=cast.school, placement=placement, membership=member, **{"date": DAY, "mode": "sur_place"} | more
        )

    return [
        plan(cast.teacher, "Soissons", "02200"),
        plan(cast.teacher, "Laon", "02000"),
        plan(cast.teacher, "Soissons", "02200"),
        plan(cast.teacher, "Vervins", "02140", mode="telephone"),
        plan(cast.bde, "Vervins", "02140", time=time(9)),
    ]


def url(cast, name, query=""):
    return reverse(f"pfmp:{name}", args=[cast.school.uai]) + query


def test_an_order_is_one_page_that_names_who_goes_where_and_how_far(as_teacher, cast, rounds):
    found = mission.missions(cast.school, mission.planned(cast.school, DAY, DAY, of=cast.teacher))
    assert len(found) == 1 and len(found[0].visits) == 3
    assert 40 < found[0].km < 80  # Laon to Soissons and back, in a straight line
    page = mission.html(cast.school, cast.teacher, found)
    assert cast.teacher.full_name in page and "1 rue du Port" in page and "L124-1" in page
    assert "Vervins" not in page and cast.head.full_name in page
    answer = as_teacher.get(url(cast, "mission_order", "?du=2026-02-10"))
    assert answer["Content-Type"] == "application/pdf" and pdf.page_count(answer.content) == 1
    for nothing in ("?du=2026-02-11", "?du=0001-01-01&au=9999-12-31", "?du=9999-12-31", "?du=<script>"):
        assert as_teacher.get(url(cast, "mission_order", nothing)).status_code == 302
    other = f"?du=2026-02-10&referent={cast.bde.public_id}"
    assert as_teacher.get(url(cast, "mission_order", other)).status_code == 404


def test_the_secretariat_has_the_list_and_the_kilometres_of_each(cast, rounds):
    office = Client()
    office.force_login(cast.office.user)
    kilometres = office.get(url(cast, "mission_list", "?format=csv&du=2025-09-01&au=2026-08-31"))
    lines = kilometres.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    sums = mission.totals(mission.missions(cast.school, mission.planned(cast.school, DAY, DAY)))
    assert {one.membership.pk: (one.rounds, one.visits) for one in sums} == {
        cast.teacher.pk: (1, 3), cast.bde.pk: (1, 1),
    }  # fmt: skip
    page = office.get(url(cast, "mission_list", "?du=2025-09-01&au=2026-08-31")).content.decode()
    assert "Soissons, Laon" in page or "Laon, Soissons" in page
