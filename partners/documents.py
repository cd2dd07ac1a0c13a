"""What a letter of thanks says, and its paper: what the lycée received of one partner for one campaign, and what it is for.

Only what was received is named, never what an employer would owe (R-TA-09); the taxe and the gifts stand apart (R-TA-06); a
gift names the day the board accepted it (R-TA-07). The letter is no tax receipt: only SOLTéA attests (R-TA-02).
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.template.loader import render_to_string

from core import french, jobs, pdf, typography
from core.frozen import Frozen
from core.text import searchable
from partners import campaigns, taxe_mail
from partners.enums import ContributionNature, ContributionOrigin
from partners.models import Contact, Contribution, Partner
from schools.models import School

STYLES = ("paper", "letter")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One payment or gift, as the letter names it."""

    nature: str
    amount: Decimal
    received_date: date
    origin: str = ""
    board_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class ThanksContent(Frozen):
    """Every name, date and amount of a letter of thanks."""

    school_name: str
    school_uai: str
    school_address: tuple[str, ...]
    school_contact: tuple[str, ...]
    school_city: str
    head_name: str
    addressee: tuple[str, ...]
    day: date
    campaign: int
    lines: tuple[Line, ...]
    uses: tuple[str, ...]

    def of(self, *natures: ContributionNature) -> list[Line]:
        return [line for line in self.lines if line.nature in natures]

    @property
    def taxe(self) -> Decimal:
        return sum((line.amount for line in self.of(ContributionNature.TAXE)), Decimal(0))


def letters_of(school: School, contributions: Iterable[int], *, today: date) -> list[tuple[Partner, ThanksContent]]:
    """One letter for each partner and campaign, by name; what is only promised is left out."""
    grouped = campaigns.gifts_of(school, contributions)
    contacts = taxe_mail.contacts_to_ask(school, {partner for partner, _ in grouped})
    return [
        (gifts[0].partner, content_of(school, gifts[0].partner, contacts.get(partner), gifts, today=today))
        for (partner, _), gifts in grouped.items()
    ]


def content_of(
    school: School, partner: Partner, contact: Contact | None, gifts: list[Contribution], *, today: date
) -> ThanksContent:
    """What the letter says, from contributions received of one partner for one campaign."""
    return ThanksContent(
        school_name=school.name,
        school_uai=school.uai,
        school_address=_lines(school.address, f"{school.postal_code} {school.city}"),
        school_contact=_lines(school.phone, school.email),
        school_city=school.city,
        head_name=school.head_name.strip(),
        addressee=_lines(
            partner.name,
            f"À l’attention de {contact.full_name}" if contact else "",
            partner.address,
            f"{partner.postal_code} {partner.city}",
        ),
        day=today,
        campaign=gifts[0].campaign,
        lines=tuple(
            Line(
                nature=row.nature,
                amount=row.amount,
                received_date=row.received_date,
                origin=row.origin,
                board_date=row.board_date if row.nature != ContributionNature.TAXE else None,
            )
            for row in gifts
            if row.received_date is not None
        ),
        uses=tuple(dict.fromkeys(" ".join(row.use.split()) for row in gifts if row.use.strip())),
    )


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(line for text in texts for part in text.splitlines() if (line := " ".join(part.split())))


def title_of(content: ThanksContent) -> str:
    """The title of the file, as readers and screen readers announce it."""
    return f"Remerciements, campagne {content.campaign}, {content.addressee[0]}"


def html(content: ThanksContent) -> str:
    """The page that becomes the paper."""
    taxe = content.of(ContributionNature.TAXE)
    return render_to_string(
        "pdf/thanks.html",
        {
            "content": content,
            "title": title_of(content),
            "day": typography.long_date(content.day),
            "taxe": taxe,
            "taxe_total": french.euros(content.taxe),
            "taxe_rows": [(typography.long_date(line.received_date), french.euros(line.amount)) for line in taxe],
            "is_chosen": all(line.origin != ContributionOrigin.REMAINDER for line in taxe),
            "gifts": [_gift_sentence(line) for line in content.lines if line.nature != ContributionNature.TAXE],
            "uses": [typography.french(use) for use in content.uses],
        },
    )


def _gift_sentence(line: Line) -> str:
    day = typography.long_date(line.received_date)
    if line.nature == ContributionNature.GIFT_MONEY:
        text = f"Vous nous avez fait un don de {french.euros(line.amount)}, reçu le {day}."
    else:
        text = (
            f"Vous nous avez fait un don en nature, reçu le {day}, d’une valeur estimée à {french.euros(line.amount)}."
        )
    if line.board_date:
        text += (
            f" Notre conseil d’administration en a autorisé l’acceptation le {typography.long_date(line.board_date)}."
        )
    return text


def render(content: ThanksContent) -> bytes:
    """The PDF/UA-1 file of one letter; the same content gives the same bytes."""
    return pdf.render(html(content), title=title_of(content), styles=STYLES)


def render_letters(school: School, contributions: list[int], *, form: str, today: date) -> jobs.Result:
    """Letters as one file: « impression » (one PDF, a page a letter: to print on one side) or « zip » (one PDF each).

    Raises jobs.Failure when nothing received is left among the contributions.
    """
    letters = letters_of(school, contributions, today=today)
    if not letters:
        raise jobs.Failure("Plus aucun de ces versements n’est reçu : il n’y a personne à remercier.")
    count = french.plural(len(letters), "lettre")

    def counted() -> Iterator[tuple[Partner, ThanksContent]]:
        for number, letter in enumerate(letters):
            jobs.progress(number, len(letters), "Les lettres sont écrites une à une.")
            yield letter

    title = f"Remerciements {letters[0][1].campaign}"
    if form == "zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (partner, content) in enumerate(counted(), start=1):
                name = searchable(partner.name, limit=60).replace(" ", "-") or "partenaire"
                archive.writestr(f"{number:03d}-{name}.pdf", render(content))
        return jobs.Result(f"{count}.", file=buffer.getvalue(), name=f"{title}.zip")
    pages = (html(content) for _, content in counted())
    file = pdf.combine(pages, title=title, styles=STYLES)
    return jobs.Result(f"{count}.", file=file, name=f"{title}.pdf")
