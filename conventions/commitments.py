"""What each side of an agreement promised, against what was done: counted by the apps that know, or typed by hand.

Each kind of commitment has a feed: what was done under an agreement, read in one query. Those of this app's own and of
the partners' file are here; the apps above register theirs (events, pfmp). One thing done counts for every commitment
of its kind, so that both sides may promise the same visits.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from conventions.enums import ActionType, CommitmentKind, CommitmentSide
from conventions.models import Agreement, Commitment
from core import french
from partners.enums import ContributionNature, OfferType
from partners.models import Contribution, Offer
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

ONE = Decimal(1)


@dataclass(frozen=True)
class Noun:
    """How one counts a thing: « 1 visite, faite », « 6 visites, faites », « aucune faite »."""

    one: str
    many: str
    done_one: str
    done_many: str
    none: str

    def counted(self, amount: Decimal) -> str:
        """« 6 visites »."""
        return f"{french.number(amount)} {self.one if abs(amount) < 2 else self.many}"

    def done(self, amount: Decimal) -> str:
        """« faites 4 », « faite 1 », « aucune faite »."""
        if not amount:
            return self.none
        return f"{self.done_one if amount < 2 else self.done_many} {french.number(amount)}"


@dataclass(frozen=True)
class Sort:
    """A finer kind within a feed: a type of action, how one counts it."""

    code: str
    noun: Noun


@dataclass(frozen=True)
class Deed:
    """One thing done under an agreement: when, what, how much it counts for, where it is told."""

    day: date
    title: str
    url: str
    amount: Decimal = ONE
    code: str = ""  # of its Sort


@dataclass(frozen=True)
class Asked:
    """What a feed is asked: the agreement, and the days on which what its partner did counts for it.

    `since` is None while the agreement is not signed: only what names the agreement counts then.
    """

    agreement: Agreement
    since: date | None
    until: date


@dataclass(frozen=True)
class Feed:
    """Where one kind is counted. `needs`: the right to see it; `sorts`: what one may promise more finely."""

    kind: CommitmentKind
    noun: Noun
    needs: Permission
    read: Callable[[Asked], Iterable[Deed]]
    sorts: Sequence[Sort] = field(default=())

    def noun_of(self, code: str) -> Noun:
        return next((sort.noun for sort in self.sorts if sort.code == code), self.noun)


_feeds: dict[CommitmentKind, Feed] = {}


def register(feed: Feed) -> Feed:
    """Say where a kind of commitment is counted: once, when its app starts."""
    _feeds[feed.kind] = feed
    return feed


def feed_of(kind: str) -> Feed | None:
    """The feed of a kind; None for what is counted by hand."""
    return _feeds.get(CommitmentKind(kind))


def action_labels(codes: Iterable[str]) -> list[str]:
    """The labels of types of action, in their own order; a code that nobody knows is left out."""
    wanted = set(codes)
    return [kind.label for kind in ActionType if kind.value in wanted]


@dataclass(frozen=True)
class Progress:
    """A commitment, and what was done of it on a day."""

    commitment: Commitment
    done: Decimal
    today: date
    noun: Noun
    deeds: Sequence[Deed] = ()
    needs: Permission | None = None
    is_counted: bool = True  # by a feed; else typed by hand

    @property
    def is_kept(self) -> bool:
        return self.done >= self.commitment.target

    @property
    def is_late(self) -> bool:
        """Its day is past and it is not kept."""
        due = self.commitment.due_date
        return due is not None and due < self.today and not self.is_kept

    @property
    def state(self) -> str:
        """A status code: tenu, en_retard or a_tenir."""
        if self.is_kept:
            return "tenu"
        return "en_retard" if self.is_late else "a_tenir"

    @property
    def words(self) -> str:
        """« promis 6 visites, faites 4 »."""
        return f"promis {self.noun.counted(self.commitment.target)}, {self.noun.done(self.done)}"

    @property
    def promised(self) -> str:
        """« 6 visites »."""
        return self.noun.counted(self.commitment.target)

    def shown_to(self, membership: Membership) -> bool:
        """May this person read what was done? Amounts of taxe and gifts are not everyone's (S-05)."""
        return self.needs is None or bool(allows(membership, self.needs))


def window(agreement: Agreement, today: date) -> tuple[date | None, date]:
    """The days on which what the partner does counts for the agreement: from its start to its end, up to today."""
    if agreement.signed_date is None:
        return None, today
    since = agreement.start_date or agreement.signed_date
    ends = [today]
    if agreement.terminated_date:
        ends.append(agreement.terminated_date)
    if agreement.end_date and not agreement.tacit_renewal:
        ends.append(agreement.end_date)
    return since, min(ends)


def progress_of(agreement: Agreement, today: date, commitments: Iterable[Commitment] | None = None) -> list[Progress]:
    """Every commitment of an agreement, by axis then side, with what was done up to a day; at most six queries."""
    if commitments is None:
        commitments = Commitment.objects.in_school(agreement.school_id).filter(agreement=agreement).order_by("pk")
    rows = list(commitments)
    since, until = window(agreement, today)
    asked = Asked(agreement, since, until)
    done: Mapping[str, list[Deed]] = {
        kind: sorted(feed.read(asked), key=lambda deed: deed.day)
        for kind in {row.kind for row in rows}
        if (feed := feed_of(kind)) is not None
    }
    axes = {axis: rank for rank, axis in enumerate(agreement.axes_list)}
    rows.sort(key=lambda row: (axes.get(row.axis, len(axes)), row.axis, row.side != CommitmentSide.SCHOOL, row.pk))
    return [_progress(row, done.get(row.kind), today) for row in rows]


def _progress(row: Commitment, deeds: Sequence[Deed] | None, today: date) -> Progress:
    feed = feed_of(row.kind)
    if deeds is None or feed is None:
        return Progress(row, row.done or Decimal(0), today, BY_HAND, is_counted=False)
    own = [deed for deed in deeds if not row.action_type or deed.code == row.action_type]
    return Progress(
        row,
        sum((deed.amount for deed in own), Decimal(0)),
        today,
        feed.noun_of(row.action_type),
        own,
        feed.needs,
    )


class _Plain(Noun):
    """A number alone: what is counted by hand has no noun but its own label."""

    def counted(self, amount: Decimal) -> str:
        return french.number(amount)


class _Euros(Noun):
    def counted(self, amount: Decimal) -> str:
        return french.euros(amount)

    def done(self, amount: Decimal) -> str:
        return f"reçus {french.euros(amount)}" if amount else self.none


BY_HAND = _Plain("", "", "fait", "faits", "rien de fait")


def _offers(asked: Asked) -> Iterable[Deed]:
    if (rows := _of_partner(Offer, asked, "received_date")) is None:
        return ()
    return [
        Deed(offer.received_date, offer.title, offer.get_absolute_url()) for offer in rows.exclude(type=OfferType.PFMP)
    ]


def _gifts(asked: Asked) -> Iterable[Deed]:
    rows = _of_partner(Contribution, asked, "received_date")
    return () if rows is None else _paid(rows.filter(nature=ContributionNature.GIFT_KIND), counts=True)


def _taxe(asked: Asked) -> Iterable[Deed]:
    rows = _of_partner(Contribution, asked, "received_date")
    return () if rows is None else _paid(rows.filter(nature=ContributionNature.TAXE), counts=False)


def _of_partner(model: Any, asked: Asked, day: str) -> Any:
    if asked.since is None or asked.agreement.partner_id is None:
        return None
    rows = model.objects.in_school(asked.agreement.school_id).select_related("school")
    return rows.filter(partner=asked.agreement.partner_id, **{f"{day}__range": (asked.since, asked.until)})


def _paid(rows: Iterable[Contribution], *, counts: bool) -> list[Deed]:
    return [
        Deed(
            row.received_date,
            f"{row.get_nature_display()}, {french.euros(row.amount)}",
            row.get_absolute_url(),
            ONE if counts else Decimal(row.amount),
        )
        for row in rows
        if row.received_date
    ]


register(
    Feed(
        CommitmentKind.OFFERS,
        Noun("offre", "offres", "reçue", "reçues", "aucune reçue"),
        Permission.VIEW_OFFERS,
        _offers,
    )
)
register(
    Feed(
        CommitmentKind.GIFTS,
        Noun("don de matériel", "dons de matériel", "reçu", "reçus", "aucun reçu"),
        Permission.VIEW_TAXE,
        _gifts,
    )
)
register(Feed(CommitmentKind.TAXE, _Euros("", "", "reçu", "reçus", "rien de reçu"), Permission.VIEW_TAXE, _taxe))
