"""Spreadsheets in the background: looked at, tried, written, taken back; and forgotten after seven days."""

from django.utils import timezone

from accounts.models import User
from core import jobs
from schools.importing import running
from schools.models import TableImport
from schools.permissions import allows
from schools.selectors import membership_of

LOOK_KEY = "table-look:{record}"
CHECK_KEY = "table-check:{record}"
APPLY_KEY = "table-apply:{record}"
UNDO_KEY = "table-undo:{record}"


def _found(record: int) -> TableImport:
    found = (
        TableImport.objects.across_schools(why="a job's own row, named by its key")
        .filter(pk=record)
        .select_related("school")
        .first()
    )
    if found is None:
        raise jobs.Failure(running.GONE)
    return found


def _allowed(record: TableImport, by_id: int) -> User:
    """The right is read again when the work begins (S-04)."""
    by = User.objects.get(pk=by_id)
    member = membership_of(by, record.school.uai) if by.is_active else None
    if not (verdict := allows(member, running.kind_of(record).permission)):
        raise jobs.Failure(verdict.reason)
    return by


def _see(record: TableImport, result: jobs.Result) -> jobs.Result:
    return jobs.Result(result.message, data={"url": record.get_absolute_url(), "label": "Voir l’import"})


@jobs.task(key=LOOK_KEY, label="Lecture d’un tableau", rerun=True)
def look_at_table(*, record: int, by_id: int, **_later: object) -> None:
    """Open the file and find its columns."""
    found = _found(record)
    _allowed(found, by_id)
    running.look(found)


@jobs.task(key=CHECK_KEY, label="Contrôle d’un tableau", rerun=True)
def check_table(*, record: int, by_id: int, **_later: object) -> None:
    """The dry run."""
    found = _found(record)
    _allowed(found, by_id)
    running.check(found)


@jobs.task(key=APPLY_KEY, label="Import d’un tableau")
def apply_table(*, record: int, by_id: int, **_later: object) -> None:
    """The import; the job is closed in the transaction that writes."""
    found = _found(record)
    running.apply(found, by=_allowed(found, by_id))


@jobs.task(key=UNDO_KEY, label="Annulation d’un import")
def undo_table(*, record: int, by_id: int, **_later: object) -> None:
    """Take back what an import wrote."""
    found = _found(record)
    running.take_back(found, by=_allowed(found, by_id))


@jobs.task(key="table-forget:{date}", label="Effacement des tableaux envoyés")
def forget_tables(*, date: str, **_later: object) -> None:
    """Each night: files, reports and journals are kept seven days at most (P-03)."""
    running.forget_old(timezone.now())
