"""What is done to several pupils of a class at once, from the boxes ticked on its board."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import notices
from core.verdict import demand
from documents import reminding
from documents.enums import ReminderKind, SignatureStatus
from documents.models import Signature
from pfmp import assigning, class_acts, deliveries, permissions, services
from pfmp.deliveries import Line
from pfmp.enums import MilestoneStep
from pfmp.models import Period, Placement
from pfmp.situations import Situation
from pfmp.views import class_board
from pfmp.views.periods import PeriodPages
from schools.bulk import picked_ids
from schools.middleware import SchoolRequest
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

NOTHING = "Cochez au moins un élève."


@require_POST
def class_act(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Do one thing to the pupils ticked, then say for each what was done or why not."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(permissions.may_log(request.membership))
    period = PeriodPages().find(request, public_id)
    now = timezone.now()
    wanted = set(picked_ids(request))
    rows = [
        row
        for row in class_board.class_rows(request, period, timezone.localdate(now))
        if row.student.public_id in wanted
    ]
    if not rows:
        notices.refused(request, NOTHING)
        return redirect(period)
    what, _, paper = request.POST.get("faire", "").partition(":")
    if what == "remettre" and (code := class_board.known_step(paper)) is not None:
        lines = deliveries.give(rows, code, by=request.membership, now=now)
        return told(request, period, lines, HANDED[code])
    match what:
        case "referents":
            query = urlencode([("choix", row.student.public_id) for row in rows])
            return redirect(f"{reverse('pfmp:class_referents', args=[request.school.uai, public_id])}?{query}")
        case "editer":
            lines = class_acts.issue(rows, by=request.membership, now=now)
            return told(request, period, lines, ("convention éditée", "conventions éditées"))
        case "imprimer":
            return printed(request, period, rows)
        case "relancer":
            return reminded(request, period, rows, now)
        case "signatures":
            return to_paper_signatures(request, period, rows)
        case "jours":
            return redirect("pfmp:class_days", request.school.uai, public_id)
        case "clore":
            lines = class_acts.close(rows, by=request.membership, now=now)
            return told(request, period, lines, ("placement clos", "placements clos"))
    notices.refused(request, "Choisissez quoi faire pour les élèves cochés.")
    return redirect(period)


HANDED = {
    MilestoneStep.SHEET_GIVEN: (
        "pré-convention notée remise à l’entreprise",
        "pré-conventions notées remises à l’entreprise",
    ),
    MilestoneStep.SHEET_BACK: ("pré-convention remise", "pré-conventions remises"),
    MilestoneStep.FILED: ("convention remise au bureau", "conventions remises au bureau"),
    MilestoneStep.ARRIVED: ("arrivée vérifiée", "arrivées vérifiées"),
    MilestoneStep.CERTIFIED: ("attestation remise", "attestations remises"),
}


def told(request: SchoolRequest, period: Period, lines: Sequence[Line], done: tuple[str, str]) -> HttpResponse:
    """Back to the class, with the sum in one line; who was held back and why stands under the title."""
    sentence = deliveries.as_sentence(lines, done, ("retenu", "retenus"))
    held = [line for line in lines if line.reason]
    (notices.said if len(held) < len(lines) else notices.warned)(request, sentence)
    request.session[class_board.KEPT] = {
        "period": str(period.public_id),
        "held": [[str(line.student.public_id), line.reason] for line in held],
    }
    return redirect(period)


def printed(request: SchoolRequest, period: Period, rows: Sequence[Situation]) -> HttpResponse:
    """The conventions of these pupils as one file, made in the background."""
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    papers = [row.document for row in rows if row.document and row.document.voided_at is None and row.document.content]
    if not papers:
        notices.warned(request, "Aucune convention éditée parmi les élèves cochés : il n’y a rien à imprimer.")
        return redirect(period)
    job = services.print_class(period, papers, by=request.user)
    return redirect(
        f"{reverse('pfmp:class_conventions', args=[request.school.uai, period.public_id])}?travail={job.public_id}"
    )


def reminded(request: SchoolRequest, period: Period, rows: Sequence[Situation], now: datetime) -> HttpResponse:
    """Remind everyone who has not signed for these pupils."""
    asked = list(
        Signature.objects.in_school(request.school)
        .filter(
            document__in=[row.document.pk for row in rows if row.document and row.document.voided_at is None],
            status=SignatureStatus.AWAITED,
            optional=False,
        )
        .select_related("school", "document__school")
        .order_by("document__issued_at", "document", "turn", "pk")
    )
    if not asked:
        notices.warned(request, "Aucune signature n’est attendue pour les élèves cochés : personne à relancer.")
        return redirect(period)
    outcome = reminding.remind(asked, kind=ReminderKind.MANUAL, by=request.user, now=now)
    (notices.said if outcome.messages else notices.warned)(request, outcome.sentence)
    return redirect(period)


def to_paper_signatures(request: SchoolRequest, period: Period, rows: Sequence[Situation]) -> HttpResponse:
    """The screen where signatures on paper are noted for several papers at once; it comes back to the class."""
    unsigned = [row.document for row in rows if row.document and row.document.voided_at is None and row.awaited]
    if not unsigned:
        notices.warned(request, "Aucune signature n’est attendue pour les élèves cochés.")
        return redirect(period)
    ids = ",".join(str(document.public_id) for document in unsigned)
    return redirect(
        f"{reverse('documents:batch_paper', args=[request.school.uai])}?documents={ids}&retour={period.get_absolute_url()}"
    )


# ------------------------------------------------------------------------------------------------------ who follows whom


@require_http_methods(["GET", "POST"])
def class_referents(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A balanced proposal for the pupils ticked (or all), the load before and after, everything to be changed before saving."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(permissions.may_log(request.membership))
    period = PeriodPages().find(request, public_id)
    now = timezone.now()
    today = timezone.localdate(now)
    rows = [row for row in class_board.class_rows(request, period, today) if row.placement]
    posted = request.method == "POST"
    picked = set((request.POST if posted else request.GET).getlist("choix"))
    rows = [row for row in rows if not picked or str(row.student.public_id) in picked]
    placements = [row.placement for row in rows if row.placement]
    limits = assigning.limits_of(request.school, today)
    others = assigning.followed_besides(request.school.pk, placements)
    teachers = assigning.teachers_of(period)
    people = choices(request, teachers, placements)
    again = request.GET.get("tous") == "1"
    if posted:
        chosen = typed(request, placements, people)
    else:
        chosen = assigning.proposal(placements, teachers, others, limits.most, again=again)
    loads = assigning.loads(placements, chosen, people, others, limits.most)
    over = [load for load in loads if load.is_over]
    never = [load for load in loads if load.after > limits.never and load.after > load.before]
    problem = ""
    if posted and request.POST.get("faire") == "enregistrer":
        if never:
            problem = f"{never[0].name} suivrait {never[0].after} élèves à la fois : {limits.never} au plus. Confiez-en à d’autres."
        elif [load for load in over if load.after > load.before] and not request.POST.get("au_dela"):
            problem = "Quelqu’un passe la limite : changez la répartition, ou cochez que vous l’acceptez."
        else:
            versions = {one.pk: version_of(request, one) for one in placements}
            known = addresses(request)
            wanted = {pk: (versions[pk], known.get(email, email)) for pk, email in chosen.items()}
            lines = assigning.assign(placements, wanted, by=request.membership, now=now)
            if not lines:
                notices.warned(request, "Rien n’a changé : chacun garde son référent.")
                return redirect(period)
            return told(request, period, lines, ("référent enregistré", "référents enregistrés"))
    followed_now = {one.referent_email.strip().casefold() for one in placements}
    teaching = {one.email.casefold() for one in teachers}
    return render(
        request,
        "pfmp/class_referents.html",
        {
            "period": period,
            "lines": [(row, chosen.get(row.placement.pk, "")) for row in rows if row.placement],
            "options": [(email, name) for email, name in people.items() if email in teaching],
            "other_options": [(email, name) for email, name in people.items() if email not in teaching],
            "loads": [load for load in loads if load.email in teaching or load.here or load.email in followed_now],
            "over": over,
            "limits": limits,
            "problem": problem,
            "again": again,
            "kept": sum(bool(one.referent_email) for one in placements),
            "missing": sum(not email for email in chosen.values()),
            "picked": sorted(picked),
            "again_url": f"?{urlencode([('choix', one) for one in sorted(picked)] + [('tous', '1')])}",
            "settings_url": reverse("pfmp:pfmp_settings", args=[request.school.uai]),
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
            "back_url": period.get_absolute_url(),
        },
        status=422 if problem else 200,
    )


def choices(request: SchoolRequest, teachers: Sequence[Membership], placements: Sequence[Placement]) -> dict[str, str]:
    """Who may follow, by address: teachers of the class, then those of the school, then whoever follows one of these now."""
    staff = (
        Membership.objects.in_school(request.school)
        .filter(is_active=True, role__in=("enseignant", "ddfpt", "bde"))
        .order_by("last_name", "first_name", "pk")
    )
    found = {one.email.casefold(): one.full_name for one in [*teachers, *staff]}
    for one in placements:
        if email := one.referent_email.strip().casefold():
            found.setdefault(email, one.referent_email.strip())
    return found


def addresses(request: SchoolRequest) -> dict[str, str]:
    """Addresses as they are written on file, by themselves without case."""
    return {
        email.casefold(): email
        for email in Membership.objects.in_school(request.school).values_list("email", flat=True)
    }


def typed(request: SchoolRequest, placements: Sequence[Placement], people: dict[str, str]) -> dict[int, str]:
    """The addresses chosen in the form; one that is not offered leaves things as they are."""
    found = {}
    for one in placements:
        mine = one.referent_email.strip().casefold()
        email = request.POST.get(f"referent-{one.public_id}", mine).strip().casefold()
        found[one.pk] = email if not email or email in people else mine
    return found


def version_of(request: SchoolRequest, placement: Placement) -> int:
    """The version of the placement that the person saw; 0, which no row has, for anything else."""
    text = request.POST.get(f"version-{placement.public_id}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
