"""Evidence and thresholds: addresses of the web only (S-24), its own school only (S-03), never an error for two at once (R-02)."""

import pytest
from django.test import Client
from django.urls import reverse

from indicators.forms.sharing import SecrecyForm
from indicators.forms.steering import EvidenceForm
from indicators.models import Evidence
from tests.conftest import Cast
from tests.factories import EvidenceFactory, SecrecySettingsFactory

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
