"""An action from a model to its report: what is filled, what comes next, what is refused and said."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import catalogue
from events.models import Action, ActionLetter, ActionStep
from tests.conftest import Cast
from tests.factories import (
    PartnerFactory,
)


def soon(days: int = 60) -> date:
    return timezone.localdate() + timedelta(days=days)


def url(cast: Cast, name: str, *words: Any) -> str:
    return reverse(f"events:{name}", args=[cast.school.uai, *words])


def typed(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What the form of a page sends, with these changes."""
    form = client.get(address).context["form"]
    found = {}
    for field in form:
        value = field.value()
        if value is None or value is False or hasattr(value, "public_id"):
            continue
        found[field.html_name] = value
    return {**found, **changes}


@pytest.mark.parametrize("kind", ["FORUM_METIERS", "VISITE_ENT", "AUTRE"])
def test_an_action_begins_from_a_model(as_bde: Client, cast: Cast, kind: str):
    partner = PartnerFactory(school=cast.school)
    new = f"{url(cast, 'action_new')}?nature={kind}"
    answer = as_bde.post(
        new, typed(as_bde, new, start_date=soon(120), partner=partner.name, partner_id=str(partner.public_id))
    )
    action = Action.objects.in_school(cast.school).get()
    assert answer.status_code == 302, answer.context["form"].errors
    model = catalogue.model_for(kind)
    assert (action.kind, action.type) == (kind, catalogue.kind(kind).type)
    assert action.hours == model.hours and action.owner == cast.bde
    steps = list(ActionStep.objects.in_school(cast.school).order_by("due_date", "pk"))
    assert [step.label for step in steps] == [step.label for step in model.steps]
    assert all(step.due_date >= timezone.localdate() for step in steps)
    assert {row.occasion for row in ActionLetter.objects.in_school(cast.school)} == set(model.letters)
    page = as_bde.get(action.get_absolute_url()).content.decode()
    assert steps[0].label in page and "Prochaine étape" in page and partner.name in page
