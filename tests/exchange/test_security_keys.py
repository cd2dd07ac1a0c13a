"""Keys of the read API: no comment that its page withholds, a trace of each reading, nothing once access ended."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from exchange import tokens
from exchange.enums import Scope
from exchange.models import ApiToken
from tests.conftest import Cast
from tests.documents.test_online_races import at_once
from tests.factories import AnswerFactory, PlacementFactory, StudentFactory, SurveyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_memory() -> None:
    cache.clear()  # of the rate limit


def key_for(member: Any, *scopes: Scope) -> str:
    return tokens.give(member, label="Essai", scopes=scopes, days=30, by=member.user, now=timezone.now())[1]


def asked(key: str, path: str) -> Any:
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {key}"})


def test_a_key_reads_no_comment_that_its_page_withholds(cast: Cast) -> None:
    """Beside its grade and day, the comment of one answer among four names its author (P-20); among five it is read."""
    few, many = (SurveyFactory(school=cast.school, is_anonymous=False) for _ in range(2))
    for survey, count in ((few, 4), (many, 5)):
        for number in range(count):
            AnswerFactory(school=cast.school, survey=survey, comment=f"{survey.title} {number}" if number < 2 else "")
    lines = asked(key_for(cast.head, Scope.OPINIONS), "satisfaction/").json()["lignes"]
    assert len(lines) == 9 and {line["note"] for line in lines} == {3}
    assert sorted(filter(None, (line["commentaire"] for line in lines))) == [f"{many.title} 0", f"{many.title} 1"]


def test_each_reading_leaves_a_line_without_a_name(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    StudentFactory.create_batch(3, school=cast.school, last_name="Meziane")
    with caplog.at_level("INFO", logger="exchange.api.routes"):
        assert asked(key := key_for(cast.bde, Scope.PUPILS), "eleves/").status_code == 200
    [line] = [one for one in caplog.records if one.name == "exchange.api.routes"]
    assert (line.resource, line.rows) == ("eleves", 3)  # type: ignore[attr-defined]
    assert not {key, "Meziane"} & {str(value) for value in vars(line).values()}


@pytest.mark.parametrize("role", ["enseignant", "consultation", "secretariat"])
def test_a_key_opens_nothing_once_its_giver_gives_no_keys(cast: Cast, role: str) -> None:
    """A teacher reads their own pupils, a reader no small count: the key they gave in a former post reads neither (S-04, P-20)."""
    PlacementFactory(school=cast.school)
    key = key_for(cast.bde, *Scope)
    assert asked(key, "placements/").json()["lignes"]
    cast.bde.role = role
    cast.bde.save()
    assert asked(key, "").json()["portees"] == []
    for path in ("placements/", "eleves/", "actions/", "indicateurs/2025-2026/", "indicateurs_masques/2025-2026/"):
        assert asked(key, path).status_code == 403, path


@pytest.mark.django_db(transaction=True)
def test_no_more_keys_than_the_most_even_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST_ALIVE", 3)
    given = at_once([lambda: key_for(cast.bde, Scope.OFFERS)] * 12)
    assert sum(isinstance(answer, ValidationError) for answer in given) == 9
    assert ApiToken.objects.in_school(cast.school).count() == 3
