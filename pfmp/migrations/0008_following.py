import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pfmp.models.following


class Migration(migrations.Migration):
    dependencies = [
        ("pfmp", "0007_placements_at_length"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="alert_answer",
            field=models.TextField(blank=True, verbose_name="suite donnée"),
        ),
        migrations.AddField(
            model_name="visit",
            name="alert_closed_date",
            field=models.DateField(blank=True, null=True, verbose_name="alerte traitée le"),
        ),
        migrations.AddField(
            model_name="visit",
            name="alert_level",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Rien à signaler"), (1, "À surveiller"), (2, "Urgent")], default=0, verbose_name="alerte"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="alert_text",
            field=models.TextField(
                blank=True, help_text="Des faits ; rien sur la santé.", verbose_name="ce qui inquiète"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="answers",
            field=models.JSONField(blank=True, default=dict, verbose_name="points vus"),
        ),
        migrations.AddField(
            model_name="visit",
            name="met_tutor",
            field=models.BooleanField(blank=True, null=True, verbose_name="tuteur rencontré"),
        ),
        migrations.AddField(
            model_name="visit",
            name="picture",
            field=models.FileField(
                blank=True, editable=False, upload_to=pfmp.models.following.picture_path, verbose_name="photo"
            ),
        ),
        migrations.CreateModel(
            name="PlannedVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("date", models.DateField(verbose_name="jour")),
                ("time", models.TimeField(blank=True, null=True, verbose_name="heure")),
                (
                    "mode",
                    models.CharField(
                        choices=[("sur_place", "Sur place"), ("telephone", "Téléphone"), ("visio", "Visio")],
                        default="sur_place",
                        max_length=10,
                        verbose_name="mode",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="planned_visits",
                        to="schools.membership",
                        verbose_name="qui s’y rend",
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="planned_visits",
                        to="pfmp.placement",
                        verbose_name="placement",
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
                (
                    "visit",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="planned",
                        to="pfmp.visit",
                        verbose_name="visite faite",
                    ),
                ),
            ],
            options={
                "verbose_name": "visite prévue",
                "verbose_name_plural": "visites prévues",
                "indexes": [models.Index(fields=["school", "membership", "date"], name="planned_visit_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("placement", "membership", "date"),
                        name="planned_visit_once",
                        violation_error_message="Cette visite est déjà prévue ce jour-là.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TutorEvaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("marks", models.JSONField(blank=True, default=dict, verbose_name="compétences")),
                ("attitudes", models.JSONField(blank=True, default=dict, verbose_name="attitudes")),
                ("comment", models.TextField(blank=True, verbose_name="appréciation")),
                ("author_name", models.TextField(blank=True, verbose_name="évalué par")),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="remise le")),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="close le")),
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
                    "placement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evaluation",
                        to="pfmp.placement",
                        verbose_name="placement",
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
                "verbose_name": "évaluation du tuteur",
                "verbose_name_plural": "évaluations des tuteurs",
            },
        ),
        migrations.CreateModel(
            name="WelcomeOpinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("answers", models.JSONField(default=dict, verbose_name="réponses")),
                ("comment", models.TextField(blank=True, verbose_name="commentaire")),
                ("submitted_at", models.DateTimeField(editable=False, verbose_name="remise le")),
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
                    "placement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinion",
                        to="pfmp.placement",
                        verbose_name="placement",
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
                "verbose_name": "avis de l’élève sur l’accueil",
                "verbose_name_plural": "avis des élèves sur l’accueil",
            },
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("alert_level__gt", 0)), fields=["school", "alert_closed_date"], name="visit_alert"
            ),
        ),
    ]
