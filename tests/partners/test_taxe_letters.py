"""Thanks: the letter and its paper, one or all, the message, undone, gifts and the board."""

import io
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pypdf import PdfReader

from core import jobs, pdf
from core.models import Job
from partners import documents, mailing, taxe
from partners.documents import Line, ThanksContent
from partners.enums import ContributionNature
from partners.models import Contribution, Mailing
from schools.models import School
from tests.conftest import Cast
from tests.factories import CampaignFactory, ContactFactory, ContributionFactory, PartnerFactory

TODAY = date(2026, 11, 22)
YEAR = timezone.localdate().year
CONTENT = ThanksContent(
    school_name="Lycée Hélène-Brisson",
    school_uai="9700001A",
    school_address=("1 rue de l’Atelier", "02000 Laon"),
    school_contact=("03 23 00 00 00", "ce@lycee.example"),
    school_city="Laon",
    head_name="Nora LAMBERT",
    addressee=("Garage Lune", "À l’attention de Anne Lune", "2 rue Haute", "02000 Laon"),
    day=TODAY,
    campaign=2026,
    lines=(
        Line(nature="solde_taxe", amount=Decimal("1234.50"), received_date=date(2026, 7, 11), origin="employeur"),
        Line(nature="solde_taxe", amount=Decimal("65.50"), received_date=date(2026, 11, 7)),
        Line(nature="don_nature", amount=Decimal(900), received_date=date(2026, 9, 1), board_date=date(2026, 10, 6)),
    ),
    uses=("Un banc d’essai", "Des sorties en entreprise"),
)


def words(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).replace("\u202f", " ").replace("\xa0", " ").split())


def printed(file: bytes) -> list[str]:
    return [
        " ".join(page.extract_text().replace("\u202f", " ").replace("\xa0", " ").split())
        for page in PdfReader(io.BytesIO(file)).pages
    ]


def test_the_letter_says_what_was_received_and_what_it_is_for():
    said = words(documents.html(CONTENT))
    assert "1 300 €" in said  # the taxe alone
    assert "2 200" not in said  # the gift never joins it (R-TA-06)
    assert "11 juillet 2026" in said
    assert "7 novembre 2026" in said
    assert "valeur estimée à 900 €" in said
    assert "a autorisé l’acceptation le 6 octobre 2026" in said  # R-TA-07
    assert "Un banc d’essai" in said
    assert "Nora LAMBERT" in said
    assert "Laon, le 22 novembre 2026" in said
    assert "ne vaut pas reçu" in said  # R-TA-02
    assert "campagne 2026" in said
    for never in (" dû", "devez", "{", "http", "None"):
        assert never not in said


def test_the_remainder_is_not_the_employers_choice():
    line = replace(CONTENT.lines[0], origin="reliquat")
    said = words(documents.html(replace(CONTENT, lines=(line,), uses=(), head_name="")))
    assert "Vous avez choisi" not in said
    assert "bénéficie d’une part" in said


def test_the_same_letter_gives_the_same_bytes_on_one_page():
    first = documents.render(CONTENT)
    assert documents.render(CONTENT) == first
    assert len(printed(first)) == 1


def test_the_paper_is_accessible(tmp_path: Any):
    """Tagged, titled, in French, PDF/UA-1, with its fonts inside."""
    file = tmp_path / "letter.pdf"
    file.write_bytes(documents.render(CONTENT))
    reader = PdfReader(file)
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == documents.title_of(CONTENT)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    fonts = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout
    assert " no " not in "\n".join(line[50:60] for line in fonts.splitlines()[2:])


def test_a_long_list_and_odd_names_stay_readable():
    odd = "<script>alert(1)</script> & 🚗 \u202eegarag " + "long " * 50
    lines = tuple(
        Line(nature="solde_taxe", amount=Decimal("999999.99"), received_date=date(2026, 7, 1)) for _ in range(40)
    )
    content = replace(CONTENT, addressee=(odd, odd), lines=lines, uses=tuple(odd + str(n) for n in range(10)))
    assert "<script>" not in documents.html(content)
    assert pdf.page_count(documents.render(content)) >= 2


# ------------------------------------------------------------------------------------------------------- from the pages


@pytest.fixture
def campaign(cast: Cast) -> Any:
    return CampaignFactory(school=cast.school, campaign=YEAR)


def gift(cast: Cast, name: str, amount: int = 100, **values: Any) -> Contribution:
    partner = PartnerFactory(school=cast.school, name=name)
    ContactFactory(
        school=cast.school,
        partner=partner,
        role="taxe_apprentissage",
        email=values.pop("email", f"{name[:3]}@x.example"),
    )
    values = {"received_date": date(YEAR, 1, 11)} | values
    return ContributionFactory(school=cast.school, partner=partner, campaign=YEAR, amount=amount, **values)


def here(cast: Cast, campaign: Any, name: str = "campaign_thanks") -> str:
    return reverse(f"partners:{name}", args=[cast.school.uai, campaign.public_id])


def last_job() -> Job:
    return Job.objects.order_by("-pk")[0]


def test_all_the_letters_of_a_campaign_then_undone(as_bde: Client, cast: Cast, campaign: Any):
    School.objects.filter(pk=cast.school.pk).update(head_name="Nora LAMBERT")
    rows = [gift(cast, name) for name in ("Garage Lune", "Menuiserie Chêne")]
    promised = gift(cast, "Promet seulement", received_date=None)
    response = as_bde.post(f"{here(cast, campaign)}?forme=impression", {"qui": "tous"}, follow=True)
    assert "2 lettres se préparent" in response.content.decode().replace("\xa0", " ")
    jobs.run_waiting()
    job = last_job()
    assert job.state == "done"
    with job.result_file.open("rb") as file:
        pages = printed(file.read())
    assert ["Garage Lune" in page or "Menuiserie Chêne" in page for page in pages] == [True, True]
    assert all("Nora LAMBERT" in page for page in pages)
    for row in rows:
        row.refresh_from_db()
        assert row.thanked_date == timezone.localdate()
    promised.refresh_from_db()
    assert promised.thanked_date is None
    page = as_bde.get(f"{here(cast, campaign)}?travail={job.public_id}")
    assert "Télécharger les lettres" in page.content.decode()
    undo = reverse("partners:thanks_undo", args=[cast.school.uai, campaign.public_id])
    as_bde.post(f"{undo}?travail={job.public_id}")
    for row in rows:
        row.refresh_from_db()
        assert row.thanked_date is None


def test_some_letters_as_a_zip(as_bde: Client, cast: Cast, campaign: Any):
    one, other = gift(cast, "Garage Lune"), gift(cast, "Menuiserie Chêne")
    as_bde.post(here(cast, campaign), {"choix": str(one.partner.public_id), "forme": "zip"})
    jobs.run_waiting()
    with last_job().result_file.open("rb") as file:
        assert zipfile.ZipFile(file).namelist() == ["001-garage-lune.pdf"]
    other.refresh_from_db()
    assert other.thanked_date is None


def test_one_letter_from_the_payment_and_again(as_bde: Client, cast: Cast, campaign: Any):
    row = gift(cast, "Garage Lune")
    more = ContributionFactory(
        school=cast.school, partner=row.partner, campaign=YEAR, amount=50, received_date=date(YEAR, 1, 20)
    )
    letter = reverse("partners:contribution_letter", args=[cast.school.uai, row.public_id])
    as_bde.post(letter)
    more.refresh_from_db()
    assert more.thanked_date == timezone.localdate()  # one letter for the partner's campaign
    as_bde.post(letter)
    jobs.run_waiting()
    files = []
    for job in Job.objects.filter(kind="partners.render_thanks"):
        with job.result_file.open("rb") as file:
            files.append(printed(file.read()))
    assert len(files) == 2
    assert files[0] == files[1]
    assert "150 €" in files[0][0]


def test_a_promise_is_not_thanked_for(as_bde: Client, cast: Cast, campaign: Any):
    row = gift(cast, "Promet", received_date=None)
    response = as_bde.post(reverse("partners:contribution_letter", args=[cast.school.uai, row.public_id]), follow=True)
    assert "n’est que promis" in response.content.decode()
    assert not Job.objects.exists()


def test_a_gift_without_the_boards_date_is_said(as_bde: Client, cast: Cast, campaign: Any):
    row = gift(cast, "Garage Lune", nature=ContributionNature.GIFT_MONEY)
    assert "Don sans acceptation du conseil" in as_bde.get(here(cast, campaign)).content.decode()
    assert "Acceptation à noter" in as_bde.get(row.get_absolute_url()).content.decode()
    Contribution.objects.filter(pk=row.pk).update(board_date=TODAY)
    assert "Don sans acceptation" not in as_bde.get(here(cast, campaign)).content.decode()


def test_thanks_by_mail(as_bde: Client, cast: Cast, campaign: Any):
    row = gift(cast, "Garage Lune", 420, use="Un banc d’essai.")
    silent = gift(cast, "Menuiserie Chêne", email="")
    chosen = {"qui": "tous"}
    page = as_bde.post(here(cast, campaign, "campaign_write"), chosen)
    said = words(page.content.decode())
    assert "420 € de taxe d’apprentissage" in said
    assert "Aucune adresse de courriel" in said
    body = "{bonjour}\n\nReçu : {montant}.\n\nCe que cela permet : {emploi}."
    response = as_bde.post(
        here(cast, campaign, "campaign_write"),
        chosen | {"subject": "Merci", "body": body, "etape": "envoyer"},
        follow=True,
    )
    assert "1 message part" in words(response.content.decode())
    jobs.run_waiting()
    assert [message.to for message in outbox.outbox] == [["Gar@x.example"]]
    assert mailing.outcome(Mailing.objects.in_school(cast.school).get())["sent"] == 1
    text = outbox.outbox[0].body.replace("\xa0", " ")
    assert "Reçu : 420 € de taxe d’apprentissage." in text
    assert "Ce que cela permet : un banc d’essai." in text
    row.refresh_from_db()
    silent.refresh_from_db()
    assert (row.thanked_date, silent.thanked_date) == (timezone.localdate(), None)


def test_undoing_before_the_messages_leave_sends_nothing(as_bde: Client, cast: Cast, campaign: Any):
    row = gift(cast, "Garage Lune")
    sent = taxe.thank_by_mail(
        cast.school, [row.pk], subject="Merci", body="Merci", member=cast.bde, today=timezone.localdate()
    )
    assert sent.job is not None
    undo = reverse("partners:thanks_undo", args=[cast.school.uai, campaign.public_id])
    response = as_bde.post(f"{undo}?travail={sent.job.public_id}", follow=True)
    assert "rien n’est envoyé" in response.content.decode()
    jobs.run_waiting()
    assert outbox.outbox == []
    row.refresh_from_db()
    assert row.thanked_date is None


def test_nothing_ticked_is_said(as_bde: Client, cast: Cast, campaign: Any):
    gift(cast, "Garage Lune")
    response = as_bde.post(here(cast, campaign), {"forme": "impression"}, follow=True)
    assert "Cochez au moins un partenaire" in response.content.decode()
    assert as_bde.post(here(cast, campaign), {"forme": "autre"}).status_code == 400
