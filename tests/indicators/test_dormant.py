"""Dormant partners: the set of E14, each with its last trace and a next step; calls planned for several at once."""

import io
from datetime import date

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.school_year import SchoolYear
from indicators import figures
from indicators.dormant import Dormants, formation_key, formation_name
from partners.models import Interaction
from tests.factories import (
    ActionFactory,
    ActionPartnerFactory,
    AgreementFactory,
    ContactFactory,
    ContributionFactory,
    InteractionFactory,
    OfferFactory,
    PartnerFactory,
    PeriodFactory,
    PlacementFactory,
)

TODAY = date(2026, 11, 25)
OLD = date(2025, 11, 24)  # one day too early
LIMIT = date(2025, 11, 25)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-25 10:00:00+01:00", tick=False):
        yield


def url(cast, name="dormant_partners"):
    return reverse(f"indicators:{name}", args=[cast.school.uai])


def names(answer):
    return [line.partner.name for line in answer.context["lines"]]


def counted_by_e14(school):
    return set(figures.rows_behind(school, SchoolYear.on(TODAY), TODAY, "E14", None, None).numerator)


def a_bit_of_everything(school):
    """A partner for each kind of trace, on both sides of the limit, and those that are never counted."""
    for day in (OLD, LIMIT, TODAY):
        partner = PartnerFactory(school=school, name=f"Échange {day}")
        InteractionFactory(school=school, partner=partner, date=day)
        PartnerFactory(school=school, name=f"Connu {day}", first_contact_date=day)
        OfferFactory(school=school, partner__name=f"Offre {day}", received_date=day)
        ContributionFactory(school=school, partner__name=f"Taxe {day}", received_date=day)
        AgreementFactory(school=school, partner__name=f"Convention {day}", signed_date=date(2020, 1, 1), end_date=day)
        PlacementFactory(
            school=school,
            partner__name=f"Placement {day}",
            start_date=date(2025, 11, 3),
            end_date=day,
            status="termine",
        )
        for status in ("realisee", "prevue"):
            action = ActionFactory(school=school, start_date=day, status=status)
            ActionPartnerFactory(school=school, action=action, partner__name=f"Action {status} {day}")
    PlacementFactory(school=school, partner__name="Annulé", start_date=LIMIT, end_date=TODAY, status="annule")
    for status in ("prospect", "archive", "dormant", "actif"):
        PartnerFactory(school=school, name=f"Statut {status}", status=status)


def test_the_list_is_the_set_of_the_indicator(as_bde, cast):
    a_bit_of_everything(cast.school)
    listed = Dormants(cast.school, TODAY)
    assert listed.partners == counted_by_e14(cast.school)
    answer = as_bde.get(url(cast))
    assert answer.context["total"] == len(listed.partners) == answer.context["page"].paginator.count
    found = names(answer)
    assert f"Échange {OLD}" in found and f"Échange {LIMIT}" not in found
    assert "Statut actif" in found and "Statut prospect" not in found
    assert "Annulé" in found and f"Action prevue {TODAY}" in found


def test_each_line_says_the_last_trace_the_relation_and_the_next_step(as_bde, cast):
    partner = PartnerFactory(school=cast.school, name="Menuiserie Arpin")
    tutor = ContactFactory(school=cast.school, partner=partner, phone="03 23 00 00 01")
    last = PeriodFactory(
        school=cast.school, school_class__code="TMELEC", school_class__diploma="Bac pro MELEC",
        start_date=date(2025, 3, 3), end_date=date(2025, 3, 28),
    )  # fmt: skip
    for _ in range(2):
        PlacementFactory(school=cast.school, partner=partner, tutor=tutor, period=last, status="termine")
    PeriodFactory(
        school=cast.school, school_class__code="1MELEC", school_class__diploma="Bac pro MELEC",
        start_date=date(2027, 3, 1), end_date=date(2027, 3, 26),
    )  # fmt: skip
    page = as_bde.get(url(cast)).content.decode()
    for said in (
        "28/03/2025", "PFMP", "2 élèves de MELEC jusqu’en 2025", str(tutor), "tel:0323000001",
        "Demander des places pour la PFMP de mars 2027 (1MELEC)",
    ):  # fmt: skip
        assert said in page, said


def test_the_latest_lost_comes_first_and_filters_narrow(as_bde, cast):
    for year in (2023, 2025, 2024):
        InteractionFactory(school=cast.school, partner__name=f"Parlé en {year}", date=date(year, 3, 3))
    PartnerFactory(school=cast.school, name="Jamais rien", owner=cast.bde)
    ContributionFactory(school=cast.school, partner__name="Payeur", received_date=date(2022, 5, 1), campaign=2022)
    assert names(as_bde.get(url(cast))) == ["Parlé en 2025", "Parlé en 2024", "Parlé en 2023", "Payeur", "Jamais rien"]
    assert names(as_bde.get(url(cast) + "?relation=versement")) == ["Payeur"]
    assert names(as_bde.get(url(cast) + "?relation=rien")) == ["Jamais rien"]
    assert names(as_bde.get(url(cast) + "?suivi=moi")) == ["Jamais rien"]
    assert names(as_bde.get(url(cast) + "?q=PARLE 2024")) == ["Parlé en 2024"]
    assert as_bde.get(url(cast) + "?relation=amour").status_code == 400
    book = openpyxl.load_workbook(io.BytesIO(as_bde.get(url(cast) + "?relation=versement&format=xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1][0] == "Payeur" and rows[1][7] == "Solliciter pour la campagne de taxe 2027"


def test_calls_are_planned_for_several_and_wake_nobody_up(as_bde, cast):
    partners = [PartnerFactory(school=cast.school) for _ in range(3)]
    before = counted_by_e14(cast.school)
    picked = [str(partner.public_id) for partner in partners[:2]]
    answer = as_bde.post(
        url(cast, "dormant_plan"), {"choisi": picked, "jour": "2026-12-03", "retour": "relation=rien"}, follow=True
    )
    assert answer.redirect_chain[0][0].endswith("?relation=rien")
    said = answer.content.decode().replace("\xa0", " ")
    assert "2 rappels prévus jeudi 3 décembre 2026" in said and "rappel prévu le" in said
    calls = Interaction.objects.in_school(cast.school)
    assert {(call.call_again_date, call.date, call.author_email) for call in calls} == {
        (date(2026, 12, 3), date(2026, 12, 3), cast.bde.email)
    }
    assert {call.subject for call in calls} == {"Prendre contact : rien n’est noté avec ce partenaire"}
    assert counted_by_e14(cast.school) == before, "to plan a call is no trace of the partner"
    assert names(as_bde.get(url(cast) + "?rappel=non")) == [partners[2].name]
    as_bde.post(url(cast, "dormant_plan"), {"choisi": picked, "seul": str(partners[2].public_id), "jour": "2026-12-03"})
    assert calls.all().count() == 3
    waiting = as_bde.get(reverse("partners:follow_ups", args=[cast.school.uai]))
    assert waiting.context["total"] == 3 and "Rappel planifié" in waiting.content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"jour": "2026-12-03"}, "Cochez au moins un partenaire"),
        ({"choisi": "it", "jour": "2026-11-24"}, "est passé"),
        ({"choisi": "it", "jour": "2026-11-25"}, "appelez, puis notez"),
        ({"choisi": "it", "jour": "9999-12-31"}, "plus de deux ans"),
        ({"choisi": "it", "jour": "bientôt"}, "date valide"),
        ({"choisi": ["x"] * 3 + [f"y{n}" for n in range(201)], "jour": "2026-12-03"}, "Pas plus de 200"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_in_words(as_bde, cast, sent, sentence):
    partner = PartnerFactory(school=cast.school)
    if sent.get("choisi") == "it":
        sent = {**sent, "choisi": str(partner.public_id)}
    answer = as_bde.post(url(cast, "dormant_plan"), sent)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    if isinstance(sent.get("choisi"), str):
        assert f'value="{partner.public_id}" aria-label="Choisir {partner}" checked' in answer.content.decode()
    assert not Interaction.objects.in_school(cast.school).exists()


def test_neither_another_school_s_nor_an_active_partner_nor_a_closed_one_is_planned(as_bde, cast):
    theirs = PartnerFactory(school=cast.stranger.school)
    active = InteractionFactory(school=cast.school, date=TODAY).partner
    closed = PartnerFactory(school=cast.school, closed_date=date(2026, 5, 1))
    picked = [str(one.public_id) for one in (theirs, active, closed)] + ["n’importe quoi"]
    answer = as_bde.post(url(cast, "dormant_plan"), {"choisi": picked, "jour": "2026-12-03"}, follow=True)
    assert "Aucun rappel ajouté" in answer.content.decode()
    assert not Interaction.objects.in_school(cast.school).filter(call_again_date__isnull=False).exists()
    assert not Interaction.objects.in_school(cast.stranger.school).exists()


def test_who_reads_the_list_and_who_plans(client, cast):
    partner = PartnerFactory(school=cast.school)
    for who, reads, plans in (
        (cast.bde, 200, 302), (cast.ddfpt, 200, 302), (cast.head, 200, 403), (cast.office, 403, 403),
        (cast.teacher, 403, 403), (cast.reader, 403, 403), (cast.stranger, 404, 404),
    ):  # fmt: skip
        client.force_login(who.user)
        answer = client.get(url(cast))
        assert answer.status_code == reads
        if who is cast.head:
            assert "Planifier" not in answer.content.decode()
        sent = {"seul": str(partner.public_id), "jour": "2026-12-03"}
        assert client.post(url(cast, "dormant_plan"), sent).status_code == plans


def test_as_many_queries_for_two_as_for_sixty(as_bde, cast):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert as_bde.get(url(cast)).status_code == 200
        return len(seen)

    def some(count):
        for _ in range(count):
            tutor = ContactFactory(school=cast.school, partner__school=cast.school)
            PlacementFactory(
                school=cast.school,
                partner=tutor.partner,
                tutor=tutor,
                start_date=date(2025, 3, 3),
                end_date=date(2025, 3, 28),
            )
            InteractionFactory(school=cast.school, partner=tutor.partner, date=date(2025, 4, 1))

    some(2)
    few = queries()
    some(28)
    assert queries() == few <= 21  # one counts what waits in the signing book


@pytest.mark.parametrize(
    ("code", "diploma", "name", "key"),
    [
        ("1MELEC", "", "MELEC", "melec"),
        ("TMELEC", "Bac pro MELEC", "MELEC", "bac pro melec"),
        ("1TRPM", "", "TRPM", "trpm"),
        ("TTRPM", "", "TRPM", "trpm"),
        ("2", "", "2", "2"),
        ("", "", "", ""),
    ],
)
def test_formations(code, diploma, name, key):
    assert (formation_name(code), formation_key(code, diploma)) == (name, key)
