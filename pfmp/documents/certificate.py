"""The attestation that a host gives at the end of a stay (D124-9, R-ATT-01 to 04): what it says, and its paper.

Two quantities are printed apart: days of presence, which the allowance pays, and effective hours with the days of 7 h that they
make (D124-6). Hours are printed only where the arithmetic that gives them is also that of the days.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from django.template.loader import render_to_string
from django.urls import reverse

from core import jobs, pdf, typography
from core.frozen import Frozen
from documents import verifying
from documents.drawing import Paper
from documents.enums import DocumentType, SignatureRole
from documents.models import Document
from documents.printing import long_day, siret_in_groups
from documents.subjects import Mark
from documents.wording import syntax
from documents.wording.texts import Model, PaperText
from pfmp import paper_text
from pfmp.enums import PeriodKind


@dataclass(frozen=True, kw_only=True)
class School:
    name: str
    uai: str
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class Host:
    """The organisation and who signs for it: its own head, or someone whom it authorises (R-ATT-03)."""

    name: str
    siret: str | None = None
    address: str | None = None
    representative_name: str | None = None
    representative_role: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pupil:
    first_name: str
    last_name: str
    birth_date: date | None = None
    class_label: str | None = None
    diploma: str | None = None


@dataclass(frozen=True, kw_only=True)
class CertificateContent(Frozen):
    """Every name, date and number of an attestation. `minutes`: effective hours, None when they are not counted."""

    number: str
    version: int
    issued_date: date
    year: str
    kind: str
    school: School
    host: Host
    pupil: Pupil
    period_label: str
    start_date: date
    end_date: date
    days: int
    minutes: int | None = None
    days_of_7h: int | None = None
    gratuity: Decimal | None = None  # in all, in euros; None when none is known
    has_gratuity: bool = False
    pays_allowance: bool = True
    convention_number: str | None = None
    verify_url: str | None = None


KINDS = MappingProxyType(
    {
        PeriodKind.PFMP.value: ("de période de formation en milieu professionnel", "une période de formation en milieu professionnel"),
        PeriodKind.BTS.value: ("de stage", "un stage en milieu professionnel"),
        PeriodKind.OBSERVATION_3E.value: ("de séquence d’observation", "une séquence d’observation en milieu professionnel"),
        PeriodKind.OBSERVATION_2GT.value: ("de séquence d’observation", "une séquence d’observation en milieu professionnel"),
        PeriodKind.OBSERVATION.value: ("de période d’observation", "une période d’observation en milieu professionnel"),
    }
)  # fmt: skip
"""By kind of period: how the title ends, how the sentence names the stay."""

MODEL = Model(
    type=DocumentType.PFMP_CERTIFICATE,
    name="Attestation de PFMP",
    folder=Path(paper_text.__file__).parent,
    stem="certificate",
    current="1",
    variables={
        "etablissement": "nom de l’établissement",
        "organisme": "raison sociale de l’organisme d’accueil",
        "eleve": "prénom et nom de l’élève",
        "nature": "ce que l’élève a effectué",
        "date_debut": "premier jour",
        "date_fin": "dernier jour",
    },
    titles={"statement": "Ce qui est attesté", "allowance": "Allocation de l’État"},
)
STYLES = ("paper", "convention", "certificate")
FIT = pdf.Fit(pages=2, dense="certificate")


def title_of(content: CertificateContent) -> str:
    """The title of the file, as readers and screen readers announce it."""
    return f"Attestation n° {content.number}, {content.pupil.first_name} {content.pupil.last_name}"


def filling_of(content: CertificateContent) -> syntax.Filling:
    return syntax.Filling(
        {
            "etablissement": content.school.name,
            "organisme": content.host.name,
            "eleve": f"{content.pupil.first_name} {content.pupil.last_name}",
            "nature": KINDS.get(content.kind, KINDS[PeriodKind.PFMP.value])[1],
            "date_debut": typography.long_date(content.start_date),
            "date_fin": typography.long_date(content.end_date),
        }
    )


def html(content: CertificateContent, text: PaperText | None = None, marks: Sequence[Mark] = ()) -> str:
    """The page that becomes the paper; `marks`: who signed, and how."""
    text = text or MODEL.default()
    filling = filling_of(content)
    return render_to_string(
        "pdf/certificate.html",
        {
            "content": content,
            "title": title_of(content),
            "heading": f"{text.title} {KINDS.get(content.kind, KINDS[PeriodKind.PFMP.value])[0]}",
            "visas": text.printed_visas(filling),
            "statement": syntax.blocks(text.annexes["statement"], filling),
            "allowance": syntax.blocks(text.annexes["allowance"], filling) if content.pays_allowance else (),
            "parties": [
                ("L’organisme d’accueil", _host_rows(content.host)),
                ("L’élève", _pupil_rows(content.pupil)),
                ("L’établissement", _school_rows(content.school)),
            ],
            "rows": _duration_rows(content),
            "signatures": [
                {
                    "role": "Pour l’organisme d’accueil, le responsable autorisé",
                    "name": content.host.representative_name,
                    "more": f"Signature et cachet{typography.NO_BREAK}:",
                    "marks": [mark for mark in marks if mark.role == SignatureRole.HOST],
                }
            ],
            "verify": verifying.printed(content.verify_url),
        },
    )


Rows = list[tuple[str, str | None]]


def _host_rows(host: Host) -> Rows:
    return [
        ("Dénomination", host.name),
        ("Adresse", host.address),
        ("Immatriculation", f"SIRET {siret_in_groups(host.siret)}" if host.siret else None),
        ("Représenté par", host.representative_name),
        ("Fonction", host.representative_role),
    ]


def _pupil_rows(pupil: Pupil) -> Rows:
    return [
        ("Nom", pupil.last_name),
        ("Prénom", pupil.first_name),
        ("Né(e) le", long_day(pupil.birth_date)),
        ("Classe", pupil.class_label),
        *([("Diplôme", pupil.diploma)] if pupil.diploma else []),
    ]


def _school_rows(school: School) -> Rows:
    return [("Nom", school.name), ("Adresse", school.address), ("UAI", school.uai)]


def _duration_rows(content: CertificateContent) -> list[tuple[str, str | None, str]]:
    """Label, value (None: a line to fill), what it means."""
    plural = "s" if content.days > 1 else ""
    rows: list[tuple[str, str | None, str]] = [
        (
            "Durée effective",
            f"{content.days}{typography.NO_BREAK}jour{plural} de présence",
            "Jours entiers ; absences exclues.",
        )
    ]
    if content.minutes is not None and content.days_of_7h is not None:
        whole = content.days_of_7h
        rows.append(
            (
                "Heures effectives",
                typography.hours(content.minutes),
                f"Soit {whole}{typography.NO_BREAK}jour{'s' if whole > 1 else ''} de 7{typography.NO_BREAK}h, au sens de l’article D124-6.",
            )
        )
    if content.gratuity is not None:
        rows.append(
            ("Gratification versée", f"{typography.number(content.gratuity, 2)}{typography.NO_BREAK}€", "En tout.")
        )
    elif content.has_gratuity:
        rows.append(("Gratification versée", None, "Montant total, en euros."))
    else:
        rows.append(("Gratification versée", "aucune prévue", "Rayez et indiquez le montant total s’il y en a eu une."))
    return rows


PAPER = Paper(CertificateContent, MODEL, html, title_of, STYLES, FIT)


def make_file(document_id: int) -> jobs.Result:
    """The body of the job that makes the PDF of an attestation; its result leads to the file."""
    document = Document.objects.select_related("school").get(pk=document_id)
    PAPER.render_and_store(document)
    url = reverse("documents:document_file", args=[document.school.uai, document.public_id])
    return jobs.Result("L’attestation est prête.", data={"url": url, "label": "Télécharger l’attestation"})


def render_class(documents: Iterable[Document], *, title: str) -> bytes:
    """The attestations of a class as one PDF to print, each on a new sheet; tells the job how far it is."""
    found = list(documents)

    def composed() -> Iterator[str]:
        for number, document in enumerate(found):
            jobs.progress(number, len(found), "Les attestations sont réunies une à une.")
            yield PAPER.draw_signed(document, ()).html

    return pdf.combine(composed(), title=title, styles=STYLES, fit=FIT, start_on_recto=True)
