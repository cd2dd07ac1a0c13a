"""What can be done to several partners at once. Apps above add theirs: `bulk.PARTNERS.register(…)`."""

from typing import Any

from django import forms

from core import audit
from core.french import plural
from partners import finding
from partners.enums import PartnerStatus
from partners.models import PartnerTag
from schools.bulk import BulkAction, BulkForm, Registry, change_each
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

PARTNERS = Registry()


class OwnerForm(BulkForm):
    """Who follows them from now on; nobody when left empty."""

    owner = forms.ModelChoiceField(
        Membership.objects.none(), required=False, label="Suivis par", empty_label="Personne"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Membership.objects.in_school(self.school).filter(is_active=True).order_by("last_name", "first_name")
        able = [person.pk for person in people if allows(person, Permission.ADD_INTERACTION)]
        self.fields["owner"].queryset = people.filter(pk__in=able)  # type: ignore[attr-defined]
        self.fields["owner"].initial = self.membership.pk

    def warning(self) -> str:
        followed = self.rows.exclude(owner=None).exclude(owner=self.membership).count()
        if not followed:
            return ""
        return f"Déjà suivis par quelqu’un d’autre : {plural(followed, *self.nouns)}."

    def run(self, *, by: Any) -> str:
        owner = self.cleaned_data["owner"]
        done = change_each(self.rows, verb="partners.partner.changed", by=by, school=self.school, owner=owner)
        counted = plural(done, *self.nouns)
        return f"Suivis par {owner} : {counted}." if owner else f"Suivis par personne : {counted}."


class AddTagForm(BulkForm):
    """A word put on each, those of the school proposed."""

    label = forms.CharField(
        label="Étiquette", max_length=60, help_text="Un mot pour les retrouver : « forum 2027 », « alternance »."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = finding.tag_labels(self.school)
        self.fields["label"].widget = forms.TextInput({"maxlength": "60", "autocomplete": "off"})
        if words := ", ".join(known[:12]):
            self.fields["label"].help_text += f" Déjà employées ici : {words}."

    def clean_label(self) -> str:
        return " ".join(self.cleaned_data["label"].split())

    def run(self, *, by: Any) -> str:
        label = self.cleaned_data["label"]
        found = dict(self.rows.order_by().values_list("pk", "public_id"))
        tags = PartnerTag.objects.in_school(self.school).filter(label=label)
        bearing = set(tags.filter(partner__in=list(found)).values_list("partner", flat=True))
        fresh = [pk for pk in found if pk not in bearing]
        PartnerTag.objects.bulk_create(
            [PartnerTag(school=self.school, partner_id=pk, label=label, created_by=by, updated_by=by) for pk in fresh],
            batch_size=500,
            ignore_conflicts=True,  # a colleague put the same one in between
        )
        audit.record_each(
            "partners.partner.tagged",
            self.rows.model,
            [found[pk] for pk in fresh],
            by=by,
            scope=self.school.uai,
            bulk=True,
        )
        already = f" Elle y était déjà : {plural(len(bearing), *self.nouns)}." if bearing else ""
        return f"Étiquette « {label} » mise sur {plural(len(fresh), *self.nouns)}.{already}"


class RemoveTagForm(BulkForm):
    """A word taken off those who bear it."""

    label = forms.ChoiceField(label="Étiquette")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        borne = PartnerTag.objects.in_school(self.school).filter(partner__in=self.rows.order_by().values("pk"))
        labels = borne.order_by("label").values_list("label", flat=True).distinct()
        self.fields["label"].choices = [(label, label) for label in labels]  # type: ignore[attr-defined]

    def warning(self) -> str:
        return "" if self.fields["label"].choices else "Aucune étiquette sur ceux-ci."  # type: ignore[attr-defined]

    def run(self, *, by: Any) -> str:
        label = self.cleaned_data["label"]
        found = dict(self.rows.order_by().values_list("pk", "public_id"))
        tags = PartnerTag.objects.in_school(self.school).filter(label=label, partner__in=list(found))
        bearing = list(tags.values_list("partner", flat=True))
        tags.delete()
        audit.record_each(
            "partners.partner.untagged",
            self.rows.model,
            [found[pk] for pk in bearing],
            by=by,
            scope=self.school.uai,
            bulk=True,
        )
        return f"Étiquette « {label} » enlevée de {plural(len(bearing), *self.nouns)}."


class ArchiveForm(BulkForm):
    """Kept with their history, and no longer proposed."""

    def warning(self) -> str:
        already = self.rows.filter(status=PartnerStatus.ARCHIVED).count()
        return f"Déjà archivés, rien ne change pour eux : {plural(already, *self.nouns)}." if already else ""

    def run(self, *, by: Any) -> str:
        rows = self.rows.exclude(status=PartnerStatus.ARCHIVED)
        done = change_each(
            rows, verb="partners.partner.changed", by=by, school=self.school, status=PartnerStatus.ARCHIVED
        )
        return f"Archivés, avec leur histoire : {plural(done, *self.nouns)}." if done else "Tous étaient déjà archivés."


class ReactivateForm(BulkForm):
    """Archived or dormant ones are worked with again."""

    def run(self, *, by: Any) -> str:
        rows = self.rows.exclude(status=PartnerStatus.ACTIVE)
        done = change_each(
            rows, verb="partners.partner.changed", by=by, school=self.school, status=PartnerStatus.ACTIVE
        )
        return f"De nouveau actifs : {plural(done, *self.nouns)}." if done else "Tous étaient déjà actifs."


PARTNERS.register(
    BulkAction(
        "courriel",
        "Écrire",
        "Écrire à {}",
        "Chacun reçoit son propre message.",
        Permission.EDIT_PARTNERS,
        icon="envelope",
        url_name="partners:mailing_new",
    )
)
PARTNERS.register(
    BulkAction(
        "confier",
        "Confier à quelqu’un",
        "Confier {}",
        "La personne choisie les retrouve dans « Les miens » et dans ce qui l’attend.",
        Permission.EDIT_PARTNERS,
        icon="person-check",
        form=OwnerForm,
    )
)
PARTNERS.register(
    BulkAction(
        "etiqueter",
        "Étiqueter",
        "Étiqueter {}",
        "L’étiquette sert ensuite de filtre sur la liste.",
        Permission.EDIT_PARTNERS,
        icon="tag",
        form=AddTagForm,
    )
)
PARTNERS.register(
    BulkAction(
        "desetiqueter",
        "Enlever une étiquette",
        "Enlever une étiquette à {}",
        "Les fiches restent, seul le mot s’en va.",
        Permission.EDIT_PARTNERS,
        form=RemoveTagForm,
    )
)
PARTNERS.register(
    BulkAction(
        "archiver",
        "Archiver",
        "Archiver {}",
        "Ils gardent leur histoire et ne sont plus proposés. On peut les réactiver.",
        Permission.EDIT_PARTNERS,
        icon="archive",
        form=ArchiveForm,
    )
)
PARTNERS.register(
    BulkAction(
        "reactiver",
        "Réactiver",
        "Réactiver {}",
        "Ils redeviennent des partenaires actifs.",
        Permission.EDIT_PARTNERS,
        form=ReactivateForm,
    )
)
