"""The rows of a school year, each table read once, and the sets that several indicators share.

Queries are few, set-based and lazy: an indicator alone reads the tables it needs. Rows are aggregated in one pass of Python,
which keeps who was counted and gives the same result on both databases; what grows with the school's history (traces of
partners) is grouped by the database. One subject a module, each standing on those it reads: placements on pupils, relations
on partners, actions and placements.
"""

from indicators.definitions.year_data.offers import Offers
from indicators.definitions.year_data.outcomes import Outcomes
from indicators.definitions.year_data.relations import ENCOUNTER_CHANNELS, Relations
from indicators.definitions.year_data.rows import AgreementRow, AnswerRow, Couple, InvitationRow, PlacementRow

__all__ = ["ENCOUNTER_CHANNELS", "AgreementRow", "AnswerRow", "Couple", "InvitationRow", "PlacementRow", "YearData"]


class YearData(Relations, Offers, Outcomes):
    """One school, one year, as the rows stand now, counted on the days of `bounds`. Raises rules.TooEarly (A-02)."""
