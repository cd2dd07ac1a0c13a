"""Addresses of the indicators, and of the list that one of them counts: partners to call again."""

from django.urls import include, path

from indicators import dormant_pages, views

app_name = "indicators"

INDICATORS = [
    path("", views.overview, name="overview"),
    path("a-completer/", views.gaps, name="gaps"),
    path("recalculer/", views.refresh, name="refresh"),
    path("lignes/<str:code>/", views.rows, name="rows"),
    path("rapport/", views.report, name="report"),
    path("rapport/demander/", views.report_ask, name="report_ask"),
    *views.SharePages().urls(),
]

urlpatterns = [
    path("indicateurs/", include(INDICATORS)),
    path("a-relancer/dormants/", dormant_pages.dormant_partners, name="dormant_partners"),
    path("a-relancer/dormants/planifier/", dormant_pages.dormant_plan, name="dormant_plan"),
]
