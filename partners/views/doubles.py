"""No lost company, no double: proposals while one types, the list of probable doubles, two records side by side, undoing."""

from collections.abc import Callable
from functools import wraps
from types import SimpleNamespace
from uuid import UUID

from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import notices
from core.errors import StaleEdit
from core.siret import is_siret
from core.text import digits
from core.verdict import demand
from partners import doubles, merging
from partners.enums import PartnerStatus
from partners.forms.doubles import ChooseForm, MergeForm
from partners.models import Merge, NotDouble, Partner
from schools import services
from schools.middleware import SchoolRequest
from schools.pages import RecordPages, named_in_address
from schools.permissions import allows
from schools.roles import Permission

PAGE = 20
LATEST = 10
LEAST = 3
SHOWN = 3
TYPED = ("name", "brand", "siret", "postal_code", "city", "phone", "email", "website")


def partner_of(request: SchoolRequest, public_id: UUID | str) -> Partner:
    """The partner, or 404."""
    try:
        found = Partner.objects.in_school(request.school).filter(public_id=UUID(str(public_id))).first()
    except ValueError:
        raise BadRequest from None
    if found is None:
        raise Http404
    found.school = request.school
    return found


# ------------------------------------------------------------------------------------------------ while one types
@require_POST
def double_hints(request: SchoolRequest) -> HttpResponse:
    """The partners that a company being typed may be: the fragment that its form asks for. Posted, so that no word stands in
    an address. A form whose fields have a prefix says so (`prefixe=new_`)."""
    membership = request.membership
    demand(allows(membership, Permission.EDIT_PARTNERS) or allows(membership, Permission.LOG_PLACEMENT))
    prefix = "new_" if request.POST.get("prefixe") == "new_" else ""
    typed = {name: request.POST.get(f"{prefix}{name}", "")[:200] for name in TYPED}
    typed["siret"] = digits(typed["siret"])
    enough = len(typed["name"].strip()) >= LEAST or is_siret(typed["siret"])
    found = doubles.candidates(request.school, SimpleNamespace(**typed)) if enough else []
    if prefix:  # inside the form of a placement: a choice, as a link would leave what is typed there
        found = [one for one in found if one.partner.status != PartnerStatus.ARCHIVED]
        return render(request, "partners/partials/doubles_choice.html", {"candidates": found})
    return render(request, "partners/partials/doubles_found.html", {"candidates": found})


# ------------------------------------------------------------------------------------------------ the list
@require_GET
def double_list(request: SchoolRequest) -> HttpResponse:
    """« Doublons probables »: the pairs of the school, the surest first; then what was settled lately."""
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    page = Paginator(doubles.pairs(request.school), PAGE).get_page(request.GET.get("page"))
    pairs = doubles.with_partners(request.school, page.object_list)
    held = doubles.holdings(request.school, [one for pair in pairs for one in (pair.first, pair.second)])
    merges = Merge.objects.in_school(request.school).filter(undone_at=None).exclude(removed_name="")
    now = timezone.now()
    return render(
        request,
        "partners/double_list.html",
        {
            "page": page,
            "pairs": [
                (pair, _in_short(held.get(pair.first.pk, [])), _in_short(held.get(pair.second.pk, [])))
                for pair in pairs
            ],
            "merges": [
                (merged, merging.may_be_undone(merged, now))
                for merged in merges.select_related("kept__school", "created_by", "school").order_by("-created_at")[
                    :LATEST
                ]
            ],
            "apart": NotDouble.objects.in_school(request.school)
            .select_related("first__school", "second__school", "school")
            .order_by("-created_at")[:LATEST],
        },
    )


def _in_short(held: list[str]) -> list[str]:
    """The three first, and that there is more: the page of the two records tells all."""
    return held if len(held) <= SHOWN else [*held[:SHOWN], "et d’autres choses"]


@require_POST
def double_dismiss(request: SchoolRequest) -> HttpResponse:
    """« Ce sont deux entreprises »: the pair is not proposed again."""
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    if not (request.POST.get("a") and request.POST.get("b")):
        raise BadRequest
    a, b = partner_of(request, request.POST["a"]), partner_of(request, request.POST["b"])
    if a == b:
        raise BadRequest
    first, second = sorted((a, b), key=lambda partner: partner.pk)
    pair = NotDouble(school=request.school, first=first, second=second)
    known = NotDouble.objects.in_school(request.school).filter(first=first, second=second)
    if not known.exists():
        try:
            services.create_record(pair, by=request.user)
        except IntegrityError:  # said twice at once
            pair = known.get()
        else:
            doubles.settled(request.school)
    else:
        pair = known.get()
    undo = reverse("partners:double_restore", args=[request.school.uai, pair.public_id])
    notices.said(request, f"Noté : {a} et {b} sont deux entreprises.", undo_url=undo)
    return redirect("partners:double_list", request.school.uai)


@require_POST
def double_restore(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Propose a pair again."""
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    pair = NotDouble.objects.in_school(request.school).filter(public_id=public_id).first()
    if pair is None:
        raise Http404
    services.remove_record(pair, by=request.user)
    notices.said(request, "La paire est de nouveau proposée.")
    return redirect("partners:double_list", request.school.uai)


# ------------------------------------------------------------------------------------------------ merging
@require_http_methods(["GET", "POST"])
def partner_merge(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Two records side by side; the other one is named by `avec`, or chosen first."""
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    try:
        a = partner_of(request, public_id)
    except Http404:
        if kept := merging.kept_for(request.school, public_id):
            notices.warned(request, f"Cette fiche a déjà été fusionnée : voici {kept}.")
            return redirect(kept)
        raise
    other = request.GET.get("avec", "")
    if not other:
        return _choose(request, a)
    b = named_in_address(request, Partner.objects.in_school(request.school), "avec")
    if b is None or b.pk == a.pk:
        notices.refused(request, "L’autre fiche n’existe plus : choisissez-en une.")
        return redirect("partners:partner_merge", request.school.uai, a.public_id)
    b.school = request.school
    return _compare(request, a, b)


def _choose(request: SchoolRequest, partner: Partner) -> HttpResponse:
    """The probable doubles of one record, or any other record by its name."""
    form = ChooseForm(request.POST or None, school=request.school, partner=partner)
    if request.method == "POST" and form.is_valid():
        return redirect(_merge_url(partner, form.cleaned_data["partner"]))
    context = {
        "record": partner,
        "form": form,
        "candidates": [(one, _merge_url(partner, one.partner)) for one in doubles.of_partner(partner)],
    }
    return render(
        request, "partners/partner_merge_choose.html", context, status=422 if request.method == "POST" else 200
    )


def _merge_url(a: Partner, b: Partner) -> str:
    here = reverse("partners:partner_merge", args=[a.school.uai, a.public_id])
    return f"{here}?avec={b.public_id}"


def _compare(request: SchoolRequest, a: Partner, b: Partner) -> HttpResponse:
    held = doubles.holdings(request.school, [a, b])
    stays = "b" if _weight(b, held) > _weight(a, held) else "a"
    status, stale = 200, False
    form = MergeForm(request.POST or None, a=a, b=b, stays=stays)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept, removed = form.kept_and_removed()
                merged = merging.merge(kept, removed, form.wanted(), by=request.user)
            except StaleEdit as gone:
                if gone.theirs is None:
                    notices.refused(request, "Quelqu’un vient de fusionner ou de supprimer une de ces deux fiches.")
                    return redirect("partners:double_list", request.school.uai)
                a, b = partner_of(request, a.public_id), partner_of(request, b.public_id)
                form = MergeForm(initial=request.POST.dict() | _versions(a, b), a=a, b=b, stays=stays)
                status, stale = 409, True
            else:
                doubles.settled(request.school)
                undo = reverse("partners:merge_undo", args=[request.school.uai, merged.public_id])
                text = f"Fusionné : « {merged.removed_name} » et « {merged.kept} » ne font plus qu’une fiche."
                notices.said(request, f"{text} Cela se défait pendant {merging.UNDO_DAYS} jours.", undo_url=undo)
                return redirect(merged.kept)
    context = {
        "form": form,
        "a": a,
        "b": b,
        "sides": [("a", a, held.get(a.pk, [])), ("b", b, held.get(b.pk, []))],
        "stale": stale,
        "days": merging.UNDO_DAYS,
        "likeness": doubles.compare(a, b),
    }
    return render(request, "partners/partner_merge.html", context, status=status)


def _versions(a: Partner, b: Partner) -> dict[str, int]:
    return {"version_a": a.version, "version_b": b.version}


def _weight(partner: Partner, held: dict[int, list[str]]) -> tuple[bool, int, int]:
    """Which record is better kept: the one with a SIRET, then with more kinds of things, then the older."""
    return bool(partner.siret), len(held.get(partner.pk, [])), -partner.pk


# ------------------------------------------------------------------------------------------------ a merge, and undoing it
def _merge(request: SchoolRequest, public_id: UUID) -> Merge:
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    found = Merge.objects.in_school(request.school).filter(public_id=public_id).select_related("kept", "created_by")
    merged = found.first()
    if merged is None:
        raise Http404
    merged.school = merged.kept.school = request.school
    return merged


@require_GET
def merge_detail(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What a merge did, and its undoing."""
    merged = _merge(request, public_id)
    return render(
        request,
        "partners/merge_detail.html",
        {
            "merged": merged,
            "moved": merging.moved_words(merged),
            "joined": merging.dropped_words(merged),
            "may_undo": merging.may_be_undone(merged, timezone.now()),
            "days": merging.UNDO_DAYS,
        },
    )


@require_POST
def merge_undo(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« Défaire la fusion »."""
    merged = _merge(request, public_id)
    try:
        undone = merging.undo(merged, by=request.user, now=timezone.now())
    except PermissionDenied as refused:
        notices.refused(request, str(refused))
        return redirect(merged)
    notices.said(request, f"Fusion défaite : « {undone.partner} » a retrouvé sa fiche et ce qu’elle tenait.")
    for sentence in undone.left:
        notices.warned(request, sentence)
    return redirect(undone.partner)


# ------------------------------------------------------------------------------------------------ old addresses
PartnerView = Callable[[SchoolRequest, UUID], HttpResponse]


def _same_page_of_kept(request: SchoolRequest, public_id: UUID) -> HttpResponse | None:
    """Where the address that was asked for leads since its record was merged; None when no merge removed it."""
    kept = merging.kept_for(request.school, public_id)
    if kept is None or request.method != "GET" or request.resolver_match is None:
        return None
    notices.warned(request, "La fiche que vous cherchiez a été fusionnée avec celle-ci.")
    return redirect(request.resolver_match.view_name, request.school.uai, kept.public_id)


def follows_merges(view: PartnerView) -> PartnerView:
    """Decorate a page of a partner (a tab): the address of a merged record leads to the same page of the kept one.

    It steps in when the view did not find the record: the view has refused before those who may not open it.
    """

    @wraps(view)
    def page(request: SchoolRequest, public_id: UUID) -> HttpResponse:
        try:
            return view(request, public_id)
        except Http404:
            if moved := _same_page_of_kept(request, public_id):
                return moved
            raise

    return page


class FollowsMerges(RecordPages):
    """The address of a merged record leads to the one that was kept; what was being typed there is compared with it."""

    def find_kept(self, request: SchoolRequest, public_id: UUID) -> Partner:
        """The record, or the one that it was merged into; 404 as `find`."""
        try:
            found: Partner = self.find(request, public_id)
        except Http404:
            kept = merging.kept_for(request.school, public_id)
            if kept is None:
                raise
            found = self.find(request, kept.public_id)
        return found

    def detail_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        return follows_merges(super().detail_page)(request, public_id)

    def edit_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        try:
            return follows_merges(super().edit_page)(request, public_id)
        except Http404:
            kept = merging.kept_for(request.school, public_id)
            if kept is None:
                raise
        kept.school = request.school
        form = self._form(request, kept)
        if request.POST.get("fusion") == str(kept.public_id):  # both texts were seen
            return self._form_page(request, form, self.change, record=kept)
        if not form.is_valid():
            return self._form_page(request, form, self.change, record=kept)
        posted = request.POST.copy()
        posted["fusion"] = str(kept.public_id)
        request.POST = posted  # type: ignore[assignment]  # what the page of the conflict sends again
        return self.conflict_page(request, form, StaleEdit(self.find(request, kept.public_id)))
