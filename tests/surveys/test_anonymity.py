"""An anonymous answer stays so: somebody with the whole database tries to tie answers to links again, by any column of any row.

The attack knows which answer is whose and looks for one value that both sides share, and for one column of each side that
puts both in the same order. The same attack must succeed on a survey that is not anonymous, or it proves nothing.
"""

import itertools
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent, OutboxMessage
from surveys import answering, asking
from surveys.models import Survey, SurveyAnswer, SurveyLink, SurveyReply
from tests import outside
from tests.conftest import Cast
from tests.factories import MembershipFactory, SurveyFactory, SurveyQuestionFactory

PEOPLE = 20
START = datetime(2026, 3, 2, 7, tzinfo=UTC)
CONTENT = {"grade", "comment", "question_id", "search_text"}
"""What the person chose to say, and what was asked: the same for whoever reads the results."""
CORRELATED = 0.85

Trace = dict[str, set[Any]]
"""What is known of one person, or of one answer: column → its values."""


def rows_of(model: type[Model]) -> Iterator[dict[str, Any]]:
    """Each row with all its columns; on PostgreSQL those of the system too."""
    system: dict[Any, tuple[int, int]] = {}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(
                f'SELECT "{key}", xmin::text::bigint, cmin::text::bigint, (ctid::text::point)[0] * 10000 + (ctid::text::point)[1] FROM "{table}"'
            )
            system = {row[0]: row[1:] for row in cursor.fetchall()}
    names = [field.attname for field in model._meta.concrete_fields]
    manager: Any = model._default_manager
    rows = (
        manager.across_schools(why="the attacker has the whole base") if hasattr(manager, "across_schools") else manager
    )
    for row in rows.all().values(*names):
        if system:
            row["xmin"], row["cmin"], row["ctid"] = system[row[model._meta.pk.attname]]
        yield row


def add(trace: Trace, prefix: str, row: dict[str, Any]) -> None:
    for name, value in row.items():
        if value is not None and name not in CONTENT:
            trace[f"{prefix}.{name}"].add(str(value) if isinstance(value, (dict, list)) else value)


def people_traces(survey: Survey) -> dict[str, Trace]:
    """All that leads to each person, by address: links, messages, journal, sessions."""
    found: dict[str, Trace] = defaultdict(lambda: defaultdict(set))
    named: dict[Any, str] = {}
    for row in rows_of(SurveyLink):
        if row["survey_id"] == survey.pk and not row["is_open"]:
            add(found[row["email"]], "link", row)
            named |= {row["public_id"]: row["email"], str(row["public_id"]): row["email"]}
    for row in rows_of(OutboxMessage):
        if row["recipient"] in found:
            add(found[row["recipient"]], "mail", row)
    for row in rows_of(AuditEvent):
        if row["subject_id"] in named:
            add(found[named[row["subject_id"]]], "journal", row)
    for session in Session.objects.all():
        said = session.get_decoded()
        row = {"key": session.pk, "expires": session.expire_date, **{str(k): str(v) for k, v in said.items()}}
        user = apps.get_model("accounts.User").objects.filter(pk=said.get("_auth_user_id")).first()
        owner = (
            user.email if user and user.email in found else next((named[k] for k in named if str(k) in str(said)), "")
        )
        if owner:
            add(found[owner], "session", row)
    return found


def answer_traces(survey: Survey) -> dict[str, Trace]:
    """All that hangs on each answer, by its comment, which says whose it is: the answer, its replies, the journal."""
    found: dict[str, Trace] = defaultdict(lambda: defaultdict(set))
    owners: dict[Any, str] = {}
    for row in rows_of(SurveyAnswer):
        if row["survey_id"] == survey.pk:
            owners |= {row["id"]: row["comment"], row["public_id"]: row["comment"]}
            add(found[row["comment"]], "answer", row)
    for row in rows_of(SurveyReply):
        if row["answer_id"] in owners:
            add(found[owners[row["answer_id"]]], "reply", row)
    for row in rows_of(AuditEvent):
        if row["subject_id"] in owners:
            add(found[owners[row["subject_id"]]], "journal", row)
    return found


def leaks(survey: Survey) -> list[str]:
    """The ways in which the attack ties people to their answers again."""
    people, answers = people_traces(survey), answer_traces(survey)
    assert set(people) == set(answers) and len(people) == PEOPLE
    return [*shared_values(people, answers), *same_orders(people, answers)]


def shared_values(people: dict[str, Trace], answers: dict[str, Trace]) -> list[str]:
    """One value that stands with some people and with some answers, not with all."""
    sides = []
    for traces in (people, answers):
        where: dict[Any, set[tuple[str, str]]] = defaultdict(set)
        for who, trace in traces.items():
            for name, values in trace.items():
                for value in values if not name.endswith((".ctid", ".cmin")) else ():  # places, alike in any two tables
                    where[str(value)].add((who, name))
        sides.append(
            {value: at for value, at in where.items() if 0 < len({who for who, _ in at}) < PEOPLE and len(value) > 1}
        )
    return [
        f"value {value}: {sorted({name for _, name in sides[0][value]})} = {sorted({name for _, name in sides[1][value]})}"
        for value in set(sides[0]) & set(sides[1])
    ]


def ranks(traces: dict[str, Trace], name: str, pick: Any) -> dict[str, float] | None:
    """Where each stands by one column, equal ones sharing their place; None for a column that tells nobody apart."""
    values = {who: pick(trace[name]) if trace[name] else None for who, trace in traces.items()}
    order = sorted(
        {value for value in values.values() if value is not None}, key=lambda value: (str(type(value)), value)
    )
    if len(order) + (None in values.values()) < 2:
        return None
    place = {value: float(rank) for rank, value in enumerate(order)}
    return {who: -1.0 if value is None else place[value] for who, value in values.items()}


def same_orders(people: dict[str, Trace], answers: dict[str, Trace]) -> list[str]:
    """A column of each side that puts people and answers in the same order, or in the opposite one."""
    found = []
    sides = []
    for traces in (people, answers):
        names = sorted({name for trace in traces.values() for name in trace})
        sides.append(
            {
                f"{how.__name__} {name}": rank
                for name, how in product(names, (min, max))
                if (rank := ranks(traces, name, how)) is not None
            }
        )
    for (left, first), (right, second) in product(sides[0].items(), sides[1].items()):
        if abs(correlation([first[who] for who in people], [second[who] for who in people])) > CORRELATED:
            found.append(f"order {left} ~ {right}")
    return found


def correlation(first: list[float], second: list[float]) -> float:
    """Spearman's, on places."""
    mean_1, mean_2 = sum(first) / len(first), sum(second) / len(second)
    one = [value - mean_1 for value in first]
    two = [value - mean_2 for value in second]
    size = (sum(v * v for v in one) * sum(v * v for v in two)) ** 0.5
    return sum(a * b for a, b in zip(one, two, strict=True)) / size if size else 0.0


def lived(cast: Cast, *, is_anonymous: bool) -> Survey:
    """A survey mailed to twenty colleagues: some answer before the reminder, the others after, some while signed in."""
    draw = random.Random(4)
    for number in range(PEOPLE - 1):
        MembershipFactory(
            school=cast.school, role="enseignant", email=f"p{draw.randrange(10**6)}-{number}@lycee.example"
        )
    survey = SurveyFactory(
        school=cast.school,
        audience="equipe",
        opened_date=date(2026, 3, 2),
        closed_date=date(2026, 3, 20),
        is_anonymous=is_anonymous,
    )
    for position in (1, 2, 3):
        SurveyQuestionFactory(school=cast.school, survey=survey, position=position, text=f"Question {position} ?")
    cast.ddfpt.delete()
    with time_machine.travel(START, tick=True):
        asking.send_links(survey, by=None, now=START)
    tokens = {message.recipient: told(message) for message in OutboxMessage.objects.filter(subject__contains="avis")}
    order = sorted(tokens)
    draw.shuffle(order)
    moment = START
    for rank, email in enumerate(order):
        moment += timedelta(hours=7, minutes=draw.randrange(60))
        if rank == 8:
            with time_machine.travel(moment, tick=True):
                asking.remind(survey, by=None, now=moment)
            again = OutboxMessage.objects.filter(key__startswith="survey-again")
            tokens |= {message.recipient: told(message) for message in again}
        with time_machine.travel(moment, tick=True):
            browser = Client()
            if rank % 3 == 0:
                member = cast.school.pk and apps.get_model("schools.Membership").objects.in_school(cast.school).get(
                    email=email
                )
                browser = outside.signed_in(member)
            answer = {"q1": str(draw.randint(1, 4)), "q2": str(draw.randint(1, 4)), "q3": "", "comment": email}
            assert browser.post(reverse("survey_answer", args=[tokens[email]]), answer).status_code == 302
    return survey


def told(message: OutboxMessage) -> str:
    return message.body.split("/enquete/")[1].split("/")[0]


@pytest.mark.django_db
def test_nothing_ties_an_anonymous_answer_to_its_link(cast: Cast):
    survey = lived(cast, is_anonymous=True)
    assert SurveyAnswer.objects.in_school(cast.school).count() == PEOPLE
    found = leaks(survey)
    assert found == [], found


@pytest.mark.django_db
def test_the_same_attack_succeeds_when_the_survey_is_not_anonymous(cast: Cast):
    found = leaks(lived(cast, is_anonymous=False))
    assert any(leak.startswith("value") and "answer.link_id" in leak for leak in found)


@pytest.mark.django_db
def test_the_same_attack_succeeds_on_rows_saved_without_care(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """A link saved as any record, keys that count: the two orders are the same."""

    def saved(link: SurveyLink) -> bool:
        link.is_answered = True
        link.save()
        return True

    counter = itertools.count(1000)
    monkeypatch.setattr(answering, "_turn", saved)
    monkeypatch.setattr(answering, "_anywhere", lambda: next(counter))
    found = leaks(lived(cast, is_anonymous=True))
    assert any("link.updated_at" in leak and "answer.id" in leak for leak in found)


def dump() -> dict[str, list[str]]:
    """Every row of every table, but those that count what a browser does."""
    return {
        model._meta.label: sorted(str(row) for row in rows_of(model))
        for model in apps.get_models()
        if model._meta.managed
    }


@pytest.mark.django_db
@pytest.mark.parametrize("is_open", [False, True])
def test_answering_writes_the_answer_and_a_mark_and_nothing_else(cast: Cast, client: Client, is_open: bool):
    """No line of the journal, no session, no date: of the link, « répondu » alone changes, and nothing when it is everybody's."""
    survey = SurveyFactory(school=cast.school, audience="eleve", opened_date=date(2026, 3, 2))
    with time_machine.travel(START, tick=False):
        if is_open:
            _, url = asking.share(survey, by=None, now=START)
        else:
            _, url = asking._personal(survey, asking.Person("Lina", "lina@eleve.example"), by=None, now=START)
    before, links = dump(), list(rows_of(SurveyLink))
    with time_machine.travel(START + timedelta(hours=30), tick=False):
        client.get(url)
        assert client.post(url, {"q1": "3", "comment": ""}).status_code == 302
        client.get(url)
        client.get(url + "merci/")
    changed = {name for name, rows in dump().items() if rows != before[name]}
    assert changed == {"surveys.SurveyAnswer"} | (set() if is_open else {"surveys.SurveyLink"})
    (link,) = rows_of(SurveyLink)
    system = {"xmin", "cmin", "ctid"}
    differs = {name for name, value in link.items() if value != links[0][name]} - system
    assert differs == (set() if is_open else {"is_answered"})
    (answer,) = rows_of(SurveyAnswer)
    assert answer["link_id"] == (link["id"] if is_open else None)
    assert {answer["created_at"], answer["updated_at"]} == {datetime(2026, 3, 2, 23, tzinfo=UTC)}, "midnight in Paris"
    assert answer["created_by_id"] is answer["partner_id"] is answer["placement_id"] is None
    assert answer["id"] >= answering.FIRST_KEY


@pytest.mark.django_db
def test_keys_of_answers_do_not_follow_their_order(cast: Cast):
    survey = SurveyFactory(school=cast.school, audience="eleve", opened_date=date(2026, 3, 2))
    _, url = asking.share(survey, by=None, now=START)
    link = answering.find(url.split("/enquete/")[1].strip("/"))
    assert link is not None
    keys = []
    for _ in range(40):
        _, answer = answering.give(link, {1: 3}, "", now=START, key=uuid.uuid4())  # type: ignore[dict-item]
        assert answer is not None
        keys.append(float(answer.pk))
    assert len(set(keys)) == 40
    assert abs(correlation(list(map(float, range(40))), [float(sorted(keys).index(key)) for key in keys])) < CORRELATED
