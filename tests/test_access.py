"""Every address × role × method, called for real and compared with the hand-written table (S-01, S-03, S-06)."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from factory.django import DjangoModelFactory

from bdeplatform.access import ROUTES, Open, Route
from core import tokens
from core.models import Job
from documents.enums import SignatureRole
from exchange import uploads
from schools import academy_readers
from schools.enums import Role
from tests import factories, outside
from tests.conftest import Cast, cast_of_roles

METHODS = ("GET", "POST", "PUT", "DELETE")
NOT_OURS = ("account_",)  # django-allauth's own pages: their rights are its tests
PUBLIC = {
    "core:healthz",
    "core:readyz",
    "core:accessibility",
    "core:legal",
    "core:help",  # it also helps who cannot sign in; it says nothing of any school
    "api:openapi-json",  # what the read API answers, for who writes a program: no data
    "offer_form",  # a company proposes an offer: 404 unless the school has opened it
    "offer_thanks",
    "public_page",  # what a school does with companies: 404 unless it has opened the page; nobody is named
    "public_calendar",
    "calendar_feed",  # an agenda, behind a secret address: it names no pupil
    "accounts:invitation",  # an invited person has no password yet: the signed link is the key
    "accounts:invitation_password",  # the form behind that link
    "verify",  # is this file a paper of ours? A number alone says nothing, nobody is named
    "sign_start",  # who signs a paper has no account: the link names nobody
    "sign_code",  # the code goes to the address on file; the digits open the pages below for thirty minutes
    "sign_renew",  # answers the same whatever happens
    "sign_who",  # from here on: back to the link without the code
    "sign_tutor",
    "sign_contact",
    "sign_paper",
    "sign_file",
    "sign_done",
    "leaver_page",  # who left says what they do now: names nobody, shows nothing that is known
    "leaver_renew",  # answers the same whatever happens
    "survey_answer",  # a survey's questions: they name nobody, reading them changes nothing
    "survey_thanks",
    "share_start",  # what a lycée shares with a partner: the door says nothing, its button opens the two pages below
    "share_read",
    "share_file",
    "link_start",  # a personal link names nobody; its button opens the pages of one pupil or one placement for the day
    "link_open",
    "link_renew",  # answers the same whatever happens
    "pre_convention_fill",  # from here on, a company's own pages: back to the link without the button
    "pre_convention_step",
    "pre_convention_hours",
    "pre_convention_refuse",
    "tutor_evaluation",  # behind the button, as the tutor's page: the grid of that one pupil
    "tutor_home",  # behind the button: the pupil that this tutor hosts, nobody else
    "tutor_absence",  # an absence of that pupil, taken back within the day
    "tutor_days",  # the days of that pupil; signing asks for a code besides
    "pupil_opinion",  # behind the button, as the pupil's own pages
    "pupil_home",  # from here on, a pupil's own pages: back to the link without the button
    "pupil_approach_new",
    "pupil_approach_edit",
    "pupil_approach_answer",
    "pupil_found",
    "pupil_hosts",
    "pupil_letter",
    "pupil_letter_file",
    "pupil_advice",
    "invitation_reply",  # what one is invited to, and four answers: it names nobody, and reading it changes nothing
    "invitation_said",
    "invitation_renew",  # answers the same whatever happens
}


def named_urls(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from named_urls(pattern.url_patterns, inner)
        elif pattern.name and not pattern.name.startswith(NOT_OURS):
            yield f"{prefix}{pattern.name}"


@cache
def factory_of(label: str) -> type[factories.OfSchool]:
    model = apps.get_model(label)
    found = [f for f in vars(factories).values() if isinstance(f, type) and issubclass(f, DjangoModelFactory)]
    return next(f for f in found if f._meta.model is model)


def test_every_named_address_has_its_line_in_the_table():
    lines = [route.name for route in ROUTES]
    assert sorted(lines) == sorted(set(lines)), "a line stands twice"
    named = set(named_urls(get_resolver().url_patterns))
    assert named - set(lines) == set(), "addresses without a line"
    assert set(lines) - named == set(), "lines without an address"


def test_the_public_addresses_are_the_reviewed_ones():
    assert {route.name for route in ROUTES if Open.PUBLIC in route.methods.values()} == PUBLIC


def made(label: str, school: Any) -> Any:
    """A thing of a school that is nobody's own."""
    if label == "core.Job":
        now = timezone.now()
        return Job.objects.create(
            kind="tests.nothing", key=uuid.uuid4().hex, scope=school.uai, state="done", finished_at=now
        )
    if label == "exchange.Upload":
        dossier = SimpleUploadedFile("classes.csv", b"annee;code\n")
        upload = uploads.receive([dossier], uai=school.uai, by="personne", now=timezone.now())
        report = {"ok": False, "dry_run": True, "resources": {}, "errors": [], "warnings": []}
        (upload.folder / "outcome.json").write_text(json.dumps(report))
        return upload
    if label == "documents.Document":
        paper = factories.DocumentFactory(school=school, sha256="a" * 64)
        factories.SignatureFactory(school=school, document=paper, role=SignatureRole.TUTOR)
        return paper
    if label == "documents.Scan":
        paper = factories.DocumentFactory(school=school, sha256="a" * 64)
        kept = default_storage.save("scans/any.pdf", ContentFile(b"%PDF-1.7"))
        scan = factories.ScanFactory(school=school, document=paper, file=kept)
        factories.SignatureFactory(school=school, document=paper, role=SignatureRole.TUTOR)
        return scan
    if label == "events.ActionPhoto":
        return factories.ActionPhotoFactory(
            school=school, file=default_storage.save("actions/any", ContentFile(b"\xff\xd8"))
        )
    return factory_of(label)(school=school)


@dataclass(frozen=True)
class People:
    """The cast with a browser each: signed in once, for all tests of the module."""

    cast: Cast
    nobody: Client
    stranger: Client
    by_role: dict[Role, Client]
    academy: Client


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[People]:
    with outside.kept(django_db_blocker):
        cast = cast_of_roles()
        factories.SigningLinkFactory(school=cast.school, token_hash=tokens.hashed(outside.LINK))
        factories.PersonalLinkFactory(school=cast.school, token_hash=tokens.hashed(outside.LINK))
        factories.SurveyLinkFactory(school=cast.school, token_hash=tokens.hashed(outside.LINK))
        factories.InvitationLinkFactory(school=cast.school, token_hash=tokens.hashed(outside.LINK))
        factories.EventSettingsFactory(school=cast.school, page_is_open=True)
        factories.CalendarFeedFactory(school=cast.school, token_hash=tokens.hashed(outside.LINK))
        factories.LeaverLinkFactory(school=cast.school, token_hash=tokens.hashed(outside.LINK))
        factories.ShareLinkFactory(school=cast.school, token_hash=tokens.hashed(outside.LINK))
        yield People(
            cast,
            Client(),
            outside.signed_in(cast.stranger),
            {Role(role): outside.signed_in(member) for role, member in cast.by_role().items()},
            reader_of(cast),
        )


def reader_of(cast: Cast) -> Client:
    """The browser of somebody who reads the académie of the school, and is a member of none."""
    cast.school.academy = "Amiens"
    cast.school.save()
    reader = academy_readers.give("rectorat@example.test", "Amiens")
    client = Client(raise_request_exception=False)
    client.force_login(reader.user)
    return client


def seen(client: Client, method: str, url: str) -> str:
    response = client.generic(method, url)
    assert response.status_code < 500, url
    if response.streaming:
        b"".join(response.streaming_content)  # read to its end, a file is closed
    if response.status_code == 302 and response["Location"].startswith("/compte/login"):
        return "login"
    return str(response.status_code) if response.status_code in (401, 403, 404, 405) else "ok"


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_each_role_meets_what_the_table_says(route: Route, people: People):
    school = people.cast.school
    thing = made(route.about, school) if route.about else None
    for method in METHODS:
        calls = [("personne", people.nobody, route.expected(None, method))]
        calls += [("étranger", people.stranger, route.expected(Role.BDE, method, member=False))]
        calls += [("académie", people.academy, route.expected(Role.BDE, method, member=False, reader=True))]
        calls += [(role.value, client, route.expected(role, method)) for role, client in people.by_role.items()]
        for who, client, expected in calls:
            if route.about == "exchange.Upload" and not thing.folder.exists():
                thing = made(route.about, school)  # a file: no savepoint brings it back
            url = outside.address(route, school.uai, thing)
            cookies = client.cookies.copy()
            with transaction.atomic():  # each call meets the same rows
                answer = seen(client, method, url)
                transaction.set_rollback(True)
            client.cookies = cookies  # a session made meanwhile went with the rows
            assert (method, who, answer) == (method, who, expected)


@pytest.mark.django_db
@pytest.mark.parametrize("route", [r for r in ROUTES if r.about], ids=lambda route: route.name)
def test_a_thing_of_another_school_answers_like_an_unknown_id(route: Route, people: People):
    """Same code, same body: nothing tells that the id exists elsewhere (S-03)."""
    theirs = made(route.about, people.cast.stranger.school)
    unknown = factory_of("schools.Student").build(public_id=uuid.uuid4())
    client = people.by_role[Role.BDE]
    client.cookies.pop("messages", None)  # what an earlier test's POST left to say
    for method in route.methods:
        bodies = []
        for thing in (theirs, unknown):
            response = client.generic(method, outside.address(route, people.cast.school.uai, thing))
            assert response.status_code == 404
            body = response.content.decode().replace(str(thing.public_id), "")
            bodies.append(outside.without_what_changes(body))
        assert bodies[0] == bodies[1]


@dataclass(frozen=True)
class Own:
    """What is a teacher's own: a class, its pupil, a placement they follow, and all that hangs on it."""

    things: dict[str, Any]


@pytest.fixture
def own(people: People) -> Own:
    school, teacher = people.cast.school, people.cast.teacher
    schooling = factories.SchoolingFactory(school=school)
    pupil, klass = schooling.student, schooling.school_class
    factories.AssignmentFactory(school=school, membership=teacher, school_class=klass)
    period = factories.PeriodFactory(school=school, school_class=klass)
    partner = factories.PartnerFactory(school=school)
    tutor = factories.ContactFactory(school=school, partner=partner)
    placement = factories.PlacementFactory(
        school=school, period=period, student=pupil, partner=partner, tutor=tutor, referent_email=teacher.email
    )
    paper = factories.DocumentFactory(
        school=school, subject="placement", subject_id=placement.dossier_id, sha256="a" * 64
    )
    factories.SignatureFactory(school=school, document=paper, role=SignatureRole.TUTOR)
    offer = factories.OfferFactory(school=school, partner=partner, published_date=date(2025, 11, 14))
    factories.OfferClassFactory(school=school, offer=offer, school_class=klass)
    return Own(
        {
            "schools.Student": pupil,
            "schools.SchoolClass": klass,
            "pfmp.Period": period,
            "pfmp.Exemption": factories.ExemptionFactory(school=school, period=period, student=pupil),
            "pfmp.Placement": placement,
            "pfmp.PreConvention": factories.PreConventionFactory(school=school, placement=placement),
            "pfmp.Approach": factories.SearchFactory(school=school, period=period, student=pupil),
            "pfmp.HostReview": factories.ReviewFactory(school=school, placement=placement, author=teacher),
            "pfmp.HostIncident": factories.IncidentFactory(school=school, partner=partner, author=teacher),
            "pfmp.Visit": factories.VisitFactory(school=school, placement=placement, author_email=teacher.email),
            "pfmp.Accident": factories.AccidentFactory(school=school, placement=placement),
            "pfmp.PlannedVisit": factories.PlannedVisitFactory(school=school, placement=placement, membership=teacher),
            "partners.Contact": tutor,
            "events.ImageConsent": factories.ImageConsentFactory(school=school, student=pupil),
            "partners.Interaction": factories.InteractionFactory(
                school=school, partner=partner, author_email=teacher.email
            ),
            "partners.Offer": offer,
            "partners.OfferBeneficiary": factories.BeneficiaryFactory(school=school, offer=offer, student=pupil),
            "events.Participation": factories.ParticipationFactory(school=school, student=pupil),
            "documents.Document": paper,
            "documents.Scan": factories.ScanFactory(
                school=school, document=paper, file=default_storage.save("scans/own.pdf", ContentFile(b"%PDF-1.7"))
            ),
        }
    )


@pytest.mark.django_db
@pytest.mark.parametrize("route", [r for r in ROUTES if r.own and "GET" in r.methods], ids=lambda route: route.name)
def test_a_teacher_opens_what_is_their_own(route: Route, people: People, own: Own):
    """The counterpart of the 404s: one's own class, pupil, placement, visit, paper… answers (S-04, S-05)."""
    url = outside.address(route, people.cast.school.uai, own.things[route.about])
    expected = "403" if route.expected(Role.TEACHER, "GET") == "403" else "ok"
    if route.name == "pfmp:placement_delete":
        expected = "403"  # theirs, but only the bureau removes a placement
    assert seen(people.by_role[Role.TEACHER], "GET", url) == expected


@pytest.mark.django_db
def test_rights_end_with_the_assignment_at_once(people: People, own: Own):
    """Read live: no session keeps a right that was taken away (S-04)."""
    teacher, client, school = people.cast.teacher, people.by_role[Role.TEACHER], people.cast.school
    pupil, placement = own.things["schools.Student"], own.things["pfmp.Placement"]
    assert client.get(pupil.get_absolute_url()).status_code == 200
    teacher.assignments.all().delete()
    assert client.get(pupil.get_absolute_url()).status_code == 200, "still followed"
    placement.referent_email = ""
    placement.save()
    assert client.get(pupil.get_absolute_url()).status_code == 404
    assert client.get(placement.get_absolute_url()).status_code == 404
    teacher.is_active = False
    teacher.save()
    assert client.get(school.get_absolute_url()).status_code == 404
