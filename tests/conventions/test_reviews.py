"""Reviews of an agreement: planned, held with what was said, on its page."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from conventions.models import AgreementReview
from tests.factories import AgreementFactory, AgreementReviewFactory


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-25 10:00:00+01:00", tick=False):
        yield


def posted(client, url, **values):
    form = client.get(url).context["review_form"]
    hidden = {name: form[name].value() for name in ("creation_key", "version") if name in form.fields}
    return client.post(url, {**hidden, **values})


def test_a_review_is_planned_then_held(as_bde, cast):
    agreement = AgreementFactory(school=cast.school)
    new = reverse("conventions:review_new", args=[cast.school.uai, agreement.public_id])
    assert posted(as_bde, new, planned_date="2026-12-15").status_code == 302
    review = AgreementReview.objects.in_school(cast.school).get()
    assert "Mardi 15" in as_bde.get(agreement.get_absolute_url()).content.decode()
    edit = reverse("conventions:review_edit", args=[cast.school.uai, review.public_id])
    answer = posted(as_bde, edit, planned_date="2026-12-15", summary="Bonne année.")
    assert answer.status_code == 422 and "Bonne année." in answer.content.decode()
    values = {
        "planned_date": "2026-12-15", "held_date": "2026-11-24", "summary": "Bonne année.", "decisions": "Deux visites.",
    }  # fmt: skip
    assert posted(as_bde, edit, **values).status_code == 302
    page = as_bde.get(agreement.get_absolute_url()).content.decode()
    assert "Bonne année." in page and "Deux visites." in page
    partner = as_bde.get(agreement.partner.get_absolute_url()).content.decode()
    assert "Bilan de la convention" in partner
    remove = reverse("conventions:review_remove", args=[cast.school.uai, review.public_id])
    assert as_bde.post(remove).status_code == 302
    assert not AgreementReview.objects.in_school(cast.school).exists()


@pytest.mark.parametrize(
    "bad", [{"planned_date": ""}, {"planned_date": "0024-01-01"}, {"planned_date": "9999-12-31"},
            {"planned_date": "2026-11-01", "held_date": "2026-11-26"}],
)  # fmt: skip
def test_a_day_that_cannot_be_is_said(as_bde, cast, bad):
    agreement = AgreementFactory(school=cast.school)
    new = reverse("conventions:review_new", args=[cast.school.uai, agreement.public_id])
    answer = posted(as_bde, new, summary="", decisions="", **bad)
    assert answer.status_code == 422
    assert not AgreementReview.objects.in_school(cast.school).exists()


def test_only_the_bureau_writes(client, cast):
    review = AgreementReviewFactory(school=cast.school, planned_date=date(2026, 12, 1))
    edit = reverse("conventions:review_edit", args=[cast.school.uai, review.public_id])
    for member, code in ((cast.head, 403), (cast.office, 403), (cast.teacher, 403), (cast.stranger, 404)):
        client.force_login(member.user)
        assert client.get(edit).status_code == code
