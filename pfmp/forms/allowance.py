"""The grid of the allowance's files: a line a pupil, three cells each."""

from datetime import date

from django import forms
from django.http import QueryDict

from pfmp.allowance import FileState
from schools.models import Student

BANK = {"": None, "oui": True, "non": False}


def read_grid(data: QueryDict, pupils: list[Student]) -> tuple[dict[int, FileState], dict[int, str]]:
    """What the grid says, by pupil, and why a line cannot be read. `decision-tous`: a day for those who have none."""
    found: dict[int, FileState] = {}
    errors: dict[int, str] = {}
    for pupil in pupils:
        key = str(pupil.public_id)
        if f"banque-{key}" not in data:
            continue
        try:
            found[pupil.pk] = FileState(
                BANK[str(data.get(f"banque-{key}", ""))],
                day_of(data.get(f"decision-{key}", "")),
                day_of(data.get(f"autorisation-{key}", "")),
            )
        except KeyError:
            errors[pupil.pk] = "Choisissez oui, non, ou rien."
        except forms.ValidationError as error:
            errors[pupil.pk] = error.messages[0]
    return found, errors


def day_of(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise forms.ValidationError(f"« {text[:20]} » n’est pas une date.") from None
