"""« Mot de passe oublié » : the link of the message lives an hour (S-16)."""

from datetime import timedelta

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.utils import timezone
from time_machine import travel

from tests.factories import UserFactory


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "alive"), [(0, True), (59, True), (61, False)])
def test_the_link_of_a_forgotten_password_lives_an_hour(minutes: int, alive: bool):
    user = UserFactory()
    link = f"/compte/password/reset/key/{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}/"
    with travel(timezone.localtime() + timedelta(minutes=minutes), tick=False):  # the clock of Paris, as the platform
        page = Client().get(link, follow=True).content.decode()
    assert ("Enregistrer ce mot de passe" in page) is alive
    assert ("Ce lien ne sert plus" in page) is not alive
