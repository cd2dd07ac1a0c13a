"""Forms on one action: what it is, its steps, its report, its cancellation."""

from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from conventions.models import Agreement, Network
from core import national_events
from core.school_year import SchoolYear
from events import catalogue, preparing, public
from events.enums import ActionStatus, ActionType, Label
from events.models import Action, ActionStep
from partners.forms.fields import partner_field
from schools.forms import RecordForm, limited
from schools.models import Membership, School, SchoolClass

FIRST, AHEAD = date(2000, 9, 1), 5
MOST_HOURS, MOST_COST = 5000, 1_000_000


class TimeInput(forms.TimeInput):
    """The browser's own field of hours and minutes."""

    input_type = "time"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%H:%M")


def without_zeros(value: Decimal | None) -> str | None:
    """A duration as people write it: `4.500000` → « 4.5 »."""
    return None if value is None else f"{value.normalize():f}"


def members(school: School, known: int | None = None) -> QuerySet[Membership]:
    """Who may answer for something: those who work here, and whoever does already."""
    return Membership.objects.in_school(school).filter(Q(is_active=True) | Q(pk=known)).order_by("search_text")


def national_names() -> list[tuple[str, str]]:
    """The national events that actions name, in the order of the school year."""
    year = SchoolYear.on(timezone.localdate())
    return [(one.name, one.name) for one in national_events.events_of(year)]


def far_away(day: date | None, today: date) -> bool:
    """Is this day a slip of the hand?"""
    return day is not None and not FIRST <= day <= SchoolYear(SchoolYear.on(today).first + AHEAD).end


class ActionForm(RecordForm):
    """What an action is. Its nature gives its type; an action that came without a nature keeps its own type.

    A new action also says who carries it and which classes are expected, and follows a `model`.
    """

    kind = forms.ChoiceField(label="Nature", required=False)
    labels = forms.MultipleChoiceField(
        label="Étiquettes de la fiche 2.5", choices=Label.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    other_tags = forms.CharField(
        label="Autres étiquettes", required=False, max_length=200, help_text="Séparées par une barre verticale : |"
    )
    national_event = forms.ChoiceField(label="Événement national", required=False)
    model = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    class Meta:
        model = Action
        fields = [
            "kind", "type", "title", "start_date", "end_date", "start_time", "end_time", "hours", "place", "status", "owner",
            "initiative", "workshop", "agreement", "network", "national_event", "for_priority", "outside_public", "cost",
            "funding",
        ]  # fmt: skip
        widgets = {"start_time": TimeInput, "end_time": TimeInput, "type": forms.HiddenInput}

    def __init__(self, *args: Any, classes: QuerySet[SchoolClass] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action: Action = self.instance
        fields: dict[str, Any] = self.fields
        fields["type"].required = False
        self.initial["hours"] = without_zeros(self.initial.get("hours"))
        nothing = "Choisir…" if self.is_new or not action.type else f"Sans précision ({action.get_type_display()})"
        fields["kind"].choices = [("", nothing), *catalogue.choices()]
        fields["kind"].help_text = "Elle dit le type de l’action dans les indicateurs."
        names = national_names()
        if action.national_event and action.national_event not in dict(names):
            names.append((action.national_event, action.national_event))
        fields["national_event"].choices = [("", "Aucun"), *names]
        fields["agreement"].queryset = (
            Agreement.objects.in_school(self.school).select_related("partner").order_by("title")
        )
        fields["network"].queryset = Network.objects.in_school(self.school).order_by("name")
        fields["owner"].queryset = members(self.school, action.owner_id)
        fields["workshop"].help_text = "Pour AvenirPro : lequel des quatre ateliers de l’année."
        fields["hours"].help_text = "Par exemple 2 ou 1,5. Vide : inconnue, et jamais estimée."
        fields["for_priority"].widget.choices = [("unknown", "À dire"), ("true", "Oui"), ("false", "Non")]
        fields["labels"].initial = [tag for tag in preparing.tags_of(action.tags) if tag in Label.values]
        fields["other_tags"].initial = " | ".join(
            tag for tag in preparing.tags_of(action.tags) if tag not in Label.values
        )
        if action.status != ActionStatus.CANCELLED:
            fields["status"].choices = [one for one in ActionStatus.choices if one[0] != ActionStatus.CANCELLED]
        if self.is_new:
            fields["partner"] = partner_field(self.school, required=False, label="Partenaire qui la porte")
            fields["classes"] = forms.ModelMultipleChoiceField(
                label="Classes attendues",
                queryset=SchoolClass.objects.none() if classes is None else classes,
                to_field_name="public_id",
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text="Leurs élèves sont attendus, ceux qui arrivent plus tard aussi.",
            )
        else:
            del fields["model"]
        self.helper.layout = self._layout()

    def _layout(self) -> Layout:
        hidden = ["creation_key", "model"] if self.is_new else ["version"]
        with_whom = (["partner"] if self.is_new else []) + ["initiative"]
        pupils = ([Div("classes", css_class="class-checks")] if self.is_new else []) + [
            Div("outside_public", "for_priority", css_class="form-pair")
        ]
        return Layout(
            *hidden,
            "type",
            Fieldset("L’action", "kind", "title", Div("owner", "status", css_class="form-pair")),
            Fieldset(
                "Quand et où",
                Div("start_date", "end_date", css_class="form-pair"),
                Div("start_time", "end_time", css_class="form-pair"),
                Div("hours", "place", css_class="form-pair"),
            ),
            Fieldset("Avec qui", *with_whom, Div("agreement", "network", css_class="form-pair")),
            Fieldset("Pour qui", *pupils, "labels", Div("workshop", "other_tags", css_class="form-pair")),
            Fieldset("Cadre et moyens", "national_event", Div("cost", "funding", css_class="form-pair")),
        )

    def clean_hours(self) -> Any:
        hours = self.cleaned_data["hours"]
        if hours is not None and hours > MOST_HOURS:
            raise ValidationError("Une action ne dure pas tant d’heures : vérifiez la durée.")
        return hours

    def clean_cost(self) -> Any:
        cost = self.cleaned_data["cost"]
        if cost is not None and cost > MOST_COST:
            raise ValidationError("Un million d’euros au plus : vérifiez le coût.")
        return cost

    def clean_status(self) -> str:
        status = str(self.cleaned_data["status"])
        if (
            status == ActionStatus.DONE
            and (start := self.cleaned_data.get("start_date"))
            and start > timezone.localdate()
        ):
            raise ValidationError("Le premier jour n’est pas encore venu : l’action est prévue.")
        return status

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if found := catalogue.kind(cleaned.get("kind") or ""):
            cleaned["type"] = found.type
        elif not cleaned.get("type"):
            cleaned["type"] = self.instance.type
        if not cleaned.get("type") and "kind" not in self.errors:
            self.add_error("kind", "Dites ce qu’est cette action.")
        if cleaned.get("type") != ActionType.AVENIRPRO:
            cleaned["workshop"] = None
        if self.instance.is_public:
            for name in ("title", "place"):
                if pupil := public.pupil_named(self.school, cleaned.get(name) or ""):
                    self.add_error(name, f"Ce texte nomme un élève, {pupil}, et l’action paraît sur la page publique.")
        cleaned["tags"] = preparing.with_labels(cleaned.get("other_tags") or "", cleaned.get("labels") or [])
        self._check_days(cleaned)
        return cleaned

    def _check_days(self, cleaned: dict[str, Any]) -> None:
        today = timezone.localdate()
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        for name in ("start_date", "end_date"):
            if name in self.changed_data and far_away(cleaned.get(name), today):
                self.add_error(name, "Cette date est trop loin d’aujourd’hui : vérifiez l’année.")
        if start and end and end < start:
            self.add_error("end_date", "La date de fin est avant la date de début.")
        elif start and end and end - start > preparing.LONGEST:
            self.add_error("end_date", "Une action ne dure pas plus d’un an : vérifiez les dates.")
        first, last = cleaned.get("start_time"), cleaned.get("end_time")
        if last and not first:
            self.add_error("start_time", "Dites aussi à quelle heure elle commence.")
        elif first and last and (end is None or end == start) and last <= first:
            self.add_error("end_time", "L’heure de fin est avant l’heure de début.")

    def _post_clean(self) -> None:
        if "tags" in self.cleaned_data:
            self.instance.tags = self.cleaned_data["tags"]
        super()._post_clean()  # type: ignore[misc]


class StepForm(RecordForm):
    """One thing to do."""

    class Meta:
        model = ActionStep
        fields = ["label", "due_date", "owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = members(self.school, self.instance.owner_id)
        fields["owner"].empty_label = "Tout le bureau"
        self.helper.layout = Layout(
            "creation_key" if self.is_new else "version", "label", Div("due_date", "owner", css_class="form-pair")
        )

    def clean_due_date(self) -> date | None:
        day: date | None = self.cleaned_data["due_date"]
        if far_away(day, timezone.localdate()):
            raise ValidationError("Cette date est trop loin d’aujourd’hui : vérifiez l’année.")
        return day


class ReportForm(RecordForm):
    """Whether an action took place, how long it lasted, and three lines on it."""

    OUTCOMES = ((ActionStatus.DONE.value, "Oui, elle a eu lieu"), (ActionStatus.PLANNED.value, "Pas encore"))

    status = forms.ChoiceField(label="A-t-elle eu lieu ?", choices=OUTCOMES, widget=forms.RadioSelect)

    class Meta:
        model = Action
        fields = ["status", "hours", "outside_public", "cost", "funding"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["hours"] = without_zeros(self.initial.get("hours"))
        lines = preparing.report_lines(self.instance.review)
        for (name, label, example), line in zip(preparing.REPORT_LINES, lines, strict=True):
            field = forms.CharField(
                label=label, help_text=example, required=False, widget=forms.Textarea({"rows": 2}), initial=line
            )
            limited(field, 1500)
            self.fields[name] = field
        self.fields["hours"].label = "Durée réelle, en heures"
        self.helper.layout = Layout(
            "version",
            "status",
            *(name for name, _, _ in preparing.REPORT_LINES),
            Div("hours", "outside_public", css_class="form-pair"),
            Div("cost", "funding", css_class="form-pair"),
        )

    def clean_status(self) -> str:
        status = str(self.cleaned_data["status"])
        if status == ActionStatus.DONE and self.instance.start_date > timezone.localdate():
            raise ValidationError("Le premier jour n’est pas encore venu.")
        return status

    def _post_clean(self) -> None:
        names = [name for name, _, _ in preparing.REPORT_LINES]
        if all(name in self.cleaned_data for name in names):
            one_line = [" ".join(self.cleaned_data[name].split()) for name in names[:2]]
            self.instance.review = preparing.review_of([*one_line, self.cleaned_data[names[2]]])
        super()._post_clean()  # type: ignore[misc]


class CancelForm(forms.Form):
    """Why an action is cancelled, and whether its guests are told."""

    cancel_reason = forms.CharField(
        label="Raison", max_length=200, required=False, help_text="Pour le lycée : elle n’est pas écrite aux invités."
    )
    tells = forms.BooleanField(label="Prévenir les invités par courriel", required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, guests: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not guests:
            del self.fields["tells"]


class ModelNameForm(forms.Form):
    """The name of a model made from an action."""

    name = forms.CharField(label="Nom du modèle", max_length=200)
