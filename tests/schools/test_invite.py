"""`invite`: how an account is opened in a school, and the page where its password is chosen."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from accounts.models import User
from core.models import AuditEvent
from core.uai import with_key
from schools.models import Membership, School
from schools.services import names_in
from tests.exchange.commands import answer
from tests.factories import MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db

EMAIL = "sofia.benamar@lycee.example"
GOOD = "tabouret-girafe-lundi-oxygène"
LOGIN, FORM = "/compte/login/", "/compte/invitation/"


def invite(school: School, email: str = EMAIL, role: str = "bde", **options: str) -> dict[str, object]:
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
    return answer("invite", email, "--uai", school.uai, "--role", role, *words)


def path(answered: dict[str, object]) -> str:
    url = str(answered["url"])
    assert url.startswith(("http://", "https://"))
    return "/" + url.split("/", 3)[3]


def follow(client: Client, where: str) -> int:
    """What the person who follows the link meets."""
    return client.get(where, follow=True).status_code


def choose(client: Client, where: str, password: str = GOOD, again: str | None = None):
    client.get(where)
    return client.post(FORM, {"new_password1": password, "new_password2": password if again is None else again})


def test_an_invited_person_chooses_a_password_signs_in_and_meets_their_school(client: Client):
    school = SchoolFactory(name="Lycée Hélène-Brisson")
    answered = invite(school)
    assert set(answered) == {"url", "code"}
    assert answered["code"] == 0
    where = path(answered)

    link = client.get(where)
    assert (link.status_code, link["Location"]) == (302, FORM)  # the address of the form holds no secret
    assert link["Referrer-Policy"] == "no-referrer"
    page = client.get(FORM)
    assert page.status_code == 200
    assert all("no-store" in answered["Cache-Control"] for answered in (link, page))
    assert EMAIL not in page.content.decode()  # GET names nobody (S-18)

    done = choose(client, where)
    assert (done.status_code, done["Location"]) == (302, LOGIN)
    signed_in = client.post(LOGIN, {"login": EMAIL, "password": GOOD}, follow=True)
    assert signed_in.request["PATH_INFO"] == school.get_absolute_url()
    member = Membership.objects.in_school(school).get()
    assert (member.role, member.first_name, member.last_name, member.is_active) == ("bde", "Sofia", "Benamar", True)


def test_looking_does_not_use_the_link_up_and_choosing_does(client: Client):
    where = path(invite(SchoolFactory()))
    assert [follow(client, where) for _ in range(3)] == [200, 200, 200]
    choose(client, where)
    assert follow(client, where) == 410
    assert choose(Client(), where, "un autre mot de passe long").status_code == 410
    assert User.objects.get().check_password(GOOD)


def test_the_link_lives_seven_days():
    school, now = SchoolFactory(), timezone.localtime()
    where = path(invite(school))
    day = timedelta(days=1)
    with travel(now + 6.9 * day, tick=False):
        assert follow(Client(), where) == 200
    with travel(now + 7.1 * day, tick=False):
        assert follow(Client(), where) == 410


def test_a_second_invitation_replaces_the_first(client: Client):
    school = SchoolFactory()
    first, second = path(invite(school)), path(invite(school, role="ddfpt"))
    assert follow(client, first) == 410
    assert follow(client, second) == 200
    assert Membership.objects.in_school(school).get().role == "ddfpt"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("court", "court", "12"),
        ("123456789012345", "123456789012345", "entièrement numérique"),
        (GOOD, GOOD + "e", "ne correspondent pas"),
        ("x" * 129, "x" * 129, "128"),
        ("", "", "obligatoire"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_in_words(client: Client, password: str, again: str, said: str):
    where = path(invite(SchoolFactory()))
    page = choose(client, where, password, again)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert "Erreur :" in page.content.decode()
    assert not User.objects.get().has_usable_password()


def test_the_link_of_a_closed_account_is_dead(client: Client):
    where = path(invite(SchoolFactory()))
    User.objects.update(is_active=False)
    assert follow(client, where) == 410
    assert choose(client, where).status_code == 410
    assert invite(School.objects.get())["code"] == 1


@pytest.mark.parametrize("where", ["/compte/invitation/x/y/", f"/compte/invitation/{'0' * 32}/abc-def/"])
def test_a_made_up_link_answers_like_a_used_one(client: Client, where: str):
    assert follow(client, where) == 410
    assert choose(client, where).status_code == 410


def test_the_form_alone_opens_nothing(client: Client):
    path(invite(SchoolFactory()))
    assert client.get(FORM).status_code == 410
    assert client.post(FORM, {"new_password1": GOOD, "new_password2": GOOD}).status_code == 410
    assert not User.objects.get().has_usable_password()


def test_the_form_is_protected_against_posts_from_elsewhere():
    """A browser hides the origin of a page under `no-referrer`: the form must not be under it, or nobody could post."""
    client = Client(enforce_csrf_checks=True)
    page = client.get(path(invite(SchoolFactory())), follow=True)
    assert page["Referrer-Policy"] == "same-origin"
    words = {"new_password1": GOOD, "new_password2": GOOD}
    assert client.post(FORM, words).status_code == 403
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert client.post(FORM, words | {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_link_opens_its_own_account_only(client: Client):
    school = SchoolFactory()
    one, other = path(invite(school)), path(invite(school, "autre.personne@lycee.example"))
    mixed = "/".join([*one.split("/")[:4], *other.split("/")[4:]])
    assert follow(client, mixed) == 410


def test_who_has_a_password_keeps_it_and_gains_the_school(client: Client):
    """An invitation never resets the password of an account that another school opened."""
    person = UserFactory(email=EMAIL)
    MembershipFactory(user=person, email=EMAIL, role="enseignant")
    before = person.password
    school = SchoolFactory()
    assert path(invite(school, EMAIL.upper(), "enseignant")) == LOGIN
    person.refresh_from_db()
    assert person.password == before
    assert set(person.memberships.values_list("role", flat=True)) == {"enseignant"}
    assert person.memberships.count() == 2


def test_a_member_without_account_is_linked_and_keeps_their_name():
    school = SchoolFactory()
    member = MembershipFactory(
        school=school, user=None, email="Sofia.Benamar@lycee.example", first_name="Sofia", last_name="BEN AMAR",
        role="enseignant", is_active=False,
    )  # fmt: skip
    invite(school)
    member.refresh_from_db()
    assert member.user is not None
    assert (member.role, member.is_active, member.last_name) == ("bde", True, "BEN AMAR")
    assert member.user.last_name == "BEN AMAR"


def test_the_first_school_of_an_installation_is_opened_by_its_name():
    uai = with_key(755_890)
    assert answer("invite", EMAIL, "--uai", uai, "--role", "bde")["code"] == 1
    assert not User.objects.exists()
    assert "url" in answer("invite", EMAIL, "--uai", uai, "--role", "bde", "--school-name", "Lycée du Val")
    assert School.objects.get().name == "Lycée du Val"


@pytest.mark.parametrize(("email", "uai"), [("pas une adresse", with_key(755_890)), (EMAIL, "0755890A"), (EMAIL, "x")])
def test_nonsense_is_refused_with_a_reason_and_leaves_nothing(email: str, uai: str):
    refused = answer("invite", email, "--uai", uai, "--role", "bde", "--school-name", "Lycée du Val")
    assert refused["code"] == 1
    assert refused["motif"]
    assert not (User.objects.exists() or School.objects.exists())


def test_the_journal_keeps_who_was_opened_without_any_name():
    invite(SchoolFactory())
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"accounts.account_opened", "schools.membership.created"} <= verbs
    assert "benamar" not in str(list(AuditEvent.objects.values())).lower()


@pytest.mark.parametrize(
    ("settings_given", "start"),
    [
        ({"CSRF_TRUSTED_ORIGINS": ["https://bde.example.org"]}, "https://bde.example.org/compte/"),
        ({"ALLOWED_HOSTS": ["bde.example.org"], "HTTPS": True}, "https://bde.example.org/compte/"),
        ({"ALLOWED_HOSTS": ["127.0.0.1"]}, "http://127.0.0.1:8000/compte/"),
    ],
)
def test_the_address_is_built_from_the_configured_host(settings, settings_given: dict[str, object], start: str):
    for name, value in settings_given.items():
        setattr(settings, name, value)
    assert str(invite(SchoolFactory())["url"]).startswith(start)


@pytest.mark.parametrize(
    ("email", "names"),
    [
        ("marie-jo.le-gall@x.fr", ("Marie-Jo", "Le-Gall")),
        ("jean.pierre.dupont@x.fr", ("Jean", "Pierre Dupont")),
        ("bde@x.fr", ("Compte", "bde")),
    ],
)
def test_a_name_is_guessed_from_the_address(email: str, names: tuple[str, str]):
    assert names_in(email) == names
