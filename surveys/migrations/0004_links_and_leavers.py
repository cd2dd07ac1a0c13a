import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("partners", "0007_named_publicly"),
        ("pfmp", "0011_allowance"),
        ("schools", "0008_academy_readers"),
        ("surveys", "0003_keep_what_others_stand_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerStudent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("first_name", models.TextField(verbose_name="prénom")),
                ("last_name", models.TextField(verbose_name="nom")),
                ("email", models.TextField(blank=True, verbose_name="adresse électronique")),
                ("phone", models.TextField(blank=True, verbose_name="téléphone")),
                ("leaving_year", models.CharField(max_length=9, verbose_name="année scolaire")),
                ("formation", models.TextField(blank=True, verbose_name="formation")),
                ("job_title", models.TextField(blank=True, verbose_name="métier")),
                ("offers_talk", models.BooleanField(default=False, verbose_name="peut venir témoigner")),
                ("offers_hosting", models.BooleanField(default=False, verbose_name="peut accueillir un élève")),
                ("consent_date", models.DateField(verbose_name="accord donné le")),
                (
                    "consent_text",
                    models.CharField(blank=True, editable=False, max_length=10, verbose_name="texte accepté"),
                ),
                ("revoked_date", models.DateField(blank=True, null=True, verbose_name="accord retiré le")),
                (
                    "search_text",
                    core.fields.SearchTextField(
                        max_length=400, sources=("first_name", "last_name", "formation", "job_title")
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="partners.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="former_students",
                        to="partners.partner",
                        verbose_name="employeur",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schools.student",
                        verbose_name="élève d’alors",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "ancien élève",
                "verbose_name_plural": "anciens élèves",
                "indexes": [models.Index(fields=["school", "search_text"], name="former_student_search")],
                "constraints": [models.UniqueConstraint(fields=("school", "student"), name="former_student_once")],
            },
        ),
        migrations.CreateModel(
            name="InserJeunesFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "vintage",
                    models.TextField(
                        help_text="Par exemple : sortants 2023 et 2024 cumulés.", verbose_name="millésime"
                    ),
                ),
                (
                    "formation",
                    models.TextField(blank=True, help_text="Vide : tout le lycée.", verbose_name="formation"),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("emploi_salarie", "Taux d’emploi salarié"),
                            ("poursuite", "Taux de poursuite d’études"),
                            ("interruption", "Taux d’interruption en cours de formation"),
                            ("valeur_ajoutee", "Valeur ajoutée sur l’emploi (points)"),
                        ],
                        max_length=16,
                        verbose_name="mesure",
                    ),
                ),
                (
                    "term_months",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "sans échéance"),
                            (6, "6 mois"),
                            (12, "12 mois"),
                            (18, "18 mois"),
                            (24, "24 mois"),
                        ],
                        default=0,
                        verbose_name="échéance",
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Vide : non publiée (trop peu d’élèves).",
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="valeur en %",
                    ),
                ),
                (
                    "source",
                    models.TextField(help_text="Le fichier ou la page d’où vient le chiffre.", verbose_name="source"),
                ),
                ("published_date", models.DateField(blank=True, null=True, verbose_name="publié le")),
                ("search_text", core.fields.SearchTextField(max_length=400, sources=("formation", "vintage"))),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "chiffre InserJeunes",
                "verbose_name_plural": "chiffres InserJeunes",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "vintage", "formation", "measure", "term_months"),
                        name="inserjeunes_once",
                        violation_error_message="Ce chiffre est déjà saisi.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaverCampaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("leaving_year", models.CharField(max_length=9, verbose_name="année scolaire")),
                (
                    "term_months",
                    models.PositiveSmallIntegerField(
                        choices=[(6, "6 mois"), (12, "12 mois"), (18, "18 mois"), (24, "24 mois")],
                        verbose_name="échéance",
                    ),
                ),
                ("opened_date", models.DateField(verbose_name="ouverte le")),
                ("closed_date", models.DateField(blank=True, null=True, verbose_name="close le")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "campagne auprès des sortants",
                "verbose_name_plural": "campagnes auprès des sortants",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "leaving_year", "term_months"),
                        name="leaver_campaign_once",
                        violation_error_message="Cette campagne existe déjà.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaverCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("called_at", models.DateTimeField(editable=False, verbose_name="appelé le")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("joint", "A répondu"),
                            ("absent", "Pas de réponse"),
                            ("rappeler", "À rappeler"),
                            ("faux_numero", "Numéro faux"),
                            ("refuse", "Ne veut pas répondre"),
                        ],
                        max_length=14,
                        verbose_name="résultat",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.student",
                        verbose_name="élève",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="surveys.leavercampaign",
                        verbose_name="campagne",
                    ),
                ),
            ],
            options={
                "verbose_name": "appel à un sortant",
                "verbose_name_plural": "appels aux sortants",
                "indexes": [
                    models.Index(
                        fields=["school", "campaign", "student"], include=("called_at", "result"), name="leaver_call"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("result", "")),
                        fields=("campaign", "student"),
                        name="leaver_call_one_at_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaverLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="expire le")),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="révoqué le")),
                ("opened_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ouvert le")),
                ("email", models.TextField(blank=True, editable=False, verbose_name="adresse électronique")),
                (
                    "campaign",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="surveys.leavercampaign",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.student",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lien d’un sortant",
                "verbose_name_plural": "liens des sortants",
                "indexes": [models.Index(fields=["school", "campaign", "student"], name="leaver_link_campaign")],
            },
        ),
        migrations.CreateModel(
            name="SurveyLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="expire le")),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="révoqué le")),
                ("opened_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ouvert le")),
                ("is_open", models.BooleanField(editable=False, verbose_name="pour tous")),
                ("name", models.TextField(blank=True, editable=False, verbose_name="à")),
                ("email", models.TextField(blank=True, editable=False, verbose_name="adresse électronique")),
                ("reminded_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="relancé le")),
                ("is_answered", models.BooleanField(default=False, editable=False, verbose_name="répondu")),
                (
                    "contact",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="partners.contact",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.membership",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="partners.partner",
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="pfmp.placement",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="surveys.survey",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lien d’une enquête",
                "verbose_name_plural": "liens des enquêtes",
                "indexes": [
                    models.Index(
                        fields=["school", "survey"], include=("is_open", "is_answered"), name="survey_link_survey"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(8),
                        ],
                        verbose_name="rang",
                    ),
                ),
                ("text", models.TextField(verbose_name="question")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="surveys.survey",
                        verbose_name="enquête",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "question d’une enquête",
                "verbose_name_plural": "questions des enquêtes",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "position"), name="survey_question_position"),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1), ("position__lte", 8)), name="survey_question_rank"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "grade",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Pas du tout satisfait"),
                            (2, "Plutôt pas satisfait"),
                            (3, "Plutôt satisfait"),
                            (4, "Tout à fait satisfait"),
                        ],
                        null=True,
                        verbose_name="note",
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="surveys.surveyanswer",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="surveys.surveyquestion",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "note à une question",
                "verbose_name_plural": "notes aux questions",
                "indexes": [
                    models.Index(fields=["school", "question"], include=("grade",), name="survey_reply_question")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("answer", "question"), name="survey_reply_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade", None), models.Q(("grade__gte", 1), ("grade__lte", 4)), _connector="OR"
                        ),
                        name="survey_reply_grade",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.TextField(verbose_name="nom")),
                (
                    "audience",
                    models.CharField(
                        choices=[("equipe", "Équipe pédagogique"), ("eleve", "Élèves"), ("partenaire", "Partenaires")],
                        max_length=10,
                        verbose_name="public",
                    ),
                ),
                ("introduction", models.TextField(blank=True, verbose_name="présentation")),
                ("questions", models.JSONField(default=list, verbose_name="questions")),
                ("search_text", core.fields.SearchTextField(max_length=400, sources=("name",))),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "modèle d’enquête",
                "verbose_name_plural": "modèles d’enquête",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "name"),
                        name="survey_template_name",
                        violation_error_message="Un modèle d’enquête porte déjà ce nom.",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="leaveroutcome",
            name="outcome_term",
        ),
        migrations.AddField(
            model_name="leaveroutcome",
            name="employer_city",
            field=models.TextField(blank=True, verbose_name="commune de l’employeur"),
        ),
        migrations.AddField(
            model_name="leaveroutcome",
            name="employer_name",
            field=models.TextField(blank=True, verbose_name="employeur écrit par la personne"),
        ),
        migrations.AddField(
            model_name="leaveroutcome",
            name="job_title",
            field=models.TextField(blank=True, verbose_name="métier ou formation"),
        ),
        migrations.AddField(
            model_name="leaveroutcome",
            name="means",
            field=models.CharField(
                blank=True,
                choices=[("lien", "Lien reçu"), ("telephone", "Téléphone"), ("saisie", "Saisie")],
                max_length=9,
                verbose_name="réponse par",
            ),
        ),
        migrations.AddField(
            model_name="leaveroutcome",
            name="employer_left_out",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="employeur laissé hors des partenaires"
            ),
        ),
        migrations.AddField(
            model_name="survey",
            name="introduction",
            field=models.TextField(blank=True, verbose_name="présentation"),
        ),
        migrations.AddField(
            model_name="survey",
            name="is_anonymous",
            field=models.BooleanField(
                default=True,
                help_text="Rien ne relie une réponse à une personne, pas même pour le bureau. Sinon : une réponse par lien.",
                verbose_name="réponses anonymes",
            ),
        ),
        migrations.AlterField(
            model_name="leaveroutcome",
            name="term_months",
            field=models.PositiveSmallIntegerField(
                choices=[(6, "6 mois"), (12, "12 mois"), (18, "18 mois"), (24, "24 mois")], verbose_name="échéance"
            ),
        ),
        migrations.AddConstraint(
            model_name="leaveroutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(("term_months__in", [6, 12, 18, 24])),
                name="outcome_term",
                violation_error_message="L’échéance est de 6, 12, 18 ou 24 mois.",
            ),
        ),
        migrations.AddField(
            model_name="surveyanswer",
            name="link",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="answers",
                to="surveys.surveylink",
            ),
        ),
    ]
