"""Nothing reads whether reminders leave during school holidays: the platform holds no calendar of them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_document_number")]

    operations = [migrations.RemoveField(model_name="circuitsettings", name="in_holidays")]
