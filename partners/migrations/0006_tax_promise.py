import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_fill_search_and_map")]

    operations = [
        migrations.AddField(
            model_name="taxapproach",
            name="promised_amount",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                max_digits=15,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="promesse en euros",
            ),
        ),
    ]
