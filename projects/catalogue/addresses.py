"""The address of a project bears its code; those of old bear its number, or a code that it had."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.urls import ResolverMatch, reverse

from cohesion.lib.text import whole_number
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet


def named(projects: ProjectQuerySet, address: str) -> Project:
    """The one among ``projects``, those that the reader may know of, which an address names.

    A code comes first: that of today, then one of yesterday, then the same in other capitals, as it is typed again from
    paper; a number is the last thing that it may be. What the reader may not know of never has a say in it.

    Raises:
        Http404: it names none.
    """
    readings = [{"code": address}, {"former_codes__code": address}, {"code__iexact": address}]
    number = whole_number(address)
    if number is not None:
        readings.append({"pk": str(number)})
    for reading in readings:
        same = list(projects.filter(**reading).order_by("pk")[:2])
        if len(same) == 1:
            return same[0]
    raise Http404("Aucun projet n’a cette adresse.")


def moved(request: HttpRequest, projects: ProjectQuerySet, address: str) -> HttpResponsePermanentRedirect:
    """To where the project lives that an address of old names, with what was asked of it.

    ``projects`` are those that the reader may know of.

    Raises:
        Http404: it names none of them.
    """
    match = cast(ResolverMatch, request.resolver_match)
    lasting = reverse(match.view_name, args=[named(projects, address).code])
    query = request.GET.urlencode()
    return HttpResponsePermanentRedirect(f"{lasting}?{query}" if query else lasting)
