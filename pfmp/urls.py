"""Addresses of PFMP."""

from django.urls import path

from pfmp.views import annexes, board, hosting, hosts, papers, periods, placements, searching, visits

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
    path("eleves/<uuid:public_id>/sa-page/", searching.student_links, name="student_links"),
    path("periodes/<uuid:public_id>/recherches/", searching.class_search, name="class_search"),
    path("demarches/ici/", searching.approach_quick, name="approach_quick"),
    path("demarches/<uuid:public_id>/reponse/", searching.approach_move, name="approach_move"),
    path("demarches/<uuid:public_id>/place/", searching.approach_settle, name="approach_settle"),
    *searching.ApproachPages().urls(),
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
