"""Satisfaction of the team, the pupils and the partners: surveys, their questions, links and answers."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from core.fields import SearchTextField
from events.models import Action
from partners.models import Contact, Partner
from pfmp.models import Period, Placement
from schools.models import AccessLink, DossierRecord, Membership, SchoolRecord, once_in_dossier
from surveys.enums import Audience, Grade


class Survey(DossierRecord):
    """A satisfaction survey of one audience."""

    audience = models.CharField("public", max_length=10, choices=Audience.choices)
    title = models.TextField("titre")
    opened_date = models.DateField("ouverte le")
    closed_date = models.DateField("close le", null=True, blank=True)
    asked_count = models.PositiveIntegerField(
        "personnes sollicitées", null=True, blank=True, help_text="Vide : inconnu. Le taux de réponse en a besoin."
    )
    action = models.ForeignKey(
        Action,
        models.SET_NULL,  # answers stay when the action goes
        null=True,
        blank=True,
        related_name="surveys",
        verbose_name="action",
    )
    period = models.ForeignKey(
        Period, models.SET_NULL, null=True, blank=True, related_name="surveys", verbose_name="période de PFMP"
    )
    # Not in the dossier: how it is answered.
    introduction = models.TextField("présentation", blank=True)
    is_anonymous = models.BooleanField(
        "réponses anonymes",
        default=True,
        help_text="Rien ne relie une réponse à une personne, pas même pour le bureau. Sinon : une réponse par lien.",
    )
    search_text = SearchTextField(sources=("title",))

    class Meta:
        verbose_name = "enquête"
        constraints = [
            once_in_dossier("survey_dossier_id"),
            CheckConstraint(
                condition=Q(closed_date=None) | Q(closed_date__gte=F("opened_date")),
                name="survey_closed_after_opened",
                violation_error_message="La date de clôture est avant l’ouverture.",
            ),
        ]
        indexes = [Index(fields=["school", "opened_date"], name="survey_opened")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("surveys:survey_detail", args=[self.school.uai, self.public_id])


class SurveyAnswer(DossierRecord):
    """One answer, from 1 to 4. Nobody's name is kept with it; the comment may hold one."""

    audience = models.CharField("public", max_length=10, choices=Audience.choices)
    date = models.DateField("date")
    grade = models.PositiveSmallIntegerField(
        "note", choices=Grade.choices, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    survey = models.ForeignKey(
        Survey, models.CASCADE, null=True, blank=True, related_name="answers", verbose_name="enquête"
    )
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="answers", verbose_name="action"
    )
    placement = models.ForeignKey(
        Placement, models.SET_NULL, null=True, blank=True, related_name="answers", verbose_name="placement"
    )
    partner = models.ForeignKey(
        Partner, models.SET_NULL, null=True, blank=True, related_name="answers", verbose_name="partenaire"
    )
    comment = models.TextField("commentaire", blank=True)
    # Of an answer given behind a link: the link that everybody had, or one's own when the survey is not anonymous.
    link = models.ForeignKey(
        "SurveyLink", models.SET_NULL, null=True, blank=True, editable=False, related_name="answers"
    )

    PERSONAL_DATA = ("comment", "placement")

    class Meta:
        verbose_name = "réponse à une enquête"
        verbose_name_plural = "réponses aux enquêtes"
        constraints = [
            once_in_dossier("answer_dossier_id"),
            CheckConstraint(
                condition=Q(grade__gte=1, grade__lte=4),
                name="answer_grade",
                violation_error_message="La note va de 1 à 4.",
            ),
        ]
        indexes = [
            Index(fields=["school", "date"], include=["audience", "grade", "survey"], name="answer_date"),
            Index(fields=["school", "survey"], name="answer_survey"),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()}, {self.date:%d/%m/%Y}, note {self.grade}"

    def get_absolute_url(self) -> str:
        return reverse("surveys:answer_detail", args=[self.school.uai, self.public_id])


class SurveyTemplate(SchoolRecord):
    """A school's own model of survey. `questions`: a list of three to eight texts; the first one is the grade that counts."""

    name = models.TextField("nom")
    audience = models.CharField("public", max_length=10, choices=Audience.choices)
    introduction = models.TextField("présentation", blank=True)
    questions = models.JSONField("questions", default=list)
    search_text = SearchTextField(sources=("name",))

    class Meta:
        verbose_name = "modèle d’enquête"
        verbose_name_plural = "modèles d’enquête"
        constraints = [
            UniqueConstraint(
                fields=["school", "name"],
                name="survey_template_name",
                violation_error_message="Un modèle d’enquête porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("surveys:template_detail", args=[self.school.uai, self.public_id])


class SurveyQuestion(SchoolRecord):
    """A question of a survey, answered from 1 to 4. That of position 1 is the answer's own grade (I8)."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", verbose_name="enquête")
    position = models.PositiveSmallIntegerField("rang", validators=[MinValueValidator(1), MaxValueValidator(8)])
    text = models.TextField("question")

    class Meta:
        verbose_name = "question d’une enquête"
        verbose_name_plural = "questions des enquêtes"
        ordering = ["position"]
        constraints = [
            UniqueConstraint(fields=["survey", "position"], name="survey_question_position"),
            CheckConstraint(condition=Q(position__gte=1, position__lte=8), name="survey_question_rank"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.survey.get_absolute_url()


class SurveyLink(AccessLink):
    """A way to answer: one for everybody (QR, poster), or one person's. The token is never stored.

    Of an anonymous survey, a person's link says only that somebody answered with it, on no day: no answer names it.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="links", editable=False)
    is_open = models.BooleanField("pour tous", editable=False)
    name = models.TextField("à", blank=True, editable=False)
    email = models.TextField("adresse électronique", blank=True, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, editable=False, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, editable=False, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, editable=False, related_name="+")
    placement = models.ForeignKey(Placement, models.CASCADE, null=True, editable=False, related_name="+")
    reminded_at = models.DateTimeField("relancé le", null=True, blank=True, editable=False)
    is_answered = models.BooleanField("répondu", default=False, editable=False)

    PERSONAL_DATA = ("name", "email", "contact", "membership", "placement")

    class Meta:
        verbose_name = "lien d’une enquête"
        verbose_name_plural = "liens des enquêtes"
        indexes = [Index(fields=["school", "survey"], include=["is_open", "is_answered"], name="survey_link_survey")]

    def __str__(self) -> str:
        return f"{self.name or 'Lien pour tous'}, {self.survey}"


class SurveyReply(SchoolRecord):
    """The grade that an answer gives to one question beyond the first; none for « sans avis »."""

    answer = models.ForeignKey(SurveyAnswer, models.CASCADE, related_name="replies", editable=False)
    question = models.ForeignKey(SurveyQuestion, models.CASCADE, related_name="replies", editable=False)
    grade = models.PositiveSmallIntegerField("note", choices=Grade.choices, null=True, blank=True)

    class Meta:
        verbose_name = "note à une question"
        verbose_name_plural = "notes aux questions"
        constraints = [
            UniqueConstraint(fields=["answer", "question"], name="survey_reply_once"),
            CheckConstraint(condition=Q(grade=None) | Q(grade__gte=1, grade__lte=4), name="survey_reply_grade"),
        ]
        indexes = [Index(fields=["school", "question"], include=["grade"], name="survey_reply_question")]

    def __str__(self) -> str:
        return f"{self.question} : {self.grade or 'sans avis'}"
