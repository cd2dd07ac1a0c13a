"""Hours typed in one line: read when nothing is in doubt, asked again otherwise, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfmp.rules import Timetable, typed_timetable, write_timetable
from pfmp.rules.timetable import Range
from pfmp.rules.typed_timetable import Unclear


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("lun-ven 8h-12h 13h-16h", ("lun 08:00-12:00 13:00-16:00; mar 08:00-12:00 13:00-16:00; mer 08:00-12:00 13:00-16:00; "
         "jeu 08:00-12:00 13:00-16:00; ven 08:00-12:00 13:00-16:00")),
        ("9h à 12h30 et 13h30-17h du lundi au mardi", "lun 09:00-12:30 13:30-17:00; mar 09:00-12:30 13:30-17:00"),
        ("Du lundi au vendredi sauf mercredi : 8h-12h / 14h-18h, hors jours fériés",
         ("lun 08:00-12:00 14:00-18:00; mar 08:00-12:00 14:00-18:00; jeu 08:00-12:00 14:00-18:00; "
         "ven 08:00-12:00 14:00-18:00; sauf fériés")),
        ("8h-12h du lundi au mercredi sauf le mardi", "lun 08:00-12:00; mer 08:00-12:00"),
        ("lundi et jeudi 8 h 30 – 12 h ; samedi de 9:00 à midi", "lun 08:30-12:00; jeu 08:30-12:00; sam 09:00-12:00"),
        ("le matin 8h-12h, l’après-midi 14-17h le lundi", "lun 08:00-12:00 14:00-17:00"),
        ("8h-12h le lundi, 14h-18h le mardi", "lun 08:00-12:00; mar 14:00-18:00"),
        ("lun 08:00-12:00 13:00-16:00; mar 08:00-12:00; sauf fériés", "lun 08:00-12:00 13:00-16:00; mar 08:00-12:00; sauf fériés"),
    ],
)  # fmt: skip
def test_a_clear_line_is_read(typed: str, text: str) -> None:
    found = typed_timetable.read(typed)
    assert isinstance(found, Timetable), found
    assert write_timetable(found) == text


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("", "jours et les heures"),
        ("8h-12h / 14h-18h sauf mercredi", "Quels jours"),  # a shop may open on Saturday
        ("8h-12h", "Quels jours"),
        ("lundi", "de quelle heure"),
        ("lun-ven 8h-17h sauf mercredi après-midi", "mercredi 8h-12h"),
        ("lun-ven 8h-17h sauf mercredi 8h-12h", "deux façons"),
        ("lun-ven 8h-12h, mercredi 14h-16h", "deux fois"),
        ("lundi matin", "« matin » ne suffit pas"),
        ("lundi matin mardi 8h-12h", "« matin » ne suffit pas"),
        ("lun-ven 8-12 13-16", "avec un h"),
        ("lun-ven 22h-6h", "finit avant"),
        ("lundi 8h-26h", "plage horaire"),
        ("lundi 8h75-12h", "plage horaire"),
        ("lun-ven 8h-12h 11h-15h", "chevauchent"),
        ("ven-lun 8h-12h", "vient avant"),
        ("35h par semaine", "ne se comprend pas"),
        ("une semaine sur deux lundi 8h-12h", "ne se comprend pas"),
        ("lun-ven 8h-17h avec 1h de pause", "ne se comprend pas"),
        ("<script>alert(1)</script>", "ne se comprend pas"),
        ("😀", "ne se comprend pas"),
        ("lundi 8h-12h " * 60, "trop long"),
    ],
)
def test_a_doubt_is_asked_about(typed: str, asks: str) -> None:
    found = typed_timetable.read(typed)
    assert isinstance(found, Unclear), found
    assert asks in found.question.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@st.composite
def weeks(draw: st.DrawFn) -> Timetable:
    days = []
    for _ in range(7):
        hours = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
        pairs = zip(hours[::2], hours[1::2], strict=False)
        days.append(tuple(Range(start * 15, end * 15) for start, end in pairs))
    return Timetable(tuple(days), draw(st.booleans()))


@given(weeks())
def test_what_is_written_is_read_back(week: Timetable) -> None:
    if not any(week.days):
        return
    assert typed_timetable.read(typed_timetable.write(week)) == week


WORDS = st.sampled_from(
    ["lundi", "mar", "du", "au", "vendredi", "sauf", "mercredi", "8h-12h", "13h30", "à", "17h", "-", ";", "matin", "et",
     "fériés", "9", "midi", "14h-18h", "samedi"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60))
def test_reading_is_stable_and_never_fails(line: str) -> None:
    found = typed_timetable.read(line)
    if isinstance(found, Timetable):
        assert typed_timetable.read(typed_timetable.write(found)) == found
    else:
        assert found.question
