"""The HTML page that becomes the paper, a convention or an avenant."""

from collections.abc import Iterable

from django.template.loader import render_to_string

from core import siret, typography
from documents import verifying
from documents.printing import joined, long_day
from documents.subjects import Mark
from documents.wording import syntax
from documents.wording.texts import PaperText
from pfmp import paper_text
from pfmp.documents import words
from pfmp.documents.content import ConventionContent, is_observation, pupil_name

UNKNOWN = "non précisé"
IN_A_SENTENCE = 160


def _within(name: str) -> str:
    """The name of a paper inside a sentence."""
    return name[:1].lower() + name[1:]


def title_of(content: ConventionContent) -> str:
    """The title of the file, as readers and screen readers announce it."""
    pupil = f"{content.pupil.first_name} {content.pupil.last_name}"
    name = paper_text.model_of(content.kind).name
    if content.amends_number:
        return f"Avenant n° {content.number} à la {_within(name)} n° {content.amends_number}, {pupil}"
    return f"{name} n° {content.number}, {pupil}"


def html(content: ConventionContent, text: PaperText | None = None, marks: Iterable[Mark] = ()) -> str:
    """The page that becomes the paper. ``text`` is the school's version of the model, the default one without it.

    ``marks``: who signed, and how, to be written in the boxes.
    """
    if content.amends_number:
        return _avenant(content, marks)
    model = paper_text.model_of(content.kind)
    text = text or model.default()
    filling = words.filling_of(content)
    return render_to_string(
        "pdf/convention_observation.html" if is_observation(content) else "pdf/convention.html",
        {
            "content": content,
            "title": title_of(content),
            "heading": text.title,
            "name": model.name,
            "text_version": text.version,
            "visas": text.printed_visas(filling),
            "articles": [
                {"number": a.number, "title": syntax.inline(a.title), "blocks": syntax.blocks(a.text, filling)}
                for a in text.articles
            ],
            "annexes": {key: syntax.blocks(body, filling) for key, body in text.annexes.items()},
            "parties": words.parties(content),
            "facts": words.facts(content),
            "timetable": words.timetable(content),
            "presence": words.presence(content),
            "activities": words.free_text(content.activities),
            "skills": words.free_text(content.skills),
            "supervision": words.free_text(content.supervision),
            "assessment": words.free_text(content.assessment),
            "house_rules": words.free_text(content.house_rules),
            "opinions": words.opinions(content.safety),
            "safety_rows": words.safety_rows(content),
            "finance_rows": words.finance_rows(content.finance),
            "insurance_rows": words.insurance_rows(content.finance),
            "signatures": words.signatures(content, marks),
            "verify": verifying.printed(content.verify_url),
        },
    )


def _avenant(content: ConventionContent, marks: Iterable[Mark]) -> str:
    """Only what changes, said twice: in a table, then in sentences that name the day."""
    effective = typography.long_date(content.effective_date or content.issued_date)
    labels = {change.label for change in content.changes}
    tutor = joined(content.tutor.role, content.tutor.phone, content.tutor.email)
    return render_to_string(
        "pdf/avenant.html",
        {
            "content": content,
            "title": title_of(content),
            "name": _within(paper_text.model_of(content.kind).name),
            "amends_date": long_day(content.amends_date),
            "effective_date": effective,
            "people": [typography.french(line) for line in _people(content)],
            "changes": [
                {
                    "label": change.label,
                    "before": typography.french(change.before or UNKNOWN),
                    "after": typography.french(change.after or UNKNOWN),
                }
                for change in content.changes
            ],
            "sentences": [
                typography.french(
                    f"{change.label} : {change.before or UNKNOWN} → {change.after or UNKNOWN}, à compter du {effective}."
                )
                for change in content.changes
                if len(change.before) + len(change.after) < IN_A_SENTENCE and "\n" not in change.before + change.after
            ],
            "tutor": joined(content.tutor.name, tutor) if "Tuteur" in labels and tutor else None,
            "hours_change": "Horaires" in labels and bool(content.days),
            "timetable": words.timetable(content),
            "signatures": words.signatures(content, marks),
            "verify": verifying.printed(content.verify_url),
        },
    )


def _people(content: ConventionContent) -> list[str]:
    """The parties of an avenant, one line each."""
    school, host, pupil = content.school, content.host, content.pupil
    lines = [
        f"{school.name} (UAI {school.uai}), représenté par {joined(school.head_name, school.head_role or 'chef d’établissement')}"
        if school.head_name
        else f"{school.name} (UAI {school.uai})",
        joined(
            f"{host.name}{f' (SIRET {siret.spaced(host.siret)})' if host.siret else ''}",
            host.address,
            f"représenté par {joined(host.representative_name, host.representative_role)}"
            if host.representative_name
            else None,
        )
        or host.name,
        joined(
            f"{pupil_name(content)}{f', né(e) le {long_day(pupil.birth_date)}' if pupil.birth_date else ''}",
            pupil.class_label,
            f"représentant légal : {content.guardian.name}" if content.guardian and content.guardian.name else None,
        )
        or pupil_name(content),
    ]
    if content.referent.name or content.referent.email:
        lines.append(f"{content.referent.name or content.referent.email}, enseignant référent")
    if content.tutor.name:
        lines.append(f"{content.tutor.name}, tuteur")
    return lines
