"""Fields that forms of every app share: a partner, a pupil, a SIRET."""

import re
from typing import Any

from django import forms
from django.urls import reverse

from core.siret import is_siret
from partners.models import Partner
from partners.permissions import visible_contacts
from schools.forms import RecordForm
from schools.lookups import LookupField, LookupWidget
from schools.models import Membership, School
from schools.permissions import visible_students


def partner_field(school: School, **kwargs: Any) -> LookupField:
    """The choice of one of the school's partners, by typing."""
    kwargs.setdefault("label", "Partenaire")
    return LookupField(
        queryset=Partner.objects.in_school(school).in_use().order_by("search_text", "pk"),
        url=reverse("partners:partner_lookup", args=[school.uai]),
        nothing="Aucun partenaire de ce nom. Vérifiez l’orthographe, ou ajoutez-le d’abord dans les partenaires.",
        help_text="Tapez quelques lettres du nom, la commune ou le SIRET.",
        **kwargs,
    )


def contact_field(membership: Membership, **kwargs: Any) -> LookupField:
    """The choice of someone at a partner's, among those whom the person may see, by typing.

    Those of the partner that the same form names are proposed first.
    """
    kwargs.setdefault("label", "Contact")
    return LookupField(
        widget=LookupWidget(attrs={"hx-include": "[name='partner_id']"}),
        queryset=visible_contacts(membership).select_related("partner").order_by("search_text", "pk"),
        url=reverse("partners:contact_lookup", args=[membership.school.uai]),
        nothing="Aucun contact de ce nom. Ajoutez-le d’abord sur la fiche du partenaire.",
        help_text="Tapez quelques lettres du nom.",
        **kwargs,
    )


def student_field(membership: Membership, **kwargs: Any) -> LookupField:
    """The choice of one of the pupils whom the person may see, by typing."""
    kwargs.setdefault("label", "Élève")
    return LookupField(
        queryset=visible_students(membership).order_by("search_text", "pk"),
        url=reverse("schools:student_lookup", args=[membership.school.uai]),
        nothing="Aucun de vos élèves ne porte ce nom.",
        help_text="Tapez quelques lettres du nom ou du prénom.",
        **kwargs,
    )


class SiretField(forms.CharField):
    """A SIRET in groups or not, read as its 14 digits; "" for none."""

    def __init__(self, **kwargs: Any) -> None:
        first: dict[str, Any] = {"label": "SIRET", "max_length": 20, "required": False}
        super().__init__(**first | kwargs)

    def clean(self, value: Any) -> str:
        siret = re.sub(r"[\s.-]", "", super().clean(value))
        if siret and not is_siret(siret):
            raise forms.ValidationError("Ce SIRET n’est pas juste : vérifiez ses 14 chiffres, ou laissez vide.")
        return siret


class AtPartner(RecordForm):
    """A form on something that a partner and one of its people are about: the contact is chosen among that partner's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(self.school)
        partner = self.instance.partner if self.instance.partner_id else self.initial.get("partner")
        if partner is None:
            del self.fields["contact"]
        else:
            self.fields["contact"].queryset = visible_contacts(self.membership).filter(partner=partner)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        contact, partner = cleaned.get("contact"), cleaned.get("partner")
        if contact and partner and contact.partner_id != partner.pk:
            self.add_error("contact", "Ce contact travaille chez un autre partenaire.")
        return cleaned
