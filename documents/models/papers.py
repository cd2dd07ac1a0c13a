"""Issued paper of any kind: its number, its frozen content, its PDF, and who signed."""

from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Index, Q, UniqueConstraint
from django.urls import reverse

from core.scope import ScopedQuerySet
from documents.enums import DocumentType, SignatureMeans, SignatureRole, SignatureStatus, Subject
from schools.models import KEY_LENGTH, DossierRecord, SchoolRecord, once_in_dossier


def stored_path(document: "Document", filename: str) -> str:
    """Where a PDF lies: a name that says nothing about anyone (S-27)."""
    return f"documents/{document.school.uai}/{document.public_id}.pdf"


def sealed_path(document: "Document", filename: str) -> str:
    """Where a sealed file lies: beside the PDF that people signed, which never changes."""
    return f"documents/{document.school.uai}/{document.public_id}-scelle.pdf"


class DocumentQuerySet(ScopedQuerySet):
    def about(self, subject: Subject, dossier_id: str) -> Self:
        """The papers about one placement, agreement or school, latest version first."""
        return self.filter(subject=subject, subject_id=dossier_id).order_by("-edition", "-issued_at")

    def editions_of(self, document: "Document") -> Self:
        """The versions of one paper, itself included: the same number of the same kind about the same thing."""
        return self.filter(
            type=document.type, number=document.number, subject=document.subject, subject_id=document.subject_id
        )


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
    completed_at = models.DateTimeField("signé de tous le", null=True, blank=True, editable=False)
    voided_at = models.DateTimeField(
        "annulé le", null=True, blank=True, editable=False
    )  # replaced, or its subject given up
    sealed_at = models.DateTimeField("scellé le", null=True, blank=True, editable=False)
    sealed_sha256 = models.CharField("empreinte du fichier scellé", max_length=64, blank=True, editable=False)
    sealed_file = models.FileField("fichier scellé", upload_to=sealed_path, blank=True, editable=False)
    amends = models.ForeignKey(
        "self",
        models.RESTRICT,  # an avenant without its convention says nothing
        null=True,
        blank=True,
        editable=False,
        related_name="amendments",
        verbose_name="document modifié par cet avenant",
    )
    # What an avenant changes: [{"label", "before", "after"}], in words; it holds from `effective_date`.
    changes = models.JSONField("ce qui change", default=list, blank=True, editable=False)
    effective_date = models.DateField("à compter du", null=True, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()  # type: ignore[misc]

    PERSONAL_DATA = ("content", "file", "sealed_file", "changes")

    class Meta:
        verbose_name = "document"
        constraints = [once_in_dossier("document_dossier_id")]
        indexes = [
            Index(fields=["school", "subject", "subject_id"], name="document_subject"),
            Index(fields=["school", "type", "issued_at"], name="document_issued"),
            # The verification page finds a file by what it is, in every school at once.
            Index(fields=["sha256"], condition=~Q(sha256=""), name="document_sha256"),
            Index(fields=["sealed_sha256"], condition=~Q(sealed_sha256=""), name="document_sealed"),
            Index(fields=["number"], name="document_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} n° {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("documents:document_detail", args=[self.school.uai, self.public_id])


NOT_GIVEN = (SignatureStatus.AWAITED, SignatureStatus.REFUSED)


class SignatureQuerySet(ScopedQuerySet):
    def counted(self) -> Self:
        """Without the signatures that may be added and were not: nobody waits for them."""
        return self.exclude(optional=True, status__in=NOT_GIVEN)

    def awaited(self) -> Self:
        """What the paper still waits for."""
        return self.filter(status=SignatureStatus.AWAITED, optional=False)


class Signature(SchoolRecord):
    """One party's signature of a document: who is to sign, in which turn, and what came. Personal data.

    `name` is who signs, or signed. `capacity` says in whose name ("par délégation du chef d’établissement…"). `date` is when
    the person signed; for a signature on paper, the day written on it; `recorded_at` when someone of the school noted it.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="signatures", verbose_name="document")
    role = models.CharField("rôle", max_length=20, choices=SignatureRole.choices)
    name = models.TextField("nom")
    status = models.CharField("statut", max_length=16, choices=SignatureStatus.choices, default=SignatureStatus.AWAITED)
    date = models.DateTimeField("date", null=True, blank=True)
    reason = models.TextField("motif d’un refus", blank=True)
    optional = models.BooleanField("facultative", default=False, editable=False)  # a minor's own, beside the guardian's
    turn = models.PositiveSmallIntegerField("tour", default=1, editable=False)  # the lowest sign first (R-CONV-03)
    position = models.TextField("qualité", blank=True)
    capacity = models.TextField("au nom de", blank=True)
    email = models.TextField("adresse électronique", blank=True)  # where links and codes go
    phone = models.TextField("téléphone", blank=True)
    means = models.CharField("moyen", max_length=16, choices=SignatureMeans.choices, blank=True, editable=False)
    recorded_at = models.DateTimeField("notée le", null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    scan = models.ForeignKey(
        "documents.Scan", models.SET_NULL, null=True, blank=True, editable=False, related_name="signatures"
    )

    objects = SignatureQuerySet.as_manager()  # type: ignore[misc]

    PERSONAL_DATA = ("name", "reason", "position", "capacity", "email", "phone")

    class Meta:
        verbose_name = "signature"
        constraints = [UniqueConstraint(fields=["document", "role"], name="signature_once")]
        indexes = [
            Index(fields=["school", "document"], include=["status", "date"], name="signature_document"),
            Index(fields=["school", "status", "role"], name="signature_awaited"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.name}"

    @property
    def counts(self) -> bool:
        """Does the paper need it, or was it given besides? `SignatureQuerySet.counted` for a row at hand."""
        return not self.optional or self.status not in NOT_GIVEN


class PaperModel(SchoolRecord):
    """A school's own wording of a paper: articles that replace those of the national model. Versions are kept."""

    type = models.CharField("modèle", max_length=24)  # documents.wording.texts.Model.key
    number = models.PositiveIntegerField("version")
    articles = models.JSONField("articles", default=dict)

    class Meta:
        verbose_name = "modèle de document"
        verbose_name_plural = "modèles de documents"
        constraints = [UniqueConstraint(fields=["school", "type", "number"], name="paper_model_version")]
