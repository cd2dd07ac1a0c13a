"""How a pupil finds a place: approaches, the pre-convention that a company fills, personal links that open both."""

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q
from django.urls import reverse

from partners.models import Contact, Partner
from pfmp.enums import ApproachMaker, ApproachMeans, ApproachState, LinkPurpose, PreConventionState
from pfmp.models.periods import Period
from pfmp.models.placements import Placement
from schools.models import AccessLink, Membership, SchoolRecord, Student


class Approach(SchoolRecord):
    """One company asked for one pupil and one period: by the pupil, the family or the team (R-REF-08)."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="approaches", verbose_name="élève")
    period = models.ForeignKey(Period, models.CASCADE, related_name="approaches", verbose_name="période")
    partner = models.ForeignKey(
        Partner, models.SET_NULL, null=True, blank=True, related_name="approaches", verbose_name="entreprise connue"
    )
    company = models.TextField("entreprise", blank=True)
    city = models.TextField("commune", blank=True)
    phone = models.TextField("téléphone de l’entreprise", blank=True)
    person = models.TextField("personne rencontrée", blank=True)
    date = models.DateField("jour")
    means = models.CharField("comment", max_length=12, choices=ApproachMeans.choices, blank=True)
    made_by = models.CharField("par", max_length=8, choices=ApproachMaker.choices, default=ApproachMaker.STUDENT)
    author = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name="noté par"
    )
    state = models.CharField("où cela en est", max_length=8, choices=ApproachState.choices, default=ApproachState.ASKED)
    reply_date = models.DateField("réponse le", null=True, blank=True)
    # Of a place found, when they are not those of the period.
    start_date = models.DateField("premier jour", null=True, blank=True)
    end_date = models.DateField("dernier jour", null=True, blank=True)
    note = models.TextField("remarque", blank=True)

    PERSONAL_DATA = ("student", "person", "phone", "note")

    class Meta:
        verbose_name = "démarche"
        constraints = [
            CheckConstraint(
                condition=Q(partner__isnull=False) | ~Q(company=""),
                name="approach_names_a_company",
                violation_error_message="Indiquez l’entreprise.",
            ),
            CheckConstraint(
                condition=Q(start_date=None) | Q(end_date=None) | Q(end_date__gte=F("start_date")),
                name="approach_end_after_start",
                violation_error_message="La date de fin est avant la date de début.",
            ),
        ]
        indexes = [
            Index(fields=["school", "period", "student"], include=["state", "date"], name="approach_period"),
            Index(fields=["school", "partner", "date"], include=["state"], name="approach_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.host_name}, {self.date:%d/%m/%Y}"

    @property
    def host_name(self) -> str:
        """The company's name, known or typed."""
        return self.partner.name if self.partner else self.company

    @property
    def host_city(self) -> str:
        return self.partner.city if self.partner else self.city

    @property
    def host_phone(self) -> str:
        return self.partner.phone if self.partner else self.phone

    def get_absolute_url(self) -> str:
        return reverse("pfmp:approach_detail", args=[self.school.uai, self.public_id])


class PreConvention(SchoolRecord):
    """What each party fills before the convention: the company its own part, the teacher validates the tasks.

    `answers`: what the company wrote, by field of its form; it reaches partner, people, placement and terms when the teacher
    validates. The placement it prepares is a lead until then.
    """

    placement = models.OneToOneField(Placement, models.CASCADE, related_name="pre_convention", verbose_name="placement")
    state = models.CharField(
        "état", max_length=16, choices=PreConventionState.choices, default=PreConventionState.DRAFT, editable=False
    )
    answers: Any = models.JSONField("réponses de l’entreprise", default=dict, blank=True, editable=False)
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True, editable=False)
    filled_at = models.DateTimeField("remplie le", null=True, blank=True, editable=False)
    filled_by = models.TextField("remplie par", blank=True, editable=False)
    correction = models.TextField("à corriger", blank=True)
    validated_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name="validée par"
    )
    validated_at = models.DateTimeField("validée le", null=True, blank=True, editable=False)

    PERSONAL_DATA = ("answers", "filled_by", "correction")

    class Meta:
        verbose_name = "pré-convention"
        indexes = [Index(fields=["school", "state"], name="pre_convention_state")]

    def __str__(self) -> str:
        return f"Pré-convention, {self.placement}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:pre_convention_detail", args=[self.school.uai, self.public_id])


class PersonalLink(AccessLink):
    """One person's way, without an account, to one pupil's or one placement's pages (S-18). The token is never stored."""

    purpose = models.CharField("pour", max_length=16, choices=LinkPurpose.choices, editable=False)
    student = models.ForeignKey(Student, models.CASCADE, null=True, editable=False, related_name="links")
    placement = models.ForeignKey(Placement, models.CASCADE, null=True, editable=False, related_name="links")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, editable=False, related_name="+")
    name = models.TextField("à", editable=False)
    email = models.TextField("adresse électronique", blank=True, editable=False)

    PERSONAL_DATA = ("name", "email", "student", "placement", "contact")

    class Meta:
        verbose_name = "lien personnel"
        verbose_name_plural = "liens personnels"
        constraints = [
            CheckConstraint(
                condition=Q(purpose=LinkPurpose.STUDENT, student__isnull=False, placement=None)
                | (~Q(purpose=LinkPurpose.STUDENT) & Q(student=None, placement__isnull=False)),
                name="personal_link_subject",
            )
        ]
        indexes = [
            Index(fields=["school", "student"], name="personal_link_student"),
            Index(fields=["school", "placement", "purpose"], name="personal_link_placement"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.name}"
