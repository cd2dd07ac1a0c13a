"""The texts of the project say what the project is: tables compared with the code, links that lead somewhere."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.db.models import TextChoices
from django.urls import reverse

from schools.enums import Role

from machine.places import ROOT

README = (ROOT / "README.md").read_text()
GLOSSARY = (ROOT / "docs" / "glossaire.md").read_text()
OURS = (
    "bdeplatform", "exchange", "indicators", "surveys", "events", "pfmp", "conventions", "partners", "documents", "schools",
    "accounts", "core",
)  # fmt: skip
TEXTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")], key=str)
HEAVIEST_PICTURE = 200 * 1024


def first_cells(text: str) -> list[str]:
    """What stands between backquotes in the first cell of each table row."""
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def variables_read(module: Path) -> set[str]:
    """The names of environment variables that a settings module asks for."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text())):
        key = None
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"os.environ.get", "os.getenv"}:
            key = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            key = node.slice
        if key is not None:
            assert isinstance(key, ast.Constant), f"{module}: a variable without a plain name cannot be documented"
            found.add(key.value)
    return found


def test_the_configuration_table_names_every_variable_that_the_settings_read():
    settings = (ROOT / "bdeplatform" / "settings").glob("*.py")
    read = set().union(*(variables_read(module) for module in settings))
    told = first_cells(section(README, "Configuration"))
    assert sorted(told) == sorted(set(told)), "a line stands twice"
    assert set(told) == read


def test_what_the_compose_file_and_the_example_ask_for_is_told():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    asked |= set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    configuration = section(README, "Configuration")
    assert [name for name in sorted(asked) if f"`{name}`" not in configuration] == []


def test_the_readme_lists_every_command_and_its_options_exist():
    ours = {name: app for name, app in get_commands().items() if str(app).split(".")[0] in OURS}
    lines = {line.split()[0]: line for line in first_cells(section(README, "Management commands"))}
    assert set(lines) == set(ours)
    rows = [line for line in section(README, "Management commands").splitlines() if line.startswith("| `")]
    for row in rows:
        name = re.findall(r"`([a-z_]+)", row)[0]
        parser = load_command_class(ours[name], name).create_parser("manage.py", name)
        known = set(parser._option_string_actions)
        assert set(re.findall(r"--[a-z-]+", row)) <= known, name


def test_every_model_has_its_line_in_the_glossary():
    models = {model._meta.label for model in apps.get_models() if model.__module__.split(".")[0] in OURS}
    told = first_cells(section(GLOSSARY, "Ce qui est enregistré"))
    assert sorted(told) == sorted(models)


def test_every_role_has_its_line_in_the_glossary():
    told = dict(re.findall(r"^\| `Role\.([A-Z_]+)` \| `([a-z]+)`", GLOSSARY, re.MULTILINE))
    assert told == {role.name: role.value for role in Role}


STATES = [
    ("pfmp.enums", "PlacementStatus"),
    ("pfmp.enums", "ApproachState"),
    ("pfmp.enums", "PreConventionState"),
    ("pfmp.enums", "DeliveryState"),
    ("conventions.enums", "AgreementState"),
    ("documents.enums", "SignatureStatus"),
    ("documents.enums", "ProposalState"),
    ("events.enums", "ActionStatus"),
    ("partners.enums", "PartnerStatus"),
    ("partners.enums", "ProposalStatus"),
    ("schools.enums", "ImportState"),
    ("indicators.enums", "FigureStatus"),
    ("core.models.jobs", "JobState"),
    ("core.models.outbox", "OutboxState"),
]


@pytest.mark.parametrize(("module", "name"), STATES)
def test_every_state_has_its_line_in_the_glossary(module: str, name: str):
    states = getattr(importlib.import_module(module), name)
    told = dict(re.findall(rf"^\| `{name}\.([A-Z_]+)` \| `([a-z_]+)`", GLOSSARY, re.MULTILINE))
    assert told == {state.name: state.value for state in states}


def test_the_states_of_the_glossary_are_all_those_of_the_code():
    """An enumeration called …Status or …State is a table of states: it has its place in the list above."""
    found = set()
    for app in OURS:
        for name in (f"{app}.enums", f"{app}.models"):
            try:
                module = importlib.import_module(name)
            except ModuleNotFoundError:
                continue
            found |= {
                value.__name__
                for value in vars(module).values()
                if isinstance(value, type)
                and issubclass(value, TextChoices)
                and value.__name__.endswith(("Status", "State"))
            }
    assert found <= {name for _, name in STATES}


def links(text: str) -> list[str]:
    return [
        link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith(("http://", "https://", "mailto:"))
    ]


def anchors(text: str) -> set[str]:
    """Addresses of the titles, as code hosts make them: lower case, no punctuation, hyphens for spaces."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_texts_lead_somewhere(path: Path):
    broken = []
    for link in links(path.read_text()):
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_texts_name_exist(path: Path):
    """`pfmp/rules/minors.py` between backquotes is a promise too."""
    named = re.findall(r"`([a-z_]+/[a-z0-9_./-]+\.(?:py|md|html|json|toml|yml|svg))`", path.read_text())
    assert [name for name in named if not (ROOT / name).exists() and not (path.parent / name).exists()] == []


def test_the_guide_has_no_page_that_nobody_reaches():
    guide = ROOT / "docs" / "guide"
    reached = {link.split("#")[0] for link in links((guide / "README.md").read_text())}
    assert {page.name for page in guide.glob("*.md")} - {"README.md"} == reached


NOT_LABELS = {"Ne saisissez jamais"}
"""Bold words of the guide that are only loud."""


def test_words_in_bold_of_the_guide_are_on_the_pages():
    """« **Noter un échange** » in the guide is the label of something in the code: a renamed button fails here."""
    code = "\n".join(
        path.read_text()
        for app in (*OURS, "templates")
        for path in sorted((ROOT / app).rglob("*"))
        if path.suffix in {".py", ".html"} and "migrations" not in path.parts
    )
    plain = re.sub(r"[\u00a0\u202f]", " ", code).lower()
    missing = []
    for page in sorted((ROOT / "docs" / "guide").glob("*.md")):
        body = "\n".join(line for line in page.read_text().splitlines() if not line.startswith("#"))
        for words in re.findall(r"\*\*([^*]+)\*\*", body.replace("\n", " ")):
            if words[-1] in ".?" or words in NOT_LABELS:
                continue
            missing += [f"{page.name}: {part}" for part in words.split(" : ") if part.lower() not in plain]
    assert missing == []


def test_pictures_are_light():
    pictures = sorted((ROOT / "docs" / "screenshots").glob("*.png"))
    assert len(pictures) >= 2
    assert [picture.name for picture in pictures if picture.stat().st_size > HEAVIEST_PICTURE] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["core:help", "core:legal", "core:accessibility"])
def test_every_footer_leads_to_help_and_statements(client, name: str):
    page = client.get(reverse("account_login")).content.decode()
    assert f'href="{reverse(name)}"' in page
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.django_db
def test_the_legal_page_says_who_answers_for_the_site(client, settings):
    assert client.get(reverse("core:legal")).content.decode().count("non renseigné") == 2
    settings.LEGAL_PUBLISHER, settings.LEGAL_HOST, settings.LEGAL_DPO = (
        "Lycée du Val",
        "Région, 1 rue X",
        "dpo@ac.example",
    )
    page = client.get(reverse("core:legal")).content.decode()
    assert "non renseigné" not in page
    assert all(words in page for words in ("Lycée du Val", "Région, 1 rue X", "dpo@ac.example"))
