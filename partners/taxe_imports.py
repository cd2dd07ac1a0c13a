"""Transfers of the taxe d'apprentissage from any spreadsheet: one line an employer and an amount.

No public form of SOLTéA's export is known: the person says which column is what. An employer is recognised by its SIRET, else
by its name alone when one partner only bears it; for any other, someone chooses the partner, has its record made, or leaves
the line. A payment that is already written (same partner, campaign, amount and day) is not written again.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils import timezone
from rapidfuzz import fuzz, process

from core import french
from core.siret import spaced
from core.text import searchable
from partners.enums import ContributionNature, ContributionOrigin, PartnerStatus, TaxIntention
from partners.imports import company_name
from partners.models import Contribution, Partner, TaxApproach, TaxTransfer
from partners.rules import doubles
from partners.rules import taxe as rules
from schools.forms import DateInput
from schools.importing import (
    CREATE,
    SAME,
    SKIP,
    Candidate,
    Change,
    Field,
    Kind,
    Line,
    Options,
    Outcome,
    Plan,
    Planned,
    Refused,
    register,
    values,
)
from schools.importing.kinds import Decisions, Report
from schools.models import School, TableImport
from schools.roles import Permission

MOST_CANDIDATES = 4
STORED = Decimal("0.000001")
"""An amount as its column holds it: the journal of the import compares what it wrote with what is stored, to the letter."""
NEAR_ENOUGH = 55
"""Per cent of likeness from which a name is worth proposing when nothing surer is found."""
TOTAL = re.compile(
    r"(sous )?(total|totaux|somme)( (general|generaux|du virement|des virements|des versements|des lignes|verse|recu|euros?|a reporter|\d+))*"
)


def amount(cell: str) -> Decimal:
    try:
        return rules.read_amount(cell)
    except ValueError as error:
        raise Refused(str(error)) from None


def campaign(cell: str) -> int:
    """A civil year, also out of « Campagne 2026 »."""
    found = re.search(r"\b(20\d\d)\b", cell)
    if not found:
        raise Refused("Cette campagne ne se lit pas : écrivez l’année civile, par exemple 2026.")
    return int(found[1])


origin = values.choice(
    {label: value for value, label in ContributionOrigin.choices}
    | {value: value for value in ContributionOrigin.values}
    | {
        "fléché": ContributionOrigin.EMPLOYER,
        "fléché par l’employeur": ContributionOrigin.EMPLOYER,
        "choix employeur": ContributionOrigin.EMPLOYER,
        "répartition employeur": ContributionOrigin.EMPLOYER,
        "affectation réglementaire": ContributionOrigin.REMAINDER,
        "répartition réglementaire": ContributionOrigin.REMAINDER,
        "fonds non affectés": ContributionOrigin.REMAINDER,
    },
    "Cette origine n’est pas dans la liste : écrivez employeur ou reliquat.",
)

FIELDS = (
    Field(
        "name", "Employeur", company_name,
        ("raison sociale", "entreprise", "nom de l’employeur", "nom employeur", "dénomination", "société", "partenaire", "donateur",
         "nom de l’entreprise", "redevable", "versant"),
        weak=("nom", "libellé"), strict=True, example="GARAGE DE DÉMONSTRATION",
    ),
    Field(
        "siret", "SIRET", values.siret,
        ("n° SIRET", "numéro SIRET", "SIRET employeur", "SIRET de l’employeur", "SIRET entreprise", "identifiant"),
        looks=values.looks_like_siret, help="C’est lui qui reconnaît le mieux un employeur.",
    ),
    Field(
        "amount", "Montant", amount,
        ("montant en euros", "montant versé", "montant reçu", "montant affecté", "montant réparti", "somme", "versement", "solde", "euros",
         "montant €", "montant net", "montant attribué"),
        required=True, strict=True, example="1 234,56 €",
    ),
    Field(
        "day", "Date", values.day,
        ("date de virement", "date du virement", "date de versement", "date versement", "date de réception", "reçu le", "date de paiement"),
        help="Sans cette colonne, la date choisie plus bas vaut pour toutes les lignes.", example="11/07/2026",
    ),
    Field("campaign", "Campagne", campaign, ("année", "exercice", "millésime", "année de campagne"), example="2026"),
    Field(
        "origin", "Origine", origin, ("affectation", "type d’affectation", "nature de l’affectation", "mode d’affectation"),
        help="Choix de l’employeur, ou répartition du reliquat.", example="employeur",
    ),
    Field(
        "use", "Ce que l’argent a permis", values.paragraphs, ("usage", "emploi des fonds", "affectation des fonds", "utilisation"),
        in_template=False,
    ),
)  # fmt: skip


class TransferOptions(Options):
    """The transfer that the lines belong to, for what the file does not say."""

    transfer = forms.ChoiceField(
        label="Virement",
        required=False,
        help_text="Sinon, un virement est noté pour chaque date du fichier, ou retrouvé s’il l’est déjà.",
    )
    campaign = forms.IntegerField(
        label="Campagne",
        required=False,
        min_value=rules.FIRST_CAMPAIGN,
        max_value=rules.LAST_CAMPAIGN,
        help_text="Pour les lignes sans campagne. Vide : l’année de leur date.",
    )
    day = forms.DateField(label="Reçu le", required=False, widget=DateInput, help_text="Pour les lignes sans date.")
    label = forms.CharField(
        label="Libellé du virement", required=False, max_length=200, help_text="Par exemple : 1er virement SOLTéA."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = TaxTransfer.objects.in_school(self.school).order_by("-date", "-pk")[:60]
        cast(forms.ChoiceField, self.fields["transfer"]).choices = [
            ("", "D’après les dates du fichier"),
            *((str(one.public_id), f"{one}, {french.day(one.date)}, campagne {one.campaign}") for one in known),
        ]


# ------------------------------------------------------------------------------------------------ employers in memory


class _Employers:
    """The partners that a line may speak of: the school's, then those that the lines above make."""

    def __init__(self, school: School) -> None:
        self.partners: dict[str, Partner] = {}
        self.line_of: dict[str, int] = {}
        self._sirets: dict[str, list[str]] = defaultdict(list)
        self._sirens: dict[str, list[str]] = defaultdict(list)
        self._names: dict[str, list[str]] = defaultdict(list)
        self._written: dict[str, str] = {}
        self._index = doubles.Index()
        for partner in Partner.objects.in_school(school).defer("register_data", "notes").order_by("pk"):
            partner.school = school
            self.add(str(partner.public_id), partner)

    def add(self, key: str, partner: Partner, *, line: int = 0) -> None:
        self.partners[key] = partner
        if line:
            self.line_of[key] = line
        if partner.siret:
            self._sirets[partner.siret].append(key)
            self._sirens[partner.siret[:9]].append(key)
        for name in {searchable(partner.name), searchable(partner.brand)} - {""}:
            self._names[name].append(key)
        self._written[key] = searchable(partner.name)
        self._index.add(
            doubles.card(
                key,
                name=partner.name,
                brand=partner.brand,
                siret=partner.siret,
                postal_code=partner.postal_code,
                city=partner.city,
            )
        )

    def sure(self, name: str, siret: str) -> tuple[str, str]:
        """(key, why) of the one partner that these words certainly name, ("", "") otherwise."""
        if siret and len(self._sirets[siret]) == 1:
            return self._sirets[siret][0], "même SIRET"
        same = [key for key in self._names.get(searchable(name), ()) if not siret or not self.partners[key].siret]
        return (same[0], "même nom") if name and len(same) == 1 else ("", "")

    def is_also(self, name: str, siret: str, key: str) -> None:
        """Someone said that these words name that partner: further lines that bear them do too."""
        if siret:
            self._sirets[siret] = [key]
        elif name:
            self._names[searchable(name)] = [key]

    def likely(self, name: str, siret: str) -> list[tuple[str, str]]:
        """(key, why) of the partners that may be meant, the surest first; the nearest names when nothing else is found."""
        found: dict[str, str] = {}
        for key in self._sirets[siret] if siret else ():
            found.setdefault(key, "même SIRET")
        for key in self._sirens[siret[:9]] if siret else ():
            found.setdefault(key, "autre établissement de la même entreprise")
        for key in self._names.get(searchable(name), ()):
            found.setdefault(key, "même nom")
        if name:
            card = doubles.card(None, name=name, brand="", siret=siret, postal_code="", city="")
            for near, likeness in self._index.find(card, limit=MOST_CANDIDATES):
                found.setdefault(str(near), likeness.reason)
        if not found and (words := searchable(name)):
            nearest = process.extract(
                words, self._written, scorer=fuzz.token_set_ratio, limit=3, score_cutoff=NEAR_ENOUGH
            )
            for _, _, near_key in nearest:
                found.setdefault(str(near_key), "nom le plus proche")
        return list(found.items())[:MOST_CANDIDATES]


# ------------------------------------------------------------------------------------------------ the kind


@register
class Transfers(Kind):
    name, slug = "partners.transfers", "taxe"
    title, noun = "Importer des versements de taxe", "versement"
    intro = "Un tableau d’employeurs et de montants : celui de SOLTéA, ou le vôtre. Vous dites ce que contient chaque colonne."
    icon = "cash-coin"
    permission = Permission.EDIT_TAXE
    fields = FIELDS
    options = TransferOptions
    reads_totals = True

    def missing(self, mapped: set[str]) -> str:
        if "amount" not in mapped:
            return "Dites quelle colonne contient le montant."
        if not mapped & {"name", "siret"}:
            return (
                "Dites quelle colonne contient l’employeur ou son SIRET : sans eux, une ligne ne dit pas qui a versé."
            )
        return ""

    def results_url(self, record: TableImport) -> str:
        return reverse("partners:transfer_list", args=[record.school.uai])

    def plan(
        self, school: School, lines: Sequence[Line], options: Mapping[str, Any], decisions: Decisions, report: Report
    ) -> Plan:
        planner = _Planner(school, options, decisions)
        plan = Plan()
        for number, line in enumerate(lines):
            if number % 50 == 0:
                report(number, len(lines), "Recherche des employeurs connus")
            plan.lines.append(planner.planned(line))
        planner.finish(plan)
        return plan


@dataclass
class _Partner:
    """What the lines bring one partner for one campaign."""

    promise: Contribution | None = None
    approach: TaxApproach | None = None
    settled: bool = False
    last_day: date | None = None


@dataclass
class _Planner:
    """Follows the lines one by one; what a line makes is known to those below it."""

    school: School
    options: Mapping[str, Any]
    decisions: Decisions
    new_partners: list[Partner] = field(default_factory=list)
    new_transfers: list[TaxTransfer] = field(default_factory=list)
    new_rows: list[Contribution] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    totals: list[Decimal] = field(default_factory=list)
    running: Decimal = Decimal(0)
    counted: int = 0
    today: date = field(default_factory=timezone.localdate)

    def __post_init__(self) -> None:
        self.known = _Employers(self.school)
        self.waiting: dict[str, Planned] = {}  # employers that nobody decided on, by who they are
        self.by_partner: dict[tuple[int | str, int], _Partner] = defaultdict(_Partner)
        self.written: dict[tuple[int | str, int, Decimal, date], list[Contribution]] = defaultdict(list)
        self.taken: Counter[tuple[int | str, int, Decimal, date]] = Counter()
        rows = Contribution.objects.in_school(self.school).filter(nature=ContributionNature.TAXE).order_by("pk")
        for row in rows:
            if row.received_date is None:
                self.by_partner[row.partner_id, row.campaign].promise = (
                    self.by_partner[row.partner_id, row.campaign].promise or row
                )
            else:
                self.written[row.partner_id, row.campaign, row.amount, row.received_date].append(row)
        for approach in TaxApproach.objects.in_school(self.school):
            self.by_partner[approach.partner_id, approach.campaign].approach = approach
        self.transfers: dict[tuple[int, date], TaxTransfer] = {}
        self.chosen: TaxTransfer | None = None
        for transfer in TaxTransfer.objects.in_school(self.school).order_by("-pk"):
            self.transfers[transfer.campaign, transfer.date] = transfer
            if str(transfer.public_id) == self.options.get("transfer"):
                self.chosen = transfer

    # ------------------------------------------------------------------------------------ one line
    def planned(self, line: Line) -> Planned:
        given = line.values
        name, siret = given.get("name", ""), given.get("siret", "")
        title = self._title(line)
        if not siret and TOTAL.fullmatch(searchable(name)):
            if "amount" in given:
                self.totals.append(given["amount"])
            return Planned(line.number, Outcome.SKIPPED, title, "Ligne de total : elle n’est pas reprise.")
        if line.rejected:
            return Planned(line.number, Outcome.REJECTED, title, remarks=line.remarks)
        if not name and not siret:
            if self.counted > 1 and given["amount"] == self.running:
                self.totals.append(given["amount"])
                return Planned(line.number, Outcome.SKIPPED, title, "Ligne de total : elle n’est pas reprise.")
            line.reject("Cette ligne n’a ni employeur ni SIRET : complétez-la, ou retirez-la.")
            return Planned(line.number, Outcome.REJECTED, title, remarks=line.remarks)
        self.running += given["amount"]
        self.counted += 1
        if not given["amount"]:
            return Planned(line.number, Outcome.SKIPPED, title, "Montant nul : rien à noter.", line.remarks)
        day = given.get("day") or (self.chosen.date if self.chosen else self.options.get("day"))
        if day is None:
            line.reject("Cette ligne n’a pas de date : choisissez un virement ou une date sous les colonnes.")
        elif not rules.FIRST_CAMPAIGN <= day.year <= rules.LAST_CAMPAIGN:
            line.reject("Cette date ne peut pas être celle d’un virement : vérifiez l’année.")
        elif day > self.today:
            line.reject(f"Le {french.day(day)} n’est pas encore passé : un versement promis se note dans le suivi.")
        if day is None or line.rejected:
            return Planned(line.number, Outcome.REJECTED, title, remarks=line.remarks)
        key, why = self.known.sure(name, siret)
        if key:
            return self._payment(line, title, key, day, why)
        return self._unsure(line, title, day)

    def _title(self, line: Line) -> str:
        given = line.values
        who = given.get("name", "") or spaced(given.get("siret", ""))
        parts = [who, french.euros(given["amount"]) if "amount" in given else ""]
        return " · ".join(part for part in parts if part) or next((one.value for one in line.remarks), "")

    def _unsure(self, line: Line, title: str, day: date) -> Planned:
        """An employer that nothing surely names: someone chooses, has its record made, or leaves the line."""
        given = line.values
        name, siret = given.get("name", ""), given.get("siret", "")
        who = siret or searchable(name) or name.casefold()
        if who in self.waiting:
            first = self.waiting[who]
            return Planned(
                line.number, first.outcome, title, f"Même employeur que la ligne {first.number}.", line.remarks
            )
        likely = self.known.likely(name, siret)
        decided = self.decisions.get(line.number, "")
        if decided == SKIP:
            self.waiting[who] = Planned(line.number, Outcome.SKIPPED, title, "Laissée de côté.", line.remarks)
            return self.waiting[who]
        if decided.startswith(SAME) and (key := decided.removeprefix(SAME)) in self.known.partners:
            self.known.is_also(name, siret, key)
            return self._payment(line, title, key, day, "votre choix")
        if not name:
            line.reject("Aucune fiche n’a ce SIRET, et la ligne ne nomme pas l’employeur : ajoutez son nom.")
            return Planned(line.number, Outcome.REJECTED, title, remarks=line.remarks)
        if decided == CREATE or not likely:
            partner = Partner(school=self.school, name=name, siret=siret, status=PartnerStatus.PROSPECT)
            key = f"ligne:{line.number}"
            self.new_partners.append(partner)
            self.known.add(key, partner, line=line.number)
            return self._payment(line, title, key, day, "", is_new=True)
        self.waiting[who] = Planned(
            line.number,
            Outcome.DOUBLE,
            title,
            "Employeur à reconnaître.",
            remarks=line.remarks,
            candidates=[self._candidate(key, why) for key, why in likely],
        )
        return self.waiting[who]

    def _candidate(self, key: str, why: str) -> Candidate:
        partner = self.known.partners[key]
        label = " · ".join(part for part in (partner.name, partner.city) if part)[:150]
        if key in self.known.line_of:
            return Candidate(key, f"{label} (ligne {self.known.line_of[key]})", why)
        return Candidate(key, label, why, partner.get_absolute_url())

    def _payment(self, line: Line, title: str, key: str, day: date, why: str, *, is_new: bool = False) -> Planned:
        """The payment of a partner: already written, a promise that is kept, or a new one."""
        given = line.values
        partner = self.known.partners[key]
        year = self._campaign(given, day)
        who: int | str = key if partner._state.adding else partner.pk
        whom = "" if searchable(partner.name) == searchable(given.get("name", "")) else f"{partner.name}, "
        said = "Nouvelle fiche de partenaire" if is_new else f"Reconnu : {whom}{why}"
        mark = (who, year, given["amount"], day)
        stored = self.written.get(mark, [])
        if self.taken[mark] < len(stored):
            row = stored[self.taken[mark]]
            self.taken[mark] += 1
            transfer = self._transfer(year, day)
            if row.transfer_id is None and transfer is not None:
                self.changes.append(Change(row, {"transfer": transfer}))
                detail = f"{said}. Déjà noté ; rattaché au virement."
                return Planned(line.number, Outcome.UPDATED, title, detail, line.remarks, url=row.get_absolute_url())
            return Planned(
                line.number, Outcome.UNCHANGED, title, f"{said}. Déjà noté.", line.remarks, url=self._url(row)
            )
        self.taken[mark] += 1
        transfer = self._transfer(year, day)
        state = self.by_partner[who, year]
        self._paid(state, day)
        if state.promise is not None and not state.settled:
            state.settled = True
            promise, promised = state.promise, state.promise.amount
            changed: dict[str, Any] = {
                "amount": given["amount"].quantize(STORED),
                "received_date": day,
                "transfer": transfer,
            }
            changed |= {name: given[name] for name in ("origin", "use") if given.get(name)}
            self.changes.append(Change(promise, changed))
            kept = f"La promesse de {french.euros(promised)} est tenue"
            if promised != given["amount"]:
                kept = f"Reçu {french.euros(given['amount'])} pour {french.euros(promised)} promis"
            return Planned(
                line.number, Outcome.UPDATED, title, f"{said}. {kept}.", line.remarks, url=self._url(promise)
            )
        row = Contribution(
            school=self.school,
            partner=partner,
            campaign=year,
            nature=ContributionNature.TAXE,
            amount=given["amount"],
            received_date=day,
            origin=given.get("origin", ""),
            use=given.get("use", ""),
            transfer=transfer,
        )
        self.new_rows.append(row)
        return Planned(line.number, Outcome.CREATED, title, f"{said}.", line.remarks, row=row)

    def _url(self, row: Contribution) -> str:
        row.school = self.school
        return row.get_absolute_url()

    def _campaign(self, given: Mapping[str, Any], day: date) -> int:
        if self.chosen is not None:
            return self.chosen.campaign
        return int(given.get("campaign") or self.options.get("campaign") or day.year)

    def _transfer(self, year: int, day: date) -> TaxTransfer:
        """The chosen transfer, the one already noted for that day, or a new one."""
        if self.chosen is not None:
            return self.chosen
        if (year, day) not in self.transfers:
            label = self.options.get("label", "") or f"Virement du {french.day(day)}"
            transfer = TaxTransfer(school=self.school, campaign=year, date=day, label=label)
            self.transfers[year, day] = transfer
            self.new_transfers.append(transfer)
        return self.transfers[year, day]

    def _paid(self, state: _Partner, day: date) -> None:
        """The follow-up of the partner says « a versé »."""
        approach = state.approach
        if approach is not None and state.last_day is None and approach.intention != TaxIntention.PAID:
            changed: dict[str, Any] = {"intention": TaxIntention.PAID}
            if approach.answered_date is None:
                changed["answered_date"] = day
            self.changes.append(Change(approach, changed))
        state.last_day = day

    # ------------------------------------------------------------------------------------ all lines
    def finish(self, plan: Plan) -> None:
        """Rows that others name come first; the total of the file is the amount of its one transfer."""
        if len(self.new_transfers) == 1 and len(set(self.totals)) == 1:
            self.new_transfers[0].amount = self.totals[0]
        plan.new += self.new_partners
        plan.new += self.new_transfers
        plan.new += self.new_rows
        plan.changes += self.changes
