"""What this app adds to the apps below: own pupils and contacts, papers, the work list, a partner's page."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from core import charts, status
from core.french import period, plural
from core.verdict import Verdict
from documents import subjects
from documents.enums import DocumentType, SignatureRole, SignatureStatus, Subject
from documents.models import Document, Signature
from partners import tabs
from partners.models import Partner
from partners.permissions import also_own_contacts
from pfmp import permissions, selectors, services
from pfmp.enums import PlacementStatus
from pfmp.models import Period, Placement
from pfmp.rules import milestones
from schools import todo
from schools.models import Membership
from schools.permissions import allows, also_own, is_own_only, visible_students
from schools.roles import Permission

# A teacher's own pupils are also those whose placement they follow; they know the people of the companies where these are.
also_own(lambda membership: Q(placements__referent_email__iexact=membership.email))
also_own_contacts(
    lambda membership: Q(
        partner__in=Placement.objects.in_school(membership.school_id).followed_by(membership).values("partner")
    )
)


# --------------------------------------------------------------------------------------------- papers about placements


def _own_papers(membership: Membership) -> Q:
    return Q(
        subject_id__in=Placement.objects.in_school(membership.school_id).followed_by(membership).values("dossier_id")
    )


def _link(document: Document) -> tuple[str, str]:
    placement = (
        Placement.objects.in_school(document.school_id)
        .filter(dossier_id=document.subject_id)
        .select_related("student", "partner")
        .first()
    )
    if placement is None:
        return "", ""
    return str(placement), reverse("pfmp:placement_detail", args=[document.school.uai, placement.public_id])


def _may_sign(membership: Membership, document: Document, role: SignatureRole) -> Verdict:
    return permissions.may_note_signature(membership, document, role)


subjects.register(
    Subject.PLACEMENT,
    subjects.Kind(
        own=_own_papers,
        link=_link,
        may_sign=_may_sign,
        signatures_changed=services.signatures_changed,
        prepare=services.prepare_pdf,
    ),
)


# ------------------------------------------------------------------------------------------------------- the work list

AHEAD = timedelta(days=45)
SOON = timedelta(days=14)
BEFORE_END = timedelta(days=3)
MOST = 8
S = PlacementStatus


def _coming(membership: Membership, today: date) -> list[Period]:
    """Periods that someone still prepares, or that are under way: from now to some six weeks."""
    return list(
        permissions.visible_periods(membership)
        .filter(start_date__lte=today + AHEAD, end_date__gte=today)
        .select_related("school_class", "school")
        .order_by("start_date", "school_class__code")
        .distinct()
    )


def _pupils(membership: Membership) -> Iterable[int] | None:
    """The pupils that limit a role to its own; None for those who see all."""
    return visible_students(membership).values_list("pk", flat=True) if is_own_only(membership) else None


@todo.provider
def places_and_papers(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Classes about to leave: who has no place, which conventions are not signed, at the days that milestones give."""
    if not allows(membership, Permission.LOG_PLACEMENT):
        return
    periods = [one for one in _coming(membership, today) if one.start_date > today]
    found = selectors.situations(periods, today, students=_pupils(membership))
    for one in periods:
        rows = found[one.pk]
        label = one.school_class.label
        if waiting := [row for row in rows if row.needs_place]:
            yield todo.Task(
                due=milestones.due_date("sans_place", one.start_date) or today,
                title=f"{plural(len(waiting), 'élève')} sans place : {label}",
                text=names(waiting),
                url=one.get_absolute_url(),
                action_label="Voir la classe",
            )
        if unsigned := [row for row in rows if row.step in ("convention_editee", "a_signer")]:
            due = milestones.due_date("a_signer", one.start_date) or today
            if due <= today + SOON:
                yield todo.Task(
                    due=due,
                    title=f"{plural(len(unsigned), 'convention')} à faire signer : {label}",
                    text=names(unsigned),
                    url=f"{one.get_absolute_url()}?etape=a_signer",
                    action_label="Voir la classe",
                )


def names(rows: list[selectors.Situation]) -> str:
    """« Amrani Hafsa, Carvalho Alan, Guérin Minh et 3 autres »."""
    first = ", ".join(str(row.student) for row in rows[:3])
    return f"{first} et {plural(len(rows) - 3, 'autre')}" if len(rows) > 3 else first


@todo.provider
def visits_to_make(membership: Membership, today: date) -> Iterable[todo.Task]:
    """The pupils that a teacher follows, in a company now, whom nobody has visited yet."""
    if not is_own_only(membership):
        return
    placements = (
        permissions.visible_placements(membership)
        .filter(
            referent_email__iexact=membership.email,
            status__in=(S.SIGNED, S.ONGOING),
            start_date__lte=today,
            end_date__gte=today,
            visits=None,
        )
        .select_related("student", "partner", "school")
        .order_by("end_date", "pk")[:MOST]
    )
    for placement in placements:
        yield todo.Task(
            due=max(placement.start_date, placement.end_date - BEFORE_END),
            title=f"Visiter {placement.student}",
            text=" · ".join(filter(None, (placement.partner.name, placement.partner.city, placement.partner.phone))),
            url=placement.get_absolute_url(),
            action_label="Ouvrir",
        )


@todo.provider
def head_signatures(membership: Membership, today: date) -> Iterable[todo.Task]:
    """For the head: conventions that everyone else has signed."""
    if not allows(membership, Permission.SIGN_CONVENTION):
        return
    awaited = Signature.objects.filter(school=OuterRef("school"), document=OuterRef("document")).exclude(
        pk=OuterRef("pk")
    )
    ready = (
        Signature.objects.in_school(membership.school_id)
        .filter(
            role=SignatureRole.HEAD,
            status=SignatureStatus.AWAITED,
            document__type=DocumentType.PFMP_CONVENTION,
        )
        .filter(~Exists(awaited.filter(status__in=(SignatureStatus.AWAITED, SignatureStatus.REFUSED))))
        .count()
    )
    if ready:
        yield todo.Task(
            due=today,
            title=f"{plural(ready, 'convention')} à signer",
            text="Tous les autres ont signé : il ne manque que la direction.",
            url=f"{reverse('documents:document_list', args=[membership.school.uai])}?signatures=direction",
            action_label="Signer",
        )


@todo.side
def placed_students(membership: Membership, today: date) -> todo.Side | None:
    """« Élèves placés »: the next departures, class by class, with a bar."""
    if not allows(membership, Permission.VIEW_PLACEMENTS):
        return None
    periods = _coming(membership, today)[:MOST]
    if not periods:
        return None
    found = selectors.situations(periods, today, students=_pupils(membership))
    lines = []
    for one in periods:
        expected = [row for row in found[one.pk] if not row.is_exempted]
        placed = sum(row.has_solution for row in expected)
        lines.append(
            {
                "period": one,
                "placed": placed,
                "expected": len(expected),
                "bar": charts.share(placed, len(expected), width=48),
                "url": one.get_absolute_url(),
            }
        )
    board = reverse("pfmp:board", args=[membership.school.uai])
    return todo.Side("pfmp/partials/placed_students.html", {"lines": lines, "board_url": board})


# --------------------------------------------------------------------------------------------------- a partner's page


def _placement_count(partner: Partner, membership: Membership) -> int:
    return permissions.visible_placements(membership).filter(partner=partner).count()


tabs.register(tabs.Tab("Placements", "pfmp:partner_placements", Permission.VIEW_PLACEMENTS, _placement_count))


@tabs.facts
def placements_there(partner: Partner, membership: Membership, most: int) -> Iterable[tabs.Fact]:
    """Pupils who went or go there, as far as this person may know them."""
    found = (
        permissions.visible_placements(membership)
        .not_cancelled()  # type: ignore[attr-defined]
        .filter(partner=partner)
        .select_related("student", "period__school_class", "school")
        .order_by("-start_date")[:most]
    )
    for placement in found:
        yield tabs.Fact(
            placement.start_date,
            f"{placement.student}, {placement.period.school_class.label}",
            "geo-alt",
            f"{status.word(placement.status, 'placement')}, {period(placement.start_date, placement.end_date)}",
            placement.get_absolute_url(),
        )


@tabs.facts
def visits_there(partner: Partner, membership: Membership, most: int) -> Iterable[tabs.Fact]:
    """Visits of these pupils."""
    found = (
        permissions.visible_visits(membership)
        .filter(placement__partner=partner)
        .select_related("placement__student", "school")
        .order_by("-date")[:most]
    )
    for visit in found:
        yield tabs.Fact(
            visit.date,
            f"Visite de {visit.placement.student}",
            "pencil-square",
            " · ".join(filter(None, (visit.get_mode_display(), visit.report))),
            visit.get_absolute_url(),
        )
