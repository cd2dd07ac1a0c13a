"""Presence on two phones at once, through a cut of the network, and without JavaScript."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from events import presence
from events.models import Participation
from tests import factories
from tests.conftest import Cast
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]


def said(action: Any) -> dict[str, bool | None]:
    rows = Participation.objects.in_school(action.school_id).filter(action=action)
    return dict(rows.values_list("student__last_name", "present"))


def touch(page: Page, name: str, word: str) -> None:
    page.get_by_role("listitem").filter(has_text=name).get_by_role("radio", name=word).click()


@pytest.mark.django_db(transaction=True)
def test_two_phones_a_cut_of_the_network_and_no_script(browse: Browse, cast: Cast, open_page: Callable[..., Page]):
    action = factories.ActionFactory(school=cast.school, status="prevue", start_date=timezone.localdate())
    melec = factories.ClassFactory(school=cast.school, label="1re MELEC")
    for number in range(60):
        factories.SchoolingFactory(
            school=cast.school,
            student=factories.StudentFactory(school=cast.school, last_name=f"Élève{number:02}"),
            school_class=melec,
            year=melec.year,
            entry_date=date(2020, 9, 1),
        )
    presence.expect_class(action, melec, by=None)
    url = reverse("events:action_pupils", args=[cast.school.uai, action.public_id])

    bureau, colleague = browse(cast.bde.user, "narrow"), browse(cast.ddfpt.user, "narrow")
    for page in (bureau, colleague):
        page.goto(url)
    count = bureau.locator("#taps-count")
    for number in range(3):
        touch(bureau, f"Élève{number:02}", "Présent")
    expect(count).to_have_text(re.compile("3.présents sur 60, 57 à dire"))
    touch(colleague, "Élève40", "Absent")
    expect(colleague.locator("#taps-count")).to_have_text(re.compile("3.présents sur 60, 1.absent, 56 à dire"))
    look(bureau, "presence-par-touches")

    bureau.context.set_offline(True)
    touch(bureau, "Élève03", "Présent")
    expect(bureau.get_by_text("Pas encore enregistré")).to_be_visible()
    bureau.context.set_offline(False)
    touch(bureau, "Élève04", "Présent")
    expect(count).to_have_text(re.compile("5.présents"))
    expect(bureau.get_by_text("Pas encore enregistré")).to_be_hidden()

    plain = browse(cast.bde.user, "narrow", java_script_enabled=False)
    plain.goto(url)
    touch(plain, "Élève05", "Absent")
    plain.get_by_role("button", name="Enregistrer les présences").click()
    expect(plain.get_by_text("1 présence notée")).to_be_visible()
    plain.get_by_role("button", name="Tous les autres sont présents").click()
    found = said(action)
    assert {name for name, came in found.items() if came is False} == {"Élève05", "Élève40"}
    assert list(found.values()).count(True) == 58
