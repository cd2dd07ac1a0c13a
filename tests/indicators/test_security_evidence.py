"""Evidence and thresholds: addresses of the web only (S-24), its own school only (S-03), never an error for two at once (R-02)."""

import pytest
from django.test import Client
from django.urls import reverse

from core.school_year import SchoolYear
from indicators import services
from indicators.forms.sharing import SecrecyForm
from indicators.forms.steering import EvidenceForm
from indicators.models import Evidence
from schools.middleware import YEAR_KEY
from tests.conftest import Cast
from tests.factories import EvidenceFactory, FigureCommentFactory, SecrecySettingsFactory, TargetFactory
from tests.factories.schools import YEAR

ADDRESSES = [
    "ftp://lycee.example/a",
    "ftps://lycee.example",
    "javascript:alert(1)",
    "data:text/html,x",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_addresses_of_the_web_are_proofs(cast: Cast, address: str) -> None:
    form = EvidenceForm({"label": "Forum", "url": address}, school=cast.school, membership=cast.bde)
    assert "url" in form.errors
    assert not EvidenceForm({"label": "F", "url": "https://a.example"}, school=cast.school, membership=cast.bde).errors


def test_a_proof_of_another_school_is_found_nowhere(client: Client, cast: Cast) -> None:
    proof = EvidenceFactory(school=cast.school)
    client.force_login(cast.stranger.user)
    there = [cast.stranger.school.uai, proof.public_id]
    assert client.get(reverse("indicators:evidence_file", args=there)).status_code == 404
    assert client.post(reverse("indicators:evidence_remove", args=there)).status_code == 404
    client.force_login(cast.reader.user)
    assert client.get(reverse("indicators:evidence_file", args=[cast.school.uai, proof.public_id])).status_code == 403
    assert Evidence.objects.in_school(cast.school).exists()


def test_thresholds_saved_by_a_colleague_in_between_are_told_above_the_form(cast: Cast) -> None:
    """The form of the second one was drawn, and read, before there were any: the school is no field of it."""
    typed = {"small": "6", "pupils": "10", "leavers": "20", "extremes": "20", "answers": "5", "firms": "3"}
    SecrecySettingsFactory(school=cast.school)
    form = SecrecyForm(typed, school=cast.school, membership=cast.bde)
    assert not form.is_valid() and form.non_field_errors()


def test_what_colleagues_write_of_a_figure_is_not_for_who_reads_counts_only(client: Client, cast: Cast) -> None:
    """« Une seule fille sur douze » would say what the page hides (P-20)."""
    TargetFactory(school=cast.school, year=YEAR, code="I4.1", value="0.8", reason="Zzraison")
    FigureCommentFactory(school=cast.school, year=YEAR, code="I4.1", text="Zzcommentaire")
    year = SchoolYear.parse(YEAR)
    services.refresh(cast.school, year, year.end)
    for member, reads in ((cast.head, True), (cast.reader, False)):
        client.force_login(member.user)
        session = client.session
        session[YEAR_KEY] = YEAR
        session.save()
        answer = client.get(reverse("indicators:figure", args=[cast.school.uai, "I4.1"]))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert ("Zzcommentaire" in page) is reads and ("Zzraison" in page) is reads, member.role
