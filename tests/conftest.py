"""What every test shares: the cast, who plays every story."""

import os
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from xdist.scheduler import LoadScopeScheduling

from schools.models import Membership, School
from tests.factories import MembershipFactory, SchoolFactory

pytest_plugins = ["tests.servers"]  # the platform as bin/run starts it, and Chromium


DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
SAME_ON_BOTH = {
    # who may open and read what: long tables of addresses, answered by the same code whatever the database
    "test_access.py", "test_wall.py", "test_field_rights.py",
    # bytes of papers and their seals
    "test_documents.py", "test_sealing.py", "test_seal_commands.py", "test_wording_pages.py",
    # the demonstration, drawn before a row is written; what leaves a school, worked out of figures already made
    "test_seed.py", "test_secrecy.py",
    # words on pages and papers, comparisons of names, answers of outside services: no query of their own
    "test_quality_file.py", "test_quarterly.py", "test_reports.py", "test_rules_doubles.py", "test_register.py",
    "test_catalogue.py", "test_partner_page.py", "test_agreement_page.py", "test_company_page.py", "test_pupil_page.py",
    "test_tutor_page.py", "test_exchanges.py", "test_views.py", "test_forms.py",
}  # fmt: skip
"""Run on both databases with --full only."""

ONLY = {"test_bad_input.py": {"NUL", "huge number"}}
"""Of these files, the kinds that a database takes in its own way are run on the second too."""


def kinds(item: pytest.Item) -> set[object]:
    """The values that a test is given."""
    call = getattr(item, "callspec", None)
    return {value for value in call.params.values() if isinstance(value, str)} if call else set()


GROUNDS = {
    "tests/flows/test_bad_input.py": "bad-input",
    "tests/flows/test_field_rights.py": "field-rights",
    "tests/test_wall.py": "wall",
    **dict.fromkeys(
        (f"tests/flows/test_{name}.py" for name in (
            "doubles", "finding", "keeping_in_touch", "kinds", "stories", "table_import", "taxe"
        )),
        "platform",
    ),
    "tests/partners/test_map.py::test_the_map_in_a_browser": "platform",
    "tests/partners/test_map.py::test_the_map_page_without_a_script": "platform",
    "tests/pfmp/test_calendar_drag.py": "platform",
    "tests/pfmp/test_hosts.py::test_a_teacher_goes_from_a_pupil_to_a_host_to_a_placement": "platform",
}  # fmt: skip
"""Files and tests that stand on one costly thing (a seeded school, a started platform): one process makes it once for all."""


class ByGround(LoadScopeScheduling):
    """Shares out tests one by one, but those of one ground together, and first since they are the longest.

    The groups of pytest-xdist 3.8 (`xdist_group`) no longer hold with pytest 9.
    """

    def _split_scope(self, nodeid: str) -> str:
        test = nodeid.partition("[")[0]
        return GROUNDS.get(test) or GROUNDS.get(test.partition("::")[0]) or nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGround:
    return ByGround(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The second run of bin/test is for what differs between databases: the rest had its turn in the first."""
    run = os.environ.get("BDE_TEST_RUN", "")
    if not run.startswith("PostgreSQL"):
        return
    in_full = run.endswith("in full")
    stay, leave = [], []
    for item in items:
        opens = item.get_closest_marker("django_db") or DATABASE.intersection(getattr(item, "fixturenames", ()))
        same = item.path.name in SAME_ON_BOTH or (item.path.name in ONLY and not ONLY[item.path.name] & kinds(item))
        (stay if opens and (in_full or not same) else leave).append(item)
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
