"""The school's data, in and out."""

from django.urls import path

from exchange import views

app_name = "exchange"

IMPORTS = [
    path("import/", views.import_new, name="import_new"),
    path("import/<uuid:public_id>/", views.import_detail, name="import_detail"),
    path("import/<uuid:public_id>/enregistrer/", views.import_commit, name="import_commit"),
    path("import/<uuid:public_id>/abandonner/", views.import_discard, name="import_discard"),
    path("import/<uuid:public_id>/a-corriger.csv", views.import_problems, name="import_problems"),
]
EXPORTS = [
    path("export/", views.export, name="export"),
]

urlpatterns = [
    path("", views.overview, name="overview"),
    *IMPORTS,
    *EXPORTS,
]
