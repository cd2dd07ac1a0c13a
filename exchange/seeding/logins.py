"""Accounts that open the demonstration: one for each role, with passwords drawn at creation and shown once."""

import secrets
from dataclasses import asdict, dataclass

from accounts.models import User
from exchange.seeding.draw import Draw
from exchange.seeding.people import teacher_of_the_story
from exchange.seeding.world import World
from schools.enums import Role
from schools.models import Membership

WORDS = (
    "atelier", "boussole", "cabine", "cerise", "charpente", "colline", "comptoir", "cordage", "crayon", "dentelle",
    "ecluse", "equerre", "etabli", "facteur", "fanal", "farine", "fontaine", "galet", "grenier", "guitare", "horloge",
    "jardin", "jonquille", "lanterne", "lavande", "mandarine", "marteau", "menthe", "moulin", "nacelle", "navire",
    "noisette", "olivier", "orage", "papier", "parasol", "passerelle", "pinceau", "platane", "poirier", "quai", "rabot",
    "radeau", "riviere", "sablier", "safran", "sentier", "tambour", "tilleul", "tournevis", "tracteur", "trapeze",
    "tulipe", "valise", "vanille", "verger", "violon", "voilier", "wagon", "zinc",
)  # fmt: skip


@dataclass(frozen=True)
class Login:
    role: str
    name: str
    email: str
    password: str
    school: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def password() -> str:
    """Four words and four digits, never the same twice: a demonstration may stand on the open network."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(4)), f"{secrets.randbelow(10_000):04d}"])


def open_accounts(world: World) -> list[Login]:
    """A User for one member of each role; the teacher is the one whose classes leave soon."""
    draw: Draw = world.draw("accounts")
    logins = []
    for role in Role:
        member: Membership = teacher_of_the_story(world) if role is Role.TEACHER else world.team[role][0]
        secret = password()
        user = User(
            email=member.email.lower(),
            first_name=member.first_name,
            last_name=member.last_name,
            public_id=draw.identifier(),
        )
        user.set_password(secret)
        user.save(force_insert=True)
        member.user = user
        logins.append(Login(role.value, member.full_name, user.email, secret, world.school.uai))
    return logins
