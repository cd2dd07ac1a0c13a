"""The register, the models and the data package say the same."""

import hashlib

import pytest
from django.db import models

from exchange.definitions import DATE_ORDER, PACKAGE_FILE, RESOURCES, SCHOOLS, Resource
from schools.models import DossierRecord

KINDS: dict[str, tuple[type[models.Field], ...]] = {
    "string": (models.CharField, models.TextField, models.FileField),
    "date": (models.DateField,),
    "datetime": (models.DateTimeField,),
    "boolean": (models.BooleanField,),
    "integer": (models.IntegerField,),
    "number": (models.DecimalField,),
}
EXPECTED = "99c4f6e12b3af6102db9b568bcf2aa7d90c8aa8e1644944082a2d1ab94c24254"  # of contract/datapackage.json
EACH = pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)


def field_at(resource: Resource, path: str) -> models.Field:
    model, *_ = resource.model, None
    *relations, last = path.split("__")
    for name in relations:
        model = model._meta.get_field(name).related_model
    return model._meta.get_field(last)


def test_the_data_package_is_the_contracts() -> None:
    assert len(RESOURCES) == 29
    assert hashlib.sha256(PACKAGE_FILE.read_bytes()).hexdigest() == EXPECTED


@EACH
def test_every_column_has_a_field_of_its_type(resource: Resource) -> None:
    for column in resource.columns:
        assert isinstance(field_at(resource, column.path), KINDS[column.type]), column.name


@EACH
def test_lists_of_values_are_the_models_choices(resource: Resource) -> None:
    for column in resource.columns:
        if column.enum:
            choices = field_at(resource, column.path).choices
            assert [str(value) for value, _ in choices] == list(column.enum), column.name


@EACH
def test_an_empty_cell_has_a_place_in_the_model(resource: Resource) -> None:
    for column in resource.columns:
        found = resource.model._meta.get_field(column.field)
        empty = found.null or (column.type == "string" and found.blank)
        # A frame above schools has no `uai`: its copies have a school (B-25).
        frame = resource.name == "conventions" and column.name == "uai"
        assert empty or column.required or frame, column.name


@EACH
def test_the_key_is_unique_in_the_database(resource: Resource) -> None:
    if resource.name == SCHOOLS:
        assert resource.model._meta.get_field("uai").unique
        return
    if issubclass(resource.model, DossierRecord):
        expected = {"school", "dossier_id"}
        assert resource.key == ("id",)
    else:
        expected = {resource.by_name[name].field for name in resource.key}
    unique = [set(c.fields) for c in resource.model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    assert any(fields <= expected | {"school", "year"} and fields & expected for fields in unique), (expected, unique)


@EACH
def test_references_lead_to_the_key_of_their_resource(resource: Resource) -> None:
    for reference in resource.references:
        target = RESOURCES[reference.target]
        assert len(reference.columns) == len(target.key)
        through = [resource.by_name[name] for name in reference.columns if resource.by_name[name].field != "school"]
        if target.name != SCHOOLS:
            assert {resource.model._meta.get_field(c.field).related_model for c in through if c.is_relation} == {
                target.model
            }
    if resource.name != SCHOOLS:
        assert "uai" in resource.by_name or resource.owner is not None


@EACH
def test_limits_of_numbers_are_the_databases(resource: Resource) -> None:
    for column in resource.columns:
        if column.type == "number":
            assert column.decimals and sum(column.decimals) <= 15, column.name  # what SQLite keeps exactly


def test_dates_in_order_are_dates() -> None:
    for name, pairs in DATE_ORDER.items():
        for pair in pairs:
            assert {RESOURCES[name].by_name[column].type for column in pair} == {"date"}
