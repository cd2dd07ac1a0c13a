"""« Jours et attestation »: the arithmetic of one placement, its absences and days caught up; the days of a whole class."""

import calendar
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import downloads, french, notices
from core.french import plural
from core.typography import MONTHS
from core.verdict import Verdict, demand
from pfmp import absences, allowance, attesting, certificates, days, permissions, tutoring
from pfmp.days import Days, StaleDays
from pfmp.enums import AbsenceKind, DaysReason, ReportedBy
from pfmp.forms.days import AbsencesForm, DaysForm, LateForm, RecoveryForm, seen_of
from pfmp.models import Period, Placement
from pfmp.rules import days as rules
from pfmp.views import placement_tabs
from pfmp.views.periods import PeriodPages
from pfmp.views.placements import PlacementPages
from schools.middleware import SchoolRequest
from schools.pages import add_errors
from schools.permissions import allows
from schools.roles import Permission

WEEKDAY_LETTERS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True)
class Cell:
    """A day of the calendar. `is_worked`: a box may be ticked; `mark`: what is known of the day, in one word."""

    day: date
    is_worked: bool = False
    is_absent: bool = False
    mark: str = ""

    @property
    def iso(self) -> str:
        return self.day.isoformat()


@dataclass(frozen=True)
class Month:
    label: str
    weeks: list[list[Cell | None]]


def months_of(found: Days, ticked: set[date] | None = None) -> list[Month]:
    """The small calendar of a stay, month by month: worked days with their box, what is known of the others."""
    worked = rules.worked_by_timetable(found.stay)
    absent = ticked if ticked is not None else {one.date for one in found.full_absences}
    late = {one.date: one for one in found.lates}
    caught = {one.date for one in found.recoveries}
    kinds = {one.date: str(one.get_kind_display()) for one in found.full_absences}
    start, end = found.stay.start, min(found.stay.last_day, found.stay.start + rules.LONGEST)

    def cell(day: date) -> Cell | None:
        if not start <= day <= end:
            return None
        mark = "Rattrapé" if day in caught else "Retard" if day in late else ""
        if day in absent and kinds.get(day) not in (None, str(AbsenceKind.ABSENT.label)):
            mark = kinds[day]
        return Cell(day, day in worked, day in absent, mark)

    found_months: list[Month] = []
    year, month = start.year, start.month
    while (year, month) <= (end.year, end.month) and len(found_months) < 13:
        weeks = [
            [cell(day) if day.month == month else None for day in week]
            for week in calendar.Calendar().monthdatescalendar(year, month)
        ]
        found_months.append(Month(f"{MONTHS[month - 1].capitalize()} {year}", [week for week in weeks if any(week)]))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found_months


@dataclass(frozen=True)
class ArithmeticLine:
    """A line of the arithmetic as a parent reads it."""

    label: str
    dates: str
    days: str
    hours: str


MOST_DATES = 6


def arithmetic_lines(count: rules.Count) -> list[ArithmeticLine]:
    """« Jours fériés · 1er mai, 8 mai · − 2 · − 14 h »."""
    found = []
    for line in count.lines:
        named = [] if line.code in (rules.LineCode.PLANNED, rules.LineCode.AFTER) else list(line.dates)
        said = ", ".join(french.short_day(day) for day in named[:MOST_DATES])
        if len(named) > MOST_DATES:
            said += f" et {len(named) - MOST_DATES} autres"
        is_first = line.code is rules.LineCode.PLANNED
        found.append(
            ArithmeticLine(
                line.label,
                said,
                french.number(line.days) if is_first else french.signed(line.days) if line.days else "",
                "" if count.is_assumed else hours_of(line.minutes, signed=not is_first),
            )
        )
    return found


def hours_of(minutes: int | None, *, signed: bool = False) -> str:
    """« 133 h », « − 7 h 30 »."""
    if minutes is None:
        return ""
    whole, rest = divmod(abs(minutes), 60)
    words = f"{french.number(whole)} h{f' {rest:02d}' if rest else ''}" if whole or not rest else f"{rest} min"
    if not signed:
        return words
    return f"{'−' if minutes < 0 else '+'} {words}" if minutes else ""


@require_http_methods(["GET", "POST"])
def placement_days(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The tab: what the arithmetic says, absences and days caught up, the days validated, the attestation, the tutor's link."""
    pages = PlacementPages()
    demand(pages.may_view(request))
    placement = pages.find(request, public_id)
    if request.method == "GET":
        return days_page(request, placement)
    act = ACTS.get(request.POST.get("faire", ""))
    if act is None:
        notices.refused(request, "Choisissez quoi faire.")
        return redirect("pfmp:placement_days", request.school.uai, public_id)
    return act(request, placement)


def days_page(
    request: SchoolRequest,
    placement: Placement,
    *,
    status: int = 200,
    url: str = "",
    **bound: forms.Form | str | set[date],
) -> HttpResponse:
    """The page, with the form that was refused as it was typed. `url`: a link just made, shown once."""
    today = timezone.localdate()
    found = days.of_one(placement)
    count = found.arithmetic
    may_write = days.may_write(request.membership, placement)
    ticked = bound.get("ticked")
    certificate = certificates.of_one(placement)
    context = {
        "record": placement,
        "entries": placement_tabs.tabs(placement),
        "list_url": reverse("pfmp:placement_list", args=[request.school.uai]),
        "today": today,
        "found": found,
        "lines": arithmetic_lines(count) if count else [],
        "supposed": None if count else found.supposed,
        "count": count,
        "planned": f"{plural(count.planned_days, 'jour')}, {hours_of(count.planned_minutes)}" if count else "",
        "legal": legal_words(count) if count else "",
        "hours": hours_of(count.minutes) if count else "",
        "months": months_of(found, ticked if isinstance(ticked, set) else None),
        "weekdays": WEEKDAY_LETTERS,
        "shown": [one.date.isoformat() for one in found.full_absences],
        "may_write": may_write,
        "may_validate": days.may_validate(request.membership, placement, today),
        "absences_form": bound.get("absences") or AbsencesForm(),
        "late_form": bound.get("late") or LateForm(),
        "recovery_form": bound.get("recovery") or RecoveryForm(),
        "days_form": bound.get("days") or DaysForm(found=found),
        "changes": days.changes_of(placement),
        "certificate": certificate,
        "may_issue": attesting.may_issue(request.membership, found, today),
        "certificate_days": certificate.days if certificate else None,
        "tutor_link_url": url,
        "may_link": tutoring.may_link(request.membership, placement, today),
        "late_rows": found.lates,
    }
    return render(request, "pfmp/days/placement_days.html", context, status=status)


def legal_words(count: rules.Count) -> str:
    """« 19 jours », « 23 jours, soit 1 mois »: days of 7 h, and months of 22 of them (D124-6)."""
    whole, months = count.days_of_7h or 0, count.months or 0
    return plural(whole, "jour") + (f", soit {months} mois" if months else "")


def _back(request: SchoolRequest, placement: Placement) -> HttpResponse:
    return redirect("pfmp:placement_days", request.school.uai, placement.public_id)


def write_absences(request: SchoolRequest, placement: Placement) -> HttpResponse:
    """The ticks of the calendar."""
    demand(days.may_write(request.membership, placement))
    form = AbsencesForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            changed = absences.tick(
                days.of_one(placement),
                ticked=data["ticked"],
                shown=data["shown"],
                kind=AbsenceKind(data["kind"]),
                reported_by=ReportedBy(data["reported_by"]),
                by=request.user,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            notices.said(
                request, f"{plural(changed, 'jour changé', 'jours changés')}." if changed else "Rien à changer."
            )
            return _back(request, placement)
    ticked = form.cleaned_data.get("ticked", set())
    return days_page(request, placement, status=422, absences=form, ticked=ticked)


def write_late(request: SchoolRequest, placement: Placement) -> HttpResponse:
    demand(days.may_write(request.membership, placement))
    form = LateForm(request.POST)
    if form.is_valid():
        try:
            absences.note(
                days.of_one(placement),
                form.cleaned_data["late_date"],
                kind=AbsenceKind.LATE,
                minutes=form.cleaned_data["late_minutes"],
                reported_by=ReportedBy.TEAM,
                by=request.user,
            )
        except ValidationError as error:
            add_errors(form, error, date="late_date")
        else:
            notices.said(request, "Retard noté.")
            return _back(request, placement)
    return days_page(request, placement, status=422, late=form)


def _day_of(request: SchoolRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("jour", ""))
    except ValueError:
        return None


def remove_late(request: SchoolRequest, placement: Placement) -> HttpResponse:
    demand(days.may_write(request.membership, placement))
    if (day := _day_of(request)) and absences.remove(days.of_one(placement), [day], by=request.user):
        notices.said(request, "Retard retiré.")
    return _back(request, placement)


def write_recovery(request: SchoolRequest, placement: Placement) -> HttpResponse:
    demand(days.may_write(request.membership, placement))
    form = RecoveryForm(request.POST)
    if form.is_valid():
        try:
            days.add_recovery(
                days.of_one(placement),
                form.cleaned_data["recovery_date"],
                form.minutes,
                note=form.cleaned_data["recovery_note"],
                by=request.user,
            )
        except ValidationError as error:
            add_errors(form, error, date="recovery_date")
        else:
            notices.said(request, "Jour rattrapé noté.")
            return _back(request, placement)
    return days_page(request, placement, status=422, recovery=form)


def remove_recovery(request: SchoolRequest, placement: Placement) -> HttpResponse:
    demand(days.may_write(request.membership, placement))
    if (day := _day_of(request)) and days.remove_recovery(days.of_one(placement), day, by=request.user):
        notices.said(request, "Jour rattrapé retiré.")
    return _back(request, placement)


def write_days(request: SchoolRequest, placement: Placement) -> HttpResponse:
    """The number that the school answers for; 409 with both numbers when someone was first."""
    demand(days.may_validate(request.membership, placement, timezone.localdate()))
    found = days.of_one(placement)
    form = DaysForm(request.POST, found=found)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            days.validate(
                found,
                data["days"],
                seen=data["seen"],
                reason=data["reason"],
                note=data["note"],
                membership=request.membership,
                by=request.user,
            )
        except ValidationError as error:
            add_errors(form, error)
        except StaleDays as stale:
            status = 409
            form.add_error("days", stale_sentence(stale))
        else:
            said = "Jours validés." if data["days"] is not None else "Validation retirée."
            if attesting.follow_days(found.placement, by=request.user, now=timezone.now()):
                said += " L’attestation qui attendait sa signature porte le nouveau nombre."
            notices.said(request, said)
            return _back(request, placement)
    return days_page(request, placement, status=status, days=form)


def stale_sentence(stale: StaleDays) -> str:
    """« Entre-temps, quelqu’un a validé 18 jours ; vous aviez écrit 19. »"""
    theirs = "retiré la validation" if stale.theirs is None else f"validé {french.number(stale.theirs)} jours"
    mine = "rien" if stale.mine is None else french.number(stale.mine)
    return f"Entre-temps, quelqu’un a {theirs} ; vous aviez écrit {mine}. Rien n’est enregistré : rechargez, puis choisissez."


def issue_certificate(request: SchoolRequest, placement: Placement) -> HttpResponse:
    """Issue the attestation, or its next edition."""
    now = timezone.now()
    found = days.of_one(placement)
    demand(attesting.may_issue(request.membership, found, timezone.localdate(now)))
    try:
        document = attesting.issue(placement, by=request.user, now=now)
    except ValidationError as error:
        notices.refused(request, error.messages[0])
        return _back(request, placement)
    notices.said(request, f"Attestation {document.number} éditée.")
    return _back(request, placement)


def give_link(request: SchoolRequest, placement: Placement) -> HttpResponse:
    """Mail the tutor's link, or show it once to copy it."""
    now = timezone.now()
    demand(tutoring.may_link(request.membership, placement, timezone.localdate(now)))
    try:
        if request.POST.get("comment") == "copier":
            url = tutoring.make_link(placement, by=request.user, now=now)
            return days_page(request, placement, url=url)
        link = tutoring.send_link(placement, by=request.user, now=now)
    except ValidationError as error:
        notices.refused(request, error.messages[0])
    else:
        notices.said(request, f"Lien envoyé à {link.name}.")
    return _back(request, placement)


ACTS = {
    "absences": write_absences,
    "retard": write_late,
    "retirer_retard": remove_late,
    "rattrapage": write_recovery,
    "retirer_rattrapage": remove_recovery,
    "jours": write_days,
    "attestation": issue_certificate,
    "lien": give_link,
}


# ------------------------------------------------------------------------------------------------------------ a class


@dataclass
class ClassLine:
    """A placement of the class: what is proposed, what was validated, what this page just refused."""

    found: Days
    may: Verdict
    certificate: certificates.Certificate | None
    typed: str | None = None
    reason: str = ""
    error: str = ""
    is_stale: bool = False

    @property
    def placement(self) -> Placement:
        return self.found.placement

    @property
    def value(self) -> str:
        """What the field holds: as typed, else as validated, else the arithmetic's, greyed."""
        if self.typed is not None:
            return self.typed
        return self.shown

    @property
    def shown(self) -> str:
        """What the page shows of this line before anyone types."""
        known = self.found.written if self.found.written is not None else self.found.proposal
        return "" if known is None else french.number(known)

    @property
    def is_untouched(self) -> bool:
        """Left as it was, and nothing new to answer for: validated already, or another number than the arithmetic's that nobody
        explains here."""
        same = self.typed == self.shown and self.reason in ("", self.placement.days_reason)
        return same and (
            self.placement.days_by_id is not None or (self.found.differs and not self.reason) or not self.shown
        )

    @property
    def is_proposal(self) -> bool:
        return self.typed is None and self.found.written is None and self.found.proposal is not None

    @property
    def seen(self) -> str:
        done = self.placement.days_done
        return "" if done is None else str(done)


def class_lines(request: SchoolRequest, period: Period) -> list[ClassLine]:
    """The placements of a class that this person may open, by name."""
    placements = list(
        permissions.visible_placements(request.membership)
        .filter(period=period, status__in=days.COUNTED)
        .select_related("school", "student", "partner", "period__school_class", "tutor", "days_by")
        .order_by("student__search_text", "start_date", "pk")
    )
    found = days.of(placements)
    papers = certificates.of(placements)
    today = timezone.localdate()
    return [
        ClassLine(found[row.pk], days.may_validate(request.membership, row, today), papers.get(row.pk))
        for row in placements
    ]


@require_http_methods(["GET", "POST"])
def class_days(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """All the day counts of a class at once: proposals in the fields, one box of responsibility, one button."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    period = PeriodPages().find(request, public_id)
    lines = class_lines(request, period)
    status, asked = 200, ""
    if request.method == "POST":
        demand(permissions.may_log(request.membership))
        if request.POST.get("faire") == "liens":
            outcome = tutoring.send_class([line.placement for line in lines], by=request.user, now=timezone.now())
            (notices.said if outcome.messages else notices.warned)(request, outcome.sentence)
            return redirect("pfmp:class_days", request.school.uai, public_id)
        if not request.POST.get("responsable"):
            asked = "Cochez que vous répondez de ces nombres avant de valider."
            keep_typed(request, lines)
            status = 422
        else:
            saved = save_class(request, lines)
            if not any(line.error for line in lines):
                notices.said(
                    request, f"{plural(saved, 'ligne validée', 'lignes validées')}." if saved else "Rien à changer."
                )
                return redirect("pfmp:class_days", request.school.uai, public_id)
            if saved:
                notices.warned(request, f"{plural(saved, 'ligne validée', 'lignes validées')} ; d’autres attendent.")
            status = 409 if any(line.is_stale for line in lines) else 422
    held = {line.may.reason for line in lines}
    context = {
        "period": period,
        "lines": lines,
        "held": held.pop() if len(held) == 1 else "",  # one reason for all is said once, above
        "may_write": permissions.may_log(request.membership),
        "reasons": DaysReason.choices,
        "asked": asked,
        "dates": french.period(period.start_date, period.end_date),
        "sees_allowance": bool(allowance.may_view(request.membership)) and allowance.pays(period.kind),
        "open": any(line.may for line in lines),
        "done": sum(line.found.written is not None for line in lines),
        "to_catch_up": sum(line.found.arithmetic.to_catch_up for line in lines if line.found.arithmetic),
        "board_url": reverse("pfmp:board", args=[request.school.uai]),
        "back_url": period.get_absolute_url(),
        "refused": [line for line in lines if line.error],
    }
    return render(request, "pfmp/days/class_days.html", context, status=status)


def keep_typed(request: SchoolRequest, lines: list[ClassLine]) -> None:
    for line in lines:
        if line.may:
            key = line.placement.public_id
            line.typed = request.POST.get(f"jours-{key}", "")[:12]
            line.reason = request.POST.get(f"raison-{key}", "")[:20]


def save_class(request: SchoolRequest, lines: list[ClassLine]) -> int:
    """Write the lines that changed; each is refused alone, with its sentence. Returns how many were written."""
    keep_typed(request, lines)
    saved = 0
    for line in lines:
        if not line.may or line.typed is None:
            continue
        key = line.placement.public_id
        if f"jours-{key}" not in request.POST:
            line.typed = None
            continue
        if line.is_untouched:
            line.typed = None
            continue
        try:
            number = whole(line.typed)
            seen = seen_of(request.POST.get(f"vu-{key}", "")[:12])
            days.validate(
                line.found,
                number,
                seen=seen,
                reason=line.reason,
                membership=request.membership,
                by=request.user,
            )
            attesting.follow_days(line.placement, by=request.user, now=timezone.now())
        except ValidationError as error:
            line.error = error.messages[0]
        except StaleDays as stale:
            line.error, line.is_stale = stale_sentence(stale), True
            line.placement.refresh_from_db(fields=["days_done", "days_by", "days_reason"])
        else:
            saved += 1
            line.typed = None
    return saved


def whole(text: str) -> int | None:
    """The whole number typed; None for an empty field. ValidationError with a sentence else."""
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 3:
        raise ValidationError(f"« {text} » n’est pas un nombre entier de jours.")
    return int(text)


# --------------------------------------------------------------------------------------------------- absences of a day


@require_GET
def absence_list(request: SchoolRequest) -> HttpResponse:
    """Who was missing or late in companies on a day; the same as a file for school life."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    today = timezone.localdate()
    try:
        day = date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        day = today
    rows = list(absences.of_day(request.membership, day))
    wanted = request.GET.get("fichier", "")
    if wanted in downloads.FORMATS:
        headers = ("Date", "Classe", "Nom", "Prénom", "Entreprise", "Nature", "Minutes de retard", "Dit par")
        lines = [
            (
                row.date,
                row.placement.period.school_class.label,
                row.placement.student.last_name,
                row.placement.student.first_name,
                row.placement.partner.name,
                str(row.get_kind_display()),
                row.minutes,
                str(row.get_reported_by_display()),
            )
            for row in rows
        ]
        return downloads.table(wanted, f"absences-{day.isoformat()}", "Absences", headers, lines)
    return render(
        request,
        "pfmp/days/absence_list.html",
        {
            "day": day,
            "today": today,
            "rows": rows,
            "before": date.fromordinal(max(1, day.toordinal() - 1)),
            "after": date.fromordinal(min(date.max.toordinal(), day.toordinal() + 1)),
            "formats": downloads.FORMATS.items(),
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
        },
    )
