"""Jobs, contracts and places that partners propose."""

from datetime import date
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from core.fields import SearchTextField
from core.scope import ScopedQuerySet
from partners.enums import OfferType, ProposalStatus
from partners.models.file import Contact, Partner
from partners.rules import offers as rules
from schools.models import DossierRecord, SchoolClass, SchoolRecord, Student, once_in_dossier


class OfferQuerySet(ScopedQuerySet):
    def open_on(self, day: date) -> Self:
        """Those for which somebody may still be taken on, published or not: `rules.OPEN`, said to the database."""
        return self.filter(Q(closing_date=None) | Q(closing_date__gte=day), filled_date=None, withdrawn_date=None)


class Offer(DossierRecord):
    """A job, contract or place that a partner proposes."""

    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="offers", verbose_name="partenaire")
    type = models.CharField("type", max_length=20, choices=OfferType.choices)
    title = models.TextField("intitulé")
    description = models.TextField("description", blank=True)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="offers", verbose_name="à contacter"
    )
    received_date = models.DateField("reçue le")
    positions = models.PositiveIntegerField("postes", default=1, validators=[MinValueValidator(1)])
    published_date = models.DateField("publiée le", null=True, blank=True)
    closing_date = models.DateField("candidatures jusqu’au", null=True, blank=True)
    filled_date = models.DateField("pourvue le", null=True, blank=True)
    withdrawn_date = models.DateField("retirée le", null=True, blank=True)
    search_text = SearchTextField(sources=("title",))

    objects = OfferQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "offre"
        constraints = [
            once_in_dossier("offer_dossier_id"),
            CheckConstraint(
                condition=Q(positions__gte=1),
                name="offer_positions",
                violation_error_message="Une offre propose au moins un poste.",
            ),
            CheckConstraint(
                condition=Q(filled_date=None) | Q(filled_date__gte=F("received_date")),
                name="offer_filled_after_received",
                violation_error_message="L’offre ne peut pas être pourvue avant d’être reçue.",
            ),
            CheckConstraint(
                condition=Q(withdrawn_date=None) | Q(withdrawn_date__gte=F("received_date")),
                name="offer_withdrawn_after_received",
                violation_error_message="L’offre ne peut pas être retirée avant d’être reçue.",
            ),
        ]
        indexes = [
            Index(fields=["school", "received_date"], include=["partner", "type", "positions"], name="offer_received")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("partners:offer_detail", args=[self.school.uai, self.public_id])

    def state_on(self, day: date) -> rules.OfferState:
        """Where the offer stands on a day."""
        return rules.state(
            published=self.published_date,
            closing=self.closing_date,
            filled=self.filled_date,
            withdrawn=self.withdrawn_date,
            today=day,
        )


class OfferBeneficiary(SchoolRecord):
    """A pupil taken on through an offer (an application is not a benefit: I5.7)."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="beneficiaries", verbose_name="offre")
    student = models.ForeignKey(Student, models.RESTRICT, related_name="offer_benefits", verbose_name="élève")
    date = models.DateField("date")

    PERSONAL_DATA = ("student", "date")

    class Meta:
        verbose_name = "bénéficiaire d’une offre"
        verbose_name_plural = "bénéficiaires d’offres"
        constraints = [
            UniqueConstraint(
                fields=["offer", "student"],
                name="beneficiary_once",
                violation_error_message="Cet élève bénéficie déjà de cette offre.",
            )
        ]
        indexes = [Index(fields=["school", "offer"], include=["student", "date"], name="beneficiary_offer")]

    def __str__(self) -> str:
        return f"{self.student}, {self.offer}"

    def get_absolute_url(self) -> str:
        return reverse("partners:beneficiary_detail", args=[self.school.uai, self.public_id])


class OfferClass(SchoolRecord):
    """A class that an offer is published to."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="classes", verbose_name="offre")
    school_class = models.ForeignKey(SchoolClass, models.CASCADE, related_name="offers", verbose_name="classe")

    class Meta:
        verbose_name = "classe d’une offre"
        verbose_name_plural = "classes d’une offre"
        constraints = [UniqueConstraint(fields=["offer", "school_class"], name="offer_class_once")]
        indexes = [Index(fields=["school", "school_class"], include=["offer"], name="offer_class")]

    def __str__(self) -> str:
        return f"{self.offer}, {self.school_class}"


class OfferProposal(SchoolRecord):
    """An offer that a company wrote on the school's public form, until the bureau accepts it or not."""

    company = models.TextField("entreprise")
    siret = models.CharField("SIRET", max_length=14, blank=True)
    postal_code = models.TextField("code postal", blank=True)
    city = models.TextField("commune", blank=True)
    contact_name = models.TextField("votre nom")
    contact_email = models.TextField("votre courriel")
    contact_phone = models.TextField("votre téléphone", blank=True)
    type = models.CharField("type d’offre", max_length=20, choices=OfferType.choices)
    title = models.TextField("intitulé")
    description = models.TextField("description", blank=True)
    positions = models.PositiveIntegerField("postes", default=1, validators=[MinValueValidator(1)])
    status = models.CharField(
        "état", max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.WAITING, editable=False
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    refusal_reason = models.TextField("raison du refus", blank=True)
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True, related_name="proposals", editable=False)

    PERSONAL_DATA = ("contact_name", "contact_email", "contact_phone", "description")

    class Meta:
        verbose_name = "offre proposée"
        verbose_name_plural = "offres proposées"
        indexes = [Index(fields=["school", "status", "created_at"], name="proposal_status")]

    def __str__(self) -> str:
        return f"{self.title}, {self.company}"

    def get_absolute_url(self) -> str:
        return reverse("partners:proposal_detail", args=[self.school.uai, self.public_id])
