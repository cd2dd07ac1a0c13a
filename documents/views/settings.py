"""How the school gets its papers signed: the page of settings, with an example of what they do."""

from datetime import timedelta
from itertools import islice

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import french, notices
from core.verdict import demand
from documents import circuit, delegations, reminder_rules, reminding
from documents.forms.settings import CircuitForm
from documents.models import Delegation
from schools.middleware import SchoolRequest
from schools.models import School
from schools.permissions import allows
from schools.roles import Permission

MONDAY_TO = 7


def example(school: School) -> str:
    """What the timetable does, on days to come: « Lien envoyé mardi 12, première relance lundi 18, puis vendredi 22… »."""
    today = timezone.localdate()
    timetable = reminding.timetable_of(school, today)
    first = next(
        day
        for ahead in range(MONDAY_TO * 2)
        if reminder_rules.is_business_day(day := today + timedelta(days=ahead), alsace_moselle=timetable.alsace_moselle)
    )
    days = list(islice(reminder_rules.reminders_after(timetable, first), 20))
    sent = f"un lien envoyé {french.day(first, weekday=True)}"
    if not days:
        return f"Exemple : {sent}, et aucune relance automatique ensuite."
    text = f"Exemple : {sent}, sans réponse. Première relance {french.day(days[0], weekday=True)}"
    if others := [french.day(day, weekday=True) for day in days[1:]]:
        text += f", puis {', '.join(others[:-1])}{' et ' if others[1:] else ''}{others[-1]}"
    return f"{text}. Ensuite, plus rien ne part tout seul : le bureau appelle."


@require_http_methods(["GET", "POST"])
def circuit_settings(request: SchoolRequest) -> HttpResponse:
    """The order of signatures, the life of links, the reminders; and who may sign for the head."""
    demand(allows(request.membership, Permission.EDIT_SCHOOL))
    known = circuit.settings_of(request.school)
    form = CircuitForm(request.POST or None, instance=known, school=request.school)
    if form.is_valid():
        values = {name: getattr(form.instance, name) for name in form.Meta.fields} | {"order": form.chosen_order()}
        circuit.change_settings(request.school, values, by=request.user)
        notices.said(request, "Réglages des signatures enregistrés.")
        return redirect("documents:circuit_settings", request.school.uai)
    today = timezone.localdate()
    return render(
        request,
        "documents/circuit_settings.html",
        {
            "form": form,
            "example": example(request.school),
            "delegations": list(
                Delegation.objects.in_school(request.school)
                .on(today)
                .select_related("membership", "school")
                .order_by("membership__last_name")
            ),
            "standing": delegations.standing(request.membership, today),
        },
        status=422 if form.is_bound else 200,
    )
