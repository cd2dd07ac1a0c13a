"""A school's data in and out, asked for by a person."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from core import audit, jobs
from core.models import Job
from exchange import exports, tasks, uploads
from exchange.uploads import Upload
from schools.models import School


def send_dossier(school: School, files: Sequence[UploadedFile], *, by: User, now: datetime) -> Upload:
    """Keep a dossier and ask for its check. Raises sources.Unreadable when it does not open."""
    uploads.forget_old(now)
    upload = uploads.receive(files, uai=school.uai, by=str(by), now=now)
    with transaction.atomic():
        audit.record("exchange.dossier_sent", school, by=by, upload=str(upload.public_id))
        jobs.enqueue(tasks.check_upload, by=by, scope=school.uai, uai=school.uai, upload=upload.public_id, by_id=by.pk)
    return upload


@transaction.atomic
def ask_import(school: School, upload: Upload, *, by: User) -> Job:
    """Ask for the import of a dossier that was checked; asking twice does it once."""
    return jobs.enqueue(
        tasks.import_upload, by=by, scope=school.uai, uai=school.uai, upload=upload.public_id, by_id=by.pk
    )


def discard_dossier(school: School, upload: Upload, *, by: User) -> None:
    """Forget a dossier before its seven days."""
    with transaction.atomic():
        audit.record("exchange.dossier_discarded", school, by=by, upload=str(upload.public_id))
    uploads.discard(upload)


def export_tables(school: School, *, by: User) -> bytes:
    """The school's dossier without its PDFs, as a ZIP; the journal keeps who took it and how many rows."""
    export = exports.collect(school)
    audit.record("exchange.dossier_exported", school, by=by, rows=export.total)
    return exports.as_zip(export)


@transaction.atomic
def ask_export_with_papers(school: School, *, by: User) -> Job:
    """The same with the PDFs, in the background."""
    audit.record("exchange.dossier_exported", school, by=by, with_files=True)
    return jobs.enqueue(tasks.export_with_papers, by=by, scope=school.uai, uai=school.uai, by_id=by.pk)
