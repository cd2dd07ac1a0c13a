"""« Cette entreprise est peut-être déjà là », in every form that makes a partner; and the form of a merge."""

from collections.abc import Iterable
from datetime import date
from types import SimpleNamespace
from typing import Any

from crispy_forms.layout import HTML, Layout
from django import forms
from django.urls import reverse

from core import french, naf
from partners import doubles, merging
from partners.doubles import Candidate
from partners.forms.fields import partner_field
from partners.merging import CHOICES, Wanted
from partners.models import Contact, Partner
from schools.forms import RecordForm
from schools.models import School

ANYWAY = "creer_quand_meme"
"""The second button: its value names the partners that people saw before they pressed it."""
TWO_SERVICES = "deux_services"
"""The box that lets two partners have one SIRET."""
MAYBE = "Cette entreprise est peut-être déjà là. Si c’est elle, ouvrez sa fiche ; sinon, créez-la quand même."
SAME_SITE = (
    "Ce SIRET est déjà celui d’un partenaire. Ouvrez sa fiche, ou cochez « deux services du même établissement »."
)


class DoubleCheck(RecordForm):
    """A form that makes a partner, and first proposes those that it may already be.

    `candidates`: what the form found, for its page; they refuse it until people have seen them and say that it is another.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates: list[Candidate] = []

    def show_doubles(self) -> None:
        """Put the box under the SIRET; it follows what one types."""
        layout = self.helper.layout or Layout(*self.fields)
        after = list(layout.fields).index("siret") + 1
        box = HTML('{% include "partners/partials/doubles_box.html" with form=form only %}')
        self.helper.layout = Layout(*layout.fields[:after], box, *layout.fields[after:])

    @property
    def hints_url(self) -> str:
        """Where the box is asked for while one types; "" for a known partner."""
        return reverse("partners:double_hints", args=[self.school.uai]) if self.is_new else ""

    @property
    def same_site(self) -> list[Candidate]:
        return [found for found in self.candidates if found.is_same_site]

    @property
    def shown(self) -> str:
        """The candidates that the page shows, for the second button."""
        return " ".join(str(found.partner.public_id) for found in self.candidates)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.is_new and "siret" not in self.changed_data:
            return cleaned
        typed = SimpleNamespace(**cleaned, pk=self.instance.pk)
        mine = cleaned.get("creation_key")  # a second post of this very form finds what the first one made
        found = doubles.candidates(self.school, typed)
        self.candidates = [one for one in found if one.partner.public_id != mine]
        if not self.is_new:
            self.candidates = self.same_site
        if self.same_site and not self.data.get(TWO_SERVICES):
            self.add_error("siret", SAME_SITE)
        seen = str(self.data.get(ANYWAY, "")).split()
        unseen = [one for one in self.candidates if not one.is_same_site and str(one.partner.public_id) not in seen]
        if unseen and not self.has_error("siret"):
            self.add_error(None, MAYBE)
        return cleaned


# ------------------------------------------------------------------------------------------------ the merge page
class ChooseForm(forms.Form):
    """With which other record a partner is merged."""

    def __init__(self, *args: Any, school: School, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partner = partner
        self.fields["partner"] = partner_field(school, label="L’autre fiche de la même entreprise")

    def clean_partner(self) -> Partner:
        other: Partner = self.cleaned_data["partner"]
        if other.pk == self.partner.pk:
            raise forms.ValidationError("C’est cette fiche-ci : choisissez l’autre.")
        return other


class Line:
    """One thing to choose: what each record says, and the two buttons."""

    def __init__(self, name: str, label: str, texts: tuple[str, str]) -> None:
        self.name, self.label, self.texts = name, label, texts

    @property
    def is_same(self) -> bool:
        return self.texts[0] == self.texts[1]


SIDES = (("a", "La première"), ("b", "La seconde"))


class MergeForm(forms.Form):
    """Which record stays and, thing by thing, whose word is kept. `a` and `b` are the two records as the page shows them."""

    def __init__(self, *args: Any, a: Partner, b: Partner, stays: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.a, self.b = a, b
        self.fields["garder"] = forms.ChoiceField(choices=SIDES, initial=stays, label="Fiche gardée")
        for side, partner in (("a", a), ("b", b)):
            self.fields[f"version_{side}"] = forms.IntegerField(initial=partner.version, widget=forms.HiddenInput)
        kept, removed = (a, b) if stays == "a" else (b, a)
        other = "b" if stays == "a" else "a"
        taken = merging.suggested(kept, removed)
        self.lines = []
        for name, (label, columns) in CHOICES.items():
            texts = (_told(a, name, columns), _told(b, name, columns))
            if not any(texts):
                continue
            self.lines.append(Line(name, label, texts))
            if texts[0] != texts[1]:
                self.fields[name] = forms.ChoiceField(
                    choices=SIDES, initial=other if name in taken else stays, label=label
                )
        self.people = merging.people_in_both(a, b)
        if self.people:
            self.fields["personnes"] = forms.MultipleChoiceField(
                label="Personnes à réunir",
                required=False,
                choices=[(str(other.public_id), _described(one, other)) for other, one in self.people],
                initial=[str(other.public_id) for other, _ in self.people],
                widget=forms.CheckboxSelectMultiple,
            )

    def rows(self) -> Iterable[tuple[Line, str]]:
        """Each line with what is chosen on it."""
        for line in self.lines:
            yield line, "" if line.is_same else str(self[line.name].value() or "")

    @property
    def stays(self) -> str:
        return str(self["garder"].value())

    def kept_and_removed(self) -> tuple[Partner, Partner]:
        """The two records, with the versions that people saw."""
        self.a.version, self.b.version = self.cleaned_data["version_a"], self.cleaned_data["version_b"]
        return (self.a, self.b) if self.cleaned_data["garder"] == "a" else (self.b, self.a)

    def wanted(self) -> Wanted:
        stays = self.cleaned_data["garder"]
        taken = {line.name for line in self.lines if not line.is_same and self.cleaned_data[line.name] != stays}
        kept, removed = (self.a, self.b) if stays == "a" else (self.b, self.a)
        alike = {line.name for line in self.lines if line.is_same}
        taken |= merging.suggested(kept, removed) & alike  # what goes with a value that both have, unseen
        picked = set(self.cleaned_data.get("personnes", ()))
        pairs = [(of_b.pk, of_a.pk) for of_b, of_a in self.people if str(of_b.public_id) in picked]
        return Wanted(frozenset(taken), tuple(pairs if stays == "a" else [(a, b) for b, a in pairs]))


def _told(partner: Partner, name: str, columns: Iterable[str]) -> str:
    """What a record says of one thing, as one reads it."""
    if name == "naf":
        label = naf.label(partner.naf)
        return f"{partner.naf} · {label}" if label else partner.naf
    if name == "siret":
        return partner.siret_spaced
    if name == "place":
        return ", ".join(part for part in (partner.address, partner.place) if part)
    if name == "avoid":
        since = f"depuis le {french.day(partner.avoid_since)}" if partner.avoid_since else ""
        return " : ".join(part for part in (since, partner.avoid_reason) if part)
    column = next(iter(columns))
    if partner._meta.get_field(column).choices:  # type: ignore[union-attr]
        return str(getattr(partner, f"get_{column}_display")())
    value = getattr(partner, column)
    if isinstance(value, date):
        return french.day(value)
    return "" if value is None else str(value)


def _described(one: Contact, other: Contact) -> str:
    """« Yann Ferrand (tuteur) et Y. Ferrand (dirige et signe) »."""

    def said(person: Contact) -> str:
        more = " · ".join(
            part for part in (person.position or person.get_role_display(), person.email, person.phone) if part
        )
        return f"{person.full_name} ({more})" if more else person.full_name

    return f"{said(one)} et {said(other)}"
