"""What is shared with partners: choosing, looking at it as they will, sending links, taking it back, who opened it."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import downloads, french, notices
from core.verdict import demand
from indicators import publishing, sharing
from indicators.forms.sharing import SecrecyForm, ShareDatesForm, ShareForm, ShareSendForm
from indicators.models import IndicatorShare, SecrecySettings
from partners import mailing
from partners.enums import ContactRole
from partners.models import Partner
from partners.views.mailing import looked_at, moved_since
from partners.views.records import PartnerPages, initial_partner
from schools import settings_pages
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages, add_errors
from schools.permissions import allows
from schools.roles import Permission


class SharePages(RecordPages):
    model, app, name, slug = IndicatorShare, "indicators", "share", "partages"
    view, edit = Permission.EDIT_SHARES, Permission.EDIT_SHARES
    form: ClassVar[type[RecordForm]] = ShareForm
    title, new_label = "Indicateurs partagés", "Partager des indicateurs"
    saved = "Partage enregistré."
    save_label = "Partager"
    detail_template = "indicators/share_detail.html"
    form_template = "indicators/share_form.html"
    list_template = "indicators/share_list.html"
    intro = (
        "Ce que le lycée montre à ses partenaires, et depuis quand. Pour plusieurs partenaires, cochez-les dans leur liste, "
        "puis « Partager des indicateurs »."
    )
    ordering = ("-shared_date", "-pk")
    columns = (
        Column("Partage", str, "name"),
        Column("Partenaire", lambda row: row.partner or "tous les partenaires", sort="partner__search_text"),
        Column("Indicateurs", lambda row: row.indicators.replace("|", ", ")),
        Column("Partagé le", "shared_date", "date", sort="shared_date"),
        Column("Liens ouverts", "open_count", "number"),
        Column("Arrêté le", "revoked_date", "date", sort="revoked_date"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[IndicatorShare]:
        count = Count("links", filter=Q(links__opened_at__isnull=False))
        return self.rows(request).select_related("partner", "school").annotate(open_count=count)

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        return {"settings_url": reverse("indicators:share_settings", args=[request.school.uai])}

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {
            "partner": initial_partner(request),
            "shared_date": timezone.localdate(),
            "indicators": list(sharing.USUAL),
        }

    def create(self, request: SchoolRequest, form: RecordForm) -> IndicatorShare:
        data = form.cleaned_data
        return sharing.share(
            request.school,
            request.school_year,
            data["indicators"].split("|"),
            data["partner"],
            shared_date=data["shared_date"],
            message=data["message"],
            by=request.user,
            today=timezone.localdate(),
            key=data.get("creation_key"),
        )

    def new_page(self, request: SchoolRequest) -> HttpResponse:
        """The form; « Voir l’aperçu » shows below it what the partner would read, and keeps nothing."""
        if request.method != "POST" or "apercu" not in request.POST:
            return super().new_page(request)
        demand(self.may_add(request))
        form = self._form(request)
        context: dict[str, Any] = {"pages": self, "form": form, "list_url": self.back_url(request)}
        if form.is_valid():
            try:
                publication = sharing.to_share(request.school, request.school_year)
            except ValidationError as refused:
                add_errors(form, refused)
            else:
                data, today = form.cleaned_data, timezone.localdate()
                content = sharing.content_of(publication, data["indicators"].split("|"), data["partner"], today)
                told = sharing.page_of(content, request.school, data["shared_date"], data["message"])
                return render(request, "indicators/share_preview.html", {**context, "told": told})
        return render(request, "indicators/share_preview.html", {**context, "told": None}, status=422)

    def edit_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        return _Dates().edit_page(request, public_id)

    def detail_context(self, request: SchoolRequest, record: IndicatorShare) -> dict[str, Any]:
        told = None
        if record.content is not None:
            told = sharing.page_of(record.content, request.school, record.shared_date, record.message)
        return {
            "told": told,
            "openings": sharing.openings(record),
            "revoke_url": reverse("indicators:share_revoke", args=[request.school.uai, record.public_id]),
            "link_url": reverse("indicators:share_link", args=[request.school.uai, record.public_id]),
            "paper_url": reverse("indicators:share_paper", args=[request.school.uai, record.public_id]),
            "is_over": sharing.is_over(record, timezone.localdate()),
        }


class _Dates(SharePages):
    """What was shared is frozen: only its days are corrected."""

    form: ClassVar[type[RecordForm]] = ShareDatesForm
    save_label = "Enregistrer les dates"

    def edit_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        return RecordPages.edit_page(self, request, public_id)

    def change(self, request: SchoolRequest, form: RecordForm) -> IndicatorShare:
        row: IndicatorShare = super().change(request, form)
        if row.revoked_date is not None:
            sharing.close_links(row, now=timezone.now())
        return row


def _found(request: SchoolRequest, public_id: UUID) -> IndicatorShare:
    demand(allows(request.membership, Permission.EDIT_SHARES))
    rows = IndicatorShare.objects.in_school(request.school).select_related("school", "partner")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


@require_POST
def share_revoke(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Take a share back: its links stop at the next request."""
    row = _found(request, public_id)
    if sharing.revoke(row, by=request.user, now=timezone.now()):
        notices.said(request, "Partage arrêté : ses liens ne montrent plus rien.")
    else:
        notices.warned(request, "Ce partage était déjà arrêté.")
    return redirect(row)


@require_POST
def share_link(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A fresh link: mailed to the partner (`envoyer`), or shown once to be given by hand."""
    row = _found(request, public_id)
    to = None
    try:
        if "envoyer" in request.POST and row.partner_id is not None:
            partners = Partner.objects.in_school(request.school).filter(pk=row.partner_id)
            found, left = sharing.recipients_among(partners, role=ContactRole.LEADER, school=request.school)
            if not found:
                notices.refused(
                    request, f"Le lien ne peut pas partir : {left[0].reason}. Donnez-le de la main à la main."
                )
                return redirect(row)
            to = found[0]
        url = sharing.link(row, by=request.user, now=timezone.now(), to=to)
    except ValidationError as refused:
        notices.refused(request, " ".join(refused.messages))
        return redirect(row)
    if to is not None:
        notices.said(request, f"Lien confié à l’envoi, pour {to.address}.")
        return redirect(row)
    return render(request, "indicators/share_link.html", {"share": row, "url": url})


@require_GET
def share_paper(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What was shared, on paper."""
    row = _found(request, public_id)
    if row.content is None:
        notices.refused(request, "Ce partage a été noté sans les chiffres : il n’a pas de PDF.")
        return redirect(row)
    return downloads.attachment(sharing.paper_of(row), "application/pdf", f"indicateurs-partages-{row.year}.pdf")


@require_POST
def share_send(request: SchoolRequest) -> HttpResponse:
    """Posts of a selection of the list of partners: what to share, the look (`apercu`), the sending (`envoyer`)."""
    demand(allows(request.membership, Permission.EDIT_SHARES))
    pages = PartnerPages()
    selection = pages.selection(request)
    if (answer := pages.nothing_picked(request, selection)) is not None:
        return answer
    step = request.POST.get("etape", "")
    form = ShareSendForm(request.POST if step else None, initial={"role": ContactRole.LEADER})
    context: dict[str, Any] = {
        "form": form,
        "selection": selection,
        "counted": french.plural(selection.count, pages.noun, pages.plural),
        "list_url": pages.back_url(request),
        "share_list_url": reverse("indicators:share_list", args=[request.school.uai]),
    }
    if not step or not form.is_valid():
        return render(request, "indicators/share_send.html", context, status=422 if step else 200)
    codes, message = form.cleaned_data["indicators"], form.cleaned_data["message"]
    to, left = sharing.recipients_among(selection.rows, role=form.cleaned_data["role"], school=request.school)
    moved = step == "envoyer" and moved_since(request, to)
    now = timezone.now()
    try:
        if step == "envoyer" and to and not moved and len(to) <= mailing.MOST:
            number = sharing.share_with(
                request.school, request.school_year, codes, to, message=message, by=request.user, now=now
            )
            notices.said(request, f"Partagé avec {french.plural(number, 'partenaire')} : chacun reçoit son lien.")
            return redirect("indicators:share_list", request.school.uai)
        publication = sharing.to_share(request.school, request.school_year)
    except ValidationError as refused:
        form.add_error(None, refused)
        return render(request, "indicators/share_send.html", context, status=422)
    today = timezone.localdate(now)
    first = to[0].partner if to else None
    content = sharing.content_of(publication, codes, first, today)
    context |= {
        **looked_at(to, left, moved=moved),
        "told": sharing.page_of(content, request.school, today, message),
        "posted": [
            *(("indicators", code) for code in codes),
            ("role", form.cleaned_data["role"]),
            ("message", message),
        ],
    }
    return render(request, "indicators/share_send_preview.html", context, status=409 if moved else 200)


@require_http_methods(["GET", "POST"])
def share_settings(request: SchoolRequest) -> HttpResponse:
    """The school's thresholds, raised above the legal ones; what leaves follows from the next computation on."""
    demand(allows(request.membership, Permission.EDIT_SHARES))
    own = SecrecySettings.objects.in_school(request.school).first()
    form = SecrecyForm(request.POST or None, instance=own, school=request.school, membership=request.membership)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = settings_pages.save(request, form)
        if status is HTTPStatus.OK:
            notices.said(request, "Seuils enregistrés : ils valent dès le prochain calcul.")
            return redirect("indicators:share_list", request.school.uai)
    context = {
        "form": form,
        "least": publishing.thresholds_of(request.school),
        "list_url": reverse("indicators:share_list", args=[request.school.uai]),
    }
    return render(request, "indicators/share_settings.html", context, status=status)
