"""The partnership agreement on paper: what it says, that it prints well, how it is issued and signed."""

import io
import json
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import page
import pytest
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from pypdf import PdfReader

from conventions import commitments, documents, emblems, papers, proposals
from conventions.documents import AgreementContent, Change, Frame, PartnerParty, Promise, School
from conventions.enums import EmblemKind
from conventions.models import Agreement
from core import pdf, pictures
from core.frozen import SchemaError
from core.models import Job
from documents import circuit, describing, reading, subjects
from documents.enums import SignatureRole, SignatureStatus
from documents.models import Document, Signature, SignerProposal
from documents.subjects import Mark
from partners.models import Contact
from tests.conftest import Cast
from tests.conventions.test_emblems import picture
from tests.factories import (
    AgreementFactory,
    AgreementReviewFactory,
    CommitmentFactory,
    ContactFactory,
    PartnerFactory,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FULL = AgreementContent(
    number="CONVENTION-2026-00012",
    version=1,
    issued_date=date(2026, 11, 22),
    title="Partenariat pour les métiers du bois",
    school=School(
        name="Lycée professionnel Jeanne-Barret", uai="0021987K", academy="Amiens",
        address="14 rue des Tanneurs, 02000 Laon", city="Laon", phone="03 23 20 14 55",
        email="ce.0021987k@academie.example", head_name="Hélène Vasseur",
    ),
    partner=PartnerParty(
        name="Menuiserie Boisclair & Fils", kind="Entreprise", siret="00002984300018",
        address="89 rue Pasteur, 27000 Évreux", phone="02 61 91 69 30", email="contact@boisclair.example",
        representative_name="Paul Boisclair", representative_role="gérant",
    ),
    purpose="Faire découvrir les métiers du bois aux élèves.",
    axes=("Découverte des métiers", "Stages et PFMP"),
    publics=("Élèves de 1re TMA",),
    actions=("Visite d’entreprise", "Job dating"),
    promises=(
        Promise(axis="Découverte des métiers", side="Le partenaire", label="Recevoir des classes", target="6 visites", due_date=date(2027, 6, 30)),
        Promise(axis="Moyens", side="Le partenaire", label="Soutien par la taxe", target="1 500 €", note="Chaque année."),
    ),
    promised_kinds=("actions", "places", "taxe", "materiel", "offres"),
    frame=Frame(level="nationale", title="Convention de la filière bois", signatory="FFB", signed_date=date(2023, 5, 4)),
    board_vote_date=date(2026, 11, 9),
    start_date=date(2026, 12, 1),
    end_date=date(2029, 11, 30),
    tacit_renewal=True,
    renewal_months=12,
    notice_days=90,
    follow_up="Un point chaque trimestre.",
    contact="Paul Boisclair, gérant",
    referent="Sofia Benamar",
    reviews=(date(2027, 6, 15),),
)  # fmt: skip
BARE = AgreementContent(
    number="CONVENTION-2026-00013", version=1, issued_date=date(2026, 11, 22), title="Partenariat",
    school=School(name="LP", uai="0021987K"), partner=PartnerParty(name="Association"),
)  # fmt: skip
HOSTILE = '<script>alert(1)</script> & "« a »" 🎓 \u202eالعربية {% si taxe %} {{ objet }}'
LONG = "Société-anonyme-de-construction-" * 10
EXTREME = replace(
    FULL,
    title=f"{HOSTILE} {LONG}",
    purpose=f"{HOSTILE}\nDeux.\n- trois\n" + "Un objet qui n’en finit pas. " * 40,
    partner=replace(FULL.partner, name=f"{HOSTILE} {LONG}", representative_name=LONG, address=LONG),
    axes=tuple(f"{HOSTILE} {n}" for n in range(9)),
    promises=tuple(
        replace(FULL.promises[0], label=f"{HOSTILE} {LONG}" if n % 4 == 0 else f"Engagement {n}", axis=HOSTILE)
        for n in range(24)
    ),
    follow_up=HOSTILE,
    contact=LONG,
)
DRAWABLE = AgreementContent.from_json(
    json.loads(json.dumps(EXTREME.to_json(), ensure_ascii=False).replace("🎓 \u202eالعربية", ""))
)
"""A small server has no font for emoji nor Arabic: a box stands for each sign, which PDF/UA does not allow."""
ALL = {"full": FULL, "bare": BARE, "extreme": DRAWABLE}


def words(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())


def sheets(file: bytes) -> list[str]:
    return [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(file)).pages]


# ---------------------------------------------------------------------------------------------------- what the paper says


def test_the_paper_names_everyone_and_everything():
    said = words(documents.html(FULL))
    for part in (
        "Lycée professionnel Jeanne-Barret", "Hélène Vasseur, chef d’établissement", "Menuiserie Boisclair & Fils",
        "000 029 843 00018", "Paul Boisclair, gérant", "CONVENTION-2026-00012", "R421-20",
        "la convention nationale « Convention de la filière bois » (FFB) du 4 mai 2023", "délibération du conseil d’administration du 9 novembre 2026",
        "Faire découvrir les métiers du bois", "Découverte des métiers", "Visite d’entreprise", "Élèves de 1re TMA",
        "6 visites", "30/06/2027", "1 500 €", "Chaque année.", "15 juin 2027", "Un point chaque trimestre.",
        "prend effet le 1er décembre 2026", "jusqu’au 30 novembre 2029", "chaque fois pour un an", "trois mois à l’avance",
        "règlement (UE) 2016/679", "tribunal administratif", "Sofia Benamar", "taxe d’apprentissage", "don de matériel",
    ):  # fmt: skip
        assert part in said.replace("\u00a0", " ").replace("\u202f", " "), part


def test_each_case_prints_its_own_words_only():
    said = words(documents.html(BARE))
    for absent in ("convention nationale", "académique", "reconduit tacitement,", "L6241-2", "Annexe", "Bilans prévus"):
        assert absent not in said, absent
    assert "prend effet à la dernière signature" in said
    assert "conclue sans terme" in said
    assert "préavis d’un mois" in said
    for level, part in (
        ("academique", "la convention académique «"),
        ("region_academique", "de la région académique «"),
    ):
        frame = Frame(level=level, title="Convention")
        assert part in words(documents.html(replace(FULL, frame=frame))).replace("\u00a0", " ")
    renewed = words(documents.html(replace(FULL, renews="« Bois 1 » du 3 mai 2023")))
    assert "prend la suite de la convention « Bois 1 »" in renewed.replace("\u00a0", " ")


def test_what_is_missing_is_a_dotted_line_never_a_word():
    html = documents.html(BARE)
    assert "None" not in html and 'class="blank' in html


@pytest.mark.parametrize("content", [EXTREME], ids=["extreme"])
def test_what_people_type_is_only_text(content):
    html = documents.html(content)
    assert "<script>" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 10
    assert "{{ objet }}" in html


def test_an_avenant_names_the_agreement_and_what_changes():
    avenant = replace(
        FULL,
        amends_number="CONVENTION-2026-00002",
        amends_date=date(2025, 3, 1),
        effective_date=date(2027, 1, 1),
        changes=(Change(label="Fin", before="31 août 2027", after="31 août 2028"),),
    )
    said = words(documents.html(avenant))
    assert "modifie la convention n° CONVENTION-2026-00002" in said
    assert "à compter du 01/01/2027" in said
    assert "31 août 2027" in said and "31 août 2028" in said and "Article 1." not in said
    assert documents.title_of(avenant).startswith("Avenant")
    assert pdf.page_count(documents.render(avenant)) == 1


@pytest.mark.parametrize("content", ALL.values(), ids=ALL)
def test_the_content_comes_back_the_same_from_json(content):
    assert AgreementContent.from_json(content.to_json()) == content
    with pytest.raises(SchemaError):
        AgreementContent.from_json({**content.to_json(), "schema": 99})


# ---------------------------------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize(("name", "most"), [("bare", 3), ("full", 3), ("extreme", 12)])
def test_the_file_is_short_and_conforms_to_pdf_ua(name, most):
    content = ALL[name]
    file = documents.render(content)
    assert 1 <= pdf.page_count(file) <= most
    report = page.validate_pdf_bytes(file, profile="ua1")
    assert (report.rules.failed, [failure.message for failure in report.failures]) == (0, [])
    found = sheets(file)
    assert f"page 1 / {len(found)}" in found[0]
    assert ["Le chef d’établissement signe en dernier" in sheet for sheet in found].count(True) == 1
    last = found[-1]
    assert "Pour le partenaire" in last and "Pour le lycée" in last
    assert file == documents.render(AgreementContent.from_json(content.to_json()))


def test_what_no_font_can_draw_does_not_stop_the_paper():
    more = pdf.page_count(documents.render(EXTREME)) - pdf.page_count(documents.render(DRAWABLE))
    assert 0 <= more <= 1  # as long as its words, boxes included


def test_nothing_is_lost_in_black_and_white(tmp_path):
    (tmp_path / "paper.pdf").write_bytes(documents.render(FULL))
    subprocess.run(["pdftoppm", "-r", "30", tmp_path / "paper.pdf", tmp_path / "sheet"], check=True)
    for sheet in tmp_path.glob("*.ppm"):
        pixels = sheet.read_bytes().split(b"\n", 3)[3]
        assert all(pixels[i] == pixels[i + 1] == pixels[i + 2] for i in range(0, len(pixels), 3))


# --------------------------------------------------------------------------------------------------- from an agreement


@pytest.fixture
def agreement(cast: Cast) -> Agreement:
    school = cast.bde.school
    school.head_name, school.city = "Nadia Lefèvre", "Laon"
    school.save()
    partner = PartnerFactory(school=school, name="Menuiserie Boisclair", email="bureau@boisclair.example")
    ContactFactory(school=school, partner=partner, last_name="Ancien", role="dirigeant", is_active=False)
    ContactFactory(
        school=school, partner=partner, last_name="Boisclair", first_name="Paul", role="dirigeant", position="gérant",
        email="paul@boisclair.example",
    )  # fmt: skip
    hr = ContactFactory(school=school, partner=partner, last_name="Dumont", first_name="Claire", role="rh")
    parent = AgreementFactory(school=school, is_frame=True, title="Filière bois", signed_date=date(2023, 5, 4))
    made: Agreement = AgreementFactory(
        school=school, partner=partner, title="Métiers du bois", parent=parent, contact=hr, referent=cast.bde,
        axes="Découverte | Stages", publics="1re TMA|Terminale", action_types=["visite_entreprise", "inconnu"],
        board_vote_date=date(2026, 11, 9), signed_date=None, stage="votee", start_date=date(2026, 12, 1),
        end_date=date(2029, 11, 30), tacit_renewal=True, renewal_months=24, notice_days=60,
    )  # fmt: skip
    CommitmentFactory(school=school, agreement=made, axis="Découverte", side="partenaire", kind="actions", action_type="visite_entreprise", label="Recevoir des classes", target=Decimal(6))  # fmt: skip
    AgreementReviewFactory(school=school, agreement=made, planned_date=date(2027, 6, 15))
    AgreementReviewFactory(school=school, agreement=made, planned_date=date(2026, 1, 15))
    return made


def test_an_agreement_becomes_content(agreement, cast):
    found = documents.with_relations(Agreement.objects.in_school(agreement.school)).get(pk=agreement.pk)
    content = documents.content_of(
        found, number="C-1", version=1, issued_date=date(2026, 11, 22), signer=documents.signer_of(found)
    )
    assert content.partner.representative_name == "Paul Boisclair"
    assert (content.axes, content.publics) == (("Découverte", "Stages"), ("1re TMA", "Terminale"))
    assert content.actions == ("Visite d’entreprise",)
    assert content.promises[0].target.replace("\u00a0", " ") == "6 visites"
    assert content.frame is not None and content.frame.level == "nationale"
    assert content.reviews == (date(2027, 6, 15),)
    assert content.contact == "Claire Dumont" and content.referent == cast.bde.full_name
    assert words(documents.html(content)).replace("\u00a0", " ").count("deux ans") == 1


def test_the_contact_of_the_agreement_signs_when_they_lead(agreement):
    other = ContactFactory(school=agreement.school, partner=agreement.partner, last_name="Neuf", role="dirigeant")
    agreement.contact = other
    assert documents.signer_of(agreement) == other
    agreement.contact = ContactFactory(school=agreement.school, last_name="Ailleurs", role="dirigeant")
    assert documents.signer_of(agreement).last_name == "Boisclair"
    Contact.objects.in_school(agreement.school).filter(role="dirigeant").update(is_active=False)
    agreement.contact = ContactFactory(school=agreement.school, partner=agreement.partner, last_name="Seule", role="rh")
    assert documents.signer_of(agreement).last_name == "Seule"


def test_issuing_freezes_numbers_and_asks_two_parties(agreement, cast):
    document = papers.issue_agreement(agreement, by=cast.bde.user, now=NOW)
    assert document.number == "CONVENTION-2026-00001"
    assert describing.summary(document).title == "Métiers du bois"
    rows = {row.role: row for row in Signature.objects.in_school(agreement.school).filter(document=document)}
    assert set(rows) == {"partenaire", "chef_etablissement"}
    assert rows["partenaire"].email == "paul@boisclair.example"
    assert (rows["chef_etablissement"].name, rows["chef_etablissement"].email) == ("Nadia Lefèvre", cast.head.email)
    assert rows["partenaire"].turn < rows["chef_etablissement"].turn
    assert Job.objects.filter(key=f"document:{document.pk}").exists()
    documents.render_and_store(document)
    document.refresh_from_db()
    first = document.sha256
    agreement.partner.name = "Autre nom"
    agreement.partner.save()
    documents.render_and_store(document)
    document.refresh_from_db()
    assert document.sha256 == first
    second = papers.issue_agreement(agreement, by=cast.bde.user, now=NOW, replaces=document)
    assert (second.number, second.edition) == (document.number, 2)
    assert set(document.signatures.values_list("status", flat=True)) == {"annulee"}
    assert subjects.link_of(second) == ("Métiers du bois", agreement.get_absolute_url())
    assert subjects.folders_of([document, second])[second.pk] == "Conventions de partenariat/Autre nom"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("axes", " | ", "axe de travail"),
        ("board_vote_date", None, "délibération"),
    ],
)
def test_a_paper_without_what_it_must_say_is_not_issued(agreement, cast, name, value, sentence):
    setattr(agreement, name, value)
    agreement.save()
    with pytest.raises(ValidationError, match=sentence):
        papers.issue_agreement(agreement, by=cast.bde.user, now=NOW)
    assert not Document.objects.in_school(agreement.school).exists()


def test_a_paper_needs_someone_to_sign_it(agreement, cast):
    Contact.objects.in_school(agreement.school).update(role="rh", is_active=False)
    agreement.school.head_name = " "
    agreement.school.save()
    with pytest.raises(ValidationError) as refusal:
        papers.issue_agreement(agreement, by=cast.bde.user, now=NOW)
    assert len(refusal.value.messages) == 2
    frame = AgreementFactory(school=agreement.school, is_frame=True)
    with pytest.raises(ValidationError, match="cadre"):
        papers.issue_agreement(frame, by=cast.bde.user, now=NOW)


def test_logos_stand_on_the_paper_and_a_seal_with_its_signature_only(agreement, cast):
    school, partner = agreement.school, agreement.partner
    for owner in (None, partner):
        for kind in EmblemKind:
            emblems.put(school, owner, kind, pictures.reread(picture(300, 120), "a.png"), by=None)
    document = papers.issue_agreement(agreement, by=cast.bde.user, now=NOW)
    html = documents.draw_signed(document, ()).html
    assert html.count("data:image/png") == 2
    assert "Logo : Menuiserie Boisclair" in unescape(html)
    shown = reading.as_page(document)  # what a signer reads: the words, without pictures that pages refuse
    assert "Métiers du bois" in unescape(shown) and "data:" not in shown and "<img" not in shown
    mark = Mark(SignatureRole.PARTNER, "Paul Boisclair", "Signé en ligne le 22 novembre 2026 à 10 h 00")
    drawing = documents.draw_signed(document, [mark])
    assert drawing.html.count("data:image/png") == 3
    assert "Signé en ligne le 22 novembre 2026" in drawing.html
    deputy = Mark(SignatureRole.HEAD, "Omar Diallo", "Signé en ligne", "par délégation du chef d’établissement")
    drawing = documents.draw_signed(document, [mark, deputy])
    assert drawing.html.count("data:image/png") == 4
    assert "Omar Diallo" in drawing.html and "par délégation" in drawing.html
    file = pdf.archive([drawing], title=drawing.title, moment=NOW)
    for profile in ("ua1", "3a"):
        assert page.validate_pdf_bytes(file, profile=profile).rules.failed == 0, profile
    before = documents.draw_signed(document, [mark]).html
    emblems.put(school, partner, EmblemKind.LOGO, pictures.reread(picture(50, 90), "b.png"), by=None)
    emblems.remove(emblems.of(school, None)["logo"], by=cast.bde.user)
    assert documents.draw_signed(document, [mark]).html == before  # what was issued keeps its pictures


def test_all_have_signed_and_the_agreement_is(agreement, cast):
    document = papers.issue_agreement(agreement, by=cast.bde.user, now=NOW)
    documents.render_and_store(document)
    for row in Signature.objects.in_school(agreement.school).filter(document=document):
        circuit.note_paper(row, signed_on=date(2026, 11, 22), by=cast.bde.user, now=NOW)
    agreement.refresh_from_db()
    assert agreement.signed_date == date(2026, 11, 22)
    document.refresh_from_db()
    change = Change(label="Fin", before="30 novembre 2029", after="31 août 2030")
    avenant = papers.issue_avenant(
        agreement, document, changes=[change], effective_date=date(2027, 1, 1), by=cast.bde.user, now=NOW
    )
    assert avenant.amends == document and avenant.number != document.number
    document.refresh_from_db()
    assert document.completed_at is not None
    with pytest.raises(ValidationError, match="ce qui change"):
        papers.issue_avenant(agreement, document, changes=[], effective_date=date(2027, 1, 1), by=None, now=NOW)
    with pytest.raises(ValidationError, match="pas encore signée"):
        papers.issue_avenant(agreement, avenant, changes=[change], effective_date=date(2027, 1, 1), by=None, now=NOW)


def test_who_notes_the_signatures_of_an_agreement(agreement, cast):
    document = papers.issue_agreement(agreement, by=cast.bde.user, now=NOW)
    assert papers.may_sign(cast.bde, document, SignatureRole.PARTNER)
    assert papers.may_sign(cast.head, document, SignatureRole.HEAD)
    assert not papers.may_sign(cast.head, document, SignatureRole.PARTNER)
    assert not papers.may_sign(cast.teacher, document, SignatureRole.HEAD)


def proposal(document: Document, kind: str, role: str = "partenaire", **said: str) -> SignerProposal:
    signature = Signature.objects.in_school(document.school).get(document=document, role=role)
    made: SignerProposal = SignerProposal.objects.create(school=document.school, signature=signature, kind=kind, **said)
    return made


def test_another_signer_is_accepted_and_the_paper_follows(agreement, cast):
    document = papers.issue_agreement(agreement, by=cast.bde.user, now=NOW)
    other = proposal(
        document, "signataire", last_name="Roy", first_name="Léa", position="directrice", email="l@b.example"
    )
    proposals.apply_proposal(other, by=cast.bde.user, now=NOW)
    latest = Document.objects.in_school(agreement.school).order_by("-edition").first()
    assert latest.edition == 2
    row = Signature.objects.in_school(agreement.school).get(document=latest, role="partenaire")
    assert (row.name, row.position, row.email) == ("Léa Roy", "directrice", "l@b.example")
    agreement.refresh_from_db()
    assert agreement.contact.full_name == "Léa Roy" and agreement.contact.role == "dirigeant"


def test_a_corrected_address_makes_no_new_edition(agreement, cast):
    document = papers.issue_agreement(agreement, by=cast.bde.user, now=NOW)
    own = proposal(document, "coordonnees", email="neuf@boisclair.example", phone="06 00 00 00 00")
    proposals.apply_proposal(own, by=cast.bde.user, now=NOW)
    assert Document.objects.in_school(agreement.school).count() == 1
    own.signature.refresh_from_db()
    assert own.signature.email == "neuf@boisclair.example"
    contact = Contact.objects.in_school(agreement.school).get(last_name="Boisclair")
    assert contact.email == "neuf@boisclair.example"
    named = proposal(document, "signataire", last_name="BOISCLAIR", first_name="Paul", email="p@b.example")
    proposals.apply_proposal(named, by=cast.bde.user, now=NOW)
    assert Contact.objects.in_school(agreement.school).filter(partner=agreement.partner).count() == 3
    with pytest.raises(ValidationError, match="tuteur"):
        proposals.apply_proposal(proposal(document, "tuteur", last_name="X"), by=cast.bde.user, now=NOW)
    assert {s.status for s in Signature.objects.in_school(agreement.school)} <= set(SignatureStatus)


# ------------------------------------------------------------------------------------------------------ the two downloads


def test_the_draft_is_marked_and_issues_nothing(agreement, cast, client):
    client.force_login(cast.bde.user)
    answer = client.get(f"{agreement.get_absolute_url()}apercu/")
    assert answer["Content-Disposition"].startswith("inline")
    assert all("Aperçu, sans valeur" in sheet for sheet in sheets(answer.content))
    assert "À ÉDITER" in sheets(answer.content)[0]
    assert not Document.objects.in_school(agreement.school).exists()
    frame = AgreementFactory(school=agreement.school, is_frame=True)
    assert client.get(f"{frame.get_absolute_url()}apercu/").status_code == 302


def test_promised_against_done_is_a_pdf(agreement, cast, client):
    CommitmentFactory(
        school=agreement.school, agreement=agreement, axis="Stages", side="lycee", kind="autre", label="Préparer <b>",
        target=Decimal(4), done=Decimal(4),
    )  # fmt: skip
    client.force_login(cast.bde.user)
    answer = client.get(f"{agreement.get_absolute_url()}point-d-etape/")
    assert answer["Content-Disposition"].startswith("attachment")
    said = " ".join(sheets(answer.content)).replace("\u00a0", " ")
    assert "1 engagement tenu sur 2" in said
    assert "6 visites" in said and "Préparer <b>" in said
    report = page.validate_pdf_bytes(answer.content, profile="ua1")
    assert (report.rules.failed, [failure.message for failure in report.failures]) == (0, [])
    alone = AgreementFactory(school=agreement.school)
    empty = client.get(f"{alone.get_absolute_url()}point-d-etape/")
    assert "Aucun engagement" in " ".join(sheets(empty.content))
    assert commitments.progress_of(alone, date(2026, 11, 22)) == []


def test_the_agreement_s_page_offers_both(agreement, cast, client):
    client.force_login(cast.bde.user)
    shown = client.get(agreement.get_absolute_url()).content.decode()
    assert "apercu/" in shown and "point-d-etape/" in shown and "logo-et-cachet/" in shown
    client.force_login(cast.head.user)
    assert "logo-et-cachet/" not in client.get(agreement.get_absolute_url()).content.decode()
