"""Addresses of the indicators, and of the list that one of them counts: partners to call again."""

from django.urls import include, path, register_converter

from indicators import dormant_pages
from indicators.views import figures, leavers, overview, reports, sharing, steering

app_name = "indicators"


class CodeConverter:
    """A code of an indicator: `I1.4.signees`, `E12`. Whether it exists is the view's to say."""

    regex = r"[IE]\d{1,2}(?:\.[a-z0-9_]{1,20}){0,2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "indicator")

INDICATORS = [
    path("", overview.overview, name="overview"),
    path("a-completer/", overview.gaps, name="gaps"),
    path("recalculer/", overview.refresh, name="refresh"),
    path("lignes/<str:code>/", overview.rows, name="rows"),
    path("<indicator:code>/", figures.figure, name="figure"),
    path("<indicator:code>/commenter/", figures.figure_comment, name="figure_comment"),
    path("rapport/", reports.report, name="report"),
    path("rapport/demander/", reports.report_ask, name="report_ask"),
    path("rapport/note/", reports.quarterly_note_ask, name="quarterly_note_ask"),
    path("rapport/dossier/", reports.quality_file_ask, name="quality_file_ask"),
    path("rapport/dossier/<uuid:public_id>/<str:kind>/", reports.quality_file_text, name="quality_file_text"),
    path("demarche/", steering.steering_home, name="steering_home"),
    path("demarche/<str:heading>/", steering.heading, name="heading"),
    path("demarche/<str:heading>/<slug:key>/", steering.answer_history, name="answer_history"),
    *steering.DecisionPages().urls(),
    path("decisions/<uuid:public_id>/faite/", steering.decision_done, name="decision_done"),
    path("preuves/<uuid:public_id>/fichier/", steering.evidence_file, name="evidence_file"),
    path("preuves/<uuid:public_id>/retirer/", steering.evidence_remove, name="evidence_remove"),
    path("partages/envoyer/", sharing.share_send, name="share_send"),
    path("partages/seuils/", sharing.share_settings, name="share_settings"),
    path("partages/<uuid:public_id>/arreter/", sharing.share_revoke, name="share_revoke"),
    path("partages/<uuid:public_id>/lien/", sharing.share_link, name="share_link"),
    path("partages/<uuid:public_id>/pdf/", sharing.share_paper, name="share_paper"),
    *sharing.SharePages().urls(),
]

urlpatterns = [
    path("sortants/resultats/", leavers.leaver_figures, name="leaver_figures"),
    path("indicateurs/", include(INDICATORS)),
    path("a-relancer/dormants/", dormant_pages.dormant_partners, name="dormant_partners"),
    path("a-relancer/dormants/planifier/", dormant_pages.dormant_plan, name="dormant_plan"),
]
