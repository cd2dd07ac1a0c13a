"""Who waits for thanks: the letters, their batches, « Annuler »."""

from datetime import date
from uuid import UUID

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import french, jobs, notices
from core.job_pages import job_of_the_page
from core.verdict import demand
from partners import campaigns, taxe, taxe_mail
from partners.mailing import refused_addresses
from partners.models import Contribution
from partners.views.taxe.campaigns import campaign_of
from partners.views.taxe.contributions import ContributionPages
from partners.views.taxe.frame import frame, record_of, undo_url
from partners.views.taxe.messages import picked
from schools.middleware import SchoolRequest
from schools.pages import PAGE_SIZES
from schools.permissions import allows
from schools.roles import Permission

THANKED_SHOWN = 100
WAITING_SHOWN = 100


@require_http_methods(["GET", "POST"])
def campaign_thanks(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Who waits for thanks, and who was thanked. POST: the letters of those ticked, or of all."""
    demand(allows(request.membership, Permission.VIEW_TAXE))
    record = campaign_of(request, public_id)
    may_edit = allows(request.membership, Permission.EDIT_TAXE)
    here = reverse("partners:campaign_thanks", args=[request.school.uai, record.public_id])
    waiting = campaigns.to_thank(request.school, record.campaign)
    if request.method == "POST":
        demand(may_edit)
        form = request.POST.get("forme") or request.GET.get("forme", "")
        if form not in ("impression", "zip"):
            raise BadRequest
        chosen = picked(request)
        ids = [row.pk for one in waiting if chosen is None or one.partner.public_id in chosen for row in one.rows]
        sent = taxe.thank_on_paper(request.school, ids, form=form, by=request.user, today=timezone.localdate())
        if sent.job is None:
            notices.warned(request, "Cochez au moins un partenaire qui attend un remerciement.")
            return redirect(here)
        notices.said(
            request,
            f"{french.plural(sent.count, 'lettre se prépare', 'lettres se préparent')}. Ces partenaires sont notés remerciés aujourd’hui.",
            undo_url=undo_url(request, record, sent.job),
        )
        return redirect(f"{here}?travail={sent.job.public_id}")
    asked = request.GET.get("par_page", "")
    size = int(asked) if asked in map(str, PAGE_SIZES) else WAITING_SHOWN
    page = Paginator(waiting, size).get_page(request.GET.get("page"))
    contacts = taxe_mail.contacts_to_ask(request.school, [one.partner.pk for one in page])
    refused = refused_addresses(request.school)
    for one in page:
        one.address, one.no_address = taxe_mail.address_of(one.partner, contacts.get(one.partner.pk), refused)
    job = job_of_the_page(request, scope=request.school.uai)
    context = {
        **frame(request, record.campaign, record),
        "record": record,
        "page": page,
        "waiting_count": len(waiting),
        "thanked": campaigns.thanked(request.school, record.campaign, most=THANKED_SHOWN),
        "may_edit": may_edit,
        "job": job,
        "undo_url": undo_url(request, record, job) if job and "contribution_ids" in job.arguments else "",
        "write_url": reverse("partners:campaign_write", args=[request.school.uai, record.public_id]),
        "all_print_url": f"{here}?forme=impression",
        "all_zip_url": f"{here}?forme=zip",
        "has_head": bool(request.school.head_name.strip()),
        "may_set": allows(request.membership, Permission.EDIT_SCHOOL),
    }
    return render(request, "partners/campaign_thanks.html", context)


@require_POST
def thanks_undo(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« Annuler »: the partners of a batch wait for thanks again."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    record = campaign_of(request, public_id)
    job = job_of_the_page(request, scope=request.school.uai)
    ids = job.arguments.get("contribution_ids") if job else None
    if job is None or not ids:
        notices.refused(request, "Il n’y a plus rien à annuler.")
    else:
        count = taxe.unthank(request.school, ids, date.fromisoformat(job.arguments["today"]), by=request.user)
        if jobs.cancel(job):
            notices.said(request, "Annulé : rien n’est envoyé ni imprimé.")
        else:
            notices.said(
                request,
                f"{french.plural(count, 'versement attend', 'versements attendent')} de nouveau un remerciement.",
            )
    return redirect("partners:campaign_thanks", request.school.uai, record.public_id)


@require_POST
def contribution_letter(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The letter of one payment or gift: thanks its partner for all that waits for thanks, or prints the letter again."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    record = ContributionPages().find(request, public_id)
    today = timezone.localdate()
    if record.received_date is None:
        notices.refused(request, "On remercie de ce qui est reçu : ce montant n’est que promis.")
        return redirect(record.get_absolute_url())
    gifts = Contribution.objects.in_school(request.school).filter(
        partner=record.partner_id, campaign=record.campaign, received_date__isnull=False
    )
    if record.thanked_date is None:
        waiting = gifts.filter(thanked_date=None).values_list("pk", flat=True)
        sent = taxe.thank_on_paper(request.school, list(waiting), form="impression", by=request.user, today=today)
        if sent.job is not None:
            notices.said(
                request,
                "La lettre se prépare, et le partenaire est noté remercié aujourd’hui.",
                undo_url=undo_url(request, record_of(request, record.campaign), sent.job),
            )
            return redirect(f"{record.get_absolute_url()}?travail={sent.job.public_id}")
    again = gifts.filter(thanked_date=record.thanked_date).values_list("pk", flat=True)
    job = taxe.print_again(request.school, [*again, record.pk], by=request.user, today=today)
    return redirect(f"{record.get_absolute_url()}?travail={job.public_id}")
