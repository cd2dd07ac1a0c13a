"""Placements: the list, the page of one, the form where a teacher logs one and reads what the rules say."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import countries, notices
from core.errors import StaleEdit
from core.french import plural
from core.verdict import Verdict, demand
from documents import selectors as signing
from documents import services as papers
from documents import subjects
from documents.enums import SIGNED, DocumentType
from documents.models import Document
from documents.views.papers import SignatureRow, preparation, signature_rows
from partners.forms.fields import student_field
from partners.models import Partner
from partners.permissions import visible_contacts
from partners.views.doubles import follows_merges
from partners.views.overview import partner_frame
from partners.views.records import PartnerPages
from pfmp import avenants, documents, hosting, moving, permissions, rules, selectors, services
from pfmp.enums import PlacementStatus
from pfmp.filters import PlacementFilters
from pfmp.forms.placements import PlacementForm, gaps_of, source_of
from pfmp.models import Period, Placement
from pfmp.rules import moves
from pfmp.rules.timetable import week_in_words
from pfmp.views import placement_tabs, searching
from pfmp.views.periods import named_in_address
from schools.middleware import SchoolRequest
from schools.models import Student
from schools.pages import Column, RecordPages, add_errors
from schools.permissions import allows, visible_students
from schools.roles import Permission

S = PlacementStatus


class PlacementPages(RecordPages):
    model, app, name, slug = Placement, "pfmp", "placement", "placements"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.LOG_PLACEMENT
    form, filters = PlacementForm, PlacementFilters
    title, new_label = "Placements", "Saisir un placement"
    intro = "Qui va où, pour l’année affichée."
    save_label = "Enregistrer le placement"
    empty = "Aucun placement pour l’instant. Saisissez le premier : un élève, une entreprise, des dates."
    detail_template = "pfmp/placement_detail.html"
    ordering = ("-start_date", "student__search_text", "pk")
    columns = (
        Column("Élève", lambda row: str(row.student), "name", sort="student__search_text"),
        Column("Classe", "period.school_class.label", sort="period__school_class__code"),
        Column(
            "Entreprise", "partner.name", sort="partner__search_text", link=lambda row: row.partner.get_absolute_url()
        ),
        Column("Du", "start_date", "date", sort="start_date"),
        Column("Au", "end_date", "date", sort="end_date"),
        Column("Étape", "status", "badge", sort="status", status_kind="placement"),
        Column("Référent", "referent_email", screen=False),
        Column("Période", "period.label", screen=False),
        Column("Trouvé par", "get_origin_display", screen=False),
        Column("Jours effectués", "days_done", "number", screen=False),
        Column("Identifiant", "dossier_id", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Placement]:
        return permissions.visible_placements(request.membership).select_related(
            "school", "student__school", "partner__school", "period__school_class", "period__school", "tutor", "signer"
        )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Placement]:
        return self.rows(request).in_year(request.school_year.code)  # type: ignore[attr-defined]

    def may_change(self, request: SchoolRequest, record: Placement) -> Verdict:
        return permissions.may_change(request.membership, record)

    def may_delete(self, request: SchoolRequest, record: Placement) -> Verdict:
        has_paper = bool(selectors.latest_papers([record]))
        return permissions.may_remove(request.membership, record, has_paper=has_paper)

    def status(self, record: Placement) -> str:
        return record.status

    def subtitle(self, request: SchoolRequest, record: Placement) -> str:
        return f"{record.period.school_class.label} · {record.period.label}"

    def facts(self, request: SchoolRequest, record: Placement) -> list[Any]:
        return []  # the page of a placement is drawn by its own template

    def detail_context(self, request: SchoolRequest, record: Placement) -> dict[str, Any]:
        today = timezone.localdate()
        found = avenants.papers_of([record]).get(record.dossier_id, avenants.Papers(None))
        document = found.convention
        is_void = document is not None and document.voided_at is not None
        rows = signature_rows(request, document, is_latest=not is_void) if document and not is_void else []
        asked = [row for row in rows if not row.is_optional]
        signer = documents.signer_of(record)
        people = {one.pk for one in (record.tutor, signer) if one}
        known = set(visible_contacts(request.membership).filter(pk__in=people).values_list("pk", flat=True))
        asks_rules = record.status in (S.PROSPECT, S.CONFIRMED)
        checked = selectors.check_placement(record) if record.status != S.CANCELLED else None
        seen = moving.circumstances(record, today, checked=checked)
        verdicts = verdicts_of(record, checked) if checked else []
        timetable = rules.parse_timetable(record.timetable)
        return {
            "entries": placement_tabs.tabs(record),
            "today": today,
            "document": document,
            "job": preparation(document) if document else None,
            "may_prepare": subjects.may_prepare(request.membership, document) if document else Verdict(False),
            "rows": rows,
            "is_void": is_void,
            "refused": next((row.signature for row in asked if row.is_refused), None),
            "signed": sum(row.signature.status in SIGNED for row in asked),
            "needed": len(asked),
            "missing": missing(asked),
            "may_note_several": sum(bool(row.may_note and row.is_awaited) for row in asked) > 1,
            "avenants": [avenant_shown(request, one, found, today) for one in reversed(found.avenants)],
            "in_force": found.in_force(today) if found.avenants else None,
            "verdicts": verdicts,
            "rules_open": asks_rules,
            "blocked": asks_rules and bool(seen.obstacles),
            "steps": [
                step
                for step in next_moves(record, seen)
                if step.move.permission and allows(request.membership, step.move.permission)
            ],
            "may_visit": permissions.may_note_visit(request.membership, record),
            "review": hosting.visible_reviews(request.membership)
            .filter(placement=record)
            .select_related("school")
            .first(),
            "may_review": hosting.may_review(request.membership, record, today),
            "referent": documents.referents_of([record]).get(record.referent_email.strip().casefold()),
            "country": countries.name_of(record.country),
            "timetable": week_in_words(timetable) if isinstance(timetable, rules.Timetable) else [],
            "timetable_text": record.timetable,
            "reasons": sorted(record.accepted_alerts.items()),
            "may_extend": bool(permissions.may_log(request.membership, record.student))
            and (record.status == S.INTERRUPTED or moving.what_remains(record) is not None)
            and record.status not in (S.PROSPECT, S.CANCELLED),
            "may_decide": bool(permissions.may_decide_outcome(request.membership)),
            "class_change": moving.change_of(record),
            "asks_board_date": request.school.board_vote_date is None and record.status != S.CANCELLED,
            "may_set_board_date": allows(request.membership, Permission.EDIT_SCHOOL),
            "contact_is_visible": record.tutor is None or record.tutor.pk in known,
            "signer": signer if signer and signer.pk in known else None,
            "student_placements_url": reverse(
                "pfmp:student_placements", args=[request.school.uai, record.student.public_id]
            ),
        }

    # ------------------------------------------------------------------------------------------------- the form
    def new_page(self, request: SchoolRequest) -> HttpResponse:
        """First whose placement, then the placement: the pupil decides periods, rules and papers."""
        demand(self.may_add(request))
        student = named_in_address(request, visible_students(request.membership).select_related("school"), "eleve")
        if student is None:
            return choose_student(request)
        demand(permissions.may_log(request.membership, student))
        form = self.placement_form(request, student)
        if form.is_bound and (done := form.already_logged()):
            say(request, services.Logged(done, created=False))
            return redirect(done)
        return self.placement_page(request, form, student, self._log, record=None)

    def edit_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        demand(self.may_view(request))
        record = self.find(request, public_id)
        demand(self.may_change(request, record))
        form = self.placement_form(request, record.student, record)
        return self.placement_page(request, form, record.student, self._correct, record=record)

    def placement_form(
        self, request: SchoolRequest, student: Student, record: Placement | None = None
    ) -> PlacementForm:
        """The form, its first values from the address: the company and what its last placement says."""
        initial: dict[str, Any] = {}
        follow = None
        if record is None:
            partners = Partner.objects.in_school(request.school).select_related("school")
            if partner := named_in_address(request, partners, "partenaire"):
                initial |= {"partner": partner} | habits_of(partner, request)
            if period := named_in_address(request, Period.objects.in_school(request.school), "periode"):
                initial["period"] = period
            if follow := self.follow_on(request, student):
                initial |= follow.initial
        form = PlacementForm(
            request.POST or None,
            instance=record,
            initial=initial,
            school=request.school,
            membership=request.membership,
            student=student,
            today=timezone.localdate(),
        )
        for name, value in (follow.values if follow else {}).items():
            setattr(form.instance, name, value)
        return form

    def follow_on(self, request: SchoolRequest, student: Student) -> moving.FollowOn | None:
        """The placement that the address says this one follows, and how."""
        nature = request.GET.get("nature", "")
        former = named_in_address(request, self.rows(request).filter(student=student), "suite")
        if former is None or nature not in set(moving.Nature):
            return None
        return moving.follow_on(former, moving.Nature(nature))

    def placement_page(
        self,
        request: SchoolRequest,
        form: PlacementForm,
        student: Student,
        save: Callable[[SchoolRequest, PlacementForm], Placement],
        *,
        record: Placement | None,
    ) -> HttpResponse:
        status = 200
        if request.method == "POST":
            if form.is_valid():
                try:
                    return redirect(save(request, form))
                except ValidationError as error:
                    add_errors(form, error)
                except StaleEdit as stale:
                    return self.conflict_page(request, form, stale)
            status = 422
        document = form.papers.convention
        given = form.papers.waiting or document
        context = {
            "pages": self,
            "form": form,
            "record": record,
            "student": student,
            "class_label": form.periods[0].school_class.label if form.periods else "",
            "document": document,
            "signed": sum(row.status in SIGNED for row in selectors.signatures_of([given])[given.pk]) if given else 0,
            "waiting": form.papers.waiting,
            "next_avenant": papers.next_number(request.school, DocumentType.PFMP_AVENANT, timezone.localdate().year)
            if form.makes_avenant
            else "",
            "heading": "Saisir un placement" if record is None else "Modifier le placement",
            "lead_label": "Garder comme piste" if form.status_before == S.PROSPECT else "Enregistrer sans éditer",
            "asks_rules": form.status_before in (S.PROSPECT, S.CONFIRMED),
            "list_url": self.url("list", request),
            "back_url": record.get_absolute_url() if record else reverse("pfmp:board", args=[request.school.uai]),
            "may_manage": allows(request.membership, Permission.MANAGE_PLACEMENTS),
            "period_url": reverse("pfmp:period_new", args=[request.school.uai]),
            "tutors_url": reverse("pfmp:placement_tutors", args=[request.school.uai]),
            "check_url": reverse("pfmp:placement_verdicts", args=[request.school.uai, student.public_id])
            + (f"?placement={record.public_id}" if record else ""),
        }
        return render(request, "pfmp/placement_form.html", context, status=status)

    def _log(self, request: SchoolRequest, form: PlacementForm) -> Placement:
        logged = services.log_placement(
            form.instance,
            form.host(),
            as_lead=form.wants_lead,
            by=request.user,
            now=timezone.now(),
            key=form.cleaned_data.get("creation_key"),
        )
        say(request, logged)
        return logged.placement

    def _correct(self, request: SchoolRequest, form: PlacementForm) -> Placement:
        logged = services.correct_placement(
            form.instance,
            form.host(),
            version=form.cleaned_data["version"],
            issue=not form.wants_lead,
            by=request.user,
            now=timezone.now(),
            changed=[name for name in form.changed_data if name in PlacementForm.Meta.fields],
            amendment=form.amendment(),
        )
        say(request, logged)
        return logged.placement


def missing(rows: Iterable[SignatureRow]) -> str:
    """Who has not signed: « l’entreprise, le tuteur »."""
    waiting = (row.signature for row in rows if row.signature.status not in SIGNED)
    return ", ".join(signing.SIGNERS[one.role] for one in waiting)


def avenant_shown(request: SchoolRequest, document: Document, found: avenants.Papers, today: date) -> dict[str, Any]:
    """An avenant for the page of its placement: what it changes, and who is still to sign."""
    rows = signature_rows(request, document, is_latest=True)
    asked = [row for row in rows if not row.is_optional]
    is_signed = document.completed_at is not None
    refused = next((row.signature for row in asked if row.is_refused), None)
    return {
        "document": document,
        "state": "signe" if is_signed else "refusee" if refused else "a_signer",
        "refused": refused,
        "holds": found.in_force(today) == document,
        "is_to_come": is_signed and document.effective_date is not None and document.effective_date > today,
        "rows": rows,
        "signed": sum(row.signature.status in SIGNED for row in asked),
        "needed": len(asked),
        "missing": missing(asked),
        "reason": document.content.get("amendment_reason") or "",
        "job": preparation(document),
        "may_prepare": subjects.may_prepare(request.membership, document),
    }


def say(request: SchoolRequest, logged: services.Logged) -> None:
    """What came of the form, in one line."""
    if not logged.created:
        notices.warned(request, "Ce placement était déjà enregistré : le voici.")
    elif logged.document is not None and logged.document.type == DocumentType.PFMP_AVENANT:
        notices.said(
            request,
            f"Correction enregistrée. L’avenant {logged.document.number} est en préparation : il reste à le faire signer.",
        )
    elif logged.document is not None:
        more = f", version {logged.document.edition}" if logged.document.edition > 1 else ""
        notices.said(request, f"Placement enregistré. La convention {logged.document.number}{more} est en préparation.")
    elif logged.kept_as_lead:
        notices.said(request, "Piste gardée. Complétez-la pour éditer la convention.")
    else:
        notices.said(request, "Placement enregistré.")


def habits_of(partner: Partner, request: SchoolRequest) -> dict[str, Any]:
    """Hours, tasks and tutor of the company's last placement that this person may see: a first proposal, to check."""
    last = (
        permissions.visible_placements(request.membership)
        .filter(partner=partner)
        .exclude(timetable="")
        .order_by("-start_date")
        .first()
    )
    if last is None:
        return {}
    return {"timetable": last.timetable, "tasks": last.tasks, "tutor": last.tutor_id}


def verdicts_of(placement: Placement, checked: rules.CheckResult) -> list[tuple[str, str, str]]:
    """What the rules say, ready for the page; an accepted alert carries its reason."""
    found = []
    for problem in checked.problems:
        code = {rules.Level.BLOCKING: "bloquant", rules.Level.WARNING: "a_justifier"}.get(problem.level, "a_savoir")
        sentence = problem.message
        if reason := placement.accepted_alerts.get(problem.rule):
            code, sentence = "a_savoir", f"{sentence} Accepté : « {reason} »"
        found.append((code, sentence, source_of(problem.rule)))
    return [*found, *(("non_controlable", sentence, source) for sentence, source in gaps_of(checked))]


class NextMove:
    """A move of the table as a button: where it posts, and whether its guard lets it through."""

    def __init__(self, move: moves.Move, may: Verdict, url: str) -> None:
        self.move, self.may, self.url = move, may, url

    @property
    def target(self) -> str:
        return self.move.target.value

    @property
    def is_forward(self) -> bool:
        """What one hopes for; the others are written smaller."""
        return self.move.target not in (S.CANCELLED, S.INTERRUPTED) and self.move.source not in permissions.OVER


def next_moves(placement: Placement, seen: moves.Circumstances) -> list[NextMove]:
    """What can be done by hand from here, in the order of the table."""
    url = reverse("pfmp:placement_move", args=[placement.school.uai, placement.public_id])
    stop = reverse("pfmp:placement_interrupt", args=[placement.school.uai, placement.public_id])
    return [
        NextMove(move, move.guard(seen), stop if move.target == S.INTERRUPTED else url)
        for move in moves.moves_from(PlacementStatus(placement.status))
        if move.permission is not None
    ]


# ---------------------------------------------------------------------------------------------------- whose placement


class StudentChoice(forms.Form):
    """Whose placement it is: found by typing."""

    def __init__(self, *args: Any, request: SchoolRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"] = student_field(request.membership)


def choose_student(request: SchoolRequest, heading: str = "Saisir un placement") -> HttpResponse:
    """The first question of a form about a pupil, and those who wait for a place: one link each."""
    asked = "student" in request.GET
    form = StudentChoice(request.GET if asked else None, request=request)
    kept = f"&partenaire={request.GET['partenaire']}" if request.GET.get("partenaire") else ""
    if asked and form.is_valid():
        student = form.cleaned_data["student"]
        return redirect(f"{request.path}?eleve={student.public_id}{kept}")
    today = timezone.localdate()
    periods = upcoming_periods(request, today)
    pupils = visible_students(request.membership).values_list("pk", flat=True)
    waiting = [
        (period, [row for row in rows if row.step in ("sans_place", "a_replacer", "piste_en_cours")])
        for period, rows in zip(periods, selectors.situations(periods, today, students=pupils).values(), strict=True)
    ]
    return render(
        request,
        "pfmp/placement_student.html",
        {
            "heading": heading,
            "form": form,
            "partner_id": request.GET.get("partenaire", ""),
            "kept": kept,
            "waiting": [(period, rows) for period, rows in waiting if rows][:6],
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
        },
    )


def upcoming_periods(request: SchoolRequest, today: Any) -> list[Period]:
    """For each class, its next period or the one under way, the nearest departure first."""
    found: dict[int, Period] = {}
    for period in (
        permissions.visible_periods(request.membership)
        .filter(end_date__gte=today, year=request.school_year.code)
        .select_related("school_class", "school")
        .order_by("start_date", "school_class__code")
    ):
        found.setdefault(period.school_class_id, period)
    return list(found.values())


# ------------------------------------------------------------------------------------------------------ fragments of htmx


@require_GET
def placement_tutors(request: SchoolRequest) -> HttpResponse:
    """The people of the chosen company, as the choice of who signs (proposed: who leads it) or of the tutor."""
    demand(allows(request.membership, Permission.LOG_PLACEMENT))
    partner = named_in_address(request, Partner.objects.in_school(request.school), "partner_id")
    contacts = (
        visible_contacts(request.membership).filter(partner=partner).exclude(is_active=False).order_by("search_text")
        if partner
        else []
    )
    who = "signer" if request.GET.get("pour") == "signer" else "tutor"
    leader = documents.leader_of(partner) if partner and who == "signer" else None
    return render(
        request,
        "pfmp/partials/person_choice.html",
        {"contacts": contacts, "chosen": str(leader.pk) if leader else "", "who": who},
    )


@require_POST
def placement_verdicts(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What the rules say of the form as it stands: asked while one types; writes nothing."""
    demand(allows(request.membership, Permission.LOG_PLACEMENT))
    student = visible_students(request.membership).filter(public_id=public_id).select_related("school").first()
    if student is None:
        raise Http404
    pages = PlacementPages()
    record = named_in_address(request, pages.rows(request).filter(student=student), "placement")
    if record is not None:
        record.school = request.school
    form = pages.placement_form(request, student, record)
    form.is_valid()
    return render(request, "pfmp/partials/form_verdicts.html", {"form": form, "live": True})


# -------------------------------------------------------------------------------------------------------- one pupil's


@require_GET
def student_placements(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Where a pupil went and goes, the latest first."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    student = visible_students(request.membership).filter(public_id=public_id).select_related("school").first()
    if student is None:
        raise Http404
    found = list(PlacementPages().rows(request).filter(student=student).order_by("-start_date"))
    return render(
        request,
        "pfmp/student_placements.html",
        {
            "record": student,
            "placements": found,
            "search": searching.search_of(request, student, timezone.localdate()),
            "said": plural(len(found), "placement"),
            "may_log": permissions.may_log(request.membership, student),
            "list_url": reverse("schools:student_list", args=[request.school.uai]),
            "new_url": f"{PlacementPages().url('new', request)}?eleve={student.public_id}",
        },
    )


@require_GET
@follows_merges
def partner_placements(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The pupils a company took in, as far as this person may know them: a tab of its page."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    partner = PartnerPages().find(request, public_id)
    found = PlacementPages().rows(request).filter(partner=partner).order_by("-start_date", "student__search_text")
    return render(
        request,
        "pfmp/partner_placements.html",
        {
            **partner_frame(request, partner),
            "placements": found,
            "may_log": allows(request.membership, Permission.LOG_PLACEMENT),
            "new_url": f"{PlacementPages().url('new', request)}?partenaire={partner.public_id}",
        },
    )
