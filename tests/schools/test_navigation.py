"""The parts behind « PFMP »: who sees which page, and where one is."""

import pytest
from django.urls import reverse

from schools import navigation
from schools.enums import Role
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def parts(role: Role, page: str, *args: object) -> dict[str, list[tuple[str, bool]]]:
    member = MembershipFactory(role=role)
    path = reverse(page, args=[member.school.uai, *args])
    return {
        part.label: [(one.label, one.active) for one in part.entries]
        for part in navigation.parts_of(member, "pfmp:board", path)
    }


def test_the_bureau_sees_each_part_and_where_it_is():
    found = parts(Role.BDE, "pfmp:accident_list")
    assert list(found) == ["Avant le départ", "Pendant la période", "Au retour", "Repères du lycée"]
    assert [label for pages in found.values() for label, active in pages if active] == ["Accidents"]


def test_a_teacher_sees_no_page_of_the_staff():
    labels = [label for pages in parts(Role.TEACHER, "pfmp:board").values() for label, _ in pages]
    assert "Mes visites du jour" in labels
    assert not {"Qui suit qui", "Ordres de mission"} & set(labels)


def test_the_board_of_a_class_is_not_the_list_of_periods():
    found = parts(Role.BDE, "pfmp:period_detail", "3c68bc33-a9fc-43c5-ad7e-c73e10095acb")
    assert not any(active for pages in found.values() for _, active in pages)


def test_one_page_is_the_current_one(client):
    member = MembershipFactory(role=Role.BDE)
    client.force_login(member.user)
    page = client.get(reverse("pfmp:accident_list", args=[member.school.uai])).content.decode()
    side = page.split('class="nav-groups"')[1]
    assert side.count('aria-current="page"') == 1
    assert '<details class="nav-part" open><summary>Pendant la période' in side
