"""The pages of an académie's reader: its lycées in the order of the alphabet, one indicator in all of them, files (role `academie`)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import downloads, typography
from core.school_year import SchoolYear
from indicators import definitions, documents
from indicators.academy import HEADLINES, INTERNAL, Academy, Lycee, Number, academies_of, offered
from indicators.enums import Heading
from indicators.labels import SHORT_HEADINGS

HEADERS = [
    "UAI",
    "Lycée",
    "Commune",
    "Type",
    "Arrêté au",
    "Code",
    "Indicateur",
    "Valeur",
    "n",
    "d",
    "Motif",
    "Définition",
]


def _academy(request: HttpRequest) -> Academy:
    """The académie asked for, among those the person reads; 404 for anybody else (S-03) and for a year that is none."""
    mine = academies_of(request.user)  # type: ignore[arg-type]
    asked = request.GET.get("academie") or (mine[0] if mine else "")
    if asked not in mine:
        raise Http404
    try:
        year = SchoolYear.parse(request.GET["annee"]) if request.GET.get("annee") else _current()
    except ValueError:
        raise Http404 from None
    return Academy(asked, year)


def _current() -> SchoolYear:
    return SchoolYear.on(timezone.localdate())


def _frame(request: HttpRequest, academy: Academy) -> dict[str, Any]:
    mine = academies_of(request.user)  # type: ignore[arg-type]
    years = sorted({*academy.years(), academy.year.code, _current().code}, reverse=True)
    return {
        "academy": academy,
        "academies": mine,
        "years": years,
        "query": f"annee={academy.year.code}&academie={academy.name}",
        "home_url": reverse("academy_home"),
        "formats": [(kind, words) for kind, (words, _) in downloads.FORMATS.items()],
    }


@require_GET
def academy_home(request: HttpRequest) -> HttpResponse:
    """The lycées by name with one figure of each heading, and their sum; the whole as a file (`format`)."""
    academy = _academy(request)
    if (kind := request.GET.get("format")) in downloads.FORMATS:
        codes = [item.code for item in definitions.in_order() if item.code not in INTERNAL]
        return _file(request, academy, str(kind), codes)
    lines = [(lycee, [(words, lycee.number(code)) for code, words in HEADLINES.items()]) for lycee in academy.lycees]
    context = {
        **_frame(request, academy),
        "heads": list(HEADLINES.items()),
        "lines": lines,
        "totals": [(words, academy.total(code)) for code, words in HEADLINES.items()],
        "offered": offered(),
    }
    return render(request, "indicators/academy_home.html", context)


@require_GET
def academy_figure(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator in every lycée, by type of lycée, by sector and kind; as a file too (`format`)."""
    academy = _academy(request)
    try:
        item = definitions.named(code)
    except KeyError:
        raise Http404 from None
    if code in INTERNAL:
        raise Http404
    if (kind := request.GET.get("format")) in downloads.FORMATS:
        return _file(request, academy, str(kind), [code])
    context = {
        **_frame(request, academy),
        "code": code,
        "label": typography.french(item.label),
        "heading": SHORT_HEADINGS[Heading(item.heading)],
        "definition": documents.definition_of(code),
        "lines": [(lycee, lycee.number(code)) for lycee in academy.lycees],
        "total": academy.total(code),
        "types": academy.by_type(code),
        "axes": academy.by_axis(code),
    }
    return render(request, "indicators/academy_figure.html", context)


def _file(request: HttpRequest, academy: Academy, kind: str, codes: list[str]) -> HttpResponse:
    """One row a lycée and indicator, then the sums, with the definition of each."""
    rows: list[list[Any]] = []
    for code in codes:
        item = definitions.named(code)
        words = [code, typography.french(item.label)]
        definition = documents.definition_of(code)
        for lycee in academy.lycees:
            number = lycee.number(code)
            assert number is not None
            rows.append([*_who(lycee), *words, *_told(number), definition])
        for label, total in (("Académie", academy.total(code)), *academy.by_type(code)):
            rows.append(["", f"{label} : {total.held} lycées", "", "", None, *words, *_told(total.number), definition])
        for axis, lines in academy.by_axis(code):
            for label, total in lines:
                who = f"Académie, {axis} : {label} ({total.held} lycées)"
                rows.append(["", who, "", "", None, *words, *_told(total.number), definition])
    name = f"academie-{academy.year.code}" + (f"-{codes[0]}" if len(codes) == 1 else "")
    return downloads.table(kind, name, f"Indicateurs {academy.year.code}", HEADERS, rows)


def _who(lycee: Lycee) -> list[Any]:
    school = lycee.school
    return [school.uai, school.name, school.city, school.get_type_display(), lycee.as_of]


def _told(number: Number) -> list[Any]:
    return [number.value, number.n, number.d, number.reason]
