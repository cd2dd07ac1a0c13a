import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0004_partner_file"),
        ("pfmp", "0003_hosting"),
    ]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="signer",
            field=models.ForeignKey(
                blank=True,
                help_text="Vide : la personne qui dirige l’entreprise, d’après ses contacts.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="signed_placements",
                to="partners.contact",
                verbose_name="signe pour l’entreprise",
            ),
        ),
    ]
