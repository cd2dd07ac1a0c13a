"""What the school says of its figures, and how the numbers of the home pages moved over the last weeks."""

from datetime import timedelta
from decimal import Decimal

from exchange.seeding.world import World
from indicators.models import FigureComment, KeyNumber

WEEKS = 12
# Where each number stands now, and how far it may move in a week. Those of the sheet come with the first night.
NUMBERS = {
    "rappels": (18, 4), "sans_place": (95, 12), "conventions_a_signer": (24, 6), "alertes": (9, 3), "actions_a_venir": (14, 5),
}  # fmt: skip
COMMENTS = (
    ("I3.1", 1, "Deux forums ont été regroupés avec ceux du bassin : moins d’actions, plus d’élèves à chacune."),
    ("I4.1", 1, "Les secondes n’ont pas eu d’intervention avant janvier ; la visite des plateaux les a presque tous touchés."),
    ("I7.1", 0, "Les invitations partent désormais trois semaines avant, avec un rappel."),
    ("E24", 0, "La signature en ligne évite les conventions revenues après le départ."),
)  # fmt: skip


def tell_figures(world: World) -> None:
    """A comment on four figures; twelve weeks of the numbers that the bureau watches."""
    for code, back, text in COMMENTS:
        year = world.year.previous if back else world.year
        world.add(FigureComment, year=year.code, code=code, text=text)
    draw = world.draw("figures")
    for key, (now, step) in NUMBERS.items():
        value = now
        for week in range(1, WEEKS + 1):
            value = max(0, value + draw.randint(-step, step))
            world.add(KeyNumber, day=world.today - timedelta(weeks=week), key=key, value=Decimal(value))
