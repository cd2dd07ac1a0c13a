"""The plain language of the texts of papers: conditions, variables, what is wrong with a text; models and versions."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from conventions import paper_text as agreement_text
from documents.models import Document, PaperModel
from documents.wording import catalogue, syntax, versions
from documents.wording.syntax import Filling
from documents.wording.texts import PaperTextError
from pfmp import paper_text as pfmp_text
from tests.factories import DocumentFactory, SchoolFactory, UserFactory

VARIABLES = {"eleve": "l’élève", "date_debut": "le premier jour"}
CONDITIONS = {"mineur": "moins de 18 ans", "etranger": "hors de France", "travaux_reglementes": "travaux"}
FILLING = Filling({"eleve": "Rayan <b>Meziane</b>", "date_debut": None}, dict.fromkeys(CONDITIONS, False))
MODELS = [*pfmp_text.MODELS.values(), agreement_text.MODEL]


def problems(text: str) -> list[str]:
    return syntax.text_problems(text, variables=VARIABLES, conditions=CONDITIONS)


def printed(text: str, *holding: str) -> list[str]:
    conditions = {name: name in holding for name in CONDITIONS}
    return [str(line) for block in syntax.blocks(text, Filling(FILLING.values, conditions)) for line in block.lines]


# ---------------------------------------------------------------------------------------------------------- conditions

ONE = "Avant.\n{% si mineur %}\nJeune.\n{% sinon %}\nGrand.\n{% fin %}\nAprès."


def test_a_condition_keeps_one_passage_or_the_other():
    assert printed(ONE, "mineur") == ["Avant.", "Jeune.", "Après."]
    assert printed(ONE) == ["Avant.", "Grand.", "Après."]
    assert printed("{% si pas mineur %}Grand.{% fin %}") == ["Grand."]
    assert printed("{% si pas mineur %}Grand.{% fin %}", "mineur") == []
    assert printed("L’élève {% si mineur %}mineur{% sinon %}majeur{% fin %} signe.") == ["L’élève majeur signe."]


@pytest.mark.parametrize(
    "text",
    [
        "{%si Mineur%}Oui.{%fin%}",
        "{% SI  mineur  %}Oui.{% FIN SI %}",
        "{% si Travaux réglementés %}Oui.{% finsi %}",
        "{% si travaux-reglementes %}Oui.{% fin de si %}",
        "{% si étranger %}Oui.{% fin étranger %}",
    ],
)
def test_case_accents_and_spaces_do_not_matter(text):
    assert problems(text) == []
    assert printed(text, *CONDITIONS) == ["Oui."]
    assert printed(text) == []


def test_a_condition_may_hold_another_one_deep():
    text = "{% si mineur %}A{% si etranger %}B{% sinon %}C{% fin %}D{% sinon %}E{% si etranger %}F{% fin %}{% fin %}"
    assert problems(text) == []
    assert printed(text, "mineur", "etranger") == ["ABD"]
    assert printed(text, "mineur") == ["ACD"]
    assert printed(text, "etranger") == ["EF"]
    assert printed(text) == ["E"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Un.\n{% si mineur %}\nDeux.", "Ligne 2\u00a0: la condition « mineur » n’est pas refermée"),
        ("Un.\nDeux.\n{% fin %}", "Ligne 3\u00a0: « fin » n’a pas de « si »"),
        ("{% sinon %}", "Ligne 1\u00a0: « sinon » n’a pas de « si »"),
        ("{% si mineur %}a{% sinon %}b{% sinon %}c{% fin %}", "« sinon » n’a pas de « si »"),
        ("{% si boursier %}a{% fin %}", "Ligne 1\u00a0: « boursier » n’est pas une condition du modèle"),
        ("{% si %}a{% fin %}", "dites quelle condition suit"),
        ("{% if mineur %}a{% fin %}", "« if mineur » n’est pas compris"),
        ('{% include "x" %}', "n’est pas compris"),
        ("{% si mineur", "est seul"),
        ("100 %}", "est seul"),
        ("{% si mineur %}a{% fin etranger %}", "« fin » referme « mineur », pas « etranger »"),
        (
            "{% si mineur %}{% si etranger %}{% si mineur %}a{% fin %}{% fin %}{% fin %}",
            "une condition peut en contenir une autre",
        ),
        ("Pour\n{{ boursier }}", "Ligne 2\u00a0: « boursier » n’est pas une variable"),
        ("Un\n\n{{ eleve", "Ligne 3\u00a0: une accolade double"),
        ("{{ eleve.nom }}", "accolade double"),
        ("", "vide"),
        (" \n\t", "vide"),
        ("a" * 6001, "6000 caractères"),
        ("a\x00b", "ne s’imprime pas"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, sentence):
    assert sentence in " ".join(problems(text))


def test_a_value_never_becomes_a_condition_nor_html():
    filling = Filling({"eleve": "{% si mineur %}<script>{{ date_debut }}"}, {"mineur": True})
    (block,) = syntax.blocks("Élève : {{ eleve }}.", filling)
    assert "{% si mineur\u202f%}&lt;script&gt;{{ date_debut }}" in block.lines[0]


def test_a_missing_value_is_a_line_to_fill_by_hand():
    assert printed("Le {{ date_debut }}, {{ Élève }}.") == [
        'Le <span class="blank"></span>, Rayan &lt;b&gt;Meziane&lt;/b&gt;.'
    ]


def test_a_text_that_an_older_engine_accepted_still_prints_as_it_stood():
    old = '{% include "x" %} {{ inconnue }} 100 %} fin'
    assert printed(old) == ["{% include &quot;x&quot;\u202f%} {{ inconnue }} 100\u202f%} fin"]


MARKS = st.sampled_from(
    ["{% si mineur %}", "{% sinon %}", "{% fin %}", "{% si pas étranger %}", "{{ eleve }}", "{{ x }}", "{{", "}}", "{%", "%}",
     "\n", "- ", "<script>alert(1)</script>", "&amp;", "\u202e", "🎓", "\u2028", "\x0b", "«", "  :"]
)  # fmt: skip


@given(st.lists(MARKS | st.text(max_size=12), max_size=30).map("".join), st.sets(st.sampled_from(list(CONDITIONS))))
def test_any_text_is_refused_with_a_sentence_or_prints_escaped(text, holding):
    found = problems(text)
    lines = printed(text, *holding)  # refused or not, it never fails
    assert all(one.endswith((".", "…")) or ":" in one for one in found)
    plain = " ".join(lines).replace(syntax.BLANK, "")
    assert "<" not in plain and ">" not in plain
    if not found:
        assert not re.search(r"\{%.*?%\}|\{\{.*?\}\}", plain)


@given(st.text(alphabet="{}% sia", max_size=6000))
def test_braces_in_any_number_are_judged_quickly(text):
    problems(text)
    printed(text)


# -------------------------------------------------------------------------------------------------------------- models


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.type.value)
def test_a_shipped_model_is_well_written_and_prints_on_every_example(model, db):
    text = model.default()
    assert [(key, model.text_problems(words)) for key, words in text.words.items()] == [(key, []) for key in text.keys]
    assert all(not model.text_problems(visa) for visa in text.visas)
    entry = catalogue.entry_of(model.type.value)
    school = SchoolFactory()
    for key in entry.examples.labels:
        filling = entry.examples.filling(school, key)
        assert set(filling.values) == set(model.variables)
        assert set(filling.conditions) == set(model.conditions)
        assert all(syntax.blocks(words, filling) for words in text.words.values())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.type.value)
def test_each_condition_is_met_and_not_met_by_the_examples(model, db):
    entry = catalogue.entry_of(model.type.value)
    school = SchoolFactory()
    seen = [entry.examples.filling(school, key).conditions for key in entry.examples.labels]
    never = {"avenant", "nuit", "dimanche", "gratification"}  # told by their own pages
    assert [name for name in model.conditions if name not in never and not any(one[name] for one in seen)] in (
        [],
        ["offres", "cadre_regional"],
        ["cadre_regional", "offres"],
    )


# ------------------------------------------------------------------------------------------------------------ versions


@pytest.fixture
def school(db):
    return SchoolFactory()


def test_versions_follow_each_other_and_one_comes_back(school):
    by, model = UserFactory(), agreement_text.MODEL
    assert versions.text_for(school, model).version == "1"
    versions.save(school, model, "1", "Premier.", based_on=0, by=by)
    versions.save(school, model, "preambule", "Notre préambule.", based_on=1, by=by)
    text = versions.text_for(school, model)
    assert (text.version, text.words["1"], text.words["preambule"]) == ("1+lycee-2", "Premier.", "Notre préambule.")
    versions.restore(school, model, 1, based_on=2, by=by)
    assert versions.text_for(school, model).words["preambule"] == model.default().words["preambule"]
    versions.restore(school, model, 0, based_on=3, by=by)
    assert versions.text_for(school, model).words == model.default().words
    assert [one.number for one in versions.history(school, model)] == [4, 3, 2, 1]
    with pytest.raises(ValidationError, match="rien à changer"):
        versions.restore(school, model, 0, based_on=4, by=by)
    with pytest.raises(ValidationError, match="n’existe pas"):
        versions.restore(school, model, 99, based_on=4, by=by)


def test_two_people_do_not_overwrite_each_other(school):
    by, model = UserFactory(), pfmp_text.MODEL
    versions.save(school, model, "1", "Le mien.", based_on=0, by=by)
    for late in (lambda: versions.save(school, model, "1", "Le tien.", based_on=0, by=by), lambda: versions.restore(school, model, 0, based_on=0, by=by)):  # fmt: skip
        with pytest.raises(ValidationError, match="une autre version"):
            late()


def test_a_text_that_cannot_be_printed_is_not_kept(school):
    with pytest.raises(PaperTextError, match="condition du modèle"):
        versions.save(school, pfmp_text.MODEL, "1", "{% si taxe %}x{% fin %}", based_on=0, by=UserFactory())
    assert not PaperModel.objects.in_school(school).exists()


def test_an_issued_paper_keeps_the_words_it_was_issued_with(school):
    by, model = UserFactory(), pfmp_text.MODEL
    versions.save(school, model, "1", "Ancien.", based_on=0, by=by)
    paper: Document = DocumentFactory(school=school, template_version=versions.text_for(school, model).version)
    versions.save(school, model, "1", "Nouveau.", based_on=1, by=by)
    assert versions.text_of(paper, model).words["1"] == "Ancien."
    versions.save(school, model, "1", None, based_on=2, by=by)
    assert versions.text_of(paper, model).words["1"] == "Ancien."
    assert versions.text_of(DocumentFactory(school=school, template_version="1"), model) == model.default()
    other = SchoolFactory()
    assert versions.text_for(other, model).words == model.default().words
