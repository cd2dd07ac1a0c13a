"""Which pupils an action expects, who came, and the sheet of presence.

An expected class expects its pupils of the action's first day: who arrives before is expected too, who left no longer is,
unless somebody wrote whether they came. Rows follow when somebody writes about presence and each night; pages show at once
what the rows will be.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from core import audit, pdf
from core.verdict import ALLOWED, Denied, Verdict
from events import preparing
from events.enums import ActionStatus, InvitationReply
from events.models import Action, ActionClass, Invitation, Participation
from schools.models import Membership, School, SchoolClass, Schooling, Student
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission

STYLES = ("paper", "presence")
BLANK_LINES = 6
"""Lines of the sheet for those who come without being expected."""
FOLLOWED = timedelta(days=30)
"""How long after its day an action's classes are still followed: departures are often written late."""


# ----------------------------------------------------------------------------------------------------------- who may note


def may_note(membership: Membership) -> Verdict:
    """May this person write who came: the bureau for everybody, a teacher for the pupils of their classes."""
    if verdict := allows(membership, Permission.EDIT_ACTIONS):
        return verdict
    if is_own_only(membership) and allows(membership, Permission.VIEW_ACTIONS):
        return ALLOWED
    return Denied("Le bureau des entreprises et les enseignants des classes attendues notent qui est venu.")


def noted_by(membership: Membership) -> QuerySet[Student]:
    """The pupils whose presence this person may write."""
    pupils = Student.objects.in_school(membership.school_id)
    if allows(membership, Permission.EDIT_ACTIONS):
        return pupils
    return pupils.taught_by(membership) if may_note(membership) else pupils.none()


# ----------------------------------------------------------------------------------------------------------- who is expected


@dataclass(frozen=True)
class Changes:
    """What the rows of an action lack to follow its classes: pupils to expect, rows of those who left."""

    arrived: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()  # participations, by primary key


@dataclass(frozen=True)
class Stay:
    """A schooling in an expected class, as far as expecting goes."""

    student: int
    entry: date
    last: date | None
    written_at: datetime


@dataclass(frozen=True)
class Row:
    """A participation, as far as expecting goes."""

    pk: int
    student: int
    said: bool
    written_at: datetime


def changes(stays: Iterable[Stay], rows: Iterable[Row], day: date) -> Changes:
    """Which pupils the classes of an action expect besides its rows, and which rows have no reason any more.

    A row is taken away when its pupil left the expected classes before the day, nobody said whether they came, and the row is
    older than the news of the departure: one added by hand afterwards stays.
    """
    there: set[int] = set()
    left: dict[int, datetime] = {}
    for stay in stays:
        if stay.entry <= day and (stay.last is None or stay.last >= day):
            there.add(stay.student)
        else:
            left[stay.student] = max(stay.written_at, left.get(stay.student, stay.written_at))
    known = list(rows)
    gone = {
        row.pk
        for row in known
        if row.student in left and row.student not in there and not row.said and row.written_at <= left[row.student]
    }
    return Changes(frozenset(there - {row.student for row in known}), frozenset(gone))


def pending_changes(actions: Sequence[Action]) -> dict[int, Changes]:
    """For each of these actions of one school, what its rows lack: three queries."""
    if not actions:
        return {}
    school = actions[0].school_id
    expected: dict[int, set[int]] = {action.pk: set() for action in actions}
    for action, school_class in (
        ActionClass.objects.in_school(school).filter(action__in=expected).values_list("action", "school_class")
    ):
        expected[action].add(school_class)
    classes = set().union(*expected.values())
    if not classes:
        return {action.pk: Changes() for action in actions}
    stays: dict[int, list[Stay]] = {}
    fields = ("school_class", "student", "entry_date", "exit_date", "updated_at")
    for school_class, *values in (
        Schooling.objects.in_school(school).filter(school_class__in=classes).values_list(*fields)
    ):
        stays.setdefault(school_class, []).append(Stay(*values))
    rows: dict[int, list[Row]] = {}
    for action, pk, student, present, created in (
        Participation.objects.in_school(school)
        .filter(action__in=expected)
        .values_list("action", "pk", "student", "present", "created_at")
    ):
        rows.setdefault(action, []).append(Row(pk, student, present is not None, created))
    return {
        action.pk: changes(
            (stay for one in expected[action.pk] for stay in stays.get(one, ())),
            rows.get(action.pk, ()),
            action.start_date,
        )
        for action in actions
    }


@transaction.atomic
def follow(action: Action, *, by: Any) -> Changes:
    """Make the rows of an action what its classes expect; returns what changed."""
    Action.objects.in_school(action.school_id).select_for_update(no_key=True).get(pk=action.pk)
    found = pending_changes([action])[action.pk]
    Participation.objects.in_school(action.school_id).filter(pk__in=found.gone, present=None).delete()
    Participation.objects.bulk_create(
        [
            Participation(school_id=action.school_id, action=action, student_id=pupil, created_by=by, updated_by=by)
            for pupil in sorted(found.arrived)
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    if found.arrived or found.gone:
        audit.record("events.classes_followed", action, by=by, added=len(found.arrived), removed=len(found.gone))
    return found


def follow_school(school: School, today: date) -> int:
    """Each night: the coming actions of a school, and those just past, follow their classes. Returns how many changed."""
    actions = list(
        Action.objects.in_school(school)
        .filter(start_date__gte=today - FOLLOWED, pk__in=ActionClass.objects.in_school(school).values("action"))
        .exclude(status=ActionStatus.CANCELLED)
        .select_related("school")
    )
    found = pending_changes(actions)
    moved = [action for action in actions if found[action.pk].arrived or found[action.pk].gone]
    for action in moved:
        follow(action, by=None)
    return len(moved)


@transaction.atomic
def expect_class(action: Action, school_class: SchoolClass, *, by: Any) -> int:
    """Expect a class at an action: its pupils of the first day, those who arrive by then too. Returns how many are added."""
    row = ActionClass(
        school_id=action.school_id, action=action, school_class=school_class, created_by=by, updated_by=by
    )
    ActionClass.objects.bulk_create([row], ignore_conflicts=True)
    audit.record("events.class_expected", action, by=by)
    return len(follow(action, by=by).arrived)


@transaction.atomic
def drop_class(action: Action, school_class: SchoolClass, *, by: Any) -> int:
    """Expect a class no more: its pupils go too, but those whose presence is written and those of another expected class."""
    here = ActionClass.objects.in_school(action.school_id).filter(action=action)
    here.filter(school_class=school_class).delete()
    stays = Schooling.objects.in_school(action.school_id)
    mine = stays.filter(school_class=school_class).values("student")
    others = stays.filter(school_class__in=here.values("school_class")).on(action.start_date).values("student")
    rows = Participation.objects.in_school(action.school_id).filter(action=action, present=None, student__in=mine)
    removed = rows.exclude(student__in=others).delete()[0]
    audit.record("events.class_dropped", action, by=by, removed=removed)
    return removed


@transaction.atomic
def add_pupil(action: Action, student: Student, *, present: bool | None, by: Any) -> bool:
    """Expect a pupil by name; on the day they are there. Returns False when they were expected already and nothing changed."""
    row, is_new = Participation.objects.in_school(action.school_id).get_or_create(
        school_id=action.school_id,
        action=action,
        student=student,
        defaults={"present": present, "created_by": by, "updated_by": by},
    )
    if not is_new and (present is None or row.present == present):
        return False
    if not is_new:
        note(action, {str(student.public_id): (row.present, present)}, among=None, by=by)
    audit.record("events.pupil_expected", action, by=by)
    return True


# ------------------------------------------------------------------------------------------------------------------ who came

Said = Mapping[str, tuple[bool | None, bool | None]]
"""For each public id: what the page showed, what the person says now."""


@transaction.atomic
def note(action: Action, said: Said, *, among: QuerySet[Student] | None, by: Any) -> int:
    """Write who came: public id of a pupil → (what was shown, what is said). Returns how many changed.

    Only what differs from what was shown is written: two people who tap different pupils keep each other's, even from a page
    opened before. Pupils out of `among` are left alone; one whom a class brings is expected by the same act.
    """
    moved = {key: new for key, (old, new) in said.items() if old != new}
    if not moved:
        return 0
    follow(action, by=by)
    rows = Participation.objects.in_school(action.school_id).filter(action=action, student__public_id__in=moved)
    if among is not None:
        rows = rows.filter(student__in=among.values("pk"))
    changed = []
    for row in rows.select_related("student"):
        new = moved[str(row.student.public_id)]
        if row.present != new:
            row.present, row.updated_by, row.updated_at = new, by, timezone.now()
            row.version = F("version") + 1
            changed.append(row)
    Participation.objects.bulk_update(changed, ["present", "updated_by", "updated_at", "version"], batch_size=200)
    if changed:
        audit.record("events.presence_noted", action, by=by, changed=len(changed))
    return len(changed)


@transaction.atomic
def note_rest(action: Action, *, present: bool, among: QuerySet[Student], by: Any) -> int:
    """Say the same of all whose presence nobody wrote yet; returns how many."""
    follow(action, by=by)
    rows = Participation.objects.in_school(action.school_id).filter(
        action=action, present=None, student__in=among.values("pk")
    )
    changed = rows.update(present=present, updated_by=by, updated_at=timezone.now(), version=F("version") + 1)
    if changed:
        audit.record("events.presence_noted", action, by=by, changed=changed)
    return changed


@transaction.atomic
def note_guests(action: Action, said: Said, *, by: Any, now: datetime) -> int:
    """As `note`, for guests: public id of an invitation → (what was shown, what is said). The hour of arrival is kept."""
    moved = {key: new for key, (old, new) in said.items() if old != new}
    rows = Invitation.objects.in_school(action.school_id).filter(action=action, public_id__in=moved)
    changed = []
    for row in rows:
        new = moved[str(row.public_id)]
        if row.present != new:
            row.present, row.updated_by, row.updated_at = new, by, now
            row.arrived_at = now if new and is_on(action, timezone.localdate(now)) else None
            row.version = F("version") + 1
            changed.append(row)
    names = ["present", "arrived_at", "updated_by", "updated_at", "version"]
    Invitation.objects.bulk_update(changed, names, batch_size=200)
    if changed:
        audit.record("events.guests_noted", action, by=by, changed=len(changed))
    return len(changed)


def is_on(action: Action, day: date) -> bool:
    """Is this one of the days of the action?"""
    return action.start_date <= day <= action.last_date


def may_be_noted(action: Action, today: date) -> Verdict:
    """May one say who came: from the first day on, unless the action is cancelled."""
    if action.status == ActionStatus.CANCELLED:
        return Denied("Cette action est annulée.")
    if today < action.start_date:
        return Denied("L’action n’a pas commencé : les présences se notent à partir du premier jour.")
    return ALLOWED


# ------------------------------------------------------------------------------------------------------------- what is shown


@dataclass(frozen=True)
class Line:
    """A pupil on the list of presence."""

    student: Student
    present: bool | None
    school_class: str
    may_note: bool = False
    row: Participation | None = None

    @property
    def key(self) -> str:
        return str(self.student.public_id)

    @property
    def name(self) -> str:
        return str(self.student)

    @property
    def was(self) -> str:
        return {True: "oui", False: "non", None: ""}[self.present]


@dataclass(frozen=True)
class Group:
    """The pupils of one class, or those expected by name."""

    label: str
    lines: list[Line]


def lines_of(action: Action, membership: Membership) -> list[Line]:
    """The pupils expected whom this person may see, by class and name, as the rows will be once they follow the classes."""
    found = pending_changes([action])[action.pk]
    seen = visible_students(membership)
    rows = list(
        Participation.objects.in_school(action.school_id)
        .filter(action=action, student__in=seen.values("pk"))
        .exclude(pk__in=found.gone)
        .select_related("student__school")
    )
    pupils: dict[int, tuple[Student, Participation | None]] = {row.student_id: (row.student, row) for row in rows}
    if found.arrived:
        for student in seen.filter(pk__in=found.arrived).select_related("school"):
            pupils[student.pk] = (student, None)
    classes = classes_on(action.school_id, pupils, action.start_date)
    may = set(noted_by(membership).filter(pk__in=pupils).values_list("pk", flat=True))
    lines = [
        Line(student, row.present if row else None, classes.get(pk, ""), pk in may, row)
        for pk, (student, row) in pupils.items()
    ]
    return sorted(lines, key=lambda line: (line.school_class == "", line.school_class, line.student.search_text))


def classes_on(school: School | int, pupils: Iterable[int], day: date) -> dict[int, str]:
    """The class of each of these pupils that day, by its label."""
    rows = Schooling.objects.in_school(school).filter(student__in=list(pupils)).on(day)
    return dict(rows.order_by("entry_date").values_list("student", "school_class__label"))


def grouped(lines: Iterable[Line]) -> list[Group]:
    """The same lines under the name of their class; pupils without class that day last."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.school_class, []).append(line)
    return [Group(label or "Sans classe ce jour-là", group) for label, group in found.items()]


@dataclass(frozen=True)
class Count:
    """How many came, of how many, and of how many nobody said."""

    expected: int
    came: int
    absent: int

    @property
    def unsaid(self) -> int:
        return self.expected - self.came - self.absent


def counted(lines: Iterable[Any]) -> Count:
    """Of pupils or of guests: whatever has `present`."""
    said = [line.present for line in lines]
    return Count(len(said), said.count(True), said.count(False))


def guests_of(action: Action) -> list[Invitation]:
    """The guests whom the door may see: all but those who declined, those who said yes first."""
    rows = (
        Invitation.objects.in_school(action.school_id)
        .filter(action=action)
        .exclude(reply=InvitationReply.DECLINED, present=None)
        .select_related("partner__school", "contact", "school")
        .order_by("partner__search_text", "pk")
    )
    return sorted(rows, key=lambda row: row.reply != InvitationReply.ACCEPTED)


def sheet(action: Action, membership: Membership) -> bytes:
    """The sheet of presence to print and sign: the pupils whom this person may see, by class, then the guests."""
    content = {
        "action": action,
        "school": action.school,
        "when": preparing.when(action),
        "groups": grouped(lines_of(action, membership)),
        "guests": guests_of(action),
        "sees_people": not is_own_only(membership),
        "blank": range(BLANK_LINES),
    }
    html = render_to_string("pdf/presence.html", content)
    return pdf.render(html, title="Feuille de présence", styles=STYLES)
