from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0002_steering_and_sharing"),
    ]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="is_on_paper",
            field=models.BooleanField(default=False, editable=False, verbose_name="dite par un document remis"),
        ),
    ]
