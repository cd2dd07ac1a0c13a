"""Who may be put on the follow-up list of a campaign: sets of partners, some given by the apps above."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from partners.enums import ContributionNature
from partners.models import Contribution
from schools.models import School

PartnersOf = Callable[[School, int], Iterable[int]]


@dataclass(frozen=True)
class Source:
    """A set of partners: its key in forms, its words for a campaign (a format of `{before}` and `{campaign}`), who they are."""

    key: str
    label: str
    partners: PartnersOf
    order: int = 50

    def labelled(self, campaign: int) -> str:
        return self.label.format(campaign=campaign, before=campaign - 1)


_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a set of partners, once, when an app starts."""
    _sources.append(source)


def sources() -> list[Source]:
    return sorted(_sources, key=lambda source: source.order)


def payers_of(school: School, campaign: int) -> set[int]:
    """Partners of whom the school received some taxe for a campaign (as I5.11)."""
    return set(
        Contribution.objects.in_school(school)
        .filter(campaign=campaign, nature=ContributionNature.TAXE, received_date__isnull=False, amount__gt=0)
        .values_list("partner_id", flat=True)
    )


def givers_of(school: School, campaigns: Iterable[int]) -> set[int]:
    """Partners who paid or gave something for one of these campaigns."""
    return set(
        Contribution.objects.in_school(school)
        .filter(campaign__in=list(campaigns), received_date__isnull=False)
        .values_list("partner_id", flat=True)
    )


register(
    Source(
        "versants",
        "Ceux qui ont versé la taxe pour la campagne {before}",
        lambda school, campaign: payers_of(school, campaign - 1),
        order=10,
    )
)
register(
    Source(
        "fideles",
        "Ceux qui ont versé ou donné dans les trois campagnes d’avant {campaign}",
        lambda school, campaign: givers_of(school, range(campaign - 3, campaign)),
        order=30,
    )
)
