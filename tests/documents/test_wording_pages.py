"""The pages where a school rewords its papers: read, change, preview, come back."""

import io

import pytest
from pypdf import PdfReader

from documents.models import PaperModel
from documents.wording import versions
from pfmp import paper_text
from tests.conftest import Cast

TYPES = ("convention_pfmp", "convention_partenariat", "convention_3e")


@pytest.fixture
def bureau(client, cast: Cast):
    client.force_login(cast.bde.user)
    client.base = f"/etablissements/{cast.bde.school.uai}/documents/modeles/"
    return client


def test_the_models_are_listed_with_how_much_is_reworded(bureau, cast):
    PaperModel.objects.create(
        school=cast.bde.school, type="convention_pfmp", number=2, articles={"1": "Objet.", "2": "Fin."}
    )
    page = bureau.get(bureau.base).content.decode()
    assert "Convention de PFMP" in page and "Convention de partenariat" in page
    assert "2\u00a0textes réécrits" in page and "tous ceux du modèle livré" in page


@pytest.mark.parametrize("type", TYPES)
def test_a_text_is_reworded_shown_and_comes_back(bureau, cast, type):
    url = f"{bureau.base}{type}/textes/1/"
    assert bureau.get(url).status_code == 200
    wrong = bureau.post(url, {"text": "Un.\n{% si inconnue %}", "based_on": 0})
    assert wrong.status_code == 422
    body = wrong.content.decode()
    assert "Ligne 2" in body and "{% si inconnue %}</textarea>" in body
    text = "Notre objet, pour {{ etablissement }}.\r\n- {% si avenant %}un{% sinon %}deux{% fin %}"
    assert bureau.post(url, {"text": text, "based_on": 0}).status_code == 302
    page = bureau.get(f"{bureau.base}{type}/").content.decode()
    assert (
        "Vos mots" in page and "Version 1" in page and "Article 1. Objet" in page and "Revenir au modèle livré" in page
    )
    stale = bureau.post(url, {"text": "Une autre saisie.", "based_on": 0})
    assert stale.status_code == 422 and "une autre version" in stale.content.decode()
    assert "Une autre saisie." in stale.content.decode()
    bureau.post(url, {"text": "Deuxième.", "based_on": 1})
    back = f"{bureau.base}{type}/versions/1/"
    assert bureau.post(back, {"based_on": 1}, follow=True).content.decode().count("une autre version") == 1
    assert "vaut de nouveau" in bureau.post(back, {"based_on": 2}, follow=True).content.decode()
    assert "Notre objet" in bureau.get(url).content.decode()
    assert bureau.post(url, {"text": "", "based_on": 3, "modele": "1"}).status_code == 302
    last = PaperModel.objects.in_school(cast.bde.school).filter(type=type).order_by("-number").first()
    assert last is not None and (last.number, last.articles) == (4, {})


def test_the_preview_prints_what_is_typed_on_the_chosen_example(bureau, cast):
    url = f"{bureau.base}convention_pfmp/textes/1/apercu/"
    text = "{{ eleve }} {% si mineur %}a un responsable{% sinon %}signe seul{% fin %}. <script>alert(1)</script>"
    young = bureau.post(url, {"text": text, "exemple": "mineur"}).content.decode()
    assert "Camille EXEMPLE a un responsable. &lt;script&gt;" in young
    assert "signe seul" in bureau.post(url, {"text": text, "exemple": "majeur"}).content.decode()
    assert "signe seul" not in bureau.post(url, {"text": text, "exemple": "n’importe quoi"}).content.decode()
    assert "n’est pas refermée" in bureau.post(url, {"text": "{% si mineur %}"}).content.decode()
    assert "dépasse" in bureau.post(url, {"text": "a" * 9000}).content.decode()
    assert "vide" in bureau.post(url, {}).content.decode()
    assert not PaperModel.objects.in_school(cast.bde.school).exists()


def test_without_javascript_a_button_shows_the_same_and_saves_nothing(bureau, cast):
    url = f"{bureau.base}convention_partenariat/textes/preambule/"
    form = {"text": "Avec {{ partenaire }}.", "based_on": 0, "exemple": "simple", "apercu": "1"}
    page = bureau.post(url, form)
    assert page.status_code == 200
    assert "Avec Association Exemple." in page.content.decode()
    assert "Avec {{ partenaire }}.</textarea>" in page.content.decode()
    fragment = bureau.post(f"{url}apercu/", form).content.decode().strip()
    assert fragment in page.content.decode()
    assert not PaperModel.objects.in_school(cast.bde.school).exists()


@pytest.mark.parametrize("type", TYPES)
def test_the_whole_paper_is_shown_on_an_example_and_marked(bureau, cast, type):
    answer = bureau.get(f"{bureau.base}{type}/exemple/", {"exemple": "majeur"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert words_of(answer.content).count("Aperçu, sans valeur") >= 3
    url = f"{bureau.base}{type}/textes/1/"
    answer = bureau.post(url, {"text": "Mots jamais enregistrés.", "based_on": 0, "pdf": "1"})
    assert "Mots jamais enregistrés." in words_of(answer.content)
    assert bureau.post(url, {"text": "{% fin %}", "based_on": 0, "pdf": "1"}).status_code == 422
    assert not PaperModel.objects.in_school(cast.bde.school).exists()


def words_of(file: bytes) -> str:
    return " ".join(" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(file)).pages)


def test_what_does_not_exist_is_not_found(bureau):
    for address in ("rapport_annuel/", "autre/", "convention_pfmp/textes/99/", "convention_pfmp/textes/visas/"):
        assert bureau.get(f"{bureau.base}{address}").status_code == 404
    assert bureau.post(f"{bureau.base}convention_pfmp/versions/77/", {"based_on": "x"}).status_code == 302
    assert (
        bureau.post(f"{bureau.base}convention_pfmp/versions/99999999999999999999/", {"based_on": 0}).status_code == 302
    )


def test_the_pages_cost_the_same_however_many_versions(bureau, cast, django_assert_max_num_queries):
    for number in range(1, 40):
        PaperModel.objects.create(
            school=cast.bde.school, type="convention_pfmp", number=number, articles={"1": f"Objet {number}."},
            created_by=cast.bde.user,
        )  # fmt: skip
    for address in ("", "convention_pfmp/", "convention_pfmp/textes/1/"):
        with django_assert_max_num_queries(16):
            assert bureau.get(f"{bureau.base}{address}").status_code == 200
    assert versions.text_for(cast.bde.school, paper_text.MODEL).version == "1+lycee-39"
