"""What a pupil says of the place found: the company's phone, other days than those of the period."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pfmp", "0005_calendar_to_allowance"),
    ]

    operations = [
        migrations.AddField(
            model_name="approach",
            name="end_date",
            field=models.DateField(blank=True, null=True, verbose_name="dernier jour"),
        ),
        migrations.AddField(
            model_name="approach",
            name="phone",
            field=models.TextField(blank=True, verbose_name="téléphone de l’entreprise"),
        ),
        migrations.AddField(
            model_name="approach",
            name="start_date",
            field=models.DateField(blank=True, null=True, verbose_name="premier jour"),
        ),
        migrations.AddConstraint(
            model_name="approach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("start_date", None), ("end_date", None), ("end_date__gte", models.F("start_date")), _connector="OR"
                ),
                name="approach_end_after_start",
                violation_error_message="La date de fin est avant la date de début.",
            ),
        ),
    ]
