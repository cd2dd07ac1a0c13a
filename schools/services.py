"""Verbs that write in a school's tables: the one way to make, change and remove a record."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, RestrictedError, UniqueConstraint
from django.utils import timezone

from accounts.services import prepare_account
from core import audit
from core.errors import StaleEdit
from core.verdict import Denied, demand
from schools.enums import Role, SchoolType
from schools.models import Membership, School, SchoolRecord, Student

R = TypeVar("R", bound=SchoolRecord)


def create_record(record: R, *, by: Any, key: UUID | None = None) -> tuple[R, bool]:
    """Save a new record with its author; `(record, True)`.

    `key` is the form's one-use key: it becomes the record's public id, so that a second post of the same form finds the
    first one's record and returns `(that record, False)`. Raises ValidationError when the record is not right, or when the
    school has one already of which there may be one only.
    """
    table: Any = type(record)._default_manager.filter(school=record.school_id)
    if key is not None:
        record.public_id = key
        if existing := table.filter(public_id=key).first():
            return existing, False
    record.created_by = record.updated_by = by
    record.full_clean(exclude=["school"])
    try:
        with transaction.atomic():
            record.save(force_insert=True)
            audit.record(f"{record._meta.label_lower}.created", record, by=by)
    except IntegrityError:
        # Two posts at once: the other one was first.
        if key is not None and (existing := table.filter(public_id=key).first()):
            return existing, False
        say_already_there(record)
        raise
    return record, True


def say_already_there(record: SchoolRecord) -> None:
    """After a table refused a record: the sentence of the promise that it breaks, as a ValidationError.

    Checks before saving leave out the school, which nobody types, and with it each promise « once in a school ».
    """
    for model, promises in record.get_constraints():
        for promise in promises:
            if (
                isinstance(promise, UniqueConstraint)
                and "school" in promise.fields
                and promise.violation_error_message != promise.default_violation_error_message
            ):
                promise.validate(model, record)


def change_record(record: R, *, version: int, by: Any, changed: list[str] | None = None) -> R:
    """Save changes made on `version` of a record; `changed` names the fields for the journal.

    Raises StaleEdit, with the record as it is now, when someone else saved in between; ValidationError when the school has
    another record of which there may be one only.
    """
    try:
        return _change(record, version=version, by=by, changed=changed)
    except IntegrityError:
        say_already_there(record)
        raise


@transaction.atomic
def _change(record: R, *, version: int, by: Any, changed: list[str] | None) -> R:
    table = type(record)._default_manager.filter(school=record.school_id, pk=record.pk)
    if not table.filter(version=version).update(version=F("version") + 1):
        raise StaleEdit(table.first())
    record.version = version + 1
    record.updated_by = by
    record.save(force_update=True)
    audit.record(f"{record._meta.label_lower}.changed", record, by=by, fields=changed or [])
    return record


def hold_students(school: School, students: Iterable[int | Student]) -> None:
    """Until the end of the transaction nobody else writes a grid about these pupils: two clicks at once follow each other."""
    rows = Student.objects.in_school(school).filter(pk__in=[getattr(one, "pk", one) for one in students]).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def remove_record(record: SchoolRecord, *, by: Any) -> None:
    """Delete a record and what only lives with it. Raises PermissionDenied, naming it, when something else stands on it."""
    audit.record(f"{record._meta.label_lower}.removed", record, by=by)
    try:
        record.delete()
    except RestrictedError as refused:
        kept = sorted({str(other._meta.verbose_name_plural) for other in refused.restricted_objects})
        demand(
            Denied(
                f"« {record} » ne se supprime pas : d’autres données s’appuient sur cette fiche ({', '.join(kept)})."
            )
        )


@transaction.atomic
def open_school(*, uai: str, name: str) -> School:
    """A school new to this installation; the rest of its identity comes with its first import or on its settings page."""
    school = School(uai=uai, name=name, type=SchoolType.LP)
    school.full_clean()
    school.save(force_insert=True)
    audit.record("schools.school_opened", scope=uai)
    return school


@transaction.atomic
def invite(*, school: School, email: str, role: Role, first_name: str = "", last_name: str = "") -> Membership:
    """A person with a role in a school, and an account behind: the membership is made, or changed and opened again.

    Names left out are those already known, else those that the address shows. Raises ValidationError when the address is
    not one, PermissionDenied when the account is closed.
    """
    email = email.strip().lower()
    validate_email(email)
    known = Membership.objects.in_school(school).filter(email__iexact=email).first()
    shown_first, shown_last = names_in(email)
    first_name = first_name or (known.first_name if known else shown_first)
    last_name = last_name or (known.last_name if known else shown_last)
    account = prepare_account(email=email, first_name=first_name, last_name=last_name)
    if not account.is_active:
        demand(Denied("Ce compte est fermé : il ne peut pas être invité."))
    if known is None:
        member = Membership(
            school=school, user=account, email=email, role=role, first_name=first_name, last_name=last_name
        )
        return create_record(member, by=None)[0]
    known.user, known.role, known.is_active = account, role, True
    known.first_name, known.last_name = first_name, last_name
    return change_record(known, version=known.version, by=None, changed=["role", "is_active"])


def names_in(email: str) -> tuple[str, str]:
    """`marie-jo.le-gall@…` → ("Marie-Jo", "Le-Gall"), `bde@…` → ("Compte", "bde"): a guess, which the school corrects."""
    words = [word for word in email.split("@")[0].split(".") if word]
    return (words[0].title(), " ".join(words[1:]).title()) if len(words) > 1 else ("Compte", words[0])


def edited_by_someone(record: SchoolRecord) -> str:
    """« Sofia Benamar, à 10:12 »: who saved last and when, for the page of a stale edit."""
    who = str(record.updated_by) if record.updated_by else "Quelqu’un"
    return f"{who}, à {timezone.localtime(record.updated_at):%H:%M}"
