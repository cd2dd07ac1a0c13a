"""What can be done to several papers of the list at once."""

from typing import Any

from django.utils import timezone

from core.french import plural
from documents import reminding
from documents.enums import ReminderKind
from documents.models import Signature
from schools.bulk import BulkAction, BulkForm, Registry
from schools.roles import Permission

PAPERS = Registry()


class RemindForm(BulkForm):
    """Write to each person that these papers wait for; who was written to lately is left in peace."""

    def _asked(self) -> list[Signature]:
        found = (
            Signature.objects.in_school(self.school)
            .awaited()
            .filter(document__in=self.rows.order_by().values("pk"), document__voided_at=None)
        )
        return list(found.select_related("school", "document__school").order_by("document", "turn", "pk"))

    def warning(self) -> str:
        asked = self._asked()
        if not asked:
            return "Ces documents n’attendent plus personne."
        states = reminding.states(asked, timezone.now())
        free = sum(bool(state.may) for state in states.values())
        if not free:
            return "Personne ne peut être relancé maintenant : la raison est dite sur la page de chaque document."
        said = f"{plural(free, 'signature sera redemandée', 'signatures seront redemandées')} par courriel."
        left = len(states) - free
        return said + (
            f" {plural(left, 'autre n’a', 'autres n’ont')} pas de message : tour pas venu, relance récente ou pas d’adresse."
            if left
            else ""
        )

    def run(self, *, by: Any) -> str:
        return reminding.remind(self._asked(), kind=ReminderKind.MANUAL, by=by, now=timezone.now()).sentence


PAPERS.register(
    BulkAction(
        "relancer",
        "Relancer",
        "Relancer les signataires de {}",
        "Un message à chaque personne attendue, avec un lien qui marche pour tout ce qu’elle a à signer.",
        Permission.LOG_PLACEMENT,
        icon="envelope",
        form=RemindForm,
    )
)
# The bureau and the teachers note any party; the head, who has the other right, only the head's own.
for code, permission in (("noter", Permission.LOG_PLACEMENT), ("noter-direction", Permission.SIGN_CONVENTION)):
    PAPERS.register(
        BulkAction(
            code,
            "Noter signées sur papier",
            "Noter les signatures de {}",
            "",
            permission,
            icon="pen",
            url_name="documents:batch_paper",
        )
    )
PAPERS.register(
    BulkAction(
        "zip",
        "Télécharger (ZIP)",
        "Télécharger {}",
        "",
        Permission.VIEW_DOCUMENTS,
        icon="file-earmark-zip",
        url_name="documents:document_archive",
    )
)
