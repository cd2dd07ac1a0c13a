"""Fictitious conventions of PFMP in a school's own name, to look at its wording. They are worth nothing, and say so."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from documents.wording import catalogue
from documents.wording.syntax import Filling
from documents.wording.texts import PaperText
from pfmp import documents, paper_text
from pfmp.documents import Alert, ConventionContent, Day, Finance, Host, Person, Pupil, Slot
from schools.models import School

LABELS = {"mineur": "Élève mineur", "majeur": "Élève majeur", "etranger": "Élève majeur, à l’étranger"}


def example(school: School, key: str) -> ConventionContent:
    """What the convention of one of the examples says."""
    minor = ConventionContent(
        number="EXEMPLE",
        version=1,
        issued_date=date(2026, 9, 21),
        year="2026-2027",
        school=documents.school_of(school),
        host=Host(
            name="Menuiserie Exemple",
            activity="Travaux de menuiserie bois",
            naf="43.32A",
            address="12 rue du Modèle, 67000 Strasbourg",
            phone="03 00 00 00 00",
            email="contact@menuiserie.example",
            representative_name="Claude Exemple",
            representative_role="gérance",
            in_alsace_moselle=True,
        ),
        pupil=Pupil(
            first_name="Camille",
            last_name="EXEMPLE",
            birth_date=date(2010, 3, 14),
            class_label="1re TMA",
            diploma="Bac pro Technicien menuisier agenceur",
            is_minor=True,
        ),
        guardian=Person(name="Dominique Exemple", phone="06 00 00 00 00"),
        tutor=Person(name="Maxime Modèle", role="chef d’atelier", email="tuteur@menuiserie.example"),
        referent=Person(name="Sacha Référent", email="referent@lycee.example"),
        period_label="PFMP 2",
        start_date=date(2027, 1, 11),
        end_date=date(2027, 2, 5),
        total_minutes=140 * 60,
        weekly_minutes=35 * 60,
        days=tuple(
            Day(weekday=n, slots=(Slot(start="08:00", end="12:00"), Slot(start="13:00", end="16:00"))) for n in range(5)
        ),
        works_at_night=False,
        works_on_sunday=False,
        works_on_holidays=False,
        activities="Débit, assemblage et pose d’ouvrages simples.",
        finance=Finance(gratification_due=False, gratification_hourly_minimum=Decimal("4.50")),
        alerts=(
            Alert(rule="R-TRAV-01", message="Des travaux réglementés sont prévus.", reason="Déclaration envoyée."),
        ),
    )
    if key == "mineur":
        return minor
    adult = replace(
        minor,
        pupil=replace(minor.pupil, birth_date=date(2007, 5, 2), is_minor=False),
        guardian=None,
        alerts=(),
        host=replace(minor.host, address="12 rue du Modèle, 02000 Laon", in_alsace_moselle=False),
    )
    if key == "majeur":
        return adult
    abroad = replace(adult.host, name="Tischlerei Muster GmbH", address="Musterweg 3, D-79098 Freiburg", is_abroad=True)
    return replace(adult, host=abroad)


def filling(school: School, key: str) -> Filling:
    return documents.filling_of(example(school, key))


def draw(school: School, key: str, text: PaperText) -> bytes:
    """The example as PDF, marked on each page."""
    return documents.render_specimen(example(school, key), text)


catalogue.register(
    paper_text.MODEL,
    catalogue.Examples(LABELS, filling, draw),
    lead="Signée pour chaque élève et chaque période, par l’organisme d’accueil, le tuteur, la famille, le référent et vous.",
)
