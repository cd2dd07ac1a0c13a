import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pfmp", "0005_periods_and_decisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormationAnnex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("formation", models.CharField(max_length=255, verbose_name="formation")),
                (
                    "label",
                    models.CharField(
                        help_text="Par exemple : 1re année, accueil et vente.", max_length=200, verbose_name="intitulé"
                    ),
                ),
                ("aims", models.TextField(blank=True, verbose_name="objectifs")),
                (
                    "tasks",
                    models.TextField(blank=True, help_text="Une par ligne.", verbose_name="activités habituelles"),
                ),
                ("following", models.TextField(blank=True, verbose_name="modalités de suivi")),
                ("evaluation", models.TextField(blank=True, verbose_name="modalités d’évaluation")),
                ("is_active", models.BooleanField(default=True, verbose_name="proposée")),
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
                "verbose_name": "annexe pédagogique",
                "verbose_name_plural": "annexes pédagogiques",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "formation", "label"),
                        name="formation_annex_once",
                        violation_error_message="Une annexe de cette formation porte déjà cet intitulé.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("code", models.CharField(help_text="Par exemple C1.2.", max_length=20, verbose_name="code")),
                ("label", models.TextField(verbose_name="compétence")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                (
                    "annex",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skills",
                        to="pfmp.formationannex",
                        verbose_name="annexe",
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
                "verbose_name": "compétence",
                "ordering": ["position", "code"],
                "indexes": [models.Index(fields=["school", "annex", "position"], name="skill_order")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("annex", "code"),
                        name="skill_once",
                        violation_error_message="Cette annexe a déjà une compétence de ce code.",
                    )
                ],
            },
        ),
    ]
