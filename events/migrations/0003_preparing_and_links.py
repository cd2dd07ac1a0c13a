import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields
import events.models.pictures


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("events", "0002_keep_what_others_stand_on"),
        ("partners", "0007_named_publicly"),
        ("schools", "0008_academy_readers"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActionPhoto",
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
                    "file",
                    models.FileField(editable=False, upload_to=events.models.pictures.photo_path, verbose_name="photo"),
                ),
                ("caption", models.TextField(blank=True, verbose_name="légende")),
                ("shows_nobody", models.BooleanField(default=False, verbose_name="personne n’y est reconnaissable")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="events.action",
                        verbose_name="action",
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
                "verbose_name": "photo d’une action",
                "verbose_name_plural": "photos des actions",
                "indexes": [models.Index(fields=["school", "action"], name="action_photo_action")],
            },
        ),
        migrations.CreateModel(
            name="ActionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="identifiant"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("label", models.TextField(verbose_name="étape")),
                ("due_date", models.DateField(blank=True, null=True, verbose_name="pour le")),
                ("done_date", models.DateField(blank=True, null=True, verbose_name="faite le")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="events.action",
                        verbose_name="action",
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
                "verbose_name": "étape d’une action",
                "verbose_name_plural": "étapes des actions",
                "indexes": [
                    models.Index(fields=["school", "action"], name="action_step_action"),
                    models.Index(fields=["school", "done_date", "due_date"], name="action_step_due"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionTemplate",
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
                ("kind", models.CharField(max_length=20, verbose_name="nature")),
                (
                    "hours",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=15,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="durée en heures",
                    ),
                ),
                ("steps", models.JSONField(blank=True, default=list, verbose_name="étapes")),
                ("letters", models.JSONField(blank=True, default=dict, verbose_name="courriers")),
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
                "verbose_name": "modèle d’action",
                "verbose_name_plural": "modèles d’action",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "name"),
                        name="action_template_name",
                        violation_error_message="Un modèle d’action porte déjà ce nom.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
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
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="révoqué le")),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.membership",
                        verbose_name="de",
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
                "verbose_name": "agenda à suivre",
                "verbose_name_plural": "agendas à suivre",
                "indexes": [models.Index(fields=["school", "membership"], name="calendar_feed_member")],
            },
        ),
        migrations.CreateModel(
            name="EventSettings",
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
                    "reminder_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Une même personne n’est jamais relancée plus souvent.",
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="jours entre deux relances",
                    ),
                ),
                (
                    "most_reminders",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[django.core.validators.MaxValueValidator(5)],
                        verbose_name="relances par invitation",
                    ),
                ),
                ("page_is_open", models.BooleanField(default=False, verbose_name="page publique ouverte")),
                ("introduction", models.TextField(blank=True, verbose_name="présentation")),
                (
                    "shows_partners",
                    models.BooleanField(default=True, verbose_name="montrer les partenaires qui l’acceptent"),
                ),
                ("shows_formations", models.BooleanField(default=True, verbose_name="montrer les formations")),
                ("taxe_text", models.TextField(blank=True, verbose_name="verser la taxe d’apprentissage")),
                (
                    "is_listed",
                    models.BooleanField(default=False, verbose_name="page publique proposée aux moteurs de recherche"),
                ),
                (
                    "needs_both_guardians",
                    models.BooleanField(
                        default=False,
                        help_text="Sinon, l’accord d’un seul suffit.",
                        verbose_name="image d’un mineur : l’accord des deux responsables",
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
                "verbose_name": "réglages des actions",
                "verbose_name_plural": "réglages des actions",
                "constraints": [models.UniqueConstraint(fields=("school",), name="event_settings_once")],
            },
        ),
        migrations.CreateModel(
            name="ImageConsent",
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
                    "project",
                    models.TextField(
                        help_text="Par exemple : le forum des métiers de novembre.", verbose_name="projet"
                    ),
                ),
                (
                    "use",
                    models.TextField(
                        help_text="Par exemple : le site du lycée et le bilan remis aux partenaires.",
                        verbose_name="usage",
                    ),
                ),
                (
                    "given_by",
                    models.CharField(
                        choices=[
                            ("eleve", "L’élève, majeur"),
                            ("responsable", "Un responsable légal"),
                            ("responsables", "Les deux responsables légaux"),
                        ],
                        max_length=12,
                        verbose_name="donnée par",
                    ),
                ),
                ("signed_date", models.DateField(verbose_name="signée le")),
                ("until_date", models.DateField(verbose_name="jusqu’au")),
                ("revoked_date", models.DateField(blank=True, null=True, verbose_name="retirée le")),
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
                        related_name="image_consents",
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
                "verbose_name": "autorisation d’image",
                "verbose_name_plural": "autorisations d’image",
                "indexes": [models.Index(fields=["school", "student"], name="image_consent_student")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_date__gte", models.F("signed_date"))),
                        name="image_consent_until_after_signed",
                        violation_error_message="La fin de l’autorisation est avant sa signature.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InvitationLink",
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
                    "invitation",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="events.invitation",
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
                "verbose_name": "lien d’une invitation",
                "verbose_name_plural": "liens des invitations",
                "indexes": [models.Index(fields=["school", "invitation"], name="invitation_link_invitation")],
            },
        ),
        migrations.CreateModel(
            name="PhotoSubject",
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
                    "consent",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subjects",
                        to="events.imageconsent",
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
                    "photo",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subjects",
                        to="events.actionphoto",
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
                "verbose_name": "élève sur une photo",
                "verbose_name_plural": "élèves sur les photos",
                "constraints": [models.UniqueConstraint(fields=("photo", "consent"), name="photo_subject_once")],
            },
        ),
        migrations.CreateModel(
            name="ActionClass",
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
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="action_classes",
                        to="events.action",
                        verbose_name="action",
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
                    "school_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.schoolclass",
                        verbose_name="classe",
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
                "verbose_name": "classe attendue à une action",
                "verbose_name_plural": "classes attendues aux actions",
                "indexes": [
                    models.Index(fields=["school", "action"], include=("school_class",), name="action_class_action"),
                    models.Index(fields=["school", "school_class"], include=("action",), name="action_class_class"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("action", "school_class"),
                        name="action_class_once",
                        violation_error_message="Cette classe est déjà attendue à cette action.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionLetter",
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
                    "occasion",
                    models.CharField(
                        choices=[
                            ("invitation", "Invitation"),
                            ("relance", "Relance"),
                            ("annulation", "Annulation"),
                            ("remerciement", "Remerciement"),
                        ],
                        max_length=12,
                        verbose_name="occasion",
                    ),
                ),
                ("subject", models.TextField(verbose_name="objet")),
                ("body", models.TextField(verbose_name="texte")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="events.action",
                        verbose_name="action",
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
                "verbose_name": "courrier d’une action",
                "verbose_name_plural": "courriers des actions",
                "constraints": [models.UniqueConstraint(fields=("action", "occasion"), name="action_letter_once")],
            },
        ),
        migrations.AddField(
            model_name="action",
            name="cancel_reason",
            field=models.TextField(blank=True, verbose_name="raison de l’annulation"),
        ),
        migrations.AddField(
            model_name="action",
            name="cost",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=10,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="coût en euros",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="end_time",
            field=models.TimeField(blank=True, null=True, verbose_name="jusqu’à"),
        ),
        migrations.AddField(
            model_name="action",
            name="funding",
            field=models.TextField(
                blank=True, help_text="Qui paie : taxe d’apprentissage, partenaire, lycée…", verbose_name="financement"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="is_public",
            field=models.BooleanField(
                default=False,
                help_text="Visible de tous quand la page publique est ouverte.",
                verbose_name="sur la page publique",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="kind",
            field=models.CharField(
                blank=True,
                help_text="Ce qu’elle est, plus finement que son type.",
                max_length=20,
                verbose_name="nature",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="owned_actions",
                to="schools.membership",
                verbose_name="responsable",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="public_text",
            field=models.TextField(
                blank=True, help_text="Sans nom de personne.", verbose_name="texte de la page publique"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="series",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="action",
            name="start_time",
            field=models.TimeField(blank=True, null=True, verbose_name="à partir de"),
        ),
        migrations.AddField(
            model_name="action",
            name="workshop",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(1, "Atelier 1"), (2, "Atelier 2"), (3, "Atelier 3"), (4, "Atelier 4")],
                help_text="Lequel des quatre ateliers.",
                null=True,
                verbose_name="atelier AvenirPro",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="arrived_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="arrivé à"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invitations",
                to="partners.contact",
                verbose_name="personne invitée",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="email",
            field=models.TextField(blank=True, editable=False, verbose_name="adresse électronique"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="message",
            field=models.TextField(blank=True, verbose_name="message"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="people",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="personnes annoncées"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="reminded_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="dernière relance"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="reminders",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="relances"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="substitute_email",
            field=models.TextField(blank=True, verbose_name="adresse du remplaçant"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="substitute_name",
            field=models.TextField(blank=True, verbose_name="remplacé par"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="suggested_date",
            field=models.DateField(blank=True, null=True, verbose_name="autre date proposée"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="thanked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="remercié le"),
        ),
    ]
