import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pfmp", "0010_safety"),
    ]

    operations = [
        migrations.CreateModel(
            name="AllowanceFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("year", models.CharField(max_length=9, verbose_name="année scolaire")),
                (
                    "is_bank_ready",
                    models.BooleanField(
                        blank=True, null=True, verbose_name="coordonnées bancaires complètes dans ApLyPro"
                    ),
                ),
                (
                    "decision_date",
                    models.DateField(blank=True, null=True, verbose_name="décision d’attribution éditée le"),
                ),
                (
                    "consent_date",
                    models.DateField(
                        blank=True,
                        help_text="Écrite, chaque année, pour verser sur le compte d’un élève mineur.",
                        null=True,
                        verbose_name="autorisation du responsable légal",
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
                        related_name="allowance_files",
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
            ],
            options={
                "verbose_name": "dossier d’allocation",
                "verbose_name_plural": "dossiers d’allocation",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "year", "student"), name="allowance_file_once")
                ],
            },
        ),
    ]
