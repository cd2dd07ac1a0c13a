"""Filters of the school's own lists."""

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from core.text import searchable
from schools.enums import Niveau, Role
from schools.models import Membership, SchoolClass, Student


class SearchFilter(django_filters.CharFilter):
    """Words looked for in comparable texts: accents and case do not matter, each word must stand in one of them."""

    def __init__(self, *args: Any, fields: tuple[str, ...] = ("search_text",), **kwargs: Any) -> None:
        self.searched = fields
        kwargs.setdefault("label", "Rechercher")
        kwargs.setdefault("max_length", 100)
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in searchable(value or "").split()[:8]:
            qs = qs.filter(reduce(or_, (Q(**{f"{name}__contains": word}) for name in self.searched)))
        return qs


def classes_of_year(request: Any) -> QuerySet[SchoolClass]:
    """The classes of the year on screen, for a filter's choices."""
    if request is None:
        return SchoolClass.objects.none()
    return SchoolClass.objects.in_school(request.school).filter(year=request.school_year.code).order_by("code")


class StudentFilters(django_filters.FilterSet):
    q = SearchFilter()
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
    q = SearchFilter()

    class Meta:
        model = SchoolClass
        fields: list[str] = []


class StaffFilters(django_filters.FilterSet):
    role = django_filters.ChoiceFilter(label="Rôle", choices=Role.choices)
    q = SearchFilter()

    class Meta:
        model = Membership
        fields: list[str] = []
