"""Follow-up visits: one form, from the placement's page, the plan or a phone without network; alerts and their answers."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import downloads, notices
from core.verdict import Verdict, demand
from pfmp import permissions, visiting
from pfmp.enums import AlertLevel, VisitGrade, VisitMode, VisitPoint
from pfmp.filters import VisitFilters
from pfmp.forms.visits import AnswerForm, VisitForm, speaks_of_health
from pfmp.models import Placement, Visit
from pfmp.views.named import placement_named
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.models import Membership
from schools.pages import Column, Fact, RecordPages
from schools.permissions import allows
from schools.roles import Permission

ALERT_STATES = {AlertLevel.WATCH: "a_surveiller", AlertLevel.URGENT: "alerte"}


def state_of(visit: Visit) -> str:
    """The status code of a visit's alert: under way until someone answers; "" without alert."""
    if not visit.alert_level:
        return ""
    return "alerte_traitee" if visit.alert_closed_date else ALERT_STATES[AlertLevel(visit.alert_level)]


class VisitPages(RecordPages):
    model, app, name, slug = Visit, "pfmp", "visit", "visites"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.LOG_VISIT
    form, filters = VisitForm, VisitFilters
    title, new_label = "Visites", "Noter une visite"
    parent = ("PFMP", "pfmp:board")
    noun = "visite"
    intro = "Le suivi des élèves en entreprise, pour l’année affichée."
    saved = "Visite notée."
    save_label = "Enregistrer la visite"
    empty = "Aucune visite notée cette année. Ouvrez un placement, puis « Noter une visite »."
    list_template = "pfmp/visit_list.html"
    detail_template = "pfmp/visit_detail.html"
    form_template = "pfmp/visit_form.html"
    ordering = ("-date", "-pk")
    columns = (
        Column("Élève", lambda row: str(row.placement.student), "name", sort="placement__student__search_text"),
        Column("Entreprise", "placement.partner.name", sort="placement__partner__name"),
        Column("Date", "date", "date", sort="date"),
        Column("Mode", "get_mode_display", sort="mode"),
        Column("Alerte", state_of, "badge", sort="alert_level"),
        Column("Faite par", "author_email", sort="author_email"),
        Column("Compte rendu", "report", screen=False),
        Column("Ce qui inquiète", "alert_text", screen=False),
        Column("Suite donnée", "alert_answer", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Visit]:
        return permissions.visible_visits(request.membership).select_related(
            "placement__student", "placement__partner", "placement__school"
        )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Visit]:
        return self.rows(request).filter(placement__period__year=request.school_year.code).select_related("school")

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        """A new one is opened from its placement: the list leads to no empty form."""
        uai = request.school.uai
        return {
            "new_url": "",
            "day_url": reverse("pfmp:my_visits", args=[uai]),
            "plan_url": reverse("pfmp:visit_plan", args=[uai]),
            "load_url": reverse("pfmp:visit_load", args=[uai])
            if allows(request.membership, Permission.VIEW_STAFF)
            else "",
        }

    def status(self, record: Visit) -> str:
        return state_of(record)

    def may_change(self, request: SchoolRequest, record: Visit) -> Verdict:
        return permissions.may_change_visit(request.membership, record)

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"today": timezone.localdate()}

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"date": timezone.localdate(), "mode": VisitMode.ON_SITE}

    def facts(self, request: SchoolRequest, record: Visit) -> list[Fact]:
        return []  # the page of a visit is drawn by its own template

    def detail_context(self, request: SchoolRequest, record: Visit) -> dict[str, Any]:
        author = Membership.objects.in_school(request.school).filter(email__iexact=record.author_email).first()
        return {
            "author": author,
            "points": points_of(record),
            "answer_form": AnswerForm(),
            "may_answer": allows(request.membership, Permission.MANAGE_PLACEMENTS),
            "following_url": following_url(record.placement),
        }

    def _form(self, request: SchoolRequest, record: Any = None) -> RecordForm:
        """A new visit is of the placement that the address names: `?placement=…`."""
        form = super()._form(request, record)
        if record is None:
            placement = placement_named(request, "tutor")
            demand(permissions.may_note_visit(request.membership, placement))
            form.instance.placement = placement
        return form

    def new_page(self, request: SchoolRequest) -> HttpResponse:
        """The same form by itself, from the page of the day, or from a phone that asks for an answer in JSON."""
        if request.method == "POST" and "application/json" in request.headers.get("Accept", ""):
            return self.answer_phone(request)
        return super().new_page(request)

    def answer_phone(self, request: SchoolRequest) -> HttpResponse:
        """What a phone's queue is told: 201 kept, 200 kept already, 403 or 422 refused with a sentence, 404 no longer mine."""
        try:
            demand(self.may_add(request))
            form = self._form(request)
            if not form.is_valid():
                said = [
                    f"{form.fields[name].label} : {errors[0]}" if name in form.fields else str(errors[0])
                    for name, errors in form.errors.items()
                ]
                return JsonResponse({"said": " ".join(said)}, status=422)
            visit, created = self.note(request, form)
        except PermissionDenied as refusal:
            return JsonResponse({"said": f"{refusal} Copiez votre texte si besoin."}, status=403)
        except ValidationError as refusal:
            return JsonResponse({"said": " ".join(refusal.messages)}, status=422)
        return JsonResponse({"url": visit.get_absolute_url()}, status=201 if created else 200)

    def note(self, request: SchoolRequest, form: Any) -> tuple[Visit, bool]:
        return visiting.note_visit(
            form.instance,
            membership=request.membership,
            by=request.user,
            key=form.cleaned_data.get("creation_key"),
            picture=form.picture,
        )

    def create(self, request: SchoolRequest, form: Any) -> Visit:
        visit, created = self.note(request, form)
        if not created:
            notices.warned(request, "Cette visite était déjà notée : la voici.")
        warn_of_health(request, visit)
        return visit

    def change(self, request: SchoolRequest, form: Any) -> Visit:
        changed = [name for name in form.changed_data if name in VisitForm.Meta.fields]
        if any(name.startswith("point_") for name in form.changed_data):
            changed.append("answers")
        visit = visiting.correct_visit(
            form.instance,
            version=form.cleaned_data["version"],
            by=request.user,
            changed=changed,
            picture=form.picture,
        )
        warn_of_health(request, visit)
        return visit

    def remove(self, request: SchoolRequest, record: Visit) -> None:
        """Its photograph goes with it."""
        if record.picture:
            visiting.remove_picture(record, by=request.user)
        super().remove(request, record)

    def after_save(self, request: SchoolRequest, record: Visit) -> str:
        if request.GET.get("retour") == "jour":
            return reverse("pfmp:my_visits", args=[request.school.uai])
        return following_url(record.placement)

    def home_of(self, request: SchoolRequest, record: Visit) -> str:
        return following_url(record.placement)

    def subtitle(self, request: SchoolRequest, record: Visit) -> str:
        return f"{record.placement.student} chez {record.placement.partner}"


def following_url(placement: Placement) -> str:
    return reverse("pfmp:placement_following", args=[placement.school.uai, placement.public_id])


def points_of(visit: Visit) -> list[tuple[str, str, int]]:
    """(the point, how far one agrees, the grade) for the points that were looked at; what is no longer a point is left out."""
    found = []
    for point in VisitPoint:
        grade = (visit.answers or {}).get(point.value)
        if grade in VisitGrade.values:
            found.append((point.label, VisitGrade(grade).label, grade))
    return found


def warn_of_health(request: SchoolRequest, visit: Visit) -> None:
    """A report that speaks of health is kept, and its author asked to correct it (P-02)."""
    if word := speaks_of_health(f"{visit.report} {visit.alert_text}"):
        notices.warned(
            request, f"« {word} » : un compte rendu ne dit rien de la santé. Modifiez la visite s’il en parle."
        )


# ------------------------------------------------------------------------------------------------ the alert, the picture


def _visit(request: SchoolRequest, public_id: UUID) -> Visit:
    found: Visit = VisitPages().find(request, public_id)
    return found


@require_http_methods(["GET", "POST"])
def visit_answer(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The bureau says what was done about an alert; who raised it reads it."""
    demand(allows(request.membership, Permission.MANAGE_PLACEMENTS))
    visit = _visit(request, public_id)
    if request.method == "GET":
        return redirect(visit)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            visiting.answer_alert(visit, form.cleaned_data["answer"], by=request.user, today=timezone.localdate())
        except ValidationError as refusal:
            notices.refused(request, refusal.messages[0])
        else:
            notices.said(request, "Alerte traitée. L’enseignant qui l’a signalée voit votre réponse.")
        return redirect(visit)
    pages = VisitPages()
    context = pages.page_context(request, visit) | {"answer_form": form, "form": form}
    return render(request, pages.detail_template, context, status=422)


@require_GET
def visit_picture(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The photograph, for those who see the visit."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    visit = _visit(request, public_id)
    return downloads.picture(visit.picture, "photo.jpg") or redirect(visit)


@require_POST
def visit_picture_remove(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Take the photograph away: its author, or the bureau."""
    demand(allows(request.membership, Permission.LOG_VISIT))
    visit = _visit(request, public_id)
    demand(permissions.may_change_visit(request.membership, visit))
    visiting.remove_picture(visit, by=request.user)
    notices.said(request, "Photo retirée.")
    return redirect(visit)
