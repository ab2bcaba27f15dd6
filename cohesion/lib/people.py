"""Who acts and who looks: the types of the accounts in the signatures of all rooms.

The model of an account stands above this floor: the checker of types reads it, the program does not.
"""

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cohesion.models import User

    # Somebody with an account, in whose name a thing is written.
    Person: TypeAlias = User
    # Anybody who looks at a page, with an account or without.
    Visitor: TypeAlias = User | AnonymousUser
else:
    Person = Visitor = Any


def signed_in(request: HttpRequest) -> Person:
    """The account that sent a request: for what stands behind a door that asks for one."""
    return cast("Person", request.user)
