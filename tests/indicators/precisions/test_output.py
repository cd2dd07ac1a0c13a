"""Readings of the definitions: the form of the output (A-20 to A-35)."""

import json
from datetime import date

import pytest

from core.school_year import SchoolYear
from indicators import definitions
from tests.indicators.story import COMPUTED, NOT_COMPUTABLE, NOT_YET, START, Story

pytestmark = pytest.mark.django_db


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
