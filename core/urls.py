"""What belongs to no school: background jobs, and the answers to supervisors."""

from django.urls import path

from core import health, job_pages, views

app_name = "core"

JOBS = [
    path("taches/<uuid:public_id>/", job_pages.job_progress, name="job_progress"),
    path("taches/<uuid:public_id>/fichier/", job_pages.job_file, name="job_file"),
    path("taches/<uuid:public_id>/annuler/", job_pages.job_cancel, name="job_cancel"),
    path("taches/<uuid:public_id>/reprendre/", job_pages.job_retry, name="job_retry"),
]
HEALTH = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
GALLERY = [path("composants/", views.gallery, name="gallery")]
STATEMENTS = [
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("aide/", views.help_page, name="help"),
]

urlpatterns = [*JOBS, *HEALTH, *GALLERY, *STATEMENTS]
