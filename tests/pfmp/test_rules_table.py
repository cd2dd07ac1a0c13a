"""One table for every rule judged: a placement that keeps it, one that breaks it, one that it cannot judge."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pfmp import rules
from pfmp.enums import PeriodKind
from pfmp.rules import DeclarationFacts, OpinionFacts, SchoolFacts, TermsFacts, catalogue, parameters
from tests.pfmp.rules_cast import WEEK_35H, placement

ADULT = date(2000, 1, 1)
FOURTEEN = date(2011, 12, 1)
NIGHT = "lun 20:00-23:00"
LONG = "; ".join(f"{day} 08:00-12:00 13:00-17:00" for day in ("lun", "mar", "mer", "jeu", "ven"))
SHORT_DAYS = "; ".join(f"{day} 09:00-12:00 13:00-15:00" for day in ("lun", "mar", "mer", "jeu", "ven"))
MACHINES = TermsFacts(works=("D4153-28",))
DECLARED = DeclarationFacts(date(2025, 1, 10), "employeur", frozenset({"D4153-28"}))
FIT = OpinionFacts(date(2025, 10, 1), "favorable")
TRAINED = {"securite": date(2025, 10, 1)}
READY: dict[str, Any] = {
    "terms": MACHINES, "declarations": (DECLARED,), "opinions": (FIT,), "trainings": TRAINED, "host_type": "entreprise",
}  # fmt: skip
NINE_WEEKS = {"end": date(2026, 5, 3), "period_end": date(2026, 5, 31)}
LONG_STAY = {"start": date(2025, 9, 1), "end": date(2026, 5, 31), "period_start": date(2025, 9, 1), "period_end": date(2026, 6, 30)}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Changes of a complete placement; `others`, each a change of another one; what the school decided."""

    changes: dict[str, Any] = field(default_factory=dict)
    others: tuple[dict[str, Any], ...] = ()
    school: SchoolFacts | None = None
    board: rules.BoardApproval = rules.BoardApproval.UNKNOWN

    def answer(self) -> rules.CheckResult:
        mine = placement(**self.changes)
        around = [
            placement(**{"key": f"o{n}", "student_key": f"s{n}", "tutor_key": f"t{n}", "referent_email": f"r{n}@x.example"} | one)
            for n, one in enumerate(self.others)
        ]  # fmt: skip
        return rules.check(rules.gather([mine], around, self.board, self.school)[0])


def case(*others: dict[str, Any], school: SchoolFacts | None = None, **changes: Any) -> Case:
    return Case(changes, others, school)


def many(number: int, **changes: Any) -> tuple[dict[str, Any], ...]:
    return (changes,) * number


NEVER = None
"""A rule whose data are never missing: dates, or what a form has or has not."""

# rule: (kept, broken, level, what cannot be judged)
TABLE: dict[str, tuple[Case, Case, str, Case | None]] = {
    "R-PERIODE-01": (case(), case(end=date(2026, 3, 30)), "ALERTE", NEVER),
    "R-CHEVAUCHE-01": (
        case({"student_key": "student", "start": date(2026, 3, 30), "end": date(2026, 4, 3)}),
        case({"student_key": "student", "start": date(2026, 3, 27), "end": date(2026, 4, 3)}), "ALERTE", NEVER,
    ),
    "R-DUREE-08": (case(), case(period_end=date(2026, 3, 13), end=date(2026, 3, 13)), "ALERTE", NEVER),
    "R-DUREE-20": (case(**NINE_WEEKS), case(**LONG_STAY), "BLOQ", case(timetable_text="", **LONG_STAY)),
    "R-GRAT-01": (case(), case(**LONG_STAY), "ALERTE", case(timetable_text="")),
    "R-GRAT-02": (
        case(terms=TermsFacts(gratuity_cents=Decimal(450)), **LONG_STAY),
        case(terms=TermsFacts(gratuity_cents=Decimal(449)), **LONG_STAY), "ALERTE", NEVER,
    ),
    "R-GRAT-04": (
        case(terms=TermsFacts(gratuity_cents=Decimal(450)), host_type="entreprise"),
        case(terms=TermsFacts(gratuity_cents=Decimal(450)), host_type="administration"), "INFO", NEVER,
    ),
    "R-MIN-01": (case(), case(timetable_text=LONG), "BLOQ", case(birth=None)),
    "R-MIN-04": (case(), case(timetable_text="lun 08:00-12:31"), "BLOQ", case(birth=None)),
    "R-MIN-05": (case(), case(timetable_text="lun 20:00-22:01"), "BLOQ", case(timetable_text="")),
    "R-MIN-07": (case(), case(timetable_text="lun 17:00-20:01; mar 08:00-10:00"), "BLOQ", case(birth=None)),
    "R-MIN-08": (case(), case(timetable_text="dim 09:00-11:00"), "BLOQ", case(birth=None)),
    "R-MIN-09": (
        case(), case(end=date(2026, 4, 6), period_end=date(2026, 4, 30)), "BLOQ",
        case(end=date(2026, 4, 6), period_end=date(2026, 4, 30), birth=None),
    ),
    "R-MIN-10": (case(), case(birth=FOURTEEN), "ALERTE", case(birth=None)),
    "R-MIN-11": (
        case(birth=FOURTEEN, timetable_text=SHORT_DAYS), case(birth=FOURTEEN), "ALERTE",
        case(birth=FOURTEEN, timetable_text=""),
    ),
    "R-MIN-12": (case(), case(is_avoided=True), "BLOQ", NEVER),
    "R-MIN-13": (case(), case(naf="56.30Z"), "ALERTE", case(naf="")),
    "R-MAJ-01": (
        case(birth=ADULT, timetable_text=NIGHT, night_designation=True), case(birth=ADULT, timetable_text=NIGHT), "BLOQ",
        case(birth=None, timetable_text=NIGHT),
    ),
    "R-MAJ-02": (
        case(birth=ADULT, terms=TermsFacts()), case(birth=ADULT, timetable_text=LONG, terms=TermsFacts()), "ALERTE", NEVER,
    ),
    "R-HOR-02": (case(), case(timetable_text="8h-12h"), "BLOQ", NEVER),
    "R-TRAV-01": (case(**READY), case(**READY | {"terms": TermsFacts(works=("D4153-36",))}), "BLOQ", case(**READY | {"birth": None})),
    "R-TRAV-02": (case(**READY), case(**READY | {"declarations": ()}), "BLOQ", case(**READY | {"declarations": (), "birth": None})),
    "R-TRAV-03": (
        case(**READY),
        case(**READY | {"declarations": (DeclarationFacts(date(2023, 3, 27), "employeur", frozenset({"D4153-28"})),)}), "BLOQ",
        case(**READY | {"declarations": (DeclarationFacts(date(2023, 3, 27), "employeur", frozenset({"D4153-28"})),), "birth": None}),
    ),
    "R-TRAV-06": (case(**READY), case(**READY | {"trainings": {}}), "ALERTE", case(**READY | {"trainings": {}, "birth": None})),
    "R-TRAV-07": (
        case(**READY), case(**READY | {"opinions": (OpinionFacts(date(2025, 3, 27), "favorable"),)}), "BLOQ",
        case(**READY | {"opinions": (), "birth": None}),
    ),
    "R-TRAV-09": (
        case(**READY), case(**READY | {"host_type": "collectivite"}), "ALERTE",
        case(**READY | {"host_type": "collectivite", "birth": None}),
    ),
    "R-TRAV-11": (
        case(terms=TermsFacts(electrical_level="B1V"), trainings={"electricite": date(2026, 3, 2)}),
        case(terms=TermsFacts(electrical_level="B1V")), "ALERTE", NEVER,
    ),
    "R-TRAV-12": (
        case(birth=ADULT, terms=TermsFacts(works=("D4153-27",)), trainings={"conduite": date(2026, 1, 2)}),
        case(birth=ADULT, terms=TermsFacts(works=("D4153-27",))), "ALERTE", NEVER,
    ),
    "R-QUOTA-01": (case(*many(2)), case(*many(3)), "ALERTE", case(*many(3), workforce="")),
    "R-TUT-01": (case(*many(2, tutor_key="tutor")), case(*many(3, tutor_key="tutor")), "ALERTE", NEVER),
    "R-CAR-01": (
        case({"start": date(2026, 1, 5), "end": date(2026, 1, 25)}, terms=TermsFacts()),
        case({"start": date(2026, 2, 9), "end": date(2026, 2, 28)}, terms=TermsFacts()), "INFO", NEVER,
    ),
    "R-USAGE-01": (case(terms=TermsFacts(is_no_job=True)), case(terms=TermsFacts(is_no_job=False)), "BLOQ", NEVER),
    "R-REF-01": (case(), case(referent_email=" "), "BLOQ", NEVER),
    "R-REF-02": (
        case(*many(15, referent_email="Referent@lycee.example", siret="", host_key="h")),
        case(*many(16, referent_email="Referent@lycee.example", siret="", host_key="h")), "ALERTE", NEVER,
    ),
    "R-CONV-01": (case(), case(activities=""), "BLOQ", NEVER),
    "R-CONV-02": (case(), case(guardian=""), "BLOQ", case(guardian="", birth=None)),
    "R-CONV-07": (
        Case(board=rules.BoardApproval.GIVEN), Case(board=rules.BoardApproval.MISSING), "BLOQ", NEVER,
    ),
    "R-CONV-11": (
        case(country="BE", school=SchoolFacts(country_sheets=frozenset({"BE"}))), case(country="BE"), "BLOQ", NEVER,
    ),
    "R-ABS-01": (case(terms=TermsFacts()), case(terms=TermsFacts(), **LONG_STAY), "INFO", NEVER),
    "R-3E-01": (
        case(kind=PeriodKind.OBSERVATION_3E, end=date(2026, 3, 6)), case(kind=PeriodKind.OBSERVATION_3E), "ALERTE",
        case(kind=PeriodKind.OBSERVATION_3E, timetable_text=""),
    ),
    "R-3E-02": (
        case(kind=PeriodKind.OBSERVATION_3E), case(kind=PeriodKind.OBSERVATION_3E, birth=FOURTEEN), "ALERTE",
        case(kind=PeriodKind.OBSERVATION_3E, birth=None),
    ),
    "R-2GT-01": (
        case(kind=PeriodKind.OBSERVATION_2GT, end=date(2026, 3, 13)), case(kind=PeriodKind.OBSERVATION_2GT), "ALERTE", NEVER,
    ),
    "R-OBS-01": (
        case(kind=PeriodKind.OBSERVATION, end=date(2026, 3, 8)),
        case(kind=PeriodKind.OBSERVATION, end=date(2026, 3, 9)), "ALERTE", NEVER,
    ),
}  # fmt: skip


def test_no_rule_is_left_out():
    assert set(TABLE) == set(rules.RULES)


@pytest.mark.parametrize("rule_id", TABLE)
def test_a_placement_that_keeps_it(rule_id):
    found = TABLE[rule_id][0].answer()
    assert rule_id not in {problem.rule for problem in found.problems}
    assert rule_id not in {gap.rule for gap in found.unchecked}


@pytest.mark.parametrize("rule_id", TABLE)
def test_a_placement_that_breaks_it(rule_id):
    found = {problem.rule: problem for problem in TABLE[rule_id][1].answer().problems}
    assert found[rule_id].level.value == TABLE[rule_id][2]
    assert found[rule_id].level in rules.RULES[rule_id].levels
    assert found[rule_id].message.endswith(".")


@pytest.mark.parametrize("rule_id", [rule_id for rule_id in TABLE if TABLE[rule_id][3]])
def test_a_placement_that_it_cannot_judge(rule_id):
    unknown = TABLE[rule_id][3]
    assert unknown is not None
    found = unknown.answer()
    assert rule_id in {gap.rule for gap in found.unchecked}
    assert rule_id not in {problem.rule for problem in found.problems}


# Thresholds and articulations of what a dossier does not carry -------------------------------------------------------


def broken(found: rules.CheckResult) -> dict[str, str]:
    return {problem.rule: problem.level.value for problem in found.problems}


def told(rule_id: str, found: rules.CheckResult) -> str:
    message = next(problem.message for problem in found.problems if problem.rule == rule_id)
    return message.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_a_dossier_carries_wakes_no_rule_of_the_annexes():
    """A dossier has no annexes: the rules that need them say nothing, whatever its hours and its host (G-39, G-40)."""
    found = case(birth=ADULT, timetable_text=LONG, host_type="administration").answer()
    assert broken(found) == {}
    assert found.unchecked == []


def test_the_gratuity_is_counted_at_the_rate_of_each_year():
    """40 days of 7 h in 2025 at 4,35 €, then 60 in 2026 at 4,50 €, holidays left out."""
    stay = case(
        start=date(2025, 11, 3), end=date(2026, 3, 27), period_start=date(2025, 11, 3), timetable_text=WEEK_35H
    ).answer()
    weekdays = [date.fromordinal(n) for n in range(date(2025, 11, 3).toordinal(), date(2026, 3, 27).toordinal() + 1)]
    worked = [day for day in weekdays if day.weekday() < 5]
    off = {date(2025, 11, 11), date(2025, 12, 25), date(2026, 1, 1)}
    due = sum(Decimal("4.35") * 7 if day.year == 2025 else Decimal("4.50") * 7 for day in worked if day not in off)
    written = f"{due:,.2f}".replace(",", " ").replace(".", ",")
    assert f"au moins {written} € pour ces heures" in told("R-GRAT-01", stay)


def test_a_gratuity_already_written_is_only_told():
    paid = case(terms=TermsFacts(gratuity_cents=Decimal(450)), **LONG_STAY).answer()
    assert broken(paid)["R-GRAT-01"] == "INFO"


@pytest.mark.parametrize(
    ("band", "others", "expected"),
    [("20-49", 10, "ALERTE"), ("20-49", 9, "unknown"), ("20-49", 4, None), ("10-19", 5, "ALERTE"), ("10-19", 4, None)],
)
def test_an_order_of_the_academie_raises_the_quotas(band, others, expected):
    """R-QUOTA-02: 20 % from 30 (10 for 49 people), 5 under; from its date."""
    order = SchoolFacts(has_quota_order=True, quota_order_date=date(2026, 1, 1))
    found = case(*many(others), workforce=band, school=order).answer()
    state = broken(found).get("R-QUOTA-01") or ("unknown" if found.unchecked else None)
    assert state == expected


def test_an_order_that_comes_later_changes_nothing():
    later = SchoolFacts(has_quota_order=True, quota_order_date=date(2026, 3, 3))
    assert broken(case(*many(3), school=later).answer()) == {"R-QUOTA-01": "ALERTE"}


def test_a_prolongation_is_out_of_the_quota():
    """R-INTERR-03, R-QUOTA-04."""
    assert broken(case(*many(3, is_extension=True)).answer()) == {}
    assert broken(case(*many(5), is_extension=True).answer()) == {}


def test_the_board_of_the_school_may_vote_fewer_pupils():
    """R-CONV-08: the vote moves the alert, never the block."""
    others = many(10, referent_email="referent@lycee.example", siret="", host_key="h")
    assert broken(case(*others, school=SchoolFacts(referent_limit=10)).answer()) == {"R-REF-02": "ALERTE"}
    assert broken(case(*others, school=SchoolFacts(referent_limit=11)).answer()) == {}


@pytest.mark.parametrize(
    ("sent", "kept"), [(date(2023, 3, 28), True), (date(2023, 3, 27), False), (date(2026, 3, 3), False)]
)
def test_a_declaration_holds_three_years_and_covers_every_day(sent, kept):
    """R-TRAV-03: sent on 28 March 2023, it ends on 27 March 2026, the last day; sent after the first day, it is late."""
    declaration = DeclarationFacts(sent, "employeur", frozenset({"D4153-28"}))
    assert ("R-TRAV-03" not in broken(case(**READY | {"declarations": (declaration,)}).answer())) is kept


@pytest.mark.parametrize(
    ("day", "kept"), [(date(2025, 3, 28), True), (date(2025, 3, 27), False), (date(2026, 3, 3), False)]
)
def test_an_opinion_holds_one_year_over_the_stay(day, kept):
    opinion = OpinionFacts(day, "favorable")
    assert ("R-TRAV-07" not in broken(case(**READY | {"opinions": (opinion,)}).answer())) is kept


@pytest.mark.parametrize(("outcome", "level"), [("reserves", "ALERTE"), ("defavorable", "BLOQ")])
def test_the_last_opinion_speaks(outcome, level):
    later = OpinionFacts(date(2026, 1, 5), outcome)
    assert broken(case(**READY | {"opinions": (FIT, later)}).answer()) == {"R-TRAV-07": level}


def test_works_need_nothing_after_majority():
    """Eighteen on 9 March: the declaration that ends the day before is enough; an adult of the first day needs none."""
    declaration = DeclarationFacts(date(2023, 3, 9), "employeur", frozenset({"D4153-28"}))
    turning = READY | {"birth": date(2008, 3, 9), "declarations": (declaration,)}
    assert broken(case(**turning).answer()) == {}
    assert broken(case(birth=ADULT, terms=MACHINES).answer()) == {}


def test_a_withdrawn_declaration_is_none():
    withdrawn = DeclarationFacts(date(2025, 1, 10), "employeur", frozenset({"D4153-28"}), date(2026, 3, 20))
    assert "R-TRAV-02" in broken(case(**READY | {"declarations": (withdrawn,)}).answer())


def test_under_fifteen_no_regulated_works():
    assert broken(case(**READY | {"birth": date(2011, 3, 3)}).answer())["R-TRAV-01"] == "BLOQ"


def test_a_pupil_who_observes_does_no_regulated_works():
    found = case(**READY | {"kind": PeriodKind.OBSERVATION_3E, "end": date(2026, 3, 6)}).answer()
    assert broken(found)["R-3E-01"] == "BLOQ"


def test_an_observation_opens_before_fourteen_and_is_never_paid():
    thirteen = case(
        kind=PeriodKind.OBSERVATION_3E, birth=date(2012, 9, 1), end=date(2026, 3, 6), timetable_text=SHORT_DAYS
    )
    assert broken(thirteen.answer()) == {}
    assert "R-GRAT-01" not in broken(case(kind=PeriodKind.OBSERVATION, **LONG_STAY).answer())


def test_weeks_of_an_adult_may_vary_within_their_average():
    """R-MAJ-02 looks at whole weeks: one cut by the first day does not weigh."""
    saturday = case(birth=ADULT, terms=TermsFacts(), start=date(2026, 3, 5)).answer()
    assert broken(saturday) == {}


# The catalogue -------------------------------------------------------------------------------------------------------

REGULATION = (
    "R-DUREE-01 R-DUREE-02 R-DUREE-03 R-DUREE-04 R-DUREE-05 R-DUREE-06 R-DUREE-07 R-DUREE-08 R-DUREE-09 R-DUREE-10 "
    "R-DUREE-11 R-DUREE-12 R-DUREE-13 R-DUREE-20 R-DECOMPTE-01 R-DECOMPTE-02 R-GRAT-01 R-GRAT-02 R-GRAT-03 R-GRAT-04 "
    "R-GRAT-05 R-PEDAG-01 R-INTERR-01 R-INTERR-02 R-INTERR-03 R-ABS-01 R-ABS-02 R-ABS-03 R-MIN-01 R-MIN-02 R-MIN-03 "
    "R-MIN-04 R-MIN-05 R-MIN-06 R-MIN-07 R-MIN-08 R-MIN-09 R-MIN-10 R-MIN-11 R-MIN-12 R-MIN-13 R-MAJ-01 R-MAJ-02 "
    "R-HOR-01 R-HOR-02 R-TRAV-01 R-TRAV-02 R-TRAV-03 R-TRAV-04 R-TRAV-05 R-TRAV-06 R-TRAV-07 R-TRAV-08 R-TRAV-09 "
    "R-TRAV-10 R-TRAV-11 R-TRAV-12 R-TRAV-13 R-QUOTA-01 R-QUOTA-02 R-QUOTA-03 R-QUOTA-04 R-TUT-01 R-CAR-01 R-USAGE-01 "
    "R-REG-01 R-STAT-01 R-AVANT-01 R-SANCT-01 R-CONV-01 R-CONV-02 R-CONV-03 R-CONV-04 R-CONV-05 R-CONV-06 R-CONV-07 "
    "R-CONV-08 R-CONV-09 R-CONV-10 R-CONV-11 R-CONV-12 R-CONV-13 R-ATT-01 R-ATT-02 R-ATT-03 R-ATT-04 R-REF-01 R-REF-02 "
    "R-REF-03 R-REF-04 R-REF-05 R-REF-06 R-REF-07 R-REF-08 R-AT-01 R-AT-02 R-AT-03 R-AT-04 R-ALLOC-01 R-ALLOC-02 "
    "R-ALLOC-03 R-ALLOC-04 R-ALLOC-05 R-ALLOC-06 R-ALLOC-07 R-ALLOC-08 R-ALLOC-09 R-APLY-01 R-APLY-02 R-APLY-03 "
    "R-APLY-04 R-APLY-05 R-APLY-06 R-APLY-07 R-AVP-01 R-AVP-02 R-AVP-03 R-AVP-04 R-IJ-01 R-IJ-02 R-IJ-03 R-TA-01 "
    "R-TA-02 R-TA-03 R-TA-04 R-TA-05 R-TA-06 R-TA-07 R-TA-08 R-TA-09 R-3E-01 R-3E-02 R-2GT-01 R-OBS-01 R-OBS-02 "
    "R-RGPD-01 R-RGPD-02 R-RGPD-03 R-RGPD-04 R-RGPD-05 R-RGPD-06 R-PERIODE-01 R-CHEVAUCHE-01"
)
"""Every id of the regulation as the project knows it, and the two that its precisions add."""


def test_every_rule_of_the_regulation_has_its_line():
    lines = [entry.id for _, entries in catalogue.SUBJECTS for entry in entries]
    assert sorted(lines) == sorted(REGULATION.split())
    assert set(rules.RULES) <= set(lines)
    for entry in catalogue.ENTRIES.values():
        assert entry.text.endswith(".") and entry.who and entry.source
        assert (entry.where is catalogue.Where.CHECK) or entry.rule is None


def test_every_parameter_is_shown_by_a_rule_in_words():
    shown = {key for entry in catalogue.ENTRIES.values() for key in entry.keys}
    assert shown == {line.key for line in parameters.TABLE} == set(parameters.LABELS)
