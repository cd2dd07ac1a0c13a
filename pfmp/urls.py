"""Addresses of PFMP."""

from django.urls import path

from pfmp.views import board, periods, placements, visits

app_name = "pfmp"

urlpatterns = [
    path("", board.board, name="board"),
    *periods.PeriodPages().urls(),
    *periods.ExemptionPages().urls(),
    *placements.PlacementPages().urls(),
    *visits.VisitPages().urls(),
]
