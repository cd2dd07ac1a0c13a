"""A field that finds one record by typing: works without JavaScript, suggests with it.

The person types a few words; when they fit one record it is taken, when they fit several these are shown as a choice.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from core.near import nearest
from core.text import search_words, searchable
from schools.middleware import SchoolRequest

SHOWN = 8


def matching(records: QuerySet[Any], words: str) -> QuerySet[Any]:
    """The records whose comparable text holds every word; none when nothing of the text can be compared."""
    wanted = search_words(words)
    if not wanted and words.strip():
        return records.none()
    for word in wanted:
        records = records.filter(search_text__contains=word)
    return records


def close_to(records: QuerySet[Any], words: str, *, most: int = 3) -> list[Any]:
    """The records whose comparable text nearly holds the words, best first: one query of texts, another of what is near."""
    keys = nearest(words, records.order_by().values_list("pk", "search_text"), most=most)
    found = {record.pk: record for record in records.filter(pk__in=keys)} if keys else {}
    return [found[key] for key in keys if key in found]


class LookupWidget(forms.Widget):
    """A text field and, below it, the records it may mean."""

    template_name = "components/lookup.html"

    def __init__(self, url: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "form-control", "maxlength": "200", **(attrs or {})})
        self.url = url
        self.found: list[Model] = []
        self.chosen: Model | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        return data.get(name, "").strip(), data.get(f"{name}_id", "").strip()

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_id" not in data

    def id_for_label(self, id_: str) -> str:
        return id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        text, record_id = value if isinstance(value, tuple) else ("", "")
        if isinstance(value, Model):
            text, record_id = str(value), str(value.public_id)  # type: ignore[attr-defined]
        elif self.chosen is not None:
            text, record_id = str(self.chosen), str(self.chosen.public_id)  # type: ignore[attr-defined]
        context["lookup"] = {"name": name, "text": text, "chosen_id": record_id, "found": self.found, "url": self.url}
        return context


class LookupField(forms.Field):
    """One record of a queryset, found by its comparable text (`search_text`) or chosen among suggestions."""

    widget = LookupWidget

    def __init__(self, *, queryset: QuerySet[Any], url: str = "", nothing: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.queryset = queryset
        self.widget.url = url
        self.nothing = nothing or "Rien de ce nom ici. Vérifiez l’orthographe, ou tapez moins de mots."

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return self.queryset.filter(pk=value).first()
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        if isinstance(initial, int):
            initial = self.queryset.filter(pk=initial).first()
        before = str(initial.public_id) if isinstance(initial, Model) else ""  # type: ignore[attr-defined]
        return bool(before != data[1] or (not data[1] and data[0])) if isinstance(data, tuple) else True

    def clean(self, value: Any) -> Any:
        text, record_id = value if isinstance(value, tuple) else ("", "")
        if record_id:
            try:
                record = self.queryset.filter(public_id=UUID(record_id)).first()
            except ValueError:
                record = None
            # The words that were typed to find it may stay; those of another name are looked up anew.
            if record is not None and (not text or matching(self.queryset.filter(pk=record.pk), text).exists()):
                self.widget.chosen = record
                return record
        if not text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        found = list(matching(self.queryset, text)[: SHOWN + 1])
        exact = [record for record in found if searchable(str(record)) == searchable(text)]
        if len(exact) == 1 or len(found) == 1:
            self.widget.chosen = (exact or found)[0]
            return self.widget.chosen  # type: ignore[misc]
        if not found:
            near = close_to(self.queryset, text)
            self.widget.found = near
            raise forms.ValidationError(
                "Rien de ce nom exactement. Est-ce l’une de ces fiches ?" if near else self.nothing
            )
        self.widget.found = found[:SHOWN]
        raise forms.ValidationError("Plusieurs fiches répondent à ce nom : choisissez la bonne ci-dessous.")


def suggestions(request: SchoolRequest, records: QuerySet[Any], name: str) -> HttpResponse:
    """The fragment that the field asks for while one types: at most eight records as a choice."""
    text = request.GET.get(name, "")[:100]
    found = list(matching(records, text)[:SHOWN]) if len(text.strip()) >= 2 else []
    if not found and len(text.strip()) >= 4:
        found = close_to(records, text)
    return render(
        request, "components/lookup_options.html", {"name": name, "found": found, "chosen_id": "", "typed": text}
    )
