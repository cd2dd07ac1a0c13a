"""What is seen after an action: windows to the day, each thing once, rights, and nothing said to be due to it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events import impact
from events.models import Action
from tests.conftest import Cast
from tests.factories import (
    ActionFactory,
    ActionPartnerFactory,
    AnswerFactory,
    ContributionFactory,
    InvitationFactory,
    OfferFactory,
    ParticipationFactory,
    PartnerFactory,
    PlacementFactory,
)

DAY = date(2025, 11, 20)
TODAY = date(2026, 11, 1)


def seen(action: Action, *others: Action, without: str = "") -> dict[str, str]:
    around = impact.around(action.school_id, [action, *others])
    lines = impact.lines(action.school_id, around, TODAY, lambda permission: permission.name != without)
    return {line.label: line.text.replace("\xa0", " ").replace("\u202f", " ") for line in lines}


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(school=cast.school, start_date=DAY)


def test_offers_of_the_same_partner_for_ninety_days(cast: Cast, action: Action):
    carrier = ActionPartnerFactory(school=cast.school, action=action).partner
    guest = InvitationFactory(school=cast.school, action=action, present=True).partner
    absent = InvitationFactory(school=cast.school, action=action, present=False).partner
    for partner, days, places in (
        (carrier, 0, 1),
        (carrier, 90, 2),
        (guest, 30, 1),
        (carrier, 91, 5),
        (carrier, -1, 5),
        (absent, 3, 5),
    ):
        OfferFactory(school=cast.school, partner=partner, received_date=DAY + timedelta(days=days), positions=places)
    found = seen(action)
    assert found["Offres de ces partenaires"] == "3 offres, 4 postes"
    assert found["Partenaires présents"] == "2 partenaires"
    assert "Offres de ces partenaires" not in seen(action, without="VIEW_OFFERS")


def test_placements_for_a_hundred_and_eighty_days_and_the_taxe_of_the_next_campaign(cast: Cast, action: Action):
    partner = ActionPartnerFactory(school=cast.school, action=action).partner
    for days, status in ((10, "confirme"), (180, "termine"), (181, "confirme"), (10, "pressenti"), (10, "annule")):
        start = DAY + timedelta(days=days)
        PlacementFactory(
            school=cast.school, partner=partner, status=status, start_date=start, end_date=start + timedelta(days=20)
        )
    for campaign, nature, amount, received in (
        (2026, "solde_taxe", 1200, date(2026, 7, 1)),
        (2025, "solde_taxe", 900, date(2025, 10, 1)),
        (2026, "don_nature", 500, date(2026, 7, 1)),
        (2026, "solde_taxe", 800, None),
    ):
        ContributionFactory(
            school=cast.school, partner=partner, campaign=campaign, nature=nature, amount=amount, received_date=received
        )
    found = seen(action)
    assert found["Placements chez eux"] == "2 placements"
    assert found["Taxe d’apprentissage"] == "1 200 € (1 versement)"


def test_one_thing_that_follows_two_actions_counts_once_in_all(as_bde: Client, cast: Cast, action: Action):
    other = ActionFactory(school=cast.school, start_date=DAY + timedelta(days=5), type="job_dating")
    partner = PartnerFactory(school=cast.school)
    for one in (action, other):
        ActionPartnerFactory(school=cast.school, action=one, partner=partner)
    OfferFactory(school=cast.school, partner=partner, received_date=DAY + timedelta(days=20), positions=1)
    ParticipationFactory(school=cast.school, action=action, present=True)
    around = impact.around(cast.school.pk, [action, other])
    _, lines = impact.by_type(cast.school.pk, around, TODAY, lambda permission: True)
    offers = {line.label: dict(line.labelled)["Offres"] for line in lines}
    assert offers == {
        "Forum ou salon": "1",
        "Job dating": "1",
        "Toutes": "1",
    }
    page = reverse("events:action_impact", args=[cast.school.uai])
    assert as_bde.get(page).status_code == 200


def test_a_mean_of_few_answers_is_not_said(cast: Cast, action: Action):
    for _ in range(4):
        AnswerFactory(school=cast.school, action=action, grade=4, date=DAY)
    assert seen(action)["Satisfaction"] == "moins de cinq réponses"
    AnswerFactory(school=cast.school, action=action, grade=2, date=DAY)
    assert seen(action)["Satisfaction"] == "3,6 sur 4 (5 réponses)"


def test_the_report_says_seen_after_and_costs_the_same_for_many(
    as_bde: Client, cast: Cast, action: Action, django_assert_max_num_queries: Any
):
    for _ in range(8):
        partner = ActionPartnerFactory(school=cast.school, action=action).partner
        OfferFactory(school=cast.school, partner=partner, received_date=DAY)
    report = reverse("events:action_report", args=[cast.school.uai, action.public_id])
    as_bde.get(report)
    with django_assert_max_num_queries(20):
        page = as_bde.get(report).content.decode()
    assert "Constaté après l’action" in page and "non dû à l’action" in page
