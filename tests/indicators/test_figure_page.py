"""The page of a figure: value, five years, breakdowns, rows, what would change it, comment."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.school_year import SchoolYear
from indicators import figures, services
from indicators.models import FigureComment, Snapshot
from schools.middleware import YEAR_KEY
from tests.conftest import Cast
from tests.factories import (
    ActionFactory,
    ParticipationFactory,
    PublicationFactory,
    SchoolingFactory,
    TargetFactory,
    YearSealFactory,
)

YEAR, END = SchoolYear(2025), date(2026, 8, 31)


def url(cast: Cast, name: str, *args: object) -> str:
    return reverse(f"indicators:{name}", args=[cast.school.uai, *args])


def plain(answer) -> str:
    """The text of the page's main part, spaces made plain."""
    main = answer.content.decode().partition('<main id="contenu"')[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main).replace("\u00a0", " ").replace("\u202f", " "))


def sign_in(client, member) -> None:
    client.force_login(member.user)
    session = client.session
    session[YEAR_KEY] = YEAR.code
    session.save()


@pytest.fixture
def pupils(cast):
    """Four pupils, two with a sex; one came to the forum, one whose presence nobody noted, and a planned action that is past."""
    stays = [
        SchoolingFactory(school=cast.school, school_class__year=YEAR.code, entry_date=YEAR.start, student__sex=sex)
        for sex in ("F", "M", "", "")
    ]
    forum = ActionFactory(school=cast.school, start_date=date(2025, 11, 20))
    for stay, present in zip(stays, (True, None, False), strict=False):
        ParticipationFactory(school=cast.school, action=forum, student=stay.student, present=present)
    ActionFactory(school=cast.school, status="prevue", start_date=date(2025, 12, 2))
    return stays


def test_what_an_inspector_asks_stands_on_one_page(of_2025, cast, pupils):
    old = figures.compute(cast.school, YEAR.previous, date(2025, 8, 31)).as_json() | {"definitions": "0"}
    YearSealFactory(school=cast.school, year="2024-2025", as_of=date(2025, 8, 31), figures=old, definitions="0")
    services.refresh(cast.school, YEAR, END)
    TargetFactory(school=cast.school, year=YEAR.code, code="I4.1", value="0.8")
    answer = of_2025.get(url(cast, "figure", "I4.1"))
    page, source = plain(answer), answer.content.decode()
    assert "25,0 % 1 / 4" in page and "80,0 % (− 55,0 pts)" in page
    assert "rubrique 4" in page and "Élèves distincts présents" in page
    assert "2024-2025 scellée" in page and "formule changée (version 1)" in page
    assert "Par classe" in page and "Par niveau" in page and "<svg" in source
    assert "1 présence à une action réalisée n’est pas saisie" in page and "entre 25,0 % et 50,0 %" in page
    assert "1 action prévue est passée" in page
    assert f'href="{url(cast, "gaps")}?quoi=presences"' in source and url(cast, "rows", "I4.1") in source
    waiting = plain(of_2025.get(f"{url(cast, 'gaps')}?quoi=to_close"))
    assert "1 action prévue est passée" in waiting and "présence" not in waiting
    assert of_2025.get(f"{url(cast, 'gaps')}?quoi=rien").status_code == 404
    others = plain(of_2025.get(f"{url(cast, 'rows', 'I4.1')}?parmi=autres"))
    assert "1 sur 4" in others and "oui" not in others.partition("Ligne Comptée")[2]


def test_the_page_says_when_the_data_have_moved_since(of_2025, cast, pupils):
    services.refresh(cast.school, YEAR, END)
    assert "donnent maintenant" not in plain(of_2025.get(url(cast, "figure", "I3.1")))
    ActionFactory(school=cast.school, start_date=date(2025, 10, 6))
    assert "elles donnent maintenant 2" in plain(of_2025.get(url(cast, "figure", "I3.1")))


def test_the_school_says_what_explains_a_figure(of_2025, cast, client):
    where = url(cast, "figure_comment", "I3.1")
    assert of_2025.post(where, {"text": "Deux forums <script>reportés</script>"}).status_code == 302
    assert FigureComment.objects.in_school(cast.school).get().text.startswith("Deux forums")
    source = of_2025.get(url(cast, "figure", "I3.1")).content.decode()
    assert "&lt;script&gt;reportés" in source and "<script>reportés" not in source
    long = of_2025.post(where, {"text": "x" * 5000})
    assert long.status_code == 422 and "x" * 5000 in long.content.decode()
    assert of_2025.post(url(cast, "figure_comment", "I9.99"), {"text": "x"}).status_code == 404
    sign_in(client, cast.reader)
    assert client.post(where, {"text": "Moi aussi"}).status_code == 403
    sign_in(client, cast.bde)
    client.post(where, {"text": "  "})
    assert not FigureComment.objects.in_school(cast.school).exists()


def test_a_reader_meets_the_figure_without_small_counts_or_lists(client, cast, pupils):
    services.refresh(cast.school, YEAR, END)
    sign_in(client, cast.reader)
    answer = client.get(url(cast, "figure", "I4.1"))
    assert "n.d. (effectif < 5)" in plain(answer).replace("&lt;", "<") and "25,0" not in plain(answer)
    assert "lignes/" not in answer.content.decode() and "Ce qui le changerait" not in plain(answer)


def test_a_reader_meets_what_is_published_not_what_is_kept(client, cast):
    """One year has a snapshot that nobody published; of the other the publication says less than the snapshot."""
    content = figures.compute(cast.school, YEAR, END).as_json()
    entry = next(one for one in content["indicateurs"] if one["code"] == "I3.1")
    services.refresh(cast.school, YEAR, END)
    Snapshot.objects.create(
        school=cast.school,
        year="2024-2025",
        as_of=date(2025, 8, 31),
        computed_at=timezone.now(),
        figures=content | {"annee": "2024-2025", "arrete": "2025-08-31"},
    )
    entry.update(statut="calcule", valeur=77, n=77, d=None)
    PublicationFactory(school=cast.school, year=YEAR.code, as_of=END, figures=content)
    sign_in(client, cast.reader)
    assert "77" in plain(client.get(url(cast, "overview")))
    page = plain(client.get(url(cast, "figure", "I3.1")))
    assert "77" in page and "2024-2025" not in page.partition("Cinq")[2]
    sign_in(client, cast.head)
    assert "77" not in plain(client.get(url(cast, "overview")))


def test_a_figure_of_each_heading_has_its_page_in_few_queries(of_2025, cast, pupils):
    """Those of each heading that read the most tables."""
    services.refresh(cast.school, YEAR, END)
    assert of_2025.get(url(cast, "figure", "I99")).status_code == 404
    for code in ("I1.1", "I2.4", "I3.8", "I4.6", "I5.4", "I5.6.postes", "I5.10", "I6.4", "I7.3", "I8.3", "E3", "E10", "E24"):  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            answer = of_2025.get(url(cast, "figure", code))
        assert answer.status_code == 200, code
        assert len(seen) <= 20, code


def test_before_the_first_night_the_page_is_there(of_2025, cast):
    assert Snapshot.objects.in_school(cast.school).count() == 0
    assert "Le calcul se fait chaque nuit" in plain(of_2025.get(url(cast, "figure", "E24")))
