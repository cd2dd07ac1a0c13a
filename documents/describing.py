"""What an issued paper is about, in the words that were printed: read from its frozen content, whatever the paper."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core import french
from documents.models import Document


@dataclass(frozen=True)
class Alert:
    """A rule that was exceeded, and why it was accepted."""

    message: str
    reason: str


@dataclass(frozen=True)
class Summary:
    """What someone reads before signing; a text is empty when the paper says nothing of it."""

    who: str = ""
    host: str = ""
    school_class: str = ""
    period: str = ""
    title: str = ""
    alerts: tuple[Alert, ...] = ()

    @property
    def heading(self) -> str:
        """Whom or what the paper is about, on one line."""
        return " · ".join(part for part in (self.who, self.host) if part) or self.title


def _part(content: Any, name: str) -> dict[str, Any]:
    found = content.get(name) if isinstance(content, dict) else None
    return found if isinstance(found, dict) else {}


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _words(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def summary(document: Document) -> Summary:
    """Of a placement's convention: pupil, host, class, dates, alerts accepted; of any other paper, its title and partner."""
    content = document.content
    pupil, host = _part(content, "pupil"), _part(content, "host") or _part(content, "partner")
    start, end = _day(content.get("start_date")), _day(content.get("end_date"))
    alerts = content.get("alerts")
    return Summary(
        who=f"{_words(pupil.get('last_name'))} {_words(pupil.get('first_name'))}".strip(),
        host=_words(host.get("name")),
        school_class=_words(pupil.get("class_label")),
        period=french.period(start, end) if start and end else "",
        title=_words(content.get("title")),
        alerts=tuple(
            Alert(_words(alert.get("message")), _words(alert.get("reason")))
            for alert in (alerts if isinstance(alerts, list) else ())
            if isinstance(alert, dict)
        ),
    )
