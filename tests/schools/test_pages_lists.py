"""What every list offers: columns chosen, files of what is on screen, saved views, the way back."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from schools import pages
from schools.models import SavedView
from tests.conftest import Cast
from tests.core.test_spreadsheets import read_ods
from tests.factories import NetworkFactory, OfferFactory, PartnerFactory, SavedViewFactory


@pytest.fixture
def listed(cast: Cast) -> str:
    PartnerFactory(school=cast.school, name="=Énergies Soleil-Haut", city="Laon", phone="0261916930")
    PartnerFactory(school=cast.school, name="Boulangerie Martin", city="Soissons", status="dormant")
    return reverse("partners:partner_list", args=[cast.school.uai])


def heads(page: str) -> list[str]:
    """The labels of the table's columns, as a reader sees them."""
    head = page[page.index("<thead>") : page.index("</thead>")]
    return [label for label in ("Nom", "Commune", "Métier", "Statut", "Téléphone", "SIRET") if f">{label}" in head]


def test_columns_are_chosen_in_the_address_and_the_name_stays(as_bde, listed):
    assert heads(as_bde.get(listed).content.decode()) == ["Nom", "Commune", "Métier", "Statut"]
    page = as_bde.get(listed + "?colonnes=telephone&colonnes=commune").content.decode()
    assert heads(page) == ["Nom", "Commune", "Téléphone"]
    assert page.index(">Téléphone") and "0261916930" in page
    assert 'value="telephone" checked' in page
    assert 'value="statut" checked' not in page


@pytest.mark.parametrize(
    "query",
    ["colonnes=evil", "colonnes=", "page=999999", "page=evil", "par_page=1000000000", "par_page=", "q=" + "é" * 300,
     "q=😀", "q=مرحبا", "q=%3Cscript%3Ealert(1)%3C/script%3E", "q=%00", "statut=evil", "vue=evil", "format=evil"],
)  # fmt: skip
def test_a_strange_address_still_answers(as_bde, listed, query):
    answer = as_bde.get(f"{listed}?{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("query", ["tri=evil", "tri=--name", "par_page=mille", "&".join(["colonnes=x"] * 70)])
def test_a_senseless_one_is_a_400(as_bde, listed, query):
    assert as_bde.get(f"{listed}?{query}").status_code == 400


def test_the_three_files_hold_what_is_on_screen(as_bde, cast, listed):
    query = "?statut=actif&colonnes=telephone&colonnes=commune&tri=-search_text"
    expected = [["Nom", "Téléphone", "Commune"], ["=Énergies Soleil-Haut", "0261916930", "Laon"]]
    book = openpyxl.load_workbook(io.BytesIO(as_bde.get(f"{listed}{query}&format=xlsx").content))
    assert [[cell.value for cell in row] for row in book.active.iter_rows()] == expected
    ods = as_bde.get(f"{listed}{query}&format=ods")
    assert ods["Content-Type"] == "application/vnd.oasis.opendocument.spreadsheet"
    assert [[text for _, text, _ in row] for row in read_ods(ods.content)] == expected
    text = as_bde.get(f"{listed}{query}&format=csv").content.decode("utf-8-sig").splitlines()
    assert text == ["Nom;Téléphone;Commune", "'=Énergies Soleil-Haut;0261916930;Laon"]


def test_a_file_has_every_page(as_bde, cast, listed):
    PartnerFactory.create_batch(60, school=cast.school)
    lines = as_bde.get(f"{listed}?par_page=25&page=2&format=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 62


def test_too_much_for_a_file_is_said(as_bde, cast, listed, monkeypatch):
    monkeypatch.setattr(pages, "MAX_EXPORT", 1)
    answer = as_bde.get(f"{listed}?tri=city&format=csv", follow=True)
    assert answer.redirect_chain == [(f"{listed}?tri=city", 302)]
    assert "Ajoutez un filtre" in answer.content.decode()


# ------------------------------------------------------------------------------------------------------- saved views


def save(client: Client, cast: Cast, **typed: str):
    url = reverse("schools:saved_view_new", args=[cast.school.uai])
    return client.post(url, {"label": "Dormants", "page": "partners:partner_list", "query": "statut=dormant", **typed})


def test_a_view_is_kept_under_a_name_and_opened_again(as_bde, cast, listed):
    answer = save(as_bde, cast, query="statut=dormant&colonnes=telephone&page=3&evil=1")
    assert answer["Location"] == f"{listed}?statut=dormant&colonnes=telephone"
    page = as_bde.get(listed).content.decode()
    assert 'aria-label="Vues enregistrées"' in page and ">Dormants</a>" in page
    view = SavedView.objects.in_school(cast.school).get()
    assert (view.membership, view.is_shared) == (cast.bde, False)
    assert as_bde.get(view.get_absolute_url())["Location"] == answer["Location"]


def test_a_view_of_one_s_own_stays_so_and_a_shared_one_is_everybody_s(as_bde, as_teacher, cast, listed):
    client = Client()
    client.force_login(cast.bde.user)
    save(client, cast)
    client.force_login(cast.teacher.user)
    assert "Dormants" not in client.get(listed).content.decode()
    SavedView.objects.in_school(cast.school).update(is_shared=True)
    assert "Dormants" in client.get(listed).content.decode()


def test_a_name_stands_once(as_bde, cast):
    save(as_bde, cast)
    answer = save(as_bde, cast)
    assert answer.status_code == 422
    assert "porte déjà ce nom" in answer.content.decode()
    save(as_bde, cast, label="Autre")
    other = SavedView.objects.in_school(cast.school).get(label="Autre")
    edit = reverse("schools:saved_view_edit", args=[cast.school.uai, other.public_id])
    assert as_bde.post(edit, {"label": "Dormants", "version": 1}).status_code == 422
    assert as_bde.post(edit, {"label": "Encore autre", "version": 1}).status_code == 302


def test_the_list_opens_on_the_view_chosen_for_it(as_bde, cast, listed):
    save(as_bde, cast, opens_first="on")
    assert as_bde.get(listed)["Location"] == f"{listed}?statut=dormant"
    assert as_bde.get(f"{listed}?vue=tout").status_code == 200
    save(as_bde, cast, label="Actifs", query="statut=actif", opens_first="on")
    assert as_bde.get(listed)["Location"] == f"{listed}?statut=actif"


def test_another_s_shared_view_does_not_open_first(as_bde, cast, listed):
    SavedViewFactory(school=cast.school, membership=cast.ddfpt, opens_first=True)
    assert as_bde.get(listed).status_code == 200


def test_a_view_of_filters_that_are_gone_opens_what_is_left(as_bde, cast, listed):
    view = SavedViewFactory(school=cast.school, query="statut=actif&filtre_disparu=1&tri=password&colonnes=evil")
    assert as_bde.get(view.get_absolute_url())["Location"] == f"{listed}?statut=actif"
    gone = SavedViewFactory(school=cast.school, page="partners:no_such_list")
    assert as_bde.get(gone.get_absolute_url()).status_code == 302
    odd = SavedViewFactory(school=cast.school, query="statut=statut_disparu")
    answer = as_bde.get(odd.get_absolute_url(), follow=True)
    assert answer.status_code == 200


def test_a_view_is_changed_by_its_author_only(as_bde, cast):
    view = SavedViewFactory(school=cast.school, membership=cast.ddfpt)
    for page in ("edit", "delete"):
        url = reverse(f"schools:saved_view_{page}", args=[cast.school.uai, view.public_id])
        assert as_bde.post(url, {"label": "Mienne", "version": 1}).status_code == 403
    view.refresh_from_db()
    assert view.label != "Mienne"


def test_no_view_of_a_list_that_is_none(as_bde, cast):
    assert save(as_bde, cast, page="https://ailleurs.example").status_code == 422


# -------------------------------------------------------------------------------------------------------- the way back


def test_one_comes_back_to_the_list_as_it_was(as_bde, cast, listed):
    partner = PartnerFactory(school=cast.school)
    as_bde.get(f"{listed}?statut=actif&tri=city&page=1&q=")
    offers = reverse("partners:offer_list", args=[cast.school.uai])
    offer = OfferFactory(school=cast.school, partner=partner)
    as_bde.get(f"{offers}?type=emploi")
    form = as_bde.get(reverse("partners:partner_edit", args=[cast.school.uai, partner.public_id])).content.decode()
    assert f'href="{listed}?statut=actif&amp;tri=city&amp;page=1"' in form
    page = as_bde.get(partner.get_absolute_url()).content.decode()
    assert f'href="{listed}?statut=actif&amp;tri=city&amp;page=1"' in page
    assert f'href="{offers}?type=emploi"' in as_bde.get(offer.get_absolute_url()).content.decode()


def test_a_list_left_unfiltered_is_found_unfiltered(as_bde, cast, listed):
    offers = reverse("partners:offer_list", args=[cast.school.uai])
    offer = OfferFactory(school=cast.school)
    as_bde.get(f"{offers}?type=emploi")
    as_bde.get(offers)
    assert f'href="{offers}"' in as_bde.get(offer.get_absolute_url()).content.decode()


def test_the_session_is_written_only_when_the_list_changes(as_bde, cast, listed):
    as_bde.get(f"{listed}?statut=actif")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        as_bde.get(f"{listed}?statut=actif")
    assert not [query for query in seen if "UPDATE" in query["sql"] and "django_session" in query["sql"]]


@pytest.mark.django_db
def test_one_row_of_an_irregular_noun_is_said_in_the_singular(as_bde: Client, cast: Cast) -> None:
    NetworkFactory(school=cast.school)
    page = as_bde.get(reverse("conventions:network_list", args=[cast.school.uai])).content.decode()
    assert "réseau" in page
    assert "réseau,réseaux" not in page
