"""What every test shares: the cast, who plays every story."""

import os
from dataclasses import dataclass

import pytest
from django.test import Client

from schools.models import Membership, School
from tests.factories import MembershipFactory, SchoolFactory

pytest_plugins = ["tests.servers"]  # the platform as bin/run starts it, and Chromium


DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
SAME_ON_BOTH = {"test_access.py", "test_wall.py", "test_field_rights.py"}
"""Who may open and read what: long tables of addresses, answered by the same code whatever the database. Twice with --full only."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The second run of bin/test is for what differs between databases: the rest had its turn in the first."""
    run = os.environ.get("BDE_TEST_RUN", "")
    if not run.startswith("PostgreSQL"):
        return
    left_out = set() if run.endswith("in full") else SAME_ON_BOTH
    stay, leave = [], []
    for item in items:
        opens = item.get_closest_marker("django_db") or DATABASE.intersection(getattr(item, "fixturenames", ()))
        (stay if opens and item.path.name not in left_out else leave).append(item)
    items[:] = stay
    config.hook.pytest_deselected(items=leave)


@dataclass(frozen=True)
class Cast:
    """One member a role in one school, and a stranger: the lead of another school's bureau."""

    school: School
    bde: Membership
    ddfpt: Membership
    teacher: Membership
    head: Membership
    office: Membership
    reader: Membership
    stranger: Membership

    def by_role(self) -> dict[str, Membership]:
        return {
            member.role: member for member in (self.bde, self.ddfpt, self.teacher, self.head, self.office, self.reader)
        }


def cast_of_roles() -> Cast:
    school = SchoolFactory(name="Lycée Hélène-Brisson", takes_proposals=True)
    return Cast(
        school=school,
        bde=MembershipFactory(school=school, role="bde"),
        ddfpt=MembershipFactory(school=school, role="ddfpt"),
        teacher=MembershipFactory(school=school, role="enseignant"),
        head=MembershipFactory(school=school, role="direction"),
        office=MembershipFactory(school=school, role="secretariat"),
        reader=MembershipFactory(school=school, role="consultation"),
        stranger=MembershipFactory(school=SchoolFactory(name="Lycée d’ailleurs"), role="bde"),
    )


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_of_roles()


@pytest.fixture
def as_bde(client: Client, cast: Cast) -> Client:
    client.force_login(cast.bde.user)
    return client


@pytest.fixture
def as_teacher(client: Client, cast: Cast) -> Client:
    client.force_login(cast.teacher.user)
    return client
