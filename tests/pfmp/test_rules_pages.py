"""The page of the rules, and the placements that meet one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.pfmp.conftest import Scene

pytestmark = pytest.mark.django_db


def get(client: Client, scene: Scene, path: str, who: object) -> str:
    client.force_login(who)  # type: ignore[arg-type]
    answer = client.get(scene.url(path))
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_a_lawyer_reads_every_rule_with_its_source_and_its_values(client, scene):
    page = get(client, scene, "regles/", scene.cast.head.user)
    assert page.count('<tr id="R-') == 143
    assert "Deux jours de repos consécutifs chaque semaine, dont le dimanche." in page
    assert 'Gratification minimale, par heure : <b class="text-nowrap">4,50 €</b>' in page
    assert "depuis le 1er janvier 2026" in page
    assert "À vérifier" in page


def test_words_find_rules_whatever_their_accents(client, scene):
    page = get(client, scene, "regles/?q=DEBITS+boissons", scene.teacher.user)
    assert page.count('<tr id="R-') == 1 and 'id="R-MIN-13"' in page
    odd = get(client, scene, "regles/?q=%3Cscript%3E%F0%9F%94%A7", scene.teacher.user)
    assert "<script>🔧" not in odd and "Aucune règle ne dit ces mots" in odd


def test_the_year_says_how_many_placements_meet_a_rule(client, scene):
    scene.placement(tutor=None, timetable="dim 09:00-12:00")
    page = get(client, scene, "regles/?q=R-MIN-08", scene.cast.bde.user)
    assert "1 placement" in page
    there = get(client, scene, "regles/R-MIN-08/", scene.cast.bde.user)
    assert "Meziane" in there and "travail interdit le dimanche" in there


def test_a_rule_that_judges_nothing_has_no_list(client, scene):
    client.force_login(scene.cast.bde.user)
    assert client.get(scene.url("regles/R-AVP-04/")).status_code == 404
    assert client.get(scene.url("regles/inconnue/")).status_code == 404


def test_one_placement_or_thirty_cost_the_same_queries(client, scene):
    client.force_login(scene.cast.bde.user)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(scene.url("regles/")).status_code == 200
        return len(seen)

    cost()
    one = cost()
    for number in range(30):
        scene.placement(student=scene.pupil(last_name=f"Élève {number}"))
    assert cost() == one <= 20
