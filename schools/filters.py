"""Filters of the school's own lists."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from core.text import searchable
from schools.enums import Niveau, Role
from schools.models import Membership, SchoolClass, Student


class SearchFilter(django_filters.CharFilter):
    """Words looked for in a comparable text: accents and case do not matter, every word must be there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Rechercher")
        kwargs.setdefault("max_length", 100)
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in searchable(value or "").split()[:8]:
            qs = qs.filter(**{f"{self.field_name}__contains": word})
        return qs


def classes_of_year(request: Any) -> QuerySet[SchoolClass]:
    """The classes of the year on screen, for a filter's choices."""
    if request is None:
        return SchoolClass.objects.none()
    return SchoolClass.objects.in_school(request.school).filter(year=request.school_year.code).order_by("code")


class StudentFilters(django_filters.FilterSet):
    q = SearchFilter(field_name="search_text")
    classe = django_filters.ModelChoiceFilter(
        label="Classe", queryset=classes_of_year, field_name="schoolings__school_class", distinct=True
    )
    niveau = django_filters.ChoiceFilter(label="Niveau", choices=Niveau.choices, method="of_niveau")

    class Meta:
        model = Student
        fields: list[str] = []

    def of_niveau(self, qs: QuerySet[Student], name: str, value: str) -> QuerySet[Student]:
        return qs.filter(
            schoolings__school_class__niveau=value, schoolings__year=self.request.school_year.code
        ).distinct()


class ClassFilters(django_filters.FilterSet):
    niveau = django_filters.ChoiceFilter(label="Niveau", choices=Niveau.choices)
    q = django_filters.CharFilter(label="Rechercher", method="search", max_length=100)

    class Meta:
        model = SchoolClass
        fields: list[str] = []

    def search(self, qs: QuerySet[SchoolClass], name: str, value: str) -> QuerySet[SchoolClass]:
        return qs.filter(Q(code__icontains=value) | Q(label__icontains=value) | Q(diploma__icontains=value))


class StaffFilters(django_filters.FilterSet):
    role = django_filters.ChoiceFilter(label="Rôle", choices=Role.choices)
    q = django_filters.CharFilter(label="Rechercher", method="search", max_length=100)

    class Meta:
        model = Membership
        fields: list[str] = []

    def search(self, qs: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return qs.filter(Q(last_name__icontains=value) | Q(first_name__icontains=value) | Q(email__icontains=value))
