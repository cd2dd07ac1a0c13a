"""Filters of the list of papers."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from documents.enums import SIGNED, DocumentType, SignatureRole, SignatureStatus
from documents.models import Document, Signature
from schools.forms import DateInput

STATES = [
    ("direction", "Il ne manque que la direction"),
    ("a_signer", "Il manque des signatures"),
    ("signe", "Signé par tous"),
    ("refusee", "Une signature refusée"),
]


class DocumentFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Numéro, élève ou entreprise", method="search", max_length=100)
    type = django_filters.ChoiceFilter(label="Type", choices=DocumentType.choices)
    signatures = django_filters.ChoiceFilter(label="Signatures", choices=STATES, method="of_state")
    depuis = django_filters.DateFilter(
        label="Émis depuis le", field_name="issued_at", lookup_expr="date__gte", widget=DateInput
    )

    class Meta:
        model = Document
        fields: list[str] = []

    def search(self, qs: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Every word in the number or in a name that the paper prints."""
        for word in value.split()[:8]:
            qs = qs.filter(
                Q(number__icontains=word)
                | Q(content__pupil__last_name__icontains=word)
                | Q(content__pupil__first_name__icontains=word)
                | Q(content__host__name__icontains=word)
            )
        return qs

    def of_state(self, qs: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        rows = Signature.objects.filter(school=OuterRef("school"), document=OuterRef("pk"))
        if value == "refusee":
            return qs.filter(Exists(rows.filter(status=SignatureStatus.REFUSED)))
        if value == "direction":
            head = rows.filter(role=SignatureRole.HEAD, status=SignatureStatus.AWAITED)
            others = rows.exclude(role=SignatureRole.HEAD).exclude(status__in=SIGNED)
            return qs.filter(Exists(head)).exclude(Exists(others))
        if value == "a_signer":
            return qs.filter(Exists(rows.filter(status=SignatureStatus.AWAITED)))
        return qs.filter(Exists(rows.filter(status__in=SIGNED))).exclude(
            Exists(rows.exclude(status__in=(*SIGNED, SignatureStatus.VOIDED)))
        )
