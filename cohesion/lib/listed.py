"""The rows that a list of the officers' screens shows, for what else is done with them."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest


def listed(screen: ModelAdmin, request: HttpRequest) -> QuerySet[Any]:
    """What the list shows with the filters of this request, all its pages together.

    Raises:
        BadRequest: a filter makes no sense; the list itself leads back to all its rows.
    """
    try:
        return screen.get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters as error:
        raise BadRequest("Cette liste n’a pas ce filtre.") from error
