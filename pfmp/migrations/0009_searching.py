import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pfmp", "0008_following"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("company", models.TextField(blank=True, verbose_name="entreprise")),
                ("city", models.TextField(blank=True, verbose_name="commune")),
                ("person", models.TextField(blank=True, verbose_name="personne rencontrée")),
                ("date", models.DateField(verbose_name="jour")),
                (
                    "means",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sur_place", "Sur place"),
                            ("telephone", "Téléphone"),
                            ("courriel", "Courriel"),
                            ("en_ligne", "Formulaire en ligne"),
                            ("relation", "Par une connaissance"),
                        ],
                        max_length=12,
                        verbose_name="comment",
                    ),
                ),
                (
                    "made_by",
                    models.CharField(
                        choices=[("eleve", "L’élève"), ("famille", "La famille"), ("equipe", "L’équipe")],
                        default="eleve",
                        max_length=8,
                        verbose_name="par",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("a_faire", "À contacter"),
                            ("demande", "Demandé"),
                            ("attente", "Réponse attendue"),
                            ("non", "Refus"),
                            ("oui", "Accord"),
                        ],
                        default="demande",
                        max_length=8,
                        verbose_name="où cela en est",
                    ),
                ),
                ("reply_date", models.DateField(blank=True, null=True, verbose_name="réponse le")),
                ("note", models.TextField(blank=True, verbose_name="remarque")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schools.membership",
                        verbose_name="noté par",
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
                        related_name="approaches",
                        to="partners.partner",
                        verbose_name="entreprise connue",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approaches",
                        to="pfmp.period",
                        verbose_name="période",
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
                        related_name="approaches",
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
                ("end_date", models.DateField(blank=True, null=True, verbose_name="dernier jour")),
                ("phone", models.TextField(blank=True, verbose_name="téléphone de l’entreprise")),
                ("start_date", models.DateField(blank=True, null=True, verbose_name="premier jour")),
            ],
            options={
                "verbose_name": "démarche",
                "indexes": [
                    models.Index(
                        fields=["school", "period", "student"], include=("state", "date"), name="approach_period"
                    ),
                    models.Index(fields=["school", "partner", "date"], include=("state",), name="approach_partner"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("partner__isnull", False), models.Q(("company", ""), _negated=True), _connector="OR"
                        ),
                        name="approach_names_a_company",
                        violation_error_message="Indiquez l’entreprise.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("start_date", None),
                            ("end_date", None),
                            ("end_date__gte", models.F("start_date")),
                            _connector="OR",
                        ),
                        name="approach_end_after_start",
                        violation_error_message="La date de fin est avant la date de début.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreConvention",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("a_envoyer", "À envoyer à l’entreprise"),
                            ("chez_entreprise", "Chez l’entreprise"),
                            ("remplie", "Remplie, à valider"),
                            ("a_corriger", "À corriger par l’entreprise"),
                            ("validee", "Validée"),
                            ("abandonnee", "Abandonnée"),
                        ],
                        default="a_envoyer",
                        editable=False,
                        max_length=16,
                        verbose_name="état",
                    ),
                ),
                (
                    "answers",
                    models.JSONField(blank=True, default=dict, editable=False, verbose_name="réponses de l’entreprise"),
                ),
                ("sent_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="envoyée le")),
                ("filled_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="remplie le")),
                ("filled_by", models.TextField(blank=True, editable=False, verbose_name="remplie par")),
                ("correction", models.TextField(blank=True, verbose_name="à corriger")),
                (
                    "validated_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="validée le"),
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
                    "placement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pre_convention",
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
                    "validated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schools.membership",
                        verbose_name="validée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "pré-convention",
                "indexes": [models.Index(fields=["school", "state"], name="pre_convention_state")],
            },
        ),
        migrations.CreateModel(
            name="PersonalLink",
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
                    "purpose",
                    models.CharField(
                        choices=[
                            ("pre_convention", "Pré-convention, pour l’entreprise"),
                            ("eleve", "Espace de l’élève"),
                            ("tuteur", "Espace du tuteur"),
                        ],
                        editable=False,
                        max_length=16,
                        verbose_name="pour",
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("name", models.TextField(editable=False, verbose_name="à")),
                ("email", models.TextField(blank=True, editable=False, verbose_name="adresse électronique")),
                ("expires_at", models.DateTimeField(editable=False, verbose_name="expire le")),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="révoqué le")),
                ("opened_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ouvert le")),
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
                    "placement",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
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
                    "student",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
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
                "verbose_name": "lien personnel",
                "verbose_name_plural": "liens personnels",
                "indexes": [
                    models.Index(fields=["school", "student"], name="personal_link_student"),
                    models.Index(fields=["school", "placement", "purpose"], name="personal_link_placement"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("placement", None), ("purpose", "eleve"), ("student__isnull", False)),
                            models.Q(
                                models.Q(("purpose", "eleve"), _negated=True),
                                ("placement__isnull", False),
                                ("student", None),
                            ),
                            _connector="OR",
                        ),
                        name="personal_link_subject",
                    )
                ],
            },
        ),
    ]
