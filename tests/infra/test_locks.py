"""What is installed is what the lock files say, and the lock files name packages, not places."""

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from machine.places import REQUIREMENTS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUN = PROJECT["dependencies"]
DEV = PROJECT["optional-dependencies"]["dev"]


def locked(level: str) -> dict[str, str]:
    """Name → version of a lock file."""
    text = (REQUIREMENTS / f"{level}.txt").read_text()
    return {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.M)}


@pytest.mark.parametrize(("level", "asked"), [("run", RUN), ("dev", [*RUN, *DEV])])
def test_each_dependency_is_locked_at_a_version_that_suits(level, asked):
    versions = locked(level)
    wrong = []
    for requirement in map(Requirement, asked):
        version = versions.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version):
            wrong.append(f"{requirement}: {version}")
    assert not wrong, "run bin/lock"


def test_tests_run_on_the_versions_that_the_site_runs_on():
    dev = locked("dev")
    assert {name: dev.get(name) for name in locked("run")} == locked("run")


@pytest.mark.parametrize("level", ["run", "dev", "uv", "node"])
def test_each_requirement_is_hashed_and_no_address_is_named(level):
    text = (REQUIREMENTS / f"{level}.txt").read_text()
    assert "://" not in text
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_front_end_packages_are_hashed_and_no_address_is_named():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "integrity" not in package or "resolved" in package] == []
    asked = json.loads((ROOT / "package.json").read_text())
    root = lock["packages"][""]
    assert (root["dependencies"], root["devDependencies"]) == (asked["dependencies"], asked["devDependencies"])
