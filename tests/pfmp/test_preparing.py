"""The team's side of the pre-convention: its table of moves, the sheet, the validation that issues the convention, the annexes."""

import itertools
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from core.models import OutboxMessage
from documents import circuit
from documents.models import Document, Signature
from partners.models import Contact
from pfmp import documents, preparing, services
from pfmp.documents import ConventionContent
from pfmp.enums import PreConventionState
from pfmp.models import PersonalLink, Placement, PreConvention, Terms
from pfmp.rules import preparing as moves
from pfmp.rules.preparing import Actor
from tests.factories import AnnexFactory, MembershipFactory, PfmpSettingsFactory, SkillFactory, TermsFactory
from tests.pfmp.conftest import Scene
from tests.pfmp.test_company_page import pages

S = PreConventionState


def test_every_move_is_in_the_table_or_refused() -> None:
    company = {(S.SENT, S.FILLED), (S.TO_CORRECT, S.FILLED), (S.SENT, S.ABANDONED), (S.TO_CORRECT, S.ABANDONED)}
    team = company | {
        (S.DRAFT, S.SENT), (S.DRAFT, S.FILLED), (S.FILLED, S.TO_CORRECT), (S.FILLED, S.VALIDATED), (S.DRAFT, S.ABANDONED),
        (S.FILLED, S.ABANDONED), (S.ABANDONED, S.DRAFT),
    }  # fmt: skip
    for source, target in itertools.product(S, S):
        assert moves.may(source, target, Actor.COMPANY) is ((source, target) in company), (source, target)
        assert moves.may(source, target, Actor.TEAM) is ((source, target) in team), (source, target)


@pytest.fixture
def lead(scene: Scene) -> Placement:
    annex = AnnexFactory(
        school=scene.school, formation=scene.school_class.diploma, tasks="Câbler une armoire", following="Une visite",
        evaluation="Grille en fin de période",
    )  # fmt: skip
    for position, code in enumerate(("C1", "C2")):
        SkillFactory(school=scene.school, annex=annex, code=code, label=f"Savoir {code}", position=position)
    PfmpSettingsFactory(school=scene.school, school_insurance="MAE, contrat 77")
    return scene.placement(status="pressenti", tutor=None, timetable="", tasks="")


def url(scene: Scene, placement: Placement, end: str) -> str:
    return scene.url(f"placements/{placement.public_id}/{end}")


def sheet(**changes: Any) -> dict[str, Any]:
    """Every question at once, as the screen that types the paper sends it."""
    return {name: value for values in pages(**changes).values() for name, value in values.items()}


def filled(scene: Scene, lead: Placement, client: Client, **changes: Any) -> PreConvention:
    answer = client.post(url(scene, lead, "pre-convention/"), sheet(**changes))
    assert answer.status_code == 302, [form.errors for _, form in answer.context["forms"]]
    return PreConvention.objects.in_school(scene.school).select_related("placement__partner").get(placement=lead)


def review(pre: PreConvention, **changes: Any) -> dict[str, Any]:
    return {
        "version": pre.version, "tasks": "Câbler une armoire\nContrôler", "skills": ["C2"], "supervision": "Une visite",
        "evaluation": "Grille", "geste": "valider",
    } | changes  # fmt: skip


def test_a_teacher_sends_the_link_then_validates_and_the_convention_is_issued(
    scene: Scene, lead: Placement, as_teacher: Client
) -> None:
    page = as_teacher.get(url(scene, lead, "preparation/"))
    assert "À envoyer" in page.text
    sent = as_teacher.post(
        url(scene, lead, "preparation/"), {"geste": "envoyer", "name": "Jeanne Dupont", "email": "jeanne@exemple.fr"}
    )
    assert sent.status_code == 302
    message = OutboxMessage.objects.get(recipient="jeanne@exemple.fr")
    assert "Meziane" not in message.subject + message.body
    pre = filled(scene, lead, as_teacher)
    assert pre.state == S.FILLED
    shown = as_teacher.get(url(scene, lead, "pre-convention/valider/"))
    assert "Code postal" in shown.text  # the file of the company did not say it
    done = as_teacher.post(url(scene, lead, "pre-convention/valider/"), review(pre, taken=["address", "postal_code"]))
    assert done.status_code == 302
    lead.refresh_from_db()
    assert lead.status == "convention_editee"
    assert (lead.signer.full_name, lead.tutor.full_name) == ("Jeanne Dupont", "Marc Leroy")
    assert lead.partner.address == "3 rue du Four"
    assert lead.partner.phone == ""  # not ticked
    content = documents.content_in(Document.objects.in_school(scene.school).get(subject_id=lead.dossier_id))
    assert content is not None
    assert content.skills == "C2 Savoir C2"
    assert content.finance.host_insurer == "MAIF"
    assert content.finance.school_insurer == "MAE, contrat 77"
    assert content.finance.gratification == "4,50 € par heure"
    assert content.safety.machines == "Perceuse"
    assert content.host.workplace == "Chantier de la gare"
    assert not PersonalLink.objects.in_school(scene.school).alive(timezone.now()).exists()
    again = as_teacher.post(url(scene, lead, "pre-convention/valider/"), review(pre))
    assert again.status_code == 302  # validated once
    assert Document.objects.in_school(scene.school).count() == 1


def test_what_blocks_is_said_and_nothing_is_lost(scene: Scene, lead: Placement, as_teacher: Client) -> None:
    pre = filled(scene, lead, as_teacher, horaires={"horaires-timetable_lun_soir_a": "19:00"})
    as_teacher.post(url(scene, lead, "pre-convention/valider/"), review(pre))
    lead.refresh_from_db()
    assert lead.status == "pressenti"
    assert "19:00" in lead.timetable
    assert Terms.objects.in_school(scene.school).get(placement=lead).insurer == "MAIF"
    assert "Bloquant" in as_teacher.get(lead.get_absolute_url()).text  # its page says what blocks
    assert PreConvention.objects.in_school(scene.school).get().state == S.VALIDATED


def test_known_people_change_only_as_ticked(scene: Scene, lead: Placement, as_teacher: Client) -> None:
    known = scene.tutor
    Contact.objects.in_school(scene.school).filter(pk=known.pk).update(
        first_name="Jeanne", last_name="Dupont", position="Associée", email=""
    )
    pre = filled(scene, lead, as_teacher)
    keys = {one.key: (one.before, one.after) for one in preparing.differences(pre)}
    assert keys["signer.position"] == ("Associée", "Gérante")
    assert keys["signer.email"] == ("", "jeanne@dupont.exemple.fr")
    as_teacher.post(url(scene, lead, "pre-convention/valider/"), review(pre, taken=["signer.email"]))
    known.refresh_from_db()
    assert (known.position, known.email) == ("Associée", "jeanne@dupont.exemple.fr")
    assert Contact.objects.in_school(scene.school).filter(partner=lead.partner).count() == 2  # and the tutor, new


def test_the_siret_of_another_partner_is_not_taken(scene: Scene, lead: Placement, as_teacher: Client) -> None:
    other = scene.placement(student=scene.pupil(last_name="Petit")).partner
    twin = type(other).objects.create(school=scene.school, name="Autre site", siret="35600000000048")
    pre = filled(scene, lead, as_teacher, entreprise={"entreprise-siret": twin.siret})
    refused = next(one for one in preparing.differences(pre) if one.key == "siret")
    assert "Autre site" in refused.refused
    as_teacher.post(url(scene, lead, "pre-convention/valider/"), review(pre, taken=["siret"]))
    lead.partner.refresh_from_db()
    assert lead.partner.siret != twin.siret


def test_sent_back_with_the_reason(scene: Scene, lead: Placement, as_teacher: Client, client: Client) -> None:
    pre = preparing.opened(lead, by=scene.teacher.user)
    preparing.send(pre, name="Jeanne", email="jeanne@exemple.fr", by=scene.teacher.user, now=timezone.now())
    pre = filled(scene, lead, as_teacher)
    empty = as_teacher.post(url(scene, lead, "pre-convention/valider/"), {"geste": "corriger"})
    assert empty.status_code == 422
    as_teacher.post(
        url(scene, lead, "pre-convention/valider/"), {"geste": "corriger", "correction": "L’assureur manque"}
    )
    pre.refresh_from_db()
    assert (pre.state, pre.correction) == (S.TO_CORRECT, "L’assureur manque")
    assert OutboxMessage.objects.filter(recipient="jeanne@exemple.fr").count() == 2


def test_two_teachers_at_once_and_a_company_that_leaves(scene: Scene, lead: Placement, as_teacher: Client) -> None:
    pre = filled(scene, lead, as_teacher)
    stale = review(pre)
    filled(scene, lead, as_teacher, pratique={"pratique-insurer": "Maaf"})  # a colleague corrects a typing mistake
    refused = as_teacher.post(url(scene, lead, "pre-convention/valider/"), stale)
    assert refused.status_code == 422
    assert "vient de changer" in refused.text
    again = PreConvention.objects.in_school(scene.school).select_related("placement__partner").get()
    preparing.abandon(again, by=scene.teacher.user, now=timezone.now())
    with pytest.raises(ValidationError):
        preparing.validate(
            pre, preparing.Choice(tasks="x"), membership=scene.teacher, by=scene.teacher.user, now=timezone.now()
        )
    lead.refresh_from_db()
    assert lead.timetable == ""  # nothing of it stays


def test_an_unfinished_sheet_is_kept(scene: Scene, lead: Placement, as_bde: Client) -> None:
    answer = as_bde.post(url(scene, lead, "pre-convention/"), sheet(pratique={"pratique-insurer": ""}))
    assert answer.status_code == 422
    assert "Tout est gardé" in answer.text
    page = as_bde.get(url(scene, lead, "pre-convention/"))
    assert "Jeanne" in page.text
    assert "Il manque : repas, assurance" in as_bde.get(url(scene, lead, "preparation/")).text.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_from_nothing_with_a_new_company(scene: Scene, as_teacher: Client) -> None:
    pupil = scene.pupil(last_name="Nouvel")
    form = {"period": scene.period.pk, "new_name": "Boulangerie Blé", "name": "Anne Blé", "email": "anne@exemple.fr"}
    address = scene.url(f"pre-conventions/nouvelle/?eleve={pupil.public_id}")
    assert as_teacher.get(address).status_code == 200
    refused = as_teacher.post(address, form)
    assert refused.status_code == 422  # where is it?
    made = as_teacher.post(address, form | {"new_city": "Laon"})
    assert made.status_code == 302
    placement = Placement.objects.in_school(scene.school).get(student=pupil)
    assert (placement.status, placement.partner.name) == ("pressenti", "Boulangerie Blé")
    assert placement.pre_convention.state == S.SENT
    listed = as_teacher.get(scene.url("pre-conventions/?etape=chez_entreprise"))
    assert "Nouvel" in listed.text


def test_a_link_is_shown_once_then_stopped(scene: Scene, lead: Placement, as_bde: Client) -> None:
    shown = as_bde.post(url(scene, lead, "preparation/"), {"geste": "copier", "name": "Jeanne"})
    assert "/lien/" in shown.text
    assert "no-store" in shown["Cache-Control"]
    assert "/lien/" not in as_bde.get(url(scene, lead, "preparation/")).text
    as_bde.post(url(scene, lead, "preparation/"), {"geste": "revoquer"})
    assert not PersonalLink.objects.in_school(scene.school).alive(timezone.now()).exists()
    bad = as_bde.post(url(scene, lead, "preparation/"), {"geste": "envoyer", "name": "x\n<script>", "email": "rien"})
    assert bad.status_code == 422


def test_rights(scene: Scene, lead: Placement, client: Client) -> None:
    other = MembershipFactory(school=scene.school, role="enseignant")
    for member, code in ((other, 404), (scene.cast.office, 200), (scene.cast.reader, 403), (scene.cast.stranger, 404)):
        client.force_login(member.user)
        assert client.get(url(scene, lead, "preparation/")).status_code == code, member.role
    client.force_login(scene.cast.office.user)
    answer = client.post(url(scene, lead, "preparation/"), {"geste": "envoyer", "name": "x", "email": "a@exemple.fr"})
    assert answer.status_code == 403


def test_the_sheet_is_one_sheet_of_paper(scene: Scene, lead: Placement, as_teacher: Client) -> None:
    answer = as_teacher.get(url(scene, lead, "pre-convention/fiche/"))
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(BytesIO(answer.content))
    assert len(reader.pages) == 2
    text = "".join(page.extract_text() for page in reader.pages)
    assert "Câbler une armoire" in text
    assert "2009" not in text


def test_pages_cost_few_queries(
    scene: Scene, lead: Placement, as_teacher: Client, django_assert_max_num_queries: Any
) -> None:
    filled(scene, lead, as_teacher)
    TermsFactory(school=scene.school, placement=lead, insurer="MAIF")
    for end in ("preparation/", "pre-convention/", "pre-convention/valider/", "annexes/"):
        with django_assert_max_num_queries(20):
            assert as_teacher.get(url(scene, lead, end)).status_code == 200
    with django_assert_max_num_queries(20):
        as_teacher.get(scene.url("pre-conventions/"))


def terms_form(placement: Placement, **changes: Any) -> dict[str, Any]:
    return {"insurer": "MAIF", "meals": "Cantine", "version": placement.terms.version} | changes


def test_annexes_corrected_after_the_issue_make_an_edition_then_an_avenant(
    scene: Scene, as_bde: Client, lead: Placement
) -> None:
    placement = scene.placement(student=scene.pupil(last_name="Signe"))
    TermsFactory(school=scene.school, placement=placement, insurer="MAIF")
    first = services.issue_convention(placement, by=scene.teacher.user, now=timezone.now())
    page = url(scene, placement, "annexes/")
    assert as_bde.post(page, terms_form(placement)).status_code == 422  # one says so first
    assert as_bde.post(page, terms_form(placement, confirm_edition="on")).status_code == 302
    edition = Document.objects.in_school(scene.school).filter(number=first.number).order_by("-edition").first()
    assert edition is not None
    assert edition.edition == 2
    placement = Placement.objects.in_school(scene.school).get(pk=placement.pk)
    for row in Signature.objects.in_school(scene.school).filter(document=edition, status="attendue", optional=False):
        circuit.note_paper(row, signed_on=timezone.localdate(), by=scene.cast.bde.user, now=timezone.now())
    placement.refresh_from_db()
    assert placement.status == "convention_signee"
    changed = terms_form(placement, gratuity="5", meals="Panier", amendment_reason="Repas sur le chantier")
    assert as_bde.post(page, changed).status_code == 302
    avenant = Document.objects.in_school(scene.school).get(type="avenant_pfmp")
    content = documents.content_in(avenant)
    assert content is not None
    said = {change.label: (change.before, change.after) for change in content.changes}
    assert said == {"Restauration": ("Cantine", "Panier"), "Gratification": ("facultative", "5,00 € par heure")}


def test_papers_of_before_still_load() -> None:
    kept = {"schema": 1, "number": "PFMP-2025-00001", "version": 1, "issued_date": "2025-09-01", "year": "2025-2026",
            "school": {"name": "Lycée", "uai": "0001001N"}, "host": {"name": "Hôte"},
            "pupil": {"first_name": "A", "last_name": "B"}, "guardian": None, "tutor": {}, "referent": {},
            "period_label": "PFMP 1", "start_date": "2025-09-02", "end_date": "2025-09-20",
            "safety": {"equipment": "Gants"}}  # fmt: skip
    read = ConventionContent.from_json(kept)
    assert read.safety.machines is None
    assert read.supervision is None
    assert preparing.amount("4.5") == Decimal("4.5")
    assert preparing.amount("rien") is None
