"""Addresses of issued papers."""

from django.urls import path

from documents.views import (
    archives,
    batches,
    delegations,
    links,
    papers,
    proposals,
    scans,
    seals,
    settings,
    signing_book,
    wording,
)

app_name = "documents"

urlpatterns = [
    path("", papers.document_list, name="document_list"),
    path("choix/", papers.document_bulk, name="document_bulk"),
    path("lot/", batches.batch_paper, name="batch_paper"),
    path("archive/", archives.document_archive, name="document_archive"),
    path("numerisations/<uuid:public_id>/fichier/", scans.scan_file, name="scan_file"),
    path("numerisations/<uuid:public_id>/retirer/", scans.scan_remove, name="scan_remove"),
    path("a-signer/", signing_book.signing_book_list, name="signing_book"),
    path("a-signer/preparer/", signing_book.signing_book_prepare, name="signing_book_prepare"),
    path("a-signer/code/", signing_book.signing_book_code, name="signing_book_code"),
    path("a-signer/autre-code/", signing_book.signing_book_again, name="signing_book_again"),
    path("a-signer/signer/", signing_book.signing_book_sign, name="signing_book_sign"),
    path("a-signer/<uuid:public_id>/refuser/", signing_book.signing_book_refuse, name="signing_book_refuse"),
    path("reglages/", settings.circuit_settings, name="circuit_settings"),
    *delegations.DelegationPages().urls(),
    *proposals.ProposalPages().urls(),
    path("propositions/<uuid:public_id>/accepter/", proposals.signer_proposal_accept, name="signer_proposal_accept"),
    path("propositions/<uuid:public_id>/refuser/", proposals.signer_proposal_refuse, name="signer_proposal_refuse"),
    path("modeles/", wording.wording_list, name="wording_list"),
    path("modeles/<str:type>/", wording.wording_detail, name="wording_detail"),
    path("modeles/<str:type>/exemple/", wording.wording_sample, name="wording_sample"),
    path("modeles/<str:type>/versions/<int:number>/", wording.wording_restore, name="wording_restore"),
    path("modeles/<str:type>/textes/<slug:key>/", wording.wording_edit, name="wording_edit"),
    path("modeles/<str:type>/textes/<slug:key>/apercu/", wording.wording_preview, name="wording_preview"),
    path("<uuid:public_id>/", papers.document_detail, name="document_detail"),
    path("<uuid:public_id>/fichier/", papers.document_file, name="document_file"),
    path("<uuid:public_id>/sceller/", seals.document_seal, name="document_seal"),
    path("<uuid:public_id>/scelle/", papers.document_sealed, name="document_sealed"),
    path("<uuid:public_id>/preuve/", papers.document_proof, name="document_proof"),
    path("<uuid:public_id>/relancer/", papers.document_remind, name="document_remind"),
    path("<uuid:public_id>/numerisation/", scans.scan_new, name="scan_new"),
    path("<uuid:public_id>/preparation/", papers.document_progress, name="document_progress"),
    path("<uuid:public_id>/preparer/", papers.document_prepare, name="document_prepare"),
    path("<uuid:public_id>/feuillets/", links.signing_sheets, name="signing_sheets"),
    path("<uuid:public_id>/signatures/<str:role>/liens/", links.signature_links, name="signature_links"),
    path("<uuid:public_id>/signatures/<str:role>/", papers.signature_note, name="signature_note"),
    path("<uuid:public_id>/tout-signe/", papers.signatures_all, name="signatures_all"),
]
