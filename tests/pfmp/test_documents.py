"""The convention: what it says, to whom, and that it prints well."""

import io
import json
import subprocess
from dataclasses import replace
from datetime import date
from html import unescape

import page
import pytest
from django.utils.html import strip_tags
from pypdf import PdfReader

from core import pdf
from core.frozen import SchemaError
from documents.wording import syntax
from documents.wording.texts import PaperTextError
from partners.models import Contact, Partner
from pfmp import documents, paper_text, rules
from pfmp.documents import ConventionContent
from pfmp.models import Period, Placement
from schools.models import Membership, School, SchoolClass, Student
from tests.pfmp.conftest import printed
from tests.pfmp.papers import ADULT, BARE, EXTREME, ORDINARY


def words(html: str) -> str:
    """The text of a page, with plain spaces."""
    return " ".join(unescape(strip_tags(html)).split())


# The model


def test_the_model_has_the_21_articles_of_the_regulation():
    model = paper_text.MODEL.default()
    assert [article.number for article in model.articles] == list(range(1, 22))
    assert set(model.annexes) == {"absences", "follow_up", "evaluation", "tutor_safety"}
    texts = [article.text for article in model.articles] + list(model.annexes.values()) + list(model.visas)
    assert [paper_text.MODEL.text_problems(text) for text in texts] == [[] for _ in texts]


@pytest.mark.parametrize(
    ("number", "points"),
    [
        (2, ["L124-1", "poste permanent"]),
        (3, ["annexe pédagogique", "annexe financière", "représentant légal", "cinq signatures", "copie", "avenant"]),
        (4, ["tuteur", "trois stagiaires", "registre"]),
        (5, ["statut scolaire", "effectif", "secret professionnel", "discriminations", "harcèlements", "référent"]),
        (6, ["2023-765", "11 août 2023", "article 21"]),
        (7, ["quarante-quatre jours", "308 heures", "15 %", "n'est pas un salaire"]),
        (9, ["moyenne", "nommément"]),
        (10, ["huit heures", "trente-cinq heures", "trente minutes", "vingt-deux heures", "douze heures", "dimanche"]),
        (10, ["fériés", "Aucune dérogation"]),
        (12, ["équipements de protection", "formation renforcée", "suspendre"]),
        (13, ["inspection du travail", "trois ans", "avis médical", "contrôle permanent"]),
        (14, ["carnet individuel de formation", "sous tension"]),
        (15, ["L412-8", "quarante-huit heures", "dimanches et jours fériés", "copie au chef d'établissement"]),
        (16, ["grossesse", "deux mois"]),
        (17, ["assuré", "assurance"]),
        (18, ["première partie", "rencontre au moins une fois"]),
        (20, ["report", "L124-15"]),
        (21, ["Le dernier jour", "durée effective", "D124-9"]),
    ],
)
def test_each_article_carries_its_points(number, points):
    text = paper_text.MODEL.default().articles[number - 1].text.lower()
    assert [point for point in points if point.lower() not in text] == []


def test_a_school_replaces_one_article_and_keeps_the_others():
    own = paper_text.MODEL.default().with_own({"8": "Texte du lycée {{ etablissement }}."}, version="0021987K-3")
    html = documents.html(ORDINARY, own)
    assert "Texte du lycée Lycée professionnel Jeanne-Barret." in html
    assert "modèle 0021987K-3" in html
    assert own.articles[8] == paper_text.MODEL.default().articles[8]


@pytest.mark.parametrize("version", ["0", "2", "../1", ""])
def test_a_model_that_does_not_exist_is_said(version):
    with pytest.raises(PaperTextError, match="pas de version"):
        paper_text.MODEL.default(version)


@pytest.mark.parametrize("key", ["0", "22", "visas", "autre"])
def test_an_article_that_the_model_has_not_is_refused(key):
    with pytest.raises(PaperTextError, match="n’a pas de texte"):
        paper_text.MODEL.default().with_own({key: "Texte."}, version="2")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "vide"),
        ("   \n ", "vide"),
        ("Bonjour {{ motdepasse }}", "motdepasse"),
        ("Bonjour {{ eleve", "accolade"),
        ("{{ eleve.nom }}", "accolade"),
        ("a" * 6001, "6000"),
    ],
)
def test_a_text_that_cannot_be_printed_says_why(text, problem):
    assert problem in " ".join(paper_text.MODEL.text_problems(text))
    with pytest.raises(PaperTextError):
        paper_text.MODEL.default().with_own({"1": text}, version="2")


def test_html_and_template_tags_of_users_are_only_text():
    hostile = '<script>alert(1)</script> <img src="file:///etc/passwd"> & « a »'
    own = paper_text.MODEL.default().with_own({"1": hostile}, version="2")
    content = replace(
        ORDINARY,
        activities=hostile,
        host=replace(ORDINARY.host, name=hostile),
        alerts=(replace(ORDINARY.alerts[0], reason=hostile),),
    )
    html = documents.html(content, own)
    assert "<script>" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


def test_lines_are_paragraphs_and_dashes_are_items():
    blocks = syntax.blocks("Un :\n- deux\n- trois\n\nQuatre.")
    assert [(block.is_list, [str(line) for line in block.lines]) for block in blocks] == [
        (False, ["Un\u00a0:"]),
        (True, ["deux", "trois"]),
        (False, ["Quatre."]),
    ]


# What the paper says


def test_the_paper_names_everyone_and_everything():
    html = words(documents.html(ORDINARY))
    for part in (
        "Lycée professionnel Jeanne-Barret", "Hélène Vasseur, proviseure", "Menuiserie Boisclair & Fils",
        "000 029 843 00018", "Paul Boisclair, gérant", "MEZIANE Rayan", "14 mars 2009", "Claire Dumont",
        "Sofia Benamar", "lundi 12 janvier 2026", "vendredi 6 février 2026", "140 h, soit 20 jours de 7 h",
        "35 h", "Débiter et corroyer", "C4 – Poser un ouvrage", "Mutuelle du Bâtiment", "2025-778 412",
        "6 novembre 2025", "N° 2026-0142", "Le tuteur suit déjà trois stagiaires", "Second compagnon présent",
    ):  # fmt: skip
        assert part in html, part


def test_the_minor_s_convention_names_the_legal_representative_who_signs():
    html = documents.html(ORDINARY)
    assert html.count("Nadia Meziane") == 2  # among the parties, and in the box
    assert "Le représentant légal de l’élève" in html
    assert "peut signer aussi" in html


def test_the_adult_s_convention_does_not():
    html = documents.html(ADULT)
    assert "Nadia" not in html
    assert "Le représentant légal" not in html


def test_an_unknown_age_leaves_the_legal_representative_to_fill_in():
    html = documents.html(BARE)
    assert "Le représentant légal, si l’élève est mineur" in html
    assert "L’élève majeur, ou son représentant légal" in html


@pytest.mark.parametrize("content", [ORDINARY, ADULT, BARE, EXTREME], ids=["ordinary", "adult", "bare", "extreme"])
def test_there_are_five_signature_boxes_and_the_head_is_the_last(content):
    boxes = documents.html(content).split('<div class="sign">')[1:]
    assert len(boxes) == 5
    assert "Le chef d’établissement" in boxes[-1]


def test_what_is_missing_is_a_dotted_line_never_a_word():
    html = documents.html(BARE)
    assert "None" not in html
    assert html.count('class="blank') > 30
    assert words(html).count("□ oui □ non") == 3, words(html)
    assert "facultative" not in html  # whether the gratification is due is not known


def test_an_obligatory_gratification_is_said_with_its_minimum():
    assert "Obligatoire (plus de 308 heures dans l’année), au moins 4,50 € par heure" in words(documents.html(EXTREME))


def test_an_avenant_names_the_convention_that_it_changes():
    avenant = replace(ORDINARY, amends_number="2026-0101", amendment_reason="report d'une semaine")
    said = words(documents.html(avenant))
    assert "Avenant n° 2026-0142 à la convention n° 2026-0101" in said and "report d'une semaine" in said
    assert documents.title_of(avenant).startswith("Avenant n° 2026-0142 à la convention de PFMP n° 2026-0101")


def test_hours_that_pass_midnight_count_on_the_day_they_start():
    assert documents.Slot(start="22:00", end="02:00").minutes == 240
    assert documents.Slot(start="18:00", end="24:00").minutes == 360


# JSON


@pytest.mark.parametrize("content", [ORDINARY, ADULT, BARE, EXTREME], ids=["ordinary", "adult", "bare", "extreme"])
def test_the_content_comes_back_the_same_from_json(content):
    assert ConventionContent.from_json(json.loads(json.dumps(content.to_json()))) == content


@pytest.mark.parametrize(
    "change",
    [{"schema": 2}, {"schema": None}, {"unknown": 1}, {"start_date": "2026-13-01"}, {"host": {}}],
)
def test_json_of_another_shape_is_refused(change):
    with pytest.raises(SchemaError):
        ConventionContent.from_json({**ORDINARY.to_json(), **change})


# The file


@pytest.mark.parametrize("content", [ORDINARY, ADULT, BARE, EXTREME], ids=["ordinary", "adult", "bare", "extreme"])
def test_the_file_is_of_three_to_five_pages_and_conforms_to_pdf_ua(content):
    file = documents.render(content)
    assert 3 <= pdf.page_count(file) <= 5
    report = page.validate_pdf_bytes(file, profile="ua1")
    assert (report.rules.failed, [failure.message for failure in report.failures]) == (0, [])
    text = printed(file)
    assert f"page 1 / {pdf.page_count(file)}" in text
    assert f"n° {content.number}, version {content.version}" in text
    assert "None" not in text


def test_the_signatures_stay_on_one_page():
    for content in (ORDINARY, BARE, EXTREME):
        sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(documents.render(content))).pages]
        assert ["Signatures" in sheet for sheet in sheets].count(True) == 1
        last = sheets[-1]
        assert "L’organisme d’accueil" in last
        assert "Le chef d’établissement" in last


def test_the_same_content_gives_the_same_file():
    assert documents.render(ORDINARY) == documents.render(ConventionContent.from_json(ORDINARY.to_json()))


def test_a_class_is_one_file_where_each_convention_opens_a_sheet():
    file = documents.render_print_file([ORDINARY, EXTREME, BARE], title="Conventions de la 1re TMA")
    single = [pdf.page_count(documents.render(content)) for content in (ORDINARY, EXTREME, BARE)]
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(file)).pages]
    starts = [number for number, text in enumerate(sheets) if "page 1 /" in " ".join(text.split())]
    assert len(starts) == 3
    assert all(start % 2 == 0 for start in starts)
    assert pdf.page_count(file) == sum(count + count % 2 for count in single[:2]) + single[2]
    assert page.validate_pdf_bytes(file, profile="ua1").rules.failed == 0


def test_nothing_is_lost_in_black_and_white(tmp_path):
    """No colour is used: the paper says the same on a photocopier."""
    (tmp_path / "paper.pdf").write_bytes(documents.render(ORDINARY))
    subprocess.run(["pdftoppm", "-r", "40", tmp_path / "paper.pdf", tmp_path / "sheet"], check=True)
    for sheet in tmp_path.glob("*.ppm"):
        pixels = sheet.read_bytes().split(b"\n", 3)[3]
        assert all(pixels[i] == pixels[i + 1] == pixels[i + 2] for i in range(0, len(pixels), 3))


# From a placement


@pytest.fixture
def placement(db):
    school = School.objects.create(
        uai="0021987K", name="LP Jeanne-Barret", type="lp", address="14 rue des Tanneurs", postal_code="02000",
        city="Laon", head_name="Hélène Vasseur", board_vote_date=date(2025, 11, 6),
    )  # fmt: skip
    school_class = SchoolClass.objects.create(
        school=school, year="2025-2026", code="1TMA", label="1re TMA", niveau="1re_pro", diploma="Bac pro TMA"
    )
    student = Student.objects.create(
        school=school, last_name="MEZIANE", first_name="Rayan", birth_date=date(2008, 1, 20), guardian_name="N. Meziane"
    )
    partner = Partner.objects.create(
        school=school, name="Menuiserie Boisclair", siret="00002984300018", naf="43.32A", city="Évreux"
    )
    Contact.objects.create(school=school, partner=partner, last_name="Ancien", role="dirigeant", is_active=False)
    Contact.objects.create(
        school=school, partner=partner, last_name="Boisclair", first_name="Paul", role="dirigeant", position="gérant"
    )
    tutor = Contact.objects.create(school=school, partner=partner, last_name="Dumont", first_name="Claire")
    Membership.objects.create(
        school=school,
        email="Sofia.Benamar@academie.example",
        last_name="Benamar",
        first_name="Sofia",
        role="enseignant",
    )
    period = Period.objects.create(
        school=school, school_class=school_class, year="2025-2026", label="PFMP 2", start_date=date(2026, 1, 12),
        end_date=date(2026, 2, 6),
    )  # fmt: skip
    return Placement.objects.create(
        school=school, period=period, student=student, partner=partner, tutor=tutor,
        referent_email="sofia.benamar@academie.example ", start_date=date(2026, 1, 12), end_date=date(2026, 2, 6),
        tasks="Débit\nPose", accepted_alerts={"R-TUT-01": "Second compagnon.", "R-OLD-01": "Ne joue plus."},
        timetable="lun 08:00-12:00 13:00-16:00; mar 08:00-12:00 13:00-16:00; mer 08:00-12:00; sauf fériés",
    )  # fmt: skip


def content_of(placement: Placement, **changes: object) -> ConventionContent:
    loaded = documents.with_relations(Placement.objects.in_school(placement.school)).get(pk=placement.pk)
    arguments = {
        "number": "2026-0001",
        "version": 1,
        "issued_date": date(2025, 12, 15),
        "checked": rules.CheckResult(
            problems=[rules.Problem("R-TUT-01", rules.Level.WARNING, "Le tuteur suit trois stagiaires.")], unchecked=[]
        ),
        "referents": documents.referents_of([loaded]),
        **changes,
    }
    return documents.content_of(loaded, **arguments)


def test_a_placement_becomes_content(placement):
    content = content_of(placement)
    assert content.school.address == "14 rue des Tanneurs, 02000 Laon"
    assert content.host.representative_name == "Paul Boisclair"
    assert content.referent.name == "Sofia Benamar"
    assert content.tutor.name == "Claire Dumont"
    assert content.tutor.email is None
    assert content.pupil.diploma == "Bac pro TMA"
    assert content.weekly_minutes == 18 * 60
    assert content.total_minutes == 4 * 18 * 60
    assert (content.works_at_night, content.works_on_sunday, content.works_on_holidays) == (False, False, False)
    assert [(alert.rule, alert.reason) for alert in content.alerts] == [("R-TUT-01", "Second compagnon.")]
    assert content.finance.gratification_due is False


def test_a_pupil_is_minor_when_minor_at_the_signature_or_at_the_start(placement):
    assert content_of(placement).pupil.is_minor is True  # eighteen on 20 January, eight days after the start
    assert content_of(placement).guardian.name == "N. Meziane"
    placement.student.birth_date = date(2007, 12, 1)
    placement.student.save()
    assert content_of(placement).pupil.is_minor is False
    assert content_of(placement).guardian is None
    placement.student.birth_date = None
    placement.student.save()
    assert content_of(placement).pupil.is_minor is None


def test_hours_that_cannot_be_read_are_printed_as_typed(placement):
    placement.timetable = "comme l'atelier"
    placement.save()
    content = content_of(placement)
    assert (content.total_minutes, content.days) == (None, ())
    assert "Horaires saisis : comme l'atelier." in words(documents.html(content))


def test_the_gratification_follows_the_rules(placement):
    due = rules.CheckResult([rules.Problem("R-GRAT-01", rules.Level.WARNING, "Plus de 308 h.")], [])
    unknown = rules.CheckResult([], [rules.Unchecked("R-GRAT-01", "horaires")])
    assert content_of(placement, checked=due).finance.gratification_due is True
    assert content_of(placement, checked=unknown).finance.gratification_due is None


def test_a_class_costs_as_many_queries_as_one_pupil(placement, django_assert_num_queries):
    with django_assert_num_queries(3):  # placements, contacts, staff
        content_of(placement)
    for number in range(5):
        student = Student.objects.create(school=placement.school, last_name=f"N{number}", first_name="P")
        Placement.objects.create(
            school=placement.school, period=placement.period, student=student, partner=placement.partner,
            referent_email="sofia.benamar@academie.example", start_date=date(2026, 1, 12), end_date=date(2026, 2, 6),
        )  # fmt: skip
    with django_assert_num_queries(3):
        found = list(documents.with_relations(Placement.objects.in_school(placement.school)))
        referents = documents.referents_of(found)
        contents = [
            documents.content_of(
                one,
                number="1",
                version=1,
                issued_date=date(2026, 1, 5),
                checked=rules.CheckResult([], []),
                referents=referents,
            )
            for one in found
        ]
    assert len(contents) == 6
