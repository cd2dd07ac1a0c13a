"""What leaves the school: no small count can be read, nor worked out from what is shown (P-20, P-22)."""

import copy
from collections import defaultdict
from datetime import date
from random import Random
from typing import Any

import pytest

from core.school_year import SchoolYear
from indicators import figures, rules
from indicators.rules import secrecy
from tests.indicators.story import Story
from tests.indicators.test_naive import places

pytestmark = pytest.mark.django_db
HIDDEN = "n.d. (effectif < 5)"


def shown(story: Story) -> dict[Any, dict[str, Any]]:
    answer = story.raw()
    before = copy.deepcopy(answer)
    found = rules.suppress(answer)
    assert answer == before, "the figures of the school itself are left as they are"
    return places(found)


def is_hidden(cell: dict[str, Any]) -> bool:
    return cell["motif"] == HIDDEN and cell["valeur"] is cell["n"] is cell["d"] is None if cell.get("motif") else False


def school_of(*classes: tuple[str, int, int], girls: int = 0, priority: int = 0) -> Story:
    """Classes by (code, pupils, pupils reached by one action)."""
    story, came, number = Story(), [], 0
    for code, size, reached in classes:
        for rank in range(size):
            number += 1
            story.pupils(
                f"e{number}", in_class=code, sexe="F" if number <= girls else "M",
                prioritaire="true" if number <= priority else "false",
            )  # fmt: skip
            if rank < reached:
                came.append(f"e{number}")
    return story.action("a", "2025-10-06", came=" ".join(came))


def test_a_class_of_twelve_with_one_girl_and_one_priority_pupil() -> None:
    found = shown(school_of(("A", 12, 6), girls=1, priority=1))
    assert found["I4.1", None, None]["n"] == 6
    for place in (
        ("I4.4.inscrits", None, None), ("I4.4.beneficiaires", None, None), ("I4.4.ecart", None, None), ("I4.5", "sexe", "F"),
        ("I4.5", "sexe", "M"), ("I4.6", None, None), ("I4.7", None, None),
    ):  # fmt: skip
        assert found[place]["valeur"] is None, place
    assert found["I4.5", None, None]["renseignement"] is found["I4.6", None, None]["renseignement"] is None


def test_a_small_class_takes_another_with_it_and_the_levels() -> None:
    found = shown(school_of(("A", 30, 15), ("B", 40, 18), ("C", 8, 4)))
    assert found["I4.1", None, None]["n"] == 37
    assert [is_hidden(found["I4.1", "classe", code]) for code in "ABC"] == [True, False, True]
    assert is_hidden(found["I4.1", "niveau", "1re_pro"])


@pytest.mark.parametrize(
    ("size", "reached", "readable"),
    [
        (9, 5, False),
        (10, 5, True),
        (12, 4, False),
        (12, 8, False),
        (19, 0, False),
        (19, 19, False),
        (20, 0, True),
        (20, 20, True),
        (20, 16, False),
    ],
)
def test_thresholds_of_pupils(size: int, reached: int, readable: bool) -> None:
    assert (not is_hidden(shown(school_of(("A", size, reached)))["I4.1", None, None])) is readable


@pytest.mark.parametrize(
    ("answers", "readable"),
    [((4, 3, 2, 1), False), ((4, 3, 2, 1, 3), True), ((4, 4, 4, 4, 4), False), ((4,) * 20, True)],
)
def test_thresholds_of_answers(answers: tuple[int, ...], readable: bool) -> None:
    story = Story()
    for number, note in enumerate(answers):
        story.add("satisfaction", f"z{number}", note=str(note))
    found = shown(story)
    for code in ("I8.1", "I8.2"):
        assert (not is_hidden(found[code, None, None])) is readable
        assert (not is_hidden(found[code, "public", "eleve"])) is readable
        assert found[code, "public", "equipe"]["motif"] == "Aucune réponse de ce public dans l’année."


@pytest.mark.parametrize(("known", "readable"), [(10, False), (14, True)])
def test_leavers_need_twenty(known: int, readable: bool) -> None:
    story = Story().klass("T", annee="2024-2025", niveau="tle_pro")
    for number in range(20 if readable else 19):
        story.pupils(f"e{number}", in_class="T", annee="2024-2025", entry="2024-09-01")
        if number < known:
            story.add("insertion", eleve_id=f"e{number}")
    assert (not is_hidden(shown(story)["E1", None, None])) is readable


def test_what_lacks_a_place_tells_what_has_one() -> None:
    story = school_of(("A", 30, 0)).klass("B").add("partenaires", "p1").add("periodes_pfmp", "q1", classe_code="A")
    for number in range(1, 31):
        if number > 3:
            story.placed(f"l{number}", f"e{number}")
    found = shown(story)
    for code in ("I5.1", "I5.2", "I5.3", "I5.4", "I5.5"):
        assert found[code, None, None]["valeur"] is None
        assert found[code, "periode", "q1"]["valeur"] is None


def test_money_and_what_is_not_of_people() -> None:
    story = (
        Story()
        .add("partenaires", "p1")
        .add("taxe_apprentissage", "t", partenaire_id="p1", montant="9000")
        .action("a", "2025-10-06", by="p1")
    )
    found = shown(story)
    assert found["I5.9", None, None]["valeur"] is None
    assert "entreprises" in found["I5.9", None, None]["motif"]
    assert (found["I3.1", None, None]["valeur"], found["I3.8", None, None]["valeur"]) == (1, 1)


@pytest.mark.parametrize("seed", range(12))
def test_no_cell_alone_is_hidden_beside_its_total_and_none_shown_is_small(seed: int) -> None:
    draw = Random(seed)
    story = school_of(*((f"C{n}", size, draw.randint(0, size)) for n in range(5) if (size := draw.choice((3, 9, 14, 25, 31)))), girls=draw.randint(0, 20), priority=draw.randint(0, 25))  # fmt: skip
    story.add("partenaires", "p1")
    for number in range(5):
        story.add("periodes_pfmp", f"q{number}", classe_code=f"C{number}")
    pupils = {row["eleve_id"]: row["classe_code"] for row in story.rows["scolarites"]}
    for pupil, code in pupils.items():
        if draw.random() < 0.8:
            status = draw.choice(("confirme", "convention_signee", "termine", "interrompu", "pressenti"))
            story.placed(
                f"l{pupil}",
                pupil,
                period=f"q{code[1:]}",
                statut=status,
                origine=draw.choice(("bde", "eleve", "famille", "")),
            )
    school = story.school()
    answer = figures.compute(school, SchoolYear(2025), date(2026, 8, 31)).as_json()
    found = rules.suppress(answer)
    for entry in found["indicateurs"]:
        code, by_axis = entry["code"], defaultdict(list)
        for cell in entry["ventilations"]:
            by_axis[cell["axe"]].append(cell)
        if code not in secrecy.PUPILS:
            continue
        for cell in (entry, *entry["ventilations"]):
            if cell["statut"] == "calcule" and cell["d"] is not None and code not in ("I5.5", "E23", "I4.3"):
                assert cell["d"] >= 10
                assert cell["n"] == 0 or cell["n"] >= 5
                assert cell["d"] == cell["n"] or cell["d"] - cell["n"] >= 5
        if entry["statut"] == "calcule":
            for cells in by_axis.values():
                hidden = [cell for cell in cells if is_hidden(cell)]
                assert len(hidden) != 1 or len(cells) == 1
        else:
            assert not [cell for cell in entry["ventilations"] if cell["statut"] == "calcule" and cell["n"]]
    by_place = places(found)
    for key in (f"C{n}" for n in range(5)):
        states = {
            is_hidden(by_place[code, "classe", key])
            for code in ("I5.1", "I5.2", "I5.3")
            if (code, "classe", key) in by_place
        }
        assert len(states) <= 1
