"""Verbs of an import: send the file, correct how it was read, say the columns, decide on doubles, write, take back, give up."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from core import audit, jobs
from core.models import Job
from core.verdict import ALLOWED, Denied, Verdict
from schools import tasks
from schools.enums import ImportState
from schools.importing import running
from schools.importing.kinds import CREATE, SAME, SKIP, Kind
from schools.models import School, TableImport

S = ImportState
OPEN = (S.READING, S.MAPPING, S.CHECKING, S.CHECKED, S.REFUSED)
NAME = 200


def _ask(task: jobs.Task, record: TableImport, by: User) -> Job:
    return jobs.enqueue(task, by=by, scope=record.school.uai, record=record.pk, by_id=by.pk)


def receive(school: School, kind: Kind, file: UploadedFile, *, by: User) -> TableImport:
    """Keep a file under a random name and ask for its reading."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    name = file.name or "tableau"
    record = TableImport(
        school=school,
        kind=kind.name,
        file_name=name if len(name) <= NAME else f"{name[: NAME - 8]}…{name[-7:]}",
        sha256=digest.hexdigest(),
        created_by=by,
        updated_by=by,
    )
    record.file.save(name[-7:], file, save=False)
    try:
        with transaction.atomic():
            record.save(force_insert=True)
            audit.record("schools.table_sent", record, by=by, kind=kind.name)
            _ask(tasks.look_at_table, record, by)
    except BaseException:
        record.file.delete(save=False)
        raise
    return record


@transaction.atomic
def read_again(record: TableImport, asked: Mapping[str, Any], *, by: User) -> bool:
    """Read the file in another way (sheet, header line, encoding, separator); False when it is too late."""
    layout = {**record.layout, "asked": dict(asked)}
    options = {**record.options, "decisions": {}}  # lines have other numbers, or other meanings
    if not running.move(record, *OPEN, state=S.READING, layout=layout, options=options, report={}):
        return False
    _ask(tasks.look_at_table, record, by)
    return True


@transaction.atomic
def choose_columns(record: TableImport, mapping: Mapping[str, int], form: Mapping[str, Any], *, by: User) -> bool:
    """Keep the columns and the options, and ask for the dry run; False when it is too late."""
    same = record.mapping == dict(mapping)
    decisions = record.options.get("decisions") if same else None
    options = {"form": dict(form), "decisions": decisions or running.decided_before(record)}
    if not running.move(
        record, S.MAPPING, S.CHECKING, S.CHECKED, state=S.CHECKING, mapping=dict(mapping), options=options, report={}
    ):
        return False
    _ask(tasks.check_table, record, by)
    return True


def _is_decision(choice: str, line: Mapping[str, Any]) -> bool:
    keys = {candidate["key"] for candidate in line.get("candidates", ())}
    return choice in ("", CREATE, SKIP) or (choice.startswith(SAME) and choice.removeprefix(SAME) in keys)


@transaction.atomic
def decide(record: TableImport, choices: Mapping[int, str], *, everything: str = "") -> int:
    """Keep decisions on probable doubles, by line; `everything` decides all those that are still open. How many are kept.

    « est » in `everything` takes the first candidate of each.
    """
    doubles = {line["line"]: line for line in record.report.get("lines", ()) if "candidates" in line}
    decisions = dict(record.options.get("decisions", {}))
    changed = 0
    for number, choice in choices.items():
        if number in doubles and _is_decision(choice, doubles[number]):
            changed += decisions.get(str(number), "") != choice
            decisions[str(number)] = choice
    if everything:
        for number, line in doubles.items():
            if not decisions.get(str(number)):
                first = f"{SAME}{line['candidates'][0]['key']}"
                decisions[str(number)] = first if everything == "est" else everything
                changed += 1
    decisions = {number: choice for number, choice in decisions.items() if choice}
    return changed if running.move(record, S.CHECKED, options={**record.options, "decisions": decisions}) else 0


@transaction.atomic
def ask_apply(record: TableImport, *, by: User) -> bool:
    """Ask for the writing of what was checked; asking twice does it once. False when it is not checked."""
    if not running.move(record, S.CHECKED, state=S.APPLYING):
        return False
    _ask(tasks.apply_table, record, by)
    return True


def may_undo(record: TableImport, now: datetime) -> Verdict:
    """Within seven days of the import, while its journal is kept."""
    if record.state != S.APPLIED:
        return Denied("Cet import n’a rien écrit, ou il est déjà annulé.")
    if record.applied_at is None or record.applied_at < now - running.KEEP or not record.journal:
        return Denied("Un import s’annule pendant sept jours.")
    return ALLOWED


@transaction.atomic
def ask_undo(record: TableImport, *, by: User) -> Job:
    """Ask to take back an import."""
    return _ask(tasks.undo_table, record, by)


def give_up(record: TableImport, *, by: User) -> bool:
    """Forget a file that was not imported; False when it was."""
    with transaction.atomic():
        found = TableImport.objects.in_school(record.school_id).filter(pk=record.pk, state__in=OPEN)
        if not found.exists():
            return False
        audit.record("schools.table_discarded", record, by=by, kind=record.kind)
        found.delete()
    record.file.delete(save=False)
    return True


def job_of(record: TableImport) -> Job | None:
    """The last work asked for on an import."""
    keys = [key.format(record=record.pk) for key in (tasks.LOOK_KEY, tasks.CHECK_KEY, tasks.APPLY_KEY, tasks.UNDO_KEY)]
    return Job.objects.filter(Q(key__in=keys)).order_by("-created_at", "-pk").first()


def settle(record: TableImport, job: Job | None, *, keep: bool) -> None:
    """A work that failed leaves its import where the person can go on: the columns, or the dry run.

    With `keep` the table says so too; a page that is only read sees it so without writing.
    """
    back = {S.CHECKING: S.MAPPING, S.APPLYING: S.CHECKED}
    state = back.get(S(record.state))
    if state is None or job is None or job.is_alive or job.state == "done":
        return
    if not keep or running.move(record, S(record.state), state=state):
        record.state = state
