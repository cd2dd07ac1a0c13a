"""A colleague whose access ended has no link to a survey any more, whichever way it ended, and is not reminded (S-04)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from core.models import OutboxMessage
from surveys import asking
from surveys.models import SurveyAnswer
from tests.conftest import Cast
from tests.factories import MembershipFactory, SurveyFactory

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("ending", ["membership", "account"])
@pytest.mark.parametrize("is_anonymous", [True, False])
def test_the_link_of_a_colleague_who_left_answers_nothing(
    cast: Cast, client: Client, ending: str, is_anonymous: bool
) -> None:
    gone, *others = (MembershipFactory(school=cast.school, role="enseignant") for _ in range(5))
    survey = SurveyFactory(
        school=cast.school, audience="equipe", is_anonymous=is_anonymous, opened_date=date(2026, 3, 2)
    )
    with time_machine.travel(NOW, tick=False):
        asking.send_links(survey, by=None, now=NOW)
        pages = {
            message.recipient: "/enquete/" + message.body.partition("/enquete/")[2].split()[0]
            for message in OutboxMessage.objects.all()
        }
        left = gone if ending == "membership" else gone.user
        left.is_active = False
        left.save()
        page = client.get(pages[gone.email])
        assert page.status_code == 410 and "<form" not in page.content.decode().partition("<main")[2]
        assert client.post(pages[gone.email], {"q1": "1"}).status_code == 410
        assert client.post(pages[others[0].email], {"q1": "4"}).status_code == 302
    assert [answer.grade for answer in SurveyAnswer.objects.in_school(cast.school)] == [4]
    later = NOW + timedelta(days=4)
    with time_machine.travel(later, tick=False):
        OutboxMessage.objects.all().delete()
        asking.remind(survey, by=None, now=later)
    reminded = set(OutboxMessage.objects.values_list("recipient", flat=True))
    assert others[1].email in reminded and gone.email not in reminded
