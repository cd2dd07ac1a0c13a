"""« Chercher dans Sirene » in a partner's form: what the box under the SIRET shows, and the form with what was taken.

The form is never saved here: it comes back as it was typed, with proposals beside it or with official values in its fields,
and the person saves it when it is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crispy_forms.layout import HTML, Layout
from django.conf import settings
from django.urls import reverse

from core.outside import Unavailable
from core.siret import is_siret
from core.text import digits
from partners import register
from partners.models import Partner
from partners.rules import register as rules
from partners.rules.register import Establishment
from schools.forms import RecordForm
from schools.models import School

BUTTON = "sirene"  # the name of the box's buttons; their values:
SEARCH, CHOOSE, TAKE = "chercher", "choisir", "reprendre"
CHOSEN, TICKED = "sirene_siret", "sirene_champ"
LEAST = 3
TOO_SHORT = "Tapez au moins trois lettres du nom, ou les 14 chiffres du SIRET."
WRONG = "Ce SIRET n’est pas complet ou pas juste : vérifiez ses 14 chiffres."
FICTITIOUS = "Ce SIRET est fictif : il n’est pas cherché dans Sirene."
NONE = "Sirene ne connaît pas ce SIRET, ou l’entreprise a demandé à ne pas y paraître. Saisissez la fiche à la main."
NONE_NAMED = "Sirene ne connaît aucune entreprise de ce nom. Essayez moins de mots, ou saisissez la fiche à la main."
HIDDEN = (
    "Cette entreprise a demandé que ses informations ne soient pas diffusées : Sirene ne propose rien. "
    "Saisissez la fiche avec ce qu’elle vous dit."
)
SAME = "Votre fiche dit déjà tout ce que dit Sirene."


@dataclass(frozen=True)
class Choice:
    """An establishment of the list: what it is, and the school's own partner with this SIRET, if any."""

    found: Establishment
    known: Partner | None


@dataclass
class Help:
    """The box under the SIRET. `sentence` tells what happened; `refused` why nothing can be asked here."""

    url: str = ""
    refused: str = ""
    sentence: str = ""
    tone: str = "doing"
    choices: list[Choice] = field(default_factory=list)
    chosen: Establishment | None = None
    known: Partner | None = None
    lines: list[rules.Line] = field(default_factory=list)
    page: str = ""

    @property
    def known_choices(self) -> list[Partner]:
        """The school's own partners among the choices."""
        return [choice.known for choice in self.choices if choice.known]


def wanted_siret(typed: Mapping[str, Any]) -> str:
    return digits(str(typed.get("siret") or ""))


def search(school: School, record: Partner | None, typed: Mapping[str, Any], *, quiet: bool) -> Help:
    """What Sirene proposes for what is typed: by the SIRET, else by the name. `quiet`, while one types: no reproach."""
    siret, name = wanted_siret(typed), " ".join(str(typed.get("name") or "").split())
    if siret:
        if not is_siret(siret):
            return Help() if quiet else Help(sentence=WRONG, tone="wait")
        return choose(school, record, typed, siret)
    if sum(character.isalnum() for character in name) < LEAST:
        return Help() if quiet else Help(sentence=TOO_SHORT, tone="wait")
    department = register.department_of(school)
    try:
        found = register.search(name, department=department)
        elsewhere = not found and bool(department)
        if elsewhere:
            found = register.search(name)
    except Unavailable as failure:
        return Help(sentence=str(failure), tone="wait")
    if not found:
        return Help(sentence=NONE_NAMED, tone="calm")
    known = register.known_partners(school, [one.siret for one in found], but=record)
    sentence = f"Rien de ce nom dans le département {department} : voici ailleurs en France." if elsewhere else ""
    return Help(sentence=sentence, tone="calm", choices=[Choice(one, known.get(one.siret)) for one in found])


def choose(school: School, record: Partner | None, typed: Mapping[str, Any], siret: str) -> Help:
    """One establishment beside what is typed."""
    siret = digits(siret)
    if is_siret(siret) and rules.is_fictitious(siret):
        return Help(sentence=FICTITIOUS, tone="calm")
    try:
        found = register.find(siret)
    except Unavailable as failure:
        return Help(sentence=str(failure), tone="wait")
    known = register.known_partners(school, [siret], but=record).get(siret)
    if found is None:
        return Help(sentence=NONE, tone="calm", known=known)
    made = Help(chosen=found, known=known, page=rules.page_of(siret))
    if found.is_hidden:
        made.sentence, made.tone = HIDDEN, "calm"
    rows = rules.differences(_ours(record, typed), found, name_locked=bool(typed.get("name_locked")))
    begun = record is None and rules.is_begun(str(typed.get("name") or ""), found)
    made.lines = [rules.line_of(row, ticked=row.is_new or (row.field == "name" and begun)) for row in rows]
    if not rows and not found.is_hidden and wanted_siret(typed) == siret:
        made.sentence, made.tone = SAME, "ok"
    return made


def _ours(record: Partner | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What is typed; for what the form does not show, what the record holds while its address stays as it was."""
    values: dict[str, Any] = {name: str(typed.get(name) or "").strip() for name in rules.FIELDS}
    values["coordinates"] = values["closed_date"] = None
    if record is not None and record.pk:
        kept = register.ours(record)
        values["closed_date"] = kept["closed_date"] if record.siret == wanted_siret(typed) else None
        if all(values[name] == kept[name] for name in rules.PLACE_FIELDS):
            values["coordinates"] = kept["coordinates"]
    return values


def take(
    found: Establishment, names: list[str], typed: Mapping[str, Any], *, now: datetime
) -> tuple[dict[str, Any], list[str]]:
    """The form's values once the ticked fields are taken, and the labels of these."""
    allowed = [name for name in rules.FIELDS if name in names and found.value(name)]
    if typed.get("name_locked"):
        allowed = [name for name in allowed if name != "name"]
    values = dict(typed)
    for name in allowed:
        if name not in ("coordinates", "closed_date"):
            values[name] = found.value(name)
    values["siret"] = found.siret
    values["register_answer"] = register.seal(found, allowed, now=now)
    return values, [rules.FIELDS[name] for name in allowed]


def taken_sentence(labels: list[str]) -> str:
    """« Repris de Sirene : adresse, commune. Relisez, puis enregistrez. »"""
    if not labels:
        return "Le SIRET est repris. Relisez, puis enregistrez."
    listed = ", ".join(label[0].lower() + label[1:] for label in labels)
    return f"Repris de Sirene : {listed}. Relisez, puis enregistrez."


# -------------------------------------------------------------------------------------------------------- in the form


ENTER = HTML('<button class="visually-hidden" tabindex="-1" aria-hidden="true">Enregistrer</button>')
"""The browser's Enter key presses the first button of a form: it must save, neither search nor make a double."""
BOX = HTML('{% include "partners/partials/register_help.html" with help=form.register_help only %}')


def offer_help(form: RecordForm, help_: Help | None) -> Help | None:
    """Put the box under the SIRET of a partner's form, and have it follow what one types; None where Sirene is not asked."""
    if form.is_new or not settings.SIRENE_URL:
        del form.fields["name_locked"]  # nothing to keep yet, or nobody to keep it from
    names = list(form.fields)
    after = names.index("siret") + 1
    form.helper.layout = Layout(ENTER, *names)
    if not settings.SIRENE_URL:
        return None
    help_ = help_ or Help()
    if form.school.is_demo:
        help_.refused = register.DEMO
    else:
        about = "" if form.is_new else f"?fiche={form.instance.public_id}"
        help_.url = reverse("partners:register_lookup", args=[form.school.uai]) + about
        for name in ("name", "siret"):
            form.fields[name].widget.attrs |= {
                "hx-post": help_.url,
                "hx-trigger": "input changed delay:600ms",
                "hx-target": "#sirene",
                "hx-sync": "this:replace",
            }
    form.helper.layout = Layout(ENTER, *names[:after], BOX, *names[after:])
    return help_
