"""A school's own texts of a model: the latest, those of a paper already issued, a new version, a return to an old one.

A row of `PaperModel` is a version, with all the texts that the school replaces; none is ever changed.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core import audit
from documents import services
from documents.models import Document, PaperModel
from documents.wording.texts import OWN, Model, PaperText, PaperTextError
from schools.models import School

STALE = "Quelqu’un vient d’enregistrer une autre version du modèle. Rechargez la page, puis recommencez."


def latest(school: School, model: Model) -> PaperModel | None:
    """The school's latest version, None while it uses the model as it is."""
    found: PaperModel | None = PaperModel.objects.in_school(school).filter(type=model.key).order_by("-number").first()
    return found


def text_for(school: School, model: Model) -> PaperText:
    """The words of a paper as this school has them today: the model, with its own latest texts."""
    own = latest(school, model)
    return with_version(model.default(), own) if own else model.default()


def text_of(document: Document, model: Model) -> PaperText:
    """The words in force when a paper was issued: its template version names the shipped model and the school's own texts."""
    shipped, _, number = document.template_version.partition(OWN)
    try:
        base = model.default(shipped)
    except PaperTextError:  # of an imported paper, which nothing here can draw better
        base = model.default()
    own = None
    if number.isdigit():
        own = PaperModel.objects.in_school(document.school_id).filter(type=model.key, number=int(number)).first()
    return with_version(base, own) if own else base


def with_version(base: PaperText, own: PaperModel) -> PaperText:
    """A shipped text with the texts of one of a school's versions."""
    return base.as_stored(own.articles, version=f"{base.version}{OWN}{own.number}")


@transaction.atomic
def save(school: School, model: Model, key: str, text: str | None, *, based_on: int, by: Any) -> PaperModel:
    """Keep a school's own text as a new version of the model; None goes back to the text that is shipped.

    Papers already issued keep the version they were issued with. Raises ValidationError when someone saved a version
    since `based_on`, PaperTextError for a text that cannot be printed.
    """
    last = _held(school, model, based_on)
    articles = dict(last.articles) if last else {}
    if text is None:
        articles.pop(key, None)
    else:
        articles[key] = text
        model.default().with_own({key: text}, version="")
    return _add(school, model, articles, based_on=based_on, by=by, text=key)


@transaction.atomic
def restore(school: School, model: Model, number: int, *, based_on: int, by: Any) -> PaperModel:
    """Make an older version the current one: its texts, as a new version; 0 is the model as it is shipped.

    Raises ValidationError when there is no such version, when it says what the current one says, or when someone saved since.
    """
    last = _held(school, model, based_on)
    articles: Mapping[str, str] = {}
    if number:
        old = PaperModel.objects.in_school(school).filter(type=model.key, number=number).first()
        if old is None:
            raise ValidationError("Cette version n’existe pas.")
        known = model.default().keys
        articles = {key: text for key, text in old.articles.items() if key in known}
    if articles == (last.articles if last else {}):
        raise ValidationError("Cette version dit déjà ce que dit le modèle d’aujourd’hui : il n’y a rien à changer.")
    return _add(school, model, dict(articles), based_on=based_on, by=by, restored=number)


def _held(school: School, model: Model, based_on: int) -> PaperModel | None:
    services.hold_numbers(school)
    last = latest(school, model)
    if (last.number if last else 0) != based_on:
        raise ValidationError(STALE)
    return last


def _add(school: School, model: Model, articles: dict[str, str], *, based_on: int, by: Any, **told: Any) -> PaperModel:
    version = PaperModel(
        school=school, type=model.key, number=based_on + 1, articles=articles, created_by=by, updated_by=by
    )
    version.save(force_insert=True)
    audit.record("documents.wording_saved", version, by=by, number=version.number, type=model.key, **told)
    return version


def history(school: School, model: Model) -> list[PaperModel]:
    """The school's versions, the latest first, with who saved each."""
    return list(
        PaperModel.objects.in_school(school).filter(type=model.key).select_related("created_by").order_by("-number")
    )
