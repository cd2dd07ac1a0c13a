"""What the gallery shows: invented people, companies and figures, in every state of every component."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict

from core import charts, french
from core.charts import Bar, Part, Point
from core.status import STATUSES
from core.verdict import Denied


class FilterExample(forms.Form):
    """The filters of a list."""

    q = forms.CharField(label="Nom ou ville", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    classe = forms.ChoiceField(
        label="Classe", required=False, choices=[("", "Toutes"), ("melec", "1re MELEC"), ("trpm", "1re TRPM")]
    )
    etape = forms.ChoiceField(
        label="Étape", required=False, choices=[("", "Toutes"), ("sans_place", "Sans place"), ("a_signer", "À signer")]
    )
    depuis = forms.DateField(label="Depuis le", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    retard = forms.BooleanField(label="En retard seulement", required=False)
    referent = forms.ChoiceField(label="Référent", required=False, choices=[("", "Tous"), ("1", "Sofia Benamar")])


class FormExample(forms.Form):
    """A form with each kind of field."""

    student = forms.CharField(label="Élève", max_length=80)
    start_date = forms.DateField(
        label="Premier jour",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="La période de la classe va du 30 novembre au 18 décembre 2026.",
    )
    mood = forms.ChoiceField(
        label="Comment ça se passe ?",
        choices=[("bien", "Bien"), ("a_suivre", "À suivre"), ("alerte", "Alerte")],
        widget=forms.RadioSelect,
    )
    seen_with = forms.ChoiceField(
        label="Vu avec", choices=[("1", "Hélène Marty, tutrice"), ("2", "Alain Dumay, tuteur")]
    )
    days = forms.MultipleChoiceField(
        label="Jours travaillés",
        required=False,
        choices=[("lu", "Lundi"), ("ma", "Mardi"), ("me", "Mercredi")],
        widget=forms.CheckboxSelectMultiple,
    )
    remember = forms.CharField(label="À retenir", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    scan = forms.FileField(label="Convention signée", required=False, help_text="PDF ou photo, 5 Mo au plus.")
    again = forms.BooleanField(label="L’entreprise reprendrait un élève", required=False)


@dataclass(frozen=True)
class JobExample:
    """What the job bar reads of a core.Job, without the database."""

    state: str
    progress_done: int = 0
    progress_total: int | None = None
    message: str = ""
    error: str = ""
    reference: str = "7C41A2F0"
    started_at: None = None

    @property
    def is_alive(self) -> bool:
        return self.state in ("waiting", "running")

    def get_state_display(self) -> str:
        return {"waiting": "en attente", "running": "en cours", "done": "terminé", "failed": "échoué"}[self.state]


def _entry(label: str, icon: str, *, active: bool = False, counter: int = 0) -> SimpleNamespace:
    return SimpleNamespace(label=label, icon=icon, url="#", active=active, counter=counter)


NAVIGATION = [
    ("Chaque jour", [_entry("À faire", "check2-square", counter=12), _entry("Partenaires", "building"), _entry("PFMP", "calendar3", active=True), _entry("Élèves", "people")]),
    ("Au fil de l’année", [_entry("Actions", "calendar-event"), _entry("Offres", "megaphone", counter=3), _entry("Taxe d’apprentissage", "cash-coin"), _entry("Enquêtes et devenir", "chat-square-text")]),
    ("Rendre compte", [_entry("Indicateurs 2.5", "bar-chart"), _entry("Documents", "file-earmark")]),
    ("Lycée", [_entry("Classes", "mortarboard"), _entry("Import et export", "arrow-down-up"), _entry("Réglages", "sliders")]),
]  # fmt: skip

ROWS = [
    {"name": "Aubry Enzo", "late": "27 jours", "state": "sans_place", "partner": "", "signed": None, "who": "S. Benamar", "next": "Chercher près de Laon"},
    {"name": "Besson Lucas", "late": "27 jours", "state": "piste_en_cours", "partner": "Domotique Clairbois", "signed": None, "who": "K. Delmas", "next": "Rappeler, réponse attendue le 18"},
    {"name": "Cherif Yanis", "late": "13 jours", "state": "place_trouvee", "partner": "Électricité Volt-Horizon", "signed": None, "who": "K. Delmas", "next": "Recevoir la pré-convention"},
    {"name": "Haddad Sami", "late": "3 jours", "state": "convention_editee", "partner": "Grossiste Électro-Distri", "signed": 0, "who": "P. Lagrange", "next": "Imprimer ou envoyer"},
    {"name": "Collin Axel", "late": "3 jours", "state": "a_signer", "partner": "Énergies Soleil-Haut", "signed": 3, "who": "S. Benamar", "next": "Relancer l’entreprise, la famille"},
    {"name": "Adam Clara", "late": "", "state": "convention_complete", "partner": "Électricité Volt-Horizon", "signed": 5, "who": "K. Delmas", "next": "Remettre à l’élève"},
    {"name": "Tessier Paul", "late": "", "state": "dispense", "partner": "", "signed": None, "who": "", "next": ""},
]  # fmt: skip


def _charts() -> dict[str, str]:
    return {
        "bars": charts.bars(
            [Bar("Entreprises", 8), Bar("Formations", 3), Bar("Collectivités", 2), Bar("Associations", 1)],
            label="Conventions par type de partenaire",
        ),
        "bars_before": charts.bars(
            [Bar("CAP", 0.71, 0.66), Bar("2de", 0.44, 0.52), Bar("1re", 0.68, 0.61), Bar("Term.", None, 0.7)],
            label="Bénéficiaires par niveau",
            write=lambda v: french.percent(v, 0),
            before_label="2025-2026",
            top=1,
        ),
        "bars_long": charts.bars(
            [
                Bar("Installation électrique, bâtiment et travaux publics", 74),
                Bar("Commerce et vente", 58),
                Bar("Santé, social et soins à la personne", 12, late=True),
            ],
            label="Réponses par secteur",
            width=280,
        ),
        "stacked": charts.stacked(
            [
                Part("Convention complète", 4),
                Part("En préparation", 12, "before"),
                Part("Piste en cours", 3, "other"),
                Part("Sans place", 4, "late"),
            ],
            label="Élèves par étape",
        ),
        "stacked_bare": charts.stacked(
            [
                Part("complètes", 4),
                Part("en préparation", 12, "before"),
                Part("pistes", 3, "other"),
                Part("sans place", 4, "late"),
            ],
            label="Étapes",
            width=164,
            key=False,
        ),
        "line": charts.line(
            [Point("2023", 12800), Point("2024", 15100), Point("2025", 16900), Point("2026", 18450)],
            label="Taxe d’apprentissage reçue",
            write=french.euros,
            width=280,
        ),
        "line_gap": charts.line(
            [Point("sept.", 9, 6), Point("oct.", 15, 11), Point("nov.", None, 12), Point("déc.", 13, 9)],
            label="Actions par mois",
            before_label="2025-2026",
        ),
        "spark": charts.spark([4, 7, 6, 9, 12], label="Élèves accueillis"),
        "share": charts.share(16, 23),
    }


def context(query: QueryDict | None) -> dict[str, Any]:
    """Everything that core/gallery.html draws."""
    bound = FormExample({"mood": "bien", "start_date": "2026-11-20", "seen_with": "1", "student": ""})
    bound.is_valid()
    bound.add_error("start_date", "Le premier jour est avant le début de la période de PFMP.")
    school = SimpleNamespace(
        name="LP Hélène-Brisson", uai="0021234X", city="Valmérieux", is_demo=True, pk=1, get_absolute_url="#"
    )
    other = SimpleNamespace(
        name="LP des Trois-Rivières", uai="0025678Y", city="Aubercy", is_demo=True, pk=2, get_absolute_url="#"
    )
    return {
        "school": school,
        "user_schools": [school, other],
        "membership": SimpleNamespace(role="bde", get_role_display="responsable du bureau des entreprises"),
        "school_year": "2026-2027",
        "school_years": ["2026-2027", "2025-2026"],
        "school_year_is_past": False,
        "year_switch_url": "#",
        "search_url": "#",
        "navigation": NAVIGATION,
        "statuses": [(code, code.partition(".")[0] if "." in code else "") for code in STATUSES],
        "rows": ROWS,
        "tab_entries": [("Vue d’ensemble", "/galerie/", None), ("Placements", "#", 14), ("Échanges", "#", 23), ("Documents", "#", 9)],
        "sum_entries": [("sans_place", 4), ("piste_en_cours", 3), ("place_trouvee", 4), ("convention_editee", 3), ("a_signer", 5), ("convention_complete", 4)],
        "filter_form": FilterExample(query or {"classe": "melec", "retard": "on"}),
        "page": Paginator(range(300), 25).page(2),
        "denied": Denied("Seule la direction signe les conventions."),
        "form_empty": FormExample(auto_id="vide_%s"),
        "form_errors": bound,
        "problems": [
            ("bloquant", "Rayan Meziane a 15 ans : 38 heures par semaine, la limite est de 35.", "R-DUREE-02, code du travail, art. L3162-1"),
            ("a_justifier", "La tutrice suit déjà trois élèves à ces dates.", "R-TUT-02"),
            ("non_controlable", "Repos de nuit : date de naissance manquante.", ""),
            ("conforme", "Les dates sont dans la période de la classe.", ""),
        ],
        "jobs": [
            ("Conventions de 1re TRPM", JobExample("running", 18, 25)),
            ("Rapport annuel 2026-2027", JobExample("waiting")),
            ("Conventions de 1re MELEC", JobExample("done", 23, 23)),
            ("Conventions de Term. AGOrA", JobExample("failed", 12, 22, error="Le disque est plein : 12 conventions sont faites, 10 ne le sont pas.")),
        ],
        "charts": _charts(),
    }  # fmt: skip
