"""The taxe d'apprentissage and gifts: campaigns, who was asked, what came."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.urls import reverse

from core.fields import exact_decimal_field
from partners.enums import Channel, ContributionNature, ContributionOrigin, TaxIntention
from partners.models.file import Contact, Partner
from schools.models import DossierRecord, Membership, SchoolRecord, once_in_dossier


class Contribution(DossierRecord):
    """What a partner pays or gives: the balance of the taxe d'apprentissage, or a gift. No date: promised."""

    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="contributions", verbose_name="partenaire")
    campaign = models.IntegerField("campagne")
    nature = models.CharField("nature", max_length=14, choices=ContributionNature.choices)
    amount = exact_decimal_field("montant en euros", validators=[MinValueValidator(0)])
    received_date = models.DateField("reçu le", null=True, blank=True)
    use = models.TextField("emploi des fonds", blank=True)
    origin = models.CharField(
        "origine",
        max_length=12,
        choices=ContributionOrigin.choices,
        blank=True,
        help_text="Le choix de l’employeur, ou la répartition du reliquat.",
    )
    transfer = models.ForeignKey(
        "TaxTransfer", models.SET_NULL, null=True, blank=True, related_name="contributions", verbose_name="virement"
    )
    board_date = models.DateField(
        "accepté par le conseil d’administration le",
        null=True,
        blank=True,
        help_text="Pour un don : le conseil d’administration en autorise l’acceptation (R421-20).",
    )
    thanked_date = models.DateField("remercié le", null=True, blank=True)

    class Meta:
        verbose_name = "versement ou don"
        verbose_name_plural = "versements et dons"
        constraints = [
            once_in_dossier("contribution_dossier_id"),
            CheckConstraint(
                condition=Q(amount__gte=0),
                name="contribution_amount",
                violation_error_message="Un montant n’est pas négatif.",
            ),
        ]
        indexes = [
            Index(
                fields=["school", "campaign", "nature"],
                include=["partner", "amount", "received_date"],
                name="contribution_campaign",
            ),
            Index(fields=["school", "received_date"], include=["partner"], name="contribution_received"),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, campagne {self.campaign}"

    def get_absolute_url(self) -> str:
        return reverse("partners:contribution_detail", args=[self.school.uai, self.public_id])


class TaxCampaign(SchoolRecord):
    """A yearly campaign of the taxe d'apprentissage (calendar year)."""

    campaign = models.IntegerField("campagne")
    target = exact_decimal_field("objectif en euros", null=True, blank=True, validators=[MinValueValidator(0)])
    closing_date = models.DateField("close le", null=True, blank=True, help_text="Jour du dernier virement reçu.")

    class Meta:
        verbose_name = "campagne de taxe d’apprentissage"
        verbose_name_plural = "campagnes de taxe d’apprentissage"
        constraints = [
            UniqueConstraint(
                fields=["school", "campaign"],
                name="campaign_once",
                violation_error_message="Cette campagne existe déjà.",
            ),
            CheckConstraint(
                condition=Q(target=None) | Q(target__gte=0),
                name="campaign_target",
                violation_error_message="Un objectif n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"Campagne {self.campaign}"

    def get_absolute_url(self) -> str:
        return reverse("partners:campaign_detail", args=[self.school.uai, self.public_id])


class TaxTransfer(SchoolRecord):
    """A payment of SOLTéA to the school, which gathers what several employers chose (R-TA-08)."""

    campaign = models.IntegerField("campagne")
    date = models.DateField("reçu le")
    label = models.TextField("libellé", blank=True, help_text="Par exemple : 1er virement SOLTéA.")
    amount = exact_decimal_field("montant du virement", null=True, blank=True, validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = "virement de taxe"
        verbose_name_plural = "virements de taxe"
        indexes = [Index(fields=["school", "campaign", "date"], name="transfer_campaign")]

    def __str__(self) -> str:
        return self.label or f"Virement du {self.date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("partners:transfer_detail", args=[self.school.uai, self.public_id])


class TaxApproach(SchoolRecord):
    """Where a campaign stands with one partner: asked by whom and when, what it intends."""

    campaign = models.IntegerField("campagne")
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="tax_approaches", verbose_name="partenaire")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="interlocuteur"
    )
    asked_date = models.DateField("sollicité le", null=True, blank=True)
    asked_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="sollicité par"
    )
    channel = models.CharField("par", max_length=12, choices=Channel.choices, blank=True)
    intention = models.CharField("réponse", max_length=10, choices=TaxIntention.choices, default=TaxIntention.TO_ASK)
    answered_date = models.DateField("réponse le", null=True, blank=True)
    reminded_date = models.DateField("relancé le", null=True, blank=True)
    note = models.TextField("note", blank=True)
    # A promise with an amount is also a contribution without a date: the dossier knows it as such.
    promise = models.OneToOneField(
        Contribution, models.SET_NULL, null=True, blank=True, related_name="approach", verbose_name="montant annoncé"
    )

    # What was promised stays written when the payment comes with another amount.
    promised_amount = exact_decimal_field("promesse en euros", null=True, blank=True, validators=[MinValueValidator(0)])

    PERSONAL_DATA = ("note",)

    class Meta:
        verbose_name = "sollicitation"
        constraints = [
            UniqueConstraint(
                fields=["school", "campaign", "partner"],
                name="approach_once",
                violation_error_message="Ce partenaire est déjà dans la campagne.",
            )
        ]
        indexes = [Index(fields=["school", "campaign", "intention"], include=["partner"], name="approach_campaign")]

    def __str__(self) -> str:
        return f"{self.partner}, campagne {self.campaign}"

    def get_absolute_url(self) -> str:
        return reverse("partners:approach_detail", args=[self.school.uai, self.public_id])
