"""An accident: reported from the placement, what to do, the 48 hours, the sheet for the company, who follows it."""

from datetime import UTC, date, datetime

import pytest

from pfmp import accidents
from pfmp.models import Accident, PfmpSettings
from pfmp.precautions import accidents_to_follow
from tests import factories
from tests.pfmp.conftest import Scene

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 10)


def reported(scene: Scene, **changes) -> Accident:
    values = {"happened_at": datetime(2026, 2, 6, 9, tzinfo=UTC)}
    return factories.AccidentFactory(school=scene.school, placement=scene.placement(), **values | changes)


def test_a_teacher_reports_then_reads_what_to_do(client, scene):
    """From Friday 10 h: Monday is counted, Sunday is not."""
    placement = scene.placement(start_date=date(2026, 2, 2))
    client.force_login(scene.teacher.user)
    new = scene.url(f"accidents/nouveau/?placement={placement.public_id}")
    assert "15, 18 ou 112" in client.get(new).content.decode()
    answer = client.post(new, {"happened_at": "2026-02-06T10:00", "place": "travail", "facts": "Chute dans l’atelier."})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert "Le délai de 48 heures est passé" in page and "lundi 9 février 2026" in page and "10 h" in page
    assert "Prévenez la famille" in page and "Envoyez la fiche d’urgence" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"facts": "Il est allé à l’hôpital."}, "touche à la santé"),
        ({"happened_at": "2026-03-06T10:00"}, "dans le futur"),
        ({"happened_at": "1999-03-06T10:00"}, "trop ancienne"),
        ({"happened_at": "hier"}, "happened_at"),
        ({"known_at": "2026-02-05T10:00"}, "avant l’accident"),
        ({"place": ""}, "place"),
    ],
)
def test_a_wrong_report_keeps_what_was_typed(client, scene, changes, said):
    client.force_login(scene.teacher.user)
    new = scene.url(f"accidents/nouveau/?placement={scene.placement().public_id}")
    sent = {"happened_at": "2026-02-06T10:00", "place": "travail", "facts": "Chute."} | changes
    answer = client.post(new, sent)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Accident.objects.in_school(scene.school).exists()


def test_it_is_followed_step_by_step(client, scene):
    accident = reported(scene)
    assert accidents.state_of(accident) == "accident_a_declarer"
    client.force_login(scene.cast.bde.user)
    edit = f"{accident.get_absolute_url()}modifier/"
    sent = {"happened_at": "2026-02-06T10:00", "place": "travail", "version": accident.version}
    steps = (
        ({"declared_date": "2026-02-06"}, "accident_copie"),
        ({"declared_date": "2026-02-06", "copy_date": "2026-02-09"}, "accident_suivi"),
        ({"declared_date": "2026-02-06", "copy_date": "2026-02-09", "closed_date": "2026-02-10"}, "accident_clos"),
    )
    for said, state in steps:
        accident.refresh_from_db()
        assert client.post(edit, sent | said | {"version": accident.version}).status_code == 302
        accident.refresh_from_db()
        assert accidents.state_of(accident) == state
    early = client.post(edit, sent | {"version": accident.version, "declared_date": "2026-02-05"})
    assert early.status_code == 422 and "avant l’accident" in early.content.decode()


def test_it_stays_on_the_work_list_of_three_roles_until_closed(scene):
    accident = reported(scene)
    for member in (scene.cast.bde, scene.cast.head):
        (task,) = accidents_to_follow(member, TODAY)
        assert task.due == date(2026, 2, 9) and "Meziane" in task.title
    assert list(accidents_to_follow(scene.teacher, TODAY)) == []
    accident.closed_date = TODAY
    accident.save()
    assert list(accidents_to_follow(scene.cast.bde, TODAY)) == []


def test_the_clock_follows_the_holidays_of_the_host(scene):
    accident = reported(scene, happened_at=datetime(2026, 4, 2, 10, tzinfo=UTC))
    assert accidents.deadline(accident).isoformat() == "2026-04-04T12:00:00+02:00"
    accident.placement.partner.postal_code = "67000"
    assert accidents.deadline(accident).isoformat() == "2026-04-07T12:00:00+02:00"


def test_the_sheet_carries_what_the_company_needs_and_nothing_on_health(scene):
    accident = reported(scene, facts="Chute de plain-pied.")
    html = accidents.sheet_html(accident, TODAY, sees_contacts=True)
    for said in ("Meziane", "Atelier Dupont", "73282932000074", scene.school.name, "Chute de plain-pied", "R412-4"):
        assert said in html
    assert "guardian" not in html
    PfmpSettings.objects.create(school=scene.school, accident_text="Le lycée déclare, appelez le 01 99 00 00 00.")
    assert "Le lycée déclare" in accidents.sheet_html(accident, TODAY, sees_contacts=True)


def test_the_sheet_is_one_page(client, scene):
    client.force_login(scene.cast.head.user)
    answer = client.get(f"{reported(scene).get_absolute_url()}fiche/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF") and answer.content.count(b"/Type /Page\n") <= 1
