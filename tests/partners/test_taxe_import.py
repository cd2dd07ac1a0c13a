"""Transfers of the taxe from a spreadsheet: employers recognised or decided on, promises kept, twice the same, taken back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from partners.enums import TaxIntention
from partners.models import Contribution, Partner, TaxApproach, TaxTransfer
from partners.taxe_imports import TOTAL, amount
from schools.importing import Refused
from tests.conftest import Cast
from tests.factories import ApproachFactory, ContributionFactory, PartnerFactory, TransferFactory
from tests.importing import Traveller, with_key

HEADER = ["Employeur", "SIRET", "Montant", "Date", "Campagne", "Origine"]
SIRET = with_key(732829320)
DAY = "11/07/2026"


@pytest.fixture
def import_(as_bde: Client, cast: Cast) -> Traveller:
    return Traveller(as_bde, cast.school, "taxe")


def rows_of(traveller: Traveller) -> list[Contribution]:
    return list(Contribution.objects.in_school(traveller.school).order_by("pk").select_related("partner", "transfer"))


def facts(traveller: Traveller) -> list[Any]:
    """What the tables of the taxe say, to compare before and after."""
    return [
        sorted(model.objects.in_school(traveller.school).values_list(*names), key=str)
        for model, names in (
            (Contribution, ("partner", "campaign", "amount", "received_date", "origin", "transfer")),
            (TaxTransfer, ("campaign", "date", "label", "amount")),
            (TaxApproach, ("partner", "intention", "promised_amount", "answered_date")),
            (Partner, ("name", "siret")),
        )
    ]


def test_a_transfer_comes_in_with_its_employers(import_: Traveller, cast: Cast):
    by_siret = PartnerFactory(school=cast.school, name="Garage Lune", siret=SIRET)
    by_name = PartnerFactory(school=cast.school, name="Menuiserie du Chêne")
    import_.send(
        [
            HEADER,
            ["GARAGE DE LA LUNE SARL", SIRET, "1 234,56 €", DAY, "2026", "Choix de l’employeur"],
            ["menuiserie du chene", "", "300", DAY, "2026", "reliquat"],
            ["TOTAL", "", "1 534,56", "", "", ""],
        ]
    ).columns()
    assert import_.counts == {"created": 2, "skipped": 1}
    assert "Ligne de total" in import_.line(4)["detail"]
    import_.apply()
    rows = rows_of(import_)
    assert [(row.partner, row.amount, row.received_date, row.campaign, row.origin) for row in rows] == [
        (by_siret, Decimal("1234.56"), date(2026, 7, 11), 2026, "employeur"),
        (by_name, Decimal(300), date(2026, 7, 11), 2026, "reliquat"),
    ]
    transfer = TaxTransfer.objects.in_school(cast.school).get()
    assert (transfer.date, transfer.campaign, transfer.amount) == (date(2026, 7, 11), 2026, Decimal("1534.56"))
    assert {row.transfer for row in rows} == {transfer}


def test_the_same_file_twice_changes_nothing_and_undo_gives_all_back(import_: Traveller, cast: Cast):
    partner = PartnerFactory(school=cast.school, name="Garage Lune", siret=SIRET)
    ApproachFactory(school=cast.school, partner=partner, campaign=2026, intention="demande")
    before = facts(import_)
    lines = [
        HEADER,
        ["Garage Lune", SIRET, "500", DAY, "2026", ""],
        ["Garage Lune", SIRET, "500", DAY, "2026", ""],  # two lines of the same amount are two payments
        ["Boulangerie Zanzibar", "", "80,10", DAY, "2026", ""],
    ]
    import_.send(lines).columns().decide(everything="creer").apply()
    assert [row.amount for row in rows_of(import_)] == [500, 500, Decimal("80.10")]
    assert TaxApproach.objects.in_school(cast.school).get().intention == TaxIntention.PAID
    after = facts(import_)
    again = Traveller(import_.client, import_.school, "taxe").send(lines).columns()
    assert again.counts == {"unchanged": 3}
    again.apply()
    assert facts(import_) == after
    import_.undo()
    assert facts(import_) == before


def test_a_promise_is_kept_by_the_import(import_: Traveller, cast: Cast):
    partner = PartnerFactory(school=cast.school, name="Garage Lune")
    promise = ContributionFactory(school=cast.school, partner=partner, campaign=2026, amount=800, received_date=None)
    ApproachFactory(
        school=cast.school, partner=partner, campaign=2026, intention="promet", promise=promise, promised_amount=800
    )
    import_.send([HEADER, ["Garage Lune", "", "650", DAY, "2026", ""]]).columns()
    assert "Reçu 650" in import_.line(2)["detail"].replace("\xa0", " ")
    import_.apply()
    promise.refresh_from_db()
    assert (promise.amount, promise.received_date) == (650, date(2026, 7, 11))
    approach = TaxApproach.objects.in_school(cast.school).get()
    assert (approach.intention, approach.promised_amount) == (TaxIntention.PAID, 800)
    import_.undo()
    promise.refresh_from_db()
    approach.refresh_from_db()
    assert (promise.amount, promise.received_date, approach.intention) == (800, None, TaxIntention.PROMISED)


def test_an_employer_that_nothing_names_is_chosen_made_or_left(import_: Traveller, cast: Cast):
    known = PartnerFactory(school=cast.school, name="Établissements Bertrand et Fils", city="Laon", siret=SIRET)
    other_site = with_key(732829320, 2)
    lines = [
        HEADER,
        ["Bertrand & fils", other_site, "100", DAY, "2026", ""],
        ["Bertrand Energies", "", "200", DAY, "2026", ""],
        ["Bertrand Couverture", "", "300", DAY, "2026", ""],
    ]
    import_.send(lines).columns()
    assert import_.counts == {"double": 3}
    assert import_.line(2)["candidates"][0]["why"] == "autre établissement de la même entreprise"
    import_.decide(l2=f"est:{known.public_id}", l3="creer", l4="ignorer").apply()
    assert [(row.partner.name, row.amount) for row in rows_of(import_)] == [
        (known.name, 100),
        ("Bertrand Energies", 200),
    ]
    made = Partner.objects.in_school(cast.school).get(name="Bertrand Energies")
    assert made.status == "prospect"


def test_columns_options_and_a_chosen_transfer(import_: Traveller, cast: Cast):
    PartnerFactory(school=cast.school, name="Garage Lune", siret=SIRET)
    transfer = TransferFactory(school=cast.school, campaign=2025, date=date(2025, 11, 7))
    import_.send([["Nom", "Identifiant employeur", "Somme"], ["Garage Lune", SIRET, "12,50"]])
    import_.columns({"name": 0, "siret": 1, "amount": 2}, transfer=str(transfer.public_id))
    import_.apply()
    row = rows_of(import_)[0]
    assert (row.transfer, row.campaign, row.received_date) == (transfer, 2025, date(2025, 11, 7))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["", "", "12", DAY, "2026", ""], "ni employeur ni SIRET"),
        (["Garage Lune", "", "1,234", DAY, "2026", ""], "deux façons"),
        (["Garage Lune", "", "beaucoup", DAY, "2026", ""], "n’est pas un montant"),
        (["Garage Lune", "", "", DAY, "2026", ""], "Montant"),
        (["Garage Lune", "", "12", "", "2026", ""], "pas de date"),
        (["Garage Lune", "", "12", "11/07/2999", "2026", ""], "l’année"),
        (["Garage Lune", "", "12", "11/07/2080", "2026", ""], "n’est pas encore passé"),
        (["Garage Lune", "", "-5", DAY, "2026", ""], "négatif"),
        (["", with_key(999999999), "5", DAY, "2026", ""], "ne nomme pas l’employeur"),
    ],
)
def test_a_line_that_cannot_come_in_says_why(import_: Traveller, cast: Cast, line: list[str], said: str):
    PartnerFactory(school=cast.school, name="Garage Lune")
    import_.send([HEADER, line, ["Garage Lune", "", "7", DAY, "2026", ""]]).columns()
    refused = import_.line(2)
    assert refused["outcome"] == "rejected"
    assert said in " ".join(remark["sentence"] for remark in refused["remarks"]).replace("\xa0", " ")
    import_.apply()
    assert [row.amount for row in rows_of(import_)] == [7]


def test_words_that_a_spreadsheet_or_a_browser_would_run_are_words(import_: Traveller, cast: Cast):
    name = "<script>alert(1)</script> =cmd() 🚗 \u202eegarag"
    import_.send([HEADER, [name, "", "10", DAY, "2026", ""], ["x" * 300, "", "10", DAY, "2026", ""]]).columns()
    assert import_.line(3)["outcome"] == "rejected"
    import_.apply()
    assert "<script>alert" not in import_.page()
    assert rows_of(import_)[0].partner.name.startswith("<script>")


@pytest.mark.parametrize(
    ("name", "is_total"),
    [
        ("total", True),
        ("sous total", True),
        ("total general", True),
        ("total du virement", True),
        ("total energies", False),
        ("totalenergies marketing france", False),
        ("somme freres", False),
    ],
)
def test_a_total_is_no_company(name: str, is_total: bool):
    assert bool(TOTAL.fullmatch(name)) is is_total


def test_who_may_import(client: Client, cast: Cast):
    for role, status in (("bde", 200), ("ddfpt", 200), ("direction", 403), ("secretariat", 403), ("enseignant", 403)):
        client.force_login(cast.by_role()[role].user)
        assert client.get(f"/etablissements/{cast.school.uai}/imports/taxe/nouveau/").status_code == status


@given(st.integers(0, 10**9).map(lambda n: Decimal(n) / 100))
def test_amounts_are_exact(value: Decimal):
    for text in (
        f"{value:.2f}",
        f"{value:.2f}".replace(".", ","),
        f"{value:,.2f}".replace(",", " ").replace(".", ",") + " €",
    ):
        assert amount(text) == value


def test_an_amount_that_says_nothing_is_refused():
    with pytest.raises(Refused):
        amount("?")


def test_the_lines_make_the_sum_of_the_file(import_: Traveller, cast: Cast):
    """What comes in is, to the cent, what the file says."""
    partners = [PartnerFactory(school=cast.school, name=f"Atelier {word}") for word in ("Un", "Deux", "Trois")]
    cents = [1, 999_99, 123_456_78, 10, 333_33, 66_67]
    lines = [
        [partners[rank % 3].name, "", f"{value / 100:.2f}".replace(".", ","), DAY, "2026", ""]
        for rank, value in enumerate(cents)
    ]
    import_.send([HEADER, *lines]).columns().apply()
    assert sum(row.amount for row in rows_of(import_)) == Decimal(sum(cents)) / 100
