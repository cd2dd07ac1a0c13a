"""The addresses of the platform. Everything of a school stands under its UAI."""

from django.urls import include, path

from core import errors
from documents.views import online, verify
from events.views import feeds, reply
from events.views import public as events_public
from exchange.api import routes as api
from indicators.views import academy, share_page
from partners.views import offers
from pfmp.views import company, evaluating, opinions, pupil, tutor
from pfmp.views import links as pfmp_links
from schools import views as schools_views
from surveys.views import answering as survey_answering
from surveys.views import leaver_page

IN_SCHOOL = [
    path("", include("schools.urls")),
    path("", include("partners.urls")),
    path("", include("conventions.urls")),
    path("pfmp/", include("pfmp.urls")),
    path("", include("events.urls")),
    path("", include("surveys.urls")),
    path("documents/", include("documents.urls")),
    path("", include("indicators.urls")),
    path("echange-de-donnees/", include("exchange.urls")),
]

urlpatterns = [
    path("", schools_views.home, name="home"),
    path("compte/", include("allauth.account.urls")),
    path("compte/", include("accounts.urls")),
    path("", include("core.urls")),
    path("etablissements/<uai:uai>/", include(IN_SCHOOL)),
    # For programs, with a key: what the dossier and the indicators say (exchange/api).
    path("api/v1/", api.urls()),
    # Without signing in, for companies: not under the school's own addresses, which only members may open.
    path("proposer-une-offre/<uai:lycee>/", offers.offer_form, name="offer_form"),
    path("proposer-une-offre/<uai:lycee>/merci/", offers.offer_thanks, name="offer_thanks"),
    # Without signing in, for anyone who holds a paper: it names nobody.
    path("verifier/", verify.verify, name="verify"),
    # Without signing in, for who signs a paper: the token is the key, and a code opens (docs/adr/0040).
    path("signer/<slug:token>/", online.sign_start, name="sign_start"),
    path("signer/<slug:token>/code/", online.sign_code, name="sign_code"),
    path("signer/<slug:token>/nouveau-lien/", online.sign_renew, name="sign_renew"),
    path("signer/<slug:token>/qui-signe/", online.sign_who, name="sign_who"),
    path("signer/<slug:token>/tuteur/", online.sign_tutor, name="sign_tutor"),
    path("signer/<slug:token>/coordonnees/", online.sign_contact, name="sign_contact"),
    path("signer/<slug:token>/document/", online.sign_paper, name="sign_paper"),
    path("signer/<slug:token>/fichier/", online.sign_file, name="sign_file"),
    path("signer/<slug:token>/merci/", online.sign_done, name="sign_done"),
    # Without signing in, for a guest: what one is invited to, four answers (events/views/reply.py).
    path("invitation/<slug:token>/", reply.invitation_reply, name="invitation_reply"),
    path("invitation/<slug:token>/merci/", reply.invitation_said, name="invitation_said"),
    path("invitation/<slug:token>/nouveau-lien/", reply.invitation_renew, name="invitation_renew"),
    # Without signing in, for who left the lycée: what they do now (surveys/views/leaver_page.py).
    path("ancien-eleve/<slug:token>/", leaver_page.leaver_page, name="leaver_page"),
    path("ancien-eleve/<slug:token>/nouveau-lien/", leaver_page.leaver_renew, name="leaver_renew"),
    # Without signing in, for a partner: what the lycée shares, behind a link (indicators/views/share_page.py).
    path("partage/<slug:token>/", share_page.share_start, name="share_start"),
    path("partage/<slug:token>/lire/", share_page.share_read, name="share_read"),
    path("partage/<slug:token>/pdf/", share_page.share_file, name="share_file"),
    # For the readers of an académie: no address of a lycée opens for them.
    path("academie/", academy.academy_home, name="academy_home"),
    path("academie/<indicator:code>/", academy.academy_figure, name="academy_figure"),
    # Without signing in, for a company, a pupil or a tutor: a personal link, then a button (pfmp/links.py).
    path("lien/<slug:token>/", pfmp_links.link_start, name="link_start"),
    path("lien/<slug:token>/ouvrir/", pfmp_links.link_open, name="link_open"),
    path("lien/<slug:token>/nouveau-lien/", pfmp_links.link_renew, name="link_renew"),
    # Without signing in: a survey, behind a link for everybody or one's own (surveys/answering.py).
    path("enquete/<slug:token>/", survey_answering.survey_answer, name="survey_answer"),
    path("enquete/<slug:token>/merci/", survey_answering.survey_thanks, name="survey_thanks"),
    # Without signing in: what a school does with companies, when it has opened the page (events/public.py).
    path("partenariats/<uai:lycee>/", events_public.public_page, name="public_page"),
    path("partenariats/<uai:lycee>/rendez-vous.ics", events_public.public_calendar, name="public_calendar"),
    # Without signing in: an agenda, behind its secret address (events/feeds.py).
    path("agenda/<slug:token>.ics", feeds.calendar_feed, name="calendar_feed"),
    path("tuteur/<slug:token>/", tutor.tutor_home, name="tutor_home"),
    path("tuteur/<slug:token>/absence/", tutor.tutor_absence, name="tutor_absence"),
    path("tuteur/<slug:token>/jours/", tutor.tutor_days, name="tutor_days"),
    path("pre-convention/<slug:token>/", company.pre_convention_fill, name="pre_convention_fill"),
    path("pre-convention/<slug:token>/horaires/regles/", company.pre_convention_hours, name="pre_convention_hours"),
    path("pre-convention/<slug:token>/renoncer/", company.pre_convention_refuse, name="pre_convention_refuse"),
    path("pre-convention/<slug:token>/<slug:step>/", company.pre_convention_step, name="pre_convention_step"),
    path("tuteur/<slug:token>/evaluation/", evaluating.tutor_evaluation, name="tutor_evaluation"),
    path("mon-stage/<slug:token>/", pupil.pupil_home, name="pupil_home"),
    path("mon-stage/<slug:token>/mon-avis/", opinions.pupil_opinion, name="pupil_opinion"),
    path("mon-stage/<slug:token>/demarche/", pupil.pupil_approach_new, name="pupil_approach_new"),
    path("mon-stage/<slug:token>/demarche/<uuid:public_id>/", pupil.pupil_approach_edit, name="pupil_approach_edit"),
    path(
        "mon-stage/<slug:token>/demarche/<uuid:public_id>/reponse/",
        pupil.pupil_approach_answer,
        name="pupil_approach_answer",
    ),
    path("mon-stage/<slug:token>/trouve/", pupil.pupil_found, name="pupil_found"),
    path("mon-stage/<slug:token>/entreprises/", pupil.pupil_hosts, name="pupil_hosts"),
    path("mon-stage/<slug:token>/lettre/", pupil.pupil_letter, name="pupil_letter"),
    path("mon-stage/<slug:token>/lettre/<slug:what>/", pupil.pupil_letter_file, name="pupil_letter_file"),
    path("mon-stage/<slug:token>/conseils/", pupil.pupil_advice, name="pupil_advice"),
]

handler400 = "core.errors.bad_request"
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = "core.errors.server_error"
