"""An anonymous opinion asked in a letter of thanks: one guest thanked alone has no link that only they hold."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from core.models import OutboxMessage
from surveys.models import SurveyLink
from tests.conftest import Cast
from tests.factories import ActionFactory, InvitationFactory, PartnerFactory, SurveyFactory


@pytest.mark.parametrize(("guests", "links"), [(4, 0), (5, 1)])
def test_few_guests_thanked_apart_get_no_link_of_their_own(as_bde: Any, cast: Cast, guests: int, links: int) -> None:
    """An answer keeps the link for everybody that it came by: a link that one guest alone received would name them (P-20)."""
    action = ActionFactory(school=cast.school, start_date=date(2026, 3, 2))
    SurveyFactory(
        school=cast.school, audience="partenaire", action=action, is_anonymous=True, opened_date=date(2026, 3, 2)
    )
    for number in range(guests):
        InvitationFactory(
            school=cast.school,
            action=action,
            partner=PartnerFactory(school=cast.school),
            email=f"g{number}@example.com",
            present=True,
        )
    with time_machine.travel("2026-03-03T10:00:00+01:00", tick=False):
        as_bde.post(reverse("events:action_thank", args=[cast.school.uai, action.public_id]))
    assert OutboxMessage.objects.count() == guests, "all are thanked"
    assert SurveyLink.objects.in_school(cast.school).count() == links
    assert OutboxMessage.objects.filter(body__contains="/enquete/").count() == guests * links
