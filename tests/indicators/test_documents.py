"""The yearly report: what it says of each value, and that it prints well."""

import copy
import io
import json
from datetime import date
from html import unescape
from typing import Any

import page
import pytest
from django.utils.html import strip_tags
from pypdf import PdfReader

from core import pdf
from indicators import documents, labels
from indicators.documents import Cell, Figure, ReportContent
from indicators.enums import Heading
from pfmp.models import Period
from schools.models import School, SchoolClass
from tests.indicators.reports import KEYS, REGISTER, output

PERIODS = {"periode": {key: f"1TMA, PFMP {key}" for key in KEYS["periode"]}}


def content(current: dict[str, Any], previous: dict[str, Any] | None = None, **more: Any) -> ReportContent:
    return documents.content_of(
        current, previous, school_name="Lycée Jeanne-Barret", issued_date=date(2026, 9, 3), **more
    )


FULL = content(output(), output("2024-2025", seed=2), own_labels=PERIODS, academy="Amiens", city="Laon")
EMPTY = content(output(empty=True, provisional=True))


def words(html: str) -> str:
    return " ".join(unescape(strip_tags(html.replace("</td>", " ").replace("</th>", " "))).split())


def with_entry(code: str, **changes: Any) -> dict[str, Any]:
    """The full output with one indicator changed."""
    changed = copy.deepcopy(output())
    next(entry for entry in changed["indicateurs"] if entry["code"] == code).update(changes)
    return changed


@pytest.mark.parametrize("report", [FULL, EMPTY], ids=["full", "empty"])
def test_the_file_is_of_eight_to_fourteen_pages_and_conforms_to_pdf_ua(report):
    file = documents.render(report)
    assert 8 <= pdf.page_count(file) <= 14
    result = page.validate_pdf_bytes(file, profile="ua1")
    assert (result.rules.failed, [failure.message for failure in result.failures]) == (0, [])
    assert file == documents.render(ReportContent.from_json(json.loads(json.dumps(report.to_json()))))


def test_the_summary_is_one_page():
    sheets = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(documents.render(FULL))).pages]
    assert "L’essentiel" in sheets[1]
    assert "données" in sheets[1] or "Tous les indicateurs" in sheets[1]
    assert "Nombre de conventions de partenariat (dont" not in sheets[1]
    assert "Les trois axes du bureau des entreprises" in sheets[2]


def test_the_eight_headings_come_in_the_order_and_the_words_of_the_sheet():
    titles = [words(part.split("</h2>")[0]) for part in documents.html(FULL).split("<h2>")[1:]]
    eight = [f"{heading.value} {' '.join(heading.label.split())}" for heading in documents.EIGHT]
    complements = [str(heading.label) for heading in documents.COMPLEMENTS]
    before = ["L’essentiel", "Les trois axes du bureau des entreprises", "Ce qui a changé depuis 2024-2025"]
    assert titles == [*before, *eight, *complements, "Définitions"]


def test_every_indicator_of_the_register_is_printed_with_its_definition():
    html = documents.html(FULL)
    plain = words(html)
    for entry in REGISTER:
        assert plain.count(entry["libelle"].replace("'", "’")) >= 2, entry["code"]
    assert all(len(documents.definition_of(entry["code"])) > 30 for entry in REGISTER)


def test_the_leads_of_the_summary_exist():
    codes = {entry["code"]: str(entry["rubrique"]) for entry in REGISTER}
    for heading, leads in documents.LEADS.items():
        assert [codes[code] for code in leads] == [heading.value] * 3


def test_pictures_show_breakdowns_that_exist():
    axes = {entry["code"]: entry["ventilations"] for entry in REGISTER}
    for pictures in documents.PICTURES.values():
        for picture in pictures:
            assert picture.axis in axes[picture.code], picture
    assert set(labels.AXES) == {axis for found in axes.values() for axis in found}


def test_a_value_is_shown_with_its_ratio_last_year_and_gap():
    now = with_entry("I4.1", valeur=374 / 600, n=374, d=600, renseignement=0.954)
    before = copy.deepcopy(now)
    before["annee"] = "2024-2025"
    next(entry for entry in before["indicateurs"] if entry["code"] == "I4.1").update(valeur=0.5, n=300, d=600)
    html = words(documents.html(content(now, before)))
    assert "62,3 % 374 / 600 50,0 % + 12,3 pts 95 %" in html


def test_what_is_not_computable_is_said_with_its_reason_and_never_zero():
    motif = "Aucun élève inscrit cette année-là."
    now = with_entry("I4.1", statut="non_calculable", valeur=None, n=0, d=0, motif=motif)
    report = content(now, output("2024-2025"))
    line = documents.line(report.figure("I4.1"))
    assert (line["value"], line["ratio"], line["gap"], line["reason"]) == ("Non calculable", "", "", motif)
    assert motif in words(documents.html(report))
    assert "1 indicateur sur" in words(documents.html(report))


def test_a_term_not_reached_is_said():
    now = with_entry("E4", statut="pas_encore_mesurable", valeur=None, n=None, d=None, motif="Échéance au 31 août.")
    assert "Pas encore mesurable" in words(documents.html(content(now)))


def test_a_provisional_report_says_so_on_its_cover_and_on_every_page():
    html = documents.html(EMPTY)
    assert "Chiffres provisoires au 15/03/2026" in html
    assert "provisoires" in html.split("data-reference=")[1][:200]
    assert "rovisoires au" not in documents.html(FULL)


def test_a_school_of_demonstration_is_announced():
    assert "données sont fictives" in documents.html(content(output(), is_fictitious=True))
    assert "fictives" not in documents.html(FULL)


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("taux", 0.25, "25,0 %"),
        ("points", -0.148, "− 14,8 pts"),
        ("euros", 18450.0, "18 450 €"),
        ("euros", 1250.5, "1 250,50 €"),
        ("heures", 412.5, "412,5 h"),
        ("jours", 1, "1 jour"),
        ("note", 3.25, "3,3 / 4"),
        ("oui_non", False, "Non"),
        ("date", "2026-03-01", "1er mars 2026"),
        ("nombre", 0, "0"),
    ],
)
def test_units_read_as_french_people_write_them(unit, value, text):
    assert " ".join(documents.shown(unit, Cell(status="calcule", value=value)).split()) == text


@pytest.mark.parametrize(
    ("unit", "now", "before", "text"),
    [
        ("taux", 0.25, 0.2, "+ 5,0 pts"),
        ("nombre", 3, 5, "− 2"),
        ("nombre", 5, 5, "0"),
        ("euros", 3000.0, 0.0, "+ 3 000 €"),
        ("euros", 1250.5, 1000, "+ 250,50 €"),
        ("oui_non", True, False, ""),
        ("date", "2026-03-01", "2025-03-01", ""),
    ],
)
def test_gaps_are_in_the_unit_and_in_points_for_shares(unit, now, before, text):
    figure = Figure(
        code="X", heading="1", label="x", unit=unit,
        now=Cell(status="calcule", value=now), before=Cell(status="calcule", value=before),
    )  # fmt: skip
    assert " ".join(documents.gap(figure).split()) == text


def test_last_year_not_computable_leaves_no_gap():
    figure = Figure(
        code="X", heading="1", label="x", unit="taux",
        now=Cell(status="calcule", value=0.5), before=Cell(status="non_calculable", reason="Aucune ligne."),
    )  # fmt: skip
    assert documents.gap(figure) == ""
    assert documents.line(figure)["before"] == ""


def test_months_without_an_action_are_drawn_as_zero_up_to_the_day_of_the_figures():
    report = content(with_entry("I3.1"), None)
    rows = documents.all_months(report, report.figure("I3.1").by("mois"))
    assert [row.key for row in rows][:2] == ["2025-09", "2025-10"]
    assert len(rows) == 12
    assert next(row for row in rows if row.key == "2026-04").now.value == 0
    early = content(output(provisional=True))
    assert len(documents.all_months(early, early.figure("I3.1").by("mois"))) == 7


def test_every_chart_has_its_words_for_those_who_do_not_see_it():
    html = documents.html(FULL)
    assert html.count("<svg") >= 15
    assert html.count("<svg") == html.count("<title>") - 1  # the other is the page's
    assert "Actions par type" in html


def test_names_typed_by_users_are_escaped():
    current = with_entry("I3.1", ventilations=[
        {"axe": "evenement_national", "cle": "<script>x</script>", "statut": "calcule", "valeur": 2, "n": 2, "d": None}
    ])  # fmt: skip
    html = documents.html(content(current, own_labels={"periode": {"P01": "<img src=x>"}}))
    assert "<script>" not in html
    assert "<img" not in html


def test_keys_come_in_the_order_of_their_list():
    assert sorted(["12", "6"], key=lambda key: labels.key_rank("echeance", key)) == ["6", "12"]
    assert sorted(["bts1", "tle_pro", "cap1"], key=lambda key: labels.key_rank("niveau", key)) == [
        "cap1",
        "tle_pro",
        "bts1",
    ]
    assert labels.key_rank("classe", "A") < labels.key_rank("classe", "B")


def test_keys_have_french_names():
    assert labels.key_label("secteur", "F") == "Construction"
    assert labels.key_label("secteur", "non_renseigne") == "Non renseigné"
    assert labels.key_label("mois", "2026-01") == "janv. 2026"
    assert labels.key_label("classe", "1TMA") == "1TMA"
    for axis, keys in KEYS.items():
        if axis not in ("classe", "periode", "mois", "evenement_national"):
            assert [key for key in keys if labels.key_label(axis, key) == key] == [], axis
    assert set(labels.SHORT_HEADINGS) == set(Heading)


@pytest.mark.django_db
def test_periods_are_named_by_their_class(django_assert_num_queries):
    school = School.objects.create(uai="0021987K", name="LP", type="lp")
    school_class = SchoolClass.objects.create(
        school=school, year="2025-2026", code="1TMA", label="1re", niveau="1re_pro"
    )
    Period.objects.create(
        school=school, school_class=school_class, year="2025-2026", label="PFMP 2", dossier_id="P7",
        start_date=date(2026, 1, 12), end_date=date(2026, 2, 6),
    )  # fmt: skip
    with django_assert_num_queries(1):
        assert documents.own_labels_of(school, "2025-2026") == {"periode": {"P7": "1TMA, PFMP 2"}}
