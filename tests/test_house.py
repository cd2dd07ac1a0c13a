"""The house in order: no template without use, no page outside the frame, no personal datum that its table does not name."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, DateField, EmailField, Model, TextField
from django.template.loader import get_template

from schools.models import SchoolRecord

TEMPLATES = Path(settings.BASE_DIR) / "templates"
OURS = ("accounts", "bdeplatform", "conventions", "core", "documents", "events", "exchange", "indicators", "partners")
OURS += ("pfmp", "schools", "surveys")
ALL = sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html"))
EXTENDS = re.compile(r'{%\s*extends\s+"([^"]+)"')
OF_LIBRARIES = ("account/", "allauth/", "bootstrap5/", "django/")  # found by name by the library that they dress
NO_PAGE = ("components/", "bootstrap5/", "django/", "pdf/", "allauth/")  # fragments, fields, paper, library's layouts


@cache
def source() -> str:
    """All our Python and templates as one text."""
    root = Path(settings.BASE_DIR)
    files = [file for app in OURS for file in (root / app).rglob("*.py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in [*files, *TEMPLATES.rglob("*.html")])


@pytest.mark.parametrize("name", ALL)
def test_a_template_is_used(name: str):
    if name.startswith("errors/") and re.fullmatch(r"errors/\d{3}\.html", name):
        assert 'f"errors/{status}.html"' in source()
    elif name.startswith("components/") and f'"{Path(name).stem}"' in source():
        assert 'f"components/{name}.html"' in source()  # the block tags of core.components
    elif not name.startswith(OF_LIBRARIES):
        assert f'"{name}"' in source(), f"{name}: nothing renders, extends or includes it"


@pytest.mark.parametrize("name", ALL)
def test_a_template_opens_with_what_it_is_and_needs(name: str):
    first = (TEMPLATES / name).read_text(encoding="utf-8").lstrip()
    assert first.startswith(("{#", "{% comment")), f"{name}: say what it is and what it needs"


@pytest.mark.parametrize("name", [n for n in ALL if "/partials/" not in n and not n.startswith(NO_PAGE)])
def test_a_page_stands_in_the_frame(name: str):
    """It extends base.html, straight or through a frame of its app, and parses."""
    get_template(name)
    chain = [name]
    while chain[-1] != "base.html":
        found = EXTENDS.search((TEMPLATES / chain[-1]).read_text(encoding="utf-8"))
        if found is None:
            break
        chain.append(found[1])
    # An error that strikes the frame itself is told without it
    assert chain[-1] in {"base.html", "errors/plain.html"}, chain


PERSONAL = re.compile(
    r"(^|_)(last_name|first_name|birth|ine|guardian|author_email|referent_email|head_name)|^(email|phone|address|signer|comment)$"
)
OF_A_FIRM = {
    ("partners.Partner", "email"), ("partners.Partner", "phone"), ("partners.Partner", "address"),
    ("schools.School", "email"), ("schools.School", "phone"), ("schools.School", "address"),
}  # fmt: skip
"""Addresses of a company or a lycée: nobody's own."""


def school_tables() -> list[type[Model]]:
    return [
        model for model in apps.get_models() if issubclass(model, SchoolRecord) or model._meta.label == "schools.School"
    ]


@pytest.mark.parametrize("model", school_tables(), ids=lambda model: model._meta.label)
def test_a_table_names_its_personal_data(model: type[Model]):
    """What looks personal is in PERSONAL_DATA, and PERSONAL_DATA names fields that exist."""
    named = set(model.PERSONAL_DATA)  # type: ignore[attr-defined]
    fields = {field.name for field in model._meta.concrete_fields}
    assert named <= fields
    looks = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, (TextField, CharField, EmailField, DateField)) and PERSONAL.search(field.name)
    }
    missing = {name for name in looks - named if (model._meta.label, name) not in OF_A_FIRM}
    assert missing == set()


def test_a_search_text_made_of_personal_data_is_personal():
    silent = []
    for model in school_tables():
        for field in model._meta.concrete_fields:
            sources = set(getattr(field, "sources", ()))
            if sources & set(model.PERSONAL_DATA) and field.name not in model.PERSONAL_DATA:  # type: ignore[attr-defined]
                silent.append(f"{model._meta.label}.{field.name}")
    assert silent == []
