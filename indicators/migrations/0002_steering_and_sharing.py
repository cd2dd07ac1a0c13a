import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import indicators.models.steering


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("documents", "0006_paper_model_keys"),
        ("events", "0003_preparing_and_links"),
        ("indicators", "0001_first_tables"),
        ("partners", "0007_named_publicly"),
        ("schools", "0008_academy_readers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
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
                    "heading",
                    models.CharField(
                        choices=[
                            (
                                "1",
                                "Nombre de conventions de partenariat (dont celles avec les établissements de formations)",
                            ),
                            ("2", "Part de formalisation des réseaux dont l’établissement est partie prenante"),
                            ("3", "Nombre, typologie, durée, fréquence des actions engagées"),
                            (
                                "4",
                                "Taux d’élèves qui bénéficient des actions, taux de participation. Mixité filles-garçons, inclusion, actions pour les publics prioritaires",
                            ),
                            (
                                "5",
                                "Impact par action et selon leur nature : nombre de jeunes ayant une solution pour une période de PFMP donnée, nombre d’offres d’emploi reçues des entreprises, nombre de jeunes qui en ont bénéficié, montant de taxe d’apprentissage perçu et évolution…",
                            ),
                            ("6", "Existence d’indicateurs partagés avec les partenaires"),
                            (
                                "7",
                                "Implication des entreprises, par secteur professionnel : taux de réponse aux invitations du lycée, taux d’actions déployées à l’initiative des partenaires…",
                            ),
                            (
                                "8",
                                "Taux de satisfaction des parties prenantes : équipe pédagogique, élèves, partenaires",
                            ),
                            ("insertion", "Insertion des sortants"),
                            ("reciprocite", "Réciprocité avec les partenaires"),
                            ("suivi", "AvenirPro et suivi des PFMP"),
                        ],
                        max_length=12,
                        verbose_name="rubrique",
                    ),
                ),
                ("label", models.TextField(verbose_name="décision")),
                ("due_date", models.DateField(blank=True, null=True, verbose_name="pour le")),
                ("done_date", models.DateField(blank=True, null=True, verbose_name="faite le")),
                ("outcome", models.TextField(blank=True, verbose_name="résultat")),
                (
                    "action",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="events.action",
                        verbose_name="action liée",
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
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schools.membership",
                        verbose_name="par",
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
                "verbose_name": "décision",
                "indexes": [
                    models.Index(fields=["school", "year", "heading"], name="decision_heading"),
                    models.Index(fields=["school", "done_date", "due_date"], name="decision_due"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
                    "heading",
                    models.CharField(
                        choices=[
                            (
                                "1",
                                "Nombre de conventions de partenariat (dont celles avec les établissements de formations)",
                            ),
                            ("2", "Part de formalisation des réseaux dont l’établissement est partie prenante"),
                            ("3", "Nombre, typologie, durée, fréquence des actions engagées"),
                            (
                                "4",
                                "Taux d’élèves qui bénéficient des actions, taux de participation. Mixité filles-garçons, inclusion, actions pour les publics prioritaires",
                            ),
                            (
                                "5",
                                "Impact par action et selon leur nature : nombre de jeunes ayant une solution pour une période de PFMP donnée, nombre d’offres d’emploi reçues des entreprises, nombre de jeunes qui en ont bénéficié, montant de taxe d’apprentissage perçu et évolution…",
                            ),
                            ("6", "Existence d’indicateurs partagés avec les partenaires"),
                            (
                                "7",
                                "Implication des entreprises, par secteur professionnel : taux de réponse aux invitations du lycée, taux d’actions déployées à l’initiative des partenaires…",
                            ),
                            (
                                "8",
                                "Taux de satisfaction des parties prenantes : équipe pédagogique, élèves, partenaires",
                            ),
                            ("insertion", "Insertion des sortants"),
                            ("reciprocite", "Réciprocité avec les partenaires"),
                            ("suivi", "AvenirPro et suivi des PFMP"),
                        ],
                        max_length=12,
                        verbose_name="rubrique",
                    ),
                ),
                ("label", models.TextField(verbose_name="preuve")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="adresse")),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        editable=False,
                        upload_to=indicators.models.steering.evidence_path,
                        verbose_name="fichier",
                    ),
                ),
                ("file_name", models.TextField(blank=True, editable=False, verbose_name="nom du fichier")),
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
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="documents.document",
                        verbose_name="document de la plateforme",
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
                "verbose_name": "preuve",
                "indexes": [models.Index(fields=["school", "year", "heading"], name="evidence_heading")],
            },
        ),
        migrations.CreateModel(
            name="FigureComment",
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
                ("code", models.CharField(max_length=20, verbose_name="indicateur")),
                ("text", models.TextField(verbose_name="commentaire")),
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
                "verbose_name": "commentaire d’un indicateur",
                "verbose_name_plural": "commentaires des indicateurs",
                "constraints": [models.UniqueConstraint(fields=("school", "year", "code"), name="figure_comment_once")],
            },
        ),
        migrations.CreateModel(
            name="KeyNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("day", models.DateField(verbose_name="jour")),
                ("key", models.CharField(max_length=40, verbose_name="nombre")),
                ("value", models.DecimalField(decimal_places=4, max_digits=15, verbose_name="valeur")),
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
                "verbose_name": "nombre du jour",
                "verbose_name_plural": "nombres des jours",
                "constraints": [models.UniqueConstraint(fields=("school", "key", "day"), name="key_number_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="SelfEvaluation",
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
                    "heading",
                    models.CharField(
                        choices=[
                            (
                                "1",
                                "Nombre de conventions de partenariat (dont celles avec les établissements de formations)",
                            ),
                            ("2", "Part de formalisation des réseaux dont l’établissement est partie prenante"),
                            ("3", "Nombre, typologie, durée, fréquence des actions engagées"),
                            (
                                "4",
                                "Taux d’élèves qui bénéficient des actions, taux de participation. Mixité filles-garçons, inclusion, actions pour les publics prioritaires",
                            ),
                            (
                                "5",
                                "Impact par action et selon leur nature : nombre de jeunes ayant une solution pour une période de PFMP donnée, nombre d’offres d’emploi reçues des entreprises, nombre de jeunes qui en ont bénéficié, montant de taxe d’apprentissage perçu et évolution…",
                            ),
                            ("6", "Existence d’indicateurs partagés avec les partenaires"),
                            (
                                "7",
                                "Implication des entreprises, par secteur professionnel : taux de réponse aux invitations du lycée, taux d’actions déployées à l’initiative des partenaires…",
                            ),
                            (
                                "8",
                                "Taux de satisfaction des parties prenantes : équipe pédagogique, élèves, partenaires",
                            ),
                            ("insertion", "Insertion des sortants"),
                            ("reciprocite", "Réciprocité avec les partenaires"),
                            ("suivi", "AvenirPro et suivi des PFMP"),
                        ],
                        max_length=12,
                        verbose_name="rubrique",
                    ),
                ),
                ("question", models.CharField(max_length=40, verbose_name="question")),
                ("text", models.TextField(verbose_name="réponse")),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="remplacée le"),
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
                "verbose_name": "auto-évaluation",
                "verbose_name_plural": "auto-évaluations",
                "indexes": [models.Index(fields=["school", "year", "heading"], name="self_evaluation_heading")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)),
                        fields=("school", "year", "heading", "question"),
                        name="self_evaluation_current_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShareLink",
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
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schools.school"
                    ),
                ),
                (
                    "share",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="indicators.indicatorshare",
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
                "verbose_name": "lien d’un partage",
                "verbose_name_plural": "liens des partages",
                "indexes": [models.Index(fields=["school", "share"], name="share_link_share")],
            },
        ),
        migrations.CreateModel(
            name="Target",
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
                ("code", models.CharField(max_length=20, verbose_name="indicateur")),
                ("value", models.DecimalField(decimal_places=6, max_digits=15, verbose_name="objectif")),
                ("reason", models.TextField(blank=True, verbose_name="pourquoi cet objectif")),
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
                "verbose_name": "objectif",
                "constraints": [models.UniqueConstraint(fields=("school", "year", "code"), name="target_once")],
            },
        ),
        migrations.CreateModel(
            name="YearSeal",
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
                ("as_of", models.DateField(verbose_name="arrêté au")),
                ("definitions", models.CharField(max_length=20, verbose_name="version des formules")),
                ("figures", models.JSONField(verbose_name="chiffres")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte")),
                ("sealed_at", models.DateTimeField(verbose_name="scellé le")),
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
                "verbose_name": "année scellée",
                "verbose_name_plural": "années scellées",
                "constraints": [models.UniqueConstraint(fields=("school", "year"), name="year_seal_once")],
            },
        ),
        migrations.AddField(
            model_name="indicatorshare",
            name="content",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="ce qui est partagé"),
        ),
        migrations.AddField(
            model_name="indicatorshare",
            name="message",
            field=models.TextField(blank=True, verbose_name="mot d’accompagnement"),
        ),
        migrations.AddField(
            model_name="indicatorshare",
            name="year",
            field=models.CharField(blank=True, max_length=9, verbose_name="année scolaire"),
        ),
        migrations.CreateModel(
            name="Publication",
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
                ("as_of", models.DateField(verbose_name="arrêté au")),
                ("figures", models.JSONField(editable=False, verbose_name="chiffres publiés")),
                ("behind", models.JSONField(editable=False, verbose_name="de quoi comparer")),
                (
                    "is_on_paper",
                    models.BooleanField(default=False, editable=False, verbose_name="dite par un document remis"),
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
                "verbose_name": "publication des indicateurs",
                "verbose_name_plural": "publications des indicateurs",
            },
        ),
        migrations.AddField(
            model_name="indicatorshare",
            name="publication",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="shares",
                to="indicators.publication",
            ),
        ),
        migrations.CreateModel(
            name="SecrecySettings",
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
                    "small",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="plus petit effectif montré",
                    ),
                ),
                (
                    "pupils",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(200),
                        ],
                        verbose_name="élèves au moins pour un taux",
                    ),
                ),
                (
                    "leavers",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(20),
                            django.core.validators.MaxValueValidator(200),
                        ],
                        verbose_name="sortants au moins pour un taux d’insertion",
                    ),
                ),
                (
                    "extremes",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(20),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="effectif au moins pour montrer 0 % ou 100 %",
                    ),
                ),
                (
                    "answers",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="réponses au moins pour une satisfaction",
                    ),
                ),
                (
                    "firms",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="entreprises au moins pour un montant",
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
                "verbose_name": "seuils de secret",
                "verbose_name_plural": "seuils de secret",
            },
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["school", "year", "as_of"], name="publication_year"),
        ),
        migrations.AddConstraint(
            model_name="secrecysettings",
            constraint=models.UniqueConstraint(fields=("school",), name="secrecy_settings_once"),
        ),
    ]
