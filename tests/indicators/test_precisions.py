"""Each reading of the definitions (precisions A-01 to A-149) on a few rows made for it."""

import json
from datetime import date

import pytest

from core.school_year import SchoolYear
from indicators import definitions, figures, rules
from tests.indicators.story import AFTER, BEFORE, END, OTHER, START, YEAR, Story

pytestmark = pytest.mark.django_db
NOT_COMPUTABLE, NOT_YET, COMPUTED = "non_calculable", "pas_encore_mesurable", "calcule"


# ------------------------------------------------------------------------------------------ 1. dates, period, scope


def test_a01_the_year_runs_from_september_to_august_in_every_academy() -> None:
    story = Story().action("a", "2025-08-31").action("b", START).action("c", END).action("d", "2026-09-01")
    assert story.value("I3.1") == 2


def test_a02_after_the_year_the_figures_are_those_of_its_end() -> None:
    story = Story().action("a", END)
    assert story.value("I3.1", on="2026-08-30") == 0
    assert story.value("I3.1", on=END) == story.value("I3.1", on="2027-03-01") == 1
    assert story.raw(on="2027-03-01")["arrete"] == END


def test_a02_before_the_year_the_computation_is_refused() -> None:
    with pytest.raises(rules.TooEarly, match="commence le 01/09/2025"):
        figures.compute(Story().school(), SchoolYear(2025), date(2025, 8, 31))


@pytest.mark.parametrize(
    ("on", "provisional"), [(START, True), ("2026-08-30", True), (END, False), ("2027-01-01", False)]
)
def test_a03_provisional_until_the_end_of_the_year(on: str, provisional: bool) -> None:
    assert Story().raw(on=on)["provisoire"] is provisional


def test_a04_fields_without_a_date_are_read_as_they_are_now() -> None:
    story = Story().pupils("e1").action("a", "2025-10-06", came="e1").add("partenaires", "p1")
    story.add(
        "invitations",
        action_id="a",
        partenaire_id="p1",
        envoyee_le="2025-09-20",
        reponse="acceptee",
        repondue_le="2026-05-01",
    )
    assert story.parts("I7.1", on="2025-10-10") == (1, 1)


def test_a05_a_schooling_counts_for_its_year_only_and_inside_it() -> None:
    story = (
        Story()
        .pupils("e1", annee=BEFORE, entry="2024-09-01")
        .pupils("e2", exit_="2027-01-01")
        .pupils("e3", entry="2025-08-20")
    )
    story.klass("Y", annee=BEFORE)
    story.action("a", "2025-09-01", came="e1 e2 e3")
    assert story.parts("I4.1") == (2, 2)
    assert Story().pupils("e9", entry="2025-07-01", exit_="2025-08-31").parts("I4.1") == (0, 0)


def test_a06_apprentices_and_bts_count_and_levels_tell_them_apart() -> None:
    story = Story().klass("B", niveau="bts1").pupils("e1", in_class="B").pupils("e2")
    assert story.parts("I4.1") == (0, 2)
    assert story.parts("I4.1", "niveau", "bts1") == (0, 1)


def test_a07_two_classes_entered_the_same_day_the_smallest_code() -> None:
    story = Story().pupils("e1", in_class="Z").pupils("e1", in_class="B").action("a", "2025-10-06", came="e1")
    assert story.parts("I4.1", "classe", "B") == (1, 1)
    assert story.parts("I4.1", "classe", "Z") == (0, 1)


def test_c07_the_class_entered_last_wins() -> None:
    story = Story().pupils("e1", in_class="B").pupils("e1", in_class="Z", entry="2025-09-15")
    story.action("a", "2025-10-06", came="e1")
    assert story.parts("I4.1", "classe", "Z") == (1, 1)


def test_a08_expected_in_the_class_that_wins_on_the_reference_day() -> None:
    story = Story().pupils("e1", in_class="B").pupils("e1", in_class="Z", entry="2025-09-15")
    story.add("periodes_pfmp", "q1", classe_code="B").add("periodes_pfmp", "q2", classe_code="Z")
    assert story.keys("I5.1", "periode") == ["q2"]


def test_a09_an_action_begun_counts_whole() -> None:
    story = Story().action("a", "2026-08-30", end="2026-09-03", duree_heures="30")
    assert (story.value("I3.4", on="2026-08-30"), story.value("I3.3.total", on="2026-08-30")) == (5, 30)


def test_a10_days_of_an_action_stop_at_the_date_of_the_figures() -> None:
    story = Story().pupils("e1", entry="2026-03-05").action("a", "2026-03-02", end="2026-03-06", came="e1")
    assert story.parts("I4.1", on="2026-03-04") == (0, 0)
    assert story.parts("I4.1", on="2026-03-05") == (1, 1)
    late = Story().pupils("e1", annee=AFTER, entry="2026-09-01").action("a", "2026-08-30", end="2026-09-03", came="e1")
    assert late.parts("I4.2", on="2026-12-01") == (0, 0)


def test_a11_the_class_of_the_first_day_enrolled() -> None:
    story = (
        Story()
        .pupils("e1", in_class="X", entry="2026-03-03", exit_="2026-03-03")
        .pupils("e1", in_class="Y", entry="2026-03-04")
    )
    story.action("a", "2026-03-02", end="2026-03-06", came="e1")
    assert story.parts("I4.1", "classe", "X") == (1, 1)
    assert story.parts("I4.1", "classe", "Y") == (0, 1)


@pytest.mark.parametrize(
    ("first", "second", "known"), [("true", "", 1), ("", "false", 0), ("false", "false", 1), ("false", "true", 1)]
)
def test_a12_priority_over_the_lines_of_the_period(first: str, second: str, known: int) -> None:
    story = (
        Story()
        .pupils("e1", exit_="2025-12-31", prioritaire=first)
        .pupils("e1", in_class="Y", entry="2026-01-01", prioritaire=second)
    )
    assert story.cell("I4.6")["renseignement"] == known


def test_a12_a_line_still_to_come_does_not_count() -> None:
    story = (
        Story()
        .pupils("e1", exit_="2025-12-31", prioritaire="false")
        .pupils("e1", in_class="Y", entry="2026-01-01", prioritaire="")
    )
    assert story.cell("I4.6", on="2025-12-31")["renseignement"] == 1
    assert story.cell("I4.6", on="2026-01-01")["renseignement"] == 0


def test_a13_rows_of_another_school_do_not_count() -> None:
    story = Story().add("partenaires", "p1", uai=OTHER).action("a", "2025-10-06", by="p1", uai=OTHER, duree_heures="2")
    story.add("echanges", "x", partenaire_id="p1", date="2025-10-07").add(
        "conventions", "v", uai=OTHER, partenaire_id="p1", date_signature=START
    )
    found = story.all()
    assert [found[code, None, None]["valeur"] for code in ("I1.1", "I3.1", "I3.8", "E14")] == [0, 0, 0, 0]


def test_a14_a_placement_belongs_to_the_year_of_its_period() -> None:
    story = Story().pupils("e1").add("partenaires", "p1").add("periodes_pfmp", "q1", classe_code="X")
    story.placed("l1", "e1", date_debut="2025-06-01", date_fin="2025-06-20", origine="bde")
    assert story.parts("E28") == (1, 1)
    assert story.parts("I2.4") == (0, 0)  # as a trace, its dates decide: none in the year


# ------------------------------------------------------------------------------------------ 2. form of the output


def test_a20_n_and_d_by_kind() -> None:
    story = Story().pupils("e1", "e2").add("partenaires", "p1")
    story.action("a", "2025-10-06", came="e1", by="p1", duree_heures="1.5").action("b", "2025-10-07", came="e1")
    story.add("satisfaction", "z1", note="4").add("satisfaction", "z2", note="1")
    found = story.all()
    assert {code: (found[code, None, None]["n"], found[code, None, None]["d"]) for code in ("I4.1", "I3.1", "I3.4", "I4.3", "I8.2", "I3.5", "I3.3.total", "I5.9", "I4.4.ecart", "E12", "I6.4", "I6.1", "I5.10")} == {
        "I4.1": (1, 2), "I3.1": (2, None), "I3.4": (2, None), "I4.3": (2, 1), "I8.2": (5, 2), "I3.5": (2, None),
        "I3.3.total": (None, None), "I5.9": (None, None), "I4.4.ecart": (None, None), "E12": (None, None),
        "I6.4": (None, None), "I6.1": (None, None), "I5.10": (None, None),
    }  # fmt: skip


def test_a20_half_days_are_kept() -> None:
    story = Story().pupils("e1").add("partenaires", "p1").add("periodes_pfmp", "q1", classe_code="X")
    story.placed("l1", "e1", statut="termine", jours_effectues="9.5")
    assert story.parts("E23") == (9.5, 20)


def test_a21_every_value_without_number_says_why_in_french() -> None:
    answer = Story().pupils("e1").raw(on="2025-09-10")
    for entry in answer["indicateurs"]:
        for cell in (entry, *entry["ventilations"]):
            if cell["statut"] == COMPUTED:
                assert not cell.get("motif")
            else:
                assert cell["valeur"] is None
                assert cell["motif"].endswith(".")
    found = {entry["code"]: (entry["statut"], entry["n"], entry["d"]) for entry in answer["indicateurs"]}
    assert found["I4.2"] == (NOT_COMPUTABLE, 0, 0)
    assert found["I3.5"] == (NOT_COMPUTABLE, None, None)
    assert found["E1"] == (NOT_YET, None, None)
    assert found["I4.4.ecart"] == (NOT_COMPUTABLE, None, None)


def test_a22_closed_axes_are_whole_and_open_ones_show_what_exists() -> None:
    story = Story()
    for code, axis, keys in (
        ("I4.5", "sexe", ["F", "M", "inconnu"]),
        ("I8.1", "public", ["eleve", "equipe", "partenaire"]),
        ("E1", "echeance", ["12", "6"]),
        ("I4.3", "intensite", ["0", "1", "2", "3+"]),
        ("E12", "rencontres", ["0", "1", "2", "3+"]),
    ):
        assert story.keys(code, axis) == keys
    for code, axis in (
        ("I1.1", "secteur"),
        ("I4.1", "classe"),
        ("I7.1", "secteur"),
        ("I5.1", "periode"),
        ("E28", "origine"),
    ):
        assert story.keys(code, axis) == []


def test_a22_keys_are_sorted_by_code_point() -> None:
    story = Story().pupils("e1", in_class="b").pupils("e2", in_class="B").pupils("e3", in_class="É")
    assert story.keys("I4.1", "classe") == ["B", "b", "É"]


def test_a23_zero_is_shown_for_periods_and_classes_with_pupils_expected() -> None:
    story = Story().pupils("e1").klass("V").add("partenaires", "p1")
    story.add("periodes_pfmp", "q1", classe_code="X").add("periodes_pfmp", "q2", classe_code="V").placed("l1", "e1")
    assert story.cell("I5.3", "periode", "q1")["valeur"] == story.cell("I5.4", "periode", "q1")["valeur"] == 0
    assert (story.keys("I5.3", "periode"), story.keys("I5.3", "classe")) == (["q1"], ["X"])


def test_a24_types_of_action_over_all_pupils() -> None:
    story = (
        Story()
        .pupils("e1", "e2")
        .action("a", "2025-10-06", came="e1", unnoted="e2")
        .action("b", "2025-10-07", type="mentorat")
    )
    assert story.parts("I4.1", "type_action", "visite_entreprise") == (1, 2)
    assert story.parts("I4.1", "type_action", "mentorat") == (0, 2)
    assert story.keys("I4.2", "type_action") == ["visite_entreprise"]
    assert Story().action("a", "2025-10-06").keys("I4.1", "type_action") == []


def test_a25_hours_by_type_only_where_some_are_told() -> None:
    story = Story().action("a", "2025-10-06", duree_heures="0").action("b", "2025-10-07", type="mentorat")
    assert story.keys("I3.3.total", "type_action") == ["visite_entreprise"]


def test_a26_shares_of_pupils_by_number_of_actions() -> None:
    story = Story().pupils("e1", "e2", "e3").action("a", "2025-10-06", came="e1 e2")
    for number in ("b", "c", "d"):
        story.action(number, "2025-10-07", came="e1")
    assert [story.parts("I4.3", "intensite", key) for key in ("0", "1", "2", "3+")] == [(1, 3), (1, 3), (0, 3), (1, 3)]
    assert Story().status("I4.3", "intensite", "0") == NOT_COMPUTABLE


def test_a27_reasons_and_origins() -> None:
    story = Story().pupils("e1", "e2", "e3").add("partenaires", "p1").add("periodes_pfmp", "q1", classe_code="X")
    story.placed("l1", "e1", statut="interrompu", interrompu_le="2026-03-10", origine="famille")
    story.placed("l2", "e2", statut="interrompu", interrompu_le="2026-03-10", motif_interruption="eleve", origine="bde")
    story.placed("l3", "e3", statut="termine")
    assert story.parts("E25", "motif", "non_renseigne") == story.parts("E25", "motif", "eleve") == (1, 3)
    assert story.keys("E28", "origine") == ["bde", "famille"]
    assert story.parts("E28", "origine", "famille") == (1, 2)


def test_a28_months_and_national_events() -> None:
    story = Story().action("a", "2025-10-31", end="2025-11-02", evenement_national="  Semaine école-entreprise ")
    story.action("b", "2026-01-05", evenement_national="Semaine école-entreprise").action(
        "c", "2026-01-06", evenement_national="   "
    )
    assert story.keys("I3.1", "mois") == ["2025-10", "2026-01"]
    assert story.keys("I3.1", "evenement_national") == ["Semaine école-entreprise"]
    assert story.value("I3.1", "evenement_national", "Semaine école-entreprise") == 2


def test_a29_how_much_is_filled_in() -> None:
    story = Story().pupils("e1", sexe="F", prioritaire="true").pupils("e2", "e3").add("partenaires", "p1", "p2")
    story.action("a", "2025-10-06", came="e1", unnoted="e2", duree_heures="2", cible_prioritaire="true").action(
        "b", "2025-10-07"
    )
    story.add(
        "invitations", action_id="a", partenaire_id="p1", envoyee_le="2025-09-20", reponse="acceptee", present="true"
    )
    story.add("invitations", action_id="a", partenaire_id="p2", envoyee_le="2025-09-20", reponse="acceptee")
    story.add("enquetes", "n1", sollicites="4").add("enquetes", "n2")
    found = story.all()
    known = {
        code: found[code, None, None]["renseignement"]
        for code in ("I3.3.total", "I3.3.mediane", "I4.2", "I4.4.beneficiaires", "I4.8", "I7.3", "I8.3", "I4.1", "E28")
    }
    assert known == {
        "I3.3.total": 0.5,
        "I3.3.mediane": 0.5,
        "I4.2": 0.5,
        "I4.4.beneficiaires": 1,
        "I4.8": 0.5,
        "I7.3": 0.5,
        "I8.3": 0.5,
        "I4.1": None,
        "E28": None,
    }
    assert [found[code, None, None]["renseignement"] for code in ("I4.4.inscrits", "I4.5", "I4.6", "I4.7")] == [
        pytest.approx(1 / 3)
    ] * 4
    assert all("renseignement" not in cell for place, cell in found.items() if place[1])


def test_a30_types_of_values() -> None:
    story = (
        Story()
        .add("partages", "g1")
        .add("taxe_apprentissage", "t1", partenaire_id="p1", montant="1500.55")
        .add("partenaires", "p1")
    )
    found = {entry["code"]: entry["valeur"] for entry in json.loads(json.dumps(story.raw()))["indicateurs"]}
    assert found["I6.1"] is True
    assert found["I6.4"] == "2026-01-12"
    assert type(found["I6.2"]) is int
    assert found["I5.9"] == 1500.55


def test_a31_the_median_of_an_even_number_is_between_the_two_in_the_middle() -> None:
    story = Story().action("a", "2025-10-06", duree_heures="1").action("b", "2025-10-06", duree_heures="2.5")
    assert story.value("I3.3.mediane") == 1.75


def test_a32_the_codes_and_axes_of_the_list_in_their_order() -> None:
    answer = Story().raw()
    assert [entry["code"] for entry in answer["indicateurs"]] == [
        indicator.code for indicator in definitions.in_order()
    ]
    assert len(answer["indicateurs"]) == 84
    assert list(answer) == ["etablissement", "annee", "arrete", "provisoire", "definitions", "indicateurs"]


def test_every_indicator_answers_on_the_axes_of_the_list() -> None:
    data = definitions.YearData(Story().school(), SchoolYear(2025), date(2026, 8, 31))
    for indicator in definitions.in_order():
        assert set(indicator.compute(data).axes) <= set(indicator.axes)
        assert indicator.definition.endswith(".")


def test_a33_a_year_without_data_is_whole() -> None:
    answer = Story().raw(year="2030-2031", on="2031-01-15")
    assert len(answer["indicateurs"]) == 84
    assert {entry["statut"] for entry in answer["indicateurs"]} == {COMPUTED, NOT_COMPUTABLE, NOT_YET}


def test_a34_nothing_is_hidden_in_the_computation() -> None:
    assert Story().pupils("e1").action("a", "2025-10-06", came="e1").parts("I4.1") == (1, 1)


def test_a35_training_schools_are_a_number_and_a_share() -> None:
    story = (
        Story().add("partenaires", "p1", type="etablissement_formation").add("partenaires", "p2", type="campus_metiers")
    )
    story.add("conventions", "v1", partenaire_id="p1", date_signature=START).add(
        "conventions", "v2", partenaire_id="p2", date_signature=START
    )
    assert (story.parts("I1.2"), story.value("I1.2")) == ((1, 2), 0.5)


# ------------------------------------------------------------------------------------------ 3. common rules


@pytest.mark.parametrize(
    ("resource", "cells", "is_trace"),
    [
        ("echanges", {"id": "x", "date": END}, True),
        ("echanges", {"id": "x", "date": "2025-08-31"}, False),
        ("offres", {"id": "o", "recue_le": START, "type": "stage"}, True),
        ("taxe_apprentissage", {"id": "t", "recu_le": "2026-01-01", "nature": "don_nature", "montant": "5"}, True),
        ("taxe_apprentissage", {"id": "t", "recu_le": "", "montant": "5"}, False),
        ("conventions", {"id": "v", "date_signature": "2024-01-01", "date_fin": START}, True),
        ("conventions", {"id": "v", "date_signature": "2024-01-01", "date_fin": "2025-08-31"}, False),
        ("partages", {"id": "g"}, False),
    ],
)
def test_a40_what_is_a_trace_and_when(resource: str, cells: dict[str, str], is_trace: bool) -> None:
    story = Story().add("partenaires", "p1").add(resource, **{"partenaire_id": "p1", **cells})
    assert story.cell("I2.4")["d"] == int(is_trace)


@pytest.mark.parametrize(("status", "is_trace"), [("pressenti", True), ("annule", False)])
def test_a40_a_placement_is_a_trace_unless_cancelled(status: str, is_trace: bool) -> None:
    story = (
        Story()
        .pupils("e1")
        .add("partenaires", "p1")
        .add("periodes_pfmp", "q1", classe_code="X")
        .placed("l1", "e1", statut=status)
    )
    assert story.cell("I2.4")["d"] == int(is_trace)


def test_a40_an_action_is_a_trace_when_done_an_invitation_is_not() -> None:
    story = (
        Story()
        .add("partenaires", "p1", "p2", "p3")
        .action("a", "2025-10-06", by="p1")
        .action("b", "2025-10-07", by="p2", statut="prevue")
    )
    story.add("invitations", action_id="a", partenaire_id="p3", envoyee_le=START, reponse="acceptee", present="true")
    assert story.cell("I2.4")["d"] == 1


@pytest.mark.parametrize(("status", "counts"), [("actif", 1), ("dormant", 1), ("archive", 0), ("prospect", 0)])
def test_a41_what_is_written_against_what_is_seen(status: str, counts: int) -> None:
    story = Story().add("partenaires", "p1", statut=status).add("echanges", "x", partenaire_id="p1", date="2025-10-06")
    assert story.cell("I2.4")["d"] == counts


def test_a42_offers_are_those_of_companies_invitations_of_all() -> None:
    story = (
        Story()
        .add("partenaires", "p1", type="association")
        .add("offres", "o1", partenaire_id="p1")
        .action("a", "2025-10-06")
    )
    story.add("invitations", action_id="a", partenaire_id="p1", envoyee_le=START)
    assert (story.value("I5.6.offres"), story.parts("I7.1")) == (0, (0, 1))


@pytest.mark.parametrize(
    ("naf", "key"),
    [
        ("43.21A", "F"),
        ("4321A", "F"),
        ("47.11F", "G"),
        ("", "non_renseigne"),
        ("ZZ", "non_renseigne"),
        ("04.10Z", "non_renseigne"),
    ],
)
def test_a43_the_section_of_the_division(naf: str, key: str) -> None:
    story = Story().add("partenaires", "p1", naf=naf).add("conventions", "v1", partenaire_id="p1", date_signature=START)
    assert story.keys("I1.1", "secteur") == [key]


def test_a44_pupils_times_periods_those_to_come_included() -> None:
    story = Story().pupils("e1").add("partenaires", "p1").add("periodes_pfmp", "q1", classe_code="X")
    story.add("periodes_pfmp", "q2", classe_code="X", date_debut="2026-06-01", date_fin="2026-06-26").placed("l1", "e1")
    assert story.parts("I5.1", on="2026-01-15") == story.parts("I5.1", "classe", "X", on="2026-01-15") == (1, 2)
    assert story.value("I5.3", on="2026-01-15") == 1


# ------------------------------------------------------------------------------------------ 4. headings 1 and 2


def agreement(**cells: str) -> Story:
    return (
        Story()
        .add("partenaires", "p1")
        .add("conventions", "v1", partenaire_id="p1", **{"date_signature": "2024-03-10", **cells})
    )


def test_a50_tacit_renewal_left_empty_is_no() -> None:
    assert agreement(date_fin="2026-01-31").value("I1.1", on="2026-02-01") == 0
    assert agreement(date_fin="2026-01-31", tacite_reconduction="true").value("I1.1", on="2026-02-01") == 1


def test_a50_only_the_school_s_level_and_whatever_the_partner_s_status() -> None:
    story = (
        Story()
        .add("partenaires", "p1", statut="archive")
        .add("conventions", "v1", partenaire_id="p1", date_signature=START)
    )
    story.add("conventions", "v2", uai="", niveau="nationale", date_signature=START)
    assert story.value("I1.1") == 1


def test_a51_expired_the_day_after_its_last() -> None:
    story = agreement(date_fin="2026-03-09")
    assert [story.value("I1.4.echues", on=day) for day in ("2026-03-09", "2026-03-10", END)] == [0, 1, 1]
    assert agreement(date_fin="2025-08-31").value("I1.4.echues") == 1
    assert agreement(date_fin="2025-08-30").value("I1.4.echues") == 0
    assert agreement(date_fin=END).value("I1.4.echues") == 0
    assert agreement(date_fin="2026-03-09", resiliee_le="2026-03-09").value("I1.4.echues") == 0
    assert agreement(date_fin="2026-03-09", resiliee_le="2026-03-10").value("I1.4.echues") == 1
    assert agreement(date_fin="2026-03-09", date_signature="").value("I1.4.echues") == 0


def test_a52_terminated_or_expired_never_both() -> None:
    assert agreement(date_fin="2026-03-09", resiliee_le="2026-03-09").value("I1.4.resiliees") == 1
    assert agreement(date_fin="2026-03-09", resiliee_le="2026-03-10").value("I1.4.resiliees") == 0
    assert (
        agreement(date_fin="2025-12-31", resiliee_le="2026-03-10", tacite_reconduction="oui").value("I1.4.resiliees")
        == 1
    )
    assert agreement(resiliee_le="2026-03-10").value("I1.4.resiliees") == 1


def test_a53_signed_whatever_follows() -> None:
    story = agreement(date_signature="2025-10-01", resiliee_le="2025-10-02")
    assert (story.value("I1.4.signees"), story.value("I1.1")) == (1, 0)


@pytest.mark.parametrize(("end", "soon"), [("2026-01-15", 1), ("2026-04-15", 1), ("2026-04-16", 0), ("", 0)])
def test_a54_ending_in_ninety_days(end: str, soon: int) -> None:
    assert agreement(date_fin=end, resiliee_le="2026-02-01").value("I1.4.a_echeance", on="2026-01-15") == soon


def test_a55_in_force_one_day_of_the_year() -> None:
    assert agreement(date_fin=START).value("I1.3") == 1
    assert agreement(date_debut=END).value("I1.3") == 1
    assert agreement(resiliee_le=START).value("I1.3") == 0
    assert agreement(date_debut="2025-10-01", resiliee_le="2025-10-01").value("I1.3") == 0
    assert agreement(date_fin="2024-12-31", tacite_reconduction="true").value("I1.3") == 1


def chain() -> Story:
    """v1 declines academic c2 (ended), which declines national c1 (not signed); c3 stands alone."""
    story = Story().add("partenaires", "p1")
    story.add("conventions", "c1", uai="", niveau="nationale")
    story.add(
        "conventions",
        "c2",
        uai="",
        niveau="academique",
        parente_id="c1",
        date_signature="2020-01-01",
        date_fin="2021-01-01",
    )
    story.add("conventions", "c3", uai="", niveau="region_academique", parente_id="c1", date_signature=START)
    return story.add("conventions", "v1", partenaire_id="p1", parente_id="c2", date_signature=START)


def test_a56_the_chain_goes_to_its_end_signed_or_not() -> None:
    assert (chain().value("I1.6.declinaisons"), chain.__doc__ is not None) == (1, True)


def test_a56_a_loop_stops() -> None:
    story = Story().add("partenaires", "p1")
    story.add("conventions", "v1", partenaire_id="p1", parente_id="v2", date_signature=START)
    story.add("conventions", "v2", partenaire_id="p1", parente_id="v1", date_signature=START)
    assert story.value("I1.6.declinaisons") == 0
    (found,) = [a for a in figures.anomalies(story.school(), SchoolYear(2025), date(2026, 8, 31)) if a.is_error]
    assert (found.code, found.count) == ("I1.6.declinaisons", 2)


def test_a57_every_ancestor_and_the_frames_cited_without_theirs() -> None:
    assert chain().value("I1.6.cadres") == 2
    assert chain().action("a", "2025-10-06", convention_id="c3").value("I1.6.cadres") == 3
    assert (
        Story()
        .add("conventions", "c1", uai="", niveau="nationale")
        .add("conventions", "c3", uai="", niveau="academique", parente_id="c1")
        .action("a", "2025-10-06", convention_id="c3")
        .value("I1.6.cadres")
        == 1
    )


def test_a58_what_makes_an_agreement_alive() -> None:
    assert agreement().parts("I1.7") == (0, 1)
    assert agreement().action("a", "2025-10-06", convention_id="v1").parts("I1.7") == (1, 1)
    assert agreement().action("a", "2025-10-06", by="p1").parts("I1.7") == (1, 1)
    assert agreement().add("echanges", "x", partenaire_id="p1", date="2025-10-06").parts("I1.7") == (1, 1)
    other = (
        agreement()
        .add("conventions", "c1", uai="", niveau="nationale")
        .action("a", "2025-10-06", by="p1", convention_id="c1")
    )
    assert other.parts("I1.7") == (0, 1)


def test_a59_networks_named_by_an_action_of_any_type() -> None:
    story = Story().add("reseaux", "r1", "r2").action("a", "2025-10-06", reseau_id="r1", type="autre")
    assert story.parts("I2.3") == (1, 2)
    assert Story().add("reseaux", "r1").parts("I2.3") == (0, 1)


def test_i21_left_joined_and_formalised_on_the_day() -> None:
    story = (
        Story()
        .add("reseaux", "r1", date_sortie="2026-03-10", date_formalisation="2026-03-10")
        .add("reseaux", "r2", date_adhesion="2026-03-11")
    )
    assert story.parts("I2.1", on="2026-03-09") == (0, 1)
    assert story.parts("I2.1", on="2026-03-10") == (1, 1)
    assert story.parts("I2.1", on="2026-03-11") == (0, 1)


def test_a60_formalised_partners_on_the_day_of_the_figures() -> None:
    story = agreement(date_fin="2026-03-09")
    assert story.parts("I2.4", on="2026-03-09") == (1, 1)
    assert story.parts("I2.4", on="2026-03-10") == (0, 1)


# ------------------------------------------------------------------------------------------ 5. headings 3 and 4


def test_a70_frequency_needs_a_month() -> None:
    story = Story().action("a", START)
    assert story.status("I3.5", on="2025-09-30") == story.status("I3.5.mois_actifs", on="2025-09-30") == NOT_COMPUTABLE
    assert story.value("I3.5", on="2025-10-01") == pytest.approx(30.4375 / 31)
    assert story.value("I3.5") == pytest.approx(1 / 12)
    assert story.value("I3.5", on="2026-08-30") == pytest.approx(30.4375 / 364)


def test_a71_calendar_months_touched() -> None:
    story = Story().action("a", START).action("b", "2025-10-01")
    assert story.parts("I3.5.mois_actifs", on="2025-10-01") == (2, 2)
    assert story.parts("I3.5.mois_actifs") == (2, 12)


def test_a72_zero_hours_are_said() -> None:
    assert Story().action("a", START, duree_heures="0").value("I3.3.total") == 0
    assert Story().action("a", START).status("I3.3.total") == Story().status("I3.3.moyenne") == NOT_COMPUTABLE


def test_i37_planned_actions_are_out_of_completion() -> None:
    story = Story().action("a", START).action("b", START, statut="annulee").action("c", START, statut="prevue")
    assert story.parts("I3.7") == (1, 2)


def test_a73_partners_of_any_status_engaged_in_an_action() -> None:
    story = Story().add("partenaires", "p1", statut="archive").action("a", START, by="p1").action("b", START)
    assert (story.value("I3.8"), story.keys("I3.8", "type_partenaire")) == (1, ["entreprise"])


def test_a74_a_participation_outside_schooling_is_out_of_everything() -> None:
    story = (
        Story()
        .pupils("e1", exit_="2025-11-30")
        .action("a", "2025-12-05", came="e1")
        .action("b", "2025-10-12", unnoted="e1")
    )
    assert story.parts("I4.1") == (0, 1)
    assert (story.parts("I4.2"), story.cell("I4.2")["renseignement"]) == ((0, 0), 0)
    (found,) = [
        a
        for a in figures.anomalies(story.school(), SchoolYear(2025), date(2026, 8, 31))
        if a.model == "events.Participation" and a.is_error
    ]
    assert found.count == 1


def test_a75_each_class_attended_has_the_pupil_one_has_the_presence() -> None:
    story = (
        Story()
        .pupils("e1", exit_="2026-01-15")
        .pupils("e1", in_class="Y", entry="2026-01-16")
        .klass("Z", niveau="tle_pro")
        .pupils("e1", in_class="Z", entry="2026-06-01")
    )
    story.action("a", "2026-01-15", came="e1")
    assert story.keys("I4.1", "classe", on="2026-01-20") == ["X", "Y"]
    assert [story.parts("I4.1", "classe", code) for code in "XYZ"] == [(1, 1), (0, 1), (0, 1)]
    assert (story.parts("I4.1", "niveau", "1re_pro"), story.parts("I4.1", "niveau", "tle_pro")) == ((1, 1), (0, 1))


def test_a76_the_main_value_by_sex_is_the_rate_of_all() -> None:
    story = Story().pupils("e1", sexe="F").pupils("e2", sexe="M").pupils("e3").action("a", START, came="e1 e3")
    assert story.parts("I4.5") == story.parts("I4.1") == (2, 3)
    assert [story.parts("I4.5", "sexe", key) for key in ("F", "M", "inconnu")] == [(1, 1), (0, 1), (1, 1)]


def test_a77_gaps_need_both_rates() -> None:
    story = (
        Story()
        .pupils("e1", sexe="F", prioritaire="true")
        .pupils("e2", sexe="M", prioritaire="false")
        .action("a", START, came="e1")
    )
    assert (story.value("I4.4.ecart"), story.value("I4.7")) == (0.5, 1)
    lone = Story().pupils("e1", prioritaire="true").action("a", START, came="e1")
    assert (lone.status("I4.4.ecart"), lone.status("I4.7")) == (NOT_COMPUTABLE, NOT_COMPUTABLE)


# ------------------------------------------------------------------------------------------ 6. heading 5


def pfmp(**period: str) -> Story:
    return Story().add("partenaires", "p1").add("periodes_pfmp", "q1", classe_code="X", **period)


def test_a80_expected_on_the_reference_day_and_until_the_period_begins() -> None:
    story = (
        pfmp()
        .pupils("e1")
        .pupils("e2", exit_="2026-03-01")
        .pupils("e3", exit_="2026-03-02")
        .pupils("e4", entry="2026-03-03")
    )
    assert story.parts("I5.1", on="2026-01-15") == (0, 2)  # e1, e3; e2 is known to leave before
    assert story.parts("I5.1") == (0, 2)
    assert story.parts("I5.1", on="2026-03-02") == (0, 2)


def test_a05_a80_a_period_after_the_year_has_no_pupil() -> None:
    story = pfmp(date_debut="2026-09-01", date_fin="2026-09-25").pupils("e1", exit_="2027-06-30").pupils("e2")
    assert story.parts("I5.1", on="2026-12-01") == (0, 0)


def test_a81_exempted_pupils_and_their_placements_are_out() -> None:
    story = pfmp().pupils("e1", "e2").add("dispenses", periode_id="q1", eleve_id="e1").placed("l1", "e1")
    assert story.parts("I5.1") == (0, 1)


def test_a82_the_period_of_a_placement_not_its_dates() -> None:
    story = (
        pfmp()
        .pupils("e1")
        .placed("l1", "e1", date_debut="2026-05-04", date_fin="2026-05-29", statut="convention_signee")
    )
    assert (story.parts("I5.1"), story.parts("I5.2"), story.parts("I5.5")) == ((1, 1), (1, 1), (0, 26))


@pytest.mark.parametrize(
    ("others", "expected"),
    [((), 1), (("annule",), 1), (("pressenti",), 1), (("confirme",), 0), (("interrompu",), 0)],
)
def test_a83_to_replace_when_all_places_are_interrupted(others: tuple[str, ...], expected: int) -> None:
    story = pfmp().pupils("e1").placed("l1", "e1", statut="interrompu", interrompu_le="2026-03-10")
    for number, status in enumerate(others):
        story.placed(f"m{number}", "e1", statut=status)  # interrupted without a day: not signalled
    assert story.value("I5.4", on="2026-03-10") == expected


@pytest.mark.parametrize(
    ("on", "expected"), [("2026-03-09", 0), ("2026-03-10", 1), ("2026-03-26", 1), ("2026-03-27", 0)]
)
def test_a83_to_replace_until_the_period_ends(on: str, expected: int) -> None:
    story = pfmp().pupils("e1").placed("l1", "e1", statut="interrompu", interrompu_le="2026-03-10")
    assert (story.value("I5.4", on=on), story.value("I5.1", on=on)) == (expected, 1)


def test_a84_days_covered_over_days_asked() -> None:
    story = pfmp().pupils("e1", "e2")
    story.placed("l1", "e1", statut="interrompu", interrompu_le="2026-03-05").placed(
        "l2", "e1", date_debut="2026-03-04", date_fin="2026-04-30"
    )
    assert story.parts("I5.5", on="2026-01-15") == (26, 52)
    stopped = pfmp().pupils("e1").placed("l1", "e1", statut="interrompu", interrompu_le="2026-03-05")
    assert stopped.parts("I5.5") == (4, 26)
    assert pfmp().pupils("e1").placed("l1", "e1", statut="interrompu").parts("I5.5") == (26, 26)


def test_a85_only_offers_and_benefits_of_the_year() -> None:
    story = (
        Story()
        .pupils("e1", "e2")
        .add("partenaires", "p1")
        .add("offres", "o0", partenaire_id="p1", recue_le="2025-08-31")
    )
    story.add("offres", "o1", "o2", partenaire_id="p1", postes="2").add("offres", "o3", partenaire_id="p1", type="pfmp")
    for offer in ("o0", "o1", "o2", "o3"):
        story.add("offres_beneficiaires", offre_id=offer, eleve_id="e1", date="2026-01-10")
    story.add("offres_beneficiaires", offre_id="o1", eleve_id="e2", date="2026-09-10")
    found = story.all(on="2026-12-01")
    assert (found["I5.6.offres", None, None]["valeur"], found["I5.6.postes", None, None]["valeur"]) == (2, 4)
    assert found["I5.7", None, None]["valeur"] == found["I5.7", "type_offre", "emploi"]["valeur"] == 1


def test_a86_benefits_at_any_date_over_positions() -> None:
    story = Story().pupils("e1", "e2").add("partenaires", "p1").add("offres", "o1", partenaire_id="p1")
    story.add("offres_beneficiaires", offre_id="o1", eleve_id="e1", date="2026-09-10").add(
        "offres_beneficiaires", offre_id="o1", eleve_id="e2", date="2027-01-10"
    )
    assert (story.parts("I5.8", on="2026-01-15"), story.value("I5.8")) == ((2, 1), 2)
    assert [a.code for a in figures.anomalies(story.school(), SchoolYear(2025), date(2026, 8, 31)) if a.is_error] == [
        "I5.8"
    ]


def taxe(*rows: tuple[str, str, str], **cells: str) -> Story:
    """Payments: campaign, amount, day received."""
    story = Story().add("partenaires", "p1")
    for number, (campaign, amount, day) in enumerate(rows):
        story.add(
            "taxe_apprentissage",
            f"t{number}",
            partenaire_id="p1",
            campagne=campaign,
            montant=amount,
            recu_le=day,
            **cells,
        )
    return story


def test_a87_the_taxe_is_read_on_the_day_asked_even_after_the_year() -> None:
    story = taxe(("2026", "1000", "2026-06-01"), ("2026", "500", "2026-11-10"), ("2026", "70", ""))
    assert [story.value("I5.9", on=day) for day in (END, "2026-11-09", "2026-11-10")] == [1000, 1000, 1500]
    assert [story.value("I5.9.promis", on=day) for day in (END, "2026-11-10")] == [570, 70]


def test_a88_nothing_received_is_zero_euro() -> None:
    found = Story().all()
    for code in ("I5.9", "I5.9.promis", "I5.12.numeraire", "I5.12.nature"):
        assert (found[code, None, None]["statut"], found[code, None, None]["valeur"]) == (COMPUTED, 0)


def test_a89_a_campaign_not_written_cannot_be_compared() -> None:
    assert taxe(("2026", "10", "2026-06-01")).status("I5.10.ecart") == NOT_COMPUTABLE
    assert (
        taxe(("2026", "10", "2026-06-01"), ("2025", "20", "2025-06-01"), nature="don_nature").status("I5.10.ecart")
        == NOT_COMPUTABLE
    )
    promised = taxe(("2026", "10", "2026-06-01"), ("2025", "20", ""))
    assert (promised.value("I5.10.ecart"), promised.status("I5.10")) == (10, NOT_COMPUTABLE)
    written = taxe(("2026", "10", "2026-06-01")).add("campagnes_taxe", campagne="2025")
    assert written.value("I5.10.ecart") == 10


def test_a90_an_open_campaign_is_compared_at_the_same_day() -> None:
    rows = (("2026", "3000", "2026-06-01"), ("2025", "1000", "2025-06-01"), ("2025", "1000", "2025-10-20"))
    assert taxe(*rows).value("I5.10", on="2026-08-31") == 2
    closed = taxe(*rows).add("campagnes_taxe", close_le="2026-07-01")
    assert [closed.value("I5.10", on=day) for day in ("2026-06-30", "2026-07-01")] == [2, 0.5]
    assert (closed.value("I5.10.ecart", on="2026-07-01"), taxe(*rows).value("I5.10.ecart", on="2026-05-31")) == (
        1000,
        0,
    )


def test_a90_the_29th_of_february_is_compared_with_the_28th() -> None:
    rows = (("2024", "300", "2024-02-29"), ("2023", "100", "2023-02-28"), ("2023", "50", "2023-03-01"))
    assert taxe(*rows).value("I5.10.ecart", on="2024-02-29", year="2023-2024") == 200


def test_a91_employers_who_paid_something() -> None:
    assert taxe(("2026", "0", "2026-06-01")).value("I5.11") == 0
    assert taxe(("2026", "5", "2026-06-01"), ("2026", "6", "2026-06-02")).value("I5.11") == 1


def test_a92_gifts_received_apart() -> None:
    story = taxe(("2026", "8000", "2026-02-01"), ("2026", "10", ""), ("2025", "7", "2026-02-01"), nature="don_nature")
    assert (story.value("I5.12.nature"), story.value("I5.12.numeraire"), story.value("I5.9")) == (8000, 0, 0)


def test_a93_payments_whose_use_is_told() -> None:
    story = taxe(("2026", "0", "2026-06-01")).add(
        "taxe_apprentissage", "u", partenaire_id="p1", montant="5", usage="Outillage"
    )
    assert story.parts("I5.13") == (1, 2)


def test_a94_the_campaign_written_not_the_year_received() -> None:
    assert taxe(("2026", "10", "2025-12-01"), ("2025", "20", "2026-06-01")).value("I5.9") == 10


# ------------------------------------------------------------------------------------------ 7. headings 6, 7, 8


def test_a100_an_old_share_still_holds() -> None:
    story = Story().add("partages", "g1", partage_le="2019-01-01", indicateurs="I4.1|inconnu")
    assert story.value("I6.1") is True
    assert [a.code for a in figures.anomalies(story.school(), SchoolYear(2025), date(2026, 8, 31)) if a.is_error] == [
        "I6.1"
    ]


def test_a101_the_last_share_that_holds() -> None:
    story = (
        Story()
        .add("partages", "g1", partage_le="2025-10-01")
        .add("partages", "g2", partage_le="2026-01-12", revoque_le="2026-02-01")
    )
    assert [story.value("I6.4", on=day) for day in ("2026-01-31", "2026-02-01")] == ["2026-01-12", "2025-10-01"]
    assert (Story().status("I6.4"), Story().value("I6.1")) == (NOT_COMPUTABLE, False)


def test_a102_recipients_of_shares_that_hold() -> None:
    story = agreement().add("partages", "g1", partenaire_id="p1").add("partages", "g2")
    assert (story.value("I6.2"), story.parts("I6.3")) == (1, (1, 1))
    revoked = agreement().add("partages", "g1", partenaire_id="p1", revoque_le="2026-02-01")
    assert (revoked.value("I6.2"), revoked.parts("I6.3")) == (0, (0, 1))


def invited(reply: str = "", present: str = "", sent: str = "2026-05-10", **action: str) -> Story:
    story = Story().add("partenaires", "p1").add("actions", "a", **{"date_debut": "2026-06-01", **action})
    return story.add("invitations", action_id="a", partenaire_id="p1", envoyee_le=sent, reponse=reply, present=present)


def test_a110_invitations_to_actions_planned_or_done_of_any_date() -> None:
    assert invited(date_debut="2026-10-05", statut="prevue").parts("I7.1") == (0, 1)
    assert invited(statut="annulee").parts("I7.1") == (0, 0)
    assert invited(sent="2025-08-31").parts("I7.1") == (0, 0)
    assert invited("declinee").parts("I7.1") == (1, 1)


def test_a111_presence_of_those_who_accepted() -> None:
    assert invited("acceptee", "true").parts("I7.3") == (1, 1)
    assert invited("acceptee", "true", date_debut="2026-10-05").parts("I7.3") == (1, 1)
    for reply, present, status in (
        ("declinee", "true", "realisee"),
        ("", "true", "realisee"),
        ("acceptee", "", "realisee"),
        ("acceptee", "true", "prevue"),
    ):
        assert invited(reply, present, statut=status).parts("I7.3") == (0, 0)


def test_a112_an_action_without_partner_counts_in_no_sector() -> None:
    story = (
        Story()
        .add("partenaires", "p1", naf="43.21A")
        .add("partenaires", "p2")
        .action("a", START, initiative="partenaire")
        .action("b", START, by="p1 p2")
    )
    assert story.parts("I7.4") == (1, 2)
    assert (story.parts("I7.4", "secteur", "F"), story.keys("I7.4", "secteur")) == ((0, 1), ["F", "non_renseigne"])


def test_a113_engaged_partners_among_the_active() -> None:
    story = agreement().add("partenaires", "p2", naf="43.21A").add("offres", "o", partenaire_id="p2")
    assert story.parts("I7.6") == (1, 2)
    assert (story.parts("I7.6", "secteur", "F"), story.parts("I7.6", "secteur", "non_renseigne")) == ((1, 1), (0, 1))


def test_a114_the_main_value_adds_the_publics_up() -> None:
    story = Story().add("satisfaction", "z1", "z2", "z3", note="4").add("satisfaction", "z4", public="equipe", note="1")
    assert (story.parts("I8.1"), story.parts("I8.2")) == ((3, 4), (13, 4))
    assert story.status("I8.1", "public", "partenaire") == NOT_COMPUTABLE


def test_a115_a117_answers_to_surveys_of_the_year_whose_asked_are_known() -> None:
    story = (
        Story()
        .add("enquetes", "n1", sollicites="4")
        .add("enquetes", "n2")
        .add("enquetes", "n3", ouverte_le="2025-08-31", sollicites="9")
    )
    for number, survey in enumerate(("n1", "n1", "n2", "n3", "")):
        story.add("satisfaction", f"z{number}", enquete_id=survey)
    story.add("satisfaction", "z9", enquete_id="n1", date="2026-09-01")
    assert (story.parts("I8.3"), story.cell("I8.3")["renseignement"]) == ((2, 4), 0.5)
    assert story.parts("I8.1") == (5, 5)
    assert (story.parts("I8.3", "public", "eleve"), story.parts("I8.3", "public", "equipe")) == ((2, 4), (0, 0))
    assert Story().add("enquetes", "n2").status("I8.3") == NOT_COMPUTABLE


# ------------------------------------------------------------------------------------------ 8. complements


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


def test_years_are_told_apart() -> None:
    story = Story().action("a", "2025-10-06").action("b", "2026-10-06")
    assert [story.value("I3.1", year=year, on="2026-12-31") for year in (BEFORE, YEAR, AFTER)] == [0, 1, 1]
