"""Addresses of issued papers."""

from django.urls import path

from documents.views import papers, signing_book, wording

app_name = "documents"

urlpatterns = [
    path("", papers.document_list, name="document_list"),
    path("a-signer/", signing_book.signing_book_list, name="signing_book"),
    path("a-signer/preparer/", signing_book.signing_book_prepare, name="signing_book_prepare"),
    path("a-signer/code/", signing_book.signing_book_code, name="signing_book_code"),
    path("a-signer/autre-code/", signing_book.signing_book_again, name="signing_book_again"),
    path("a-signer/signer/", signing_book.signing_book_sign, name="signing_book_sign"),
    path("a-signer/<uuid:public_id>/refuser/", signing_book.signing_book_refuse, name="signing_book_refuse"),
    path("modeles/", wording.wording_list, name="wording_list"),
    path("modeles/<str:type>/", wording.wording_detail, name="wording_detail"),
    path("modeles/<str:type>/exemple/", wording.wording_sample, name="wording_sample"),
    path("modeles/<str:type>/versions/<int:number>/", wording.wording_restore, name="wording_restore"),
    path("modeles/<str:type>/textes/<slug:key>/", wording.wording_edit, name="wording_edit"),
    path("modeles/<str:type>/textes/<slug:key>/apercu/", wording.wording_preview, name="wording_preview"),
    path("<uuid:public_id>/", papers.document_detail, name="document_detail"),
    path("<uuid:public_id>/fichier/", papers.document_file, name="document_file"),
    path("<uuid:public_id>/preparation/", papers.document_progress, name="document_progress"),
    path("<uuid:public_id>/preparer/", papers.document_prepare, name="document_prepare"),
    path("<uuid:public_id>/signatures/<str:role>/", papers.signature_note, name="signature_note"),
    path("<uuid:public_id>/tout-signe/", papers.signatures_all, name="signatures_all"),
]
