"""AvenirPro: the final-year classes, then the pupils of one with the workshops that each lacks."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import downloads
from core.downloads import FORMATS
from core.verdict import demand
from events import avenirpro as workshops
from events.avenirpro import Group
from schools.middleware import SchoolRequest
from schools.pages import back_to
from schools.permissions import allows, visible_students
from schools.roles import Permission

HEADINGS = [
    "Classe",
    "Élève",
    "Ateliers suivis",
    "Atelier 1",
    "Atelier 2",
    "Atelier 3",
    "Atelier 4",
    "Manquent",
    "Sorti le",
]
WORDS = {"oui": "suivi", "prevu": "prévu", "": ""}


@require_GET
def avenirpro(request: SchoolRequest) -> HttpResponse:
    """Who lacks which of the four workshops, by class; the same lines as a file."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    today, year = timezone.localdate(), request.school_year
    groups = workshops.groups(request.school, year, min(today, year.end), visible_students(request.membership))
    chosen = _chosen(request, groups)
    if (wanted := request.GET.get("format", "")) in FORMATS:
        shown = [chosen] if chosen else groups
        return downloads.table(wanted, f"avenirpro-{year.code}", "AvenirPro", HEADINGS, _lines(shown))
    complete, enrolled = workshops.totals(groups)
    only_lacking = request.GET.get("voir") == "manque"
    may_prepare = allows(request.membership, Permission.EDIT_ACTIONS)
    return render(
        request,
        "events/avenirpro.html",
        {
            "groups": groups,
            "chosen": chosen,
            "class_label": chosen.school_class.label if chosen else "",
            "pupils": (chosen.lacking if only_lacking else chosen.pupils) if chosen else [],
            "only_lacking": only_lacking,
            "complete": complete,
            "enrolled": enrolled,
            "coming": workshops.coming(request.school, today),
            "may_prepare": may_prepare,
            "new_url": f"{reverse('events:action_new', args=[request.school.uai])}?nature=AVENIRPRO",
            "formats": [(code, label) for code, (label, _) in FORMATS.items()],
            "list_url": back_to(request, "events:action_list"),
        },
    )


def _chosen(request: SchoolRequest, groups: list[Group]) -> Group | None:
    """The class that the address names, the only one when there is one; a class that is not here is not found."""
    asked = request.GET.get("classe", "")
    if not asked:
        return groups[0] if len(groups) == 1 else None
    try:
        wanted = UUID(asked)
    except ValueError:
        raise Http404 from None
    found = next((group for group in groups if group.school_class.public_id == wanted), None)
    if found is None:
        raise Http404
    return found


def _lines(groups: list[Group]) -> list[list[object]]:
    return [
        [
            group.school_class.label,
            str(pupil.student),
            pupil.count,
            *(WORDS[cell] for cell in pupil.cells),
            ", ".join(str(number) for number in pupil.missing),
            pupil.left_date,
        ]
        for group in groups
        for pupil in group.pupils
    ]
