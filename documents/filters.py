"""Filters of the list of papers."""

from datetime import date, timedelta

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from documents import circuit, reminder_rules, subjects
from documents.enums import SIGNED, DocumentType, SignatureRole, SignatureStatus
from documents.models import Document, Reminder, Signature
from documents.selectors import ORDER
from schools.filters import classes_of_year
from schools.forms import DateInput
from schools.models import School, SchoolClass

S = SignatureStatus

STATES = [
    ("a_signer", "À signer"),
    ("direction", "Il ne manque que la direction"),
    ("signe", "Complet"),
    ("refusee", "Une signature refusée"),
    ("remplace", "Remplacé"),
]
ROLES = [(role.value, role.label) for role in ORDER]
FARTHEST = 60


def quiet_since(school: School, today: date) -> date:
    """A paper about which nobody was written to since this day may be reminded of: the school's own delay, in business days."""
    wait = circuit.settings_of(school).every
    days = (today - timedelta(days=back) for back in range(1, FARTHEST))
    return next(
        (day for day in days if reminder_rules.business_day_after(day, wait) <= today), today - timedelta(days=FARTHEST)
    )


def _rows() -> QuerySet[Signature]:
    return Signature.objects.filter(school=OuterRef("school"), document=OuterRef("pk"))


class DocumentFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Numéro, élève ou entreprise", method="search", max_length=100)
    signatures = django_filters.ChoiceFilter(label="Signatures", choices=STATES, method="of_state")
    manque = django_filters.ChoiceFilter(label="Il manque", choices=ROLES, method="missing")
    classe = django_filters.ModelChoiceFilter(label="Classe", queryset=classes_of_year, method="of_class")
    relance = django_filters.BooleanFilter(label="À relancer", method="to_remind", widget=forms.CheckboxInput)
    type = django_filters.ChoiceFilter(label="Type", choices=DocumentType.choices)
    depuis = django_filters.DateFilter(
        label="Émis depuis le", field_name="issued_at", lookup_expr="date__gte", widget=DateInput
    )
    jusqu_au = django_filters.DateFilter(
        label="Émis jusqu’au", field_name="issued_at", lookup_expr="date__lte", widget=DateInput
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
                | Q(content__partner__name__icontains=word)
            )
        return qs

    def of_state(self, qs: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        needed = _rows().counted()
        refused = Exists(needed.filter(status=S.REFUSED))
        awaited = Exists(needed.filter(status=S.AWAITED))
        given = Exists(needed.filter(status__in=SIGNED))
        gone = Exists(needed.filter(status=S.VOIDED))
        if value == "remplace":
            return qs.filter(Q(voided_at__isnull=False) | (Q(gone) & ~Q(given) & ~Q(awaited) & ~Q(refused)))
        qs = qs.filter(voided_at=None)
        if value == "refusee":
            return qs.filter(refused)
        if value == "direction":
            head = needed.filter(role=SignatureRole.HEAD, status=S.AWAITED)
            others = needed.exclude(role=SignatureRole.HEAD).exclude(status__in=SIGNED)
            return qs.filter(Exists(head)).exclude(Exists(others))
        if value == "a_signer":
            return qs.filter(awaited)
        return qs.filter(given).exclude(refused).exclude(awaited)

    def missing(self, qs: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        return qs.filter(Exists(_rows().awaited().filter(role=value)), voided_at=None)

    def of_class(self, qs: QuerySet[Document], name: str, value: SchoolClass | None) -> QuerySet[Document]:
        return qs.filter(subjects.papers_of_classes(self.request.school, [value.pk])) if value else qs

    def to_remind(self, qs: QuerySet[Document], name: str, value: bool | None) -> QuerySet[Document]:
        """Papers that wait for somebody about whose signature nothing was sent for a while."""
        if not value:
            return qs
        day = quiet_since(self.request.school, timezone.localdate())
        lately = Reminder.objects.filter(school=OuterRef("school"), signature=OuterRef("pk"), sent_at__date__gt=day)
        waiting = _rows().awaited().exclude(Exists(lately))
        return qs.filter(Exists(waiting), voided_at=None, issued_at__date__lte=day)
