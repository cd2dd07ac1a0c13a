"""Schools, their classes and pupils, and who works there."""

import uuid
from datetime import date, datetime
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from core.fields import SearchTextField
from core.models import Record
from core.scope import ScopedQuerySet
from schools.enums import DayOffKind, HolidayZone, ImportState, Niveau, Role, SchoolType, Sex

DOSSIER_ID_LENGTH = 64
KEY_LENGTH = 255
"""Longest text of a column that is part of a key: PostgreSQL indexes no more than some 2,700 bytes."""


def year_field() -> models.CharField:
    """A school year in its dossier form, "2026-2027"."""
    return models.CharField("année scolaire", max_length=9)


def import_path(record: "TableImport", filename: str) -> str:
    """A random name: the one that people see stands in `file_name`."""
    return f"imports/{uuid.uuid4().hex}"


class School(Record):
    """A lycée. Personal data: head_name."""

    uai = models.CharField("UAI", max_length=8, unique=True)
    name = models.TextField("nom")
    type = models.CharField("type", max_length=8, choices=SchoolType.choices)
    academy = models.TextField("académie", blank=True)
    address = models.TextField("adresse", blank=True)
    postal_code = models.TextField("code postal", blank=True)
    city = models.TextField("commune", blank=True)
    email = models.TextField("adresse électronique", blank=True)
    phone = models.TextField("téléphone", blank=True)
    head_name = models.TextField(
        "chef d’établissement", blank=True, help_text="Prénom NOM, tel qu’il figure sur les conventions."
    )
    is_demo = models.BooleanField("données fictives", default=False, editable=False)
    board_vote_date = models.DateField(
        "délibération du conseil d’administration",
        null=True,
        blank=True,
        help_text="Date du vote qui approuve la convention type de PFMP et autorise à la signer (R421-20).",
    )

    meetings_goal = models.PositiveSmallIntegerField(
        "rencontres par an et par partenaire",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text="Ce qu’il faut pour garder un partenariat vivant : deux ou trois, dit la fiche 2.5.",
    )
    takes_proposals = models.BooleanField(
        "formulaire public des offres",
        default=False,
        help_text="Ouvert : une entreprise propose une offre sans compte, et le bureau l’accepte ou non.",
    )

    holiday_zone = models.CharField(
        "zone de vacances",
        max_length=6,
        choices=HolidayZone.choices,
        blank=True,
        help_text="Vide : celle de l’académie.",
    )

    PERSONAL_DATA = ("head_name",)

    class Meta:
        verbose_name = "lycée"
        verbose_name_plural = "lycées"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("schools:home", args=[self.uai])


class SchoolRecord(Record):
    """A row that belongs to one school."""

    school = models.ForeignKey(School, models.CASCADE, related_name="+")  # a school leaves with all its data

    objects = ScopedQuerySet.as_manager()

    PERSONAL_DATA: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True


class AccessLinkQuerySet(ScopedQuerySet):
    def alive(self, now: datetime) -> Self:
        """Those that still open something."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class AccessLink(SchoolRecord):
    """A way in without an account (S-18): only the fingerprint of its token is kept; it expires and can be revoked."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField("expire le", editable=False)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True, editable=False)
    opened_at = models.DateTimeField("ouvert le", null=True, blank=True, editable=False)  # by a person, not a scanner

    objects = AccessLinkQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True


class DossierRecord(SchoolRecord):
    """A row that the dossier names by an `id` of its own, stable from one dossier to the next."""

    dossier_id = models.CharField("identifiant dans le dossier", max_length=DOSSIER_ID_LENGTH, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """A row made here gets its public identifier as dossier id."""
        if not self.dossier_id:
            self.dossier_id = str(self.public_id)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def once_in_dossier(name: str) -> UniqueConstraint:
    """(school, dossier id) is unique; also the index that imports look rows up by."""
    return UniqueConstraint(fields=["school", "dossier_id"], name=name)


class SchoolClass(SchoolRecord):
    """A class of one school year."""

    year = year_field()
    code = models.CharField("code", max_length=KEY_LENGTH)
    label = models.TextField("libellé")
    niveau = models.CharField("niveau", max_length=12, choices=Niveau.choices)
    diploma = models.TextField("diplôme et spécialité", blank=True)
    formation_code = models.TextField("code de la formation", blank=True)
    filiere = models.TextField("filière ou famille de métiers", blank=True)
    search_text = SearchTextField(sources=("code", "label", "diploma"))

    class Meta:
        verbose_name = "classe"
        ordering = ["year", "code"]
        constraints = [
            UniqueConstraint(
                fields=["school", "year", "code"],
                name="class_code_once",
                violation_error_message="Une classe porte déjà ce code cette année-là.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("schools:class_detail", args=[self.school.uai, self.public_id])


class StudentQuerySet(ScopedQuerySet):
    def taught_by(self, membership: "Membership") -> Self:
        """Pupils with a schooling, in any year, in a class that this person is assigned to (S-04: read live)."""
        return self.filter(
            pk__in=Schooling.objects.in_school(membership.school_id)
            .filter(school_class__assignments__membership=membership)
            .values("student")
        )


class Student(DossierRecord):
    """A pupil. Never a social security number, a health datum or a reason (P-02)."""

    ine = models.TextField("INE", blank=True)
    last_name = models.TextField("nom")
    first_name = models.TextField("prénom")
    sex = models.CharField("sexe", max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField("date de naissance", null=True, blank=True)
    email = models.TextField("adresse électronique", blank=True)
    phone = models.TextField("téléphone", blank=True)
    address = models.TextField("adresse", blank=True)
    postal_code = models.TextField("code postal", blank=True)
    city = models.TextField("commune", blank=True)
    guardian_name = models.TextField("responsable légal", blank=True)
    guardian_email = models.TextField("adresse électronique du responsable", blank=True)
    guardian_phone = models.TextField("téléphone du responsable", blank=True)
    # The second guardian, when both are to be written to; either one signs (art. 372-2 du code civil).
    guardian2_name = models.TextField("second responsable légal", blank=True)
    guardian2_email = models.TextField("adresse électronique du second responsable", blank=True)
    guardian2_phone = models.TextField("téléphone du second responsable", blank=True)
    search_text = SearchTextField(sources=("last_name", "first_name"))

    objects = StudentQuerySet.as_manager()  # type: ignore[misc]

    PERSONAL_DATA = (
        "ine", "last_name", "first_name", "sex", "birth_date", "email", "phone", "address", "postal_code", "city",
        "guardian_name", "guardian_email", "guardian_phone", "guardian2_name", "guardian2_email", "guardian2_phone",
        "search_text",
    )  # fmt: skip

    class Meta:
        verbose_name = "élève"
        constraints = [once_in_dossier("student_dossier_id")]
        indexes = [Index(fields=["school", "search_text"], name="student_search")]

    def __str__(self) -> str:
        return f"{self.last_name} {self.first_name}"

    @property
    def full_name(self) -> str:
        """Prénom NOM, as on papers."""
        return f"{self.first_name} {self.last_name}"

    def get_absolute_url(self) -> str:
        return reverse("schools:student_detail", args=[self.school.uai, self.public_id])


class SchoolingQuerySet(ScopedQuerySet):
    def on(self, day: date) -> Self:
        """Schoolings that hold on a day; the last day is included (C-06)."""
        return self.filter(Q(exit_date=None) | Q(exit_date__gte=day), entry_date__lte=day)


class Schooling(SchoolRecord):
    """A pupil's time in a class of a year. `priority`: None is unknown, never the reason (C-12)."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="schoolings", verbose_name="élève")
    school_class = models.ForeignKey(SchoolClass, models.RESTRICT, related_name="schoolings", verbose_name="classe")
    year = year_field()
    entry_date = models.DateField("entrée")
    exit_date = models.DateField("dernier jour dans la classe", null=True, blank=True)
    priority = models.BooleanField("public prioritaire", null=True, blank=True)

    objects = SchoolingQuerySet.as_manager()  # type: ignore[misc]

    PERSONAL_DATA = ("priority",)

    class Meta:
        verbose_name = "scolarité"
        constraints = [
            UniqueConstraint(
                fields=["student", "year", "school_class"],
                name="schooling_once",
                violation_error_message="Cet élève a déjà une scolarité dans cette classe.",
            ),
            CheckConstraint(
                condition=Q(exit_date=None) | Q(exit_date__gte=F("entry_date")),
                name="schooling_exit_after_entry",
                violation_error_message="Le dernier jour dans la classe est avant l’entrée.",
            ),
        ]
        indexes = [
            Index(
                fields=["school", "year", "student"],
                include=["school_class", "entry_date", "exit_date", "priority"],
                name="schooling_year",
            )
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.school_class}"

    def get_absolute_url(self) -> str:
        return reverse("schools:schooling_detail", args=[self.school.uai, self.public_id])


class Membership(SchoolRecord):
    """A person who works in the school, with or without an account, and their role. Personal data: all but role."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the school keeps who taught whom
        null=True,
        blank=True,
        editable=False,
        related_name="memberships",
    )
    email = models.CharField("adresse électronique", max_length=KEY_LENGTH)
    last_name = models.TextField("nom")
    first_name = models.TextField("prénom")
    role = models.CharField("rôle", max_length=12, choices=Role.choices)
    is_active = models.BooleanField("accès ouvert", default=True)
    search_text = SearchTextField(sources=("last_name", "first_name", "email"))

    PERSONAL_DATA = ("email", "last_name", "first_name", "search_text")

    class Meta:
        verbose_name = "membre du personnel"
        verbose_name_plural = "personnels"
        constraints = [
            UniqueConstraint(
                fields=["school", "email"],
                name="membership_once",
                violation_error_message="Cette personne est déjà dans la liste des personnels.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def role_enum(self) -> Role:
        return Role(self.role)

    def get_absolute_url(self) -> str:
        return reverse("schools:staff_detail", args=[self.school.uai, self.public_id])


class TeachingAssignment(SchoolRecord):
    """A teacher of a class: their rights on its pupils come from here (S-04)."""

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="assignments", verbose_name="membre du personnel"
    )
    school_class = models.ForeignKey(SchoolClass, models.CASCADE, related_name="assignments", verbose_name="classe")
    year = year_field()
    is_head_teacher = models.BooleanField("professeur principal", null=True, blank=True)

    class Meta:
        verbose_name = "enseignement dans une classe"
        constraints = [
            UniqueConstraint(
                fields=["membership", "school_class"],
                name="assignment_once",
                violation_error_message="Cette personne enseigne déjà dans cette classe.",
            )
        ]
        indexes = [Index(fields=["school", "year", "membership"], name="assignment_year")]

    def __str__(self) -> str:
        return f"{self.membership}, {self.school_class}"

    def get_absolute_url(self) -> str:
        return reverse("schools:assignment_detail", args=[self.school.uai, self.public_id])


class SchoolHoliday(SchoolRecord):
    """Days without lessons that a school enters: besides its zone's holidays, or instead of them in a year of `HOLIDAYS` rows."""

    label = models.CharField("libellé", max_length=120)
    kind = models.CharField("nature", max_length=12, choices=DayOffKind.choices, default=DayOffKind.CLOSURE)
    start_date = models.DateField("premier jour sans cours")
    end_date = models.DateField("dernier jour sans cours")

    class Meta:
        verbose_name = "jours sans cours"
        verbose_name_plural = "jours sans cours"
        constraints = [
            CheckConstraint(
                condition=Q(end_date__gte=F("start_date")),
                name="school_holiday_end_after_start",
                violation_error_message="Le dernier jour est avant le premier.",
            )
        ]
        indexes = [Index(fields=["school", "start_date"], include=["end_date", "kind"], name="school_holiday_days")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("schools:school_holiday_detail", args=[self.school.uai, self.public_id])


class SavedView(SchoolRecord):
    """A list as someone likes it: its filters, order and columns, under a name; shared with the school or one's own."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="saved_views", editable=False)
    page = models.CharField(max_length=60, editable=False)  # the URL name of the list, "partners:partner_list"
    label = models.CharField("nom", max_length=60)
    query = models.TextField(editable=False)  # the address's query, without page number nor format
    is_shared = models.BooleanField("montrer à tous les collègues", default=False)
    opens_first = models.BooleanField("ouvrir la liste sur cette vue", default=False)

    PERSONAL_DATA = ("query",)

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        constraints = [
            UniqueConstraint(
                fields=["membership", "page", "label"],
                name="saved_view_once",
                violation_error_message="Une de vos vues porte déjà ce nom.",
            ),
            UniqueConstraint(
                fields=["membership", "page"],
                condition=Q(opens_first=True),
                name="saved_view_first_once",
                violation_error_message="Une autre de vos vues s’ouvre déjà en premier.",
            ),
        ]
        indexes = [Index(fields=["school", "page"], name="saved_view_page")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("schools:saved_view_detail", args=[self.school.uai, self.public_id])


class TableImport(SchoolRecord):
    """A spreadsheet of a user on its way in: columns mapped, then checked, then written, and undone within 7 days.

    `kind` names what its lines are ("partners.companies"); `mapping` gives each field its column; `report` is the dry run
    or the outcome, by line; `journal` is what undoing needs. The file, the report and the journal are forgotten after 7 days.
    """

    kind = models.CharField(max_length=60, editable=False)
    file_name = models.CharField("fichier", max_length=200, editable=False)
    file = models.FileField(upload_to=import_path, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        "état", max_length=14, choices=ImportState.choices, default=ImportState.READING, editable=False
    )
    layout = models.JSONField(default=dict, editable=False)  # encoding, delimiter, sheet, header line, headers, samples
    mapping = models.JSONField(default=dict, editable=False)
    options = models.JSONField(default=dict, editable=False)
    report = models.JSONField(default=dict, editable=False)
    journal = models.JSONField(default=dict, editable=False)
    applied_at = models.DateTimeField("importé le", null=True, blank=True, editable=False)
    undone_at = models.DateTimeField("annulé le", null=True, blank=True, editable=False)

    PERSONAL_DATA = ("layout", "report", "journal", "file_name")

    class Meta:
        verbose_name = "import de tableau"
        verbose_name_plural = "imports de tableaux"
        indexes = [Index(fields=["school", "kind", "created_at"], name="table_import_kind")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("schools:table_import_detail", args=[self.school.uai, self.public_id])


class AcademyReader(Record):
    """A person of a rectorat who reads the counts of the lycées of one académie (role `academie`): never a name of anybody."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="academies", verbose_name="compte")
    academy = models.TextField("académie")
    is_active = models.BooleanField("accès ouvert", default=True)

    class Meta:
        verbose_name = "lecteur d’une académie"
        verbose_name_plural = "lecteurs d’académies"
        constraints = [UniqueConstraint(fields=["user", "academy"], name="academy_reader_once")]

    def __str__(self) -> str:
        return f"{self.user}, académie de {self.academy}"
