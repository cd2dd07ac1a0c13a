"""One word list for the states of things: screen, export, PDF and mail say the same word.

A code is the dossier's own value (`"annulee"`). Where two resources use one value for two things, the entry carries its
kind before a point (`"placement.en_cours"`), and `find(code, kind)` looks there first.
"""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a state asks of the reader; also the end of the CSS class `status-…`."""

    OK = "ok"  # done
    DOING = "doing"  # under way
    WAIT = "wait"  # waiting for somebody
    STOP = "stop"  # late or blocked
    CALM = "calm"  # nothing to do


@dataclass(frozen=True)
class Status:
    """The French word of a state, its Bootstrap icon and its tone: never one without the others."""

    word: str
    icon: str
    tone: Tone


STATUSES: dict[str, Status] = {
    # the board of a PFMP, in its order
    "sans_place": Status("Sans place", "person-x", Tone.STOP),
    "a_replacer": Status("À replacer", "arrow-repeat", Tone.STOP),
    "convention_refusee": Status("Convention refusée", "x-circle", Tone.STOP),
    "piste_en_cours": Status("Piste en cours", "search", Tone.WAIT),
    "place_trouvee": Status("Place trouvée", "geo-alt", Tone.DOING),
    "convention_editee": Status("Convention éditée", "file-earmark-text", Tone.DOING),
    "a_signer": Status("À signer", "pen", Tone.DOING),
    "convention_complete": Status("Convention complète", "check2-circle", Tone.OK),
    "en_entreprise": Status("En entreprise", "box-arrow-right", Tone.OK),
    "attestation_remise": Status("Attestation remise", "patch-check", Tone.OK),
    "dispense": Status("Dispensé", "slash-circle", Tone.CALM),
    # placements
    "pressenti": Status("Piste en cours", "search", Tone.WAIT),
    "confirme": Status("Place trouvée", "geo-alt", Tone.DOING),
    "convention_signee": Status("Convention complète", "check2-circle", Tone.OK),
    "placement.en_cours": Status("En entreprise", "box-arrow-right", Tone.OK),
    "placement.termine": Status("Terminé", "check2-circle", Tone.OK),
    "placement.annule": Status("Annulé", "slash-circle", Tone.CALM),
    "interrompu": Status("Interrompu", "sign-stop", Tone.STOP),
    # pre-conventions
    "pre_convention.a_envoyer": Status("À envoyer", "envelope", Tone.WAIT),
    "pre_convention.chez_entreprise": Status("Chez l’entreprise", "hourglass-split", Tone.DOING),
    "pre_convention.remplie": Status("À valider", "pencil-square", Tone.WAIT),
    "pre_convention.a_corriger": Status("À corriger par l’entreprise", "arrow-repeat", Tone.WAIT),
    "pre_convention.validee": Status("Validée", "check2-circle", Tone.OK),
    "pre_convention.abandonnee": Status("Abandonnée", "slash-circle", Tone.CALM),
    # keys and links
    "ouvert": Status("Ouvert", "check2-circle", Tone.OK),
    # an authorisation to use an image
    "consent.valable": Status("Valable", "check2-circle", Tone.OK),
    "consent.expiree": Status("Expirée", "hourglass-bottom", Tone.CALM),
    "consent.retiree": Status("Retirée", "slash-circle", Tone.CALM),
    "expire": Status("Expiré", "hourglass-bottom", Tone.CALM),
    "revoque": Status("Révoqué", "slash-circle", Tone.CALM),
    # visits
    "bien": Status("Bien", "hand-thumbs-up", Tone.OK),
    "a_suivre": Status("À suivre", "eye", Tone.WAIT),
    "alerte": Status("Alerte", "exclamation-triangle", Tone.STOP),
    "a_surveiller": Status("À surveiller", "eye", Tone.WAIT),
    "alerte_traitee": Status("Alerte traitée", "check2-circle", Tone.OK),
    "garde": Status("Gardé, pas envoyé", "cloud-slash", Tone.WAIT),
    # partners
    "prospect": Status("Prospect", "binoculars", Tone.DOING),
    "actif": Status("Partenaire actif", "check2-circle", Tone.OK),
    "dormant": Status("Dormant", "moon", Tone.WAIT),
    "archive": Status("Archivé", "archive", Tone.CALM),
    "ferme": Status("Fermé", "door-closed", Tone.STOP),
    "a_eviter": Status("À éviter", "hand-thumbs-down", Tone.STOP),
    "ne_pas_solliciter": Status("Ne pas solliciter", "telephone-x", Tone.STOP),
    # agreements
    "projet": Status("Projet", "pencil-square", Tone.DOING),
    "au_vote": Status("Soumise au CA", "people", Tone.WAIT),
    "votee": Status("Votée, à signer", "pen", Tone.DOING),
    "abandonnee": Status("Abandonnée", "slash-circle", Tone.CALM),
    "cadre": Status("Cadre, à confirmer", "diagram-3", Tone.CALM),
    "en_negociation": Status("En négociation", "chat-text", Tone.DOING),
    "a_venir": Status("À venir", "calendar-event", Tone.DOING),
    "en_vigueur": Status("En vigueur", "check2-circle", Tone.OK),
    "a_echeance": Status("À renouveler", "hourglass-split", Tone.WAIT),
    "echue": Status("Échue", "calendar-x", Tone.CALM),
    "resiliee": Status("Résiliée", "x-circle", Tone.CALM),
    "tenu": Status("Tenu", "check2-circle", Tone.OK),
    "a_tenir": Status("À tenir", "hourglass-split", Tone.DOING),
    "bilan.tenu": Status("Tenu", "check2-circle", Tone.OK),
    "bilan.prevu": Status("Prévu", "calendar-event", Tone.DOING),
    "a_confirmer": Status("À confirmer", "question-circle", Tone.WAIT),
    # networks
    "formalise": Status("Formalisé", "file-earmark-check", Tone.OK),
    "a_formaliser": Status("À formaliser", "pen", Tone.WAIT),
    "quitte": Status("Quitté", "box-arrow-right", Tone.CALM),
    # actions and invitations
    "prevue": Status("Prévue", "calendar-event", Tone.DOING),
    "realisee": Status("Réalisée", "check2-circle", Tone.OK),
    "annulee": Status("Annulée", "slash-circle", Tone.CALM),
    "a_cloturer": Status("À clôturer", "pencil-square", Tone.WAIT),
    "sans_reponse": Status("Sans réponse", "hourglass-split", Tone.WAIT),
    "acceptee": Status("Acceptée", "check2-circle", Tone.OK),
    "declinee": Status("Déclinée", "x-circle", Tone.CALM),
    "reponse_a_regler": Status("À régler", "chat-text", Tone.WAIT),
    "present": Status("Présent", "check2-circle", Tone.OK),
    "absent": Status("Absent", "dash-circle", Tone.CALM),
    # signatures and papers
    "attendue": Status("Attendue", "pen", Tone.DOING),
    "signee_papier": Status("Signée sur papier", "file-earmark-check", Tone.OK),
    "signee_en_ligne": Status("Signée en ligne", "patch-check", Tone.OK),
    "refusee": Status("Refusée", "x-circle", Tone.STOP),
    "en_preparation": Status("En préparation", "hourglass-split", Tone.WAIT),
    "edite": Status("Édité", "file-earmark-text", Tone.DOING),
    "signe": Status("Signé", "check2-circle", Tone.OK),
    "remplace": Status("Remplacé", "files", Tone.CALM),
    "delegation.a_venir": Status("À venir", "calendar-event", Tone.DOING),
    "delegation.en_cours": Status("En cours", "check2-circle", Tone.OK),
    "delegation.finie": Status("Finie", "calendar-x", Tone.CALM),
    "proposition_attente": Status("À examiner", "inbox", Tone.WAIT),
    "proposition_acceptee": Status("Acceptée", "check2-circle", Tone.OK),
    "proposition_refusee": Status("Refusée", "x-circle", Tone.CALM),
    # offers, taxe, surveys
    "offer.a_publier": Status("À publier", "inbox", Tone.WAIT),
    "offer.publiee": Status("Publiée", "megaphone", Tone.DOING),
    "offer.close": Status("Candidatures closes", "calendar-x", Tone.CALM),
    "offer.retiree": Status("Retirée", "x-circle", Tone.CALM),
    "proposal.attente": Status("À examiner", "inbox", Tone.WAIT),
    "proposal.refusee": Status("Refusée", "x-circle", Tone.CALM),
    "ouverte": Status("Ouverte", "megaphone", Tone.DOING),
    "pourvue": Status("Pourvue", "check2-circle", Tone.OK),
    "close": Status("Close", "archive", Tone.CALM),
    "approach.a_demander": Status("À solliciter", "inbox", Tone.WAIT),
    "approach.demande": Status("Sollicité", "envelope", Tone.DOING),
    "approach.promet": Status("Promet", "hourglass-split", Tone.WAIT),
    "approach.refuse": Status("Refuse", "x-circle", Tone.CALM),
    "approach.verse": Status("A versé", "check2-circle", Tone.OK),
    # searches for a place of PFMP: what a company answered
    "search.a_faire": Status("À contacter", "telephone-outbound", Tone.CALM),
    "search.demande": Status("Demandé", "envelope", Tone.DOING),
    "search.attente": Status("Réponse attendue", "hourglass-split", Tone.WAIT),
    "search.non": Status("Refus", "x-circle", Tone.CALM),
    "search.oui": Status("Accord", "check2-circle", Tone.OK),
    # the allowance of the State, as ApLyPro knows a line
    "allowance.sans_allocation": Status("Sans allocation", "slash-circle", Tone.CALM),
    "allowance.a_completer": Status("À compléter", "pencil-square", Tone.WAIT),
    "allowance.a_saisir": Status("Prêt à saisir", "keyboard", Tone.DOING),
    "allowance.saisi": Status("Saisi dans ApLyPro", "check2", Tone.DOING),
    "allowance.valide": Status("Validé", "check2-circle", Tone.OK),
    "promise": Status("Promise", "hourglass-split", Tone.WAIT),
    "recue": Status("Reçue", "check2-circle", Tone.OK),
    # indicators
    "provisoire": Status("Provisoire", "hourglass-split", Tone.WAIT),
    "definitif": Status("Définitif", "lock", Tone.OK),
    "non_calculable": Status("Non calculable", "question-circle", Tone.WAIT),
    "pas_encore_mesurable": Status("Pas encore mesurable", "hourglass-split", Tone.CALM),
    # what the rules say
    "bloquant": Status("Bloquant", "x-octagon", Tone.STOP),
    "a_justifier": Status("À justifier", "exclamation-triangle", Tone.WAIT),
    "non_controlable": Status("Non contrôlable", "question-circle", Tone.WAIT),
    "a_savoir": Status("À savoir", "info-circle", Tone.CALM),
    "conforme": Status("Conforme", "check2-circle", Tone.OK),
    # regulated works: a declaration to the labour inspection, an opinion on fitness; an accident
    "declaration_valable": Status("Valable", "check2-circle", Tone.OK),
    "declaration_a_renouveler": Status("À renouveler", "hourglass-split", Tone.WAIT),
    "declaration_echue": Status("Échue", "calendar-x", Tone.STOP),
    "avis_favorable": Status("Favorable", "check2-circle", Tone.OK),
    "avis_reserves": Status("Favorable avec réserves", "exclamation-triangle", Tone.WAIT),
    "avis_defavorable": Status("Défavorable", "x-octagon", Tone.STOP),
    "avis_echu": Status("Avis de plus d’un an", "calendar-x", Tone.WAIT),
    "accident_a_declarer": Status("À déclarer par l’entreprise", "hourglass-split", Tone.STOP),
    "accident_copie": Status("Copie attendue", "inbox", Tone.WAIT),
    "accident_suivi": Status("Déclaré, à clore", "eye", Tone.DOING),
    "accident_clos": Status("Clos", "archive", Tone.CALM),
    # background jobs
    "waiting": Status("En attente", "hourglass-split", Tone.WAIT),
    "running": Status("En cours", "arrow-repeat", Tone.DOING),
    "done": Status("Terminé", "check2-circle", Tone.OK),
    "failed": Status("Échoué", "exclamation-triangle", Tone.STOP),
    "cancelled": Status("Annulé", "slash-circle", Tone.CALM),
    # imports of spreadsheets: where one is, and what becomes of a line
    "import.lecture": Status("En lecture", "hourglass-split", Tone.DOING),
    "import.colonnes": Status("Colonnes à vérifier", "table", Tone.WAIT),
    "import.controle": Status("En contrôle", "hourglass-split", Tone.DOING),
    "import.controle_fait": Status("Contrôlé, pas importé", "eye", Tone.WAIT),
    "import.import": Status("En cours d’import", "arrow-repeat", Tone.DOING),
    "import.importe": Status("Importé", "check2-circle", Tone.OK),
    "import.annule": Status("Annulé", "slash-circle", Tone.CALM),
    "import.refuse": Status("Refusé", "x-circle", Tone.STOP),
    "import.created": Status("Nouvelle fiche", "plus-circle", Tone.OK),
    "import.updated": Status("Mise à jour", "pencil-square", Tone.DOING),
    "import.unchanged": Status("Inchangée", "check2", Tone.CALM),
    "import.double": Status("Doublon probable", "files", Tone.WAIT),
    "import.skipped": Status("Ignorée", "dash-circle", Tone.CALM),
    "import.rejected": Status("Rejetée", "x-circle", Tone.STOP),
    "import.remarques": Status("Avec remarque", "info-circle", Tone.WAIT),
    # the platform itself
    "non_audite": Status("Non conforme, audit à faire", "clipboard-check", Tone.WAIT),
    # time
    "en_retard": Status("En retard", "alarm", Tone.STOP),
    "aujourdhui": Status("Aujourd’hui", "telephone", Tone.WAIT),
    "cette_semaine": Status("Dans la semaine", "calendar-week", Tone.DOING),
    "plus_tard": Status("Plus tard", "calendar3", Tone.CALM),
    "lecture_seule": Status("Lecture seule", "lock", Tone.CALM),
}


def find(code: str, kind: str = "") -> Status:
    """The state of this code. Raises KeyError for a code that the list does not have: add it there."""
    code = str(code)
    return STATUSES.get(f"{kind}.{code}") or STATUSES[code]


def word(code: str, kind: str = "") -> str:
    """The word alone, for exports, mails and PDFs."""
    return find(code, kind).word
