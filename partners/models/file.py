"""The partner file: who they are, whom to call, what was said."""

from typing import Self

from django.db import models
from django.db.models import Index, Q, UniqueConstraint
from django.urls import reverse

from core import naf as nomenclature
from core import places, status
from core.fields import ComputedFloatField, SearchTextField
from core.scope import ScopedQuerySet
from core.siret import spaced
from core.text import digits
from partners.enums import Channel, ContactRole, Headcount, Initiative, PartnerStatus, PartnerType
from schools.models import DossierRecord, Membership, SchoolRecord, once_in_dossier


class PartnerQuerySet(ScopedQuerySet):
    def in_use(self) -> Self:
        return self.exclude(status=PartnerStatus.ARCHIVED)


class Partner(DossierRecord):
    """A company or another body that the school keeps a relation with. `notes` may name people."""

    name = models.TextField("raison sociale")
    brand = models.TextField("enseigne", blank=True, help_text="Le nom que l’on voit sur la porte, s’il diffère.")
    name_locked = models.BooleanField(
        "garder ce nom", default=False, help_text="Le répertoire Sirene ne proposera plus de le changer."
    )
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
    owner = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="owned_partners", verbose_name="suivi par"
    )
    # What the register of companies says (partners/register.py): its last answer, and the day the establishment closed.
    closed_date = models.DateField("établissement fermé le", null=True, blank=True)
    register_data = models.JSONField(null=True, blank=True, editable=False)
    register_checked_at = models.DateTimeField("vérifié dans Sirene le", null=True, blank=True, editable=False)
    # « À éviter »: since when pupils are no longer sent there, and why (VIEW_HOST_QUALITY).
    avoid_since = models.DateField("à éviter depuis", null=True, blank=True)
    avoid_reason = models.TextField("raison", blank=True)
    named_since = models.DateField(
        "accepte d’être cité depuis le",
        null=True,
        blank=True,
        help_text="Sur la page publique du lycée et dans les rapports remis à d’autres. Vide : non demandé, ou refusé.",
    )
    # Where the map draws it: its own coordinates, else the centre of its commune (core/places.py). Never exported.
    map_latitude = ComputedFloatField(of="mapped_latitude")
    map_longitude = ComputedFloatField(of="mapped_longitude")
    geocoded_at = models.DateTimeField(null=True, blank=True, editable=False)
    geocode_score = models.FloatField(null=True, blank=True, editable=False)
    search_text = SearchTextField(
        sources=("name", "brand", "city", "trade", "siret", "phone", "phone_digits", "postal_code", "website")
    )

    objects = PartnerQuerySet.as_manager()  # type: ignore[misc]

    PERSONAL_DATA = ("notes", "search_text", "phone", "email", "avoid_reason", "register_data")

    class Meta:
        verbose_name = "partenaire"
        constraints = [once_in_dossier("partner_dossier_id")]
        indexes = [
            Index(fields=["school", "search_text"], name="partner_search"),
            Index(fields=["school", "siret"], name="partner_siret"),
            Index(fields=["school", "map_latitude", "map_longitude"], name="partner_map"),
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
        """What tells two partners of one name apart, and what one should know before choosing one."""
        warning = status.word(self.warning).lower() if self.warning else ""
        return " · ".join(part for part in (warning, self.city, self.trade) if part)

    @property
    def warning(self) -> str:
        """Why pupils are not sent there, as a status code; "" for nothing against it."""
        return "a_eviter" if self.avoid_since else "ferme" if self.closed_date else ""

    @property
    def is_located(self) -> bool:
        """Is its address known on the map, and not only its commune?"""
        return self.latitude is not None and self.longitude is not None

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

    @property
    def siren(self) -> str:
        """The company that the establishment belongs to, "" without SIRET."""
        return self.siret[:9]

    @property
    def phone_digits(self) -> str:
        """The number as one types it without spaces."""
        return digits(self.phone)

    @property
    def mapped_latitude(self) -> float | None:
        return self._mapped[0]

    @property
    def mapped_longitude(self) -> float | None:
        return self._mapped[1]

    @property
    def _mapped(self) -> tuple[float | None, float | None]:
        if self.latitude is not None and self.longitude is not None:
            return float(self.latitude), float(self.longitude)
        return places.centre(self.postal_code, self.city) or (None, None)


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
    refuses_mailings = models.BooleanField(
        "ne veut pas de courriels d’information", default=False, help_text="Cette personne l’a demandé (P-08)."
    )
    search_text = SearchTextField(sources=("last_name", "first_name", "phone", "phone_digits", "email"))

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
    def lookup_hint(self) -> str:
        """What tells two people of one name apart."""
        return self.partner.name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def phone_digits(self) -> str:
        return digits(self.phone)

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


class PartnerTag(SchoolRecord):
    """A word that the school puts on a partner to find it again (« forum 2027 »)."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="tags", verbose_name="partenaire")
    label = models.CharField("étiquette", max_length=60)

    class Meta:
        verbose_name = "étiquette"
        constraints = [
            UniqueConstraint(
                fields=["partner", "label"],
                name="tag_once",
                violation_error_message="Ce partenaire porte déjà l’étiquette.",
            )
        ]
        indexes = [Index(fields=["school", "label"], include=["partner"], name="tag_label")]

    def __str__(self) -> str:
        return self.label


class Mailing(SchoolRecord):
    """One message to several partners: each gets its own, and an exchange says so on each partner's page."""

    subject = models.CharField("objet", max_length=200)
    body = models.TextField("message")
    recipients = models.PositiveIntegerField("destinataires", default=0, editable=False)

    PERSONAL_DATA = ("subject", "body")

    class Meta:
        verbose_name = "courriel groupé"
        verbose_name_plural = "courriels groupés"
        indexes = [Index(fields=["school", "created_at"], name="mailing_created")]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("partners:mailing_detail", args=[self.school.uai, self.public_id])
