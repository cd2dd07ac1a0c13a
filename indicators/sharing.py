"""Sharing figures with partners: which ones, what each partner reads, the links that open it, and taking it back (heading 6).

What is shared is frozen the day it is: cells of a publication (P-22), and what concerns the partner itself, counted that day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conventions.models import Agreement
from core import audit, french, mail, pdf, site, typography
from core.school_year import SchoolYear
from events.enums import ActionStatus
from events.models import Action
from indicators import definitions, documents, labels, publishing
from indicators.enums import Heading
from indicators.models import IndicatorShare, Publication, ShareLink
from indicators.rules.secrecy import HIDDEN, LEAST
from partners import mailing
from partners.mailing import LeftOut, Recipient
from partners.models import Partner
from pfmp.enums import SOLUTION
from pfmp.models import Placement
from schools import links
from schools.models import School
from schools.services import create_record

LINK_DAYS = timedelta(days=30)
"""The longest life of a link (S-18)."""
USUAL = ("I1.1", "I3.1", "I3.8", "I4.1", "I5.1", "I5.6.offres", "I7.1", "I7.4", "I8.1")
"""Proposed first: what partners and school did together, and what it brought to pupils."""
INTERNAL = ("I1.4.echues", "I1.4.resiliees", "I1.4.a_echeance", "I5.4", "E14", "E22", "E26", "E27")
"""For the bureau's own work: not proposed."""
MOST_ACTIONS = 30
NO_FIGURES = "Aucun chiffre de cette année n’est encore calculé : calculez les indicateurs, puis partagez-les."
SUBJECT = "Indicateurs partagés par le lycée"


def offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """The indicators that make sense to share, by heading, as choices of a form."""
    groups = {str(heading): [] for heading in Heading}  # type: ignore[var-annotated]
    for item in definitions.in_order():
        if item.code not in INTERNAL and item.heading != Heading.SHARES:
            groups[item.heading].append((item.code, typography.french(item.label)))
    return [(labels.SHORT_HEADINGS[Heading(heading)], choices) for heading, choices in groups.items() if choices]


# ---------------------------------------------------------------------------------------------- what is read


def content_of(publication: Publication, codes: Iterable[str], partner: Partner | None, today: date) -> dict[str, Any]:
    """What a share says, frozen: the published cells of these codes, and what concerns the partner."""
    wanted = set(codes)
    figures = publication.figures
    return {
        "figures": {**figures, "indicateurs": [entry for entry in figures["indicateurs"] if entry["code"] in wanted]},
        "labels": documents.own_labels_of(publication.school, publication.year),
        "own": own_of(publication.school, partner, SchoolYear.parse(publication.year), today) if partner else None,
    }


def own_of(school: School, partner: Partner, year: SchoolYear, today: date) -> dict[str, Any]:
    """What concerns one partner in a year: pupils received, actions led together, agreement in force. No pupil's name."""
    received = (
        Placement.objects.in_school(school)
        .filter(partner=partner, period__year=year.code, status__in=SOLUTION, start_date__lte=today)
        .values("student")
        .distinct()
        .count()
    )
    actions = Action.objects.in_school(school).filter(
        action_partners__partner=partner, status=ActionStatus.DONE, start_date__range=(year.start, min(today, year.end))
    )
    agreements = Agreement.objects.in_school(school).in_force(today).filter(partner=partner)
    small = publishing.thresholds_of(school).small
    return {
        "partner": partner.name,
        "pupils": received if not 0 < received < small else None,
        "least": small,
        "actions": [
            {"title": action.title, "date": action.start_date.isoformat()}
            for action in actions.order_by("start_date", "pk")[:MOST_ACTIONS]
        ],
        "agreements": [
            {"title": one.title, "end": one.end_date.isoformat() if one.end_date else None}
            for one in agreements.order_by("signed_date", "pk")
        ],
    }


@dataclass(frozen=True)
class Line:
    """A figure or one key of a breakdown, in words."""

    label: str
    value: str
    ratio: str
    note: str
    is_hidden: bool


@dataclass(frozen=True)
class Told:
    """One indicator of a share as people read it."""

    code: str
    label: str
    definition: str
    main: Line
    parts: tuple[tuple[str, tuple[Line, ...]], ...]


def read(content: Mapping[str, Any]) -> list[tuple[str, list[Told]]]:
    """The figures of a share in words, by heading."""
    figures = content["figures"]
    groups: dict[str, list[Told]] = {}
    for entry in figures["indicateurs"]:
        axes: dict[str, list[Line]] = {}
        cells = sorted(entry["ventilations"], key=lambda cell: (cell["axe"], labels.key_rank(cell["axe"], cell["cle"])))
        for cell in cells:
            words = labels.key_label(cell["axe"], cell["cle"], content["labels"])
            axes.setdefault(labels.AXES[cell["axe"]], []).append(_line(words, entry["unite"], cell))
        told = Told(
            entry["code"],
            typography.french(entry["libelle"]),
            documents.definition_of(entry["code"]),
            _line(entry["libelle"], entry["unite"], entry),
            tuple((axis, tuple(lines)) for axis, lines in axes.items()),
        )
        groups.setdefault(labels.SHORT_HEADINGS[Heading(str(entry["rubrique"]))], []).append(told)
    return list(groups.items())


def _line(label: str, unit: str, entry: Mapping[str, Any]) -> Line:
    cell = documents.Cell(status=entry["statut"], value=entry["valeur"], n=entry["n"], d=entry["d"])
    reason = entry.get("motif") or ""
    is_hidden = reason.startswith("n.d.")
    day = entry.get("arrete")
    notes = [f"chiffre du {french.day(date.fromisoformat(day))}"] if day else []
    if reason and not is_hidden:
        notes.append(typography.french(reason))
    return Line(
        typography.french(label),
        typography.french(reason) if is_hidden else documents.shown(unit, cell),
        french.ratio(cell.n, cell.d) if cell.is_computed and cell.d else "",
        " ; ".join(notes),
        is_hidden,
    )


def page_of(content: Mapping[str, Any] | None, school: School, shared: date, message: str) -> dict[str, Any]:
    """All that the partner's page, its preview and its paper say. Only of a share that holds figures."""
    assert content is not None
    own = content["own"]
    return {
        "host": school,
        "year": content["figures"]["annee"],
        "as_of": date.fromisoformat(content["figures"]["arrete"]),
        "is_provisional": content["figures"]["provisoire"],
        "shared_date": shared,
        "message": message,
        "headings": read(content),
        "hidden_word": typography.french(HIDDEN),
        "least": LEAST,
        "own": own
        and {
            **own,
            "actions": [(one["title"], date.fromisoformat(one["date"])) for one in own["actions"]],
            "agreements": [
                (one["title"], date.fromisoformat(one["end"]) if one["end"] else None) for one in own["agreements"]
            ],
        },
    }


def paper_of(share: IndicatorShare) -> bytes:
    """The PDF/UA-1 of what a share says."""
    context = page_of(share.content, share.school, share.shared_date, share.message)
    title = f"Indicateurs partagés {context['year']}, {share.school.name}"
    html = render_to_string("pdf/share.html", {**context, "title": title})
    return pdf.render(html, title=title, styles=documents.STYLES)


# ---------------------------------------------------------------------------------------------- sharing


def recipients_among(
    partners: QuerySet[Partner], *, role: str, school: School
) -> tuple[list[Recipient], list[LeftOut]]:
    """Who would receive the link, and who would not, with the reason (as any message to several partners)."""
    return mailing.recipients_among(partners, role=role, school=school)


def to_share(school: School, year: SchoolYear) -> Publication:
    """The figures that may be shared today. Raises ValidationError when there are none."""
    found = publishing.latest(school, year)
    if found is None:
        raise ValidationError(NO_FIGURES)
    return found


@transaction.atomic
def share(
    school: School, year: SchoolYear, codes: Sequence[str], partner: Partner | None, *, shared_date: date, message: str = "",
    by: User, today: date, key: UUID | None = None,
) -> IndicatorShare:  # fmt: skip
    """Freeze these figures for a partner, or for all of them. A day before there were figures is kept without any.

    Raises ValidationError when nothing of the year is computed, or when a code is unknown.
    """
    for code in codes:
        definitions.named(code)
    publication = publishing.latest(school, year)
    row = IndicatorShare(
        school=school,
        partner=partner,
        indicators="|".join(codes),
        shared_date=shared_date,
        year=year.code,
        message=message,
        publication=publication,
        content=content_of(publication, codes, partner, today) if publication else None,
    )
    row, is_new = create_record(row, by=by, key=key)
    if not is_new:
        return row
    audit.record("indicators.shared", row, by=by, codes=list(codes), year=year.code)
    return row


@transaction.atomic
def link(row: IndicatorShare, *, by: User, now: datetime, to: Recipient | None = None) -> str:
    """A fresh link to a share and its whole address, the only time anybody sees it; mailed when somebody is named.

    Raises ValidationError when the share is taken back, or holds no figures.
    """
    if row.revoked_date is not None:
        raise ValidationError("Ce partage est arrêté : il n’y a plus de lien à donner.")
    if row.content is None:
        raise ValidationError(NO_FIGURES)
    found, token = links.made(
        ShareLink,
        school=row.school,
        share=row,
        partner=row.partner,
        contact=to.contact if to else None,
        email=to.address if to else "",
        expires_at=now + LINK_DAYS,
        created_by=by,
        updated_by=by,
    )
    found.save(force_insert=True)
    url = site.address() + reverse("share_start", args=[token])
    audit.record("indicators.share_link_made", found, by=by)
    if to is not None:
        mail.send_later(
            to=to.address,
            subject=SUBJECT,
            body=letter(row, url, until=found.expires_at),
            key=f"share-link:{found.public_id}",
            scope=row.school.uai,
            reply_to=row.school.email,
            by=by,
        )
    return url


def letter(row: IndicatorShare, url: str, *, until: datetime) -> str:
    """The words of the message that carries a link."""
    day = typography.long_date(timezone.localdate(until))
    own = f"{row.message}\n\n" if row.message else ""
    return typography.french(
        f"Bonjour,\n\n{row.school.name} partage avec vous les indicateurs {row.year} de son bureau des entreprises, et ce que "
        f"nous avons fait ensemble :\n\n{url}\n\n{own}Ce lien marche jusqu’au {day}. Une question ? Répondez à ce message.\n\n"
        f"{row.school.name}\n"
    )


@transaction.atomic
def share_with(
    school: School, year: SchoolYear, codes: Sequence[str], recipients: Iterable[Recipient], *, message: str, by: User,
    now: datetime,
) -> int:  # fmt: skip
    """One share and one mailed link for each partner; how many. Raises ValidationError when nothing is computed."""
    to_share(school, year)
    today = timezone.localdate(now)
    number = 0
    for to in recipients:
        row = share(school, year, codes, to.partner, shared_date=today, message=message, by=by, today=today)
        link(row, by=by, now=now, to=to)
        number += 1
    return number


@transaction.atomic
def revoke(row: IndicatorShare, *, by: User, now: datetime) -> bool:
    """Take a share back at once: every link of it answers « arrêté » from the next request on. False when it already was."""
    today = max(timezone.localdate(now), row.shared_date)
    rows = IndicatorShare.objects.in_school(row.school_id)
    if not rows.filter(pk=row.pk, revoked_date=None).update(revoked_date=today, updated_by=by):
        return False
    close_links(row, now=now)
    audit.record("indicators.share_revoked", row, by=by)
    return True


def close_links(row: IndicatorShare, *, now: datetime) -> None:
    """No link of this share opens anything any more."""
    ShareLink.objects.in_school(row.school_id).filter(share=row, revoked_at=None).update(revoked_at=now)


def is_over(row: IndicatorShare, today: date) -> bool:
    """Was it taken back, on this day or before, on the page or in a dossier?"""
    return row.revoked_date is not None and row.revoked_date <= today


def opened(found: ShareLink, now: datetime) -> None:
    """Keep the day on which somebody first read it."""
    if links.opened(found, now):
        audit.record("indicators.share_opened", found.share, scope=found.school.uai)


def openings(row: IndicatorShare) -> list[ShareLink]:
    """The links of a share, the latest first: to whom, until when, opened on which day."""
    return list(
        ShareLink.objects.in_school(row.school_id)
        .filter(share=row)
        .select_related("contact", "partner")
        .order_by("-pk")
    )
