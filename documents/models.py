"""Issued paper of any kind: its number, its frozen content, its PDF, and who signed."""

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Index, UniqueConstraint
from django.urls import reverse

from core.scope import ScopedQuerySet
from documents.enums import DocumentType, SignatureRole, SignatureStatus, Subject
from schools.models import KEY_LENGTH, DossierRecord, SchoolRecord, once_in_dossier


def stored_path(document: "Document", filename: str) -> str:
    """Where a PDF lies: a name that says nothing about anyone (S-27)."""
    return f"documents/{document.school.uai}/{document.public_id}.pdf"


class DocumentQuerySet(ScopedQuerySet):
    def about(self, subject: Subject, dossier_id: str) -> Self:
        """The papers about one placement, agreement or school, latest version first."""
        return self.filter(subject=subject, subject_id=dossier_id).order_by("-edition", "-issued_at")


class Document(DossierRecord):
    """An issued paper. `content` is what it says, frozen; the PDF is made from it once, then never changes.

    `sha256` and `file` stay empty until the PDF is made. `subject_id` is the dossier id of the placement or agreement, or
    the school's UAI: papers stand below the apps they speak of.
    """

    type = models.CharField("type", max_length=24, choices=DocumentType.choices)
    subject = models.CharField("objet", max_length=14, choices=Subject.choices)
    subject_id = models.CharField("objet désigné", max_length=KEY_LENGTH)
    number = models.CharField("numéro", max_length=KEY_LENGTH)
    edition = models.PositiveIntegerField("version", default=1, validators=[MinValueValidator(1)])
    issued_at = models.DateTimeField("émis le")
    sha256 = models.CharField("empreinte", max_length=64, blank=True)
    content = models.JSONField("contenu figé", default=dict, blank=True)
    template_version = models.CharField("version du modèle", max_length=40, blank=True)
    file = models.FileField("fichier", upload_to=stored_path, blank=True)

    objects = DocumentQuerySet.as_manager()  # type: ignore[misc]

    PERSONAL_DATA = ("content", "file")

    class Meta:
        verbose_name = "document"
        constraints = [once_in_dossier("document_dossier_id")]
        indexes = [
            Index(fields=["school", "subject", "subject_id"], name="document_subject"),
            Index(fields=["school", "type", "issued_at"], name="document_issued"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} n° {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("documents:document_detail", args=[self.school.uai, self.public_id])


class Signature(SchoolRecord):
    """One party's signature of a document. Personal data: name."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="signatures", verbose_name="document")
    role = models.CharField("rôle", max_length=20, choices=SignatureRole.choices)
    name = models.TextField("nom")
    status = models.CharField("statut", max_length=16, choices=SignatureStatus.choices, default=SignatureStatus.AWAITED)
    date = models.DateTimeField("date", null=True, blank=True)
    reason = models.TextField("motif d’un refus", blank=True)

    PERSONAL_DATA = ("name", "reason")

    class Meta:
        verbose_name = "signature"
        constraints = [UniqueConstraint(fields=["document", "role"], name="signature_once")]
        indexes = [Index(fields=["school", "document"], include=["status", "date"], name="signature_document")]


class PaperModel(SchoolRecord):
    """A school's own wording of a paper: articles that replace those of the national model. Versions are kept."""

    type = models.CharField("type", max_length=24, choices=DocumentType.choices)
    number = models.PositiveIntegerField("version")
    articles = models.JSONField("articles", default=dict)

    class Meta:
        verbose_name = "modèle de document"
        verbose_name_plural = "modèles de documents"
        constraints = [UniqueConstraint(fields=["school", "type", "number"], name="paper_model_version")]
