"""The pages of actions: how one begins, the list, the page of one with what to do next, its form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import french, notices
from core.text import search_words
from core.verdict import demand
from events import catalogue, conflicts, leading, preparing, presence
from events.catalogue import Kind, Letter, Step
from events.enums import ActionStatus, Label, Occasion
from events.filters import ActionFilters
from events.forms.actions import ActionForm, StepForm
from events.models import Action, ActionClass, ActionPartner, ActionStep, ActionTemplate, Invitation, Participation
from events.views import action_tabs
from partners.views.records import initial_partner
from schools.filters import classes_of_year
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages
from schools.permissions import allows
from schools.roles import Permission


def action_state(action: Action) -> str:
    """Its status code today."""
    return preparing.state_of(action, timezone.localdate())


# ----------------------------------------------------------------------------------------------------------- where one begins


@dataclass(frozen=True)
class Beginning:
    """What a new action starts from: a nature, a model that ships or one of the school's own."""

    kind: Kind | None = None
    name: str = ""
    hours: Any = None
    steps: Sequence[Step] = ()
    letters: dict[Occasion, Letter] | None = None
    code: str = ""

    @classmethod
    def of_kind(cls, kind: Kind | None) -> "Beginning":
        if kind is None or not kind.is_action:
            return cls()
        model = catalogue.model_for(kind.code)
        return cls(kind, kind.label, model.hours, model.steps, dict(model.letters), kind.code)

    @classmethod
    def of_template(cls, template: ActionTemplate) -> "Beginning":
        return cls(
            catalogue.kind(template.kind),
            template.name,
            template.hours,
            leading.template_steps(template),
            leading.template_letters(template),
            str(template.public_id),
        )


def beginning(request: SchoolRequest, code: str) -> Beginning:
    """What the address or the form names: the code of a nature, or the public id of one of the school's models."""
    try:
        wanted = UUID(code)
    except ValueError:
        return Beginning.of_kind(catalogue.kind(code))
    found = ActionTemplate.objects.in_school(request.school).filter(public_id=wanted).first()
    return Beginning.of_template(found) if found else Beginning()


@require_GET
def action_choose(request: SchoolRequest) -> HttpResponse:
    """Which action to prepare: the school's models, those that ship, then every nature by family."""
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    asked = request.GET.get("q", "")[:200]
    words = search_words(asked)
    families = [
        (family, found)
        for family, members in catalogue.by_family().items()
        if (found := [one for one in members if all(word in one.words for word in words)])
    ]
    partner = initial_partner(request)
    return render(
        request,
        "events/action_choose.html",
        {
            "own": [] if words else leading.templates_of(request.school),
            "models": [] if words else catalogue.first_models(),
            "families": [
                (family, [(one, _elsewhere(request, one)) for one in members]) for family, members in families
            ],
            "asked": asked,
            "with_partner": f"&partenaire={partner.public_id}" if partner else "",
            "partner": partner,
            "list_url": reverse("events:action_list", args=[request.school.uai]),
        },
    )


def _elsewhere(request: SchoolRequest, kind: Kind) -> str:
    return reverse(kind.page, args=[request.school.uai]) if kind.page else ""


# ---------------------------------------------------------------------------------------------------------------- the pages


class ActionPages(RecordPages):
    model, app, name, slug = Action, "events", "action", "actions"
    view, edit = Permission.VIEW_ACTIONS, Permission.EDIT_ACTIONS
    form, filters = ActionForm, ActionFilters
    title, new_label = "Actions", "Préparer une action"
    noun = "action"
    saved = "Action enregistrée."
    save_label = "Enregistrer l’action"
    intro = "Forums, visites, jurys, ateliers : ce que le lycée et les partenaires font ensemble cette année."
    empty = "Aucune action cette année-là pour l’instant."
    ordering = ("-start_date", "-pk")
    detail_template = "events/action_detail.html"
    form_template = "events/action_form.html"
    list_template = "events/action_list.html"
    columns = (
        Column("Intitulé", "title", "name", sort="title"),
        Column("Type", "get_type_display", sort="type"),
        Column("Début", "start_date", "date", sort="start_date"),
        Column("Statut", action_state, "badge", sort="status"),
        Column("Partenaires", "partner_count", "number"),
        Column("Élèves attendus", "expected_count", "number"),
        Column("Présents", "present_count", "number"),
        Column("Nature", lambda row: catalogue.label(row.kind), sort="kind", screen=False),
        Column("Fin", "end_date", "date", screen=False),
        Column("Durée (heures)", "hours", "number", screen=False),
        Column(
            "Responsable", "owner", sort="owner__search_text", screen=False, load=lambda qs: qs.select_related("owner")
        ),
        Column("À l’initiative de", "get_initiative_display", screen=False),
        Column("Lieu", "place", screen=False),
        Column("Événement national", "national_event", screen=False),
        Column("Étiquettes", lambda row: ", ".join(preparing.tags_of(row.tags)), screen=False),
        Column("Coût", "cost", "euros", sort="cost", screen=False),
        Column("Financement", "funding", screen=False),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Action]:
        year = request.school_year
        return (
            self.rows(request)
            .filter(start_date__range=(year.start, year.end))
            .select_related("school")
            .annotate(
                partner_count=Count("action_partners", distinct=True),
                expected_count=Count("participations", distinct=True),
                present_count=Count("participations", filter=Q(participations__present=True), distinct=True),
            )
        )

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        return {"new_url": reverse("events:action_choose", args=[request.school.uai])}

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        start = beginning(request, request.GET.get("modele") or request.GET.get("nature", ""))
        partner = initial_partner(request)
        found: dict[str, Any] = {"owner": request.membership, "partner": partner}
        if start.kind is None:
            return found | {"start_date": timezone.localdate()}
        label = start.kind.label_given
        return found | {
            "kind": start.kind.code,
            "type": start.kind.type,
            "model": start.code,
            "title": f"{start.name} : {partner}" if partner else start.name,
            "hours": start.hours,
            "national_event": start.kind.event,
            "for_priority": start.kind.for_priority,
            "labels": [label.value] if isinstance(label, Label) else [],
            "workshop": _workshop(request),
            "classes": _class_asked(request),
        }

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"classes": classes_of_year(request)}

    def new_page(self, request: SchoolRequest) -> HttpResponse:
        demand(self.may_add(request))
        form = self._form(request)
        code = str(form["model"].value() or "")
        form.begun = beginning(request, code)  # type: ignore[attr-defined]
        return self._form_page(request, form, self.create, record=None)

    def create(self, request: SchoolRequest, form: RecordForm) -> Action:
        cleaned = form.cleaned_data
        start = beginning(request, cleaned.get("model") or "")
        action = leading.prepare(
            form.instance,
            steps=start.steps,
            letters=start.letters,
            carriers=[cleaned["partner"]] if cleaned.get("partner") else [],
            classes=cleaned.get("classes") or [],
            today=timezone.localdate(),
            by=request.user,
            key=cleaned.get("creation_key"),
        )
        _warn(request, action)
        return action

    def change(self, request: SchoolRequest, form: RecordForm) -> Action:
        before = form.initial["start_date"]
        with transaction.atomic():
            action: Action = super().change(request, form)
            if action.start_date != before:
                moved = leading.move_steps(action, before, today=timezone.localdate(), by=request.user)
                presence.follow(action, by=request.user)
                if moved:
                    notices.said(
                        request, f"Le jour change : {french.plural(moved, 'étape décalée', 'étapes décalées')}."
                    )
        _warn(request, action)
        return action

    def facts(self, request: SchoolRequest, record: Action) -> Iterable[Fact]:
        """The agreement and the network are named to those who may read them; what the title line says is not said twice."""
        hidden = {"type", "title", "start_date", "end_date", "start_time", "end_time", "place", "status"}
        if not allows(request.membership, Permission.VIEW_AGREEMENTS):
            hidden |= {"agreement", "network"}
        for name, fact in self.named_facts(request, record):
            if name == "kind":
                yield Fact("Nature", catalogue.label(record.kind))
            elif name == "owner" and not allows(request.membership, Permission.VIEW_STAFF):
                yield Fact(fact.label, record.owner)
            elif name == "cost":
                yield Fact("Coût", record.cost, "euros")
            elif name not in hidden:
                yield fact
        yield Fact("Étiquettes", ", ".join(preparing.tags_of(record.tags)))

    def status(self, record: Action) -> str:
        return action_state(record)

    def detail_context(self, request: SchoolRequest, record: Action) -> dict[str, Any]:
        return {**action_tabs.frame(request, record), **page_of(request, record)}


def page_of(request: SchoolRequest, action: Action, step_form: StepForm | None = None) -> dict[str, Any]:
    """What the first tab shows: what to do next, the checklist, what is missing, who is around."""
    today = timezone.localdate()
    steps = list(
        ActionStep.objects.in_school(request.school)
        .filter(action=action)
        .select_related("owner")
        .order_by("due_date", "pk")
    )
    carriers = list(
        ActionPartner.objects.in_school(request.school)
        .filter(action=action)
        .select_related("partner__school", "school")
        .order_by("partner__name")
    )
    left = [one for one in steps if one.done_date is None]
    near, later = preparing.near_and_later(left, today)
    counts, around = counts_of(action, carriers=len(carriers))
    may_edit = allows(request.membership, Permission.EDIT_ACTIONS)
    coming = action.status == ActionStatus.PLANNED and action.last_date >= today
    found = catalogue.kind(action.kind)
    return {
        "next": preparing.next_thing(action, steps, counts, today) if may_edit else None,
        "left": left,
        "near": [(one, _door(action, one)) for one in near],
        "later": [(one, _door(action, one)) for one in later],
        "done": [one for one in steps if one.done_date is not None],
        "progress": preparing.progress(steps) if steps else "",
        "gaps": preparing.gaps(action, counts) if may_edit else [],
        "across": preparing.counted_in(action.start_date, action.end_date),
        "conflicts": conflicts.of_action(action) if coming else [],
        "carriers": carriers,
        "counts": counts,
        "around": around,
        "papers": found.papers if found and coming else "",
        "series": _series(action),
        "step_form": step_form or StepForm(school=request.school, membership=request.membership),
        "may_steps": may_edit and action.status != ActionStatus.CANCELLED,
        "model": model_of(action),
        "may_fill": may_edit and coming and not steps,
    }


def _door(action: Action, step: ActionStep) -> tuple[str, str] | None:
    """The words and the address of the page that does a step."""
    found = preparing.door(step.label)
    return (found[0], reverse(found[1], args=[action.school.uai, action.public_id])) if found else None


def model_of(action: Action) -> catalogue.Model:
    """The model that ships for this action."""
    return catalogue.model_for(action.kind) if action.kind else catalogue.model_for_type(action.type)


def counts_of(action: Action, *, carriers: int) -> tuple[preparing.Counts, dict[str, int]]:
    """What stands around an action, in three queries: for what comes next, and as sums for the page."""
    guests = (
        Invitation.objects.in_school(action.school_id)
        .filter(action=action)
        .aggregate(
            all=Count("pk"),
            answered=Count("pk", filter=~Q(reply="")),
            yes=Count("pk", filter=Q(reply="acceptee")),
            came=Count("pk", filter=Q(present=True)),
            to_thank=Count("pk", filter=Q(present=True, thanked_at=None)),
        )
    )
    pupils = (
        Participation.objects.in_school(action.school_id)
        .filter(action=action)
        .aggregate(
            all=Count("pk"), came=Count("pk", filter=Q(present=True)), unsaid=Count("pk", filter=Q(present=None))
        )
    )
    counts = preparing.Counts(
        carriers=carriers,
        guests=guests["all"],
        unanswered=guests["all"] - guests["answered"],
        to_thank=guests["to_thank"],
        classes=ActionClass.objects.in_school(action.school_id).filter(action=action).count(),
        expected=pupils["all"],
        unsaid=pupils["unsaid"],
    )
    return counts, {
        "invited": guests["all"],
        "answered": guests["answered"],
        "accepted": guests["yes"],
        "guests_came": guests["came"],
        "pupils_came": pupils["came"],
    }


def _series(action: Action) -> list[Action]:
    """The other dates of the same series, by day."""
    if action.series is None:
        return []
    rows = Action.objects.in_school(action.school_id).filter(series=action.series).exclude(pk=action.pk)
    return list(rows.select_related("school").order_by("start_date", "pk"))


def _workshop(request: SchoolRequest) -> int | None:
    asked = request.GET.get("atelier", "")
    return int(asked) if asked in ("1", "2", "3", "4") else None


def _class_asked(request: SchoolRequest) -> list[Any]:
    try:
        wanted = UUID(request.GET.get("classe", ""))
    except ValueError:
        return []
    return list(classes_of_year(request).filter(public_id=wanted))


def _warn(request: SchoolRequest, action: Action) -> None:
    """What to know of the days of an action that was just saved; it is saved all the same."""
    if sentence := preparing.counted_in(action.start_date, action.end_date):
        notices.warned(request, sentence)
    if action.status == ActionStatus.PLANNED and action.last_date >= timezone.localdate():
        for one in conflicts.of_action(action)[:3]:
            notices.warned(request, one.text)
