"""The school's settings of signatures: an order by numbers, the life of links, the timetable, an example in words."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from core.frozen import Frozen
from documents import circuit, links, services
from documents.enums import DocumentType, SignatureRole, Subject
from documents.models import CircuitSettings
from documents.views.settings import example
from tests.documents.parties import NOW, paper, party
from tests.factories import CircuitSettingsFactory, SchoolHolidayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def february():
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class Nothing(Frozen):
    """A paper that says nothing."""


def url(cast):
    return reverse("documents:circuit_settings", args=[cast.school.uai])


def typed(**changes):
    turns = {f"turn_{role.value}": "1" for role in SignatureRole} | {"turn_chef_etablissement": "2"}
    first = {
        "link_days": "21",
        "reminds": "on",
        "first_after": "4",
        "every": "4",
        "most": "4",
        "weekdays": list("01234"),
    }
    return {key: value for key, value in (turns | first | changes).items() if value is not None}


def test_the_settings_page_leads_there_and_shows_what_holds(as_bde, cast):
    assert url(cast) in as_bde.get(reverse("schools:settings", args=[cast.school.uai])).content.decode()
    page = as_bde.get(url(cast)).content.decode().replace("\xa0", " ")
    assert 'name="turn_chef_etablissement" value="2"' in page and 'name="turn_tuteur" value="1"' in page
    assert page.rindex('name="turn_') == page.index('name="turn_chef_etablissement"')  # who signs last is asked last
    assert "un lien envoyé mardi 10 février 2026" in page and "Première relance lundi 16 février 2026" in page
    assert not CircuitSettings.objects.in_school(cast.school).exists()  # looking keeps nothing


def test_an_order_is_kept_and_holds_for_the_papers_to_come(as_bde, cast):
    before = paper(cast.school)
    party(before, "tuteur")
    sent = typed(turn_organisme_accueil="3", turn_tuteur="1", turn_chef_etablissement="7", link_days="10")
    page = as_bde.post(url(cast), sent, follow=True).content.decode()
    assert "Réglages des signatures enregistrés." in page
    kept = circuit.settings_of(cast.school)
    assert [len(group) for group in kept.order] == [5, 1, 1] and kept.order[1:] == [
        ["organisme_accueil"],
        ["chef_etablissement"],
    ]
    document = services.issue(
        school=cast.school,
        type=DocumentType.OTHER,
        subject=Subject.SCHOOL,
        subject_id=cast.school.uai,
        content=lambda number, edition: Nothing(),
        template_version="1",
        parties=lambda content: [services.Party(role, "Quelqu’un") for role in SignatureRole],
        by=None,
        now=NOW,
    )
    turns = dict(document.signatures.values_list("role", "turn"))
    assert (turns["tuteur"], turns["organisme_accueil"], turns["chef_etablissement"]) == (1, 2, 3)
    assert before.signatures.get().turn == 1
    assert links.expiry(document, NOW) == NOW + timedelta(days=10)
    as_bde.post(url(cast), typed())
    assert CircuitSettings.objects.in_school(cast.school).count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"link_days": "31"}, "30"),
        ({"link_days": "0"}, "1"),
        ({"turn_tuteur": "0"}, "1"),
        ({"turn_tuteur": "99"}, "7"),
        ({"turn_tuteur": "=cmd()"}, "nombre"),
        ({"turn_tuteur": None}, "obligatoire"),
        ({"most": "-1"}, "0"),
        ({"every": "1"}, "2"),
        ({"weekdays": []}, "Cochez au moins un jour"),
        ({"weekdays": ["9"]}, "choix"),
        ({"first_after": "<script>"}, "nombre"),
    ],
)
def test_bad_input_is_said_and_nothing_is_kept(as_bde, cast, changes, sentence):
    response = as_bde.post(url(cast), typed(**changes))
    assert response.status_code == 422 and sentence in response.content.decode()
    assert not CircuitSettings.objects.in_school(cast.school).exists()


def test_no_reminder_needs_no_day(as_bde, cast):
    assert as_bde.post(url(cast), typed(reminds=None, weekdays=[])).status_code == 302
    assert "aucune relance automatique" in example(cast.school)


def test_the_example_follows_the_timetable(cast):
    CircuitSettingsFactory(school=cast.school, first_after=1, every=2, most=2, weekdays=[3])
    said = example(cast.school).replace("\xa0", " ")
    assert "Première relance jeudi 12 février 2026, puis jeudi 19 février 2026." in said


def test_the_page_says_that_nothing_leaves_in_the_holidays(as_bde, cast):
    assert "ni pendant les vacances" in as_bde.get(url(cast)).content.decode()


def test_the_example_jumps_over_the_holidays(cast):
    SchoolHolidayFactory(
        school=cast.school, kind="vacances", start_date=date(2026, 2, 14), end_date=date(2026, 3, 1), label="Hiver"
    )
    CircuitSettingsFactory(school=cast.school, first_after=1, every=2, most=2, weekdays=[3])
    said = example(cast.school).replace("\xa0", " ")
    assert "Première relance jeudi 12 février 2026, puis jeudi 5 mars 2026." in said
