"""Partnership agreements, from the national frame to the school, and the networks the school belongs to."""

import uuid
from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from conventions import rules
from conventions.enums import (
    AgreementLevel,
    AgreementStage,
    AgreementState,
    CommitmentKind,
    CommitmentSide,
    EmblemKind,
    FrameSource,
    NetworkType,
)
from core.fields import SearchTextField, exact_decimal_field
from core.models import Record
from core.scope import ScopedQuerySet
from partners.models import Contact, Partner
from schools.models import DossierRecord, Membership, SchoolRecord, once_in_dossier


class Frame(Record):
    """A national, regional or academic agreement of the catalogue, as its source tells it: a model to confirm, of no school.

    Nothing here says that a text is in force: `estimated_status` is what its source lets one guess.
    """

    key = models.CharField("clé", max_length=120, unique=True, editable=False)
    source = models.CharField("origine", max_length=10, choices=FrameSource.choices, editable=False)
    level = models.CharField("niveau", max_length=20, choices=AgreementLevel.choices)
    academy = models.TextField("académie ou région académique", blank=True)
    partner_name = models.TextField("partenaire")
    acronym = models.TextField("sigle", blank=True)
    partner_type = models.TextField("type de partenaire", blank=True)
    sector = models.TextField("secteur", blank=True)
    nature = models.TextField("nature du texte", blank=True)
    title = models.TextField("intitulé")
    signed = models.TextField("date de signature", blank=True)  # as the source says it: a day, a month or a year
    validity = models.TextField("validité", blank=True)
    estimated_status = models.TextField("statut estimé", blank=True)
    themes = models.JSONField("thèmes d’action", default=list, blank=True)
    publics = models.JSONField("publics", default=list, blank=True)
    declines = models.TextField("décline", blank=True)  # the words of the source
    source_title = models.TextField("source", blank=True)
    source_url = models.TextField("adresse de la source", blank=True)
    source_date = models.TextField("date de la source", blank=True)
    evidence = models.TextField("niveau de preuve", blank=True)
    remarks = models.TextField("remarques", blank=True)
    gone_at = models.DateTimeField("sorti du catalogue le", null=True, blank=True, editable=False)
    search_text = SearchTextField(sources=("partner_name", "acronym", "sector", "title"))

    class Meta:
        verbose_name = "convention du catalogue"
        verbose_name_plural = "catalogue des conventions"
        indexes = [Index(fields=["level", "academy"], name="frame_level")]

    def __str__(self) -> str:
        return self.title


UNCONFIRMED = Q(frame__isnull=False, start_date=None, end_date=None) & ~Q(level=AgreementLevel.SCHOOL)
"""A copy of a frame of the catalogue is to be confirmed until someone writes its first or last day."""


class AgreementQuerySet(ScopedQuerySet):
    def local(self) -> Self:
        """The school's own agreements, not the frames above them."""
        return self.filter(level=AgreementLevel.SCHOOL)

    def in_force(self, day: date) -> Self:
        """Signed and running on a day (§ 1 of the definitions)."""
        return self.filter(
            Q(start_date=None) | Q(start_date__lte=day),
            Q(terminated_date=None) | Q(terminated_date__gt=day),
            Q(end_date=None) | Q(end_date__gte=day) | Q(tacit_renewal=True),
            signed_date__lte=day,
        )

    def in_state(self, state: AgreementState, day: date) -> Self:
        """Those of one state on a day, as `state_on` says; the stages before the signature are the school's own agreements."""
        if state in AgreementStage.values:
            return self.local().filter(Q(signed_date=None) | Q(signed_date__gt=day), stage=state)
        if state == AgreementState.UNCONFIRMED:
            return self.filter(UNCONFIRMED)
        signed = self.filter(signed_date__lte=day).exclude(UNCONFIRMED)
        if state == AgreementState.TERMINATED:
            return signed.filter(terminated_date__lte=day)
        signed = signed.filter(Q(terminated_date=None) | Q(terminated_date__gt=day))
        if state == AgreementState.TO_COME:
            return signed.filter(start_date__gt=day)
        signed = signed.filter(Q(start_date=None) | Q(start_date__lte=day))
        ends = Q(end_date__isnull=False) & (Q(tacit_renewal=None) | Q(tacit_renewal=False))
        if state == AgreementState.EXPIRED:
            return signed.filter(ends, end_date__lt=day)
        soon = ends & Q(end_date__range=(day, day + rules.RENEWAL_WINDOW))
        if state == AgreementState.ENDING:
            return signed.filter(soon)
        return signed.exclude(soon).exclude(ends & Q(end_date__lt=day))


def listed(text: str) -> list[str]:
    """What a field of the dossier lists, with a bar between two."""
    return [part.strip() for part in text.split("|") if part.strip()]


class Agreement(DossierRecord):
    """A partnership agreement (never a placement convention). Frames above the school are kept as its own copy (B-25)."""

    level = models.CharField("niveau", max_length=20, choices=AgreementLevel.choices, default=AgreementLevel.SCHOOL)
    academy = models.TextField("académie", blank=True)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,  # a local agreement stands without its frame
        null=True,
        blank=True,
        related_name="children",
        verbose_name="convention déclinée",
    )
    partner = models.ForeignKey(
        Partner, models.RESTRICT, null=True, blank=True, related_name="agreements", verbose_name="partenaire"
    )
    signatory = models.TextField("signataire", blank=True, help_text="Nom du partenaire, pour les niveaux supérieurs.")
    title = models.TextField("titre")
    axes = models.TextField("axes de travail", blank=True, help_text="Séparés par une barre verticale.")
    signed_date = models.DateField("signée le", null=True, blank=True)
    start_date = models.DateField("début", null=True, blank=True)
    end_date = models.DateField("fin", null=True, blank=True, help_text="Dernier jour. Vide : sans terme.")
    tacit_renewal = models.BooleanField("tacite reconduction", null=True, blank=True)
    terminated_date = models.DateField("résiliée le", null=True, blank=True)
    board_vote_date = models.DateField("délibération du conseil d’administration", null=True, blank=True)
    follow_up = models.TextField("modalités de suivi", blank=True)
    url = models.TextField("adresse du texte", blank=True)
    # Beside the dossier: how it is prepared, by whom it is followed, what it follows on.
    stage = models.CharField(
        "étape", max_length=16, choices=AgreementStage.choices, default=AgreementStage.NEGOTIATION, editable=False
    )
    purpose = models.TextField(
        "objet", blank=True, help_text="En une ou deux phrases : ce que la convention veut faire."
    )
    publics = models.TextField("publics", blank=True, help_text="Séparés par une barre verticale.")
    action_types = models.JSONField("actions prévues", default=list, blank=True)  # ActionType values
    contact = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="interlocuteur chez le partenaire",
    )
    referent = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="suivie au lycée par"
    )
    renewal_months = models.PositiveSmallIntegerField(
        "durée d’une reconduction, en mois",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    notice_days = models.PositiveSmallIntegerField(
        "préavis, en jours", null=True, blank=True, validators=[MaxValueValidator(730)],
        help_text="Avant l’échéance, pour ne pas reconduire.",
    )  # fmt: skip
    renews = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="renewals",
        verbose_name="renouvelle",
    )
    termination_reason = models.TextField("motif de la résiliation", blank=True)
    frame = models.ForeignKey(
        Frame,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="agreements",
        verbose_name="catalogue",
    )
    search_text = SearchTextField(sources=("title", "signatory"))

    objects = AgreementQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "convention de partenariat"
        verbose_name_plural = "conventions de partenariat"
        constraints = [
            once_in_dossier("agreement_dossier_id"),
            CheckConstraint(
                condition=Q(level=AgreementLevel.SCHOOL, partner__isnull=False)
                | (~Q(level=AgreementLevel.SCHOOL) & Q(partner__isnull=True)),
                name="agreement_partner_by_level",
                violation_error_message="Une convention du lycée a un partenaire ; un cadre national ou académique n’en a pas.",
            ),
            CheckConstraint(
                condition=Q(start_date=None) | Q(end_date=None) | Q(end_date__gte=F("start_date")),
                name="agreement_end_after_start",
                violation_error_message="La date de fin est avant la date de début.",
            ),
        ]
        indexes = [
            Index(fields=["school", "level"], name="agreement_level"),
            Index(fields=["school", "partner"], name="agreement_partner"),
            Index(fields=["school", "end_date"], name="agreement_end"),
        ]

    def __str__(self) -> str:
        return self.title

    def state_on(self, day: date) -> str:
        """Where the agreement stands on a day, as a status code."""
        if self.frame_id and self.level != AgreementLevel.SCHOOL and self.start_date is None and self.end_date is None:
            return AgreementState.UNCONFIRMED
        return rules.state(
            day,
            signed=self.signed_date,
            start=self.start_date,
            end=self.end_date,
            tacit_renewal=self.tacit_renewal,
            terminated=self.terminated_date,
            stage=self.stage,
        )

    @property
    def axes_list(self) -> list[str]:
        return listed(self.axes)

    @property
    def publics_list(self) -> list[str]:
        return listed(self.publics)

    @property
    def text_url(self) -> str:
        """The address of the text when a page may link to it, else "": dossiers hold whatever was written there."""
        return self.url if self.url.startswith(("http://", "https://")) else ""

    def get_absolute_url(self) -> str:
        return reverse("conventions:agreement_detail", args=[self.school.uai, self.public_id])


class Commitment(SchoolRecord):
    """What one side promised under an axis of an agreement: how much, by when. What was done is counted, or typed."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="commitments", verbose_name="convention")
    axis = models.TextField("axe", blank=True)
    side = models.CharField("qui s’engage", max_length=10, choices=CommitmentSide.choices)
    kind = models.CharField("sur quoi", max_length=10, choices=CommitmentKind.choices)
    action_type = models.CharField("type d’action", max_length=28, blank=True)  # an ActionType; "" for any
    label = models.TextField("engagement", help_text="Par exemple : recevoir une classe en visite chaque trimestre.")
    target = exact_decimal_field("objectif", validators=[MinValueValidator(0)])
    due_date = models.DateField("avant le", null=True, blank=True)
    done = exact_decimal_field(
        "fait", null=True, blank=True, validators=[MinValueValidator(0)]
    )  # of a kind that nothing counts
    note = models.TextField("précision", blank=True)

    class Meta:
        verbose_name = "engagement"
        constraints = [
            CheckConstraint(condition=Q(target__gte=0), name="commitment_target"),
            CheckConstraint(condition=Q(done=None) | Q(done__gte=0), name="commitment_done"),
        ]
        indexes = [Index(fields=["school", "agreement"], name="commitment_agreement")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("conventions:agreement_detail", args=[self.school.uai, self.agreement.public_id])


class AgreementReview(SchoolRecord):
    """A meeting to take stock of an agreement: planned, then held, with what was said and decided."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reviews", verbose_name="convention")
    planned_date = models.DateField("prévu le")
    held_date = models.DateField("tenu le", null=True, blank=True)
    summary = models.TextField("bilan", blank=True)
    decisions = models.TextField("suites décidées", blank=True)

    class Meta:
        verbose_name = "bilan d’une convention"
        verbose_name_plural = "bilans de conventions"
        indexes = [
            Index(fields=["school", "agreement"], name="agreement_review"),
            Index(fields=["school", "planned_date"], condition=Q(held_date=None), name="agreement_review_due"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}, {self.planned_date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("conventions:agreement_detail", args=[self.school.uai, self.agreement.public_id])


def emblem_path(emblem: "Emblem", filename: str) -> str:
    """A random name; the picture was made again from what was sent (S-27)."""
    return f"emblems/{emblem.school.uai}/{uuid.uuid4().hex}.png"


class Emblem(SchoolRecord):
    """A logo or a seal that stands on papers: the lycée's own (no partner), or a partner's."""

    partner = models.ForeignKey(
        Partner, models.CASCADE, null=True, blank=True, related_name="emblems", verbose_name="partenaire"
    )
    kind = models.CharField("image", max_length=6, choices=EmblemKind.choices)
    file = models.FileField("fichier", upload_to=emblem_path, editable=False)
    width = models.PositiveSmallIntegerField(editable=False)  # pixels
    height = models.PositiveSmallIntegerField(editable=False)

    class Meta:
        verbose_name = "logo ou cachet"
        verbose_name_plural = "logos et cachets"
        constraints = [
            UniqueConstraint(fields=["school", "partner", "kind"], name="emblem_once"),
            UniqueConstraint(fields=["school", "kind"], condition=Q(partner=None), name="emblem_own_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.partner or self.school}"


class Network(DossierRecord):
    """A network that the school is part of."""

    name = models.TextField("nom")
    type = models.CharField("type", max_length=28, choices=NetworkType.choices)
    joined_date = models.DateField("adhésion")
    left_date = models.DateField("sortie", null=True, blank=True)
    formalised_date = models.DateField(
        "formalisé le", null=True, blank=True, help_text="Signature de la convention, de la charte ou du label."
    )
    act = models.TextField("acte", blank=True, help_text="Convention, charte, label…")
    agreement = models.ForeignKey(
        Agreement,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="networks",
        verbose_name="convention qui le formalise",
    )
    search_text = SearchTextField(sources=("name",))

    class Meta:
        verbose_name = "réseau"
        verbose_name_plural = "réseaux"
        constraints = [
            once_in_dossier("network_dossier_id"),
            CheckConstraint(
                condition=Q(left_date=None) | Q(left_date__gte=F("joined_date")),
                name="network_left_after_joined",
                violation_error_message="La date de sortie est avant l’adhésion.",
            ),
        ]
        indexes = [Index(fields=["school", "joined_date"], name="network_joined")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("conventions:network_detail", args=[self.school.uai, self.public_id])


class NetworkMember(SchoolRecord):
    """Someone of a network: a partner, one of its people, or a colleague who stands for the school there."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="members", verbose_name="réseau")
    partner = models.ForeignKey(
        Partner, models.CASCADE, null=True, blank=True, related_name="network_memberships", verbose_name="partenaire"
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="contact"
    )
    membership = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="personnel du lycée"
    )
    role = models.TextField("rôle", blank=True, help_text="Par exemple : animateur, représentant du lycée.")
    since = models.DateField("depuis", null=True, blank=True)
    until = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "membre d’un réseau"
        verbose_name_plural = "membres de réseaux"
        constraints = [
            CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="network_member_until_after_since",
                violation_error_message="La date de fin est avant la date de début.",
            )
        ]
        indexes = [Index(fields=["school", "network"], name="network_member")]

    def __str__(self) -> str:
        return f"{self.partner or self.membership or self.contact}, {self.network}"

    def get_absolute_url(self) -> str:
        return reverse("conventions:network_detail", args=[self.school.uai, self.network.public_id])
