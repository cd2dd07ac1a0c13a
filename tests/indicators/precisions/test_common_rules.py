"""Readings of the definitions: rules common to all (A-40 to A-44)."""

import pytest

from tests.indicators.story import END, START, Story

pytestmark = pytest.mark.django_db


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
