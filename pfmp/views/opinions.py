"""The pupil's opinion of the welcome, behind their own link."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import notices
from pfmp import opinions
from pfmp.enums import LinkPurpose
from pfmp.forms.opinions import OpinionForm
from pfmp.views.links import Visit, behind_personal_link, opened
from pfmp.views.pupil import frame, pupil_of


@require_http_methods(["GET", "POST"])
@behind_personal_link
@opened(LinkPurpose.STUDENT)
def pupil_opinion(request: object, visit: Visit) -> HttpResponse:
    """Six questions on the latest stay, or on that of `?stage=`; given once, corrected for a week. Another pupil's is nobody's."""
    today = timezone.localdate(visit.now)
    asked = opinions.asked_of(pupil_of(visit), today)
    named = visit.request.GET.get("stage", "")
    placement = next((one for one in asked if not named or str(one.public_id) == named), None)
    if placement is None:
        if named:
            raise Http404
        return visit.page("pfmp/opinion/pupil.html", placement=None, **frame(visit, "pupil_opinion"))
    row = opinions.of(placement)
    may = opinions.may_give(placement, row, today)
    form = OpinionForm(visit.request.POST or None, row=row)
    status = 200
    if visit.request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                opinions.give(placement, form.answers(), form.cleaned_data["comment"], now=visit.now)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                notices.said(visit.request, "Merci ! Ton avis est gardé. Tu peux le corriger pendant une semaine.")
                return visit.go("pupil_home")
    return visit.page(
        "pfmp/opinion/pupil.html",
        status=status,
        form=form,
        row=row,
        placement=placement,
        others=[one for one in asked if one.pk != placement.pk],
        may=may,
        said=opinions.in_words(row) if row else [],
        **frame(visit, "pupil_opinion"),
    )
