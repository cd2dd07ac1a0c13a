"""The weekly timetable as a table of seven days, two ranges each, that writes the contract's text (G-10 to G-12)."""

from dataclasses import dataclass
from typing import Any

from django import forms

from core import typography
from pfmp import rules
from pfmp.rules import typed_timetable

DAYS = (
    ("lun", "Lundi"), ("mar", "Mardi"), ("mer", "Mercredi"), ("jeu", "Jeudi"), ("ven", "Vendredi"), ("sam", "Samedi"),
    ("dim", "Dimanche"),
)  # fmt: skip
HALVES = (("matin", "Matin"), ("soir", "Après-midi"))
ENDS = (("de", "de"), ("a", "à"))


@dataclass(frozen=True)
class Cell:
    """One field of the table: « lundi matin, de »."""

    name: str
    id: str
    label: str
    value: str


class TimetableWidget(forms.Widget):
    """Fourteen half-days with their two hours, and « sauf fériés ». A text that the table cannot hold is shown as it is."""

    template_name = "pfmp/partials/timetable_field.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        keys = [f"{day}_{half}_{end}" for day, _ in DAYS for half, _ in HALVES for end, _ in ENDS]
        found = {key: data.get(f"{name}_{key}", "").strip() for key in keys}
        line = data.get(f"{name}_ligne", "").strip()
        texts = {
            "feries": data.get(f"{name}_feries", ""),
            "texte": data.get(f"{name}_texte", "").strip(),
            "ligne": line,
        }
        return with_line(found | texts)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_lun_matin_de" if id_ else id_

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        cells, text, except_holidays = as_cells(value)
        base = context["widget"]["attrs"].get("id", f"id_{name}")
        rows = []
        for code, day in DAYS:
            halves = [
                [
                    Cell(
                        f"{name}_{code}_{half}_{end}",
                        f"{base}_{code}_{half}_{end}",
                        f"{day} {half_label.lower()}, {end_label}",
                        cells.get(f"{code}_{half}_{end}", ""),
                    )
                    for end, end_label in ENDS
                ]
                for half, half_label in HALVES
            ]
            rows.append((code, day, halves))
        context["timetable"] = {
            "name": name,
            "id": base,
            "rows": rows,
            "except_holidays": except_holidays,
            "text": text,
            "line": value.get("ligne", "") if isinstance(value, dict) else "",
        }
        return context


READ = "lu"
"""The key under which the value of the table carries what was read of a line, until somebody has looked at it."""


def with_line(value: dict[str, str]) -> dict[str, str]:
    """The value of the table once the line typed beside it is read: its hours fill the table, to be looked at.

    A line that leaves a doubt stays as it is.
    """
    line = value.get("ligne", "")
    read = typed_timetable.read(line) if line else None
    if not isinstance(read, rules.Timetable) or any(len(ranges) > len(HALVES) for ranges in read.days):
        return value
    cells, _, except_holidays = as_cells(rules.write_timetable(read))
    holidays = "1" if except_holidays or value.get("feries") else ""
    return {**cells, "feries": holidays, "texte": "", "ligne": "", READ: typed_timetable.write(read)}


def line_problem(value: dict[str, str]) -> str | None:
    """What to say of a line typed beside the table: its question, or what was read of it; None without a line."""
    if line := value.get("ligne"):
        read = typed_timetable.read(line)
        if isinstance(read, typed_timetable.Unclear):
            return read.question
        return "Un jour a plus de deux plages : remplissez le tableau des horaires."
    if value.get(READ):
        return f"Nous avons lu : {value[READ]}. Le tableau est rempli : vérifiez-le, puis enregistrez."
    return None


def as_cells(value: Any) -> tuple[dict[str, str], str, bool]:
    """What the table shows of a value: its cells, the text it cannot hold, and « sauf fériés »."""
    if isinstance(value, dict):
        return value, value.get("texte", ""), bool(value.get("feries"))
    text = str(value or "")
    read = rules.parse_timetable(text)
    if isinstance(read, rules.UnreadableTimetable):
        return {}, text, rules.timetable.EXCEPT_HOLIDAYS in text
    if any(len(ranges) > len(HALVES) for ranges in read.days):
        return {}, text, read.except_holidays
    cells = {}
    for (code, _), ranges in zip(DAYS, read.days, strict=True):
        halves = ["matin", "soir"] if len(ranges) > 1 or (ranges and ranges[0].start < NOON) else ["soir"]
        for half, part in zip(halves, ranges, strict=False):
            cells[f"{code}_{half}_de"] = _clock(part.start)
            cells[f"{code}_{half}_a"] = _clock(part.end)
    return cells, "", read.except_holidays


NOON = 13 * 60


def _clock(minutes: int) -> str:
    """As a browser's time field wants it: midnight is the first minute of the next day."""
    minutes %= rules.timetable.DAY
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class TimetableField(forms.Field):
    """The contract's text of a weekly timetable, "" when nothing is filled."""

    widget = TimetableWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or ""))
        except forms.ValidationError:
            return True

    def clean(self, value: Any) -> str:
        """The text, read back by the rules: what they cannot read is an error that names the day."""
        cells = value if isinstance(value, dict) else {}
        if problem := line_problem(cells):
            raise forms.ValidationError(typography.french(problem))
        parts = []
        for code, day in DAYS:
            ranges = []
            for half, _ in HALVES:
                start, end = cells.get(f"{code}_{half}_de", ""), cells.get(f"{code}_{half}_a", "")
                if bool(start) != bool(end):
                    missing = "la fin" if start else "le début"
                    raise forms.ValidationError(f"{day} : il manque {missing} d’une demi-journée.")
                if start:
                    ranges.append(f"{start[:5]}-{end[:5]}")
            if ranges:
                parts.append(" ".join([code, *ranges]))
        if not parts:
            return str(cells.get("texte", ""))[:500]
        text = "; ".join([*parts, rules.timetable.EXCEPT_HOLIDAYS] if cells.get("feries") else parts)
        read = rules.parse_timetable(text)
        if isinstance(read, rules.UnreadableTimetable):
            raise forms.ValidationError(read.reason)
        return rules.write_timetable(read)
