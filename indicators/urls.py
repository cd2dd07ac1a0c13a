"""Addresses of the indicators, and of the list that one of them counts: partners to call again."""

from django.urls import include, path

from indicators import dormant_pages
from indicators.views import overview

app_name = "indicators"

INDICATORS = [
    path("", overview.overview, name="overview"),
    path("a-completer/", overview.gaps, name="gaps"),
    path("recalculer/", overview.refresh, name="refresh"),
    path("lignes/<str:code>/", overview.rows, name="rows"),
    path("rapport/", overview.report, name="report"),
    path("rapport/demander/", overview.report_ask, name="report_ask"),
    *overview.SharePages().urls(),
]

urlpatterns = [
    path("indicateurs/", include(INDICATORS)),
    path("a-relancer/dormants/", dormant_pages.dormant_partners, name="dormant_partners"),
    path("a-relancer/dormants/planifier/", dormant_pages.dormant_plan, name="dormant_plan"),
]
