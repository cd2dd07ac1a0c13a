"""The catalogue of agreements above the lycée: the list, the page of one, declining it, and what of it is mobilised."""

from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from conventions import catalogue, declining, matching, mobilising, purposes
from conventions.enums import Standing
from conventions.forms.catalogue import CatalogueFilters
from conventions.forms.declining import DeclineForm
from conventions.models import Frame
from core import french, notices
from core.near import nearest
from core.verdict import demand
from partners import locating
from partners.views.records import initial_partner
from schools.middleware import SchoolRequest
from schools.pages import PAGE_SIZES, add_errors
from schools.permissions import allows
from schools.roles import Permission

PAGE_SIZE = 25
TONES = {
    Standing.RECENT: ("doing", "clock-history"),
    Standing.UNKNOWN: ("wait", "question-circle"),
    Standing.PAST: ("calm", "archive"),
}


class Close(NamedTuple):
    """A frame that the words nearly name."""

    title: str
    get_absolute_url: str

    def __str__(self) -> str:
        return self.title


def _lines(request: SchoolRequest, frames: list[Frame]) -> list[mobilising.Line]:
    family = declining.family_of(request.school)
    return mobilising.lines_of(frames, request.school, request.school_year, family, timezone.localdate())


@require_GET
def frame_list(request: SchoolRequest) -> HttpResponse:
    """The catalogue, the lycée's own académie and formations first, each row with what is already declined here."""
    demand(allows(request.membership, Permission.VIEW_AGREEMENTS))
    frames = list(Frame.objects.filter(gone_at=None))
    lines = sorted(_lines(request, frames), key=lambda line: line.rank)
    form = CatalogueFilters(request.GET, sectors=sorted({frame.sector for frame in frames if frame.sector}))
    found = form.kept(lines)
    words = request.GET.get("q", "").strip()
    close = []
    if words and not found and form.is_valid():
        near = nearest(words, [(line.frame.pk, line.frame.search_text) for line in lines])
        by_key = {line.frame.pk: line.frame for line in lines}
        close = [Close(str(by_key[key]), _url("frame_detail", request, by_key[key])) for key in near]
    try:
        size = int(request.GET.get("par_page") or PAGE_SIZE)
    except ValueError:
        raise BadRequest from None
    page = Paginator(found, size if size in PAGE_SIZES else PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [_row(request, line) for line in page],
        "words": words,
        "close": close,
        "may_decline": allows(request.membership, Permission.EDIT_AGREEMENTS),
        "total": len(frames),
    }
    return render(request, "conventions/frame_list.html", context)


def _url(page: str, request: SchoolRequest, frame: Frame) -> str:
    return reverse(f"conventions:{page}", args=[request.school.uai, frame.public_id])


def _row(request: SchoolRequest, line: mobilising.Line) -> dict[str, Any]:
    """What the templates of a frame need, ready to be read."""
    tone, icon = TONES[line.standing]
    return {
        "line": line,
        "frame": line.frame,
        "url": _url("frame_detail", request, line.frame),
        "decline_url": _url("frame_decline", request, line.frame),
        "standing": str(line.standing.label),
        "tone": tone,
        "icon": icon,
        "purposes": [str(purpose.label) for purpose in line.purposes],
        "audiences": [str(audience.label) for audience in line.audiences],
        "reason": f"parce que {' ; '.join(line.reasons)}." if line.reasons else "",
        "declined_by": line.declined_by,
    }


@require_GET
def frame_detail(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What the source says of a frame, why it may suit this lycée, and who declines it here."""
    demand(allows(request.membership, Permission.VIEW_AGREEMENTS))
    frame = get_object_or_404(Frame, public_id=public_id)
    [line] = _lines(request, [frame])
    others = list(Frame.objects.filter(gone_at=None).exclude(pk=frame.pk))
    above = declining.declined_by(frame, others)
    below = [one for one in others if one.declines and declining.declined_by(one, [frame, *others]) == frame]
    today = timezone.localdate()
    context = {
        **_row(request, line),
        "list_url": reverse("conventions:frame_list", args=[request.school.uai]),
        "signed": catalogue.said_date(frame.signed),
        "source_date": catalogue.said_date(frame.source_date),
        "validity": catalogue.said_validity(frame),
        "actions": [kind.label for kind in purposes.actions_for(frame.themes)],
        "above": (str(above), _url("frame_detail", request, above)) if above else None,
        "below": [(str(one), _url("frame_detail", request, one)) for one in below],
        "network": [
            (known.name, reverse("partners:partner_detail", args=[request.school.uai, known.public_id]))
            for known in line.network
        ],
        "declined": [(one, one.state_on(today)) for one in line.declined_by],
        "may_decline": allows(request.membership, Permission.EDIT_AGREEMENTS),
        "may_see_partners": allows(request.membership, Permission.VIEW_PARTNERS),
    }
    return render(request, "conventions/frame_detail.html", context)


@require_http_methods(["GET", "POST"])
def frame_decline(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Everything proposed on one page; the second click makes the copy and the agreement in project."""
    demand(allows(request.membership, Permission.EDIT_AGREEMENTS))
    frame = get_object_or_404(Frame, public_id=public_id)
    form = DeclineForm(
        request.POST or None,
        frame=frame,
        named=initial_partner(request),
        candidates=matching.candidates(request.school, frame),
        school=request.school,
        membership=request.membership,
    )
    if form.is_valid():
        try:
            agreement, is_new = declining.decline(
                frame,
                request.school,
                form.wanted(),
                by=request.user,
                key=form.cleaned_data.get("creation_key"),
                make_partner=form.makes_partner,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            if is_new and form.makes_partner and agreement.partner is not None:
                locating.locate_soon(agreement.partner, by=request.user)
            notices.said(request, "Projet de convention créé. Relisez-le, puis faites-le avancer.")
            return redirect(agreement)
    context = {
        "frame": frame,
        "form": form,
        "url": _url("frame_detail", request, frame),
        "list_url": reverse("conventions:frame_list", args=[request.school.uai]),
        "signed": catalogue.said_date(frame.signed),
    }
    return render(request, "conventions/frame_decline.html", context, status=422 if form.is_bound else 200)


@require_GET
def mobilised(request: SchoolRequest) -> HttpResponse:
    """By purpose: the frames that this lycée mobilises in the year, and those that it could."""
    demand(allows(request.membership, Permission.VIEW_AGREEMENTS))
    seen = mobilising.picture(request.school, request.school_year, timezone.localdate())
    context = {
        "picture": seen,
        "groups": [
            {
                "label": group.label,
                "code": group.code,
                "mobilised": group.mobilised,
                "mobilised_words": french.plural(len(group.mobilised), "mobilisé"),
                "could_words": french.plural(len(group.could), "possible"),
                "could": [_row(request, line) for line in group.could],
                "others": [_row(request, line) for line in group.others],
            }
            for group in seen.groups
        ],
        "frame_count": len(seen.counted.frames),
        "declining_count": len(seen.counted.declining),
        "alone": seen.on_their_own,
        "may_decline": allows(request.membership, Permission.EDIT_AGREEMENTS),
        "may_count": allows(request.membership, Permission.VIEW_INDICATORS),
    }
    return render(request, "conventions/mobilised.html", context)
