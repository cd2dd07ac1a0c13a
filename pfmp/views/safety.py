"""Regulated works: declarations, opinions and trainings of a class, the sheet of a pupil; country sheets."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import countries, notices
from core.french import plural
from core.school_year import SchoolYear
from core.verdict import Verdict, demand
from partners.views.records import initial_partner
from pfmp import permissions, safety
from pfmp.enums import MedicalOutcome, TrainingKind
from pfmp.forms.safety import (
    CommonDay,
    CountrySheetForm,
    MedicalOpinionForm,
    PupilLine,
    TrainingForm,
    WorksDeclarationForm,
)
from pfmp.models import CountrySheet, MedicalOpinion, Placement, Terms, Training, WorksDeclaration
from pfmp.rules import works
from schools.middleware import SchoolRequest
from schools.models import SchoolClass, Schooling, Student
from schools.pages import Column, Fact, RecordPages
from schools.permissions import allows, may_see_contacts, visible_students
from schools.roles import Permission

OPINION = "avis"


class TodayPages(RecordPages):
    """Pages whose form judges dates by today."""

    app = "pfmp"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.MANAGE_PLACEMENTS

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"today": timezone.localdate()}


class WorksDeclarationPages(TodayPages):
    model, name, slug = WorksDeclaration, "works_declaration", "travaux-reglementes"
    form = WorksDeclarationForm
    title, new_label = "Travaux réglementés", "Noter une déclaration"
    parent = ("PFMP", "pfmp:board")
    noun = "déclaration"
    intro = "Les déclarations de dérogation envoyées à l’inspection du travail, valables trois ans."
    saved = "Déclaration notée."
    save_label = "Enregistrer la déclaration"
    empty = (
        "Aucune déclaration notée. Demandez aux entreprises la date de la leur, et notez celle des ateliers du lycée."
    )
    ordering = ("-sent_date", "-pk")
    columns = (
        Column("Organisme", lambda row: row.partner.name if row.partner else "Le lycée, pour ses ateliers", "name"),
        Column("Déclarée par", "get_declarant_display", sort="declarant"),
        Column("Envoyée le", "sent_date", "date", sort="sent_date"),
        Column("Valable jusqu’au", safety.valid_until, "date"),
        Column("État", lambda row: safety.state_of(row, timezone.localdate()), "badge"),
        Column("Travaux", lambda row: ", ".join(row.works), screen=False),
        Column("Formations", "formations", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[WorksDeclaration]:
        return safety.declarations_of(request.school).select_related("partner__school", "school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"partner": initial_partner(request), "declarant": "employeur"}

    def status(self, record: WorksDeclaration) -> str:
        return safety.state_of(record, timezone.localdate())

    def subtitle(self, request: SchoolRequest, record: WorksDeclaration) -> str:
        return f"Valable jusqu’au {safety.valid_until(record):%d/%m/%Y}"

    def facts(self, request: SchoolRequest, record: WorksDeclaration) -> Iterable[Fact]:
        for name, fact in self.named_facts(request, record):
            if name == "works":
                yield Fact("Travaux déclarés", " · ".join(work.sentence for work in works.works_of(record.works)))
                yield Fact("Valable jusqu’au", safety.valid_until(record), "date")
            else:
                yield fact


class MedicalOpinionPages(TodayPages):
    """Opinions one by one; the class grid is where they are entered."""

    model, name, slug = MedicalOpinion, "medical_opinion", "avis-d-aptitude"
    view = Permission.MANAGE_PLACEMENTS
    form = MedicalOpinionForm
    title, new_label = "Avis d’aptitude", "Noter un avis"
    parent = ("PFMP", "pfmp:board")
    noun = "avis,avis"
    intro = "L’avis et sa date, valables un an. Aucun motif n’est gardé. Pour une classe entière, ouvrez sa grille."
    saved = "Avis noté."
    empty = "Aucun avis noté. Ouvrez la grille d’une classe pour les saisir d’un coup."
    ordering = ("-date", "student__search_text", "pk")
    columns = (
        Column("Élève", lambda row: str(row.student), "name", sort="student__search_text"),
        Column("Avis", "get_outcome_display", sort="outcome"),
        Column("Date", "date", "date", sort="date"),
        Column("Valable jusqu’au", safety.opinion_until, "date"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[MedicalOpinion]:
        return MedicalOpinion.objects.in_school(request.school).select_related("student__school", "school")


class TrainingPages(TodayPages):
    """Trainings one by one; the class grid is where they are entered."""

    model, name, slug = Training, "training", "formations-a-la-securite"
    view = Permission.MANAGE_PLACEMENTS
    form = TrainingForm
    title, new_label = "Formations à la sécurité", "Noter une formation"
    parent = ("PFMP", "pfmp:board")
    noun = "formation"
    intro = "Ce à quoi les élèves sont formés, et évalués, avant de partir. Pour une classe entière, ouvrez sa grille."
    saved = "Formation notée."
    empty = "Aucune formation notée. Ouvrez la grille d’une classe pour les saisir d’un coup."
    ordering = ("-date", "student__search_text", "pk")
    columns = (
        Column("Élève", lambda row: str(row.student), "name", sort="student__search_text"),
        Column("Formation", "get_kind_display", sort="kind"),
        Column("Validée le", "date", "date", sort="date"),
        Column("Niveau", "level"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Training]:
        return Training.objects.in_school(request.school).select_related("student__school", "school")


class CountrySheetPages(TodayPages):
    model, name, slug = CountrySheet, "country_sheet", "fiches-pays"
    form = CountrySheetForm
    title, new_label = "Fiches pays", "Écrire une fiche"
    parent = ("PFMP", "pfmp:board")
    noun = "fiche"
    intro = "Ce qu’un élève doit savoir de la réglementation d’un pays. La fiche est annexée à la convention (L124-20)."
    saved = "Fiche enregistrée."
    save_label = "Enregistrer la fiche"
    empty = "Aucune fiche. Sans elle, la convention d’une PFMP à l’étranger ne s’édite pas."
    ordering = ("country",)
    columns = (
        Column("Pays", lambda row: countries.name_of(row.country), "name", sort="country"),
        Column("Relue le", "checked_date", "date", sort="checked_date"),
        Column("Source", "source"),
    )

    def subtitle(self, request: SchoolRequest, record: CountrySheet) -> str:
        return countries.name_of(record.country)

    def facts(self, request: SchoolRequest, record: CountrySheet) -> Iterable[Fact]:
        yield Fact("Pays", countries.name_of(record.country))
        yield from (fact for name, fact in self.named_facts(request, record) if name != "country")


# ------------------------------------------------------------------------------------------------------ a whole class


@require_http_methods(["GET", "POST"])
def class_safety(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Opinions or one kind of training for a whole class, in one grid; `quoi` says which."""
    demand(allows(request.membership, Permission.MANAGE_PLACEMENTS))
    school_class = SchoolClass.objects.in_school(request.school).filter(public_id=public_id).first()
    if school_class is None:
        raise Http404
    today = timezone.localdate()
    kind = request.GET.get("quoi", OPINION)
    training = TrainingKind(kind) if kind in TrainingKind.values else None
    rows = safety.grid(pupils_of(school_class, today), request.school)
    common = CommonDay(request.POST or None, today=today)
    day = common.cleaned_data.get("pour_tous") if common.is_bound and common.is_valid() else None
    lines = [
        (
            row,
            PupilLine(
                request.POST or None, prefix=row.student.public_id.hex, kind=training or "", today=today,
                name=str(row.student), common=day,
            ),
        )
        for row in rows
    ]  # fmt: skip
    is_valid = common.is_bound and common.is_valid() and all(line.is_valid() for _, line in lines)
    if request.method == "POST" and is_valid:
        written = _write(request, training, lines)
        if written:
            notices.said(request, f"{plural(written, 'ligne')} notée{'s' if written > 1 else ''}.")
        else:
            notices.warned(request, "Rien à noter : remplissez au moins une ligne.")
        return redirect(f"{reverse('pfmp:class_safety', args=[request.school.uai, public_id])}?quoi={kind}")
    kinds = [(OPINION, "Avis d’aptitude"), *TrainingKind.choices]
    shown = [
        (row, line, row.trainings.get(training) if training else None, _opinion_state(row, today))
        for row, line in lines
    ]
    context = {
        "school_class": school_class,
        "kind": training or OPINION,
        "is_opinion": training is None,
        "kinds": [(label, f"{request.path}?quoi={code}", code == (training or OPINION)) for code, label in kinds],
        "heading": dict(kinds)[training or OPINION],
        "lines": shown,
        "common": common,
        "has_errors": common.is_bound and not is_valid,
    }
    return render(request, "pfmp/safety_class.html", context, status=422 if context["has_errors"] else 200)


def pupils_of(school_class: SchoolClass, today: date) -> list[Student]:
    """The pupils in a class today, or at the end of its year when that is over, by name."""
    day = min(today, SchoolYear.parse(school_class.year).end)
    stays = Schooling.objects.in_school(school_class.school_id).filter(
        Q(exit_date=None) | Q(exit_date__gte=day), school_class=school_class
    )
    return list(
        Student.objects.in_school(school_class.school_id)
        .filter(pk__in=stays.values("student"))
        .select_related("school")
        .order_by("search_text", "pk")
    )


def _opinion_state(row: safety.PupilSafety, today: date) -> str:
    if row.opinion is None:
        return ""
    return "avis_echu" if safety.opinion_until(row.opinion) < today else f"avis_{row.opinion.outcome}"


def _write(
    request: SchoolRequest, training: TrainingKind | None, lines: list[tuple[safety.PupilSafety, PupilLine]]
) -> int:
    said = [(row.student, line.cleaned_data) for row, line in lines if line.is_said]
    if training is None:
        opinions = {student: (cleaned["day"], MedicalOutcome(cleaned["outcome"])) for student, cleaned in said}
        return safety.note_opinions(request.school, opinions, by=request.user)
    trainings = {student: (cleaned["day"], cleaned["level"].strip()) for student, cleaned in said}
    return safety.note_trainings(request.school, training, trainings, by=request.user)


# ------------------------------------------------------------------------------------------------------------- one pupil


@require_GET
def student_safety(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The sheet kept for the labour inspection (R-TRAV-08): identity, formation, stays, opinion, trainings, who supervises.

    The date of birth and the opinion are for the office and for who follows the pupil, as contacts are (S-05).
    """
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    student = visible_students(request.membership).filter(public_id=public_id).select_related("school").first()
    if student is None:
        raise Http404
    (known,) = safety.grid([student], request.school)
    placements = list(
        permissions.visible_placements(request.membership)
        .filter(student=student, period__year=request.school_year.code)
        .not_cancelled()  # type: ignore[attr-defined]
        .select_related("partner__school", "period__school_class", "school")
        .order_by("start_date")
    )
    terms = {row.placement_id: row for row in Terms.objects.in_school(request.school).filter(placement__in=placements)}
    may_manage: Verdict = allows(request.membership, Permission.MANAGE_PLACEMENTS)
    school_class = placements[-1].period.school_class if placements else None
    context = {
        "record": student,
        "known": known,
        "sees_private": bool(may_see_contacts(request.membership, student)),
        "opinion_end": safety.opinion_until(known.opinion) if known.opinion else None,
        "opinion_state": _opinion_state(known, timezone.localdate()),
        "stays": [stay_of(placement, terms.get(placement.pk)) for placement in placements],
        "formation": school_class.diploma if school_class else "",
        "class_label": school_class.label if school_class else "",
        "may_manage": may_manage,
        "grid_url": reverse("pfmp:class_safety", args=[request.school.uai, school_class.public_id])
        if school_class
        else "",
        "today": timezone.localdate(),
    }
    return render(request, "pfmp/safety_student.html", context)


def stay_of(placement: Placement, terms: Terms | None) -> dict[str, Any]:
    """A stay on the pupil's sheet."""
    return {
        "placement": placement,
        "works": works.works_of(terms.regulated_works) if terms else [],
        "supervisor": terms.works_supervisor if terms else "",
        "electrical_level": terms.electrical_level if terms else "",
    }
