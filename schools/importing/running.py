"""The bodies of the import's jobs: look at a file, try it, write it, take it back, forget it."""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from core import audit, jobs, statements, tables
from core.tables import Table
from core.tables.headers import body
from schools.enums import ImportState
from schools.importing import journal, mapping
from schools.importing.kinds import KINDS, Kind, Line, Outcome, Plan
from schools.models import School, TableImport

KEEP = timedelta(days=7)
ATTEMPTS = 4
BUSY = "Les données du lycée changent pendant l’import : recommencez dans un instant."
GONE = "Ce fichier n’est plus conservé : envoyez-le de nouveau."


def kind_of(record: TableImport) -> Kind:
    """The kind of an import. Raises jobs.Failure when no app declares it any more."""
    try:
        return KINDS[record.kind]
    except KeyError:
        raise jobs.Failure("Cette sorte d’import n’existe plus.") from None


def table_of(record: TableImport) -> Table:
    """The rows of the kept file, read as the person chose. Raises tables.Unreadable."""
    asked = record.layout.get("asked", {})
    if not record.file:
        raise tables.Unreadable(GONE)
    try:
        return tables.read(
            record.file.path,
            record.file_name,
            sheet=asked.get("sheet"),
            encoding=asked.get("encoding", ""),
            delimiter=asked.get("delimiter", ""),
        )
    except FileNotFoundError:
        raise tables.Unreadable(GONE) from None


def move(record: TableImport, *states: ImportState, **values: Any) -> bool:
    """Change an import that is still in one of these states (compare and set)."""
    found = TableImport.objects.in_school(record.school_id).filter(pk=record.pk, state__in=states)
    return bool(found.update(updated_at=timezone.now(), **values))


# ------------------------------------------------------------------------------------------------ 1, 2: look
def look(record: TableImport) -> None:
    """Read the file: its columns, samples and first lines; then its columns wait to be confirmed, or it is refused."""
    kind = kind_of(record)
    jobs.progress(0, 2, "Ouverture du fichier")
    asked = record.layout.get("asked", {})
    try:
        table = table_of(record)
    except tables.Unreadable as refusal:
        with jobs.closing():
            move(record, ImportState.READING, state=ImportState.REFUSED, report={"refused": str(refusal)})
        return
    jobs.progress(1, 2, "Recherche des colonnes")
    header = mapping.header_of(table, kind, asked.get("header_line"))
    layout = mapping.layout_of(table, header) | {"asked": asked}
    known = mapping.remembered(record.school, kind, layout["headers"], but=record)
    layout["remembered"] = known is not None
    if record.mapping and record.layout.get("headers") == layout["headers"]:
        chosen = record.mapping  # read again for its accents: what was chosen stays
    else:
        chosen = known if known is not None else mapping.guess(kind, header, body(table.rows, header))
    with jobs.closing():
        move(record, ImportState.READING, state=ImportState.MAPPING, layout=layout, mapping=chosen, report={})


# ------------------------------------------------------------------------------------------------ 3: try
def options_of(kind: Kind, record: TableImport) -> dict[str, Any]:
    """What the person chose besides the columns. Raises jobs.Failure when a choice has disappeared since."""
    form = kind.options(record.options.get("form", {}), school=record.school)
    if not form.is_valid():
        raise jobs.Failure("Un choix de cet import n’est plus possible : revenez aux colonnes.")
    return form.cleaned_data


def decisions_of(record: TableImport) -> dict[int, str]:
    return {int(line): choice for line, choice in record.options.get("decisions", {}).items()}


def _lines(kind: Kind, record: TableImport) -> list[Line]:
    table = table_of(record)
    header = mapping.header_of(table, kind, record.layout.get("header_line"))
    return mapping.lines_of(kind, table, header, record.mapping, jobs.progress)


def _planned(kind: Kind, record: TableImport, lines: list[Line], decisions: dict[int, str]) -> Plan:
    fresh = [Line(line.number, dict(line.values), list(line.remarks), line.rejected) for line in lines]
    return kind.plan(record.school, fresh, options_of(kind, record), decisions, jobs.progress)


def report_of(plan: Plan, *, written: bool = False) -> dict[str, Any]:
    """A plan for its page: counts by outcome, then every line; once written, lines lead to the rows that they made."""
    if written:
        for planned in plan.lines:
            if planned.row is not None and not planned.url:
                planned.url = planned.row.get_absolute_url()  # type: ignore[attr-defined]
    counts = Counter(planned.outcome.value for planned in plan.lines)
    return {
        "counts": {outcome.value: counts.get(outcome.value, 0) for outcome in Outcome},
        "remarks": sum(bool(planned.remarks) and planned.outcome is not Outcome.REJECTED for planned in plan.lines),
        "lines": [planned.as_json() for planned in sorted(plan.lines, key=lambda planned: planned.number)],
        "new": len(plan.new),
        "changes": len(plan.changes),
    }


def check(record: TableImport) -> jobs.Result:
    """The dry run: what each line would do."""
    kind = kind_of(record)
    try:
        lines = _lines(kind, record)
    except tables.Unreadable as refusal:
        with jobs.closing():
            move(record, ImportState.CHECKING, state=ImportState.REFUSED, report={"refused": str(refusal)})
        return jobs.Result()
    plan = _planned(kind, record, lines, {})  # decisions are shown on the doubles, and can still change
    report = report_of(plan)
    with jobs.closing():
        move(record, ImportState.CHECKING, state=ImportState.CHECKED, report=report)
    return jobs.Result()


def decided_before(record: TableImport) -> dict[str, str]:
    """What was decided when this very file came in before: the same doubles need no second answer."""
    past = (
        TableImport.objects.in_school(record.school_id)
        .filter(kind=record.kind, sha256=record.sha256)
        .exclude(applied_at=None)
        .order_by("-applied_at")
        .values_list("options", flat=True)
        .first()
    )
    return dict(past.get("decisions", {})) if past else {}


# ------------------------------------------------------------------------------------------------ 4: write
@dataclass(frozen=True)
class Written:
    """What was written, and how long the lock was held."""

    report: dict[str, Any]
    lock_seconds: float


def apply(record: TableImport, *, by: Any) -> Written:
    """Plan again on the data as they are, and write all of it or nothing. Raises jobs.Failure."""
    kind = kind_of(record)
    try:
        lines = _lines(kind, record)
    except tables.Unreadable as refusal:
        raise jobs.Failure(str(refusal)) from None
    for _ in range(ATTEMPTS):
        begun = timezone.now()
        plan = _planned(kind, record, lines, decisions_of(record))
        prepared = journal.prepare(plan, by=by, now=begun)
        report = report_of(plan, written=True)
        jobs.progress(1, 1, "Enregistrement")
        try:
            return _write(record, prepared, report, by=by, begun=begun)
        except (statements.Overtaken, IntegrityError):
            continue
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != "40P01":  # two transactions that waited for each other
                raise
    raise jobs.Failure(BUSY)


def _write(
    record: TableImport, prepared: journal.Prepared, report: dict[str, Any], *, by: Any, begun: datetime
) -> Written:
    counts = report["counts"]
    done = counts["created"] + counts["updated"]
    message = f"{done} lignes importées." if done else "Tout était déjà à jour."
    with jobs.closing(jobs.Result(message)), transaction.atomic():
        start = time.perf_counter()
        _alone(record, since=begun)
        statements.execute(prepared.statements)
        if not move(
            record,
            ImportState.APPLYING,
            state=ImportState.APPLIED,
            report=report,
            journal=prepared.journal,
            applied_at=begun,
            undone_at=None,
        ):
            raise jobs.Failure("Cet import a été abandonné.")
        audit.record("schools.table_imported", record, by=by, kind=record.kind, counts=counts)
    return Written(report, time.perf_counter() - start)


def _one_at_a_time(record: TableImport) -> None:
    """One import writes, or is taken back, at a time in a school."""
    list(School.objects.select_for_update().filter(pk=record.school_id).values_list("pk"))


def _alone(record: TableImport, *, since: datetime) -> None:
    """None is written on a plan made before another was."""
    _one_at_a_time(record)
    others = TableImport.objects.in_school(record.school_id).filter(kind=record.kind).exclude(pk=record.pk)
    if others.filter(updated_at__gte=since, applied_at__isnull=False, state=ImportState.APPLIED).exists():
        raise statements.Overtaken


# ------------------------------------------------------------------------------------------------ take back
def take_back(record: TableImport, *, by: Any) -> journal.Undone:
    """Undo an import, less what has its own life since. Raises jobs.Failure."""
    for _ in range(ATTEMPTS):
        now = timezone.now()
        undone = journal.undo(record.journal, by=by, now=now)
        report = {"counts": record.report.get("counts", {}), "undone": undone.as_json()}
        message = f"Import annulé : {undone.removed} fiches retirées, {undone.restored} remises comme avant."
        try:
            with jobs.closing(jobs.Result(message)), transaction.atomic():
                _one_at_a_time(record)
                statements.execute(undone.prepared.statements)
                if not move(
                    record, ImportState.APPLIED, state=ImportState.UNDONE, undone_at=now, report=report, journal={}
                ):
                    raise jobs.Failure("Cet import est déjà annulé.")
                audit.record("schools.table_import_undone", record, by=by, removed=undone.removed)
        except (statements.Overtaken, IntegrityError):
            continue
        return undone
    raise jobs.Failure(BUSY)


# ------------------------------------------------------------------------------------------------ forget
def forget_old(now: datetime) -> int:
    """Seven days after: imports that were never finished go; the others keep their name, dates, columns and counts (P-03)."""
    everyone = TableImport.objects.across_schools(why="nightly forgetting of files sent")
    old = everyone.filter(created_at__lt=now - KEEP)
    done = 0
    unfinished = old.filter(applied_at=None)
    for record in unfinished.only("file"):
        if record.file:
            record.file.delete(save=False)
        done += 1
    unfinished.delete()
    for record in old.exclude(file="").only("file").iterator():
        record.file.delete(save=False)
        everyone.filter(pk=record.pk).update(file="")
        done += 1
    for record in everyone.filter(applied_at__lt=now - KEEP, report__forgotten__isnull=True):
        everyone.filter(pk=record.pk).update(
            report={"counts": record.report.get("counts", {}), "forgotten": True},
            journal={},
            layout={"headers": record.layout.get("headers", [])},
            options={},
        )
        done += 1
    return done
