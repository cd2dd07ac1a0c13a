"""The look: contrast of the palette as compiled, rules of the style sheet, every component, every page of refusal."""

import re
from pathlib import Path
from types import SimpleNamespace

import django_filters
import pytest
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import reverse

from core import notices, status
from core.errors import server_error
from core.gallery import FilterExample, FormExample
from core.middleware import Refusals
from core.status import STATUSES
from core.verdict import Denied
from tests.servers import accessibility_problems, keep

ROOT = Path(settings.BASE_DIR)
BUILD = ROOT / "static" / "build"


@pytest.fixture(scope="module")
def css() -> str:
    """The compiled style sheet: `npm run build` makes it."""
    return (BUILD / "theme.css").read_text()


# ------------------------------------------------------------------------------------------------------- palette


def blocks(css: str) -> list[tuple[str, str]]:
    """The rules of a style sheet at its first level: what stands before each pair of braces, and what stands inside."""
    found, depth, start, head = [], 0, 0, ""
    for position, character in enumerate(css):
        if character == "{":
            if depth == 0:
                head, start = css[start:position].strip(), position + 1
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                found.append((head, css[start:position]))
                start = position + 1
    return found


def variables(css: str, *, dark: bool) -> dict[str, str]:
    """The custom properties of the page; the dark ones over the light ones."""
    rules = [inside for head, inside in blocks(css) if head.lstrip("\ufeff").startswith(":root")]
    if dark:
        for head, inside in blocks(css):
            if head.startswith("@media") and "prefers-color-scheme" in head and "dark" in head:
                rules += [own for selector, own in blocks(inside) if selector == ":root"]
    return {name: value.strip() for rule in rules for name, value in re.findall(r"(--[\w-]+):([^;]+)", rule)}


def luminance(colour: str) -> float:
    text = colour.lstrip("#")
    text = "".join(c * 2 for c in text) if len(text) == 3 else text
    parts = [int(text[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2 between two opaque colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_is_that_of_the_recommendation():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


TEXTS = [  # text, its backgrounds
    ("--bs-body-color", ["--bs-body-bg", "--bde-surface", "--bs-tertiary-bg", "--bs-primary-bg-subtle", "--bs-warning-bg-subtle", "--bs-danger-bg-subtle", "--bs-success-bg-subtle"]),
    ("--bs-secondary-color", ["--bs-body-bg", "--bde-surface", "--bs-tertiary-bg", "--bs-primary-bg-subtle"]),
    ("--bs-link-color", ["--bs-body-bg", "--bde-surface", "--bs-primary-bg-subtle", "--bs-warning-bg-subtle"]),
    ("--bs-link-hover-color", ["--bs-body-bg", "--bde-surface"]),
    ("--bde-on-primary", ["--bs-primary", "--bs-link-hover-color"]),
    ("--bde-on-danger", ["--bs-danger", "--bs-danger-text-emphasis"]),
    ("--bs-primary-text-emphasis", ["--bs-primary-bg-subtle"]),
    ("--bs-success-text-emphasis", ["--bs-success-bg-subtle"]),
    ("--bs-warning-text-emphasis", ["--bs-warning-bg-subtle"]),
    ("--bs-danger-text-emphasis", ["--bs-danger-bg-subtle", "--bde-surface", "--bs-body-bg", "--bs-primary-bg-subtle"]),
]  # fmt: skip
MARKS = [
    ("--bde-field-border", ["--bde-surface", "--bs-body-bg"]),
    ("--bs-primary", ["--bde-surface", "--bs-body-bg", "--bs-tertiary-bg"]),
    *((f"--bde-chart-{name}", ["--bde-surface"]) for name in ("now", "before", "other", "late")),
]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_contrasts_hold(css, dark):
    known = variables(css, dark=dark)
    wanted = [(a, b, 4.5) for a, backgrounds in TEXTS for b in backgrounds] + [
        (a, b, 3.0) for a, bs in MARKS for b in bs
    ]
    weak = {
        (a, b): round(contrast(known[a], known[b]), 2) for a, b, least in wanted if contrast(known[a], known[b]) < least
    }
    assert weak == {}


def test_dark_changes_the_palette(css):
    light, dark = variables(css, dark=False), variables(css, dark=True)
    assert light["--bs-body-bg"] == "#f5f6f4"
    assert dark["--bs-body-bg"] == "#13161d"


# ------------------------------------------------------------------------------------------------- style sheet


def test_dark_and_narrow_rules_are_for_screens_so_that_paper_keeps_its_own(css):
    conditions = re.findall(r"@media ([^{]+)\{", css)
    assert any("max-width" in c for c in conditions)
    for condition in conditions:
        if "prefers-color-scheme" in condition or "max-width" in condition:
            assert condition.startswith("screen"), condition


def test_the_style_sheet_asks_nothing_that_the_policy_refuses(css):
    addresses = re.findall(r"url\(([^)]*)\)", css)
    assert addresses
    for address in addresses:
        assert address.strip("\"'").startswith("../icons/")
        assert (BUILD / address.strip("\"'")).is_file()


def test_motion_stops_when_asked(css):
    assert "prefers-reduced-motion: reduce" in css or "prefers-reduced-motion:reduce" in css


# ------------------------------------------------------------------------------------------------------- icons


def icon_names() -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', (BUILD / "icons.svg").read_text()))


def test_every_state_has_its_icon_and_a_word():
    drawn = icon_names()
    assert {code for code, state in STATUSES.items() if state.icon not in drawn or not state.word} == set()


def test_every_icon_named_in_a_template_is_drawn():
    drawn = icon_names()
    named = set()
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        named |= {(name, path.name) for name in re.findall(r"""\{% icon ["']([^"']+)["']""", text)}
        named |= {(name, path.name) for name in re.findall(r"""\b(?:action_)?icon=["']([^"']+)["']""", text)}
    assert {(name, file) for name, file in named if name not in drawn} == set()


def test_an_unknown_state_is_refused_rather_than_told_in_code():
    with pytest.raises(KeyError):
        status.find("inconnu_au_bataillon")


def test_one_value_may_mean_two_things():
    assert status.word("en_cours", "placement") == "En entreprise"
    assert status.word("annulee", "action") == status.word("annulee") == "Annulée"


# --------------------------------------------------------------------------------------------------- components


def draw(source: str, *, path: str = "/", **values) -> str:
    """A piece of template, as a page would draw it."""
    request = RequestFactory().get(path)
    return Template("{% load components french %}" + source).render(
        Context({"request": request, "csrf_token": "jeton", **values})
    )


def test_each_component_says_its_parameters_and_serves():
    everything = "".join(p.read_text() for p in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("[a-z]*/**/*.py")])
    for path in sorted((ROOT / "templates" / "components").glob("*.html")):
        assert path.read_text().startswith("{#"), path.name
        name = path.stem
        assert f"components/{path.name}" in everything or f'"{name}",' in everything, f"{name} is used nowhere"


def test_a_state_is_an_icon_a_word_and_a_tone():
    html = draw('{% status "sans_place" count=4 %}')
    assert "#person-x" in html
    assert "<b>4</b> Sans place" in html
    assert "status-stop" in html
    assert draw('{% status "" %}') == ""


def test_signatures_are_told_in_words_too():
    html = draw('{% signatures 3 5 "la famille" %}')
    assert html.count('class="on"') == 3
    assert html.count('class="off"') == 2
    assert "3 sur 5" in html
    assert "manque la famille" in html


def test_a_refused_action_is_greyed_and_says_why():
    html = draw('{% action "Signer" "/signer/" may=verdict %}', verdict=Denied("Seule la direction signe."))
    assert "disabled" in html
    assert "Seule la direction signe." in html
    assert "/signer/" not in html


def test_what_changes_things_is_a_button_that_posts():
    html = draw('{% action "Relancer" "/relancer/" post=True about="Énergies Soleil-Haut" %}')
    assert '<form method="post" action="/relancer/">' in html
    assert "csrfmiddlewaretoken" in html
    assert '<span class="visually-hidden"> Énergies Soleil-Haut</span>' in html


def test_text_of_people_is_never_markup():
    bad = "<script>alert(1)</script>"
    html = draw(
        '{% page_header t lead=t beside=t %}{% endpage_header %}{% marge %}{% marge_item t when=t %}{{ t }}{% endmarge_item %}{% endmarge %}'
        '{% facts %}{% fact t t %}{% endfacts %}{% panel t %}{{ t }}{% endpanel %}{% note %}{{ t }}{% endnote %}{% tag t %}{% breadcrumbs t "/" t %}'
        "{% empty_state t t t %}{% figure_row t t t %}",
        t=bad,
    )  # fmt: skip
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_filter_bar_shows_what_filters_and_how_to_stop():
    html = draw(
        '{% filter_bar form target="#lignes" %}{% active_filters form %}',
        path="/eleves/?classe=melec&retard=on&tri=-nom&page=3",
        form=FilterExample({"classe": "melec", "retard": "on"}),
    )
    assert "Classe : 1re MELEC" in html
    assert 'href="?retard=on&amp;tri=-nom"' in html  # the class is gone, the order stays, the page is the first again
    assert '<input type="hidden" name="tri" value="-nom">' in html
    assert "Plus de filtres" in html
    assert "Appliquer" in html
    assert "Effacer les filtres" in html


def test_pages_keep_the_filters_and_offer_at_most_200_rows():
    html = draw(
        '{% pagination page "élève" %}', path="/eleves/?classe=melec&page=2", page=Paginator(range(300), 25).page(2)
    )
    assert "26 à 50 sur 300\u00a0élèves" in html
    assert "?classe=melec&amp;page=3" in html
    assert "par_page=200" in html
    assert "par_page=500" not in html


def test_one_page_shows_its_count_only():
    html = draw('{% pagination page "élève" %}', page=Paginator(range(1), 25).page(1))
    assert "1 à 1 sur 1\u00a0élève" in html
    assert "Suivante" not in html
    assert "0\u00a0élève" in draw('{% pagination page "élève" %}', page=Paginator([], 25).page(1))


def test_a_column_head_turns_the_order_around():
    assert 'href="?tri=-nom"' in draw('{% sort_header "Nom" "nom" %}', path="/?tri=nom")
    html = draw('{% sort_header "Nom" "nom" %}', path="/?tri=-nom")
    assert 'aria-sort="descending"' in html
    assert 'href="?tri=nom"' in html


def test_a_sum_is_a_filter_and_a_second_click_removes_it():
    assert 'href="?etape=a_signer"' in draw('{% sums "etape" entries %}', entries=[("a_signer", 5)])
    html = draw('{% sums "etape" entries %}', path="/?etape=a_signer", entries=[("a_signer", 5)])
    assert 'aria-current="true"' in html
    assert 'href="?"' in html


def test_a_form_with_errors_says_them_on_top_and_under_the_field():
    form = FormExample({"start_date": "demain"}, auto_id="id_%s")
    html = draw('{% form_page form "Enregistrer le placement" cancel_url="/" %}{% endform_page %}', form=form)
    assert 'href="#id_student"' in html
    assert 'id="id_student"' in html
    assert 'id="id_student_error"' in html
    assert 'aria-invalid="true"' in html
    assert "demain" in html  # what was typed stays
    assert 'enctype="multipart/form-data"' in html
    assert html.index("data-error-summary") < html.index('name="student"')


def test_every_control_is_described_by_what_stands_under_it():
    html = draw('{% form_page form "Enregistrer" %}{% endform_page %}', form=FormExample({}, auto_id="id_%s"))
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        for target in described.split():
            assert f'id="{target}"' in html, target


def test_optional_is_said_and_required_is_not_starred():
    html = draw('{% form_page form "Enregistrer" %}{% endform_page %}', form=FormExample())
    assert html.count("(facultatif)") == 3  # days, remember, scan; a box to tick is never obligatory
    assert "*" not in re.sub(r"<[^>]+>", "", html)


def test_errors_of_the_whole_form_are_said_once():
    class Dates(forms.Form):
        def clean(self):
            raise forms.ValidationError("La date de fin est avant la date de début.")

    html = draw('{% form_page form "Enregistrer" %}{% endform_page %}', form=Dates({}))
    assert html.count("La date de fin est avant la date de début.") == 1


def test_a_message_carries_its_undo():
    request = RequestFactory().post("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    notices.said(request, "Échange noté.", undo_url="/annuler/3/")
    notices.refused(request, "Rien n’a été envoyé.")
    html = draw("{% notices %}", messages=get_messages(request))
    assert 'role="status"' in html
    assert 'action="/annuler/3/"' in html
    assert "Échange noté." in html
    assert "note-stop" in html


def test_the_live_region_is_there_before_any_message():
    assert 'role="status"' in draw("{% notices %}", messages=[])


def job_in(state: str, **values):
    base = {
        "progress_done": 0,
        "progress_total": None,
        "message": "",
        "error": "",
        "reference": "7C41",
        "started_at": None,
    }
    return SimpleNamespace(
        state=state, is_alive=state in ("waiting", "running"), get_state_display=lambda: state, **{**base, **values}
    )


def test_a_long_job_tells_its_progress_and_asks_again():
    html = draw(
        '{% job job "Conventions" status_url="/etat/" %}', job=job_in("running", progress_done=18, progress_total=25)
    )
    assert "18 sur 25" in html
    assert '<progress class="progress" aria-label="Conventions" max="25" value="18">' in html
    assert 'hx-get="/etat/"' in html
    assert "<noscript>" in html


def test_a_finished_job_stops_asking_and_gives_its_file():
    html = draw('{% job job "Rapport" status_url="/etat/" result_url="/fichier/" %}', job=job_in("done"))
    assert "hx-get" not in html
    assert 'href="/fichier/"' in html


def test_a_failed_job_says_what_was_done_and_goes_on():
    html = draw(
        '{% job job "Conventions" retry_url="/reprendre/" %}',
        job=job_in("failed", progress_done=12, progress_total=22, error="Le disque est plein."),
    )
    assert "Le disque est plein." in html
    assert "12 sur 22" in html
    assert 'action="/reprendre/"' in html


def test_a_thousand_rows_keep_the_progress_bar_valid():
    html = draw('{% job job "Import" %}', job=job_in("running", progress_done=1200, progress_total=10000))
    assert 'max="10000" value="1200"' in html
    assert "1\u202f200 sur 10\u202f000" in html


def test_not_calculable_never_looks_like_zero():
    html = draw(
        '{% figure_row "Publics prioritaires" state="non_calculable" missing="à dire pour 600 élèves" missing_url="/m/" %}'
    )
    assert "Non calculable" in html
    assert "0 %" not in html
    assert 'href="/m/"' in html


# --------------------------------------------------------------------------------------------------------- pages


@pytest.fixture
def operator(db):
    return get_user_model().objects.create_user(
        "op@exemple.fr", "un bon mot de passe", first_name="Op", last_name="R", is_operator=True
    )


def test_the_gallery_draws_every_component(client, operator):
    client.force_login(operator)
    answer = client.get(reverse("core:gallery"))
    assert answer.status_code == 200
    html = answer.content.decode()
    for mark in ('class="marge"', 'class="table cards"', 'class="bulk"', 'class="error-summary"', 'class="skeleton', 'class="steps"', 'class="verdicts"', 'class="job"', "numbered", "file-drop"):  # fmt: skip
        assert mark in html, mark
    for state in STATUSES.values():
        assert state.word in html


def test_pages_hold_nothing_that_the_policy_refuses(client, operator):
    client.force_login(operator)
    html = client.get(reverse("core:gallery")).content.decode()
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son[a-z]+=", html)
    assert "<script>" not in html
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_the_gallery_is_for_operators(client, db):
    client.force_login(
        get_user_model().objects.create_user("prof@exemple.fr", "un bon mot de passe", first_name="P", last_name="R")
    )
    assert client.get(reverse("core:gallery")).status_code == 404


def test_ids_serve_once_and_labels_find_their_field(client, operator):
    client.force_login(operator)
    html = client.get(reverse("core:gallery")).content.decode()
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert sorted(i for i in set(ids) if ids.count(i) > 1) == []
    for target in re.findall(r'<label[^>]*\bfor="([^"]+)"', html):
        assert target in ids


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 500, 503])
def test_refusals_are_whole_pages_in_french(code, rf):
    request = rf.get("/")
    request.user = SimpleNamespace(is_authenticated=False)
    html = get_template(f"errors/{code}.html").template.render(
        Context({"request": request, "reason": "", "reference": "7c41", "typed": [("note", "Rappeler <mardi>")]})
    )
    assert '<html lang="fr">' in html
    assert html.count("<h1>") == 1
    assert str(code) in html
    if code == 503:
        assert "Rappeler &lt;mardi&gt;" in html


def test_a_breakdown_page_needs_neither_user_nor_database():
    html = get_template("errors/500.html").template.render(Context({"reference": "7c41a2f0"}))
    assert "7c41a2f0" in html


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_reset_password_done"])
def test_pages_before_sign_in(client, db, name):
    html = client.get(reverse(name)).content.decode()
    assert html.count("<h1>") == 1
    assert 'class="sign-in panel"' in html


def test_a_wrong_password_says_so_and_keeps_the_address(client, db):
    html = client.post(reverse("account_login"), {"login": "qui@exemple.fr", "password": "x" * 12}).content.decode()
    assert "<title>Erreur : Se connecter" in html
    assert "data-error-summary" in html
    assert 'value="qui@exemple.fr"' in html


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["narrow", pytest.param("wide", marks=pytest.mark.slow)])
def test_the_gallery_is_accessible_and_nothing_scrolls_sideways(browse, operator, size, scheme):
    page = browse(operator, size, color_scheme=scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(reverse("core:gallery"))
    page.wait_for_selector("[data-bulk-count]:has-text('2 élèves choisis')")
    assert accessibility_problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []  # the content security policy refused nothing
    keep(page, f"composants-{size}-{scheme}")


def test_everyone_reads_the_accessibility_statement_from_every_page(client, db):
    statement = reverse("core:accessibility")
    assert f'href="{statement}"' in client.get(reverse("account_login")).content.decode()
    answer = client.get(statement)
    assert answer.status_code == 200
    assert "non conforme" in answer.content.decode()


def test_an_empty_choice_is_a_word():
    class Offer(forms.Form):
        kind = forms.ChoiceField(label="Type", choices=[("", "---------"), ("emploi", "Emploi")])
        sector = forms.ChoiceField(label="Secteur", required=False, choices=[("", "---------"), ("btp", "Bâtiment")])

    html = draw('{% form_page form "Enregistrer" %}{% endform_page %}', form=Offer())
    assert "---" not in html
    assert "Choisir…" in html
    assert "Non précisé" in html
    assert "Indifférent" in draw("{% filter_bar form %}", form=Offer({}))

    class Offers(django_filters.FilterSet):
        kind = django_filters.ChoiceFilter(label="Type", choices=[("emploi", "Emploi")])

    assert "Indifférent" in draw(
        "{% filter_bar form %}", form=Offers({}, queryset=get_user_model().objects.none()).form
    )


def test_a_busy_database_gives_back_what_was_typed_but_no_password(rf):
    request = rf.post(
        "/compte/login/", {"login": "qui@exemple.fr", "password": "secret de douze", "csrfmiddlewaretoken": "jeton"}
    )
    answer = Refusals(lambda _: HttpResponse()).process_exception(request, OperationalError("database is locked"))
    assert answer is not None
    assert answer.status_code == 503
    assert answer["Retry-After"]
    html = answer.content.decode()
    assert "qui@exemple.fr" in html
    assert "secret de douze" not in html
    assert "jeton" not in html


def test_a_breakdown_is_told_even_when_the_request_is_what_broke():
    answer = server_error(RequestFactory().get("/"))  # neither user nor session
    assert answer.status_code == 500
    assert "elle vient de nous" in answer.content.decode()


@pytest.mark.browser
def test_the_keyboard_finds_the_content_first_and_sees_where_it_is(live_server, open_page):
    page = open_page("narrow")
    page.goto(live_server.url + reverse("account_login"))
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Aller au contenu"
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "login"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


@pytest.mark.browser
def test_a_form_is_sent_once_however_often_one_clicks(live_server, open_page):
    page = open_page()
    page.goto(live_server.url + reverse("account_login"))
    sent: list[str] = []
    page.route(
        "**/*", lambda route: sent.append(route.request.method) if route.request.method == "POST" else route.continue_()
    )
    page.fill("[name=login]", "qui@exemple.fr")
    page.evaluate("const b = document.querySelector('.form-end .btn-primary'); b.click(); b.click(); b.click()")
    page.wait_for_timeout(300)
    assert sent == ["POST"]
