"""Readings of the definitions: the complements: leavers, reciprocity, follow-up (A-120 to A-149)."""

import pytest

from tests.indicators.story import BEFORE, NOT_COMPUTABLE, NOT_YET, START, Story, pfmp

pytestmark = pytest.mark.django_db


def leavers(*situations: str, niveau: str = "tle_pro", months: str = "6", **cells: str) -> Story:
    story = Story().klass("T", annee=BEFORE, niveau=niveau)
    for number, situation in enumerate(situations):
        story.pupils(f"e{number}", in_class="T", annee=BEFORE, entry="2024-09-01")
        if situation:
            story.add("insertion", eleve_id=f"e{number}", situation=situation, echeance_mois=months, **cells)
    return story


def test_a120_a123_terms_of_the_leavers_of_the_year_before() -> None:
    story = leavers("emploi", "")
    assert story.status("E1", on="2026-02-27") == NOT_YET
    assert story.parts("E1", on="2026-02-28") == (1, 2)
    assert story.status("E1", "echeance", "12", on="2026-08-30") == NOT_YET
    assert story.parts("E1", "echeance", "12") == (0, 2)
    assert Story().status("E1", on="2026-02-27") == NOT_YET
    assert Story().parts("E1", on="2026-02-28") == (0, 0)


def test_a121_the_cohort() -> None:
    story = leavers("emploi", "emploi", "emploi").pupils("e1")
    story.rows["insertion"][2]["annee_sortie"] = "2023-2024"
    assert story.parts("E1") == (1, 2)


@pytest.mark.parametrize(
    ("niveau", "size"), [("cap2", 1), ("tle_pro", 1), ("cs", 1), ("bts2", 1), ("cap1", 0), ("1re_pro", 0), ("autre", 0)]
)
def test_a122_final_years(niveau: str, size: int) -> None:
    assert leavers("emploi", niveau=niveau).cell("E1")["d"] == size


def test_a124_main_values_are_those_of_six_months() -> None:
    story = leavers("emploi", "recherche_emploi", "apprentissage", "sans_reponse").add("partenaires", "p1")
    for code in ("E1", "E2", "E3", "E6"):
        assert story.parts(code) == story.parts(code, "echeance", "6")
    assert [story.parts(code) for code in ("E1", "E2", "E3")] == [(3, 4), (2, 3), (1, 2)]


def test_a125_kept_in_work_at_twelve_months() -> None:
    story = leavers("emploi", "emploi", "emploi", "apprentissage")
    for pupil, situation in (("e0", "emploi"), ("e1", "autre"), ("e2", "sans_reponse"), ("e3", "emploi")):
        story.add("insertion", eleve_id=pupil, situation=situation, echeance_mois="12")
    assert story.status("E4", on="2026-08-30") == NOT_YET
    assert story.parts("E4") == (1, 2)


def test_a126_work_at_a_partner_s() -> None:
    story = leavers("emploi", "emploi", "apprentissage").add("partenaires", "p1")
    story.rows["insertion"][0]["partenaire_id"] = story.rows["insertion"][2]["partenaire_id"] = "p1"
    assert story.parts("E6") == (1, 2)


def known_partner() -> Story:
    return Story().add("partenaires", "p1", premier_contact_le=START)


def test_a130_one_encounter_a_day() -> None:
    story = (
        known_partner().action("a", "2025-11-12", end="2025-11-14", by="p1").action("b", "2026-08-30", statut="prevue")
    )
    story.add("echanges", "x1", partenaire_id="p1", date="2025-11-12", canal="salon").add(
        "echanges", "x2", partenaire_id="p1", date="2025-11-13"
    )
    story.add("invitations", action_id="b", partenaire_id="p1", envoyee_le=START, present="true")
    assert (story.parts("E10"), story.value("E12")) == ((0, 1), 1)


def test_a130_visits_on_site_of_any_placement_and_invitations_of_before() -> None:
    story = (
        known_partner()
        .pupils("e1", annee=BEFORE, entry="2024-09-01")
        .add("periodes_pfmp", "q1", classe_code="X", annee=BEFORE)
    )
    story.placed("l1", "e1", statut="annule").action("a", "2025-09-02")
    story.add("visites", "w1", placement_id="l1", date="2025-10-01").add(
        "visites", "w2", placement_id="l1", date="2025-10-02", mode="visio"
    )
    story.add("visites", "w3", placement_id="l1", date="2025-08-31").add(
        "echanges", "x", partenaire_id="p1", date="2025-12-01", canal="rendez_vous"
    )
    story.add("invitations", action_id="a", partenaire_id="p1", envoyee_le="2025-08-20", present="true")
    assert (story.parts("E11"), story.value("E12")) == ((1, 1), 3)


@pytest.mark.parametrize(
    ("resource", "cells", "is_known"),
    [
        ("echanges", {"id": "y", "date": "2025-08-31"}, 1),
        ("echanges", {"id": "y", "date": START}, 0),
        ("conventions", {"id": "v", "date_signature": "2025-08-31"}, 1),
        ("conventions", {"id": "v", "date_signature": "2025-08-31", "date_debut": START}, 0),
        ("conventions", {"id": "v", "date_signature": "2024-01-01", "resiliee_le": "2024-01-01"}, 0),
    ],
)
def test_a131_known_by_a_trace_of_before(resource: str, cells: dict[str, str], is_known: int) -> None:
    story = (
        Story()
        .add("partenaires", "p1")
        .add("echanges", "x", partenaire_id="p1", date="2025-10-06")
        .add(resource, partenaire_id="p1", **cells)
    )
    assert story.cell("E10")["d"] == is_known


def test_a131_known_by_a_first_contact_on_the_first_day_at_the_latest() -> None:
    assert known_partner().add("echanges", "x", partenaire_id="p1", date="2025-10-06").cell("E10")["d"] == 1
    late = (
        Story()
        .add("partenaires", "p1", premier_contact_le="2025-09-02")
        .add("echanges", "x", partenaire_id="p1", date="2025-10-06")
    )
    assert late.cell("E10")["d"] == 0


@pytest.mark.parametrize(
    ("day", "dormant"), [("2025-01-14", 1), ("2025-01-15", 0), ("2026-01-15", 0), ("2026-01-16", 1)]
)
def test_a132_dormant_after_twelve_months_without_trace(day: str, dormant: int) -> None:
    story = Story().add("partenaires", "p1").add("echanges", "x", partenaire_id="p1", date=day)
    assert story.parts("E14", on="2026-01-15") == (dormant, None)
    assert Story().add("partenaires", "p1", premier_contact_le=day).value("E14", on="2026-01-15") == dormant


def test_a132_twelve_months_before_the_29th_of_february() -> None:
    story = Story().add("partenaires", "p1").add("echanges", "x", partenaire_id="p1", date="2023-02-28")
    assert story.value("E14", on="2024-02-29", year="2023-2024") == 0


def test_a133_a149_hosts_kept_from_one_year_to_the_next() -> None:
    story = Story().pupils("e1").pupils("e1", annee=BEFORE, entry="2024-09-01").add("partenaires", "p1", "p2", "p3")
    story.add("periodes_pfmp", "q0", classe_code="X", annee=BEFORE, date_debut="2025-03-03", date_fin="2025-03-28").add(
        "periodes_pfmp", "q1", classe_code="X"
    )
    for partner, status in (("p1", "termine"), ("p2", "confirme"), ("p3", "pressenti")):
        story.placed(
            f"b{partner}",
            "e1",
            period="q0",
            partner=partner,
            statut=status,
            date_debut="2025-03-03",
            date_fin="2025-03-28",
        )
    story.placed("l1", "e1", partner="p1").add("dispenses", periode_id="q1", eleve_id="e1")
    assert story.parts("E15", on="2026-03-01") == (0, 2)
    assert story.parts("E15") == (1, 2)


def test_a140_started_finished_interrupted() -> None:
    story = (
        pfmp()
        .pupils("e1")
        .placed("l1", "e1")
        .placed("l2", "e1", statut="pressenti")
        .placed("l3", "e1", statut="termine", date_fin="2026-03-20")
    )
    story.placed("l4", "e1", statut="interrompu", interrompu_le="2026-03-10").placed(
        "l5", "e1", statut="interrompu"
    ).placed("l6", "e1", statut="en_cours", date_debut="2026-03-16")
    assert story.parts("E25", on="2026-03-05") == (1, 4)
    assert story.parts("E25", on="2026-03-16") == (2, 5)
    assert (story.cell("E22", on="2026-03-19")["d"], story.cell("E22", on="2026-03-20")["d"]) == (2, 3)


def test_a141_four_workshops_in_the_final_year() -> None:
    story = (
        Story()
        .klass("T", niveau="tle_pro")
        .pupils("e1", "e2", in_class="T")
        .klass("B", niveau="bts2")
        .pupils("e3", in_class="B")
    )
    for number in range(4):
        story.action(f"a{number}", "2025-10-06", type="avenirpro", came="e1 e3" if number else "e1 e2 e3")
    story.action("b", "2025-10-06", came="e2")
    assert story.parts("E20") == (1, 2)


def test_a142_visits_up_to_the_date_of_the_figures() -> None:
    story = pfmp().pupils("e1", "e2").placed("l1", "e1", statut="termine").placed("l2", "e2", statut="termine")
    story.add("visites", "w1", placement_id="l1", date="2026-05-10").add(
        "visites", "w2", placement_id="l2", date="2025-08-01", mode="telephone"
    )
    assert (story.parts("E21.sur_place", on="2026-05-09"), story.parts("E21.sur_place")) == ((0, 2), (1, 2))
    assert story.parts("E21.contact", on="2026-05-09") == (1, 2)


def test_a143_planned_days_are_mondays_to_fridays() -> None:
    story = (
        pfmp()
        .pupils("e1", "e2")
        .placed("l1", "e1", statut="termine", jours_effectues="18", date_debut="2026-04-30", date_fin="2026-05-04")
    )
    story.placed("l2", "e2", statut="interrompu", interrompu_le="2026-03-03", jours_effectues="2")
    assert story.parts("E23") == (20, 3 + 20)


@pytest.mark.parametrize(
    ("lines", "signed"),
    [
        ((("signee_papier", "2026-03-01T20:00:00+01:00"), ("signee_en_ligne", "2026-02-10T08:00:00+01:00")), 1),
        ((("signee_papier", "2026-03-01T23:30:00+00:00"),), 0),  # already 2 March in Paris
        ((("signee_papier", "2026-03-01T22:30:00+00:00"),), 1),
        ((("signee_papier", ""),), 0),
        ((("signee_papier", "2026-02-10T08:00:00+01:00"), ("attendue", "")), 0),
        ((("signee_papier", "2026-02-10T08:00:00+01:00"), ("annulee", "")), 1),
        ((("annulee", "2026-02-10T08:00:00+01:00"),), 0),
        ((("refusee", "2026-02-10T08:00:00+01:00"),), 0),
    ],
)
def test_a144_signed_by_all_before_the_first_day(lines: tuple[tuple[str, str], ...], signed: int) -> None:
    story = pfmp().pupils("e1", "e2").placed("l1", "e1").placed("l2", "e2").add("documents", "d1", objet_id="l1")
    for role, (status, moment) in zip(("eleve", "tuteur"), lines, strict=False):
        story.add("signatures", document_id="d1", role=role, statut=status, date=moment)
    assert (story.parts("E24"), story.cell("E24")["renseignement"]) == ((signed, 2), 0.5)


def test_a144_the_latest_version_of_the_convention() -> None:
    story = (
        pfmp()
        .pupils("e1")
        .placed("l1", "e1")
        .add("documents", "d2", objet_id="l1", version="2")
        .add("documents", "d1", objet_id="l1")
    )
    story.add("documents", "d3", objet_id="l1", version="3", type="avenant_pfmp").add(
        "signatures", document_id="d1"
    ).add("signatures", document_id="d2", statut="attendue", date="")
    assert story.parts("E24") == (0, 1)


def test_a144_no_signature_anywhere_is_not_zero() -> None:
    story = pfmp().pupils("e1").placed("l1", "e1")
    assert (story.status("E24"), story.parts("E24")) == (NOT_COMPUTABLE, (None, None))
    assert story.parts("E24", on="2026-03-01") == (0, 0)


def test_a145_interruptions_over_placements_started() -> None:
    story = (
        pfmp()
        .pupils("e1", "e2")
        .placed("l1", "e1", statut="interrompu", interrompu_le="2026-03-10")
        .placed("l2", "e2", statut="annule")
    )
    assert story.parts("E25") == (1, 1)


def test_a146_tutors_who_can_be_reached_even_gone() -> None:
    story = (
        pfmp()
        .pupils("e1", "e2", "e3")
        .add("contacts", "c1", partenaire_id="p1", telephone="01 02", actif="false")
        .add("contacts", "c2", partenaire_id="p1")
    )
    story.placed("l1", "e1", tuteur_id="c1").placed("l2", "e2", tuteur_id="c2").placed("l3", "e3")
    assert story.parts("E26") == (1, 3)


def test_a147_placements_at_once_of_a_referent() -> None:
    story = (
        pfmp()
        .pupils("e1", "e2", "e3", "e4")
        .placed("l1", "e1", referent_courriel="Anne@lycee.example", date_fin="2026-03-10")
    )
    story.placed("l2", "e2", referent_courriel="anne@lycee.example", date_debut="2026-03-10", statut="pressenti")
    story.placed("l3", "e3", referent_courriel="anne@lycee.example", statut="interrompu", interrompu_le="2026-03-09")
    story.placed("l4", "e4", referent_courriel="anne@lycee.example", statut="annule").placed("l5", "e4")
    assert (story.parts("E27"), Story().parts("E27")) == ((2, None), (0, None))
    assert story.value("E27", on="2026-03-01") == 0


def test_a148_a149_origins_of_every_placement_that_counts() -> None:
    story = (
        pfmp()
        .pupils("e1", "e2")
        .placed("l1", "e1", origine="bde", date_debut="2026-08-03", date_fin="2026-08-28")
        .placed("l2", "e2", origine="eleve")
    )
    story.placed("l3", "e2", origine="bde", statut="pressenti").placed("l4", "e2").add(
        "dispenses", periode_id="q1", eleve_id="e1"
    )
    assert story.parts("E28", on="2026-01-15") == (1, 2)
    assert story.cell("E28")["renseignement"] == pytest.approx(2 / 3)
