"""Pages of one record that has no page of its own: a school's settings, what is said of one action to the public."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from core.errors import StaleEdit
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import add_errors
from schools.services import change_record, create_record

SOMEONE = "Quelqu’un vient d’enregistrer. Rechargez la page pour voir ce qui a changé, puis recommencez."


def save(request: SchoolRequest, form: RecordForm) -> HTTPStatus:
    """Make the record that a form holds, or change it. OK, else the status of the page that shows the form and says why.

    Two people at once: the second one's words are kept on the page, never written over the first one's (R-02).
    """
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    data = form.cleaned_data
    try:
        if form.instance._state.adding:
            create_record(form.instance, by=request.user, key=data.get("creation_key"))
        else:
            changed = [name for name in form.changed_data if name != "version"]
            change_record(form.instance, version=data["version"], by=request.user, changed=changed)
    except ValidationError as refused:
        add_errors(form, refused)
    except (StaleEdit, IntegrityError):
        form.add_error(None, SOMEONE)
        return HTTPStatus.CONFLICT
    else:
        return HTTPStatus.OK
    return HTTPStatus.UNPROCESSABLE_ENTITY
