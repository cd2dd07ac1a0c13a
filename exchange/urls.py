"""The school's data, in and out."""

from django.urls import path

from exchange.views import dossiers, keys

app_name = "exchange"

IMPORTS = [
    path("import/", dossiers.import_new, name="import_new"),
    path("import/<uuid:public_id>/", dossiers.import_detail, name="import_detail"),
    path("import/<uuid:public_id>/enregistrer/", dossiers.import_commit, name="import_commit"),
    path("import/<uuid:public_id>/abandonner/", dossiers.import_discard, name="import_discard"),
    path("import/<uuid:public_id>/a-corriger.csv", dossiers.import_problems, name="import_problems"),
]
KEYS = [
    path("cles/", keys.key_list, name="key_list"),
    path("cles/<uuid:public_id>/revoquer/", keys.key_revoke, name="key_revoke"),
]
EXPORTS = [
    path("export/", dossiers.export, name="export"),
]

urlpatterns = [
    path("", dossiers.overview, name="overview"),
    *IMPORTS,
    *EXPORTS,
    *KEYS,
]
