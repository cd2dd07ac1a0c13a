"""Schools, their classes, pupils and staff, and the base of every row that belongs to a school."""

from datetime import date

from factory import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from core.uai import with_key
from schools.models import (
    Membership,
    SavedView,
    School,
    SchoolClass,
    SchoolHoliday,
    Schooling,
    Student,
    TableImport,
    TeachingAssignment,
)
from tests.factories.accounts import UserFactory

YEAR = "2025-2026"


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = School

    uai = Sequence(lambda n: with_key(9_700_000 + n))
    name = Sequence(lambda n: f"Lycée d’essai {n}")
    type = "lp"
    city = "Laon"


class OfSchool(DjangoModelFactory):
    class Meta:
        abstract = True

    school = SubFactory(SchoolFactory)


class MembershipFactory(OfSchool):
    class Meta:
        model = Membership

    user = SubFactory(UserFactory)
    email = LazyAttribute(lambda o: o.user.email if o.user else f"sans-compte-{o.last_name}@lycee.example")
    last_name = Sequence(lambda n: f"Benamar{n}")
    first_name = "Sofia"
    role = "bde"


class ClassFactory(OfSchool):
    class Meta:
        model = SchoolClass

    year = YEAR
    code = Sequence(lambda n: f"1MELEC{n}")
    label = LazyAttribute(lambda o: f"1re {o.code}")
    niveau = "1re_pro"


class StudentFactory(OfSchool):
    class Meta:
        model = Student

    last_name = Sequence(lambda n: f"Meziane{n}")
    first_name = "Rayan"


class SchoolingFactory(OfSchool):
    class Meta:
        model = Schooling

    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    school_class = SubFactory(ClassFactory, school=SelfAttribute("..school"))
    year = SelfAttribute("school_class.year")
    entry_date = date(2025, 9, 1)


class AssignmentFactory(OfSchool):
    class Meta:
        model = TeachingAssignment

    membership = SubFactory(MembershipFactory, school=SelfAttribute("..school"), role="enseignant")
    school_class = SubFactory(ClassFactory, school=SelfAttribute("..school"))
    year = SelfAttribute("school_class.year")


class SavedViewFactory(OfSchool):
    class Meta:
        model = SavedView

    membership = SubFactory(MembershipFactory, school=SelfAttribute("..school"))
    page = "partners:partner_list"
    label = Sequence(lambda n: f"À relancer {n}")
    query = "statut=dormant"
    is_shared = True


class SchoolHolidayFactory(OfSchool):
    class Meta:
        model = SchoolHoliday

    label = "Pont de l’Ascension"
    kind = "pont"
    start_date = date(2026, 5, 15)
    end_date = date(2026, 5, 15)


class TableImportFactory(OfSchool):
    class Meta:
        model = TableImport

    kind = "partners.companies"
    file_name = "entreprises.xlsx"
    sha256 = "a" * 64
    state = "refuse"
