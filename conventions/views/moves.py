"""Moving an agreement on: one address for each act of the table of moves."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from conventions import life
from conventions.enums import AgreementState
from conventions.forms.moves import FORMS, MoveForm
from conventions.models import Agreement
from conventions.rules import moves
from conventions.rules.moves import Act
from conventions.views.agreements import AgreementPages
from core import notices
from core.verdict import demand
from schools.middleware import SchoolRequest
from schools.pages import add_errors
from schools.permissions import allows
from schools.roles import Permission

SAID = {
    Act.OPEN: "Négociation ouverte.",
    Act.SUBMIT: "Convention soumise au conseil d’administration.",
    Act.VOTE: "Vote noté : la convention peut être éditée, puis signée.",
    Act.REWORK: "Négociation reprise.",
    Act.ISSUE: "Convention éditée. Son PDF est en préparation.",
    Act.SIGN_OUTSIDE: "Signature notée.",
    Act.UNSIGN: "La signature n’est plus notée.",
    Act.RENEW: "Renouvellement commencé : relisez ce qui est repris de la convention qui finit.",
    Act.TERMINATE: "Résiliation notée.",
    Act.RESUME: "Résiliation annulée.",
    Act.ABANDON: "Convention abandonnée.",
    Act.RESTORE: "Projet repris.",
}
WARNINGS = {
    Act.UNSIGN: "La convention ne compte plus comme signée dans les indicateurs, et les réseaux qu’elle formalise ne le sont plus.",
    Act.ABANDON: "Elle reste dans la liste, hors de ce qui est à faire. Un document qui attend des signatures est annulé.",
    Act.REWORK: "Un document qui attend des signatures est annulé.",
}


@require_http_methods(["GET", "POST"])
def agreement_move(request: SchoolRequest, public_id: UUID, act: str) -> HttpResponse:
    """Do one act of the table; the page that asks what the act needs, or that says what it undoes."""
    demand(allows(request.membership, Permission.EDIT_AGREEMENTS))
    agreement = AgreementPages().find(request, public_id)
    try:
        wanted = Act(act)
    except ValueError:
        raise Http404 from None
    today = timezone.localdate()
    step = moves.find(wanted, AgreementState(agreement.state_on(today)))
    if step is None or step.permission is None:
        if wanted not in SAID:
            raise Http404
        notices.refused(request, life.STALE)
        return redirect(agreement)
    form = FORMS.get(wanted, MoveForm)(request.POST or None, agreement=agreement, today=today)
    bound = request.method == "POST"
    if bound and (form.is_valid() or wanted not in FORMS):
        try:
            target = _do(request, agreement, wanted, form.said() if wanted in FORMS else {})
        except ValidationError as error:
            if wanted not in FORMS or error.messages == [life.STALE]:
                notices.refused(request, " ".join(error.messages))
                return redirect(agreement)
            add_errors(form, error)
        else:
            notices.said(request, SAID[wanted])
            return redirect(target)
    context = {
        "record": agreement,
        "form": form,
        "verb": step.verb,
        "warning": WARNINGS.get(wanted, ""),
        "danger": wanted in (Act.TERMINATE, Act.ABANDON, Act.UNSIGN),
        "list_url": AgreementPages().back_url(request),
    }
    return render(request, "conventions/agreement_move.html", context, status=422 if bound else 200)


def _do(request: SchoolRequest, agreement: Agreement, act: Act, said: dict[str, Any]) -> Agreement:
    who: dict[str, Any] = {"membership": request.membership, "by": request.user, "now": timezone.now()}
    if act == Act.RENEW:
        return life.renew(agreement, **who)
    if act == Act.ISSUE:
        life.issue(agreement, **who)
        return agreement
    return life.move(agreement, act, **who, **said)
