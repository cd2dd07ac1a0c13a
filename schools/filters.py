"""Filters of the school's own lists."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from core.text import search_words
from schools.enums import Niveau, Role
from schools.models import Membership, SchoolClass, Student
from schools.permissions import allows
from schools.roles import Permission


class SearchFilter(django_filters.CharFilter):
    """Words looked for in comparable texts: accents and case do not matter, each word must stand in one of them.

    A text without any letter or digit that can be compared finds nothing, rather than everything.
    """

    def __init__(self, *args: Any, fields: tuple[str, ...] = ("search_text",), **kwargs: Any) -> None:
        self.searched = fields
        kwargs.setdefault("label", "Rechercher")
        kwargs.setdefault("max_length", 100)
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        words = search_words(value or "")
        if value and not words:
            return qs.none()
        for word in words:
            qs = qs.filter(reduce(or_, (Q(**{f"{name}__contains": word}) for name in self.searched)))
        return qs


Choices = Iterable[tuple[Any, Any]]


class OfSchoolFilter(django_filters.ChoiceFilter):
    """Choices that the school has, read when they are drawn or checked; without any, the bar leaves the filter out.

    `offered`: from the request to the choices. `permission`: a role without it has no such filter (`OfSchoolFilters`).
    """

    def __init__(
        self, *args: Any, offered: Callable[[Any], Choices], permission: Permission | None = None, **kwargs: Any
    ) -> None:
        self.offered, self.permission = offered, permission
        super().__init__(*args, **kwargs)

    @property
    def field(self) -> Any:
        request = self.parent.request
        self.extra["choices"] = lambda: list(self.offered(request)) if request is not None else []
        return super().field


class OfSchoolFilters(django_filters.FilterSet):
    """Filters of a list of a school: those that the role may not use are not there, and an address cannot name them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, made in list(self.filters.items()):
            needed = getattr(made, "permission", None)
            if needed is not None and self.request is not None and not allows(self.request.membership, needed):
                del self.filters[name]

    @classmethod
    def add(cls, name: str, made: django_filters.Filter, *, after: str) -> None:
        """Let an app above add a filter of its own, at its place in the bar."""
        placed: dict[str, django_filters.Filter] = {}
        for known, other in cls.base_filters.items():
            placed[known] = other
            if known == after:
                placed[name] = made
        cls.base_filters = placed | {name: made}


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
