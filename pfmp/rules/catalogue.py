"""Every rule of the regulation of PFMP in plain French: to whom, from which text, how sure, and where the platform applies it.

The rules judged on a placement say their levels in the register (`pfmp.rules.RULES`); the others describe a paper, a
parameter or a habit, and are listed here so that a reader sees what the platform does of them, or that it does nothing yet.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pfmp.rules.parameters import Confidence
from pfmp.rules.register import RULES, Rule


class Where(StrEnum):
    """Where the platform applies a rule."""

    CHECK = "controle"
    MOVE = "etape"
    FORM = "saisie"
    PAPER = "document"
    CALENDAR = "calendrier"
    FOLLOWING = "suivi"
    ALLOWANCE = "allocation"
    FIGURES = "indicateurs"
    TAXE = "taxe"
    SETTINGS = "reglages"
    DATA = "donnees"
    OUTSIDE = "hors"
    NOTHING = "rien"

    @property
    def label(self) -> str:
        """What people read."""
        return _LABELS[self]


_LABELS: Final = {
    Where.CHECK: "Contrôle du placement",
    Where.MOVE: "Étapes du placement",
    Where.FORM: "Saisie",
    Where.PAPER: "Documents imprimés",
    Where.CALENDAR: "Calendrier",
    Where.FOLLOWING: "Suivi",
    Where.ALLOWANCE: "Allocation",
    Where.FIGURES: "Indicateurs",
    Where.TAXE: "Taxe d’apprentissage",
    Where.SETTINGS: "Réglages",
    Where.DATA: "Protection des données",
    Where.OUTSIDE: "Hors de la plateforme",
    Where.NOTHING: "Rien pour l’instant",
}


@dataclass(frozen=True)
class Entry:
    """One rule of the regulation. `where`, `how`: the part of the platform that applies it, in words; `keys`: its parameters."""

    id: str
    text: str
    who: str
    source: str
    confidence: Confidence
    where: Where
    how: str = ""
    keys: tuple[str, ...] = ()

    @property
    def rule(self) -> Rule | None:
        """The rule of the register that judges placements by it, if any."""
        return RULES.get(self.id)

    @property
    def title(self) -> str:
        """Its short name, where it has one."""
        return self.rule.title if self.rule else ""


_OK, _2015, _2ND, _TO = Confidence.VERIFIED, Confidence.VERIFIED_2015, Confidence.SECOND_HAND, Confidence.TO_VERIFY
_ALL, _MINORS, _ADULTS = "tous les élèves", "élèves mineurs", "élèves majeurs"
_CT = "convention-type"
_EDUC, _WORK = "code de l’éducation", "code du travail"
C, M, F, P = Where.CHECK, Where.MOVE, Where.FORM, Where.PAPER
W = Where

SUBJECTS: Final[tuple[tuple[str, tuple[Entry, ...]], ...]] = (
    (
        "Dates et durées",
        (
            Entry("R-PERIODE-01", "Un placement tient dans les dates de la période de sa classe ; un rattrapage, un report ou une prolongation en sortent avec un motif.", _ALL, "calendrier des PFMP du lycée", _OK, C),
            Entry("R-CHEVAUCHE-01", "Un élève n’a pas deux placements le même jour.", _ALL, "cohérence des placements", _OK, C),
            Entry("R-DUREE-01", "CAP en 2 ans : 12 à 14 semaines sur le cycle, selon la spécialité.", "CAP en 2 ans", "arrêté du 21 novembre 2018, art. 3", _OK, W.CALENDAR, "semaines du cycle", ("cap_cycle_weeks", "cap_cycle_most_weeks")),
            Entry("R-DUREE-02", "CAP en 1 an : au moins 5 semaines.", "CAP en 1 an", "règlement d’examen (non lu)", _2ND, W.CALENDAR, "semaines du cycle", ("cap_one_year_weeks",)),
            Entry("R-DUREE-03", "Baccalauréat professionnel : 20 semaines pour l’examen depuis la session 2025, 22 avant ; des spécialités font exception.", "bac pro en 3 ans", "arrêté du 19 avril 2019 modifié en 2024", _OK, W.CALENDAR, "semaines du cycle", ("bac_pro_cycle_weeks",)),
            Entry("R-DUREE-04", "Répartition indicative : 4 à 6 semaines en 2de, 6 à 8 en 1re, 6 en terminale.", "bac pro", "arrêté du 21 novembre 2018 modifié ; note de service du 4 mars 2024", _2ND, W.CALENDAR, "semaines par année", ("bac_pro_2nde_weeks", "bac_pro_1re_weeks", "bac_pro_tle_weeks")),
            Entry("R-DUREE-05", "Terminale 2024-2025 : parcours différencié de 6 semaines en fin d’année.", "terminale professionnelle", "note de service du 4 mars 2024", _OK, W.CALENDAR, "dates de la période", ("bac_pro_path_weeks",)),
            Entry("R-DUREE-06", "Terminale 2025-2026 : parcours personnalisé de 4 semaines, hors évaluation certificative.", "terminale professionnelle", "page du ministère (arrêté de 2025 non lu)", _OK, W.CALENDAR, "dates de la période", ("bac_pro_path_weeks",)),
            Entry("R-DUREE-07", "Pour l’examen, seule la PFMP obligatoire compte ; celle du parcours de fin de terminale est payée sans compter.", "terminale professionnelle", "décret 2024-542", _OK, F, "« compte pour l’examen », sur la période"),
            Entry("R-DUREE-08", "Chaque période de baccalauréat professionnel dure au moins trois semaines.", "bac pro", "note de service n° 2019-023 (non lue) ; arrêtés de spécialité", _2ND, C, "", ("bac_pro_period_weeks",)),
            Entry("R-DUREE-09", "Certificat de spécialisation : 12 à 18 semaines selon la spécialité.", "certificat de spécialisation", f"{_EDUC}, D337-139 s.", _2ND, W.CALENDAR, "semaines du cycle", ("cs_cycle_weeks", "cs_cycle_most_weeks")),
            Entry("R-DUREE-10", "BTS : durée fixée par l’arrêté de chaque spécialité ; convention de stage du supérieur, sans allocation.", "BTS", f"{_EDUC}, D643-4", _2015, F, "nature de la période : stage de BTS"),
            Entry("R-DUREE-11", "Une semaine de préparation précède la première PFMP.", "2de pro, 1re année de CAP", "circulaire 2016-055", _2ND, W.CALENDAR, "rappel avant la première période", ("preparation_weeks",)),
            Entry("R-DUREE-12", "Pas d’évaluation certificative en 2de professionnelle ni en 1re année de CAP ; un bilan formatif à chaque période.", "2de pro, 1re année de CAP", "circulaire 2016-053, § 3.5", _2ND, W.FOLLOWING, "évaluation du tuteur"),
            Entry("R-DUREE-13", "Parcours aménagés : au moins 8 semaines en CAP, 10 en baccalauréat professionnel.", "parcours aménagés", f"{_EDUC}, D337-4 et D337-65 (modifiés depuis)", _2015, W.CALENDAR, "semaines du cycle", ("cap_floor_weeks", "bac_pro_floor_weeks")),
            Entry("R-DECOMPTE-01", "Chaque tranche de 7 heures de présence vaut un jour, chaque tranche de 22 jours un mois.", _ALL, f"{_EDUC}, L124-18 et D124-6", _2015, P, "durée sur la convention et l’attestation", ("hours_day_minutes", "hours_month_days")),
            Entry("R-DECOMPTE-02", "La durée prévue suit les heures de la semaine ; fériés et absences sont exclus de la durée effective. Les deux se montrent.", _ALL, f"{_EDUC}, D124-4 5° et D124-9", _2015, P, "convention et attestation"),
            Entry("R-DUREE-20", "Six mois au plus (924 heures) dans le même organisme par année d’enseignement.", _ALL, f"{_EDUC}, L124-5 et D124-6", _2015, C, "", ("same_host_minutes",)),
            Entry("R-PEDAG-01", "La formation comporte au moins 200 heures d’enseignement par an, PFMP non comprise.", _ALL, f"{_EDUC}, D124-2", _OK, W.OUTSIDE, "emploi du temps du lycée"),
        ),
    ),
    (
        "Gratification",
        (
            Entry("R-GRAT-01", "Plus de 308 heures (44 jours de 7 heures) dans le même organisme la même année : la gratification est due dès la première heure.", _ALL, f"{_EDUC}, L124-6 et D124-8 ; {_CT}, art. 7", _OK, C, "avec le montant dû", ("gratuity_minutes",)),
            Entry("R-GRAT-02", "Le minimum est de 15 % du plafond horaire de la sécurité sociale, par année civile.", _ALL, f"{_EDUC}, L124-6", _2ND, C, "montant inscrit à l’annexe financière", ("gratuity_hourly_cents",)),
            Entry("R-GRAT-03", "En dessous du seuil, la gratification est facultative et se cumule avec l’allocation de l’État.", _ALL, f"{_EDUC}, D124-8 ; {_CT}, art. 7", _OK, P, "annexe financière"),
            Entry("R-GRAT-04", "Dans un organisme public, elle ne se cumule pas avec une rémunération du même organisme et s’arrête au taux légal.", "organismes publics", f"{_EDUC}, D124-8", _2015, C),
            Entry("R-GRAT-05", "Enseignement agricole du second degré : seuil de 3 mois, 462 heures.", "enseignement agricole", f"{_EDUC}, L124-6", _2ND, W.OUTSIDE, "hors du périmètre"),
        ),
    ),
    (
        "Absence et interruption",
        (
            Entry("R-INTERR-01", "Après une interruption, la période est validée, remplacée par une autre modalité ou reportée ; la suite se décide avant de clore.", _ALL, f"{_EDUC}, L124-15 ; {_CT}, art. 20", _OK, M, "suite de l’interruption"),
            Entry("R-INTERR-02", "Suspension ou résiliation : information mutuelle et décision d’un commun accord.", _ALL, f"{_CT}, art. 19", _OK, P, "texte de la convention"),
            Entry("R-INTERR-03", "La prolongation qui suit une interruption ne compte pas dans le quota de l’organisme.", _ALL, f"{_EDUC}, L124-8", _2015, C, "dans R-QUOTA-01"),
            Entry("R-ABS-01", "Au-delà de deux mois, la convention prévoit des congés et des autorisations d’absence.", _ALL, f"{_EDUC}, L124-13 ; {_CT}, art. 16", _OK, C, "", ("leave_months",)),
            Entry("R-ABS-02", "L’élève absent prévient l’entreprise et le lycée ; les jours manqués se rattrapent si la durée devient insuffisante.", _ALL, "pratique des lycées", _2ND, W.FOLLOWING, "jours et rattrapages"),
            Entry("R-ABS-03", "Durée insuffisante à l’examen : le chef d’établissement demande une dérogation.", _ALL, "règlement d’examen", _2ND, W.CALENDAR, "semaines attestées du cycle"),
        ),
    ),
    (
        "Mineurs et horaires",
        (
            Entry("R-MIN-01", "Un mineur travaille au plus 8 heures par jour et 35 heures par semaine.", _MINORS, f"{_WORK}, L3162-1 ; {_CT}, art. 10", _OK, C, "", ("minor_day_minutes", "minor_week_minutes")),
            Entry("R-MIN-02", "Les dérogations de durée ouvertes aux jeunes salariés (chantiers, inspecteur) ne le sont pas à l’élève.", _MINORS, f"{_WORK}, L3162-1 et R3162-1 ; {_CT}, art. 10 (articulation à vérifier)", _TO, C, "dans R-MIN-01, qui reste bloquante"),
            Entry("R-MIN-03", "L’élève ne dépasse pas la durée normale des adultes de l’entreprise.", _ALL, f"{_WORK}, L3162-1 ; {_CT}, art. 8", _OK, P, "texte de la convention : cette durée est rarement connue"),
            Entry("R-MIN-04", "Une pause de 30 minutes au-delà de 4 h 30 de travail ; jamais plus de 4 h 30 sans interruption.", _MINORS, f"{_WORK}, L3162-3 ; {_CT}, art. 10", _OK, C, "", ("minor_break_after_minutes", "minor_break_minutes")),
            Entry("R-MIN-05", "Pas de travail de nuit : de 22 h à 6 h, de 20 h à 6 h avant 16 ans.", _MINORS, f"{_WORK}, L3163-1 et L3163-2 ; {_CT}, art. 10", _OK, C, "", ("minor_night_start", "under_16_night_start", "minor_night_end")),
            Entry("R-MIN-06", "Les dérogations de nuit de certains secteurs (hôtellerie, boulangerie, spectacles) ne sont pas ouvertes à l’élève.", "16 et 17 ans", f"{_WORK}, R3163-1 à R3163-5 ; {_CT}, art. 10 (articulation à vérifier)", _TO, C, "dans R-MIN-05, qui reste bloquante"),
            Entry("R-MIN-07", "Repos quotidien de 12 heures, de 14 heures avant 16 ans.", _MINORS, f"{_WORK}, L3164-1 ; {_CT}, art. 10", _OK, C, "", ("minor_rest_minutes", "under_16_rest_minutes")),
            Entry("R-MIN-08", "Deux jours de repos consécutifs chaque semaine, dont le dimanche.", _MINORS, f"{_WORK}, L3164-2 ; {_CT}, art. 10", _OK, C),
            Entry("R-MIN-09", "Pas de travail un jour férié ; un accord collectif peut y déroger dans treize secteurs. Deux fériés de plus en Alsace-Moselle.", _MINORS, f"{_WORK}, L3164-6, L3164-8 et R3164-2", _2015, C),
            Entry("R-MIN-10", "Avant 16 ans, seulement pendant les deux dernières années de la scolarité obligatoire ; jamais avant 14 ans.", "moins de 16 ans", f"{_WORK}, L4153-1 3° et L4153-2", _2015, C, "", ("placement_age_blocking", "placement_age_warning")),
            Entry("R-MIN-11", "Avant 15 ans, par prudence, 7 heures par jour et 30 heures par semaine.", "moins de 15 ans", f"conventions d’observation ; {_WORK}, D4153-3", _TO, C, "", ("under_15_day_minutes", "under_15_week_minutes")),
            Entry("R-MIN-12", "Pas de convention avec un organisme dont les conditions de travail portent atteinte à la sécurité, à la santé ou à l’intégrité.", "moins de 16 ans ; étendu à tous", f"{_WORK}, L4153-2", _2015, C, "organisme marqué « à éviter »"),
            Entry("R-MIN-13", "Débits de boissons : mineurs au service du bar interdits, sauf agrément après 16 ans.", _MINORS, f"{_WORK}, L4153-6 (réduit depuis 2018 : à vérifier)", _2015, C, "sur le code NAF 56.30Z"),
            Entry("R-MAJ-01", "Un majeur travaille de nuit seulement si le chef d’établissement l’a nommément désigné.", _ADULTS, f"{_CT}, art. 9", _OK, C, "", ("adult_night_start", "adult_night_end")),
            Entry("R-MAJ-02", "Les semaines d’un majeur peuvent varier, leur moyenne reste dans la durée légale.", _ADULTS, f"{_CT}, art. 9", _OK, C, "", ("adult_week_minutes",)),
            Entry("R-HOR-01", "L’organisme tient un décompte des durées de présence.", _ALL, f"{_EDUC}, L124-14", _2015, P, "feuille de présence"),
            Entry("R-HOR-02", "La convention dit la durée hebdomadaire et la présence éventuelle la nuit, le dimanche ou un jour férié.", _ALL, f"{_EDUC}, D124-4 6°", _OK, C),
        ),
    ),
    (
        "Travaux interdits et réglementés",
        (
            Entry("R-TRAV-01", "La dérogation est ouverte de 15 à 17 ans ; certains travaux restent interdits à tout mineur.", "15 à 17 ans", f"{_WORK}, R4153-39 et D4153-15 s.", _OK, C, "", ("works_age",)),
            Entry("R-TRAV-02", "L’employeur, et le lycée pour ses ateliers, déclarent la dérogation à l’inspection du travail avant d’y affecter un jeune.", _MINORS, f"{_WORK}, R4153-41", _OK, C),
            Entry("R-TRAV-03", "La déclaration vaut trois ans à compter de son envoi et doit couvrir toute la période.", _MINORS, f"{_WORK}, R4153-40 et R4153-44", _OK, C, "rappel avant l’échéance", ("works_declaration_years", "works_reminder_days")),
            Entry("R-TRAV-04", "Elle dit le secteur, les formations, les lieux, les travaux et machines, et qui encadre.", _MINORS, f"{_WORK}, R4153-41", _OK, F, "fiche de la déclaration"),
            Entry("R-TRAV-05", "Un changement de secteur, de formations, de travaux ou de machines se communique sous 8 jours.", _MINORS, f"{_WORK}, R4153-42 et R4153-43", _2015, F, "rappelé sur la déclaration"),
            Entry("R-TRAV-06", "Avant ces travaux : risques évalués, prévention, formation à la sécurité évaluée, encadrement, avis médical.", _MINORS, f"{_WORK}, R4153-40", _OK, C, "formation à la sécurité de l’élève"),
            Entry("R-TRAV-07", "Un avis médical d’aptitude de moins d’un an. Seuls l’avis et sa date sont gardés, jamais le motif.", _MINORS, f"{_WORK}, R4153-40 5°", _2015, C, "", ("medical_opinion_years",)),
            Entry("R-TRAV-08", "Une fiche par jeune est tenue à disposition : identité, formation, lieux, avis, formations reçues, encadrants.", _MINORS, f"{_WORK}, R4153-45", _2015, P, "fiche par élève"),
            Entry("R-TRAV-09", "Service de l’État : inspecteur santé et sécurité au travail ; collectivité : délibération.", "organismes publics", f"{_CT}, art. 13", _OK, C),
            Entry("R-TRAV-10", "L’élève n’utilise ces machines et produits que sous le contrôle permanent du tuteur.", _MINORS, f"{_CT}, art. 13", _OK, P, "texte de la convention"),
            Entry("R-TRAV-11", "Électricité : l’employeur habilite au vu du carnet individuel de formation ; jamais de travaux sous tension.", _ALL, f"{_WORK}, D4153-24 et R4153-50 ; {_CT}, art. 14", _OK, C),
            Entry("R-TRAV-12", "Conduite d’engins et levage : formation, puis autorisation de conduite de l’employeur.", _ALL, f"{_WORK}, R4153-51, R4323-55 et R4323-56", _2015, C),
            Entry("R-TRAV-13", "Aucune tâche dangereuse pour la santé ou la sécurité, à tout âge.", _ALL, f"{_EDUC}, L124-14 ; {_WORK}, L4154-2", _OK, P, "texte de la convention"),
        ),
    ),
    (
        "Organisme d’accueil",
        (
            Entry("R-QUOTA-01", "La même semaine, au plus 15 % de l’effectif à partir de 20 personnes, 3 stagiaires en dessous.", "organismes", f"{_EDUC}, L124-8 et R124-10", _2ND, C, "", ("quota_percent", "quota_threshold", "quota_small")),
            Entry("R-QUOTA-02", "Un arrêté académique peut porter ces plafonds à 20 % à partir de 30 personnes, à 5 en dessous.", "organismes", f"{_EDUC}, L124-8 al. 2", _2ND, W.SETTINGS, "arrêté saisi dans les réglages des PFMP", ("quota_order_percent", "quota_order_threshold", "quota_order_small")),
            Entry("R-QUOTA-03", "L’effectif est celui de la personne morale (SIREN). Les stagiaires des autres lycées ne se voient pas : la plateforme ne dit jamais « conforme ».", "organismes", f"{_EDUC}, R124-12", _2ND, C, "dans R-QUOTA-01"),
            Entry("R-QUOTA-04", "Les prolongations qui suivent une interruption ne comptent pas.", "organismes", f"{_EDUC}, L124-8", _2015, C, "dans R-QUOTA-01"),
            Entry("R-TUT-01", "L’organisme désigne un tuteur, qui ne suit pas plus de trois conventions à la fois.", _ALL, f"{_EDUC}, L124-9, L124-10 et R124-13", _2ND, C, "", ("tutor_maximum",)),
            Entry("R-CAR-01", "Entre deux stages sur le même poste, un délai d’un tiers de la durée du précédent.", _ALL, f"{_EDUC}, L124-11 (application aux PFMP à vérifier)", _TO, C, "pour information", ("waiting_divisor",)),
            Entry("R-USAGE-01", "Ni poste permanent, ni surcroît d’activité, ni emploi saisonnier, ni remplacement d’un absent.", _ALL, f"{_EDUC}, L124-7", _2015, C, "confirmé par l’organisme"),
            Entry("R-REG-01", "L’organisme inscrit l’élève dans son registre : nom, dates, tuteur, lieu.", "organismes", f"{_WORK}, L1221-13 et D1221-23-1", _2015, P, "ces données sont sur la convention"),
            Entry("R-STAT-01", "L’élève n’entre pas dans l’effectif, n’est pas rémunéré, garde ses droits et le secret professionnel.", _ALL, f"{_CT}, art. 5", _OK, P, "texte de la convention"),
            Entry("R-AVANT-01", "Restauration et transport comme les salariés, activités sociales et culturelles.", _ALL, f"{_EDUC}, L124-13 et L124-16 ; {_CT}, art. 11", _OK, P, "annexe financière"),
            Entry("R-SANCT-01", "Méconnaître les quotas, les durées ou la désignation du tuteur expose l’organisme à une amende de 2 000 € par stagiaire.", "organismes", f"{_EDUC}, L124-17", _2015, W.NOTHING),
        ),
    ),
    (
        "Convention",
        (
            Entry("R-CONV-01", "La convention porte quinze mentions : formation, référent et tuteur, compétences, activités, dates, durée, horaires.", _ALL, f"{_EDUC}, D124-4", _2015, C, "mentions qui viennent des données ; les autres sont dans le texte"),
            Entry("R-CONV-02", "Cinq signataires ; le responsable légal signe pour un mineur.", _ALL, f"{_EDUC}, D124-4 ; {_CT}, art. 3", _OK, C, "et circuit de signature"),
            Entry("R-CONV-03", "Le chef d’établissement signe en dernier.", _ALL, "pratique", _2ND, W.SETTINGS, "circuit de signature"),
            Entry("R-CONV-04", "Pas de départ sans convention complète et signée.", _ALL, f"{_EDUC}, L124-1 ; pratique", _2ND, M, "départ"),
            Entry("R-CONV-05", "Aucun délai légal avant le départ : les jalons sont ceux du lycée.", _ALL, "aucun texte trouvé", _TO, W.SETTINGS, "jalons"),
            Entry("R-CONV-06", "La convention suit une convention-type.", _ALL, f"{_EDUC}, D124-5", _OK, P, "texte versionné"),
            Entry("R-CONV-07", "Le conseil d’administration a délibéré ; la date figure dans les visas.", _ALL, f"{_EDUC}, R421-20 6° d ; visas de la convention-type", _OK, C, "et réglages du lycée"),
            Entry("R-CONV-08", "Il vote aussi le nombre d’élèves par référent et les modalités de suivi.", _ALL, f"{_EDUC}, L124-2 3° et D124-3", _2015, W.SETTINGS, "lu par R-REF-02"),
            Entry("R-CONV-09", "Une copie est adressée à la famille.", _ALL, f"{_CT}, art. 3", _OK, P, "envoi de la convention signée"),
            Entry("R-CONV-10", "Après signature, toute modification passe par un avenant signé des mêmes.", _ALL, f"{_EDUC}, D124-4 in fine", _2015, P, "avenants"),
            Entry("R-CONV-11", "À l’étranger : une fiche sur la réglementation du pays est annexée.", "PFMP à l’étranger", f"{_EDUC}, L124-19 et L124-20", _2015, C, "fiches pays"),
            Entry("R-CONV-12", "Les aménagements d’un élève en situation de handicap font une annexe à part, d’accès restreint.", "élèves concernés", "circulaires 2016-053 et 2016-186", _2ND, W.OUTSIDE, "la plateforme ne garde rien sur le handicap"),
            Entry("R-CONV-13", "Le numéro de sécurité sociale n’est pas demandé.", _ALL, "RGPD, minimisation", _OK, W.DATA, "aucun champ"),
            Entry("R-ATT-01", "Une attestation est remise à tout élève ; pas de clôture sans elle.", _ALL, f"{_EDUC}, D124-9", _2015, M, "clôture"),
            Entry("R-ATT-02", "Elle dit l’organisme, l’élève, les dates, la durée effective en jours, la gratification.", _ALL, "modèle d’attestation", _OK, P, "attestation"),
            Entry("R-ATT-03", "Elle est signée le dernier jour ; relances le jour même, à 2 et à 5 jours.", _ALL, f"{_CT}, art. 21", _OK, W.FOLLOWING, "relances"),
            Entry("R-ATT-04", "Les jours de 7 heures de l’attestation et les jours payés par l’allocation sont deux grandeurs.", _ALL, "D124-6 ; arrêté du 11 août 2023", _OK, W.FOLLOWING, "toujours montrées à part"),
        ),
    ),
    (
        "Référent et suivi",
        (
            Entry("R-REF-01", "Un enseignant référent pour chaque élève et chaque période.", _ALL, f"{_EDUC}, L124-2 3° et D124-3", _2015, C),
            Entry("R-REF-02", "Seize élèves à la fois par référent, vingt-quatre au plus ; le conseil d’administration peut fixer moins.", _ALL, f"{_EDUC}, D124-3 ; page du ministère (24)", _TO, C, "", ("referent_warning", "referent_blocking")),
            Entry("R-REF-03", "« À la fois » : placements non annulés présents le même jour, toutes classes.", _ALL, f"{_EDUC}, D124-3 (interprétation)", _2015, C, "dans R-REF-02"),
            Entry("R-REF-04", "Le référent s’assure à plusieurs reprises du bon déroulement auprès du tuteur.", _ALL, f"{_EDUC}, L124-1", _2015, W.FOLLOWING, "moins de deux contacts en fin de période", ("referent_contacts",)),
            Entry("R-REF-05", "Un contact en première partie, un suivi régulier, au moins une rencontre à trois.", _ALL, f"{_CT}, art. 18", _OK, W.FOLLOWING, "sans contact à mi-période, sans rencontre à la fin", ("referent_meetings",)),
            Entry("R-REF-06", "Une visite se fait sur ordre de mission.", "enseignants", "pratique ; circulaire 2016-053", _2ND, P, "ordre de mission"),
            Entry("R-REF-07", "La charge se répartit entre les enseignants de la division.", "enseignants", "circulaire 2016-053, § 3.3", _2ND, W.FOLLOWING, "répartition des référents"),
            Entry("R-REF-08", "Le lycée appuie la recherche et veille à l’égal accès des élèves.", _ALL, f"{_EDUC}, L124-2 1°", _2015, W.FOLLOWING, "élèves sans place"),
        ),
    ),
    (
        "Accident du travail",
        (
            Entry("R-AT-01", "L’élève est couvert au travail et sur le trajet.", _ALL, "code de la sécurité sociale, L412-8", _OK, P, "texte de la convention"),
            Entry("R-AT-02", "L’entreprise déclare dans les 48 heures, dimanches et fériés non comptés, et envoie copie au lycée sans délai.", _ALL, f"code de la sécurité sociale, R412-4 ; {_CT}, art. 15", _OK, W.FOLLOWING, "compte à rebours et fiche d’urgence", ("accident_hours",)),
            Entry("R-AT-03", "Les autres obligations d’employeur incombent au lycée tant que la gratification ne dépasse pas le seuil.", _ALL, "code de la sécurité sociale, R412-4", _2ND, P, "fiche d’urgence"),
            Entry("R-AT-04", "Un guide dit que le chef d’établissement déclare : la convention-type l’emporte.", _ALL, "D412-6 et R412-4, discordants", _TO, W.SETTINGS, "consigne de la fiche d’urgence"),
        ),
    ),
    (
        "Allocation de l’État",
        (
            Entry("R-ALLOC-01", "Forfait par jour effectué, plafonné par année et par niveau ; toute absence est exclue.", _ALL, "décret 2023-765 ; arrêté du 11 août 2023", _OK, W.ALLOWANCE),
            Entry("R-ALLOC-02", "Élèves sous statut scolaire, redoublants compris ; ni apprentis, ni BTS.", _ALL, "décret 2023-765", _OK, W.ALLOWANCE),
            Entry("R-ALLOC-03", "Attribuée par le chef d’établissement, payée par l’ASP après chaque période.", _ALL, "décret 2023-765", _OK, W.ALLOWANCE, "état par placement"),
            Entry("R-ALLOC-04", "Convention signée et attestation ; pièces gardées dix ans.", _ALL, "décret 2023-765 ; UNETP", _OK, W.ALLOWANCE, "archivage"),
            Entry("R-ALLOC-05", "Mineur : autorisation annuelle du responsable pour payer sur le compte de l’élève. Aucun IBAN n’est gardé ici.", _MINORS, "UNETP ; guide d’un lycée", _2ND, W.DATA, "aucun champ"),
            Entry("R-ALLOC-06", "Incessible, insaisissable, non imposable, cumulable avec la gratification.", _ALL, "décret 2023-765", _OK, P, "texte de la convention"),
            Entry("R-ALLOC-07", "L’état liquidatif s’édite dans les deux mois qui suivent la fin.", _ALL, "guide d’un lycée, d’après la DGESCO", _2ND, W.ALLOWANCE, "alerte à 45 jours", ("allowance_reminder_days",)),
            Entry("R-ALLOC-08", "Une PFMP rattrapée l’année suivante est payée au tarif de son année d’origine.", _ALL, "guide d’un lycée ; code d’ApLyPro", _2ND, W.ALLOWANCE, "année d’origine"),
            Entry("R-ALLOC-09", "Des jours entiers, jamais de demi-journée.", _ALL, "code d’ApLyPro", _OK, W.ALLOWANCE),
            Entry("R-APLY-01", "Par PFMP : début, fin, nombre de jours entier, positif, au plus les jours du calendrier.", _ALL, "code d’ApLyPro", _OK, W.ALLOWANCE, "contrôle avant saisie"),
            Entry("R-APLY-02", "Dates dans l’année scolaire, sans chevauchement avec une PFMP validée.", _ALL, "code d’ApLyPro", _OK, W.ALLOWANCE, "contrôle avant saisie"),
            Entry("R-APLY-03", "Montant : jours par forfait, dans la limite du plafond restant.", _ALL, "code d’ApLyPro", _OK, W.ALLOWANCE),
            Entry("R-APLY-04", "Pas de validation avant la date de fin, sans coordonnées bancaires ni décision d’attribution.", _ALL, "code d’ApLyPro", _OK, W.ALLOWANCE, "contrôle avant saisie"),
            Entry("R-APLY-05", "Paiement bloqué si sexe, INE, naissance ou adresse manquent, ou hors statut scolaire.", _ALL, "code d’ApLyPro", _OK, W.ALLOWANCE, "contrôle avant saisie"),
            Entry("R-APLY-06", "Changement de formation en cours d’année : nouvelle décision d’attribution.", _ALL, "code d’ApLyPro", _OK, W.OUTSIDE, "dans ApLyPro"),
            Entry("R-APLY-07", "États vus : à compléter, saisie à valider, validée, rectifiée.", _ALL, "code d’ApLyPro", _OK, W.OUTSIDE, "dans ApLyPro"),
        ),
    ),
    (
        "Observation au collège et en 2de",
        (
            Entry("R-3E-01", "3e : séquence d’observation de 5 jours, ouverte avant 14 ans, sans travaux, machines ni produits interdits.", "3e", f"{_EDUC}, D332-14 et D331-9", _2015, C, "", ("observation_3e_days",)),
            Entry("R-3E-02", "7 heures par jour ; 30 heures par semaine avant 15 ans, 35 ensuite ; entre 6 h et 20 h.", "élèves en observation", "modèles de convention", _2ND, C, "", ("observation_day_minutes", "observation_under_15_week_minutes", "observation_week_minutes", "observation_start", "observation_end")),
            Entry("R-2GT-01", "2de générale et technologique : deux semaines en juin.", "2de générale et technologique", "circulaire du 28 mars 2024 ; décret 2023-1111", _OK, C, "", ("observation_2gt_weeks",)),
            Entry("R-OBS-01", "Observation volontaire : une semaine au plus, pendant les vacances.", "volontaires", f"{_EDUC}, L332-3-1", _2015, C, "", ("observation_weeks",)),
            Entry("R-OBS-02", "Ces séquences ne sont pas des PFMP : ni allocation, ni examen ; elles prennent des places chez les entreprises.", "élèves en observation", f"{_EDUC}, D331-6 et D331-15", _2015, F, "nature de la période"),
        ),
    ),
    (
        "Insertion",
        (
            Entry("R-AVP-01", "Dernière année : au moins quatre ateliers collectifs AvenirPro de 1 à 2 heures.", "dernière année", "arrêté du 28 novembre 2025", _2ND, W.FIGURES, "actions de type AvenirPro"),
            Entry("R-AVP-02", "AvenirPro+ : quatre mois au plus après l’examen, sous statut scolaire.", "sortants", "commentaires de l’arrêté", _2ND, W.OUTSIDE),
            Entry("R-AVP-03", "Partenaires : France Travail et missions locales.", "dernière année", "commentaires de l’arrêté", _2ND, W.FIGURES, "partenaires des actions"),
            Entry("R-AVP-04", "Indicateurs officiels du dispositif.", "dernière année", "arrêté du 28 novembre 2025 (non lu en entier)", _TO, W.NOTHING),
            Entry("R-IJ-01", "InserJeunes : emploi salarié à 6, 12, 18 et 24 mois des sortants de dernière année.", "sortants", "ministère, InserJeunes", _OK, W.OUTSIDE),
            Entry("R-IJ-02", "Il exclut l’emploi non salarié, l’étranger et les particuliers employeurs.", "sortants", "ministère, InserJeunes", _OK, W.OUTSIDE),
            Entry("R-IJ-03", "Ne jamais comparer un taux d’enquête du lycée et un taux InserJeunes sans leurs définitions.", "sortants", "conséquence", _OK, W.FIGURES, "devenir des sortants"),
        ),
    ),
    (
        "Taxe d’apprentissage",
        (
            Entry("R-TA-01", "Le solde est de 0,09 % de la masse salariale ; pas de solde en Alsace-Moselle.", "employeurs", "service-public.fr", _2ND, W.TAXE),
            Entry("R-TA-02", "SOLTéA est le seul canal ; le lycée n’émet plus de reçu libératoire.", "lycée", "SOLTéA", _2ND, W.TAXE),
            Entry("R-TA-03", "Calendrier de la campagne 2025.", "lycée", "SOLTéA", _OK, W.TAXE),
            Entry("R-TA-04", "Campagne 2026 : habilitation jusqu’au 16 janvier ; répartition à vérifier.", "lycée", "SOLTéA", _TO, W.TAXE),
            Entry("R-TA-05", "Bilan national de 2025.", "lycée", "SOLTéA", _OK, W.OUTSIDE),
            Entry("R-TA-06", "Un don d’équipement à un lycée n’est pas du solde : il se suit à part.", "lycée", f"{_WORK}, L6241-4", _OK, W.TAXE, "dons"),
            Entry("R-TA-07", "Le conseil d’administration autorise l’acceptation des dons.", "lycée", f"{_EDUC}, R421-20 9°", _2015, W.NOTHING),
            Entry("R-TA-08", "À suivre : employeur, campagne, promesse, virement, usage, remerciement.", "lycée", "fiche QualÉduc 2.5", _OK, W.TAXE),
            Entry("R-TA-09", "Ne jamais présenter au partenaire un montant dû.", "lycée", "prudence", _TO, W.TAXE),
        ),
    ),
    (
        "Données personnelles",
        (
            Entry("R-RGPD-01", "Le chef d’établissement est responsable du traitement ; le lycée tient un registre.", "lycée", "académie de Paris", _OK, W.OUTSIDE, "registre du lycée"),
            Entry("R-RGPD-02", "Les durées de conservation sont fixées à la conception.", "lycée", "académie de Lille", _OK, W.DATA, "purge"),
            Entry("R-RGPD-03", "Pièces de l’allocation : dix ans ; les autres durées, par le lycée.", "lycée", "UNETP", _2ND, W.DATA, "purge"),
            Entry("R-RGPD-04", "Ni numéro de sécurité sociale, ni IBAN, ni motif médical, ni handicap, ni motif de priorité.", _ALL, "minimisation", _OK, W.DATA, "aucun champ"),
            Entry("R-RGPD-05", "Les contacts d’entreprise sont des données personnelles : information, opposition, suppression.", "contacts", "RGPD (base légale à inscrire)", _TO, W.DATA, "effacement des contacts"),
            Entry("R-RGPD-06", "L’avis de l’élève sur l’accueil n’est pas montré nommément à l’entreprise.", _ALL, f"{_EDUC}, L124-4", _2015, W.DATA, "avis réunis, sans nom"),
        ),
    ),
)  # fmt: skip

ENTRIES: Final = {entry.id: entry for _, entries in SUBJECTS for entry in entries}
