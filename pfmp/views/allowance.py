"""« Allocation »: the sheet to type from in ApLyPro, the files of the pupils, the school's totals, the file for PRONOTE."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import downloads, french, notices
from core.french import plural
from core.text import searchable
from core.verdict import demand
from pfmp import allowance, permissions
from pfmp.allowance import Row
from pfmp.forms.allowance import day_of, read_grid
from pfmp.models import AllowanceFile, Period, Placement
from pfmp.rules.allowance import TABLE, State
from pfmp.rules.parameters import Confidence
from pfmp.views.periods import PeriodPages
from schools.middleware import SchoolRequest
from schools.models import SchoolClass, Student
from schools.permissions import allows
from schools.roles import Permission

HEADERS = (
    "Nom", "Prénom", "INE", "Classe", "Début", "Fin", "Jours", "Attestation reçue le", "Absences", "Montant", "Plafond ôté",
    "État", "Contrôle",
)  # fmt: skip
WORDS = {
    State.NONE: "Sans allocation",
    State.TO_COMPLETE: "À compléter",
    State.READY: "Prêt à saisir",
    State.ENTERED: "Saisi dans ApLyPro",
    State.VALIDATED: "Validé",
}


def file_name(*words: str) -> str:
    return "-".join(searchable(*words, limit=80).split())


def periods_of_year(request: SchoolRequest) -> list[Period]:
    return list(
        permissions.visible_periods(request.membership)
        .filter(year=request.school_year.code)
        .select_related("school_class", "school")
        .order_by("end_date", "school_class__code", "pk")
    )


def year_note(year: str) -> str:
    """What to know of the rates of a year; "" when they were read in the official table."""
    table = TABLE.get(year)
    if table is None:
        return f"Le tarif de {year} n’est pas dans la plateforme : aucun montant n’est calculé, ApLyPro fait foi."
    if table.confidence is not Confidence.VERIFIED:
        return f"Tarif de {year} à vérifier ({table.source}) : ApLyPro fait foi."
    return ""


@require_GET
def allowance_home(request: SchoolRequest) -> HttpResponse:
    """The lycée's allowance: a line a class and period, what is ready, typed, late, and the euros."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(allowance.may_view(request.membership))
    today = timezone.localdate()
    begun = [period for period in periods_of_year(request) if period.start_date <= today]
    totals = [one for one in allowance.totals(request.school, begun, today) if one.lines]
    counts: Counter[str] = Counter()
    for total in totals:
        counts.update({state.value: count for state, count in total.counts.items()})
    return render(
        request,
        "pfmp/allowance/home.html",
        {
            "totals": totals,
            "year": request.school_year.code,
            "year_note": year_note(request.school_year.code),
            "counts": [(state.value, counts[state.value]) for state in State if counts[state.value]],
            "euros": sum(total.euros for total in totals),
            "is_partial": any(total.is_partial for total in totals),
            "late": sum(total.late for total in totals),
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
            "formats": downloads.FORMATS.items(),
            "pronote_url": reverse("pfmp:pronote_feed", args=[request.school.uai]),
        },
    )


@require_http_methods(["GET", "POST"])
def allowance_sheet(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """GET: the lines in ApLyPro's order, on screen or as a file. POST: mark lines as typed there, validated, or take back."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(allowance.may_view(request.membership))
    period = PeriodPages().find(request, public_id)
    today = timezone.localdate()
    rows = allowance.rows_of(request.school, [period], today) if allowance.pays(period.kind) else []
    if request.method == "POST":
        return mark(request, period, rows)
    wanted = request.GET.get("fichier", "")
    if wanted in downloads.FORMATS:
        name = file_name("allocation", period.school_class.code, period.label)
        return downloads.table(wanted, name, "Allocation", HEADERS, [cells(row) for row in rows])
    return render(request, "pfmp/allowance/sheet.html", sheet_context(request, period, rows))


def sheet_context(request: SchoolRequest, period: Period, rows: list[Row]) -> dict[str, Any]:
    counts = Counter(row.state for row in rows)
    others = [one for one in periods_of_year(request) if one.school_class_id == period.school_class_id]
    return {
        "period": period,
        "dates": french.period(period.start_date, period.end_date),
        "rows": rows,
        "pays": allowance.pays(period.kind),
        "year_note": year_note(period.year),
        "counts": [(state.value, counts[state]) for state in State if counts[state]],
        "ready": counts[State.READY],
        "entered": counts[State.ENTERED],
        "late": sum(row.is_late for row in rows),
        "euros": sum(row.amount.euros or 0 for row in rows),
        "is_partial": any(row.amount.euros is None and row.state is not State.NONE for row in rows),
        "may_mark": allowance.may_mark(request.membership),
        "others": [one for one in others if allowance.pays(one.kind)],
        "formats": downloads.FORMATS.items(),
        "board_url": reverse("pfmp:board", args=[request.school.uai]),
        "home_url": reverse("pfmp:allowance_home", args=[request.school.uai]),
        "days_url": reverse("pfmp:class_days", args=[request.school.uai, period.public_id]),
        "files_url": reverse("pfmp:allowance_files", args=[request.school.uai, period.school_class.public_id]),
    }


def cells(row: Row) -> list[Any]:
    """A line of the file: numbers stay numbers, dates dates (S-26)."""
    placement = row.placement
    return [
        placement.student.last_name,
        placement.student.first_name,
        placement.student.ine,
        placement.period.school_class.label,
        placement.start_date,
        row.line.stay.end,
        row.found.written,
        row.received_date,
        row.missed,
        row.amount.euros,
        row.amount.cut or None,
        WORDS[row.state],
        row.control,
    ]


def mark(request: SchoolRequest, period: Period, rows: list[Row]) -> HttpResponse:
    """One line, or every line that is ready or typed; the page comes back where it was."""
    demand(allowance.may_mark(request.membership))
    here = reverse("pfmp:allowance_sheet", args=[request.school.uai, period.public_id])
    wanted = request.POST.get("ligne", "")
    chosen = [row for row in rows if not wanted or str(row.placement.public_id) == wanted]
    today = timezone.localdate()
    match request.POST.get("faire", ""):
        case "saisi":
            changed = allowance.enter(chosen, by=request.user, today=today)
            said = plural(changed, "ligne notée comme saisie", "lignes notées comme saisies")
        case "valide":
            changed = allowance.confirm(chosen, by=request.user, today=today)
            said = plural(changed, "ligne notée comme validée", "lignes notées comme validées")
        case "reprendre" if wanted:
            changed = allowance.take_back(chosen, by=request.user)
            said = plural(changed, "ligne reprise", "lignes reprises")
        case _:
            notices.refused(request, "Choisissez quoi faire.")
            return redirect(here)
    if changed:
        notices.said(request, f"{said}.")
    else:
        notices.warned(request, allowance.STALE)
    return redirect(f"{here}#l-{wanted}" if wanted else here)


# ------------------------------------------------------------------------------------------------------------ the files


def pupils_of(school_class: SchoolClass) -> list[Student]:
    return list(
        Student.objects.in_school(school_class.school_id)
        .filter(schoolings__school_class=school_class)
        .distinct()
        .order_by("search_text", "pk")
    )


@require_http_methods(["GET", "POST"])
def allowance_files(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The state in ApLyPro of each pupil's file of the year: bank, award, yearly consent. Never a bank account."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(allowance.may_view(request.membership))
    school_class = (
        SchoolClass.objects.in_school(request.school).filter(public_id=public_id).select_related("school").first()
    )
    if school_class is None:
        raise Http404
    pupils = pupils_of(school_class)
    errors: dict[int, str] = {}
    refused, status = "", 200
    if request.method == "POST":
        demand(allowance.may_mark(request.membership))
        wanted, errors = read_grid(request.POST, pupils)
        try:
            if day := day_of(request.POST.get("decision-tous", "")):
                wanted = {
                    pk: one if one.decision_date else allowance.FileState(one.is_bank_ready, day, one.consent_date)
                    for pk, one in wanted.items()
                }
            if not errors:
                changed = allowance.keep_files(
                    request.school, school_class.year, wanted, by=request.user, today=timezone.localdate()
                )
                notices.said(
                    request,
                    f"{plural(changed, 'dossier changé', 'dossiers changés')}." if changed else "Rien à changer.",
                )
                return redirect("pfmp:allowance_files", request.school.uai, public_id)
        except ValidationError as error:
            refused = error.messages[0]
        status = 422
    files = {
        one.student_id: one
        for one in AllowanceFile.objects.in_school(request.school).filter(year=school_class.year, student__in=pupils)
    }
    lines = [file_line(pupil, files.get(pupil.pk), request, errors.get(pupil.pk, "")) for pupil in pupils]
    context = {
        "school_class": school_class,
        "lines": lines,
        "refused": refused or ("Des lignes ne sont pas lisibles : rien n’est enregistré." if errors else ""),
        "for_all": request.POST.get("decision-tous", "")[:10],
        "may_mark": allowance.may_mark(request.membership),
        "today": timezone.localdate(),
        "home_url": reverse("pfmp:allowance_home", args=[request.school.uai]),
        "board_url": reverse("pfmp:board", args=[request.school.uai]),
    }
    return render(request, "pfmp/allowance/files.html", context, status=status)


def file_line(pupil: Student, file: AllowanceFile | None, request: SchoolRequest, error: str) -> dict[str, Any]:
    """A line of the grid: as typed when it was refused, else as kept."""
    key = str(pupil.public_id)
    bank = {True: "oui", False: "non"}.get(file.is_bank_ready, "") if file and file.is_bank_ready is not None else ""
    decision = file.decision_date.isoformat() if file and file.decision_date else ""
    consent = file.consent_date.isoformat() if file and file.consent_date else ""
    typed = request.POST if request.method == "POST" else {}
    return {
        "pupil": pupil,
        "key": key,
        "bank": str(typed.get(f"banque-{key}", bank))[:3],
        "decision": str(typed.get(f"decision-{key}", decision))[:20],
        "consent": str(typed.get(f"autorisation-{key}", consent))[:20],
        "missing": [
            words for words, known in (("INE", pupil.ine), ("sexe", pupil.sex), ("adresse", address_is_whole(pupil))) if not known
        ],
        "error": error,
    }  # fmt: skip


def address_is_whole(pupil: Student) -> bool:
    return bool(pupil.address and pupil.postal_code and pupil.city)


@require_GET
def allowance_file_detail(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One pupil's file stands in the grid of their class."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(allowance.may_view(request.membership))
    file = AllowanceFile.objects.in_school(request.school).filter(public_id=public_id).first()
    school_class = (
        SchoolClass.objects.in_school(request.school)
        .filter(schoolings__student=file.student_id, year=file.year)
        .order_by("code")
        .first()
        if file
        else None
    )
    if file is None:
        raise Http404
    if school_class is None:
        return redirect("pfmp:allowance_home", request.school.uai)
    return redirect("pfmp:allowance_files", request.school.uai, school_class.public_id)


# ------------------------------------------------------------------------------------------------------------- PRONOTE

PRONOTE = (
    "Nom", "Prénom", "Né(e) le", "Classe", "Stage", "Date de début", "Date de fin", "Entreprise", "SIRET", "Adresse",
    "Code postal", "Ville", "Téléphone", "Maître de stage, nom", "Maître de stage, prénom", "Maître de stage, courriel",
    "Maître de stage, téléphone", "Professeur référent, courriel",
)  # fmt: skip


@require_GET
def pronote_feed(request: SchoolRequest) -> HttpResponse:
    """The stays of the year as a file that the administrator of PRONOTE maps by « Importer un fichier texte »: pupils, dates, hosts,
    tutors. `periode` limits it to one."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(allowance.may_view(request.membership))
    rows = (
        permissions.visible_placements(request.membership)
        .filter(period__year=request.school_year.code)
        .not_cancelled()  # type: ignore[attr-defined]
        .exclude(status="pressenti")
        .select_related("student", "partner", "tutor", "period__school_class")
        .order_by("period__school_class__code", "student__search_text", "start_date", "pk")
    )
    name = f"stages-{request.school_year.code}"
    try:
        if text := request.GET.get("periode", ""):
            rows = rows.filter(period__public_id=UUID(text))
            name = "stages-classe"
    except ValueError:
        raise Http404 from None
    lines = [pronote_cells(row) for row in rows]
    wanted = request.GET.get("fichier", "csv")
    return downloads.table(wanted if wanted in downloads.FORMATS else "csv", name, "Stages", PRONOTE, lines)


def pronote_cells(row: Placement) -> list[Any]:
    student, partner, tutor = row.student, row.partner, row.tutor
    end = row.interrupted_date if row.status == "interrompu" and row.interrupted_date else row.end_date
    return [
        student.last_name, student.first_name, student.birth_date, row.period.school_class.code, row.period.label,
        row.start_date, end, partner.name, partner.siret, partner.address, partner.postal_code, partner.city, partner.phone,
        tutor.last_name if tutor else "", tutor.first_name if tutor else "", tutor.email if tutor else "",
        tutor.phone if tutor else "", row.referent_email,
    ]  # fmt: skip
