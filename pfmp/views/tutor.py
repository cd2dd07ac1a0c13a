"""The tutor's page, behind a personal link: the pupil, an absence to report, the days and the attestation at the end."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import notices
from documents import links as signing_links
from documents.enums import LinkChannel, SignatureStatus
from documents.models import Document, Signature
from pfmp import absences, attesting, certificates, days, documents, rules
from pfmp.days import Days, StaleDays
from pfmp.enums import AbsenceKind, LinkPurpose, ReportedBy
from pfmp.forms.tutor import ConfirmForm, ReportForm
from pfmp.models import PfmpSettings, Placement
from pfmp.rules.timetable import week_in_words
from pfmp.views.days import arithmetic_lines, hours_of, stale_sentence
from pfmp.views.links import Visit, behind_personal_link, opened
from schools.pages import add_errors

BEFORE_END = timedelta(days=2)
ACCIDENT = (
    "En cas d’accident, même léger, au travail ou sur le trajet : appelez le lycée tout de suite. L’entreprise déclare l’accident "
    "dans les 48 heures et en envoie une copie au lycée."
)


def placement_of(visit: Visit) -> Placement:
    """The placement of the link, with what its pages show."""
    (placement,) = documents.with_relations(Placement.objects.in_school(visit.link.school_id)).filter(
        pk=visit.link.placement_id
    )
    return placement


def evaluation_url(token: str) -> str:
    """The address of the evaluation grid, when the platform has one."""
    try:
        return reverse("tutor_evaluation", args=[token])
    except NoReverseMatch:
        return ""


Page = Callable[[HttpRequest, Visit, Placement], HttpResponse]


def of_its_placement(view: Page) -> Callable[[HttpRequest, Visit], HttpResponse]:
    """Gives a page the placement of its link."""

    @wraps(view)
    def page(request: HttpRequest, visit: Visit) -> HttpResponse:
        return view(request, visit, placement_of(visit))

    return page


@require_GET
@behind_personal_link
@opened(LinkPurpose.TUTOR)
@of_its_placement
def tutor_home(request: HttpRequest, visit: Visit, placement: Placement) -> HttpResponse:
    """Who the pupil is, when, whom to call; what was reported; what is to do."""
    return home_page(visit, placement)


def home_page(visit: Visit, placement: Placement, *, form: ReportForm | None = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate(visit.now)
    found = days.of_one(placement)
    timetable = rules.parse_timetable(placement.timetable)
    referent = documents.referents_of([placement]).get(placement.referent_email.strip().casefold())
    settings = PfmpSettings.objects.in_school(placement.school_id).first()
    said = [one for one in found.absences if one.reported_by == ReportedBy.TUTOR]
    return visit.page(
        "pfmp/tutor/home.html",
        status=status,
        placement=placement,
        student=placement.student,
        referent=referent,
        timetable=week_in_words(timetable) if isinstance(timetable, rules.Timetable) else [],
        timetable_text=placement.timetable,
        accident=(settings.accident_text if settings else "") or ACCIDENT,
        form=form or ReportForm(today=today),
        may_report=may_report(found, today),
        begins_later=today < placement.start_date,
        reported=[(one, absences.what(one), absences.undo_until(one, visit.now)) for one in reversed(said)],
        is_ending=today >= found.last_day - BEFORE_END and placement.status in attesting.ATTESTED,
        certificate=certificates.of_one(placement),
        last_day=found.last_day,
        evaluation_url=evaluation_url(visit.token),
    )


def may_report(found: Days, today: date) -> bool:
    """From the first day, on a stay that is under way or over since not long: the link's own life bounds it."""
    return found.placement.status in attesting.ATTESTED and found.stay.start <= today


@require_POST
@behind_personal_link
@opened(LinkPurpose.TUTOR)
@of_its_placement
def tutor_absence(request: HttpRequest, visit: Visit, placement: Placement) -> HttpResponse:
    """Report an absence or a late arrival, or take back within the day what was reported."""
    today = timezone.localdate(visit.now)
    found = days.of_one(placement)
    if not may_report(found, today) or placement.allowance_entered_date:
        notices.refused(request, "Ce stage n’est pas en cours : appelez le lycée.")
        return visit.home()
    if back := request.POST.get("retirer", ""):
        wanted = [one for one in found.absences if str(one.public_id) == back and absences.undo_until(one, visit.now)]
        if wanted and absences.remove(found, [one.date for one in wanted], by=None, only=ReportedBy.TUTOR):
            notices.said(request, "C’est retiré.")
        else:
            notices.refused(request, "Ce signalement ne se retire plus d’ici : appelez le lycée.")
        return visit.home()
    form = ReportForm(request.POST, today=today)
    if form.is_valid():
        day = form.cleaned_data["day"]
        known = next((one for one in found.absences if one.date == day), None)
        try:
            if known is not None and known.reported_by != ReportedBy.TUTOR:
                raise ValidationError({"date": "Le lycée a déjà noté quelque chose pour ce jour. Merci."})
            absences.note(
                found,
                day,
                kind=AbsenceKind(form.cleaned_data["kind"]),
                minutes=form.cleaned_data["minutes"],
                reported_by=ReportedBy.TUTOR,
                by=None,
            )
        except ValidationError as error:
            form.add_error("other_date" if form.cleaned_data["when"] == "autre" else "when", error.messages)
        else:
            notices.said(request, "C’est noté. Le lycée le voit, et prévient la vie scolaire.")
            return visit.home()
    return home_page(visit, placement, form=form, status=422)


@require_http_methods(["GET", "POST"])
@behind_personal_link
@opened(LinkPurpose.TUTOR)
@of_its_placement
def tutor_days(request: HttpRequest, visit: Visit, placement: Placement) -> HttpResponse:
    """At the end: the arithmetic and the days to confirm, who signs, then the attestation to sign."""
    found = days.of_one(placement)
    today = timezone.localdate(visit.now)
    certificate = certificates.of_one(placement)
    leader = documents.signer_of(placement)
    form = ConfirmForm(
        request.POST or None,
        found=found,
        tutor=visit.link.name,
        leader=f"{leader.first_name} {leader.last_name}".strip() if leader else "",
    )
    status = 200
    if request.method == "POST" and request.POST.get("faire") == "signer":
        return go_and_sign(request, visit, certificate)
    if request.method == "POST":
        if today < found.last_day:
            notices.refused(request, f"L’attestation se signe le dernier jour, le {found.last_day:%d/%m/%Y}.")
            return visit.home()
        if certificate is not None:
            return visit.go("tutor_days")
        status = 422
        if form.is_valid():
            try:
                return confirm(request, visit, found, form)
            except ValidationError as error:
                add_errors(form, error)
            except StaleDays as stale:
                status = 409
                form.add_error(None, stale_sentence(stale))
    count = found.arithmetic
    return visit.page(
        "pfmp/tutor/days.html",
        status=status,
        placement=placement,
        student=placement.student,
        found=found,
        count=count,
        lines=arithmetic_lines(count) if count else [],
        hours=hours_of(count.minutes) if count else "",
        form=form,
        certificate=certificate,
        is_time=today >= found.last_day,
        is_validated=placement.days_by_id is not None,
        last_day=found.last_day,
        problem="" if placement.status in attesting.ATTESTED else "La convention n’est pas signée de tous.",
    )


def confirm(request: HttpRequest, visit: Visit, found: Days, form: ConfirmForm) -> HttpResponse:
    """Keep the days that the tutor says, unless the school already answers for a number; then the attestation."""
    data, placement = form.cleaned_data, found.placement
    if "days" in data:
        days.validate(
            found,
            data["days"],
            seen=placement.days_done,
            reason=data["reason"],
            note=data["note"],
            by=None,
            membership=None,
        )
    signer = placement.tutor if data["signer"] == "moi" else None
    document = attesting.issue(placement, by=None, now=visit.now, signer=signer)
    if signer is not None:
        return go_and_sign(request, visit, certificates.of_one(placement))
    told = send_to_signer(document, visit)
    notices.said(request, "Merci : les jours sont notés. " + told)
    return visit.go("tutor_days")


def send_to_signer(document: Document, visit: Visit) -> str:
    """Mail their link to who signs; says what happens."""
    row = Signature.objects.in_school(document.school_id).filter(document=document).first()
    if row is None:
        return ""
    row.document = document
    try:
        signing_links.send(row, by=None, now=visit.now)
    except ValidationError:
        return f"{row.name} signera sur papier : le lycée imprime l’attestation."
    return f"{row.name} reçoit un lien pour signer l’attestation."


def go_and_sign(request: HttpRequest, visit: Visit, certificate: certificates.Certificate | None) -> HttpResponse:
    """Open the signing pages of the attestation: the code still goes to the address on file of who signs."""
    row = certificate.signature if certificate else None
    if certificate is None or row is None or row.status != SignatureStatus.AWAITED:
        return visit.go("tutor_days")
    row.document = certificate.document
    try:
        _, url = signing_links.create(row, channel=LinkChannel.COPY, by=None, now=visit.now)
    except ValidationError as error:
        notices.refused(request, error.messages[0])
        return visit.go("tutor_days")
    return redirect(reverse("sign_start", args=[url.rstrip("/").rpartition("/")[2]]))
