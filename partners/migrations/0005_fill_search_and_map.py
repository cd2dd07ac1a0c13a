"""Rows made before the columns that the platform keeps by itself: search text and place on the map."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core import naf, places
from core.text import digits, searchable


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As the models do on save; a thousand rows at a time."""
    partners, contacts = apps.get_model("partners", "Partner"), apps.get_model("partners", "Contact")
    batch = []
    for row in partners._base_manager.iterator(chunk_size=1000):
        known = row.latitude is not None and row.longitude is not None
        point = (float(row.latitude), float(row.longitude)) if known else places.centre(row.postal_code, row.city)
        row.map_latitude, row.map_longitude = point or (None, None)
        row.search_text = searchable(
            row.name, row.brand, row.city, naf.label(row.naf), row.siret, row.phone, digits(row.phone), row.postal_code,
            row.website,
        )  # fmt: skip
        batch.append(row)
        if len(batch) == 1000:
            partners._base_manager.bulk_update(batch, ["map_latitude", "map_longitude"])
            _texts(partners, batch)
            batch = []
    partners._base_manager.bulk_update(batch, ["map_latitude", "map_longitude"])
    _texts(partners, batch)
    people = []
    for row in contacts._base_manager.iterator(chunk_size=1000):
        row.search_text = searchable(row.last_name, row.first_name, row.phone, digits(row.phone), row.email)
        people.append(row)
    for start in range(0, len(people), 1000):
        _texts(contacts, people[start : start + 1000])


def _texts(table: object, rows: list) -> None:
    """The historical field has no properties to read its sources from: written as plain values."""
    for row in rows:
        table._base_manager.filter(pk=row.pk).update(search_text=row.search_text)  # type: ignore[attr-defined]


class Migration(migrations.Migration):
    dependencies = [("partners", "0004_partner_file")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
