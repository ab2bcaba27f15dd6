"""Who reads a page, and what they may read of amounts and of people."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from cohesion.lib.http import somebody
from cohesion.lib.people import Visitor
from projects.catalogue import publicity


def reader(request: HttpRequest) -> Visitor:
    """The account that is logged in; anybody, without one."""
    return somebody(request) or AnonymousUser()


def reads_all(request: HttpRequest) -> bool:
    """Whether the reader of a page reads every amount, and exact numbers of people."""
    return publicity.reads_all(reader(request))
