"""What this app adds to the apps below: own pupils and contacts, papers, the work list, a partner's page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse

from conventions import commitments
from conventions.enums import CommitmentKind
from core import charts
from core.french import period, plural
from core.pdf import Drawing
from core.verdict import Verdict
from documents import subjects
from documents.enums import DocumentType, SignatureRole, SignatureStatus, Subject
from documents.models import Document, Signature
from partners import askable, tabs
from partners.models import Partner
from partners.permissions import also_own_contacts
from partners.register import also_at_stake
from pfmp import attesting, documents, duties, parties, permissions, proposals, services
from pfmp import hosting as hosting_facts
from pfmp.documents import certificate
from pfmp.enums import SECURED, SOLUTION, HostMark, IncidentKind, PlacementStatus, VisitMode
from pfmp.models import Placement
from schools import todo
from schools.models import Membership, School
from schools.permissions import allows, also_own, is_own_only
from schools.roles import Permission

# A teacher's own pupils are also those whose placement they follow; they know the people of the companies where these are.
also_own(lambda membership: Q(placements__referent_email__iexact=membership.email))
also_own_contacts(
    lambda membership: Q(
        partner__in=Placement.objects.in_school(membership.school_id).followed_by(membership).values("partner")
    )
)


@also_at_stake
def placements_at_stake(school_id: int, partner_ids: list[int], today: date) -> dict[int, str]:
    """When a company closes: the pupils who are there, or are to go."""
    rows = (
        Placement.objects.in_school(school_id)
        .filter(partner__in=partner_ids, end_date__gte=today)
        .exclude(status__in=(S.CANCELLED, S.INTERRUPTED, S.FINISHED))
        .values_list("partner")
        .annotate(count=Count("pk"))
    )
    return {pk: plural(count, "placement en cours ou à venir", "placements en cours ou à venir") for pk, count in rows}


# Hosts of the school year that a campaign belongs to may be asked for the taxe.
askable.register(
    askable.Source(
        "hotes",
        "Ceux qui accueillent nos élèves cette année ({before}-{campaign})",
        lambda school, campaign: (
            Placement.objects.in_school(school)
            .filter(period__year=f"{campaign - 1}-{campaign}", status__in=SOLUTION)
            .values_list("partner_id", flat=True)
            .distinct()
        ),
        order=20,
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


def _folders(papers: Iterable[Document]) -> dict[int, str]:
    """The class of the pupil, in its school year."""
    found = list(papers)
    rows = (
        Placement.objects.in_school(found[0].school_id)
        .filter(dossier_id__in={paper.subject_id for paper in found})
        .values_list("dossier_id", "period__year", "period__school_class__label")
    )
    by_id = {dossier_id: f"{year}/{label.replace('/', '-')}" for dossier_id, year, label in rows}
    return {paper.pk: by_id[paper.subject_id] for paper in found if paper.subject_id in by_id}


def _of_classes(school: School, class_ids: Iterable[int]) -> Q:
    placements = Placement.objects.in_school(school).filter(period__school_class__in=class_ids)
    return Q(subject_id__in=placements.values("dossier_id"))


def _placement(document: Document) -> Placement | None:
    found: Placement | None = (
        Placement.objects.in_school(document.school_id)
        .filter(dossier_id=document.subject_id)
        .select_related("student")
        .first()
    )
    return found


def _sign_before(document: Document) -> date | None:
    """A convention is signed by the first day (R-CONV-04, S-18); an avenant while the placement lasts."""
    placement = _placement(document)
    if placement is None or document.type == DocumentType.PFMP_CERTIFICATE:  # signed afterwards, whenever it comes
        return None
    return placement.end_date if document.type == DocumentType.PFMP_AVENANT else placement.start_date


def _also_asked(document: Document, role: SignatureRole) -> Sequence[subjects.Person]:
    """The second guardian, beside the first."""
    placement = _placement(document) if role == SignatureRole.GUARDIAN else None
    return parties.second_guardian(placement.student) if placement else ()


def _is_certificate(document: Document) -> bool:
    return document.type == DocumentType.PFMP_CERTIFICATE


def _prepare(document: Document, *, by: Any) -> Any:
    return (attesting if _is_certificate(document) else services).prepare_pdf(document, by=by)


def _draw_signed(document: Document, marks: Sequence[subjects.Mark]) -> Drawing:
    draw = certificate.PAPER.draw_signed if _is_certificate(document) else documents.draw_signed
    return draw(document, marks)


def _keep_file(document: Document) -> None:
    (certificate.PAPER if _is_certificate(document) else documents).render_and_store(document)


subjects.register(
    Subject.PLACEMENT,
    subjects.Kind(
        own=_own_papers,
        link=_link,
        may_sign=_may_sign,
        signatures_changed=services.signatures_changed,
        prepare=_prepare,
        draw_signed=_draw_signed,
        sign_before=_sign_before,
        apply_proposal=proposals.apply_proposal,
        also_asked=_also_asked,
        folders=_folders,
        of_classes=_of_classes,
        keep_file=_keep_file,
    ),
)


# ------------------------------------------------------------------------------------------------------- the work list

SOON = timedelta(days=14)
REVIEW_WITHIN = timedelta(days=60)
MOST = 8
S = PlacementStatus
BAD = Q(review__take_again=False)
for _mark in hosting_facts.MARKS:
    BAD |= Q(**{f"review__{_mark}__lt": HostMark.GOOD})
WENT = Case(When(BAD, then=Value("a_suivre")), When(review__isnull=False, then=Value("bien")), default=Value(""))
"""How a placement went, from its review: a status code, "" without review."""


@todo.provider
def refused_papers(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Conventions and avenants of one's own pupils that someone refuses to sign: why, for who corrects them.

    The bureau has each refusal, of any paper, from `documents.stories`.
    """
    if not allows(membership, Permission.LOG_PLACEMENT) or allows(membership, Permission.MANAGE_PLACEMENTS):
        return
    refusals = (
        Signature.objects.in_school(membership.school_id)
        .filter(
            status=SignatureStatus.REFUSED,
            optional=False,
            document__voided_at=None,
            document__type__in=(DocumentType.PFMP_CONVENTION, DocumentType.PFMP_AVENANT),
            document__subject_id__in=permissions.visible_placements(membership)
            .filter(status__in=(S.CONFIRMED, *services.PRINTED))
            .values("dossier_id"),
        )
        .select_related("document")
        .order_by("date", "pk")
    )
    found = list(refusals[:MOST])
    placements = {
        one.dossier_id: one
        for one in Placement.objects.in_school(membership.school_id)
        .filter(dossier_id__in=[row.document.subject_id for row in found])
        .select_related("student", "school")
    }
    for row in found:
        placement = placements[row.document.subject_id]
        what = "Avenant refusé" if row.document.type == DocumentType.PFMP_AVENANT else "Convention refusée"
        yield todo.Task(
            due=today,
            title=f"{what} : {placement.student}",
            text=f"{row.get_role_display()}, {row.name} : « {row.reason} »",
            url=placement.get_absolute_url(),
            action_label="Corriger",
        )


@todo.provider
def reviews_to_write(membership: Membership, today: date) -> Iterable[todo.Task]:
    """For who followed a pupil: how the host was, in the weeks after the end."""
    if not is_own_only(membership):
        return
    placements = (
        permissions.visible_placements(membership)
        .filter(
            referent_email__iexact=membership.email,
            status=S.FINISHED,
            end_date__range=(today - REVIEW_WITHIN, today),
            review=None,
        )
        .select_related("student", "partner", "school")
        .order_by("end_date", "pk")[:MOST]
    )
    for placement in placements:
        new = reverse("pfmp:review_new", args=[membership.school.uai])
        yield todo.Task(
            due=placement.end_date + SOON,
            title=f"Bilan d’accueil : {placement.partner}",
            text=f"{placement.student}, quatre choix et une phrase.",
            url=f"{new}?placement={placement.public_id}",
            action_label="Le noter",
        )


@todo.side
def placed_students(membership: Membership, today: date) -> todo.Side | None:
    """« Élèves placés »: the next departures, class by class, with a bar."""
    if not allows(membership, Permission.VIEW_PLACEMENTS):
        return None
    known, found = duties.at_hand(membership, today)
    periods = [one for one in known if one.end_date >= today][:MOST]
    if not periods:
        return None
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


# ------------------------------------------------------------------------------------------ what agreements promised


def _hosted(asked: commitments.Asked) -> Iterable[commitments.Deed]:
    """The pupils whom the partner of an agreement received while it ran: each counts once, from their first day there."""
    agreement = asked.agreement
    if asked.since is None or agreement.partner_id is None:
        return []
    placements = (
        Placement.objects.in_school(agreement.school_id)
        .filter(
            partner=agreement.partner_id,
            status__in=SECURED,
            start_date__range=(asked.since, asked.until),
        )
        .select_related("student", "school")
        .order_by("-start_date", "-pk")
    )
    first = {placement.student_id: placement for placement in placements}
    return [commitments.Deed(one.start_date, one.student.full_name, one.get_absolute_url()) for one in first.values()]


commitments.register(
    commitments.Feed(
        CommitmentKind.PLACEMENTS,
        commitments.Noun("élève", "élèves", "accueilli", "accueillis", "aucun accueilli"),
        Permission.VIEW_PLACEMENTS,
        _hosted,
    )
)


# --------------------------------------------------------------------------------------------------- a partner's page


tabs.register(
    tabs.Tab(
        "Placements",
        "pfmp:partner_placements",
        Permission.VIEW_PLACEMENTS,
        lambda partner, membership: permissions.visible_placements(membership).filter(partner=partner).values("pk"),
        order=10,
    )
)


tabs.register(
    tabs.Tab(
        "Accueil",
        "pfmp:partner_hosting",
        Permission.VIEW_PLACEMENTS,
        lambda partner, membership: (
            hosting_facts.visible_reviews(membership).filter(placement__partner=partner).values("pk")
        ),
        order=15,
    )
)


@tabs.also_papers
def _papers_there(partner: Partner, membership: Membership) -> Q:
    """The papers of the placements at this partner's."""
    placements = Placement.objects.in_school(membership.school_id).filter(partner=partner)
    return Q(subject=Subject.PLACEMENT, subject_id__in=placements.values("dossier_id"))


def _pupils_of_tutors(look: tabs.Look) -> dict[str, Any]:
    """How many pupils each contact follows, and ever followed, as far as this person may know the pupils."""
    theirs = (
        permissions.visible_placements(look.membership)
        .not_cancelled()  # type: ignore[attr-defined]
        .filter(tutor=OuterRef("pk"))
        .order_by()
        .values("tutor")
    )
    pupils = Count("student", distinct=True)
    return {
        "tutored_now": Subquery(theirs.filter(period__year=look.year.code).annotate(n=pupils).values("n")),
        "tutored_ever": Subquery(theirs.annotate(n=pupils).values("n")),
    }


@tabs.contact_marks(_pupils_of_tutors)
def tell_tutor(contact: Any) -> str:
    """« suit 2 élèves cette année »."""
    if contact.tutored_now:
        return f"suit {plural(contact.tutored_now, 'élève')} cette année"
    return f"a suivi {plural(contact.tutored_ever, 'élève')}" if contact.tutored_ever else ""


def _periods_there(look: tabs.Look) -> QuerySet[Any] | None:
    """The periods for which pupils went or go there: one line each, however many they are."""
    if not look.may(Permission.VIEW_PLACEMENTS):
        return None
    rows = (
        permissions.visible_placements(look.membership)
        .not_cancelled()  # type: ignore[attr-defined]
        .filter(partner=look.partner)
        .values("period__public_id")
    )
    return tabs.dated(rows, day=Max("start_date"), id="period__public_id")


@tabs.happens(tabs.Kind.PLACEMENTS, _periods_there)
def tell_placements(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    """Who went, for how long, and how it went to those who may read it."""
    uai = look.membership.school.uai
    found: Any = (
        permissions.visible_placements(look.membership)
        .not_cancelled()  # type: ignore[attr-defined]
        .filter(partner=look.partner, period__public_id__in=[row.id for row in rows])
        .select_related("student", "period__school_class")
        .annotate(went=WENT)
        .order_by("student__search_text", "pk")
    )
    by_period: dict[UUID, list[Any]] = {}
    for placement in found:
        by_period.setdefault(placement.period.public_id, []).append(placement)
    for row in rows:
        group = by_period[row.id]
        first, several = group[0], len(group) > 1
        label = first.period.school_class.label
        said = [f"{period(min(one.start_date for one in group), max(one.end_date for one in group))}."]
        if several:
            said.append(f"{some_names(group)}.")
        if look.may(Permission.VIEW_HOST_QUALITY) and (how := how_it_went(one.went for one in group)):
            said.append(f"{how}.")
        home = reverse("pfmp:partner_placements", args=[uai, look.partner.public_id])
        states = {one.status for one in group}
        shown = states & {S.INTERRUPTED, S.PROSPECT} if several else states - {S.FINISHED}
        yield tabs.Fact(
            row.day,
            f"{len(group)} élèves de {label}" if several else f"{first.student.full_name}, {label}",
            "box-arrow-right",
            " ".join(said)[:1].upper() + " ".join(said)[1:],
            home if several else reverse("pfmp:placement_detail", args=[uai, first.public_id]),
            state=min(shown) if shown else "",
            state_kind="placement",
        )


def some_names(group: Sequence[Placement]) -> str:
    """« Hafsa Amrani, Alan Carvalho et 4 autres »."""
    names = [one.student.full_name for one in group]
    if len(names) > 4:
        return f"{', '.join(names[:3])} et {plural(len(names) - 3, 'autre')}"
    return f"{', '.join(names[:-1])} et {names[-1]}"


def how_it_went(went: Iterable[str]) -> str:
    """« Bien passé : 3, à suivre : 1 », "" when nobody wrote it."""
    counts = Counter(went)
    said = [
        f"{words} : {counts[code]}"
        for code, words in (("bien", "bien passé"), ("a_suivre", "à suivre"))
        if counts[code]
    ]
    return ", ".join(said).capitalize()


def _visits_there(look: tabs.Look) -> QuerySet[Any] | None:
    if not look.may(Permission.VIEW_PLACEMENTS):
        return None
    return tabs.dated(
        permissions.visible_visits(look.membership).filter(placement__partner=look.partner),
        day="date",
        title=tabs.full_name("placement__student"),
        text=tabs.beginning("report"),
        code="mode",
    )


@tabs.happens(tabs.Kind.PLACEMENTS, _visits_there)
def tell_visits(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    for row in rows:
        said = [f"{VisitMode(row.code).label}."]
        if row.text:
            said.append(tabs.shortened(row.text))
        yield tabs.Fact(
            row.day,
            f"Visite de {row.title.strip()}" if row.code == VisitMode.ON_SITE else f"Suivi de {row.title.strip()}",
            "pencil-square",
            " ".join(said),
            reverse("pfmp:visit_detail", args=[look.membership.school.uai, row.id]),
        )


def _incidents_there(look: tabs.Look) -> QuerySet[Any] | None:
    if not look.may(Permission.VIEW_PLACEMENTS):
        return None
    return tabs.dated(
        hosting_facts.visible_incidents(look.membership).filter(partner=look.partner),
        day="date",
        text=tabs.beginning("facts"),
        code="kind",
    )


@tabs.happens(tabs.Kind.PLACEMENTS, _incidents_there)
def tell_incidents(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    for row in rows:
        yield tabs.Fact(
            row.day,
            f"Incident : {IncidentKind(row.code).label.lower()}",
            "exclamation-triangle",
            tabs.shortened(row.text),
            reverse("pfmp:incident_detail", args=[look.membership.school.uai, row.id]),
        )


@tabs.panel
def hosting(look: tabs.Look) -> tabs.Panel | None:
    """Pupils hosted, by formation and over three school years, and how it went to those who may read it."""
    if not look.may(Permission.VIEW_PLACEMENTS):
        return None
    years = [look.year.previous.previous.code, look.year.previous.code, look.year.code]
    found = (
        permissions.visible_placements(look.membership)
        .solutions()  # type: ignore[attr-defined]
        .filter(partner=look.partner, period__year__in=years)
        .annotate(went=WENT)
        .values("period__school_class__diploma", "period__year")
        .annotate(
            pupils=Count("student", distinct=True),
            well=Count("pk", filter=Q(went="bien")),
            watch=Count("pk", filter=Q(went="a_suivre")),
        )
        .order_by()
    )
    lines: dict[str, dict[str, int]] = {}
    went = {"bien": 0, "a_suivre": 0}
    for row in found:
        formation = row["period__school_class__diploma"] or "Formation à préciser"
        lines.setdefault(formation, {})[row["period__year"]] = row["pupils"]
        went["bien"] += row["well"]
        went["a_suivre"] += row["watch"]
    if not lines:
        return None
    return tabs.Panel(
        "pfmp/partials/hosting.html",
        {
            "years": [f"{code[2:5]}{code[7:]}" for code in years],
            "lines": [
                (formation, [by_year.get(code, 0) for code in years]) for formation, by_year in sorted(lines.items())
            ],
            "title": "Vos élèves accueillis" if is_own_only(look.membership) else "Élèves accueillis",
            "went": went if look.may(Permission.VIEW_HOST_QUALITY) else {},
            "url": reverse("pfmp:partner_placements", args=[look.membership.school.uai, look.partner.public_id]),
        },
        order=30,
    )
