"""The quarterly note: three months, one page, the same lines each time."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core import jobs, pdf
from core.models import Job
from core.school_year import SchoolYear
from documents.models import Document
from indicators import quarterly, rules, tasks
from indicators.enums import ReportVersion
from indicators.quarterly import Quarter, QuarterlyNote
from schools.middleware import YEAR_KEY
from tests.factories import ActionFactory, DecisionFactory, ParticipationFactory, SchoolingFactory
from tests.indicators.test_documents import words

YEAR = SchoolYear(2025)


@given(st.integers(2000, 2100))
def test_the_quarters_of_a_year_follow_each_other_and_fill_it(first):
    year = SchoolYear(first)
    quarters = [Quarter(year, number) for number in (1, 2, 3, 4)]
    assert (quarters[0].start, quarters[-1].end) == (year.start, year.end)
    for one, other in pairwise(quarters):
        assert one.end + timedelta(days=1) == other.start and one.next == other
    assert quarters[-1].next.start == year.next.start
    assert quarters[1].label == f"décembre à février {first + 1}"


def test_a_quarter_to_come_has_no_note(cast):
    assert quarterly.quarters_of(YEAR, date(2025, 12, 1)) == [Quarter(YEAR, 1), Quarter(YEAR, 2)]
    with pytest.raises(rules.TooEarly):
        quarterly.content_of(cast.school, Quarter(YEAR, 2), date(2025, 11, 30), ReportVersion.BOARD)


@pytest.fixture
def busy(cast):
    school = cast.school
    for rank in range(12):
        action = ActionFactory(school=school, title=f"Visite chez <Durand> {rank}", start_date=date(2026, 1, 5 + rank))
        schooling = SchoolingFactory(school=school)
        ParticipationFactory(school=school, action=action, student=schooling.student, present=True)
    ActionFactory(school=school, start_date=date(2025, 10, 2))
    ActionFactory(school=school, title="Forum de mars", status="prevue", start_date=date(2026, 3, 12))
    DecisionFactory(school=school, heading="3", label="Appeler la famille Meziane", due_date=date(2026, 1, 10))
    return school


def test_a_note_says_what_moved_since_the_quarter_opened_on_one_page(busy):
    note = quarterly.content_of(busy, Quarter(YEAR, 2), date(2026, 6, 30), ReportVersion.BOARD)
    assert (note.as_of, note.is_over, note.done_count, note.coming_count) == (date(2026, 2, 28), True, 12, 1)
    (actions,) = [line for line in note.lines if line.code == "I3.1"]
    assert (actions.opening and actions.opening.value, actions.now.value) == (1, 13)
    assert QuarterlyNote.from_json(note.to_json()) == note
    html = quarterly.html(note)
    assert "<Durand>" not in html and "(en retard)" in html and "et 5 autres" in html and "Forum de mars" in html
    file = quarterly.render(note)
    assert pdf.page_count(file) == 1
    assert file == quarterly.render(QuarterlyNote.from_json(note.to_json()))


def test_the_rectorat_reads_no_text_that_somebody_typed_and_no_small_count(busy):
    note = quarterly.content_of(busy, Quarter(YEAR, 2), date(2026, 6, 30), ReportVersion.ACADEMY)
    html = words(quarterly.html(note))
    assert "Durand" not in html and "Meziane" not in html and "Forum de mars" not in html
    (reached,) = [line for line in note.lines if line.code == "I4.1"]
    assert reached.now.value is None and reached.now.n is None and "n.d." in html
    assert all(line.opening is None for line in note.lines)
    assert note.done_count == 12 and list(note.types.values()) == [12]


def test_the_same_lines_come_in_the_same_order_each_time(cast, busy):
    notes = [quarterly.content_of(busy, Quarter(YEAR, n), date(2026, 8, 31), ReportVersion.BOARD) for n in (1, 4)]
    assert [line.code for line in notes[0].lines] == [line.code for line in notes[1].lines] == list(quarterly.LINES)


@pytest.mark.django_db(transaction=True)
def test_the_head_asks_for_a_note(client, cast):
    client.force_login(cast.head.user)
    session = client.session
    session[YEAR_KEY] = YEAR.code
    session.save()
    ask = reverse("indicators:quarterly_note_ask", args=[cast.school.uai])
    assert client.post(ask, {"quarter": "9"}).status_code == 422
    assert client.post(ask, {"quarter": "2", "version": "tous"}).status_code == 422
    assert client.post(ask, {"quarter": "2", "version": "rectorat"}).status_code == 302
    client.post(ask, {"quarter": "2", "version": "rectorat"})
    assert Job.objects.filter(kind=tasks.write_quarterly_note.name).count() == 1
    jobs.run_waiting()
    note = Document.objects.in_school(cast.school).get()
    assert (note.content["kind"], note.content["version"], len(note.sha256)) == ("note_trimestrielle", "rectorat", 64)
    page = client.get(reverse("indicators:report", args=[cast.school.uai])).content.decode()
    assert "Note trimestrielle, décembre à février 2026" in page and "Rectorat" in page
