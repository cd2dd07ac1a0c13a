import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("partners", "0006_tax_promise"),
        ("pfmp", "0004_signer"),
        ("schools", "0007_days_without_lessons"),
    ]

    operations = [
        migrations.AddField(
            model_name="period",
            name="counts_for_exam",
            field=models.BooleanField(
                default=True,
                help_text="Non pour le parcours de fin de terminale : payé, mais hors examen (R-DUREE-07).",
                verbose_name="compte pour l’examen",
            ),
        ),
        migrations.AddField(
            model_name="period",
            name="kind",
            field=models.CharField(
                choices=[
                    ("pfmp", "PFMP"),
                    ("stage_bts", "Stage de BTS"),
                    ("observation_3e", "Séquence d’observation de 3e"),
                    ("observation_2gt", "Séquence d’observation de 2de GT"),
                    ("observation", "Période d’observation volontaire"),
                ],
                default="pfmp",
                max_length=16,
                verbose_name="nature",
            ),
        ),
        migrations.AddField(
            model_name="period",
            name="note",
            field=models.TextField(blank=True, verbose_name="précision"),
        ),
        migrations.CreateModel(
            name="FormationDuration",
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
                    "weeks",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="semaines exigées",
                    ),
                ),
                (
                    "minimum_block",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="semaines par période, au moins",
                    ),
                ),
                ("since", models.CharField(max_length=9, verbose_name="année scolaire")),
                ("source", models.TextField(blank=True, verbose_name="texte de référence")),
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
                "verbose_name": "durée de formation en entreprise",
                "verbose_name_plural": "durées de formation en entreprise",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "formation", "since"),
                        name="formation_duration_once",
                        violation_error_message="La durée de cette formation est déjà notée à partir de cette année.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
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
                    "step",
                    models.CharField(
                        choices=[
                            ("place_trouvee", "Entreprise trouvée"),
                            ("fiche_remise", "Pré-convention remise à l’entreprise"),
                            ("fiche_rendue", "Pré-convention rendue"),
                            ("convention_editee", "Convention éditée"),
                            ("convention_signee", "Convention signée de tous"),
                            ("convention_remise", "Convention remise au bureau"),
                            ("arrivee_verifiee", "Arrivée vérifiée"),
                            ("visite_faite", "Visite faite"),
                            ("attestation_recue", "Attestation reçue"),
                            ("accueil_evalue", "Accueil évalué par l’élève"),
                        ],
                        max_length=20,
                        verbose_name="étape",
                    ),
                ),
                (
                    "anchor",
                    models.CharField(
                        choices=[
                            ("debut", "le dernier jour de cours avant la période"),
                            ("premier_jour", "le premier jour en entreprise"),
                            ("fin", "la fin de la période"),
                        ],
                        max_length=12,
                        verbose_name="compté depuis",
                    ),
                ),
                (
                    "days",
                    models.SmallIntegerField(
                        help_text="Négatif : avant ; positif : après.",
                        validators=[
                            django.core.validators.MinValueValidator(-120),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="jours",
                    ),
                ),
                (
                    "owner",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bde", "Bureau des entreprises"),
                            ("ddfpt", "DDFPT"),
                            ("enseignant", "Enseignant"),
                            ("direction", "Direction"),
                            ("secretariat", "Secrétariat"),
                            ("consultation", "Consultation"),
                        ],
                        max_length=12,
                        verbose_name="qui fait",
                    ),
                ),
                (
                    "checker",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bde", "Bureau des entreprises"),
                            ("ddfpt", "DDFPT"),
                            ("enseignant", "Enseignant"),
                            ("direction", "Direction"),
                            ("secretariat", "Secrétariat"),
                            ("consultation", "Consultation"),
                        ],
                        max_length=12,
                        verbose_name="qui vérifie",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="suivie")),
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
                "verbose_name": "jalon",
                "verbose_name_plural": "jalons",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "step"),
                        name="milestone_once",
                        violation_error_message="Cette étape a déjà son jalon.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PfmpSettings",
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
                    "referent_limit",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Vote du conseil d’administration (R-CONV-08). Vide : 16, limite lue dans D124-3.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="élèves suivis par référent, au plus",
                    ),
                ),
                ("referent_vote_date", models.DateField(blank=True, null=True, verbose_name="vote sur le suivi")),
                (
                    "quota_order",
                    models.TextField(
                        blank=True,
                        help_text="Référence de l’arrêté de l’autorité académique qui porte le quota à 20 % (R-QUOTA-02). Vide : aucun.",
                        verbose_name="arrêté de dérogation au quota",
                    ),
                ),
                ("quota_order_date", models.DateField(blank=True, null=True, verbose_name="date de l’arrêté")),
                (
                    "accident_text",
                    models.TextField(
                        blank=True,
                        help_text="Remplace la consigne de la fiche d’urgence (R-AT-04).",
                        verbose_name="consigne en cas d’accident",
                    ),
                ),
                ("school_life_email", models.TextField(blank=True, verbose_name="vie scolaire, adresse électronique")),
                (
                    "school_insurance",
                    models.TextField(blank=True, verbose_name="assurance du lycée : assureur et numéro de contrat"),
                ),
                ("student_letter", models.TextField(blank=True, verbose_name="modèle de lettre de motivation")),
                ("student_advice", models.TextField(blank=True, verbose_name="conseils aux élèves qui cherchent")),
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
                (
                    "closes_with_certificate",
                    models.BooleanField(
                        default=False,
                        help_text="Un placement reste « En entreprise » tant que son attestation n’est pas signée (R-ATT-01).",
                        verbose_name="clore avec l’attestation seulement",
                    ),
                ),
            ],
            options={
                "verbose_name": "réglages des PFMP",
                "verbose_name_plural": "réglages des PFMP",
                "constraints": [models.UniqueConstraint(fields=("school",), name="pfmp_settings_once")],
            },
        ),
    ]
