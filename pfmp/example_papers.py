"""Fictitious conventions of PFMP in a school's own name, to look at its wording. They are worth nothing, and say so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from documents.wording import catalogue
from documents.wording.syntax import Filling
from documents.wording.texts import PaperText
from pfmp import documents, paper_text
from pfmp.documents import Alert, ConventionContent, Day, Finance, Host, Person, Pupil, Slot
from pfmp.enums import PeriodKind
from schools.models import School

LABELS = {"mineur": "Élève mineur", "majeur": "Élève majeur", "etranger": "Élève majeur, à l’étranger"}
LABELS_OF_BTS = {"majeur": "Étudiant majeur", "mineur": "Étudiant mineur", "etranger": "Étudiant majeur, à l’étranger"}
LABELS_OF_OBSERVATION = {"mineur": "Élève de moins de 15 ans", "majeur": "Élève majeur"}

CLASSES = {
    PeriodKind.BTS: ("BTS 1 MCO", "BTS Management commercial opérationnel"),
    PeriodKind.OBSERVATION_3E: ("3e prépa-métiers", "3e prépa-métiers"),
    PeriodKind.OBSERVATION_2GT: ("2de 4", "2de générale et technologique"),
    PeriodKind.OBSERVATION: ("2de 4", "2de générale et technologique"),
}
"""The class and formation of each example."""

PERIODS = {
    PeriodKind.BTS: ("Stage 1", date(2027, 1, 11), date(2027, 2, 19), 6),
    PeriodKind.OBSERVATION_3E: ("Séquence d’observation", date(2027, 2, 1), date(2027, 2, 5), 1),
    PeriodKind.OBSERVATION_2GT: ("Séquence d’observation", date(2027, 6, 14), date(2027, 6, 25), 2),
    PeriodKind.OBSERVATION: ("Observation", date(2027, 4, 12), date(2027, 4, 16), 1),
}


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


def example_of(kind: PeriodKind) -> Callable[[School, str], ConventionContent]:
    """What fills the example of a kind of stay, from the school and the key of the case."""
    if kind is PeriodKind.PFMP:
        return example

    def build(school: School, key: str) -> ConventionContent:
        base = example(school, key)
        class_label, diploma = CLASSES[kind]
        period, start, end, weeks = PERIODS[kind]
        born = base.pupil.birth_date if key != "mineur" or kind is PeriodKind.BTS else date(2012, 9, 14)
        hours = 35 if key != "mineur" or kind is PeriodKind.BTS else 30
        day = ("08:00", "12:00"), ("13:00", "16:00") if hours == 35 else ("13:00", "15:00")
        return replace(
            base,
            kind=kind.value,
            pupil=replace(base.pupil, class_label=class_label, diploma=diploma, birth_date=born),
            period_label=period,
            start_date=start,
            end_date=end,
            weekly_minutes=hours * 60,
            total_minutes=hours * 60 * weeks,
            days=tuple(Day(weekday=n, slots=tuple(Slot(start=a, end=b) for a, b in day)) for n in range(5)),
            activities=base.activities
            if kind is PeriodKind.BTS
            else "Les métiers de l’atelier, de la commande à la pose ; la sécurité ; l’accueil des clients.",
            alerts=(),
        )

    return build


def examples_of(kind: PeriodKind) -> catalogue.Examples:
    """The examples of a kind of stay; the PDF is marked on each page."""
    build = example_of(kind)
    labels = {PeriodKind.PFMP: LABELS, PeriodKind.BTS: LABELS_OF_BTS}.get(kind, LABELS_OF_OBSERVATION)

    def filling(school: School, key: str) -> Filling:
        return documents.filling_of(build(school, key))

    def draw(school: School, key: str, text: PaperText) -> bytes:
        return documents.render_specimen(build(school, key), text)

    return catalogue.Examples(labels, filling, draw)


LEADS = {
    PeriodKind.BTS: "Signée pour chaque étudiant de BTS et chaque stage.",
    PeriodKind.OBSERVATION_3E: "Signée pour chaque élève de 3e qui observe une entreprise pendant cinq jours : il n’y travaille pas.",
    PeriodKind.OBSERVATION_2GT: "Signée pour chaque élève de 2de générale et technologique, pour les deux semaines de juin.",
    PeriodKind.OBSERVATION: "Signée pour un élève qui observe une entreprise pendant les vacances, une semaine au plus.",
}

for _kind, _lead in LEADS.items():
    catalogue.register(paper_text.MODELS[_kind], examples_of(_kind), lead=_lead)

catalogue.register(
    paper_text.MODEL,
    examples_of(PeriodKind.PFMP),
    lead="Signée pour chaque élève et chaque période, par l’organisme d’accueil, le tuteur, la famille, le référent et vous.",
)
