"""What is proposed to a partner that has gone quiet: facts in, sentence out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.rules.next_step import Departure, Facts, Hosted, next_step, relation

MELEC = Hosted("bac pro melec", "MELEC", 3, 2025)
TRPM = Hosted("bac pro trpm", "TRPM", 1, 2023)
MARCH = Departure("bac pro melec", "1MELEC", date(2027, 3, 1))
JUNE = Departure("bac pro melec", "TMELEC", date(2027, 6, 1))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(hosted=(MELEC,), departures=(JUNE, MARCH)), "Demander des places pour la PFMP de mars 2027 (1MELEC)"),
        (Facts(hosted=(TRPM, MELEC), departures=(MARCH,)), "Demander des places pour la PFMP de mars 2027 (1MELEC)"),
        (
            Facts(hosted=(MELEC,), departures=(Departure("bac pro melec", "2TNE", date(2027, 4, 5)),)),
            "Demander des places pour la PFMP d’avril 2027 (2TNE)",
        ),
        (Facts(hosted=(TRPM,), departures=(MARCH,)), "Demander des places pour la prochaine PFMP : TRPM"),
        (
            Facts(hosted=(MELEC,), taxe_campaign=2025, campaign=2027),
            "Demander des places pour la prochaine PFMP : MELEC",
        ),
        (
            Facts(hosted=(MELEC,), departures=(MARCH,), expected=date(2027, 1, 11)),
            "Confirmer l’accueil de l’élève attendu le 11/01/2027",
        ),
        (Facts(agreement_in_force=True, taxe_campaign=2025), "Fixer le bilan annuel de la convention"),
        (Facts(agreement_end=date(2024, 9, 1)), "Proposer de renouveler la convention, finie en 2024"),
        (Facts(taxe_campaign=2025, campaign=2027), "Solliciter pour la campagne de taxe 2027"),
        (Facts(offer=date(2024, 1, 5), exchange=date(2024, 1, 5)), "Demander s’ils recrutent de nouveau"),
        (Facts(exchange=date(2024, 1, 5), forum="Forum des métiers"), "Inviter à « Forum des métiers »"),
        (Facts(exchange=date(2024, 1, 5)), "Reprendre contact et inviter au prochain forum"),
        (Facts(action=date(2024, 1, 5)), "Proposer une nouvelle action ensemble"),
        (Facts(forum="Forum des métiers"), "Prendre contact : rien n’est noté avec ce partenaire"),
    ],
)
def test_the_strongest_bond_is_taken_up_first(facts, expected):
    step = next_step(facts)
    assert (step.text, step.is_call) == (expected, True)


@given(
    st.builds(
        Facts,
        hosted=st.sampled_from([(), (MELEC,), (MELEC, TRPM)]),
        departures=st.sampled_from([(), (MARCH, JUNE)]),
        agreement_in_force=st.booleans(),
        agreement_end=st.none() | st.dates(),
        taxe_campaign=st.none() | st.integers(2000, 2100),
        offer=st.none() | st.dates(),
        action=st.none() | st.dates(),
        exchange=st.none() | st.dates(),
        closed=st.none() | st.dates(),
        avoided_since=st.none() | st.dates(),
        forum=st.sampled_from(["", "Forum"]),
        campaign=st.just(2027),
    )
)
def test_there_is_always_a_step_and_nobody_closed_or_avoided_is_called(facts):
    step = next_step(facts)
    assert step.text and len(step.text) < 200
    assert step.is_call == (facts.closed is None and facts.avoided_since is None)


def test_what_the_relation_was():
    facts = Facts(hosted=(MELEC, TRPM), agreement_end=date(2024, 9, 1), taxe_campaign=2025, action=date(2024, 1, 5))
    assert relation(facts) == [
        "3 élèves de MELEC jusqu’en 2025",
        "1 élève de TRPM jusqu’en 2023",
        "convention finie en 2024",
        "taxe 2025",
        "action en 2024",
    ]
