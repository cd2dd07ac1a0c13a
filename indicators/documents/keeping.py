"""A paper on figures, issued and kept: numbered, frozen, a new edition when it is made again."""

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from core.frozen import Frozen
from documents import services as papers
from documents.enums import DocumentType, Subject
from documents.models import Document
from documents.models.papers import DocumentQuerySet
from schools.models import School


def papers_of(school: School, type: DocumentType, said: Q) -> DocumentQuerySet:
    """The school's own papers of a type whose content says this (`content__year=…`), the last made first."""
    found = Document.objects.in_school(school).about(Subject.SCHOOL, school.uai)
    kept: DocumentQuerySet = found.filter(said, type=type).order_by("-issued_at", "-edition", "-pk")
    return kept


def keep(
    school: School,
    content: Frozen,
    pdf: bytes,
    *,
    type: DocumentType,
    same: Q,
    template_version: str,
    by: User | None,
    now: datetime,
) -> Document:
    """Issue the paper with its file; after the last of those that are the `same`, it is a new edition of them."""
    issued = papers.issue(
        school=school,
        type=type,
        subject=Subject.SCHOOL,
        subject_id=school.uai,
        content=lambda number, edition: content,
        template_version=template_version,
        parties=lambda content: (),
        by=by,
        now=now,
        replaces=papers_of(school, type, same).first(),
    )
    papers.store(issued, pdf)
    return issued
