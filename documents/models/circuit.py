"""How a paper gets signed: personal links and codes, proof, scans of paper, proposals, reminders, deputies, the school's settings."""

import uuid
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from core.scope import ScopedQuerySet
from documents.enums import EventKind, LinkChannel, ProposalKind, ProposalState, ReminderKind, SignatureRole
from documents.models.papers import Document, Signature
from schools.models import Membership, SchoolRecord


def scan_path(scan: "Scan", filename: str) -> str:
    """A random name that says nothing about anyone (S-27)."""
    return f"scans/{scan.school.uai}/{uuid.uuid4().hex}.pdf"


class SignatureEvent(SchoolRecord):
    """One line of a paper's proof (S-22): only ever added. `hash` covers the line and the hash of the line before.

    `payload`: what the line says, without any text that the paper does not already carry: role, masked address, means,
    SHA-256 of the PDF shown, text accepted, UTC time, IP, browser string.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="events", editable=False)
    number = models.PositiveIntegerField(editable=False)
    kind = models.CharField("fait", max_length=12, choices=EventKind.choices, editable=False)
    role = models.CharField("rôle", max_length=20, choices=SignatureRole.choices, blank=True, editable=False)
    at = models.DateTimeField("date", editable=False)
    payload = models.JSONField(default=dict, editable=False)
    previous_hash = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(max_length=64, editable=False)

    PERSONAL_DATA = ("payload",)

    class Meta:
        verbose_name = "ligne de preuve"
        verbose_name_plural = "lignes de preuve"
        constraints = [UniqueConstraint(fields=["document", "number"], name="signature_event_once")]
        indexes = [Index(fields=["school", "document", "number"], name="signature_event_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.document}"


class SigningLinkQuerySet(ScopedQuerySet):
    def alive(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=now)


class SigningLink(SchoolRecord):
    """One person's way to one signature of one version of a paper (S-18). The token itself is never stored."""

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="links", editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    name = models.TextField("pour", editable=False)
    email = models.TextField("adresse électronique", blank=True, editable=False)
    phone = models.TextField("téléphone", blank=True, editable=False)
    channel = models.CharField("remis", max_length=10, choices=LinkChannel.choices, editable=False)
    expires_at = models.DateTimeField("expire le", editable=False)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(
        "ouvert le", null=True, blank=True, editable=False
    )  # with the code, not by a mail scanner

    objects = SigningLinkQuerySet.as_manager()  # type: ignore[misc]

    PERSONAL_DATA = ("name", "email", "phone")

    class Meta:
        verbose_name = "lien de signature"
        verbose_name_plural = "liens de signature"
        indexes = [Index(fields=["school", "signature"], name="signing_link_signature")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.signature}"


class SigningCode(SchoolRecord):
    """A code of six digits (S-19): ten minutes, five tries, one use. Of a link, or of an account that signs a batch.

    `target` is what the code is for: the SHA-256 of the PDF, or of the list of those of the batch.
    """

    link = models.ForeignKey(SigningLink, models.CASCADE, null=True, editable=False, related_name="codes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, editable=False, related_name="+")
    target = models.CharField(max_length=64, editable=False)
    code_hash = models.CharField(max_length=64, editable=False)
    expires_at = models.DateTimeField(editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    used_at = models.DateTimeField(null=True, editable=False)
    spoken_by = models.ForeignKey(  # the colleague who read it out to someone without e-mail
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = "code de signature"
        verbose_name_plural = "codes de signature"
        constraints = [
            CheckConstraint(
                condition=Q(link__isnull=False, user=None) | Q(link=None, user__isnull=False), name="signing_code_owner"
            )
        ]
        indexes = [
            Index(fields=["school", "link"], name="signing_code_link"),
            Index(fields=["school", "user"], name="signing_code_user"),
        ]


class SignerProposal(SchoolRecord):
    """« Ce n’est pas moi » : what a signer proposes; the bureau accepts it or not (S-20)."""

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="proposals", editable=False)
    kind = models.CharField("proposition", max_length=12, choices=ProposalKind.choices)
    last_name = models.TextField("nom", blank=True)
    first_name = models.TextField("prénom", blank=True)
    position = models.TextField("fonction", blank=True)
    email = models.TextField("adresse électronique", blank=True)
    phone = models.TextField("téléphone", blank=True)
    message = models.TextField("message", blank=True)
    state = models.CharField(
        "état", max_length=22, choices=ProposalState.choices, default=ProposalState.WAITING, editable=False
    )
    decided_at = models.DateTimeField("traitée le", null=True, blank=True, editable=False)
    answer = models.TextField("réponse", blank=True, editable=False)

    PERSONAL_DATA = ("last_name", "first_name", "position", "email", "phone", "message", "answer")

    class Meta:
        verbose_name = "proposition d’un signataire"
        verbose_name_plural = "propositions de signataires"
        constraints = [
            UniqueConstraint(
                fields=["signature", "kind"],
                condition=Q(state=ProposalState.WAITING),
                name="signer_proposal_once",
                violation_error_message="Une proposition attend déjà la réponse du bureau.",
            )
        ]
        indexes = [Index(fields=["school", "state"], name="signer_proposal_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.signature}"

    def get_absolute_url(self) -> str:
        return reverse("documents:signer_proposal_detail", args=[self.school.uai, self.public_id])


class Scan(SchoolRecord):
    """The signed paper, photographed or scanned: its pages as one PDF."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="scans", editable=False)
    file = models.FileField("fichier", upload_to=scan_path, editable=False)
    sha256 = models.CharField("empreinte", max_length=64, editable=False)
    pages = models.PositiveSmallIntegerField("pages", editable=False)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True, editable=False)

    PERSONAL_DATA = ("file",)

    class Meta:
        verbose_name = "numérisation d’un document signé"
        verbose_name_plural = "numérisations de documents signés"
        indexes = [Index(fields=["school", "document"], name="scan_document")]

    def __str__(self) -> str:
        return f"{self.pages} p., {self.document}"


class Reminder(SchoolRecord):
    """The ledger of what was sent about a signature: one line a signature and a message; a digest writes several."""

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="reminders", editable=False)
    kind = models.CharField("relance", max_length=12, choices=ReminderKind.choices, editable=False)
    channel = models.CharField("par", max_length=10, choices=LinkChannel.choices, editable=False)
    sent_at = models.DateTimeField("envoyée le", editable=False)
    message_key = models.CharField(
        max_length=200, blank=True, editable=False
    )  # of the outbox; the same for a whole digest

    class Meta:
        verbose_name = "relance"
        indexes = [Index(fields=["school", "signature", "-sent_at"], name="reminder_last")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.signature}"


class DelegationQuerySet(ScopedQuerySet):
    def on(self, day: date) -> Self:
        """Delegations that hold on a day; the last day is included."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class Delegation(SchoolRecord):
    """A colleague who signs for the head of the school, by which act, and when."""

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="delegations", verbose_name="personne qui signe"
    )
    act = models.TextField("acte", help_text="Par exemple : arrêté de délégation de signature du 1er septembre 2026.")
    since = models.DateField("du")
    until = models.DateField("au", null=True, blank=True, help_text="Dernier jour. Vide : jusqu’à nouvel ordre.")

    objects = DelegationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "délégation de signature"
        verbose_name_plural = "délégations de signature"
        constraints = [
            CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="delegation_until_after_since",
                violation_error_message="Le dernier jour est avant le premier.",
            )
        ]
        indexes = [Index(fields=["school", "membership"], name="delegation_membership")]

    def __str__(self) -> str:
        return f"{self.membership}, {self.act}"

    def get_absolute_url(self) -> str:
        return reverse("documents:delegation_detail", args=[self.school.uai, self.public_id])


def default_order() -> list[list[str]]:
    """Everyone in any order, then the head of the school (R-CONV-03)."""
    return [[role.value for role in SignatureRole if role is not SignatureRole.HEAD], [SignatureRole.HEAD.value]]


def default_weekdays() -> list[int]:
    return [0, 1, 2, 3, 4]


class CircuitSettings(SchoolRecord):
    """How a school gets its papers signed: in which order, how long links live, when people are reminded. One row a school."""

    order: Any = models.JSONField(
        "ordre de signature", default=default_order
    )  # groups of roles; each waits for those before
    link_days = models.PositiveSmallIntegerField(
        "durée d’un lien, en jours", default=21, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    reminds = models.BooleanField("relancer automatiquement", default=True)
    first_after = models.PositiveSmallIntegerField(
        "première relance après", default=4, validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="En jours ouvrés après l’envoi du lien.",
    )  # fmt: skip
    every = models.PositiveSmallIntegerField(
        "puis tous les",
        default=4,
        validators=[MinValueValidator(2), MaxValueValidator(30)],
        help_text="En jours ouvrés.",
    )
    most = models.PositiveSmallIntegerField(
        "au plus",
        default=4,
        validators=[MinValueValidator(0), MaxValueValidator(10)],
        help_text="Relances automatiques.",
    )
    weekdays: Any = models.JSONField("jours d’envoi", default=default_weekdays)  # 0 for Monday

    class Meta:
        verbose_name = "réglages des signatures"
        verbose_name_plural = "réglages des signatures"
        constraints = [UniqueConstraint(fields=["school"], name="circuit_settings_once")]

    def __str__(self) -> str:
        return f"Signatures, {self.school}"

    def get_absolute_url(self) -> str:
        return reverse("documents:circuit_settings", args=[self.school.uai])
