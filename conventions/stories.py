"""What this app adds to the home page and to a partner's page."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from conventions import documents, life, papers, proposals
from conventions.models import Agreement
from documents import subjects
from documents.enums import Subject
from partners import tabs
from partners.models import Partner
from schools import todo
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

WINDOW = timedelta(days=90)


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
def agreements_to_renew(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Agreements in force that end within 90 days, without tacit renewal (I1.4)."""
    if not allows(membership, Permission.EDIT_AGREEMENTS):
        return
    ending = (
        Agreement.objects.in_school(membership.school_id)
        .local()
        .in_force(today)
        .filter(end_date__range=(today, today + WINDOW))
        .exclude(tacit_renewal=True)
        .select_related("partner", "school")
        .order_by("end_date")[:20]
    )
    for agreement in ending:
        yield todo.Task(
            due=agreement.end_date or today,
            title=f"Renouveler la convention avec {agreement.partner}",
            text=f"{agreement.title} : elle finit le {agreement.end_date:%d/%m/%Y}, sans tacite reconduction.",
            url=agreement.get_absolute_url(),
            action_label="Préparer",
        )


def _signed(look: tabs.Look) -> QuerySet[Any] | None:
    if not look.may(Permission.VIEW_AGREEMENTS):
        return None
    rows = Agreement.objects.in_school(look.membership.school_id).filter(
        partner=look.partner, signed_date__isnull=False
    )
    return tabs.dated(rows, day="signed_date", title="title")


@tabs.happens(tabs.Kind.AGREEMENTS, _signed)
def tell_signed(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    for row in rows:
        yield tabs.Fact(
            row.day,
            "Convention de partenariat signée",
            "file-earmark-text",
            row.title,
            reverse("conventions:agreement_detail", args=[look.membership.school.uai, row.id]),
        )


def _terminated(look: tabs.Look) -> QuerySet[Any] | None:
    if not look.may(Permission.VIEW_AGREEMENTS):
        return None
    rows = Agreement.objects.in_school(look.membership.school_id).filter(
        partner=look.partner, terminated_date__isnull=False
    )
    return tabs.dated(rows, day="terminated_date", title="title")


@tabs.happens(tabs.Kind.AGREEMENTS, _terminated)
def tell_terminated(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    for row in rows:
        yield tabs.Fact(
            row.day,
            "Convention de partenariat résiliée",
            "file-earmark-x",
            row.title,
            reverse("conventions:agreement_detail", args=[look.membership.school.uai, row.id]),
        )
