"""What a spreadsheet of companies says of the pupils they take: places for each formation of this school year."""

from collections.abc import Iterator, Sequence

from django.utils import timezone

from core.school_year import SchoolYear
from core.text import searchable
from partners.imports import Welcome, also_hosting
from pfmp.models import HostCapacity
from schools.models import School, SchoolClass


@also_hosting
def places_of_lines(school: School, lines: Sequence[Welcome]) -> Iterator[HostCapacity]:
    """Places that the school does not know yet; those that it knows stay as they are, the bureau corrects them on the page."""
    if not lines:
        return
    year = SchoolYear.on(timezone.localdate()).code
    formations = _Formations(school, year)
    known = {
        (partner, formation)
        for partner, formation in HostCapacity.objects.in_school(school)
        .filter(year=year, period=None)
        .values_list("partner__public_id", "formation")
    }
    for line in lines:
        if line.places is None:
            line.line.remark("Formations accueillies", "", "Sans nombre de places, elles ne sont pas reprises.")
            continue
        if not line.formations:
            line.line.remark("Capacité", str(line.places), "Sans formation, les places ne sont pas reprises.")
            continue
        for words in line.formations:
            formation = formations.named(words)
            if not formation:
                line.line.remark(
                    "Formations accueillies", words, "Aucune formation du lycée ne porte ce nom cette année."
                )
            elif (line.partner.public_id, formation) not in known:
                known.add((line.partner.public_id, formation))
                line.say(f"places notées en {formation} : {line.places}")
                yield HostCapacity(
                    school=school, partner=line.partner, year=year, formation=formation, places=line.places
                )


class _Formations:
    """The year's formations, found by the words that people write: the diploma, a class, or some of their words."""

    def __init__(self, school: School, year: str) -> None:
        self._exact: dict[str, set[str]] = {}
        self._words: list[tuple[frozenset[str], str]] = []
        classes = SchoolClass.objects.in_school(school).filter(year=year).exclude(diploma="")
        for code, label, diploma in classes.values_list("code", "label", "diploma"):
            for name in (code, label, diploma):
                self._exact.setdefault(searchable(name), set()).add(diploma)
                self._words.append((frozenset(searchable(name).split()), diploma))

    def named(self, words: str) -> str:
        """The one diploma that these words mean, "" when none or several do."""
        wanted = searchable(words)
        found = self._exact.get(wanted) or {
            diploma for known, diploma in self._words if wanted and known.issuperset(wanted.split())
        }
        return next(iter(found)) if len(found) == 1 else ""
