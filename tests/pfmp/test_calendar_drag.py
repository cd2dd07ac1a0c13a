"""Moving a period with the mouse on the calendar of the year: the one thing there that needs a browser."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.flows.walk import Walk


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.xdist_group("platform")
def test_a_period_is_dragged_by_a_week_from_monday_to_friday(platform, open_page):
    page = open_page("wide")
    walk = Walk(page, platform, "annee")
    walk.sign_in("bde")
    walk.go("pfmp/annee/")
    walk.look("l’année")
    first = date.fromisoformat(page.locator("svg[data-first]").get_attribute("data-first"))
    start, end = first + timedelta(days=7), first + timedelta(days=25)
    page.get_by_role("link", name="Ajouter des périodes").click()
    page.get_by_label("CAP cuisine, 1re année").check()
    page.get_by_label("Libellé").fill("À déplacer")
    page.get_by_label("Début").fill(start.isoformat())
    page.get_by_label("Fin").fill(end.isoformat())
    walk.look("une période pour plusieurs classes")
    page.get_by_role("button", name="Poser les périodes").click()

    band = page.locator("a[data-move-url]", has_text="À déplacer")
    expect(band).to_have_attribute("data-start", start.isoformat())
    box = band.locator("rect").bounding_box()
    week = box["width"] / ((end - start).days + 1) * 7
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + week + 3, middle, steps=6)
    expect(page.locator("[data-moved]")).to_contain_text(str((start + timedelta(days=7)).day))
    page.mouse.up()
    expect(band).to_have_attribute("data-start", (start + timedelta(days=7)).isoformat())
    expect(band).to_have_attribute("data-end", (end + timedelta(days=7)).isoformat())

    band.click()  # a click still opens the period, which is then removed
    page.goto(f"{page.url}supprimer/")
    page.locator("main").get_by_role("button", name="Supprimer").click()
    walk.go("pfmp/annee/")
    expect(band).to_have_count(0)
    walk.done()
