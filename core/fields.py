"""Model fields of our own."""

from typing import Any

from django.db import models

from core.text import searchable


class SearchTextField(models.CharField):
    """Kept by itself: the comparable text of other fields of the row, for searching without accents or case.

    Filled on save and on bulk_create. A bulk_update must call `fill(instance)` first, as Django does not.
    """

    def __init__(self, *, sources: tuple[str, ...] = (), max_length: int = 400, **kwargs: Any) -> None:
        self.sources = tuple(sources)
        kwargs |= {"editable": False, "default": "", "blank": True}
        super().__init__(max_length=max_length, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("editable", "default", "blank"):
            kwargs.pop(key, None)
        return name, path, args, kwargs | {"sources": self.sources}

    def fill(self, instance: models.Model) -> str:
        text = searchable(*(getattr(instance, source) for source in self.sources), limit=self.max_length or 400)
        setattr(instance, self.attname, text)
        return text

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        return self.fill(model_instance)


class ComputedFloatField(models.FloatField):
    """Kept by itself: the value of a property of the row, so that queries can filter on it. `of` names the property.

    Filled on save and on bulk_create. A bulk_update must call `fill(instance)` first, as Django does not.
    """

    def __init__(self, *, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(**kwargs | {"null": True, "blank": True, "editable": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("null", "blank", "editable"):
            kwargs.pop(key, None)
        return name, path, args, kwargs | {"of": self.of}

    def fill(self, instance: models.Model) -> float | None:
        value: float | None = getattr(instance, self.of)
        setattr(instance, self.attname, value)
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> float | None:
        return self.fill(model_instance)


def exact_decimal_field(verbose_name: str, **kwargs: Any) -> models.DecimalField:
    """A decimal as the dossier may write it: 15 significant digits, the most that SQLite keeps exactly."""
    return models.DecimalField(verbose_name, max_digits=15, decimal_places=6, **kwargs)
