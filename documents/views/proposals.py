"""What signers propose: the inbox of the bureau, and the two decisions."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import french, notices
from core.verdict import Denied, Verdict, demand
from documents import describing, permissions, proposals, subjects
from documents.enums import ProposalKind, ProposalState, SignatureRole
from documents.forms.proposals import RefusalForm
from documents.models import SignerProposal
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.roles import Permission


class ProposalPages(RecordPages):
    """Read and decided, never typed in here."""

    model, app, name, slug = SignerProposal, "documents", "signer_proposal", "propositions"
    view = edit = Permission.MANAGE_PLACEMENTS
    title, new_label = "Propositions des signataires", ""
    noun = "proposition"
    intro = "Ce que proposent les personnes qui signent : une autre personne, un autre tuteur, leurs coordonnées."
    empty = (
        "Rien pour l’instant. Depuis son lien, une personne peut dire qu’une autre signe, ou corriger ses coordonnées."
    )
    ordering = ("-created_at", "-pk")
    can_delete = False
    columns = (
        Column("Proposition", proposals.words, "name"),
        Column("De", "signature.name"),
        Column("Document", "signature.document.number"),
        Column("Dit", proposals.said),
        Column("Reçue le", lambda row: timezone.localdate(row.created_at), "date", sort="created_at"),
        Column("État", "state", "badge", sort="state"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[SignerProposal]:
        found: QuerySet[SignerProposal] = super().rows(request)
        return found.filter(signature__document__in=permissions.visible_documents(request.membership)).select_related(
            "school", "signature__school", "signature__document__school"
        )

    def may_add(self, request: SchoolRequest) -> Verdict:
        return Denied("Une proposition vient de la personne qui signe.")

    def url(self, page: str, request: SchoolRequest, record: Any = None) -> str:
        return "" if page == "new" else super().url(page, request, record)

    def urls(self) -> list[Any]:
        """The list and the page: a proposal is decided, not edited."""
        return [found for found in super().urls() if found.name in ("signer_proposal_list", "signer_proposal_detail")]

    def detail_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        demand(self.may_view(request))
        return proposal_page(request, self.find(request, public_id))


def compared(proposal: SignerProposal) -> list[tuple[str, str, str]]:
    """Label, what is on file, what is proposed: the lines that the signer filled."""
    signature = proposal.signature
    on_file = {
        "name": signature.name if proposal.kind != ProposalKind.TUTOR else "",
        "position": signature.position,
        "email": signature.email,
        "phone": signature.phone,
    }
    if proposal.kind == ProposalKind.TUTOR and signature.role != SignatureRole.TUTOR:
        tutor = signature.document.content.get("tutor") or {}
        on_file = {
            key: tutor.get(name) or ""
            for key, name in (("name", "name"), ("position", "role"), ("email", "email"), ("phone", "phone"))
        }
    said = {
        "name": proposals.proposed_name(proposal),
        "position": proposal.position,
        "email": proposal.email,
        "phone": proposal.phone,
    }
    labels = {"name": "Nom", "position": "Fonction", "email": "Courriel", "phone": "Téléphone"}
    return [(labels[name], on_file[name], said[name]) for name in labels if said[name].strip()]


EFFECTS = {
    ProposalKind.CORRECTION: "Les coordonnées changent ici et sur la fiche du contact ; le document reste le même. "
    "Un lien part à la nouvelle adresse.",
    ProposalKind.SIGNER: "La personne est ajoutée aux contacts. Le document la nomme : une nouvelle version le remplace, "
    "les signatures déjà données tombent, et chacun reçoit un nouveau lien.",
    ProposalKind.TUTOR: "La personne est ajoutée aux contacts et devient le tuteur. Le document la nomme : une nouvelle "
    "version le remplace, les signatures déjà données tombent, et chacun reçoit un nouveau lien.",
}


def effect(proposal: SignerProposal) -> str:
    """What accepting does, in words."""
    if proposal.kind != ProposalKind.CORRECTION:
        return EFFECTS[ProposalKind(proposal.kind)]
    if not proposals.said(proposal):
        return "Rien ne change ici : corrigez ce que dit le message, puis acceptez."
    if proposals.proposed_name(proposal):
        return (
            "Les coordonnées changent ici et sur la fiche de la personne. Si le nom imprimé change, une nouvelle version "
            "remplace le document et les signatures déjà données tombent."
        )
    return EFFECTS[ProposalKind.CORRECTION]


def proposal_page(
    request: SchoolRequest, proposal: SignerProposal, *, form: RefusalForm | None = None, status: int = 200
) -> HttpResponse:
    """What the signer says, what is on file, and the two decisions while it waits."""
    document = proposal.signature.document
    words, url = subjects.link_of(document)
    pages = ProposalPages()
    return render(
        request,
        "documents/signer_proposal.html",
        {
            "proposal": proposal,
            "title": f"{proposals.words(proposal)} : {document.number}",
            "document": document,
            "summary": describing.summary(document),
            "compared": compared(proposal),
            "effect": effect(proposal),
            "waits": proposal.state == ProposalState.WAITING,
            "may_decide": may_decide(request, proposal),
            "form": form or RefusalForm(),
            "subject": words,
            "subject_url": url,
            "list_url": pages.url("list", request),
        },
        status=status,
    )


def may_decide(request: SchoolRequest, proposal: SignerProposal) -> Verdict:
    return permissions.may_say_who_signs(request.membership, proposal.signature.document)


def _found(request: SchoolRequest, public_id: UUID) -> SignerProposal:
    pages = ProposalPages()
    demand(pages.may_view(request))
    proposal: SignerProposal = pages.find(request, public_id)
    demand(may_decide(request, proposal))
    return proposal


def _page(request: SchoolRequest, proposal: SignerProposal) -> str:
    return reverse("documents:signer_proposal_detail", args=[request.school.uai, proposal.public_id])


@require_POST
def signer_proposal_accept(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Do what the signer proposes."""
    proposal = _found(request, public_id)
    before = proposal.signature.document
    try:
        latest = proposals.accept(proposal, by=request.user, now=timezone.now())
    except ValidationError as error:
        notices.refused(request, " ".join(error.messages))
        return redirect(_page(request, proposal))
    if latest.pk == before.pk:
        notices.said(request, "Proposition acceptée. Le document reste le même.")
        return redirect(_page(request, proposal))
    notices.said(request, f"Proposition acceptée. La version {french.number(latest.edition)} remplace la précédente.")
    return redirect(latest)


@require_POST
def signer_proposal_refuse(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Leave the paper as it is, with a word of answer."""
    proposal = _found(request, public_id)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return proposal_page(request, proposal, form=form, status=422)
    try:
        mailed = proposals.refuse(proposal, answer=form.cleaned_data["answer"], by=request.user, now=timezone.now())
    except ValidationError as error:
        notices.refused(request, error.messages[0])
    else:
        notices.said(
            request,
            "Proposition refusée. La réponse part par courriel."
            if mailed
            else "Proposition refusée. Sans adresse électronique, appelez la personne pour lui répondre.",
        )
    return redirect(_page(request, proposal))
