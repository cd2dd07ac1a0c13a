"""The school: its home page, its pupils, classes and staff, its settings."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit
from core.school_year import SchoolYear
from core.verdict import demand
from schools import academy_readers, communes, selectors, todo
from schools.filters import ClassFilters, StaffFilters, StudentFilters
from schools.forms import AssignmentForm, ClassForm, SchoolForm, SchoolingForm, StaffForm, StudentForm
from schools.lookups import suggestions
from schools.middleware import YEAR_KEY, SchoolRequest
from schools.models import Membership, SchoolClass, Schooling, Student, TeachingAssignment
from schools.pages import Column, Fact, RecordPages, Section, named_in_address
from schools.permissions import allows, is_own_only, may_see_contacts, visible_students
from schools.roles import Permission

HOME_LATE, HOME_COMING = 8, 6
"""Lines of the home page before « Tout voir »."""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """After signing in: the person's school, or the choice among several, or how to be invited."""
    memberships = selectors.schools_of(request.user)
    if len(memberships) == 1:
        return redirect(memberships[0].school)
    if not memberships and academy_readers.reads_some(request.user):
        return redirect("academy_home")
    return render(request, "schools/choose_school.html", {"memberships": memberships})


@require_GET
def school_home(request: SchoolRequest) -> HttpResponse:
    """« À faire »: what waits for this person, in order of date."""
    today = timezone.localdate()
    tasks = todo.tasks_for(request.membership, today)
    late = [task for task in tasks if task.due <= today]
    coming = [task for task in tasks if task.due > today]
    everything = "tout" in request.GET
    return render(
        request,
        "schools/home.html",
        {
            "today": today,
            # The latest of what is late comes first: what waits for a year can wait for the end of the list.
            "late": late[::-1] if everything else late[: -HOME_LATE - 1 : -1],
            "late_count": len(late),
            "coming": coming if everything else coming[:HOME_COMING],
            "coming_count": len(coming),
            "is_cut": not everything and (len(late) > HOME_LATE or len(coming) > HOME_COMING),
            "total": len(tasks),
            "numbers": todo.numbers_for(request.membership, today),
            "sides": todo.sides_for(request.membership, today),
            "may_see_partners": allows(request.membership, Permission.ADD_INTERACTION),
            "may_log": allows(request.membership, Permission.LOG_PLACEMENT),
        },
    )


@require_POST
def year_switch(request: SchoolRequest) -> HttpResponse:
    """Keep the chosen school year in the session, and go back to the page."""
    try:
        request.session[YEAR_KEY] = SchoolYear.parse(request.POST.get("year", "")).code
    except ValueError as error:
        messages.error(request, str(error))
    to = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        to = request.school.get_absolute_url()
    return HttpResponseRedirect(to)


@require_http_methods(["GET", "POST"])
def settings(request: SchoolRequest) -> HttpResponse:
    """The school's identity, as papers print it."""
    demand(allows(request.membership, Permission.EDIT_SCHOOL))
    form = SchoolForm(request.POST or None, instance=request.school)
    if form.is_valid():
        school = form.save(commit=False)
        school.updated_by = request.user
        school.save()
        audit.record("schools.school_changed", by=request.user, scope=school.uai, fields=form.changed_data)
        messages.success(request, "Réglages enregistrés.")
        return redirect("schools:settings", request.school.uai)
    return render(request, "schools/settings.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def student_lookup(request: SchoolRequest) -> HttpResponse:
    """Pupils whom the person may see, for a form's field."""
    demand(allows(request.membership, Permission.VIEW_STUDENTS))
    pupils = visible_students(request.membership).order_by("search_text", "pk")
    return suggestions(request, pupils, "student")


@require_GET
def commune_lookup(request: SchoolRequest) -> HttpResponse:
    """Communes, the nearest to the school first, for a field."""
    return communes.suggestions(request)


def class_on_screen(request: SchoolRequest) -> Subquery:
    """The label of a pupil's latest class in the year on screen, as an annotation."""
    return Subquery(
        Schooling.objects.filter(school=request.school, student=OuterRef("pk"), year=request.school_year.code)
        .order_by("-entry_date", "school_class__code")
        .values("school_class__label")[:1]
    )


class StudentPages(RecordPages):
    model, app, name, slug = Student, "schools", "student", "eleves"
    view, edit = Permission.VIEW_STUDENTS, Permission.EDIT_STUDENTS
    form, filters = StudentForm, StudentFilters
    title, new_label = "Élèves", "Ajouter un élève"
    noun = "élève"
    intro = "Les élèves que vous pouvez voir, et leur classe de l’année affichée."
    empty = "Aucun élève pour cette année. Importez le dossier du lycée, ou ajoutez un élève."
    saved = "Élève enregistré."
    ordering = ("search_text", "pk")
    terms = ("tous",)
    detail_template = "schools/student_detail.html"
    columns = (
        Column("Nom", str, "name", sort="search_text"),
        Column("Classe", "class_label"),
        Column("Naissance", "birth_date", "date", sort="birth_date"),
        Column("Commune", "city"),
    )

    CONTACTS = (
        "email", "phone", "address", "postal_code", "city", "guardian_name", "guardian_email", "guardian_phone",
        "guardian2_name", "guardian2_email", "guardian2_phone",
    )  # fmt: skip

    def rows(self, request: SchoolRequest) -> QuerySet[Student]:
        return visible_students(request.membership)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Student]:
        """The pupils of the year on screen; those without a class show when nothing is filtered out by year."""
        found = self.rows(request).select_related("school").annotate(class_label=class_on_screen(request))
        if request.GET.get("tous"):
            return found
        return found.filter(
            pk__in=Schooling.objects.in_school(request.school).filter(year=request.school_year.code).values("student")
        )

    def shown_columns(self, request: SchoolRequest) -> Sequence[Column]:
        """A town is part of the address: not for a teacher's list (S-05)."""
        if allows(request.membership, Permission.VIEW_STUDENT_CONTACTS):
            return self.columns
        return self.columns[:2]

    def facts(self, request: SchoolRequest, record: Student) -> Iterable[Fact]:
        contacts = may_see_contacts(request.membership, record)
        hidden = set() if contacts else {*self.CONTACTS, "ine", "birth_date"}
        for name, fact in self.named_facts(request, record):
            if name not in hidden:
                yield fact

    def sections(self, request: SchoolRequest, record: Student) -> Iterable[Section]:
        schoolings = (
            Schooling.objects.in_school(request.school)
            .filter(student=record)
            .select_related("school_class")
            .order_by("-year", "-entry_date")
        )
        yield Section(
            "Scolarité",
            "schools/partials/schoolings.html",
            {
                "schoolings": schoolings,
                "may_edit": allows(request.membership, Permission.EDIT_STUDENTS),
                "sees_priority": allows(request.membership, Permission.VIEW_PRIORITY),
                "new_url": f"{SchoolingPages().url('new', request)}?eleve={record.public_id}",
            },
        )


class ClassPages(RecordPages):
    model, app, name, slug = SchoolClass, "schools", "class", "classes"
    view, edit = Permission.VIEW_STUDENTS, Permission.EDIT_STUDENTS
    form, filters = ClassForm, ClassFilters
    title, new_label = "Classes", "Ajouter une classe"
    noun = "classe"
    saved = "Classe enregistrée."
    empty = "Aucune classe cette année-là. Importez le dossier du lycée, ou ajoutez une classe."
    ordering = ("code",)
    columns = (
        Column("Classe", "label", "name", sort="label"),
        Column("Code", "code", sort="code"),
        Column("Niveau", "get_niveau_display", sort="niveau"),
        Column("Diplôme et spécialité", "diploma"),
        Column("Élèves", "pupils", "number"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[SchoolClass]:
        found = super().rows(request)
        if is_own_only(request.membership):
            found = found.filter(assignments__membership=request.membership).distinct()
        return found

    def list_rows(self, request: SchoolRequest) -> QuerySet[SchoolClass]:
        return (
            self.rows(request)
            .filter(year=request.school_year.code)
            .select_related("school")
            .annotate(pupils=Count("schoolings__student", distinct=True))
        )

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"year": request.school_year.code}

    def actions(self, request: SchoolRequest, record: SchoolClass) -> Iterable[tuple[str, str, str]]:
        """What a whole class is asked before it leaves, and its weeks in companies: pages of pfmp."""
        if allows(request.membership, Permission.MANAGE_PLACEMENTS):
            url = reverse("pfmp:class_safety", args=[request.school.uai, record.public_id])
            yield ("Avis et formations à la sécurité", "shield-check", url)
        if allows(request.membership, Permission.VIEW_PLACEMENTS):
            url = reverse("pfmp:class_durations", args=[request.school.uai, record.public_id])
            yield ("Durées sur le cycle", "hourglass-split", url)

    def sections(self, request: SchoolRequest, record: SchoolClass) -> Iterable[Section]:
        yield Section(
            "Élèves",
            "schools/partials/class_students.html",
            {
                "schoolings": Schooling.objects.in_school(request.school)
                .filter(school_class=record, student__in=visible_students(request.membership).values("pk"))
                .select_related("student", "school")
                .order_by("student__search_text"),
                "may_edit": allows(request.membership, Permission.EDIT_STUDENTS),
                "new_url": f"{SchoolingPages().url('new', request)}?classe={record.public_id}",
            },
        )
        yield Section(
            "Enseignants",
            "schools/partials/class_staff.html",
            {
                "assignments": TeachingAssignment.objects.in_school(request.school)
                .filter(school_class=record)
                .select_related("membership")
                .order_by("membership__last_name"),
                "may_edit": allows(request.membership, Permission.EDIT_STAFF),
                "new_url": f"{AssignmentPages().url('new', request)}?classe={record.public_id}",
            },
        )


class SchoolingPages(RecordPages):
    model, app, name, slug = Schooling, "schools", "schooling", "scolarites"
    view, edit = Permission.EDIT_STUDENTS, Permission.EDIT_STUDENTS
    form = SchoolingForm
    title, new_label = "Scolarités", "Inscrire un élève dans une classe"
    saved = "Scolarité enregistrée."
    ordering = ("student__search_text", "entry_date")
    columns = (
        Column("Élève", "student", "name", sort="student__search_text"),
        Column("Classe", "school_class.label", sort="school_class__code"),
        Column("Entrée", "entry_date", "date", sort="entry_date"),
        Column("Dernier jour", "exit_date", "date", sort="exit_date"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Schooling]:
        return (
            self.rows(request).filter(year=request.school_year.code).select_related("student", "school_class", "school")
        )

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {
            "student": named_in_address(request, Student.objects.in_school(request.school), "eleve"),
            "school_class": named_in_address(request, SchoolClass.objects.in_school(request.school), "classe"),
            "entry_date": max(request.school_year.start, min(timezone.localdate(), request.school_year.end)),
        }

    def after_save(self, request: SchoolRequest, record: Schooling) -> str:
        return record.student.get_absolute_url()

    def home_of(self, request: SchoolRequest, record: Schooling) -> str:
        return record.student.get_absolute_url()


class StaffPages(RecordPages):
    model, app, name, slug = Membership, "schools", "staff", "personnels"
    view, edit = Permission.VIEW_STAFF, Permission.EDIT_STAFF
    form, filters = StaffForm, StaffFilters
    title, new_label = "Personnels", "Ajouter une personne"
    noun = "personne"
    saved = "Personne enregistrée."
    ordering = ("search_text", "pk")
    columns = (
        Column("Nom", lambda row: f"{row.last_name} {row.first_name}", "name", sort="search_text"),
        Column("Rôle", "get_role_display", sort="role"),
        Column("Adresse électronique", "email"),
        Column("Classes", "class_count", "number"),
        Column("A un compte", lambda row: row.user_id is not None, "yesno"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Membership]:
        return (
            self.rows(request)
            .select_related("school")
            .annotate(class_count=Count("assignments", filter=Q(assignments__year=request.school_year.code)))
        )

    def sections(self, request: SchoolRequest, record: Membership) -> Iterable[Section]:
        yield Section(
            "Classes",
            "schools/partials/staff_classes.html",
            {
                "assignments": TeachingAssignment.objects.in_school(request.school)
                .filter(membership=record)
                .select_related("school_class", "school")
                .order_by("-year", "school_class__code"),
                "may_edit": allows(request.membership, Permission.EDIT_STAFF),
                "new_url": f"{AssignmentPages().url('new', request)}?personne={record.public_id}",
            },
        )


class AssignmentPages(RecordPages):
    model, app, name, slug = TeachingAssignment, "schools", "assignment", "enseignements"
    view, edit = Permission.VIEW_STAFF, Permission.EDIT_STAFF
    form = AssignmentForm
    title, new_label = "Enseignants des classes", "Confier une classe"
    saved = "Enseignement enregistré."
    ordering = ("school_class__code", "membership__last_name")
    columns = (
        Column("Classe", "school_class.label", "name", sort="school_class__code"),
        Column("Personne", "membership.full_name", sort="membership__last_name"),
        Column("Professeur principal", "is_head_teacher", "yesno"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[TeachingAssignment]:
        return (
            self.rows(request)
            .filter(year=request.school_year.code)
            .select_related("membership", "school_class", "school")
        )

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {
            "membership": named_in_address(request, Membership.objects.in_school(request.school), "personne"),
            "school_class": named_in_address(request, SchoolClass.objects.in_school(request.school), "classe"),
        }

    def after_save(self, request: SchoolRequest, record: TeachingAssignment) -> str:
        return record.school_class.get_absolute_url()

    def home_of(self, request: SchoolRequest, record: TeachingAssignment) -> str:
        return record.school_class.get_absolute_url()
