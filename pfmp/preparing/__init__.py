"""The pre-convention: opened by the team, filled by the company behind its link, validated by a teacher (§ 5.4).

What the company writes stays in `PreConvention.answers` until a teacher validates it: only then does it reach the partner
(field by field, as ticked), the people, the placement and its annexes, in one transaction with the convention itself.
"""

from pfmp.preparing.answers import STEPS, Answers, is_elsewhere
from pfmp.preparing.comparing import PARTNER_FIELDS, Difference, differences, summary
from pfmp.preparing.filling import hand_in, keep, refuse, typed
from pfmp.preparing.known import Known, hour_verdicts, known_of
from pfmp.preparing.moves import STALE
from pfmp.preparing.opening import abandon, hand_link, may_prepare, opened, reopen, send, send_back, started, stop_links
from pfmp.preparing.terms import amount, correct_terms
from pfmp.preparing.validating import Choice, validate
from pfmp.preparing.waiting import checklist, said, to_validate

__all__ = [
    "PARTNER_FIELDS",
    "STALE",
    "STEPS",
    "Answers",
    "Choice",
    "Difference",
    "Known",
    "abandon",
    "amount",
    "checklist",
    "correct_terms",
    "differences",
    "hand_in",
    "hand_link",
    "hour_verdicts",
    "is_elsewhere",
    "keep",
    "known_of",
    "may_prepare",
    "opened",
    "refuse",
    "reopen",
    "said",
    "send",
    "send_back",
    "started",
    "stop_links",
    "summary",
    "to_validate",
    "typed",
    "validate",
]
