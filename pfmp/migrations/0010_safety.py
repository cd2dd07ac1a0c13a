import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pfmp", "0009_searching"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorksDeclaration",
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
                    "declarant",
                    models.CharField(
                        choices=[
                            ("employeur", "L’employeur"),
                            ("etat", "Service de l’État"),
                            ("collectivite", "Collectivité territoriale"),
                            ("lycee", "Le lycée, pour ses ateliers"),
                        ],
                        max_length=12,
                        verbose_name="déclarée par",
                    ),
                ),
                ("sent_date", models.DateField(verbose_name="envoyée le")),
                ("works", models.JSONField(default=list, verbose_name="travaux déclarés")),
                ("formations", models.TextField(blank=True, verbose_name="formations concernées")),
                ("places", models.TextField(blank=True, verbose_name="lieux de formation")),
                ("machines", models.TextField(blank=True, verbose_name="machines et travaux de maintenance")),
                ("supervisors", models.TextField(blank=True, verbose_name="qualité ou fonction de qui encadre")),
                (
                    "reference",
                    models.TextField(
                        blank=True,
                        help_text="Numéro de recommandé, accusé de réception.",
                        verbose_name="preuve de l’envoi",
                    ),
                ),
                ("withdrawn_date", models.DateField(blank=True, null=True, verbose_name="retirée le")),
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
                        help_text="Vide : la déclaration du lycée pour ses ateliers.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="works_declarations",
                        to="partners.partner",
                        verbose_name="organisme d’accueil",
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
                "verbose_name": "déclaration de travaux réglementés",
                "verbose_name_plural": "déclarations de travaux réglementés",
                "indexes": [models.Index(fields=["school", "partner", "sent_date"], name="works_declaration_partner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("declarant", "lycee"), ("partner", None)),
                            models.Q(models.Q(("declarant", "lycee"), _negated=True), ("partner__isnull", False)),
                            _connector="OR",
                        ),
                        name="works_declaration_of",
                        violation_error_message="La déclaration du lycée ne nomme pas d’entreprise ; les autres en nomment une.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MedicalOpinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("date", models.DateField(verbose_name="date de l’avis")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("favorable", "Favorable"),
                            ("reserves", "Favorable avec réserves"),
                            ("defavorable", "Défavorable"),
                        ],
                        max_length=12,
                        verbose_name="avis",
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
                        related_name="medical_opinions",
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
                "verbose_name": "avis d’aptitude",
                "verbose_name_plural": "avis d’aptitude",
                "indexes": [
                    models.Index(
                        fields=["school", "student", "-date"], include=("outcome",), name="medical_opinion_last"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("student", "date"),
                        name="medical_opinion_once",
                        violation_error_message="Un avis de ce jour est déjà noté.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("securite", "Formation à la sécurité, évaluée"),
                            ("electricite", "Préparation à l’habilitation électrique"),
                            ("conduite", "Formation à la conduite d’engins"),
                            ("secours", "Secourisme (PSC1, SST)"),
                        ],
                        max_length=12,
                        verbose_name="formation",
                    ),
                ),
                ("date", models.DateField(verbose_name="validée le")),
                (
                    "level",
                    models.TextField(
                        blank=True, help_text="Par exemple B1V, R482 cat. A.", verbose_name="niveau ou catégorie"
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
                        related_name="trainings",
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
                "verbose_name": "formation à la sécurité",
                "verbose_name_plural": "formations à la sécurité",
                "indexes": [models.Index(fields=["school", "student", "kind", "-date"], name="training_last")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("student", "kind", "date"),
                        name="training_once",
                        violation_error_message="Cette formation est déjà notée à cette date.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CountrySheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("country", models.CharField(help_text="Code ISO à deux lettres.", max_length=2, verbose_name="pays")),
                (
                    "text",
                    models.TextField(
                        help_text="Durées, repos, nuit, accidents, numéros d’urgence.",
                        verbose_name="ce qu’il faut savoir",
                    ),
                ),
                ("checked_date", models.DateField(verbose_name="relue le")),
                ("source", models.TextField(blank=True, verbose_name="source")),
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
                "verbose_name": "fiche pays",
                "verbose_name_plural": "fiches pays",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "country"),
                        name="country_sheet_once",
                        violation_error_message="Ce pays a déjà sa fiche.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Accident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("happened_at", models.DateTimeField(verbose_name="date et heure")),
                ("known_at", models.DateTimeField(blank=True, null=True, verbose_name="connu de l’entreprise le")),
                (
                    "place",
                    models.CharField(
                        choices=[("travail", "Au travail"), ("trajet", "Sur le trajet")],
                        max_length=8,
                        verbose_name="où",
                    ),
                ),
                (
                    "facts",
                    models.TextField(
                        blank=True, help_text="Ce qui s’est passé ; rien sur la santé.", verbose_name="circonstances"
                    ),
                ),
                ("declared_date", models.DateField(blank=True, null=True, verbose_name="déclaré par l’entreprise le")),
                ("copy_date", models.DateField(blank=True, null=True, verbose_name="copie reçue le")),
                ("family_told_at", models.DateTimeField(blank=True, null=True, verbose_name="famille prévenue le")),
                ("closed_date", models.DateField(blank=True, null=True, verbose_name="dossier clos le")),
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accidents",
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
                "verbose_name": "accident",
                "indexes": [models.Index(fields=["school", "placement", "happened_at"], name="accident_placement")],
            },
        ),
    ]
