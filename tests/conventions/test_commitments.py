"""What was promised against what was done: each feed, the dates that count, rights, few queries; lines edited on the page."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conventions import commitments
from conventions.enums import ActionType, CommitmentKind
from conventions.models import Agreement, Commitment
from tests.factories import (
    ActionFactory,
    ActionPartnerFactory,
    AgreementFactory,
    CommitmentFactory,
    ContributionFactory,
    OfferFactory,
    PlacementFactory,
)

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-25 10:00:00+01:00", tick=False):
        yield


@pytest.fixture
def agreement(cast):
    return AgreementFactory(
        school=cast.school, axes="Visites|Jurys", signed_date=date(2025, 9, 1), start_date=date(2025, 9, 1),
        end_date=date(2028, 8, 31),
    )  # fmt: skip


def promise(agreement, **values):
    return CommitmentFactory(school=agreement.school, agreement=agreement, **values)


def visit(agreement, day, *, named=False, carried=True, **values):
    values = {"type": "visite_entreprise", "status": "realisee", **values}
    action = ActionFactory(
        school=agreement.school, start_date=day, agreement=agreement if named else None, **values
    )  # fmt: skip
    if carried:
        ActionPartnerFactory(school=agreement.school, action=action, partner=agreement.partner)
    return action


def said(agreement):
    found = commitments.progress_of(Agreement.objects.select_related("school").get(pk=agreement.pk), TODAY)
    return [one.words.replace("\xa0", " ").replace("\u202f", " ") for one in found]


# ----------------------------------------------------------------------------------------------------------------- feeds


def test_promised_six_visits_made_four(agreement):
    promise(agreement)
    for month in (10, 11, 12):
        visit(agreement, date(2025, month, 3))
    visit(agreement, date(2026, 3, 3), named=True, carried=False)
    visit(agreement, date(2026, 4, 3), status="prevue")
    visit(agreement, date(2026, 4, 3), status="annulee", named=True)
    visit(agreement, date(2026, 4, 3), type="jury_examen")
    visit(agreement, date(2025, 8, 31))  # before the agreement
    visit(agreement, date(2026, 5, 3), carried=False)
    other = AgreementFactory(school=agreement.school, partner=agreement.partner)
    elsewhere = visit(agreement, date(2026, 6, 3))
    elsewhere.agreement = other
    elsewhere.save()
    assert said(agreement) == ["promis 6 visites, faites 4"]


def test_any_action_counts_where_no_type_is_said(agreement):
    promise(agreement, action_type="", target=1)
    visit(agreement, date(2026, 4, 3), type="jury_examen")
    assert said(agreement) == ["promis 1 action, faite 1"]


def test_nothing_of_the_partner_counts_before_the_signature_nor_after_the_end(agreement):
    promise(agreement)
    visit(agreement, date(2026, 2, 3))
    visit(agreement, date(2026, 10, 3))
    agreement.terminated_date = date(2026, 6, 30)
    agreement.save()
    assert said(agreement) == ["promis 6 visites, faite 1"]
    agreement.terminated_date = agreement.signed_date = None
    agreement.save()
    assert said(agreement) == ["promis 6 visites, aucune faite"]


def test_pupils_received_count_once_each(agreement):
    promise(agreement, kind="places", action_type="", target=2)
    first = PlacementFactory(
        school=agreement.school, partner=agreement.partner, status="termine", start_date=date(2026, 3, 2),
        end_date=date(2026, 3, 27),
    )  # fmt: skip
    PlacementFactory(
        school=agreement.school, partner=agreement.partner, student=first.student, status="en_cours",
        start_date=date(2026, 11, 2), end_date=date(2026, 11, 27),
    )  # fmt: skip
    PlacementFactory(
        school=agreement.school, partner=agreement.partner, status="pressenti", start_date=date(2026, 3, 2),
        end_date=date(2026, 3, 27),
    )  # fmt: skip
    assert said(agreement) == ["promis 2 élèves, accueilli 1"]


def test_offers_gifts_and_taxe(agreement):
    for kind, target in (("offres", 2), ("materiel", 1), ("taxe", 3000)):
        promise(agreement, kind=kind, action_type="", target=target)
    OfferFactory(school=agreement.school, partner=agreement.partner, type="emploi", received_date=date(2026, 2, 1))
    OfferFactory(school=agreement.school, partner=agreement.partner, type="pfmp", received_date=date(2026, 2, 1))
    ContributionFactory(
        school=agreement.school, partner=agreement.partner, nature="don_nature", amount=500,
        received_date=date(2026, 2, 1),
    )  # fmt: skip
    for amount, day in ((1500, date(2026, 5, 1)), (900, None), (700, date(2025, 5, 1))):
        ContributionFactory(
            school=agreement.school, partner=agreement.partner, nature="solde_taxe", amount=amount, received_date=day
        )
    assert said(agreement) == [
        "promis 2 offres, reçue 1",
        "promis 1 don de matériel, reçu 1",
        "promis 3 000 €, reçus 1 500 €",
    ]


def test_what_is_typed_by_hand(agreement):
    promise(agreement, kind="autre", action_type="", target=4, done=Decimal("1.5"))
    assert said(agreement) == ["promis 4, fait 1,5"]


def test_late_kept_and_to_keep(agreement):
    promise(agreement, due_date=date(2026, 11, 24))
    promise(agreement, due_date=date(2026, 11, 25))
    promise(agreement, kind="autre", action_type="", target=1, done=1, due_date=date(2026, 1, 1))
    found = commitments.progress_of(agreement, TODAY)
    assert [(one.state, one.is_late) for one in found] == [
        ("en_retard", True), ("a_tenir", False), ("tenu", False),
    ]  # fmt: skip


def test_lines_follow_the_order_of_the_axes(agreement):
    for axis in ("Autre chose", "Jurys", "Visites"):
        promise(agreement, axis=axis, kind="autre", action_type="")
    assert [one.commitment.axis for one in commitments.progress_of(agreement, TODAY)] == [
        "Visites", "Jurys", "Autre chose",
    ]  # fmt: skip


def test_every_kind_but_the_last_is_counted_and_every_action_has_its_noun():
    for kind in CommitmentKind:
        assert (commitments.feed_of(kind) is None) == (kind == CommitmentKind.OTHER)
    feed = commitments.feed_of(CommitmentKind.ACTIONS)
    assert {sort.code for sort in feed.sorts} == set(ActionType.values)


def test_the_number_of_queries_does_not_grow(agreement):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            commitments.progress_of(Agreement.objects.select_related("school").get(pk=agreement.pk), TODAY)
        return len(seen) - 1

    for kind in CommitmentKind:
        promise(agreement, kind=kind, action_type="")
    first = count()
    for kind in CommitmentKind:
        for _ in range(5):
            promise(agreement, kind=kind, action_type="")
    for day in range(1, 9):
        visit(agreement, date(2026, 2, day))
        OfferFactory(
            school=agreement.school, partner=agreement.partner, type="emploi", received_date=date(2026, 2, day)
        )
    assert count() == first <= 6


# --------------------------------------------------------------------------------------------------------------- the page


def test_the_page_says_it_and_links_what_counts(as_bde, agreement):
    promise(agreement)
    action = visit(agreement, date(2026, 3, 3), title="Visite de l’atelier")
    page = as_bde.get(agreement.get_absolute_url()).content.decode()
    assert "promis 6" in page and "faite 1" in page and action.get_absolute_url() in page
    assert "Visite de l’atelier" in page


def test_amounts_are_for_those_who_may_read_them(client, cast, agreement):
    promise(agreement, kind="taxe", action_type="", target=3000, label="Verser la taxe")
    ContributionFactory(
        school=agreement.school, partner=agreement.partner, nature="solde_taxe", amount=1234,
        received_date=date(2026, 5, 1),
    )  # fmt: skip
    for member, sees in ((cast.bde, True), (cast.head, True), (cast.office, False)):
        client.force_login(member.user)
        page = client.get(agreement.get_absolute_url()).content.decode()
        assert "Verser la taxe" in page
        assert ("234" in page) == sees


def data_of(client, url, **values):
    form = client.get(url).context["commitment_form"]
    hidden = {name: form[name].value() for name in ("creation_key", "version") if name in form.fields}
    return {
        "label": "Recevoir", "side": "partenaire", "axis": "Visites", "what": "actions:visite_entreprise", "target": "6",
        **hidden, **values,
    }  # fmt: skip


def test_lines_are_added_corrected_and_removed_without_leaving(as_bde, cast, agreement):
    new = reverse("conventions:commitment_new", args=[cast.school.uai, agreement.public_id])
    posted = data_of(as_bde, new)
    for _ in range(2):  # a double click adds one line
        answer = as_bde.post(new, posted)
        assert answer.status_code == 302 and answer.url.startswith(agreement.get_absolute_url())
    line = Commitment.objects.in_school(cast.school).get()
    assert (line.kind, line.action_type, line.target, line.done) == ("actions", "visite_entreprise", 6, None)
    edit = reverse("conventions:commitment_edit", args=[cast.school.uai, line.public_id])
    assert as_bde.get(edit).status_code == 200
    posted = data_of(as_bde, edit, what="autre", done="2", target="3")
    assert as_bde.post(edit, posted).status_code == 302
    line.refresh_from_db()
    assert (line.kind, line.action_type, line.target, line.done) == ("autre", "", 3, 2)
    assert as_bde.post(edit, posted).status_code == 302  # stale: said, nothing lost
    assert "vient de modifier" in as_bde.get(agreement.get_absolute_url()).content.decode()
    remove = reverse("conventions:commitment_remove", args=[cast.school.uai, line.public_id])
    assert as_bde.post(remove).status_code == 302
    assert not Commitment.objects.in_school(cast.school).exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"target": "-1"}, {"target": "beaucoup"}, {"target": "1e999"}, {"what": "actions:inconnue"}, {"what": ""},
        {"axis": "Ailleurs"}, {"side": "autre"}, {"label": ""}, {"label": "x" * 300}, {"due_date": "31/02/2026"},
    ],
)  # fmt: skip
def test_what_is_not_right_is_said_and_kept(as_bde, cast, agreement, bad):
    new = reverse("conventions:commitment_new", args=[cast.school.uai, agreement.public_id])
    answer = as_bde.post(new, data_of(as_bde, new, note="à revoir au printemps", **bad))
    assert answer.status_code == 422
    assert "à revoir au printemps" in answer.content.decode()
    assert not Commitment.objects.in_school(cast.school).exists()


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", "=HYPERLINK(1)", "🙂 visite", "\u202eétisiv"])
def test_odd_words_are_words(as_bde, cast, agreement, label):
    new = reverse("conventions:commitment_new", args=[cast.school.uai, agreement.public_id])
    assert as_bde.post(new, data_of(as_bde, new, label=label)).status_code == 302
    assert "<script>alert" not in as_bde.get(agreement.get_absolute_url()).content.decode()
