"""Addresses of issued papers."""

from django.urls import path

from documents.views import papers

app_name = "documents"

urlpatterns = [
    path("", papers.document_list, name="document_list"),
    path("<uuid:public_id>/", papers.document_detail, name="document_detail"),
    path("<uuid:public_id>/fichier/", papers.document_file, name="document_file"),
    path("<uuid:public_id>/preparation/", papers.document_progress, name="document_progress"),
    path("<uuid:public_id>/preparer/", papers.document_prepare, name="document_prepare"),
    path("<uuid:public_id>/signatures/<str:role>/", papers.signature_note, name="signature_note"),
    path("<uuid:public_id>/tout-signe/", papers.signatures_all, name="signatures_all"),
]
