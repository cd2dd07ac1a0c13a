"""« Mes visites du jour » in Chromium: kept on the phone, opened and written without network, sent once, forgotten at sign-out."""

import re
from threading import Thread

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from pfmp.models import Placement, Visit
from tests import factories
from tests.conftest import Cast
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]
KEPT = """async () => [
  (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length,
  localStorage.length,
  (await indexedDB.databases()).length,
]"""


def test_a_report_typed_without_network_waits_leaves_once_and_nothing_stays_after_signing_out(
    transactional_db: None, cast: Cast, browse: Browse
):
    school, today = cast.school, timezone.localdate()
    period = factories.PeriodFactory(school=school, start_date=today, end_date=today.replace(year=today.year + 1))
    placements = [
        factories.PlacementFactory(
            school=school, period=period, status="en_cours", referent_email=cast.teacher.email,
            start_date=today, end_date=period.end_date,
        )
        for _ in range(2)
    ]  # fmt: skip
    for one in placements:
        factories.PlannedVisitFactory(school=school, placement=one, membership=cast.teacher, date=today)
    page = browse(cast.teacher.user, "narrow")
    home = reverse("pfmp:my_visits", args=[school.uai])
    page.goto(home)
    look(page, "visites-du-jour")
    page.get_by_role("button", name="Garder sur ce téléphone").click()
    expect(page.get_by_text("Gardées sur ce téléphone.")).to_be_visible()

    # No network: the page opens from the phone, and takes a report for each pupil
    page.context.set_offline(True)
    page.goto(home)
    expect(page.locator("h1")).to_have_text("Mes visites du jour")
    for one in placements:
        card = page.locator(".visit-card", has_text=str(one.student))
        card.locator("summary.btn").click()
        card.get_by_label("En quelques mots").fill(f"Écrit sans réseau, {one.pk}.")
        card.locator("fieldset", has_text="La sécurité est assurée").get_by_text("Oui", exact=True).click()
        card.get_by_role("button", name="Enregistrer la visite").click()
    waiting = page.locator(".visit-waiting")
    expect(waiting).to_have_count(2)
    expect(waiting.first).to_contain_text("En attente d’envoi")
    look(page, "visites-en-attente")
    assert not Visit.objects.in_school(school).exists()

    # Meanwhile one placement is cancelled; the network is back
    def cancel() -> None:
        Placement.objects.in_school(school).filter(pk=placements[1].pk).update(status="annule")
        connections.close_all()

    away = Thread(target=cancel)
    away.start()
    away.join()
    page.context.set_offline(False)
    expect(waiting).to_have_count(1, timeout=20_000)
    expect(waiting).to_contain_text("annulé")
    expect(waiting.get_by_role("button", name="Copier le texte")).to_be_visible()
    visit = Visit.objects.in_school(school).get()
    assert (visit.report, visit.answers) == (f"Écrit sans réseau, {placements[0].pk}.", {"securite": 4})
    page.reload()
    expect(waiting).to_contain_text("annulé")  # what was refused stays, to be copied
    assert Visit.objects.in_school(school).count() == 1

    # A copy of more than a week no longer opens
    page.evaluate(
        """async (home) => {
      const cache = await caches.open("visites"), known = await cache.match(home), headers = new Headers(known.headers);
      headers.set("X-Kept-At", Date.now() - 8 * 86400e3);
      await cache.put(home, new Response(await known.blob(), { headers }));
    }""",
        home,
    )
    page.context.set_offline(True)
    page.goto(home)
    expect(page.locator("h1")).to_have_text("Pas de réseau")
    assert page.evaluate("caches.keys()") == []
    page.context.set_offline(False)
    page.goto(home)

    # Signed out: nothing of anyone is left in this browser
    page.locator(".menu-phone > summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(re.compile("/compte/"))
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_function(f"async () => (await ({KEPT})()).every((count) => count === 0)")
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(home)
