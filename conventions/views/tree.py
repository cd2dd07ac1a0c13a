"""The tree of a lycée's agreements: national, région académique, académie, lycée."""

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from conventions import chains, declining, next_step
from conventions.enums import AgreementLevel
from conventions.models import Agreement
from core import french
from core.verdict import demand
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission


@dataclass
class Node:
    """An agreement and those that decline it."""

    agreement: Agreement
    state: str
    children: list["Node"] = field(default_factory=list)

    @property
    def is_local(self) -> bool:
        return self.agreement.level == AgreementLevel.SCHOOL

    @property
    def details(self) -> list[str]:
        """With whom or where, how many agreements of the lycée below, until when."""
        one = self.agreement
        partner = str(one.partner or "")
        found = (
            [partner if partner not in one.title else ""] if self.is_local else [one.academy or one.get_level_display()]
        )
        if self.locals_below and not self.is_local:
            found.append(f"{french.plural(self.locals_below, 'convention')} du lycée")
        if one.end_date:
            found.append(
                f"jusqu’au {french.day(one.end_date)}{', puis tacite reconduction' if one.tacit_renewal else ''}"
            )
        return [part for part in found if part]

    @property
    def locals_below(self) -> int:
        """How many agreements of the lycée hang below."""
        return sum(child.is_local + child.locals_below for child in self.children)


@dataclass(frozen=True)
class Tree:
    """The frames with what hangs below, the agreements on their own, and the loops of parents that were cut (B-12)."""

    frames: list[Node]
    alone: list[Node]
    loops: list[list[Agreement]]


def grown(family: declining.Family, states: dict[int, str]) -> Tree:
    """The tree of a family; each agreement stands in it once, whatever its parents say."""
    loops = chains.looping(family.links)
    cut = {loop[0] for loop in loops}  # of a loop, the oldest row starts it
    nodes = {pk: Node(agreement, states[pk]) for pk, agreement in family.agreements.items()}
    roots = []
    for pk, node in nodes.items():
        parent = family.links[pk].parent
        if parent in nodes and pk not in cut:
            nodes[parent].children.append(node)
        else:
            roots.append(node)
    order = list(AgreementLevel.values)
    for node in nodes.values():
        node.children.sort(key=lambda child: order.index(child.agreement.level))
    roots.sort(key=lambda root: order.index(root.agreement.level))
    alone = [root for root in roots if root.is_local and not root.children]
    return Tree(
        [root for root in roots if root not in alone], alone, [[family.agreements[pk] for pk in loop] for loop in loops]
    )


@require_GET
def agreement_tree(request: SchoolRequest) -> HttpResponse:
    """All agreements of the lycée below the frames that they decline."""
    demand(allows(request.membership, Permission.VIEW_AGREEMENTS))
    family = declining.family_of(request.school)
    today = timezone.localdate()
    tree = grown(family, {pk: next_step.state_shown(agreement, today) for pk, agreement in family.agreements.items()})
    context = {
        "tree": tree,
        "may_edit": allows(request.membership, Permission.EDIT_AGREEMENTS),
    }
    return render(request, "conventions/agreement_tree.html", context)
