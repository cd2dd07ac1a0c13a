"""« Passation »: everything under way with its next step; on screen, as a file; and partners given to a colleague."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from partners.models import OfferProposal, Partner, TaxApproach
from tests.factories import (
    ActionFactory,
    ActionPartnerFactory,
    AgreementFactory,
    ContactFactory,
    ContributionFactory,
    InteractionFactory,
    InvitationFactory,
    MembershipFactory,
    NetworkFactory,
    NetworkMemberFactory,
    OfferFactory,
    PartnerFactory,
    PeriodFactory,
    PlacementFactory,
    SchoolingFactory,
)

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime(2026, 11, 25, 9, 0, tzinfo=UTC), tick=False):
        yield


def url(cast, name="handover"):
    return reverse(f"partners:{name}", args=[cast.school.uai])


def everything_under_way(school, times=1):
    """One thing of each kind, so many times; and for each, one that is over."""
    for _ in range(times):
        contact = ContactFactory(
            school=school,
            partner__school=school,
            partner__name="Menuiserie Arpin",
            last_name="Ferrand",
            role="dirigeant",
        )
        partner = contact.partner
        InteractionFactory(
            school=school, partner=partner, contact=contact, date=date(2026, 11, 2),
            call_again_date=date(2026, 12, 1), subject="Parler du forum",
        )  # fmt: skip
        InteractionFactory(school=school, call_again_date=date(2026, 11, 1), called_again=True, subject="Rappel passé")
        AgreementFactory(school=school, title="Convention Arpin", end_date=date(2027, 1, 15))
        AgreementFactory(school=school, title="Convention en projet", signed_date=None)
        AgreementFactory(school=school, title="Convention tranquille", end_date=date(2028, 1, 15))
        OfferFactory(school=school, title="Menuisière", positions=2, published_date=date(2026, 11, 3))
        OfferFactory(school=school, title="Poste pourvu", filled_date=date(2026, 11, 3))
        OfferProposal.objects.create(
            school=school, company="Toitures Belin", contact_name="B", contact_email="b@b.example", type="emploi",
            title="Couvreuse",
        )  # fmt: skip
        TaxApproach.objects.create(
            school=school, partner=PartnerFactory(school=school, name="Donnante"), campaign=2027, intention="promet"
        )
        TaxApproach.objects.create(
            school=school, partner=PartnerFactory(school=school, name="Refusante"), campaign=2027, intention="refuse"
        )
        network = NetworkFactory(school=school, name="CLEE du bassin")
        NetworkFactory(school=school, name="Réseau quitté", left_date=date(2026, 6, 30))
        NetworkMemberFactory(
            school=school, network=network, partner=None, membership=MembershipFactory(school=school, role="direction")
        )
        action = ActionFactory(school=school, title="Forum des métiers", start_date=date(2027, 1, 20), planned=True)
        ActionPartnerFactory(school=school, action=action)
        InvitationFactory(school=school, action=action)
        ActionFactory(school=school, title="Visite oubliée", start_date=date(2026, 10, 1), planned=True)
        ActionFactory(school=school, title="Action close", start_date=date(2026, 10, 1))
        pupil = SchoolingFactory(school=school, school_class__year="2026-2027", entry_date=date(2026, 9, 1))
        PeriodFactory(
            school=school, school_class=pupil.school_class, start_date=date(2027, 1, 11), end_date=date(2027, 2, 5)
        )
        PlacementFactory(
            school=school,
            period__school_class__year="2026-2027",
            period__start_date=date(2027, 1, 11),
            period__end_date=date(2027, 2, 5),
            status="confirme",
        )
        ContributionFactory(
            school=school, partner__name="Maison endormie", received_date=date(2024, 5, 1), campaign=2024
        )


def rows_of(answer):
    return {
        part.heading: [(row.what, row.whom, row.next_step) for row in part.rows] for part in answer.context["parts"]
    }


def test_everything_under_way_is_there_with_its_next_step(as_bde, cast):
    everything_under_way(cast.school)
    found = rows_of(as_bde.get(url(cast)))
    said = {heading: " / ".join(" ".join(row) for row in rows) for heading, rows in found.items()}
    for heading, words in {
        "Rappels promis": "Menuiserie Arpin, Yann Ferrand Parler du forum Rappeler",
        "Conventions à signer ou à renouveler": "Convention Arpin (à renouveler)",
        "Places de PFMP à trouver": "Trouver 1\u00a0place",
        "Conventions de PFMP à faire signer": "Faire signer 1\u00a0convention",
        "Offres ouvertes": "Trouver 2\u00a0candidats",
        "Offres proposées, à examiner": "Couvreuse Toitures Belin Accepter ou refuser",
        "Taxe d’apprentissage, campagne en cours": "Donnante campagne 2027 : promet Suivre le versement promis",
        "Actions prévues": "Préparer ; 1\u00a0réponse attendue",
        "Réseaux": "Formaliser",
        "Partenaires dormants": "Solliciter pour la campagne de taxe 2027",
        "Les personnes à connaître": "dirige et signe",
    }.items():
        assert words in said[heading], (heading, said.get(heading))
    assert "Convention en projet (en négociation)" in said["Conventions à signer ou à renouveler"]
    assert "Clôturer" in said["Actions prévues"]
    whole = " ".join(words for heading, words in said.items() if heading != "Partenaires dormants")
    for over in ("Rappel passé", "tranquille", "Poste pourvu", "Refusante", "Réseau quitté", "Action close"):
        assert over not in whole, over


def test_it_is_read_by_those_who_take_or_hand_the_post(client, cast):
    everything_under_way(cast.school)
    for who, code in (
        (cast.bde, 200), (cast.ddfpt, 200), (cast.head, 200), (cast.office, 403), (cast.teacher, 403),
        (cast.reader, 403), (cast.stranger, 404),
    ):  # fmt: skip
        client.force_login(who.user)
        assert client.get(url(cast)).status_code == code
    client.force_login(cast.head.user)
    answer = client.get(url(cast))
    assert "Confier ces partenaires" not in answer.content.decode()
    assert "Offres proposées, à examiner" not in rows_of(answer), "the head reads offers, and decides on none"
    for link in {row.url for part in answer.context["parts"] for row in part.rows} | {
        part.url for part in answer.context["parts"] if part.url
    }:
        assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("wanted", ["csv", "xlsx", "ods"])
def test_it_is_taken_away_as_a_file(as_bde, cast, wanted):
    everything_under_way(cast.school)
    PartnerFactory(school=cast.school, name="=cmd()", owner=cast.ddfpt)
    answer = as_bde.get(url(cast) + f"?format={wanted}")
    assert answer["Content-Disposition"] == f'attachment; filename="passation.{wanted}"'
    if wanted == "csv":
        text = answer.content.decode("utf-8-sig")
        assert "Rappels promis;Menuiserie Arpin, Yann Ferrand;Parler du forum;Rappeler;2026-12-01" in text
        assert "Qui suit les partenaires" in text and str(cast.ddfpt) in text
    if wanted == "xlsx":
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        assert rows[0] == ("Partie", "Quoi", "Avec qui", "Prochaine étape", "Quand")


def test_an_empty_school_has_nothing_to_hand_over(as_bde, cast):
    assert "Rien n’est en cours" in as_bde.get(url(cast)).content.decode()


def test_the_partners_of_someone_go_to_a_colleague_in_one_post(as_bde, cast):
    gone = MembershipFactory(school=cast.school, role="bde", is_active=False)
    mine = [PartnerFactory(school=cast.school, owner=gone) for _ in range(3)]
    archived = PartnerFactory(school=cast.school, owner=gone, status="archive")
    kept = PartnerFactory(school=cast.school, owner=cast.ddfpt)
    answer = as_bde.post(
        url(cast, "owner_reassign"), {"de": str(gone.public_id), "a": str(cast.bde.public_id)}, follow=True
    )
    assert f"3 partenaires : suivis par {cast.bde} désormais" in answer.content.decode().replace("\xa0", " ")
    owners = dict(Partner.objects.in_school(cast.school).values_list("pk", "owner"))
    assert owners == {**{one.pk: cast.bde.pk for one in mine}, archived.pk: gone.pk, kept.pk: cast.ddfpt.pk}
    assert Partner.objects.in_school(cast.school).get(pk=mine[0].pk).version == 2
    events = AuditEvent.objects.filter(verb="partners.partner.reassigned")
    assert {event.subject_id for event in events} == {one.public_id for one in mine}
    as_bde.post(url(cast, "owner_reassign"), {"de": str(cast.bde.public_id), "a": "personne"})
    as_bde.post(url(cast, "owner_reassign"), {"de": "personne", "a": str(cast.ddfpt.public_id)})
    assert Partner.objects.in_school(cast.school).filter(owner=cast.ddfpt).count() == 4


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "obligatoire"),
        ({"de": "me", "a": "me"}, "Ce sont déjà les siens"),
        ({"de": "me", "a": "gone"}, "Sélectionnez un choix valide"),
        ({"de": "me", "a": "stranger"}, "Sélectionnez un choix valide"),
        ({"de": "<script>", "a": "me"}, "Sélectionnez un choix valide"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(as_bde, cast, sent, sentence):
    PartnerFactory(school=cast.school, owner=cast.bde)
    gone = MembershipFactory(school=cast.school, is_active=False)
    keys = {"me": cast.bde.public_id, "gone": gone.public_id, "stranger": cast.stranger.public_id}
    answer = as_bde.post(
        url(cast, "owner_reassign"), {name: str(keys.get(value, value)) for name, value in sent.items()}
    )
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert Partner.objects.in_school(cast.school).get().owner == cast.bde


def test_those_who_do_not_keep_the_file_give_no_partner_away(client, cast):
    partner = PartnerFactory(school=cast.school, owner=cast.bde)
    sent = {"de": str(cast.bde.public_id), "a": "personne"}
    for who, code in ((cast.head, 403), (cast.teacher, 403), (cast.stranger, 404)):
        client.force_login(who.user)
        assert client.post(url(cast, "owner_reassign"), sent).status_code == code
    partner.refresh_from_db()
    assert partner.owner == cast.bde


def test_as_many_queries_for_one_as_for_twelve_of_each(as_bde, cast):
    """It reads every table of the school, once: more than the twenty of a daily page, and never more as they grow."""

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert as_bde.get(url(cast)).status_code == 200
        return len(seen)

    everything_under_way(cast.school)
    queries()
    few = queries()
    everything_under_way(cast.school, times=11)
    assert queries() == few
    assert few <= 45
