"""Delegations: who signs for the head, by which act, on which days; their pages."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from documents import delegations
from documents.models import Delegation
from tests.documents.parties import NOW
from tests.factories import DelegationFactory, MembershipFactory, SchoolFactory

TODAY = date(2026, 2, 10)


@pytest.fixture(autouse=True)
def february():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Nadia Lefèvre", "LEFEVRE Nadia", True),
        ("Jean-Marc de La Tour", "jean marc DE LA TOUR", True),
        ("Nadia Lefèvre", "Nadine Lefèvre", False),
        ("", "", False),
        ("Nadia Nadia", "Nadia", False),
    ],
)
def test_names_are_compared_without_order_case_nor_accents(first, second, same):
    assert delegations.same_person(first, second) is same


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_comparison_is_symmetric(first, second):
    assert delegations.same_person(first, second) == delegations.same_person(second, first)


@pytest.mark.django_db
def test_the_head_is_the_one_that_the_school_names():
    school = SchoolFactory(head_name="LOVELACE Ada")
    assert delegations.head_of(school) is None
    first = MembershipFactory(school=school, role="direction")
    assert delegations.head_of(school) == first
    named = MembershipFactory(school=school, role="direction", first_name="Ada", last_name="Lovelace")
    assert delegations.head_of(school) == named


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=1), None, False),
        (date(2025, 9, 1), TODAY - timedelta(days=1), False),
        (date(2025, 9, 1), TODAY, True),
    ],
)
def test_a_delegation_holds_from_its_first_day_to_its_last(cast, since, until, holds):
    DelegationFactory(school=cast.school, membership=cast.ddfpt, since=since, until=until)
    standing = delegations.standing(cast.ddfpt, TODAY)
    assert bool(standing.may) is holds and bool(standing.capacity) is holds


@pytest.mark.django_db
def test_who_signs_in_the_head_s_box(cast):
    assert {role for role, member in cast.by_role().items() if delegations.standing(member, TODAY).may} == {"direction"}
    assert delegations.standing(cast.bde, TODAY).may.reason == delegations.NOT_THE_HEAD


@pytest.mark.django_db
def test_the_named_head_signs_as_the_head_and_an_assistant_by_delegation(cast):
    cast.school.head_name = f"{cast.head.first_name} {cast.head.last_name.upper()}"
    cast.school.save()
    assistant = MembershipFactory(school=cast.school, role="direction")
    for member in (cast.head, assistant):
        member.school = cast.school
        DelegationFactory(school=cast.school, membership=member, act="arrêté n° 12")
    assert delegations.standing(cast.head, TODAY).capacity == ""
    assert delegations.standing(assistant, TODAY).capacity == "par délégation du chef d’établissement, arrêté n° 12"


@pytest.mark.django_db
def test_a_closed_access_or_a_role_without_papers_signs_nothing(cast):
    for member in (cast.ddfpt, cast.reader):
        DelegationFactory(school=cast.school, membership=member)
    cast.ddfpt.is_active = False
    assert not delegations.standing(cast.ddfpt, TODAY).may and not delegations.standing(cast.reader, TODAY).may


# ---------------------------------------------------------------------------------------------------------- the pages


def new_url(cast):
    return reverse("documents:delegation_new", args=[cast.school.uai])


def typed(cast, **changes):
    return {"membership": cast.ddfpt.pk, "act": "Arrêté du 1er septembre 2025", "since": "2025-09-01"} | changes


@pytest.mark.django_db
def test_a_delegation_is_added_shown_ended_and_removed(as_bde, cast):
    page = as_bde.post(new_url(cast), typed(cast), follow=True)
    assert "Délégation enregistrée." in page.content.decode() and "En cours" in page.content.decode()
    made = Delegation.objects.in_school(cast.school).get()
    edit = reverse("documents:delegation_edit", args=[cast.school.uai, made.public_id])
    as_bde.post(edit, typed(cast, until="2026-02-09", version=made.version))
    listed = as_bde.get(reverse("documents:delegation_list", args=[cast.school.uai])).content.decode()
    assert "Finie" in listed and cast.ddfpt.full_name in listed
    as_bde.post(reverse("documents:delegation_delete", args=[cast.school.uai, made.public_id]))
    assert not Delegation.objects.in_school(cast.school).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"until": "2025-08-31"}, "Le dernier jour est avant le premier."),
        ({"act": ""}, "obligatoire"),
        ({"act": "é" * 201}, "200"),
        ({"since": "31/31/9999"}, "date"),
        ({"membership": "999999"}, "choix"),
    ],
)
def test_bad_input_is_said_and_kept(as_bde, cast, changes, sentence):
    response = as_bde.post(new_url(cast), typed(cast, **changes))
    assert response.status_code == 422 and sentence in response.content.decode()
    assert not Delegation.objects.in_school(cast.school).exists()


@pytest.mark.django_db
def test_who_cannot_open_every_paper_is_refused_with_the_reason(as_bde, cast):
    for member in (cast.teacher, cast.reader):
        page = as_bde.post(new_url(cast), typed(cast, membership=member.pk))
        assert page.status_code == 422 and "ne voit pas tous les documents" in page.content.decode()
    cast.office.is_active = False
    cast.office.save()
    assert "est fermé" in as_bde.post(new_url(cast), typed(cast, membership=cast.office.pk)).content.decode()


@pytest.mark.django_db
def test_script_and_emoji_are_only_text(as_bde, cast):
    page = as_bde.post(
        new_url(cast), typed(cast, act="<script>alert(1)</script> 😀 \u202eنص"), follow=True
    ).content.decode()
    assert "&lt;script&gt;" in page and "<script>alert" not in page
