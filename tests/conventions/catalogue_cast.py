"""What tests of the catalogue share."""

from pathlib import Path

from conventions.models import Agreement, Frame
from tests.factories import AgreementFactory

HEADER = "niveau,academie,partenaire,sigle,secteur,intitule,date_signature,statut_estime,themes_actions,public,source_titre,source_url"


def written(folder: Path, *lines: str, header: str = HEADER, name: str = "cadres.csv", encoding: str = "utf-8") -> Path:
    """A CSV file of frames."""
    path = folder / name
    path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
    return path


def copy_of(frame: Frame, school, **values) -> Agreement:
    """A school's copy of a frame."""
    return AgreementFactory(
        school=school, frame=frame, level=frame.level, partner=None, title=frame.title, academy=frame.academy, **values
    )
