"""What one does to an action as it goes: its steps, its report, its dates, its cancellation, a model out of it."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import french, notices, typography
from core.errors import StaleEdit
from core.verdict import Denied, Verdict, demand
from events import impact, inviting, leading, preparing, repeating
from events.enums import ActionStatus
from events.forms.actions import CancelForm, ModelNameForm, ReportForm, StepForm
from events.forms.repeating import DaysForm, RhythmForm
from events.models import Action, ActionStep
from events.repeating import Rhythm
from events.views.action_tabs import frame
from events.views.actions import ActionPages, counts_of, model_of, page_of
from events.views.photos import photo_box
from schools import services
from schools.middleware import SchoolRequest
from schools.pages import add_errors
from schools.permissions import allows
from schools.roles import Permission


def action_to_change(request: SchoolRequest, public_id: UUID) -> Action:
    """The action of an address, for the bureau."""
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    action: Action = ActionPages().find(request, public_id)
    return action


def _posted(request: SchoolRequest) -> Any:
    """What a form is bound to: nothing before it is sent, even when nothing was filled."""
    return request.POST if request.method == "POST" else None


# ------------------------------------------------------------------------------------------------------------------ the steps


@require_POST
def action_step_new(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One more thing to do; what was typed stays on the page when it cannot be kept."""
    action = action_to_change(request, public_id)
    demand(_may_prepare(action))
    form = StepForm(request.POST, school=request.school, membership=request.membership)
    if form.is_valid():
        try:
            leading.add_step(action, form.instance, by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            notices.said(request, "Étape ajoutée.")
            return redirect(f"{action.get_absolute_url()}#etapes")
    context = {**ActionPages().page_context(request, action), **page_of(request, action, form), "form": form}
    return render(request, "events/action_detail.html", context, status=422)


@require_POST
def action_fill(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Give the steps of its model to an action that has none."""
    action = action_to_change(request, public_id)
    demand(_may_prepare(action))
    added = leading.fill(action, model_of(action).steps, today=timezone.localdate(), by=request.user)
    if added:
        notices.said(request, f"{french.plural(added, 'étape ajoutée', 'étapes ajoutées')}.")
    return redirect(f"{action.get_absolute_url()}#etapes")


@require_POST
def action_step_done(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Tick a step."""
    step = _step(request, public_id)
    if leading.tick(step, timezone.localdate(), by=request.user):
        undo = reverse("events:action_step_undone", args=[request.school.uai, step.public_id])
        notices.said(request, f"Fait : {step.label}.", undo_url=undo)
    return redirect(f"{step.action.get_absolute_url()}#etapes")


@require_POST
def action_step_undone(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """It is to do again."""
    step = _step(request, public_id)
    if leading.tick(step, None, by=request.user):
        notices.said(request, f"De nouveau à faire : {step.label}.")
    return redirect(f"{step.action.get_absolute_url()}#etapes")


@require_http_methods(["GET", "POST"])
def action_step_edit(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Correct a step, or take it off the list."""
    step = _step(request, public_id)
    if request.method == "POST" and request.POST.get("supprimer"):
        from_list = step.action
        services.remove_record(step, by=request.user)
        notices.said(request, f"Étape retirée : {step.label}.")
        return redirect(f"{from_list.get_absolute_url()}#etapes")
    form = StepForm(_posted(request), instance=step, school=request.school, membership=request.membership)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_record(
                form.instance, version=form.cleaned_data["version"], by=request.user, changed=form.changed_data
            )
        except StaleEdit as stale:
            form.add_error(None, _stale(stale))
        else:
            notices.said(request, "Étape corrigée.")
            return redirect(f"{step.action.get_absolute_url()}#etapes")
    context = {"form": form, "step": step, "action": step.action, "list_url": ActionPages().back_url(request)}
    return render(request, "events/action_step.html", context, status=422 if form.is_bound else 200)


def _step(request: SchoolRequest, public_id: UUID) -> ActionStep:
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    rows = ActionStep.objects.in_school(request.school).filter(public_id=public_id)
    step = rows.select_related("action", "school", "owner").first()
    if step is None:
        raise Http404
    step.action.school = request.school
    return step


def _may_prepare(action: Action) -> Verdict:
    if action.status == ActionStatus.CANCELLED:
        return Denied("Cette action est annulée : rétablissez-la d’abord.")
    return Verdict(True)


def _stale(stale: StaleEdit) -> str:
    theirs: Any = stale.theirs
    who = services.edited_by_someone(theirs) if theirs is not None else "Quelqu’un"
    return f"Modifié entre-temps ({who}). Rechargez la page, puis recommencez."


# ----------------------------------------------------------------------------------------------------------------- the report


@require_http_methods(["GET", "POST"])
def action_report(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Whether it took place, three lines on it, and what was seen afterwards."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    action: Action = ActionPages().find(request, public_id)
    may_edit = allows(request.membership, Permission.EDIT_ACTIONS)
    if request.method == "POST":
        demand(may_edit)
    open_form = bool(may_edit) and action.status != ActionStatus.CANCELLED
    form = (
        ReportForm(_posted(request), instance=action, school=request.school, membership=request.membership)
        if open_form
        else None
    )
    if request.method == "POST":
        demand(_may_prepare(action))
        assert form is not None
        if form.is_valid():
            try:
                services.change_record(
                    form.instance, version=form.cleaned_data["version"], by=request.user, changed=form.changed_data
                )
            except StaleEdit as stale:
                form.add_error(None, _stale(stale))
            else:
                done = action.status == ActionStatus.DONE
                notices.said(request, "Bilan enregistré : l’action compte." if done else "Bilan enregistré.")
                return redirect("events:action_report", request.school.uai, action.public_id)
        action = ActionPages().find(request, public_id)  # the form has written on the one it was given
    return render(
        request, "events/action_report.html", _report(request, action, form), status=422 if _refused(form) else 200
    )


def _refused(form: ReportForm | None) -> bool:
    return form is not None and form.is_bound


def _report(request: SchoolRequest, action: Action, form: ReportForm | None) -> dict[str, Any]:
    today = timezone.localdate()
    counts, sums = counts_of(action, carriers=0)
    may: Any = lambda permission: allows(request.membership, permission)  # noqa: E731  asked once for each sort
    seen = (
        impact.lines(request.school.pk, impact.around(request.school.pk, [action]), today, may)
        if action.status == ActionStatus.DONE
        else []
    )
    lines = preparing.report_lines(action.review)
    return {
        **frame(request, action),
        "form": form,
        "lines": [(label, line) for (_, label, _), line in zip(preparing.REPORT_LINES, lines, strict=True) if line],
        "counts": counts,
        "sums": sums,
        "seen": seen,
        "is_cancelled": action.status == ActionStatus.CANCELLED,
        **photo_box(request, action),
    }


@require_GET
def action_impact(request: SchoolRequest) -> HttpResponse:
    """What was seen after the actions of the year, by type."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    year, today = request.school_year, timezone.localdate()
    actions = (
        Action.objects.in_school(request.school)
        .filter(status=ActionStatus.DONE, start_date__range=(year.start, min(year.end, today)))
        .order_by("start_date", "pk")
    )
    may: Any = lambda permission: allows(request.membership, permission)  # noqa: E731  asked once for each sort
    headings, lines = impact.by_type(request.school.pk, impact.around(request.school.pk, actions), today, may)
    return render(
        request,
        "events/action_impact.html",
        {
            "headings": headings,
            "lines": lines,
            "width": len(headings) + 2,
            "basis": [(one.heading, one.basis) for one in impact.observations() if one.basis and may(one.permission)],
            "list_url": ActionPages().back_url(request),
        },
    )


# ------------------------------------------------------------------------------------------------------- cancelling, restoring


@require_http_methods(["GET", "POST"])
def action_cancel(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """How many people are told, and why; then the action is cancelled and they are told, all or nothing."""
    action = action_to_change(request, public_id)
    if not (may := _may_cancel(action)):
        notices.refused(request, may.reason)
        return redirect(action)
    told = inviting.to_tell_of_cancelling(action) if action.last_date >= timezone.localdate() else []
    form = CancelForm(_posted(request), guests=len(told), initial={"version": action.version})
    if request.method == "POST" and form.is_valid():
        try:
            outcome = leading.cancel(
                action,
                reason=form.cleaned_data["cancel_reason"],
                tells=form.cleaned_data.get("tells", False),
                version=form.cleaned_data["version"],
                sender=request.membership,
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        except StaleEdit as stale:
            form.add_error(None, _stale(stale))
        else:
            _say_cancelled(request, outcome)
            return redirect(action)
    context = {
        "form": form,
        "action": action,
        "told": told,
        "unreachable": [row for row in told if not row.email],
        "list_url": ActionPages().back_url(request),
    }
    return render(request, "events/action_cancel.html", context, status=422 if form.is_bound else 200)


def _say_cancelled(request: SchoolRequest, outcome: inviting.Outcome) -> None:
    if outcome.messages:
        sent = french.plural(outcome.messages, "invité prévenu", "invités prévenus")
        notices.said(request, f"Action annulée. {sent} par courriel.")
    else:
        notices.said(request, "Action annulée.")
    if outcome.left:
        names = ", ".join(str(row.partner) for row, _ in outcome.left[:8])
        notices.warned(request, typography.french(f"Sans adresse électronique, à prévenir vous-même : {names}."))


def _may_cancel(action: Action) -> Verdict:
    if action.status == ActionStatus.DONE:
        return Denied("Cette action a eu lieu : elle ne s’annule plus.")
    if action.status == ActionStatus.CANCELLED:
        return Denied("Cette action est déjà annulée.")
    return Verdict(True)


@require_POST
def action_reopen(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A cancelled action is planned again; nobody is written to."""
    action = action_to_change(request, public_id)
    if leading.reopen(action, by=request.user):
        notices.said(request, "Action rétablie : elle est prévue. Personne n’a été prévenu.")
    return redirect(action)


# ------------------------------------------------------------------------------------------------------------------- its dates


@require_http_methods(["GET", "POST"])
def action_repeat(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A rhythm, the dates it gives with those that fall without lessons, then one action for each date kept."""
    action = action_to_change(request, public_id)
    rhythm = RhythmForm(request.GET or None)
    proposed = []
    if rhythm.is_bound and rhythm.is_valid():
        asked = rhythm.cleaned_data
        last = repeating.last_proposable(action.start_date)
        found = repeating.proposed(action, Rhythm(asked["rythme"]), asked["fois"])
        proposed = [one for one in found if one.day <= last]
    form = DaysForm(_posted(request), first=action.start_date)
    if request.method == "POST" and form.is_valid():
        try:
            made = repeating.repeat(action, form.cleaned_data["days"], today=timezone.localdate(), by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            notices.said(
                request,
                f"{french.plural(len(made), 'action créée', 'actions créées')}, avec leurs étapes."
                if made
                else "Ces dates existent déjà dans la série.",
            )
            return redirect(made[0] if len(made) == 1 else action)
    context = {
        "action": action,
        "rhythm": rhythm,
        "proposed": proposed,
        "picked": request.POST.getlist("jours"),
        "form": form,
        "list_url": ActionPages().back_url(request),
    }
    return render(request, "events/action_repeat.html", context, status=422 if _is_wrong(rhythm, form) else 200)


def _is_wrong(rhythm: RhythmForm, form: DaysForm) -> bool:
    return form.is_bound or (rhythm.is_bound and not rhythm.is_valid())


# -------------------------------------------------------------------------------------------------------------- a model of it


@require_http_methods(["GET", "POST"])
def action_keep(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Keep the steps and letters of an action as a model of the school's own."""
    action = action_to_change(request, public_id)
    form = ModelNameForm(_posted(request), initial={"name": action.title[:200]})
    if request.method == "POST" and form.is_valid():
        try:
            model = leading.keep_as_model(action, form.cleaned_data["name"], by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            notices.said(request, "Modèle gardé. Il est proposé à chaque nouvelle action.")
            return redirect(model)
    context = {
        "form": form,
        "action": action,
        "steps": ActionStep.objects.in_school(request.school).filter(action=action).count(),
        "list_url": ActionPages().back_url(request),
    }
    return render(request, "events/action_keep.html", context, status=422 if form.is_bound else 200)
