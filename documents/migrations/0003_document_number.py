"""The public page of verification looks papers up by their number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_signatures_circuit")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["number"], name="document_number"),
        ),
    ]
