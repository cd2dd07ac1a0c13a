"""The page of dormant partners: pick, plan the calls, take the list away."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import downloads, french, notices
from core.verdict import demand
from indicators import permissions
from indicators.dormant import Dormant, Dormants
from indicators.enums import TraceKind
from partners import followups
from partners.models import Partner
from partners.rules import follow_up
from partners.views.followups import tabs_of
from schools.forms import DateInput
from schools.lookups import matching
from schools.middleware import SchoolRequest
from schools.pages import query_without
from schools.permissions import allows
from schools.roles import Permission

PAGE_SIZE = 25
RELATIONS = [
    (TraceKind.PLACEMENT.value, "A accueilli des élèves"),
    (TraceKind.AGREEMENT.value, "A signé une convention"),
    (TraceKind.CONTRIBUTION.value, "A versé la taxe ou un don"),
    (TraceKind.OFFER.value, "A proposé une offre"),
    (TraceKind.ACTION.value, "A mené une action"),
    (TraceKind.EXCHANGE.value, "A eu un échange"),
    ("rien", "Aucune trace du tout"),
]
HEADERS = ["Partenaire", "Commune", "Téléphone", "Tuteur connu", "Dernière trace", "Laquelle", "Relation", "Prochaine étape", "Rappel prévu", "Suivi par"]  # fmt: skip


class DormantFilters(forms.Form):
    """What to show of the list, in the address."""

    q = forms.CharField(label="Nom, commune, métier", max_length=100, required=False)
    relation = forms.ChoiceField(label="Relation passée", choices=[("", "Indifférent"), *RELATIONS], required=False)
    suivi = forms.ChoiceField(
        label="Suivi", choices=[("", "Indifférent"), ("moi", "Par moi"), ("personne", "Par personne")], required=False
    )
    rappel = forms.ChoiceField(
        label="Rappel", choices=[("", "Indifférent"), ("non", "Aucun de prévu"), ("oui", "Déjà prévu")], required=False
    )


class PlanForm(forms.Form):
    """The day of the calls that one plans."""

    jour = forms.DateField(label="Rappeler le", widget=DateInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["jour"].initial = follow_up.working_day(today + timedelta(days=7))
        self.fields["jour"].widget.attrs |= {"min": (today + timedelta(days=1)).isoformat(), "class": "form-control"}

    def clean_jour(self) -> date:
        day: date = self.cleaned_data["jour"]
        if problem := follow_up.day_problem(day, self.today):
            raise ValidationError(problem)
        if day == self.today:
            raise ValidationError("Pour appeler aujourd’hui, appelez, puis notez l’échange.")
        return day


@require_GET
def dormant_partners(request: SchoolRequest) -> HttpResponse:
    """The partners that E14 counts today, filtered, with a next step each."""
    demand(permissions.may_see_rows(request.membership))
    return _draw(request, PlanForm(today=timezone.localdate()))


def _draw(
    request: SchoolRequest, plan: PlanForm, picked: frozenset[str] = frozenset(), status: int = 200
) -> HttpResponse:
    filters = DormantFilters(request.GET)
    if not filters.is_valid():
        raise BadRequest
    dormants = Dormants(request.school, timezone.localdate())
    shown = dormants.in_order(_filtered(request, filters, dormants))
    if (wanted := request.GET.get("format", "")) in ("csv", "xlsx"):
        return _export(wanted, dormants.lines(shown, request.membership))
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "indicators/dormant_partners.html",
        {
            "today": dormants.today,
            "total": len(dormants.partners),
            "filters": filters,
            "is_filtered": any(filters.cleaned_data.values()),
            "page": page,
            "lines": dormants.lines(list(page), request.membership),
            "plan": plan,
            "form": plan,
            "picked": picked,
            "may_plan": allows(request.membership, Permission.ADD_INTERACTION),
            "query": query_without(request, "page", "format"),
            "tabs": tabs_of(request),
            "plan_url": reverse("indicators:dormant_plan", args=[request.school.uai]),
        },
        status=status,
    )


def _filtered(request: SchoolRequest, filters: DormantFilters, dormants: Dormants) -> set[int]:
    """The dormant partners that the filters keep."""
    asked, kept = filters.cleaned_data, set(dormants.partners)
    if asked["relation"] == "rien":
        kept -= dormants.last.keys()
    elif asked["relation"]:
        kept &= dormants.with_kind(TraceKind(asked["relation"]))
    partners = Partner.objects.in_school(request.school).order_by()
    if asked["q"]:
        kept &= set(matching(partners, asked["q"]).values_list("pk", flat=True))
    if asked["suivi"]:
        whose = request.membership if asked["suivi"] == "moi" else None
        kept &= set(partners.filter(owner=whose).values_list("pk", flat=True))
    if asked["rappel"]:
        planned = set(followups.waiting(request.membership).order_by().values_list("partner_id", flat=True))
        kept = kept & planned if asked["rappel"] == "oui" else kept - planned
    return kept


def _export(wanted: str, lines: list[Dormant]) -> HttpResponse:
    rows = [
        [
            line.partner.name,
            line.partner.city,
            line.phone,
            line.tutor,
            line.last.day if line.last else None,
            line.last.kind.label if line.last else "",
            ", ".join(line.relation),
            line.step.text,
            line.planned.call_again_date if line.planned else None,
            str(line.partner.owner or ""),
        ]
        for line in lines
    ]
    return downloads.table(wanted, "partenaires-dormants", "Partenaires dormants", HEADERS, rows)


@require_http_methods(["GET", "POST"])
def dormant_plan(request: SchoolRequest) -> HttpResponse:
    """Plan a call to the partners picked, each with the step that the page proposes; or to one alone (`seul`)."""
    demand(permissions.may_see_rows(request.membership))
    demand(allows(request.membership, Permission.ADD_INTERACTION))
    back = reverse("indicators:dormant_partners", args=[request.school.uai])
    if request.method == "GET":  # the filters around a form sent back
        return redirect(f"{back}?{request.GET.urlencode()}")
    today = timezone.localdate()
    plan = PlanForm(request.POST, today=today)
    alone = request.POST.get("seul", "")
    picked = frozenset([alone] if alone else request.POST.getlist("choisi"))
    if not picked:
        plan.add_error(None, "Cochez au moins un partenaire.")
    if len(picked) > followups.MOST_PLANNED:
        plan.add_error(None, f"Pas plus de {followups.MOST_PLANNED} rappels à la fois.")
    if not plan.is_valid():
        return _draw(request, plan, picked, status=422)
    dormants = Dormants(request.school, today)
    chosen = Partner.objects.in_school(request.school).filter(public_id__in=_uuids(picked))
    pks = [pk for pk in chosen.values_list("pk", flat=True) if pk in dormants.partners]
    lines = [line for line in dormants.lines(pks, request.membership) if line.step.is_call]
    day = plan.cleaned_data["jour"]
    made = followups.plan_calls(
        [(line.partner, line.step.text) for line in lines],
        day=day,
        today=today,
        membership=request.membership,
        by=request.user,
    )
    if not made:
        notices.warned(
            request, "Aucun rappel ajouté : ils étaient déjà prévus, ou ces partenaires ne sont plus dormants."
        )
    else:
        left = len(picked) - len(made)
        more = (
            f" {french.plural(left, 'autre')} déjà prévu{'s' if left > 1 else ''} ou à ne pas appeler." if left else ""
        )
        when = french.day(day, weekday=True)
        notices.said(request, f"{french.plural(len(made), 'rappel')} prévu{'s' if len(made) > 1 else ''} {when}.{more}")
    query = request.POST.get("retour", "")[:500]
    return redirect(f"{back}?{query}" if query else back)


def _uuids(texts: frozenset[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
