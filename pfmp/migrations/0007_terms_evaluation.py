"""How the pupil is evaluated at the company: printed on the pedagogical annex of the convention."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pfmp", "0006_approach_found")]

    operations = [
        migrations.AddField(
            model_name="terms",
            name="evaluation",
            field=models.TextField(blank=True, verbose_name="évaluation"),
        ),
    ]
