"""What this app adds to the bulk actions of the list of partners: inviting them to an action."""

from typing import Any

from django import forms
from django.utils import timezone

from core import audit
from core.french import plural
from events.enums import ActionStatus
from events.models import Action, Invitation
from partners.bulk import PARTNERS
from partners.enums import PartnerStatus
from schools.bulk import BulkAction, BulkForm
from schools.roles import Permission


class InviteForm(BulkForm):
    """To which action, and on which day the invitation left."""

    action_invited = forms.ModelChoiceField(Action.objects.none(), label="Action", empty_label="Choisir…")
    sent_date = forms.DateField(label="Invitation envoyée le", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planned = Action.objects.in_school(self.school).filter(status=ActionStatus.PLANNED).order_by("start_date", "pk")
        field = self.fields["action_invited"]
        field.queryset = planned  # type: ignore[attr-defined]
        field.label_from_instance = lambda found: f"{found.title}, {found.start_date:%d/%m/%Y}"  # type: ignore[attr-defined]
        self.fields["sent_date"].initial = timezone.localdate()

    def warning(self) -> str:
        kept = self.rows.filter(status=PartnerStatus.ARCHIVED).count()
        return f"Archivés, ils ne seront pas invités : {plural(kept, *self.nouns)}." if kept else ""

    def clean_sent_date(self) -> Any:
        day = self.cleaned_data["sent_date"]
        if abs((day - timezone.localdate()).days) > 400:
            raise forms.ValidationError("Cette date est trop loin d’aujourd’hui.")
        return day

    def run(self, *, by: Any) -> str:
        action: Action = self.cleaned_data["action_invited"]
        rows = self.rows.exclude(status=PartnerStatus.ARCHIVED)
        found = dict(rows.order_by().values_list("pk", "public_id"))
        invitations = Invitation.objects.in_school(self.school).filter(action=action)
        already = set(invitations.filter(partner__in=list(found)).values_list("partner", flat=True))
        fresh = [pk for pk in found if pk not in already]
        Invitation.objects.bulk_create(
            [
                Invitation(
                    school=self.school,
                    action=action,
                    partner_id=pk,
                    sent_date=self.cleaned_data["sent_date"],
                    created_by=by,
                    updated_by=by,
                )
                for pk in fresh
            ],
            batch_size=500,
            ignore_conflicts=True,  # a colleague invited the same one in between
        )
        audit.record_each(
            "events.partner_invited",
            self.rows.model,
            [found[pk] for pk in fresh],
            by=by,
            scope=self.school.uai,
            action=str(action.public_id),
        )
        before = f" Déjà invités : {plural(len(already), *self.nouns)}." if already else ""
        return f"Invités à « {action} » : {plural(len(fresh), *self.nouns)}.{before}"


PARTNERS.register(
    BulkAction(
        "inviter-par-courriel",
        "Inviter par courriel",
        "Inviter {}",
        "Chacun reçoit son invitation, avec un lien pour répondre.",
        Permission.EDIT_ACTIONS,
        icon="calendar-event",
        url_name="events:invite",
    )
)
PARTNERS.register(
    BulkAction(
        "inviter",
        "Noter une invitation",
        "Noter que {} sont invités",
        "Pour ceux que vous avez invités autrement : rien ne part, les invitations se notent sur la page de l’action.",
        Permission.EDIT_ACTIONS,
        icon="calendar-check",
        form=InviteForm,
    )
)
