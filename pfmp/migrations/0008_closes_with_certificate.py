from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pfmp", "0007_terms_evaluation")]

    operations = [
        migrations.AddField(
            model_name="pfmpsettings",
            name="closes_with_certificate",
            field=models.BooleanField(
                default=False,
                help_text="Un placement reste « En entreprise » tant que son attestation n’est pas signée (R-ATT-01).",
                verbose_name="clore avec l’attestation seulement",
            ),
        )
    ]
