"""What leaves the school: no small count can be read, nor worked out from what is shown (P-20, P-22)."""

import copy
import os
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from indicators import rules
from indicators.rules import secrecy, secrecy_firms, secrecy_history
from tests.indicators import solver
from tests.indicators.story import Story
from tests.indicators.test_naive import places

pytestmark = pytest.mark.django_db
HIDDEN = "n.d. (effectif < 5)"
SEEDS = int(os.environ.get("SECRECY_SCHOOLS", "6"))


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


# ------------------------------------------------------------------------------------------------ the reader who works it out

KINDS = ("visite_entreprise", "forum", "avenirpro", "parrainage")
SITUATIONS = ("emploi", "apprentissage", "etudes", "recherche_emploi", "autre", "sans_reponse")


class School:
    """A school drawn at random: all that pupils, their places, leavers and answers make."""

    def __init__(self, seed: int) -> None:
        draw = self.draw = Random(seed)
        self.story, self.number, self.periods = Story().add("partenaires", "p1", "p2"), 0, {}
        self.niveaux = {
            f"C{n}": draw.choice(("1re_pro", "2nde_pro", "tle_pro", "cap2")) for n in range(draw.randint(1, 6))
        }
        self.few = draw.choice((0.02, 0.2, 0.5))
        keen = draw.choice((0.0, 0.3, 0.6, 0.9, 1.0))
        for code, niveau in self.niveaux.items():
            self.story.klass(code, niveau=niveau)
            for n in range(draw.choice((1, 1, 2))):
                self.periods[f"{code}-{n}"] = code
                self.story.add("periodes_pfmp", f"{code}-{n}", classe_code=code)
            for _ in range(draw.choice((2, 8, 12, 16, 24, 30))):
                self.pupil(code, keen)
        for n in range(draw.randint(1, 5)):
            pupils = [row["id"] for row in self.story.rows["eleves"]]
            came = " ".join(key for key in pupils if draw.random() < keen)
            self.story.action(f"a{n}", "2025-10-06", came=came, type=draw.choice(KINDS))
            for key in pupils:
                if key not in came.split() and draw.random() < 0.2:
                    self.story.add("participations", action_id=f"a{n}", eleve_id=key, present="false")
        for n in range(draw.choice((0, 3, 24, 60))):
            note = str(draw.choices((1, 2, 3, 4), (1, 2, 6, draw.choice((0, 9))))[0])
            self.story.add(
                "satisfaction", f"z{n}", note=note, public=draw.choices(("eleve", "equipe", "partenaire"), (9, 1, 1))[0]
            )
        if draw.random() < 0.7:
            self.leavers(draw.choice((12, 22, 40)))

    def pupil(self, code: str, keen: float = 0.5) -> str:
        draw, key = self.draw, f"e{self.number}"
        self.number += 1
        self.story.pupils(
            key, in_class=code, sexe=draw.choices("FM ", (self.few, 1 - self.few, 0.03))[0].strip(),
            prioritaire=draw.choices(("true", "false", ""), (self.few, 1, 0.05))[0],
        )  # fmt: skip
        for period, klass in self.periods.items():
            if klass == code and draw.random() < max(keen, 0.8):
                status = draw.choices(
                    ("confirme", "convention_signee", "termine", "interrompu", "pressenti"), (1, 1, 9, 0.3, 0.3)
                )[0]
                cut = {"interrompu_le": "2026-03-10", "motif_interruption": draw.choice(("sante", "autre", ""))}
                self.story.placed(
                    f"l{key}{period}", key, period=period, statut=status, origine=draw.choices(("bde", "eleve", "famille", ""), (9, 5, self.few, 1))[0],
                    jours_effectues="19" if status in ("termine", "interrompu") and draw.random() < 0.9 else "",
                    **(cut if status == "interrompu" else {}),
                )  # fmt: skip
                if draw.random() < 0.8:
                    self.story.add(
                        "visites",
                        f"v{key}{period}",
                        placement_id=f"l{key}{period}",
                        date="2026-03-09",
                        auteur_courriel="",
                    )
        return key

    def leavers(self, number: int) -> None:
        self.story.klass("T", annee="2024-2025", niveau="tle_pro")
        for n in range(number):
            self.story.pupils(f"s{n}", in_class="T", annee="2024-2025", entry="2024-09-01")
            for term in ("6", "12"):
                situation = self.draw.choices(SITUATIONS, (8, 2, 5, self.few * 5, 1, 1))[0]
                partner = "p1" if situation == "emploi" and self.draw.random() < 0.6 else ""
                self.story.add(
                    "insertion", eleve_id=f"s{n}", echeance_mois=term, situation=situation, partenaire_id=partner
                )

    @property
    def known(self) -> solver.Known:
        final = frozenset(code for code, niveau in self.niveaux.items() if niveau in ("tle_pro", "cap2"))
        return solver.Known(self.niveaux, self.periods, final)

    @property
    def twins(self) -> dict[str, list[str]]:
        """A level is its classes; a period alone in its class is this class."""
        alone = list(self.periods.values())
        return {
            f"I4.1|niveau|{niveau}": [f"I4.1|classe|{code}" for code, its in self.niveaux.items() if its == niveau]
            for niveau in self.niveaux.values()
        } | {
            f"{code}|periode|{period}": [f"{code}|classe|{klass}"]
            for code in ("I5.1", "I5.2", "I5.3") for period, klass in self.periods.items() if alone.count(klass) == 1
        }  # fmt: skip

    def read(self, *publications: tuple[dict[str, Any], dict[str, Any]]) -> list[str]:
        """What a reader of these publications (shown, true), one after the other, works out."""
        system = solver.System()
        readers = [
            (solver.Reader(system, shown, self.known, f"{n}:"), true) for n, (shown, true) in enumerate(publications)
        ]
        for var in list(system.index):  # pupils come: counts only grow
            if var[0].startswith("1:") and (before := ("0:" + var[0][2:], var[1])) in system.index:
                system.at_most(before, var)
        return solver.disclosed(system, readers, self.twins)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_hidden_can_be_worked_out(seed: int) -> None:
    school = School(seed)
    true = school.story.raw()
    assert school.read((rules.suppress(true), true)) == []


def test_the_check_of_p_22() -> None:
    """A class of twelve with one girl, one priority pupil, one company at 90 %: none readable, nor worked out."""
    story = school_of(("A", 12, 6), ("B", 30, 15), girls=1, priority=1).add("partenaires", "p1", "p2", "p3")
    for n, amount in ((1, "9000"), (2, "500"), (3, "500")):
        story.add("taxe_apprentissage", f"t{n}", partenaire_id=f"p{n}", montant=amount)
    true = story.raw()
    volumes = {"I5.9": {"p1": Decimal(9000), "p2": Decimal(500), "p3": Decimal(500)}}
    shown = rules.suppress(true, volumes=volumes)
    found = places(shown)
    assert found["I4.1", None, None]["n"] == 21
    for place in (("I4.5", "sexe", "F"), ("I4.4.inscrits", None, None), ("I4.6", None, None), ("I5.9", None, None)):
        assert found[place]["valeur"] is None, place
    system = solver.System()
    reader = solver.Reader(system, shown, solver.Known({"A": "1re_pro", "B": "1re_pro"}))
    assert solver.disclosed(system, [(reader, true)]) == []


# ------------------------------------------------------------------------------------------------ shared again


def published(told: dict[str, Any]) -> dict[str, Any]:
    """What is shown, less the days it is of."""
    shown = copy.deepcopy(told["figures"]["indicateurs"])
    for entry in shown:
        for cell in (entry, *entry["ventilations"]):
            cell.pop("arrete", None)
    return {entry["code"]: entry for entry in shown}


@pytest.mark.parametrize("seed", range(2))
def test_one_pupil_more_and_sharing_again_reveals_nothing(seed: int) -> None:
    before, after = School(seed), School(seed)
    after.pupil("C0")
    first = secrecy_history.settle(true := before.story.raw())
    again = secrecy_history.settle(more := after.story.raw(), [first])
    assert true != more
    old, new = published(first), published(again)
    for code in (*secrecy.REACHED, "E20", *secrecy.PLACES):
        assert new[code] == old[code], code
    assert before.read((first["figures"], true), (again["figures"], more)) == []


def shared(
    *classes: tuple[str, int, int], then: tuple[tuple[str, int, int], ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of a school shared, then those of the same school later."""
    first = secrecy_history.settle(school_of(*classes).raw("2026-01-10"))
    return first, secrecy_history.settle(school_of(*then).raw("2026-06-10"), [first])


def test_what_moved_enough_is_shared_anew_and_the_rest_keeps_its_day() -> None:
    _, again = shared(("A", 60, 20), ("B", 60, 22), then=(("A", 60, 45), ("B", 60, 23)))
    found = places(again["figures"])
    assert (found["I4.1", None, None]["n"], "arrete" in found["I4.1", None, None]) == (68, False)
    assert (found["I4.1", "classe", "A"]["n"], found["I4.1", "classe", "A"]["arrete"]) == (20, "2026-01-10")
    assert again["days"]["reached"] == "2026-06-10"


def test_six_newcomers_who_all_came_are_not_told_apart() -> None:
    first, again = shared(("A", 60, 20), then=(("A", 66, 26),))
    assert published(again)["I4.1"] == published(first)["I4.1"]


@pytest.mark.parametrize(("a_then", "readable"), [((60, 30), True), ((30, 15), False)])
def test_a_cell_hidden_once_is_not_read_later_unchanged(a_then: tuple[int, int], readable: bool) -> None:
    first, again = shared(
        ("A", 30, 15), ("B", 30, 15), ("C", 20, 3), then=(("A", *a_then), ("B", 30, 15), ("C", 60, 28))
    )
    assert [is_hidden(places(first["figures"])["I4.1", "classe", code]) for code in "ABC"] == [True, False, True]
    assert (not is_hidden(places(again["figures"])["I4.1", "classe", "C"])) is readable


# ------------------------------------------------------------------------------------------------ companies


@pytest.mark.parametrize(
    ("amounts", "readable"),
    [((), True), ((5, 5), False), ((5, 5, 5), True), ((90, 5, 5), False), ((85, 8, 7), True), ((0, 5, 5), False)],
)
def test_amounts_need_three_companies_and_none_that_dominates(amounts: tuple[int, ...], readable: bool) -> None:
    weights = {str(n): Decimal(amount) for n, amount in enumerate(amounts)}
    assert secrecy_firms.may_show(weights, firms=3, dominance=85) is readable


def test_the_amount_of_one_new_company_is_not_the_difference_of_two_shares() -> None:
    story = Story().add("partenaires", "p1", "p2", "p3", "p4")
    for n in (1, 2, 3):
        story.add("taxe_apprentissage", f"t{n}", partenaire_id=f"p{n}", montant="1000")
    weights = {"I5.9": {f"p{n}": Decimal(1000) for n in (1, 2, 3)}}
    true = story.raw()
    first = secrecy_history.settle(true, volumes=weights)
    assert published(first)["I5.9"]["valeur"] == 3000
    later = copy.deepcopy(true)
    next(entry for entry in later["indicateurs"] if entry["code"] == "I5.9")["valeur"] = 3700.0
    again = secrecy_history.settle(later, [first], volumes={"I5.9": weights["I5.9"] | {"p4": Decimal(700)}})
    assert published(again)["I5.9"]["valeur"] == 3000


@pytest.mark.parametrize("lower", [{"small": 4}, {"pupils": 9}, {"dominance": 86}])
def test_thresholds_are_raised_never_lowered(lower: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="se relève"):
        secrecy.Thresholds(**lower)


def test_a_raised_threshold_hides_more() -> None:
    true = school_of(("A", 14, 7)).raw()
    assert not is_hidden(places(rules.suppress(true))["I4.1", None, None])
    assert is_hidden(places(rules.suppress(true, least=secrecy.Thresholds(pupils=15)))["I4.1", None, None])
