"""`placement_check` as an operator calls it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.pfmp.rows import House

pytestmark = pytest.mark.django_db


def answer(*args: str) -> tuple[int, dict]:
    """Exit code and the JSON of the last line."""
    out, code = StringIO(), 0
    try:
        call_command("placement_check", *args, stdout=out)
    except SystemExit as left:
        code = int(left.code or 0)
    return code, json.loads(out.getvalue().splitlines()[-1])


def test_a_complete_placement():
    placement = House().place(dossier_id="P1")
    assert answer(placement.school.uai, "P1") == (0, {"problems": [], "unchecked": []})


def test_problems_and_gaps():
    house = House()
    student = house.student(birth_date=None)
    house.place(dossier_id="P1", student=student, tutor=None, timetable="mar 09:00-11:00")
    code, found = answer("0755890v", "P1")
    assert code == 0
    assert [(one["rule"], one["level"]) for one in found["problems"]] == [("R-TUT-01", "BLOQ")]
    assert set(found["problems"][0]) == {"rule", "level", "message"}
    assert found["unchecked"] == [
        {"rule": rule, "missing": "date de naissance"}
        for rule in ("R-MIN-01", "R-MIN-04", "R-MIN-05", "R-MIN-07", "R-MIN-08", "R-MIN-10")
    ]


def test_a_cancelled_placement_is_not_checked():
    House().place(dossier_id="P1", tutor=None, status="annule")
    assert answer("0755890V", "P1") == (0, {"problems": [], "unchecked": []})


def test_unknown_school_or_placement_is_refused():
    House().place(dossier_id="P1")
    elsewhere = House(uai="0750655E")
    code, found = answer("0000000A", "P1")
    assert (code, found["ok"]) == (1, False)
    assert "0000000A" in found["motif"]
    code, found = answer(elsewhere.school.uai, "P1")
    assert (code, found["ok"]) == (1, False)
    assert "P1" in found["motif"]


def test_wrong_usage():
    with pytest.raises(CommandError):
        call_command("placement_check", "0755890V")
