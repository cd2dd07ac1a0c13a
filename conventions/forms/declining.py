"""The second click of « Décliner »: everything is proposed, and may be changed."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.text import capfirst

from conventions import declining, matching, purposes
from conventions.enums import ActionType
from conventions.models import Agreement, Frame
from partners import doubles
from partners.enums import PartnerStatus
from partners.forms.fields import partner_field
from partners.models import Contact, Partner
from partners.permissions import visible_contacts
from schools.enums import Role
from schools.forms import RecordForm
from schools.permissions import allows
from schools.roles import Permission

NEW, OTHER = "nouveau", "autre"
MOST_AXES = 12
MOST_CONTACTS = 60


class DeclineForm(RecordForm):
    """With whom, on what, how it is followed. Everything has a first value from the frame and from the partners known."""

    who = forms.ChoiceField(label="Avec quel partenaire ?", widget=forms.RadioSelect)
    new_name = forms.CharField(
        label="Nom du nouveau partenaire",
        required=False,
        max_length=200,
        help_text="S’il n’est pas encore dans vos partenaires.",
    )
    new_city = forms.CharField(label="Sa commune", required=False, max_length=200)
    sure = forms.BooleanField(label="C’est bien un nouveau partenaire", required=False)
    themes = forms.MultipleChoiceField(
        label="Axes repris du cadre", required=False, widget=forms.CheckboxSelectMultiple
    )
    more_axes = forms.CharField(
        label="Autres axes",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Un par ligne.",
    )
    planned = forms.MultipleChoiceField(label="Actions prévues", required=False, widget=forms.CheckboxSelectMultiple)
    other_planned = forms.MultipleChoiceField(
        label="Autres actions possibles", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Agreement
        fields = ["title", "purpose", "contact", "referent", "follow_up"]
        paragraphs = ("purpose", "follow_up", "more_axes")
        help_texts = {"title": "Vide : « Convention de partenariat avec » et le nom du partenaire."}

    def __init__(
        self, *args: Any, frame: Frame, named: Partner | None, candidates: Sequence[tuple[Partner, str]], **kwargs: Any
    ) -> None:
        self.frame = frame
        self.known = list(candidates)
        if named is not None:
            self.known = [(named, "choisi")] + [pair for pair in candidates if pair[0].pk != named.pk]
        super().__init__(*args, **kwargs)
        self.may_add_partner = bool(allows(self.membership, Permission.EDIT_PARTNERS))
        self.fields["title"].required = False
        self.fields["partner"] = partner_field(self.school, required=False, label="Un autre de vos partenaires")
        self._offer_partners()
        self._offer_people()
        self._offer_content()
        self._lay_out()

    # ------------------------------------------------------------------------------------------------ what is offered
    def _offer_partners(self) -> None:
        choices = [(str(partner.public_id), _told(partner, why)) for partner, why in self.known]
        if self.may_add_partner:
            choices.append((NEW, "Un nouveau partenaire : son nom est proposé ci-dessous"))
            self.fields["new_name"].initial = self.frame.partner_name
        else:
            for name in ("new_name", "new_city", "sure"):
                del self.fields[name]
        choices.append((OTHER, "Un autre de vos partenaires : tapez son nom ci-dessous"))
        self.fields["who"].choices = choices
        likely = next((str(partner.public_id) for partner, _ in self.known), "")
        self.fields["who"].initial = likely or (NEW if self.may_add_partner else OTHER)
        if not self.is_bound:
            self.fields.pop("sure", None)

    def _offer_people(self) -> None:
        """The people of the partners proposed, by partner; someone of another one is chosen later, on the agreement's page."""
        keys = [partner.pk for partner, _ in self.known]
        people = list(
            visible_contacts(self.membership)
            .filter(partner__in=keys)
            .exclude(is_active=False)
            .select_related("partner")
            .order_by("search_text", "pk")[:MOST_CONTACTS]
        )
        contact = self.fields["contact"]
        contact.queryset = visible_contacts(self.membership)
        by_partner: dict[str, list[tuple[int, str]]] = {}
        for key in keys:
            for person in people:
                if person.partner_id == key:
                    told = f"{person.full_name} ({person.position})" if person.position else person.full_name
                    by_partner.setdefault(person.partner.name, []).append((person.pk, told))
        contact.choices = [("", "À choisir plus tard"), *by_partner.items()]
        contact.required = False
        if keys and (first := [person for person in people if person.partner_id == keys[0]]):
            leaders = [person for person in first if person.role in ("dirigeant", "rh", "administratif")]
            contact.initial = (leaders or first)[0].pk
        referents = self.fields["referent"]
        referents.queryset = (
            referents.queryset.filter(is_active=True).exclude(role=Role.READER).order_by("search_text", "pk")
        )
        referents.empty_label = "À choisir plus tard"
        referents.initial = self.membership.pk

    def _offer_content(self) -> None:
        themes = self.frame.themes[:MOST_AXES]
        if themes:
            self.fields["themes"].choices = [(str(rank), capfirst(theme)) for rank, theme in enumerate(themes)]
            self.fields["themes"].initial = [str(rank) for rank in range(len(themes))]
        else:
            del self.fields["themes"]
            self.fields["more_axes"].label = "Axes de travail"
        proposed = purposes.actions_for(self.frame.themes)
        self.fields["planned"].choices = [(kind.value, kind.label) for kind in proposed]
        self.fields["planned"].initial = [kind.value for kind in proposed]
        others = [kind for kind in ActionType if kind not in proposed]
        self.fields["other_planned"].choices = [(kind.value, kind.label) for kind in others]
        if not proposed:
            del self.fields["planned"]
            self.fields["other_planned"].label = "Actions prévues"
        self.fields["purpose"].initial = f"Décliner au lycée\u00a0: {self.frame.title}."
        self.fields["follow_up"].initial = declining.FOLLOW_UP

    def _lay_out(self) -> None:
        new = [name for name in ("new_name", "new_city") if name in self.fields]
        box: list[Any] = [Div("who", css_class="long-choices"), "partner"]
        if new:
            box.append(Div(*new, css_class="form-pair"))
        if "sure" in self.fields:
            box.append("sure")
        content = [name for name in ("themes", "more_axes", "planned", "other_planned") if name in self.fields]
        self.helper.layout = Layout(
            "creation_key",
            Fieldset("Partenaire", *box, "contact"),
            Fieldset("Ce que vous ferez ensemble", *content),
            Fieldset("La convention", "title", "purpose", "follow_up", "referent"),
        )

    # ------------------------------------------------------------------------------------------------- what is understood
    def clean_contact(self) -> Contact | None:
        found: Contact | None = self.cleaned_data["contact"]
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        who, other = cleaned.get("who"), cleaned.get("partner")
        by_id = {str(partner.public_id): partner for partner, _ in self.known}
        self.makes_partner = False
        if who in by_id:
            cleaned["partner"] = by_id[who]
            if other and other.pk != by_id[who].pk:
                self.add_error(
                    "who", f"Vous cochez {by_id[who].name} et vous écrivez {other.name} : gardez l’un des deux."
                )
        elif who == OTHER and other is None and "partner" not in self.errors:
            self.add_error("partner", "Écrivez le nom de ce partenaire, ou cochez l’un des autres choix.")
        elif who == NEW:
            cleaned["partner"] = self._new_partner(cleaned)
            self.makes_partner = True
        contact, partner = cleaned.get("contact"), cleaned.get("partner")
        if contact and partner and contact.partner_id != partner.pk:
            if "contact" in self.changed_data:
                self.add_error("contact", f"{contact} ne travaille pas chez {partner}.")
            else:
                cleaned["contact"] = None  # proposed for another partner than the one chosen
        if "sure" in self.fields and "sure" not in self.errors and not cleaned.get("sure"):
            del self.fields["sure"]  # asked only when there is a doubt
            self._lay_out()
        cleaned["axes"] = self._axes(cleaned)
        if len("".join(cleaned["axes"])) > 4000:
            self.add_error("more_axes", "Ces axes sont trop longs : résumez-les.")
        return cleaned

    def _new_partner(self, cleaned: dict[str, Any]) -> Partner | None:
        name = (cleaned.get("new_name") or "").strip()
        if not name:
            if "new_name" not in self.errors:
                self.add_error("new_name", "Écrivez le nom du nouveau partenaire.")
            return None
        typed = Partner(
            school=self.school,
            name=name,
            brand=self.frame.acronym if name == self.frame.partner_name and len(self.frame.acronym) <= 40 else "",
            city=(cleaned.get("new_city") or "").strip(),
            type=matching.type_of(self.frame.partner_type),
            status=PartnerStatus.PROSPECT,
        )
        if not cleaned.get("sure") and not self._was_sent(cleaned):
            alike = doubles.candidates(self.school, typed, limit=3)
            if alike:
                names = ", ".join(one.partner.name for one in alike)
                self.add_error(
                    "sure",
                    f"Vous avez déjà un partenaire de nom proche : {names}. Choisissez-le plus haut ; sinon, cochez cette case.",
                )
        return typed

    def _was_sent(self, cleaned: dict[str, Any]) -> bool:
        """A second post of this very form meets the partner that the first one made."""
        key = cleaned.get("creation_key")
        return key is not None and Agreement.objects.in_school(self.school).filter(public_id=key).exists()

    def _axes(self, cleaned: dict[str, Any]) -> list[str]:
        picked = [capfirst(self.frame.themes[int(rank)]) for rank in cleaned.get("themes") or []]
        typed = [line.strip().replace("|", "/") for line in (cleaned.get("more_axes") or "").splitlines()]
        return list(dict.fromkeys([*picked, *(line for line in typed if line)]))

    def wanted(self) -> declining.Wanted:
        """What the service makes; for a form that is valid."""
        cleaned = self.cleaned_data
        return declining.Wanted(
            partner=cleaned["partner"],
            title=cleaned["title"].strip(),
            purpose=cleaned["purpose"].strip(),
            axes=cleaned["axes"],
            publics=self.frame.publics,
            action_types=[*(cleaned.get("planned") or []), *(cleaned.get("other_planned") or [])],
            follow_up=cleaned["follow_up"].strip(),
            contact=cleaned["contact"],
            referent=cleaned["referent"],
        )


def _told(partner: Partner, why: str) -> str:
    """« UIMM Picardie, Amiens (porte ce nom) »."""
    place = f", {partner.city}" if partner.city else ""
    return f"{partner.name}{place} ({why})"
