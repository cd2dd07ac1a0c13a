"""Actions led with partners: what was done, with whom, who was invited, which pupils came."""

from datetime import date
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from conventions.models import Agreement, Network
from core.fields import SearchTextField, exact_decimal_field
from core.scope import ScopedQuerySet
from events.enums import ActionStatus, ActionType, InvitationReply, Workshop
from partners.enums import Initiative
from partners.models import Contact, Partner
from schools.models import DossierRecord, Membership, SchoolRecord, Student, once_in_dossier


class ActionQuerySet(ScopedQuerySet):
    def with_partner(self, partner: Partner) -> Self:
        """Those that a partner carries or is invited to."""
        carried = ActionPartner.objects.in_school(partner.school_id).filter(partner=partner)
        invited = Invitation.objects.in_school(partner.school_id).filter(partner=partner)
        return self.filter(Q(pk__in=carried.values("action")) | Q(pk__in=invited.values("action")))

    def of_member(self, member: Membership) -> Self:
        """Those that this person leads, and those at which one of their classes is expected."""
        expected = Action.objects.in_school(member.school_id).filter(
            action_classes__school_class__assignments__membership=member
        )
        return self.filter(Q(owner=member) | Q(pk__in=expected.values("pk")))

    def touching(self, start: date, end: date) -> Self:
        """Those that have a day between these two, both included."""
        return self.filter(Q(end_date__gte=start) | Q(end_date=None, start_date__gte=start), start_date__lte=end)


class Action(DossierRecord):
    """Something that the school and partners do together."""

    type = models.CharField("type", max_length=28, choices=ActionType.choices)
    title = models.TextField("intitulé")
    start_date = models.DateField("début")
    end_date = models.DateField("fin", null=True, blank=True, help_text="Vide : le même jour.")
    hours = exact_decimal_field("durée en heures", null=True, blank=True, validators=[MinValueValidator(0)])
    status = models.CharField("statut", max_length=8, choices=ActionStatus.choices, default=ActionStatus.PLANNED)
    initiative = models.CharField(
        "à l’initiative de", max_length=14, choices=Initiative.choices, default=Initiative.SCHOOL
    )
    agreement = models.ForeignKey(
        Agreement,
        models.SET_NULL,  # the action was led, whatever becomes of the paper
        null=True,
        blank=True,
        related_name="actions",
        verbose_name="convention",
    )
    network = models.ForeignKey(
        Network, models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name="réseau"
    )
    tags = models.TextField("étiquettes", blank=True, help_text="Séparées par une barre verticale.")
    outside_public = models.PositiveIntegerField(
        "public extérieur", null=True, blank=True, help_text="Collégiens, familles… : effectif déclaré."
    )
    national_event = models.TextField("événement national", blank=True)
    place = models.TextField("lieu", blank=True)
    for_priority = models.BooleanField("conçue pour des publics prioritaires", null=True, blank=True)
    review = models.TextField("bilan", blank=True)
    # Not in the dossier: how it is prepared and told.
    kind = models.CharField(
        "nature", max_length=20, blank=True, help_text="Ce qu’elle est, plus finement que son type."
    )
    owner = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="owned_actions", verbose_name="responsable"
    )
    start_time = models.TimeField("à partir de", null=True, blank=True)
    end_time = models.TimeField("jusqu’à", null=True, blank=True)
    workshop = models.PositiveSmallIntegerField(
        "atelier AvenirPro", null=True, blank=True, choices=Workshop.choices, help_text="Lequel des quatre ateliers."
    )
    cost = models.DecimalField(
        "coût en euros", max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    funding = models.TextField(
        "financement", blank=True, help_text="Qui paie : taxe d’apprentissage, partenaire, lycée…"
    )
    series = models.UUIDField(null=True, blank=True, editable=False)  # those repeated together
    cancel_reason = models.TextField("raison de l’annulation", blank=True)
    is_public = models.BooleanField(
        "sur la page publique", default=False, help_text="Visible de tous quand la page publique est ouverte."
    )
    public_text = models.TextField("texte de la page publique", blank=True, help_text="Sans nom de personne.")
    search_text = SearchTextField(sources=("title", "place", "national_event"))

    objects = ActionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = "action"
        constraints = [
            once_in_dossier("action_dossier_id"),
            CheckConstraint(
                condition=Q(end_date=None) | Q(end_date__gte=F("start_date")),
                name="action_end_after_start",
                violation_error_message="La date de fin est avant la date de début.",
            ),
            CheckConstraint(
                condition=Q(hours=None) | Q(hours__gte=0),
                name="action_hours",
                violation_error_message="Une durée n’est pas négative.",
            ),
        ]
        indexes = [
            Index(
                fields=["school", "start_date"],
                include=["status", "type", "end_date", "initiative"],
                name="action_start",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last_date(self) -> date:
        """The last day, the first one when no end is written."""
        return self.end_date or self.start_date

    def get_absolute_url(self) -> str:
        return reverse("events:action_detail", args=[self.school.uai, self.public_id])


class ActionPartner(SchoolRecord):
    """A partner that carries an action."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="action_partners", verbose_name="action")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="action_partners", verbose_name="partenaire")

    class Meta:
        verbose_name = "partenaire d’une action"
        verbose_name_plural = "partenaires d’actions"
        constraints = [
            UniqueConstraint(
                fields=["action", "partner"],
                name="action_partner_once",
                violation_error_message="Ce partenaire porte déjà cette action.",
            )
        ]
        indexes = [
            Index(fields=["school", "action"], include=["partner"], name="action_partner_action"),
            Index(fields=["school", "partner"], include=["action"], name="action_partner_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}, {self.action}"

    def get_absolute_url(self) -> str:
        return reverse("events:action_partner_detail", args=[self.school.uai, self.public_id])


class Invitation(SchoolRecord):
    """A partner invited to an action, their reply and whether they came."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="invitations", verbose_name="action")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="invitations", verbose_name="partenaire")
    sent_date = models.DateField("envoyée le")
    reply = models.CharField("réponse", max_length=8, choices=InvitationReply.choices, blank=True)
    replied_date = models.DateField("répondue le", null=True, blank=True)
    present = models.BooleanField("venu", null=True, blank=True)
    # Not in the dossier: to whom it left, and what they wrote behind their link.
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="invitations", verbose_name="personne invitée"
    )
    email = models.TextField("adresse électronique", blank=True, editable=False)
    suggested_date = models.DateField("autre date proposée", null=True, blank=True)
    substitute_name = models.TextField("remplacé par", blank=True)
    substitute_email = models.TextField("adresse du remplaçant", blank=True)
    message = models.TextField("message", blank=True)
    people = models.PositiveSmallIntegerField("personnes annoncées", null=True, blank=True)
    reminded_at = models.DateTimeField("dernière relance", null=True, blank=True, editable=False)
    reminders = models.PositiveSmallIntegerField("relances", default=0, editable=False)
    arrived_at = models.DateTimeField("arrivé à", null=True, blank=True, editable=False)
    thanked_at = models.DateTimeField("remercié le", null=True, blank=True, editable=False)

    PERSONAL_DATA = ("contact", "email", "substitute_name", "substitute_email", "message")

    class Meta:
        verbose_name = "invitation"
        constraints = [
            UniqueConstraint(
                fields=["action", "partner"],
                name="invitation_once",
                violation_error_message="Ce partenaire est déjà invité à cette action.",
            )
        ]
        indexes = [
            Index(
                fields=["school", "sent_date"],
                include=["action", "partner", "reply", "present"],
                name="invitation_sent",
            ),
            Index(fields=["school", "action"], name="invitation_action"),
            Index(fields=["school", "partner"], name="invitation_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}, {self.action}"

    def get_absolute_url(self) -> str:
        return reverse("events:invitation_detail", args=[self.school.uai, self.public_id])


class Participation(SchoolRecord):
    """A pupil expected at an action. `present`: None is not filled in."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="participations", verbose_name="action")
    student = models.ForeignKey(Student, models.RESTRICT, related_name="participations", verbose_name="élève")
    present = models.BooleanField("présent", null=True, blank=True)

    PERSONAL_DATA = ("student", "present")

    class Meta:
        verbose_name = "participation"
        constraints = [
            UniqueConstraint(
                fields=["action", "student"],
                name="participation_once",
                violation_error_message="Cet élève est déjà attendu à cette action.",
            )
        ]
        indexes = [
            Index(fields=["school", "action"], include=["student", "present"], name="participation_action"),
            Index(fields=["school", "student"], name="participation_student"),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.action}"

    def get_absolute_url(self) -> str:
        return reverse("events:participation_detail", args=[self.school.uai, self.public_id])
