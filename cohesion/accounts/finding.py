"""An account as somebody at a keyboard names it."""

from django.core.management.base import CommandError
from django.db.models import Q

from cohesion.models import User


def account_called(name: str) -> User:
    """The account whose address or user name this is.

    Raises:
        CommandError: there is none.
    """
    user = User.objects.filter(Q(email__iexact=name) | Q(username=name)).exclude(email="", username="").first()
    if user is None:
        raise CommandError(f"Aucun compte n’a l’adresse ni l’identifiant « {name} ».")
    return user
