"""People who sign in."""

import factory
from factory import Sequence
from factory.django import DjangoModelFactory

from accounts.models import User

PASSWORD = "un mot de passe assez long"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = Sequence(lambda n: f"personne{n}@lycee.example")
    first_name = "Camille"
    last_name = Sequence(lambda n: f"Roussel{n}")
    password = factory.django.Password(PASSWORD)
