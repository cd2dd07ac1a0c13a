"""Bounds of a figure: whatever the missing data turn out to be, the naive computation stays between them."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from random import Random

import pytest

from core.school_year import SchoolYear
from indicators import changing, definitions
from indicators.definitions import YearData
from tests.indicators import dossiers, naive
from tests.indicators.random_dossiers import UAIS, YEARS, Dossier, Draw

END = date(2026, 8, 31)
Pick = Callable[[str, str], str]


def filled(dossier: Dossier, kind: str, pick: Pick) -> Dossier:
    """The same dossier where each missing datum of a kind is `pick(yes, no)`."""
    made = deepcopy(dossier)

    def fill(resource: str, column: str, yes: str, no: str, empty: tuple[str, ...] = ("",)) -> None:
        for row in made.get(resource, ()):
            if row.get(column, "") in empty:
                row[column] = pick(yes, no)

    if kind == "presences":
        fill("participations", "present", "true", "false")
    elif kind == "sexes":
        fill("eleves", "sexe", "F", "M")
    elif kind == "priorities":
        fill("scolarites", "public_prioritaire", "true", "false")
    elif kind == "aims":
        fill("actions", "cible_prioritaire", "true", "false")
    elif kind == "guests":
        fill("invitations", "present", "true", "false")
    elif kind == "came_unannounced":
        for row in made.get("invitations", ()):
            if not row.get("reponse") and row.get("present") == "true":
                row["reponse"] = pick("acceptee", "")
    elif kind == "origins":
        fill("placements", "origine", "bde", "famille")
    elif kind == "certificates":
        fill("placements", "jours_effectues", "5", "")
    elif kind == "to_close":
        for row in made.get("actions", ()):
            if row["statut"] == "prevue" and (row.get("date_fin") or row["date_debut"]) < "2026-08-31":
                row["statut"] = pick("realisee", "annulee")
    elif kind == "leavers":
        fill("insertion", "situation", "emploi", "recherche_emploi", ("", "sans_reponse"))
    elif kind == "to_finish":
        for row in made.get("placements", ()):
            if row["statut"] in ("confirme", "convention_editee", "convention_signee", "en_cours"):
                row["statut"] = pick("termine", "interrompu")
    return made


KINDS = ("presences", "sexes", "priorities", "aims", "guests", "came_unannounced", "origins", "certificates", "to_close", "leavers", "to_finish")  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [0, 2, 5, 9, 19])
def test_no_way_of_filling_a_gap_leaves_its_bounds(seed: int) -> None:
    dossier = Draw(seed).everything()
    school = dossiers.load(dossier)[UAIS[0]]
    data = YearData(school, SchoolYear.parse(YEARS[1]), END)
    spans = {
        (one.anomaly.key, indicator.code): one.span
        for indicator in definitions.in_order()
        for one in changing.of(data, indicator.code, indicator.compute(data))
        if one.span is not None
    }
    random = Random(seed)
    picks: tuple[Pick, ...] = (lambda yes, no: yes, lambda yes, no: no, lambda yes, no: random.choice((yes, no)))
    reached = 0
    for kind in KINDS:
        bounded = {code: span for (key, code), span in spans.items() if key == kind}
        for pick in picks if bounded else ():
            told = naive.compute(filled(dossier, kind, pick), UAIS[0], YEARS[1], END)
            for code, span in bounded.items():
                value = told[code, None, None]["valeur"]
                if value is None:
                    continue
                assert span.least <= value, (kind, code)
                assert span.most is None or value <= span.most, (kind, code)
                reached += value in (span.least, span.most)
    assert reached >= len(spans) / 2, "bounds that nothing comes near say nothing"


def test_bounds_of_shares() -> None:
    cell = definitions.Cell(status="calcule", n=3, d=8)  # type: ignore[arg-type]
    assert changing.within(cell, 2) == changing.Span(naive.Fraction(3, 8), naive.Fraction(5, 8))
    assert changing.within(cell, 9).most == 1  # type: ignore[union-attr]
    assert changing.joining(cell, 2) == changing.Span(naive.Fraction(3, 10), naive.Fraction(5, 10))
    assert changing.joining(cell, 0, yes=2, no=2) == changing.Span(naive.Fraction(3, 10), naive.Fraction(5, 10))
    nothing = definitions.Cell(status="non_calculable", n=0, d=0)  # type: ignore[arg-type]
    assert changing.joining(nothing, 0) is None
    assert changing.within(nothing, 0) is None
    assert changing.joining(nothing, 3) == changing.Span(0, 1)
