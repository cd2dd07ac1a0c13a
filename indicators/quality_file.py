"""The quality file that a school hands in: targets, decisions, self-evaluation and evidence of the year, heading by heading.

One frozen content gives the three files: the PDF that is kept, and the DOCX and ODT that a school may go on writing in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import Q
from django.template.loader import render_to_string

from accounts.models import User
from core import blocks, docx, french, jobs, odt, pdf, typography
from core.frozen import Frozen
from core.school_year import SchoolYear
from documents.enums import DocumentType
from documents.models import Document
from indicators import documents, labels, questions, steering
from indicators.enums import COMPLEMENTS, EIGHT, Heading, Phase
from indicators.models import Evidence
from schools.models import School

KIND = "dossier_qualite"
STYLES = ("paper", "report", "quality_file")
NO_ANSWER = "Pas de réponse."


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A question as it was asked, and what was answered this year and the year before."""

    key: str
    phase: str
    text: str
    origin: str
    answer: str = ""
    before: str = ""


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A proof: its words, and where it is (the number of a paper, an address, the name of a file)."""

    label: str
    where: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class FiledHeading:
    """The questions of a heading with what the school answered, and its proofs."""

    heading: str
    questions: tuple[Answered, ...]
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, kw_only=True)
class QualityFile(Frozen):
    """All that the file says. `report` holds the figures, the targets and the decisions."""

    schema: ClassVar[int] = 1

    kind: str
    title: str
    year: str
    report: documents.ReportContent
    headings: tuple[FiledHeading, ...]

    def of(self, heading: Heading) -> FiledHeading:
        return next(filed for filed in self.headings if filed.heading == heading.value)


def content_of(school: School, year: SchoolYear, today: date) -> QualityFile:
    """What the file of a year says, read now. Raises rules.TooEarly before the year begins."""
    report = documents.report_of(school, year, today, issued_date=today)
    answers = steering.answers_of(school, (year.code, year.previous.code))
    proofs: dict[str, list[Proof]] = {}
    for row in Evidence.objects.in_school(school).filter(year=year.code).select_related("document").order_by("pk"):
        where = str(row.document) if row.document else row.url or row.file_name
        proofs.setdefault(row.heading, []).append(Proof(label=row.label, where=where, url=row.url))
    filed = tuple(
        FiledHeading(
            heading=heading.value,
            questions=tuple(
                Answered(
                    key=question.key,
                    phase=question.phase.value,
                    text=question.text,
                    origin=question.origin,
                    answer=_text(answers.get((year.code, question.key))),
                    before=_text(answers.get((year.previous.code, question.key))),
                )
                for question in questions.of_heading(heading)
            ),
            proofs=tuple(proofs.get(heading.value, ())),
        )
        for heading in (*EIGHT, *COMPLEMENTS)
    )
    return QualityFile(kind=KIND, title=f"Dossier qualité {year.code}", year=year.code, report=report, headings=filed)


def _text(answer: Any) -> str:
    return answer.text if answer is not None else ""


def title_of(content: QualityFile) -> str:
    """The title of the file."""
    return f"{content.title}, {content.report.school_name}"


def reference_of(content: QualityFile) -> str:
    """What the foot of each page says."""
    return f"{content.report.school_name} · dossier qualité {content.year} · {french.day(content.report.as_of)}"


# ------------------------------------------------------------------------------------------------ what each part says


def _summary(content: QualityFile) -> list[dict[str, Any]]:
    """Each heading of the sheet in a line: targets reached, decisions done, questions answered, proofs."""
    return [
        {
            "number": heading.value,
            "title": labels.SHORT_HEADINGS[heading],
            "aims": _of(sum(row["state"] == "Atteint" for row in part["aims"]), len(part["aims"]), "atteint"),
            "decisions": _of(sum(bool(row.done_date) for row in part["decisions"]), len(part["decisions"]), "faite"),
            "answers": f"{part['answered']} sur {len(part['filed'].questions)}",
            "proofs": french.number(len(part["filed"].proofs)),
        }
        for heading in EIGHT
        if (part := _part(content, heading))
    ]


def _of(done: int, total: int, word: str) -> str:
    return f"{done} sur {french.plural(total, word)}" if total else "aucun" + ("e" if word.endswith("e") else "")


def _part(content: QualityFile, heading: Heading) -> dict[str, Any]:
    """A heading with all that the three files say of it."""
    report, filed = content.report, content.of(heading)
    figures = [figure for figure in report.figures if figure.heading == heading.value]
    lines = []
    for figure in figures:
        aim = report.aim(figure.code)
        lines.append(
            {
                **documents.line(figure),
                "plain_code": figure.code,
                "aim": documents.written(figure.unit, float(aim.value)) if aim else "",
                "why": aim.reason if aim else "",
                "state": documents.reached(figure, aim, is_provisional=report.is_provisional) if aim else "",
            }
        )
    pictures = documents.PICTURES[heading]
    return {
        "heading": heading,
        "number": heading.value if heading in EIGHT else "",
        "title": typography.french(heading.label),
        "filed": filed,
        "lines": lines,
        "aims": [line for line in lines if line["aim"]],
        "answered": sum(bool(question.answer) for question in filed.questions),
        "moments": [
            (phase.label, asked)
            for phase in Phase
            if (asked := [question for question in filed.questions if question.phase == phase.value])
        ],
        "decisions": [decision for decision in report.decisions if decision.heading == heading.value],
        "picture": next((made for picture in pictures if (made := documents.drawn(report, picture))), None),
    }


# ---------------------------------------------------------------------------------------------------------- the PDF


def html(content: QualityFile) -> str:
    """The page that becomes the PDF."""
    report = content.report
    return render_to_string(
        "pdf/quality_file.html",
        {
            "content": content,
            "report": report,
            "title": title_of(content),
            "as_of": typography.long_date(report.as_of),
            "before_label": report.previous_year,
            "summary": _summary(content),
            "parts": [_part(content, heading) for heading in EIGHT],
            "complements": [part for heading in COMPLEMENTS if _says_something(part := _part(content, heading))],
            "no_answer": NO_ANSWER,
            "common": [typography.french(rule) for rule in documents.common_rules()],
        },
    )


def _says_something(part: dict[str, Any]) -> bool:
    """A complement is filed only when the school aimed at something there, decided or proved it."""
    return bool(part["aims"] or part["decisions"] or part["filed"].proofs)


def render(content: QualityFile) -> bytes:
    """The PDF/UA-1 file; the same content gives the same bytes."""
    return pdf.render(html(content), title=title_of(content), styles=STYLES)


# ------------------------------------------------------------------------------------------- for word processors


def as_docx(content: QualityFile, *, now: datetime) -> bytes:
    """The file for Word; `now` is the moment written in its properties."""
    return docx.report(blocks_of(content), title=title_of(content), reference=reference_of(content), now=now)


def as_odt(content: QualityFile, *, now: datetime) -> bytes:
    """The file for LibreOffice; `now` is the moment written in its properties."""
    return odt.report(blocks_of(content), title=title_of(content), reference=reference_of(content), now=now)


def blocks_of(content: QualityFile) -> Iterator[blocks.Block]:
    """The same file as the PDF, as blocks for a word processor: what is drawn there is in the tables here."""
    report = content.report
    place = [report.city or "", f"académie de {report.academy}" if report.academy else "", f"UAI {report.uai}"]
    yield blocks.Heading(f"Dossier qualité {content.year}", 0)
    yield blocks.Paragraph(report.school_name, "strong")
    yield blocks.Paragraph(" · ".join(part for part in place if part), "soft")
    yield blocks.Paragraph(
        typography.french(
            "Fiche QualÉduc 2.5 « Faire vivre les réseaux et les partenariats » : objectifs, décisions, auto-évaluation et preuves."
        )
    )
    yield blocks.Paragraph(_standing(content), "soft")
    if report.is_fictitious:
        yield blocks.Paragraph("Établissement de démonstration : toutes les données sont fictives.", "strong")
    yield blocks.Table(
        "Les huit rubriques",
        ("Rubrique", "Objectifs", "Décisions", "Questions répondues", "Preuves"),
        [
            (f"{row['number']}. {row['title']}", row["aims"], row["decisions"], row["answers"], row["proofs"])
            for row in _summary(content)
        ],
        (6.2, 3.2, 3.2, 2.9, 1.5),
        frozenset({4}),
    )
    parts = [_part(content, heading) for heading in EIGHT]
    parts += [part for heading in COMPLEMENTS if _says_something(part := _part(content, heading))]
    for part in parts:
        yield from _part_blocks(content, part)
    yield blocks.Heading("Comment lire ces chiffres", 1)
    yield blocks.Bullets([typography.french(rule) for rule in documents.common_rules()])


def _standing(content: QualityFile) -> str:
    report = content.report
    said = f"Chiffres arrêtés au {typography.long_date(report.as_of)}"
    if report.sealed_date:
        return f"{said}, ceux de l’année close, scellés le {french.day(report.sealed_date)}."
    return f"{said}, provisoires." if report.is_provisional else f"{said}."


def _part_blocks(content: QualityFile, part: dict[str, Any]) -> Iterator[blocks.Block]:
    before = content.report.previous_year or "An dernier"
    number = f"{part['number']}. " if part["number"] else ""
    yield blocks.Heading(f"{number}{part['title']}", 1, opens_page=True)
    yield blocks.Table(
        "Indicateurs et objectifs",
        ("Indicateur", "Valeur", "n / d", before, "Objectif", "Résultat"),
        [
            (
                f"{line['plain_code']} {line['label']}" + (f"\n{line['why']}" if line["why"] else ""),
                line["value"],
                line["ratio"],
                line["before"],
                line["aim"],
                line["state"],
            )
            for line in part["lines"]
        ],
        (6.0, 2.6, 2.2, 2.2, 2.0, 2.0),
        frozenset({1, 2, 3, 4}),
    )
    for moment, asked in part["moments"]:
        yield blocks.Heading(moment, 2)
        for question in asked:
            yield blocks.Paragraph(question.text, "strong")
            yield blocks.Paragraph(f"{question.origin.capitalize()}.", "soft")
            yield blocks.Paragraph(question.answer or NO_ANSWER)
            if question.before:
                yield blocks.Paragraph(f"{before} : {question.before}", "soft")
    if part["decisions"]:
        yield blocks.Table(
            "Décisions",
            ("Décision", "Par", "Pour le", "Faite le", "Résultat"),
            [
                (
                    decision.label,
                    decision.owner,
                    french.short_day(decision.due_date, year=True),
                    french.short_day(decision.done_date, year=True) or "pas encore",
                    decision.outcome,
                )
                for decision in part["decisions"]
            ],
            (5.6, 3.0, 2.1, 2.1, 4.2),
        )
    if part["filed"].proofs:
        yield blocks.Heading("Preuves", 2)
        yield blocks.Bullets(
            [f"{proof.label} : {proof.where}" if proof.where else proof.label for proof in part["filed"].proofs]
        )


# --------------------------------------------------------------------------------------------------------- the job


def write(school: School, year: SchoolYear, today: date, *, by: User | None, now: datetime) -> Document:
    """The body of the job that makes the quality file of a year: frozen, numbered, its PDF kept.

    A later file of the same year is a new edition of the first.
    """
    jobs.progress(0, 4, "Calcul des indicateurs")
    content = content_of(school, year, today)
    jobs.progress(2, 4, "Mise en page")
    paper = render(content)
    jobs.progress(4, 4, "Terminé")
    said = f"Dossier qualité {year.code}, chiffres arrêtés au {french.day(content.report.as_of)}."
    name = f"dossier-qualite-{school.uai}-{year.code}.pdf"
    with jobs.closing(jobs.Result(said, file=paper, name=name)):
        return documents.keep(
            school,
            content,
            paper,
            type=DocumentType.OTHER,
            same=Q(content__kind=KIND, content__year=year.code),
            template_version=content.report.definitions_version,
            by=by,
            now=now,
        )
