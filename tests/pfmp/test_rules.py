"""Each rule on both sides of its threshold, and each precision G-."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pfmp import rules
from pfmp.rules import minors, parameters
from pfmp.rules.host import quota_bounds
from tests.pfmp.rules_cast import FOUR_WEEKS, WEEK_35H, check, gaps, levels, message, placement

MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
ADULT = date(2000, 1, 1)


def week(text: str, **changes):
    """A placement from Monday 2 to Sunday 8 March 2026, in a period that holds it."""
    return placement(**{"start": MONDAY, "end": date(2026, 3, 8), "timetable_text": text} | changes)


def others(number: int, **changes) -> list[rules.PlacementFacts]:
    """Placements of other students, alike but for what is given."""
    base = {"tutor_key": "another tutor", "referent_email": "another@lycee.example", "host_key": "h2", "siret": ""}
    return [placement(**base | {"key": f"other-{n}", "student_key": f"student-{n}"} | changes) for n in range(number)]


# What a check answers -----------------------------------------------------------------------------------------------


def test_a_complete_placement_has_no_problem_and_no_gap():
    assert check(placement()) == rules.CheckResult([], [])


def test_a_cancelled_placement_is_not_checked():
    """G-01."""
    assert check(placement(cancelled=True, timetable_text="", tutor_key=None)) == rules.CheckResult([], [])


def test_the_answer_has_the_promised_shape_strongest_first():
    answer = check(placement(tutor_key=None, birth=None, end=date(2026, 3, 30))).as_json()
    assert [(one["rule"], one["level"]) for one in answer["problems"]] == [
        ("R-TUT-01", "BLOQ"),
        ("R-PERIODE-01", "ALERTE"),
    ]
    assert all(one["message"].endswith(".") for one in answer["problems"])
    assert {"rule": "R-MIN-01", "missing": "date de naissance"} in answer["unchecked"]


def test_the_message_says_when_what_and_how_much():
    long_day = week("mar 08:00-12:00 13:00-18:30")
    assert message("R-MIN-01", long_day) == (
        "Mardi 3 mars 2026 : 9 h 30 de travail, au plus 8 h avant 18 ans. Réduisez les horaires."
    )


def test_a_mistyped_year_is_answered_at_once():
    mine = placement(start=date(2026, 3, 2), end=date(9026, 3, 27), naf="56.10A")
    assert levels(mine)["R-DUREE-20"] == "BLOQ"
    assert len(mine.planned_days) < 3000


def test_a_page_reads_problems_by_strength_and_gaps_as_sentences():
    result = check(placement(tutor_key=None, birth=None, end=date(2026, 3, 30)))
    assert [problem.rule for problem in result.blocking] == ["R-TUT-01"]
    assert [problem.rule for problem in result.warnings] == ["R-PERIODE-01"]
    assert [problem.level.label for problem in result.problems] == ["Bloquant", "Alerte"]
    assert result.unchecked[0].message == "Non contrôlable, donnée manquante\u00a0: date de naissance."


def test_the_register_tells_every_rule():
    assert set(rules.RULES) == {
        "R-PERIODE-01", "R-CHEVAUCHE-01", "R-DUREE-08", "R-DUREE-20", "R-GRAT-01", "R-MIN-01", "R-MIN-04", "R-MIN-05",
        "R-MIN-07", "R-MIN-08", "R-MIN-09", "R-MIN-10", "R-MIN-11", "R-MIN-13", "R-MAJ-01", "R-QUOTA-01", "R-TUT-01",
        "R-REF-01", "R-REF-02", "R-CONV-01", "R-CONV-02", "R-CONV-07", "R-HOR-02", "R-CONV-11", "R-ABS-01", "R-USAGE-01",
        "R-MIN-12", "R-CAR-01", "R-MAJ-02", "R-GRAT-02", "R-GRAT-04", "R-TRAV-01", "R-TRAV-02", "R-TRAV-03", "R-TRAV-06",
        "R-TRAV-07", "R-TRAV-09", "R-TRAV-11", "R-TRAV-12", "R-3E-01", "R-3E-02", "R-2GT-01", "R-OBS-01",
    }  # fmt: skip
    for rule_id, rule in rules.RULES.items():
        assert rule.id == rule_id
        assert rule.title and rule.levels and rule.source
        assert rule_id in (rule.judge.__doc__ or "")


# Dates --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "outside"),
    [
        (*FOUR_WEEKS, False),
        (date(2026, 3, 1), date(2026, 3, 27), True),
        (date(2026, 3, 2), date(2026, 3, 28), True),
        (date(2026, 3, 9), date(2026, 3, 9), False),
        (date(2026, 5, 4), date(2026, 5, 8), True),
    ],
)
def test_dates_inside_the_period(start, end, outside):
    """G-30: R-PERIODE-01, bounds allowed."""
    found = levels(placement(start=start, end=end, timetable_text=WEEK_35H + "; sauf fériés"))
    assert found == ({"R-PERIODE-01": "ALERTE"} if outside else {})


@pytest.mark.parametrize(
    ("end_of_first", "interrupted_on", "overlap"),
    [
        (date(2026, 3, 2), None, True),  # one day in common
        (date(2026, 3, 1), None, False),
        (date(2026, 3, 13), date(2026, 3, 2), True),
        (date(2026, 3, 13), date(2026, 3, 1), False),
        (date(2026, 3, 13), date(2026, 1, 1), False),
    ],
)
def test_overlap_of_two_placements_of_a_student(end_of_first, interrupted_on, overlap):
    """G-31: R-CHEVAUCHE-01 on both, whatever the year of their periods."""
    first = placement(
        key="first", start=date(2026, 2, 9), end=end_of_first, interrupted_on=interrupted_on, year="2024-2025"
    )
    second = placement()
    expected = {"R-CHEVAUCHE-01": "ALERTE"} if overlap else {}
    assert levels(second, first) == expected
    assert levels(first, second).get("R-CHEVAUCHE-01") == expected.get("R-CHEVAUCHE-01")


def test_no_overlap_with_a_cancelled_placement_nor_with_another_student():
    assert levels(placement(), placement(key="b", cancelled=True), *others(1)) == {}


@pytest.mark.parametrize("level", ["2nde_pro", "1re_pro", "tle_pro"])
@pytest.mark.parametrize(
    ("end", "short"),
    [(date(2026, 3, 20), False), (date(2026, 3, 16), False), (date(2026, 3, 15), True), (date(2026, 3, 13), True)],
)
def test_a_bac_pro_period_touches_three_weeks(level, end, short):
    """G-32: R-DUREE-08; from Monday 2 to Friday 20 March touches three weeks."""
    found = levels(placement(level=level, period_end=end, end=min(end, FRIDAY)))
    assert found == ({"R-DUREE-08": "ALERTE"} if short else {})


def test_three_weeks_count_from_any_weekday_and_across_years():
    across = {"period_start": date(2025, 12, 26), "period_end": date(2026, 1, 5), "start": date(2025, 12, 29)}
    assert levels(placement(**across, end=date(2025, 12, 31))) == {}  # weeks of 22 and 29 December and 5 January


@pytest.mark.parametrize("level", ["3pm", "cap1", "cap2", "cs", "bts1", "2nde_gt", "1re_techno", "tle_techno", "autre"])
def test_other_levels_have_no_least_period(level):
    assert levels(placement(level=level, period_end=FRIDAY, end=FRIDAY)) == {}


# Hours at the same host ---------------------------------------------------------------------------------------------

NO_HOLIDAY_YEAR = {"period_start": date(2026, 9, 1), "period_end": date(2027, 6, 30)}


def long_placement(hours_and_minutes: str, weeks: int, **changes):
    """An adult from Monday 4 January 2027, every week: no holiday before 29 March."""
    start = date(2027, 1, 4)
    return placement(
        **NO_HOLIDAY_YEAR
        | {"start": start, "end": start + timedelta(days=7 * weeks - 1), "birth": ADULT, "year": "2026-2027"}
        | {"timetable_text": hours_and_minutes}
        | changes
    )


def test_308_hours_do_not_trigger_the_gratuity_and_a_minute_more_does():
    """G-13, G-15: exact minutes, strict threshold."""
    day = "08:00-12:00 13:00-16:00"
    exact = "; ".join(f"{code} {day}" for code in ("lun", "mar", "mer", "jeu"))  # 28 h a week
    assert long_placement(exact, 11).counted_minutes == 308 * 60
    assert levels(long_placement(exact, 11)) == {}
    more = long_placement(exact, 11, end=date(2027, 3, 22), timetable_text=exact)
    assert more.counted_minutes == 315 * 60
    assert levels(more) == {"R-GRAT-01": "ALERTE"}
    minute = placement(
        key="b",
        start=date(2027, 3, 25),
        end=date(2027, 3, 25),
        birth=ADULT,
        year="2026-2027",
        timetable_text="jeu 08:00-08:01",
        **NO_HOLIDAY_YEAR,
    )
    assert levels(long_placement(exact, 11), minute) == {"R-GRAT-01": "ALERTE"}
    assert levels(minute, long_placement(exact, 11)) == {"R-GRAT-01": "ALERTE"}
    assert message("R-GRAT-01", minute, long_placement(exact, 11)).startswith(
        "308 h 01 de présence chez Atelier Dupont en 2026-2027 sur 2 placements : au-delà de 308 h (44 jours de 7 h)"
    )


def test_924_hours_at_a_host_and_a_minute_more():
    """G-15: R-DUREE-20 is strict too."""
    exact = "; ".join(f"{code} 08:00-15:00" for code in ("lun", "mar", "mer", "jeu", "ven", "sam", "dim"))  # 49 h
    weeks = long_placement(exact, 12)  # 588 h
    rest = long_placement(
        "sam 00:00-24:00; dim 00:00-24:00", 7, key="b", start=date(2026, 10, 3), end=date(2026, 10, 25)
    )
    assert rest.counted_minutes == 8 * 24 * 60
    more = long_placement(
        "sam 00:00-24:00; dim 00:00-24:00", 1, key="c", start=date(2027, 4, 10), end=date(2027, 4, 25)
    )
    assert more.counted_minutes == 6 * 24 * 60
    assert weeks.counted_minutes + rest.counted_minutes + more.counted_minutes == 924 * 60
    assert "R-DUREE-20" not in levels(weeks, rest, more)
    one_more = replace(more, timetable_text="sam 00:00-24:00; dim 00:00-24:00; lun 08:00-08:01")
    for mine, first, second in ((weeks, rest, one_more), (rest, one_more, weeks), (one_more, weeks, rest)):
        assert levels(mine, first, second)["R-DUREE-20"] == "BLOQ"
        assert levels(mine, first, second)["R-GRAT-01"] == "ALERTE"


def test_what_is_added_up():
    """G-14: student, organisation (SIREN), year of the period; cancelled out; prospects and the past in."""
    six_weeks = {"end": MONDAY + timedelta(days=46), "period_end": date(2026, 4, 30)}  # 245 h - 7 h of Easter Monday
    mine = placement(**six_weeks)
    before = replace(mine, key="before", start=date(2025, 11, 17), end=date(2025, 12, 19))
    assert levels(mine, before)["R-GRAT-01"] == "ALERTE"
    same_company = replace(before, host=replace(mine.host, key="other site", siret="73282932000082"))
    assert levels(mine, same_company)["R-GRAT-01"] == "ALERTE"
    for apart in (
        replace(before, cancelled=True),
        replace(before, period=replace(before.period, year="2024-2025")),
        replace(before, host=replace(mine.host, siret="55210055400013")),
        replace(before, host=replace(mine.host, siret="")),
        replace(before, student=replace(mine.student, key="another")),
    ):
        assert "R-GRAT-01" not in levels(mine, apart)
    no_siret = replace(mine, host=replace(mine.host, siret=""))
    assert levels(no_siret, replace(before, host=no_siret.host))["R-GRAT-01"] == "ALERTE"


def test_a_timetable_missing_makes_the_sum_unknown_unless_the_dates_settle_it():
    """G-42: 24 h a day is the most that dates allow: 12 days make 288 h, 13 days 312 h."""
    twelve = {"birth": ADULT, "timetable_text": "", "start": MONDAY, "end": date(2026, 3, 13)}
    assert gaps(placement(**twelve)) == {}
    assert gaps(placement(**twelve | {"end": date(2026, 3, 14)})) == {"R-GRAT-01": "horaires"}
    forty = {"end": date(2026, 4, 10), "period_end": date(2026, 4, 30)}  # 40 days, of which one holiday: 936 h
    assert gaps(placement(**twelve | forty)) == {"R-GRAT-01": "horaires", "R-DUREE-20": "horaires"}
    assert gaps(placement(**twelve | forty | {"end": date(2026, 4, 9)})) == {"R-GRAT-01": "horaires"}
    unreadable = placement(**twelve | {"end": date(2026, 3, 27), "timetable_text": "35 h"})
    assert gaps(unreadable) == {"R-GRAT-01": "horaires illisibles"}


def test_what_is_known_may_be_enough():
    """G-03: 315 h known and another placement without timetable."""
    known = long_placement(WEEK_35H, 9)
    unknown = long_placement("", 4, key="b", start=date(2026, 10, 5), end=date(2026, 10, 30))
    assert known.counted_minutes == 315 * 60
    assert levels(known, unknown) == {"R-GRAT-01": "ALERTE"}
    assert "R-GRAT-01" not in gaps(known, unknown)
    assert "R-GRAT-01" in levels(unknown, known) and "R-GRAT-01" not in gaps(unknown, known)
    assert message("R-GRAT-01", known, unknown).startswith("Au moins 315 h")
    less = long_placement(WEEK_35H, 8)
    assert gaps(less, unknown) == {"R-GRAT-01": "horaires d’un autre placement"}  # 280 h + 26 days
    assert levels(less, unknown) == {}


def test_holidays_of_each_host_are_out_of_the_sum():
    """G-13, G-27: Good Friday 2026 counts in Paris and not in Strasbourg."""
    good_friday = {"start": date(2026, 4, 3), "end": date(2026, 4, 3)}
    assert placement(**good_friday, postal_code="75001").counted_minutes == 7 * 60
    assert placement(**good_friday, postal_code="67000").counted_minutes == 0


# Minors -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("lun 08:00-12:00 13:00-17:00", False),
        ("lun 08:00-12:00 13:00-17:01", True),
        (WEEK_35H, False),
        (WEEK_35H.replace("ven 08:00-12:00", "ven 07:59-12:00"), True),
    ],
)
def test_eight_hours_a_day_thirty_five_a_week(text, broken):
    """R-MIN-01; the trade of the host changes nothing (G-24)."""
    for naf in ("43.21A", "56.10A", "81.30Z"):
        assert levels(week(text, naf=naf)) == ({"R-MIN-01": "BLOQ"} if broken else {})
    assert "R-MIN-01" not in levels(week(text, birth=ADULT))


def test_the_week_of_the_eighteenth_birthday_counts_whole():
    """G-21: 17 on the Monday, 18 from the Tuesday."""
    forty = "; ".join(f"{code} 08:00-12:00 13:00-17:00" for code in ("lun", "mar", "mer", "jeu", "ven"))
    assert levels(week(forty, birth=date(2008, 3, 3)))["R-MIN-01"] == "BLOQ"
    assert levels(week(forty, birth=date(2008, 3, 2))) == {}
    rested = forty.removeprefix("lun 08:00-12:00 13:00-17:00; ") + "; sam 08:00-12:00 13:00-17:00"
    assert levels(week(rested, birth=date(2008, 3, 3))) == {}  # the Monday is not worked: 18 on every day worked


def test_only_the_days_of_the_placement_count_in_a_week():
    """G-16: from the Wednesday, three days of eight hours."""
    forty = "; ".join(f"{code} 08:00-12:00 13:00-17:00" for code in ("lun", "mar", "mer", "jeu", "ven"))
    assert levels(placement(timetable_text=forty, start=date(2026, 3, 4), end=date(2026, 3, 10))) == {}


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("lun 08:00-12:30", False),
        ("lun 08:00-12:31", True),
        ("lun 08:00-12:00 12:30-15:00", False),
        ("lun 08:00-12:00 12:29-15:00", True),
        ("lun 08:00-10:00 10:10-12:00 12:10-12:45", False),  # 4 h 25 in all
        ("lun 08:00-10:00 10:10-12:00 12:10-13:00", True),
        ("lun 08:00-10:00 10:10-12:00 12:30-16:00", False),
        ("lun 08:00-10:00 10:00-13:00 14:00-15:00", True),  # five hours on end
    ],
)
def test_half_an_hour_of_break_beyond_four_and_a_half_hours(text, broken):
    """G-23: R-MIN-04."""
    assert levels(week(text)) == ({"R-MIN-04": "BLOQ"} if broken else {})
    assert levels(week(text, birth=ADULT)) == {}


@pytest.mark.parametrize(
    ("text", "birth", "broken"),
    [
        ("lun 18:00-22:00", date(2009, 1, 1), False),
        ("lun 18:00-22:01", date(2009, 1, 1), True),
        ("lun 06:00-10:00", date(2009, 1, 1), False),
        ("lun 05:59-10:00", date(2009, 1, 1), True),
        ("lun 16:00-20:00", date(2010, 6, 1), False),
        ("lun 16:00-20:01", date(2010, 6, 1), True),
        ("lun 16:00-20:01", date(2010, 3, 2), False),  # 16 on that day
        ("lun 16:00-20:01", date(2010, 3, 3), True),
        ("lun 23:00-01:00", date(2009, 1, 1), True),
        ("lun 02:00-04:00", date(2009, 1, 1), True),
    ],
)
def test_no_night_work(text, birth, broken):
    """G-24: R-MIN-05, even in a hotel."""
    assert levels(week(text, birth=birth, naf="55.10Z")) == ({"R-MIN-05": "BLOQ"} if broken else {})


@pytest.mark.parametrize(
    ("text", "birth", "broken"),
    [
        ("lun 18:00-22:00; mar 10:00-12:00", date(2009, 1, 1), False),
        ("lun 18:00-22:00; mar 09:59-12:00", date(2009, 1, 1), True),
        ("lun 16:00-18:00; mar 08:00-12:00", date(2010, 6, 1), False),
        ("lun 16:00-18:01; mar 08:00-12:00", date(2010, 6, 1), True),
        ("lun 16:00-18:01; mar 08:00-12:00", date(2010, 3, 3), True),  # 15 on the Monday: 14 h
        ("lun 16:00-18:01; mar 08:00-12:00", date(2010, 3, 2), False),
        ("lun 18:00-22:00; mer 06:00-10:00", date(2009, 1, 1), False),
        ("lun 17:00-21:00; mar 06:00-10:00", date(2008, 3, 2), False),  # 18 on the Monday
        ("lun 17:00-21:00; mar 06:00-10:00", date(2008, 3, 3), True),
        ("lun 08:00-10:00 18:00-22:00; mar 09:00-10:00", date(2009, 1, 1), True),
    ],
)
def test_daily_rest(text, birth, broken):
    """G-22: R-MIN-07, with the age of the first day."""
    assert levels(week(text, birth=birth)) == ({"R-MIN-07": "BLOQ"} if broken else {})


def test_daily_rest_is_judged_inside_the_placement():
    text = "dim 18:00-20:00; lun 06:00-08:00"
    assert "R-MIN-07" not in levels(placement(start=MONDAY, end=date(2026, 3, 8), timetable_text=text))
    assert levels(placement(start=MONDAY, end=date(2026, 3, 9), timetable_text=text))["R-MIN-07"] == "BLOQ"


@pytest.mark.parametrize(
    ("text", "end", "broken"),
    [
        ("mar 08:00-12:00; mer 08:00-12:00; jeu 08:00-12:00; ven 08:00-12:00; sam 08:00-12:00", FOUR_WEEKS[1], False),
        ("lun 08:00-12:00; sam 08:00-12:00", FOUR_WEEKS[1], True),
        ("lun 08:00-12:00; sam 08:00-12:00", date(2026, 3, 8), False),  # the next Monday is not in the placement
        ("lun 08:00-12:00; sam 08:00-12:00", date(2026, 3, 9), True),
        ("dim 08:00-12:00", FOUR_WEEKS[1], True),
        ("dim 08:00-12:00", date(2026, 3, 7), False),
    ],
)
def test_weekly_rest(text, end, broken):
    """G-25: R-MIN-08."""
    assert levels(placement(timetable_text=text, end=end)) == ({"R-MIN-08": "BLOQ"} if broken else {})
    assert levels(placement(timetable_text=text, end=end, birth=ADULT)) == {}


def test_weekly_rest_goes_by_the_age_of_the_day():
    sunday = {"start": date(2026, 3, 7), "end": date(2026, 3, 9)}
    assert levels(placement(timetable_text="dim 08:00-12:00", birth=date(2008, 3, 8), **sunday)) == {}
    assert levels(placement(timetable_text="dim 08:00-12:00", birth=date(2008, 3, 9), **sunday)) == {"R-MIN-08": "BLOQ"}
    both = "lun 08:00-12:00; sam 08:00-12:00"
    assert levels(placement(timetable_text=both, birth=date(2008, 3, 7), **sunday)) == {}
    assert levels(placement(timetable_text=both, birth=date(2008, 3, 8), **sunday)) == {"R-MIN-08": "BLOQ"}


def test_a_holiday_may_free_the_saturday_or_the_monday():
    easter = {"start": date(2026, 3, 30), "end": date(2026, 4, 7), "period_end": date(2026, 4, 30)}
    text = "lun 08:00-12:00; sam 08:00-12:00"
    assert levels(placement(timetable_text=text, naf="56.10A", **easter)) == {"R-MIN-08": "BLOQ", "R-MIN-09": "ALERTE"}
    assert levels(placement(timetable_text=text + "; sauf fériés", **easter)) == {}


ASCENSION = {
    "start": date(2026, 5, 11),
    "end": date(2026, 5, 15),
    "period_start": date(2026, 5, 4),
    "period_end": date(2026, 5, 29),
}


@pytest.mark.parametrize(
    ("naf", "level"),
    [
        ("43.21A", "BLOQ"), ("10.71A", "BLOQ"), ("10.13A", "BLOQ"), ("47.25Z", "BLOQ"), ("90.03A", "BLOQ"),
        ("55.10Z", "ALERTE"), ("56.10A", "ALERTE"), ("5610C", "ALERTE"), ("10.13B", "ALERTE"), ("10.71B", "ALERTE"),
        ("10.71C", "ALERTE"), ("10.71D", "ALERTE"), ("47.21Z", "ALERTE"), ("47.22Z", "ALERTE"), ("47.23Z", "ALERTE"),
        ("47.24Z", "ALERTE"), ("47.26Z", "ALERTE"), ("47.29Z", "ALERTE"), ("47.76Z", "ALERTE"), ("47.81Z", "ALERTE"),
        ("90.01Z", "ALERTE"), ("90.02Z", "ALERTE"), ("", "ALERTE"), ("10.71c", "ALERTE"),
    ],
)  # fmt: skip
def test_holidays(naf, level):
    """G-26: R-MIN-09."""
    mine = placement(naf=naf, **ASCENSION)
    assert levels(mine) == {"R-MIN-09": level}
    assert gaps(mine) == ({} if naf else {"R-MIN-13": "NAF"})
    assert "Jeudi 14 mai 2026 (Ascension)" in message("R-MIN-09", mine)
    assert levels(replace(mine, timetable_text=WEEK_35H + "; sauf fériés")) == {}
    assert levels(replace(mine, timetable_text="ven 08:00-12:00")) == {}


def test_a_holiday_goes_by_the_age_of_the_day():
    assert levels(placement(birth=date(2008, 5, 14), **ASCENSION)) == {}
    assert levels(placement(birth=date(2008, 5, 15), **ASCENSION)) == {"R-MIN-09": "BLOQ"}


@pytest.mark.parametrize(
    ("postal_code", "broken"), [("57000", True), ("67000", True), ("68100", True), ("88000", False), ("", False)]
)
def test_alsace_and_moselle(postal_code, broken):
    """G-27: Good Friday where the host is."""
    good_friday = {"start": date(2026, 4, 3), "end": date(2026, 4, 3), "period_end": date(2026, 4, 30)}
    found = levels(placement(postal_code=postal_code, **good_friday))
    assert found == ({"R-MIN-09": "BLOQ"} if broken else {})


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (date(2012, 3, 3), "BLOQ"),  # 13
        (date(2012, 3, 2), "ALERTE"),  # 14 on the first day
        (date(2011, 3, 3), "ALERTE"),
        (date(2011, 3, 2), None),  # 15
    ],
)
def test_least_age(birth, expected):
    """G-28: R-MIN-10, on the first day."""
    assert levels(placement(birth=birth, end=MONDAY, timetable_text="lun 08:00-12:00")).get("R-MIN-10") == expected


def test_hours_under_fifteen():
    """G-28: R-MIN-11, a warning beside R-MIN-01."""
    young = date(2011, 9, 1)
    seven = "lun 08:00-12:00 13:00-16:00; mar 08:00-12:00 13:00-16:00"
    assert "R-MIN-11" not in levels(week(seven, birth=young))
    assert levels(week(seven.replace("16:00", "16:01"), birth=young))["R-MIN-11"] == "ALERTE"
    thirty = "; ".join(f"{code} 08:00-12:00 13:00-15:00" for code in ("lun", "mar", "mer", "jeu", "ven"))
    assert "R-MIN-11" not in levels(week(thirty, birth=young))
    assert levels(week(thirty.replace("lun 08:00", "lun 07:59"), birth=young))["R-MIN-11"] == "ALERTE"
    long = "lun 08:00-12:00 13:00-17:30"
    assert levels(week(long, birth=young)) == {"R-MIN-01": "BLOQ", "R-MIN-11": "ALERTE", "R-MIN-10": "ALERTE"}
    assert "R-MIN-11" not in levels(week(long, birth=date(2011, 3, 2)))
    assert levels(week(WEEK_35H, birth=date(2011, 3, 3)))["R-MIN-11"] == "ALERTE"  # 15 on the Tuesday: the week counts
    assert gaps(week("", birth=young))["R-MIN-11"] == "horaires"


@pytest.mark.parametrize(
    ("naf", "birth", "problem", "gap"),
    [
        ("56.30Z", date(2009, 1, 1), True, None),
        ("5630Z", date(2008, 3, 3), True, None),  # 18 on the second day
        ("56.30Z", date(2008, 3, 2), False, None),
        ("56.10A", date(2009, 1, 1), False, None),
        ("", date(2009, 1, 1), False, "NAF"),
        ("illisible", date(2009, 1, 1), False, "NAF"),
        ("", ADULT, False, None),
        ("56.30Z", None, False, "date de naissance"),
        ("43.21A", None, False, None),
    ],
)
def test_bars(naf, birth, problem, gap):
    """G-26, G-29: R-MIN-13."""
    mine = placement(naf=naf, birth=birth)
    assert levels(mine) == ({"R-MIN-13": "ALERTE"} if problem else {})
    assert gaps(mine).get("R-MIN-13") == gap


def test_age_changes_on_the_birthday_and_on_the_first_of_march():
    """G-20."""
    assert rules.age_on(date(2008, 3, 3), date(2026, 3, 2)) == 17
    assert rules.age_on(date(2008, 3, 3), date(2026, 3, 3)) == 18
    leap = date(2008, 2, 29)
    assert rules.age_on(leap, date(2026, 2, 28)) == 17
    assert rules.age_on(leap, date(2026, 3, 1)) == 18
    assert rules.age_on(leap, date(2024, 2, 28)) == 15
    assert rules.age_on(leap, date(2024, 2, 29)) == 16


LISTED = {"R-MIN-01", "R-MIN-04", "R-MIN-05", "R-MIN-07", "R-MIN-08", "R-MIN-10"}


def test_birth_date_missing():
    """G-41: every rule on minors that applies, even with a timetable allowed at any age."""
    mine = placement(birth=None, timetable_text="mar 09:00-11:00")
    assert gaps(mine) == dict.fromkeys(LISTED, "date de naissance")
    assert levels(mine) == {}
    assert set(gaps(placement(birth=None, **ASCENSION))) == LISTED | {"R-MIN-09"}
    assert set(gaps(placement(birth=None, timetable_text="ven 08:00-12:00", **ASCENSION))) == LISTED
    assert gaps(placement(birth=None, guardian=""))["R-CONV-02"] == "date de naissance"
    assert "R-CONV-02" not in gaps(placement(birth=None))
    assert gaps(placement(birth=None, timetable_text="lun 20:00-21:01"))["R-MAJ-01"] == "date de naissance"


def test_timetable_missing_for_a_minor():
    """G-42."""
    minor = LISTED - {"R-MIN-10"}
    mine = placement(timetable_text="", end=FRIDAY)
    assert gaps(mine) == dict.fromkeys(minor, "horaires")
    assert levels(mine) == {"R-HOR-02": "BLOQ", "R-CONV-01": "BLOQ"}
    assert gaps(placement(timetable_text="", **ASCENSION)) == dict.fromkeys(minor | {"R-MIN-09"}, "horaires")
    sunday = {"start": date(2026, 11, 1), "end": date(2026, 11, 1), "period_end": date(2026, 11, 30)}
    assert gaps(placement(timetable_text="", **sunday)) == dict.fromkeys(minor, "horaires")  # 1 November is a Sunday
    assert gaps(placement(timetable_text="du lundi au vendredi", end=FRIDAY))["R-MIN-01"] == "horaires illisibles"
    assert gaps(placement(timetable_text="", **ASCENSION, birth=date(2008, 5, 14))) == dict.fromkeys(minor, "horaires")


def test_timetable_missing_for_an_adult():
    mine = placement(timetable_text="", birth=ADULT)
    assert gaps(mine) == {"R-GRAT-01": "horaires"}
    assert levels(mine)["R-HOR-02"] == "BLOQ"


def test_birth_date_and_timetable_missing():
    mine = placement(timetable_text="", birth=None, **ASCENSION)
    both = "date de naissance et horaires"
    assert gaps(mine) == dict.fromkeys(LISTED | {"R-MIN-09"}, both) | {"R-MIN-10": "date de naissance"}


def test_an_interruption_leaves_the_rules_on_the_planned_hours():
    """G-01, G-12: as before the convention is issued."""
    mine = placement(timetable_text="ven 08:00-12:00 13:00-17:30", interrupted_on=date(2026, 3, 3))
    assert levels(mine) == {"R-MIN-01": "BLOQ"}


@pytest.mark.parametrize(
    ("text", "birth", "designated", "broken"),
    [
        ("lun 17:00-21:00", ADULT, False, False),
        ("lun 17:00-21:01", ADULT, False, True),
        ("lun 06:00-10:00", ADULT, False, False),
        ("lun 05:59-10:00", ADULT, False, True),
        ("lun 22:00-02:00", ADULT, True, False),
        ("lun 17:00-21:01", date(2008, 3, 2), False, True),  # 18 on that day
        ("lun 17:00-21:01", date(2008, 3, 3), False, False),
    ],
)
def test_adults_at_night(text, birth, designated, broken):
    """G-40: R-MAJ-01, from 21 h to 6 h unless named by the head."""
    mine = week(text, birth=birth, night_designation=designated)
    assert levels(mine) == ({"R-MAJ-01": "BLOQ"} if broken else {})


# Host, tutor, referent ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("workforce", "bounds"),
    [
        ("0", (3, 3)),
        ("1-9", (3, 3)),
        ("10-19", (3, 3)),
        ("20-49", (3, 8)),
        ("50-249", (8, 38)),
        ("250+", (38, None)),
        ("", (3, None)),
    ],
)
def test_quota_of_each_band(workforce, bounds):
    """G-33."""
    assert quota_bounds(workforce, rules.parameters_on(MONDAY)) == bounds


@pytest.mark.parametrize(
    ("workforce", "number", "expected"),
    [
        ("10-19", 3, "nothing"), ("10-19", 4, "problem"), ("0", 4, "problem"),
        ("20-49", 3, "nothing"), ("20-49", 4, "gap"), ("20-49", 8, "gap"), ("20-49", 9, "problem"),
        ("50-249", 8, "nothing"), ("50-249", 9, "gap"), ("50-249", 38, "gap"), ("50-249", 39, "problem"),
        ("250+", 38, "nothing"), ("250+", 39, "gap"), ("250+", 90, "gap"),
        ("", 3, "nothing"), ("", 4, "gap"), ("inconnu", 4, "gap"),
    ],
)  # fmt: skip
def test_quota(workforce, number, expected):
    """G-33: R-QUOTA-01 over the whole company, whichever its sites."""
    mine = placement(workforce=workforce)
    crowd = others(number - 1, siret="73282932000082")
    assert levels(mine, *crowd) == ({"R-QUOTA-01": "ALERTE"} if expected == "problem" else {})
    assert gaps(mine, *crowd) == ({"R-QUOTA-01": "effectif"} if expected == "gap" else {})


def test_quota_counts_by_civil_week_touched():
    first, last = FOUR_WEEKS
    mine = placement()
    same_week = others(3, siret="73282932000074", start=date(2026, 2, 27), end=date(2026, 3, 1))
    assert levels(mine, *same_week) == {}  # they end on the Sunday before
    same_week = others(3, siret="73282932000074", start=date(2026, 3, 28), end=date(2026, 3, 29))
    assert levels(mine, *same_week) == {"R-QUOTA-01": "ALERTE"}  # the week-end after, same civil week
    assert message("R-QUOTA-01", mine, *same_week).startswith(
        "Semaine du lundi 23 mars 2026 : au moins 4 placements de l’établissement chez Atelier Dupont, au plus 3"
    )
    spread = [
        *others(2, siret="73282932000074", end=date(2026, 3, 6)),
        *others(2, siret="73282932000074", start=date(2026, 3, 9), student_key="x"),
    ]
    spread = [replace(one, key=number) for number, one in enumerate(spread)]
    assert levels(mine, *spread) == {}
    assert levels(mine, *others(3, siret="73282932000074", cancelled=True)) == {}
    assert levels(mine, *others(3, siret="55210055400013")) == {}


def test_quota_without_siret_is_by_partner():
    mine = placement(siret="", host_key="mairie")
    assert levels(mine, *others(3, host_key="mairie")) == {"R-QUOTA-01": "ALERTE"}
    assert levels(mine, *others(3, host_key="une autre")) == {}


def test_quota_goes_by_the_planned_dates():
    """G-33 speaks of the dates only: an interruption is not looked at."""
    crowd = others(3, siret="73282932000074", interrupted_on=date(2026, 2, 1))
    assert levels(placement(), *crowd) == {"R-QUOTA-01": "ALERTE"}


def test_tutor_named():
    """R-TUT-01."""
    assert levels(placement(tutor_key=None)) == {"R-TUT-01": "BLOQ"}


def test_three_placements_at_once_for_a_tutor():
    """G-35: on each of them."""
    three = others(3, tutor_key="tutor")
    assert levels(placement(), *three[:2]) == {}
    for mine in (placement(), *three):
        assert levels(mine, placement(), *three)["R-TUT-01"] == "ALERTE"
    assert "Lundi 2 mars 2026 : le tuteur suit 4 élèves à la fois, au plus 3" in message(
        "R-TUT-01", placement(), *three
    )


def test_four_placements_never_together():
    """G-35."""
    first = others(2, tutor_key="tutor", end=date(2026, 3, 13))
    second = replace(others(1, tutor_key="tutor", start=date(2026, 3, 14))[0], key="z")
    assert levels(placement(), *first, second) == {}
    assert levels(placement(), *first, replace(second, start=date(2026, 3, 13))) == {"R-TUT-01": "ALERTE"}
    stopped = [replace(first[0], interrupted_on=date(2026, 3, 12)), first[1], replace(second, start=date(2026, 3, 13))]
    assert levels(placement(), *stopped) == {}
    mine_stopped = placement(interrupted_on=date(2026, 3, 12))
    assert levels(mine_stopped, *first, replace(second, start=date(2026, 3, 13))) == {}
    assert levels(placement(), *first, replace(second, start=date(2026, 3, 13), cancelled=True)) == {}


def test_the_crowd_counts_only_on_days_of_the_placement():
    crowd = others(4, tutor_key="tutor", start=date(2026, 4, 1), end=date(2026, 4, 10))
    assert levels(placement(), *crowd) == {}


def test_referent_named():
    """R-REF-01."""
    assert levels(placement(referent_email="  ")) == {"R-REF-01": "BLOQ"}


@pytest.mark.parametrize(("number", "expected"), [(16, None), (17, "ALERTE"), (24, "ALERTE"), (25, "BLOQ")])
def test_load_of_a_referent(number, expected):
    """G-36: R-REF-02, addresses without case."""
    crowd = others(number - 1, referent_email="Referent@Lycee.Example ")
    assert levels(placement(), *crowd) == ({"R-REF-02": expected} if expected else {})


# The convention -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"diploma": " "}, {"activities": ""}])
def test_mandatory_mentions(change):
    """G-37: R-CONV-01."""
    assert levels(placement(**change)) == {"R-CONV-01": "BLOQ"}


def test_the_mentions_missing_are_named():
    mine = placement(diploma="", activities="", timetable_text="le matin")
    assert message("R-CONV-01", mine) == (
        "Mentions obligatoires à compléter avant d’éditer la convention : l’intitulé du diplôme (fiche de la classe), les "
        "activités confiées et les compétences visées et les horaires et la durée de présence."
    )
    assert message("R-HOR-02", mine).startswith("Horaires illisibles. « le matin » ne commence pas par un jour")


@pytest.mark.parametrize(
    ("birth", "guardian", "expected"),
    [
        (date(2008, 3, 3), "", {"R-CONV-02": "BLOQ"}),
        (date(2008, 3, 3), "Anne Martin", {}),
        (date(2008, 3, 2), "", {}),
    ],
)
def test_legal_guardian(birth, guardian, expected):
    """G-38: R-CONV-02, on the first day."""
    assert levels(placement(birth=birth, guardian=guardian)) == expected


@pytest.mark.parametrize("approval", list(rules.BoardApproval))
def test_board_approval(approval):
    """G-39: R-CONV-07 only when the date is known to be missing."""
    result = rules.check(rules.gather([placement()], board_approval=approval)[0])
    expected = ["R-CONV-07"] if approval is rules.BoardApproval.MISSING else []
    assert [problem.rule for problem in result.problems] == expected
    assert result.blocking == result.problems
    assert result.unchecked == []


# Parameters ---------------------------------------------------------------------------------------------------------


def test_a_threshold_changes_on_its_effective_date():
    assert rules.parameters_on(date(2025, 12, 31)).gratuity_hourly_cents == 435
    assert rules.parameters_on(date(2026, 1, 1)).gratuity_hourly_cents == 450
    assert rules.parameters_on(date(1990, 1, 1)).gratuity_hourly_cents == 435


def test_every_threshold_says_its_source():
    for key, line in rules.parameter_values_on(MONDAY).items():
        assert line.key == key
        assert line.source and line.confidence and line.entered_by
    assert {line.key for line in parameters.TABLE} == set(rules.parameter_values_on(MONDAY))


def test_the_check_obeys_the_parameters_given():
    strict = replace(rules.parameters_on(MONDAY), minor_day_minutes=6 * 60, tutor_maximum=0)
    found = rules.check(rules.gather([placement()])[0], strict)
    assert [problem.rule for problem in found.problems] == ["R-MIN-01", "R-TUT-01"]


def test_naf_codes_are_read_with_or_without_dot():
    assert minors.naf_code(" 56.30z ") == minors.naf_code("5630Z") == "5630Z"
    assert minors.naf_code("56") == minors.naf_code("restaurant") == ""
