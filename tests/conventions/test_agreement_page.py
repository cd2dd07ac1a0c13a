"""The page, the list and the form of agreements: what they say, what they cost, odd words, filters that agree with states."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions import life
from conventions.enums import AgreementStage, AgreementState
from conventions.models import Agreement
from schools.models import School
from tests.factories import (
    AgreementFactory,
    AgreementReviewFactory,
    CommitmentFactory,
    ContactFactory,
    DocumentFactory,
    FrameFactory,
    NetworkFactory,
    PartnerFactory,
    SchoolFactory,
)

TODAY = date(2026, 11, 25)
DAYS = st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 12, 31))


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-25 10:00:00+01:00", tick=False):
        yield


def cost(client, url):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


# ------------------------------------------------------------------------------------------------------------------ page


def test_the_page_says_where_it_stands_and_what_it_is_linked_to(as_bde, cast):
    frame = AgreementFactory(school=cast.school, title="Accord national", level="nationale", partner=None)
    agreement = AgreementFactory(
        school=cast.school, parent=frame, purpose="Faire visiter l’atelier.", axes="Visites|Jurys",
        publics="Élèves de CAP|Collégiens", action_types=["visite_entreprise", "inconnu"], referent=cast.ddfpt,
        end_date=TODAY + timedelta(days=30), follow_up="Un point par trimestre.", url="https://texte.example/",
    )  # fmt: skip
    NetworkFactory(school=cast.school, name="CLEE du val", agreement=agreement)
    page = as_bde.get(agreement.get_absolute_url()).content.decode()
    for words in (
        "À renouveler", "Prochaine étape", "Préparer le renouvellement", "Faire visiter l’atelier.", "Jurys", "Collégiens",
        "Visite d’entreprise", str(cast.ddfpt), "Accord national", "CLEE du val", "Un point par trimestre.", "Résilier",
    ):  # fmt: skip
        assert words in page, words
    assert "inconnu" not in page


def test_the_head_reads_without_buttons(client, cast):
    agreement = AgreementFactory(school=cast.school, end_date=TODAY + timedelta(days=30))
    client.force_login(cast.head.user)
    page = client.get(agreement.get_absolute_url()).content.decode()
    assert "À renouveler" in page
    for words in ("Préparer le renouvellement", "Autres étapes", "Ajouter un engagement", "Prévoir un bilan"):
        assert words not in page, words


def test_the_page_costs_the_same_whatever_it_holds(as_bde, cast):
    few, many = (AgreementFactory(school=cast.school, axes="Visites") for _ in range(2))
    for agreement, count in ((few, 1), (many, 12)):
        for _ in range(count):
            for kind in ("actions", "places", "offres", "materiel", "taxe", "autre"):
                CommitmentFactory(school=cast.school, agreement=agreement, kind=kind, action_type="")
            AgreementReviewFactory(school=cast.school, agreement=agreement)
            NetworkFactory(school=cast.school, agreement=agreement)
    as_bde.get(few.get_absolute_url())
    first = cost(as_bde, few.get_absolute_url())
    assert cost(as_bde, many.get_absolute_url()) == first
    assert first <= 23  # six of them are what was done, one a kind of commitment


def test_the_page_with_a_paper_out_and_frames_above_stays_cheap(as_bde, cast):
    above = None
    for level in ("nationale", "region_academique", "academique"):
        above = AgreementFactory(school=cast.school, level=level, partner=None, parent=above)
    agreement = AgreementFactory(
        school=cast.school, parent=above, renews=AgreementFactory(school=cast.school), axes="Visites", stage="votee",
        signed_date=None, board_vote_date=TODAY, referent=cast.ddfpt,
    )  # fmt: skip
    ContactFactory(school=cast.school, partner=agreement.partner, role="dirigeant")
    School.objects.filter(pk=cast.school.pk).update(head_name="Claude Exemple")
    agreement = Agreement.objects.in_school(cast.school).select_related("school").get(pk=agreement.pk)
    life.issue(agreement, membership=cast.bde, by=cast.bde.user, now=timezone.now())
    as_bde.get(agreement.get_absolute_url())
    assert cost(as_bde, agreement.get_absolute_url()) <= 25  # four of them: who was asked to sign, and when


def test_the_history_names_what_was_done(as_bde, cast):
    agreement = AgreementFactory(school=cast.school, signed_date=None, stage="projet")
    for act in ("abandonner", "retablir"):
        as_bde.post(reverse("conventions:agreement_move", args=[cast.school.uai, agreement.public_id, act]))
    told = [one.words for one in as_bde.get(agreement.get_absolute_url()).context["history"]]
    assert told[:2] == ["Reprendre le projet", "Abandonner"]


def test_the_sealed_file_comes_first(as_bde, cast):
    agreement = AgreementFactory(school=cast.school)
    paper = DocumentFactory(
        school=cast.school, type="convention_partenariat", subject="convention", subject_id=agreement.dossier_id,
        sha256="0" * 64, sealed_sha256="1" * 64, sealed_at=timezone.now(),
    )  # fmt: skip
    page = as_bde.get(agreement.get_absolute_url()).content.decode()
    sealed, first = (
        reverse(f"documents:{name}", args=[cast.school.uai, paper.public_id])
        for name in ("document_sealed", "document_file")
    )
    assert 0 < page.index(sealed) < page.index(first)


def test_an_address_from_a_dossier_is_a_link_only_when_it_is_one(as_bde, cast):
    for url, linked in (("https://texte.example/a", True), ("javascript:alert(1)", False), ("papier au lycée", False)):
        page = as_bde.get(AgreementFactory(school=cast.school, url=url).get_absolute_url()).content.decode()
        assert url in page and (f'href="{url}"' in page) is linked


def test_a_loop_of_parents_is_shown_and_ends(as_bde, cast):
    one, two = (AgreementFactory(school=cast.school, level="nationale", partner=None) for _ in range(2))
    one.parent, two.parent = two, one
    one.save()
    two.save()
    assert as_bde.get(one.get_absolute_url()).status_code == 200


# ------------------------------------------------------------------------------------------------------------------ list


@given(
    signed=st.none() | DAYS, start=st.none() | DAYS, length=st.none() | st.integers(0, 900),
    tacit=st.sampled_from([None, True, False]), terminated=st.none() | DAYS, stage=st.sampled_from(AgreementStage.values),
    day=DAYS,
)  # fmt: skip
@settings(max_examples=80, deadline=None)
@pytest.mark.django_db
def test_the_filter_finds_an_agreement_in_its_state_only(signed, start, length, tacit, terminated, stage, day):
    school = SchoolFactory()
    begins = start or signed or day
    one = AgreementFactory(
        school=school, signed_date=signed, start_date=start, tacit_renewal=tacit, terminated_date=terminated, stage=stage,
        end_date=None if length is None else begins + timedelta(days=length),
    )  # fmt: skip
    rows = Agreement.objects.in_school(school)
    assert [state for state in AgreementState if rows.in_state(state, day).exists()] == [one.state_on(day)]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, AgreementState.UNCONFIRMED),
        ({"signed_date": None}, AgreementState.UNCONFIRMED),
        ({"terminated_date": TODAY}, AgreementState.UNCONFIRMED),
        ({"end_date": TODAY + timedelta(days=300)}, AgreementState.IN_FORCE),
    ],
)
def test_a_copy_of_a_frame_is_to_be_confirmed_until_its_dates_are_written(as_bde, cast, values, state):
    copy = AgreementFactory(school=cast.school, is_frame=True, frame=FrameFactory(), **values)
    rows = Agreement.objects.in_school(cast.school)
    assert [one for one in AgreementState if rows.in_state(one, TODAY).exists()] == [state] == [copy.state_on(TODAY)]
    assert as_bde.get(copy.get_absolute_url()).status_code == 200
    move = reverse("conventions:agreement_move", args=[cast.school.uai, copy.public_id, "voter"])
    assert as_bde.get(move).status_code == 302


def test_the_list_is_filtered_by_state_end_and_referent(as_bde, cast):
    def named(query):
        url = reverse("conventions:agreement_list", args=[cast.school.uai])
        return {row.title for row in as_bde.get(url + query).context["page"]}

    AgreementFactory(school=cast.school, title="Projet", signed_date=None, stage="projet")
    AgreementFactory(school=cast.school, title="Bientôt", end_date=TODAY + timedelta(days=60), referent=cast.ddfpt)
    AgreementFactory(school=cast.school, title="Tacite", end_date=TODAY + timedelta(days=60), tacit_renewal=True)
    AgreementFactory(school=cast.school, title="Cadre", level="nationale", partner=None, signed_date=None)
    assert named("?etat=projet") == {"Projet"}
    assert named("?etat=a_echeance") == {"Bientôt"}
    assert named("?etat=en_negociation") == set()
    assert named("?echeance=90") == {"Bientôt"} and named("?echeance=30") == set()
    assert named(f"?referent={cast.ddfpt.public_id}") == {"Bientôt"}
    assert (
        as_bde.get(reverse("conventions:agreement_list", args=[cast.school.uai]) + "?etat=nimporte").status_code == 200
    )


def test_the_list_costs_the_same_for_2_as_for_20(as_bde, cast):
    url = reverse("conventions:agreement_list", args=[cast.school.uai])
    for _ in range(2):
        AgreementFactory(school=cast.school, referent=cast.bde)
    as_bde.get(url)
    first = cost(as_bde, url)
    for _ in range(18):
        AgreementFactory(school=cast.school, referent=cast.bde)
    assert cost(as_bde, url) == first


# ------------------------------------------------------------------------------------------------------------------ form


def data_of(client, cast, partner, **values):
    url = reverse("conventions:agreement_new", args=[cast.school.uai])
    return {
        "level": "etablissement", "title": "Convention", "partner_id": str(partner.public_id), "axes": "Visites\nJurys | Oraux",
        "publics": "", "creation_key": client.get(url).context["form"]["creation_key"].value(), **values,
    }  # fmt: skip


def create(client, cast, partner, **values):
    url = reverse("conventions:agreement_new", args=[cast.school.uai])
    return client.post(url, data_of(client, cast, partner, **values))


def test_a_new_agreement_is_a_project_unless_it_was_signed_before(as_bde, cast):
    partner = PartnerFactory(school=cast.school)
    assert create(as_bde, cast, partner, action_types=["visite_entreprise", "avenirpro"]).status_code == 302
    one = Agreement.objects.in_school(cast.school).get()
    assert (one.stage, one.axes, one.action_types) == (
        "projet", "Visites|Jurys|Oraux", ["visite_entreprise", "avenirpro"],
    )  # fmt: skip
    assert create(as_bde, cast, partner, title="Ancienne", signed_date="2024-01-05").status_code == 302
    assert Agreement.objects.in_school(cast.school).get(title="Ancienne").state_on(TODAY) == AgreementState.IN_FORCE


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"signed_date": "2027-01-01"}, "dans l’avenir"),
        ({"end_date": "0026-01-01"}, "vérifiez l’année"),
        ({"start_date": "2027-01-01", "end_date": "2026-12-31"}, "avant la date de début"),
        ({"title": "x" * 300}, "200"),
        ({"axes": "a" * 300}, "dépasse 200"),
        ({"action_types": ["<script>"]}, "action_types"),
        ({"renewal_months": "0"}, "renewal_months"),
        ({"notice_days": "9999999999999"}, "notice_days"),
        ({"notice_days": "30"}, "date de fin"),
        ({"url": "javascript:alert(1)"}, "url"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(as_bde, cast, bad, said):
    partner = PartnerFactory(school=cast.school)
    answer = create(as_bde, cast, partner, purpose="Mon objet à garder", **bad)
    assert answer.status_code == 422
    assert said in answer.content.decode() and "Mon objet à garder" in answer.content.decode()
    assert not Agreement.objects.in_school(cast.school).exists()


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "=cmd()", "🤝", "\u202eedrol"])
def test_odd_titles_are_titles(as_bde, cast, title):
    assert create(as_bde, cast, PartnerFactory(school=cast.school), title=title).status_code == 302
    one = Agreement.objects.in_school(cast.school).get()
    assert "<script>alert" not in as_bde.get(one.get_absolute_url()).content.decode()


def test_the_contact_is_one_of_the_partners_people(as_bde, cast):
    partner = PartnerFactory(school=cast.school)
    contact = ContactFactory(school=cast.school, partner__school=cast.school)
    answer = create(as_bde, cast, partner, contact_id=str(contact.public_id))
    assert answer.status_code == 422
    assert "ne travaille pas chez ce partenaire" in str(answer.context["form"].errors["contact"])


def test_dates_that_moves_write_are_not_typed_on_a_known_agreement(as_bde, cast):
    agreement = AgreementFactory(school=cast.school, signed_date=None, stage="votee")
    form = as_bde.get(reverse("conventions:agreement_edit", args=[cast.school.uai, agreement.public_id])).context[
        "form"
    ]
    assert "signed_date" not in form.fields and "terminated_date" not in form.fields
