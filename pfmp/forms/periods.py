"""Forms on periods, one class or several at once, and on exemptions."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from core import french
from core.school_year import SchoolYear
from partners.forms.fields import student_field
from pfmp import planning
from pfmp.enums import PeriodKind
from pfmp.models import Exemption, FormationDuration, Period
from schools.enums import Niveau
from schools.forms import RecordForm
from schools.models import SchoolClass

ROUND_THE_YEAR = timedelta(days=31)
"""A period may begin before the school year and end after it, by so much."""
LONGEST = timedelta(days=250)

LEAVE, FOLLOW = "laisser", "deplacer"


class PeriodChecks(RecordForm):
    """What every form on dates of periods asks: no overlap, inside the year, holidays confirmed, a short block explained.

    `confirmed` counts only for the remarks that were on screen when it was ticked (`seen`).
    """

    confirmed = forms.BooleanField(label="J’ai lu : enregistrer quand même", required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.remarks: list[str] = []
        self.fields["note"].label = "Précision"
        self.fields["note"].help_text = "Demandée quand une période est plus courte que le minimum du diplôme."

    def check_dates(self, classes: Sequence[SchoolClass], *, but: int | None = None) -> None:
        """Put on the form what is wrong with its dates for these classes, or what has to be confirmed."""
        start, end = self.cleaned_data.get("start_date"), self.cleaned_data.get("end_date")
        if not (classes and start and end) or end < start:
            return
        years = [SchoolYear.parse(one.year) for one in classes]
        first, last = min(years).start - ROUND_THE_YEAR, max(years).end + ROUND_THE_YEAR
        if not first <= start <= end <= last:
            self.add_error(
                "start_date", f"Ces dates sont hors de l’année {french.period(min(years).start, max(years).end)}."
            )
            return
        if end - start > LONGEST:
            self.add_error("end_date", "Une période ne dure pas si longtemps : vérifiez les dates.")
            return
        for other in planning.overlaps([one.pk for one in classes], self.school, start, end, but=but):
            self.add_error("start_date", planning.overlap_sentence(other))
        kind = PeriodKind(self.cleaned_data.get("kind") or PeriodKind.PFMP)
        found = planning.remarks(self.school, classes, start, end, kind)
        if found.short and not str(self.cleaned_data.get("note", "")).strip():
            for sentence in found.short:
                self.add_error("note", f"{sentence} Écrivez pourquoi, ou changez les dates.")
        self.ask_to_confirm([*found.holidays, *self.further_remarks(start, end)])

    def further_remarks(self, start: date, end: date) -> list[str]:
        return []

    def ask_to_confirm(self, remarks: list[str]) -> None:
        """Refuse until these very remarks were read and the box ticked."""
        self.remarks = remarks
        if not remarks:
            return
        digest = hashlib.sha256("|".join(remarks).encode()).hexdigest()[:16]
        self.fields["confirmed"].widget = forms.CheckboxInput()
        if self.cleaned_data.get("confirmed") and self.cleaned_data.get("seen") == digest:
            return
        typed: Any = self.data.copy()
        typed["seen"] = digest
        typed.pop("confirmed", None)
        self.data = typed
        self.add_error("confirmed", " ".join([*remarks, "Cochez pour enregistrer quand même."]))


class PeriodForm(PeriodChecks):
    """When a class goes into companies; the year is the class's own."""

    follow = forms.ChoiceField(
        label="Si les dates changent",
        widget=forms.RadioSelect,
        choices=[(LEAVE, "Laisser les placements à leurs dates"), (FOLLOW, "Déplacer ceux qui peuvent suivre")],
        initial=LEAVE,
    )

    field_order = (
        "school_class", "label", "kind", "start_date", "end_date", "follow", "counts_for_exam", "note", "confirmed",
    )  # fmt: skip

    class Meta:
        model = Period
        fields = ["school_class", "label", "kind", "start_date", "end_date", "counts_for_exam", "note"]
        help_texts = {"label": "Par exemple « PFMP n° 2 »."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = self.fields["school_class"]
        classes.queryset = classes.queryset.order_by("-year", "code")
        classes.label_from_instance = lambda found: f"{found.label} ({found.year})"
        self.old_dates = (self.instance.start_date, self.instance.end_date)
        self.standing = planning.Standing() if self.is_new else planning.standing(self.instance, *self.old_dates)
        if not self.standing.count:
            del self.fields["follow"]
        else:
            self.fields["follow"].help_text = (
                f"{french.plural(len(self.standing.movable), 'placement peut', 'placements peuvent')} suivre : aux dates exactes de la "
                "période et sans convention éditée. Les autres ne bougent jamais d’ici."
            )

    def _post_clean(self) -> None:
        if school_class := self.cleaned_data.get("school_class"):
            self.instance.year = school_class.year
        super()._post_clean()  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if school_class := cleaned.get("school_class"):
            self.check_dates([school_class], but=self.instance.pk)
        return cleaned

    def further_remarks(self, start: date, end: date) -> list[str]:
        if (start, end) == self.old_dates or not self.standing.with_paper:
            return []
        count = french.plural(len(self.standing.with_paper), "convention éditée garde", "conventions éditées gardent")
        return [f"{count} les anciennes dates : chacune se reprend depuis son placement."]


class PeriodsPlanForm(PeriodChecks):
    """One period for several classes of the year on screen."""

    classes = forms.ModelMultipleChoiceField(
        label="Classes",
        queryset=SchoolClass.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("classes", "label", "kind", "start_date", "end_date", "counts_for_exam", "note", "confirmed")

    class Meta:
        model = Period
        fields = ["label", "kind", "start_date", "end_date", "counts_for_exam", "note"]
        help_texts = PeriodForm.Meta.help_texts

    def __init__(self, *args: Any, year: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes: Any = self.fields["classes"]
        order = {level.value: place for place, level in enumerate(Niveau)}
        classes.queryset = SchoolClass.objects.in_school(self.school).filter(year=year).order_by("code")
        classes.label_from_instance = lambda found: found.label
        grouped: dict[str, list[tuple[Any, str]]] = {}
        for one in sorted(classes.queryset, key=lambda one: (order.get(one.niveau, 99), one.code)):
            grouped.setdefault(str(Niveau(one.niveau).label), []).append((one.public_id, one.label))
        classes.choices = list(grouped.items())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.check_dates(list(cleaned.get("classes") or ()))
        return cleaned


class FormationDurationForm(RecordForm):
    """The weeks that a formation asks, when its diploma's own text says otherwise."""

    class Meta:
        model = FormationDuration
        fields = ["formation", "weeks", "minimum_block", "since", "source"]
        help_texts = {
            "since": "Première année scolaire où cette durée vaut, par exemple 2026-2027.",
            "source": "L’arrêté de la spécialité, ou la décision.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = (
            SchoolClass.objects.in_school(self.school).exclude(diploma="").values_list("diploma", flat=True).distinct()
        )
        names = sorted({*known.order_by("diploma"), *filter(None, [self.instance.formation])})
        self.fields["formation"] = forms.ChoiceField(
            label="Formation", choices=[("", "Choisissez une formation"), *((name, name) for name in names)]
        )

    def clean_since(self) -> str:
        try:
            return SchoolYear.parse(self.cleaned_data["since"].strip()).code
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class ExemptionForm(RecordForm):
    """A pupil who does not do a period; never why in terms of health."""

    class Meta:
        model = Exemption
        fields = ["student", "period", "reason"]
        help_texts = {"reason": "Jamais une raison de santé."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"] = student_field(self.membership)
        periods = self.fields["period"]
        periods.queryset = periods.queryset.select_related("school_class").order_by("-start_date", "school_class__code")
        periods.label_from_instance = lambda found: (
            f"{found.school_class.label}, {found.label} ({found.start_date:%d/%m/%Y})"
        )
