"""Ask the child for the pages of what was sent."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from core import child
from core.scanning.limits import MB, SCAN, Limits, Sent, Unreadable, check_name_and_size, too_heavy, too_many


@dataclass(frozen=True)
class Scanned:
    """One PDF that holds every page sent, and how many there are."""

    pdf: bytes
    pages: int


def check(files: Sequence[Sent], limits: Limits = SCAN) -> None:
    """Names, sizes and number, before anything is opened. Raises Unreadable."""
    if len(files) > limits.pages:
        raise Unreadable(too_many(limits))
    for file in files:
        check_name_and_size(file, limits)
    if sum(file.size for file in files) > limits.together:
        raise Unreadable(f"Ces fichiers pèsent plus de {limits.together // MB} Mo ensemble : envoyez-les en deux fois.")


def read(files: Sequence[Sent], limits: Limits = SCAN) -> Scanned:
    """All pages in the order sent, as one PDF without metadata, scripts or attachments. Raises Unreadable."""
    check(files, limits)
    request = {"files": [asdict(file) for file in files], "limits": limits.as_json()}
    heavy = too_heavy(files[0].name if len(files) == 1 else "")
    try:
        told, pdf = child.ask_for_file("core.scanning.child", request, wall=limits.wall)
    except child.Refused as refusal:
        raise Unreadable(str(refusal)) from None
    except child.Died:
        raise Unreadable(heavy) from None
    return Scanned(pdf, told["pages"])
