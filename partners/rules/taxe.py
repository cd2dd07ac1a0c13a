"""The taxe d'apprentissage as lycées follow it: what counts as received, how campaigns compare, when one may ask again.

Source: R-TA-01 to R-TA-09 of the project's note on regulations; the counting is that of the indicators I5.9 to I5.13, so
that a page and an indicator say the same. Nothing here says what an employer would owe: the platform never does (R-TA-09).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, NamedTuple

from core import french, holidays_fr
from core.school_year import one_year_before
from core.text import searchable
from partners.enums import ContributionNature, TaxIntention

COOL_DOWN: Final = timedelta(days=14)
"""Between two messages to one partner about one campaign."""
FIRST_CAMPAIGN, LAST_CAMPAIGN = 2000, 2100
MOST: Final = Decimal(10) ** 9
CENT: Final = Decimal("0.01")


class Payment(NamedTuple):
    """A contribution as the sums see it. `received` None: promised."""

    partner: int
    campaign: int
    nature: str
    amount: Decimal
    received: date | None
    used: bool  # what the money bought is written
    thanked: bool


@dataclass(frozen=True)
class Sums:
    """What a campaign brought by a day. The gifts never join the taxe (R-TA-06)."""

    received: Decimal = Decimal(0)  # I5.9
    promised: Decimal = Decimal(0)  # I5.9.promis
    gifts_money: Decimal = Decimal(0)  # I5.12.numeraire
    gifts_kind: Decimal = Decimal(0)  # I5.12.nature
    gifts_promised: Decimal = Decimal(0)
    payments: int = 0  # payments of taxe received: the base of I5.13
    used: int = 0  # of which what they bought is written
    payers: frozenset[int] = field(default_factory=frozenset)  # I5.11
    promisers: frozenset[int] = field(default_factory=frozenset)

    @property
    def gifts(self) -> Decimal:
        return self.gifts_money + self.gifts_kind


def sums(payments: Iterable[Payment], campaign: int, by: date) -> Sums:
    """Received on `by` at the latest, and promised: not received by then (A-87, A-88, A-92)."""
    nothing = Decimal(0)
    totals = {"received": nothing, "promised": nothing, "gifts_promised": nothing}
    gifts = {ContributionNature.GIFT_MONEY.value: nothing, ContributionNature.GIFT_KIND.value: nothing}
    count = used = 0
    payers, promisers = set(), set()
    for payment in payments:
        if payment.campaign != campaign:
            continue
        is_received = payment.received is not None and payment.received <= by
        if payment.nature != ContributionNature.TAXE:
            if is_received:
                gifts[payment.nature] += payment.amount
            else:
                totals["gifts_promised"] += payment.amount
        elif is_received:
            totals["received"] += payment.amount
            count += 1
            used += payment.used
            if payment.amount > 0:
                payers.add(payment.partner)
        else:
            totals["promised"] += payment.amount
            promisers.add(payment.partner)
    return Sums(
        **totals,
        gifts_money=gifts[ContributionNature.GIFT_MONEY],
        gifts_kind=gifts[ContributionNature.GIFT_KIND],
        payments=count,
        used=used,
        payers=frozenset(payers),
        promisers=frozenset(promisers),
    )


@dataclass(frozen=True)
class Comparison:
    """A campaign beside the one before. `why` says what cannot be computed; `by`: the day taken in the year before."""

    now: Decimal
    before: Decimal | None
    by: date
    is_open: bool
    why: str = ""

    @property
    def gap(self) -> Decimal | None:
        return None if self.before is None else self.now - self.before

    @property
    def change(self) -> Fraction | None:
        """The evolution as a share, None when the year before brought nothing (I5.10)."""
        return Fraction(self.now - self.before) / Fraction(self.before) if self.before else None


def compared(
    payments: Iterable[Payment], campaign: int, today: date, *, closings: Mapping[int, date | None]
) -> Comparison:
    """I5.10: an open campaign is compared at the same day of the year before, a closed one as a whole (A-89, A-90).

    `closings`: the campaigns written, with their closing date.
    """
    payments = list(payments)
    closing = closings.get(campaign)
    is_open = closing is None or closing > today
    by = one_year_before(today) if is_open else today
    now = sums(payments, campaign, today).received
    for year in (campaign, campaign - 1):
        written = year in closings or any(p.campaign == year and p.nature == ContributionNature.TAXE for p in payments)
        if not written:
            return Comparison(now, None, by, is_open, f"La campagne {year} de taxe d’apprentissage n’est pas saisie.")
    before = sums(payments, campaign - 1, by).received
    why = "" if before else f"La campagne {campaign - 1} n’avait rien rapporté à la date comparée."
    return Comparison(now, before, by, is_open, why)


# ------------------------------------------------------------------------------------------------- where a partner stands


@dataclass(frozen=True)
class Turn:
    """May a message leave now? `from_day`: the day from which it may, when it is only a matter of waiting."""

    allowed: bool
    reason: str = ""
    from_day: date | None = None

    def __bool__(self) -> bool:
        return self.allowed


ANSWERED: Final = frozenset({TaxIntention.PROMISED, TaxIntention.REFUSED, TaxIntention.PAID})


def may_ask(intention: str, asked: date | None) -> Turn:
    """A first request: to a partner who was not asked yet and said nothing."""
    if intention in ANSWERED:
        return Turn(False, "a déjà répondu")
    if asked is not None or intention != TaxIntention.TO_ASK:
        return Turn(False, "déjà sollicité")
    return Turn(True)


def may_remind(intention: str, asked: date | None, reminded: date | None, today: date) -> Turn:
    """A reminder: to those who were asked and did not answer, or who promised; a fortnight after the last message."""
    if intention in (TaxIntention.REFUSED, TaxIntention.PAID):
        return Turn(False, "a refusé" if intention == TaxIntention.REFUSED else "a versé")
    last = max((day for day in (asked, reminded) if day is not None), default=None)
    if last is None:
        return Turn(
            intention == TaxIntention.PROMISED, "" if intention == TaxIntention.PROMISED else "pas encore sollicité"
        )
    if today < last + COOL_DOWN:
        again = last + COOL_DOWN
        return Turn(
            False, f"dernier message le {french.short_day(last)}, relance possible le {french.short_day(again)}", again
        )
    return Turn(True)


# -------------------------------------------------------------------------------------------------------- SOLTéA, Alsace


class Milestone(NamedTuple):
    """A date of SOLTéA. `last` for a span."""

    day: date
    label: str
    last: date | None = None


@dataclass(frozen=True)
class Calendar:
    """The dates of SOLTéA for a campaign, as they were read; `missing` says what was not found."""

    campaign: int
    milestones: tuple[Milestone, ...]
    source: str
    is_confirmed: bool
    missing: str = ""


SOLTEA_SITE: Final = "soltea.education.gouv.fr"
CALENDARS: Final = (
    Calendar(
        2025,
        (
            Milestone(date(2025, 5, 19), "Ouverture aux établissements"),
            Milestone(date(2025, 5, 26), "Première période de répartition par les employeurs", date(2025, 6, 27)),
            Milestone(date(2025, 7, 11), "Premier virement aux établissements"),
            Milestone(date(2025, 7, 14), "Deuxième période de répartition", date(2025, 10, 24)),
            Milestone(date(2025, 11, 7), "Deuxième virement aux établissements"),
            Milestone(date(2025, 11, 27), "Répartition des fonds que personne n’a affectés"),
        ),
        SOLTEA_SITE,
        is_confirmed=True,
    ),
    Calendar(
        2026,
        (Milestone(date(2026, 1, 16), "Fin des candidatures à l’habilitation"),),
        SOLTEA_SITE,
        is_confirmed=False,
        missing="Les dates de répartition et de virement de 2026 sont à vérifier sur SOLTéA.",
    ),
)
"""R-TA-03, R-TA-04. A new year is a new line here, with its source; nothing is guessed from the year before."""


def calendar_of(campaign: int) -> Calendar:
    """What is known of SOLTéA's dates for a campaign; an empty, unconfirmed calendar when nothing is."""
    for calendar in CALENDARS:
        if calendar.campaign == campaign:
            return calendar
    missing = f"Les dates de SOLTéA pour {campaign} sont à vérifier sur le site."
    return Calendar(campaign, (), SOLTEA_SITE, is_confirmed=False, missing=missing)


def latest_confirmed(before: int) -> Calendar | None:
    """The last calendar known in full before a campaign: what one may expect, to be checked."""
    known = [calendar for calendar in CALENDARS if calendar.is_confirmed and calendar.campaign < before]
    return max(known, key=lambda calendar: calendar.campaign, default=None)


def is_without_balance(*, academy: str, postal_code: str) -> bool:
    """True in Alsace and Moselle, where employers pay no balance (R-TA-01): the académie of Strasbourg, the département 57."""
    return searchable(academy).endswith("strasbourg") or holidays_fr.is_alsace_moselle(postal_code)


# ---------------------------------------------------------------------------------------------------------------- amounts

_CURRENCY = re.compile(r"(?:€|eur(?:os?)?)$", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’_]+")
_SHAPE = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def read_amount(text: str) -> Decimal:
    """`"1 234,56 €"`, `"1234.56"`, `"1.234,56"` → 1234.56. Raises ValueError with a French sentence.

    Where one sign may mean thousands or decimals (« 1,234 ») nothing is guessed.
    """
    plain = _SPACES.sub("", _CURRENCY.sub("", _SPACES.sub("", text)))
    if not plain:
        raise ValueError("Le montant manque.")
    if plain.startswith(("-", "−", "(")):
        raise ValueError(f"« {text.strip()} » : un montant n’est pas négatif.")
    plain = plain.removeprefix("+")
    if not _SHAPE.fullmatch(plain):
        raise ValueError(f"« {text.strip()[:60]} » n’est pas un montant : écrivez par exemple 1 234,56.")
    try:
        amount = Decimal(_with_point(plain, text))
    except InvalidOperation:
        raise ValueError(f"« {text.strip()[:60]} » n’est pas un montant.") from None
    if amount >= MOST:
        raise ValueError(f"« {text.strip()[:60]} » : ce montant est trop grand.")
    cents = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    if abs(amount - cents) > Decimal("0.001"):
        raise ValueError(f"« {text.strip()[:60]} » : deux décimales au plus.")
    return cents


def _with_point(plain: str, text: str) -> str:
    signs = [sign for sign in plain if sign in ".,"]
    if not signs:
        return plain
    last = signs[-1]
    whole, _, rest = plain.rpartition(last)
    if len(set(signs)) == 2:
        if signs.count(last) > 1:
            raise ValueError(f"« {text.strip()[:60]} » n’est pas un montant.")
        return re.sub("[.,]", "", whole) + "." + rest
    if len(signs) > 1:  # 1.234.567: thousands
        groups = plain.split(last)
        if any(len(group) != 3 for group in groups[1:]) or len(groups[0]) > 3:
            raise ValueError(f"« {text.strip()[:60]} » n’est pas un montant.")
        return "".join(groups)
    if len(rest) == 3 and 0 < len(whole) <= 3 and whole != "0":
        raise ValueError(
            f"« {text.strip()[:60]} » se lit de deux façons : écrivez {whole}{rest} ou {whole},{rest[:2]}."
        )
    return f"{whole}.{rest}"
