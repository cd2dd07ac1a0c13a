"""When a survey is open, and what of its answers may be read (P-20): pure functions, without a clock nor a database."""

from datetime import date
from enum import StrEnum

ENOUGH = 5
"""Answers from which a mean and comments may be read (P-20)."""

MOST_QUESTIONS = 8
FEWEST_QUESTIONS = 3


class State(StrEnum):
    """Where a survey stands on a day; values are codes of core.status."""

    TO_COME = "a_venir"
    OPEN = "ouverte"
    CLOSED = "close"


def state(opened: date, closed: date | None, today: date) -> State:
    """Open from its first day to its last, both included (R-10)."""
    if today < opened:
        return State.TO_COME
    return State.CLOSED if closed is not None and closed < today else State.OPEN


def comments_problem(*, answers: int, is_anonymous: bool, is_asked_by_link: bool, now: State) -> str:
    """Why comments are not shown yet; "" when they are.

    Below five answers they are withheld (P-20). Of an anonymous survey that people are answering, they wait for the end
    besides: who reads them twice would know the comment of whoever answered in between (P-22).
    """
    if answers < ENOUGH:
        return f"Les commentaires se lisent à partir de {ENOUGH} réponses : en dessous, on reconnaîtrait leur auteur."
    if is_anonymous and is_asked_by_link and now is not State.CLOSED:
        return "Les commentaires d’une enquête anonyme se lisent à sa clôture, tous à la fois : personne ne voit arriver celui d’une personne."
    return ""


def questions_problem(questions: list[str]) -> str:
    """Why these questions cannot be asked; "" when they can. None at all: only the overall grade is asked."""
    if questions and len(questions) < FEWEST_QUESTIONS:
        return f"Posez au moins {FEWEST_QUESTIONS} questions."
    if len(questions) > MOST_QUESTIONS:
        return f"Pas plus de {MOST_QUESTIONS} questions : on ne répond pas aux suivantes."
    if len({question.casefold() for question in questions}) < len(questions):
        return "La même question est posée deux fois."
    return ""
