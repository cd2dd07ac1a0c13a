"""Papers issued before the circuit: since when they are signed by all, or void; their head signs after the others."""

from django.db import migrations
from django.db.models import Exists, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

SIGNED = ("signee_papier", "signee_en_ligne")


def fill(apps, schema_editor):
    """Three statements; papers that already say it are left alone."""
    documents = apps.get_model("documents", "Document")._base_manager
    signatures = apps.get_model("documents", "Signature")._base_manager
    asked = signatures.filter(document=OuterRef("pk"))
    last = asked.values("document").annotate(last=Max("date")).values("last")
    documents.filter(
        Exists(asked), ~Exists(asked.exclude(status__in=SIGNED)), completed_at=None, voided_at=None
    ).update(completed_at=Coalesce(Subquery(last), F("issued_at")))
    changed = asked.values("document").annotate(last=Max("updated_at")).values("last")
    documents.filter(Exists(asked), ~Exists(asked.exclude(status="annulee")), voided_at=None).update(
        voided_at=Subquery(changed)
    )
    signatures.filter(role="chef_etablissement", turn=1).update(turn=2)


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_holidays_are_unknown")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
