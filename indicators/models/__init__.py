"""Dated figures of a school year, what is shared with partners, steering by the sheet."""

from indicators.models.figures import FigureComment, KeyNumber, Snapshot, YearSeal
from indicators.models.sharing import IndicatorShare, Publication, SecrecySettings, ShareLink
from indicators.models.steering import Decision, Evidence, SelfEvaluation, Target

__all__ = [
    "Decision",
    "Evidence",
    "FigureComment",
    "IndicatorShare",
    "KeyNumber",
    "Publication",
    "SecrecySettings",
    "SelfEvaluation",
    "ShareLink",
    "Snapshot",
    "Target",
    "YearSeal",
]
