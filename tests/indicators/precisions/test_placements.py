"""Readings of the definitions: heading 5, placements, offers and taxe (A-80 to A-94)."""

from datetime import date

import pytest

from core.school_year import SchoolYear
from indicators import figures
from tests.indicators.story import COMPUTED, END, NOT_COMPUTABLE, Story, pfmp

pytestmark = pytest.mark.django_db


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
