"""Addresses of the school's own pages."""

from django.urls import path

from schools import views
from schools.saved_views import SavedViewPages

app_name = "schools"

urlpatterns = [
    path("", views.school_home, name="home"),
    path("annee/", views.year_switch, name="year_switch"),
    path("reglages/", views.settings, name="settings"),
    path("communes/suggestions/", views.commune_lookup, name="commune_lookup"),
    path("eleves/suggestions/", views.student_lookup, name="student_lookup"),
    *views.StudentPages().urls(),
    *views.ClassPages().urls(),
    *views.SchoolingPages().urls(),
    *views.StaffPages().urls(),
    *views.AssignmentPages().urls(),
    *SavedViewPages().urls(),
]
