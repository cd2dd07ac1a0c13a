"""The life of an agreement through the front door: moves, its paper, what signatures bring, renewal, networks, two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from conventions import correcting, life, rules
from conventions.enums import AgreementStage, AgreementState
from conventions.models import Agreement, Commitment, Network
from conventions.rules.moves import Act
from core.errors import StaleEdit
from core.models import AuditEvent
from documents import circuit
from documents.models import Document, Signature
from tests.conftest import cast_of_roles
from tests.factories import AgreementFactory, CommitmentFactory, ContactFactory, NetworkFactory

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Europe/Paris"))
S = AgreementState


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-25 10:00:00+01:00", tick=False):
        yield


def project(cast, **values):
    """A project with a partner whose leader signs."""
    school = cast.school
    school.head_name = "Nadia Lefèvre"
    school.save()
    values = {
        "signed_date": None, "stage": AgreementStage.PROJECT, "axes": "Visites|Jurys", "partner__name": "Menuiserie Arpin",
        **values,
    }  # fmt: skip
    agreement = AgreementFactory(school=school, **values)
    ContactFactory(
        school=school, partner=agreement.partner, last_name="Arpin", first_name="Luc", role="dirigeant",
        email="luc@arpin.example",
    )  # fmt: skip
    return agreement


def post(client, agreement, act, **data):
    url = reverse("conventions:agreement_move", args=[agreement.school.uai, agreement.public_id, act])
    answer = client.post(url, data)
    agreement.refresh_from_db()
    return answer


def issued(cast, client):
    agreement = project(cast, stage=AgreementStage.TO_SIGN, board_vote_date=TODAY - timedelta(days=5))
    post(client, agreement, "editer")
    return agreement, life.paper_of(agreement)


def sign_all(paper, cast, day=TODAY):
    roles = list(Signature.objects.in_school(paper.school_id).filter(document=paper).values_list("role", flat=True))
    circuit.note_all_on_paper(paper, roles=roles, signed_on=day, by=cast.bde.user, now=timezone.now())


# ----------------------------------------------------------------------------------------------- from project to signed


def test_from_project_to_signed_by_paper(as_bde, cast):
    agreement = project(cast)
    for act, state in (("negocier", S.NEGOTIATION), ("soumettre", S.BOARD)):
        assert post(as_bde, agreement, act).status_code == 302
        assert agreement.state_on(TODAY) == state
    assert post(as_bde, agreement, "voter", board_vote_date="2026-11-20").status_code == 302
    assert (agreement.state_on(TODAY), agreement.board_vote_date) == (S.TO_SIGN, date(2026, 11, 20))
    post(as_bde, agreement, "editer")
    paper = life.paper_of(agreement)
    assert paper.number.startswith("CONVENTION-2026-")
    assert "Il manque la signature de" in as_bde.get(agreement.get_absolute_url()).content.decode()
    sign_all(paper, cast)
    agreement.refresh_from_db()
    assert (agreement.signed_date, agreement.start_date) == (TODAY, TODAY)
    assert agreement.state_on(TODAY) == S.IN_FORCE
    events = AuditEvent.objects.filter(verb=life.VERB, subject_id=agreement.public_id).order_by("pk")
    assert [event.payload["act"] for event in events] == ["negocier", "soumettre", "voter", "editer", "complete"]


def test_a_vote_in_the_future_is_refused_and_what_was_typed_is_kept(as_bde, cast):
    agreement = project(cast, stage=AgreementStage.BOARD)
    answer = post(as_bde, agreement, "voter", board_vote_date="2026-12-20")
    assert answer.status_code == 422
    assert "dans l’avenir" in answer.content.decode() and "2026-12-20" in answer.content.decode()
    assert agreement.state_on(TODAY) == S.BOARD


@pytest.mark.parametrize("typed", ["", "31/02/2026", "0001-01-01T", "9999-99-99", "<script>"])
def test_an_absurd_date_of_vote_is_said(as_bde, cast, typed):
    agreement = project(cast, stage=AgreementStage.BOARD)
    assert post(as_bde, agreement, "voter", board_vote_date=typed).status_code == 422


def test_a_move_that_the_state_does_not_know_changes_nothing(as_bde, cast):
    agreement = project(cast)
    for act in ("voter", "editer", "renouveler", "resilier", "complete", "calendrier"):
        assert post(as_bde, agreement, act).status_code in (302, 404)
        assert agreement.state_on(TODAY) == S.PROJECT
    assert post(as_bde, agreement, "nimporte").status_code == 404


def test_what_lacks_is_said_on_the_page_and_refused(as_bde, cast):
    agreement = project(cast, stage=AgreementStage.NEGOTIATION, axes="")
    assert "au moins un axe" in as_bde.get(agreement.get_absolute_url()).content.decode()
    post(as_bde, agreement, "soumettre")
    assert agreement.state_on(TODAY) == S.NEGOTIATION


def test_only_the_bureau_moves_and_the_head_reads(client, cast):
    agreement = project(cast)
    for member in (cast.head, cast.office):
        client.force_login(member.user)
        assert client.get(agreement.get_absolute_url()).status_code == 200
        assert post(client, agreement, "negocier").status_code == 403
    client.force_login(cast.stranger.user)
    assert post(client, agreement, "negocier").status_code == 404
    with pytest.raises(PermissionDenied):
        life.move(agreement, Act.OPEN, membership=cast.head, by=cast.head.user, now=NOW)


# ------------------------------------------------------------------------------------------------------------- the paper


def test_a_refusal_goes_back_to_negotiation_and_asking_again_goes_on(as_bde, cast):
    agreement, paper = issued(cast, as_bde)
    partner = Signature.objects.in_school(cast.school).get(document=paper, role="partenaire")
    circuit.refuse(partner, reason="Trop de visites pour nous.", now=timezone.now(), by=cast.bde.user)
    agreement.refresh_from_db()
    assert agreement.state_on(TODAY) == S.NEGOTIATION
    assert "Trop de visites pour nous." in as_bde.get(agreement.get_absolute_url()).content.decode()
    partner.refresh_from_db()
    circuit.reopen(partner, by=cast.bde.user, now=timezone.now())
    agreement.refresh_from_db()
    assert agreement.state_on(TODAY) == S.TO_SIGN
    sign_all(paper, cast)
    agreement.refresh_from_db()
    assert agreement.state_on(TODAY) == S.IN_FORCE


def test_submitted_again_after_a_refusal_the_next_paper_is_the_next_version(as_bde, cast):
    agreement, paper = issued(cast, as_bde)
    partner = Signature.objects.in_school(cast.school).get(document=paper, role="partenaire")
    circuit.refuse(partner, reason="Non.", now=timezone.now(), by=cast.bde.user)
    post(as_bde, agreement, "soumettre")
    paper.refresh_from_db()
    assert paper.voided_at is not None
    post(as_bde, agreement, "voter", board_vote_date="2026-11-24")
    post(as_bde, agreement, "editer")
    second = life.paper_of(agreement)
    assert (second.number, second.edition) == (paper.number, 2)


def test_a_signature_taken_back_undoes_the_date_and_the_network(as_bde, cast):
    agreement, paper = issued(cast, as_bde)
    network = NetworkFactory(school=cast.school, agreement=agreement)
    sign_all(paper, cast)
    network.refresh_from_db()
    assert (network.formalised_date, network.act) == (TODAY, agreement.title)
    head = Signature.objects.in_school(cast.school).get(document=paper, role="chef_etablissement")
    circuit.reopen(head, by=cast.bde.user, now=timezone.now())
    agreement.refresh_from_db()
    network.refresh_from_db()
    assert (agreement.signed_date, agreement.state_on(TODAY)) == (None, S.TO_SIGN)
    assert (network.formalised_date, network.act) == (None, "")


def test_taking_the_negotiation_up_again_voids_the_paper(as_bde, cast):
    agreement, paper = issued(cast, as_bde)
    post(as_bde, agreement, "reprendre")
    paper.refresh_from_db()
    assert paper.voided_at and life.paper_of(agreement) is None
    assert agreement.state_on(TODAY) == S.NEGOTIATION


def test_the_paper_is_issued_once(as_bde, cast):
    agreement, _ = issued(cast, as_bde)
    answer = post(as_bde, agreement, "editer")
    assert answer.status_code == 302
    assert Document.objects.in_school(cast.school).count() == 1


def test_a_correction_while_the_paper_is_out_is_a_new_version(as_bde, cast):
    agreement, paper = issued(cast, as_bde)
    agreement.purpose = "Recevoir les élèves."
    second = correcting.correct(agreement, version=agreement.version, changed=["purpose"], by=cast.bde.user, now=NOW)
    paper.refresh_from_db()
    assert (second.number, second.edition, paper.voided_at is not None) == (paper.number, 2, True)
    agreement.url = "https://exemple.example/texte"
    assert correcting.correct(agreement, version=agreement.version, changed=["url"], by=cast.bde.user, now=NOW) is None


def test_another_frame_or_referent_is_printed_too(as_bde, cast):
    for name, value in (("parent", AgreementFactory(school=cast.school, is_frame=True)), ("referent", cast.ddfpt)):
        agreement, paper = issued(cast, as_bde)
        setattr(agreement, name, value)
        correcting.correct(agreement, version=agreement.version, changed=[name], by=cast.bde.user, now=timezone.now())
        assert life.paper_of(agreement).edition == paper.edition + 1


def test_a_correction_after_the_last_signature_is_an_avenant(as_bde, cast):
    agreement, paper = issued(cast, as_bde)
    sign_all(paper, cast)
    agreement.refresh_from_db()
    agreement.end_date = date(2029, 11, 24)
    first = correcting.correct(agreement, version=agreement.version, changed=["end_date"], by=cast.bde.user, now=NOW)
    assert first.amends_id == paper.pk
    assert [(one["label"], one["before"]) for one in first.changes] == [("Fin", "rien")]
    agreement.notice_days = 60
    second = correcting.correct(
        agreement, version=agreement.version, changed=["notice_days"], by=cast.bde.user, now=NOW
    )
    first.refresh_from_db()
    assert first.voided_at is not None
    assert [one["label"] for one in second.changes] == ["Fin", "Préavis, en jours"]
    sign_all(second, cast)
    agreement.refresh_from_db()
    assert agreement.signed_date == TODAY and life.paper_of(agreement).pk == paper.pk


def test_a_commitment_changed_after_the_signature_is_named_by_an_avenant(as_bde, cast):
    agreement, paper = issued(cast, as_bde)
    sign_all(paper, cast)
    agreement.refresh_from_db()
    line = Commitment(
        school=cast.school, agreement=agreement, side="partenaire", kind="actions", action_type="visite_entreprise",
        label="Recevoir", target=6,
    )  # fmt: skip
    avenant = correcting.add_commitment(line, by=cast.bde.user, now=NOW)
    assert avenant.changes == [
        {"label": "Engagement « Recevoir »", "before": "rien", "after": "Le partenaire : 6 visites"}
    ]
    line.note = "au printemps"
    assert correcting.change_commitment(line, version=line.version, changed=["note"], by=cast.bde.user, now=NOW) is None


# ------------------------------------------------------------------------------------------------------ signed elsewhere


def test_signed_outside_the_platform(as_bde, cast):
    agreement = project(cast, stage=AgreementStage.NEGOTIATION)
    network = NetworkFactory(school=cast.school, agreement=agreement, act="Charte du réseau")
    answer = post(as_bde, agreement, "signer", board_vote_date="2026-10-01", signed_on="2026-09-30")
    assert answer.status_code == 422 and "la signature vient après" in answer.content.decode()
    assert post(as_bde, agreement, "signer", board_vote_date="2026-10-01", signed_on="2026-10-05").status_code == 302
    assert (agreement.signed_date, agreement.start_date) == (date(2026, 10, 5), date(2026, 10, 5))
    network.refresh_from_db()
    assert (network.formalised_date, network.act) == (date(2026, 10, 5), "Charte du réseau")
    assert post(as_bde, agreement, "designer").status_code == 302
    assert agreement.state_on(TODAY) == S.TO_SIGN


def test_a_paper_in_the_circuit_is_not_signed_outside(as_bde, cast):
    agreement, _ = issued(cast, as_bde)
    answer = post(as_bde, agreement, "signer", board_vote_date="2026-11-20", signed_on="2026-11-24")
    assert answer.status_code == 422 and "attend des signatures" in answer.content.decode()


# --------------------------------------------------------------------------------------------------- its end, its renewal


def test_a_termination_says_its_date_its_reason_and_keeps_the_notice(as_bde, cast):
    agreement = AgreementFactory(school=cast.school, signed_date=date(2026, 1, 5), notice_days=60)
    answer = post(as_bde, agreement, "resilier", ends_on="2026-12-01", reason="Le site ferme.")
    assert answer.status_code == 422 and "préavis est de 60" in answer.content.decode().replace("\xa0", " ")
    data = {"ends_on": "2026-12-01", "reason": "Le site ferme.", "agreed": "on"}
    assert post(as_bde, agreement, "resilier", **data).status_code == 302
    assert agreement.state_on(TODAY) == S.IN_FORCE
    assert agreement.state_on(date(2026, 12, 1)) == S.TERMINATED
    assert agreement.termination_reason == "Le site ferme."
    assert post(as_bde, agreement, "maintenir").status_code == 302
    assert (agreement.terminated_date, agreement.termination_reason) == (None, "")


def test_a_renewal_is_a_project_with_axes_and_commitments(as_bde, cast):
    agreement = AgreementFactory(
        school=cast.school, axes="Visites", signed_date=date(2023, 12, 1), start_date=date(2023, 12, 1),
        end_date=date(2026, 11, 30),
    )  # fmt: skip
    CommitmentFactory(school=cast.school, agreement=agreement, due_date=date(2025, 6, 30), done=None)
    assert post(as_bde, agreement, "renouveler").status_code == 302
    follows = Agreement.objects.in_school(cast.school).get(renews=agreement)
    assert (follows.stage, follows.signed_date, follows.axes) == (AgreementStage.PROJECT, None, "Visites")
    assert (follows.start_date, follows.end_date) == (date(2026, 12, 1), date(2029, 11, 30))
    copied = Commitment.objects.in_school(cast.school).get(agreement=follows)
    assert (copied.target, copied.due_date) == (6, date(2028, 6, 30))
    post(as_bde, agreement, "renouveler")
    assert Agreement.objects.in_school(cast.school).filter(renews=agreement).count() == 1
    assert "Son renouvellement est commencé" in as_bde.get(agreement.get_absolute_url()).content.decode()
    post(as_bde, follows, "abandonner")
    post(as_bde, agreement, "renouveler")
    assert Agreement.objects.in_school(cast.school).filter(renews=agreement).count() == 2


@pytest.mark.parametrize(
    ("first", "last", "starts", "ends"),
    [
        (date(2024, 9, 1), date(2027, 8, 31), date(2027, 9, 1), date(2030, 8, 31)),  # a leap day more in one of them
        (date(2024, 9, 1), date(2025, 8, 31), date(2025, 9, 1), date(2026, 8, 31)),
        (date(2024, 9, 1), date(2025, 8, 31), date(2025, 9, 20), date(2026, 9, 19)),  # begun late
    ],
)
def test_a_renewal_lasts_as_long(first, last, starts, ends):
    day = timedelta(days=1)
    assert rules.carried(last + day, began=first, starts=starts) - day == ends


def test_a_tacit_renewal_says_until_when(as_bde, cast):
    agreement = AgreementFactory(
        school=cast.school, signed_date=date(2023, 1, 1), end_date=date(2025, 12, 31), tacit_renewal=True,
        renewal_months=12, notice_days=90,
    )  # fmt: skip
    page = as_bde.get(agreement.get_absolute_url()).content.decode()
    assert agreement.state_on(TODAY) == S.IN_FORCE
    assert "Reconduite tacitement jusqu’au 31" in page and "au plus tard le 2" in page


def test_a_frame_above_the_school_has_no_life_here(as_bde, cast):
    frame = AgreementFactory(school=cast.school, level="nationale", partner=None, signed_date=None)
    page = as_bde.get(frame.get_absolute_url()).content.decode()
    assert "Cadre, à confirmer" in page and "Prochaine étape" not in page
    post(as_bde, frame, "soumettre")
    assert frame.stage == AgreementStage.NEGOTIATION


# ---------------------------------------------------------------------------------------------------------- two at once


def test_of_two_with_the_same_page_one_moves(cast):
    agreement = project(cast)
    same = Agreement.objects.in_school(cast.school).select_related("school", "partner").get(pk=agreement.pk)
    life.move(agreement, Act.OPEN, membership=cast.bde, by=cast.bde.user, now=NOW)
    with pytest.raises(ValidationError, match="vient de changer"):
        life.move(same, Act.ABANDON, membership=cast.ddfpt, by=cast.ddfpt.user, now=NOW)
    agreement.refresh_from_db()
    assert agreement.stage == AgreementStage.NEGOTIATION


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_a_race_moves_once():
    cast = cast_of_roles()
    agreement = project(cast)

    def go(act):
        try:
            one = Agreement.objects.in_school(cast.school).select_related("school", "partner").get(pk=agreement.pk)
            life.move(one, act, membership=cast.bde, by=cast.bde.user, now=NOW)
        except ValidationError:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(2) as pool:
        won = sum(pool.map(go, (Act.OPEN, Act.ABANDON)))
    agreement.refresh_from_db()
    assert won >= 1 and agreement.version == 1 + won


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_a_correction_and_the_last_signature_at_once_wait_for_each_other():
    """Both write the paper and the agreement: in one order, or the database breaks a deadlock with an error."""
    cast = cast_of_roles()
    agreement = project(cast, stage=AgreementStage.TO_SIGN, board_vote_date=TODAY)
    paper = life.issue(agreement, membership=cast.bde, by=cast.bde.user, now=NOW)
    first, last = Signature.objects.in_school(cast.school).filter(document=paper).order_by("pk")
    circuit.note_paper(first, signed_on=TODAY, by=cast.bde.user, now=NOW)
    together = Barrier(2)

    def sign():
        together.wait()
        circuit.note_paper(last, signed_on=TODAY, by=cast.bde.user, now=NOW)

    def correct():
        one = Agreement.objects.in_school(cast.school).select_related("school", "partner").get(pk=agreement.pk)
        one.purpose = "Recevoir les élèves."
        together.wait()
        correcting.correct(one, version=one.version, changed=["purpose"], by=cast.bde.user, now=NOW)

    def go(verb):
        try:
            verb()
        except (ValidationError, StaleEdit):
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(go, (sign, correct))) >= 1
    agreement.refresh_from_db()
    assert (life.paper_state(life.paper_of(agreement)) == "complete") == (agreement.signed_date is not None)


# --------------------------------------------------------------------------------------------------------------- networks


def test_a_network_named_by_a_signed_agreement_is_formalised_and_counts(as_bde, cast):
    agreement = AgreementFactory(school=cast.school, signed_date=date(2026, 3, 1), title="Accord du campus")
    url = reverse("conventions:network_new", args=[cast.school.uai])
    data = {
        "name": "Campus", "type": "campus_metiers", "joined_date": "2025-09-01", "agreement": str(agreement.pk),
        "creation_key": as_bde.get(url).context["form"]["creation_key"].value(),
    }  # fmt: skip
    assert as_bde.post(url, data).status_code == 302
    network = Network.objects.in_school(cast.school).get(name="Campus")
    assert (network.formalised_date, network.act) == (date(2026, 3, 1), "Convention « Accord du campus »")
    page = as_bde.get(network.get_absolute_url()).content.decode()
    assert "Accord du campus" in page and "Formalisé" in page
    assert "Campus" in as_bde.get(agreement.get_absolute_url()).content.decode()
