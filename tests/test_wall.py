"""The wall between schools, seen from outside (S-02, S-03, S-06): every text of lycée B carries a marker, and no address of
lycée A ever says it, whoever asks and whatever is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.files.base import ContentFile
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from bdeplatform.access import ROUTES, Route
from core.models import Job
from exchange.seeding import schools as seeding
from exchange.seeding.world import Size
from schools.enums import Role
from schools.models import Membership, School, SchoolRecord, Student
from schools.roles import PERMISSIONS
from tests import outside
from tests.factories import (
    AbsenceFactory,
    AccidentFactory,
    ActionPhotoFactory,
    AllowanceFileFactory,
    AnnexFactory,
    ApiTokenFactory,
    CalendarFeedFactory,
    DeliveryFactory,
    EmblemFactory,
    EvaluationFactory,
    ExemptionFactory,
    FormationDurationFactory,
    FormerStudentFactory,
    InvitationFactory,
    InvitationLinkFactory,
    LeaverCallFactory,
    LeaverLinkFactory,
    MailingFactory,
    MedicalOpinionFactory,
    MergeFactory,
    NotDoubleFactory,
    OpinionFactory,
    OutcomeFactory,
    PersonalLinkFactory,
    PhotoSubjectFactory,
    PlacementFactory,
    PlannedVisitFactory,
    PreConventionFactory,
    PublicationFactory,
    RecoveryFactory,
    ReviewFactory,
    SavedViewFactory,
    ScanFactory,
    SchoolHolidayFactory,
    SearchFactory,
    SecrecySettingsFactory,
    ShareLinkFactory,
    SigningLinkFactory,
    SkillFactory,
    SurveyLinkFactory,
    TableImportFactory,
    TermsFactory,
    TrainingFactory,
    WorksDeclarationFactory,
    YearSealFactory,
)

MARKER = "Ailleurszz"
PART = MARKER[2:]  # searches look inside words; echoed as typed, it is not the marker
DISTINCT = [role for role in Role if role is not Role.DDFPT]  # the DDFPT has the bureau's rights, as is checked below
CRAWLING = [
    pytest.param(role, marks=pytest.mark.slow) if role in (Role.HEAD, Role.OFFICE) else role for role in DISTINCT
]
"""Roles that read the whole school as the bureau does wait for --full where a whole site is read."""
NAMED_IN_ADDRESSES = {
    "eleve": "schools.Student", "classe": "schools.SchoolClass", "partenaire": "partners.Partner", "avec": "partners.Partner",
    "placement": "pfmp.Placement", "periode": "pfmp.Period", "offre": "partners.Offer", "action": "events.Action",
    "enquete": "surveys.Survey", "personne": "schools.Membership", "partner_id": "partners.Partner",
    "student_id": "schools.Student",
}  # fmt: skip
NO_ADDRESS = {"documents.PaperModel", "documents.SigningCode"}  # no page names them
SMALL = Size(students=40, years=1)
RARE = (
    ExemptionFactory, InvitationFactory, OutcomeFactory, MergeFactory, NotDoubleFactory, MailingFactory,
    SavedViewFactory, TableImportFactory, EmblemFactory, ScanFactory, SigningLinkFactory, AbsenceFactory,
    AccidentFactory, AllowanceFileFactory, AnnexFactory, DeliveryFactory, EvaluationFactory,
    FormationDurationFactory, MedicalOpinionFactory, OpinionFactory, PersonalLinkFactory, PlannedVisitFactory,
    PreConventionFactory, RecoveryFactory, SchoolHolidayFactory, SearchFactory, SkillFactory, TermsFactory,
    TrainingFactory, WorksDeclarationFactory, ActionPhotoFactory, ApiTokenFactory, CalendarFeedFactory,
    InvitationLinkFactory, LeaverLinkFactory, PhotoSubjectFactory, PublicationFactory, SecrecySettingsFactory,
    ShareLinkFactory, SurveyLinkFactory, YearSealFactory,
    FormerStudentFactory, LeaverCallFactory,
)  # fmt: skip


@dataclass(frozen=True)
class Wall:
    """Lycées A and B, the people of A with a browser each, and A's addresses seen with B's things."""

    a: School
    b: School
    by_role: dict[Role, Client]
    ids: dict[str, list[Any]]  # of B: a few things of each table


@pytest.fixture(scope="module")
def wall(django_db_setup: None, django_db_blocker: Any) -> Iterator[Wall]:
    with outside.kept(django_db_blocker):
        seeding.seed(schools=2, size=SMALL, seed=7, today=timezone.localdate(), marker=MARKER)
        a, b = School.objects.order_by("uai")
        # Too rare for so small a lycée, or made by hand only.
        for factory in RARE:
            factory(school=b)
        ReviewFactory(school=b, placement=PlacementFactory(school=b), comment=MARKER)
        job = Job(kind="tests.nothing", key="b", scope=b.uai, state="done", finished_at=timezone.now())
        job.result_name = f"{MARKER}.txt"
        job.result_file.save(job.result_name, ContentFile(MARKER.encode()))
        found = {model._meta.label: list(rows(model, b).order_by("pk")[:2]) for model in outside.school_models()}
        # A person of every role; the teacher is the one of the demonstration, with classes and pupils
        members = Membership.objects.in_school(a).filter(user__isnull=False)
        yield Wall(a, b, {Role(one.role): outside.signed_in(one) for one in members}, found | {"core.Job": [job]})


def rows(model: type[Model], school: School) -> Any:
    return model._default_manager.in_school(school)  # type: ignore[attr-defined]


def state_of(school: School) -> dict[str, list[Any]]:
    """Everything that the database holds of a school."""
    found = {
        model._meta.label: list(rows(model, school).order_by("pk").values_list()) for model in outside.school_models()
    }
    found["school"] = list(School.objects.filter(pk=school.pk).values_list())
    found["jobs"] = list(Job.objects.filter(scope=school.uai).order_by("pk").values_list())
    return found


def crossing(school: School) -> list[str]:
    """The rows of a school that point to a row of another."""
    found = []
    for model in outside.school_models():
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and issubclass(target, SchoolRecord):
                astray = rows(model, school).filter(**{f"{field.name}__isnull": False})
                count = astray.exclude(**{f"{field.name}__school": school}).count()
                found += [f"{model._meta.label}.{field.name}: {count}"] if count else []
    return found


def silent(said: str, url: str) -> None:
    low = said.lower()
    if MARKER.lower() in low:
        where = low.index(MARKER.lower())
        pytest.fail(f"{url} says: …{said[max(0, where - 120) : where + 60]}…")


@pytest.mark.django_db
def test_the_marker_is_in_every_text_of_the_other_school(wall: Wall):
    """Else the tests below would prove nothing."""
    told = str(state_of(wall.b)).lower()
    assert told.count(MARKER.lower()) > 1000
    assert {label for label, things in wall.ids.items() if not things} <= NO_ADDRESS
    assert MARKER.lower() not in str(state_of(wall.a)).lower()
    assert PERMISSIONS[Role.DDFPT] == PERMISSIONS[Role.BDE]


@pytest.mark.django_db
@pytest.mark.parametrize("role", CRAWLING, ids=lambda role: role.value)
def test_no_page_that_links_lead_to_says_it(wall: Wall, role: Role):
    """Every shape of address that the site itself offers, files included."""
    client = wall.by_role[role]
    opened = 0
    for url, response, said in outside.crawl(client, wall.a.get_absolute_url(), each=1):
        assert response.status_code < 400 or response.status_code == 403, url
        silent(said, url)
        opened += 1
    assert opened > (5 if role is Role.READER else 30)


@pytest.mark.django_db
@pytest.mark.parametrize("role", CRAWLING, ids=lambda role: role.value)
def test_lists_searches_and_choices_asked_for_what_is_elsewhere_say_nothing(wall: Wall, role: Role):
    """Filters, searches, look-ups, first values of forms and exports, with B's words, ids and keys."""
    client = wall.by_role[role]
    named = {name: wall.ids[label][0] for name, label in NAMED_IN_ADDRESSES.items()}
    queries = [
        dict.fromkeys(("q", "student", "partner"), PART),
        {name: str(thing.public_id) for name, thing in named.items()},
        {name: str(thing.pk) for name, thing in named.items()},
        {"format": "csv"},
        {"format": "xlsx"},
    ]
    for route in ROUTES:
        if not route.is_inside or route.about or "GET" not in route.methods:
            continue
        url = outside.address(route, wall.a.uai)
        for query in queries:
            asked = f"{url}?{urlencode(query)}"
            response = client.get(asked)
            assert response.status_code < 500, asked
            silent(outside.text_of(response), asked)
            if response.status_code == 403:
                break


@pytest.mark.django_db
@pytest.mark.parametrize("role", CRAWLING, ids=lambda role: role.value)
def test_the_other_school_s_things_are_not_found_and_nothing_of_it_changes(wall: Wall, role: Role):
    """A's addresses with B's ids, and B's own, with every method."""
    client = wall.by_role[role]
    before = state_of(wall.b)
    for route in ROUTES:
        for thing in wall.ids.get(route.about, [])[:1]:
            url = outside.address(route, wall.a.uai, thing)
            for method in {*route.methods, "DELETE"}:
                response = client.generic(method, url)
                # a function that the role does not have says so before it looks for anything
                assert response.status_code in ((404,) if method in route.methods else (404, 405)) or (
                    response.status_code == 403 and route.expected(role, method) == "403"
                ), (method, url)
                silent(outside.text_of(response), url)
            if route.is_inside:
                url = outside.address(route, wall.b.uai, thing)
                assert client.generic(next(iter(route.methods)), url).status_code == 404, url
        if route.is_inside and not route.about:
            for method in route.methods:
                url = outside.address(route, wall.b.uai)
                assert client.generic(method, url).status_code == 404, (method, url)
    assert state_of(wall.b) == before


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.BDE, Role.TEACHER, Role.OFFICE], ids=lambda role: role.value)
def test_forms_refuse_the_other_school_s_ids(wall: Wall, role: Role):
    """Each form of A, valid but for one field that names a thing of B: refused, and no row of A points to B."""
    client = wall.by_role[role]
    before = state_of(wall.b)
    sent = 0
    for route, url in form_addresses(wall):
        page = client.get(url)
        if page.status_code != 200:
            continue
        for form in outside.forms_of(outside.text_of(page)):
            for name in form.values:
                for value in foreign_values(wall, route, form, name):
                    changed = {name: value} | ({name.removesuffix("_id"): ""} if name.endswith("_id") else {})
                    response = client.post(url, form.data(**changed))
                    sent += 1
                    assert response.status_code < 500, (url, changed)
                    silent(outside.text_of(response), f"POST {url} {changed}")
    assert sent > (20 if role is Role.BDE else 1)
    assert state_of(wall.b) == before
    assert crossing(wall.a) == []


def form_addresses(wall: Wall) -> Iterator[tuple[Route, str]]:
    """The forms that enter and correct, and the placement's of a pupil."""
    for route, url in outside.addresses(wall.a, most=1):
        if {"GET", "POST"} <= set(route.methods) and not route.name.endswith("_delete"):
            yield route, url
            if route.name == "pfmp:placement_new":
                yield route, f"{url}?eleve={rows(Student, wall.a).filter(schoolings__isnull=False).first().public_id}"


def foreign_values(wall: Wall, route: Route, form: outside.Form, name: str) -> list[str]:
    """What B has for a field: the key for a list of choices, the public id for a look-up."""
    prefix = route.name.rpartition("_")[0]
    about = next((one.about for one in ROUTES if one.name == f"{prefix}_detail"), "")
    try:
        target = apps.get_model(about)._meta.get_field(name.removesuffix("_id")).related_model if about else None
    except (FieldDoesNotExist, LookupError):
        target = None
    if target is None or target._meta.label not in wall.ids:
        return []
    thing = wall.ids[target._meta.label][0]
    by_key = form.kinds.get(name) in ("select", "radio")
    return [str(thing.pk)] if by_key else [str(thing.public_id)]


@pytest.mark.django_db
def test_lists_of_lines_ignore_the_other_school_s(wall: Wall):
    """Presence and replies are sent line by line: a line of B's changes nothing."""
    before = state_of(wall.b)
    client = wall.by_role[Role.BDE]
    actions = rows(next(m for m in outside.school_models() if m.__name__ == "Action"), wall.a)
    action = actions.filter(status="realisee").first()
    presences = {f"est-{one.public_id}": "oui" for one in wall.ids["events.Participation"]}
    arrivals = {f"est-{one.public_id}": "oui" for one in wall.ids["events.Invitation"]}
    base = action.get_absolute_url()
    assert client.post(f"{base}pointer/", presences).status_code == 302
    assert client.post(f"{base}accueil/", arrivals).status_code == 302
    theirs = wall.ids["schools.SchoolClass"][0]
    assert client.post(f"{base}attendre-une-classe/", {"school_class": theirs.pk}).status_code == 302
    assert state_of(wall.b) == before
    assert crossing(wall.a) == []
