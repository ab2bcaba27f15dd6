"""Passwords: long, not common, not made of what anybody would try here; nothing else is asked of them."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from cohesion import settings as of_the_site
from cohesion.models import User

LEA = User(first_name="Léa", last_name="Martin-Dubois", email="lea.martin@exemple.test", username="lea")


@pytest.mark.parametrize(
    "password",
    [
        "quatre tournesols et un vélo",
        "aaaa bbbb cccc dddd",  # no composition is asked for
        "123 456 789 abc xyz",
        "le grand voyage de martin en barque rouge",  # enough remains without the words of the context
    ],
)
def test_a_long_password_is_accepted_whatever_it_is_made_of(password):
    validate_password(password, LEA)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("quatorze-signe", "15 caractères"),
        ("cohesion-sociale-2026", "cohesion, sociale"),
        ("Cohésion Sociale 2026", "cohesion, sociale"),
        ("agglomeration-evreux", "agglomeration, evreux"),
        ("martin-dubois-1234567", "dubois, martin"),
        ("exemple.test.12345", "exemple"),
        ("lea.martin@exemple.test", "trop semblable"),
    ],
)
def test_a_password_that_would_be_tried_first_is_refused_in_french(password, sentence):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, LEA)
    assert sentence in " ".join(refused.value.messages)


def test_passwords_are_kept_by_argon2_in_production():
    assert of_the_site.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    with override_settings(PASSWORD_HASHERS=of_the_site.PASSWORD_HASHERS):
        assert identify_hasher(make_password("quatre tournesols et un vélo")).algorithm == "argon2"
