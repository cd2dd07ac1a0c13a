"""Closed lists of the dossier about agreements and networks: values are the dossier's own."""

from django.db.models import TextChoices


class AgreementLevel(TextChoices):
    NATIONAL = "nationale", "Nationale"
    REGION = "region_academique", "Région académique"
    ACADEMY = "academique", "Académique"
    SCHOOL = "etablissement", "Lycée"


class NetworkType(TextChoices):
    LYCEE_DES_METIERS = "lycee_des_metiers_en_reseau", "Lycées des métiers en réseau"
    CAMPUS = "campus_metiers", "Campus des métiers et des qualifications"
    CLEE = "clee", "Comité local école-entreprise (CLEE)"
    CORDEES = "cordees_reussite", "Cordées de la réussite"
    ALUMNI = "reseau_anciens", "Réseau d’anciens élèves"
    COMPANIES = "reseau_entreprises", "Réseau d’entreprises"
    TRANSFER = "transfert_technologie", "Transfert de technologie"
    OTHER = "autre", "Autre réseau"


class AgreementStage(TextChoices):
    """How far an agreement is before its signature; once signed, its dates say where it stands."""

    PROJECT = "projet", "Projet"
    NEGOTIATION = "en_negociation", "En négociation"
    BOARD = "au_vote", "Soumise au conseil d’administration"
    TO_SIGN = "votee", "Votée, à signer"
    ABANDONED = "abandonnee", "Abandonnée"


class AgreementState(TextChoices):
    """Where an agreement stands on a day: a stage until it is signed, then what its dates say. Codes of core.status."""

    PROJECT = "projet", "Projet"
    NEGOTIATION = "en_negociation", "En négociation"
    BOARD = "au_vote", "Soumise au conseil d’administration"
    TO_SIGN = "votee", "Votée, à signer"
    ABANDONED = "abandonnee", "Abandonnée"
    TO_COME = "a_venir", "À venir"
    IN_FORCE = "en_vigueur", "En vigueur"
    ENDING = "a_echeance", "À renouveler"
    EXPIRED = "echue", "Échue"
    TERMINATED = "resiliee", "Résiliée"
    UNCONFIRMED = "a_confirmer", "À confirmer"  # the lycée's copy of a frame whose dates nobody wrote


class CommitmentSide(TextChoices):
    SCHOOL = "lycee", "Le lycée"
    PARTNER = "partenaire", "Le partenaire"


class CommitmentKind(TextChoices):
    """What is promised; all but the last are counted from what the platform knows."""

    ACTIONS = "actions", "Actions menées ensemble"
    PLACEMENTS = "places", "Élèves accueillis en PFMP"
    OFFERS = "offres", "Offres d’emploi, d’apprentissage ou de stage"
    GIFTS = "materiel", "Dons de matériel"
    TAXE = "taxe", "Taxe d’apprentissage, en euros"
    OTHER = "autre", "Autre engagement, compté à la main"


class EmblemKind(TextChoices):
    LOGO = "logo", "Logo"
    SEAL = "cachet", "Cachet"


class FrameSource(TextChoices):
    SHIPPED = "livre", "Catalogue livré avec la plateforme"
    IMPORTED = "importe", "Ajouté par import"


class ActionType(TextChoices):
    """What is led with partners (`events.Action.type`): here because an agreement plans and promises some of it."""

    COMPANY_VISIT = "visite_entreprise", "Visite d’entreprise"
    PROFESSIONAL_TALK = "intervention_professionnel", "Intervention d’un professionnel"
    FORUM = "forum_salon", "Forum ou salon"
    JOB_DATING = "job_dating", "Job dating"
    OBSERVATION = "stage_observation", "Stage d’observation"
    JOINT_PROJECT = "projet_collaboratif", "Projet collaboratif"
    CONTEST = "concours_hackathon", "Concours ou hackathon"
    MENTORING = "mentorat", "Mentorat"
    TEACHER_IMMERSION = "immersion_enseignant", "Immersion d’enseignants"
    TAILORED_TRAINING = "formation_sur_mesure", "Formation sur mesure"
    EXAM_JURY = "jury_examen", "Jury d’examen"
    MOCK_INTERVIEW = "simulation_entretien", "Simulation d’entretien"
    AVENIRPRO = "avenirpro", "Atelier AvenirPro"
    MIDDLE_SCHOOL = "decouverte_metiers_college", "Découverte des métiers au collège"
    OPEN_DAY = "portes_ouvertes", "Portes ouvertes"
    EQUIPMENT_GIFT = "don_equipement", "Don d’équipement"
    IMPROVEMENT_COUNCIL = "conseil_perfectionnement", "Conseil de perfectionnement"
    MOBILITY = "mobilite", "Mobilité"
    NETWORK_MEETING = "reunion_reseau", "Réunion de réseau"
    OTHER = "autre", "Autre action"


class Purpose(TextChoices):
    """What an agreement is for, in the ministry's words (conventions.purposes says how a text is read)."""

    DISCOVERY = "decouverte_metiers", "Découverte des métiers et orientation"
    PLACEMENTS = "stages_pfmp", "Stages et PFMP"
    APPRENTICESHIP = "apprentissage", "Apprentissage et alternance"
    INSERTION = "insertion", "Insertion et AvenirPro"
    MENTORING = "mentorat", "Mentorat et parrainage"
    EQUALITY = "egalite", "Égalité : filles-garçons, territoires"
    DROPOUT = "decrochage", "Lutte contre le décrochage"
    DIPLOMAS = "formations", "Formations et diplômes"
    TEACHERS = "enseignants", "Formation des enseignants"
    RESOURCES = "moyens", "Taxe, équipement et financement"
    GREEN = "transition", "Transition écologique"
    MOBILITY = "mobilite", "Mobilité internationale"
    ENTERPRISE = "ecole_entreprise", "Relation école-entreprise, entrepreneuriat"
    CONTESTS = "concours", "Concours des métiers"
    CITIZENSHIP = "citoyennete", "Citoyenneté, sécurité, sciences"


class Audience(TextChoices):
    """For whom an agreement is."""

    VOCATIONAL = "voie_pro", "Lycéens de la voie professionnelle"
    MIDDLE_SCHOOL = "college", "Collégiens"
    APPRENTICES = "apprentis", "Apprentis"
    HIGHER = "superieur", "Étudiants et BTS"
    PRIORITY = "prioritaires", "Publics prioritaires"
    STAFF = "personnels", "Enseignants et personnels"


class Standing(TextChoices):
    """What the source of a frame lets one guess of it; none of them says that a text runs."""

    RECENT = "recente", "Récente, à confirmer"
    UNKNOWN = "a_verifier", "Validité à vérifier"
    PAST = "historique", "Historique"
