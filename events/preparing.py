"""How an action is prepared: its state and line, its checklist counted back from the day, what it lacks and what comes next."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core import french, typography
from core.school_year import SchoolYear
from core.text import searchable
from events.catalogue import Step
from events.enums import ActionStatus, Label
from events.models import Action, ActionStep

TAGS_APART = "|"
LONGEST = timedelta(days=366)
"""No action lasts longer: beyond, one of its dates is a slip of the hand."""


# ------------------------------------------------------------------------------------------------------- what it is, in words


def state_of(action: Action, today: date) -> str:
    """Its status code; a planned action whose last day is past is « à clôturer » (C-13)."""
    if action.status == ActionStatus.PLANNED and action.last_date < today:
        return "a_cloturer"
    return action.status


def told(action: Action) -> str:
    """« Forum ou salon · jeudi 20 novembre 2025, de 9 h à 12 h · salle polyvalente »."""
    return " · ".join(part for part in (action.get_type_display(), when(action), action.place) if part)


def when(action: Action) -> str:
    """Its days, and its hours when they are known."""
    days = (
        french.period(action.start_date, action.end_date)
        if action.end_date and action.end_date != action.start_date
        else french.day(action.start_date, weekday=True)
    )
    hours = ""
    if action.start_time and action.end_time:
        hours = f", de {french.clock(action.start_time)} à {french.clock(action.end_time)}"
    elif action.start_time:
        hours = f", à {french.clock(action.start_time)}"
    return f"{days}{hours}"


def counted_in(start: date, end: date | None) -> str:
    """For an action across two school years, the sentence that says in which one it counts; "" for any other (C-13)."""
    year, last = SchoolYear.on(start), SchoolYear.on(end or start)
    if year == last:
        return ""
    return typography.french(
        f"Cette action commence en {year} et finit en {last} : elle compte une fois, en {year}, l’année de son premier jour."
    )


def tags_of(text: str) -> list[str]:
    """`"égalité | orientation"` → its labels in order, each once."""
    return list(dict.fromkeys(tag for part in text.split(TAGS_APART) if (tag := part.strip())))


def with_labels(text: str, labels: Collection[str]) -> str:
    """The tags with these of the sheet's labels and without the others; tags of the school's own stay."""
    own = [tag for tag in tags_of(text) if tag not in Label.values]
    return f" {TAGS_APART} ".join([*(label for label in Label.values if label in labels), *own])


# ---------------------------------------------------------------------------------------------------------------- the days


def due_dates(
    steps: Iterable[Step], day: date, today: date, is_lesson_day: Callable[[date], bool]
) -> list[tuple[Step, date]]:
    """When each step is due, counted from the day of the action.

    Before the day, one that falls without lessons is due on the last lesson day before it; afterwards, on the next one. What
    should be done already is due today: an action prepared late begins without reproach. Once the day is past, only what
    follows it is left to do.
    """
    found = []
    for step in steps:
        if step.days <= 0 and day < today:
            continue
        due = day + timedelta(days=step.days)
        toward = timedelta(days=1 if step.days > 0 else -1)
        for _ in range(120):  # longer than any holidays
            if step.days == 0 or is_lesson_day(due):
                break
            due += toward
        found.append((step, max(due, today)))
    return found


def moved(due: date, by: timedelta, today: date) -> date:
    """When a step is due once its action moved; never before today, unless it was late already."""
    return max(due + by, min(due, today))


def as_model(steps: Iterable[ActionStep], day: date) -> list[Step]:
    """The checklist of an action, counted from its day again."""
    return sorted(
        (Step((one.due_date - day).days if one.due_date else 0, one.label) for one in steps), key=lambda one: one.days
    )


# ------------------------------------------------------------------------------------------------------- what it lacks, what next


@dataclass(frozen=True)
class Gap:
    """Something that nobody wrote yet, and what it costs; `url_name` is where it is written, with what the address asks."""

    text: str
    cost: str
    action_label: str
    url_name: str
    asks: str = ""


@dataclass(frozen=True)
class Counts:
    """What stands around an action."""

    carriers: int = 0
    guests: int = 0
    unanswered: int = 0
    to_thank: int = 0
    classes: int = 0
    expected: int = 0
    unsaid: int = 0


def gaps(action: Action, counts: Counts) -> list[Gap]:
    """What an action that counts lacks. Nothing is ever guessed in its place."""
    if action.status == ActionStatus.CANCELLED:
        return []
    found = []
    if not counts.carriers:
        found.append(
            Gap(
                "Aucun partenaire",
                "elle compte au total, dans aucun secteur et pour aucun partenaire",
                "Dire avec qui",
                "events:action_partner_new",
                asks="action",
            )
        )
    if action.hours is None:
        found.append(
            Gap(
                "Durée inconnue",
                "ses heures ne comptent pas, et rien ne les remplace",
                "Dire la durée",
                "events:action_edit",
            )
        )
    if not counts.expected and not counts.classes and not action.outside_public:
        found.append(
            Gap(
                "Aucun élève attendu",
                "personne n’en est bénéficiaire",
                "Attendre une classe",
                "events:action_pupils",
            )
        )
    if action.for_priority is None:
        found.append(
            Gap(
                "Publics prioritaires : à dire",
                "elle manque au renseignement de la rubrique 4",
                "Le dire",
                "events:action_edit",
            )
        )
    return found


@dataclass(frozen=True)
class Next:
    """The one thing to do now: a sentence, and the button that does it. `step` is the step that the button ticks."""

    text: str
    strong: str
    action_label: str
    url_name: str = ""
    tone: str = "doing"
    step: ActionStep | None = None


def next_thing(action: Action, steps: Sequence[ActionStep], counts: Counts, today: date) -> Next | None:
    """What to do now; None when all is done."""
    if action.status == ActionStatus.CANCELLED:
        return None
    if action.status == ActionStatus.PLANNED and action.last_date < today:
        return Next(
            "Dites si elle a eu lieu : une action passée que personne ne clôt ne compte nulle part.",
            "La date est passée.",
            "Clôturer",
            "events:action_report",
            tone="wait",
        )
    if action.status == ActionStatus.DONE:
        if counts.unsaid:
            missing = french.plural(counts.unsaid, "élève")
            return Next(
                f"Présence à dire pour {missing}.", "Qui est venu ?", "Dire les présences", "events:action_pupils"
            )
        if counts.to_thank:
            guests = french.plural(counts.to_thank, "partenaire venu", "partenaires venus")
            return Next(f"{guests}, pas encore de merci.", "Remercier.", "Remercier", "events:action_guests")
        if not action.review.strip():
            return Next(
                "Trois lignes suffisent, pendant que chacun s’en souvient.",
                "Le bilan.",
                "Écrire le bilan",
                "events:action_report",
            )
    left = [step for step in steps if step.done_date is None]
    if not left:
        return None
    first = min(left, key=lambda one: (one.due_date or date.max, one.pk))
    when_due = f" {french.lateness((first.due_date - today).days).capitalize()}." if first.due_date else ""
    late = first.due_date is not None and first.due_date < today
    return Next(
        f"{first.label}.{when_due}", "Prochaine étape :", "C’est fait", tone="wait" if late else "doing", step=first
    )


DOORS = (
    ("inviter", "Choisir les invités", "events:action_guests"),
    ("relancer", "Voir les réponses", "events:action_guests"),
    ("remercier", "Écrire les remerciements", "events:action_thank"),
    ("attendre", "Choisir les classes", "events:action_pupils"),
    ("noter les presences", "Dire qui est venu", "events:action_pupils"),
    ("noter les presents", "Dire qui est venu", "events:action_guests"),
    ("imprimer", "Feuille de présence", "events:action_sheet"),
    ("ecrire le bilan", "Écrire le bilan", "events:action_report"),
)
"""Steps that a page of the platform does: how their label begins, the words of the link, its page."""


def door(label: str) -> tuple[str, str] | None:
    """The page that does a step, by the first words of its label: (words, URL name)."""
    said = searchable(label)
    return next(((words, name) for begins, words, name in DOORS if said.startswith(begins)), None)


SHOWN, NEAR = 5, timedelta(days=30)


def near_and_later(left: Sequence[ActionStep], today: date) -> tuple[list[ActionStep], list[ActionStep]]:
    """Steps to do within the month, five at least, and those of later: two lists in order of day."""
    near = sum(1 for step in left if step.due_date is None or step.due_date <= today + NEAR)
    cut = max(near, SHOWN)
    return (list(left[:cut]), list(left[cut:])) if len(left) - cut > 1 else (list(left), [])


def progress(steps: Sequence[ActionStep]) -> str:
    """« 3 étapes faites sur 9 »."""
    done = sum(1 for step in steps if step.done_date is not None)
    return f"{french.plural(done, 'étape faite', 'étapes faites')} sur {len(steps)}"


# --------------------------------------------------------------------------------------------------------------- the report

REPORT_LINES = (
    ("happened", "Ce qui s’est passé", "Par exemple : six ateliers visités, deux machines essayées."),
    ("gained", "Ce que chacun en retire", "Par exemple : deux places de PFMP promises, trois élèves intéressés."),
    ("next_time", "Ce qu’on ferait autrement", "Par exemple : une heure de plus pour les questions."),
)
"""The three lines of a report: field, question, example. They are kept as the lines of `Action.review`."""


def report_lines(review: str) -> list[str]:
    """A review as three lines; a longer one, written elsewhere, keeps its end in the third."""
    lines = [line.strip() for line in review.replace("\r\n", "\n").split("\n")]
    return [*lines[:2], "\n".join(lines[2:]).strip()] if len(lines) > 3 else [*lines, "", "", ""][:3]


def review_of(lines: Sequence[str]) -> str:
    """The three lines as one review: places stay, so that they are read back in the same fields."""
    return "\n".join(line.strip() for line in lines).rstrip()
