"""The board of PFMP."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from schools.middleware import SchoolRequest


@require_GET
def board(request: SchoolRequest) -> HttpResponse:
    return redirect("pfmp:period_list", request.school.uai)
