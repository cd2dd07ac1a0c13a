"""Readings of the definitions: headings 1 and 2, agreements and networks (A-50 to A-60)."""

from datetime import date

import pytest

from core.school_year import SchoolYear
from indicators import figures
from tests.indicators.story import END, START, Story, agreement

pytestmark = pytest.mark.django_db


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
    assert chain().value("I1.6.declinaisons") == 1


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
