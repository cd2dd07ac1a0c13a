"""Addresses of PFMP."""

from django.urls import path

from pfmp.views import annexes, board, hosting, hosts, papers, periods, placements, visits

app_name = "pfmp"

urlpatterns = [
    path("", board.board, name="board"),
    path("placements/tuteurs/", placements.placement_tutors, name="placement_tutors"),
    path("placements/regles/<uuid:public_id>/", placements.placement_verdicts, name="placement_verdicts"),
    path("placements/<uuid:public_id>/etape/", placements.placement_move, name="placement_move"),
    path("placements/<uuid:public_id>/interrompre/", placements.placement_interrupt, name="placement_interrupt"),
    path("entreprises/<uuid:public_id>/", placements.partner_placements, name="partner_placements"),
    path("eleves/<uuid:public_id>/", placements.student_placements, name="student_placements"),
    path("eleves/<uuid:public_id>/lieux-d-accueil/", hosts.student_hosts, name="student_hosts"),
    path("periodes/<uuid:public_id>/conventions/", papers.class_conventions, name="class_conventions"),
    path("periodes/<uuid:public_id>/signatures/", papers.class_signatures, name="class_signatures"),
    *periods.PeriodPages().urls(),
    *periods.ExemptionPages().urls(),
    *placements.PlacementPages().urls(),
    *visits.VisitPages().urls(),
    path("entreprises/<uuid:public_id>/accueil/", hosting.partner_hosting, name="partner_hosting"),
    *hosting.CapacityPages().urls(),
    *hosting.ReviewPages().urls(),
    *hosting.IncidentPages().urls(),
    *annexes.AnnexPages().urls(),
]
