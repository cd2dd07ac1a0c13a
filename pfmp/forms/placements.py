"""The one form of a placement: pupil known, then when, where, who, which hours; the rules answer on the same page."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.urls import reverse

from core import countries, french
from partners import doubles
from partners.doubles import Candidate
from partners.enums import ContactRole, Headcount, PartnerStatus
from partners.forms.fields import SiretField, partner_field
from partners.models import Contact, Partner
from partners.permissions import visible_contacts
from pfmp import avenants, documents, rules, selectors, services
from pfmp.enums import PlacementOrigin, PlacementStatus
from pfmp.forms.timetable import TimetableField
from pfmp.models import Period, Placement
from schools.enums import Role
from schools.forms import DateInput, RecordForm
from schools.models import Membership, Student
from schools.permissions import allows, is_own_only
from schools.roles import Permission

FIELD_OF_RULE = {
    "R-HOR-02": "timetable",
    "R-TUT-01": "tutor_last_name",
    "R-REF-01": "referent_email",
    "R-CONV-01": "tasks",
    "R-PERIODE-01": "start_date",
}
"""Where a rule's sentence is shown; the others stand above the form."""

REASON = "reason_"


class PeriodSelect(forms.Select):
    """Each option carries the dates of its period, so that a script can follow the choice."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if period := getattr(value, "instance", None):
            option["attrs"] |= {
                "data-start": period.start_date.isoformat(),
                "data-end": period.end_date.isoformat(),
            }
        return option


def text(label: str, **kwargs: Any) -> forms.CharField:
    """A short optional text."""
    return forms.CharField(label=label, required=False, max_length=200, **kwargs)


class PlacementForm(RecordForm):
    """Where a pupil goes. `student` is the pupil of the page; `today` decides which period comes next."""

    partner = forms.Field(required=False)  # set to a lookup of the school's partners
    new_name = text("Nom de l’entreprise")
    new_siret = SiretField(help_text="14 chiffres. Vide si vous ne l’avez pas.")
    new_naf = text("Code NAF", help_text="Le métier, par exemple 43.21A.")
    new_headcount = forms.ChoiceField(
        label="Effectif", required=False, choices=[("", "Je ne sais pas"), *Headcount.choices]
    )
    new_address = text("Adresse")
    new_postal_code = text("Code postal")
    new_city = text("Commune")
    new_phone = text("Téléphone")
    signer = forms.ModelChoiceField(
        label="Personne connue du lycée",
        queryset=Contact.objects.none(),
        required=False,
        empty_label="Une autre personne",
    )
    signer_first_name = text("Prénom")
    signer_last_name = text("Nom")
    signer_position = text("Fonction")
    signer_phone = text("Téléphone")
    signer_email = text("Courriel")
    tutor = forms.ModelChoiceField(
        label="Personne connue du lycée",
        queryset=Contact.objects.none(),
        required=False,
        empty_label="Une autre personne",
    )
    tutor_first_name = text("Prénom")
    tutor_last_name = text("Nom")
    tutor_position = text("Fonction")
    tutor_phone = text("Téléphone")
    tutor_email = text("Courriel")
    timetable = TimetableField(label="Horaires de la semaine", required=False)
    country = forms.ChoiceField(
        label="Pays", required=False, help_text="À l’étranger, la fiche du pays est annexée à la convention."
    )
    referent_email = forms.ChoiceField(label="Enseignant référent", required=False)
    confirm_edition = forms.BooleanField(
        label="Oui, éditer une nouvelle version : les signatures seront à refaire", required=False
    )
    amendment_reason = forms.CharField(
        label="Pourquoi la convention change",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": "1000"}),
        help_text="Imprimé sur l’avenant. Rien sur la santé.",
    )
    effective_date = forms.DateField(
        label="À compter du",
        required=False,
        widget=DateInput,
        help_text="Vide : dès aujourd’hui, ou le premier jour d’un placement à venir.",
    )

    class Meta:
        model = Placement
        fields = [
            "period", "start_date", "end_date", "partner", "signer", "tutor", "timetable", "tasks", "place_address",
            "country", "night_designation_date", "referent_email", "origin", "days_done",
        ]  # fmt: skip
        paragraphs = ("tasks",)
        labels = {"start_date": "Premier jour", "end_date": "Dernier jour", "tasks": "Activités confiées"}
        help_texts = {
            "tasks": "Une par ligne : ce que l’élève fera, et les compétences visées.",
            "place_address": "Chantier, agence… Vide si c’est à l’adresse de l’entreprise.",
        }

    def __init__(self, *args: Any, student: Student, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.student, self.today = student, today
        self.instance.student = student
        self.checked: rules.CheckResult | None = None
        self.doubles: list[Candidate] = []
        self.fields["partner"] = partner_field(self.school, label="Entreprise connue du lycée", required=False)
        self.status_before = PlacementStatus(self.instance.status) if not self.is_new else PlacementStatus.PROSPECT
        self._offer_periods()
        self._offer_referents()
        self._offer_origin()
        self.fields["country"].choices = countries.choices("France")
        if not self._may_designate():
            del self.fields["night_designation_date"]
        for name in ("partner", "tutor_last_name", "referent_email", "origin", "timetable", "tasks"):
            self.fields[name].wanted = True  # a lead may lack it, the convention may not: not marked « facultatif »
        self.known_partner = self._partner_of_the_page()
        self._offer_people()
        if self.is_new or self.status_before != PlacementStatus.FINISHED:
            del self.fields["days_done"]
        self.before: Placement | None = None
        self.papers = avenants.Papers(None)
        if not self.is_new:
            rows = documents.with_relations(Placement.objects.in_school(self.school))
            self.before = rows.filter(pk=self.instance.pk).first()
            if self.status_before in services.PRINTED:
                self.papers = avenants.papers_of([self.instance]).get(self.instance.dossier_id, self.papers)
            if not self.is_bound and self.status_before in NEEDS_RULES:
                self._judge(self.instance)
                self._ask_reasons(required=False)
        self._offer_amendment()

    # ------------------------------------------------------------------------------------------------ what is offered

    def _offer_periods(self) -> None:
        field = self.fields["period"]
        self.periods = list(periods_of(self.student, self.school))
        named = self.initial.get("period") if self.is_new else self.instance.period
        if isinstance(named, Period) and named not in self.periods and self._was_there(named):
            self.periods.append(named)  # the pupil has left the class since
        field.queryset = field.queryset.filter(pk__in=[period.pk for period in self.periods]).order_by("-start_date")
        field.label_from_instance = lambda period: (
            f"{period.label}, {french.period(period.start_date, period.end_date)}"
        )
        field.widget = PeriodSelect()
        field.widget.choices = field.choices
        field.empty_label = None if self.periods else "Aucune période"
        if self.is_new and not self.is_bound and self.periods:
            chosen = self.initial.get("period") or next_period(self.periods, self.today)
            first: dict[str, Any] = {"period": chosen, "start_date": chosen.start_date, "end_date": chosen.end_date}
            self.initial = first | dict(self.initial)
            born = self.student.birth_date
            if born and rules.age_on(born, chosen.start_date) < MAJORITY:
                self.initial.setdefault("timetable", {"feries": "1"})  # a minor does not work on holidays (G-12)

    def _was_there(self, period: Period) -> bool:
        rows = Placement.objects.in_school(self.school).filter(period=period, student=self.student)
        return not self.is_new or rows.exists()

    def _offer_referents(self) -> None:
        """The teachers of the pupil's classes first, then the other adults who may follow a pupil."""
        staff = Membership.objects.in_school(self.school).filter(
            is_active=True, role__in=(Role.TEACHER, Role.DDFPT, Role.BDE)
        )
        team = set(
            staff.filter(assignments__school_class__in={period.school_class_id for period in self.periods}).values_list(
                "pk", flat=True
            )
        )
        everyone = sorted(staff, key=lambda member: (member.last_name, member.first_name))
        options = {member.email.casefold(): member.email for member in everyone}
        near = [(member.email, str(member)) for member in everyone if member.pk in team]
        far = [(member.email, str(member)) for member in everyone if member.pk not in team]
        stored = self.instance.referent_email.strip()
        others = [(stored, stored)] if stored and stored.casefold() not in options else []
        self.fields["referent_email"].choices = [
            ("", "À désigner"),
            *others,
            ("Équipe de la classe", near),
            ("Autres enseignants", far),
        ]
        if stored:
            self.initial["referent_email"] = options.get(stored.casefold(), stored)
        elif self.is_new and is_own_only(self.membership):
            self.initial.setdefault("referent_email", options.get(self.membership.email.casefold(), ""))

    def _offer_people(self) -> None:
        """The people of the company: who signs, then who is the tutor."""
        people = self.contacts_of(self.known_partner)
        self.fields["signer"].queryset = self.fields["tutor"].queryset = people
        if self.known_partner is not None and not self.is_bound:
            mine = self.instance.partner_id == self.known_partner.pk
            signer = documents.signer_of(self.instance) if mine else documents.leader_of(self.known_partner)
            self.initial["signer"] = signer.pk if signer else None

    @property
    def makes_avenant(self) -> bool:
        """Has everyone signed the convention, so that a correction is an avenant?"""
        return self.papers.convention is not None and self.status_before in services.AGREED

    def _offer_amendment(self) -> None:
        """What an avenant asks besides; one that waits for signatures is taken up again."""
        if not self.makes_avenant:
            del self.fields["amendment_reason"], self.fields["effective_date"]
            return
        self.fields["amendment_reason"].wanted = True  # asked as soon as the convention changes
        if waiting := self.papers.waiting:
            self.initial.setdefault("amendment_reason", waiting.content.get("amendment_reason") or "")
            self.initial.setdefault("effective_date", waiting.effective_date)

    def amendment(self) -> services.Amendment:
        """Why the convention changes, and from when, for the service."""
        cleaned = self.cleaned_data
        return services.Amendment(cleaned.get("amendment_reason", "").strip(), cleaned.get("effective_date"))

    def _may_designate(self) -> bool:
        """Who manages placements notes that the head named an adult pupil for night work (R-MAJ-01)."""
        born, day = self.student.birth_date, self.instance.end_date or self.today
        is_adult = born is not None and rules.age_on(born, day) >= MAJORITY
        return is_adult and bool(allows(self.membership, Permission.MANAGE_PLACEMENTS))

    def _offer_origin(self) -> None:
        self.fields["origin"].label = "Qui a trouvé la place ?"
        if self.is_new:
            origin = PlacementOrigin.BDE if self.membership.role_enum == Role.BDE else PlacementOrigin.TEAM
            self.initial.setdefault("origin", origin)

    def _partner_of_the_page(self) -> Partner | None:
        """The company as far as it is known before the form is judged: typed, named in the address, or saved."""
        field = self.fields["partner"]
        if self.is_bound:
            try:
                return field.clean(field.widget.value_from_datadict(self.data, self.files, self.add_prefix("partner")))
            except forms.ValidationError:
                return None
        named = self.initial.get("partner")
        return named if isinstance(named, Partner) else self.instance.partner if self.instance.partner_id else None

    def contacts_of(self, partner: Partner | None) -> QuerySet[Contact]:
        """The people of a company whom this person may see."""
        contacts = visible_contacts(self.membership)
        if partner is None:
            return contacts.none()
        return contacts.filter(partner=partner).exclude(is_active=False).order_by("search_text")

    # ------------------------------------------------------------------------------------------------------ what is typed

    @property
    def wants_lead(self) -> bool:
        """The button « Garder comme piste », or « Enregistrer sans éditer »."""
        return "sans_editer" in self.data

    def already_logged(self) -> Placement | None:
        """What a first post of this very form made: a double click is not judged again by the rules."""
        self.cleaned_data = {"creation_key": self.data.get("creation_key", "")}
        try:
            key = self.clean_creation_key()
        except forms.ValidationError:
            return None
        return services.logged_before(self.school, key) if key else None

    def clean_tutor_email(self) -> str:
        return self._email("tutor_email")

    def clean_signer_email(self) -> str:
        return self._email("signer_email")

    def _email(self, name: str) -> str:
        email: str = self.cleaned_data[name].strip()
        if email:
            validate_email(email)
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        if start and end and end < start:
            self.add_error("end_date", "La date de fin est avant la date de début.")
        if start and end and (end - start).days > LONGEST_DAYS:
            self.add_error("end_date", "Le placement durerait plus d’un an : vérifiez les deux dates.")
        self._clean_host(cleaned)
        return cleaned

    def _refuse_avoided(self, partner: Partner) -> None:
        """A host that the bureau marked « à éviter » is for the bureau alone to choose again."""
        if partner.avoid_since is None or allows(self.membership, Permission.EDIT_PARTNERS):
            return
        if self.before is not None and self.before.partner_id == partner.pk:
            return
        self.add_error(
            "partner",
            f"Le bureau des entreprises a marqué cette entreprise « à éviter » depuis le {french.day(partner.avoid_since)} : "
            "voyez avec lui, ou choisissez-en une autre.",
        )

    def _clean_host(self, cleaned: dict[str, Any]) -> None:
        """One company: known, or typed once; a typed one that is already there is proposed instead."""
        known = cleaned.get("partner")
        if known is not None:
            self._refuse_avoided(known)
        if "partner" in self.errors or known is not None:
            return
        name = cleaned.get("new_name", "").strip()
        if not name:
            self.add_error("partner", "Choisissez une entreprise, ou saisissez-en une nouvelle juste en dessous.")
            return
        if not (cleaned.get("new_city") or cleaned.get("new_postal_code")):
            self.add_error("new_city", "Dites dans quelle commune est l’entreprise.")
        found = doubles.candidates(self.school, self._new_partner(cleaned))
        sure = [one.partner for one in found if one.is_same_site]
        if sure and all(partner.status == PartnerStatus.ARCHIVED for partner in sure):
            self.add_error(
                "new_siret", "La fiche de cette entreprise est archivée : demandez au bureau de la reprendre."
            )
            return
        self.doubles = [one for one in found if one.partner.status != PartnerStatus.ARCHIVED]
        if sure or (self.doubles and not self.data.get("partner_other")):
            field = self.fields["partner"]
            field.widget.found = [one.partner for one in self.doubles]
            self.add_error(
                "partner",
                "Cette entreprise est déjà dans les partenaires : choisissez sa fiche ci-dessous."
                if sure
                else "Cette entreprise est peut-être déjà là : choisissez sa fiche, ou dites que c’est une autre.",
            )

    @property
    def asks_if_other(self) -> bool:
        """Is « c’est une autre entreprise » a possible answer? Not under the same SIRET."""
        return bool(self.doubles) and not any(one.is_same_site for one in self.doubles)

    @property
    def hints_url(self) -> str:
        """Where the companies that a typed one may be are asked for."""
        return reverse("partners:double_hints", args=[self.school.uai])

    @staticmethod
    def _new_partner(cleaned: dict[str, Any]) -> services.NewPartner:
        return services.NewPartner(
            name=cleaned.get("new_name", "").strip(),
            siret=cleaned.get("new_siret") or "",
            naf=cleaned.get("new_naf", "").strip().upper(),
            headcount=cleaned.get("new_headcount", ""),
            address=cleaned.get("new_address", "").strip(),
            postal_code=cleaned.get("new_postal_code", "").strip(),
            city=cleaned.get("new_city", "").strip(),
            phone=cleaned.get("new_phone", "").strip(),
        )

    def host(self) -> services.Host:
        """Where the pupil goes, for the service: what was typed for a new company does not count beside a known one."""
        cleaned = self.cleaned_data
        partner = cleaned.get("partner")
        tutor = cleaned.get("tutor")
        signer = cleaned.get("signer")
        return services.Host(
            partner=partner,
            new_partner=None if partner else self._new_partner(cleaned),
            signer=signer,
            new_signer=None if signer else self._new_person("signer", ContactRole.LEADER),
            tutor=tutor,
            new_tutor=None if tutor else self._new_person("tutor", ContactRole.TUTOR),
        )

    def _new_person(self, who: str, role: ContactRole) -> services.NewContact | None:
        """Someone of the company typed here; None without a name."""
        typed = {
            name: self.cleaned_data.get(f"{who}_{name}", "").strip()
            for name in ("last_name", "first_name", "position", "email", "phone")
        }
        return services.NewContact(**typed, role=role) if typed["last_name"] else None

    # -------------------------------------------------------------------------------------------------- what the rules say

    def _post_clean(self) -> None:
        partner = self.instance.partner if self.instance.partner_id else None
        super()._post_clean()  # type: ignore[misc]
        if self.instance.partner_id is None and partner is not None:
            self.instance.partner = partner
        if {"period", "start_date", "end_date"} & self.errors.keys():
            return
        self._judge(self._probe())
        if self.status_before in NEEDS_RULES or self.breaks_seal:
            self._refuse()

    def _probe(self) -> Placement:
        """The placement as it would be, for the rules: a new company and a new tutor count as such."""
        cleaned = self.cleaned_data
        mine = self.instance
        probe = Placement(
            school=self.school,
            student=self.student,
            period=mine.period,
            **{
                name: getattr(mine, name)
                for name in (
                    "public_id",
                    "start_date",
                    "end_date",
                    "referent_email",
                    "tasks",
                    "timetable",
                    "interrupted_date",
                )
            },
        )
        probe.status = mine.status
        probe.partner = cleaned.get("partner") or Partner(school=self.school, **asdict(self._new_partner(cleaned)))
        if tutor := cleaned.get("tutor"):
            probe.tutor = tutor
        elif cleaned.get("tutor_last_name", "").strip():
            probe.tutor_id = UNSAVED
        return probe

    def _judge(self, placement: Placement) -> None:
        self.checked = selectors.check_placement(placement)

    def _refuse(self) -> None:
        """What blocks refuses, unless one keeps a lead; each alert asks for its reason, kept and printed."""
        if self.checked is None:
            return
        self._ask_reasons(required=not self.wants_lead)
        if self.wants_lead and not self.breaks_seal:
            return
        for problem in self.checked.blocking:
            self.add_error(FIELD_OF_RULE.get(problem.rule), problem.message)
        if self.breaks_seal and not self.errors:
            self._refuse_silent_change()

    def _refuse_silent_change(self) -> None:
        """Everyone will have to sign again: one says so, or says why and from when for an avenant."""
        if not self.makes_avenant:
            if not self.cleaned_data.get("confirm_edition"):
                self.add_error("confirm_edition", "Dites si une nouvelle version de la convention doit être éditée.")
        elif not self.cleaned_data.get("amendment_reason", "").strip():
            self.add_error("amendment_reason", services.NO_REASON)

    def _ask_reasons(self, *, required: bool) -> None:
        """One field for each alert; the reasons given go to the placement."""
        if self.checked is None:
            return
        kept = self.instance.accepted_alerts or {}
        reasons = {}
        for problem in self.checked.warnings:
            name = f"{REASON}{problem.rule}"
            self.fields[name] = forms.CharField(
                label="Raison de passer outre",
                required=False,
                max_length=1000,
                initial=kept.get(problem.rule, ""),
                widget=forms.Textarea(attrs={"rows": 2, "maxlength": "1000"}),
                help_text="Gardé avec le placement, et imprimé sur la convention.",
            )
            reason = str(self.data.get(name, "") if self.is_bound else kept.get(problem.rule, "")).strip()[:1000]
            if reason:
                reasons[problem.rule] = reason
            elif required and self.is_bound:
                self.add_error(name, f"{problem.message} Écrivez pourquoi, ou changez la saisie.")
        if self.is_bound:
            self.instance.accepted_alerts = reasons

    @property
    def breaks_seal(self) -> bool:
        """Does this correction change what an issued convention says? It then needs a new edition."""
        if self.before is None or self.papers.convention is None or not self.is_bound:
            return False
        if services.contractual_changes(self.before, self.instance):
            return True
        cleaned = getattr(self, "cleaned_data", {})
        return cleaned.get("partner") is None or any(
            cleaned.get(who) is None and bool(cleaned.get(f"{who}_last_name", "").strip())
            for who in ("signer", "tutor")
        )

    def verdicts(self) -> Iterator[tuple[str, str, str, Any]]:
        """(code of core.status, sentence, source, the field of the reason or None), strongest first."""
        if self.checked is None:
            return
        for problem in self.checked.problems:
            code = {rules.Level.BLOCKING: "bloquant", rules.Level.WARNING: "a_justifier"}.get(problem.level, "a_savoir")
            name = f"{REASON}{problem.rule}"
            field = self[name] if problem.level is rules.Level.WARNING and name in self.fields else None
            yield code, problem.message, source_of(problem.rule), field
        for sentence, source in gaps_of(self.checked):
            yield "non_controlable", sentence, source, None

    @property
    def is_clear(self) -> bool:
        """The rules were asked, and found nothing to say: all their data were there."""
        return self.checked is not None and not self.checked.problems and not self.checked.unchecked


MAJORITY = 18
NEEDS_RULES = (PlacementStatus.PROSPECT, PlacementStatus.CONFIRMED)
LONGEST_DAYS = 366
UNSAVED = -1
"""The tutor's key while the person has no row yet: nobody else's."""


def source_of(rule_id: str) -> str:
    """« R-MIN-01 · code du travail, L3162-1 »."""
    rule = rules.RULES.get(rule_id)
    return f"{rule_id} · {rule.source}" if rule else rule_id


def gaps_of(checked: rules.CheckResult) -> list[tuple[str, str]]:
    """Rules that could not be judged, by the datum that is missing: (sentence, ids); never « conforme »."""
    titles: dict[str, list[str]] = {}
    ids: dict[str, list[str]] = {}
    for gap in checked.unchecked:
        titles.setdefault(gap.missing, []).append(rules.RULES[gap.rule].title)
        ids.setdefault(gap.missing, []).append(gap.rule)
    return [
        (
            f"Donnée manquante : {missing}. Ne peuvent pas être contrôlées : {' ; '.join(found)}.",
            ", ".join(ids[missing]),
        )
        if len(found) > 1
        else (f"Donnée manquante : {missing}. Ne peut pas être contrôlée : {found[0]}.", source_of(ids[missing][0]))
        for missing, found in titles.items()
    ]


def periods_of(student: Student, school: Any) -> QuerySet[Period]:
    """The periods of the pupil's classes, of every year, the latest first."""
    return (
        Period.objects.in_school(school)
        .filter(school_class__in=student.schoolings.values("school_class"))
        .select_related("school_class")
        .order_by("-start_date")
    )


def next_period(periods: list[Period], today: date) -> Period:
    """The period under way or the next one; when all are over, the last."""
    coming = [period for period in periods if period.end_date >= today]
    return min(coming, key=lambda period: period.start_date) if coming else periods[0]
