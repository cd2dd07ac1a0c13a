"""How an action is prepared: a model to start from, a checklist, the classes expected, the letters that leave."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Index, UniqueConstraint
from django.urls import reverse

from core.fields import SearchTextField, exact_decimal_field
from events.enums import Occasion
from events.models.actions import Action
from schools.models import Membership, SchoolClass, SchoolRecord


class ActionTemplate(SchoolRecord):
    """A school's model of action: what to do before and after, and the letters. Those that ship are in `events/data`.

    `steps`: a list of {"label": text, "days": whole number, negative before the day, positive after}.
    `letters`: {occasion: {"subject": text, "body": text}}.
    """

    name = models.TextField("nom")
    kind = models.CharField("nature", max_length=20)
    hours = exact_decimal_field("durée en heures", null=True, blank=True, validators=[MinValueValidator(0)])
    steps = models.JSONField("étapes", default=list, blank=True)
    letters = models.JSONField("courriers", default=dict, blank=True)
    search_text = SearchTextField(sources=("name",))

    class Meta:
        verbose_name = "modèle d’action"
        verbose_name_plural = "modèles d’action"
        constraints = [
            UniqueConstraint(
                fields=["school", "name"],
                name="action_template_name",
                violation_error_message="Un modèle d’action porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:action_template_detail", args=[self.school.uai, self.public_id])


class ActionStep(SchoolRecord):
    """One line of the checklist of an action."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="steps", verbose_name="action")
    label = models.TextField("étape")
    due_date = models.DateField("pour le", null=True, blank=True)
    owner = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")
    done_date = models.DateField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "étape d’une action"
        verbose_name_plural = "étapes des actions"
        indexes = [
            Index(fields=["school", "action"], name="action_step_action"),
            Index(fields=["school", "done_date", "due_date"], name="action_step_due"),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return self.action.get_absolute_url()


class ActionClass(SchoolRecord):
    """A class expected at an action: its pupils are, those who come later too."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="action_classes", verbose_name="action")
    school_class = models.ForeignKey(SchoolClass, models.CASCADE, related_name="+", verbose_name="classe")

    class Meta:
        verbose_name = "classe attendue à une action"
        verbose_name_plural = "classes attendues aux actions"
        constraints = [
            UniqueConstraint(
                fields=["action", "school_class"],
                name="action_class_once",
                violation_error_message="Cette classe est déjà attendue à cette action.",
            )
        ]
        indexes = [
            Index(fields=["school", "action"], include=["school_class"], name="action_class_action"),
            Index(fields=["school", "school_class"], include=["action"], name="action_class_class"),
        ]

    def __str__(self) -> str:
        return f"{self.school_class}, {self.action}"

    def get_absolute_url(self) -> str:
        return self.action.get_absolute_url()


class ActionLetter(SchoolRecord):
    """The words of the letters about an action, once somebody changed those of its model."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="letters", verbose_name="action")
    occasion = models.CharField("occasion", max_length=12, choices=Occasion.choices)
    subject = models.TextField("objet")
    body = models.TextField("texte")

    class Meta:
        verbose_name = "courrier d’une action"
        verbose_name_plural = "courriers des actions"
        constraints = [UniqueConstraint(fields=["action", "occasion"], name="action_letter_once")]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()}, {self.action}"

    def get_absolute_url(self) -> str:
        return self.action.get_absolute_url()


class EventSettings(SchoolRecord):
    """How a school invites, and its public page of coming events: closed until somebody opens it."""

    reminder_days = models.PositiveSmallIntegerField(
        "jours entre deux relances",
        default=7,
        validators=[MinValueValidator(2), MaxValueValidator(60)],
        help_text="Une même personne n’est jamais relancée plus souvent.",
    )
    most_reminders = models.PositiveSmallIntegerField(
        "relances par invitation", default=2, validators=[MaxValueValidator(5)]
    )
    page_is_open = models.BooleanField("page publique ouverte", default=False)
    introduction = models.TextField("présentation", blank=True)
    shows_partners = models.BooleanField("montrer les partenaires qui l’acceptent", default=True)
    shows_formations = models.BooleanField("montrer les formations", default=True)
    taxe_text = models.TextField("verser la taxe d’apprentissage", blank=True)
    is_listed = models.BooleanField("page publique proposée aux moteurs de recherche", default=False)
    needs_both_guardians = models.BooleanField(
        "image d’un mineur : l’accord des deux responsables",
        default=False,
        help_text="Sinon, l’accord d’un seul suffit.",
    )

    class Meta:
        verbose_name = "réglages des actions"
        verbose_name_plural = "réglages des actions"
        constraints = [UniqueConstraint(fields=["school"], name="event_settings_once")]

    def __str__(self) -> str:
        return "Réglages des actions"

    def get_absolute_url(self) -> str:
        return reverse("events:event_settings", args=[self.school.uai])
