"""What this app adds to the home page and to a partner's page."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from conventions import alerts, documents, emblems, life, papers, proposals, sections
from conventions.enums import AgreementState
from conventions.models import Agreement, AgreementReview
from documents import subjects
from documents.enums import Subject
from partners import tabs
from partners.models import Partner
from schools import todo
from schools.models import Membership
from schools.pages import Section
from schools.permissions import allows
from schools.roles import Permission

MOST = 20
TO_SIGN_WITHIN = timedelta(days=21)
"""After the vote: a habit, not a rule."""


subjects.register(
    Subject.AGREEMENT,
    subjects.Kind(
        own=papers.own_papers,
        link=papers.link,
        may_sign=papers.may_sign,
        signatures_changed=life.signatures_changed,
        prepare=papers.prepare_pdf,
        draw_signed=documents.draw_signed,
        apply_proposal=proposals.apply_proposal,
        folders=papers.folders,
        keep_file=documents.render_and_store,
    ),
)


@sections.AGREEMENT.add
def what_prints(agreement: Agreement, membership: Membership, today: date) -> Section | None:
    """The paper as it stands today, promised against done, and the pictures that stand on it."""
    if agreement.partner is None or not allows(membership, Permission.VIEW_AGREEMENTS):
        return None
    uai, partner = agreement.school.uai, agreement.partner
    args = [uai, agreement.public_id]
    may_change = bool(allows(membership, Permission.EDIT_AGREEMENTS))
    return Section(
        "Ce qui s’imprime",
        "conventions/partials/paper_section.html",
        {
            "draft_url": "" if agreement.signed_date else reverse("conventions:agreement_draft", args=args),
            "progress_url": reverse("conventions:agreement_progress", args=args),
            "emblems_url": reverse("conventions:partner_emblems", args=[uai, partner.public_id]) if may_change else "",
            "emblems": [
                {
                    "url": f"{reverse('conventions:emblem_image', args=[uai, one.public_id])}?v={one.version}",
                    "alt": f"{one.get_kind_display()} : {partner if one.partner_id else agreement.school}",
                    "width": one.width,
                    "height": one.height,
                }
                for one in emblems.of_both(agreement.school, partner)
            ],
        },
    )


tabs.register(
    tabs.Tab(
        "Conventions",
        "conventions:partner_agreements",
        Permission.VIEW_AGREEMENTS,
        lambda partner, membership: (
            Agreement.objects.in_school(membership.school_id).filter(partner=partner).values("pk")
        ),
        order=40,
    )
)


@tabs.also_papers
def _papers(partner: Partner, membership: Membership) -> Q:
    """The papers of the agreements with this partner."""
    agreements = Agreement.objects.in_school(membership.school_id).filter(partner=partner)
    return Q(subject=Subject.AGREEMENT, subject_id__in=agreements.values("dossier_id"))


@todo.provider
def agreements_ending(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Agreements that end within 180 days, or must be stopped before they go on by themselves, and that nobody renews yet."""
    if not allows(membership, Permission.EDIT_AGREEMENTS):
        return
    for one in alerts.endings(membership.school_id, today)[:MOST]:
        agreement, words = one.agreement, one.words(today)
        verb = "Reconduire ou arrêter" if one.deadline.is_notice else "Renouveler"
        yield todo.Task(
            due=one.deadline.day,
            title=f"{verb} la convention avec {agreement.partner}",
            text=f"{agreement.title} : {words}",
            url=agreement.get_absolute_url(),
            action_label="Voir" if one.deadline.is_notice else "Préparer",
        )


@todo.provider
def agreements_in_hand(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Agreements voted that are to be issued, or whose signatures are awaited."""
    if not allows(membership, Permission.EDIT_AGREEMENTS):
        return
    voted = (
        Agreement.objects.in_school(membership.school_id)
        .in_state(AgreementState.TO_SIGN, today)
        .select_related("partner", "school")
        .order_by("board_vote_date", "pk")[:MOST]
    )
    for agreement in voted:
        yield todo.Task(
            due=(agreement.board_vote_date or today) + TO_SIGN_WITHIN,
            title=f"Faire signer la convention avec {agreement.partner}",
            text=f"{agreement.title} : votée par le conseil d’administration.",
            url=agreement.get_absolute_url(),
            action_label="Ouvrir",
        )


@todo.provider
def reviews_to_hold(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Reviews planned within a fortnight, or before and not held."""
    if not allows(membership, Permission.EDIT_AGREEMENTS):
        return
    for review in alerts.reviews_due(membership.school_id, today)[:MOST]:
        yield todo.Task(
            due=review.planned_date,
            title=f"Tenir le bilan de la convention avec {review.agreement.partner}",
            text=str(review.agreement.title),
            url=f"{review.get_absolute_url()}#bilans",
            action_label="Le noter",
        )


def _happens(day: str, title: str, icon: str, *, of_review: bool = False) -> None:
    """Put a date of the partner's agreements, or of their reviews, on the timeline."""

    def rows(look: tabs.Look) -> QuerySet[Any] | None:
        if not look.may(Permission.VIEW_AGREEMENTS):
            return None
        school, known = look.membership.school_id, {f"{day}__isnull": False}
        if of_review:
            reviews = AgreementReview.objects.in_school(school).filter(agreement__partner=look.partner, **known)
            return tabs.dated(reviews, day=day, id="agreement__public_id", text=tabs.beginning("summary"))
        agreements = Agreement.objects.in_school(school).filter(partner=look.partner, **known)
        return tabs.dated(agreements, day=day, text="title")

    @tabs.happens(tabs.Kind.AGREEMENTS, rows)
    def tell(found: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
        for row in found:
            url = reverse("conventions:agreement_detail", args=[look.membership.school.uai, row.id])
            yield tabs.Fact(row.day, title, icon, tabs.shortened(row.text), url)


_happens("board_vote_date", "Convention votée par le conseil d’administration", "people")
_happens("signed_date", "Convention de partenariat signée", "file-earmark-text")
_happens("held_date", "Bilan de la convention", "clipboard-check", of_review=True)
_happens("terminated_date", "Convention de partenariat résiliée", "file-earmark-x")
