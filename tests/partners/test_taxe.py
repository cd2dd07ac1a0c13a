"""The taxe d'apprentissage: campaigns, who is asked, promises kept, transfers, rights, sums, two people at once."""

import random
import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import OutboxMessage
from core.school_year import SchoolYear
from indicators import figures
from partners import campaigns, mailing, taxe
from partners.enums import ContributionNature, TaxIntention
from partners.models import Contribution, Interaction, Mailing, TaxApproach, TaxTransfer
from schools import todo
from schools.models import School
from tests.conftest import Cast, cast_of_roles
from tests.factories import (
    ApproachFactory,
    CampaignFactory,
    ContactFactory,
    ContributionFactory,
    PartnerFactory,
    PlacementFactory,
    TransferFactory,
)

TODAY = date(2026, 11, 22)
YEAR = timezone.localdate().year


@pytest.fixture
def campaign(cast: Cast) -> Any:
    return CampaignFactory(school=cast.school, campaign=YEAR, target=1000)


def url(cast: Cast, name: str, *records: Any, query: str = "") -> str:
    return reverse(f"partners:{name}", args=[cast.school.uai, *(one.public_id for one in records)]) + query


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\u202f", " ").replace("\xa0", " ").split())


def pay(cast: Cast, partner: Any, amount: int | str, **values: Any) -> Contribution:
    row = Contribution(
        school=cast.school,
        partner=partner,
        campaign=values.pop("campaign", YEAR),
        nature=values.pop("nature", ContributionNature.TAXE),
        amount=Decimal(amount),
        **values,
    )
    return taxe.record_contribution(row, by=cast.bde.user, today=TODAY).contribution


# ---------------------------------------------------------------------------------------------------- promises and payments


def test_a_promise_gets_its_date_and_says_both_amounts(as_bde: Client, cast: Cast, campaign: Any):
    partner = PartnerFactory(school=cast.school, name="Garage Lune")
    promise = pay(cast, partner, 800)
    approach = TaxApproach.objects.in_school(cast.school).get()
    assert (approach.intention, approach.promised_amount) == (TaxIntention.PROMISED, 800)
    response = as_bde.post(
        url(cast, "contribution_new"),
        {
            "partner": "Garage Lune", "campaign": YEAR, "nature": "solde_taxe", "amount": "650,50",
            "received_date": f"{YEAR}-01-11",
        },
        follow=True,
    )  # fmt: skip
    assert "650,50 € reçus pour 800 € promis" in text_of(response)
    assert [row.pk for row in Contribution.objects.in_school(cast.school)] == [promise.pk]
    promise.refresh_from_db()
    approach.refresh_from_db()
    assert (promise.amount, promise.received_date) == (Decimal("650.50"), date(YEAR, 1, 11))
    assert (approach.intention, approach.promised_amount) == (TaxIntention.PAID, 800)
    assert "Avait été promis 800 €" in text_of(as_bde.get(promise.get_absolute_url())).replace("</dt><dd>", " ")


def test_the_same_payment_is_written_once_unless_one_insists(as_bde: Client, cast: Cast, campaign: Any):
    partner = PartnerFactory(school=cast.school, name="Garage Lune")
    pay(cast, partner, 800, received_date=date(YEAR, 1, 11))
    posted = {
        "partner": "Garage Lune", "campaign": YEAR, "nature": "solde_taxe", "amount": "800", "received_date": f"{YEAR}-01-11",
    }  # fmt: skip
    response = as_bde.post(url(cast, "contribution_new"), posted)
    assert response.status_code == 422
    assert "déjà noté" in text_of(response)
    assert 'name="twice"' in response.content.decode()
    assert Contribution.objects.in_school(cast.school).count() == 1
    assert as_bde.post(url(cast, "contribution_new"), posted | {"twice": "on"}).status_code == 302
    assert Contribution.objects.in_school(cast.school).count() == 2


def test_a_payment_that_goes_away_takes_the_answer_back(cast: Cast):
    partner = PartnerFactory(school=cast.school)
    approach = ApproachFactory(
        school=cast.school, partner=partner, campaign=YEAR, asked_date=TODAY, intention="demande"
    )
    row = pay(cast, partner, 300, received_date=TODAY)
    approach.refresh_from_db()
    assert approach.intention == TaxIntention.PAID
    taxe.remove_contribution(row, by=cast.bde.user, today=TODAY)
    approach.refresh_from_db()
    assert approach.intention == TaxIntention.ASKED


def test_a_payment_moved_to_another_campaign_leaves_the_first(cast: Cast):
    partner = PartnerFactory(school=cast.school)
    here, there = (ApproachFactory(school=cast.school, partner=partner, campaign=year) for year in (YEAR, YEAR - 1))
    row = pay(cast, partner, 300, received_date=TODAY)
    row.campaign = YEAR - 1
    taxe.change_contribution(row, version=row.version, by=cast.bde.user, changed=["campaign"], today=TODAY)
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.intention, there.intention) == (TaxIntention.TO_ASK, TaxIntention.PAID)


def test_a_gift_is_no_taxe(cast: Cast):
    """R-TA-06: neither the answer nor the promise of the taxe."""
    partner = PartnerFactory(school=cast.school)
    approach = ApproachFactory(school=cast.school, partner=partner, campaign=YEAR)
    promise = pay(cast, partner, 500)
    pay(cast, partner, 900, nature=ContributionNature.GIFT_KIND, received_date=TODAY)
    approach.refresh_from_db()
    promise.refresh_from_db()
    assert (approach.intention, promise.received_date) == (TaxIntention.PROMISED, None)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"amount": "1,234"}, "deux façons"),
        ({"amount": "=cmd()"}, "n’est pas un montant"),
        ({"amount": "-12"}, "négatif"),
        ({"campaign": "99999"}, "année civile"),
        ({"received_date": "31/02/2026"}, "date"),
        ({"use": "x" * 5001}, "5000"),
        ({"nature": "don_nature", "origin": "employeur"}, "origine"),
        ({"board_date": "2026-01-01"}, "accepte les dons"),
    ],
)
def test_bad_input_is_a_sentence_and_stays_typed(
    as_bde: Client, cast: Cast, campaign: Any, bad: dict[str, str], said: str
):
    PartnerFactory(school=cast.school, name="<script>alert(1)</script> 🚗 \u202eegarag")
    posted = {"partner": "script", "campaign": str(YEAR), "nature": "solde_taxe", "amount": "12", "use": "Outils"} | bad
    response = as_bde.post(url(cast, "contribution_new"), posted)
    assert response.status_code == 422
    assert said in text_of(response)
    assert "<script>alert" not in response.content.decode()
    assert next(iter(bad.values()))[:20] in response.content.decode()


# ---------------------------------------------------------------------------------------------------------- the follow-up


def test_last_years_payers_and_the_hosts_join_the_campaign(as_bde: Client, cast: Cast, campaign: Any):
    before, host, both, other = (PartnerFactory(school=cast.school) for _ in range(4))
    for partner in (before, both):
        ContributionFactory(school=cast.school, partner=partner, campaign=YEAR - 1, received_date=date(YEAR - 1, 7, 1))
    for partner in (host, both):
        PlacementFactory(
            school=cast.school, partner=partner, status="confirme", period__year=f"{YEAR - 1}-{YEAR}",
            period__school_class__year=f"{YEAR - 1}-{YEAR}",
        )  # fmt: skip
    ContactFactory(school=cast.school, partner=before, role="dirigeant", email="chef@x.example")
    in_charge = ContactFactory(school=cast.school, partner=before, role="taxe_apprentissage", email="taxe@x.example")
    page = as_bde.get(url(cast, "campaign_add", campaign))
    assert "2 à ajouter" in text_of(page)
    as_bde.post(url(cast, "campaign_add", campaign), {"sources": ["versants", "hotes"]})
    found = TaxApproach.objects.in_school(cast.school).filter(campaign=YEAR)
    assert {one.partner_id for one in found} == {before.pk, host.pk, both.pk}
    assert found.get(partner=before).contact_id == in_charge.pk
    assert taxe.add_partners(cast.school, YEAR, [before.pk, other.pk], by=cast.bde.user) == 1
    assert as_bde.post(url(cast, "campaign_add", campaign), {}).status_code == 422


def test_who_paid_already_joins_as_having_paid(cast: Cast):
    paid, promising = PartnerFactory(school=cast.school), PartnerFactory(school=cast.school)
    ContributionFactory(school=cast.school, partner=paid, campaign=YEAR)
    promise = ContributionFactory(school=cast.school, partner=promising, campaign=YEAR, received_date=None)
    taxe.add_partners(cast.school, YEAR, [paid.pk, promising.pk], by=cast.bde.user)
    found = {one.partner_id: one for one in TaxApproach.objects.in_school(cast.school)}
    assert found[paid.pk].intention == TaxIntention.PAID
    assert (found[promising.pk].intention, found[promising.pk].promise_id) == (TaxIntention.PROMISED, promise.pk)


def answer(client: Client, cast: Cast, approach: TaxApproach, **given: Any) -> Any:
    approach.refresh_from_db()
    return client.post(
        url(cast, "approach_answer", approach), {"version": approach.version, "channel": "", **given}, follow=True
    )


def test_an_answer_in_one_line(as_bde: Client, cast: Cast, campaign: Any):
    approach = ApproachFactory(school=cast.school, campaign=YEAR)
    said = answer(as_bde, cast, approach, intention="promet", amount="1 200 €", channel="appel", note="En juin")
    assert "Réponse notée" in text_of(said)
    approach.refresh_from_db()
    promise = Contribution.objects.in_school(cast.school).get()
    assert (promise.amount, promise.received_date, approach.promise_id) == (1200, None, promise.pk)
    assert (approach.asked_by, approach.channel, approach.note) == (cast.bde, "appel", "En juin")
    told = Interaction.objects.in_school(cast.school).get()
    assert "1 200" not in told.subject  # more people read exchanges than the taxe
    assert "1200" not in told.subject

    answer(as_bde, cast, approach, intention="promet", amount="900", note="En juin")
    promise.refresh_from_db()
    assert promise.amount == 900

    answer(as_bde, cast, approach, intention="refuse", note="")
    approach.refresh_from_db()
    assert (approach.intention, approach.promise_id) == (TaxIntention.REFUSED, None)
    assert not Contribution.objects.in_school(cast.school).exists()


def test_an_answer_that_cannot_be_is_said(as_bde: Client, cast: Cast, campaign: Any):
    approach = ApproachFactory(school=cast.school, campaign=YEAR)
    wrong = answer(as_bde, cast, approach, intention="refuse", amount="100")
    assert wrong.status_code == 422
    assert "Un montant accompagne une promesse" in text_of(wrong)
    assert 'value="100"' in wrong.content.decode()
    assert answer(as_bde, cast, approach, intention="verse").status_code == 422
    pay(cast, approach.partner, 100, received_date=TODAY)
    refused = answer(as_bde, cast, approach, intention="refuse")
    assert refused.status_code == 422


def test_two_answers_at_once_the_second_sees_the_first(as_bde: Client, cast: Cast, campaign: Any):
    approach = ApproachFactory(school=cast.school, campaign=YEAR)
    form = {"version": approach.version, "channel": "", "note": ""}
    as_bde.post(url(cast, "approach_answer", approach), form | {"intention": "refuse"})
    late = as_bde.post(url(cast, "approach_answer", approach), form | {"intention": "demande"}, follow=True)
    assert "vient de noter" in text_of(late)
    approach.refresh_from_db()
    assert approach.intention == TaxIntention.REFUSED


def test_the_list_counts_and_filters(as_bde: Client, cast: Cast, campaign: Any):
    for intention in ("a_demander", "demande", "demande", "verse"):
        ApproachFactory(school=cast.school, campaign=YEAR, intention=intention)
    ApproachFactory(school=cast.school, campaign=YEAR - 1)
    page = as_bde.get(url(cast, "approach_list", query=f"?campagne={YEAR}"))
    assert "4 partenaires" in text_of(page)
    assert "<b>2</b> Sollicité" in page.content.decode()
    asked = as_bde.get(url(cast, "approach_list", query=f"?campagne={YEAR}&reponse=demande"))
    assert "2 partenaires" in text_of(asked)
    taken = as_bde.get(url(cast, "approach_list", query=f"?campagne={YEAR}&format=csv"))
    assert len(taken.content.decode("utf-8-sig").splitlines()) == 5


# --------------------------------------------------------------------------------------------------------------- messages


def asked_for(cast: Cast, name: str, **contact: Any) -> TaxApproach:
    partner = PartnerFactory(school=cast.school, name=name)
    person = ContactFactory(school=cast.school, partner=partner, **contact)
    return ApproachFactory(school=cast.school, partner=partner, contact=person, campaign=YEAR)


def test_asking_by_mail_one_recipient_each(as_bde: Client, cast: Cast, campaign: Any):
    one = asked_for(cast, "Garage Lune", email="a@lune.example", first_name="Anne", last_name="Lune")
    two = asked_for(cast, "Menuiserie Chêne", email="b@chene.example")
    no = asked_for(cast, "Ne veut pas", email="c@non.example", refuses_mailings=True)
    none = asked_for(cast, "Sans adresse", email="")
    chosen = {"choix": [str(row.public_id) for row in (one, two, no, none)], "action": "solliciter"}
    page = as_bde.post(url(cast, "approach_write"), chosen)
    said = text_of(page)
    assert "Bonjour Anne Lune" in said
    assert "Ne veut pas de courriels" in said
    assert "Aucune adresse de courriel" in said
    assert OutboxMessage.objects.count() == 0
    body = "{bonjour}\n\nSoutenez {lycee} en {campagne}.\nUsages : {emplois}"
    form = chosen | {"subject": "Taxe {campagne}", "body": body, "etape": "envoyer"}
    response = as_bde.post(url(cast, "approach_write"), form, follow=True)
    assert "2 messages partent" in text_of(response)
    jobs.run_waiting()
    sent = sorted(outbox.outbox, key=lambda message: message.to)
    assert [message.to for message in sent] == [["a@lune.example"], ["b@chene.example"]]
    assert sent[0].body == f"Bonjour Anne Lune,\n\nSoutenez {cast.school.name} en {YEAR}."
    assert "Lune" not in sent[0].subject
    assert "http" not in sent[0].body
    one.refresh_from_db()
    no.refresh_from_db()
    assert (one.intention, one.asked_date, one.asked_by) == ("demande", timezone.localdate(), cast.bde)
    assert no.asked_date is None
    assert Interaction.objects.in_school(cast.school).count() == 2
    as_bde.post(url(cast, "approach_write"), form)
    jobs.run_waiting()
    assert len(outbox.outbox) == 2
    assert mailing.outcome(Mailing.objects.in_school(cast.school).get())["sent"] == 2


def test_nobody_is_noted_asked_at_an_address_that_takes_no_mail(as_bde: Client, cast: Cast, campaign: Any):
    row = asked_for(cast, "Garage Lune", email="accueil lune.example")
    chosen = {"choix": [str(row.public_id)], "action": "solliciter", "subject": "Taxe", "body": "{bonjour}"}
    said = text_of(as_bde.post(url(cast, "approach_write"), chosen | {"etape": "voir"}))
    assert "Adresse illisible" in said
    as_bde.post(url(cast, "approach_write"), chosen | {"etape": "envoyer"})
    row.refresh_from_db()
    assert row.asked_date is None


def test_an_address_is_written_to_once_and_a_refusal_holds_for_it(as_bde: Client, cast: Cast, campaign: Any):
    """P-08: who refuses mail at an address is not reached through another partner; two sites of a firm get one message."""
    one, two = (
        asked_for(cast, "Garage Lune", email="a@x.example"),
        asked_for(cast, "Garage Lune bis", email="A@x.example"),
    )
    asked_for(cast, "Ailleurs", email="non@x.example", refuses_mailings=True)
    refused = asked_for(cast, "Même adresse", email="non@x.example")
    chosen = {"choix": [str(row.public_id) for row in (one, two, refused)], "action": "solliciter"}
    said = text_of(as_bde.post(url(cast, "approach_write"), chosen))
    assert "Même adresse que Garage Lune" in said
    assert "Ne veut pas de courriels" in said
    as_bde.post(url(cast, "approach_write"), chosen | {"subject": "Taxe", "body": "{bonjour}", "etape": "envoyer"})
    jobs.run_waiting()
    assert [message.to[0].lower() for message in outbox.outbox] == ["a@x.example"]


def test_partners_picked_on_their_list_join_the_campaign(as_bde: Client, cast: Cast, campaign: Any):
    partners = [PartnerFactory(school=cast.school) for _ in range(3)]
    chosen = {"choix": [str(one.public_id) for one in partners[:2]], "action": "campagne"}
    page = as_bde.post(url(cast, "partner_bulk"), chosen)
    assert f"Campagne {YEAR}" in text_of(page)
    as_bde.post(url(cast, "partner_bulk"), chosen | {"campaign": YEAR, "fait": "1", "combien": "2"})
    assert set(TaxApproach.objects.in_school(cast.school).values_list("partner", flat=True)) == {
        one.pk for one in partners[:2]
    }


def test_a_reminder_waits_a_fortnight(as_bde: Client, cast: Cast, campaign: Any):
    early, late = (asked_for(cast, name, email=f"{name}@x.example") for name in ("tot", "tard"))
    today = timezone.localdate()
    for row, days in ((early, 5), (late, 20)):
        TaxApproach.objects.filter(pk=row.pk).update(asked_date=today - timedelta(days=days), intention="demande")
    chosen = {"choix": [str(row.public_id) for row in (early, late)], "action": "relancer"}
    assert "relance possible le" in text_of(as_bde.post(url(cast, "approach_write"), chosen))
    as_bde.post(url(cast, "approach_write"), chosen | {"subject": "Rappel", "body": "{bonjour}", "etape": "envoyer"})
    jobs.run_waiting()
    assert [message.to for message in outbox.outbox] == [["tard@x.example"]]
    late.refresh_from_db()
    assert late.reminded_date == today
    waiting = as_bde.get(url(cast, "approach_list", query=f"?campagne={YEAR}&suivi=possible"))
    assert "tot" not in text_of(waiting).partition("<tbody>")[2]


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("Bonjour {interlocuteur}", "x", "ne nomme personne"),
        ("Objet", "{montant_du}", "ne sait pas remplacer"),
        ("", "x", "obligatoire"),
    ],
)
def test_a_message_that_cannot_leave_is_said(
    as_bde: Client, cast: Cast, campaign: Any, subject: str, body: str, said: str
):
    row = asked_for(cast, "Garage", email="a@x.example")
    response = as_bde.post(
        url(cast, "approach_write"),
        {"choix": str(row.public_id), "action": "solliciter", "subject": subject, "body": body, "etape": "envoyer"},
    )
    assert response.status_code == 422
    assert said in text_of(response) or "champ" in text_of(response)
    assert OutboxMessage.objects.count() == 0


# ---------------------------------------------------------------------------------------------------------- transfers


def test_a_transfer_says_the_gap_with_its_lines(as_bde: Client, cast: Cast, campaign: Any):
    transfer = TransferFactory(school=cast.school, campaign=YEAR, date=date(YEAR, 1, 11), amount=1000)
    PartnerFactory(school=cast.school, name="Garage Lune")
    promised = PartnerFactory(school=cast.school, name="Menuiserie Chêne")
    promise = pay(cast, promised, 400)
    line = {"partner": "Garage Lune", "amount": "350,50", "origin": "employeur"}
    as_bde.post(url(cast, "transfer_line", transfer), line)
    assert "Il manque 649,50 €" in text_of(as_bde.get(transfer.get_absolute_url()))
    as_bde.post(url(cast, "transfer_line", transfer), {"partner": "Menuiserie Chêne", "amount": "649,50"})
    promise.refresh_from_db()
    assert (promise.transfer, promise.received_date) == (transfer, date(YEAR, 1, 11))
    assert "Les lignes font le virement" in text_of(as_bde.get(transfer.get_absolute_url()))
    again = as_bde.post(url(cast, "transfer_line", transfer), line)
    assert again.status_code == 422
    assert "déjà noté" in text_of(again)
    over = as_bde.post(url(cast, "transfer_line", transfer), line | {"twice": "on"}, follow=True)
    assert "dépassent le virement de 350,50 €" in text_of(over)
    wrong = as_bde.post(url(cast, "transfer_line", transfer), {"partner": "Personne", "amount": "beaucoup"})
    assert wrong.status_code == 422
    assert "beaucoup" in wrong.content.decode()


# ---------------------------------------------------------------------------------------------------------- the campaign page


def test_the_page_of_a_campaign(as_bde: Client, cast: Cast, campaign: Any):
    giver, forgotten = (PartnerFactory(school=cast.school, name=name) for name in ("Garage Lune", "Menuiserie Chêne"))
    for partner in (giver, forgotten):
        ContributionFactory(
            school=cast.school, partner=partner, campaign=YEAR - 1, amount=200, received_date=date(YEAR - 1, 1, 1)
        )
    ContributionFactory(school=cast.school, partner=giver, campaign=YEAR, amount=600, received_date=date(YEAR, 1, 1))
    ContributionFactory(school=cast.school, partner=giver, campaign=YEAR, amount=150, received_date=None)
    ContributionFactory(
        school=cast.school,
        partner=giver,
        campaign=YEAR,
        amount=5000,
        nature="don_nature",
        received_date=date(YEAR, 1, 1),
    )
    page = as_bde.get(campaign.get_absolute_url())
    said = text_of(page)
    assert "<b>600 €</b> reçus sur 1 000 €" in said
    assert "(60 %)" in said or "(60,0 %)" in said
    assert "150 €" in said
    assert "5 000 €" in said
    assert "5 600" not in said  # the gift never joins the taxe
    assert "Menuiserie Chêne" in said.partition("pas encore sollicités")[2]
    assert "+ 200 €" in said
    assert "1 don sans la date" in said
    assert "soltea.education.gouv.fr" in said
    assert " dû" not in said  # R-TA-09


def test_no_balance_is_said_in_moselle(as_bde: Client, cast: Cast, campaign: Any):
    School.objects.filter(pk=cast.school.pk).update(postal_code="57000", academy="Nancy-Metz")
    assert "Pas de solde en Alsace et en Moselle" in text_of(as_bde.get(campaign.get_absolute_url()))


def test_without_a_campaign_the_page_says_how_to_open_it(as_bde: Client, cast: Cast):
    home = as_bde.get(url(cast, "taxe_home"))
    assert home.status_code == 200
    assert "n’est pas ouverte" in text_of(home)
    CampaignFactory(school=cast.school, campaign=YEAR)
    assert as_bde.get(url(cast, "taxe_home")).status_code == 302


def test_what_the_money_bought_is_written_on_those_that_say_nothing(as_bde: Client, cast: Cast, campaign: Any):
    silent = ContributionFactory(school=cast.school, campaign=YEAR)
    said = ContributionFactory(school=cast.school, campaign=YEAR, use="Outils")
    as_bde.post(url(cast, "campaign_use", campaign), {"use": "Un banc  d’essai\n"})
    silent.refresh_from_db()
    said.refresh_from_db()
    assert (silent.use, said.use) == ("Un banc d’essai", "Outils")
    assert "Un banc d’essai" in text_of(as_bde.get(campaign.get_absolute_url()))


@pytest.mark.parametrize("seed", range(6))
def test_the_page_the_rows_and_the_indicators_say_the_same(cast: Cast, seed: int):
    """I5.9 to I5.13 and the campaign's page, on random payments of two campaigns."""
    chance = random.Random(seed)
    partners = [PartnerFactory(school=cast.school) for _ in range(5)]
    record = CampaignFactory(
        school=cast.school, campaign=2026, closing_date=chance.choice([None, date(2026, 5, 1), date(2026, 12, 1)])
    )
    CampaignFactory(school=cast.school, campaign=2025)
    for _ in range(40):
        ContributionFactory(
            school=cast.school,
            partner=chance.choice(partners),
            campaign=chance.choice([2025, 2026]),
            nature=chance.choice(list(ContributionNature)),
            amount=Decimal(chance.randrange(0, 300_000)) / 100,
            received_date=chance.choice([None, date(chance.choice([2025, 2026]), chance.randint(1, 12), 15)]),
            use=chance.choice(["", "Outils"]),
        )
    today = date(2026, chance.randint(5, 8), 20)
    seen = campaigns.overview(cast.school, record, today)
    computed = figures.compute(cast.school, SchoolYear(2025), today).figures
    found = {indicator.code: figure.main.value for indicator, figure in computed}
    assert seen.sums.received == found["I5.9"]
    assert seen.sums.promised == found["I5.9.promis"]
    assert seen.sums.gifts_money == found["I5.12.numeraire"]
    assert seen.sums.gifts_kind == found["I5.12.nature"]
    assert len(seen.sums.payers) == found["I5.11"]
    assert seen.comparison.gap == found["I5.10.ecart"]
    if found["I5.10"] is not None:
        assert seen.comparison.change is not None
        assert abs(float(seen.comparison.change) - float(found["I5.10"])) < 1e-9
    rows = Contribution.objects.in_school(cast.school).filter(campaign=2026, nature="solde_taxe")
    received = [row.amount for row in rows if row.received_date and row.received_date <= today]
    assert seen.sums.received == sum(received, Decimal(0))
    assert sum((use.amount for use in seen.uses), Decimal(0)) <= sum((row.amount for row in rows), Decimal(0))


def test_the_work_list_says_what_closes_and_who_waits_for_thanks(cast: Cast):
    today = date(2026, 10, 30)
    CampaignFactory(school=cast.school, campaign=2026, closing_date=date(2026, 11, 10))
    for received in (date(2026, 7, 1), date(2026, 10, 29)):
        ContributionFactory(school=cast.school, campaign=2026, received_date=received)
    ContributionFactory(school=cast.school, campaign=2026, received_date=None)
    ContributionFactory(school=cast.school, campaign=2025, received_date=date(2025, 7, 1))
    told = {task.title.replace("\xa0", " "): task.due for task in todo.tasks_for(cast.bde, today)}
    assert told == {
        "Campagne 2026 de taxe d’apprentissage : elle se clôt": date(2026, 11, 10),
        "Remercier 2 partenaires de leur soutien": date(2026, 7, 31),
    }
    assert todo.tasks_for(cast.head, today) == []
    assert todo.tasks_for(cast.office, today) == []


# ---------------------------------------------------------------------------------------------------------- rights, size


@pytest.mark.parametrize("role", ["bde", "ddfpt", "direction", "secretariat", "enseignant", "consultation"])
def test_who_reads_and_who_writes(client: Client, cast: Cast, campaign: Any, role: str):
    client.force_login(cast.by_role()[role].user)
    reads, writes = role in ("bde", "ddfpt", "direction"), role in ("bde", "ddfpt")
    approach = ApproachFactory(school=cast.school, campaign=YEAR)
    gift = ContributionFactory(school=cast.school, campaign=YEAR)
    transfer = TransferFactory(school=cast.school, campaign=YEAR)
    for page in (
        campaign.get_absolute_url(),
        approach.get_absolute_url(),
        gift.get_absolute_url(),
        transfer.get_absolute_url(),
        url(cast, "campaign_thanks", campaign),
    ):
        response = client.get(page)
        assert response.status_code == (200 if reads else 403), page
        if reads and not writes and page != url(cast, "campaign_thanks", campaign):
            assert 'method="post"' not in response.content.decode().partition("<main")[2].partition("</main>")[0]
    for name, record in (
        ("approach_answer", approach), ("campaign_use", campaign), ("campaign_thanks", campaign),
        ("transfer_line", transfer), ("contribution_letter", gift), ("thanks_undo", campaign), ("campaign_add", campaign),
    ):  # fmt: skip
        status = client.post(url(cast, name, record), {}).status_code
        assert (status != 403) == writes, name
    client.force_login(cast.stranger.user)
    assert client.get(campaign.get_absolute_url()).status_code == 404


def test_the_pages_cost_as_much_for_three_thousand(as_bde: Client, cast: Cast, campaign: Any):
    def fill(count: int) -> None:
        partners = [PartnerFactory.build(school=cast.school) for _ in range(count)]
        for partner in partners:
            partner.dossier_id = str(partner.public_id)
        type(partners[0]).objects.bulk_create(partners)
        rows = [
            ContributionFactory.build(
                school=cast.school, partner=partner, campaign=YEAR - rank % 3, received_date=date(YEAR - rank % 3, 1, 1)
            )
            for rank, partner in enumerate(partners)
        ]
        for row in rows:
            row.dossier_id = str(row.public_id)
        Contribution.objects.bulk_create(rows)
        TaxApproach.objects.bulk_create(
            ApproachFactory.build(school=cast.school, partner=partner, campaign=YEAR) for partner in partners
        )

    transfer = TransferFactory(school=cast.school, campaign=YEAR)
    pages = [
        campaign.get_absolute_url(),
        url(cast, "approach_list", query=f"?campagne={YEAR}"),
        url(cast, "contribution_list", query=f"?campagne={YEAR}"),
        url(cast, "campaign_thanks", campaign),
        url(cast, "campaign_add", campaign),
        url(cast, "transfer_list", query=f"?campagne={YEAR}"),
        transfer.get_absolute_url(),
    ]

    def cost() -> list[int]:
        found = []
        for page in pages:
            as_bde.get(page)
            with CaptureQueriesContext(connection) as seen:
                assert as_bde.get(page).status_code == 200
            found.append(len(seen))
        return found

    fill(10)
    few = cost()
    fill(3000)
    many = cost()
    assert many == few
    assert max(many) <= 20


# ---------------------------------------------------------------------------------------------------------- at once


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """Each in its thread, from the same instant; what it returned or raised."""
    start = threading.Barrier(len(doings))
    found: list[Any] = [None] * len(doings)

    def run(rank: int, doing: Callable[[], Any]) -> None:
        start.wait()
        try:
            found[rank] = doing()
        except Exception as error:
            found[rank] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(rank, doing)) for rank, doing in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_people_write_the_same_receipt():
    cast = cast_of_roles()
    partner = PartnerFactory(school=cast.school)
    pay(cast, partner, 500)

    def record() -> Any:
        return pay(cast, partner, 480, received_date=TODAY)

    found = at_once(record, record)
    rows = list(Contribution.objects.in_school(cast.school))
    assert [(row.amount, row.received_date) for row in rows] == [(480, TODAY)]
    assert sum(isinstance(one, Exception) for one in found) == 1
    assert TaxApproach.objects.in_school(cast.school).get().intention == TaxIntention.PAID


@pytest.mark.django_db(transaction=True)
def test_two_people_ask_the_same_partner():
    cast = cast_of_roles()
    rows = [asked_for(cast, f"Garage {n}", email=f"g{n}@x.example") for n in range(4)]

    def write() -> Any:
        return taxe.write_to(
            cast.school,
            [row.pk for row in rows],
            reminder=False,
            subject="Taxe",
            body="{bonjour}",
            member=cast.bde,
            today=TODAY,
        )

    found = at_once(write, write)
    assert sorted(one.count for one in found) == [0, 4]
    jobs.run_waiting()
    assert OutboxMessage.objects.count() == 4
    assert Interaction.objects.in_school(cast.school).count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_people_thank_at_once():
    cast = cast_of_roles()
    rows = [ContributionFactory(school=cast.school, campaign=YEAR) for _ in range(3)]

    def thank() -> Any:
        return taxe.thank_on_paper(
            cast.school, [row.pk for row in rows], form="impression", by=cast.bde.user, today=TODAY
        )

    found = at_once(thank, thank)
    assert sorted(one.count for one in found) == [0, 3]
    assert TaxTransfer.objects.in_school(cast.school).count() == 0
