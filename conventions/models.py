"""Partnership agreements, from the national frame to the school, and the networks the school belongs to."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q
from django.urls import reverse

from conventions import rules
from conventions.enums import AgreementLevel, NetworkType
from core.fields import SearchTextField
from core.scope import ScopedQuerySet
from partners.models import Contact, Partner
from schools.models import DossierRecord, Membership, SchoolRecord, once_in_dossier


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
        ]

    def __str__(self) -> str:
        return self.title

    def state_on(self, day: date) -> str:
        """Where the agreement stands on a day, as a status code."""
        return rules.state(
            day,
            signed=self.signed_date,
            start=self.start_date,
            end=self.end_date,
            tacit_renewal=self.tacit_renewal,
            terminated=self.terminated_date,
        )

    @property
    def axes_list(self) -> list[str]:
        return [axis.strip() for axis in self.axes.split("|") if axis.strip()]

    def get_absolute_url(self) -> str:
        return reverse("conventions:agreement_detail", args=[self.school.uai, self.public_id])


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
