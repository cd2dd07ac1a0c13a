"""Addresses of the indicators."""

from django.urls import path

from indicators import views

app_name = "indicators"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("a-completer/", views.gaps, name="gaps"),
    path("recalculer/", views.refresh, name="refresh"),
    path("lignes/<str:code>/", views.rows, name="rows"),
    path("rapport/", views.report, name="report"),
    path("rapport/demander/", views.report_ask, name="report_ask"),
    *views.SharePages().urls(),
]
