"""The tutor's grid: drafted and handed in behind a personal link, closed by the referent, asked for again by the clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from core import audit, mail, pdf, typography
from core.verdict import ALLOWED, Denied, Verdict, demand
from pfmp import annexes, links, permissions, tutoring
from pfmp.enums import SECURED, LinkPurpose, PlacementStatus
from pfmp.models import PersonalLink, Placement, Terms, TutorEvaluation
from pfmp.rules import evaluation as rules
from schools.models import Membership, School, SchoolClass
from schools.permissions import allows
from schools.roles import Permission

S = PlacementStatus
THERE = SECURED
CLOSED = "L’enseignant référent a clos cette évaluation : appelez-le pour la corriger."
EARLY = "Le stage n’a pas commencé : la grille s’ouvre le premier jour."
STYLES = ("paper", "evaluation")
FIT = pdf.Fit(pages=1, dense="booklet_dense")


# ------------------------------------------------------------------------------------------------------ what is asked


def skills_of(placement: Placement) -> list[rules.Line]:
    """The skills to look at: those agreed on for this placement, else those of the formation's annex; none without one."""
    terms = Terms.objects.in_school(placement.school_id).filter(placement=placement).first()
    return agreed(terms) or usual_skills(placement.period.school_class)


def agreed(terms: Terms | None) -> list[rules.Line]:
    """The skills that the convention names; none without annexes."""
    named = terms.skills if terms else []
    return [rules.Line(str(one.get("code", "")), str(one.get("label", ""))) for one in named if one.get("code")]


def usual_skills(school_class: SchoolClass) -> list[rules.Line]:
    """The skills of the first annex proposed for the formation of a class."""
    return [
        rules.Line(skill.code, skill.label)
        for annex in annexes.of_class(school_class)[:1]
        for skill in annex.skills.all()
    ]


ATTITUDES = [rules.Line(code, label) for code, label in rules.ATTITUDES.items()]


@dataclass(frozen=True)
class Shown:
    """A line of a filled grid: its words and the level in words; empty while nobody answered."""

    code: str
    label: str
    level: str


def shown(lines: Iterable[rules.Line], answers: Mapping[str, Any]) -> list[Shown]:
    """The lines with their levels; an answer about a skill that the annex has lost since keeps its code."""
    found = [Shown(line.code, line.label, _word(answers.get(line.code))) for line in lines]
    known = {line.code for line in found}
    return found + [Shown(code, code, _word(level)) for code, level in answers.items() if code not in known]


def _word(level: object) -> str:
    return rules.LEVELS.get(level, "") if isinstance(level, int) else ""


# --------------------------------------------------------------------------------------------------------- who may do


def may_read(membership: Membership) -> Verdict:
    """The team that follows pupils and the head read grids; the others have no use for them."""
    if allows(membership, Permission.LOG_VISIT) or allows(membership, Permission.SIGN_CONVENTION):
        return ALLOWED
    return Denied("L’équipe qui suit les élèves et la direction lisent les évaluations des tuteurs.")


def may_close(membership: Membership, placement: Placement) -> Verdict:
    """The referent of the placement, or the bureau and the DDFPT."""
    if allows(membership, Permission.MANAGE_PLACEMENTS):
        return ALLOWED
    if allows(membership, Permission.LOG_VISIT) and permissions.is_referent(membership, placement):
        return ALLOWED
    return Denied("L’enseignant référent, le bureau des entreprises ou le DDFPT la close.")


# ------------------------------------------------------------------------------------------------------------- verbs


def of(placement: Placement) -> TutorEvaluation | None:
    """The grid of a placement, drafted or handed in."""
    found: TutorEvaluation | None = (
        TutorEvaluation.objects.in_school(placement.school_id).filter(placement=placement).first()
    )
    return found


@transaction.atomic
def write(
    placement: Placement, *, marks: Mapping[str, int], attitudes: Mapping[str, int], comment: str, author: str,
    hand_in: bool, now: datetime,
) -> TutorEvaluation:  # fmt: skip
    """Keep what the tutor answered, as a draft or handed in; the last word wins until the referent closes it.

    Once handed in it stays so: a correction is one of something given. Raises ValidationError before the first day, and once
    it is closed.
    """
    if placement.status not in THERE or timezone.localdate(now) < placement.start_date:
        raise ValidationError(EARLY)
    row, is_new = (
        TutorEvaluation.objects.in_school(placement.school_id)
        .select_for_update()
        .get_or_create(placement=placement, defaults={"school_id": placement.school_id})
    )
    if row.closed_at is not None:
        raise ValidationError(CLOSED)
    was_given = row.submitted_at is not None
    row.marks, row.attitudes, row.comment, row.author_name = dict(marks), dict(attitudes), comment, author
    if hand_in:
        row.submitted_at = now
    row.updated_by = None
    row.save()
    if hand_in or was_given:
        verb = "pfmp.evaluation_corrected" if was_given else "pfmp.evaluation_given"
        audit.record(verb, row, by=None, levels=len(row.marks) + len(row.attitudes))
    elif is_new:
        audit.record("pfmp.evaluation_begun", row, by=None)
    return row


@transaction.atomic
def close(placement: Placement, *, by: Any, membership: Membership, now: datetime, reopen: bool = False) -> bool:
    """Close a grid that was handed in, or open it again. Returns whether something changed."""
    demand(may_close(membership, placement))
    rows = TutorEvaluation.objects.in_school(placement.school_id).filter(placement=placement)
    rows = rows.exclude(closed_at=None) if reopen else rows.exclude(submitted_at=None).filter(closed_at=None)
    changed = rows.update(closed_at=None if reopen else now, updated_by=by, updated_at=now)
    if changed:
        audit.record("pfmp.evaluation_reopened" if reopen else "pfmp.evaluation_closed", placement, by=by)
    return bool(changed)


# ------------------------------------------------------------------------------------------------------------ on paper


def sheet(placement: Placement) -> bytes:
    """The grid to print and fill by hand: what is known of the stay, blank boxes. PDF/UA."""
    title = f"Grille du tuteur, {placement.student.full_name}"
    context = {
        "title": title,
        "placement": placement,
        "school": placement.school,
        "levels": list(rules.LEVELS.values()),
        "skills": skills_of(placement),
        "attitudes": ATTITUDES,
        "formative": rules.FORMATIVE if rules.is_formative(placement.period.school_class.niveau) else "",
    }
    return pdf.render(render_to_string("pdf/evaluation.html", context), title=title, styles=STYLES, fit=FIT)


# ----------------------------------------------------------------------------------------------------------- reminders

_WHY = "the clock is the same for every school"


def remind_tutors(today: date) -> int:
    """One message to each tutor whose pupils' grids are not handed in, some days after the end. How many messages.

    A tutor who got any message with a link the day before, or today, is left in peace.
    """
    now = timezone.now()
    ends = [today - timedelta(days=days) for days in rules.REMINDED_AFTER]
    rows = list(
        Placement.objects.across_schools(why=_WHY)
        .filter(status__in=(S.ONGOING, S.FINISHED), end_date__in=ends)
        .exclude(tutor=None)
        .exclude(evaluation__submitted_at__isnull=False)
        .select_related("school", "student", "tutor")
        .order_by("school_id", "student__search_text", "pk")
    )
    lately = PersonalLink.objects.across_schools(why=_WHY).filter(
        purpose=LinkPurpose.TUTOR, placement__in=rows, created_at__date__gte=today - timedelta(days=1)
    )
    recent = set(lately.values_list("placement_id", flat=True))
    sent = sum(
        _ask(group, address, today, now)
        for (_, address), group in tutoring.by_address(tutoring.reachable(rows)).items()
        if not any(row.pk in recent for row in group)
    )
    if sent:
        audit.record("pfmp.tutors_asked_for_grids", messages=sent)
    return sent


@transaction.atomic
def _ask(group: list[Placement], address: str, today: date, now: datetime) -> bool:
    made: list[tuple[Placement, str]] = []
    for placement in group:
        tutor = placement.tutor
        assert tutor is not None
        try:
            with transaction.atomic():
                _, url = links.create(
                    LinkPurpose.TUTOR, by=None, now=now, name=f"{tutor.first_name} {tutor.last_name}".strip(),
                    email=tutor.email.strip(), placement=placement, contact=tutor,
                )  # fmt: skip
        except ValidationError:
            continue
        made.append((placement, url))
    if not made:
        return False
    school = made[0][0].school
    mail.send_later(
        to=address,
        subject="Votre avis sur l’élève que vous avez accueilli",
        body=letter(school, made),
        key=f"tutor-grid:{school.uai}:{address}:{today.isoformat()}",
        scope=school.uai,
        reply_to=school.email,
    )
    return True


def letter(school: School, made: list[tuple[Placement, str]]) -> str:
    """The words of a reminder: a line and an address for each pupil."""
    several = len(made) > 1
    parts = []
    for placement, url in made:
        initial = placement.student.last_name[:1]
        parts.append(f"{placement.student.first_name} {initial}. :\n{url}" if several else url)
    phone = f" ou appelez le {school.phone}" if school.phone else ""
    asks = "Ce que vous avez vu de nos élèves les aide à progresser" if several else "Ce que vous avez vu aide l'élève"
    return typography.french(
        f"Bonjour,\n\nMerci de votre accueil. {asks} : la grille se remplit en cinq minutes, sans note ni compte.\n\n"
        + "\n\n".join(parts)
        + f"\n\nUne question, ou ce message n'est pas pour vous ? Répondez-y{phone}.\n\n{school.name}\n"
    )
