"""Addresses of issued papers."""

from django.urls import path

from documents import views

app_name = "documents"

urlpatterns = [
    path("", views.document_list, name="document_list"),
    path("<uuid:public_id>/", views.document_detail, name="document_detail"),
    path("<uuid:public_id>/fichier/", views.document_file, name="document_file"),
    path("<uuid:public_id>/preparation/", views.document_progress, name="document_progress"),
    path("<uuid:public_id>/preparer/", views.document_prepare, name="document_prepare"),
    path("<uuid:public_id>/signatures/<str:role>/", views.signature_note, name="signature_note"),
    path("<uuid:public_id>/tout-signe/", views.signatures_all, name="signatures_all"),
]
