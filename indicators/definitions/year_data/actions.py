"""Actions of the year: who carried them, who was invited, which pupils were present."""

from collections import Counter, defaultdict
from functools import cached_property

from django.db.models import Q

from events.enums import ActionStatus, ActionType
from events.models import Action, ActionPartner, Invitation, Participation
from indicators.definitions.year_data.pupils import Pupils
from indicators.definitions.year_data.rows import ActionRow, InvitationRow, Presence

_AVENIRPRO = ActionType.AVENIRPRO.value  # plain text, for a loop over many rows


class Actions(Pupils):
    @cached_property
    def all_actions(self) -> list[ActionRow]:
        """Actions whose first day is in the period, whatever their status."""
        rows = (
            self._of(Action.objects)
            .filter(start_date__range=(self.start, self.as_of))
            .values_list(
                "pk", "type", "start_date", "end_date", "hours", "status", "initiative", "agreement_id", "network_id",
                "national_event", "for_priority",
            )
        )  # fmt: skip
        return list(map(ActionRow._make, rows))

    @cached_property
    def actions(self) -> dict[int, ActionRow]:
        """Actions of the period: done, begun in it (C-13, A-09)."""
        return {row.pk: row for row in self.all_actions if row.status == ActionStatus.DONE}

    @cached_property
    def carriers(self) -> dict[int, list[int]]:
        """Partners that carry each action of the period."""
        rows = (
            self._of(ActionPartner.objects)
            .filter(
                action__school=self.school,
                action__status=ActionStatus.DONE,
                action__start_date__range=(self.start, self.as_of),
            )
            .values_list("action_id", "partner_id")
        )
        found: dict[int, list[int]] = {}
        for action, partner in rows:
            found.setdefault(action, []).append(partner)
        return found

    @cached_property
    def presence(self) -> Presence:
        """One pass over the pupils expected at the actions of the period."""
        rows = (
            self._of(Participation.objects)
            .filter(
                action__school=self.school,
                action__status=ActionStatus.DONE,
                action__start_date__range=(self.start, self.as_of),
            )
            .values_list("pk", "action_id", "student_id", "present")
        )
        seen = Presence([], [], [], [], defaultdict(list), defaultdict(list), Counter(), defaultdict(set), defaultdict(set), defaultdict(set), Counter(), [])  # fmt: skip
        days = {row.pk: (row.start, min(row.end or row.start, self.as_of), row.type) for row in self.actions.values()}
        valid, known, found_on = seen.valid, seen.known, self.stay_during
        for pk, action, student, present in rows:
            if action not in days:
                continue
            first, last, type_ = days[action]
            stay = found_on(student, first, last)
            if stay is None:
                seen.outside.append(pk)
                continue
            valid.append(pk)
            if present is None:
                seen.unnoted.append((student, type_))
                continue
            known.append(pk)
            seen.known_by_type[type_].append(pk)
            if present:
                seen.present.append(pk)
                seen.present_by_type[type_].append(pk)
                seen.actions_by_student[student] += 1
                seen.students_by_type[type_].add(student)
                seen.students_by_class[stay.code].add(student)
                seen.students_by_niveau[stay.niveau].add(student)
                if type_ == _AVENIRPRO:
                    seen.workshops_by_student[student] += 1
        return seen

    @cached_property
    def beneficiaries(self) -> set[int]:
        """Pupils present at one action of the period at least (I4.1)."""
        return set(self.presence.actions_by_student)

    @cached_property
    def _invitations(self) -> list[InvitationRow]:
        rows = (
            self._of(Invitation.objects)
            .filter(
                Q(sent_date__range=(self.start, self.as_of))
                | Q(present=True, action__start_date__range=(self.start, self.as_of)),
                action__school=self.school,
            )
            .exclude(action__status=ActionStatus.CANCELLED)
            .values_list(
                "pk", "action_id", "partner_id", "sent_date", "reply", "present", "action__status", "action__start_date"
            )
        )
        return list(map(InvitationRow._make, rows))

    @cached_property
    def invitations(self) -> list[InvitationRow]:
        """Invitations sent in the period to an action that was not cancelled (§ 7, A-110)."""
        return [row for row in self._invitations if self.bounds.hold(row.sent)]
