"""Reading the register of companies: capitals, codes, addresses, establishments, differences."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import french, headcounts
from core.siret import is_siret
from partners.enums import Headcount
from partners.rules import register as rules
from partners.rules.register import Establishment

DATA = Path(__file__).parents[1] / "data" / "sirene" / "unites.json"
HEAD_OFFICE, WORKSHOP, CLOSED = "99991201700012", "99991201700020", "99991201700038"
HIDDEN, BARE = "99991301500015", "99991401300019"


def units() -> dict[str, Establishment]:
    return {one.siret: one for one in rules.establishments(json.loads(DATA.read_text(encoding="utf-8")))}


def ours(**values: Any) -> dict[str, Any]:
    return dict.fromkeys(rules.FIELDS) | values


# ---------------------------------------------------------------------------------------------------- capitals, codes


@pytest.mark.parametrize(
    ("official", "read"),
    [
        ("GARAGE DUPONT ET FILS", "Garage Dupont et fils"),
        ("SARL GARAGE DUPONT", "SARL Garage Dupont"),
        ("DUPONT SAS", "Dupont SAS"),
        ("S.A.R.L. 3D CONCEPT", "S.A.R.L. 3D Concept"),
        ("L'ATELIER D'ARMOR", "L'Atelier d'Armor"),
        ("BOUCHERIE-CHARCUTERIE DE L'ÉGLISE", "Boucherie-Charcuterie de l'Église"),
        ("MENUISERIE  BOISCLAIR & FILS", "Menuiserie Boisclair & fils"),
        ("LA FERME DU PRÉ", "La Ferme du Pré"),
        ("BTP DU NORD", "BTP du Nord"),
        ("M.B.C. 2000", "M.B.C. 2000"),
        ("Déjà Écrit SARL", "Déjà Écrit SARL"),
        ("", ""),
        ("!!", "!!"),
        ("مطعم", "مطعم"),
    ],
)
def test_a_name_in_capitals_is_made_readable(official: str, read: str):
    assert rules.readable(official) == read


@given(st.text(max_size=60))
def test_only_the_case_changes(text: str):
    made = rules.readable(text)
    assert made.casefold() == " ".join(text.split()).casefold()
    assert rules.readable(made) == made or made == made.upper()


@pytest.mark.parametrize(
    ("official", "read"),
    [
        ("12 BOULEVARD VOLTAIRE", "12 boulevard Voltaire"),
        ("12 BIS AV DE LA GARE", "12 bis avenue de la Gare"),
        ("ZI DU CHAMP DU ROY RUE ARAGO", "ZI du Champ du Roy rue Arago"),
        ("3 B RUE DE L'EGLISE", "3 B rue de l'Eglise"),
        ("LIEU-DIT LE PRE", "lieu-dit le Pre"),
        ("4 rue déjà écrite", "4 rue déjà écrite"),
    ],
)
def test_an_address_in_capitals_is_made_readable(official: str, read: str):
    assert rules.readable_street(official) == read


@pytest.mark.parametrize(
    ("line", "postal_code", "city", "street"),
    [
        ("25 RUE VICTOR HUGO 22300 LANNION", "22300", "LANNION", "25 rue Victor Hugo"),
        ("BP 12 02000 LAON CEDEX", "02000", "LAON", "BP 12"),
        ("02000 LAON", "02000", "LAON", ""),
        ("3 RUE DE LA GARE 02101 SAINT-QUENTIN", "02100", "SAINT-QUENTIN", "3 rue de la Gare"),
        ("3 RUE DE LA GARE", "", "", "3 rue de la Gare"),
        ("", "02000", "LAON", ""),
    ],
)
def test_the_line_of_an_address_loses_its_town(line: str, postal_code: str, city: str, street: str):
    assert rules.street_of(line, postal_code, city) == street


def test_a_town_is_written_as_the_table_of_communes_writes_it():
    assert rules.town("27000", "EVREUX") == "Évreux"
    assert rules.town("99999", "NULLE-PART-LES-BAINS") == "Nulle-Part-les-Bains"


@pytest.mark.parametrize(
    ("code", "read"), [("4520a", "45.20A"), ("45.20A", "45.20A"), ("", ""), ("99.99Z", ""), ("45", ""), ("x" * 300, "")]
)
def test_a_naf_code_is_normalised_or_dropped(code: str, read: str):
    assert rules.normal_naf(code) == read


def test_each_band_has_its_headcount():
    """Source: tranches d'effectif salarié, INSEE (core/data/tranches_effectif.csv)."""
    expected = {
        "NN": "0", "00": "0", "01": "1-9", "02": "1-9", "03": "1-9", "11": "10-19", "12": "20-49", "21": "50-249", "22": "50-249",
        "31": "50-249", "32": "250+", "41": "250+", "42": "250+", "51": "250+", "52": "250+", "53": "250+",
    }  # fmt: skip
    assert {code: rules.headcount_of(code) for code in headcounts._table()} == expected
    assert set(expected.values()) == set(Headcount.values)
    assert rules.headcount_of("99") == rules.headcount_of("") == ""


def test_the_numbers_of_demonstrations_are_known():
    assert rules.is_fictitious("00002984300018")
    assert not rules.is_fictitious(WORKSHOP)
    assert rules.page_of("00002984300018") == rules.page_of("") == ""
    assert rules.page_of(WORKSHOP) == "https://annuaire-entreprises.data.gouv.fr/entreprise/999912017"


# ------------------------------------------------------------------------------------------------------ establishments


def test_an_establishment_is_told_as_it_is_and_not_as_its_head_office():
    workshop, office = units()[WORKSHOP], units()[HEAD_OFFICE]
    assert (workshop.name, workshop.brand) == ("Garage Dupont et fils", "Auto Service du Plateau")
    assert workshop.usual_name == "Auto Service du Plateau"
    assert (workshop.address, workshop.place) == ("ZI du Champ du Roy rue Arago", "02000 Laon")
    assert (workshop.naf, workshop.headcount, workshop.is_head_office) == ("45.20A", "10-19", False)
    assert (office.place, office.naf, office.headcount, office.is_head_office) == ("75011 Paris", "70.10Z", "1-9", True)
    assert office.usual_name == "Garage Dupont et fils"


def test_a_closed_establishment_says_since_when():
    closed = units()[CLOSED]
    assert (closed.is_open, closed.closed_date) == (False, date(2026, 3, 31))
    assert units()[WORKSHOP].is_open


def test_a_closed_company_closes_its_establishments():
    unit = {"etat_administratif": "C", "date_fermeture": "2026-01-15", "matching_etablissements": [{"siret": BARE}]}
    [found] = rules.establishments({"results": [unit]})
    assert (found.is_open, found.closed_date) == (False, date(2026, 1, 15))


def test_who_asked_not_to_be_told_is_not_told():
    hidden = units()[HIDDEN]
    assert hidden.is_hidden
    assert [hidden.value(field) for field in rules.FIELDS if hidden.value(field)] == []
    assert "ND" not in json.dumps(hidden.kept())


def test_next_to_nothing_is_enough():
    bare = units()[BARE]
    assert (bare.name, bare.city, bare.address, bare.naf, bare.latitude) == (
        "Atelier des Bords de l'Ailette",
        "Laon",
        "",
        "",
        None,
    )


def test_nobody_is_read():
    """P-02: names and birth dates of directors stay where they are."""
    kept = json.dumps([one.kept() for one in units().values()])
    for word in ("PERSONNE", "Personne", "KERBRUN", "Kerbrun", "1979", "INVENTEE"):
        assert word not in kept


def test_what_is_kept_is_read_back():
    for found in units().values():
        assert Establishment.from_kept(json.loads(json.dumps(found.kept()))) == found


@pytest.mark.parametrize("data", [None, {}, [], "x", 3, {"siret": "1"}, {"siret": ["x"]}, {"siret": None}])
def test_what_was_not_kept_is_nothing(data: object):
    assert Establishment.from_kept(data) is None


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "x",
        3,
        {},
        {"results": None},
        {"results": "x"},
        {"results": [1]},
        {"results": [{"siege": 3}]},
        {"results": [{"siege": {"siret": "x"}}]},
    ],
)
def test_an_answer_of_another_shape_is_refused(answer: object):
    with pytest.raises(ValueError):
        rules.establishments(answer)


def test_no_result_is_an_answer():
    assert rules.establishments({"results": []}) == []


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(sorted(json.loads(DATA.read_text())["results"][0]["siege"])), _json), _json, _json
)
def test_any_value_in_any_field_is_survived(place: dict[str, Any], name: Any, state: Any):
    """Nulls, numbers for texts, lists for texts, endless texts, control characters."""
    unit = {"nom_complet": name, "nom_raison_sociale": name, "etat_administratif": state, "statut_diffusion": state}
    answer = {"results": [unit | {"matching_etablissements": [place | {"siret": WORKSHOP}]}]}
    [found] = rules.establishments(answer)
    assert is_siret(found.siret)
    assert Establishment.from_kept(json.loads(json.dumps(found.kept()))) == found
    rules.differences(ours(name="Garage", city="Laon", coordinates=(48.0, 2.0)), found)


# --------------------------------------------------------------------------------------------------------- side by side


def rows(found: Establishment, **values: Any) -> dict[str, bool]:
    return {row.field: row.is_new for row in rules.differences(ours(**values), found)}


def test_what_we_lack_is_new_and_what_we_have_otherwise_is_told():
    found = rows(units()[WORKSHOP], name="Dupont", city="Laon", address="5 rue du Moulin")
    assert found == {
        "name": False, "brand": True, "naf": True, "headcount": True, "address": False, "postal_code": True, "coordinates": True
    }  # fmt: skip


def test_spelling_alone_is_no_difference():
    found = rows(
        units()[WORKSHOP],
        name="GARAGE DUPONT & FILS (SARL)".replace("(", "").replace(")", ""),
        brand="auto service du plateau",
        naf="4520A",
        headcount="10-19",
        address="Z.I. du champ du Roy, rue Arago".replace("Z.I.", "ZI"),
        postal_code="02000",
        city="LAON",
        coordinates=(49.5765, 3.6413),
    )
    assert found == {}


def test_the_sign_written_as_the_name_is_no_mistake():
    assert "name" not in rows(units()[WORKSHOP], name="Auto Service du Plateau")


def test_a_locked_name_is_never_proposed():
    given_ = ours(name="Chez Dupont")
    locked = rules.differences(given_, units()[WORKSHOP], name_locked=True)
    assert "name" not in {row.field for row in locked}
    assert "name" in {row.field for row in rules.differences(given_, units()[WORKSHOP])}


def test_partial_diffusion_proposes_nothing():
    assert rows(units()[HIDDEN], name="Chez Dupont", city="Laon") == {}


def test_a_closure_is_proposed():
    closure = next(row for row in rules.differences(ours(), units()[CLOSED]) if row.field == "closed_date")
    assert rules.line_of(closure).official == f"fermé depuis le {french.day(date(2026, 3, 31))}"


def test_words_that_led_to_a_name_are_no_name_that_someone_chose():
    assert rules.is_begun("dupont garage", units()[WORKSHOP])
    assert rules.is_begun("service plateau", units()[WORKSHOP])
    assert not rules.is_begun("garage durand", units()[WORKSHOP])
