"""Readings of the definitions: headings 6, 7 and 8, shares, involvement and satisfaction (A-100 to A-117)."""

from datetime import date

import pytest

from core.school_year import SchoolYear
from indicators import figures
from tests.indicators.story import NOT_COMPUTABLE, START, Story, agreement

pytestmark = pytest.mark.django_db


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
