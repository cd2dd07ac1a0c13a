"""A field that finds a commune by typing, and one that asks for a distance around it: both work without JavaScript.

The person types a town; when it names one commune that one is taken, when it may be several these are shown as a choice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core import places
from core.places import Commune, Point
from schools.middleware import SchoolRequest
from schools.models import School

LONGEST = 100
REACHES = (5, 10, 15, 20, 30, 50, 80)
"""Kilometres to choose from."""
USUAL_REACH = 15


def town_of(school: School) -> Commune | None:
    """The commune of a school, None when its address does not tell."""
    return places.find(school.postal_code, school.city)


class CommuneInput(forms.TextInput):
    """A text field with suggestions, and below it the communes that the text may mean."""

    template_name = "components/commune.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "form-control", "maxlength": str(LONGEST), "autocomplete": "off", **(attrs or {})})
        self.url = ""
        self.found: Sequence[Commune] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"url": self.url, "found": self.found}
        return context


class CommuneField(forms.CharField):
    """The commune that a text names. `near` is what the nearest is counted from; give it with `around`."""

    widget: Any = CommuneInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST, "required": False} | kwargs)
        self.near: Point | None = None

    def around(self, school: School) -> None:
        """Suggest the communes near this school first."""
        town = town_of(school)
        self.near = town.centre if town else None
        self.widget.url = reverse("schools:commune_lookup", args=[school.uai])

    def clean(self, value: Any) -> Commune | None:
        text = super().clean(value)
        if not text:
            return None
        found = places.meant(text, near=self.near)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                "Aucune commune de ce nom. Vérifiez l’orthographe, ou tapez le code postal.", code="unknown"
            )
        self.widget.found = found
        raise forms.ValidationError("Plusieurs communes répondent à ce nom : choisissez la bonne.", code="several")


@dataclass(frozen=True)
class Around:
    """At most so many kilometres from a commune."""

    km: int
    commune: Commune


class AroundInput(forms.MultiWidget):
    """« À moins de [15 km] de [Laon] »."""

    template_name = "components/around.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        reaches = [("", "Indifférent"), *((str(km), f"{km} km") for km in REACHES)]
        super().__init__(
            {
                "km": forms.Select(choices=reaches, attrs={"class": "form-select"}),
                "de": CommuneInput({"class": "form-control"}),
            },
            attrs,
        )

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        km, text = (str(value or "").strip() for value in super().value_from_datadict(data, files, name))
        return [km or (str(USUAL_REACH) if text else ""), text]

    def decompress(self, value: Any) -> list[Any]:
        if not isinstance(value, Around):
            return ["", ""]
        return [str(value.km), value.commune.label]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        own = {key: given for key, given in (attrs or {}).items() if key != "class"}  # each part has its own
        return super().get_context(name, value, own)


class AroundField(forms.MultiValueField):
    """A distance and the commune it is counted from, as an `Around`; None when neither is given.

    `around` says the school: its town, or the one given, is meant when only the distance is typed.
    """

    widget: Any = AroundInput

    def __init__(self, **kwargs: Any) -> None:
        self.town: Commune | None = None
        kilometres = forms.TypedChoiceField(
            choices=[(str(km), f"{km} km") for km in REACHES], coerce=int, required=False, empty_value=None
        )
        self.commune = CommuneField()
        kwargs.pop("max_length", None)
        super().__init__(fields=(kilometres, self.commune), **{"require_all_fields": False, "required": False} | kwargs)
        self.commune.widget = self.widget.widgets[1]

    def __deepcopy__(self, memo: dict[int, Any]) -> "AroundField":
        """The copy that each form gets: its field of communes writes in its own widget."""
        copied: AroundField = super().__deepcopy__(memo)
        copied.commune = cast(CommuneField, copied.fields[1])
        copied.commune.widget = copied.widget.widgets[1]
        return copied

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The words of the distances, for who writes the value."""
        return [(str(km), f"{km} km") for km in REACHES]

    def around(self, school: School, *, town: Commune | None = None) -> None:
        """Count from this town, else the school's, when no commune is typed."""
        self.town = town or town_of(school)
        self.commune.around(school)
        self.commune.widget.attrs["placeholder"] = self.town.name if self.town else "commune"

    def compress(self, values: list[Any]) -> Around | None:
        km, commune = [*values, None, None][:2]
        if not km:
            return None
        if (commune := commune or self.town) is None:
            raise forms.ValidationError("De quelle commune ? Celle du lycée n’est pas dite dans les réglages.")
        return Around(km, commune)


def suggestions(request: SchoolRequest) -> HttpResponse:
    """The options that a commune's field asks for while one types; `champ` names the field."""
    text = request.GET.get(request.GET.get("champ", "q"), "")[:LONGEST]
    town = town_of(request.school)
    found = places.beginning(text, near=town.centre if town else None)
    return render(request, "components/commune_options.html", {"found": found})
