"""Photographs of actions, and who authorised the use of a pupil's image (P-09)."""

import uuid

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from events.enums import Consenting
from events.models.actions import Action
from schools.models import SchoolRecord, Student


def photo_path(record: "ActionPhoto", filename: str) -> str:
    """A random name: nothing of the sender's."""
    return f"actions/{uuid.uuid4().hex}"


class ImageConsent(SchoolRecord):
    """A written authorisation: for one project and use, for some time, by the pupil of age or the parents. Personal data."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="image_consents", verbose_name="élève")
    project = models.TextField("projet", help_text="Par exemple : le forum des métiers de novembre.")
    use = models.TextField("usage", help_text="Par exemple : le site du lycée et le bilan remis aux partenaires.")
    given_by = models.CharField("donnée par", max_length=12, choices=Consenting.choices)
    signed_date = models.DateField("signée le")
    until_date = models.DateField("jusqu’au")
    revoked_date = models.DateField("retirée le", null=True, blank=True)

    PERSONAL_DATA = ("student",)

    class Meta:
        verbose_name = "autorisation d’image"
        verbose_name_plural = "autorisations d’image"
        constraints = [
            CheckConstraint(
                condition=Q(until_date__gte=F("signed_date")),
                name="image_consent_until_after_signed",
                violation_error_message="La fin de l’autorisation est avant sa signature.",
            )
        ]
        indexes = [Index(fields=["school", "student"], name="image_consent_student")]

    def __str__(self) -> str:
        return f"{self.student} : {self.project}"

    def get_absolute_url(self) -> str:
        return reverse("events:image_consent_detail", args=[self.school.uai, self.public_id])


class ActionPhoto(SchoolRecord):
    """A photograph of an action. Nobody on it, or only people who authorised it."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="photos", verbose_name="action")
    file = models.FileField("photo", upload_to=photo_path, editable=False)
    caption = models.TextField("légende", blank=True)
    shows_nobody = models.BooleanField("personne n’y est reconnaissable", default=False)

    class Meta:
        verbose_name = "photo d’une action"
        verbose_name_plural = "photos des actions"
        indexes = [Index(fields=["school", "action"], name="action_photo_action")]

    def __str__(self) -> str:
        return self.caption or f"Photo de {self.action}"

    def get_absolute_url(self) -> str:
        return self.action.get_absolute_url()


class PhotoSubject(SchoolRecord):
    """A pupil on a photograph, under an authorisation: without it the photograph goes."""

    photo = models.ForeignKey(ActionPhoto, models.CASCADE, related_name="subjects", editable=False)
    consent = models.ForeignKey(ImageConsent, models.CASCADE, related_name="subjects", editable=False)

    PERSONAL_DATA = ("consent",)

    class Meta:
        verbose_name = "élève sur une photo"
        verbose_name_plural = "élèves sur les photos"
        constraints = [UniqueConstraint(fields=["photo", "consent"], name="photo_subject_once")]

    def __str__(self) -> str:
        return f"{self.consent.student}, {self.photo}"
