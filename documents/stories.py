"""What this app adds to the pages below: the next signers' links, the work list, the counter of the signing book."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from core import french, jobs
from documents import circuit, ledger, proposals, reminding, sealing, signing_book, tasks
from documents.enums import SignatureStatus
from documents.models import Document, Signature
from schools import navigation, todo
from schools.enums import Role
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

MOST = 8
"""Lines of one kind in the work list."""
NAMED = 4
"""People named in a line."""


@circuit.on_change
def ask_the_next(document: Document) -> None:
    """After each signature of a paper sent online, a job writes to those whose turn has come."""
    if ledger.was_sent(document):
        jobs.enqueue(tasks.send_next, scope=document.school.uai, document_id=document.pk)


@circuit.on_complete
def seal_it(document: Document) -> None:
    """After the last signature, a job makes the sealed file."""
    if sealing.is_sealable(document):
        jobs.enqueue(tasks.seal_document, scope=document.school.uai, document_id=document.pk)


@navigation.counter("documents:signing_book")
def count_to_sign(membership: Membership, today: date) -> int:
    """How many papers wait for this person's own signature."""
    return signing_book.ready(membership, today).count()


@navigation.only_when_waiting("documents:signing_book")
def always_has_a_book(membership: Membership) -> bool:
    """The head and teachers sign all year; others see the entry when something waits for them."""
    return membership.role_enum in (Role.HEAD, Role.TEACHER)


# ------------------------------------------------------------------------------------------------------- the work list


@todo.provider
def papers_to_sign(membership: Membership, today: date) -> Iterable[todo.Task]:
    """The papers that wait for this person's own signature, in one line."""
    if not allows(membership, Permission.VIEW_DOCUMENTS):
        return
    told = signing_book.ready(membership, today).aggregate(count=Count("pk"), oldest=Min("document__issued_at"))
    if told["count"]:
        yield todo.Task(
            due=today,
            title=french.plural(told["count"], "document à signer", "documents à signer"),
            text=f"Le plus ancien est édité depuis le {french.day(timezone.localdate(told['oldest']))}.",
            url=reverse("documents:signing_book", args=[membership.school.uai]),
            action_label="Lire et signer",
            action_icon="pen",
        )


@todo.provider
def refusals_to_handle(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Signatures refused: somebody has to correct the paper, or ask again."""
    if not allows(membership, Permission.MANAGE_PLACEMENTS):
        return
    rows = Signature.objects.in_school(membership.school_id).filter(
        status=SignatureStatus.REFUSED, optional=False, document__voided_at=None
    )
    for row in rows.select_related("document__school").order_by("date", "pk")[:MOST]:
        yield todo.Task(
            due=timezone.localdate(row.date) if row.date else today,
            title=f"Signature refusée : {row.document.number}",
            text=f"{row.get_role_display()}, {row.name} : {row.reason}" if row.reason else str(row),
            url=row.document.get_absolute_url(),
            action_label="Ouvrir le document",
        )


@todo.provider
def signers_to_reach(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Signers whom no message reaches, and those whose link died before they signed."""
    if not allows(membership, Permission.MANAGE_PLACEMENTS):
        return
    now = timezone.now()
    list_url = f"{reverse('documents:document_list', args=[membership.school.uai])}?signatures=a_signer"
    for rows, one, several, why in (
        (
            reminding.to_call(membership.school, now),
            "personne à appeler pour sa signature",
            "personnes à appeler pour leur signature",
            "Sans adresse électronique",
        ),
        (
            reminding.expired(membership.school, now),
            "lien expiré avant la signature",
            "liens expirés avant la signature",
            "À relancer ou à appeler",
        ),
    ):
        if rows:
            told = ", ".join(f"{row.name} ({row.phone})" if row.phone else row.name for row in rows[:NAMED])
            more = f" et {french.plural(len(rows) - NAMED, 'autre')}" if len(rows) > NAMED else ""
            yield todo.Task(
                due=today,
                title=french.plural(len(rows), one, several),
                text=f"{why} : {told}{more}.",
                url=rows[0].document.get_absolute_url() if len(rows) == 1 else list_url,
                action_label="Ouvrir le document" if len(rows) == 1 else "Voir les documents",
            )


@todo.provider
def proposals_to_read(membership: Membership, today: date) -> Iterable[todo.Task]:
    """What signers proposed: another person, other addresses."""
    if not allows(membership, Permission.MANAGE_PLACEMENTS):
        return
    rows = proposals.waiting(membership.school)
    for proposal in rows.select_related("signature__document", "school").order_by("created_at")[:MOST]:
        yield todo.Task(
            due=timezone.localdate(proposal.created_at),
            title=f"{proposals.words(proposal)} : {proposal.signature.document.number}",
            text=f"{proposal.signature.name} propose : {proposals.said(proposal)}.",
            url=proposal.get_absolute_url(),
            action_label="L’examiner",
            action_icon="inbox",
        )
