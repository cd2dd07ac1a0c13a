"""The rules against a second, naive reading of the texts: day by day, minute by minute, no code in common."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pfmp import rules
from pfmp.rules.peaks import peak
from tests.pfmp.rules_cast import FOUR_WEEKS, check, levels, placement

CODES = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
HOUR = 60
DAY = timedelta(days=1)

# Holidays written by hand, for the months the tests draw from.
HOLIDAYS = {
    date(2024, 4, 1), date(2024, 5, 1), date(2024, 5, 8), date(2024, 5, 9), date(2024, 5, 20),
    date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25),
}  # fmt: skip
ALSATIAN_HOLIDAYS = HOLIDAYS | {date(2024, 3, 29), date(2026, 4, 3)}

Week = list[list[tuple[int, int]]]

# Ordinary days, on both sides of 4 h 30, 7 h and 8 h, of 30 minutes of break, and making weeks of 30 h and 35 h.
TYPICAL_DAYS: Week = [
    [],
    [(480, 720), (780, 960)],
    [(480, 720), (780, 961)],
    [(480, 720), (780, 1020)],
    [(480, 720), (780, 1021)],
    [(480, 720), (780, 900)],
    [(480, 750)],
    [(480, 751)],
    [(480, 720), (750, 900)],
    [(480, 720), (749, 900)],
]


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Ranges of each weekday as (start, end) in minutes, end past 1440 the next day, on the edges of the thresholds."""
    edges = st.sampled_from(
        [0, 120, 330, 359, 360, 420, 480, 600, 719, 720, 749, 750, 751, 780, 960, 1020, 1080, 1199, 1200, 1201, 1260, 1320,
         1321, 1380, 1439]
    )  # fmt: skip
    week: Week = []
    for _ in CODES:
        if draw(st.booleans()):
            week.append(draw(st.sampled_from(TYPICAL_DAYS)))
            continue
        bounds = sorted(draw(st.lists(edges, max_size=6, unique=True)))
        ranges = list(zip(bounds[::2], bounds[1::2], strict=False))
        if len(bounds) % 2 and draw(st.booleans()):
            ranges.append((bounds[-1], draw(st.sampled_from([1440, 1500, 1440 + bounds[-1]]))))
        week.append([(start, end) for start, end in ranges if end - start <= 1440 and end > start])
    return week


def written(week: Week, except_holidays: bool) -> str:
    def clock(minutes: int) -> str:
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    parts = [
        f"{code} " + " ".join(f"{clock(a)}-{clock(b if b <= 1440 else b - 1440)}" for a, b in ranges)
        for code, ranges in zip(CODES, week, strict=True)
        if ranges
    ]
    return "; ".join(parts + ["sauf fériés"] * except_holidays)


def naive_age(birth: date, day: date) -> int:
    """Count the birthdays that have come."""
    age = -1
    for year in range(birth.year, day.year + 1):
        try:
            birthday = date(year, birth.month, birth.day)
        except ValueError:
            birthday = date(year, 3, 1)
        age += birthday <= day
    return age


def naive_rules(week: Week, except_holidays: bool, start: date, end: date, birth: date, naf: str, alsace: bool) -> dict:
    """Rule → level, as the precisions read, for the rules on age."""
    found: dict[str, str] = {}
    holidays = ALSATIAN_HOLIDAYS if alsace else HOLIDAYS
    days = [start + DAY * n for n in range((end - start).days + 1)]

    def work(day: date) -> list[tuple[int, int]]:
        if day not in days or (except_holidays and day in holidays):
            return []
        return week[day.weekday()]

    def minutes(day: date) -> int:
        return sum(b - a for a, b in work(day))

    for day in days:
        if not work(day):
            continue
        age = naive_age(birth, day)
        monday = day - DAY * day.weekday()
        week_minutes = sum(minutes(monday + DAY * n) for n in range(7))
        if age < 15 and (minutes(day) > 7 * HOUR or week_minutes > 30 * HOUR):
            found["R-MIN-11"] = "ALERTE"
        clocks = [n % 1440 for a, b in work(day) for n in range(a, b)]
        if age >= 18:
            if any(n >= 21 * HOUR or n < 6 * HOUR for n in clocks):
                found["R-MAJ-01"] = "BLOQ"
            continue
        if minutes(day) > 8 * HOUR or week_minutes > 35 * HOUR:
            found["R-MIN-01"] = "BLOQ"
        worked = {n for a, b in work(day) for n in range(a, b)}
        stretch = longest = pause = 0
        long_pause = False
        for n in range(min(worked), max(worked) + 1):
            if n in worked:
                long_pause = long_pause or pause >= 30
                stretch, pause = stretch + 1, 0
                longest = max(longest, stretch)
            else:
                stretch, pause = 0, pause + 1
        if longest > 270 or (minutes(day) > 270 and not long_pause):
            found["R-MIN-04"] = "BLOQ"
        evening = 20 * HOUR if age < 16 else 22 * HOUR
        if any(n >= evening or n < 6 * HOUR for n in clocks):
            found["R-MIN-05"] = "BLOQ"
        if work(day + DAY):
            midnight = datetime.combine(day, time())
            stop = midnight + timedelta(minutes=max(b for _, b in work(day)))
            again = midnight + DAY + timedelta(minutes=min(a for a, _ in work(day + DAY)))
            if again - stop < timedelta(hours=14 if age < 16 else 12):
                found["R-MIN-07"] = "BLOQ"
        if day.weekday() == 6 or (day.weekday() == 5 and work(day + 2 * DAY)):
            found["R-MIN-08"] = "BLOQ"
        if day in holidays:
            found["R-MIN-09"] = "ALERTE" if naf.startswith("56") or naf == "" else "BLOQ"
    first = naive_age(birth, start)
    if first < 15:
        found["R-MIN-10"] = "BLOQ" if first < 14 else "ALERTE"
    if first < 18 and naf == "56.30Z":
        found["R-MIN-13"] = "ALERTE"
    return found


starts = st.sampled_from([2024, 2026]).flatmap(lambda year: st.dates(date(year, 3, 1), date(year, 5, 10)))
ages = st.sampled_from([14, 15, 16, 18])


@st.composite
def births(draw: st.DrawFn, start: date, end: date) -> date:
    """A birth whose birthday at a threshold falls in the placement or at its edges, or any birth of a pupil."""
    if draw(st.booleans()):
        return draw(
            st.dates(date(2002, 1, 1), date(2013, 12, 31)) | st.sampled_from([date(2008, 2, 29), date(2012, 2, 29)])
        )
    birthday = draw(st.dates(start - DAY, end + DAY))
    year = birthday.year - draw(ages)
    return date(year, 3, 1) if (birthday.month, birthday.day) == (2, 29) else birthday.replace(year=year)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), week=weeks(), except_holidays=st.booleans(), start=starts, length=st.integers(0, 20))
def test_rules_on_age_and_hours_agree_with_the_naive_reading(data, week, except_holidays, start, length):
    end = start + DAY * length
    birth = data.draw(births(start, end), label="birth")
    naf = data.draw(st.sampled_from(["43.21A", "56.30Z", "56.10A", ""]), label="naf")
    alsace = data.draw(st.booleans(), label="alsace")
    text = written(week, except_holidays)
    if not any(week):
        return
    mine = placement(
        timetable_text=text,
        start=start,
        end=end,
        birth=birth,
        naf=naf,
        postal_code="67000" if alsace else "54000",
        period_start=date(2024, 1, 1),
        period_end=date(2026, 12, 31),
    )
    found = {rule: level for rule, level in levels(mine).items() if rule.startswith(("R-MIN", "R-MAJ"))}
    assert found == naive_rules(week, except_holidays, start, end, birth, naf, alsace)


@settings(max_examples=100, deadline=None)
@given(birth=st.dates(date(1990, 1, 1), date(2020, 12, 31)), day=st.dates(date(2020, 1, 1), date(2060, 12, 31)))
@example(birth=date(2008, 2, 29), day=date(2026, 2, 28))
@example(birth=date(2008, 2, 29), day=date(2026, 3, 1))
@example(birth=date(2008, 2, 29), day=date(2028, 2, 29))
def test_age_is_the_number_of_birthdays(birth, day):
    if birth <= day:
        assert rules.age_on(birth, day) == naive_age(birth, day)
    for age in (14, 15, 16, 18):
        mine = placement(birth=birth)
        assert mine.is_younger(age, day) == (birth > day or naive_age(birth, day) < age)


spans = st.tuples(st.integers(-5, 30), st.integers(0, 20), st.none() | st.integers(-3, 25))


@settings(max_examples=150, deadline=None)
@given(st.lists(spans, max_size=12), spans)
def test_tutor_referent_overlap_and_quota_agree_with_a_count_day_by_day(crowd, mine_span):
    """G-31, G-33, G-35, G-36 with few enough people to see both sides of the thresholds."""
    origin = FOUR_WEEKS[0]

    def of(span: tuple[int, int, int | None], **changes) -> rules.PlacementFacts:
        offset, length, interrupted = span
        start = origin + DAY * offset
        return placement(
            start=start,
            end=start + DAY * length,
            interrupted_on=None if interrupted is None else start + DAY * interrupted,
            timetable_text="mer 14:00-15:00; sauf fériés",
            period_start=date(2026, 1, 1),
            period_end=date(2026, 12, 31),
            **changes,
        )

    def present(one: rules.PlacementFacts, day: date) -> bool:
        return one.start <= day <= one.end and (one.interrupted_on is None or day <= one.interrupted_on)

    mine = of(mine_span)
    neighbours = [
        of(span, key=n, student_key=(n % 3 and f"student-{n}") or mine.student.key) for n, span in enumerate(crowd)
    ]
    everyone = [mine, *neighbours]
    days = [origin + DAY * n for n in range(-20, 90)]
    most = max((sum(present(one, day) for one in everyone) for day in days if present(mine, day)), default=0)
    expected = {}
    if most > 3:
        expected["R-TUT-01"] = "ALERTE"
    same_student = [one for one in neighbours if one.student.key == mine.student.key]
    if any(present(mine, day) and present(one, day) for one in same_student for day in days):
        expected["R-CHEVAUCHE-01"] = "ALERTE"
    by_week = [
        sum(any(one.start <= monday + DAY * n <= one.end for n in range(7)) for one in everyone)
        for monday in (day for day in days if day.weekday() == 0)
        if any(mine.start <= monday + DAY * n <= mine.end for n in range(7))
    ]
    if max(by_week) > 3:
        expected["R-QUOTA-01"] = "ALERTE"
    assert levels(mine, *neighbours) == expected


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=15), st.integers(0, 30), st.integers(0, 30))
def test_peak_is_the_most_at_one_point(intervals, first, last):
    counts = [(sum(a <= point <= b for a, b in intervals), -point) for point in range(first, last + 1)]
    height, at = max(counts, default=(0, -first))
    assert peak(intervals, window=(first, last)) == ((height, -at) if height else (0, first))


@settings(max_examples=100, deadline=None)
@given(
    text=st.text(max_size=40) | st.sampled_from(["", "lun 08:00-12:00", "lun 08:00-12:00;", "sauf fériés"]),
    birth=st.none() | st.dates(),
    start=st.dates(),
    length=st.integers(0, 60),
    interrupted_on=st.none() | st.dates(),
    level=st.sampled_from(["1re_pro", "cap1", ""]),
)
def test_no_fact_makes_the_check_fail(text, birth, start, length, interrupted_on, level):
    """Any dates of the calendar, any text: an answer, with each rule once and never both broken and unknown."""
    end = date.fromordinal(min(start.toordinal() + length, date.max.toordinal()))
    mine = placement(
        timetable_text=text, birth=birth, start=start, end=end, interrupted_on=interrupted_on, level=level,
        period_start=start, period_end=end,
    )  # fmt: skip
    result = check(mine, replace(mine, key="other"))
    broken = [problem.rule for problem in result.problems]
    unknown = [gap.rule for gap in result.unchecked]
    assert len(set(broken + unknown)) == len(broken + unknown)
    assert set(broken + unknown) <= set(rules.RULES)
    assert all(problem.level in rules.RULES[problem.rule].levels for problem in result.problems)
