"""What signatures that come in a dossier say of their papers: a paper is complete once each one that counts is given."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from documents.enums import SIGNED
from documents.models import Document, Signature

WHY = "the papers of the schools of the dossier"


def complete(schools: Iterable[int]) -> None:
    """Say since when the papers of these schools (primary keys) are signed by all: the last signature's day. One statement."""
    asked = Signature.objects.across_schools(why=WHY).filter(document=OuterRef("pk")).counted()
    last = asked.filter(date__isnull=False).order_by("-date").values("date")[:1]
    Document.objects.across_schools(why=WHY).filter(
        Exists(asked), ~Exists(asked.exclude(status__in=SIGNED)), school__in=schools, completed_at=None, voided_at=None
    ).update(completed_at=Coalesce(Subquery(last), F("issued_at")))
