import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pfmp", "0006_pedagogical_annexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="allowance_entered_date",
            field=models.DateField(blank=True, null=True, verbose_name="saisi dans ApLyPro le"),
        ),
        migrations.AddField(
            model_name="placement",
            name="allowance_validated_date",
            field=models.DateField(blank=True, null=True, verbose_name="validé dans ApLyPro le"),
        ),
        migrations.AddField(
            model_name="placement",
            name="country",
            field=models.CharField(
                blank=True,
                help_text="Code ISO à deux lettres. Vide : en France.",
                max_length=2,
                verbose_name="pays, à l’étranger",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="days_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="schools.membership",
                verbose_name="jours notés par",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="days_note",
            field=models.TextField(blank=True, verbose_name="précision sur les jours"),
        ),
        migrations.AddField(
            model_name="placement",
            name="days_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("feuille_presence", "Feuille de présence de l’entreprise"),
                    ("attestation", "Attestation signée de l’entreprise"),
                    ("horaires_reels", "Horaires réels différents"),
                    ("autre", "Autre motif"),
                ],
                max_length=20,
                verbose_name="pourquoi ce nombre de jours",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="interruption_outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("validation", "Validée malgré la durée"),
                    ("alternative", "Autre modalité"),
                    ("report", "Reportée ou rattrapée"),
                ],
                max_length=12,
                verbose_name="suite de l’interruption",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="is_extension",
            field=models.BooleanField(
                default=False,
                help_text="Hors quota de l’organisme (L124-15, R-INTERR-03).",
                verbose_name="prolongation après une interruption",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="night_designation_date",
            field=models.DateField(
                blank=True,
                help_text="Élève majeur nommément désigné par le chef d’établissement (R-MAJ-01).",
                null=True,
                verbose_name="élève désigné pour la nuit le",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="origin_year",
            field=models.CharField(
                blank=True,
                help_text="D’une PFMP rattrapée : payée au tarif de cette année-là.",
                max_length=9,
                verbose_name="année d’origine",
            ),
        ),
        migrations.CreateModel(
            name="Terms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("skills", models.JSONField(blank=True, default=list, verbose_name="compétences visées")),
                ("supervision", models.TextField(blank=True, verbose_name="encadrement et suivi")),
                ("equipment", models.TextField(blank=True, verbose_name="équipements et machines utilisés")),
                ("protections", models.TextField(blank=True, verbose_name="protections fournies")),
                ("regulated_works", models.JSONField(blank=True, default=list, verbose_name="travaux réglementés")),
                ("works_supervisor", models.TextField(blank=True, verbose_name="qui encadre ces travaux")),
                ("electrical_level", models.TextField(blank=True, verbose_name="habilitation électrique")),
                (
                    "has_variable_hours",
                    models.BooleanField(default=False, verbose_name="horaires variables, planning communiqué"),
                ),
                ("meals", models.TextField(blank=True, verbose_name="repas")),
                ("transport", models.TextField(blank=True, verbose_name="transport")),
                ("housing", models.TextField(blank=True, verbose_name="hébergement")),
                (
                    "gratuity",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=15,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="gratification, en euros par heure",
                    ),
                ),
                ("gratuity_terms", models.TextField(blank=True, verbose_name="modalités de la gratification")),
                ("insurer", models.TextField(blank=True, verbose_name="assureur de l’entreprise")),
                ("insurance_number", models.TextField(blank=True, verbose_name="numéro de contrat")),
                (
                    "is_no_job",
                    models.BooleanField(
                        blank=True,
                        help_text="L’entreprise confirme que l’élève ne remplace personne et n’occupe pas un poste permanent (R-USAGE-01).",
                        null=True,
                        verbose_name="pas un emploi",
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
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
                ("evaluation", models.TextField(blank=True, verbose_name="évaluation")),
            ],
            options={
                "verbose_name": "annexes du placement",
                "verbose_name_plural": "annexes des placements",
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("absence", "Absence"),
                            ("autorisee", "Absence autorisée"),
                            ("fermeture", "Entreprise fermée"),
                            ("retard", "Retard"),
                        ],
                        default="absence",
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes de retard")),
                (
                    "reported_by",
                    models.CharField(
                        choices=[
                            ("tuteur", "Le tuteur, par son lien"),
                            ("telephone", "Le tuteur, au téléphone"),
                            ("equipe", "L’équipe"),
                            ("eleve", "L’élève"),
                        ],
                        default="equipe",
                        max_length=12,
                        verbose_name="dit par",
                    ),
                ),
                ("was_told", models.BooleanField(blank=True, null=True, verbose_name="entreprise et lycée prévenus")),
                (
                    "school_life_told_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="vie scolaire prévenue le"
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
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
                "verbose_name": "absence en entreprise",
                "verbose_name_plural": "absences en entreprise",
                "indexes": [
                    models.Index(fields=["school", "placement", "date"], include=("kind",), name="absence_placement")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("placement", "date"),
                        name="absence_once_a_day",
                        violation_error_message="Ce jour-là, une absence ou un retard est déjà noté.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "retard"), ("minutes", None), _connector="OR"),
                        name="absence_minutes_of_late",
                        violation_error_message="Les minutes disent un retard, pas une absence.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recovery",
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
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="durée, en minutes"
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="précision")),
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
                        related_name="recoveries",
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
                "verbose_name": "jour rattrapé",
                "verbose_name_plural": "jours rattrapés",
                "indexes": [
                    models.Index(
                        fields=["school", "placement", "date"], include=("minutes",), name="recovery_placement"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("placement", "date"),
                        name="recovery_once_a_day",
                        violation_error_message="Ce jour de rattrapage est déjà noté.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                        verbose_name="document",
                    ),
                ),
                ("given_at", models.DateTimeField(editable=False, verbose_name="remis le")),
                (
                    "state",
                    models.CharField(
                        choices=[("remis", "Remis"), ("recu_conforme", "Reçu conforme"), ("a_corriger", "À corriger")],
                        default="remis",
                        editable=False,
                        max_length=14,
                        verbose_name="état",
                    ),
                ),
                ("received_at", models.DateTimeField(editable=False, null=True, verbose_name="reçu le")),
                ("reason", models.TextField(blank=True, verbose_name="à corriger")),
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
                    "given_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schools.membership",
                        verbose_name="remis par",
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="pfmp.placement",
                        verbose_name="placement",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schools.membership",
                        verbose_name="reçu par",
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
                "verbose_name": "remise de document",
                "verbose_name_plural": "remises de documents",
                "indexes": [
                    models.Index(fields=["school", "placement", "step"], include=("state",), name="delivery_placement")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "remis")),
                        fields=("placement", "step"),
                        name="delivery_waits_once",
                        violation_error_message="Ce document est déjà remis : il attend d’être reçu.",
                    )
                ],
            },
        ),
    ]
