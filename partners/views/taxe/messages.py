"""Messages of a campaign, one to each partner: to ask, to remind, to thank."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import french, notices
from core.verdict import demand
from partners import campaigns, taxe, taxe_mail
from partners.forms.taxe import MessageForm
from partners.mailing import MOST, refused_addresses
from partners.models import Contact, Partner, TaxCampaign
from partners.views.taxe.approaches import ApproachPages
from partners.views.taxe.campaigns import campaign_of
from partners.views.taxe.frame import frame, undo_url, year_in_view
from schools import bulk
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

MESSAGES = {
    "solliciter": ("Solliciter par courriel", taxe_mail.ASK_SUBJECT, taxe_mail.ASK_BODY),
    "relancer": ("Relancer par courriel", taxe_mail.REMIND_SUBJECT, taxe_mail.REMIND_BODY),
    "remercier": ("Remercier par courriel", taxe_mail.THANK_SUBJECT, taxe_mail.THANK_BODY),
}


@dataclass(frozen=True)
class Recipient:
    """A partner that a message goes to: the rows it is about, who reads it where, the words of its own."""

    public_id: UUID
    rows: list[int]
    partner: Partner
    contact: Contact | None
    address: str
    values: dict[str, str]


def picked(request: SchoolRequest) -> list[UUID] | None:
    """The boxes ticked; None when the form says « tous »."""
    return None if request.POST.get("qui") == "tous" else bulk.picked_ids(request)


@require_http_methods(["GET", "POST"])
def approach_write(request: SchoolRequest) -> HttpResponse:
    """Ask partners of a follow-up list, or remind them. GET: all whose turn it is; POST: those of the list's boxes."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    pages = ApproachPages()
    given = request.POST if request.method == "POST" else request.GET
    what = given.get("action", "solliciter")
    if what not in ("solliciter", "relancer"):
        raise BadRequest
    if request.method == "POST":
        selection = pages.selection(request)
        if (answer := pages.nothing_picked(request, selection)) is not None:
            return answer
        rows = selection.rows
    else:
        rows = pages.rows(request).filter(campaign=year_in_view(request))
    listed = list(
        rows.select_related("partner", "contact", "school").order_by("-campaign", "partner__search_text", "pk")
    )
    campaign = listed[0].campaign if listed else year_in_view(request)
    listed = [row for row in listed if row.campaign == campaign]
    going, left = taxe.sorted_out(listed, reminder=what == "relancer", today=timezone.localdate())
    common = taxe_mail.common_values(request.school, campaign)
    recipients = [
        Recipient(
            row.public_id,
            [row.pk],
            row.partner,
            row.contact,
            address,
            common | taxe_mail.partner_values(row.partner, row.contact),
        )
        for row, address in going
    ]
    back = f"{pages.url('list', request)}?campagne={campaign}"
    if request.method == "GET":  # all whose turn it is: the others were not asked for
        left = []

    def send(ids: list[int], text: dict[str, str]) -> taxe.Sent:
        return taxe.write_to(
            request.school,
            ids,
            reminder=what == "relancer",
            member=request.membership,
            today=timezone.localdate(),
            **text,
        )

    return _message_page(request, campaign, what, recipients, left, back=back, send=send)


@require_http_methods(["GET", "POST"])
def campaign_write(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Thank by message those ticked, or all who wait for thanks (GET, and « tous »)."""
    demand(allows(request.membership, Permission.EDIT_TAXE))
    record = campaign_of(request, public_id)
    waiting = campaigns.to_thank(request.school, record.campaign)
    chosen = picked(request) if request.method == "POST" else None
    if chosen is not None:
        wanted = set(chosen)
        waiting = [one for one in waiting if one.partner.public_id in wanted]
    contacts = taxe_mail.contacts_to_ask(request.school, [one.partner.pk for one in waiting])
    common = taxe_mail.common_values(request.school, record.campaign)
    refused = refused_addresses(request.school)
    recipients: list[Recipient] = []
    left: list[tuple[Partner, str]] = []
    for one in waiting:
        contact = contacts.get(one.partner.pk)
        address, reason = taxe_mail.address_of(one.partner, contact, refused)
        if not address:
            left.append((one.partner, reason))
            continue
        values = common | taxe_mail.partner_values(one.partner, contact) | taxe_mail.thanks_values(one.rows)
        rows = [row.pk for row in one.rows]
        recipients.append(Recipient(one.partner.public_id, rows, one.partner, contact, address, values))
    back = reverse("partners:campaign_thanks", args=[request.school.uai, record.public_id])

    def send(ids: list[int], text: dict[str, str]) -> taxe.Sent:
        return taxe.thank_by_mail(request.school, ids, member=request.membership, today=timezone.localdate(), **text)

    return _message_page(request, record.campaign, "remercier", recipients, left, back=back, send=send, record=record)


def _message_page(
    request: SchoolRequest,
    campaign: int,
    what: str,
    recipients: list[Recipient],
    left: list[tuple[Partner, str]],
    *,
    back: str,
    send: Callable[[list[int], dict[str, str]], taxe.Sent],
    record: TaxCampaign | None = None,
) -> HttpResponse:
    """Who gets the message, who is left aside and why, the text, what the first one will read.

    `etape` of the form: none when one comes from a list, « voir » shows the message again, « envoyer » sends it.
    """
    recipients, beyond = recipients[:MOST], recipients[MOST:]
    left += [(one.partner, f"au-delà de {MOST} messages : au prochain envoi") for one in beyond]
    heading, subject, body = MESSAGES[what]
    variables = taxe_mail.THANK_VARIABLES if what == "remercier" else taxe_mail.ASK_VARIABLES
    step = request.POST.get("etape", "")
    form = MessageForm(request.POST if step else None, variables=variables, initial={"subject": subject, "body": body})
    is_valid = bool(step) and form.is_valid()
    text = {"subject": subject, "body": body}
    if is_valid:
        text = {"subject": form.cleaned_data["subject"], "body": form.cleaned_data["body"]}
        if step == "envoyer":
            ids = [pk for one in recipients for pk in one.rows]
            return _after_sending(request, record, send(ids, text), back)
    preview = None
    if recipients and (not step or is_valid):
        first = recipients[0]
        preview = {
            "to": first.address,
            "subject": taxe_mail.subject_line(text["subject"], first.values),
            "body": taxe_mail.filled(text["body"], first.values),
        }
    context = {
        **frame(request, campaign, record),
        "form": form,
        "heading": heading,
        "what": what,
        "recipients": recipients,
        "left": left,
        "variables": list(variables.items()),
        "preview": preview,
        "back_url": back,
    }
    return render(request, "partners/taxe_message.html", context, status=422 if step and not is_valid else 200)


def _after_sending(request: SchoolRequest, record: TaxCampaign | None, sent: taxe.Sent, back: str) -> HttpResponse:
    if sent.job is None:
        notices.warned(request, "Rien n’est parti : aucun de ces partenaires n’attend de message aujourd’hui.")
        return redirect(back)
    said = f"{french.plural(sent.count, 'message part', 'messages partent')}, un par partenaire."
    notices.said(request, said, undo_url=undo_url(request, record, sent.job))
    if sent.left:
        partner, reason = sent.left[0]
        others = f", et {french.plural(len(sent.left) - 1, 'autre')}" if len(sent.left) > 1 else ""
        notices.warned(request, f"Laissé de côté : {partner} ({reason}){others}.")
    return redirect(f"{back}{'&' if '?' in back else '?'}travail={sent.job.public_id}")
