"""Companies and other partners: who they are, what was said, what they offer and give."""

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from core import naf as nomenclature
from core.fields import SearchTextField, exact_decimal_field
from core.scope import ScopedQuerySet
from core.siret import spaced
from core.text import searchable
from partners.enums import (
    Channel,
    ContactRole,
    ContributionNature,
    Headcount,
    Initiative,
    OfferType,
    PartnerStatus,
    PartnerType,
)
from schools.models import DossierRecord, SchoolRecord, Student, once_in_dossier


class PartnerQuerySet(ScopedQuerySet):
    def matching(self, words: str) -> Self:
        """Partners whose name, town, trade, SIRET or phone hold every word; accents and case do not matter."""
        found = self
        for word in searchable(words).split():
            found = found.filter(search_text__contains=word)
        return found

    def in_use(self) -> Self:
        return self.exclude(status=PartnerStatus.ARCHIVED)


class Partner(DossierRecord):
    """A company or another body that the school keeps a relation with. `notes` may name people."""

    name = models.TextField("raison sociale")
    siret = models.CharField("SIRET", max_length=14, blank=True)
    type = models.CharField("type", max_length=28, choices=PartnerType.choices, default=PartnerType.COMPANY)
    naf = models.TextField("code NAF", blank=True)
    headcount = models.CharField("effectif", max_length=6, choices=Headcount.choices, blank=True)
    address = models.TextField("adresse", blank=True)
    postal_code = models.TextField("code postal", blank=True)
    city = models.TextField("commune", blank=True)
    latitude = models.DecimalField(max_digits=15, decimal_places=9, null=True, blank=True)
    longitude = models.DecimalField(max_digits=15, decimal_places=9, null=True, blank=True)
    phone = models.TextField("téléphone", blank=True)
    email = models.TextField("adresse électronique", blank=True)
    website = models.TextField("site web", blank=True)
    status = models.CharField("statut", max_length=8, choices=PartnerStatus.choices, default=PartnerStatus.ACTIVE)
    first_contact_date = models.DateField("premier contact", null=True, blank=True)
    notes = models.TextField("notes", blank=True)
    search_text = SearchTextField(sources=("name", "city", "trade", "siret", "phone", "postal_code", "website"))

    objects = PartnerQuerySet.as_manager()  # type: ignore[misc]

    PERSONAL_DATA = ("notes", "search_text", "phone", "email")

    class Meta:
        verbose_name = "partenaire"
        constraints = [once_in_dossier("partner_dossier_id")]
        indexes = [
            Index(fields=["school", "search_text"], name="partner_search"),
            Index(fields=["school", "siret"], name="partner_siret"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partners:partner_detail", args=[self.school.uai, self.public_id])

    @property
    def trade(self) -> str:
        """The NAF label, "" when the code is missing or unknown."""
        return nomenclature.label(self.naf)

    @property
    def lookup_hint(self) -> str:
        """What tells two partners of one name apart."""
        return " · ".join(part for part in (self.city, self.trade) if part)

    @property
    def place(self) -> str:
        """Postal code and town."""
        return f"{self.postal_code} {self.city}".strip()

    @property
    def safe_website(self) -> str:
        """The site's address when it is one that a browser may open (S-24), else ""."""
        return self.website if self.website.startswith(("http://", "https://")) else ""

    @property
    def siret_spaced(self) -> str:
        return spaced(self.siret)


class Contact(DossierRecord):
    """Someone to call at a partner's."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="contacts", verbose_name="partenaire")
    last_name = models.TextField("nom")
    first_name = models.TextField("prénom", blank=True)
    position = models.TextField("fonction", blank=True)
    role = models.CharField("rôle", max_length=20, choices=ContactRole.choices, blank=True)
    email = models.TextField("adresse électronique", blank=True)
    phone = models.TextField("téléphone", blank=True)
    is_active = models.BooleanField("en poste", null=True, blank=True)
    is_former_student = models.BooleanField("ancien élève du lycée", null=True, blank=True)
    search_text = SearchTextField(sources=("last_name", "first_name", "phone", "email"))

    PERSONAL_DATA = ("last_name", "first_name", "position", "email", "phone", "search_text")

    class Meta:
        verbose_name = "contact"
        constraints = [once_in_dossier("contact_dossier_id")]
        indexes = [
            Index(fields=["school", "partner"], name="contact_partner"),
            Index(fields=["school", "search_text"], name="contact_search"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("partners:contact_detail", args=[self.school.uai, self.public_id])


class Interaction(DossierRecord):
    """An exchange with a partner (échange): what was said, by whom, when to call again."""

    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="interactions", verbose_name="partenaire")
    contact = models.ForeignKey(
        Contact,
        models.SET_NULL,  # the exchange took place, whoever was on the phone
        null=True,
        blank=True,
        related_name="interactions",
        verbose_name="contact",
    )
    date = models.DateField("date")
    channel = models.CharField("par", max_length=12, choices=Channel.choices)
    initiative = models.CharField("à l’initiative de", max_length=14, choices=Initiative.choices)
    subject = models.TextField("objet")
    report = models.TextField("compte rendu", blank=True)
    author_email = models.TextField("noté par", blank=True)
    call_again_date = models.DateField("rappeler le", null=True, blank=True)
    called_again = models.BooleanField("rappel fait", null=True, blank=True)
    search_text = SearchTextField(sources=("subject",))

    PERSONAL_DATA = ("subject", "report", "author_email", "search_text")

    class Meta:
        verbose_name = "échange"
        constraints = [once_in_dossier("interaction_dossier_id")]
        indexes = [
            Index(fields=["school", "date"], include=["partner", "initiative", "channel"], name="interaction_date"),
            Index(fields=["school", "partner", "date"], name="interaction_partner"),
            Index(
                fields=["school", "call_again_date"],
                condition=Q(call_again_date__isnull=False),
                name="interaction_call_again",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("partners:interaction_detail", args=[self.school.uai, self.public_id])


class Offer(DossierRecord):
    """A job, contract or place that a partner proposes."""

    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="offers", verbose_name="partenaire")
    type = models.CharField("type", max_length=20, choices=OfferType.choices)
    title = models.TextField("intitulé")
    received_date = models.DateField("reçue le")
    positions = models.PositiveIntegerField("postes", default=1, validators=[MinValueValidator(1)])
    filled_date = models.DateField("pourvue le", null=True, blank=True)
    withdrawn_date = models.DateField("retirée le", null=True, blank=True)
    search_text = SearchTextField(sources=("title",))

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


class Contribution(DossierRecord):
    """What a partner pays or gives: the balance of the taxe d'apprentissage, or a gift. No date: promised."""

    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="contributions", verbose_name="partenaire")
    campaign = models.IntegerField("campagne")
    nature = models.CharField("nature", max_length=14, choices=ContributionNature.choices)
    amount = exact_decimal_field("montant en euros", validators=[MinValueValidator(0)])
    received_date = models.DateField("reçu le", null=True, blank=True)
    use = models.TextField("emploi des fonds", blank=True)

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
