"""Addresses of the school's own pages."""

from django.urls import path

from schools import holidays_pages, views
from schools.importing import views as importing
from schools.saved_views import SavedViewPages

app_name = "schools"

urlpatterns = [
    path("", views.school_home, name="home"),
    path("annee/", views.year_switch, name="year_switch"),
    path("reglages/", views.settings, name="settings"),
    path("communes/suggestions/", views.commune_lookup, name="commune_lookup"),
    path("eleves/suggestions/", views.student_lookup, name="student_lookup"),
    path("imports/", importing.table_import_list, name="table_import_list"),
    path("imports/<slug:slug>/nouveau/", importing.table_import_new, name="table_import_new"),
    path("imports/<slug:slug>/modele.<slug:format_>", importing.table_import_template, name="table_import_template"),
    path("imports/<uuid:public_id>/", importing.table_import_detail, name="table_import_detail"),
    path("imports/<uuid:public_id>/lecture/", importing.table_import_layout, name="table_import_layout"),
    path("imports/<uuid:public_id>/colonnes/", importing.table_import_columns, name="table_import_columns"),
    path("imports/<uuid:public_id>/doublons/", importing.table_import_decide, name="table_import_decide"),
    path("imports/<uuid:public_id>/importer/", importing.table_import_apply, name="table_import_apply"),
    path("imports/<uuid:public_id>/annuler/", importing.table_import_undo, name="table_import_undo"),
    path("imports/<uuid:public_id>/abandonner/", importing.table_import_discard, name="table_import_discard"),
    path("imports/<uuid:public_id>/a-corriger.csv", importing.table_import_rejected, name="table_import_rejected"),
    *views.StudentPages().urls(),
    *views.ClassPages().urls(),
    *views.SchoolingPages().urls(),
    *views.StaffPages().urls(),
    *views.AssignmentPages().urls(),
    *SavedViewPages().urls(),
    path("calendrier/reprendre/", holidays_pages.school_holiday_copy, name="school_holiday_copy"),
    *holidays_pages.SchoolHolidayPages().urls(),
]
