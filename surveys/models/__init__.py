"""Satisfaction of the team, the pupils and the partners; what leavers become."""

from surveys.models.leavers import (
    FormerStudent,
    InserJeunesFigure,
    LeaverCall,
    LeaverCampaign,
    LeaverLink,
    LeaverOutcome,
)
from surveys.models.surveys import Survey, SurveyAnswer, SurveyLink, SurveyQuestion, SurveyReply, SurveyTemplate

__all__ = [
    "FormerStudent",
    "InserJeunesFigure",
    "LeaverCall",
    "LeaverCampaign",
    "LeaverLink",
    "LeaverOutcome",
    "Survey",
    "SurveyAnswer",
    "SurveyLink",
    "SurveyQuestion",
    "SurveyReply",
    "SurveyTemplate",
]
